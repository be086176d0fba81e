import Database from 'better-sqlite3'
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  type LimitNode,
  Migrator,
  type OffsetNode,
  type OperationNode,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
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

/**
 * Turns of the event loop that a commit waits for more, as long as each brings some: a flush costs as much for one write as for
 * fifty. A lone write waits for one.
 */
const maxTurns = 8

/**
 * SQLite copies its log into the file in the commit that fills it, and whoever waits for that commit waits ten times as long.
 * So it is copied between commits, a little at a time: once this many rows have changed, and for at most a twentieth of the
 * time. Each time costs two flushes more, so not after every write.
 */
const minRowsCopied = 200
const copyShare = 1 / 20

/** Where nothing was written for so long, a question whether anything can be is worth a write. */
const probeAfterMs = 5_000

/** Answers recalled at most; then all are let go. */
const maxRecalled = 10_000

/** "Porc": written into the header of our files, so that they tell themselves apart from other programs' databases. */
const applicationId = 0x506f7263

/**
 * Every statement ever prepared, held for good: on Node 24 better-sqlite3 12 aborts the process when one is collected
 * (`RemoveEnvironmentCleanupHook` finds no environment in the collector). There are no more of them than query texts.
 */
const statementsForGood: unknown[] = []

type Pending = { run: () => unknown; settle: (outcome: Outcome) => void }
type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown }

/** A newer version has changed this file in ways this one does not know. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase'
  readonly unknownMigrations: readonly string[]

  constructor(unknownMigrations: readonly string[]) {
    super(`unknown migrations: ${unknownMigrations.join(', ')}`)
    this.unknownMigrations = unknownMigrations
  }
}

/** The file holds another program's tables. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase'
}

/**
 * Opens (and creates) a SQLite file: WAL, `synchronous=FULL`, migrated.
 *
 * All writes that arrive in one turn of the event loop, or in turns that follow closely, share one commit; no promise settles
 * before that commit is on the disk. Where one of them fails after it has changed something, all are taken back and run once
 * more, each in its own savepoint. See docs/decisions/0002-group-commit.md.
 *
 * @param file a path, or `:memory:`
 * @param options.allowsNewer whether a file that a newer version has added to is opened all the same
 * @throws {NewerDatabase}
 * @throws {ForeignDatabase}
 */
export async function openSqlite(
  file: string,
  { allowsNewer = false }: { allowsNewer?: boolean } = {},
): Promise<Store> {
  const database = new Database(file, { timeout: 0 })
  try {
    await prepareDatabase(database, allowsNewer)
  } catch (error) {
    database.close()
    throw error
  }
  return storeOn(database)
}

async function prepareDatabase(database: Database.Database, allowsNewer: boolean): Promise<void> {
  await whenFree(() => refuseForeign(database))
  // By exec, since `pragma` prepares a statement and lets it go.
  await whenFree(() => database.exec('pragma journal_mode = WAL'))
  database.exec('pragma synchronous = FULL')
  database.exec('pragma foreign_keys = ON')
  // KiB, negative by SQLite's convention; the system keeps the file's pages, too, and for every process together.
  database.exec('pragma cache_size = -4000')
  // Pages of 4 KiB. In a commit only where there was no other moment: see `copyLog`.
  database.exec('pragma wal_autocheckpoint = 4000')
  await migrate(database, allowsNewer)
}

