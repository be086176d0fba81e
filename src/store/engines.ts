import { join } from 'node:path'
import { openSqlite } from './sqlite/sqlite.ts'
import type { Store } from './store.ts'

export type StoreConfig = {
  /** What names the database, and so its engine. SQLite: the path of its file, or `:memory:`. */
  database: string
  /** Whether to open a database that a newer version has added to. */
  allowsNewer?: boolean
}

type Engine = {
  /** Whether this is how one of its databases is named. */
  isNamedBy(database: string): boolean
  /** As `openStore`. */
  open(config: StoreConfig): Promise<Store>
}

/**
 * The engines a store can stand on, by the names an operator knows them by. Each keeps what `store.ts` promises and passes
 * `store.contract.ts`. An engine is imported here and nowhere else.
 */
export const engines = {
  SQLite: {
    isNamedBy: (database) => !/^[a-z]+:\/\//i.test(database),
    open: ({ database, allowsNewer }) => openSqlite(database, { allowsNewer }),
  },
} as const satisfies Record<string, Engine>

/**
 * Opens a database, makes it where it is missing, and migrates it.
 *
 * @throws {NewerDatabase}
 * @throws {ForeignDatabase}
 */
export async function openStore(config: StoreConfig): Promise<Store> {
  const engine = Object.values<Engine>(engines).find(({ isNamedBy }) => isNamedBy(config.database))
  // What names it may hold a password, and is not told.
  if (!engine) throw new Error(`no engine opens such a database; there is ${Object.keys(engines).join(', ')}`)
  return engine.open(config)
}

/** The database of a data folder. */
export function databaseIn(dataFolder: string): string {
  return join(dataFolder, 'porchlight.db')
}
