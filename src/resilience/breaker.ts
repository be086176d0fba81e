import { isDue } from '../time/due.ts'

/**
 * A circuit breaker: leaves a service alone once it has failed steadily. After so many failures in a row no call is made for a
 * while, then one call at a time tries, until one is answered.
 *
 * Written here because cockatiel's breaker reads the machine's clock (`Date.now`) and hides it: neither "closes within 30 s"
 * nor "old copies serve up to 24 h while it is open" could then be tested with a clock of ours.
 */
export type Breaker = {
  /** From the failure that opened it until the next answer. */
  isOpen(): boolean
  /** Permission to call, or how long there is none. A caller that has permission must report once. */
  enter(): { report: (outcome: CallOutcome) => void } | { retryAfterMs: number }
}

export type CallOutcome = 'answered' | 'failed' | 'not_made'

/**
 * @param given.failuresToOpen how many failures in a row open it
 * @param given.restMs how long no call is made once it is open, and again after each trial that failed
 * @param given.onChange hears when it opens and when it closes
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
