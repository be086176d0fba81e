import type Database from 'better-sqlite3'
import { prepareForGood } from './statements.ts'

/**
 * SQLite copies its log into the file during the commit that fills it, which makes that commit ten times slower for its writers. So
 * we copy between commits, a little at a time: once this many rows have changed, and for at most a twentieth of the time. Each copy
 * costs two more flushes, so not after every write.
 */
const minRowsCopied = 200
const copyShare = 1 / 20

/**
 * Copies the log while no writer waits.
 *
 * @param log.changes rows changed so far
 * @param log.isBusy whether writers wait, or the database is closed
 */
export function openLogCopy(
  database: Database.Database,
  log: { changes: () => number; isBusy: () => boolean },
) {
  const copy = prepareForGood(database, 'pragma wal_checkpoint(passive)')
  let changesCopied = 0
  let isDue = false
  let nextAtMs = 0

  function copyLog(): void {
    isDue = false
    // Pending commits go first; the next try follows them.
    if (log.isBusy()) return
    const startedAtMs = performance.now()
    changesCopied = log.changes()
    try {
      // Passive: it blocks no reader and no writer, and copies what it can.
      copy.all()
    } catch {
      // The disk is full or fails; the commits that meet this tell their writers.
    }
    const endedAtMs = performance.now()
    nextAtMs = endedAtMs + (endedAtMs - startedAtMs) / copyShare
  }

  return {
    /** At once, or when its share of the time allows it; not at all when too little has changed. */
    soon(): void {
      if (isDue || log.changes() - changesCopied < minRowsCopied) return
      isDue = true
      const waitMs = nextAtMs - performance.now()
      // A timer fires before the loop polls its sockets; requests that have arrived meanwhile go first.
      const copyNext = () => setImmediate(copyLog)
      if (waitMs > 0) setTimeout(copyNext, waitMs).unref()
      else copyNext()
    },
  }
}
