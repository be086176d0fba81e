import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCsv } from '../src/volunteer/hours/csv.fixture.ts'
import { type House, openHouse, signIn, type TestBrowser } from './house.ts'

/** Shifts where clocks are unusual, served by the sandbox and read by the portal in any server's zone. */
const shifts = [
  {
    what: 'from the old year into the new one',
    zone: 'America/Los_Angeles',
    starts: '2024-12-31T23:30:00-08:00',
    ends: '2025-01-01T01:30:00-08:00',
    wire: '2.00',
    hours: 2,
    year: 2024,
    said: 'Tue, Dec 31 11:30 pm – Wednesday 1:30 am Pacific',
  },
  {
    what: 'half an hour after midnight on New Year’s Day',
    zone: 'America/Los_Angeles',
    starts: '2025-01-01T00:30:00-08:00',
    ends: '2025-01-01T03:00:00-08:00',
    wire: '2.50',
    hours: 2.5,
    year: 2025,
    said: 'Wed, Jan 1 12:30 am – 3:00 am Pacific',
  },
  {
    what: 'on the night the clocks go back',
    zone: 'America/Chicago',
    starts: '2024-11-03T00:30:00-05:00',
    ends: '2024-11-03T02:30:00-06:00',
    wire: 3,
    hours: 3,
    year: 2024,
    said: 'Sun, Nov 3 12:30 am – 2:30 am Central',
  },
  {
    what: 'on the night the clocks go forward',
    zone: 'America/Chicago',
    starts: '2025-03-09T01:30:00-06:00',
    ends: '2025-03-09T03:30:00-05:00',
    wire: 1,
    hours: 1,
    year: 2025,
    said: 'Sun, Mar 9 1:30 am – 3:30 am Central',
  },
  {
    what: 'in Arizona, which keeps one time all year',
    zone: 'America/Phoenix',
    starts: '2024-07-15T09:00:00-07:00',
    ends: '2024-07-15T11:30:00-07:00',
    wire: 2.5,
    hours: 2.5,
    year: 2024,
    said: 'Mon, Jul 15 9:00 am – 11:30 am Arizona',
  },
  {
    what: 'in India, already in the new year',
    zone: 'Asia/Kolkata',
    starts: '2025-01-01T01:30:00+05:30',
    ends: '2025-01-01T03:00:00+05:30',
    wire: '1.5',
    hours: 1.5,
    year: 2025,
    said: 'Wed, Jan 1 1:30 am – 3:00 am India Standard Time',
  },
  {
    what: 'in Newfoundland, still in the old one',
    zone: 'America/St_Johns',
    starts: '2024-12-31T23:30:00-03:30',
    ends: '2025-01-01T00:45:00-03:30',
    wire: 1.25,
    hours: 1.25,
    year: 2024,
    said: 'Tue, Dec 31 11:30 pm – Wednesday 12:45 am Newfoundland Time',
  },
  ...[null, '', 'abc'].map((wire) => ({
    what: `whose hours are ${JSON.stringify(wire)}`,
    zone: 'America/Denver',
    starts: '2025-02-01T09:00:00-07:00',
    ends: '2025-02-01T10:00:00-07:00',
    wire,
    hours: null,
    year: 2025,
    said: 'Sat, Feb 1 9:00 am – 10:00 am Mountain',
  })),
]

type Row = { project: string; starts_at: string; ends_at: string; hours: number | null; state: string }

