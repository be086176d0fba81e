import { type Visited, visitNetwork } from '../customers/visit.ts'
import type { Tools } from '../part.ts'

/**
 * Counts an unknown secret, or a wrong code, against its network, after the look-up. A real one costs no count, and is never
 * refused because of other visitors' misses in the same network.
 *
 * @throws {Refusal} 'rate_limited'
 */
export function countMiss(
  { store, limits, meter }: Pick<Tools, 'store' | 'limits' | 'meter'>,
  c: Visited,
): Promise<void> {
  meter.count('porchlight_sign_in_misses_total', {})
  return store.write(() => limits.takeOrRefuse('missesPerNetwork', visitNetwork(c)))
}
