import { LRUCache } from 'lru-cache'
import type { Log } from '../../log/log.ts'
import { within } from '../../resilience/within.ts'
import type { CallKind } from '../flow/budget.ts'
import type { Calls } from '../flow/calls.ts'
import type { Held, VomoUserDetail } from '../types.ts'
import { loggable, refusalOf, VomoFailure } from '../wire/failure.ts'
import { readUserDetail } from './read-user.ts'

/** A copy up to this old answers without asking VOMO. */
const freshMs = 60_000
/** The oldest copy that identifies a person while VOMO does not answer. */
const heldMs = 15 * 60_000
/** The oldest copy that identifies a person while the breaker is open. */
const heldWhileDownMs = 24 * 60 * 60_000
/** Accepted clock skew. A copy, or a change, further in the future is from a clock that was set back: its age is unknown. */
const skewMs = 60_000

/** How long a denied user is not asked for again, so that a reload costs no call. */
const deniedMs = 30_000

/** A copy weighs one, plus one per participation: about 30 MB in all. */
const maxWeight = 200_000

/**
 * `turn` orders reads by when they began. `deniedAtMs` is when VOMO was last asked and said that the user does not exist. One such
 * answer is no proof, so the older copy stays beside it.
 */
type Copy = { turn: number; held: Held<VomoUserDetail> | undefined; deniedAtMs?: number }
type Outcome = { held: Held<VomoUserDetail> | undefined } | { error: unknown }
export type UserOptions = {
  /** Only a read that begins now counts (before writes and hand-offs); no held copy serves. */
  fresh?: boolean
  /** When the record was last changed here, in any process; older copies do not serve. */
  notBeforeMs?: number
  /** No visitor is waiting: the call uses the background's share of the budget. */
  inBackground?: boolean
  /** Accepts a denial from the last 30 s as the answer. */
  denialServes?: boolean
}

type Reading = { startedAtMs: number; outcome: Promise<Outcome> }

