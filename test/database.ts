import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { openStore } from '../src/store/engines.ts'
import { dropDatabase, newDatabase } from '../src/store/postgres-server.fixture.ts'

export const isOnPostgres = Boolean(process.env['TEST_DATABASE_URL'])

export type TestDatabase = {
  /** For `openStore`. */
  database: string
  /** Set where it is not in the data folder. */
  databaseUrl?: string
  drop(): Promise<void>
}

/** The database of a data folder, or a new one on the server that `TEST_DATABASE_URL` names. */
export async function testDatabase(dataFolder: string): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL']
  if (!server) return { database: join(dataFolder, 'porchlight.db'), drop: async () => {} }
  const databaseUrl = await newDatabase(server, process.env['TEST_DATABASE_TEMPLATE'])
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

  return {
    all: <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
      store.read(query<Row>(text, values)),
    async one<Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row | undefined> {
      return (await store.read(query<Row>(text, values)))[0]
    },
    run: (text: string, ...values: unknown[]): Promise<void> =>
      store.write(function* () {
        yield query(text, values)
      }),
    close: () => store.close(),
  }
}
