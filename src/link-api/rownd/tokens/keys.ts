import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Selectable } from 'kysely'
import { recordAudit } from '../../../audit.ts'
import type { CoreTools } from '../../../part.ts'
import type { Secrets } from '../../../secrets.ts'
import { lockRow } from '../../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../../store/store.ts'
import type { SigningKeyTable } from '../../../store/tables/applications.ts'

const hourMs = 60 * 60_000
/** Backends cache our keys for an hour (reference §8.3), so a new one is published well before its first signature. */
const publishedAheadMs = 2 * hourMs
/** An old key stays published for a day after its last signature, longer than any access token lives. */
const publishedAfterMs = 24 * hourMs
/** A refresh token may come back this long after its key's publication ends. */
const retentionMs = 31 * 86_400_000

/** As published at `/hub/auth/keys`. */
type PublicKey = { kty: 'OKP'; crv: 'Ed25519'; alg: 'EdDSA'; use: 'sig'; kid: string; x: string }

/** The key that signs a customer's tokens now. Created on first use. */
export async function currentKey(
  tools: CoreTools,
  customerId: string,
): Promise<{ id: string; key: KeyObject }> {
  const { store, secrets, clock } = tools
  const nowMs = clock()
  const signs = newestThatSigns(await keysOf(store, customerId), nowMs)
  const row = signs ?? (await store.write(() => makeFirstKey(store.db, secrets, customerId, nowMs)))
  const jwk = JSON.parse(secrets.open('signing key', row.private_key_sealed)) as Record<string, string>
  return { id: row.id, key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}

/** The keys with which backends check tokens, newest first. */
export async function publishedKeys(tools: CoreTools, customerId: string): Promise<PublicKey[]> {
  const { store, clock } = tools
  const published = (await keysOf(store, customerId)).filter(
    ({ retired_at_ms: retiredAtMs }) => retiredAtMs === null || retiredAtMs > clock(),
  )
  if (published.length === 0) {
    await currentKey(tools, customerId)
    return publishedKeys(tools, customerId)
  }
  return published.map((row) => JSON.parse(row.public_key) as PublicKey)
}

/**
 * The customer's key that a token names; never another customer's.
 *
 * @param at.mayBeRetired for refresh tokens, which outlive the publication of their key
 */
export async function verifyingKey(
  tools: CoreTools,
  at: { customerId: string; keyId: string; mayBeRetired: boolean },
): Promise<KeyObject | undefined> {
  const row = (await keysOf(tools.store, at.customerId)).find(({ id }) => id === at.keyId)
  if (!row) return undefined
  if (!at.mayBeRetired && row.retired_at_ms !== null && row.retired_at_ms <= tools.clock()) return undefined
  return createPublicKey({ key: JSON.parse(row.public_key) as PublicKey, format: 'jwk' })
}

/**
 * Creates and publishes a key. It signs two hours later; earlier keys stay published for another day.
 *
 * @param order.isAtOnce for a key that may have leaked: the new one signs now, and the old ones are withdrawn
 * @returns when it begins to sign, in milliseconds since the epoch
 */
export function* rotateKeys(
  db: Queries,
  secrets: Secrets,
  order: { customerId: string; isAtOnce: boolean },
  nowMs: number,
): Write<{ id: string; signsFromMs: number }> {
  const { customerId, isAtOnce } = order
  yield* lockRow(db, 'customer', customerId)
  const signsFromMs = isAtOnce ? nowMs : nowMs + publishedAheadMs
  const older = db.updateTable('signing_key').where('customer_id', '=', customerId)
  yield* rows(
    isAtOnce
      ? older
          .set({ retired_at_ms: nowMs })
          .where((where) =>
            where.or([where('retired_at_ms', 'is', null), where('retired_at_ms', '>', nowMs)]),
          )
          .compile()
      : older
          .set({ retired_at_ms: signsFromMs + publishedAfterMs })
          .where('retired_at_ms', 'is', null)
          .compile(),
  )
  const made = yield* insertKey(db, secrets, { customerId, signsFromMs }, nowMs)
  return { id: made.id, signsFromMs }
}

/** Deletes keys that no valid token can name. */
export function* forgetOldKeys(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('signing_key')
      .where('retired_at_ms', '<', nowMs - retentionMs)
      .compile(),
  )
}

type Row = Selectable<SigningKeyTable>

function keysOf(store: Store, customerId: string): Promise<Row[]> {
  return store.recall(`signing keys ${customerId}`, ['signing_key'], () =>
    store.read(keysQuery(store.db, customerId)),
  )
}

function keysQuery(db: Queries, customerId: string) {
  return db
    .selectFrom('signing_key')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('signs_from_ms', 'desc')
    .compile()
}

function newestThatSigns(newestFirst: readonly Row[], nowMs: number): Row | undefined {
  return newestFirst.find(
    ({ signs_from_ms: fromMs, retired_at_ms: untilMs }) =>
      fromMs <= nowMs && (untilMs === null || untilMs > nowMs),
  )
}

/** Of several concurrent callers, one creates it. */
function* makeFirstKey(db: Queries, secrets: Secrets, customerId: string, nowMs: number): Write<Row> {
  yield* lockRow(db, 'customer', customerId)
  const known = newestThatSigns(yield* rows(keysQuery(db, customerId)), nowMs)
  return known ?? (yield* insertKey(db, secrets, { customerId, signsFromMs: nowMs }, nowMs))
}

function* insertKey(
  db: Queries,
  secrets: Secrets,
  order: { customerId: string; signsFromMs: number },
  nowMs: number,
): Write<Row> {
  const { customerId } = order
  const taken = (yield* rows(keysQuery(db, customerId))).map(({ id }) => id)
  let seconds = Math.floor(nowMs / 1000)
  while (taken.includes(`sig-${seconds}`)) seconds += 1
  const id = `sig-${seconds}`
  const pair = generateKeyPairSync('ed25519')
  const { x = '' } = pair.publicKey.export({ format: 'jwk' })
  const publicKey: PublicKey = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: id, x }
  const row: Row = {
    customer_id: customerId,
    id,
    public_key: JSON.stringify(publicKey),
    private_key_sealed: secrets.seal(
      'signing key',
      JSON.stringify(pair.privateKey.export({ format: 'jwk' })),
    ),
    published_at_ms: nowMs,
    signs_from_ms: order.signsFromMs,
    retired_at_ms: null,
  }
  yield* rows(db.insertInto('signing_key').values(row).compile())
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'signing_key.made', detail: { key: id } })
  return row
}
