import { preparedQuery } from '../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { ChangeSubject } from '../../store/tables/webhooks.ts'
import { isColumnDue, skewMs } from '../../time/due.ts'

/** A record, or a list, that is to be read again. */
export type Change = { subject: ChangeSubject; vomoId: string }
export type ToldChange = Change & { customerId: string; toldAtMs: number }

/** However often VOMO says that a record changed, its next read is this long after the one before. */
const minReadEveryMs = 60_000
/** Reads ordered at once. */
const maxOrders = 16
/** What was told longer ago says nothing about a copy that may still serve. */
const keptMs = 24 * 60 * 60_000

/** Notes that a record changed, and that it is to be read again. */
export function* noteChange(db: Queries, { customerId, subject, vomoId, toldAtMs }: ToldChange): Write<void> {
  yield* rows(
    note(db, {
      customerId,
      subject,
      vomoId,
      toldAtMs,
      notBeforeMs: toldAtMs - minReadEveryMs,
      notAfterMs: toldAtMs + skewMs,
    }),
  )
}

type Note = Record<'customerId' | 'vomoId', string> &
  Record<'toldAtMs' | 'notBeforeMs' | 'notAfterMs', number> & { subject: ChangeSubject }

/** A clock that was set back leaves orders in the future, which delay nothing. */
const note = preparedQuery((db, { customerId, subject, vomoId, toldAtMs, notBeforeMs, notAfterMs }: Note) =>
  db
    .insertInto('vomo_change')
    .values({
      customer_id: customerId,
      subject,
      vomo_id: vomoId,
      told_at_ms: toldAtMs,
      due_at_ms: toldAtMs,
      ordered_at_ms: 0,
    })
    .onConflict((known) =>
      known.columns(['customer_id', 'subject', 'vomo_id']).doUpdateSet((set) => ({
        told_at_ms: toldAtMs,
        due_at_ms: set
          .case()
          .when('vomo_change.due_at_ms', 'is not', null)
          .then(set.ref('vomo_change.due_at_ms'))
          .when(
            set.and([
              set('vomo_change.ordered_at_ms', '>', notBeforeMs),
              set('vomo_change.ordered_at_ms', '<=', notAfterMs),
            ]),
          )
          .then(set('vomo_change.ordered_at_ms', '+', minReadEveryMs))
          .else(toldAtMs)
          .end(),
      })),
    )
    .compile(),
)

/** The changes whose record may be read now, in the order in which they were told; each is one caller's. */
export function* takeDueChanges(db: Queries, nowMs: number): Write<ToldChange[]> {
  const due = yield* rows(
    db
      .selectFrom('vomo_change')
      .select(['customer_id', 'subject', 'vomo_id', 'told_at_ms'])
      .where(isColumnDue('due_at_ms', nowMs, minReadEveryMs))
      .orderBy('due_at_ms')
      .orderBy('told_at_ms')
      .limit(maxOrders)
      .forUpdate()
      .skipLocked()
      .compile(),
  )
  for (const { customer_id, subject, vomo_id } of due)
    yield* rows(
      db
        .updateTable('vomo_change')
        .set({ due_at_ms: null, ordered_at_ms: nowMs })
        .where('customer_id', '=', customer_id)
        .where('subject', '=', subject)
        .where('vomo_id', '=', vomo_id)
        .compile(),
    )
  return due.map((row) => ({
    customerId: row.customer_id,
    subject: row.subject,
    vomoId: row.vomo_id,
    toldAtMs: row.told_at_ms,
  }))
}

/** The users that changed since, at all customers. */
export async function changedUsersSince(store: Store, sinceMs: number): Promise<ToldChange[]> {
  const told = await store.read(
    store.db
      .selectFrom('vomo_change')
      .select(['customer_id', 'vomo_id', 'told_at_ms'])
      .where('told_at_ms', '>', sinceMs)
      .where('subject', '=', 'user')
      .compile(),
  )
  return told.map((row) => ({
    customerId: row.customer_id,
    subject: 'user',
    vomoId: row.vomo_id,
    toldAtMs: row.told_at_ms,
  }))
}

export async function countWaitingChanges(store: Store, customerId: string): Promise<number> {
  const waiting = store.db
    .selectFrom('vomo_change')
    .select((of) => of.fn.countAll<number>().as('changes'))
    .where('customer_id', '=', customerId)
    .where('due_at_ms', 'is not', null)
  const [counted] = await store.read(waiting.compile())
  return counted?.changes ?? 0
}

/** What VOMO said of a person who is erased here. */
export function* forgetChangesOf(
  db: Queries,
  { customerId, vomoUserId }: { customerId: string; vomoUserId: string },
): Write<void> {
  yield* rows(
    db
      .deleteFrom('vomo_change')
      .where('customer_id', '=', customerId)
      .where('subject', '=', 'user')
      .where('vomo_id', '=', vomoUserId)
      .compile(),
  )
}

/** Those that wait for their read stay. */
export function* forgetOldChanges(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('vomo_change')
      .where('told_at_ms', '<=', nowMs - keptMs)
      .where('due_at_ms', 'is', null)
      .compile(),
  )
}
