import { expect, test } from 'vitest'
import { makeZone } from './local-time.ts'

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)

test('a time on the wall becomes the right instant in winter and in summer', () => {
  const chicago = makeZone('America/Chicago')
  expect(iso(chicago.toUtc(Date.UTC(2025, 0, 10, 9)))).toBe('2025-01-10T15:00')
  expect(iso(chicago.toUtc(Date.UTC(2025, 6, 10, 9)))).toBe('2025-07-10T14:00')
  expect(iso(makeZone('America/Phoenix').toUtc(Date.UTC(2025, 6, 10, 9)))).toBe('2025-07-10T16:00')
  expect(iso(makeZone('UTC').toUtc(Date.UTC(2025, 6, 10, 9)))).toBe('2025-07-10T09:00')
})

test('a night over a clock change is an hour shorter in spring and longer in autumn', () => {
  const chicago = makeZone('America/Chicago')
  const night = (month: number, day: number) =>
    (chicago.toUtc(Date.UTC(2025, month, day + 1, 6)) - chicago.toUtc(Date.UTC(2025, month, day, 22))) /
    3_600_000
  expect([night(2, 8), night(10, 1), night(10, 8)]).toEqual([7, 9, 8])
})

test('clock changes are found on their days, and none where clocks never change', () => {
  const [from, to] = [Date.UTC(2025, 0, 1), Date.UTC(2026, 0, 1)]
  const days = (zone: string) =>
    makeZone(zone)
      .clockChanges(from, to)
      .map((day) => iso(day).slice(0, 10))
  expect(days('America/Denver')).toEqual(['2025-03-09', '2025-11-02'])
  expect(days('America/Phoenix')).toEqual([])
})
