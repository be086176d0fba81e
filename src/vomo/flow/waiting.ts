import { sql } from 'kysely'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { isColumnDue, skewMs } from '../../time/due.ts'
import { type CallKind, goBefore } from './call-kinds.ts'

/** A person who was refused counts as waiting for so long after a call may be free: by then their page asked again, or they left. */
export const comeBackMs = 30_000
/** People in line are read for, whether or not they come back. If the budget falls meanwhile, their turn comes so much later at most. */
const lateMs = 60 * 60_000
/** No later turn than this is told: by then much has changed. */
export const maxTurnMs = 6 * 60 * 60_000
/** What is to be waited longer for is of a clock that was set back. */
export const maxWaitMs = maxTurnMs + lateMs

type Waiter = { customerId: string; kind: CallKind; whose?: string | undefined }

/** Whether others stand back for this kind. */
export function waits(kind: CallKind): boolean {
  return Object.values(goBefore).some((before) => before.some((each) => each === kind))
}

/** Notes who is refused, where others stand back for them. Look-ups by address are about no user that is known, and are not noted: their part is what the other kinds leave. */
export function* noteWait(
  db: Queries,
  { customerId, kind, whose }: Waiter,
  { freeAtMs, nowMs }: { freeAtMs: number; nowMs: number },
): Write<void> {
  if (whose === undefined || !waits(kind)) return
  const wait = { kind, until_ms: freeAtMs + (kind === 'arrival' ? lateMs : comeBackMs) }
  const isNew = sql<boolean>`vomo_wait.kind <> ${kind} or ${isColumnDue('vomo_wait.until_ms', nowMs, maxWaitMs)}`
  const sinceMs = sql<number>`case when ${isNew} then ${nowMs} else vomo_wait.since_ms end`
  yield* rows(
    db
      .insertInto('vomo_wait')
      .values({ customer_id: customerId, vomo_user_id: whose, since_ms: nowMs, ...wait })
      .onConflict((known) =>
        known.columns(['customer_id', 'vomo_user_id']).doUpdateSet({ ...wait, since_ms: sinceMs }),
      )
      .compile(),
  )
}

/** People who go before a call of this kind, were refused and have not been served since. */
export function* countWaiting(db: Queries, { customerId, kind }: Waiter, nowMs: number): Write<number> {
  const first = goBefore[kind]
  if (first.length === 0) return 0
  const [found] = yield* rows(
    waiting(db, customerId, nowMs)
      .select((of) => of.fn.countAll<number>().as('people'))
      .where('kind', 'in', first)
      .compile(),
  )
  return found?.people ?? 0
}

/** Whether a person stands in line, and how many people stand before them; all of those in it when they do not. */
export function* placeInLine(
  db: Queries,
  { customerId, whose }: Waiter,
  nowMs: number,
): Write<{ isInLine: boolean; ahead: number }> {
  const line = waiting(db, customerId, nowMs).where('kind', '=', 'arrival')
  const [own] = yield* rows(
    line
      .select('since_ms')
      .where('vomo_user_id', '=', whose ?? '')
      .compile(),
  )
  const before = own
    ? line.where((is) =>
        is.or([
          is('since_ms', '<', own.since_ms),
          is.and([is('since_ms', '=', own.since_ms), is('vomo_user_id', '<', whose ?? '')]),
        ]),
      )
    : line
  const [found] = yield* rows(before.select((of) => of.fn.countAll<number>().as('people')).compile())
  return { isInLine: own !== undefined, ahead: found?.people ?? 0 }
}

/** The customers with people in line, and how many. */
export async function linesOf(store: Store, nowMs: number): Promise<Map<string, number>> {
  const lines = await store.read(
    waiting(store.db, undefined, nowMs)
      .select((of) => ['customer_id', of.fn.countAll<number>().as('people')])
      .where('kind', '=', 'arrival')
      .groupBy('customer_id')
      .compile(),
  )
  return new Map(lines.map(({ customer_id, people }) => [customer_id, people]))
}

/** Who has stood in line longest: the ids VOMO has for them. */
export async function firstInLine(
  store: Store,
  { customerId, nowMs, limit }: { customerId: string; nowMs: number; limit: number },
): Promise<string[]> {
  const first = await store.read(
    waiting(store.db, customerId, nowMs)
      .select('vomo_user_id')
      .where('kind', '=', 'arrival')
      .orderBy('since_ms')
      .orderBy('vomo_user_id')
      .limit(limit)
      .compile(),
  )
  return first.map(({ vomo_user_id }) => vomo_user_id)
}

function waiting(db: Queries, customerId: string | undefined, nowMs: number) {
  const all = db
    .selectFrom('vomo_wait')
    .where('until_ms', '>', nowMs)
    .where('until_ms', '<=', nowMs + maxWaitMs + skewMs)
  return customerId === undefined ? all : all.where('customer_id', '=', customerId)
}

export function* forgetWait(db: Queries, customerId: string, vomoUserId: string): Write<void> {
  yield* rows(
    db
      .deleteFrom('vomo_wait')
      .where('customer_id', '=', customerId)
      .where('vomo_user_id', '=', vomoUserId)
      .compile(),
  )
}

export function* sweepWaits(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('vomo_wait')
      .where(isColumnDue('until_ms', nowMs, maxWaitMs))
      .compile(),
  )
}
