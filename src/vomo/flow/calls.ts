import { isDeepStrictEqual } from 'node:util'
import type { Dispatcher } from 'undici'
import type { Log } from '../../log/log.ts'
import { type InSpan, untraced } from '../../log/traces.ts'
import type { Meter } from '../../metrics.ts'
import { type Breaker, type CallOutcome, createBreaker } from '../../resilience/breaker.ts'
import { createSemaphore, type Semaphore } from '../../resilience/semaphore.ts'
import { isDue } from '../../time/due.ts'
import type { Access, AccessReader } from '../access/access.ts'
import { type Answer, ask, connections, methodOf, openPool, type Question } from '../wire/client.ts'
import { failureKinds, loggable, VomoFailure } from '../wire/failure.ts'
import { judge } from '../wire/judge.ts'
import { patternOf } from '../wire/path-pattern.ts'
import type { Budget, Granted, Heard } from './budget.ts'
import type { CallKind } from './call-kinds.ts'
import { maxPauseMs } from './learned.ts'
import { pauseAfterLimit, readRetryAfter } from './retry-after.ts'

export type Calls = {
  /**
   * Sends one GET to a customer's VOMO, if its semaphore, the breaker and the budget allow.
   *
   * @param path under the base URL, its segments encoded
   * @param whose the user it is about, where one person waits for it: one person's reloads leave others their share
   * @returns the parsed body; `undefined` when VOMO says it does not exist
   * @throws {VomoFailure} with `retryAfterMs` when it is known
   */
  get(
    customerId: string,
    kind: CallKind,
    path: string,
    query?: Readonly<Record<string, string>>,
    whose?: string,
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
  /** Whether the breaker is open, or the last call found no connection, which says nothing of any record. */
  isAway(customerId: string): boolean
  /** Whether VOMO is away, or the breaker closed so lately that copies from before are still waiting for their renewal. */
  isCatchingUp(customerId: string): boolean
  /** How many customers' breakers are open. */
  countOpen(): number
  /** How many calls wait for their turn. */
  countWaiting(): number
  close(): Promise<void>
}

type PostRequest = Pick<Question, 'path' | 'query' | 'body'> & {
  signal?: AbortSignal
  whose?: string | undefined
}

type CallsTools = {
  access: Pick<AccessReader, 'read'>
  budget: Budget
  clock: () => number
  log: Log
  meter: Meter
  /** Default: traces nothing. */
  inSpan?: InSpan | undefined
  closing: AbortSignal
  /** How long a call may wait in line behind others of its kind. */
  queueWaitMs: number
  requestTimeoutMs: number
  connect: ((origin: string) => Dispatcher) | undefined
  onBreaker?: (customerId: string, isOpen: boolean) => void
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
  /** The last call found no connection, or lost it. */
  isLost: boolean
  /** Until then copies from before the breaker closed still serve. */
  catchesUpUntilMs: number
}

/** After an outage the copies of 2,000 people take 40 minutes of 60 calls: until then a copy that served during it still does. */
const catchUpMs = 60 * 60_000

/** A call delayed longer than this after it was paid for is paid for again: see `windowMs`. */
const maxStartMs = 500

export function createCalls(given: CallsTools): Calls {
  const { access, budget, clock, log, meter, closing, queueWaitMs, requestTimeoutMs, onBreaker } = given
  const { inSpan = untraced } = given
  const connect = given.connect ?? ((origin: string) => openPool(origin, requestTimeoutMs))
  const doors = new Map<string, Door>()

  const busy = () => new VomoFailure('busy', { retryAfterMs: queueWaitMs })

  function breakerOf(customerId: string): Breaker {
    const onChange = (isOpen: boolean) => {
      onBreaker?.(customerId, isOpen)
      const door = doors.get(customerId)
      if (door && !isOpen) door.catchesUpUntilMs = clock() + catchUpMs
      if (isOpen) log.warn({ customerId }, 'VOMO keeps failing; leaving it alone for a while')
      else log.info({ customerId }, 'VOMO answers again')
    }
    return createBreaker({ clock, failuresToOpen: 5, restMs: 30_000, onChange })
  }

  function doorOf(customerId: string): Door {
    const known = doors.get(customerId)
    if (known) return known
    const identity = createSemaphore(connections.identity, queueWaitMs, busy)
    const door: Door = {
      access: undefined,
      breaker: breakerOf(customerId),
      semaphores: {
        identity,
        arrival: identity,
        project: createSemaphore(connections.project, queueWaitMs, busy),
        renewal: createSemaphore(connections.renewal, queueWaitMs, busy),
        warming: createSemaphore(connections.warming, queueWaitMs, busy),
      },
      pool: undefined,
      pausedUntilMs: 0,
      limitsInARow: 0,
      isLost: false,
      catchesUpUntilMs: 0,
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
    if (!before || isDeepStrictEqual(before, granted)) return
    budget.forget(customerId)
    if (isSameAccount(before, granted)) return
    if (door.breaker.isOpen()) onBreaker?.(customerId, false)
    door.breaker = breakerOf(customerId)
    door.pausedUntilMs = 0
    door.limitsInARow = 0
    door.isLost = false
    door.catchesUpUntilMs = 0
  }

  const isPaused = (door: Door) => !isDue(door.pausedUntilMs, clock(), maxPauseMs)

  function mindPause(door: Door): void {
    if (!isPaused(door)) return
    throw new VomoFailure('limited', { retryAfterMs: door.pausedUntilMs - clock() })
  }

  async function spend(
    door: Door,
    customerId: string,
    setting: Access,
    { kind, whose }: { kind: CallKind; whose: string | undefined },
  ): Promise<Granted> {
    for (let tries = 0; tries < 3; tries++) {
      const pass = await budget.spend(customerId, { setting, kind, whose })
      if (!pass.isGranted) {
        throw new VomoFailure(pass.isInLine ? 'line' : 'budget', {
          retryAfterMs: Math.max(1, pass.freeAtMs - clock()),
        })
      }
      mindPause(door)
      if (clock() - pass.atMs <= maxStartMs) return pass
    }
    throw new VomoFailure('busy', { retryAfterMs: 1_000 })
  }

  /** VOMO's 429 binds every process, including those that start later. */
  async function pause(
    door: Door,
    customerId: string,
    { granted, pass, answer }: { granted: Access; pass: Granted; answer: Answer },
  ): Promise<number> {
    // Calls in flight together are refused together. That counts as one refusal in a row, not several.
    if (!isPaused(door)) door.limitsInARow += 1
    const retryAfterMs = readRetryAfter(answer.retryAfter, clock())
    const untilMs = clock() + pauseAfterLimit(retryAfterMs, door.limitsInARow)
    if (!isPaused(door) || untilMs > door.pausedUntilMs) {
      door.pausedUntilMs = untilMs
      const refusal = { retryAfterMs: retryAfterMs ?? null, pausedUntilMs: untilMs }
      await learn(door, customerId, { granted, pass, answer }, refusal)
    }
    return door.pausedUntilMs - clock()
  }

  /** What another token's answers say is not about this one. */
  async function learn(
    door: Door,
    customerId: string,
    { granted, pass, answer }: { granted: Access; pass: Granted; answer: Answer },
    refusal?: Heard['refusal'],
  ): Promise<void> {
    if (!door.access || !isSameAccount(door.access, granted)) return
    const { limit, remaining } = answer
    await budget.learn(customerId, granted, pass, { limit, remaining, ...(refusal && { refusal }) })
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
      const pass = await spend(door, customerId, granted, { kind, whose: asked.whose })
      if (closing.aborted) throw new VomoFailure('closing')
      const signal = asked.signal ?? AbortSignal.timeout(requestTimeoutMs)
      if (signal.aborted) throw new VomoFailure('busy')
      const dispatcher = connectionsOf(door, granted.baseUrl)
      const { path, query, body } = asked
      const { baseUrl, token } = granted
      const answer = await ask({ dispatcher, baseUrl, token, path, query, body, signal })
      outcome = 'answered'
      door.isLost = false
      if (answer.status === 429) {
        throw new VomoFailure('limited', {
          status: 429,
          retryAfterMs: await pause(door, customerId, { granted, pass, answer }),
        })
      }
      door.limitsInARow = 0
      // VOMO's answer counts, whether or not it can be learned from.
      await learn(door, customerId, { granted, pass, answer }).catch((error: unknown) => {
        log.warn({ customerId, error }, 'what VOMO says of its limits could not be kept')
      })
      return judge(answer)
    } catch (error) {
      if (closing.aborted) throw new VomoFailure('closing')
      if (error instanceof VomoFailure) {
        if (failureKinds[error.kind].from === 'network') outcome = 'failed'
        if (error.kind === 'network') door.isLost = true
      }
      throw error
    } finally {
      entry.report(outcome)
    }
  }

  function askInTurn(customerId: string, kind: CallKind, asked: PostRequest): Promise<unknown> {
    const about = {
      'http.request.method': methodOf(asked),
      'url.template': patternOf(asked.path),
      'porchlight.customer_id': customerId,
      'porchlight.call': kind,
    }
    return inSpan('VOMO call', about, async (span) => {
      if (closing.aborted) throw new VomoFailure('closing')
      const door = doorOf(customerId)
      function note(outcome: string): void {
        meter.count('porchlight_vomo_calls_total', { call: kind, outcome })
        span.add({ 'porchlight.outcome': outcome })
      }
      try {
        const body = await door.semaphores[kind].run(() => askOnce(customerId, kind, asked))
        note(body === undefined ? 'absent' : 'answered')
        return body
      } catch (error) {
        note(error instanceof VomoFailure ? error.kind : 'fault')
        report(log, error, { customerId, call: kind })
        throw error
      }
    })
  }

  const isOpen = (customerId: string) => doors.get(customerId)?.breaker.isOpen() ?? false
  const isAway = (customerId: string) => isOpen(customerId) || (doors.get(customerId)?.isLost ?? false)

  return {
    isOpen,
    isAway,
    isCatchingUp: (customerId) =>
      isAway(customerId) || !isDue(doors.get(customerId)?.catchesUpUntilMs ?? 0, clock(), catchUpMs),
    countOpen: () => [...doors.values()].filter(({ breaker }) => breaker.isOpen()).length,
    countWaiting: () =>
      [...doors.values()]
        .flatMap(({ semaphores }) => [...new Set(Object.values(semaphores))])
        .reduce((sum, each) => sum + each.countWaiting(), 0),
    get: (customerId, kind, path, query = {}, whose) => askInTurn(customerId, kind, { path, query, whose }),
    post: (customerId, kind, asked) => askInTurn(customerId, kind, { query: {}, ...asked }),
    async close() {
      await Promise.all([...doors.values()].map(async ({ pool }) => pool?.dispatcher.destroy()))
      doors.clear()
    },
  }
}

function isSameAccount(one: Access, other: Access): boolean {
  return one.baseUrl === other.baseUrl && one.token === other.token
}

/** Logs only what VOMO did. Our own throttling (budget, breaker, pause) would log thousands of lines. */
function report(log: Log, error: unknown, about: { customerId: string; call: CallKind }): void {
  const fields = { ...about, ...loggable(error) }
  if (!(error instanceof VomoFailure)) return log.error(fields, 'a call to VOMO failed on our side')
  if (error.kind === 'unauthorized') return log.error(fields, 'VOMO refuses the token of this customer')
  if (error.status !== undefined || error.code !== undefined) log.warn(fields, 'VOMO gave no usable answer')
}
