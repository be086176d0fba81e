import { isKnown } from '../../accounts/people.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import type { Visited } from '../../customers/visit.ts'
import type { CoreTools } from '../../part.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { isShared } from '../cookies.ts'
import { isFresh } from '../session/sessions.ts'
import { sessionOf } from '../session/visitor.ts'
import { ownPasskeys } from './passkeys.ts'
import { hasPasskeys } from './relying-party.ts'

/**
 * Whether to offer this visitor a passkey: once, after a sign-in of their own, until they go on or say no. Not on a shared computer,
 * and not to people who have one.
 */
export async function offersPasskey(tools: CoreTools, c: Visited): Promise<boolean> {
  const { store, clock } = tools
  if (!hasPasskeys(c.get('customer')) || isShared(c) || c.req.method !== 'GET') return false
  const session = await sessionOf(tools, c)
  const nowMs = clock()
  if (!session?.isLive || !isFresh(session, nowMs)) return false
  const { person, startedAtMs } = session
  if (onlyWaysOf(c.get('customer'), person.address).length > 0) return false
  const offered = await offerTo(store, person.id)
  if (offered) return offered.closedAtMs === null && offered.offeredAtMs >= startedAtMs
  if ((await ownPasskeys(store, person)).length > 0) return false
  return store.write(function* () {
    if (!(yield* isKnown(store.db, person.id))) return false
    yield* noteOffer(store.db, person.id, nowMs)
    return true
  })
}

/** They said no, or added one. */
export function* closeOffer(db: Queries, personId: string, nowMs: number): Write<void> {
  yield* noteOffer(db, personId, nowMs)
  yield* rows(
    db.updateTable('passkey_offer').set({ closed_at_ms: nowMs }).where('person_id', '=', personId).compile(),
  )
}

function* noteOffer(db: Queries, personId: string, nowMs: number): Write<void> {
  yield* rows(
    db
      .insertInto('passkey_offer')
      .values({ person_id: personId, offered_at_ms: nowMs, closed_at_ms: null })
      .onConflict((known) => known.column('person_id').doNothing())
      .compile(),
  )
}

/** When a person was offered one, and when that was over. */
export async function offerTo(
  store: Store,
  personId: string,
): Promise<{ offeredAtMs: number; closedAtMs: number | null } | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('passkey_offer')
      .select(['offered_at_ms', 'closed_at_ms'])
      .where('person_id', '=', personId)
      .compile(),
  )
  return row && { offeredAtMs: row.offered_at_ms, closedAtMs: row.closed_at_ms }
}
