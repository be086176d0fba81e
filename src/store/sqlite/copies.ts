import { closeSync, existsSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Store } from '../store.ts'
import { compileOnly } from './compile-only.ts'
import { isBusy, whenFree } from './lock.ts'
import { refuseForeign, unknownMigrations } from './migrate.ts'
import { openStatements, prepareForGood } from './statements.ts'

/** Rows by table. */
type RowCounts = Readonly<Record<string, number>>

/** A database in a file of its own, open to be judged. */
export type Copy = Pick<Store, 'db' | 'read'> & {
  /** What SQLite finds wrong in it; empty where it is whole. */
  faults: readonly string[]
  /** Migrations of a newer version. */
  unknownMigrations: readonly string[]
  counts: RowCounts
}

/**
 * Copies a database, which others may use meanwhile, as it is at one moment.
 *
 * @param to an empty file, or none
 * @returns the rows it has at that moment
 */
export async function copyDatabase(from: string, to: string): Promise<RowCounts> {
  const database = new Database(from, { fileMustExist: true })
  try {
    await whenFree(() => refuseForeign(database))
    // Holds the moment: what others commit from here on is neither counted nor copied.
    database.exec('begin')
    const counts = rowCounts(database)
    await database.backup(to, { progress: () => pagesAtOnce })
    return counts
  } finally {
    database.close()
  }
}

const pagesAtOnce = 10_000

/** Opens a copy, has `judge` look at it, and closes it as one file, without a log beside it. Nothing is migrated. */
export async function judgeCopy<T>(file: string, judge: (copy: Copy) => Promise<T>): Promise<T> {
  const database = new Database(file, { fileMustExist: true })
  try {
    refuseForeign(database)
    database.exec('pragma journal_mode = delete')
    const statements = openStatements(database)
    return await judge({
      db: compileOnly(),
      read: async (query) => statements.run(query),
      faults: faultsIn(database),
      unknownMigrations: unknownMigrations(database),
      counts: rowCounts(database),
    })
  } finally {
    database.close()
  }
}

/**
 * Takes a database for this process alone, so that no other begins to use it. Its log ends up in its file, unless it is damaged.
 *
 * @returns `undefined` while another process uses it; otherwise what gives it back
 */
export function holdAlone(file: string): (() => void) | undefined {
  const database = new Database(file, { timeout: 0, fileMustExist: true })
  try {
    database.exec('pragma journal_mode = delete')
    database.exec('pragma locking_mode = exclusive')
    database.exec('begin exclusive')
  } catch (error) {
    if (isBusy(error)) {
      database.close()
      return undefined
    }
    // A damaged file is what a restore replaces.
  }
  return () => void database.close()
}

/** Whether another process uses a database. */
export function isInUse(file: string): boolean {
  if (!existsSync(file)) return false
  const giveBack = holdAlone(file)
  giveBack?.()
  return giveBack === undefined
}

/** The files of a database: itself, and what lies beside it while it is used. */
export function filesOf(file: string): string[] {
  return [file, `${file}-wal`, `${file}-shm`, `${file}-journal`].filter((each) => existsSync(each))
}

/** Renames a file, and has the disk hold the new name before it returns. */
export function nameForGood(from: string, to: string): void {
  renameSync(from, to)
  const folder = openSync(dirname(to), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function rowCounts(database: Database.Database): RowCounts {
  const tables = prepareForGood(
    database,
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
  ).pluck()
  const names = tables.all() as string[]
  return Object.fromEntries(
    names.map((name) => [
      name,
      prepareForGood(database, `select count(*) from "${name}"`).pluck().get() as number,
    ]),
  )
}

function faultsIn(database: Database.Database): string[] {
  const pages = prepareForGood(database, 'pragma integrity_check').pluck().all() as string[]
  const orphans = prepareForGood(database, 'pragma foreign_key_check').all() as { table: string }[]
  return [
    ...pages.filter((line) => line !== 'ok'),
    ...orphans.map(({ table }) => `a row of ${table} refers to one that is missing`),
  ]
}
