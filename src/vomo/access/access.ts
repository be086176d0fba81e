import { invalid, type Refusal } from '../../errors.ts'
import { isThisMachine } from '../../loopback.ts'
import type { Secrets } from '../../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { baseUrlNamed } from './presets.ts'

/** What a call to VOMO needs for one customer. Stays inside this folder. */
export type Access = {
  /** With `/v1`, without a trailing slash. */
  readonly baseUrl: string
  readonly token: string
  /** Where the budget begins: see `flow/learned.ts`. */
  readonly budgetPerMinute: number
  /** What it never passes, however much VOMO lets through. At least `budgetPerMinute`. */
  readonly budgetCeiling: number
}

export type AccessReader = {
  /** The access stored now, even if another process changed it. `undefined` when the customer has no VOMO access. */
  read(customerId: string): Promise<Access | undefined>
  /** Every customer that has access, with a string that changes when its address or token changes. */
  all(): Promise<ReadonlyMap<string, string>>
}

export type AccessChange = {
  /** `https://api.vomo.org/v1`; plain http only on this machine (the sandbox). */
  baseUrl?: string
  /** The token as VOMO's admin pages show it; opaque, never parsed. */
  token?: string
  /** Calls allowed per 60 seconds to begin with; a whole number, at least 1. */
  budgetPerMinute?: number
  /** Calls allowed per 60 seconds once VOMO has let through as many; the same. Default: `budgetPerMinute`. */
  budgetCeiling?: number
}

/**
 * Grants a customer VOMO access, or changes it. Omitted fields keep their value, the sealed token included. The defaults are
 * production and a budget of 50. The token is sealed before it is stored.
 *
 * @throws {Refusal} 'invalid_request' naming the option of `customer set`: `vomo-url`, `vomo-token-file` (also when there is no
 * token yet), `budget` or `budget-ceiling`
 */
export function* grantVomoAccess(
  db: Queries,
  secrets: Secrets,
  access: AccessChange & { customerId: string },
): Write<void> {
  const { customerId, baseUrl, token, budgetPerMinute, budgetCeiling } = access
  const given = {
    ...(baseUrl !== undefined && { base_url: tidyBaseUrl(baseUrl) }),
    ...(token !== undefined && { token_sealed: secrets.seal('vomo token', tidyToken(token)) }),
    ...(budgetPerMinute !== undefined && { budget_per_minute: tidyBudget('budget', budgetPerMinute) }),
    ...(budgetCeiling !== undefined && { budget_ceiling: tidyBudget('budget-ceiling', budgetCeiling) }),
  }
  const [known] = yield* rows(
    db
      .updateTable('vomo_access')
      .set(given)
      .where('customer_id', '=', customerId)
      .returning(['customer_id', 'budget_per_minute'])
      .compile(),
  )
  if (known) {
    yield* forgetLearned(db, known, baseUrl !== undefined || token !== undefined)
    return
  }
  const { token_sealed } = given
  if (token_sealed === undefined) throw noToken()
  const fresh = { base_url: baseUrlNamed('production'), budget_per_minute: 50, budget_ceiling: null }
  yield* rows(
    db
      .insertInto('vomo_access')
      .values({ customer_id: customerId, ...fresh, ...given, token_sealed })
      .compile(),
  )
}

/** What VOMO's answers taught us is about a token and an address. With another setting we begin there, and a pause stays. */
function* forgetLearned(
  db: Queries,
  { customer_id, budget_per_minute }: { customer_id: string; budget_per_minute: number },
  isOtherAccount: boolean,
): Write<void> {
  const forgetting = isOtherAccount
    ? db.deleteFrom('vomo_budget').where('customer_id', '=', customer_id)
    : db
        .updateTable('vomo_budget')
        .set({ per_minute: budget_per_minute })
        .where('customer_id', '=', customer_id)
  yield* rows(forgetting.compile())
}

/** The access that `grantVomoAccess` would store. @throws {Refusal} as it does */
export function changedAccess(held: Access | undefined, change: AccessChange): Access {
  const { baseUrl, token, budgetPerMinute, budgetCeiling } = change
  if (held === undefined && token === undefined) throw noToken()
  return {
    baseUrl: tidyBaseUrl(baseUrl ?? held?.baseUrl ?? baseUrlNamed('production')),
    token: token === undefined ? (held?.token ?? '') : tidyToken(token),
    ...budgetOf({
      budget: tidyBudget('budget', budgetPerMinute ?? held?.budgetPerMinute ?? 50),
      ceiling: tidyBudget('budget-ceiling', budgetCeiling ?? held?.budgetCeiling ?? 1),
    }),
  }
}

function budgetOf({ budget, ceiling }: { budget: number; ceiling: number | null }) {
  return { budgetPerMinute: budget, budgetCeiling: Math.max(budget, ceiling ?? 0) }
}

function noToken(): Refusal {
  return invalid('vomo-token-file', 'must be given: there is none yet')
}

/** Whether these secrets open at least one stored token; `true` when no token is stored. */
export function* opensAnyToken(db: Queries, secrets: Secrets): Write<boolean> {
  const sealed = yield* rows(db.selectFrom('vomo_access').select('token_sealed').compile())
  return (
    sealed.length === 0 ||
    sealed.some(({ token_sealed: box }) => secrets.tryOpen('vomo token', box) !== undefined)
  )
}

export function createAccess(given: { store: Store; secrets: Secrets }): AccessReader {
  const { store, secrets } = given

  async function look(customerId: string): Promise<Access | undefined> {
    const [row] = await store.read(
      store.db.selectFrom('vomo_access').selectAll().where('customer_id', '=', customerId).compile(),
    )
    return (
      row && {
        baseUrl: row.base_url,
        token: secrets.open('vomo token', row.token_sealed),
        ...budgetOf({ budget: row.budget_per_minute, ceiling: row.budget_ceiling }),
      }
    )
  }

  async function lookAtAll(): Promise<ReadonlyMap<string, string>> {
    const found = await store.read(
      store.db.selectFrom('vomo_access').select(['customer_id', 'base_url', 'token_sealed']).compile(),
    )
    return new Map(
      found.map((row) => [
        row.customer_id,
        `${row.base_url} ${Buffer.from(row.token_sealed).toString('base64')}`,
      ]),
    )
  }

  return {
    read: (customerId) => store.recall(`vomo access ${customerId}`, ['vomo_access'], () => look(customerId)),
    all: () => store.recall('vomo access of all', ['vomo_access'], lookAtAll),
  }
}

function tidyBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!isPlain) throw invalid('vomo-url', 'must be an address without a user, query or fragment')
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname))
  if (!isSafe) throw invalid('vomo-url', 'must begin with https:// (plain http only on this machine)')
  return url.origin + url.pathname.replace(/\/+$/, '')
}

// The token travels in a header, where a line break would start a second header.
function tidyToken(text: string): string {
  const token = text.trim()
  if (!/^[\x21-\x7e]{1,4096}$/.test(token))
    throw invalid('vomo-token-file', 'must be printable, without spaces')
  return token
}

function tidyBudget(option: 'budget' | 'budget-ceiling', budget: number): number {
  if (!Number.isInteger(budget) || budget < 1 || budget > 10_000) {
    throw invalid(option, 'must be a whole number from 1 to 10000')
  }
  return budget
}
