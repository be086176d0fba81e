import * as fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, test } from 'vitest'
import { english, languageWith } from '../../text/languages.ts'
import { clockChanges } from '../../time/zones.ts'
import { row } from '../volunteer.fixture.ts'
import { type CalendarEvent, writeCalendar } from './calendar.ts'
import { toEvents } from './calendar-events.ts'

const asOfMs = Date.UTC(2026, 10, 21, 16, 40)
const minuteMs = 60_000

function event(more: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    uid: 'bcdf@porchlight',
    startsAtMs: Date.UTC(2026, 11, 5, 15),
    endsAtMs: Date.UTC(2026, 11, 5, 18),
    timeZone: 'America/Chicago',
    summary: 'Sorting',
    description: ['9:00 am – 12:00 pm Central'],
    location: null,
    url: null,
    status: 'CONFIRMED',
    ...more,
  }
}

/** Parses with a third-party library. */
function read(ics: string) {
  const calendar = new ICAL.Component(ICAL.parse(ics) as string)
  return {
    calendar,
    names: calendar.getAllProperties().map(({ name }) => name),
    events: calendar.getAllSubcomponents('vevent').map((component) => {
      const { startDate, endDate, ...rest } = new ICAL.Event(component)
      return {
        component,
        rest,
        startsAtMs: startDate.toUnixTime() * 1000,
        endsAtMs: endDate.toUnixTime() * 1000,
        text: (name: string) => component.getFirstPropertyValue(name),
        properties: component.getAllProperties().map(({ name }) => name),
      }
    }),
  }
}

const write = (...events: CalendarEvent[]) => writeCalendar({ name: 'Shifts at Riverbend', asOfMs, events })