function storeOn(database: Database.Database): Store {
  const { run, changes } = keepStatements(database)
  const begin = prepareForGood(database, 'begin immediate')
  const commit = prepareForGood(database, 'commit')
  const rollback = prepareForGood(database, 'rollback')
  const savepoint = prepareForGood(database, 'savepoint one')
  const release = prepareForGood(database, 'release one')
  const copy = prepareForGood(database, 'pragma wal_checkpoint(passive)')
  const takeBack = prepareForGood(database, 'rollback to one')

  const touch = prepareForGood(database, `pragma application_id = ${applicationId}`)

  const recall = openMemory(database)

  let pending: Pending[] = []
  let isClosed = false
  let flushing: Promise<void> | undefined
  let changesCopied = 0
  let isCopyDue = false
  let nextCopyAtMs = 0
  /** Of the last commit that had something to write, or could not be made. */
  let lastWrite = { hasSucceeded: true, atMs: performance.now() }
  let hasTouched = false
  let probing: Promise<boolean> | undefined

  /** Commits what is pending once a turn brought nothing more, and what comes while it waits for the lock. */
  async function flush(): Promise<void> {
    for (let turn = 0, known = 0; turn < maxTurns && pending.length > known; turn += 1) {
      known = pending.length
      await new Promise((resolve) => setImmediate(resolve))
    }
    while (pending.length > 0) await commitPending()
    flushing = undefined
    copySoon()
  }

  /** At once, or when its share of the time allows it. */
  function copySoon(): void {
    if (isCopyDue || changes() - changesCopied < minRowsCopied) return
    isCopyDue = true
    const waitMs = nextCopyAtMs - performance.now()
    // A timer fires before the loop looks at its sockets, and what has come meanwhile goes first.
    const copyNext = () => setImmediate(copyLog)
    if (waitMs > 0) setTimeout(copyNext, waitMs).unref()
    else copyNext()
  }

  function copyLog(): void {
    isCopyDue = false
    // Whoever waits for a commit goes first; after it there is another try.
    if (isClosed || pending.length > 0) return
    const startedAtMs = performance.now()
    changesCopied = changes()
    try {
      // Passive: it waits for nobody, and copies what it may.
      copy.all()
    } catch {
      // The disk is full or fails; the commits that meet that say so to whoever waits for them.
    }
    const endedAtMs = performance.now()
    nextCopyAtMs = endedAtMs + (endedAtMs - startedAtMs) / copyShare
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
      recall.forget()
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

  /** Writes what is there already, in a commit that it shares with whatever else comes. */
  function probe(): Promise<boolean> {
    return new Promise((resolve) => {
      pending.push({
        run: () => {
          touch.run()
          hasTouched = true
        },
        settle: ({ ok }) => {
          if (!ok) noteWrite(false)
          resolve(ok)
        },
      })
      flushing ??= flush()
    })
  }

  function takePending(): Pending[] {
    const batch = pending
    pending = []
    return batch
  }

  /** Without savepoints, which copy every page that changes; `undefined` where one failed after it had changed something. */
  function runTogether(batch: Pending[]): Outcome[] | undefined {
    const outcomes: Outcome[] = []
    for (const { run: change } of batch) {
      const changesBefore = changes()
      try {
        outcomes.push({ ok: true, value: change() })
      } catch (error) {
        // Where SQLite ended the whole transaction by itself, the batch has failed, not only this change.
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
    db: compileOnly(),
    read: async (query) => run(query),
    write: <T>(flow: () => Write<T>) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) throw new Error('the store is closed')
        pending.push({
          run: () => drive(flow(), run),
          settle: (outcome) => (outcome.ok ? resolve(outcome.value as T) : reject(outcome.error)),
        })
        flushing ??= flush()
      }),
    async canWrite() {
      if (isClosed) return false
      if (performance.now() - lastWrite.atMs < probeAfterMs) return lastWrite.hasSucceeded
      probing ??= probe().finally(() => {
        probing = undefined
      })
      return probing
    },
    recall: recall.answer,
    recalled: recall.known,
    close: async () => {
      if (isClosed) return
      isClosed = true
      await flushing
      database.close()
    },
  }
}

/**
 * Answers that hold until the database changes. SQLite counts what other connections commit (`data_version`) and is asked once
 * for all of one turn of the event loop; what this connection commits it is told.
 */
function openMemory(database: Database.Database) {
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
      // What was read before a change belongs into the memory of before it.
      const then = known
      const found = await look()
      if (then.size >= maxRecalled) then.clear()
      then.set(key, found)
      return found
    },
  }
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

function prepareForGood(database: Database.Database, text: string): Database.Statement {
  const statement = database.prepare(text)
  statementsForGood.push(statement)
  return statement
}

