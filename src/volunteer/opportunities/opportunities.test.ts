import { describe, expect, test } from 'vitest'
import { openSecrets } from '../../secrets.ts'
import type { VomoProject } from '../../vomo/types.ts'
import { ownKeyForm } from '../own-key.ts'
import { project } from '../volunteer.fixture.ts'
import { noFilter, queryOf, readFilterGently, readOpportunityFilter } from './filter.ts'
import { countsAhead, opportunitiesAhead, townIn, townsOf } from './opportunities.ts'
import { byDay, opportunityKeys, toView } from './view.ts'

const chicago = 'America/Chicago'

/** A project with a date at each of these moments. */
function at(moments: readonly string[], more: Partial<VomoProject> = {}): VomoProject {
  const dates = moments.map((moment, index) => {
    const startsAtMs = Date.parse(moment)
    return { id: `${index}`, startsAtMs, endsAtMs: startsAtMs + 3_600_000, placesLeft: null }
  })
  return project({ dates, timeZone: chicago, ...more })
}

/** A Wednesday, 9:00 in Chicago. */
const nowMs = Date.parse('2026-11-18T15:00:00Z')
const names = (projects: VomoProject[], wanted: object = {}, now = nowMs) =>
  opportunitiesAhead(projects, now, wanted).map(({ name }) => name)

describe('public opportunities', () => {
  test('is public, has a name, and lies ahead; the soonest comes first', () => {
    expect(
      names([
        at(['2026-12-01T15:00:00Z'], { name: 'Later' }),
        at(['2026-11-18T15:00:01Z'], { name: 'Soon' }),
        at(['2026-11-18T15:00:00Z'], { name: 'Begun' }),
        at(['2026-12-01T15:00:00Z'], { name: 'Private', isPublic: false }),
        at(['2026-12-01T15:00:00Z'], { name: '' }),
        at([], { name: 'Anytime', isAnytime: true }),
      ]),
    ).toEqual(['Soon', 'Later'])
  })

  test('shows its next date and how many come after it', () => {
    const [only] = opportunitiesAhead(
      [at(['2026-12-09T15:00:00Z', '2026-11-01T15:00:00Z', '2026-12-02T15:00:00Z'])],
      nowMs,
    )
    expect(only).toMatchObject({
      nextStartsAtMs: Date.parse('2026-12-02T15:00:00Z'),
      laterAtMs: [Date.parse('2026-12-09T15:00:00Z')],
    })
  })

  test('leads to a page only where its address is one', () => {
    const urls = [null, 'javascript:alert(1)', 'https://vomo.example/p'].map(
      (url) => opportunitiesAhead([at(['2026-12-01T15:00:00Z'], { url })], nowMs)[0]?.url,
    )
    expect(urls).toEqual([null, null, 'https://vomo.example/p'])
  })
})

test('the count beside a campaign is the number of entries in its list', () => {
  const [food, coats] = [
    { id: '31', name: 'Food' },
    { id: '32', name: 'Coats' },
  ]
  const projects = [
    at(['2026-12-01T15:00:00Z', '2026-12-08T15:00:00Z'], { campaigns: [food, coats] }),
    at(['2026-12-02T15:00:00Z'], { campaigns: [food, food] }),
    at(['2026-11-01T15:00:00Z'], { campaigns: [coats] }),
    at(['2026-12-02T15:00:00Z'], { campaigns: [coats], isPublic: false }),
  ]
  const listed = ['31', '32', '33'].map((campaignId) => names(projects, { campaignId }).length)
  expect(listed).toEqual([2, 1, 0])
  const counts = countsAhead(projects, nowMs)
  expect(['31', '32', '33'].map((id) => counts.get(id) ?? 0)).toEqual(listed)
})

