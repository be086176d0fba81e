import type { HoursAnswer } from './answers.ts'
import { type Row, rowStates } from './rows.ts'
import { monthIn } from './zones.ts'

export type MonthOfHours = { readonly month: string; readonly verified: number; readonly recorded: number }

/** Hundredths of an hour, as integers: sums of them are exact, so parts always equal the whole. */
type Sum = { verified: number; recorded: number }

/** `GET /portal/api/me/hours`. Years run from the latest to the first. */
export function toHours(rows: readonly Row[], asOfMs: number): HoursAnswer {
  const counted = rows.filter(({ state }) => state === 'counted')
  const byYear = sumBy(counted, ({ year }) => year)
  return {
    ...inHours(sum(counted)),
    by_year: [...byYear].toSorted(([a], [b]) => b - a).map(([year, part]) => ({ year, ...inHours(part) })),
    not_counted: notCounted(rows),
    complete: rows.every(({ state }) => state !== 'loading'),
    as_of: new Date(asOfMs).toISOString(),
  }
}

/**
 * The last 12 months, the current one last, months without hours included.
 *
 * @param now.timeZone whose calendar names the current month: the customer's
 */
export function toMonths(rows: readonly Row[], now: { ms: number; timeZone: string }): MonthOfHours[] {
  const counted = rows.filter(({ state }) => state === 'counted')
  const byMonth = sumBy(counted, ({ timeZone, countsAtMs }) =>
    countsAtMs === null ? null : monthIn(timeZone, countsAtMs),
  )
  return lastMonths(monthIn(now.timeZone, now.ms)).map((month) => ({
    month,
    ...inHours(byMonth.get(month) ?? { verified: 0, recorded: 0 }),
  }))
}

function notCounted(rows: readonly Row[]): HoursAnswer['not_counted'] {
  return rowStates.flatMap((state) => {
    const those = state === 'counted' ? [] : rows.filter((row) => row.state === state)
    return those.length === 0 ? [] : [{ state, count: those.length, hours: sum(those).recorded / 100 }]
  })
}

function sumBy<Key>(rows: readonly Row[], keyOf: (row: Row) => Key | null): Map<Key, Sum> {
  const sums = new Map<Key, Sum>()
  for (const row of rows) {
    const key = keyOf(row)
    if (key === null) continue
    const so = sums.get(key) ?? { verified: 0, recorded: 0 }
    const one = sum([row])
    sums.set(key, { verified: so.verified + one.verified, recorded: so.recorded + one.recorded })
  }
  return sums
}

function sum(rows: readonly Row[]): Sum {
  let verified = 0
  let recorded = 0
  for (const row of rows) {
    const hundredths = toHundredths(row.hours ?? 0)
    recorded += hundredths
    if (row.verified) verified += hundredths
  }
  return { verified, recorded }
}

/** Hours as a whole number of hundredths: each row is rounded, and then never again. */
export function toHundredths(hours: number): number {
  return Math.round(hours * 100)
}

function inHours({ verified, recorded }: Sum): Sum {
  return { verified: verified / 100, recorded: recorded / 100 }
}

function lastMonths(current: string): string[] {
  const [year = 0, month = 1] = current.split('-').map(Number)
  return Array.from({ length: 12 }, (_, i) => {
    const date = new Date(Date.UTC(year, month - 1 - (11 - i), 1))
    return date.toISOString().slice(0, 7)
  })
}
