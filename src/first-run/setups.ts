import { timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import { cookieNamed } from '../http/cookies.ts'
import type { CoreTools } from '../part.ts'
import { newId, type Secrets } from '../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { SetupTable } from '../store/tables/operating.ts'
import { type Draft, emptyDraft } from './draft.ts'

/** How long a link for a first run works, and then the browser that spent it. */
export const setupLifeMs = 60 * 60_000

/** The path of a first run; a link's secret follows it. */
export const setupPath = '/setup'

/** Of the browser that spent a link. */
export const setupCookie = cookieNamed('porchlight_setup')

type Row = Selectable<SetupTable>

/**
 * A new link that sets up the first customer. It takes the place of one that no browser has spent.
 *
 * @returns its secret, stored only as a keyed hash; `undefined` when there is a customer already
 */
export function makeSetupLink({
  store,
  secrets,
  clock,
}: CoreTools): Promise<{ secret: string; expiresAtMs: number } | undefined> {
  return store.write(function* () {
    const { db } = store
    const nowMs = clock()
    if (yield* hasCustomer(db)) return undefined
    yield* rows(db.deleteFrom('setup').where('session_hash', 'is', null).compile())
    const { secret, hash } = secrets.issue('setup link', nowMs)
    const expiresAtMs = nowMs + setupLifeMs
    const row = { id: newId('set'), link_hash: hash, expires_at_ms: expiresAtMs }
    yield* rows(db.insertInto('setup').values(row).compile())
    return { secret, expiresAtMs }
  })
}

/** Whether a first run may begin or go on; recalled, so that strangers cost no read. */
export function isUnserved(store: Store): Promise<boolean> {
  return store.recall('no customer yet', ['customer'], async () => {
    const query = store.db.selectFrom('customer').select('id').limit(1).compile()
    return (await store.read(query)).length === 0
  })
}

/** The link with this secret. A spent one is found, too, so that its holder is told. */
export async function setupByLink(
  { store, secrets, clock }: CoreTools,
  secret: string,
): Promise<{ id: string; isSpent: boolean } | undefined> {
  const hashes = secrets.issuedHashes('setup link', secret)
  if (hashes.length === 0) return undefined
  const found = (await liveSetups(store, clock())).find(({ link_hash }) => isAmong(hashes, link_hash))
  return found && { id: found.id, isSpent: found.session_hash !== null }
}

/** The first run that the browser with this cookie goes on with; its draft is gone once there is a customer. */
export async function setupBySession(
  { store, secrets, clock }: CoreTools,
  secret: string,
): Promise<{ id: string; draft: Draft | undefined } | undefined> {
  const hashes = secrets.issuedHashes('setup session', secret)
  if (hashes.length === 0) return undefined
  const found = (await liveSetups(store, clock())).find(
    ({ session_hash }) => session_hash !== null && isAmong(hashes, session_hash),
  )
  return found && { id: found.id, draft: draftIn(secrets, found.draft_sealed) }
}

/** There are a few at most: the unspent one, and browsers of the last hour. */
function liveSetups(store: Store, nowMs: number): Promise<Row[]> {
  return store.read(store.db.selectFrom('setup').selectAll().where('expires_at_ms', '>', nowMs).compile())
}

function isAmong(hashes: readonly Buffer[], kept: Uint8Array): boolean {
  return hashes.some((hash) => hash.length === kept.length && timingSafeEqual(hash, kept))
}

/** Spends a link, once. @returns the session's secret, for the browser's cookie; `undefined` when another browser was first */
export function* spendSetupLink(
  { store: { db }, secrets }: Pick<CoreTools, 'store' | 'secrets'>,
  id: string,
  nowMs: number,
): Write<string | undefined> {
  const { secret, hash } = secrets.issue('setup session', nowMs)
  const begun = secrets.seal('setup', JSON.stringify(emptyDraft))
  const spent = yield* rows(
    db
      .updateTable('setup')
      .set({ session_hash: hash, draft_sealed: begun, expires_at_ms: nowMs + setupLifeMs })
      .where('id', '=', id)
      .where('session_hash', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .returning('id')
      .compile(),
  )
  return spent.length > 0 ? secret : undefined
}

/**
 * Changes what is kept of a first run, while no other writer does.
 *
 * @returns `false` when it is over: its hour, or because another made the first customer
 */
export function* changeDraft(
  { store: { db }, secrets }: Pick<CoreTools, 'store' | 'secrets'>,
  id: string,
  change: (draft: Draft) => Draft,
): Write<boolean> {
  const draft = yield* lockedDraft({ db, secrets }, id)
  if (!draft) return false
  const sealed = secrets.seal('setup', JSON.stringify(change(draft)))
  yield* rows(db.updateTable('setup').set({ draft_sealed: sealed }).where('id', '=', id).compile())
  return true
}

/** What is kept of a first run. All are locked, in one order, until the transaction ends: the first to make a customer ends them all. */
export function* lockedDraft(
  { db, secrets }: { db: Queries; secrets: Secrets },
  id: string,
): Write<Draft | undefined> {
  const all = yield* rows(db.selectFrom('setup').selectAll().orderBy('id').forNoKeyUpdate().compile())
  const own = all.find((each) => each.id === id)
  return own && !(yield* hasCustomer(db)) ? draftIn(secrets, own.draft_sealed) : undefined
}

/** Inside the transaction that relies on it. */
function* hasCustomer(db: Queries): Write<boolean> {
  return (yield* rows(db.selectFrom('customer').select('id').limit(1).compile())).length > 0
}

function draftIn(secrets: Secrets, sealed: Uint8Array | null): Draft | undefined {
  return sealed === null ? undefined : (JSON.parse(secrets.open('setup', sealed)) as Draft)
}

/** Deletes first runs whose hour is over, with all that was typed. */
export function* forgetOldSetups(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('setup').where('expires_at_ms', '<=', nowMs).compile())
}
