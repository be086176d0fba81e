import type { ShiftState, Words } from '../../text/en.ts'
import { mapUrl } from '../map-url.ts'
import type { Row } from '../rows/rows.ts'
import { webUrl } from '../web-url.ts'
import { comingState, upcoming } from './shifts.ts'

/** One upcoming shift, as pages show it. */
export type ShiftView = {
  readonly project: string
  readonly startsAtMs: number | null
  readonly endsAtMs: number | null
  /** The project's own zone. */
  readonly timeZone: string
  readonly place: string | null
  readonly mapUrl: string | null
  readonly role: string | null
  readonly guests: number
  /** Its own page in VOMO. */
  readonly url: string | null
  readonly state: ShiftState
  /** A file with this shift alone. */
  readonly calendarHref: string | null
}

/** The file of the next shift, for pages that make no keys of shifts. */
export const nextShiftHref = '/shifts/next.ics'

/** Upcoming shifts, the next first. */
export function shiftViews(rows: readonly Row[], nowMs: number, words: Words): ShiftView[] {
  return upcoming(rows, nowMs).map((row) => toShiftView(row, nowMs, words))
}

export function toShiftView(row: Row, nowMs: number, words: Words): ShiftView {
  return {
    project: row.project ?? words.volunteerWords.someShift,
    startsAtMs: row.startsAtMs,
    endsAtMs: row.endsAtMs,
    timeZone: row.timeZone,
    place: row.place,
    mapUrl: mapUrl(row.place),
    role: tellingRole(row.role),
    guests: row.guests,
    url: webUrl(row.url),
    state: comingState(row, nowMs),
    calendarHref: row.key === null ? null : `/shifts/${row.key}.ics`,
  }
}

/** "As Volunteer" tells a volunteer nothing. */
function tellingRole(role: string | null): string | null {
  return role === null || /^volunteers?$/i.test(role.trim()) ? null : role
}
