import { hasName, momentIn, zoneLines } from './calendar-zone.ts'

/** One entry, as a calendar program shows it. Its texts may contain anything; the writer escapes them. */
export type CalendarEvent = {
  /** Stable for the life of the entry. */
  readonly uid: string
  readonly startsAtMs: number
  readonly endsAtMs: number | null
  /** IANA name of the zone of the place. */
  readonly timeZone: string
  readonly summary: string
  /** Lines. */
  readonly description: readonly string[]
  readonly location: string | null
  readonly url: string | null
  readonly status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED'
}

/** The refresh interval we suggest; most programs use their own. */
const lookAgain = 'PT4H'

/**
 * Writes an iCalendar file. Moments are in the place's local time, with the rules of its clock, because older versions of Outlook
 * show UTC as UTC. The description repeats the local time.
 *
 * @param calendar.asOfMs when the content was true
 * @see RFC 5545; RFC 7986 for NAME and REFRESH-INTERVAL
 */
export function writeCalendar(calendar: {
  name: string
  asOfMs: number
  events: readonly CalendarEvent[]
}): string {
  const { name, asOfMs, events } = calendar
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Porchlight//Shifts//EN',
    `NAME:${text(name)}`,
    `X-WR-CALNAME:${text(name)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${lookAgain}`,
    `X-PUBLISHED-TTL:${lookAgain}`,
    ...zonesOf(events),
    ...events.flatMap((event) => eventLines(event, asOfMs)),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('')
}

/** Each zone that an entry names, once. */
function zonesOf(events: readonly CalendarEvent[]): readonly string[] {
  const moments = new Map<string, number[]>()
  for (const { timeZone, startsAtMs, endsAtMs } of events) {
    const named = [startsAtMs, endsAtMs ?? startsAtMs].filter((ms) => hasName(timeZone, ms))
    if (named.length > 0) moments.set(timeZone, [...(moments.get(timeZone) ?? []), ...named])
  }
  return [...moments].flatMap(([timeZone, named]) => zoneLines(timeZone, named))
}

function eventLines(event: CalendarEvent, asOfMs: number): string[] {
  const { startsAtMs, endsAtMs, timeZone, location, url } = event
  return [
    'BEGIN:VEVENT',
    `UID:${text(event.uid)}`,
    momentIn('DTSTAMP', 'UTC', asOfMs),
    momentIn('DTSTART', timeZone, startsAtMs),
    // An end must be after the start; an entry without an end is a moment.
    ...(endsAtMs !== null && endsAtMs > startsAtMs ? [momentIn('DTEND', timeZone, endsAtMs)] : []),
    `SUMMARY:${text(event.summary)}`,
    ...(event.description.length > 0 ? [`DESCRIPTION:${text(event.description.join('\n'))}`] : []),
    ...(location === null ? [] : [`LOCATION:${text(location)}`]),
    ...(url === null ? [] : [`URL:${new URL(url).href}`]),
    `STATUS:${event.status}`,
    'END:VEVENT',
  ]
}

function text(value: string): string {
  return value
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
}

const maxOctets = 75

/** Longer lines continue on the next, after a space; no character is split. */
function folded(line: string): string {
  let octets = 0
  let all = ''
  for (const letter of line) {
    const size = Buffer.byteLength(letter)
    if (octets + size > maxOctets) {
      all += '\r\n '
      octets = 1
    }
    all += letter
    octets += size
  }
  return all
}
