import { within } from './within.ts'

/** A semaphore: a fixed number of jobs run at once; the others wait in line for a bounded time. */
export type Semaphore = {
  run<T>(job: () => Promise<T>): Promise<T>
  countWaiting(): number
}

/** Jobs beyond this many waiting fail at once. */
const maxWaiting = 1_000

/**
 * @param maxRunning how many run at once
 * @param waitMs how long a job may wait in line
 * @param busy what a job fails with when its turn does not come in time
 */
export function createSemaphore(maxRunning: number, waitMs: number, busy: () => Error): Semaphore {
  let running = 0
  const line = new Set<() => void>()

  async function takeTurn(): Promise<void> {
    if (running < maxRunning) {
      running += 1
      return
    }
    if (line.size >= maxWaiting) throw busy()
    let call = () => {}
    const called = new Promise<void>((resolve) => {
      call = resolve
    })
    line.add(call)
    await within(waitMs, called)
    // A called job leaves the line, even if its wait ends at the same moment: then the turn is already its own.
    if (!line.delete(call)) return
    throw busy()
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

  return {
    countWaiting: () => line.size,
    async run(job) {
      await takeTurn()
      try {
        return await job()
      } finally {
        passOn()
      }
    },
  }
}
