import { expect, test } from 'vitest'
import { lookUpPauseMs } from './by-mail.ts'

test.each([
  ['VOMO does not answer, the first time', 1, undefined, 1_000],
  ['and the fourth', 4, undefined, 8_000],
  ['and the tenth', 10, undefined, 30_000],
  ['our own calls are too many at once, the tenth time', 10, 1_000, 1_000],
  ['a call is free in eleven seconds', 10, 11_000, 11_000],
  ['a call is free in a minute, and sooner where somebody leaves', 3, 60_000, 4_000],
  ['a call is free now', 3, 0, 1_000],
])('%s: the address is looked up again soon enough', (_, tries, retryAfterMs, pauseMs) => {
  expect(lookUpPauseMs(tries, retryAfterMs)).toBe(pauseMs)
})
