/** Milliseconds of each unit; a year is 365.25 days. There is no month: `m` is a minute. */
const unitsMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  year: 31_557_600_000,
} as const

/** The grammar that Rownd publishes for durations, in any case of its letters (reference §4). */
const grammar =
  /^(\d+|\d+\.\d+) ?(?:(seconds?|secs?|s)|(minutes?|mins?|m)|(hours?|hrs?|h)|(days?|d)|(weeks?|w)|(years?|yrs?|y))$/i

const unitOrder = ['second', 'minute', 'hour', 'day', 'week', 'year'] as const

/** The longest text that is worth reading. */
const maxTextLength = 40

export type DurationFault = 'unreadable' | 'nothing' | 'too_long'

/**
 * A duration as an application or an operator writes it: `1h`, `2d`, `10 mins`, `1.5 hours`.
 *
 * @param maxMs default: a hundred years, so that a date can be made of it
 * @returns milliseconds, whole seconds of them; or what is wrong: no duration, none that is left after rounding to seconds, or
 * more than `maxMs`
 * @see reference §4
 */
export function readDuration(
  text: string,
  maxMs = 100 * unitsMs.year,
): { ms: number } | { fault: DurationFault } {
  const [, amount, ...units] = (text.length <= maxTextLength && grammar.exec(text)) || []
  if (amount === undefined) return { fault: 'unreadable' }
  const unit = unitOrder[units.findIndex((each) => each !== undefined)] ?? 'second'
  const ms = Math.round((Number(amount) * unitsMs[unit]) / 1000) * 1000
  if (ms <= 0) return { fault: 'nothing' }
  return ms > maxMs ? { fault: 'too_long' } : { ms }
}
