import { recordAudit } from '../audit.ts'
import type { Secrets } from '../secrets.ts'
import type { Queries, Write } from '../store/store.ts'
import { type AccessChange, grantVomoAccess } from '../vomo/access/access.ts'

/** Grants a customer VOMO access, or changes it, and notes which part, never the token. @throws {Refusal} as `grantVomoAccess` */
export function* setVomoAccess(
  db: Queries,
  secrets: Secrets,
  of: { customerId: string; access: AccessChange; by?: string },
  nowMs: number,
): Write<void> {
  const { customerId, access, by = 'operator' } = of
  if (Object.keys(access).length === 0) return
  yield* grantVomoAccess(db, secrets, { customerId, ...access })
  const { baseUrl = null, token, budgetPerMinute = null, budgetCeiling = null } = access
  const detail = {
    address: baseUrl,
    token: token !== undefined,
    budget: budgetPerMinute,
    ...(budgetCeiling !== null && { budget_ceiling: budgetCeiling }),
    by,
  }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'customer.vomo_access_set', detail })
}
