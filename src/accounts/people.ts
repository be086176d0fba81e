import type { Selectable } from 'kysely'
import { recordAudit } from '../audit.ts'
import { newIdAt } from '../secrets.ts'
import { preparedQuery } from '../store/prepared-query.ts'
import type { PersonTable } from '../store/schema.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { type LanguageName, languageNamed } from '../text/languages.ts'

/** Somebody known to a customer's portal. VOMO's id stays on the server; `id` is ours. */
export type Person = {
  id: string
  customerId: string
  /** `null` for staff without a VOMO record. */
  vomoUserId: string | null
  address: string
  standing: Standing
  /** Sessions started before this are over. */
  sessionsValidAfterMs: number
  /** A copy of the record that was asked for before this no longer holds. */
  recordChangedAtMs: number
  /** What they read, once they were here: for mails they do not ask for. */
  language: LanguageName | null
}

/** What a person's record allows: see docs/words.md. */
export type Standing = PersonTable['standing']

/** The person who maps to a VOMO user, or the member of staff who maps to none; made at the first meeting. An address that differs is changed only by `welcomeBack`. */
export function* meetPerson(
  db: Queries,
  met: { customerId: string; vomoUserId: string | null; address: string },
  nowMs: number,
): Write<Person> {
  const [known] = yield* rows(
    db
      .selectFrom('person')
      .selectAll()
      .where('customer_id', '=', met.customerId)
      .where((where) =>
        met.vomoUserId === null
          ? where.and([where('vomo_user_id', 'is', null), where('address', '=', met.address)])
          : where('vomo_user_id', '=', met.vomoUserId),
      )
      .compile(),
  )
  if (known) return toPerson(known)
  const row = {
    id: newIdAt('per', nowMs),
    customer_id: met.customerId,
    vomo_user_id: met.vomoUserId,
    address: met.address,
    standing: 'active' as const,
    sessions_valid_after_ms: 0,
    record_changed_at_ms: 0,
    language: null,
    created_at_ms: nowMs,
  }
  yield* rows(db.insertInto('person').values(row).compile())
  yield* recordAudit(db, {
    customerId: met.customerId,
    atMs: nowMs,
    kind: 'person.created',
    personId: row.id,
  })
  return toPerson(row)
}

/** @throws where there is no such person: whoever names an id got it from us */
export function* personById(db: Queries, personId: string): Write<Person> {
  const [known] = yield* rows(byId(db, { id: personId }))
  if (!known) throw new Error('no person has this id')
  return toPerson(known)
}

const byId = preparedQuery((db, { id }: { id: string }) =>
  db.selectFrom('person').selectAll().where('id', '=', id).compile(),
)

/** The person of this customer with an id that came from outside; `undefined` for every other, another customer's included. */
export async function personOf(
  store: Store,
  at: { customerId: string; id: string },
): Promise<Person | undefined> {
  const [known] = await store.read(
    store.db
      .selectFrom('person')
      .selectAll()
      .where('id', '=', at.id)
      .where('customer_id', '=', at.customerId)
      .compile(),
  )
  return known && toPerson(known)
}

/** Everyone known by this address, at one customer or at all. */
export async function personIdsAt(
  store: Store,
  at: { customerId: string | undefined; address: string },
): Promise<string[]> {
  let query = store.db.selectFrom('person').select('id').where('address', '=', at.address)
  if (at.customerId !== undefined) query = query.where('customer_id', '=', at.customerId)
  return (await store.read(query.compile())).map(({ id }) => id)
}

/** The one active person with this address; `undefined` where there is none, or more than one. */
export async function activePersonAt(
  store: Store,
  customerId: string,
  address: string,
): Promise<(Person & { vomoUserId: string }) | undefined> {
  const found = await store.read(
    store.db
      .selectFrom('person')
      .selectAll()
      .where('customer_id', '=', customerId)
      .where('address', '=', address)
      .where('standing', '=', 'active')
      .where('vomo_user_id', 'is not', null)
      .limit(2)
      .compile(),
  )
  const [only, another] = found.map(toPerson)
  if (!only || another || only.vomoUserId === null) return undefined
  return { ...only, vomoUserId: only.vomoUserId }
}

/**
 * Somebody proved an address that VOMO holds for them. A new address replaces the old one, heals `stale` and ends the sessions
 * that began under the old one. `orphaned` and `disabled` are for staff to heal.
 *
 * @returns the address it was before, where it changed
 */
