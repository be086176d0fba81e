import type { Log } from '../log/log.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { isColumnDue } from '../time/due.ts'

/** How often each part's expired rows are deleted. */
const everyMs = 10 * 60_000
/** How often a process looks for a part whose turn it is, and takes one, so that the processes share them. */
const defaultLookEveryMs = 10_000

/** A part, and what deletes its expired rows. */
type Parts = Readonly<Record<string, { forget?: readonly ((db: Queries, nowMs: number) => Write<void>)[] }>>

/** Deletes expired rows, each part's in a transaction of its own and in one process. */
export async function startSweeps(
  tools: { store: Store; clock: () => number; log: Log; lookEveryMs?: number },
  parts: Parts,
): Promise<{ close(): Promise<void> }> {
  const { store, clock, log, lookEveryMs = defaultLookEveryMs } = tools
  const names = Object.keys(parts).filter((name) => parts[name]?.forget)
  // Where this fails, the first turn adds them.
  await store
    .write(() => addNew(store.db, names, clock()))
    .catch((error: unknown) => log.warn({ error }, 'noting the parts to sweep failed'))
  let sweeping: Promise<void> | undefined
  const timer = setInterval(() => {
    sweeping ??= store
      .write(() => sweepNext(store.db, parts, names, clock()))
      .catch((error: unknown) => log.error({ error }, 'deleting expired rows failed'))
      .finally(() => {
        sweeping = undefined
      })
  }, lookEveryMs)
  return {
    async close() {
      clearInterval(timer)
      await sweeping
    },
  }
}

/** A part that is new has its first turn later: it has nothing to delete yet. */
function* addNew(db: Queries, names: readonly string[], nowMs: number): Write<void> {
  const values = names.map((part) => ({ part, swept_at_ms: nowMs }))
  const added = db
    .insertInto('sweep')
    .values(values)
    .onConflict((known) => known.doNothing())
  yield* rows(added.compile())
}

/** The turn is taken in the transaction that deletes: a process that dies leaves it to the next. */
function* sweepNext(db: Queries, parts: Parts, names: readonly string[], nowMs: number): Write<void> {
  yield* addNew(db, names, nowMs)
  const next = db
    .selectFrom('sweep')
    .select('part')
    .where('part', 'in', names)
    .where(isColumnDue('swept_at_ms', nowMs - everyMs, everyMs))
    .orderBy('swept_at_ms')
    .limit(1)
    .forUpdate()
    .skipLocked()
  const taken = yield* rows(
    db.updateTable('sweep').set({ swept_at_ms: nowMs }).where('part', 'in', next).returning('part').compile(),
  )
  for (const { part } of taken) for (const each of parts[part]?.forget ?? []) yield* each(db, nowMs)
}
