import { expect, test } from 'vitest'
import { isDue, skewMs } from './due.ts'

test.each([
  ['a moment that has come', -1, true],
  ['this very moment', 0, true],
  ['a moment ahead', 1, false],
  ['the longest delay there is', 60_000, false],
  ['the longest delay, by another machine whose clock is ahead', 60_000 + skewMs, false],
  ['more than was ever set: the clock was put back', 60_001 + skewMs, true],
])('row 12: %s', (_what, aheadMs, due) => {
  expect(isDue(1_000_000 + aheadMs, 1_000_000, 60_000)).toBe(due)
})
