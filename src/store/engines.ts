import { join } from 'node:path'
import { openSqlite } from './sqlite/sqlite.ts'
import type { Store } from './store.ts'

type StoreConfig = {
  /** Identifies the database, and so its engine. SQLite: the path of its file, or `:memory:`. PostgreSQL: its URL. */
  database: string
  /** Whether to open a database that a newer version has added to. */
  allowsNewer?: boolean
}

type Engine = {
  /** Whether a text names a database of this engine. */
  isNamedBy(database: string): boolean
  /** As `openStore`. */
  open(config: StoreConfig): Promise<Store>
  /** Whether another process uses a database, which may be missing. */
  isInUse(database: string): Promise<boolean>
}

/**
 * The store's engines, by the names that operators use. Each keeps the promises of `store.ts` and passes `store.contract.ts`. Only
 * this file imports an engine.
 */
const engines = {
  SQLite: {
    isNamedBy: (database) => !/^[a-z]+:\/\//i.test(database),
    open: ({ database, allowsNewer }) => openSqlite(database, { allowsNewer }),
    isInUse: async (database) => (await fileCopies()).isInUse(database),
  },
  PostgreSQL: {
    isNamedBy: (database) => /^postgres(ql)?:\/\//i.test(database),
    // Loaded where it is used.
    open: async ({ database, allowsNewer }) =>
      (await import('./postgres/postgres.ts')).openPostgres(database, { allowsNewer }),
    isInUse: async (database) => (await import('./postgres/in-use.ts')).isInUse(database),
  },
} as const satisfies Record<string, Engine>

/**
 * Opens a database, creates it if it is missing, and migrates it.
 *
 * @throws {NewerDatabase}
 * @throws {ForeignDatabase}
 */
export async function openStore(config: StoreConfig): Promise<Store> {
  return engineOf(config.database).open(config)
}

/** Whether another process uses a database. */
export async function isInUse(database: string): Promise<boolean> {
  return engineOf(database).isInUse(database)
}

function engineOf(database: string): Engine {
  const engine = Object.values<Engine>(engines).find(({ isNamedBy }) => isNamedBy(database))
  // The text may contain a password, so the message leaves it out.
  if (!engine) throw new Error(`no engine opens such a database; there is ${Object.keys(engines).join(', ')}`)
  return engine
}

/** Whether a database is a file of its own. */
export function isFile(database: string): boolean {
  return engines.SQLite.isNamedBy(database)
}

/** Copies of databases that are files. Loaded where they are used. */
export function fileCopies() {
  return import('./sqlite/copies.ts')
}

/** The database of a data folder. */
export function databaseIn(dataFolder: string): string {
  return join(dataFolder, 'porchlight.db')
}
