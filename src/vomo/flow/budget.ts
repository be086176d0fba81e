import { LRUCache } from 'lru-cache'
import { openProblem } from '../../problems/problems.ts'
import { lockRow, lockRowIfAny } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { isDue, skewMs } from '../../time/due.ts'
import { type CallKind, shareOfLine, shares } from './call-kinds.ts'
import { afterHeaders, afterLimit, type BudgetSetting, maxPauseMs, risen } from './learned.ts'
import { keepLearned, readLearned } from './learned-row.ts'
import {
  comeBackMs,
  countWaiting,
  forgetWait,
  maxTurnMs,
  maxWaitMs,
  noteWait,
  type Place,
  placeInLine,
  sweepWaits,
  waits,
} from './waiting.ts'

/** One person's record takes at most this share, however often they reload. */
const shareOfPerson = 0.2
const minOfPerson = 5

/**
 * How long a call counts against the budget. Longer than VOMO's 60 s because we count a call when we send it and VOMO counts it
 * when it arrives: with exactly 60 s, a slow call and a fast one could fall into the same VOMO minute. `calls.ts` keeps that
 * difference below the margin: at most 0.5 s until the call starts and 2 s to connect.
 */
export const windowMs = 63_000

/** Those who wait may be served, or leave, at any moment: so long a refusal for their sake holds. */
const lookAgainMs = 10_000
/** So long a person in line is told the same, however often they reload. */
const sameTurnMs = 2_000
/** The people that one process remembers as waiting, so that a reload is no write. */
const maxNoted = 10_000

/** @param used calls of the window, this one included */
export type Granted = { isGranted: true; atMs: number; used: number; perMinute: number }
type Refused = { isGranted: false; freeAtMs: number; isInLine?: boolean }
type Pass = Granted | Refused

type Spending = {
  setting: BudgetSetting
  kind: CallKind
  /** The VOMO user the call is about, where one person is waiting for it. */
  whose?: string | undefined
}

/** What an answer said of VOMO's limits. */
export type Heard = {
  limit: number | undefined
  remaining: number | undefined
  /** For a 429: the wait that VOMO asked for, if it did, and how long we wait. */
  refusal?: { retryAfterMs: number | null; pausedUntilMs: number }
}

export type Budget = {
  /** Spends one call, or returns when one may be free. Counts across all processes on the store, and across restarts. */
  spend(customerId: string, spending: Spending): Promise<Pass>
  /** Learns from the answer to a call. A pause blocks every call in every process until it ends. */
  learn(customerId: string, setting: BudgetSetting, call: Granted, heard: Heard): Promise<void>
  /** The customer has another token, address or setting. */
  forget(customerId: string): void
}

/** What this process need not ask the store again, or tell it. */
type Known = {
  /** Until when the store has a person down as waiting, by their id and the kind of call. */
  waitsUntilMs: LRUCache<string, number>
  /** What people in line were told, by their id, and until when that holds. */
  turns: LRUCache<string, { pass: Refused; holdsUntilMs: number }>
  /** A refusal holds until the oldest call leaves the window. */
  refusedUntilMs: Map<CallKind, number>
  limitSaid: number | undefined
}

/** With `max`, each would take its room beforehand: 275 kB for each customer. */
function ofPeople<Value extends object | number>(): LRUCache<string, Value> {
  return new LRUCache({ maxSize: maxNoted, sizeCalculation: () => 1 })
}

