import type { Selectable } from 'kysely'
import { recordAudit } from '../audit.ts'
import { newId, randomToken, type Secrets } from '../secrets.ts'
import { preparedQuery } from '../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { ApiTokenTable } from '../store/tables/applications.ts'
import { isDue } from '../time/due.ts'

/** A customer's system that may call the link API. */
export type Application = { id: string; customerId: string; name: string }

/** `links`: may make links for volunteers. `staff_links`: also for staff, to the staff pages. */
export const scopes = ['links', 'staff_links'] as const

export type Scope = (typeof scopes)[number]

export type ApiToken = {
  id: string
  customerId: string
  applicationId: string
  name: string
  scopes: readonly Scope[]
  createdAtMs: number
  expiresAtMs: number | null
  lastUsedAtMs: number | null
  revokedAtMs: number | null
}

/** Distinguishes it from other secrets, for people and for scanners that look for leaked ones. */
const tokenPrefix = 'plt_'
const tokenLength = tokenPrefix.length + 40

/** Of ids and keys that clients of the Rownd form read. */
export const rowndLetters = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Use is recorded at most this often. */
const noteUseEveryMs = 60_000

/** What an application, or a token, may be called. */
export function isApplicationName(text: string): boolean {
  return text.trim() !== '' && text.length <= 100 && !/\p{C}/u.test(text)
}

/**
 * Finds the application with this name, or creates it.
 *
 * @param of.by the person id of the owner who does it; by default, it is the operator or a program of ours
 */
export function* findOrCreateApplication(
  db: Queries,
  of: { customerId: string; name: string; by?: string },
  nowMs: number,
): Write<Application> {
  const [known] = yield* rows(
    db
      .selectFrom('application')
      .selectAll()
      .where('customer_id', '=', of.customerId)
      .where('name', '=', of.name)
      .compile(),
  )
  if (known) return { id: known.id, customerId: known.customer_id, name: known.name }
  const { customerId, name, by } = of
  const application = { id: `app_${randomToken(24, rowndLetters)}`, customerId, name }
  yield* rows(
    db
      .insertInto('application')
      .values({
        id: application.id,
        customer_id: of.customerId,
        name: of.name,
        created_at_ms: nowMs,
      })
      .compile(),
  )
  yield* recordAudit(db, {
    customerId: of.customerId,
    atMs: nowMs,
    kind: 'application.set',
    detail: { application: application.id, ...(by !== undefined && { by }) },
  })
  return application
}

/** A customer's systems, by name. */
export async function applicationsOf(store: Store, customerId: string): Promise<Application[]> {
  const found = await store.read(
    store.db
      .selectFrom('application')
      .select(['id', 'name'])
      .where('customer_id', '=', customerId)
      .orderBy('name')
      .compile(),
  )
  return found.map(({ id, name }) => ({ id, customerId, name }))
}

/** The systems with a profile whose proved email is this address. The profiles themselves belong to them. */
export async function applicationsThatKnow(
  store: Store,
  at: { customerId: string; address: string },
): Promise<{ name: string; sinceMs: number; lastSignInAtMs: number | null }[]> {
  const found = await store.read(
    store.db
      .selectFrom('profile_identifier as identifier')
      .innerJoin('application', 'application.id', 'identifier.application_id')
      .innerJoin('profile', (join) =>
        join
          .onRef('profile.application_id', '=', 'identifier.application_id')
          .onRef('profile.id', '=', 'identifier.profile_id'),
      )
      .select(['application.name', 'profile.created_at_ms', 'profile.last_sign_in_at_ms'])
      .where('application.customer_id', '=', at.customerId)
      .where('identifier.field', '=', 'email')
      .where('identifier.value', '=', at.address)
      .where('identifier.verified_at_ms', 'is not', null)
      .orderBy('application.name')
      .compile(),
  )
  return found.map((row) => ({
    name: row.name,
    sinceMs: row.created_at_ms,
    lastSignInAtMs: row.last_sign_in_at_ms,
  }))
}

