import { LRUCache } from 'lru-cache'
import type { Log } from '../../log/log.ts'
import { within } from '../../resilience/within.ts'
import { skewMs } from '../../time/due.ts'
import type { CallKind } from '../flow/call-kinds.ts'
import type { Calls } from '../flow/calls.ts'
import type { Held, VomoUserDetail } from '../types.ts'
import { loggable, refusalOf, VomoFailure } from '../wire/failure.ts'
import type { createFlights } from './one-flight.ts'
import type { PersonShelf } from './person-shelf.ts'
import { readUserDetail } from './read-user.ts'

/** A copy up to this old answers without asking VOMO. */
const freshMs = 60_000
/** The oldest copy that identifies a person while VOMO does not answer. The words of `record_in_turn` say it, too. */
const heldMs = 15 * 60_000
/** The oldest copy that identifies a person while VOMO is away, and until the copies from before can be renewed. */
const heldWhileDownMs = 24 * 60 * 60_000

/** How long a denied user is not asked for again, so that a reload costs no call. */
const deniedMs = 30_000

/** A copy weighs one, plus one per participation: about 30 MB in all. */
const maxWeight = 200_000

/**
 * `turn` orders reads by when they began. `deniedAtMs` is when VOMO was last asked and said that the user does not exist. One such
 * answer is no proof, so the older copy stays beside it. What was asked for before `sinceMs` is dropped, on the shelf as well; what
 * was asked for before `changedAtMs` is known to have changed, so it no longer counts as young.
 */
type Copy = {
  turn: number
  held: Held<VomoUserDetail> | undefined
  deniedAtMs?: number | undefined
  sinceMs?: number
  changedAtMs?: number
}
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
  /** For a person in line, who may come to another process: a copy that is old here is nothing there. */
  forLine?: boolean
}

/** @param sinceMs a copy that was asked for before is no answer */
type Asked = {
  customerId: string
  vomoUserId: string
  key: string
  kind: CallKind
  fresh: boolean
  forLine: boolean
  sinceMs: number
}
type Reading = { startedAtMs: number; sinceMs: number; outcome: Promise<Outcome> }

