import { type Person, requireKnown, toPerson } from '../../accounts/people.ts'
import { recordAudit } from '../../audit.ts'
import { withdrawMail } from '../../mail/outbox.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'

/** A volunteer's reminders, as they may see them. */
export type Reminders = { readonly sinceMs: number }

/** How long after a shift it is kept that its volunteer was reminded. */
const keepRemindedMs = 24 * 60 * 60_000

/** @returns `undefined` while they are off */
export async function remindersOf(store: Store, personId: string): Promise<Reminders | undefined> {
  const [row] = await store.read(
    store.db.selectFrom('reminder').select('switched_on_at_ms').where('person_id', '=', personId).compile(),
  )
  return row && { sinceMs: row.switched_on_at_ms }
}

/**
 * The volunteer's record is read at once: their next shift may be tomorrow.
 *
 * @throws {Refusal} 'session_required' if they erased all their data a moment ago
 */
export function* switchOnReminders(db: Queries, person: Person, nowMs: number): Write<void> {
  const { id: personId, customerId } = person
  yield* requireKnown(db, personId)
  const [made] = yield* rows(
    db
      .insertInto('reminder')
      .values({ person_id: personId, customer_id: customerId, switched_on_at_ms: nowMs, look_at_ms: nowMs })
      .onConflict((conflict) => conflict.column('person_id').doNothing())
      .returning('person_id')
      .compile(),
  )
  if (made) yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'reminders.switched_on', personId })
}

/** At once: a reminder that still waits in the outbox does not leave. */
export function* switchOffReminders(
  db: Queries,
  { id: personId, customerId, address }: Person,
  because: 'on_page' | 'by_link' | 'returned',
  nowMs: number,
): Write<void> {
  const [gone] = yield* rows(
    db.deleteFrom('reminder').where('person_id', '=', personId).returning('person_id').compile(),
  )
  if (!gone) return
  yield* withdrawMail(db, { customerId, kind: 'reminder', to: address })
  const detail = { because }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'reminders.switched_off', personId, detail })
}

/** Part of erasing everything we store about a person. */
export function* forgetRemindersOf(db: Queries, personId: string): Write<void> {
  yield* rows(db.deleteFrom('reminded').where('person_id', '=', personId).compile())
  yield* rows(db.deleteFrom('reminder').where('person_id', '=', personId).compile())
}

/** The starts of the shifts they were reminded of lately, for a person's copy of everything. */
export async function remindedOf(store: Store, personId: string): Promise<number[]> {
  const found = await store.read(
    store.db
      .selectFrom('reminded')
      .select('starts_at_ms')
      .where('person_id', '=', personId)
      .orderBy('starts_at_ms')
      .compile(),
  )
  return found.map(({ starts_at_ms }) => starts_at_ms)
}

/** The person to look at; `undefined` when their reminders are off by now. */
export async function remindedPerson(
  store: Store,
  personId: string,
): Promise<{ person: Person; sinceMs: number } | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('reminder')
      .innerJoin('person', 'person.id', 'reminder.person_id')
      .selectAll('person')
      .select('switched_on_at_ms')
      .where('person_id', '=', personId)
      .compile(),
  )
  return row && { person: toPerson(row), sinceMs: row.switched_on_at_ms }
}

/** @returns whether reminders are still on: two looks, or a look and their end, may overlap */
export function* setNextLook(db: Queries, personId: string, lookAtMs: number): Write<boolean> {
  const set = yield* rows(
    db
      .updateTable('reminder')
      .set({ look_at_ms: lookAtMs })
      .where('person_id', '=', personId)
      .returning('person_id')
      .compile(),
  )
  return set.length > 0
}

/** Notes what a volunteer is about to be reminded of. @returns the keys of those they were not yet reminded of */
export function* noteReminded(
  db: Queries,
  personId: string,
  shifts: readonly { key: string; startsAtMs: number }[],
): Write<Set<string>> {
  if (shifts.length === 0) return new Set()
  const values = shifts.map(({ key, startsAtMs }) => ({
    person_id: personId,
    shift_key: key,
    starts_at_ms: startsAtMs,
    mail_id: null,
  }))
  const fresh = yield* rows(
    db
      .insertInto('reminded')
      .values(values)
      .onConflict((conflict) => conflict.columns(['person_id', 'shift_key', 'starts_at_ms']).doNothing())
      .returning('shift_key')
      .compile(),
  )
  return new Set(fresh.map(({ shift_key }) => shift_key))
}

/** Notes which email tells of the shifts that this transaction has noted; earlier ones have theirs. */
export function* noteReminderMail(db: Queries, personId: string, mailId: string): Write<void> {
  yield* rows(
    db
      .updateTable('reminded')
      .set({ mail_id: mailId })
      .where('person_id', '=', personId)
      .where('mail_id', 'is', null)
      .compile(),
  )
}

/** These emails never left, so their shifts may be told again. */
export function* takeBackReminded(db: Queries, personId: string, mailIds: readonly string[]): Write<void> {
  if (mailIds.length === 0) return
  yield* rows(
    db.deleteFrom('reminded').where('person_id', '=', personId).where('mail_id', 'in', mailIds).compile(),
  )
}

export function* forgetOldReminded(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('reminded')
      .where('starts_at_ms', '<', nowMs - keepRemindedMs)
      .compile(),
  )
}
