import type Database from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'
import type { Write } from '../store.ts'
import { whenFree } from './lock.ts'
import { openLogCopy } from './log-copy.ts'
import { applicationId } from './migrate.ts'
import { prepareForGood, type Statements } from './statements.ts'

/**
 * How many more turns of the event loop a commit waits, as long as each brings writes: a flush costs as much for one write as for
 * fifty. A lone write waits for one turn.
 */
const maxTurns = 8

/** After this long without a write, the health check makes one. */
const probeAfterMs = 5_000

type Pending = { run: () => unknown; settle: (outcome: Outcome) => void }
type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown }

/**
 * All writes that arrive in one turn of the event loop, or in turns that follow closely, share one commit; no promise settles
 * before that commit is on disk. If one of them fails after it has changed something, all are rolled back and run again, each in
 * its own savepoint.
 *
 * @param onCommit runs after each commit, before any of its writers learns of it
 */
export function openGroupCommit(
  database: Database.Database,
  { run, changes }: Statements,
  onCommit: () => void,
) {
  const begin = prepareForGood(database, 'begin immediate')
  const commit = prepareForGood(database, 'commit')
  const rollback = prepareForGood(database, 'rollback')
  const savepoint = prepareForGood(database, 'savepoint one')
  const release = prepareForGood(database, 'release one')
  const takeBack = prepareForGood(database, 'rollback to one')
  const touch = prepareForGood(database, `pragma application_id = ${applicationId}`)

  let pending: Pending[] = []
  let isClosed = false
  let flushing: Promise<void> | undefined
  /** The last commit that wrote something, or failed to. */
  let lastWrite = { hasSucceeded: true, atMs: performance.now() }
  let hasTouched = false
  let probing: Promise<boolean> | undefined
  const logCopy = openLogCopy(database, { changes, isBusy: () => isClosed || pending.length > 0 })

  function add(write: Pending): void {
    pending.push(write)
    flushing ??= flush()
  }

  /** Commits the pending writes once a turn brought no more, together with those that arrive while it waits for the lock. */
  async function flush(): Promise<void> {
    for (let turn = 0, known = 0; turn < maxTurns && pending.length > known; turn += 1) {
      known = pending.length
      await new Promise((resolve) => setImmediate(resolve))
    }
    while (pending.length > 0) await commitPending()
    flushing = undefined
    logCopy.soon()
  }

  async function commitPending(): Promise<void> {
    let batch: Pending[] | undefined
    const changesBefore = changes()
    hasTouched = false
    try {
      await whenFree(() => begin.run())
      batch = takePending()
      let outcomes = runTogether(batch)
      if (!outcomes) {
        rollback.run()
        await whenFree(() => begin.run())
        outcomes = batch.map(inSavepoint)
      }
      commit.run()
      if (hasTouched || changes() > changesBefore) noteWrite(true)
      onCommit()
      for (const [i, outcome] of outcomes.entries()) batch[i]?.settle(outcome)
    } catch (error) {
      // Disk full, an I/O error, or a lock held too long: nothing of this batch has happened.
      if (database.inTransaction) rollback.run()
      noteWrite(false)
      for (const { settle } of batch ?? takePending()) settle({ ok: false, error })
    }
  }

  function noteWrite(hasSucceeded: boolean): void {
    lastWrite = { hasSucceeded, atMs: performance.now() }
  }

  /** Writes an existing value, in a commit shared with other pending writes. */
  function probe(): Promise<boolean> {
    return new Promise((resolve) =>
      add({
        run: () => {
          touch.run()
          hasTouched = true
        },
        settle: ({ ok }) => {
          if (!ok) noteWrite(false)
          resolve(ok)
        },
      }),
    )
  }

  function takePending(): Pending[] {
    const batch = pending
    pending = []
    return batch
  }

  /** Without savepoints, which copy every page that changes; `undefined` when a write failed after it had changed something. */
  function runTogether(batch: Pending[]): Outcome[] | undefined {
    const outcomes: Outcome[] = []
    for (const { run: change } of batch) {
      const changesBefore = changes()
      try {
        outcomes.push({ ok: true, value: change() })
      } catch (error) {
        // If SQLite ended the whole transaction itself, the batch has failed, not only this change.
        if (!database.inTransaction) throw error
        if (changes() > changesBefore) return undefined
        outcomes.push({ ok: false, error })
      }
    }
    return outcomes
  }

  function inSavepoint({ run: change }: Pending): Outcome {
    savepoint.run()
    try {
      const value = change()
      release.run()
      return { ok: true, value }
    } catch (error) {
      if (!database.inTransaction) throw error
      takeBack.run()
      release.run()
      return { ok: false, error }
    }
  }

  return {
    write: <T>(flow: () => Write<T>) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) throw new Error('the store is closed')
        add({
          run: () => drive(flow(), run),
          settle: (outcome) => (outcome.ok ? resolve(outcome.value as T) : reject(outcome.error)),
        })
      }),
    async canWrite() {
      if (isClosed) return false
      if (performance.now() - lastWrite.atMs < probeAfterMs) return lastWrite.hasSucceeded
      probing ??= probe().finally(() => {
        probing = undefined
      })
      return probing
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      await flushing
      database.close()
    },
  }
}

function drive<T>(flow: Write<T>, run: (query: CompiledQuery) => unknown[]): T {
  let step = flow.next([])
  while (!step.done) step = flow.next(run(step.value))
  return step.value
}
