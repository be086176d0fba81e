import { Refusal } from '../errors.ts'
import type { Gauges, Meter } from '../metrics.ts'
import type { Store } from './store.ts'

/**
 * A store whose writes are counted and timed, and whose refusals for want of a connection are counted. A refusal ends a write without a
 * commit, too.
 */
export function meteredStore(store: Store, meter: Meter): Store {
  function countRefused(error: unknown): never {
    if (error instanceof Refusal && error.code === 'service_unavailable')
      meter.count('porchlight_store_refused_total', {})
    throw error
  }

  return {
    ...store,
    read: (query) => store.read(query).catch(countRefused),
    async write(flow) {
      const startedAtMs = performance.now()
      let outcome = 'not_committed'
      try {
        const result = await store.write(flow)
        outcome = 'committed'
        return result
      } catch (error) {
        return countRefused(error)
      } finally {
        const seconds = (performance.now() - startedAtMs) / 1000
        meter.observe('porchlight_store_write_seconds', { outcome }, seconds)
      }
    },
  }
}

export function connectionGauges({ server }: Store): Gauges {
  if (!server) return {}
  return {
    porchlight_store_connections_in_use: () => server.connections().inUse,
    porchlight_store_waiting: () => server.connections().waiting,
  }
}
