import { type Queries, rows, type Write } from '../../store/store.ts'
import { isColumnDue, skewMs } from '../../time/due.ts'
import { type CallKind, goBefore } from './call-kinds.ts'
import { maxPauseMs } from './learned.ts'

/** A person who was refused counts as waiting for so long after a call may be free: by then their page asked again, or they left. */
export const comeBackMs = 30_000
/** What is to be waited longer for is of a clock that was set back. */
export const maxWaitMs = maxPauseMs + comeBackMs

/** Whether others stand back for this kind. */
export function waits(kind: CallKind): boolean {
  return Object.values(goBefore).some((before) => before.some((each) => each === kind))
}

/** Notes who is refused, where others stand back for them. Look-ups by address are about no user that is known, and are not noted: their part is what the other kinds leave. */
export function* noteWait(
  db: Queries,
  { customerId, kind, whose }: { customerId: string; kind: CallKind; whose?: string | undefined },
  freeAtMs: number,
): Write<void> {
  if (whose === undefined || !waits(kind)) return
  const wait = { kind, until_ms: freeAtMs + comeBackMs }
  yield* rows(
    db
      .insertInto('vomo_wait')
      .values({ customer_id: customerId, vomo_user_id: whose, ...wait })
      .onConflict((known) => known.columns(['customer_id', 'vomo_user_id']).doUpdateSet(wait))
      .compile(),
  )
}

/** People who go before a call of this kind, were refused and have not been served since. */
export function* countWaiting(
  db: Queries,
  { customerId, kind }: { customerId: string; kind: CallKind },
  nowMs: number,
): Write<number> {
  const first = goBefore[kind]
  if (first.length === 0) return 0
  const [found] = yield* rows(
    db
      .selectFrom('vomo_wait')
      .select((of) => of.fn.countAll<number>().as('people'))
      .where('customer_id', '=', customerId)
      .where('kind', 'in', first)
      .where('until_ms', '>', nowMs)
      .where('until_ms', '<=', nowMs + maxWaitMs + skewMs)
      .compile(),
  )
  return found?.people ?? 0
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
