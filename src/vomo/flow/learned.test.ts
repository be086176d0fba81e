import { array, assert, constant, integer, oneof, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { afterHeaders, afterLimit, highestOf, type Learned, nothingLearned, risen } from './learned.ts'

const setting = { budgetPerMinute: 50, budgetCeiling: 120 }
const start = 1_800_000_000_000
const minuteMs = 60_000

function limited(known: Learned, letThrough: number, nowMs: number, sentAtMs = nowMs): Learned {
  const met = { sentAtMs, letThrough, retryAfterMs: 30_000, pausedUntilMs: nowMs + 30_000 }
  return afterLimit(known, met, setting, nowMs)
}

test('a 429 lowers the budget to seven tenths of what was let through', () => {
  const learned = limited(nothingLearned(setting), 30, start)
  expect(learned).toMatchObject({ perMinute: 21, refusedAt: 30, pausedUntilMs: start + 30_000 })
})

test('calls that were in flight when a 429 came are the same lesson, and only lengthen the pause', () => {
  const once = limited(nothingLearned(setting), 30, start)
  const again = limited(once, 25, start + 200, start - 100)
  expect(again).toEqual({ ...once, pausedUntilMs: start + 30_200 })
  expect(limited(once, 15, start + minuteMs).perMinute).toBe(10)
})

test('whatever is met, a tenth of the setting stays, and never more than there was', () => {
  expect(limited(nothingLearned(setting), 0, start).perMinute).toBe(5)
  const few = { ...nothingLearned(setting), perMinute: 3 }
  expect(limited(few, 30, start).perMinute).toBe(3)
})

test('a limit that VOMO names is taken with a tenth for others', () => {
  const said = { limit: 40, remaining: 39, used: 1 }
  const learned = afterHeaders(nothingLearned(setting), said, setting, start)
  expect(learned).toMatchObject({ perMinute: 36, limitSaid: 40 })
  expect(afterHeaders(learned, said, setting, start)).toBe(learned)
})

test('when others use the token, what they leave is the budget', () => {
  const said = { limit: 60, remaining: 10, used: 20 }
  expect(afterHeaders(nothingLearned(setting), said, setting, start).perMinute).toBe(27)
  const alone = { limit: 60, remaining: 40, used: 20 }
  expect(afterHeaders(nothingLearned(setting), alone, setting, start).perMinute).toBe(50)
})

test('a budget rises by a step in a minute that used most of it, up to the ceiling', () => {
  let learned = nothingLearned(setting)
  const seen: number[] = []
  for (let minute = 1; minute <= 30; minute++) {
    learned = risen(learned, learned.perMinute, setting, start + minute * minuteMs)
    learned = risen(learned, learned.perMinute, setting, start + minute * minuteMs + 59_999)
    seen.push(learned.perMinute)
  }
  expect(seen.slice(0, 3)).toEqual([54, 58, 62])
  expect(seen.at(-1)).toBe(120)
  expect(risen(nothingLearned(setting), 24, setting, start).perMinute).toBe(50)
})

test('for an hour after a 429 it stays below what was refused, and then looks again', () => {
  let learned = limited(nothingLearned(setting), 30, start)
  for (let minute = 1; minute < 60; minute++)
    learned = risen(learned, learned.perMinute, setting, start + minute * minuteMs)
  expect(learned.perMinute).toBe(27)
  expect(risen(learned, 27, setting, start + 60 * minuteMs).perMinute).toBe(31)
})

test('a limit that VOMO raises is followed at once upward, step by step', () => {
  let learned = afterHeaders(
    limited(nothingLearned(setting), 30, start),
    { limit: 30, remaining: 20, used: 10 },
    setting,
    start,
  )
  learned = afterHeaders(learned, { limit: 200, remaining: 190, used: 10 }, setting, start + minuteMs)
  for (let minute = 2; minute < 40; minute++)
    learned = risen(learned, learned.perMinute, setting, start + minute * minuteMs)
  expect(learned.perMinute).toBe(120)
})

test('however answers come, the budget is at least one, at most the ceiling, and at most nine tenths of a named limit', () => {
  const answer = oneof(
    record({ kind: constant('429' as const), letThrough: integer({ min: 0, max: 200 }) }),
    record({
      kind: constant('headers' as const),
      limit: integer({ min: 1, max: 300 }),
      remaining: integer({ min: 0, max: 300 }),
      used: integer({ min: 1, max: 120 }),
    }),
    record({ kind: constant('spend' as const), used: integer({ min: 0, max: 120 }) }),
  )
  assert(
    property(array(record({ answer, laterMs: integer({ min: -minuteMs, max: 40 * minuteMs }) })), (steps) => {
      let learned = nothingLearned(setting)
      let nowMs = start
      for (const { answer: met, laterMs } of steps) {
        nowMs += laterMs
        const before = learned
        if (met.kind === '429') learned = limited(learned, met.letThrough, nowMs)
        else if (met.kind === 'headers') learned = afterHeaders(learned, met, setting, nowMs)
        else learned = risen(learned, met.used, setting, nowMs)
        const wrong =
          learned.perMinute < 1 ||
          learned.perMinute > 120 ||
          (learned.limitSaid !== null && learned.perMinute > Math.max(1, learned.limitSaid * 0.9)) ||
          (learned.perMinute > before.perMinute && learned.perMinute > highestOf(learned, setting, nowMs))
        if (wrong) return false
      }
      return true
    }),
  )
})
