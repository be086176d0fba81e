import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { Refusal } from './errors.ts'
import type { Processes } from './processes/processes.ts'
import type { Secrets } from './secrets.ts'
import { preparedQuery } from './store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from './store/store.ts'
import { skewMs } from './time/due.ts'

/** How often something may happen in a span of time, per key (a network, an address). */
type Limit = { count: number; perMs: number }

/** How many sign-in emails one person may get: `sign-in/mail/mail-allowance.ts` applies it. */
export type MailAllowance = {
  perMs: number
  /** Within that time, for requests from any browser. */
  open: number
  /** In addition, for browsers that have signed in as this address before. */
  reserved: number
  /** How many of the open ones may go out without a pause. */
  atOnce: number
  /** Between the later ones, while an email in the mailbox still signs in. */
  pauseMs: number
  /** Between the later ones, when none does. */
  shortPauseMs: number
}

/** How many wrong passwords may be tried for one address, in a row: `sign-in/password/tries.ts` applies it. */
export type TryAllowance = {
  /** Without a pause. */
  atOnce: number
  /** Before the next one. It doubles with each, up to `maxPauseMs`. */
  pauseMs: number
  maxPauseMs: number
  /** After so many the password is not compared again until it is set anew, except for the other kind of browser. */
  inAll: number
}

/** Counted in the store: these hold across all processes and restarts. */
type SharedLimits = {
  signInRequestsPerNetwork: Limit | undefined
  /** For an address, from browsers that have signed in as it before; independent of their network's count. */
  signInRequestsFromKnownBrowsers: Limit | undefined
  /** Unknown secrets, and codes that do not sign in. A real one is never counted. */
  missesPerNetwork: Limit | undefined
  /** Sign-ins that begin through an identity provider. */
  providerSignInsPerNetwork: Limit | undefined
  strangerMailsPerNetwork: Limit | undefined
  /** From browsers that did not sign in as that address before; the others are counted by address alone. */
  passwordTriesPerNetwork: Limit | undefined
  inviteMailsPerApplication: Limit | undefined
  /** Codes mailed to one member of staff for a second step. */
  stepCodesPerPerson: Limit | undefined
  /** Codes made by staff to read out to one person, who is emailed each time. */
  spokenCodesPerPerson: Limit | undefined
  /** What a member of staff has VOMO asked for by hand: sign-ins share VOMO's calls with them. */
  vomoLooksPerStaff: Limit | undefined
  /** Files with everything of a customer, for its owners. */
  exportsPerCustomer: Limit | undefined
  /** In VOMO, for an address that was asked for. */
  lookUpsPerAddress: Limit | undefined
  handOffsPerPerson: Limit
  calendarFetchesPerFeed: Limit
  profileChangesPerPerson: Limit | undefined
}

/** What programs call, too often to write each down. Each process counts for itself and admits its part: see `openShares`. */
type ProgramLimits = {
  apiCallsPerToken: Limit | undefined
  callsPerApplication: Limit | undefined
  /** Of a webhook, without VOMO's signature: what goes beyond is refused before the database hears of it. */
  forgedDeliveriesPerCustomer: Limit | undefined
}

/** `undefined` means no limit. */
export type LimitSettings = SharedLimits &
  ProgramLimits & { mailsPerPerson: MailAllowance | undefined; passwordTries: TryAllowance | undefined }

const minuteMs = 60_000
const dayMs = 86_400_000

export const defaultLimits: LimitSettings = {
  mailsPerPerson: {
    perMs: 60 * minuteMs,
    open: 7,
    reserved: 2,
    atOnce: 2,
    pauseMs: 10 * minuteMs,
    shortPauseMs: 5 * minuteMs,
  },
  // A whole team may share the address of its hall.
  signInRequestsPerNetwork: { count: 60, perMs: 10 * minuteMs },
  signInRequestsFromKnownBrowsers: { count: 20, perMs: 10 * minuteMs },
  missesPerNetwork: { count: 60, perMs: minuteMs },
  // A whole office may begin its day behind one address.
  providerSignInsPerNetwork: { count: 300, perMs: 10 * minuteMs },
  strangerMailsPerNetwork: { count: 20, perMs: dayMs },
  stepCodesPerPerson: { count: 6, perMs: 60 * minuteMs },
  spokenCodesPerPerson: { count: 6, perMs: 60 * minuteMs },
  // Two for each person on the phone: one finds them, one opens their page.
  vomoLooksPerStaff: { count: 30, perMs: minuteMs },
  // One that broke off is begun again; each reads the whole of the customer's tables.
  exportsPerCustomer: { count: 6, perMs: 60 * minuteMs },
  passwordTriesPerNetwork: { count: 60, perMs: 10 * minuteMs },
  // NIST SP 800-63B-4 §3.2.2: a hundred in a row, with pauses of 30 seconds to an hour. Eight fit into five minutes.
  passwordTries: { atOnce: 5, pauseMs: 30_000, maxPauseMs: 60 * minuteMs, inAll: 100 },
  // A new volunteer in VOMO waits at most five minutes, even during a flood.
  lookUpsPerAddress: { count: 12, perMs: 60 * minuteMs },
  // Like VOMO's own API, as far as is known.
  apiCallsPerToken: { count: 60, perMs: minuteMs },
  // In the Rownd form, which looks a profile up for every page of a site: 20 a second.
  callsPerApplication: { count: 1200, perMs: minuteMs },
  forgedDeliveriesPerCustomer: { count: 60, perMs: minuteMs },
  handOffsPerPerson: { count: 20, perMs: 10 * minuteMs },
  calendarFetchesPerFeed: { count: 30, perMs: 10 * minuteMs },
  profileChangesPerPerson: { count: 20, perMs: 10 * minuteMs },
  // Enough to invite a whole organization in a day, and too few to flood a mailbox unnoticed.
  inviteMailsPerApplication: { count: 300, perMs: 60 * minuteMs },
}

