import { skewMs } from '../../time/due.ts'

/**
 * What VOMO's answers taught us of how many calls it lets through. Its limit is not published and other programs may use the same
 * token, so the operator's setting is where we begin. See docs/decisions/0045-a-budget-that-learns.md.
 */
export type Learned = {
  /** Calls in any window, now. */
  readonly perMinute: number
  /** The last rise or fall. */
  readonly changedAtMs: number
  /** No call goes out before this. */
  readonly pausedUntilMs: number
  /** The last 429, how many calls were let through before it, and how long VOMO asked us to wait. */
  readonly limitedAtMs: number | null
  readonly refusedAt: number | null
  readonly retryAfterMs: number | null
  /** `X-RateLimit-Limit`, as VOMO last sent it. */
  readonly limitSaid: number | null
}

/** What the operator set: where a budget begins, and what it never passes. */
export type BudgetSetting = { readonly budgetPerMinute: number; readonly budgetCeiling: number }

/** The longest wait that VOMO's `Retry-After` can impose. */
export const maxPauseMs = 5 * 60_000
/** Of a limit that VOMO names, this share is ours: others may use the token, too. */
const shareOfLimit = 0.9
/** Of what VOMO let through before a 429. */
const shareAfterLimit = 0.7
/** A budget without a 429 for this long rises by a step, if most of it was used. */
const riseEveryMs = 60_000
/** A whole ceiling takes so many steps. */
const stepsToCeiling = 30
/** After a 429 a budget stays below what was refused for this long, so that it does not look for the limit every few minutes. */
const refusalHoldsMs = 60 * 60_000

export function nothingLearned({ budgetPerMinute }: BudgetSetting): Learned {
  return {
    perMinute: budgetPerMinute,
    changedAtMs: 0,
    pausedUntilMs: 0,
    limitedAtMs: null,
    refusedAt: null,
    retryAfterMs: null,
    limitSaid: null,
  }
}

/** The operator vouches for a tenth of the setting: a token that others use up for a minute does not stop the portal for an hour. */
function minOf({ budgetPerMinute }: BudgetSetting): number {
  return Math.max(1, Math.floor(budgetPerMinute / 10))
}

/** A time further in the future than clocks differ is from one that was set back since, and says nothing. */
function isWithin(atMs: number | null, spanMs: number, nowMs: number): boolean {
  return atMs !== null && atMs <= nowMs + skewMs && nowMs - atMs < spanMs
}

/**
 * VOMO answered 429.
 *
 * @param met.sentAtMs when the refused call was sent; several in flight together are one lesson
 * @param met.letThrough how many calls of the window VOMO had answered otherwise
 */
export function afterLimit(
  known: Learned,
  met: { sentAtMs: number; letThrough: number; retryAfterMs: number | null; pausedUntilMs: number },
  setting: BudgetSetting,
  nowMs: number,
): Learned {
  const pausedUntilMs = Math.max(
    met.pausedUntilMs,
    known.pausedUntilMs > nowMs + maxPauseMs + skewMs ? 0 : known.pausedUntilMs,
  )
  const { limitedAtMs } = known
  if (limitedAtMs !== null && limitedAtMs <= nowMs + skewMs && met.sentAtMs <= limitedAtMs)
    return { ...known, pausedUntilMs }
  const refusedAt = Math.min(known.perMinute, Math.max(1, met.letThrough))
  const lower = Math.max(minOf(setting), Math.floor(refusedAt * shareAfterLimit))
  return {
    ...known,
    perMinute: Math.min(known.perMinute, lower),
    changedAtMs: nowMs,
    pausedUntilMs,
    limitedAtMs: nowMs,
    refusedAt,
    retryAfterMs: met.retryAfterMs,
  }
}

/**
 * VOMO named its limit, or how many calls of it are left.
 *
 * @param said.used our calls of the last minute. With those left they are what VOMO lets through to us; what is missing from the
 * limit, others used
 */
export function afterHeaders(
  known: Learned,
  said: { limit: number | undefined; remaining: number | undefined; used: number },
  setting: BudgetSetting,
  nowMs: number,
): Learned {
  const { limit, remaining, used } = said
  const limitSaid = limit ?? known.limitSaid
  let { perMinute } = known
  if (limit !== undefined) perMinute = Math.min(perMinute, shareOf(limit))
  const room = remaining === undefined ? perMinute : used + remaining
  if (room < perMinute) perMinute = Math.min(perMinute, Math.max(minOf(setting), shareOf(room)))
  const isRaised = limit !== undefined && known.limitSaid !== null && limit > known.limitSaid
  if (perMinute === known.perMinute && limitSaid === known.limitSaid) return known
  return {
    ...known,
    perMinute,
    limitSaid,
    changedAtMs: perMinute === known.perMinute ? known.changedAtMs : nowMs,
    refusedAt: isRaised ? null : known.refusedAt,
  }
}

function shareOf(limit: number): number {
  return Math.max(1, Math.floor(limit * shareOfLimit))
}

/** A step up, where a minute passed without a 429 and at least half the budget was used. @returns `known` itself otherwise */
export function risen(known: Learned, used: number, setting: BudgetSetting, nowMs: number): Learned {
  if (isWithin(known.changedAtMs, riseEveryMs, nowMs) || isWithin(known.limitedAtMs, riseEveryMs, nowMs))
    return known
  const highest = highestOf(known, setting, nowMs)
  if (used * 2 < known.perMinute || known.perMinute >= highest) return known
  const step = Math.max(1, Math.floor(setting.budgetCeiling / stepsToCeiling))
  return { ...known, perMinute: Math.min(highest, known.perMinute + step), changedAtMs: nowMs }
}

/** How far a budget may rise now. */
export function highestOf(known: Learned, { budgetCeiling }: BudgetSetting, nowMs: number): number {
  const { limitSaid, refusedAt, limitedAtMs } = known
  return Math.min(
    budgetCeiling,
    limitSaid === null ? Infinity : shareOf(limitSaid),
    refusedAt !== null && isWithin(limitedAtMs, refusalHoldsMs, nowMs) ? shareOf(refusedAt) : Infinity,
  )
}
