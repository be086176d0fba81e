import { VomoFailure } from '../wire/failure.ts'
import { openPromise, within } from './sleep.ts'

/** Lets a fixed number of calls run at once; the others wait in line for a bounded time. */
export type Lane = <T>(job: () => Promise<T>) => Promise<T>

/** More waiting than this are sent away at once. */
const maxWaiting = 1_000

/**
 * @param width how many run at once
 * @param waitMs how long one may stand in line
 * @returns a lane whose jobs fail with 'busy' when their turn does not come in time
 */
export function createLane(width: number, waitMs: number): Lane {
  let running = 0
  const line = new Set<() => void>()

  async function takeTurn(): Promise<void> {
    if (running < width) {
      running += 1
      return
    }
    if (line.size >= maxWaiting) throw new VomoFailure('busy', { retryAfterMs: waitMs })
    const { promise: called, resolve: call } = openPromise()
    line.add(call)
    await within(waitMs, called)
    // Whoever is called leaves the line, even in the very moment the wait ends: then the turn is ours.
    if (!line.delete(call)) return
    throw new VomoFailure('busy', { retryAfterMs: waitMs })
  }

  function passOn(): void {
    const [next] = line
    if (!next) {
      running -= 1
      return
    }
    line.delete(next)
    next()
  }

  return async (job) => {
    await takeTurn()
    try {
      return await job()
    } finally {
      passOn()
    }
  }
}
