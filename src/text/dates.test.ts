import { expect, test } from 'vitest'
import {
  formatDay,
  formatDuration,
  formatHours,
  formatIsoDay,
  formatMoment,
  formatMonth,
  formatRecent,
  formatTimes,
  zoneName,
} from './dates.ts'

const us = 'en-US'
const es = 'es-US'
const chicago = 'America/Chicago'

function at(iso: string, timeZone = chicago) {
  return { ms: Date.parse(iso), timeZone }
}

function times(starts: string, ends: string | null, timeZone = chicago) {
  const endsAtMs = ends === null ? null : Date.parse(ends)
  return said(formatTimes({ locale: us, startsAtMs: Date.parse(starts), endsAtMs, timeZone }))
}

/** The unbreakable space before "am" reads as a space. */
function said(text: string) {
  return text.replaceAll('\u00a0', ' ')
}

test('a moment is said with its day, its time and its zone', () => {
  expect(said(formatMoment(us, at('2026-12-05T15:00:00Z')))).toBe('Saturday, December 5, 9:00 am Central')
})

test('the year is named only where it is not the present one', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00Z')
  expect(formatDay(us, at('2026-12-05T15:00:00Z'), nowMs)).toBe('Saturday, December 5')
  expect(formatDay(us, at('2027-01-09T15:00:00Z'), nowMs)).toBe('Saturday, January 9, 2027')
})

test('the year turns on the clock of the shift, not of the server', () => {
  const eve = '2026-01-01T05:30:00Z'
  expect(formatDay(us, at(eve), Date.parse('2026-03-01T00:00:00Z'))).toBe('Wednesday, December 31, 2025')
})

test('a shift is said from start to end, in its own zone', () => {
  expect(times('2026-12-05T15:00:00Z', '2026-12-05T18:00:00Z')).toBe('9:00 am – 12:00 pm Central')
  expect(times('2026-12-05T15:00:00Z', null)).toBe('9:00 am Central')
  expect(times('2026-12-05T15:00:00Z', '2026-12-05T15:00:00Z')).toBe('9:00 am Central')
})

test('an end on another day names that day', () => {
  expect(times('2026-12-06T05:00:00Z', '2026-12-06T07:30:00Z')).toBe('11:00 pm – Sunday 1:30 am Central')
  expect(times('2026-12-01T15:00:00Z', '2026-12-12T18:00:00Z')).toBe('9:00 am – December 12 12:00 pm Central')
})

test('the night the clocks change lasts as long as it lasts', () => {
  const [starts, ends] = ['2026-03-08T05:00:00Z', '2026-03-08T11:00:00Z']
  expect(times(starts, ends)).toBe('11:00 pm – Sunday 6:00 am Central')
  expect(formatDuration(us, Date.parse(ends) - Date.parse(starts))).toBe('6 hours')
})

test('a zone is named as people say it', () => {
  expect(zoneName(us, at('2026-07-01T00:00:00Z', 'America/Phoenix'))).toBe('Arizona')
  expect(zoneName(us, at('2026-07-01T00:00:00Z', 'America/Los_Angeles'))).toBe('Pacific')
  expect(zoneName(us, at('2026-07-01T00:00:00Z', 'America/Indiana/Indianapolis'))).toBe('Eastern')
  expect(zoneName(us, at('2026-07-01T00:00:00Z', 'UTC'))).toBe('UTC')
  expect(zoneName('es-US', at('2026-07-01T00:00:00Z'))).toMatch(/central/i)
})

test('an unknown zone takes no page down', () => {
  expect(said(formatMoment(us, at('2026-12-05T15:00:00Z', 'Mars/Olympus')))).toMatch(
    /^Saturday, December 5, 3:00 pm/,
  )
})

test('what happened today is said by the clock, what happened before with its day', () => {
  const nowMs = Date.parse('2026-11-21T16:41:00Z')
  expect(said(formatRecent(us, at('2026-11-21T16:40:00Z'), nowMs))).toBe('10:40 am Central')
  expect(said(formatRecent(us, at('2026-11-21T03:40:00Z'), nowMs))).toBe(
    'Friday, November 20, 9:40 pm Central',
  )
})

