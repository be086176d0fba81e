import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderPage } from '../../page/layout.tsx'
import { languageWith } from '../../text/languages.ts'
import { dayIn } from '../../time/zones.ts'
import { type Row, toRows } from '../rows/rows.ts'
import { nowMs, participation, project } from '../volunteer.fixture.ts'
import { hoursAnswer } from './answers.ts'
import { parseCsv } from './csv.fixture.ts'
import { toHoursCsv } from './csv-file.ts'
import { choicesAmong, listedOf, narrow, noFilter } from './history-filter.ts'
import { toHours, toHundredths, wholeOf } from './hours.ts'
import { ResumePage } from './page.tsx'
import { historyHref } from './page-history-filter.tsx'
import { toParticipations } from './participations.ts'
import { keyOf, kindsOfParts } from './parts.ts'
import { resumeView } from './view.ts'

/** Renders and reads back page, paper, file and API: for every record they agree, to the hundredth and the minute. */

const hourMs = 3_600_000
const zones = [
  'America/Los_Angeles',
  'America/Phoenix',
  'Asia/Kolkata',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'UTC',
]
const names = ['Autumn Drive', 'Winter Coats', '~none', '"quoted", with commas', '=SUM(A1)']

const anyProject = fc
  .record({
    name: fc.constantFrom(...names, ''),
    timeZone: fc.constantFrom(...zones),
    organization: fc.constantFrom('Riverbend', 'Hillside', null),
    isAnytime: fc.boolean(),
    campaigns: fc.subarray(names),
    startsAtMs: fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2027, 5, 1) }),
    lastsMs: fc.integer({ min: 0, max: 12 * hourMs }),
  })
  .map(({ startsAtMs, lastsMs, campaigns, ...more }) =>
    project({
      ...more,
      campaigns: campaigns.map((name, i) => ({ id: String(i), name })),
      dates: [{ id: '8001', startsAtMs, endsAtMs: startsAtMs + lastsMs, placesLeft: null }],
    }),
  )

const anyMoment = fc.option(fc.integer({ min: Date.UTC(2023, 0, 1), max: nowMs }))
const anyParticipation = fc
  .record({
    view: fc.oneof(
      { weight: 6, arbitrary: anyProject },
      fc.constantFrom('gone' as const, 'loading' as const),
    ),
    projectDateId: fc.constantFrom('8001', '8001', '8009', null),
    checkedInAtMs: anyMoment,
    checkedOutAtMs: anyMoment,
    hours: fc.oneof(
      fc.constantFrom(null, 0, 0.1, 0.2, 0.7, 1.005, 2.675),
      fc.double({ min: 0, max: 24, noNaN: true }),
    ),
    isVerified: fc.boolean(),
    role: fc.constantFrom('Driver', 'Sorter', null),
    guests: fc.nat({ max: 3 }),
    status: fc.constantFrom(null, null, null, 'CANCELLED', 'DENIED', 'PENDING'),
    isItem: fc.constantFrom(false, false, false, true),
  })
  .map(({ view, ...more }, i = 0) => ({ view, one: participation({ ...more, projectId: String(i) }) }))

const anyRows = fc.array(anyParticipation, { maxLength: 70 }).map((all): Row[] => {
  const projects = new Map(all.map(({ view }, i) => [String(i), view]))
  const participations = all.map(({ one }, i) => ({ ...one, projectId: String(i) }))
  return toRows(participations, { projects, nowMs, timeZone: 'America/Chicago' })
})

const customer = {
  timeZone: 'America/Chicago',
  hoursWords: { verified: {}, showsVerified: true, confirmDays: null },
}

const site = {
  name: 'Riverbend',
  slug: 'riverbend',
  contactEmail: null,
  contactName: null,
  assets: { stylesheet: '/s.css', script: '/s.js', theme: '/t.css', icon: '/i.png' },
}
const english = languageWith('en')

