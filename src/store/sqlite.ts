import Database from 'better-sqlite3'
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  Migrator,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { migrations } from './migrations.ts'
import type { Schema } from './schema.ts'
import type { Store, Write } from './store.ts'

/**
 * How long a batch waits for another process's commit before its writers are told. It waits without holding up the event
 * loop, which SQLite's own `busy_timeout` would.
 */
const lockWaitMs = 10_000
const lockRetryMs = 2

/** Statements kept prepared. Texts with lists of varying length are endless, so the oldest make room. */
const keptStatements = 300

type Pending = { run: () => unknown; settle: (outcome: Outcome) => void }
type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown }

/**
 * Opens (and creates) a SQLite file: WAL, `synchronous=FULL`, migrated.
 *
 * All writes that arrive in one turn of the event loop share one commit, each in its own savepoint; no promise settles
 * before that commit is on the disk. See docs/decisions/0002-group-commit.md.
 *
 * @param file a path, or `:memory:`
 */
export async function openSqlite(file: string): Promise<Store> {
  const database = new Database(file, { timeout: 0 })
  await whenFree(() => database.pragma('journal_mode = WAL'))
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  await migrate(database)

  const run = keepStatements(database)
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  const rollback = database.prepare('rollback')
  const savepoint = database.prepare('savepoint one')
  const release = database.prepare('release one')
  const takeBack = database.prepare('rollback to one')

  let pending: Pending[] = []
  let isClosed = false
  let flushing: Promise<void> | undefined

  /** Commits what is pending, and what comes while it waits for the lock. */
  async function flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (pending.length > 0) {
      try {
        await whenFree(() => begin.run())
      } catch (error) {
        settleAll(takePending(), { ok: false, error })
        break
      }
      commitBatch(takePending())
    }
    flushing = undefined
  }

  function takePending(): Pending[] {
    const batch = pending
    pending = []
    return batch
  }

  function commitBatch(batch: Pending[]): void {
    const outcomes: Outcome[] = []
    try {
      for (const { run: change } of batch) outcomes.push(inSavepoint(change))
      commit.run()
    } catch (error) {
      // Disk full or an I/O error: nothing of this batch has happened.
      if (database.inTransaction) rollback.run()
      settleAll(batch, { ok: false, error })
      return
    }
    batch.forEach(({ settle }, i) => {
      settle(outcomes[i] ?? { ok: false, error: new Error('write without an outcome') })
    })
  }

  function inSavepoint(change: () => unknown): Outcome {
    savepoint.run()
    try {
      const value = change()
      release.run()
      return { ok: true, value }
    } catch (error) {
      // Where SQLite ended the whole transaction by itself, the batch has failed, not only this change.
      if (!database.inTransaction) throw error
      takeBack.run()
      release.run()
      return { ok: false, error }
    }
  }

  return {
    db: compileOnly(),
    read: async (query) => run(query),
    write: <T>(flow: () => Write<T>) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) throw new Error('the store is closed')
        flushing ??= flush()
        pending.push({
          run: () => drive(flow(), run),
          settle: (outcome) => (outcome.ok ? resolve(outcome.value as T) : reject(outcome.error)),
        })
      }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await flushing
      database.close()
    },
  }
}

function settleAll(batch: readonly Pending[], outcome: Outcome): void {
  for (const { settle } of batch) settle(outcome)
}

/** Does what needs SQLite's lock as soon as no other process holds it. */
async function whenFree(act: () => unknown): Promise<void> {
  const giveUpAtMs = performance.now() + lockWaitMs
  for (;;) {
    try {
      act()
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAtMs) throw error
      await new Promise((resolve) => setTimeout(resolve, lockRetryMs))
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}

function drive<T>(flow: Write<T>, run: (query: CompiledQuery) => unknown[]): T {
  let step = flow.next([])
  while (!step.done) step = flow.next(run(step.value))
  return step.value
}

function keepStatements(database: Database.Database) {
  const kept = new Map<string, Database.Statement>()
  return <Row>(query: CompiledQuery<Row>): Row[] => {
    let statement = kept.get(query.sql)
    if (!statement) {
      statement = database.prepare(query.sql)
      kept.set(query.sql, statement)
      if (kept.size > keptStatements) kept.delete(kept.keys().next().value ?? '')
    }
    if (statement.reader) return statement.all(query.parameters) as Row[]
    statement.run(query.parameters)
    return []
  }
}

function compileOnly(): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

async function migrate(database: Database.Database): Promise<void> {
  // The dialect closes what it is given when destroyed; this one is ours to close.
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  // Kysely's own lock does nothing on SQLite, and of two processes that open a new file only one may make its tables.
  await whenFree(() => database.exec('begin immediate'))
  try {
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    database.exec('commit')
  } catch (error) {
    if (database.inTransaction) database.exec('rollback')
    throw error
  }
}
