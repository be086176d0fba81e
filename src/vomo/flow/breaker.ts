import { isDue } from '../../due.ts'

/**
 * Leaves VOMO alone once it has failed steadily: after 5 failures in a row nobody calls for 30 s, then one call at a time
 * tries, until one is answered.
 *
 * Written here because cockatiel's breaker reads the machine's clock (`Date.now`) and hides it: neither "closes within 30 s"
 * nor "old copies serve up to 24 h while it is open" could then be tested with a clock of ours.
 */
export type Breaker = {
  /** From the fifth failure until the next answer. */
  isOpen(): boolean
  /** Leave to call, or how long there is none. Whoever enters must report once. */
  enter(): { report: (outcome: CallOutcome) => void } | { retryAfterMs: number }
}

export type CallOutcome = 'answered' | 'failed' | 'not_made'

const failuresToOpen = 5
const restMs = 30_000

export function createBreaker(clock: () => number): Breaker {
  let failuresInARow = 0
  let restsUntilMs: number | undefined
  let isTrying = false

  function report(outcome: CallOutcome, isTrial: boolean): void {
    if (isTrial) isTrying = false
    if (outcome === 'not_made') return
    if (outcome === 'answered') {
      failuresInARow = 0
      restsUntilMs = undefined
      return
    }
    failuresInARow += 1
    const opensNow = restsUntilMs === undefined && failuresInARow >= failuresToOpen
    if (opensNow || isTrial) restsUntilMs = clock() + restMs
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