export type Limits = ReturnType<typeof openLimits>

type Taken = { ok: true } | { ok: false; retryAfterMs: number }

export function openLimits(
  settings: LimitSettings,
  tools: { store: Store; secrets: Secrets; clock: () => number; processes: Pick<Processes, 'partOf'> },
) {
  const { store, secrets, clock, processes } = tools
  const takeOwn = openShares(processes)

  /** Takes one from a shared limit, in the transaction of the limited action. */
  function* take(name: keyof SharedLimits, key: string): Write<Taken> {
    const limit = settings[name]
    if (!limit) return { ok: true }
    return yield* takeShared(
      store.db,
      { name, keyHash: secrets.hash('limit', `${name} ${key}`), limit },
      clock(),
    )
  }

  return {
    mailsPerPerson: settings.mailsPerPerson,
    passwordTries: settings.passwordTries,
    take,
    /** @throws {Refusal} `rate_limited`, with the time to wait */
    *takeOrRefuse(name: keyof SharedLimits, key: string): Write<void> {
      const taken = yield* take(name, key)
      if (!taken.ok) throw new Refusal('rate_limited', { retryAfterMs: taken.retryAfterMs })
    },
    /** @throws {Refusal} `rate_limited`, with the time to wait */
    requireOwn(name: keyof ProgramLimits, key: string): void {
      const limit = settings[name]
      const taken: Taken = limit ? takeOwn(limit, `${name} ${key}`, clock()) : { ok: true }
      if (!taken.ok) throw new Refusal('rate_limited', { retryAfterMs: taken.retryAfterMs })
    },
  }
}

/** Keys counted in memory; those not asked for longest are forgotten first. */
const maxKeys = 20_000

/**
 * A bucket per key, which holds this process's part of the limit and fills at that part of the pace. When processes come and go,
 * parts change, and no bucket gains by it: together they admit what one alone would.
 */
function openShares({ partOf }: Pick<Processes, 'partOf'>) {
  const buckets = new LRUCache<string, { left: number; atMs: number }>({ max: maxKeys })

  return (limit: Limit, key: string, nowMs: number): Taken => {
    const own = limit.count * partOf(limit.perMs)
    const maxLeft = Math.max(1, own)
    const perMs = own / limit.perMs
    const known = buckets.get(key) ?? { left: maxLeft, atMs: nowMs }
    const left = Math.min(maxLeft, known.left + Math.max(0, nowMs - known.atMs) * perMs)
    const isFree = left >= 1
    buckets.set(key, { left: isFree ? left - 1 : left, atMs: nowMs })
    return isFree ? { ok: true } : { ok: false, retryAfterMs: Math.max(1, Math.ceil((1 - left) / perMs)) }
  }
}

/**
 * One row per key: the time at which everything taken is available again. Each take moves it by one share of the time, and is
 * refused if it would pass the whole span (GCRA). One statement decides, under the lock of that row, and a refusal writes nothing.
 */
function* takeShared(
  db: Queries,
  of: { name: string; keyHash: Uint8Array; limit: Limit },
  nowMs: number,
): Write<Taken> {
  const { name, keyHash, limit } = of
  const shareMs = Math.ceil(limit.perMs / limit.count)
  const fullAtMs = nowMs + shareMs * (limit.count - 1)
  const taken = yield* rows(
    takeOne(db, {
      name,
      keyHash,
      nowMs,
      shareMs,
      fullAtMs,
      afterOneMs: nowMs + shareMs,
      latestMs: fullAtMs + shareMs + skewMs,
    }),
  )
  if (taken.length > 0) return { ok: true }
  const [count] = yield* rows(countOf(db, { name, keyHash }))
  return { ok: false, retryAfterMs: Math.max(1, (count?.free_at_ms ?? fullAtMs) - fullAtMs) }
}

type TakeOne = {
  name: string
  keyHash: Uint8Array
  nowMs: number
  shareMs: number
  fullAtMs: number
  afterOneMs: number
  /** The latest time that a count may reach by any clock; a later one is from before the clock was set back, and is ignored. */
  latestMs: number
}

const takeOne = preparedQuery((db, take: TakeOne) =>
  db
    .insertInto('limit_count')
    .values({ name: take.name, key_hash: take.keyHash, free_at_ms: take.afterOneMs })
    .onConflict((known) =>
      known
        .columns(['name', 'key_hash'])
        .doUpdateSet({
          free_at_ms: sql<number>`case
            when limit_count.free_at_ms between ${take.nowMs} and ${take.latestMs} then limit_count.free_at_ms + ${take.shareMs}
            else ${take.afterOneMs} end`,
        })
        .where((is) =>
          is.or([
            is('limit_count.free_at_ms', '<=', take.fullAtMs),
            is('limit_count.free_at_ms', '>', take.latestMs),
          ]),
        ),
    )
    .returning('free_at_ms')
    .compile(),
)

const countOf = preparedQuery((db, { name, keyHash }: { name: string; keyHash: Uint8Array }) =>
  db
    .selectFrom('limit_count')
    .select('free_at_ms')
    .where('name', '=', name)
    .where('key_hash', '=', keyHash)
    .compile(),
)

/** Deletes counts with everything available again. */
export function* forgetOldCounts(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('limit_count').where('free_at_ms', '<=', nowMs).compile())
}

export const limitsPart = { forget: [forgetOldCounts] }