describe.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati'])('a server in %s', (serverZone) => {
  const before = process.env['TZ']
  let house: House
  let browser: TestBrowser

  beforeAll(async () => {
    process.env['TZ'] = serverZone
    house = await openHouse()
    tellShifts(house)
    browser = await signIn(house, house.traps.many)
    for (let i = 0; i < 100 && !(await hoursOf()).complete; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 100))
  })
  afterAll(async () => {
    await house.close()
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
    expect(house.errors).toEqual([])
  })

  const hoursOf = async () =>
    (await browser.get('/portal/api/me/hours')).json() as {
      recorded: number
      complete: boolean
      by_year: { year: number; recorded: number }[]
      by_month: { month: string; recorded: number }[]
    }

  async function rows({ what, hours }: (typeof shifts)[number], query = ''): Promise<Row[]> {
    const status = hours === null ? 'waiting_hours' : 'counted'
    const path = `/portal/api/me/participations?project=${encodeURIComponent(what)}&status=${status}${query}`
    return ((await browser.get(path)).json() as { data: Row[] }).data
  }

  it.each(shifts)('tells a shift $what in its own zone', async (shift) => {
    const { starts, ends, hours, zone } = shift
    const told = { starts_at: starts, ends_at: ends, time_zone: zone, hours }
    expect(await rows(shift)).toMatchObject([told])
  })

  it.each(shifts)('counts a shift $what in its own day and year', async (shift) => {
    const { year, starts, ends } = shift
    const day = starts.slice(0, 10)
    expect(await rows(shift, `&from=${year}-01-01&to=${year}-12-31`)).toHaveLength(1)
    expect(await rows(shift, `&from=${day}&to=${day}`)).toHaveLength(1)
    expect(await rows(shift, `&from=${encodeURIComponent(ends)}`)).toEqual([])
  })

  it('sums years and months by the calendars of the shifts', async () => {
    const { by_year, by_month, recorded } = await hoursOf()
    const expected = (of: (shift: (typeof shifts)[number]) => string) => {
      const sums: Record<string, number> = {}
      for (const shift of shifts) if (shift.hours) sums[of(shift)] = (sums[of(shift)] ?? 0) + shift.hours
      return sums
    }
    expect(Object.fromEntries(by_year.map((each) => [each.year, each.recorded]))).toEqual(
      expected(({ year }) => String(year)),
    )
    expect(Object.fromEntries(by_month.map((each) => [each.month, each.recorded]))).toEqual(
      expected(({ starts }) => starts.slice(0, 7)),
    )
    expect(recorded).toBe(13.75)
  })

  it('says on the page, and writes into the file, the same', async () => {
    const { text } = await browser.get('/user?rows=all')
    const page = text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
    for (const { said } of shifts) expect(page).toContain(said)
    const [heads = [], ...lines] = parseCsv((await browser.get('/user/hours.csv')).text)
    expect(heads.slice(0, 5)).toEqual(['Date', 'Starts', 'Ends', 'Time zone', 'Opportunity'])
    const written = lines.map(([date, starts, ends, zone, what]) => ({ date, starts, ends, zone, what }))
    for (const { starts, ends, zone, what } of shifts)
      expect(written).toContainEqual({ date: starts.slice(0, 10), starts, ends, zone, what })
  })
})

/** The volunteer with 400 sign-ups keeps these: each with its own project and date. */
function tellShifts({ riverbend: { records }, userByEmail, traps }: House): void {
  const { id } = userByEmail(traps.many)
  const projects = new Map(records.projects.map((project) => [project.id, project]))
  const dates = new Map(records.dates.map((date) => [date.id, date]))
  const left = [...shifts]
  const told = new Set<number>()
  for (const row of records.participations.filter(({ user_id }) => user_id === id)) {
    const project = projects.get(row.project_id)
    const date = dates.get(row.project_date_id ?? -1)
    const isOrdinary = row.status === undefined && row.need === undefined
    const shift = !project || !date || !isOrdinary || told.has(project.id) ? undefined : left.pop()
    if (!project || !date || !shift) {
      row.status = 'CANCELLED'
      continue
    }
    told.add(project.id)
    project.name = shift.what
    project.address.timezone = shift.zone
    Object.assign(date, { starts_at_ms: Date.parse(shift.starts), ends_at_ms: Date.parse(shift.ends) })
    Object.assign(row, { hours: shift.wire, verified: true, checked_in_at_ms: null })
  }
  if (left.length > 0) throw new Error('the sample has too few projects')
}
