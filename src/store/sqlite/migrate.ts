import type Database from 'better-sqlite3'
import { Kysely, Migrator, SqliteDialect } from 'kysely'
import { migrations } from '../migrations.ts'
import { ForeignDatabase, NewerDatabase } from '../store.ts'
import { whenFree } from './lock.ts'
import { prepareForGood } from './statements.ts'

/** "Porc": written into the header of our files, to distinguish them from other programs' databases. */
export const applicationId = 0x506f7263

/** @throws {ForeignDatabase} before it changes anything in another program's file */
export function refuseForeign(database: Database.Database): void {
  const [id] = prepareForGood(database, 'pragma application_id').pluck().all()
  const tables = prepareForGood(database, "select 1 from sqlite_master where type = 'table' limit 1").all()
  const isOurs = id === applicationId || (id === 0 && (tables.length === 0 || appliedMigrations(database)))
  if (!isOurs) throw new ForeignDatabase('another program’s database')
}

/** @throws {NewerDatabase} unless `allowsNewer` */
export async function migrate(database: Database.Database, allowsNewer: boolean): Promise<void> {
  // The dialect must close neither its statements nor the database.
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({
      database: { prepare: (text) => prepareForGood(database, text), close: () => {} },
    }),
  })
  // Kysely's own lock does nothing on SQLite, and of two processes that open a new file only one may create its tables.
  await whenFree(() => database.exec('begin immediate'))
  try {
    const unknown = unknownMigrations(database)
    if (unknown.length > 0 && !allowsNewer) throw new NewerDatabase(unknown)
    // Migrations only add, so a newer version's need no work here, and their order does not matter.
    const later = Object.fromEntries(unknown.map((name) => [name, { async up() {} }]))
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => ({ ...later, ...migrations }) },
      allowUnorderedMigrations: true,
    })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    // Written at every start, even without need: a file or disk that cannot be written then fails before the first request.
    database.exec(`pragma application_id = ${applicationId}`)
    database.exec('commit')
  } catch (error) {
    if (database.inTransaction) database.exec('rollback')
    throw error
  }
}

/** Names of the migrations that only a newer version knows. */
export function unknownMigrations(database: Database.Database): string[] {
  return (appliedMigrations(database) ?? []).filter((name) => !Object.hasOwn(migrations, name))
}

/** Names of the migrations applied so far; `undefined` when there is no table of them. */
function appliedMigrations(database: Database.Database): string[] | undefined {
  const table = prepareForGood(database, "select 1 from sqlite_master where name = 'kysely_migration'").all()
  if (table.length === 0) return undefined
  return prepareForGood(database, 'select name from kysely_migration').pluck().all() as string[]
}
