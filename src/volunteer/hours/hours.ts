import { monthIn } from '../../time/zones.ts'
import { activityOf } from '../rows/activity.ts'
import { onceForRows } from '../rows/joined.ts'
import { type Row, rowStates } from '../rows/rows.ts'
import type { HoursAnswer } from './answers.ts'
import { keyOf, type Part, type PartKind, partOf, partOfKey } from './parts.ts'

export type Hours = { readonly recorded: number; readonly verified: number }

/** The hours of one `part`. */
export type PartOfHours = Hours & { readonly part: Part }

export type MonthOfHours = Hours & { readonly month: string }

/** Hundredths of an hour, as integers, so sums are exact and parts always equal the whole. */
type Sum = { verified: number; recorded: number }

/** `GET /portal/api/me/hours`. Years and months run from the latest to the first. */
export function toHours(rows: readonly Row[], at: { asOfMs: number; nowMs: number }): HoursAnswer {
  const { recorded, verified } = sumOf(rows)
  return {
    verified,
    recorded,
    by_year: byYear(rows),
    by_month: partsBy('month', rows).map(({ part, ...hours }) => ({ month: nameOf(part) ?? '', ...hours })),
    by_campaign: partsBy('initiative', rows).map(({ part, ...hours }) => ({
      campaign: nameOf(part),
      several: part === 'several',
      ...hours,
    })),
    by_organization: partsBy('organization', rows).map(({ part, ...hours }) => ({
      organization: nameOf(part),
      ...hours,
    })),
    by_role: partsBy('role', rows).map(({ part, ...hours }) => ({ role: nameOf(part), ...hours })),
    not_counted: notCounted(rows),
    activity: activityOf(rows, at.nowMs),
    complete: isComplete(rows),
    as_of: new Date(at.asOfMs).toISOString(),
  }
}

/** The totals over all rows, independent of the rows a page shows. */
export const wholeOf = onceForRows((rows) => ({
  total: sumOf(rows),
  byYear: byYear(rows),
  byMonth: partsBy('month', rows),
  notCounted: notCounted(rows),
  complete: isComplete(rows),
}))

/** Sums the rows that count. */
export function sumOf(rows: readonly Row[]): Hours {
  const sum = { recorded: 0, verified: 0 }
  for (const row of rows) add(sum, row)
  return inHours(sum)
}

function byYear(rows: readonly Row[]): (Hours & { year: number })[] {
  return partsBy('year', rows).map(({ part, ...hours }) => ({ year: Number(nameOf(part)), ...hours }))
}

/** Years and months newest first, other parts by most hours first; unnamed parts come last. */
export function partsBy(kind: PartKind, rows: readonly Row[]): PartOfHours[] {
  const sums = new Map<string, Sum>()
  for (const row of rows) {
    if (row.state !== 'counted') continue
    const key = keyOf(partOf[kind](row))
    const sum = sums.get(key) ?? { verified: 0, recorded: 0 }
    sums.set(key, sum)
    add(sum, row)
  }
  const parts = [...sums].map(([key, sum]) => ({ part: partOfKey(key), ...inHours(sum) }))
  const isTime = kind === 'year' || kind === 'month'
  return parts.toSorted(
    (a, b) =>
      rankOf(a.part) - rankOf(b.part) ||
      (isTime ? 0 : b.recorded - a.recorded) ||
      (isTime ? -1 : 1) * compareTexts(nameOf(a.part) ?? '', nameOf(b.part) ?? ''),
  )
}

/**
 * The last 12 months, the current one last, months without hours included.
 *
 * @param now.timeZone the customer's, which decides the current month
 */
export function toMonths(rows: readonly Row[], now: { ms: number; timeZone: string }): MonthOfHours[] {
  const byMonth = new Map(wholeOf(rows).byMonth.map((each) => [nameOf(each.part), each]))
  return lastMonths(monthIn(now.timeZone, now.ms)).map((month) => {
    const { recorded = 0, verified = 0 } = byMonth.get(month) ?? {}
    return { month, verified, recorded }
  })
}

/** Each reason with its rows, and the hours those rows carry. */
function notCounted(rows: readonly Row[]): HoursAnswer['not_counted'] {
  return rowStates.flatMap((state) => {
    const those = state === 'counted' ? [] : rows.filter((row) => row.state === state)
    if (those.length === 0) return []
    const hundredths = those.reduce((so, { hours }) => so + toHundredths(hours ?? 0), 0)
    return [{ state, count: those.length, hours: hundredths / 100 }]
  })
}

function isComplete(rows: readonly Row[]): boolean {
  return rows.every(({ state }) => state !== 'loading')
}

/** Hours as a whole number of hundredths. Each row is rounded exactly once. */
export function toHundredths(hours: number): number {
  return Math.round(hours * 100)
}

/** Rounded as the pages show them: `Intl` would round 1.005 the other way. */
export function shownHours({ hours }: Pick<Row, 'hours'>): number | null {
  return hours === null ? null : toHundredths(hours) / 100
}

function add(sum: Sum, { state, hours, verified }: Row): void {
  if (state !== 'counted') return
  const hundredths = toHundredths(hours ?? 0)
  sum.recorded += hundredths
  if (verified) sum.verified += hundredths
}

function inHours({ verified, recorded }: Sum): Hours {
  return { verified: verified / 100, recorded: recorded / 100 }
}

function nameOf(part: Part): string | null {
  return typeof part === 'string' ? null : part.named
}

function rankOf(part: Part): number {
  return part === 'none' ? 2 : part === 'several' ? 1 : 0
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function lastMonths(current: string): string[] {
  const [year = 0, month = 1] = current.split('-').map(Number)
  return Array.from({ length: 12 }, (_, i) => {
    const date = new Date(Date.UTC(year, month - 1 - (11 - i), 1))
    return date.toISOString().slice(0, 7)
  })
}
