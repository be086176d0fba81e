import { createHash } from 'node:crypto'
import type { CompiledQuery } from 'kysely'
import { anyTables, batches, type Row, rowsIn, textOf } from './any-table.ts'
import { rows, type Store } from './store.ts'
import { tableKeys } from './table-keys.ts'

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
  for await (const batch of batches(from, table, keys, { after: reached }))
    await to.write(() => rows(insertion(to, table, batch)))
}

function insertion(to: Store, table: string, batch: readonly Row[]): CompiledQuery {
  return anyTables(to).insertInto(table).values(batch).compile()
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
