import { openPromise, type Sleep } from '../flow/sleep.ts'

/** `again`: VOMO could not be asked now (budget, pause, breaker). Callers stop waiting, and the project stays in the queue. */
export type Fetched = 'done' | { againInMs: number }

export type ProjectQueue = {
  /**
   * Queues a project. Low ranks go first, equal ranks in order of asking; a project queued twice keeps the better rank.
   *
   * @returns settles when the project has been tried, or when it is clear that it must wait
   */
  want(id: string, rank: number): Promise<void>
  isEmpty(): boolean
  /** Checks whether a fetch may start now. */
  wake(): void
  settled(): Promise<void>
}

type Entry = { id: string; rank: number; attempt: Attempt }
type Attempt = { made: Promise<void>; settle: () => void; isSettled: boolean }

export function createProjectQueue(given: {
  /** How many fetches run at once. */
  width: number
  fetch: (id: string) => Promise<Fetched>
  /** Whether this queue may run; called before each fetch. */
  mayRun?: () => boolean
  /** Called when the queue is empty. */
  onEmpty?: () => void
  sleep: Sleep
  closing: AbortSignal
}): ProjectQueue {
  const { width, fetch, mayRun = () => true, onEmpty = () => {}, sleep, closing } = given
  const waiting = new Map<string, Entry>()
  const running = new Map<string, { entry: Entry; fetching: Promise<void> }>()
  let isResting = false

  function next(): Entry | undefined {
    let best: Entry | undefined
    for (const entry of waiting.values()) if (!best || entry.rank < best.rank) best = entry
    return best
  }

  const hasTurn = () => running.size < width && !isResting && !closing.aborted && mayRun()

  function wake(): void {
    for (let entry = next(); entry && hasTurn(); entry = next()) {
      waiting.delete(entry.id)
      running.set(entry.id, { entry, fetching: run(entry) })
    }
  }

  async function run(entry: Entry): Promise<void> {
    const fetched = await fetch(entry.id)
    running.delete(entry.id)
    entry.attempt.settle()
    if (fetched !== 'done') {
      waiting.set(entry.id, { ...entry, attempt: newAttempt() })
      await rest(fetched.againInMs)
      return
    }
    wake()
    if (waiting.size === 0 && running.size === 0) onEmpty()
  }

  /** VOMO cannot be asked for a while, so callers stop waiting. */
  async function rest(ms: number): Promise<void> {
    for (const { attempt } of waiting.values()) attempt.settle()
    if (isResting) return
    isResting = true
    await sleep(ms, closing)
    isResting = false
    wake()
  }

  return {
    wake,
    isEmpty: () => waiting.size === 0 && running.size === 0,
    want(id, rank) {
      const under = running.get(id)
      if (under) return under.entry.attempt.made
      const entry = waiting.get(id) ?? { id, rank, attempt: newAttempt() }
      waiting.set(id, entry)
      entry.rank = Math.min(entry.rank, rank)
      if (isResting) entry.attempt.settle()
      else if (entry.attempt.isSettled) entry.attempt = newAttempt()
      wake()
      return entry.attempt.made
    },
    settled: async () => void (await Promise.all([...running.values()].map(({ fetching }) => fetching))),
  }
}

function newAttempt(): Attempt {
  const { promise, resolve } = openPromise()
  const attempt: Attempt = {
    made: promise,
    isSettled: false,
    settle() {
      attempt.isSettled = true
      resolve()
    },
  }
  return attempt
}
