import { sql } from 'kysely'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { isDue } from '../../time/due.ts'

/** A call of a kind goes out while less than this share of the budget is in use; the rest is reserved for the kinds below. */
const shares = {
  warming: 0.6,
  project: 0.8, // projects a visitor is waiting for
  identity: 1, // sign-in look-ups and identity checks
} as const satisfies Record<string, number>

export type CallKind = keyof typeof shares

/**
 * How long a call counts against the budget. Longer than VOMO's 60 s because we count a call when we send it and VOMO counts it
 * when it arrives: with exactly 60 s, a slow call and a fast one could fall into the same VOMO minute. `calls.ts` keeps that
 * difference below the margin: at most 0.5 s until the call starts and 2 s to connect.
 */
export const windowMs = 63_000

/** The longest wait that VOMO's `Retry-After` can impose. */
export const maxPauseMs = 5 * 60_000

type Pass = { isGranted: true; atMs: number } | { isGranted: false; freeAtMs: number }

export type Budget = {
  /** Spends one call, or returns when one may be free. Counts across all processes on the store, and across restarts. */
  spend(customerId: string, perMinute: number, kind: CallKind): Promise<Pass>
  /** Blocks every call in every process until `untilMs`. */
  pause(customerId: string, perMinute: number, untilMs: number): Promise<void>
}

export function createBudget({ store, clock }: { store: Store; clock: () => number }): Budget {
  // A refusal holds until the oldest call leaves the window, so the store is not asked again before that.
  const refusedUntilMs = new Map<string, number>()

  return {
    async spend(customerId, perMinute, kind) {
      const allowed = Math.max(1, Math.floor(perMinute * shares[kind]))
      const key = JSON.stringify([customerId, allowed])
      const known = refusedUntilMs.get(key) ?? 0
      if (!isDue(known, clock(), maxPauseMs)) return { isGranted: false, freeAtMs: known }
      const pass = await store.write(() => spendCall(store.db, customerId, allowed, clock()))
      if (pass.isGranted) refusedUntilMs.delete(key)
      else refusedUntilMs.set(key, pass.freeAtMs)
      return pass
    },
    pause: (customerId, perMinute, untilMs) =>
      store.write(() => fillWindow(store.db, customerId, perMinute, untilMs)),
  }
}

/** The smallest share of its budget, from 0 to 1, that any customer has left. */
export async function minBudgetLeft(store: Store, nowMs: number): Promise<number> {
  const used = await store.read(
    store.db
      .selectFrom('vomo_access')
      .innerJoin('vomo_call', 'vomo_call.customer_id', 'vomo_access.customer_id')
      .select((of) => ['budget_per_minute', of.fn.countAll<number>().as('calls')])
      .where('at_ms', '>', nowMs - windowMs)
      .where('at_ms', '<=', nowMs + maxPauseMs)
      .groupBy(['vomo_access.customer_id', 'budget_per_minute'])
      .compile(),
  )
  const left = used.map(({ calls, budget_per_minute: budget }) => 1 - calls / budget)
  return Math.max(0, Math.min(1, ...left))
}

/** Exactly `allowed` concurrent callers get through: they hold the customer's row one after another, and one statement counts and spends. */
function* spendCall(db: Queries, customerId: string, allowed: number, nowMs: number): Write<Pass> {
  yield* lockRow(db, 'customer', customerId)
  yield* forgetOld(db, customerId, nowMs)
  const used = db
    .selectFrom('vomo_call')
    .select((call) => call.fn.countAll<number>().as('calls'))
    .where('customer_id', '=', customerId)
  const [spent] = yield* rows(
    db
      .insertInto('vomo_call')
      .columns(['customer_id', 'at_ms'])
      .expression(
        db
          .selectNoFrom([
            sql<string>`cast(${customerId} as text)`.as('customer_id'),
            sql<number>`cast(${nowMs} as bigint)`.as('at_ms'),
          ])
          .where(used, '<', allowed),
      )
      .returning('at_ms')
      .compile(),
  )
  if (spent) return { isGranted: true, atMs: nowMs }

  const [inTheWay] = yield* rows(
    db
      .selectFrom('vomo_call')
      .select('at_ms')
      .where('customer_id', '=', customerId)
      .orderBy('at_ms', 'desc')
      .limit(1)
      .offset(allowed - 1)
      .compile(),
  )
  return { isGranted: false, freeAtMs: (inTheWay?.at_ms ?? nowMs) + windowMs }
}

/** Keeps only the window: deletes calls too old to count, and calls from a clock that was since set back. */
function forgetOld(db: Queries, customerId: string, nowMs: number) {
  return rows(
    db
      .deleteFrom('vomo_call')
      .where('customer_id', '=', customerId)
      .where((call) =>
        call.or([call('at_ms', '<=', nowMs - windowMs), call('at_ms', '>', nowMs + maxPauseMs)]),
      )
      .compile(),
  )
}

/** A pause fills the window with calls that leave it when the pause ends, because every process already obeys the window. */
function* fillWindow(db: Queries, customerId: string, perMinute: number, untilMs: number): Write<void> {
  const call = { customer_id: customerId, at_ms: untilMs - windowMs }
  yield* rows(
    db
      .insertInto('vomo_call')
      .values(Array.from({ length: perMinute }, () => call))
      .compile(),
  )
}
