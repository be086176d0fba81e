import { within } from '../../resilience/within.ts'
import { VomoFailure } from '../wire/failure.ts'
import { openPromise } from './sleep.ts'

/** A semaphore: a fixed number of calls run at once; the others wait in line for a bounded time. */
export type Semaphore = <T>(job: () => Promise<T>) => Promise<T>

/** Calls beyond this many waiting fail at once. */
const maxWaiting = 1_000

/**
 * @param maxRunning how many run at once
 * @param waitMs how long a job may wait in line
 * @returns a semaphore whose jobs fail with 'busy' when their turn does not come in time
 */
export function createSemaphore(maxRunning: number, waitMs: number): Semaphore {
  let running = 0
  const line = new Set<() => void>()

  async function takeTurn(): Promise<void> {
    if (running < maxRunning) {
      running += 1
      return
    }
    if (line.size >= maxWaiting) throw new VomoFailure('busy', { retryAfterMs: waitMs })
    const { promise: called, resolve: call } = openPromise()
    line.add(call)
    await within(waitMs, called)
    // A called job leaves the line, even if its wait ends at the same moment: then the turn is already its own.
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
