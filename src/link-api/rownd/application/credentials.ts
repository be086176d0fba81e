import { recordAudit } from '../../../audit.ts'
import { type Application, rowndLetters } from '../../../customers/applications.ts'
import { newId, randomToken, type Secrets } from '../../../secrets.ts'
import { lockRow } from '../../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'

const hex = '0123456789abcdef'

type Credential = { id: string; key: string; secret: string }

type CredentialOwner = Pick<Application, 'id' | 'customerId'>

/**
 * Makes a key and its secret. The secret is returned once and stored only as a keyed hash.
 *
 * @param order.expiresAtMs milliseconds since the epoch; `null` means never
 */
export function* createCredential(
  db: Queries,
  secrets: Secrets,
  order: {
    application: CredentialOwner
    name: string
    expiresAtMs: number | null
    by?: string
  },
  nowMs: number,
): Write<Credential> {
  const { key, secret } = newKeyAndSecret()
  const created = { id: newId('cred'), key, secret }
  const { id: applicationId, customerId } = order.application
  yield* rows(
    db
      .insertInto('application_credential')
      .values({
        id: created.id,
        customer_id: customerId,
        application_id: applicationId,
        name: order.name,
        key_text: key,
        secret_hash: secrets.hash('app secret', secret),
        created_at_ms: nowMs,
        expires_at_ms: order.expiresAtMs,
      })
      .compile(),
  )
  yield* recordAudit(db, {
    customerId,
    atMs: nowMs,
    kind: 'application.credential_created',
    detail: {
      application: applicationId,
      credential: created.id,
      ...(order.by !== undefined && { by: order.by }),
    },
  })
  return created
}

function newKeyAndSecret(): { key: string; secret: string } {
  return {
    key: `key_${randomToken(24, rowndLetters)}`,
    secret: `ras_${randomToken(8, hex)}.1.${randomToken(48, hex)}`,
  }
}

/**
 * Makes a new key and secret, and ends the old ones.
 *
 * @param order.oldUntilMs when the old ones end; now, if they may have leaked
 */
export function* rotateCredentials(
  db: Queries,
  secrets: Secrets,
  order: { application: CredentialOwner; name: string; oldUntilMs: number; by?: string },
  nowMs: number,
): Write<Credential> {
  const { application, name, oldUntilMs, by } = order
  const who = by === undefined ? {} : { by }
  yield* lockRow(db, 'application', application.id)
  const ended = yield* rows(
    db
      .updateTable('application_credential')
      .set({ revoked_at_ms: oldUntilMs })
      .where('application_id', '=', application.id)
      .where((where) =>
        where.or([where('revoked_at_ms', 'is', null), where('revoked_at_ms', '>', oldUntilMs)]),
      )
      .returning('id')
      .compile(),
  )
  for (const { id } of ended)
    yield* recordAudit(db, {
      customerId: application.customerId,
      atMs: nowMs,
      kind: 'application.credential_revoked',
      detail: { application: application.id, credential: id, until_ms: oldUntilMs, ...who },
    })
  return yield* createCredential(db, secrets, { application, name, expiresAtMs: null, ...who }, nowMs)
}
