import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Store } from './store.ts'

/** How many rows are read and written at once. */
const batchRows = 500

export type Row = Readonly<Record<string, unknown>>

/** The tables by names that are known at run time alone, for work on all of them. */
export function anyTables({ db }: Pick<Store, 'db'>): Kysely<Record<string, Record<string, unknown>>> {
  return db as unknown as Kysely<Record<string, Record<string, unknown>>>
}

/**
 * Rows in the order of their keys, which both engines compare by their bytes.
 *
 * @param given.after the row behind which to begin
 * @param given.only a condition on the rows
 */
export async function* batches(
  store: Store,
  table: string,
  keys: readonly string[],
  given: { after?: Row | undefined; only?: RawBuilder<boolean> } = {},
): AsyncGenerator<Row[], undefined> {
  const all = given.only ? rowsIn(store, table).where(given.only) : rowsIn(store, table)
  if (keys.length === 0) {
    const whole = await store.read<Row>(all.compile())
    if (whole.length > 0) yield whole.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
    return
  }
  let last = given.after
  for (;;) {
    const from = last === undefined ? all : all.where(isAfter(keys, last))
    const ordered = keys.reduce((query, key) => query.orderBy(key), from.limit(batchRows))
    const batch = await store.read<Row>(ordered.compile())
    if (batch.length > 0) yield batch
    if (batch.length < batchRows) return
    last = batch.at(-1)
  }
}

export function rowsIn(store: Store, table: string) {
  return anyTables(store).selectFrom(table).selectAll()
}

function isAfter(keys: readonly string[], row: Row): RawBuilder<boolean> {
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  return sql<boolean>`(${columns}) > (${sql.join(keys.map((key) => row[key]))})`
}

/** The same for two rows if they hold the same values of the same types. */
export function textOf(row: Row): string {
  const names = Object.keys(row).toSorted()
  return JSON.stringify(
    names.map((name) => {
      const value = row[name]
      return [name, value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value]
    }),
  )
}
