import { formatMoment, formatTimes } from '../../text/dates.ts'
import type { Language } from '../../text/languages.ts'
import type { Row } from '../rows/rows.ts'
import { webUrl } from '../web-url.ts'
import type { CalendarEvent } from './calendar.ts'

type CalendarContext = { asOfMs: number; timeZone: string; language: Language }

/** Shifts with a key and a date, as entries; a canceled or denied shift is sent as canceled, because a calendar may already show it. */
export function toEvents(rows: readonly Row[], at: CalendarContext): CalendarEvent[] {
  const events = new Map<string, CalendarEvent>()
  for (const row of rows) {
    const event = toEvent(row, at)
    // Two sign-ups for the same shift: the active one represents both.
    const other = event && events.get(event.uid)
    if (event && (!other || other.status === 'CANCELLED')) events.set(event.uid, event)
  }
  return [...events.values()].toSorted((a, b) => a.startsAtMs - b.startsAtMs)
}

function toEvent(row: Row, at: CalendarContext): CalendarEvent | undefined {
  const { key, startsAtMs, endsAtMs } = row
  if (key === null || startsAtMs === null) return undefined
  const { words } = at.language
  const project = row.project ?? words.volunteerWords.someShift
  const status = statusOf(row)
  return {
    uid: `${key}@porchlight`,
    startsAtMs,
    endsAtMs,
    timeZone: row.timeZone,
    summary: status === 'CANCELLED' ? words.calendar.feed.canceled(project) : project,
    description: descriptionOf(row, startsAtMs, at),
    location: row.place,
    url: webUrl(row.url),
    status,
  }
}

function descriptionOf(
  row: Row,
  startsAtMs: number,
  { asOfMs, timeZone, language }: CalendarContext,
): string[] {
  const { words, locale } = language
  const { state, role, guests, endsAtMs } = row
  const url = webUrl(row.url)
  const isSaid = state === 'pending' || state === 'item' || state === 'cancelled' || state === 'denied'
  const whoComes = [
    role === null ? '' : words.shift.asRole(role),
    guests > 0 ? words.shift.guests(guests) : '',
  ].filter(Boolean)
  return [
    formatTimes({ locale, startsAtMs, endsAtMs, timeZone: row.timeZone }),
    whoComes.join(', '),
    isSaid ? words.shiftStates[state] : '',
    url === null ? '' : words.calendar.feed.change(url),
    words.calendar.feed.asOf(formatMoment(locale, { ms: asOfMs, timeZone })),
  ].filter(Boolean)
}

function statusOf({ state }: Row): CalendarEvent['status'] {
  if (state === 'cancelled' || state === 'denied') return 'CANCELLED'
  return state === 'pending' ? 'TENTATIVE' : 'CONFIRMED'
}
