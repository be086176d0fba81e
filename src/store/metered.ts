import type { Meter } from '../metrics.ts'
import type { Store } from './store.ts'

/** A store whose writes are counted and timed. A refusal ends a write without a commit, too. */
export function meteredStore(store: Store, meter: Meter): Store {
  return {
    ...store,
    async write(flow) {
      const startedAtMs = performance.now()
      let outcome = 'not_committed'
      try {
        const result = await store.write(flow)
        outcome = 'committed'
        return result
      } finally {
        const seconds = (performance.now() - startedAtMs) / 1000
        meter.observe('porchlight_store_write_seconds', { outcome }, seconds)
      }
    },
  }
}