/** @returns the token with its secret, which is shown once and stored only as a keyed hash */
export function* createApiToken(
  db: Queries,
  secrets: Secrets,
  order: {
    application: Application
    name: string
    scopes: readonly Scope[]
    expiresAtMs: number | null
    by?: string
  },
  nowMs: number,
): Write<{ id: string; secret: string }> {
  const created = { id: newId('tok'), secret: tokenPrefix + randomToken(tokenLength - tokenPrefix.length) }
  const { customerId, id: applicationId } = order.application
  yield* rows(
    db
      .insertInto('api_token')
      .values({
        id: created.id,
        customer_id: customerId,
        application_id: applicationId,
        name: order.name,
        token_hash: secrets.hash('api token', created.secret),
        scopes: JSON.stringify(order.scopes),
        created_at_ms: nowMs,
        expires_at_ms: order.expiresAtMs,
      })
      .compile(),
  )
  yield* recordAudit(db, {
    customerId,
    atMs: nowMs,
    kind: 'api_token.created',
    detail: {
      token: created.id,
      application: applicationId,
      scopes: order.scopes.join(' '),
      ...(order.by !== undefined && { by: order.by }),
    },
  })
  return created
}

/** The token a call carries, at this customer's host; `undefined` for a token of another customer, an invalid or a revoked one. */
export async function findApiToken(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  at: { customerId: string; secret: string },
): Promise<ApiToken | undefined> {
  const { store, secrets, clock } = tools
  if (at.secret.length !== tokenLength) return undefined
  const token = await store.recall(`api token ${at.customerId} ${at.secret}`, ['api_token'], async () => {
    for (const hash of secrets.hashes('api token', at.secret)) {
      const [row] = await store.read(byHash(store.db, { hash, customerId: at.customerId }))
      if (row) return toApiToken(row)
    }
    return undefined
  })
  const nowMs = clock()
  if (!token || token.revokedAtMs !== null) return undefined
  if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs) return undefined
  if (isDue((token.lastUsedAtMs ?? 0) + noteUseEveryMs, nowMs, noteUseEveryMs))
    await store.write(() => noteUse(store.db, token.id, nowMs))
  return token
}

const byHash = preparedQuery((db, { hash, customerId }: { hash: Uint8Array; customerId: string }) =>
  db
    .selectFrom('api_token')
    .selectAll()
    .where('token_hash', '=', hash)
    .where('customer_id', '=', customerId)
    .compile(),
)

/** A customer's tokens, dead ones included, newest first. */
export async function apiTokensOf(
  store: Store,
  customerId: string,
): Promise<(ApiToken & { applicationName: string })[]> {
  const found = await store.read(
    store.db
      .selectFrom('api_token')
      .innerJoin('application', 'application.id', 'api_token.application_id')
      .selectAll('api_token')
      .select('application.name as application_name')
      .where('api_token.customer_id', '=', customerId)
      .orderBy('api_token.created_at_ms', 'desc')
      .compile(),
  )
  return found.map((row) => ({ ...toApiToken(row), applicationName: row.application_name }))
}

/** Effective with the next call. @returns whether there was such a valid token */
export function* revokeApiToken(
  db: Queries,
  at: { customerId: string; tokenId: string; by?: string },
  nowMs: number,
): Write<boolean> {
  const revoked = yield* rows(
    db
      .updateTable('api_token')
      .set({ revoked_at_ms: nowMs })
      .where('id', '=', at.tokenId)
      .where('customer_id', '=', at.customerId)
      .where('revoked_at_ms', 'is', null)
      .returning('id')
      .compile(),
  )
  if (revoked.length === 0) return false
  yield* recordAudit(db, {
    customerId: at.customerId,
    atMs: nowMs,
    kind: 'api_token.revoked',
    detail: { token: at.tokenId, ...(at.by !== undefined && { by: at.by }) },
  })
  return true
}

function* noteUse(db: Queries, tokenId: string, nowMs: number): Write<void> {
  yield* rows(db.updateTable('api_token').set({ last_used_at_ms: nowMs }).where('id', '=', tokenId).compile())
}

function toApiToken(row: Selectable<ApiTokenTable>): ApiToken {
  return {
    id: row.id,
    customerId: row.customer_id,
    applicationId: row.application_id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
    revokedAtMs: row.revoked_at_ms,
  }
}
