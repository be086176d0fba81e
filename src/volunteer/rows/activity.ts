import { isAhead, type Row } from './rows.ts'

/** How active a volunteer is; none of these is an error. */
export const activities = [
  'never', // never signed up
  'signed_up', // signed up, and has not served yet
  'lapsed', // has not served for long, and has no upcoming shift
  'active',
] as const

export type Activity = (typeof activities)[number]

/** After this long without a shift, the page says how to come back. */
const lapsedAfterMs = 180 * 24 * 60 * 60 * 1000

/** A loading row may turn out to be anything, so this claims nothing that the row could disprove. */
export function activityOf(rows: readonly Row[], nowMs: number): Activity {
  if (rows.length === 0) return 'never'
  if (rows.some(({ state }) => state === 'loading')) return 'active'
  const served = rows.filter(({ state }) => hasServed.has(state))
  if (served.length === 0) return 'signed_up'
  const hasMore = rows.some((row) => isAhead(row, nowMs))
  const isRecent = served.some(({ countsAtMs }) => nowMs - (countsAtMs ?? 0) <= lapsedAfterMs)
  return hasMore || isRecent ? 'active' : 'lapsed'
}

/** A volunteer who came and still waits for the hours has served. */
const hasServed = new Set<Row['state']>(['counted', 'waiting_hours', 'no_check_out'])
