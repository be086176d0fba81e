import type Database from 'better-sqlite3'
import { prepareForGood } from './statements.ts'

/** Maximum number of cached answers; beyond it, the cache is cleared. */
const maxRecalled = 10_000

/**
 * Answers that hold until the database changes. SQLite counts what other connections commit (`data_version`) and is asked once
 * for all of one turn of the event loop; `forget` reports what this connection commits. Which tables changed it does not count, so
 * every commit clears everything.
 */
export function openMemory(database: Database.Database) {
  const readVersion = prepareForGood(database, 'pragma data_version').pluck()
  let known = new Map<string, unknown>()
  let version: unknown
  let isChecked = false

  function check(): void {
    if (isChecked) return
    isChecked = true
    setImmediate(() => {
      isChecked = false
    })
    const now = readVersion.get()
    if (now !== version) known = new Map()
    version = now
  }

  return {
    forget(): void {
      known = new Map()
      isChecked = false
    },
    known(key: string): unknown {
      check()
      return known.get(key)
    },
    async answer<T>(key: string, look: () => Promise<T>): Promise<T> {
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
