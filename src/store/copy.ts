import { createHash } from 'node:crypto'
import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import { rows, type Store } from './store.ts'
import { tableKeys } from './table-keys.ts'

/** How many rows are read, written and compared at once. */
const batchRows = 500

type Row = Readonly<Record<string, unknown>>
/** Any table, by its name and columns. */
type AnyTables = Kysely<Record<string, Record<string, unknown>>>

export type CopiedTable = { table: string; rows: number; digest: string }

/** Why a copy cannot begin, or ended. The message names a table, never a value. */
export class CopyFault extends Error {
  override readonly name = 'CopyFault'
}

/**
 * Copies every table to another database, and compares both row by row. A copy that was interrupted goes on where it was, if the
 * database to copy is the same.
 *
 * @param given.source names the database to copy, for a copy that goes on
 * @param onTable hears of each table that is the same in both
 * @throws {CopyFault}
 */
export async function copyStore(
  given: { from: Store; to: Store; source: string; nowMs: number },
  onTable: (copied: CopiedTable) => void,
): Promise<void> {
  const { from, to, source, nowMs } = given
  if (await unfinishedCopyIn(from)) throw new CopyFault('the database to copy is an unfinished copy itself')
  await begin(to, source, nowMs)
  for (const [table, keys] of Object.entries(tableKeys)) await copyTable(from, to, table, keys)
  for (const [table, keys] of Object.entries(tableKeys)) onTable(await compareTable(from, to, table, keys))
  await to.write(() => rows(to.db.deleteFrom('store_copy').compile()))
}

/** The database of which this one is a copy that is not finished. */
export async function unfinishedCopyIn(store: Store): Promise<string | undefined> {
  const [found] = await store.read(store.db.selectFrom('store_copy').select('source').compile())
  return found?.source
}

async function begin(to: Store, source: string, nowMs: number): Promise<void> {
  const begun = await unfinishedCopyIn(to)
  if (begun === source) return
  if (begun !== undefined) throw new CopyFault('a copy of another database was begun there: empty it first')
  for (const table of Object.keys(tableKeys))
    if ((await to.read(rowsIn(to, table).limit(1).compile())).length > 0)
      throw new CopyFault(`the database to copy to is not empty: it has rows of ${table}`)
  await to.write(() => rows(to.db.insertInto('store_copy').values({ source, begun_at_ms: nowMs }).compile()))
}

async function copyTable(from: Store, to: Store, table: string, keys: readonly string[]): Promise<void> {
  const last = rowsIn(to, table).limit(1)
  const [reached] = await to.read<Row>(
    keys.reduce((query, key) => query.orderBy(key, 'desc'), last).compile(),
  )
  // Without a key there is no place to go on from; such a table was copied in one write.
  if (reached && keys.length === 0) return
  for await (const batch of batches(from, table, keys, reached))
    await to.write(() => rows(insertion(to, table, batch)))
}

function insertion(to: Store, table: string, batch: readonly Row[]): CompiledQuery {
  return (to.db as unknown as AnyTables).insertInto(table).values(batch).compile()
}

/** @throws {CopyFault} at the first row that differs */
async function compareTable(
  from: Store,
  to: Store,
  table: string,
  keys: readonly string[],
): Promise<CopiedTable> {
  const digest = createHash('sha256')
  const copied = batches(to, table, keys)
  let count = 0
  for await (const batch of batches(from, table, keys)) {
    const { value: other = [] } = await copied.next()
    for (const [place, row] of batch.entries()) {
      const text = textOf(row)
      const twin = other[place]
      if (twin === undefined || textOf(twin) !== text) throw differs(table, count + place + 1)
      digest.update(text)
    }
    if (other.length > batch.length) throw differs(table, count + batch.length + 1)
    count += batch.length
  }
  if (!(await copied.next()).done) throw differs(table, count + 1)
  return { table, rows: count, digest: digest.digest('hex') }
}

function differs(table: string, place: number): CopyFault {
  return new CopyFault(
    `row ${place} of ${table} is not the same in both: a process changed it meanwhile; stop it, empty the database to copy to, and begin again`,
  )
}

/** Rows in the order of their keys, which both engines compare by their bytes. */
async function* batches(
  store: Store,
  table: string,
  keys: readonly string[],
  after?: Row,
): AsyncGenerator<Row[], undefined> {
  if (keys.length === 0) {
    const whole = await store.read<Row>(rowsIn(store, table).compile())
    if (whole.length > 0) yield whole.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
    return
  }
  let last = after
  for (;;) {
    const from = last === undefined ? rowsIn(store, table) : rowsIn(store, table).where(isAfter(keys, last))
    const ordered = keys.reduce((query, key) => query.orderBy(key), from.limit(batchRows))
    const batch = await store.read<Row>(ordered.compile())
    if (batch.length > 0) yield batch
    if (batch.length < batchRows) return
    last = batch.at(-1)
  }
}

function rowsIn(store: Store, table: string) {
  return (store.db as unknown as AnyTables).selectFrom(table).selectAll()
}

function isAfter(keys: readonly string[], row: Row): RawBuilder<boolean> {
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  return sql<boolean>`(${columns}) > (${sql.join(keys.map((key) => row[key]))})`
}

/** The same for two rows if they hold the same values of the same types. */
function textOf(row: Row): string {
  const names = Object.keys(row).toSorted()
  return JSON.stringify(
    names.map((name) => {
      const value = row[name]
      return [name, value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value]
    }),
  )
}
