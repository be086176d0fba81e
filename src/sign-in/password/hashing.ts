import { availableParallelism } from 'node:os'
import type { Algorithm } from '@node-rs/argon2'
import { Refusal } from '../../errors.ts'

/** What a hash costs: each pass goes over its memory once. */
type Cost = { memoryCost: number; timeCost: number }

/** In KiB. As much as fits with three passes into the wanted time: memory is what special machines for guessing lack. */
const memories = [65_536, 32_768]
const minPasses = 3
/** The least that OWASP accepts, on a machine so slow that even this takes longer than wanted. */
const minCost: Cost = { memoryCost: 19_456, timeCost: 2 }
/** A hash that takes about as long as a new one is as good, so processes that measure differently do not renew in turns. */
const good = { min: 0.7, max: 1.35 }
export const defaultPasswordMs = 220

/** A core stays free for everything else, and so do two of the four threads that Node has for files and names. */
const maxRunning = Math.max(1, Math.min(2, availableParallelism() - 1))
/** In each of the two lines. The last one waits some four seconds. */
const maxWaiting = 16
const retryAfterMs = 5_000

/** Who waits: a browser that signed in as this person before goes first, so a flood from others does not keep its owner out. */
export type Waiting = 'known' | 'other'

export type Hasher = ReturnType<typeof openHasher>

/**
 * Hashes passwords with argon2id, a few at a time: each takes a core for a fifth of a second.
 *
 * @param wantedMs how long one hash shall take
 */
export function openHasher(wantedMs: number) {
  const inTurn = createTurns({ maxRunning, maxWaiting })
  let measured: Promise<number> | undefined

  /** Measured once in a process, before its first password. */
  function passMs(): Promise<number> {
    measured ??= measure()
    return measured
  }

  return {
    /** Waits for a turn. @throws {Refusal} 'service_unavailable' when too many wait already */
    inTurn,

    /** Within a turn. */
    async hash(password: string): Promise<string> {
      const { hash } = await library()
      return hash(password, { ...argon2id, ...costOf(await passMs(), wantedMs) })
    },

    /** Compares a password with a hash, within a turn. Without one it hashes, which is the same work. */
    async isRight(password: string, against: string | undefined): Promise<boolean> {
      if (against !== undefined) return (await library()).verify(against, password)
      await this.hash(password)
      return false
    },

    /** Whether a new hash of the same password is better than this one. */
    async isOutdated(kept: string): Promise<boolean> {
      const { parseOptions } = await library()
      return isOutdated(parseOptions(kept), await passMs(), wantedMs)
    },
  }
}

/** Loaded at the first password: it takes 10 MB, and passwords are off by default. */
function library() {
  return import('@node-rs/argon2')
}

// The compiler cannot inline the package's constant enum.
const argon2id = { algorithm: 2 as Algorithm.Argon2id, parallelism: 1 }

/** How long one pass over a MiB takes here. */
async function measure(): Promise<number> {
  const memoryCost = minCost.memoryCost
  const few = await timeOf({ memoryCost, timeCost: 2 })
  const many = await timeOf({ memoryCost, timeCost: 10 })
  return Math.max(0.02, (many - few) / 8 / (memoryCost / 1024))
}

/** The shortest of three: other work on the machine only adds. */
async function timeOf(cost: Cost): Promise<number> {
  const { hash } = await library()
  const times: number[] = []
  for (let i = 0; i < 3; i += 1) {
    const startedAt = performance.now()
    await hash('a password to measure with', { ...argon2id, ...cost })
    times.push(performance.now() - startedAt)
  }
  return Math.min(...times)
}

function msOf({ memoryCost, timeCost }: Cost, passMs: number): number {
  return (memoryCost / 1024) * timeCost * passMs
}

/** @param passMs how long one pass over a MiB takes */
export function costOf(passMs: number, wantedMs: number): Cost {
  for (const memoryCost of memories) {
    const timeCost = Math.round(wantedMs / msOf({ memoryCost, timeCost: 1 }, passMs))
    if (timeCost >= minPasses) return { memoryCost, timeCost }
  }
  const { memoryCost, timeCost } = minCost
  const passes = Math.round(wantedMs / msOf({ memoryCost, timeCost: 1 }, passMs))
  return { memoryCost, timeCost: Math.max(timeCost, passes) }
}

export function isOutdated(
  kept: Cost & { algorithm: Algorithm; parallelism: number },
  passMs: number,
  wantedMs: number,
): boolean {
  if (kept.algorithm !== argon2id.algorithm || kept.parallelism !== argon2id.parallelism) return true
  const wanted = costOf(passMs, wantedMs)
  if (kept.memoryCost === wanted.memoryCost && kept.timeCost === wanted.timeCost) return false
  const ms = msOf(kept, passMs)
  return kept.memoryCost < minCost.memoryCost || ms < wantedMs * good.min || ms > wantedMs * good.max
}

/** A semaphore with two lines, each of a bounded length: those known go first. */
function createTurns(of: { maxRunning: number; maxWaiting: number }) {
  let running = 0
  const lines: Record<Waiting, (() => void)[]> = { known: [], other: [] }

  function passOn(): void {
    const next = lines.known.shift() ?? lines.other.shift()
    if (next) next()
    else running -= 1
  }

  return async function inTurn<T>(who: Waiting, job: () => Promise<T>): Promise<T> {
    if (running < of.maxRunning) running += 1
    else {
      if (lines[who].length >= of.maxWaiting) throw new Refusal('service_unavailable', { retryAfterMs })
      await new Promise<void>((call) => lines[who].push(call))
    }
    try {
      return await job()
    } finally {
      passOn()
    }
  }
}
