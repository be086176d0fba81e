/** One entry, as a calendar program shows it. Texts may hold anything: nothing in them becomes part of the form. */
export type CalendarEvent = {
  /** The same for as long as it is the same entry. */
  readonly uid: string
  readonly startsAtMs: number
  readonly endsAtMs: number | null
  readonly summary: string
  /** Lines. */
  readonly description: readonly string[]
  readonly location: string | null
  readonly url: string | null
  readonly status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED'
}

/** How soon a calendar is asked to look again; most look when they like. */
const lookAgain = 'PT4H'

/**
 * An iCalendar file. Moments stand in UTC: they are right in every zone and on every night the clocks change, with no list of
 * a zone's rules to go out of date. What the clock says at the place is in the description.
 *
 * @param calendar.asOfMs when what it says was true
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
    ...events.flatMap((event) => eventLines(event, asOfMs)),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('')
}

function eventLines(event: CalendarEvent, asOfMs: number): string[] {
  const { startsAtMs, endsAtMs, location, url } = event
  return [
    'BEGIN:VEVENT',
    `UID:${text(event.uid)}`,
    `DTSTAMP:${moment(asOfMs)}`,
    `DTSTART:${moment(startsAtMs)}`,
    // An end must lie after the start; without one an entry is a moment.
    ...(endsAtMs !== null && endsAtMs > startsAtMs ? [`DTEND:${moment(endsAtMs)}`] : []),
    `SUMMARY:${text(event.summary)}`,
    ...(event.description.length > 0 ? [`DESCRIPTION:${text(event.description.join('\n'))}`] : []),
    ...(location === null ? [] : [`LOCATION:${text(location)}`]),
    ...(url === null ? [] : [`URL:${new URL(url).href}`]),
    `STATUS:${event.status}`,
    'END:VEVENT',
  ]
}

/** `20261205T150000Z` */
function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function text(value: string): string {
  return value
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
}

const mostOctets = 75

/** Longer lines go on in the next, after a space; no letter is cut in two. */
function folded(line: string): string {
  let octets = 0
  let all = ''
  for (const letter of line) {
    const size = Buffer.byteLength(letter)
    if (octets + size > mostOctets) {
      all += '\r\n '
      octets = 1
    }
    all += letter
    octets += size
  }
  return all
}