/**
 * Runs queries, each by a statement prepared once. Rows come as bare values and get their names here: the driver would look
 * every name up again for every row, which costs more than the row.
 */
function keepStatements(database: Database.Database) {
  type Kept = { statement: Database.Statement; names: string[] }
  const kept = new Map<string, Kept>()
  let changed = 0

  function prepare(text: string): Kept {
    const statement = prepareForGood(database, text)
    return { statement, names: statement.reader ? namesOf(statement.raw(true)) : [] }
  }

  return {
    /** Rows changed so far. */
    changes: () => changed,
    run<Row>(query: CompiledQuery<Row>): Row[] {
      let known = kept.get(query.sql)
      if (!known) {
        known = prepare(query.sql)
        kept.set(query.sql, known)
      }
      const { statement } = known
      if (!statement.reader) {
        changed += statement.run(query.parameters).changes
        return []
      }
      const found = statement.all(query.parameters) as unknown[][]
      if (!statement.readonly) changed += found.length
      // A newer version beside this one may have added a column.
      if (found[0] && found[0].length !== known.names.length) known.names = namesOf(statement)
      const { names } = known
      return found.map((values) => named(names, values) as Row)
    },
  }
}

function namesOf(statement: Database.Statement): string[] {
  return statement.columns().map(({ name }) => name)
}

function named(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i += 1) row[names[i] as string] = values[i]
  return row
}

function compileOnly(): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new Compiler(),
    },
  })
}

/** SQLite plans a statement anew each time a number is bound after `limit` or `offset`, so ours stand in its text. */
class Compiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    super.visitLimit({ ...node, limit: inText(node.limit) })
  }

  protected override visitOffset(node: OffsetNode): void {
    super.visitOffset({ ...node, offset: inText(node.offset) })
  }
}

function inText(node: OperationNode): OperationNode {
  return ValueNode.is(node) ? ValueNode.createImmediate(node.value) : node
}

/** Names of the migrations applied so far; `undefined` where none ever was. */
function appliedMigrations(database: Database.Database): string[] | undefined {
  const table = prepareForGood(database, "select 1 from sqlite_master where name = 'kysely_migration'").all()
  if (table.length === 0) return undefined
  return prepareForGood(database, 'select name from kysely_migration').pluck().all() as string[]
}

/** @throws {ForeignDatabase} before anything of another program's file is changed */
function refuseForeign(database: Database.Database): void {
  const [id] = prepareForGood(database, 'pragma application_id').pluck().all()
  const tables = prepareForGood(database, "select 1 from sqlite_master where type = 'table' limit 1").all()
  const isOurs = id === applicationId || (id === 0 && (tables.length === 0 || appliedMigrations(database)))
  if (!isOurs) throw new ForeignDatabase('another program’s database')
}

/** @throws {NewerDatabase} unless `allowsNewer` */
async function migrate(database: Database.Database, allowsNewer: boolean): Promise<void> {
  // Neither its statements nor the database are the dialect's to let go.
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({
      database: { prepare: (text) => prepareForGood(database, text), close: () => {} },
    }),
  })
  // Kysely's own lock does nothing on SQLite, and of two processes that open a new file only one may make its tables.
  await whenFree(() => database.exec('begin immediate'))
  try {
    const unknown = (appliedMigrations(database) ?? []).filter((name) => !Object.hasOwn(migrations, name))
    if (unknown.length > 0 && !allowsNewer) throw new NewerDatabase(unknown)
    // Migrations only add, so those of a newer version have nothing left to do here, and their order is of no account.
    const later = Object.fromEntries(unknown.map((name) => [name, { async up() {} }]))
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => ({ ...later, ...migrations }) },
      allowUnorderedMigrations: true,
    })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    // Written at every start, needed or not: a file or disk that cannot be written is then found out before anybody is served.
    database.exec(`pragma application_id = ${applicationId}`)
    database.exec('commit')
  } catch (error) {
    if (database.inTransaction) database.exec('rollback')
    throw error
  }
}
