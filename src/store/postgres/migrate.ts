import {
  type CompiledQuery,
  Kysely,
  Migrator,
  PostgresDialect,
  PostgresQueryCompiler,
  type RootOperationNode,
} from 'kysely'
import { Client } from 'pg'
import { migrations } from '../migrations.ts'
import { ForeignDatabase, NewerDatabase, UnsuitableDatabase } from '../store.ts'
import { connectionTo } from './connection.ts'
import { addTriggers } from './triggers.ts'

/** Held by the one process that migrates. */
const migrationLock = 0x506f7263
/** How long another process may take for its migrations. */
const maxLockWaitMs = 120_000
const minVersion = 15

/**
 * @throws {UnsuitableDatabase}
 * @throws {ForeignDatabase} before it changes anything in another program's schema
 * @throws {NewerDatabase} unless `allowsNewer`
 */
export async function migrate(url: string, allowsNewer: boolean): Promise<void> {
  const client = new Client({
    ...connectionTo(url),
    // A migration takes as long as it takes.
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    lock_timeout: maxLockWaitMs,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await refuseUnsuitable(client)
    // Ends with the connection.
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await addTables(client, await appliedMigrations(client), allowsNewer)
    await addTriggers(client)
  } finally {
    await client.end().catch(() => {})
  }
}

async function refuseUnsuitable(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: number; encoding: string }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
       current_setting('server_encoding') as encoding`,
  )
  const { version = '', number = 0, encoding = '' } = rows[0] ?? {}
  if (number < minVersion * 10_000)
    throw new UnsuitableDatabase(`PostgreSQL ${version} serves it, and ${minVersion} is the oldest that may`)
  if (encoding !== 'UTF8') throw new UnsuitableDatabase(`its encoding is ${encoding}, not UTF8`)
}

/** @throws {ForeignDatabase} */
async function appliedMigrations(client: Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = current_schema()',
  )
  if (tables.length === 0) return []
  const isOfMigrations = ({ name }: { name: string }) => name.startsWith('kysely_migration')
  if (!tables.some(isOfMigrations)) throw new ForeignDatabase('another program’s database')
  const { rows } = await client.query<{ name: string }>('select name from kysely_migration')
  const applied = rows.map(({ name }) => name)
  const [first = ''] = Object.keys(migrations)
  if (!tables.every(isOfMigrations) && !applied.includes(first))
    throw new ForeignDatabase('another program’s database')
  return applied
}

async function addTables(client: Client, applied: readonly string[], allowsNewer: boolean): Promise<void> {
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length > 0 && !allowsNewer) throw new NewerDatabase(unknown)
  // Migrations only add, so a newer version's need no work here, and their order does not matter.
  const later = Object.fromEntries(unknown.map((name) => [name, { async up() {} }]))
  const migrator = new Migrator({
    db: new Kysely<unknown>({ dialect: new OneConnection(client) }),
    provider: { getMigrations: async () => ({ ...later, ...migrations }) },
    allowUnorderedMigrations: true,
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Kysely on a connection that is ours to close. */
class OneConnection extends PostgresDialect {
  constructor(client: Client) {
    const query = client.query.bind(client) as never
    super({ pool: { connect: async () => ({ query, release: () => {} }), end: async () => {} } })
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return new MigrationCompiler()
  }
}

/** Migrations are written for SQLite. Its texts are sorted and compared by their bytes, in databases of any language. */
class MigrationCompiler extends PostgresQueryCompiler {
  override compileQuery(node: RootOperationNode, queryId: CompiledQuery['queryId']): CompiledQuery {
    const query = super.compileQuery(node, queryId)
    return { ...query, sql: inPostgres(query.sql) }
  }
}

function inPostgres(text: string): string {
  if (!/^\s*(create|alter) table /i.test(text)) return text
  return text.replace(/ blob\b/g, ' bytea').replace(/ text\b/g, ' text collate "C"')
}
