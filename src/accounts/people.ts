import type { Selectable } from 'kysely'
import { type AuditKind, type AuditReason, recordAudit } from '../audit.ts'
import { Refusal } from '../errors.ts'
import type { ProblemKind } from '../problems/kinds.ts'
import { closeProblems, openProblem } from '../problems/problems.ts'
import { newIdAt } from '../secrets.ts'
import { lockRow, lockRowIfAny } from '../store/lock-row.ts'
import { preparedInsert, preparedQuery } from '../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { PersonTable } from '../store/tables/people.ts'
import { type LanguageName, languageNamed } from '../text/languages.ts'
import { skewMs } from '../time/due.ts'
import { forgetPersonCopy } from '../vomo/people/person-shelf.ts'
import type { WrittenAt } from '../vomo/people/save-user.ts'

/** A person known to a customer's portal. VOMO's id stays on the server; `id` is ours. */
export type Person = {
  id: string
  customerId: string
  /** `null` for staff without a VOMO record. */
  vomoUserId: string | null
  address: string
  standing: Standing
  /** Sessions that started before this have ended. */
  sessionsValidAfterMs: number
  /** A copy of the record that was asked for before this no longer serves. */
  recordChangedAtMs: number
  /** The language they last read here, for emails they did not ask for. */
  language: LanguageName | null
  /** When VOMO first and last denied the record; `null` while VOMO shows it. See `missing.ts`. */
  missingSinceMs: number | null
  missingSeenMs: number | null
  /** VOMO had another record with their address when it was last asked, so the address alone does not say who they are. */
  sharesAddress: boolean
}

/** What a person's record allows: see docs/words.md. */
type Standing = PersonTable['standing']

/** A person as VOMO or the list of staff shows them. */
type Met = { customerId: string; vomoUserId: string | null; address: string }

/**
 * Finds or creates the person who maps to a VOMO user, or the member of staff who maps to none. A person turned off under the
 * address of staff is not created again, even if VOMO now has another address for them. Only `welcomeBack` changes an address. Of
 * several that meet a person first, one creates them.
 *
 * @param known the person who maps to the VOMO user, `null` for none, where this transaction has looked for them
 */
export function* findOrCreatePerson(
  db: Queries,
  met: Met,
  nowMs: number,
  known?: Person | null,
): Write<Person> {
  const found = known === undefined ? yield* personMet(db, met) : known
  if (found) return found
  if (met.vomoUserId === null) {
    // A unique index decides about all others, who may come by the hundred.
    yield* lockRow(db, 'customer', met.customerId)
    const meanwhile = yield* personMet(db, met)
    if (meanwhile) return meanwhile
  }
  const row = {
    id: newIdAt('per', nowMs),
    customer_id: met.customerId,
    vomo_user_id: met.vomoUserId,
    address: met.address,
    standing: 'active' as const,
    sessions_valid_after_ms: 0,
    record_changed_at_ms: 0,
    language: null,
    missing_since_ms: null,
    missing_seen_ms: null,
    shares_address: 0,
    created_at_ms: nowMs,
  }
  yield* rows(newPerson(db, row))
  yield* recordAudit(db, {
    customerId: met.customerId,
    atMs: nowMs,
    kind: 'person.created',
    personId: row.id,
  })
  return toPerson(row)
}

const newPerson = preparedInsert('person')

function* personMet(db: Queries, met: Met): Write<Person | undefined> {
  const [known] = yield* rows(
    db
      .selectFrom('person')
      .selectAll()
      .where('customer_id', '=', met.customerId)
      .where((where) =>
        met.vomoUserId === null
          ? where.and([
              where('address', '=', met.address),
              where.or([where('vomo_user_id', 'is', null), where('standing', '=', 'disabled')]),
            ])
          : where('vomo_user_id', '=', met.vomoUserId),
      )
      .orderBy((order) => order.case().when('standing', '=', 'disabled').then(0).else(1).end())
      .limit(1)
      .compile(),
  )
  return known && toPerson(known)
}

/** @throws when there is no such person: the caller got the id from us */
export function* personById(db: Queries, personId: string): Write<Person> {
  const [known] = yield* rows(byId(db, { id: personId }))
  if (!known) throw new Error('no person has this id')
  return toPerson(known)
}

/**
 * Whether a person of an open session is still there: they may have erased everything a moment ago. If so, they are until the
 * transaction ends.
 */
export function* isKnown(db: Queries, personId: string): Write<boolean> {
  return yield* lockRowIfAny(db, 'person', personId)
}

/** @throws {Refusal} 'session_required' if they erased all their data a moment ago */
export function* requireKnown(db: Queries, personId: string): Write<void> {
  if (!(yield* isKnown(db, personId))) throw new Refusal('session_required')
}

const byId = preparedQuery((db, { id }: { id: string }) =>
  db.selectFrom('person').selectAll().where('id', '=', id).compile(),
)

/** The person with an id from outside, if they belong to this customer; `undefined` for every other id, another customer's included. */
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

