import { LRUCache } from 'lru-cache'
import type { Log } from '../jobs.ts'
import type { Calls } from './calls.ts'
import { loggable, refusalOf, VomoFailure } from './failure.ts'
import { readUserDetail } from './read-user.ts'
import { within } from './sleep.ts'
import type { Held, VomoUserDetail } from './types.ts'

/** A copy this old answers without asking VOMO. */
const freshMs = 60_000
/** How old a copy may be that speaks for somebody's identity while VOMO does not answer, */
const heldMs = 15 * 60_000
/** and while the breaker says that VOMO is down. */
const heldWhileDownMs = 24 * 60 * 60_000
/** A copy from the future by more than this is of a clock that was set back; its age is unknown. */
const skewMs = 60_000

/** Copies weigh one, and one for each participation: about 30 MB in all. */
const mostWeight = 200_000

/** `held` is missing where VOMO said that there is no such user. `turn` orders reads by when they began. */
type Copy = { turn: number; held: Held<VomoUserDetail> | undefined }
type Outcome = { held: Held<VomoUserDetail> | undefined } | { error: unknown }

export function createHeldUsers(given: { calls: Calls; clock: () => number; log: Log; waitMs: number }) {
  const { calls, clock, log, waitMs } = given
  const copies = new LRUCache<string, Copy>({
    maxSize: mostWeight,
    sizeCalculation: ({ held }) => 1 + (held?.value.participations.length ?? 0),
  })
  const asking = new Map<string, Promise<Outcome>>()
  const underWay = new Set<Promise<Outcome>>()
  let turns = 0

  function copyYoungerThan(limitMs: number, key: string): Held<VomoUserDetail> | undefined {
    const held = copies.get(key)?.held
    if (!held) return undefined
    const ageMs = clock() - held.fetchedAtMs
    return ageMs <= limitMs && ageMs >= -skewMs ? held : undefined
  }

  /** Never rejects: whoever asked may be gone when the answer comes. */
  async function read(customerId: string, vomoUserId: string, key: string): Promise<Outcome> {
    const turn = turns++
    // The moment of asking: a slow answer is as old as its question.
    const fetchedAtMs = clock()
    try {
      const body = await calls.get(customerId, 'identity', `/users/${encodeURIComponent(vomoUserId)}`)
      const held = body === undefined ? undefined : { value: readUserDetail(body, vomoUserId), fetchedAtMs }
      // A slow answer does not take the place of one that was asked for later.
      if (turn >= (copies.get(key)?.turn ?? 0)) copies.set(key, { turn, held })
      return { held }
    } catch (error) {
      log.debug({ customerId, ...loggable(error) }, 'no new copy of a user')
      return { error }
    }
  }

  function startRead(customerId: string, vomoUserId: string, key: string): Promise<Outcome> {
    const reading = read(customerId, vomoUserId, key)
    asking.set(key, reading)
    underWay.add(reading)
    void forgetWhenDone(reading, key)
    return reading
  }

  async function forgetWhenDone(reading: Promise<Outcome>, key: string): Promise<void> {
    await reading
    underWay.delete(reading)
    if (asking.get(key) === reading) asking.delete(key)
  }

  return {
    async user(
      customerId: string,
      vomoUserId: string,
      { fresh = false }: { fresh?: boolean } = {},
    ): Promise<Held<VomoUserDetail> | undefined> {
      const key = JSON.stringify([customerId, vomoUserId])
      const young = fresh ? undefined : copyYoungerThan(freshMs, key)
      if (young) return young

      // A fresh read must not join one that began before whatever made its asker want one.
      const reading = (fresh ? undefined : asking.get(key)) ?? startRead(customerId, vomoUserId, key)
      const outcome = await within(waitMs, reading)
      if (outcome && 'held' in outcome) return outcome.held

      const limitMs = calls.isOpen(customerId) ? heldWhileDownMs : heldMs
      const old = fresh ? undefined : copyYoungerThan(limitMs, key)
      if (old) return old
      throw refusalOf(outcome?.error ?? new VomoFailure('timeout', { retryAfterMs: waitMs }))
    },
    settled: async (): Promise<void> => void (await Promise.all(underWay)),
  }
}
