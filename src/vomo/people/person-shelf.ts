import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Log } from '../../log/log.ts'
import type { Secrets } from '../../secrets.ts'
import { preparedQuery } from '../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { skewMs } from '../../time/due.ts'
import type { AccessReader } from '../access/access.ts'
import type { Held, VomoUserDetail } from '../types.ts'
import { isRecord } from '../wire/values.ts'

/** Increment with every change of `VomoUserDetail`; bodies written by an older release are then read anew. */
const bodyVersion = 1
/** The oldest copy that ever serves is as old: see `held.ts`. */
export const defaultRetentionHours = 24
/** How long a copy waits for others, so that the answer it came with leaves first and one transaction writes many. */
const defaultDelayMs = 250
const maxInOneWrite = 50

type Shelved = { version: number; account: string; customerId: string; held: Held<VomoUserDetail> }
/** The copy to keep, or the moment from which on one may be kept. */
type Change = { customerId: string; vomoUserId: string } & (
  | { held: Held<VomoUserDetail>; isUsed: boolean }
  | { sinceMs: number }
)

export type PersonShelf = ReturnType<typeof createPersonShelf>

/**
 * The records of people known here in the database, sealed, for the next start, for other processes, and for while VOMO does not
 * answer. How old a copy may be is decided in `held.ts` alone: here each has the moment it was asked for.
 *
 * @param given.retentionMs how long a copy stays after it was asked for; 0 keeps none
 */
export function createPersonShelf(given: {
  store: Store
  secrets: Secrets
  access: Pick<AccessReader, 'read'>
  clock: () => number
  log: Log
  retentionMs: number
  delayMs?: number
}) {
  const { store, secrets, access, clock, log, retentionMs, delayMs = defaultDelayMs } = given
  const waiting = new Map<string, Change>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  function put(change: Change): void {
    if (retentionMs === 0) return
    const key = JSON.stringify([change.customerId, change.vomoUserId])
    const before = waiting.get(key)
    const isUsed =
      'held' in change && (change.isUsed || (before !== undefined && 'held' in before && before.isUsed))
    waiting.set(key, 'held' in change ? { ...change, isUsed } : change)
    timer ??= setTimeout(writeSoon, delayMs).unref()
  }

  function writeSoon(): void {
    timer = undefined
    writing = writing.then(writeAll)
  }

  async function writeAll(): Promise<void> {
    const all = [...waiting.values()]
    waiting.clear()
    for (let at = 0; at < all.length; at += maxInOneWrite) {
      const some = await Promise.all(all.slice(at, at + maxInOneWrite).map(sealed))
      await store
        .write(function* () {
          for (const each of some) yield* write(store.db, each, clock())
        })
        .catch((error: unknown) => log.warn({ error }, 'copies of records could not be kept'))
    }
  }

  async function sealed(change: Change): Promise<SealedChange> {
    const { customerId, vomoUserId } = change
    if ('sinceMs' in change) return change
    const { held, isUsed } = change
    const body: Shelved = { version: bodyVersion, account: await accountOf(customerId), customerId, held }
    const box = secrets.seal('vomo person', JSON.stringify(body))
    return { customerId, vomoUserId, askedAtMs: held.fetchedAtMs, box, isUsed }
  }

  /** What VOMO said under one token, or at one address, it did not say under another. */
  async function accountOf(customerId: string): Promise<string> {
    const granted = await access.read(customerId)
    return createHash('sha256').update(`${granted?.baseUrl} ${granted?.token}`).digest('base64url')
  }

  return {
    /** The copy of one user's record that any process has kept, of any age. */
    async load(customerId: string, vomoUserId: string): Promise<Held<VomoUserDetail> | undefined> {
      if (retentionMs === 0) return undefined
      const [row] = await store.read(copyOf(store.db, { customerId, vomoUserId }))
      const text = row && secrets.tryOpen('vomo person', row.body_sealed)
      if (text === undefined) return undefined
      const kept: unknown = JSON.parse(text)
      if (!isShelved(kept) || kept.account !== (await accountOf(customerId))) return undefined
      // What is sealed decides, not the row it lies in.
      return kept.customerId === customerId && kept.held.value.id === vomoUserId ? kept.held : undefined
    },
    /**
     * Keeps a copy a moment later, unless a newer one is kept by then or the person is not known here.
     *
     * @param isUsed a visitor asked for it; another one only replaces an older one
     */
    keep(
      customerId: string,
      vomoUserId: string,
      held: Held<VomoUserDetail>,
      { isUsed }: { isUsed: boolean },
    ): void {
      put({ customerId, vomoUserId, held, isUsed })
    },
    /** Deletes what was asked for before, a moment later. */
    drop(customerId: string, vomoUserId: string, sinceMs: number): void {
      put({ customerId, vomoUserId, sinceMs })
    },
    /** Whether people of the customer were here since: a visit leaves a copy. Where none are kept, they may have been. */
    async isInUse(customerId: string, sinceMs: number): Promise<boolean> {
      if (retentionMs === 0) return true
      const visit = store.db
        .selectFrom('vomo_person_copy')
        .innerJoin('person', 'person.id', 'vomo_person_copy.person_id')
        .select('person_id')
        .where('customer_id', '=', customerId)
        .where('asked_at_ms', '>', sinceMs)
        .limit(1)
      return (await store.read(visit.compile())).length > 0
    },
    /** Resolves when everything put so far is written. */
    async written(): Promise<void> {
      clearTimeout(timer)
      writeSoon()
      await writing
    },
  }
}

