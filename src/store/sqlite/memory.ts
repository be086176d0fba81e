import type Database from 'better-sqlite3'
import type { Store } from '../store.ts'
import { prepareForGood } from './statements.ts'

/** Maximum number of cached answers; beyond it, the cache is cleared. */
const maxRecalled = 10_000

/**
 * Caches answers until the database changes. SQLite counts other connections' commits (`data_version`), asked once per callback of the
 * event loop, so no answer is older than the request that asks; `forget` reports this connection's own. It does not count which
 * tables changed, so every commit clears the cache.
 */
export function openMemory(database: Database.Database): { forget(): void; recall: Store['recall'] } {
  const readVersion = prepareForGood(database, 'pragma data_version').pluck()
  let known = new Map<string, unknown>()
  let version: unknown
  let isChecked = false

  function check(): void {
    if (isChecked) return
    isChecked = true
    // Not by `setImmediate`: what a timer checked would hold for a request that arrives after it in the same turn.
    process.nextTick(() => {
      isChecked = false
    })
    const now = readVersion.get()
    if (now !== version) known = new Map()
    version = now
  }

  return {
    forget() {
      known = new Map()
      isChecked = false
    },
    async recall<T>(key: string, _tables: unknown, look: () => Promise<T>): Promise<T> {
      check()
      if (known.has(key)) return known.get(key) as T
      // An answer read before a change belongs to the cache from before it.
      const then = known
      const found = await look()
      if (then.size >= maxRecalled) then.clear()
      then.set(key, found)
      return found
    },
  }
}
