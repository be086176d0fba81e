import type { Dispatcher } from 'undici'
import type { Log } from '../../log/log.ts'
import type { Meter } from '../../metrics.ts'
import { type Breaker, type CallOutcome, createBreaker } from '../../resilience/breaker.ts'
import { isDue } from '../../time/due.ts'
import type { Access, AccessReader } from '../access/access.ts'
import { type Answer, ask, connections, openPool, type Question } from '../wire/client.ts'
import { failureKinds, loggable, VomoFailure } from '../wire/failure.ts'
import { judge } from '../wire/judge.ts'
import { type Budget, type CallKind, maxPauseMs } from './budget.ts'
import { pauseAfterLimit } from './retry-after.ts'
import { createSemaphore, type Semaphore } from './semaphore.ts'

export type Calls = {
  /**
   * Sends one GET to a customer's VOMO, if its semaphore, the breaker and the budget allow.
   *
   * @param path under the base URL, its segments encoded
   * @returns the parsed body; `undefined` when VOMO says it does not exist
   * @throws {VomoFailure} with `retryAfterMs` when it is known
   */
  get(
    customerId: string,
    kind: CallKind,
    path: string,
    query?: Readonly<Record<string, string>>,
  ): Promise<unknown>
  /**
   * Sends one POST under the same rules, once.
   *
   * @param asked.signal aborted when the caller stops waiting; a call not yet sent is then skipped
   * @returns and throws as `get` does
   */
  post(
    customerId: string,
    kind: CallKind,
    asked: { path: string; body: Readonly<Record<string, string>>; signal: AbortSignal },
  ): Promise<unknown>
  isOpen(customerId: string): boolean
  /** How many customers' breakers are open. */
  countOpen(): number
  close(): Promise<void>
}

type PostRequest = Pick<Question, 'path' | 'query' | 'body'> & { signal?: AbortSignal }

type CallsTools = {
  access: Pick<AccessReader, 'read'>
  budget: Budget
  clock: () => number
  log: Log
  meter: Meter
  closing: AbortSignal
  /** How long a call may wait in line behind others of its kind. */
  queueWaitMs: number
  requestTimeoutMs: number
  connect: ((origin: string) => Dispatcher) | undefined
}

/** One customer's connection to VOMO. Customers share nothing here, so one customer's dead VOMO delays no other customer. */
type Door = {
  /** The access under which the rest of this state was learned. */
  access: Access | undefined
  breaker: Breaker
  readonly semaphores: Readonly<Record<CallKind, Semaphore>>
  pool: { origin: string; dispatcher: Dispatcher } | undefined
  pausedUntilMs: number
  limitsInARow: number
}

/** A call delayed longer than this after it was paid for is paid for again: see `windowMs`. */
const maxStartMs = 500

