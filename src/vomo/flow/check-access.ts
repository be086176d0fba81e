import { noMeter } from '../../metrics.ts'
import type { Secrets } from '../../secrets.ts'
import type { Store } from '../../store/store.ts'
import { type Access, type AccessChange, changedAccess, createAccess } from '../access/access.ts'
import { type FailureKind, VomoFailure } from '../wire/failure.ts'
import { readPage } from '../wire/read-page.ts'
import { type Budget, createBudget } from './budget.ts'
import { type Calls, createCalls } from './calls.ts'

/**
 * Why we cannot use a customer's VOMO. `not_there`: another server answers at its address, or VOMO answers at another path.
 * `not_now`: we did not ask, because this minute's calls are used up or VOMO requested a pause.
 */
export type AccessProblem = 'no_access' | 'not_there' | 'token_refused' | 'unreachable' | 'not_now'

/** Asks VOMO its cheapest question. @returns `undefined` when it answers as VOMO does */
export async function findAccessProblem(
  calls: Calls,
  customerId: string,
): Promise<AccessProblem | undefined> {
  try {
    const body = await calls.get(customerId, 'identity', '/organizations')
    if (body === undefined) return 'not_there'
    readPage(body)
    return undefined
  } catch (error) {
    if (error instanceof VomoFailure) return problems[error.kind]
    throw error
  }
}

type CheckTools = { store: Store; secrets: Secrets; clock: () => number }

/**
 * Asks once, as `findAccessProblem` does, with the access a customer would have after a change that is not made yet. Costs one call of
 * the customer's budget; a customer that does not exist yet has none.
 *
 * @throws {Refusal} 'invalid_request' as `grantVomoAccess` does
 */
export async function checkAccessChange(
  tools: CheckTools,
  change: AccessChange & { customerId: string | undefined },
): Promise<{ problem: AccessProblem | undefined; baseUrl: string }> {
  const { customerId, ...given } = change
  const held = customerId === undefined ? undefined : await createAccess(tools).read(customerId)
  const access: Access = changedAccess(held, given)
  const problem = await askingWith(tools, { customerId, access }, (calls) =>
    findAccessProblem(calls, customerId ?? ''),
  )
  return { problem, baseUrl: access.baseUrl }
}

/**
 * Asks what is wanted with the access that a customer would have after a change that is not made yet.
 *
 * @param change.customerId none: of a customer that does not exist yet, and so has no budget
 * @param ask.about stands for the customer's id in its calls
 * @throws {Refusal} 'invalid_request' as `grantVomoAccess` does
 */
export async function askBeforehand<T>(
  tools: CheckTools,
  change: AccessChange & { customerId?: string },
  ask: (calls: Calls, about: string) => Promise<T>,
): Promise<T | { problem: AccessProblem }> {
  const { customerId, ...given } = change
  const held = customerId === undefined ? undefined : await createAccess(tools).read(customerId)
  const access = changedAccess(held, given)
  try {
    return await askingWith(tools, { customerId, access }, (calls) => ask(calls, customerId ?? ''))
  } catch (error) {
    if (error instanceof VomoFailure) return { problem: problems[error.kind] }
    throw error
  }
}

async function askingWith<T>(
  { store, clock }: CheckTools,
  { customerId, access }: { customerId: string | undefined; access: Access },
  ask: (calls: Calls) => Promise<T>,
): Promise<T> {
  const calls = createCalls({
    access: { read: async () => access },
    budget: customerId === undefined ? unlimited(clock) : createBudget({ store, clock }),
    clock,
    // The caller gets the result, so nothing is logged or counted.
    log: { debug: unheard, info: unheard, warn: unheard, error: unheard },
    meter: noMeter,
    closing: new AbortController().signal,
    queueWaitMs: 2_000,
    requestTimeoutMs: 10_000,
    connect: undefined,
  })
  try {
    return await ask(calls)
  } finally {
    await calls.close()
  }
}

function unheard(): void {}

function unlimited(clock: () => number): Budget {
  return {
    spend: async () => ({ isGranted: true, atMs: clock(), used: 1, perMinute: 1 }),
    learn: async () => {},
    forget() {},
  }
}

const problems: Record<FailureKind, AccessProblem> = {
  no_access: 'no_access',
  budget: 'not_now',
  line: 'not_now',
  limited: 'not_now',
  breaker: 'not_now',
  busy: 'not_now',
  closing: 'not_now',
  unauthorized: 'token_refused',
  forbidden: 'token_refused',
  invalid: 'not_there',
  refused: 'not_there',
  declined: 'unreachable',
  redirected: 'not_there',
  not_understood: 'not_there',
  server: 'unreachable',
  timeout: 'unreachable',
  network: 'unreachable',
}
