import { LRUCache } from 'lru-cache'

/** Instants in a zone's local time, daylight saving included. */

/** Clocks change, and days begin, at full quarters of an hour, so what holds at its beginning holds through all of one. */
export const quarterMs = 15 * 60_000
const dayMs = 96 * quarterMs

type WallClock = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly asUtcMs: number
}

/** From east to west, with the territories. */
export const zonesOfUnitedStates: readonly string[] = [
  'America/Puerto_Rico',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
  'Pacific/Guam',
]

/** All others that have a place, in the order of the alphabet. */
export const otherZones = (): string[] =>
  Intl.supportedValuesOf('timeZone').filter((zone) => !zonesOfUnitedStates.includes(zone))

/** The local year of a moment. */
export function yearIn(timeZone: string, ms: number): number {
  return wallClock(timeZone, ms).year
}

/** `2026-11` */
export function monthIn(timeZone: string, ms: number): string {
  const { year, month } = wallClock(timeZone, ms)
  return `${year}-${twoDigits(month)}`
}

/** `2026-11-28` */
export function dayIn(timeZone: string, ms: number): string {
  return `${monthIn(timeZone, ms)}-${twoDigits(wallClock(timeZone, ms).day)}`
}

/** Calendar days from one instant to another on the clock of `timeZone`: tomorrow is 1. */
export function daysBetween(fromMs: number, toMs: number, timeZone: string): number {
  const dayOf = (ms: number) => Math.floor(wallClock(timeZone, ms).asUtcMs / dayMs)
  return dayOf(toMs) - dayOf(fromMs)
}

/**
 * When clocks of `timeZone` show a full hour, that many calendar days from the day of `ms`. For hours that no change of the clocks
 * skips or repeats.
 */
export function hourOfDay(
  timeZone: string,
  ms: number,
  { inDays, hour }: { inDays: number; hour: number },
): number {
  const { year, month, day } = wallClock(timeZone, ms)
  return whenShown(timeZone, Date.UTC(year, month - 1, day + inDays, hour))
}

/** Whether a text is a day that there is: `2026-11-28`. */
export function isIsoDay(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** When a day begins. @param isoDay `2026-11-28`, a day that there is. @param inDays that many days later */
export function startOfDay(timeZone: string, isoDay: string, inDays = 0): number {
  return whenShown(timeZone, Date.parse(`${isoDay}T00:00:00Z`) + inDays * dayMs)
}

/** @param shown what the clock shows then, as if it were UTC */
function whenShown(timeZone: string, shown: number): number {
  return shown - offsetAt(timeZone, shown - offsetAt(timeZone, shown))
}

/** 0 is Sunday. */
export function weekdayIn(timeZone: string, ms: number): number {
  return new Date(wallClock(timeZone, ms).asUtcMs).getUTCDay()
}

/** 0 to 23 */
export function hourIn(timeZone: string, ms: number): number {
  return new Date(wallClock(timeZone, ms).asUtcMs).getUTCHours()
}

/** ISO 8601 with the offset the zone had then: `2026-11-28T09:00:00-06:00`. */
export function isoIn(timeZone: string, ms: number): string {
  const { asUtcMs } = wallClock(timeZone, ms)
  const offsetMinutes = Math.round((asUtcMs - Math.floor(ms / 1_000) * 1_000) / 60_000)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const size = Math.abs(offsetMinutes)
  const offset = `${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
  return `${new Date(asUtcMs).toISOString().slice(0, 19)}${offset}`
}

function wallClock(timeZone: string, ms: number): WallClock {
  const second = Math.floor(ms / 1000) * 1000
  const clock = new Date(second + offsetAt(timeZone, second))
  return {
    year: clock.getUTCFullYear(),
    month: clock.getUTCMonth() + 1,
    day: clock.getUTCDate(),
    asUtcMs: clock.getTime(),
  }
}

const clockFace = {
  locale: 'en-US',
  name: 'clock',
  shape: {
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  },
} as const

const offsets = new LRUCache<string, number>({ max: 20_000 })

/** The zone's offset from UTC. */
export function offsetAt(timeZone: string, ms: number): number {
  const quarter = Math.floor(ms / quarterMs)
  const key = `${timeZone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const startMs = quarter * quarterMs
  const parts: Record<string, number> = {}
  for (const { type, value } of formatterIn(timeZone, clockFace).formatToParts(startMs))
    parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - startMs
  offsets.set(key, offset)
  return offset
}

/** A moment at which the zone's clock goes forward or back. */
export type ClockChange = {
  readonly atMs: number
  readonly offsetBeforeMs: number
  readonly offsetAfterMs: number
}

/** Clocks change at full quarters of an hour, and not twice in a week. */
export function clockChanges(
  timeZone: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): ClockChange[] {
  const changes: ClockChange[] = []
  for (let weekMs = fromMs; weekMs < toMs; weekMs += 7 * dayMs) {
    const endMs = Math.min(weekMs + 7 * dayMs, toMs)
    const [offsetBeforeMs, offsetAfterMs] = [offsetAt(timeZone, weekMs), offsetAt(timeZone, endMs)]
    if (offsetBeforeMs === offsetAfterMs) continue
    let [before, after] = [weekMs / quarterMs, endMs / quarterMs]
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (offsetAt(timeZone, middle * quarterMs) === offsetBeforeMs) before = middle
      else after = middle
    }
    changes.push({ atMs: after * quarterMs, offsetBeforeMs, offsetAfterMs })
  }
  return changes
}

/** Making a formatter takes a hundred times as long as using it, and a history has 400 rows. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/**
 * @param timeZone where the time zone data do not hold it, it is UTC: one wrong record must not take a page down
 * @param as.name stands for the shape in the cache
 */
export function formatterIn(
  timeZone: string,
  as: { locale: string; name: string; shape: Intl.DateTimeFormatOptions },
): Intl.DateTimeFormat {
  const key = `${as.locale} ${timeZone} ${as.name}`
  let formatter = formatters.get(key)
  if (!formatter) {
    try {
      formatter = new Intl.DateTimeFormat(as.locale, { ...as.shape, timeZone })
    } catch {
      formatter = new Intl.DateTimeFormat(as.locale, { ...as.shape, timeZone: 'UTC' })
    }
    formatters.set(key, formatter)
  }
  return formatter
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
