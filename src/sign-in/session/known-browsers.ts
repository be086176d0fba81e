import type { Person } from '../../accounts/people.ts'
import type { Secrets } from '../../secrets.ts'
import { preparedInsert, preparedQuery } from '../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { Proof } from './sessions.ts'

/**
 * Browsers that have signed in as an address before. Being known opens nothing: it only reserves a place for the owner of an
 * address that attackers flood (docs/decisions/0019-floods.md). So it outlives sessions and sign-outs.
 */

/** Each sign-in renews it, so that volunteers of one season are still known in the next. */
export const knownBrowserLifeMs = 365 * 86_400_000

/** Per person; the one that has not signed in for longest is dropped first. */
const maxKnownBrowsers = 10

/** Looked up when a browser brings no key, for the same amount of work: no issued key equals it. */
const noKey = '0'.repeat(32)

/**
 * Remembers the browser that just signed in. Its key changes each time, so a copy of the old one is worthless; other people who
 * signed in from it stay known by the new one.
 *
 * @param of.proof what proved the mailbox; revoked with it
 * @param of.formerKey as it came in the cookie
 * @returns the key for the cookie, stored only as a keyed hash
 */
export function* rememberBrowser(
  db: Queries,
  secrets: Secrets,
  of: { person: Person; proof: Proof; formerKey: string | undefined },
  nowMs: number,
): Write<string> {
  const { person, proof, formerKey } = of
  const { secret: key, hash } = secrets.issue('known browser', nowMs)
  if (formerKey !== undefined) {
    const formerHashes = secrets.issuedHashes('known browser', formerKey)
    yield* rows(
      db
        .deleteFrom('known_browser')
        .where('key_hash', 'in', formerHashes)
        .where('person_id', '=', person.id)
        .compile(),
    )
    yield* rows(
      db.updateTable('known_browser').set({ key_hash: hash }).where('key_hash', 'in', formerHashes).compile(),
    )
  }
  yield* rows(
    newBrowser(db, {
      key_hash: hash,
      person_id: person.id,
      customer_id: person.customerId,
      address: person.address,
      proof_id: proof.id,
      signed_in_at_ms: nowMs,
      expires_at_ms: nowMs + knownBrowserLifeMs,
    }),
  )
  yield* rows(forgetTooMany(db, { personId: person.id }))
  return key
}

const newBrowser = preparedInsert('known_browser')

const forgetTooMany = preparedQuery((db, { personId }: { personId: string }) =>
  db
    .deleteFrom('known_browser')
    .where('person_id', '=', personId)
    .where('key_hash', 'not in', (of) =>
      of
        .selectFrom('known_browser')
        .select('key_hash')
        .where('person_id', '=', personId)
        .orderBy('signed_in_at_ms', 'desc')
        .limit(maxKnownBrowsers),
    )
    .compile(),
)

/** Whether a browser has signed in as this address before. Does the same work with a key and without, for every address. */
export async function isKnownBrowser(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  at: { customerId: string; address: string; key: string | undefined },
): Promise<boolean> {
  const { store, secrets, clock } = tools
  const found = await store.read(
    store.db
      .selectFrom('known_browser')
      .select('address')
      .where('key_hash', 'in', secrets.issuedHashes('known browser', at.key ?? noKey))
      .where('customer_id', '=', at.customerId)
      .where('expires_at_ms', '>', clock())
      .compile(),
  )
  return found.some(({ address }) => address === at.address)
}

/** Of one person's sessions: all, the one with this id, or all but that one. */
export type WhichSessions = 'all' | { is: string } | { isNot: string }

/** When a person's sessions are ended, their browsers are no longer known: one of them may not be theirs. */
export function* forgetBrowsersOf(db: Queries, personId: string, which: WhichSessions = 'all'): Write<void> {
  let forgetting = db.deleteFrom('known_browser').where('person_id', '=', personId)
  if (which !== 'all') {
    const [operator, sessionId] =
      'is' in which ? (['in', which.is] as const) : (['not in', which.isNot] as const)
    forgetting = forgetting.where('proof_id', operator, (of) =>
      of.selectFrom('session').select('link_id').where('id', '=', sessionId),
    )
  }
  yield* rows(forgetting.compile())
}

/** The owner of the mailbox says it was not them. */
export function* forgetBrowsersOfProof(db: Queries, proof: Proof): Write<void> {
  yield* rows(db.deleteFrom('known_browser').where('proof_id', '=', proof.id).compile())
}

export function* forgetOldBrowsers(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('known_browser').where('expires_at_ms', '<=', nowMs).compile())
}

/** A person's stored browsers, newest first. */
export async function keptBrowsers(store: Store, personId: string) {
  return store.read(
    store.db
      .selectFrom('known_browser')
      .select(['address', 'signed_in_at_ms', 'expires_at_ms'])
      .where('person_id', '=', personId)
      .orderBy('signed_in_at_ms', 'desc')
      .compile(),
  )
}
