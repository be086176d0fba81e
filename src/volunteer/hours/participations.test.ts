import { describe, expect, test } from 'vitest'
import type { RowState } from '../rows/rows.ts'
import { comingState, toShifts, upcoming } from '../shifts/shifts.ts'
import { nowMs, row } from '../volunteer.fixture.ts'
import { toParticipations } from './participations.ts'

const words = (state: RowState) => `because ${state}`
const at = { asOfMs: nowMs, words }
const hourMs = 3_600_000

describe('the history', () => {
  test('shows times with the offset of the shift’s own zone, and the reason in words', () => {
    const rows = [
      row({ startsAtMs: Date.UTC(2026, 10, 28, 15), hours: 2.5000001, verified: false, state: 'not_ended' }),
    ]
    expect(toParticipations(rows, {}, at)).toEqual({
      data: [
        {
          project: 'Saturday Sort',
          starts_at: '2026-11-28T09:00:00-06:00',
          ends_at: '2026-11-28T12:00:00-06:00',
          time_zone: 'America/Chicago',
          role: 'Sorter',
          hours: 2.5,
          verified: false,
          state: 'not_ended',
          reason: 'because not_ended',
        },
      ],
      page: 1,
      pages: 1,
      total: 1,
      as_of: '2026-11-21T12:00:00.000Z',
    })
  })

  test('comes in pages of 25, and a page past the end is empty', () => {
    const rows = Array.from({ length: 60 }, () => row())
    expect(toParticipations(rows, { page: '3' }, at)).toMatchObject({
      page: 3,
      pages: 3,
      total: 60,
      data: { length: 10 },
    })
    expect(toParticipations(rows, { page: '4' }, at)).toMatchObject({
      page: 4,
      pages: 3,
      total: 60,
      data: [],
    })
    expect(toParticipations([], {}, at)).toMatchObject({ page: 1, pages: 1, total: 0 })
  })

  const found = (query: Record<string, string>, rows = all) => toParticipations(rows, query, at).total
  const lateOnTheLast = row({
    startsAtMs: Date.parse('2026-10-31T23:30:00-05:00'),
    project: 'Night Watch',
    campaigns: [],
  })
  const all = [
    row({ state: 'pending' }),
    lateOnTheLast,
    row({ startsAtMs: null, countsAtMs: null, state: 'loading', project: null }),
  ]

  test('is limited to a period by days of the shift’s own zone, both included', () => {
    expect(found({ from: '2026-10-31', to: '2026-10-31' })).toBe(1)
    expect(found({ from: '2026-11-01' })).toBe(1)
    expect(found({ to: '2026-10-30' })).toBe(0)
    expect(found({ from: '2026-10-31T23:30:00-05:00', to: '2026-11-01T04:30:00Z' })).toBe(1)
    expect(found({ from: '2026-10-31T23:30:01 05:00' })).toBe(2)
  })

  test('is limited by the names of project and campaign in any case, and by state', () => {
    expect(found({ project: ' night watch ' })).toBe(1)
    expect(found({ project: 'night' })).toBe(0)
    expect(found({ campaign: 'AUTUMN DRIVE' })).toBe(2)
    expect(found({ status: 'loading' })).toBe(1)
    expect(found({ status: 'pending', project: 'Saturday Sort' })).toBe(1)
  })

  test('row 16: a name is found with another apostrophe, dash or accent than it is written with', () => {
    expect(found({ project: 'night–watch' })).toBe(1)
    expect(found({ project: 'Níght watch’' })).toBe(1)
  })

  test('ignores what it does not know, and empty values', () => {
    expect(found({ userId: '999', from: '', to: ' ', project: '', status: '', page: '' })).toBe(3)
  })

  test.each([
    ['from', { from: 'yesterday' }],
    ['from', { from: '2026-02-30' }],
    ['from', { from: '2026-02-28T25:00:00Z' }],
    ['from', { from: '2026-02-28T10:00:00' }],
    ['to', { to: '28.11.2026' }],
    ['to', { from: '2026-03-02', to: '2026-03-01' }],
    ['status', { status: 'COUNTED' }],
    ['page', { page: '0' }],
    ['page', { page: '-1' }],
    ['page', { page: '1.5' }],
    ['page', { page: '1e3' }],
    ['page', { page: '99999999999' }],
    ['project', { project: 'x'.repeat(301) }],
  ])('refuses a wrong %s by name', (field, query) => {
    expect(() => found(query)).toThrow(
      expect.objectContaining({ code: 'invalid_request', fields: { [field]: expect.any(String) } }),
    )
  })

  test('names every wrong field at once', () => {
    expect(() => found({ from: 'x', page: 'y' })).toThrow(
      expect.objectContaining({ fields: { from: expect.any(String), page: expect.any(String) } }),
    )
  })
})

describe('the shifts ahead', () => {
  const ahead = (hours: number, more = {}) =>
    row({ startsAtMs: nowMs + hours * hourMs, state: 'not_ended', ...more })

  test('are those not over, the next first, without cancelled and denied ones', () => {
    const rows = [
      ahead(48),
      ahead(-2),
      ahead(24, { state: 'pending' }),
      ahead(12, { state: 'cancelled' }),
      ahead(13, { state: 'denied' }),
      row(),
      row({ state: 'loading', startsAtMs: null, endsAtMs: null }),
      row({ state: 'date_unknown', endsAtMs: null }),
    ]
    const coming = upcoming(rows, nowMs)
    expect(coming.map(({ startsAtMs }) => ((startsAtMs ?? 0) - nowMs) / hourMs)).toEqual([-2, 24, 48])
    expect(coming.map((shift) => comingState(shift, nowMs))).toEqual(['under_way', 'pending', 'confirmed'])
    expect(toShifts(rows, { nowMs, asOfMs: nowMs, words }).data).toHaveLength(3)
  })
})