export function createHeldUsers(given: {
  calls: Calls
  shelf: PersonShelf
  flights: ReturnType<typeof createFlights>
  clock: () => number
  log: Log
  waitMs: number
  /** Whether people who are refused stand in line, and are read for. */
  hasLine?: () => boolean
}) {
  const { calls, shelf, flights, clock, log, waitMs, hasLine = () => false } = given
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
    toldAtMs = 0,
  ): Held<VomoUserDetail> | undefined {
    const held = copies.get(key)?.held
    if (!held || held.fetchedAtMs < toldAtMs) return undefined
    if (held.fetchedAtMs < notBeforeMs && held.savedAtMs !== notBeforeMs) return undefined
    const ageMs = clock() - held.fetchedAtMs
    return ageMs <= limitMs && ageMs >= -skewMs ? held : undefined
  }

  function youngCopy(key: string, sinceMs: number): Held<VomoUserDetail> | undefined {
    return copyYoungerThan(freshMs, key, sinceMs, changedAtMs(key))
  }

  /** When the record is known to have changed: an answer from before is none. */
  function changedAtMs(key: string): number {
    return pastOnly(copies.get(key)?.changedAtMs ?? 0)
  }

  function oldCopy(customerId: string, key: string, notBeforeMs: number): Held<VomoUserDetail> | undefined {
    return copyYoungerThan(calls.isCatchingUp(customerId) ? heldWhileDownMs : heldMs, key, notBeforeMs)
  }

  function isDenied(key: string, notBeforeMs: number): boolean {
    const deniedAtMs = copies.get(key)?.deniedAtMs
    if (deniedAtMs === undefined || deniedAtMs < notBeforeMs) return false
    return Math.abs(clock() - deniedAtMs) < deniedMs
  }

  /** Takes over what another process, or an earlier one, has read. Undoes nothing that happened here meanwhile. */
  async function takeFromShelf({ customerId, vomoUserId, key }: Asked): Promise<void> {
    const before = copies.get(key)
    const kept = await shelf.load(customerId, vomoUserId)
    if (!kept || copies.get(key) !== before || kept.fetchedAtMs < (before?.sinceMs ?? 0)) return
    if (isNewer(before?.held, kept.fetchedAtMs)) return
    copies.set(key, { turn: 0, ...before, held: kept })
  }

  /** Whether a copy was asked for later than this, as far as its moment can be believed. */
  function isNewer(held: Held<VomoUserDetail> | undefined, fetchedAtMs: number): boolean {
    return held !== undefined && pastOnly(held.fetchedAtMs) > fetchedAtMs
  }

  /** Never rejects: the caller may be gone when the answer arrives. */
  async function read(asked: Asked): Promise<Outcome> {
    const { customerId, vomoUserId, key, kind } = asked
    try {
      if (!asked.fresh) await takeFromShelf(asked)
      const young = asked.fresh ? undefined : youngCopy(key, asked.sinceMs)
      if (young) return { held: young }
      if (asked.fresh || kind !== 'identity') return { held: await askVomo(asked, kind) }
      // Whose page an older copy serves meanwhile waits for those who have none.
      const isRenewal = !asked.forLine && oldCopy(customerId, key, asked.sinceMs) !== undefined
      return await flights.join(
        { customerId, vomoUserId },
        async () => {
          const held = await askVomo(asked, isRenewal ? 'renewal' : hasLine() ? 'arrival' : 'identity')
          await shelf.written()
          return { held }
        },
        async () => {
          await takeFromShelf(asked)
          const taken = youngCopy(key, asked.sinceMs)
          return taken && { held: taken }
        },
      )
    } catch (error) {
      log.debug({ customerId, ...loggable(error) }, 'no new copy of a user')
      return { error }
    }
  }

  async function askVomo(
    { customerId, vomoUserId, key }: Asked,
    kind: CallKind,
  ): Promise<Held<VomoUserDetail> | undefined> {
    const turn = turns++
    // The moment of asking: a slow answer is as old as its question.
    const fetchedAtMs = clock()
    const path = `/users/${encodeURIComponent(vomoUserId)}`
    const body = await calls.get(customerId, kind, path, {}, vomoUserId)
    const value = body === undefined ? undefined : readUserDetail(body, vomoUserId)
    // Every user has an address, so a record without one counts as missing.
    const held = value === undefined || value.email === null ? undefined : { value, fetchedAtMs }
    const before = copies.get(key)
    // A slow answer does not replace one that was asked for later, here or elsewhere.
    if (turn < (before?.turn ?? 0) || isNewer(before?.held, fetchedAtMs)) return held
    const deniedAtMs = held ? undefined : fetchedAtMs
    copies.set(key, { ...before, turn, held: held ?? before?.held, deniedAtMs })
    if (held) shelf.keep(customerId, vomoUserId, held, { isUsed: kind !== 'warming' })
    return held
  }

  function startRead(asked: Asked): Promise<Outcome> {
    const { key, kind, sinceMs } = asked
    const reading = { startedAtMs: clock(), sinceMs, outcome: read(asked) }
    // Background reads are slow, so visitors do not join them.
    if (kind === 'identity') asking.set(key, reading)
    underWay.add(reading.outcome)
    void forgetWhenDone(reading, key)
    return reading.outcome
  }

  /** A read in flight, unless it began before `sinceMs`, or takes a copy from before. */
  function readSince(sinceMs: number, key: string): Promise<Outcome> | undefined {
    const reading = asking.get(key)
    return reading && reading.startedAtMs >= sinceMs && reading.sinceMs >= sinceMs
      ? reading.outcome
      : undefined
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
      {
        fresh = false,
        notBeforeMs = 0,
        inBackground = false,
        denialServes = false,
        forLine = false,
      }: UserOptions = {},
    ): Promise<Held<VomoUserDetail> | undefined> {
      const key = keyOf(customerId, vomoUserId)
      const sinceMs = pastOnly(notBeforeMs)
      const young = fresh ? undefined : youngCopy(key, sinceMs)
      if (young) return young
      if (!fresh && denialServes && isDenied(key, Math.max(sinceMs, changedAtMs(key)))) return undefined

      const joined = fresh ? undefined : readSince(sinceMs, key)
      const kind = inBackground ? 'warming' : 'identity'
      const reading = joined ?? startRead({ customerId, vomoUserId, key, kind, fresh, forLine, sinceMs })
      const outcome = await within(waitMs, reading)
      if (outcome && 'held' in outcome) return outcome.held

      const old = fresh || forLine ? undefined : oldCopy(customerId, key, sinceMs)
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
     * @param written.askedAtMs when VOMO was asked to write it. What it answers may lack what changed since
     * @returns the earliest time a copy must have been asked for, in every process, to contain the write
     */
    wrote(
      customerId: string,
      vomoUserId: string,
      written: { value: VomoUserDetail; askedAtMs: number } | undefined,
    ): number {
      // A read that began in this same millisecond may precede the write.
      const sinceMs = clock() + 1
      const held = written && { value: written.value, fetchedAtMs: written.askedAtMs, savedAtMs: sinceMs }
      copies.set(keyOf(customerId, vomoUserId), { turn: turns++, held, sinceMs })
      if (held) shelf.keep(customerId, vomoUserId, held, { isUsed: true })
      else shelf.drop(customerId, vomoUserId, sinceMs)
      return sinceMs
    },
    /** Drops the copies of one user, held and in flight. */
    forget(customerId: string, vomoUserId: string): void {
      const sinceMs = clock()
      copies.set(keyOf(customerId, vomoUserId), { turn: turns++, held: undefined, sinceMs })
      shelf.drop(customerId, vomoUserId, sinceMs)
    },
    /**
     * The record is said to have changed by this moment: the next use asks VOMO. What is held still serves, with its age, while VOMO
     * does not answer.
     */
    changed(customerId: string, vomoUserId: string, atMs: number): void {
      const key = keyOf(customerId, vomoUserId)
      const before = copies.get(key)
      // A read that began in this same millisecond may precede the change.
      const knownAtMs = Math.max(atMs + 1, before?.changedAtMs ?? 0)
      copies.set(key, { turn: 0, held: undefined, ...before, changedAtMs: knownAtMs })
      if ((asking.get(key)?.startedAtMs ?? 0) < knownAtMs) asking.delete(key)
    },
    async settled(): Promise<void> {
      await Promise.all(underWay)
      await shelf.written()
    },
  }
}

function keyOf(customerId: string, vomoUserId: string): string {
  // Customer ids contain no slash.
  return `${customerId}/${vomoUserId}`
}