export function createBudget({ store, clock }: { store: Store; clock: () => number }): Budget {
  const known = new Map<string, Known>()

  function knownOf(customerId: string): Known {
    const found = known.get(customerId) ?? {
      refusedUntilMs: new Map(),
      waitsUntilMs: ofPeople(),
      turns: ofPeople(),
      limitSaid: undefined,
    }
    known.set(customerId, found)
    return found
  }

  /** Each has their own place, so no refusal holds for the next one. */
  async function spendInLine(customerId: string, spending: Spending & { whose: string }): Promise<Pass> {
    const { turns } = knownOf(customerId)
    const told = turns.get(spending.whose)
    if (told && !isDue(told.holdsUntilMs, clock(), sameTurnMs)) return told.pass
    const { pass } = await store.write(() => spendCall(store.db, customerId, spending, clock))
    if (pass.isGranted) turns.delete(spending.whose)
    else turns.set(spending.whose, { pass, holdsUntilMs: Math.min(pass.freeAtMs, clock() + sameTurnMs) })
    return pass
  }

  return {
    async spend(customerId, spending) {
      if (spending.kind === 'arrival' && spending.whose !== undefined)
        return spendInLine(customerId, { ...spending, whose: spending.whose })
      const { refusedUntilMs, waitsUntilMs } = knownOf(customerId)
      const { kind, whose } = spending
      const waiter = waits(kind) && whose !== undefined ? `${kind} ${whose}` : undefined
      const freeAtMs = refusedUntilMs.get(kind) ?? 0
      if (!isDue(freeAtMs, clock(), maxPauseMs)) {
        if (waiter !== undefined && isDue(waitsUntilMs.get(waiter) ?? 0, clock(), maxWaitMs)) {
          await store.write(() =>
            noteWait(store.db, { customerId, ...spending }, { freeAtMs, nowMs: clock() }),
          )
          waitsUntilMs.set(waiter, freeAtMs + comeBackMs)
        }
        return { isGranted: false, freeAtMs }
      }
      const { pass, isOwnShare } = await store.write(() => spendCall(store.db, customerId, spending, clock))
      if (pass.isGranted) refusedUntilMs.delete(kind)
      else if (!isOwnShare) refusedUntilMs.set(kind, pass.freeAtMs)
      if (waiter !== undefined) {
        if (pass.isGranted) waitsUntilMs.delete(waiter)
        else if (!isOwnShare) waitsUntilMs.set(waiter, pass.freeAtMs + comeBackMs)
      }
      return pass
    },
    async learn(customerId, setting, call, heard) {
      const here = knownOf(customerId)
      const { limit, remaining = Infinity, refusal } = heard
      const isNews = limit !== undefined && limit !== here.limitSaid
      if (!refusal && !isNews && call.used + remaining >= call.perMinute) return
      await store.write(() => learn(store.db, customerId, { setting, call, heard }, clock()))
      if (limit !== undefined) here.limitSaid = limit
    },
    forget: (customerId) => void known.delete(customerId),
  }
}

/** The smallest share of its budget, from 0 to 1, that any customer has left. */
export async function minBudgetLeft(store: Store, nowMs: number): Promise<number> {
  const used = await store.read(
    store.db
      .selectFrom('vomo_access')
      .innerJoin('vomo_call', 'vomo_call.customer_id', 'vomo_access.customer_id')
      .leftJoin('vomo_budget', 'vomo_budget.customer_id', 'vomo_access.customer_id')
      .select((of) => ['budget_per_minute', 'per_minute', of.fn.countAll<number>().as('calls')])
      .where('at_ms', '>', nowMs - windowMs)
      .where('at_ms', '<=', nowMs + skewMs)
      .groupBy(['vomo_access.customer_id', 'budget_per_minute', 'per_minute'])
      .compile(),
  )
  const left = used.map((row) => 1 - row.calls / (row.per_minute ?? row.budget_per_minute))
  return (await countPaused(store, nowMs)) > 0 ? 0 : Math.max(0, Math.min(1, ...left))
}

/** How many customers' VOMO asked for a pause that has not ended. */
export async function countPaused(store: Store, nowMs: number): Promise<number> {
  const paused = store.db
    .selectFrom('vomo_budget')
    .select('customer_id')
    .where('paused_until_ms', '>', nowMs)
    .where('paused_until_ms', '<=', nowMs + maxPauseMs + skewMs)
  return (await store.read(paused.compile())).length
}

/** The smallest budget of all, as a share of its setting. */
export async function minBudgetLearned(store: Store): Promise<number> {
  const learned = store.db
    .selectFrom('vomo_budget')
    .innerJoin('vomo_access', 'vomo_access.customer_id', 'vomo_budget.customer_id')
    .select(['per_minute', 'budget_per_minute'])
  const found = await store.read(learned.compile())
  return Math.min(1, ...found.map((row) => row.per_minute / row.budget_per_minute))
}