type SealedChange = { customerId: string; vomoUserId: string } & (
  | { box: Uint8Array; askedAtMs: number; isUsed: boolean }
  | { sinceMs: number }
)

type Whose = { customerId: string; vomoUserId: string }

const copyOf = preparedQuery((db, of: Whose) =>
  db
    .selectFrom('vomo_person_copy')
    .innerJoin('person', 'person.id', 'vomo_person_copy.person_id')
    .select('body_sealed')
    .where('customer_id', '=', of.customerId)
    .where('vomo_user_id', '=', of.vomoUserId)
    .compile(),
)

/** Locked, so that a person who erases their data, or is turned off, at this moment leaves no copy. */
const activeOf = preparedQuery((db, of: Whose) =>
  db
    .selectFrom('person')
    .select('id')
    .where('customer_id', '=', of.customerId)
    .where('vomo_user_id', '=', of.vomoUserId)
    .where('standing', '=', 'active')
    .forNoKeyUpdate()
    .compile(),
)

function* write(db: Queries, change: SealedChange, nowMs: number): Write<void> {
  const { customerId, vomoUserId } = change
  const [person] = yield* rows(activeOf(db, { customerId, vomoUserId }))
  if (!person) return
  if ('sinceMs' in change) {
    yield* rows(ofPerson(db, person.id).where('asked_at_ms', '<', change.sinceMs).compile())
    return
  }
  const known = sql.ref('vomo_person_copy.asked_at_ms')
  const isOlder = sql<boolean>`(${known} <= ${change.askedAtMs} or ${known} > ${nowMs + skewMs})`
  const kept = { body_sealed: change.box, asked_at_ms: change.askedAtMs }
  if (change.isUsed) {
    const upsert = db
      .insertInto('vomo_person_copy')
      .values({ person_id: person.id, ...kept })
      .onConflict((other) => other.column('person_id').doUpdateSet(kept).where(isOlder))
    yield* rows(upsert.compile())
  } else {
    const update = db.updateTable('vomo_person_copy').set(kept).where('person_id', '=', person.id)
    yield* rows(update.where(isOlder).compile())
  }
}

function ofPerson(db: Queries, personId: string) {
  return db.deleteFrom('vomo_person_copy').where('person_id', '=', personId)
}

/** In the transaction that makes what was kept of a person untrue. Where the person is deleted, the copy goes by itself. */
export function* forgetPersonCopy(db: Queries, personId: string): Write<void> {
  yield* rows(ofPerson(db, personId).compile())
}

/** Deletes copies that were asked for longer ago; all of them where none shall be kept. */
export function forgetOldCopies(retentionMs: number) {
  return function* (db: Queries, nowMs: number): Write<void> {
    yield* rows(
      db
        .deleteFrom('vomo_person_copy')
        .where((is) =>
          is.or([is('asked_at_ms', '<=', nowMs - retentionMs), is('asked_at_ms', '>', nowMs + skewMs)]),
        )
        .compile(),
    )
  }
}

// A shallow check is enough: only `keep` writes here, and the version vouches for the shape.
function isShelved(kept: unknown): kept is Shelved {
  return (
    isRecord(kept) &&
    kept.version === bodyVersion &&
    isRecord(kept.held) &&
    typeof kept.held.fetchedAtMs === 'number' &&
    isRecord(kept.held.value)
  )
}
