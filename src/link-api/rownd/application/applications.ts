import { timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import { type Application, rowndLetters } from '../../../customers/applications.ts'
import { customerTables } from '../../../customers/customers.ts'
import { Refusal } from '../../../errors.ts'
import type { CoreTools } from '../../../part.ts'
import { randomToken } from '../../../secrets.ts'
import { lockRow } from '../../../store/lock-row.ts'
import { preparedQuery } from '../../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../../store/store.ts'
import type { ApplicationTable, UserIdFormat } from '../../../store/tables/applications.ts'
import { isDue } from '../../../time/due.ts'
import { RowndError } from '../envelope.ts'
import { defaultProfileSchema, type ProfileSchema } from './profile-schema.ts'

/** An application with all its operator's settings for the Rownd form. */
export type RowndApplication = Application & {
  /** Its customer's, for phone numbers without `+`. */
  country: string
  /** The default destination of its links, and the base of relative ones. */
  defaultRedirectUrl: string | null
  /** Origins its links may lead to, besides the default redirect's. */
  allowedOrigins: readonly string[]
  schema: ProfileSchema
  /** The fields that identify a profile. */
  verificationFields: readonly string[]
  /** Whether unknown fields are dropped instead of refused. */
  isLenient: boolean
  userIdFormat: UserIdFormat
  /** Whether its links may open a session of the portal. */
  grantsPortalSignIn: boolean
  authClick: 'confirm' | 'instant'
  sessionHandoff: 'code' | 'rph_init' | 'none'
  /** The audiences of its tokens besides `app:<id>`. */
  extraAudiences: readonly string[]
  /** Whether a link may create a profile for a new user. */
  takesNewPeople: boolean
  /** The email domains allowed for new profiles; empty means any. */
  emailDomains: readonly string[]
  /** Whether we email invites into its circles on request. */
  mailsInvites: boolean
}

export type ApplicationSettings = Omit<RowndApplication, keyof Application | 'country'>

/** An application, with the credential it called by. */
export type Caller = { application: RowndApplication; credentialId: string }

const maxAppKeyLength = 64
const maxAppSecretLength = 200
/** Use is recorded at most this often. */
const noteUseEveryMs = 60_000

/** An id in Rownd's own form: `user_`, `group_` or `member_`, and 24 lower-case letters and digits. */
export function newRowndId(kind: 'user' | 'group' | 'member'): string {
  return `${kind}_${randomToken(24, rowndLetters)}`
}

/**
 * The application whose key a call carries, and whose secret, if the call has one.
 *
 * A wrong secret costs the same work and gets the same answer as an unknown key, and so does a key at another customer's host.
 *
 * @param at.secret absent when a route requires only the key
 * @throws {RowndError} 'E_UNAUTHORIZED'
 */
export async function findApplication(
  tools: CoreTools,
  at: { customerId: string; key: string; secret?: string },
): Promise<Caller> {
  const { store, secrets, clock } = tools
  const nowMs = clock()
  const key = at.key.length <= maxAppKeyLength ? at.key : ''
  const known = await store.recall(
    `app key ${at.customerId} ${key}`,
    ['application_credential', ...applicationTables],
    () => readCredential(store, at.customerId, key),
  )
  const given =
    at.secret === undefined ? [] : secrets.hashes('app secret', at.secret.slice(0, maxAppSecretLength + 1))
  const stored = known?.secretHash ?? noHash
  const isRight = given.map((hash) => timingSafeEqual(hash, stored)).includes(true) || at.secret === undefined
  const isGood =
    known !== undefined &&
    (known.revokedAtMs === null || known.revokedAtMs > nowMs) &&
    (known.expiresAtMs === null || known.expiresAtMs > nowMs)
  if (!isGood || !isRight) throw new RowndError('E_UNAUTHORIZED')
  if (isDue((known.lastUsedAtMs ?? 0) + noteUseEveryMs, nowMs, noteUseEveryMs))
    await store.write(() => noteUse(store.db, known.id, nowMs))
  return { application: known.application, credentialId: known.id }
}

/** What a `RowndApplication` is read from. */
export const applicationTables = ['application', ...customerTables] as const

/** An application of this customer, by its id. */
export async function applicationById(
  store: Store,
  at: { customerId: string; applicationId: string },
): Promise<RowndApplication | undefined> {
  return store.recall(`application ${at.customerId} ${at.applicationId}`, applicationTables, async () => {
    const [row] = await store.read(byId(store.db, { id: at.applicationId, customerId: at.customerId }))
    return row && toApplication(row)
  })
}

/**
 * An application for a writer that changes it: of several, each reads what the one before has written.
 *
 * @throws {Refusal} 'not_found' when it is gone
 */
export function* heldApplication(
  db: Queries,
  { id, customerId }: Pick<Application, 'id' | 'customerId'>,
): Write<RowndApplication> {
  yield* lockRow(db, 'application', id)
  const [row] = yield* rows(byId(db, { id, customerId }))
  if (!row) throw new Refusal('not_found')
  return toApplication(row)
}

/** Compared when there is no credential, so that the work stays the same. */
const noHash = Buffer.alloc(32)

type KnownCredential = {
  id: string
  secretHash: Uint8Array
  expiresAtMs: number | null
  revokedAtMs: number | null
  lastUsedAtMs: number | null
  application: RowndApplication
}

async function readCredential(
  store: Store,
  customerId: string,
  key: string,
): Promise<KnownCredential | undefined> {
  const [credential] = await store.read(byKey(store.db, { key, customerId }))
  if (!credential) return undefined
  const application = await applicationById(store, { customerId, applicationId: credential.application_id })
  if (!application) return undefined
  return {
    id: credential.id,
    secretHash: credential.secret_hash,
    expiresAtMs: credential.expires_at_ms,
    revokedAtMs: credential.revoked_at_ms,
    lastUsedAtMs: credential.last_used_at_ms,
    application,
  }
}

const byKey = preparedQuery((db, { key, customerId }: { key: string; customerId: string }) =>
  db
    .selectFrom('application_credential')
    .selectAll()
    .where('key_text', '=', key)
    .where('customer_id', '=', customerId)
    .compile(),
)

const byId = preparedQuery((db, { id, customerId }: { id: string; customerId: string }) =>
  db
    .selectFrom('application')
    .innerJoin('customer', 'customer.id', 'application.customer_id')
    .selectAll('application')
    .select('customer.country')
    .where('application.id', '=', id)
    .where('application.customer_id', '=', customerId)
    .compile(),
)

function* noteUse(db: Queries, credentialId: string, nowMs: number): Write<void> {
  yield* rows(
    db
      .updateTable('application_credential')
      .set({ last_used_at_ms: nowMs })
      .where('id', '=', credentialId)
      .compile(),
  )
}

function toApplication(row: Selectable<ApplicationTable> & { country: string }): RowndApplication {
  return {
    id: row.id,
    customerId: row.customer_id,
    name: row.name,
    country: row.country,
    defaultRedirectUrl: row.default_redirect_url,
    allowedOrigins: JSON.parse(row.allowed_origins) as string[],
    schema:
      row.profile_schema === null ? defaultProfileSchema : (JSON.parse(row.profile_schema) as ProfileSchema),
    verificationFields: JSON.parse(row.verification_fields) as string[],
    isLenient: row.is_lenient === 1,
    userIdFormat: row.user_id_format,
    grantsPortalSignIn: row.portal_sign_in === 1,
    authClick: row.auth_click,
    sessionHandoff: row.session_handoff,
    extraAudiences: JSON.parse(row.extra_audiences) as string[],
    takesNewPeople: row.takes_new_people === 1,
    emailDomains: JSON.parse(row.email_domains) as string[],
    mailsInvites: row.mails_invites === 1,
  }
}
