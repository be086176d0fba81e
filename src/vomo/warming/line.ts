import { Refusal } from '../../errors.ts'
import type { Log } from '../../log/log.ts'
import type { Store } from '../../store/store.ts'
import type { Sleep } from '../flow/sleep.ts'
import { firstInLine, forgetWait, linesOf } from '../flow/waiting.ts'
import { loggable, VomoFailure } from '../wire/failure.ts'

/** One after another would take as long as VOMO is slow. */
const atOnce = 4
/** The longest pause before the line is looked at again: a call may become free earlier than was said. */
const maxPauseMs = 10_000

export type Line = ReturnType<typeof createLine>

/**
 * Reads the records of people who were refused because too many came at once, first come first served, whether or not they look again:
 * at the moment they were told, their page is there. One process reads for each customer, and the others take the copies it keeps.
 */
export function createLine(given: {
  store: Store
  /** Reads the record of one VOMO user, and keeps it. @throws {Refusal} 'vomo_unavailable' */
  read: (customerId: string, vomoUserId: string) => Promise<unknown>
  clock: () => number
  log: Log
  sleep: Sleep
  closing: AbortSignal
}) {
  const { store, clock, log, sleep, closing } = given
  const reading = new Map<string, Promise<void>>()

  /** @returns how long to wait before the next one; 0 when this one has left the line */
  async function readOne(customerId: string, vomoUserId: string): Promise<number> {
    try {
      await given.read(customerId, vomoUserId)
    } catch (error) {
      const cause = error instanceof Refusal ? error.cause : error
      if (cause instanceof VomoFailure && waitsFor.has(cause.kind)) return cause.retryAfterMs ?? maxPauseMs
      // What VOMO says of them is on their page, and the next in line goes on.
      log.debug({ customerId, ...loggable(cause) }, 'a person in line was passed over')
    }
    await store.write(() => forgetWait(store.db, customerId, vomoUserId))
    return 0
  }

  async function readAll(customerId: string): Promise<void> {
    while (!closing.aborted) {
      const first = await firstInLine(store, { customerId, nowMs: clock(), limit: atOnce })
      if (first.length === 0) return
      const waits = await Promise.all(first.map((each) => readOne(customerId, each)))
      const pauseMs = Math.min(maxPauseMs, ...waits)
      if (pauseMs > 0) await sleep(pauseMs, closing)
    }
  }

  return {
    /** Begins to read where people stand in line. @param own the customers that this process reads for */
    async look(own: ReadonlySet<string>): Promise<void> {
      for (const customerId of (await linesOf(store, clock())).keys()) {
        if (!own.has(customerId) || reading.has(customerId)) continue
        const done = readAll(customerId)
          .catch((error: unknown) => log.warn({ customerId, error }, 'reading for people in line broke off'))
          .finally(() => reading.delete(customerId))
        reading.set(customerId, done)
      }
    },
    async count(): Promise<number> {
      return [...(await linesOf(store, clock())).values()].reduce((sum, each) => sum + each, 0)
    },
    async settled(): Promise<void> {
      await Promise.all(reading.values())
    },
  }
}

/** What passes by itself, without a word on this person. */
const waitsFor: ReadonlySet<string> = new Set(['budget', 'busy', 'limited', 'breaker', 'closing'])
