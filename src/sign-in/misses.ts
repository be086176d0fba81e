import type { Context } from 'hono'
import { type Visit, visitNetwork } from '../customers/visit.ts'
import type { Limits } from '../limits.ts'
import type { Store } from '../store/store.ts'

/**
 * A secret we never issued, or a code that doesn't sign in: counted against its network, after the look. A real one is never
 * refused for what others in the same hall tried, and costs no count.
 *
 * @throws {Refusal} 'rate_limited'
 */
export function countMiss(
  { store, limits }: { store: Store; limits: Limits },
  c: Context<Visit>,
): Promise<void> {
  return store.write(() => limits.takeOrRefuse('missesPerNetwork', visitNetwork(c)))
}
