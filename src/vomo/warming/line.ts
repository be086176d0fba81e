import { Refusal } from '../../errors.ts'
import type { Log } from '../../log/log.ts'
import type { Store } from '../../store/store.ts'
import type { Sleep } from '../flow/sleep.ts'
import { firstInLine, forgetWait, keepPlace, linesOf, type Standing } from '../flow/waiting.ts'
import { failureKinds, loggable, VomoFailure } from '../wire/failure.ts'

/** One after another would take as long as VOMO is slow. */
const atOnce = 4
/** The longest pause before the line is looked at again: a call may become free earlier than was said. */
const maxRestMs = 10_000
/** A record that VOMO fails to send so often is passed over. */
const maxTries = 3

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
  async function readOne(customerId: string, person: Standing, tries: Map<string, number>): Promise<number> {
    const { vomoUserId } = person
    try {
      await given.read(customerId, vomoUserId)
    } catch (error) {
      const cause = error instanceof Refusal ? error.cause : error
      const failure = cause instanceof VomoFailure ? cause : undefined
      const from = failure ? failureKinds[failure.kind].from : 'network'
      const tried = (tries.get(vomoUserId) ?? 0) + (from === 'us' ? 0 : 1)
      tries.set(vomoUserId, tried)
      if (failure?.kind !== 'no_access' && from !== 'answer' && tried < maxTries) {
        // A call that was made and came to nothing has cost them their place.
        if (failure?.kind !== 'line') await store.write(() => keepPlace(store.db, { customerId, ...person }))
        return failure?.retryAfterMs ?? maxRestMs
      }
      log.debug({ customerId, ...loggable(cause) }, 'a person in line was passed over')
    }
    await store.write(() => forgetWait(store.db, customerId, vomoUserId))
    return 0
  }

  async function readAll(customerId: string): Promise<void> {
    const tries = new Map<string, number>()
    while (!closing.aborted) {
      const first = await firstInLine(store, { customerId, nowMs: clock(), limit: atOnce })
      if (first.length === 0) return
      const waits = await Promise.all(first.map((each) => readOne(customerId, each, tries)))
      const pauseMs = Math.min(maxRestMs, ...waits)
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