describe('a calendar as another program reads it', () => {
  test('has a name, says when to look again, and tells each entry whole', () => {
    const url = 'https://app.vomo.example/project/sorting?x=1,2;3'
    const { calendar, events } = read(
      write(
        event({ location: 'Warehouse B, 1200 Dock Street; Moline', url, description: ['One', 'Two, three'] }),
      ),
    )
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('Shifts at Riverbend')
    expect(String(calendar.getFirstPropertyValue('refresh-interval'))).toBe('PT4H')
    const [only] = events
    expect(only?.startsAtMs).toBe(Date.UTC(2026, 11, 5, 15))
    expect(only?.endsAtMs).toBe(Date.UTC(2026, 11, 5, 18))
    expect(only?.text('uid')).toBe('bcdf@porchlight')
    expect(only?.text('location')).toBe('Warehouse B, 1200 Dock Street; Moline')
    expect(only?.text('url')).toBe(url)
    expect(only?.text('description')).toBe('One\nTwo, three')
    expect(only?.text('status')).toBe('CONFIRMED')
    expect(String(only?.text('dtstamp'))).toBe('2026-11-21T16:40:00Z')
  })

  const chicago = 'America/Chicago'
  test.each([
    [
      'the night the clocks go forward',
      chicago,
      '2027-03-14T04:00:00Z',
      '2027-03-14T12:00:00Z',
      '22:00',
      '07:00',
    ],
    ['the night they go back', chicago, '2026-11-01T03:00:00Z', '2026-11-01T11:00:00Z', '22:00', '05:00'],
    [
      'the turn of the year',
      'America/Los_Angeles',
      '2027-01-01T07:30:00Z',
      '2027-01-01T09:30:00Z',
      '23:30',
      '01:30',
    ],
    [
      'Arizona, whose clocks stay',
      'America/Phoenix',
      '2027-03-14T16:00:00Z',
      '2027-03-14T19:00:00Z',
      '09:00',
      '12:00',
    ],
    ['half an hour off', 'Asia/Kolkata', '2026-12-05T03:30:00Z', '2026-12-05T06:30:00Z', '09:00', '12:00'],
    [
      'three quarters off',
      'Asia/Kathmandu',
      '2026-12-05T03:15:00Z',
      '2026-12-05T06:15:00Z',
      '09:00',
      '12:00',
    ],
    [
      'half an hour of summer',
      'Australia/Lord_Howe',
      '2027-04-03T14:00:00Z',
      '2027-04-03T16:00:00Z',
      '01:00',
      '02:30',
    ],
  ])('is right on %s', (_, zone, starts, ends, startClock, endClock) => {
    const at = { startsAtMs: Date.parse(starts), endsAtMs: Date.parse(ends) }
    const [only] = read(write(event({ ...at, timeZone: zone }))).events
    expect({ startsAtMs: only?.startsAtMs, endsAtMs: only?.endsAtMs }).toEqual(at)
    const clock = (ms: number | undefined) =>
      new Date(ms ?? 0).toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
    expect([clock(only?.startsAtMs), clock(only?.endsAtMs)]).toEqual([startClock, endClock])
  })

  const yearly = [expect.stringMatching(/^FREQ=YEARLY/), expect.stringMatching(/^FREQ=YEARLY/)]
  test.each([
    ['America/Chicago', yearly],
    ['Europe/Madrid', yearly],
    ['Australia/Sydney', yearly],
    ['Pacific/Auckland', yearly],
    ['America/Phoenix', ['null']],
    ['Asia/Kathmandu', ['null']],
    // These follow no weekly rule: each change stands by itself.
    ['America/Santiago', expect.arrayContaining(['null'])],
    ['Africa/Casablanca', expect.arrayContaining(['null'])],
  ])(
    'row 31: stands on the clock of %s with the rules of that clock, right on every night it changes',
    (timeZone, rules) => {
      const hourMs = 60 * minuteMs
      const changes = clockChanges(timeZone, { fromMs: Date.UTC(2026, 0), toMs: Date.UTC(2029, 0) })
      // Around each change in steps of 15 minutes, and weekly all year.
      const moments = [
        ...changes.flatMap(({ atMs }) =>
          Array.from({ length: 25 }, (_, i) => atMs + (i - 12) * 15 * minuteMs),
        ),
        ...Array.from({ length: 3 * 52 }, (_, i) => Date.UTC(2026, 0, 1, 15) + i * 7 * 24 * hourMs),
      ]
      const all = moments.map((startsAtMs, i) => ({
        uid: `${i}`,
        startsAtMs,
        endsAtMs: startsAtMs + 3 * hourMs,
      }))
      const ics = write(...all.map((each) => event({ ...each, timeZone })))
      const { calendar, events } = read(ics)
      expect(events.map(({ startsAtMs, endsAtMs }) => [startsAtMs, endsAtMs])).toEqual(
        all.map(({ startsAtMs, endsAtMs }) => [startsAtMs, endsAtMs]),
      )
      const zones = calendar.getAllSubcomponents('vtimezone')
      expect(zones.map((zone) => zone.getFirstPropertyValue('tzid'))).toEqual([timeZone])
      const observances = zones.flatMap((zone) => zone.getAllSubcomponents())
      expect(observances.map((each) => String(each.getFirstPropertyValue('rrule')))).toEqual(rules)
      // Only ambiguous local times are in UTC.
      const inUtc = ics.match(/^DTSTART:.*Z/gm) ?? []
      const putBack = changes.filter(({ offsetBeforeMs, offsetAfterMs }) => offsetAfterMs < offsetBeforeMs)
      expect(inUtc.length).toBeLessThanOrEqual(putBack.length * 9)
    },
  )

  test('names each zone once, and none for what stands in UTC', () => {
    const ics = write(
      event(),
      event({ uid: 'b' }),
      event({ uid: 'c', timeZone: 'America/Denver' }),
      event({ uid: 'd', timeZone: 'UTC' }),
    )
    expect(ics.match(/^TZID:.*$/gm)?.map((line) => line.trim())).toEqual([
      'TZID:America/Chicago',
      'TZID:America/Denver',
    ])
    expect(ics).toContain('DTSTART;TZID=America/Chicago:20261205T090000')
    expect(ics).toContain('DTSTART:20261205T150000Z')
    expect(ics).toContain('RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU')
  })

  test('an entry without an end is a moment', () => {
    for (const endsAtMs of [null, Date.UTC(2026, 11, 5, 15)]) {
      const [only] = read(write(event({ endsAtMs }))).events
      expect(only?.properties).not.toContain('dtend')
      expect(only?.endsAtMs).toBe(only?.startsAtMs)
    }
  })
})

