import { type Queries, rows, type Write } from '../../store/store.ts'
import { type BudgetSetting, type Learned, nothingLearned } from './learned.ts'

/** What was learned of a customer's VOMO; a customer without a row begins with its setting. */
export function* readLearned(db: Queries, customerId: string, setting: BudgetSetting): Write<Learned> {
  const [row] = yield* rows(
    db.selectFrom('vomo_budget').selectAll().where('customer_id', '=', customerId).compile(),
  )
  if (!row) return nothingLearned(setting)
  return {
    perMinute: row.per_minute,
    changedAtMs: row.changed_at_ms,
    pausedUntilMs: row.paused_until_ms,
    limitedAtMs: row.limited_at_ms,
    refusedAt: row.refused_at,
    retryAfterMs: row.retry_after_ms,
    limitSaid: row.limit_said,
  }
}

/** @param waitedAtMs when a call last found the budget used up, if it just did */
export function* keepLearned(
  db: Queries,
  customerId: string,
  learned: Learned,
  waitedAtMs?: number,
): Write<void> {
  const values = {
    per_minute: learned.perMinute,
    changed_at_ms: learned.changedAtMs,
    paused_until_ms: learned.pausedUntilMs,
    limited_at_ms: learned.limitedAtMs,
    refused_at: learned.refusedAt,
    retry_after_ms: learned.retryAfterMs,
    limit_said: learned.limitSaid,
    ...(waitedAtMs !== undefined && { waited_at_ms: waitedAtMs }),
  }
  yield* rows(
    db
      .insertInto('vomo_budget')
      .values({ customer_id: customerId, waited_at_ms: null, ...values })
      .onConflict((known) => known.column('customer_id').doUpdateSet(values))
      .compile(),
  )
}