export function* welcomeBack(
  db: Queries,
  personId: string,
  address: string,
  nowMs: number,
): Write<{ person: Person; formerAddress: string | undefined }> {
  const before = yield* personById(db, personId)
  const isMoved = before.address !== address
  if (!isMoved && before.standing !== 'stale') return { person: before, formerAddress: undefined }

  const person: Person = {
    ...before,
    address,
    standing: before.standing === 'stale' ? 'active' : before.standing,
    sessionsValidAfterMs: nowMs,
  }
  yield* rows(
    db
      .updateTable('person')
      .set({ address, standing: person.standing, sessions_valid_after_ms: nowMs })
      .where('id', '=', personId)
      .compile(),
  )
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: 'person.address_changed',
    personId,
  })
  return { person, formerAddress: isMoved ? before.address : undefined }
}

/** Their record was changed through us: no older copy of it serves any more, in no process. */
export function* markRecordChanged(db: Queries, personId: string, sinceMs: number): Write<void> {
  yield* rows(
    db.updateTable('person').set({ record_changed_at_ms: sinceMs }).where('id', '=', personId).compile(),
  )
}

/** What somebody reads, for mails they do not ask for. What they first come with changes nothing, so it is no event. */
export function* rememberLanguage(
  db: Queries,
  person: Person,
  language: LanguageName,
  nowMs: number,
): Write<void> {
  if (person.language === language) return
  yield* rows(setLanguage(db, { id: person.id, language }))
  if (person.language === null) return
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: 'person.language_set',
    personId: person.id,
    detail: { language },
  })
}

const setLanguage = preparedQuery((db, { id, language }: { id: string; language: LanguageName }) =>
  db.updateTable('person').set({ language }).where('id', '=', id).compile(),
)

/** VOMO's e-mail is another one now: every session is over until somebody proves the new address. */
export function* markStale(db: Queries, person: Person, nowMs: number): Write<void> {
  const changed = yield* rows(
    db
      .updateTable('person')
      .set({ standing: 'stale', sessions_valid_after_ms: nowMs })
      .where('id', '=', person.id)
      .where('standing', '=', 'active')
      .where('address', '=', person.address)
      .returning('id')
      .compile(),
  )
  if (changed.length === 0) return
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: 'person.stale',
    personId: person.id,
  })
}

/** VOMO has no such user any more. Only staff heal this. */
export function* markOrphaned(db: Queries, person: Person, nowMs: number): Write<void> {
  const changed = yield* rows(
    db
      .updateTable('person')
      .set({ standing: 'orphaned' })
      .where('id', '=', person.id)
      .where('standing', 'in', ['active', 'stale'])
      .returning('id')
      .compile(),
  )
  if (changed.length === 0) return
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: 'person.orphaned',
    personId: person.id,
  })
}

/** When somebody became known here. */
export async function knownSinceMs(store: Store, personId: string): Promise<number | undefined> {
  const [row] = await store.read(
    store.db.selectFrom('person').select('created_at_ms').where('id', '=', personId).compile(),
  )
  return row?.created_at_ms
}

/**
 * The ids under which somebody is known here: their own, and those of the same mailbox, as of a member of staff who got a VOMO
 * record later. Who is `stale` has another mailbox by now, and what staff switched off is theirs to keep.
 */
export function* idsOfOwner(db: Queries, { id, customerId, address }: Person): Write<string[]> {
  const found = yield* rows(
    db
      .selectFrom('person')
      .select('id')
      .where('customer_id', '=', customerId)
      .where('address', '=', address)
      .where('standing', 'in', ['active', 'orphaned'])
      .compile(),
  )
  return [...new Set([id, ...found.map((person) => person.id)])]
}

/** Forgets a person; what refers to them must be gone. Whoever signs in as the same VOMO user is somebody new here. */
export function* forgetPerson(db: Queries, personId: string): Write<void> {
  yield* rows(db.deleteFrom('person').where('id', '=', personId).compile())
}

export function toPerson(row: Selectable<PersonTable>): Person {
  return {
    id: row.id,
    customerId: row.customer_id,
    vomoUserId: row.vomo_user_id,
    address: row.address,
    standing: row.standing,
    sessionsValidAfterMs: row.sessions_valid_after_ms,
    recordChangedAtMs: row.record_changed_at_ms,
    language: languageNamed(row.language ?? undefined) ?? null,
  }
}
