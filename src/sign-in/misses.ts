import { type Visited, visitNetwork } from '../customers/visit.ts'
import type { Limits } from '../limits.ts'
import type { Store } from '../store/store.ts'

/**
 * Counts an unknown secret, or a wrong code, against its network, after the look-up. A real one costs no count, and is never
 * refused because of other visitors' misses in the same network.
 *
 * @throws {Refusal} 'rate_limited'
 */
export function countMiss({ store, limits }: { store: Store; limits: Limits }, c: Visited): Promise<void> {
  return store.write(() => limits.takeOrRefuse('missesPerNetwork', visitNetwork(c)))
}
