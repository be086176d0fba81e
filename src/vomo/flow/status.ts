import type { Store } from '../../store/store.ts'
import { isDue, skewMs } from '../../time/due.ts'
import type { Access } from '../access/access.ts'
import { windowMs } from './budget.ts'
import { type CallKind, callKinds } from './call-kinds.ts'
import { highestOf, maxPauseMs } from './learned.ts'
import { readLearned } from './learned-row.ts'

/** A customer's budget as all processes see it. Times are milliseconds since the epoch. */
export async function budgetNow(store: Store, customerId: string, access: Access, nowMs: number) {
  const { db } = store
  const learned = await store.write(() => readLearned(db, customerId, access))
  const [waited] = await store.read(
    db.selectFrom('vomo_budget').select('waited_at_ms').where('customer_id', '=', customerId).compile(),
  )
  const calls = await store.read(
    db
      .selectFrom('vomo_call')
      .select((of) => ['kind', of.fn.countAll<number>().as('calls')])
      .where('customer_id', '=', customerId)
      .where('at_ms', '>', nowMs - windowMs)
      .where('at_ms', '<=', nowMs + skewMs)
      .groupBy('kind')
      .compile(),
  )
  const used = Object.fromEntries(
    callKinds.map((kind) => [kind, calls.find((each) => each.kind === kind)?.calls ?? 0]),
  ) as Record<CallKind, number>
  const { pausedUntilMs } = learned
  return {
    perMinute: learned.perMinute,
    setting: access.budgetPerMinute,
    ceiling: access.budgetCeiling,
    mayRiseTo: highestOf(learned, access, nowMs),
    used,
    pausedUntilMs: isDue(pausedUntilMs, nowMs, maxPauseMs) ? null : pausedUntilMs,
    limitSaid: learned.limitSaid,
    lastLimit:
      learned.limitedAtMs === null
        ? null
        : { atMs: learned.limitedAtMs, refusedAt: learned.refusedAt, retryAfterMs: learned.retryAfterMs },
    waitedAtMs: waited?.waited_at_ms ?? null,
  }
}

/** The processes that leave a customer's VOMO alone because it keeps failing, and since when. */
export async function openBreakers(
  store: Store,
  customerId: string,
): Promise<{ processId: string; sinceMs: number }[]> {
  const open = store.db
    .selectFrom('vomo_breaker')
    .select(['process_id', 'opened_at_ms'])
    .where('customer_id', '=', customerId)
    .orderBy('opened_at_ms')
  return (await store.read(open.compile())).map((row) => ({
    processId: row.process_id,
    sinceMs: row.opened_at_ms,
  }))
}