export function createCalls(given: CallsTools): Calls {
  const { access, budget, clock, log, meter, closing, queueWaitMs, requestTimeoutMs } = given
  const connect = given.connect ?? ((origin: string) => openPool(origin, requestTimeoutMs))
  const doors = new Map<string, Door>()

  function breakerOf(customerId: string): Breaker {
    const onChange = (isOpen: boolean) => {
      if (isOpen) log.warn({ customerId }, 'VOMO keeps failing; leaving it alone for a while')
      else log.info({ customerId }, 'VOMO answers again')
    }
    return createBreaker({ clock, failuresToOpen: 5, restMs: 30_000, onChange })
  }

  function doorOf(customerId: string): Door {
    const known = doors.get(customerId)
    if (known) return known
    const door: Door = {
      access: undefined,
      breaker: breakerOf(customerId),
      semaphores: {
        identity: createSemaphore(connections.identity, queueWaitMs),
        project: createSemaphore(connections.project, queueWaitMs),
        warming: createSemaphore(connections.warming, queueWaitMs),
      },
      pool: undefined,
      pausedUntilMs: 0,
      limitsInARow: 0,
    }
    doors.set(customerId, door)
    return door
  }

  function connectionsOf(door: Door, baseUrl: string): Dispatcher {
    const { origin } = new URL(baseUrl)
    if (door.pool?.origin !== origin) {
      void door.pool?.dispatcher.close()
      door.pool = { origin, dispatcher: connect(origin) }
    }
    return door.pool.dispatcher
  }

  /** Failures with another token, or at another address, say nothing about this one. */
  function renew(door: Door, customerId: string, granted: Access): void {
    const { access: before } = door
    door.access = granted
    if (!before || (before.baseUrl === granted.baseUrl && before.token === granted.token)) return
    door.breaker = breakerOf(customerId)
    door.pausedUntilMs = 0
    door.limitsInARow = 0
  }

  const isPaused = (door: Door) => !isDue(door.pausedUntilMs, clock(), maxPauseMs)

  function mindPause(door: Door): void {
    if (!isPaused(door)) return
    throw new VomoFailure('limited', { retryAfterMs: door.pausedUntilMs - clock() })
  }

  async function spend(
    door: Door,
    customerId: string,
    { budgetPerMinute }: Access,
    kind: CallKind,
  ): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      const pass = await budget.spend(customerId, budgetPerMinute, kind)
      if (!pass.isGranted) {
        throw new VomoFailure('budget', { retryAfterMs: Math.max(1, pass.freeAtMs - clock()) })
      }
      mindPause(door)
      if (clock() - pass.atMs <= maxStartMs) return
    }
    throw new VomoFailure('busy', { retryAfterMs: 1_000 })
  }

  /** VOMO's 429 binds every process, including those that start later. */
  async function pause(
    door: Door,
    customerId: string,
    { budgetPerMinute }: Access,
    answer: Answer,
  ): Promise<number> {
    // Calls in flight together are refused together. That counts as one refusal in a row, not several.
    if (!isPaused(door)) door.limitsInARow += 1
    const untilMs = clock() + pauseAfterLimit(answer.retryAfter, door.limitsInARow, clock())
    if (!isPaused(door) || untilMs > door.pausedUntilMs) {
      door.pausedUntilMs = untilMs
      await budget.pause(customerId, budgetPerMinute, untilMs)
    }
    return door.pausedUntilMs - clock()
  }

  async function askOnce(customerId: string, kind: CallKind, asked: PostRequest): Promise<unknown> {
    const granted = await access.read(customerId)
    if (!granted) throw new VomoFailure('no_access')
    const door = doorOf(customerId)
    renew(door, customerId, granted)
    mindPause(door)
    const entry = door.breaker.enter()
    if ('retryAfterMs' in entry) throw new VomoFailure('breaker', entry)

    let outcome: CallOutcome = 'not_made'
    try {
      await spend(door, customerId, granted, kind)
      if (closing.aborted) throw new VomoFailure('closing')
      const signal = asked.signal ?? AbortSignal.timeout(requestTimeoutMs)
      if (signal.aborted) throw new VomoFailure('busy')
      const dispatcher = connectionsOf(door, granted.baseUrl)
      const { path, query, body } = asked
      const { baseUrl, token } = granted
      const answer = await ask({ dispatcher, baseUrl, token, path, query, body, signal })
      outcome = 'answered'
      if (answer.status === 429) {
        throw new VomoFailure('limited', {
          status: 429,
          retryAfterMs: await pause(door, customerId, granted, answer),
        })
      }
      door.limitsInARow = 0
      return judge(answer)
    } catch (error) {
      if (closing.aborted) throw new VomoFailure('closing')
      if (error instanceof VomoFailure) {
        if (failureKinds[error.kind].from === 'network') outcome = 'failed'
      }
      throw error
    } finally {
      entry.report(outcome)
    }
  }

  async function askInTurn(customerId: string, kind: CallKind, asked: PostRequest): Promise<unknown> {
    if (closing.aborted) throw new VomoFailure('closing')
    const door = doorOf(customerId)
    const count = (outcome: string) => meter.count('porchlight_vomo_calls_total', { call: kind, outcome })
    try {
      const body = await door.semaphores[kind](() => askOnce(customerId, kind, asked))
      count(body === undefined ? 'absent' : 'answered')
      return body
    } catch (error) {
      count(error instanceof VomoFailure ? error.kind : 'fault')
      report(log, error, { customerId, call: kind })
      throw error
    }
  }

  return {
    isOpen: (customerId) => doors.get(customerId)?.breaker.isOpen() ?? false,
    countOpen: () => [...doors.values()].filter(({ breaker }) => breaker.isOpen()).length,
    get: (customerId, kind, path, query = {}) => askInTurn(customerId, kind, { path, query }),
    post: (customerId, kind, asked) => askInTurn(customerId, kind, { query: {}, ...asked }),
    async close() {
      await Promise.all([...doors.values()].map(async ({ pool }) => pool?.dispatcher.destroy()))
      doors.clear()
    },
  }
}

/** Logs only what VOMO did. Our own throttling (budget, breaker, pause) would log thousands of lines. */
function report(log: Log, error: unknown, about: { customerId: string; call: CallKind }): void {
  const fields = { ...about, ...loggable(error) }
  if (!(error instanceof VomoFailure)) return log.error(fields, 'a call to VOMO failed on our side')
  if (error.kind === 'unauthorized') return log.error(fields, 'VOMO refuses the token of this customer')
  if (error.status !== undefined || error.code !== undefined) log.warn(fields, 'VOMO gave no usable answer')
}
