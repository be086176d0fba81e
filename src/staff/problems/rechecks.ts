import type { ExpressionBuilder } from 'kysely'
import { personOf } from '../../accounts/people.ts'
import { recheckProblem } from '../../accounts/recheck.ts'
import { recordAudit } from '../../audit.ts'
import { addJob, type JobWorker } from '../../jobs.ts'
import type { Tools } from '../../part.ts'
import { type Narrowed, problemOf } from '../../problems/problems.ts'
import type { Secrets } from '../../secrets.ts'
import type { Schema } from '../../store/schema.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'

export const recheckJob = 'recheck_problems'
/** So many are asked about at once; the others stay on the page for the next time. */
export const maxAsked = 500
/** What VOMO did not answer within it is asked no more, and staff may ask again. */
const maxQueuedMs = 3_600_000
/** A job's claim lasts a minute. */
const maxRunMs = 20_000
/** Sign-ins have used the budget, or VOMO is away. */
const pauseMs = 20_000

type Asked = { customerId: string; by: string; atMs: number; ids: readonly string[] }

/** Has VOMO asked about the people of all these problems, who are not being asked about yet. @returns how many */
export function* askRechecks(
  db: Queries,
  secrets: Secrets,
  { by, ...which }: Omit<Narrowed, 'isClosed'> & { by: string },
  nowMs: number,
): Write<number> {
  const { customerId, kind } = which
  let open = waiting(db, which, nowMs).select('id')
  open = open.orderBy('last_seen_ms', 'desc').orderBy('id').limit(maxAsked)
  const marked = yield* rows(
    db
      .updateTable('problem')
      .set({ recheck_asked_ms: nowMs })
      .where('id', 'in', open)
      // Once more: on PostgreSQL another request may have marked them since the list was read.
      .where(isUnasked(nowMs))
      .returning('id')
      .compile(),
  )
  if (marked.length === 0) return 0
  yield* addAsking(db, secrets, { customerId, by, atMs: nowMs, ids: marked.map(({ id }) => id) }, nowMs)
  const detail = { by, problem: kind ?? null, asked: marked.length }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'problem.recheck_asked', detail })
  return marked.length
}

function waiting(db: Queries, { customerId, kind }: Omit<Narrowed, 'isClosed'>, nowMs: number) {
  const open = db
    .selectFrom('problem')
    .where('customer_id', '=', customerId)
    .where('closed_at_ms', 'is', null)
    .where('person_id', 'is not', null)
    .where(isUnasked(nowMs))
  return kind === undefined ? open : open.where('kind', '=', kind)
}

function isUnasked(nowMs: number) {
  return (is: ExpressionBuilder<Schema, 'problem'>) =>
    is.or([is('recheck_asked_ms', 'is', null), is('recheck_asked_ms', '<', nowMs - maxQueuedMs)])
}

function* addAsking(db: Queries, secrets: Secrets, asked: Asked, dueAtMs: number): Write<void> {
  yield* addJob(db, secrets, { kind: recheckJob, payload: JSON.stringify(asked), dueAtMs })
}

/** About how many VOMO is being asked, and how many it could be. */
export async function recheckCounts(
  store: Store,
  which: Omit<Narrowed, 'isClosed'>,
  nowMs: number,
): Promise<{ queued: number; waiting: number }> {
  const { customerId } = which
  const queued = store.db
    .selectFrom('problem')
    .select((of) => of.fn.countAll<number>().as('problems'))
    .where('customer_id', '=', customerId)
    .where('closed_at_ms', 'is', null)
    .where('recheck_asked_ms', '>=', nowMs - maxQueuedMs)
  const others = waiting(store.db, which, nowMs).select((of) => of.fn.countAll<number>().as('problems'))
  const [[asked], [rest]] = await Promise.all([store.read(queued.compile()), store.read(others.compile())])
  return { queued: asked?.problems ?? 0, waiting: rest?.problems ?? 0 }
}

/** Whether VOMO is being asked about it. */
export function isQueued({ recheck_asked_ms: atMs }: { recheck_asked_ms: number | null }, nowMs: number) {
  return atMs !== null && atMs >= nowMs - maxQueuedMs
}

/** Asks about one after another, with the background's share of the budget, and goes on later where it is used up. */
export function recheckWork(tools: Tools): JobWorker {
  const { store, secrets, clock } = tools

  /** @returns whether VOMO answered, or need not be asked anymore */
  async function askAbout({ customerId, by }: Asked, id: string): Promise<boolean> {
    const problem = await problemOf(store, { customerId, id })
    if (!problem || problem.closed_at_ms !== null || problem.person_id === null) return true
    const person = await personOf(store, { customerId, id: problem.person_id })
    const about = { customerId, kind: problem.kind, person }
    return (await recheckProblem(tools, about, { by, inBackground: true })) !== 'unavailable'
  }

  return async ({ payload, finish }) => {
    const asked = JSON.parse(payload) as Asked
    const beganMs = clock()
    let left = beganMs - asked.atMs > maxQueuedMs ? [] : asked.ids
    let isHeldUp = false
    while (left.length > 0 && !isHeldUp && clock() - beganMs < maxRunMs) {
      const [id = '', ...others] = left
      isHeldUp = !(await askAbout(asked, id))
      if (isHeldUp) break
      await store.write(() => unmark(store.db, id))
      left = others
    }
    await store.write(function* () {
      const nowMs = clock()
      if (left.length > 0)
        yield* addAsking(store.db, secrets, { ...asked, ids: left }, nowMs + (isHeldUp ? pauseMs : 0))
      yield* finish()
    })
    if (left.length > 0 && !isHeldUp) tools.wakeJobs()
  }
}

function* unmark(db: Queries, id: string): Write<void> {
  yield* rows(db.updateTable('problem').set({ recheck_asked_ms: null }).where('id', '=', id).compile())
}
