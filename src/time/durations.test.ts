import { describe, expect, it } from 'vitest'
import { type DurationFault, readDuration } from './durations.ts'

const read = (text: string): { ms: number } | { fault: DurationFault } => readDuration(text, 30 * 86_400_000)

describe('the duration of a link', () => {
  it.each([
    ['1h', 3_600],
    ['2d', 172_800],
    ['3w', 1_814_400],
    ['1m', 60],
    ['4w', 2_419_200],
    ['30 days', 2_592_000],
    ['30d', 2_592_000],
    ['720h', 2_592_000],
    ['43200m', 2_592_000],
    ['2592000s', 2_592_000],
    ['1.5h', 5_400],
    ['1 hr', 3_600],
    ['10 mins', 600],
    ['60m', 3_600],
    ['30D', 2_592_000],
    ['1 DAY', 86_400],
    ['0.5s', 1],
    ['1.4s', 1],
    ['90 Seconds', 90],
    ['0.08y', 2_524_608],
    ['007d', 604_800],
  ])('%j is %d seconds', (text, seconds) => expect(read(text)).toEqual({ ms: seconds * 1000 }))

  const spellings = {
    1: ['s', 'sec', 'secs', 'second', 'seconds'],
    60: ['m', 'min', 'mins', 'minute', 'minutes'],
    3_600: ['h', 'hr', 'hrs', 'hour', 'hours'],
    86_400: ['d', 'day', 'days'],
    604_800: ['w', 'week', 'weeks'],
  }
  it.each(
    Object.entries(spellings).flatMap(([seconds, units]) =>
      units.map((unit) => [unit, Number(seconds)] as const),
    ),
  )('%j is %d seconds, with a space or without', (unit, seconds) => {
    expect(read(`1${unit}`)).toEqual({ ms: seconds * 1000 })
    expect(read(`1 ${unit.toUpperCase()}`)).toEqual({ ms: seconds * 1000 })
  })

  it.each(['5w', '90d', '721h', '1y', '1 yr', '2 years', '30.1 days', '2592001s', '9'.repeat(38) + 'y'])(
    '%j is longer than a link may live',
    (text) => expect(read(text)).toEqual({ fault: 'too_long' }),
  )

  it.each(['0d', '0.4s', '0s', '0.0y'])('%j is nothing', (text) =>
    expect(read(text)).toEqual({ fault: 'nothing' }),
  )

  it.each([
    '1mo',
    '1 month',
    '1h30m',
    '-1d',
    '30',
    '.5h',
    '1  h',
    'P1D',
    '',
    ' 1h',
    '1h ',
    '1h\n',
    '1.h',
    '1,5h',
    '1e3s',
    '1ms',
    '+1d',
    '1\u00a0h',
    '١h',
    '1\u017f',
    'h',
    'Infinityd',
    `${'1'.repeat(40)}h`,
  ])('%j is no duration', (text) => expect(read(text)).toEqual({ fault: 'unreadable' }))
})