/**
 * Exactly `allowed` concurrent callers get through: they hold the customer's row one after another, from the count to the commit.
 *
 * The moment of the call is read once the row is held. Counted from before, a wait for the row of half a second would make every pass
 * too old to use: it would be paid for again, thrice, and callers that wait longer for it would leave with none.
 */
function* spendCall(
  db: Queries,
  customerId: string,
  spending: Spending,
  clock: () => number,
): Write<{ pass: Pass; isOwnShare: boolean }> {
  const { setting, kind, whose } = spending
  yield* lockRow(db, 'customer', customerId)
  const nowMs = clock()
  yield* forgetOld(db, nowMs, customerId)
  const before = yield* readLearned(db, customerId, setting)
  const place =
    kind === 'arrival' && whose !== undefined
      ? yield* placeInLine(db, { customerId, whose }, nowMs)
      : undefined
  const { pausedUntilMs } = before
  if (!isDue(pausedUntilMs, nowMs, maxPauseMs)) {
    const turn = { nowMs, perMinute: before.perMinute, pausedUntilMs }
    const freeAtMs = place ? yield* turnAt(db, customerId, place, turn) : pausedUntilMs
    return { pass: yield* refuse(db, customerId, spending, { freeAtMs, nowMs }), isOwnShare: false }
  }
  const { used, own } = yield* countCalls(db, customerId, whose)
  const learned = risen(before, used, setting, nowMs)
  if (learned !== before) yield* keepLearned(db, customerId, learned)

  const { perMinute } = learned
  // A newcomer takes nothing that those in line wait for.
  const share = place && (place.isInLine || place.ahead > 0) ? shareOfLine : shares[kind]
  const allowed = Math.max(1, Math.floor(perMinute * share))
  const waiting = place?.ahead ?? (used < allowed ? yield* countWaiting(db, { customerId, kind }, nowMs) : 0)
  if (used + waiting >= allowed) {
    yield* keepLearned(db, customerId, learned, nowMs)
    const freeAtMs = place
      ? yield* turnAt(db, customerId, place, { nowMs, perMinute })
      : yield* freeBeside(db, nowMs, { customerId, allowed, waiting })
    return { pass: yield* refuse(db, customerId, spending, { freeAtMs, nowMs }), isOwnShare: false }
  }
  const ofPerson = Math.max(minOfPerson, Math.floor(perMinute * shareOfPerson))
  if (whose !== undefined && own >= ofPerson) {
    const freeAtMs = yield* freeAt(db, nowMs, { customerId, allowed: ofPerson, whose })
    return { pass: { isGranted: false, freeAtMs }, isOwnShare: true }
  }
  const call = { customer_id: customerId, at_ms: nowMs, kind, vomo_user_id: whose ?? null }
  yield* rows(db.insertInto('vomo_call').values(call).compile())
  if (whose !== undefined) yield* forgetWait(db, customerId, whose)
  return { pass: { isGranted: true, atMs: nowMs, used: used + 1, perMinute }, isOwnShare: false }
}

function* refuse(
  db: Queries,
  customerId: string,
  spending: Spending,
  at: { freeAtMs: number; nowMs: number },
): Write<Refused> {
  yield* noteWait(db, { customerId, ...spending }, at)
  return {
    isGranted: false,
    freeAtMs: at.freeAtMs,
    ...(spending.kind === 'arrival' && { isInLine: true }),
  }
}

/** When a call may be free for those who stand back for others. */
function* freeBeside(
  db: Queries,
  nowMs: number,
  { customerId, allowed, waiting }: { customerId: string; allowed: number; waiting: number },
): Write<number> {
  const oneIsFreeAtMs = yield* freeAt(db, nowMs, { customerId, allowed: Math.max(1, allowed - waiting) })
  return waiting > 0 ? Math.min(oneIsFreeAtMs, nowMs + lookAgainMs) : oneIsFreeAtMs
}

