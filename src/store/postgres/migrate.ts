import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  Migrator,
  PostgresDialect,
  PostgresDriver,
  PostgresQueryCompiler,
  type RootOperationNode,
  type TransactionSettings,
} from 'kysely'
import { Client } from 'pg'
import { migrations } from '../migrations.ts'
import { ForeignDatabase, NewerDatabase, UnsuitableDatabase } from '../store.ts'
import { connectionTo } from './connection.ts'
import { closeGate } from './gate.ts'
import { untilItPasses } from './transactions.ts'
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
    const applied = await appliedMigrations(client)
    // Others serve meanwhile, and what they read locks the same tables in an order of its own.
    await untilItPasses(() => addTables(client, applied, allowsNewer))
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
  const isPending = Object.keys(migrations).some((name) => !applied.includes(name))
  const migrator = new Migrator({
    db: new Kysely<unknown>({ dialect: new OneConnection(client, { closesGate: isPending }) }),
    provider: { getMigrations: async () => ({ ...later, ...migrations }) },
    allowUnorderedMigrations: true,
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Kysely on a connection that is ours to close. */
class OneConnection extends PostgresDialect {
  readonly #pool
  readonly #closesGate: boolean

  constructor(client: Client, { closesGate }: { closesGate: boolean }) {
    const query = client.query.bind(client) as never
    const pool = { connect: async () => ({ query, release: () => {} }), end: async () => {} }
    super({ pool })
    this.#pool = pool
    this.#closesGate = closesGate
  }

  override createDriver(): PostgresDriver {
    return new (this.#closesGate ? ClosingDriver : PostgresDriver)({ pool: this.#pool })
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return new MigrationCompiler()
  }
}

/** Waits until no writer is under way, and lets none begin before the migrations have ended: see `gate.ts`. */
class ClosingDriver extends PostgresDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    await super.beginTransaction(connection, settings)
    try {
      await connection.executeQuery(closeGate)
    } catch (error) {
      await this.rollbackTransaction(connection)
      throw error
    }
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
