import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import { openStore } from '../src/store/engines.ts'
import { dropDatabase, newDatabase } from '../src/store/postgres-server.fixture.ts'
import { maxRecallLagMs } from '../src/store/store.ts'

export const isOnPostgres = Boolean(process.env['TEST_DATABASE_URL'])

/** Sorts rows that were only added, in the order in which they were. */
export const insertionOrder = isOnPostgres ? 'ctid' : 'rowid'

export type TestDatabase = {
  /** For `openStore`. */
  database: string
  /** Set where it is not in the data folder. */
  databaseUrl?: string
  drop(): Promise<void>
}

/**
 * The database of a data folder, or a new one on the server that `TEST_DATABASE_URL` names.
 *
 * @param isEmpty whether it has no tables yet; a new one has them all, to save time
 */
export async function testDatabase(dataFolder: string, { isEmpty = false } = {}): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL']
  if (!server) return { database: join(dataFolder, 'porchlight.db'), drop: async () => {} }
  const databaseUrl = await newDatabase(server, isEmpty ? undefined : process.env['TEST_DATABASE_TEMPLATE'])
  return { database: databaseUrl, databaseUrl, drop: () => dropDatabase(databaseUrl) }
}

export type Rows = Awaited<ReturnType<typeof openRows>>

/** Rows of a test's database, by statements with `?` for each value. */
export async function openRows(database: string) {
  const store = await openStore({ database, allowsNewer: true })

  function query<Row>(text: string, values: readonly unknown[]): CompiledQuery<Row> {
    let place = 0
    const numbered = isOnPostgres ? text.replace(/\?/g, () => `$${(place += 1)}`) : text
    return CompiledQuery.raw(numbered, [...values])
  }

  function all<Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> {
    return store.read(query<Row>(text, values))
  }

  /** The first of them. */
  async function one<Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row> {
    const [row] = await all<Row>(text, ...values)
    if (row === undefined) throw new Error(`no such row: ${text}`)
    return row
  }

  async function tables(): Promise<string[]> {
    const found = await all<{ name: string }>(
      isOnPostgres
        ? 'select table_name as name from information_schema.tables where table_schema = current_schema()'
        : `select name from sqlite_master where type = 'table' and name not like 'sqlite%'`,
    )
    return found.map(({ name }) => name)
  }

  return {
    all,
    one,
    tables,
    /** @param from a table, with its condition if there is one */
    count: async (from: string, ...values: unknown[]): Promise<number> =>
      (await one<{ n: number }>(`select count(*) as n from ${from}`, ...values)).n,
    async columnsOf(table: string): Promise<string[]> {
      const found = await all<{ name: string }>(
        isOnPostgres
          ? 'select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = ?'
          : 'select name from pragma_table_info(?)',
        table,
      )
      return found.map(({ name }) => name)
    },
    /** Every value of every row, with its place. */
    async dump(): Promise<{ where: string; value: unknown }[]> {
      const values: { where: string; value: unknown }[] = []
      for (const table of await tables())
        for (const row of await all(`select * from "${table}"`))
          for (const [column, value] of Object.entries(row))
            values.push({ where: `${table}.${column}`, value })
      return values
    },
    async run(text: string, ...values: unknown[]): Promise<void> {
      await store.write(function* () {
        yield query(text, values)
      })
      // Another process may recall a customer for as long; on SQLite it notices at once.
      if (isOnPostgres && /^(insert into|update|delete from) customer\b/.test(text))
        await pause(maxRecallLagMs)
    },
    /** Whether SQLite finds no damage in its file. A file of PostgreSQL’s is its own to check. */
    isIntact: async (): Promise<boolean> =>
      isOnPostgres ||
      (await one<{ integrity_check: string }>('pragma integrity_check')).integrity_check === 'ok',
    /** In bytes, what is free for reuse included. */
    async size(): Promise<number> {
      if (isOnPostgres) await all('vacuum')
      const text = isOnPostgres
        ? 'select pg_database_size(current_database()) as size'
        : 'select page_count * page_size as size from pragma_page_count, pragma_page_size'
      return (await one<{ size: number }>(text)).size
    },
    close: () => store.close(),
  }
}

/** Bytes as Latin-1, so that a text in them is found. */
export function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
}
