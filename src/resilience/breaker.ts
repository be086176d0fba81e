import { isDue } from '../time/due.ts'

/**
 * A circuit breaker. After this many failures in a row it blocks calls for a while, then lets one call at a time through until one
 * is answered.
 *
 * Not cockatiel's: its breaker reads `Date.now`, so tests with our clock could not check "closes within 30 s" or "old copies serve
 * up to 24 h while it is open".
 */
export type Breaker = {
  /** True from the failure that opened it until the next answer. */
  isOpen(): boolean
  /** Permission to call, or the wait until there is one. A caller with permission must report exactly once. */
  enter(): { report: (outcome: CallOutcome) => void } | { retryAfterMs: number }
}

export type CallOutcome = 'answered' | 'failed' | 'not_made'

/**
 * @param given.failuresToOpen how many failures in a row open it
 * @param given.restMs how long it blocks calls once it is open, and again after each failed trial
 * @param given.onChange called when it opens and when it closes
 */
export function createBreaker(given: {
  clock: () => number
  failuresToOpen: number
  restMs: number
  onChange: (isOpen: boolean) => void
}): Breaker {
  const { clock, failuresToOpen, restMs, onChange } = given
  let failuresInARow = 0
  let restsUntilMs: number | undefined
  let isTrying = false

  function report(outcome: CallOutcome, isTrial: boolean): void {
    if (isTrial) isTrying = false
    if (outcome === 'not_made') return
    const wasOpen = restsUntilMs !== undefined
    if (outcome === 'answered') {
      failuresInARow = 0
      restsUntilMs = undefined
      if (wasOpen) onChange(false)
      return
    }
    failuresInARow += 1
    const opensNow = !wasOpen && failuresInARow >= failuresToOpen
    if (opensNow || isTrial) restsUntilMs = clock() + restMs
    if (opensNow) onChange(true)
  }

  return {
    isOpen: () => restsUntilMs !== undefined,
    enter() {
      const isTrial = restsUntilMs !== undefined
      if (restsUntilMs !== undefined) {
        if (!isDue(restsUntilMs, clock(), restMs)) return { retryAfterMs: restsUntilMs - clock() }
        if (isTrying) return { retryAfterMs: 1_000 }
        isTrying = true
      }
      return { report: (outcome) => report(outcome, isTrial) }
    },
  }
}
