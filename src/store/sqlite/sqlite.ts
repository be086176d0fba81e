import Database from 'better-sqlite3'
import type { Store } from '../store.ts'
import { compileOnly } from './compile-only.ts'
import { openGroupCommit } from './group-commit.ts'
import { whenFree } from './lock.ts'
import { openMemory } from './memory.ts'
import { migrate, refuseForeign } from './migrate.ts'
import { openStatements } from './statements.ts'

/**
 * Opens (and creates) a SQLite file: WAL, `synchronous=FULL`, migrated. See docs/decisions/0002-group-commit.md.
 *
 * @param file a path, or `:memory:`
 * @param options.allowsNewer whether a file that a newer version has added to is opened all the same
 * @throws {NewerDatabase}
 * @throws {ForeignDatabase}
 */
export async function openSqlite(
  file: string,
  { allowsNewer = false }: { allowsNewer?: boolean | undefined } = {},
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
  // By exec, because `pragma` prepares a statement and drops it.
  await whenFree(() => database.exec('pragma journal_mode = WAL'))
  database.exec('pragma synchronous = FULL')
  database.exec('pragma foreign_keys = ON')
  // KiB, negative by SQLite's convention; the system also caches the file's pages, once for all processes.
  database.exec('pragma cache_size = -4000')
  // Pages of 4 KiB. SQLite copies during a commit only if there was no other opportunity: see `log-copy.ts`.
  database.exec('pragma wal_autocheckpoint = 4000')
  await migrate(database, allowsNewer)
}

function storeOn(database: Database.Database): Store {
  const statements = openStatements(database)
  const memory = openMemory(database)
  const { write, canWrite, close } = openGroupCommit(database, statements, memory.forget)
  return {
    db: compileOnly(),
    read: async (query) => statements.run(query),
    write,
    canWrite,
    recall: memory.recall,
    close,
  }
}