describe('looking for something', () => {
  const projects = [
    at(['2026-12-01T15:00:00Z'], { name: 'Café helpers', place: 'Old Mill Hall, Río Street', campaigns: [] }),
    at(['2026-12-02T15:00:00Z'], {
      name: 'Driver',
      place: null,
      campaigns: [{ id: '7', name: 'Harvest Drive' }],
    }),
  ]

  test.each([
    ['cafe', ['Café helpers']],
    ['HALL rio', ['Café helpers']],
    ['harvest', ['Driver']],
    ['harvest hall', []],
    ['e', ['Café helpers', 'Driver']],
    ['.*', []],
  ])('by "%s" finds %j', (text, found) => expect(names(projects, { text })).toEqual(found))

  test('within a campaign goes by its id', () => {
    expect(names(projects, { campaignId: '7' })).toEqual(['Driver'])
  })

  test.each([
    ['week', ['2026-11-18', '2026-11-24'], ['2026-11-25']],
    ['month', ['2026-12-17'], ['2026-12-18']],
    ['weekend', ['2026-11-21', '2026-11-22'], ['2026-11-20', '2026-11-23', '2026-11-28']],
  ] as const)('within the %s looks at days there', (when, inside, outside) => {
    for (const [days, isFound] of [
      [inside, true],
      [outside, false],
    ] as const) {
      for (const day of days)
        expect(names([at([`${day}T23:30:00-06:00`])], { when }), day).toHaveLength(isFound ? 1 : 0)
    }
  })

  test('on a weekend means this one, to its last minute there', () => {
    const sunday = Date.parse('2026-11-22T12:00:00-06:00')
    expect(names([at(['2026-11-22T23:30:00-06:00'])], { when: 'weekend' }, sunday)).toHaveLength(1)
    for (const other of ['2026-11-23T00:30:00-06:00', '2026-11-28T12:00:00-06:00'])
      expect(names([at([other])], { when: 'weekend' }, sunday)).toEqual([])
    const saturday = Date.parse('2026-11-21T12:00:00-06:00')
    for (const day of ['2026-11-21T15:00:00-06:00', '2026-11-22T15:00:00-06:00'])
      expect(names([at([day])], { when: 'weekend' }, saturday)).toHaveLength(1)
  })

  test('at a time shows the first date of that time', () => {
    const [only] = opportunitiesAhead(
      [at(['2026-11-19T15:00:00Z', '2026-11-21T15:00:00Z', '2026-11-22T15:00:00Z'])],
      nowMs,
      { when: 'weekend' },
    )
    expect(only).toMatchObject({
      nextStartsAtMs: Date.parse('2026-11-21T15:00:00Z'),
      laterAtMs: [Date.parse('2026-11-22T15:00:00Z')],
    })
  })
})

describe('one filter for each question', () => {
  const early = at(['2026-11-21T08:59:00-06:00'], { name: 'Saturday early', town: 'Cedar Flats' })
  const noon = at(['2026-11-22T12:00:00-06:00'], { name: 'Sunday noon', town: 'Mill Race' })
  const late = at(['2026-11-23T17:00:00-06:00', '2026-11-28T23:30:00-06:00'], { name: 'Late', town: null })
  const projects = [early, noon, late]

  test.each([
    [{ day: 'sat' }, ['Saturday early', 'Late']],
    [{ day: 'sun' }, ['Sunday noon']],
    [{ day: 'mon' }, ['Late']],
    [{ day: 'tue' }, []],
    [{ time: 'morning' }, ['Saturday early']],
    [{ time: 'afternoon' }, ['Sunday noon']],
    [{ time: 'evening' }, ['Late']],
    [{ day: 'sat', time: 'evening' }, ['Late']],
    [{ town: 'mill race' }, ['Sunday noon']],
    [{ town: 'Mill' }, []],
    [{ town: 'Cedar Flats', time: 'evening' }, []],
  ])('%j finds %j, by the clock of the place', (wanted, found) => {
    expect(names(projects, wanted)).toEqual(found)
  })

  test('towns are listed once, and near is the one an address names between its commas', () => {
    const towns = townsOf(opportunitiesAhead([...projects, { ...noon, town: 'MILL RACE' }], nowMs))
    expect(towns.map((town) => town.toLowerCase())).toEqual(['cedar flats', 'mill race'])
    expect(townIn('321 Pine Rd, Cedar Flats, NE 68997, USA', towns)).toBe('Cedar Flats')
    for (const address of [null, '', 'Cedar Flats Road 5, Elsewhere', '1 Cedar, Flats'])
      expect(townIn(address, towns)).toBeUndefined()
  })
})

