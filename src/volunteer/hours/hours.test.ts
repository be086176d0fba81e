import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Row, rowStates } from '../rows/rows.ts'
import { nowMs, row } from '../volunteer.fixture.ts'
import { toHours, toMonths } from './hours.ts'

test('confirmed and recorded hours are summed apart, year by year, the latest first', () => {
  const rows = [
    row({ hours: 3, verified: true, year: 2026 }),
    row({ hours: 2.25, verified: false, year: 2026 }),
    row({ hours: 1.5, verified: true, year: 2024 }),
  ]
  expect(toHours(rows, { asOfMs: nowMs, nowMs })).toEqual({
    verified: 4.5,
    recorded: 6.75,
    by_year: [
      { year: 2026, verified: 3, recorded: 5.25 },
      { year: 2024, verified: 1.5, recorded: 1.5 },
    ],
    by_month: [{ month: '2026-11', verified: 4.5, recorded: 6.75 }],
    by_campaign: [{ campaign: 'Autumn Drive', several: false, verified: 4.5, recorded: 6.75 }],
    by_organization: [{ organization: 'Riverbend Food Bank', verified: 4.5, recorded: 6.75 }],
    by_role: [{ role: 'Sorter', verified: 4.5, recorded: 6.75 }],
    not_counted: [],
    activity: 'active',
    complete: true,
    as_of: '2026-11-21T12:00:00.000Z',
  })
})

test('a row of two campaigns is counted once, apart from both; what has no name comes last', () => {
  const rows = [
    row({ hours: 1, campaigns: ['Autumn Drive'], role: 'Driver', organization: null }),
    row({ hours: 2, campaigns: ['Autumn Drive', 'Winter Coats'], role: null, verified: false }),
    row({ hours: 4, campaigns: ['Winter Coats', 'Winter Coats'], role: 'Sorter' }),
    row({ hours: 8, campaigns: [], role: null }),
  ]
  const { by_campaign, by_role, by_organization } = toHours(rows, { asOfMs: nowMs, nowMs })
  expect(by_campaign).toEqual([
    { campaign: 'Winter Coats', several: false, verified: 4, recorded: 4 },
    { campaign: 'Autumn Drive', several: false, verified: 1, recorded: 1 },
    { campaign: null, several: true, verified: 0, recorded: 2 },
    { campaign: null, several: false, verified: 8, recorded: 8 },
  ])
  expect(by_role).toEqual([
    { role: 'Sorter', verified: 4, recorded: 4 },
    { role: 'Driver', verified: 1, recorded: 1 },
    { role: null, verified: 8, recorded: 10 },
  ])
  expect(by_organization).toEqual([
    { organization: 'Riverbend Food Bank', verified: 12, recorded: 14 },
    { organization: null, verified: 1, recorded: 1 },
  ])
})

test.each<[string, string, Row[]]>([
  ['never', 'signed up for nothing', []],
  ['signed_up', 'everything lies ahead', [row({ state: 'not_ended', endsAtMs: nowMs + 1 })]],
  ['signed_up', 'what there was fell through', [row({ state: 'cancelled' }), row({ state: 'item' })]],
  ['active', 'served lately', [row()]],
  ['active', 'served lately, and waits for the hours', [row({ state: 'waiting_hours', hours: null })]],
  ['lapsed', 'served long ago', [row({ startsAtMs: nowMs - 181 * 86_400_000 })]],
  ['active', 'served almost as long ago', [row({ startsAtMs: nowMs - 180 * 86_400_000 })]],
  [
    'active',
    'served long ago, and comes back',
    [
      row({ startsAtMs: nowMs - 400 * 86_400_000 }),
      row({ state: 'not_ended', startsAtMs: nowMs + 1, endsAtMs: nowMs + 2 }),
    ],
  ],
  ['active', 'is not known yet', [row({ state: 'loading', countsAtMs: null })]],
])('a volunteer is %s who %s', (activity, _why, rows) => {
  expect(toHours(rows, { asOfMs: nowMs, nowMs }).activity).toBe(activity)
})

test('what does not count is listed with its reason, its rows and the hours they carry', () => {
  const rows = [
    row({ state: 'not_ended', hours: 10 }),
    row({ state: 'not_ended', hours: null }),
    row({ state: 'waiting_hours', hours: null }),
    row({ state: 'loading', hours: 4, year: null, countsAtMs: null }),
  ]
  expect(toHours(rows, { asOfMs: nowMs, nowMs })).toMatchObject({
    recorded: 0,
    by_year: [],
    not_counted: [
      { state: 'not_ended', count: 2, hours: 10 },
      { state: 'waiting_hours', count: 1, hours: 0 },
      { state: 'loading', count: 1, hours: 4 },
    ],
    complete: false,
  })
})

test('a volunteer without rows has nought, and that is complete', () => {
  expect(toHours([], { asOfMs: nowMs, nowMs })).toMatchObject({
    verified: 0,
    recorded: 0,
    by_year: [],
    not_counted: [],
    complete: true,
  })
})

const anyRow: fc.Arbitrary<Row> = fc
  .record({
    hours: fc.oneof(
      fc.constant(null),
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.constantFrom(0.1, 0.2, 0.7, 1.005),
    ),
    verified: fc.boolean(),
    state: fc.constantFrom(...rowStates),
    year: fc.integer({ min: 2015, max: 2026 }),
  })
  .map(row)

test('the parts equal the whole to the hundredth, and no row is lost', () => {
  expect(() =>
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), (rows) => {
        const hours = toHours(rows, { asOfMs: nowMs, nowMs })
        const total = (
          parts: readonly { recorded: number; verified: number }[],
          key: 'recorded' | 'verified',
        ) => parts.reduce((so, part) => so + Math.round(part[key] * 100), 0) / 100
        const counted = rows.filter(({ state }) => state === 'counted').length
        return (
          total(hours.by_year, 'recorded') === hours.recorded &&
          total(hours.by_year, 'verified') === hours.verified &&
          hours.verified <= hours.recorded &&
          String(hours.recorded).length <= 8 &&
          hours.not_counted.reduce((so, { count }) => so + count, counted) === rows.length
        )
      }),
      { numRuns: 1_000 },
    ),
  ).not.toThrow()
})

test('the last twelve months end with the current one, months without hours included', () => {
  const rows = [
    row({ countsAtMs: Date.parse('2026-11-01T02:00:00Z'), hours: 2 }), // still October in Chicago
    row({ countsAtMs: Date.UTC(2026, 10, 14), hours: 3, verified: false }),
    row({ countsAtMs: Date.UTC(2025, 10, 14), hours: 9 }),
    row({ countsAtMs: Date.UTC(2026, 10, 20), hours: 9, state: 'waiting_hours' }),
  ]
  const months = toMonths(rows, { ms: nowMs, timeZone: 'America/Chicago' })
  expect(months.map(({ month }) => month)).toEqual([
    '2025-12',
    '2026-01',
    '2026-02',
    '2026-03',
    '2026-04',
    '2026-05',
    '2026-06',
    '2026-07',
    '2026-08',
    '2026-09',
    '2026-10',
    '2026-11',
  ])
  expect(months.slice(-2)).toEqual([
    { month: '2026-10', verified: 2, recorded: 2 },
    { month: '2026-11', verified: 0, recorded: 3 },
  ])
  expect(months.slice(0, 10).every(({ recorded }) => recorded === 0)).toBe(true)
})