/** When the turn of a person in line comes, at the pace of the budget. */
function* turnAt(
  db: Queries,
  customerId: string,
  { ahead }: Place,
  { nowMs, perMinute, pausedUntilMs = 0 }: { nowMs: number; perMinute: number; pausedUntilMs?: number },
): Write<number> {
  const allowed = Math.max(1, Math.floor(perMinute * shareOfLine))
  const [inTheWay] = yield* rows(newestCall(db, { customerId, offset: allowed - 1 - (ahead % allowed) }))
  const first = Math.max(inTheWay ? inTheWay.at_ms + windowMs : nowMs + 1, pausedUntilMs)
  return Math.min(first + Math.floor(ahead / allowed) * windowMs, nowMs + maxTurnMs)
}

function callsOf(db: Queries, customerId: string, whose?: string) {
  const calls = db.selectFrom('vomo_call').where('customer_id', '=', customerId)
  return whose === undefined ? calls : calls.where('vomo_user_id', '=', whose)
}

function newestCall(db: Queries, of: { customerId: string; whose?: string; offset: number }) {
  return callsOf(db, of.customerId, of.whose)
    .select('at_ms')
    .orderBy('at_ms', 'desc')
    .limit(1)
    .offset(of.offset)
    .compile()
}

/** @returns all of the window, and those about one user */
function* countCalls(db: Queries, customerId: string, whose?: string): Write<{ used: number; own: number }> {
  const counted = callsOf(db, customerId).select((call) => [
    call.fn.countAll<number>().as('used'),
    call.fn
      .countAll<number>()
      .filterWhere('vomo_user_id', '=', whose ?? '')
      .as('own'),
  ])
  const [found] = yield* rows(counted.compile())
  return found ?? { used: 0, own: 0 }
}

/** When the call leaves the window that is in the way of the next one. */
function* freeAt(
  db: Queries,
  nowMs: number,
  of: { customerId: string; allowed: number; whose?: string },
): Write<number> {
  const [inTheWay] = yield* rows(newestCall(db, { ...of, offset: of.allowed - 1 }))
  return (inTheWay?.at_ms ?? nowMs) + windowMs
}

function* learn(
  db: Queries,
  customerId: string,
  { setting, call, heard }: { setting: BudgetSetting; call: Granted; heard: Heard },
  nowMs: number,
): Write<void> {
  const isServed = yield* lockRowIfAny(db, 'customer', customerId)
  yield* forgetOld(db, nowMs, customerId)
  const known = yield* readLearned(db, customerId, setting)
  const { used } = yield* countCalls(db, customerId)
  const { refusal } = heard
  const said = { ...heard, remaining: refusal ? undefined : heard.remaining, used }
  let learned = afterHeaders(known, said, setting, nowMs)
  if (refusal) {
    const met = { ...refusal, sentAtMs: call.atMs, letThrough: used - 1 }
    learned = afterLimit(learned, met, setting, nowMs)
  }
  if (learned !== known) yield* keepLearned(db, customerId, learned)
  if (!isServed || learned.limitedAtMs === known.limitedAtMs) return
  const note = `after ${learned.refusedAt} calls in a minute`
  yield* openProblem(db, { customerId, kind: 'too_many_calls', note }, nowMs)
}

/** Keeps only the window: deletes calls too old to count, and calls from a clock that was since set back. */
function* forgetOld(db: Queries, nowMs: number, customerId?: string): Write<void> {
  let old = db
    .deleteFrom('vomo_call')
    .where((call) => call.or([call('at_ms', '<=', nowMs - windowMs), call('at_ms', '>', nowMs + skewMs)]))
  if (customerId !== undefined) old = old.where('customer_id', '=', customerId)
  yield* rows(old.compile())
}

/** Deletes what each customer's last minute left behind: it names whom calls were about, and who waited for one. */
export function* forgetCalls(db: Queries, nowMs: number): Write<void> {
  yield* forgetOld(db, nowMs)
  yield* sweepWaits(db, nowMs)
}

/** A person erases everything: the calls still count, and name no user. */
export function* forgetCallsAbout(
  db: Queries,
  { customerId, vomoUserId }: { customerId: string; vomoUserId: string },
): Write<void> {
  yield* rows(
    db
      .updateTable('vomo_call')
      .set({ vomo_user_id: null })
      .where('customer_id', '=', customerId)
      .where('vomo_user_id', '=', vomoUserId)
      .compile(),
  )
  yield* forgetWait(db, customerId, vomoUserId)
}
