import { isDue } from '../due.ts'

const failuresToRest = 5
const restMs = 5_000

/**
 * Spares a mail server that is down: after five failures in a row, none of them about a mail, one mail every five seconds
 * tries; the others keep waiting without a connection each. One answer ends the rest.
 */
export function openCircuitBreaker(clock: () => number) {
  let failuresInARow = 0
  let nextTryAtMs = 0
  let why = ''

  return {
    /** Why nothing is tried now; `undefined` where it may be tried. */
    because(): string | undefined {
      if (failuresInARow < failuresToRest) return undefined
      const nowMs = clock()
      if (!isDue(nextTryAtMs, nowMs, restMs)) return why
      nextTryAtMs = nowMs + restMs
      return undefined
    },
    /** @returns whether the rest begins now */
    failed(failure: string): boolean {
      why = failure
      failuresInARow += 1
      if (failuresInARow !== failuresToRest) return false
      nextTryAtMs = clock() + restMs
      return true
    },
    /** @returns whether a rest has ended */
    answered(): boolean {
      const wasResting = failuresInARow >= failuresToRest
      failuresInARow = 0
      return wasResting
    },
  }
}
