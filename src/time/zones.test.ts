import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayIn, daysBetween, isoIn, monthIn, yearIn } from './zones.ts'

const chicago = 'America/Chicago'

test.each([
  ['2026-11-28T15:00:00Z', 'America/Chicago', '2026-11-28T09:00:00-06:00'],
  ['2026-07-28T14:00:00Z', 'America/Chicago', '2026-07-28T09:00:00-05:00'],
  ['2026-11-28T15:00:00Z', 'UTC', '2026-11-28T15:00:00+00:00'],
  ['2026-11-28T15:00:00Z', 'Asia/Kolkata', '2026-11-28T20:30:00+05:30'],
  ['2026-11-28T15:00:00Z', 'America/St_Johns', '2026-11-28T11:30:00-03:30'],
  // The night the clocks go back: 1:30 comes twice.
  ['2026-11-01T06:30:00Z', 'America/Chicago', '2026-11-01T01:30:00-05:00'],
  ['2026-11-01T07:30:00Z', 'America/Chicago', '2026-11-01T01:30:00-06:00'],
  // The night they go forward: 2:30 never comes.
  ['2026-03-08T07:59:59Z', 'America/Chicago', '2026-03-08T01:59:59-06:00'],
  ['2026-03-08T08:00:00Z', 'America/Chicago', '2026-03-08T03:00:00-05:00'],
  // Phoenix keeps one time all year.
  ['2026-01-15T16:00:00Z', 'America/Phoenix', '2026-01-15T09:00:00-07:00'],
  ['2026-07-15T16:00:00Z', 'America/Phoenix', '2026-07-15T09:00:00-07:00'],
  ['2026-01-01T06:00:00Z', 'America/Chicago', '2026-01-01T00:00:00-06:00'],
])('%s in %s is %s', (utc, zone, iso) => {
  expect(isoIn(zone, Date.parse(utc))).toBe(iso)
})

test('year, month and day are those of the zone', () => {
  const ms = Date.parse('2026-01-01T05:30:00Z')
  expect([
    yearIn('America/Chicago', ms),
    monthIn('America/Chicago', ms),
    dayIn('America/Chicago', ms),
  ]).toEqual([2025, '2025-12', '2025-12-31'])
  expect([yearIn('UTC', ms), dayIn('Pacific/Auckland', ms)]).toEqual([2026, '2026-01-01'])
})

test('what is written with an offset reads back as the same moment', () => {
  const zones = [
    'America/Chicago',
    'America/Los_Angeles',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Phoenix',
    'UTC',
  ]
  const seconds = fc.integer({ min: Date.UTC(1990, 0) / 1_000, max: Date.UTC(2060, 0) / 1_000 })
  expect(() =>
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        seconds,
        (zone, s) => Date.parse(isoIn(zone, s * 1_000)) === s * 1_000,
      ),
      { numRuns: 1_000 },
    ),
  ).not.toThrow()
})

test('tomorrow is one day away, however few hours that is', () => {
  expect(daysBetween(Date.parse('2026-12-06T05:50:00Z'), Date.parse('2026-12-06T06:10:00Z'), chicago)).toBe(1)
  expect(daysBetween(Date.parse('2026-03-07T12:00:00Z'), Date.parse('2026-03-09T12:00:00Z'), chicago)).toBe(2)
})

test('a zone that the time zone data do not hold is taken for UTC', () => {
  expect(isoIn('Mars/Olympus', Date.parse('2026-11-28T15:00:00Z'))).toBe('2026-11-28T15:00:00+00:00')
})
