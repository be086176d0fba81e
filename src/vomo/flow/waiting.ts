import { sql } from 'kysely'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { isColumnDue, skewMs } from '../../time/due.ts'
import { type CallKind, goBefore } from './call-kinds.ts'
import { maxPauseMs } from './learned.ts'

/** A person who was refused counts as waiting for so long after a call may be free: by then their page asked again, or they left. */
export const comeBackMs = 30_000
/** People in line are read for, whether or not they come back. If the budget falls meanwhile, their turn comes so much later at most. */
const lateMs = 60 * 60_000
/** No later turn than this is told: by then much has changed. */
export const maxTurnMs = 6 * 60 * 60_000
/** What is to be waited longer for is of a clock that was set back. */
export const maxWaitMs = maxPauseMs + comeBackMs
const maxStandMs = maxTurnMs + lateMs

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
  const untilMs = freeAtMs + (kind === 'arrival' ? lateMs : comeBackMs)
  // A place in line is kept when another call about the person is refused meanwhile, and when the budget rises.
  const isInLine = sql<boolean>`(vomo_wait.kind = 'arrival' and ${isWaiting(nowMs)})`
  yield* rows(
    db
      .insertInto('vomo_wait')
      .values({ customer_id: customerId, vomo_user_id: whose, kind, since_ms: nowMs, until_ms: untilMs })
      .onConflict((known) =>
        known
          .columns(['customer_id', 'vomo_user_id'])
          .doUpdateSet({
            kind,
            since_ms: sql<number>`case when ${isInLine} then vomo_wait.since_ms else ${nowMs} end`,
            until_ms: sql<number>`case when ${isInLine} and vomo_wait.until_ms > ${untilMs} then vomo_wait.until_ms else ${untilMs} end`,
          })
          .where(sql<boolean>`(${kind} = 'arrival' or not ${isInLine})`),
      )
      .compile(),
  )
}

/** Puts a person back where they stood, when a call that was made for them came to nothing. */
export function* keepPlace(
  db: Queries,
  { customerId, vomoUserId, sinceMs, untilMs }: Standing & { customerId: string },
): Write<void> {
  const stands = { kind: 'arrival', since_ms: sinceMs, until_ms: untilMs }
  yield* rows(
    db
      .insertInto('vomo_wait')
      .values({ customer_id: customerId, vomo_user_id: vomoUserId, ...stands })
      .onConflict((known) => known.columns(['customer_id', 'vomo_user_id']).doUpdateSet(stands))
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

/** Whether a person stands in line, and how many people stand before them: all of them when they do not. */
export type Place = { isInLine: boolean; ahead: number }

/** Who stands in line: the id VOMO has for them, since when, and until when without being served. */
export type Standing = { vomoUserId: string; sinceMs: number; untilMs: number }

export function* placeInLine(
  db: Queries,
  { customerId, whose }: { customerId: string; whose: string },
  nowMs: number,
): Write<Place> {
  const line = waiting(db, customerId, nowMs).where('kind', '=', 'arrival')
  const [own] = yield* rows(line.select('since_ms').where('vomo_user_id', '=', whose).compile())
  const before = own
    ? line.where((is) =>
        is.or([
          is('since_ms', '<', own.since_ms),
          is.and([is('since_ms', '=', own.since_ms), is('vomo_user_id', '<', whose)]),
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

/** Who has stood in line longest, the first first. */
export async function firstInLine(
  store: Store,
  { customerId, nowMs, limit }: { customerId: string; nowMs: number; limit: number },
): Promise<Standing[]> {
  const first = await store.read(
    waiting(store.db, customerId, nowMs)
      .select(['vomo_user_id', 'since_ms', 'until_ms'])
      .where('kind', '=', 'arrival')
      .orderBy('since_ms')
      .orderBy('vomo_user_id')
      .limit(limit)
      .compile(),
  )
  return first.map((row) => ({
    vomoUserId: row.vomo_user_id,
    sinceMs: row.since_ms,
    untilMs: row.until_ms,
  }))
}

function waiting(db: Queries, customerId: string | undefined, nowMs: number) {
  const all = db.selectFrom('vomo_wait').where(isWaiting(nowMs))
  return customerId === undefined ? all : all.where('customer_id', '=', customerId)
}

/** Until the moment that a row names, as far as it can be believed. */
function isWaiting(nowMs: number) {
  const believed = (maxMs: number) => nowMs + maxMs + skewMs
  return sql<boolean>`(vomo_wait.until_ms > ${nowMs} and (vomo_wait.until_ms <= ${believed(maxWaitMs)}
    or vomo_wait.kind = 'arrival' and vomo_wait.until_ms <= ${believed(maxStandMs)}))`
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
      .where(isColumnDue('until_ms', nowMs, maxStandMs))
      .compile(),
  )
}