/** Every person known by this address, at one customer or at all. */
export async function personIdsAt(
  store: Store,
  at: { customerId: string | undefined; address: string },
): Promise<string[]> {
  let query = store.db.selectFrom('person').select('id').where('address', '=', at.address).orderBy('id')
  if (at.customerId !== undefined) query = query.where('customer_id', '=', at.customerId)
  return (await store.read(query.compile())).map(({ id }) => id)
}

/** The person of this customer who maps to a VOMO user, if known. */
export async function personMappedTo(
  store: Store,
  to: { customerId: string; vomoUserId: string },
): Promise<Person | undefined> {
  const [known] = await store.read(
    store.db
      .selectFrom('person')
      .selectAll()
      .where('customer_id', '=', to.customerId)
      .where('vomo_user_id', '=', to.vomoUserId)
      .compile(),
  )
  return known && toPerson(known)
}

/** The addresses of people whose accounts are turned off. */
export async function personsOff(store: Store, customerId: string): Promise<ReadonlySet<string>> {
  const found = await store.read(
    store.db
      .selectFrom('person')
      .select('address')
      .where('customer_id', '=', customerId)
      .where('standing', '=', 'disabled')
      .compile(),
  )
  return new Set(found.map(({ address }) => address))
}

/** The one active person with this address; `undefined` when there is none or more than one, or VOMO has another record with it. */
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
  if (!only || another || only.sharesAddress || only.vomoUserId === null) return undefined
  return { ...only, vomoUserId: only.vomoUserId }
}

/**
 * What VOMO's search just said of an address: more than one record has it, or only this person's. Others who shared it still do not
 * share a mailbox with them alone.
 */
export function* noteSharing(
  db: Queries,
  of: { customerId: string; address: string; isOnlyOf: string | null },
  nowMs: number,
): Write<void> {
  const shares = of.isOnlyOf === null ? 1 : 0
  yield* rows(
    db
      .updateTable('person')
      .set({ shares_address: shares })
      .where('customer_id', '=', of.customerId)
      .where('address', '=', of.address)
      .where('shares_address', '!=', shares)
      .$if(of.isOnlyOf !== null, (update) => update.where('id', '=', of.isOnlyOf))
      .compile(),
  )
  const { customerId, isOnlyOf } = of
  const kind = 'two_records'
  if (isOnlyOf !== null) {
    yield* closeProblems(db, { customerId, personId: isOnlyOf, kinds: [kind] }, nowMs)
    return
  }
  // Where an organization lets families share an address, it is no problem.
  const troubled = db
    .selectFrom('person')
    .innerJoin('customer', 'customer.id', 'person.customer_id')
    .select('person.id')
    .where('customer_id', '=', customerId)
    .where('address', '=', of.address)
    .where('standing', '=', 'active')
    .where('lets_choose_record', '=', 0)
  for (const { id: personId } of yield* rows(troubled.compile()))
    yield* openProblem(db, { customerId, personId, kind }, nowMs)
}

/** What a person's standing says is wrong, and what it says is well again. */
export const standingProblems = ['address_changed', 'record_gone', 'merged'] as const satisfies ProblemKind[]

/**
 * The person proved an address that VOMO holds for them. A new address replaces the old one, heals `stale` and ends the sessions
 * that began under the old one. VOMO showed the record, so this heals `orphaned`, too; only staff can heal `disabled`.
 *
 * @returns the previous address, if it changed
 */
export function* welcomeBack(
  db: Queries,
  personId: string,
  address: string,
  nowMs: number,
): Write<{ person: Person; formerAddress: string | undefined }> {
  // Staff may turn them off at this moment, which must not be undone.
  yield* lockRow(db, 'person', personId)
  const before = yield* personById(db, personId)
  // Keeps the address they were turned off under, so that no other way in takes them for a new person.
  if (before.standing === 'disabled') return { person: before, formerAddress: undefined }
  const isMoved = before.address !== address
  if (!isMoved && before.standing !== 'stale')
    return { person: yield* restoreShown(db, before, address, nowMs), formerAddress: undefined }

  const person: Person = {
    ...before,
    address,
    standing: 'active',
    sessionsValidAfterMs: nowMs,
    sharesAddress: before.sharesAddress && !isMoved,
  }
  yield* rows(
    db
      .updateTable('person')
      .set({
        address,
        standing: person.standing,
        sessions_valid_after_ms: nowMs,
        shares_address: person.sharesAddress ? 1 : 0,
      })
      .where('id', '=', personId)
      .compile(),
  )
  yield* forgetPersonCopy(db, personId)
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: 'person.address_changed',
    personId,
  })
  const healed = { customerId: person.customerId, personId, kinds: standingProblems }
  yield* closeProblems(db, healed, nowMs)
  return { person, formerAddress: isMoved ? before.address : undefined }
}

/**
 * The portal changed their record: older copies of it no longer serve, in any process. Of two saves that were under way at once, VOMO may have
 * taken either last, so what it answered to them serves as little.
 */
