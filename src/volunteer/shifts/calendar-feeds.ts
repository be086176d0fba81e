import { type Person, requireKnown, toPerson } from '../../accounts/people.ts'
import { recordAudit } from '../../audit.ts'
import { randomToken, type Secrets } from '../../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'

/** A volunteer's calendar link, as its owner may see it. */
export type CalendarFeed = { readonly madeAtMs: number; readonly fetchedAtMs: number | null }

/** Letters and digits: 190 bits. */
const secretLength = 32

/** A fetch is recorded at most this often, because calendars fetch day and night. */
const noteFetchEveryMs = 60 * 60_000

/** The link works while its owner has the address under which it was made: they proved a later address by another email. */
export async function feedOf(store: Store, { id, address }: Person): Promise<CalendarFeed | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('calendar_feed')
      .select(['made_at_ms', 'fetched_at_ms'])
      .where('person_id', '=', id)
      .where('address', '=', address)
      .compile(),
  )
  return row && { madeAtMs: row.made_at_ms, fetchedAtMs: row.fetched_at_ms }
}

/**
 * Makes a person's link, or replaces it.
 *
 * @returns its secret, stored only as a keyed hash
 * @throws {Refusal} 'session_required' if they erased all their data a moment ago
 */
export function* makeFeed(db: Queries, secrets: Secrets, person: Person, nowMs: number): Write<string> {
  yield* requireKnown(db, person.id)
  const secret = randomToken(secretLength)
  const made = {
    address: person.address,
    secret_hash: secrets.hash('calendar feed', secret),
    made_at_ms: nowMs,
    fetched_at_ms: null,
  }
  yield* rows(
    db
      .insertInto('calendar_feed')
      .values({ person_id: person.id, customer_id: person.customerId, ...made })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet(made))
      .compile(),
  )
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: 'calendar.made',
    personId: person.id,
  })
  return secret
}

export function* switchOffFeed(db: Queries, person: Person, nowMs: number): Write<void> {
  const [gone] = yield* rows(
    db.deleteFrom('calendar_feed').where('person_id', '=', person.id).returning('person_id').compile(),
  )
  if (!gone) return
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: 'calendar.switched_off',
    personId: person.id,
  })
}

/** Part of erasing everything we store about a person. */
export function* forgetFeedOf(db: Queries, personId: string): Write<void> {
  yield* rows(db.deleteFrom('calendar_feed').where('person_id', '=', personId).compile())
}

/** The owner of this link, at this customer. `isOver` when the owner's address has changed since. */
export async function feedBySecret(
  store: Store,
  secrets: Secrets,
  at: { customerId: string; secret: string },
): Promise<{ person: Person; isOver: boolean; fetchedAtMs: number | null } | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('calendar_feed')
      .innerJoin('person', 'person.id', 'calendar_feed.person_id')
      .selectAll('person')
      .select(['calendar_feed.address as made_for', 'fetched_at_ms'])
      .where('secret_hash', 'in', secrets.hashes('calendar feed', at.secret))
      .where('calendar_feed.customer_id', '=', at.customerId)
      .compile(),
  )
  return (
    row && { person: toPerson(row), isOver: row.made_for !== row.address, fetchedAtMs: row.fetched_at_ms }
  )
}

/** @param fetchedAtMs when it was last recorded */
export async function noteFetch(
  store: Store,
  { person, fetchedAtMs }: { person: Person; fetchedAtMs: number | null },
  nowMs: number,
): Promise<void> {
  if (fetchedAtMs !== null && Math.abs(nowMs - fetchedAtMs) < noteFetchEveryMs) return
  await store.write(function* () {
    yield* rows(
      store.db
        .updateTable('calendar_feed')
        .set({ fetched_at_ms: nowMs })
        .where('person_id', '=', person.id)
        .compile(),
    )
  })
}
