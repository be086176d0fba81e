import { recordAudit } from '../audit.ts'
import { newIdAt } from '../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { type ProblemKind, problemKindNames } from './kinds.ts'

/** Of a person, or of the customer's VOMO where there is none. */
type Of = { customerId: string; personId?: string | undefined }

/** A closed one is kept for so long, to be counted on if it comes back. */
const keptClosedMs = 90 * 86_400_000
/** VOMO has let calls through for so long. */
const callsHealAfterMs = 3_600_000

/** Opens a problem, or sees one again, in the transaction of what shows it. @param note a code or a count, never an address */
export function* openProblem(
  db: Queries,
  met: Of & { kind: ProblemKind; note?: string },
  nowMs: number,
): Write<void> {
  const { customerId, personId, kind, note = '' } = met
  yield* rows(
    db
      .insertInto('problem')
      .values({
        id: newIdAt('prb', nowMs),
        customer_id: customerId,
        kind,
        subject: personId ?? '',
        person_id: personId ?? null,
        first_seen_ms: nowMs,
        last_seen_ms: nowMs,
        count: 1,
        closed_at_ms: null,
        note,
        closed_note: '',
        recheck_asked_ms: null,
      })
      .onConflict((known) =>
        known.columns(['customer_id', 'kind', 'subject']).doUpdateSet((of) => ({
          last_seen_ms: nowMs,
          count: of('problem.count', '+', 1),
          closed_at_ms: null,
          note,
        })),
      )
      .compile(),
  )
}

/** It healed. */
export function* closeProblems(
  db: Queries,
  of: Of & { kinds: readonly ProblemKind[] },
  nowMs: number,
): Write<void> {
  yield* rows(
    db
      .updateTable('problem')
      .set(healed(nowMs))
      .where('customer_id', '=', of.customerId)
      .where('subject', '=', of.personId ?? '')
      .where('kind', 'in', of.kinds)
      .where('closed_at_ms', 'is', null)
      .compile(),
  )
}

/** An email reached no mailbox: that is a problem of whom it was for, if they are known here. */
export function* openMailProblem(
  db: Queries,
  mail: { customerId: string; to: string; failure: string },
  nowMs: number,
): Write<void> {
  const { customerId, to, failure } = mail
  for (const { id: personId } of yield* rows(peopleAt(db, { customerId, to }).compile()))
    yield* openProblem(db, { customerId, personId, kind: 'mail_undelivered', note: failure }, nowMs)
}

/** A server took an email. */
export function* closeMailProblem(
  db: Queries,
  mail: { customerId: string; to: string },
  nowMs: number,
): Write<void> {
  yield* rows(
    db
      .updateTable('problem')
      .set(healed(nowMs))
      .where('customer_id', '=', mail.customerId)
      .where('kind', '=', 'mail_undelivered')
      .where('closed_at_ms', 'is', null)
      .where('person_id', 'in', peopleAt(db, mail))
      .compile(),
  )
}

const healed = (nowMs: number) => ({ closed_at_ms: nowMs, closed_note: '', recheck_asked_ms: null })

/** Staff or the operator take it off the list. @returns whether it was open until now */
export function* closeByHand(
  db: Queries,
  closed: { customerId: string; id: string; note: string; by: string },
  nowMs: number,
): Write<boolean> {
  const { customerId, id, note, by } = closed
  const [was] = yield* rows(
    db
      .updateTable('problem')
      .set({ ...healed(nowMs), closed_note: note })
      .where('customer_id', '=', customerId)
      .where('id', '=', id)
      .where('closed_at_ms', 'is', null)
      .returning(['kind', 'person_id'])
      .compile(),
  )
  if (!was) return false
  const detail = { problem: was.kind, by, ...(note !== '' && { note }) }
  const event = { customerId, atMs: nowMs, kind: 'problem.closed', personId: was.person_id, detail } as const
  yield* recordAudit(db, event)
  return true
}

function peopleAt(db: Queries, { customerId, to }: { customerId: string; to: string }) {
  return db.selectFrom('person').select('id').where('customer_id', '=', customerId).where('address', '=', to)
}

