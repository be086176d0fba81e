import { describe, expect, test } from 'vitest'
import type { VomoProject } from '../../vomo/types.ts'
import { project } from '../volunteer.fixture.ts'
import { readFilterGently, readOpportunityFilter } from './filter.ts'
import { opportunitiesAhead } from './opportunities.ts'

const everything = { text: undefined, campaignId: undefined, when: undefined }
const chicago = 'America/Chicago'

/** A project with a date at each of these moments. */
function at(moments: readonly string[], more: Partial<VomoProject> = {}): VomoProject {
  const dates = moments.map((moment, index) => {
    const startsAtMs = Date.parse(moment)
    return { id: `${index}`, startsAtMs, endsAtMs: startsAtMs + 3_600_000 }
  })
  return project({ dates, timeZone: chicago, ...more })
}

/** A Wednesday, 9:00 in Chicago. */
const nowMs = Date.parse('2026-11-18T15:00:00Z')
const names = (projects: VomoProject[], wanted = {}, now = nowMs) =>
  opportunitiesAhead(projects, now, { ...everything, ...wanted }).map(({ name }) => name)

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
    expect(only).toMatchObject({ nextStartsAtMs: Date.parse('2026-12-02T15:00:00Z'), moreDates: 1 })
  })

  test('leads to a page only where its address is one', () => {
    const urls = [null, 'javascript:alert(1)', 'https://vomo.example/p'].map(
      (url) => opportunitiesAhead([at(['2026-12-01T15:00:00Z'], { url })], nowMs)[0]?.url,
    )
    expect(urls).toEqual([null, null, 'https://vomo.example/p'])
  })
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
      { ...everything, when: 'weekend' },
    )
    expect(only).toMatchObject({ nextStartsAtMs: Date.parse('2026-11-21T15:00:00Z'), moreDates: 1 })
  })
})

describe('a filter', () => {
  test('that is not understood is refused by name in the API, and passed over on the page', () => {
    const bent = { q: 'x'.repeat(201), campaign: '../admin', when: 'never', page: '0', userId: '9' }
    const fields = Object.fromEntries(
      ['q', 'campaign', 'when', 'page'].map((field) => [field, expect.stringMatching(/^must /)]),
    )
    expect(() => readOpportunityFilter(bent)).toThrow(
      expect.objectContaining({ code: 'invalid_request', fields }),
    )
    expect(readFilterGently(bent)).toEqual({ text: undefined, campaign: undefined, when: undefined, page: 1 })
  })

  test('with empty values is none', () => {
    expect(readOpportunityFilter({ q: ' ', campaign: '', when: '', page: '' })).toEqual({
      text: undefined,
      campaign: undefined,
      when: undefined,
      page: 1,
    })
  })
})