export function* markRecordChanged(
  db: Queries,
  personId: string,
  { askedAtMs, sinceMs }: WrittenAt,
): Write<void> {
  if (!(yield* lockRowIfAny(db, 'person', personId))) return
  const { recordChangedAtMs: before } = yield* personById(db, personId)
  const wereAtOnce = before > askedAtMs && before <= sinceMs + skewMs
  const changedAtMs = wereAtOnce ? Math.max(before, sinceMs) + 1 : sinceMs
  yield* rows(
    db.updateTable('person').set({ record_changed_at_ms: changedAtMs }).where('id', '=', personId).compile(),
  )
}

/** The language a person reads, for emails they did not ask for. The first one is no change, so it is no event. */
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

/** VOMO has another email for them now: every session ends until they prove the new address. */
export function* markStale(db: Queries, person: Person, nowMs: number): Write<void> {
  if (person.standing !== 'active' && person.standing !== 'orphaned') return
  const stale = { standing: 'stale', kind: 'person.stale', problem: 'address_changed' } as const
  yield* setStanding(db, person, { ...stale, endsSessions: true }, nowMs)
}

/** VOMO shows this record under this address again, which undoes `orphaned`. */
export function* restoreShown(db: Queries, person: Person, address: string, nowMs: number): Write<Person> {
  if (person.standing !== 'orphaned' || person.address !== address) return person
  yield* setStanding(
    db,
    person,
    { standing: 'active', kind: 'person.restored', because: 'shown_again' },
    nowMs,
  )
  return { ...person, standing: 'active', missingSinceMs: null, missingSeenMs: null }
}

/**
 * Changes a person's standing, unless it changed meanwhile. This settles any doubt about their record, and earlier copies of it no
 * longer serve.
 *
 * @param to.by who did it, when a person did: the person id of a member of staff, or `operator`
 * @param to.problem what is wrong with their record now; every other problem of it is over
 * @param to.endsSessions whether every session that began before ends
 * @returns whether it changed
 */
export function* setStanding(
  db: Queries,
  person: Person,
  to: {
    standing: Standing
    kind: AuditKind
    because?: AuditReason
    by?: string
    endsSessions?: boolean
    problem?: (typeof standingProblems)[number]
  },
  nowMs: number,
): Write<boolean> {
  const changed = yield* rows(
    db
      .updateTable('person')
      .set({
        standing: to.standing,
        missing_since_ms: null,
        missing_seen_ms: null,
        record_changed_at_ms: nowMs,
        ...(to.endsSessions && { sessions_valid_after_ms: nowMs }),
      })
      .where('id', '=', person.id)
      .where('standing', '=', person.standing)
      .where('address', '=', person.address)
      .returning('id')
      .compile(),
  )
  if (changed.length === 0) return false
  yield* forgetPersonCopy(db, person.id)
  const { because, by } = to
  yield* recordAudit(db, {
    customerId: person.customerId,
    atMs: nowMs,
    kind: to.kind,
    personId: person.id,
    detail: { ...(because !== undefined && { because }), ...(by !== undefined && { by }) },
  })
  const { id: personId, customerId } = person
  yield* closeProblems(db, { customerId, personId, kinds: standingProblems }, nowMs)
  if (to.problem) yield* openProblem(db, { customerId, personId, kind: to.problem }, nowMs)
  return true
}

/** When the person became known here. */
export async function knownSinceMs(store: Store, personId: string): Promise<number | undefined> {
  const [row] = await store.read(
    store.db.selectFrom('person').select('created_at_ms').where('id', '=', personId).compile(),
  )
  return row?.created_at_ms
}

/**
 * The ids under which a person is known here: their own, and those with the same mailbox, such as that of a member of staff who
 * later got a VOMO record. Excludes `stale` ids, which have another mailbox by now, ids that staff turned off, and other people whose
 * records share the address.
 */
export function* idsOfOwner(db: Queries, person: Person): Write<string[]> {
  const found = yield* rows(sameOwner(db, person))
  return [...new Set([person.id, ...found.map(({ id }) => id)])]
}

/** The same, outside a transaction. */
export async function readIdsOfOwner(store: Store, person: Person): Promise<string[]> {
  const found = await store.read(sameOwner(store.db, person))
  return [...new Set([person.id, ...found.map(({ id }) => id)])]
}

function sameOwner(db: Queries, { customerId, address, sharesAddress }: Person) {
  return db
    .selectFrom('person')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('address', '=', address)
    .where('standing', 'in', ['active', 'orphaned'])
    .where((is) =>
      is.or([...(sharesAddress ? [] : [is('shares_address', '=', 0)]), is('vomo_user_id', 'is', null)]),
    )
    .compile()
}

/** Deletes a person; rows that refer to them must be gone. If the same VOMO user signs in later, they get a new id. */
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
    missingSinceMs: row.missing_since_ms,
    missingSeenMs: row.missing_seen_ms,
    sharesAddress: row.shares_address === 1,
  }
}