/** Closes what heals by time alone, and deletes what has long been closed. */
export function* forgetOldProblems(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .updateTable('problem')
      .set(healed(nowMs))
      .where('kind', '=', 'too_many_calls')
      .where('closed_at_ms', 'is', null)
      .where('last_seen_ms', '<', nowMs - callsHealAfterMs)
      .compile(),
  )
  yield* rows(
    db
      .deleteFrom('problem')
      .where('closed_at_ms', '<', nowMs - keptClosedMs)
      .compile(),
  )
}

/** Which of a customer's problems. */
export type Narrowed = { customerId: string; kind?: ProblemKind | undefined; isClosed: boolean }

/** A customer's problems, the last seen first. @param which.page counts from 1 */
export async function problemsOf(store: Store, which: Narrowed & { page: number; perPage: number }) {
  let query = withAddress(store.db, which.customerId).where(
    'closed_at_ms',
    which.isClosed ? 'is not' : 'is',
    null,
  )
  if (which.kind !== undefined) query = query.where('kind', '=', which.kind)
  return store.read(
    query
      .orderBy('last_seen_ms', 'desc')
      .orderBy('problem.id')
      .limit(which.perPage)
      .offset((which.page - 1) * which.perPage)
      .compile(),
  )
}

export type Problem = Awaited<ReturnType<typeof problemsOf>>[number]

function withAddress(db: Queries, customerId: string) {
  return db
    .selectFrom('problem')
    .leftJoin('person', 'person.id', 'problem.person_id')
    .selectAll('problem')
    .select('person.address')
    .where('problem.customer_id', '=', customerId)
}

/** One problem of a customer. */
export async function problemOf(
  store: Store,
  which: { customerId: string; id: string },
): Promise<Problem | undefined> {
  const query = withAddress(store.db, which.customerId).where('problem.id', '=', which.id)
  const [found] = await store.read(query.compile())
  return found
}

/** What is open of a person, the last seen first. */
export async function openProblemsOf(
  store: Store,
  whose: { customerId: string; personId: string },
): Promise<Problem[]> {
  const query = withAddress(store.db, whose.customerId)
    .where('person_id', '=', whose.personId)
    .where('closed_at_ms', 'is', null)
  return store.read(query.orderBy('last_seen_ms', 'desc').orderBy('problem.id').compile())
}

/**
 * How many problems of each kind a customer has; kinds without one are not in it.
 *
 * @param which.sinceMs counts only those first seen after it
 */
export async function countProblems(
  store: Store,
  { customerId, isClosed, sinceMs = 0 }: Omit<Narrowed, 'kind'> & { sinceMs?: number },
): Promise<ReadonlyMap<ProblemKind, number>> {
  const counted = await store.read(
    store.db
      .selectFrom('problem')
      .select((of) => ['kind', of.fn.countAll<number>().as('problems')])
      .where('customer_id', '=', customerId)
      .where('closed_at_ms', isClosed ? 'is not' : 'is', null)
      .where('first_seen_ms', '>', sinceMs)
      .groupBy('kind')
      .compile(),
  )
  return new Map(counted.map(({ kind, problems }) => [kind, problems]))
}

/** Open problems of all customers. */
export async function countOpenProblems(store: Store): Promise<Record<ProblemKind, number>> {
  const counted = await store.read(
    store.db
      .selectFrom('problem')
      .select((of) => ['kind', of.fn.countAll<number>().as('problems')])
      .where('closed_at_ms', 'is', null)
      .groupBy('kind')
      .compile(),
  )
  return Object.fromEntries(
    problemKindNames.map((kind) => [kind, counted.find((each) => each.kind === kind)?.problems ?? 0]),
  ) as Record<ProblemKind, number>
}

/** Whether a person has this problem, as known within a second. */
export async function hasOpenProblem(
  store: Store,
  of: { customerId: string; personId: string; kind: ProblemKind },
): Promise<boolean> {
  const { customerId, personId, kind } = of
  const found = await store.recall(`open problems ${customerId} ${kind}`, ['problem'], async () => {
    const open = store.db
      .selectFrom('problem')
      .select('subject')
      .where('customer_id', '=', customerId)
      .where('kind', '=', kind)
      .where('closed_at_ms', 'is', null)
    return new Set((await store.read(open.compile())).map(({ subject }) => subject))
  })
  return found.has(personId)
}