export function createHeldUsers(given: { calls: Calls; clock: () => number; log: Log; waitMs: number }) {
  const { calls, clock, log, waitMs } = given
  const copies = new LRUCache<string, Copy>({
    maxSize: maxWeight,
    sizeCalculation: ({ held }) => 1 + (held?.value.participations.length ?? 0),
  })
  const asking = new Map<string, Reading>()
  const underWay = new Set<Promise<Outcome>>()
  let turns = 0

  const pastOnly = (ms: number) => (ms > clock() + skewMs ? 0 : ms)

  function copyYoungerThan(
    limitMs: number,
    key: string,
    notBeforeMs: number,
  ): Held<VomoUserDetail> | undefined {
    const held = copies.get(key)?.held
    if (!held || held.fetchedAtMs < notBeforeMs) return undefined
    const ageMs = clock() - held.fetchedAtMs
    return ageMs <= limitMs && ageMs >= -skewMs ? held : undefined
  }

  function oldCopy(customerId: string, key: string, notBeforeMs: number): Held<VomoUserDetail> | undefined {
    return copyYoungerThan(calls.isOpen(customerId) ? heldWhileDownMs : heldMs, key, notBeforeMs)
  }

  function isDenied(key: string, notBeforeMs: number): boolean {
    const deniedAtMs = copies.get(key)?.deniedAtMs
    if (deniedAtMs === undefined || deniedAtMs < notBeforeMs) return false
    return Math.abs(clock() - deniedAtMs) < deniedMs
  }

  /** Never rejects: the caller may be gone when the answer arrives. */
  async function read(
    customerId: string,
    vomoUserId: string,
    { key, kind }: { key: string; kind: CallKind },
  ): Promise<Outcome> {
    const turn = turns++
    // The moment of asking: a slow answer is as old as its question.
    const fetchedAtMs = clock()
    try {
      const body = await calls.get(customerId, kind, `/users/${encodeURIComponent(vomoUserId)}`)
      const value = body === undefined ? undefined : readUserDetail(body, vomoUserId)
      // Every user has an address, so a record without one counts as missing.
      const held = value === undefined || value.email === null ? undefined : { value, fetchedAtMs }
      const before = copies.get(key)
      // A slow answer does not replace one that was asked for later.
      if (turn >= (before?.turn ?? 0))
        copies.set(key, held ? { turn, held } : { turn, held: before?.held, deniedAtMs: fetchedAtMs })
      return { held }
    } catch (error) {
      log.debug({ customerId, ...loggable(error) }, 'no new copy of a user')
      return { error }
    }
  }

  function startRead(
    customerId: string,
    vomoUserId: string,
    { key, kind }: { key: string; kind: CallKind },
  ): Promise<Outcome> {
    const reading = { startedAtMs: clock(), outcome: read(customerId, vomoUserId, { key, kind }) }
    // Background reads are slow, so visitors do not join them.
    if (kind === 'identity') asking.set(key, reading)
    underWay.add(reading.outcome)
    void forgetWhenDone(reading, key)
    return reading.outcome
  }

  /** A read in flight, unless it began before `notBeforeMs`. */
  function readSince(notBeforeMs: number, key: string): Promise<Outcome> | undefined {
    const reading = asking.get(key)
    return reading && reading.startedAtMs >= notBeforeMs ? reading.outcome : undefined
  }

  async function forgetWhenDone(reading: Reading, key: string): Promise<void> {
    await reading.outcome
    underWay.delete(reading.outcome)
    if (asking.get(key) === reading) asking.delete(key)
  }

  return {
    async user(
      customerId: string,
      vomoUserId: string,
      { fresh = false, notBeforeMs = 0, inBackground = false, denialServes = false }: UserOptions = {},
    ): Promise<Held<VomoUserDetail> | undefined> {
      const key = keyOf(customerId, vomoUserId)
      const sinceMs = pastOnly(notBeforeMs)
      const young = fresh ? undefined : copyYoungerThan(freshMs, key, sinceMs)
      if (young) return young
      if (!fresh && denialServes && isDenied(key, sinceMs)) return undefined

      const joined = fresh ? undefined : readSince(sinceMs, key)
      const reading =
        joined ?? startRead(customerId, vomoUserId, { key, kind: inBackground ? 'warming' : 'identity' })
      const outcome = await within(waitMs, reading)
      if (outcome && 'held' in outcome) return outcome.held

      const old = fresh ? undefined : oldCopy(customerId, key, sinceMs)
      if (old) return old
      throw refusalOf(outcome?.error ?? new VomoFailure('timeout', { retryAfterMs: waitMs }))
    },
    /** The copy that serves while VOMO gives no record: recent enough for that, and not from before `notBeforeMs`. */
    heldUser(customerId: string, vomoUserId: string, notBeforeMs: number): Held<VomoUserDetail> | undefined {
      return oldCopy(customerId, keyOf(customerId, vomoUserId), pastOnly(notBeforeMs))
    },
    /**
     * Replaces every copy, held or in flight, with what was just written; when that is unknown, drops them.
     *
     * @returns the earliest time a copy must have been asked for, in every process, to contain the write
     */
    wrote(customerId: string, vomoUserId: string, value: VomoUserDetail | undefined): number {
      // A read that began in this same millisecond may precede the write.
      const sinceMs = clock() + 1
      const held = value && { value, fetchedAtMs: sinceMs }
      copies.set(keyOf(customerId, vomoUserId), { turn: turns++, held })
      return sinceMs
    },
    /** Drops the copies of one user, held and in flight. */
    forget(customerId: string, vomoUserId: string): void {
      copies.set(keyOf(customerId, vomoUserId), { turn: turns++, held: undefined })
    },
    settled: async (): Promise<void> => void (await Promise.all(underWay)),
  }
}

function keyOf(customerId: string, vomoUserId: string): string {
  // Customer ids contain no slash.
  return `${customerId}/${vomoUserId}`
}
