import type { CoreTools } from '../../part.ts'
import { createAccess } from '../../vomo/access/access.ts'
import { directoryOf } from '../../vomo/directory/directory.ts'
import { budgetNow, openBreakers } from '../../vomo/flow/status.ts'

/** How a customer's VOMO is doing. Times are milliseconds since the epoch. */
export type VomoNow = {
  /** Of the last minute, and how many there may be. */
  calls: number
  perMinute: number
  pausedUntilMs: number | null
  /** Since when it fails, and copies serve. */
  awaySinceMs: number | null
  /** When the oldest of the lists and opportunities here was read; `null` before the first. */
  oldestCopyMs: number | null
  directory: { wholeAtMs: number | null; newsAtMs: number | null; pagesLeft: number | null } | null
}

/** @returns `undefined` where the customer has no VOMO token */
export async function vomoNow(
  tools: CoreTools,
  customerId: string,
  nowMs: number,
): Promise<VomoNow | undefined> {
  const { store } = tools
  const access = await createAccess(tools).read(customerId)
  if (!access) return undefined
  const [budget, breakers, oldestCopyMs, directory] = await Promise.all([
    budgetNow(store, customerId, access, nowMs),
    openBreakers(store, customerId),
    oldestCopy(tools, customerId),
    directoryOf(store, customerId),
  ])
  return {
    calls: Object.values(budget.used).reduce((sum, calls) => sum + calls, 0),
    perMinute: budget.perMinute,
    pausedUntilMs: budget.pausedUntilMs,
    awaySinceMs: breakers[0]?.sinceMs ?? null,
    oldestCopyMs,
    directory: directory ?? null,
  }
}

async function oldestCopy({ store }: Pick<CoreTools, 'store'>, customerId: string): Promise<number | null> {
  const { db } = store
  const [[list], [project]] = await Promise.all([
    store.read(
      db
        .selectFrom('vomo_copy')
        .select((of) => of.fn.min<number | null>('kept_at_ms').as('atMs'))
        .where('customer_id', '=', customerId)
        .compile(),
    ),
    store.read(
      db
        .selectFrom('vomo_project')
        .select((of) => of.fn.min<number | null>('fetched_at_ms').as('atMs'))
        .where('customer_id', '=', customerId)
        .compile(),
    ),
  ])
  const found = [list?.atMs, project?.atMs].filter((ms) => typeof ms === 'number')
  return found.length > 0 ? Math.min(...found) : null
}
