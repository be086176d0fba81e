import { LRUCache } from 'lru-cache'
import { quarterMs } from './dates.ts'

/** Instants as the wall clock of a zone shows them, daylight saving included. */

type WallClock = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly asUtcMs: number
}

// Making a formatter takes a hundred times as long as using it, and there are no more of them than zones.
const formatters = new Map<string, Intl.DateTimeFormat>()

/** The year in which a moment falls there. */
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

const offsets = new LRUCache<string, number>({ max: 20_000 })

/** How far the clock there is ahead of UTC. */
export function offsetAt(timeZone: string, ms: number): number {
  const quarter = Math.floor(ms / quarterMs)
  const key = `${timeZone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const startMs = quarter * quarterMs
  const parts: Record<string, number> = {}
  for (const { type, value } of formatterOf(timeZone).formatToParts(startMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - startMs
  offsets.set(key, offset)
  return offset
}

/** A moment at which the clock there is put forward or back. */
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

const dayMs = 24 * 3_600_000

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timeZone, formatter)
  return formatter
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