function pageOf(rows: readonly Row[], query: Record<string, string>): string {
  const at = { customer, nowMs, language: english }
  return renderPage(
    <ResumePage
      {...resumeView({ rows, loadingCount: 0 }, query, at)}
      site={site}
      words={english.words}
      locale={english.locale}
      visitor={{ firstName: 'Mara' }}
      name="Mara Quist"
      asOf={{ ms: nowMs, timeZone: customer.timeZone, nowMs }}
    />,
  )
}

const cellsOf = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([, text = '']) => text)
const figure = (text: string | undefined) => Math.round(Number(text?.replaceAll(',', '')) * 100)
const sum = (figures: readonly number[]) => figures.reduce((so, each) => so + each, 0)

/** The total, the breakdown and the rows of the list. */
function read(html: string) {
  const breakdown = /id="counted".*?<tbody>(.*?)<\/tbody>/s.exec(html)?.[1] ?? ''
  const bodies = [...html.matchAll(/<tr role="row"[^>]*><td.*?<\/tr>/gs)].map(([text]) => text)
  return {
    total: figure(/<span class="figure">([\d.,]+)</.exec(html)?.[1] ?? '0'),
    parts: cellsOf(breakdown, /<\/th><td>([\d.,]+)<\/td>/g).map(figure),
    verifiedParts: cellsOf(breakdown, /<td>([\d.,]+)<\/td><\/tr>/g).map(figure),
    count: bodies.length,
    counted: bodies.flatMap((body) => {
      const hours = /<td role="cell" class="number">([\d.,]+)</.exec(body)?.[1]
      return hours === undefined ? [] : [figure(hours)]
    }),
    moments: bodies.flatMap((body) => /<time datetime="([^"]+)"/i.exec(body)?.[1] ?? []),
  }
}

/** Keyed by the names of its columns. */
function readFile(rows: readonly Row[]) {
  const said = english.words.hours.columns
  const [heads = [], ...lines] = parseCsv(
    toHoursCsv(rows, english, { verification: { word: 'confirmed', withinDays: null } }),
  )
  const column = (name: string) => lines.map((line) => line[heads.indexOf(name)] ?? '')
  return {
    count: lines.length,
    recorded: column(said.hours).map(figure),
    verified: column(said.verified('confirmed')).map(figure),
    starts: column(said.starts),
    dates: column(said.date),
  }
}

/** All its pages. */
function readApi(rows: readonly Row[], query: Record<string, string> = {}) {
  const at = { asOfMs: nowMs, words: (state: Row['state']) => english.words.rowStates[state] }
  const { pages } = toParticipations(rows, query, at)
  return Array.from(
    { length: pages },
    (_, i) => toParticipations(rows, { ...query, page: String(i + 1) }, at).data,
  ).flat()
}

const agrees = (property: (rows: Row[]) => void, numRuns: number) => () =>
  fc.assert(fc.property(anyRows, property), { numRuns })

test(
  'page, paper, file and API agree about every record',
  agrees((rows) => {
    const hours = toHours(rows, { asOfMs: nowMs, nowMs })
    expect(hoursAnswer.safeParse(hours).error?.issues ?? []).toEqual([])
    const recorded = figure(String(hours.recorded))
    const verified = figure(String(hours.verified))
    const page = read(pageOf(rows, { rows: 'all' }))
    const file = readFile(rows)
    const api = readApi(rows)

    expect(page.total).toBe(recorded)
    expect(sum(page.parts)).toBe(recorded)
    expect(sum(page.verifiedParts)).toBe(verified)
    expect([page.count, file.count, api.length]).toEqual([rows.length, rows.length, rows.length])
    expect(sum(page.counted)).toBe(recorded)
    expect(sum(file.recorded)).toBe(recorded)
    expect(sum(file.verified)).toBe(verified)
    const ofApi = api.filter(({ state }) => state === 'counted')
    expect(sum(ofApi.map((each) => toHundredths(each.hours ?? 0)))).toBe(recorded)
    expect(file.starts).toEqual(api.map(({ starts_at }) => starts_at ?? ''))
    const moments = rows.flatMap(({ startsAtMs, countsAtMs }) => startsAtMs ?? countsAtMs ?? [])
    expect(page.moments.toSorted()).toEqual(moments.map((ms) => new Date(ms).toISOString()).toSorted())
    for (const [i, each] of api.entries()) {
      if (each.starts_at === null) continue
      expect(Date.parse(each.starts_at)).toBe(Math.floor((rows[i]?.startsAtMs ?? 0) / 1000) * 1000)
      expect(file.dates[i]).toBe(each.starts_at.slice(0, 10))
    }
  }, 150),
  120_000,
)