describe('an opportunity in a list', () => {
  const only = (more: Partial<VomoProject>) =>
    opportunitiesAhead([at(['2026-12-01T15:00:00Z'], more)], nowMs)[0]

  test('says in one line what it is, cut at a word', () => {
    expect(only({})?.summary).toBeNull()
    expect(only({ description: ['Sort.', 'Bring gloves.'] })?.summary).toBe('Sort.')
    const long = only({ description: ['Sort what came in today, '.repeat(20)] })?.summary ?? ''
    expect(long.length).toBeLessThanOrEqual(121)
    expect(long).toMatch(/(today|in|came|what|Sort)…$/)
    expect(only({ description: ['😀'.repeat(200)] })?.summary).not.toMatch(/\p{Cs}/u)
  })

  test('is found by its summary, too', () => {
    expect(
      names([at(['2026-12-01T15:00:00Z'], { name: 'A', description: ['Chop carrots'] })], { text: 'carrot' }),
    ).toEqual(['A'])
  })

  test('whose next date is full says when there are places again', () => {
    const dates = [0, 0, 4].map((placesLeft, week) => {
      const startsAtMs = nowMs + (week + 1) * 7 * 86_400_000
      return { id: `${week}`, startsAtMs, endsAtMs: startsAtMs, placesLeft }
    })
    expect(opportunitiesAhead([project({ dates })], nowMs)[0]).toMatchObject({
      placesLeft: 0,
      nextOpenAtMs: dates[2]?.startsAtMs,
    })
    expect(opportunitiesAhead([project({ dates: dates.slice(0, 2) })], nowMs)[0]?.nextOpenAtMs).toBeNull()
  })

  test('stands under the day of its place, once, however many dates it has', () => {
    const weekly = at(
      Array.from({ length: 12 }, (_, i) => new Date(nowMs + (i + 1) * 7 * 86_400_000).toISOString()),
      { name: 'Weekly' },
    )
    const sameDay = at(['2026-11-25T23:30:00-06:00'], { name: 'Late the same day', id: '2' })
    const next = at(['2026-11-26T00:30:00-06:00'], { name: 'After midnight', id: '3' })
    const views = opportunitiesAhead([next, sameDay, weekly], nowMs).map((each) =>
      toView(each, (id) => `own-${id}`),
    )
    expect(byDay(views).map(({ opportunities }) => opportunities.map(({ name }) => name))).toEqual([
      ['Weekly', 'Late the same day'],
      ['After midnight'],
    ])
    expect(JSON.stringify(views)).not.toContain('projectId')
    expect(views.map(({ href }) => href)).toContain('/opportunities/own-2')
  })
})

describe('our own name for a project', () => {
  const secrets = openSecrets(['x'.repeat(48)])

  test('is the same for everybody and after a restart, differs between customers, and holds no id', () => {
    const key = opportunityKeys(secrets, 'riverbend')('3418206')
    expect(key).toMatch(ownKeyForm)
    expect(opportunityKeys(openSecrets(['x'.repeat(48)]), 'riverbend')('3418206')).toBe(key)
    const others = [
      opportunityKeys(secrets, 'hillside')('3418206'),
      opportunityKeys(secrets, 'riverbend')('3418207'),
      opportunityKeys(openSecrets(['y'.repeat(48)]), 'riverbend')('3418206'),
    ]
    expect(new Set([key, ...others]).size).toBe(4)
  })
})

describe('a filter', () => {
  test('that is not understood is refused by name in the API, and passed over on the page', () => {
    const bent = {
      q: 'x'.repeat(201),
      campaign: '../admin',
      when: 'never',
      day: 'saturday',
      time: 'noon',
      town: 'x'.repeat(201),
      page: '0',
      userId: '9',
    }
    const fields = Object.fromEntries(
      ['q', 'campaign', 'when', 'day', 'time', 'town', 'page'].map((field) => [
        field,
        expect.stringMatching(/^must /),
      ]),
    )
    expect(() => readOpportunityFilter(bent)).toThrow(
      expect.objectContaining({ code: 'invalid_request', fields }),
    )
    expect(readFilterGently(bent)).toEqual(noFilter)
  })

  test('is remembered in the address, and means the same when read again', () => {
    const filter = {
      ...noFilter,
      text: 'café & more',
      day: 'sat',
      time: 'evening',
      town: 'Cedar Flats',
      campaign: 'summer-meals',
      when: 'month',
      page: 2,
    } as const
    const query = queryOf(filter)
    expect(readFilterGently(Object.fromEntries(new URLSearchParams(query)))).toEqual(filter)
    expect(queryOf(noFilter)).toBe('')
  })

  test('with empty values is none', () => {
    expect(
      readOpportunityFilter({ q: ' ', campaign: '', when: '', day: '', time: '', town: '', page: '' }),
    ).toEqual(noFilter)
  })
})