test('answers stay the same within one minute, and the next minute and the next day begin on time', () => {
  const zones = [
    chicago,
    'America/St_Johns',
    'Asia/Kathmandu',
    'Pacific/Chatham',
    'Australia/Lord_Howe',
    'UTC',
  ]
  const moments = ['2026-03-08T08:00:00Z', '2026-11-01T06:45:00Z', '2027-01-01T00:00:00Z']
  for (const timeZone of zones) {
    const plain = new Intl.DateTimeFormat(us, {
      timeZone,
      weekday: 'long',
      month: 'long',
      day: 'numeric',
      year: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
    })
    for (const moment of moments)
      for (let quarter = 0; quarter < 96; quarter += 1)
        for (const besideMs of [-1, 0, 1, 59_999, 60_000]) {
          const ms = Date.parse(moment) + quarter * 900_000 + besideMs
          const parts = Object.fromEntries(plain.formatToParts(ms).map(({ type, value }) => [type, value]))
          const { weekday, month, day, year, hour, minute, dayPeriod } = parts
          const told = `${weekday}, ${month} ${day}, ${year}, ${hour}:${minute} ${dayPeriod?.toLowerCase()}`
          // The year is named, since the other moment lies in another one.
          expect(said(formatMoment(us, { ms, timeZone }, 0))).toContain(told)
        }
  }
})

test('durations and hours are figures a person would write', () => {
  expect(formatDuration(us, 3 * 3_600_000)).toBe('3 hours')
  expect(formatDuration(us, 90 * 60_000)).toBe('1 hour 30 minutes')
  expect(formatDuration(us, 45 * 60_000)).toBe('45 minutes')
  expect(formatHours(us, 46.5)).toBe('46.5')
  expect(formatHours(us, 1204.25)).toBe('1,204.25')
  expect(formatHours(us, 3)).toBe('3')
})

test('months and birthdays belong to no zone', () => {
  expect(formatMonth(us, '2026-03', 'long')).toBe('March 2026')
  expect(formatMonth(us, '2026-03', 'short')).toBe('Mar')
  expect(formatIsoDay(us, '1988-03-04')).toBe('March 4, 1988')
  expect(formatIsoDay(us, '1988')).toBe('1988')
})

test('Spanish says days, times and zones as people in the United States do', () => {
  const starts = '2026-12-05T15:00:00Z'
  expect(said(formatMoment(es, at(starts)))).toBe('sábado, 5 de diciembre, 9:00 a. m., hora central')
  expect(said(formatMoment(es, at(starts, 'America/New_York')))).toMatch(/10:00 a\. m\., hora del Este$/)
  expect(said(formatMoment(es, at(starts, 'America/Denver')))).toMatch(/8:00 a\. m\., hora de la montaña$/)
  expect(said(formatMoment(es, at(starts, 'America/Phoenix')))).toMatch(/hora de Arizona$/)
  expect(said(formatMoment(es, at(starts, 'America/Los_Angeles')))).toMatch(/hora del Pacífico$/)
  expect(said(formatMoment(es, at(starts, 'UTC')))).toMatch(/3:00 p\. m\., UTC$/)
  const span = { locale: es, startsAtMs: Date.parse(starts), timeZone: chicago }
  const night = { ...span, startsAtMs: Date.parse('2026-12-06T05:00:00Z') }
  expect(said(formatTimes({ ...span, endsAtMs: Date.parse('2026-12-05T18:00:00Z') }))).toBe(
    '9:00 a. m. – 12:00 p. m., hora central',
  )
  expect(said(formatTimes({ ...night, endsAtMs: Date.parse('2026-12-06T07:30:00Z') }))).toBe(
    '11:00 p. m. – domingo 1:30 a. m., hora central',
  )
  expect(formatDay(es, at('2027-01-09T15:00:00Z'), Date.parse(starts))).toBe('sábado, 9 de enero de 2027')
})

test('Spanish counts hours and months', () => {
  expect(formatDuration(es, 3 * 3_600_000)).toBe('3 horas')
  expect(formatDuration(es, 90 * 60_000)).toBe('1 hora y 30 minutos')
  expect(formatHours(es, 1204.25)).toBe('1,204.25')
  expect(formatMonth(es, '2026-03', 'long')).toBe('marzo de 2026')
  expect(formatIsoDay(es, '1988-03-04')).toBe('4 de marzo de 1988')
})