test(
  'for every way to split hours, the parts make up the whole, on the page and in the API',
  agrees((rows) => {
    const hours = toHours(rows, { asOfMs: nowMs, nowMs })
    for (const parts of [
      hours.by_year,
      hours.by_month,
      hours.by_campaign,
      hours.by_organization,
      hours.by_role,
    ]) {
      expect(sum(parts.map(({ recorded }) => toHundredths(recorded)))).toBe(toHundredths(hours.recorded))
      expect(sum(parts.map(({ verified }) => toHundredths(verified)))).toBe(toHundredths(hours.verified))
    }
    if (hours.recorded === 0) return
    for (const by of kindsOfParts)
      expect(sum(read(pageOf(rows, { by })).parts), by).toBe(toHundredths(hours.recorded))
  }, 60),
  120_000,
)

test(
  'for every filter, the choices make up the whole, and the totals stay',
  agrees((rows) => {
    const choices = choicesAmong(rows)
    const whole = listedOf(rows)
    const filters = {
      year: choices.years.map(keyOf),
      state: choices.states,
      initiative: choices.initiatives.map(keyOf),
      opportunity: choices.opportunities.map(keyOf),
    }
    for (const [name, values] of Object.entries(filters)) {
      const listed = values.map((value) => {
        const filter = { ...noFilter, [name]: value }
        const narrowed = narrow(rows, filter)
        const query = Object.fromEntries(
          new URL(historyHref('/user', filter, 1, { isWhole: true }), 'http://x').searchParams,
        )
        const page = read(pageOf(rows, query))
        expect(page.total).toBe(toHundredths(whole.hours))
        expect(page.count).toBe(narrowed.length)
        expect(sum(readFile(narrowed).recorded)).toBe(sum(page.counted))
        return listedOf(narrowed)
      })
      expect(sum(listed.map((each) => each.rows)), name).toBe(whole.rows)
      expect(sum(listed.map((each) => toHundredths(each.hours))), name).toBe(toHundredths(whole.hours))
    }
  }, 15),
  120_000,
)

test(
  'a period of the page is the same period in the file and in the API, and what waits is what is not confirmed',
  agrees((rows) => {
    const [from, to] = ['2025-03-01', '2026-02-28']
    const filter = { ...noFilter, from, to }
    const ofPage = narrow(rows, filter)
    expect(ofPage).toHaveLength(readApi(rows, { from, to }).length)
    expect(sum(readFile(ofPage).recorded)).toBe(toHundredths(listedOf(ofPage).hours))
    const waiting = listedOf(narrow(rows, { ...noFilter, verified: 'no' }))
    const { recorded, verified } = wholeOf(rows).total
    expect(toHundredths(waiting.hours)).toBe(toHundredths(recorded) - toHundredths(verified))
  }, 15),
  120_000,
)

test(
  'a year of the page is the same year in the API',
  agrees((rows) => {
    for (const { named } of choicesAmong(rows).years.filter(
      (part) => part !== 'none' && part !== 'several',
    )) {
      const ofPage = narrow(rows, { ...noFilter, year: named })
      const ofApi = readApi(rows, { from: `${named}-01-01`, to: `${named}-12-31` })
      expect(ofApi).toHaveLength(ofPage.length)
      for (const { timeZone, countsAtMs } of ofPage)
        expect(countsAtMs !== null && dayIn(timeZone, countsAtMs).slice(0, 4)).toBe(named)
    }
  }, 60),
  120_000,
)
