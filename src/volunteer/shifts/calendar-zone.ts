import { LRUCache } from 'lru-cache'
import { type ClockChange, clockChanges, offsetAt } from '../../time/zones.ts'

/** Moments in a place's local time, and the rules of its clock, in iCalendar's form (RFC 5545 §3.6.5). */

/** `DTSTART;TZID=America/Chicago:20261205T090000`, or UTC for a moment whose local time is ambiguous. */
export function momentIn(property: string, timeZone: string, ms: number): string {
  return hasName(timeZone, ms)
    ? `${property};TZID=${timeZone}:${local(ms + offsetAt(timeZone, ms))}`
    : `${property}:${local(ms)}Z`
}

/** The lines of a VTIMEZONE that is right for these moments, and for the year before and after them. */
export function zoneLines(timeZone: string, moments: readonly number[]): readonly string[] {
  const firstYear = yearOf(Math.min(...moments)) - 1
  const lastYear = yearOf(Math.max(...moments)) + 1
  const key = `${timeZone} ${firstYear} ${lastYear}`
  const known = written.get(key)
  if (known) return known
  const lines = [
    'BEGIN:VTIMEZONE',
    `TZID:${timeZone}`,
    ...observances(timeZone, firstYear, lastYear).flatMap(observanceLines),
    'END:VTIMEZONE',
  ]
  written.set(key, lines)
  return lines
}

const written = new LRUCache<string, readonly string[]>({ max: 200 })

/** UTC is no place. When clocks go back, an hour occurs twice under one name, and programs disagree which of the two it means. */
export function hasName(timeZone: string, ms: number): boolean {
  if (timeZone === 'UTC') return false
  const shown = ms + offsetAt(timeZone, ms)
  const others = [-halfDayMs, halfDayMs].map((away) => shown - offsetAt(timeZone, ms + away))
  return others.every((otherMs) => otherMs === ms || otherMs + offsetAt(timeZone, otherMs) !== shown)
}

const halfDayMs = 12 * 3_600_000

/** A stretch of time with one offset, and the change that begins it. */
type Observance = {
  kind: 'STANDARD' | 'DAYLIGHT'
  /** By the clock before the change. */
  startsAtLocalMs: number
  offsetFromMs: number
  offsetToMs: number
  /** The week of the month in which it recurs each year. */
  rule?: string
}

function observances(timeZone: string, firstYear: number, lastYear: number): Observance[] {
  const fromMs = Date.UTC(firstYear, 0, 1)
  const changes = clockChanges(timeZone, { fromMs, toMs: Date.UTC(lastYear + 1, 0, 1) })
  const minOffsetMs = Math.min(
    offsetAt(timeZone, fromMs),
    ...changes.map(({ offsetAfterMs }) => offsetAfterMs),
  )
  const kindOf = (offsetMs: number) => (offsetMs > minOffsetMs ? 'DAYLIGHT' : 'STANDARD')
  const one = (change: ClockChange): Observance => ({
    kind: kindOf(change.offsetAfterMs),
    startsAtLocalMs: change.atMs + change.offsetBeforeMs,
    offsetFromMs: change.offsetBeforeMs,
    offsetToMs: change.offsetAfterMs,
  })
  // Outlook understands a yearly rule, but only the last of several single changes; other programs understand both.
  const yearly = yearlyRules(changes, lastYear - firstYear + 1)
  if (yearly.length > 0) return yearly.map(({ change, rule }) => ({ ...one(change), rule }))
  const offsetMs = offsetAt(timeZone, fromMs)
  const before: Observance = {
    kind: kindOf(offsetMs),
    startsAtLocalMs: 0,
    offsetFromMs: offsetMs,
    offsetToMs: offsetMs,
  }
  return [before, ...changes.map(one)]
}

/** @returns the first of each kind of change and its rule; none when a change follows no rule */
function yearlyRules(
  changes: readonly ClockChange[],
  years: number,
): { change: ClockChange; rule: string }[] {
  const kinds = new Map<string, ClockChange[]>()
  for (const change of changes) {
    const { date, clock } = dateOf(change)
    const kind = [date.getUTCMonth(), clock, change.offsetBeforeMs, change.offsetAfterMs].join(' ')
    kinds.set(kind, [...(kinds.get(kind) ?? []), change])
  }
  const found = [...kinds.values()].flatMap((kind) => {
    const [change] = kind
    const rule = kind.length === years ? weekRule(kind.map((each) => dateOf(each).date)) : undefined
    return change && rule !== undefined ? [{ change, rule }] : []
  })
  return found.length === kinds.size ? found : []
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const

/** `FREQ=YEARLY;BYMONTH=3;BYDAY=2SU` when all these dates of one month follow it; `-1SU` is the last Sunday. */
function weekRule(dates: readonly Date[]): string | undefined {
  const weeks = new Set(dates.map((date) => Math.ceil(date.getUTCDate() / 7)))
  const isLast = dates.every((date) => date.getUTCDate() + 7 > daysInMonth(date))
  const days = new Set(dates.map((date) => date.getUTCDay()))
  const [day, ...otherDays] = days
  const [week, ...otherWeeks] = weeks
  const [first] = dates
  if (!first || day === undefined || otherDays.length > 0 || (!isLast && otherWeeks.length > 0))
    return undefined
  return `FREQ=YEARLY;BYMONTH=${first.getUTCMonth() + 1};BYDAY=${isLast ? -1 : week}${weekdays[day]}`
}

/** The local time before the change, as a UTC date. */
function dateOf({ atMs, offsetBeforeMs }: ClockChange): { date: Date; clock: string } {
  const date = new Date(atMs + offsetBeforeMs)
  return { date, clock: date.toISOString().slice(11, 19) }
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
}

function observanceLines({ kind, startsAtLocalMs, offsetFromMs, offsetToMs, rule }: Observance): string[] {
  return [
    `BEGIN:${kind}`,
    `DTSTART:${local(startsAtLocalMs)}`,
    ...(rule === undefined ? [] : [`RRULE:${rule}`]),
    `TZOFFSETFROM:${offsetText(offsetFromMs)}`,
    `TZOFFSETTO:${offsetText(offsetToMs)}`,
    `END:${kind}`,
  ]
}

/** `-0600` */
function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / 60_000
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${ms < 0 ? '-' : '+'}${digits.join('')}`
}

/** `20261205T150000` */
function local(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
}

function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear()
}