/** Ordinary texts, and texts that try to break out of a line. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\\',
        '\\n',
        ';',
        ',',
        ':',
        '"',
        'BEGIN:VEVENT',
        'END:VEVENT\r\nBEGIN:VEVENT',
        'ATTENDEE:mailto:x@y.example',
        '\r\nX-EVIL:1',
        '\u0000',
        '\u0085',
        '\u2028',
        '\ud800',
        '🧑🏽‍🌾',
        'ñ',
        '   ',
        '\t',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
)

describe('any content of a text', () => {
  test('nothing of it becomes part of the form, no line is too long, no letter is cut', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.array(hostile, { maxLength: 4 }), (summary, location, description) => {
        const ics = writeCalendar({
          name: summary,
          asOfMs,
          events: [event({ summary, location, description }), event({ uid: 'other' })],
        })
        const { names, events } = read(ics)
        expect(names).toEqual([
          'version',
          'prodid',
          'name',
          'x-wr-calname',
          'refresh-interval',
          'x-published-ttl',
        ])
        expect(events).toHaveLength(2)
        const known = 'uid dtstamp dtstart dtend summary description location status'.split(' ')
        expect(events[0]?.properties.filter((name) => !known.includes(name))).toEqual([])
        expect(ics.endsWith('END:VCALENDAR\r\n')).toBe(true)
        expect(ics.replaceAll('\r\n', '')).not.toMatch(/[\r\n\p{Cs}]/u)
        for (const line of ics.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
          expect(Buffer.from(line).toString()).toBe(line)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('what can be said is read again as it was', () => {
    const letters = fc.constantFrom('\\', 'n', 'N', ';', ',', ':', '"', '^', ' ', '\n', 'é', '🧑🏽‍🌾', 'a')
    // Line ends of other systems become ours, as the next test shows.
    const sayable = fc
      .oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ unit: letters }))
      .filter((text) => !/[\u0085\u2028\u2029]/.test(text))
    fc.assert(
      fc.property(sayable, (summary) => {
        const [only] = read(write(event({ summary }))).events
        expect(only?.text('summary')).toBe(summary)
      }),
      { numRuns: 500 },
    )
  })

  test('the line ends of every system are line ends', () => {
    const [only] = read(write(event({ summary: 'a\r\nb\rc\u2028d\u0085e' }))).events
    expect(only?.text('summary')).toBe('a\nb\nc\nd\ne')
  })
})

describe('a shift', () => {
  const at = { asOfMs, timeZone: 'America/Chicago', language: english }
  const shift = row({
    key: 'bcdf',
    state: 'not_ended',
    role: 'line lead',
    guests: 2,
    url: 'https://vomo.example/p/1',
  })
  const said = (description: readonly string[]) => description.join('\n').replaceAll('\u00a0', ' ')

  test('says what the clock shows there, who comes, where to change it, and of when that is', () => {
    const [only] = toEvents([shift], at)
    expect(only).toMatchObject({
      uid: 'bcdf@porchlight',
      status: 'CONFIRMED',
      summary: shift.project,
      location: shift.place,
    })
    expect(said(only?.description ?? [])).toMatch(
      /^9:00 am – 12:00 pm Central\nAs line lead, you and 2 guests\nTo change or cancel it: https:\/\/vomo\.example\/p\/1\nAs of Saturday, November 21, 10:40 am Central, from VOMO\.$/,
    )
  })

  test('is told in the language of its owner', () => {
    const [only] = toEvents([{ ...shift, state: 'cancelled' }], { ...at, language: languageWith('es') })
    expect(only?.summary).toBe(`Cancelado: ${shift.project}`)
  })

  test.each([
    ['not_ended', 'CONFIRMED'],
    ['counted', 'CONFIRMED'],
    ['item', 'CONFIRMED'],
    ['pending', 'TENTATIVE'],
    ['cancelled', 'CANCELLED'],
    ['denied', 'CANCELLED'],
  ] as const)('that is %s is told as %s', (state, status) => {
    expect(toEvents([{ ...shift, state }], at)[0]?.status).toBe(status)
  })

  test('without a date or a key is in no calendar', () => {
    expect(
      toEvents(
        [
          { ...shift, startsAtMs: null },
          { ...shift, key: null },
        ],
        at,
      ),
    ).toEqual([])
  })

  test('signed up for twice is there once, and on if either is', () => {
    const off = { ...shift, state: 'cancelled' as const }
    for (const rows of [
      [shift, off],
      [off, shift],
    ]) {
      expect(toEvents(rows, at).map(({ status }) => status)).toEqual(['CONFIRMED'])
    }
  })

  test('comes in order', () => {
    const later = { ...shift, key: 'later', startsAtMs: (shift.startsAtMs ?? 0) + minuteMs }
    expect(toEvents([later, shift], at).map(({ uid }) => uid)).toEqual([
      'bcdf@porchlight',
      'later@porchlight',
    ])
  })
})
