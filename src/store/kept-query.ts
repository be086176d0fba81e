import type { CompiledQuery, Insertable } from 'kysely'
import type { Schema } from './schema.ts'
import type { Queries } from './store.ts'

/**
 * A query built once for each store, for those that every request asks: building one costs several times what SQLite needs to
 * answer it.
 *
 * @param build gives the parameters in the order in which the caller will name them; their values are not kept
 */
export function keptQuery<Row>(
  build: (db: Queries) => CompiledQuery<Row>,
): (db: Queries, ...parameters: unknown[]) => CompiledQuery<Row> {
  const built = new WeakMap<Queries, CompiledQuery<Row>>()
  return (db, ...parameters) => {
    let query = built.get(db)
    if (!query) {
      query = build(db)
      built.set(db, query)
    }
    return withParameters(query, parameters)
  }
}

/** The same for a row to insert: built once, so it names the same columns in the same order each time. */
export function keptInsert<Table extends keyof Schema>(
  table: Table,
): (db: Queries, row: Insertable<Schema[Table]>) => CompiledQuery {
  const built = new WeakMap<Queries, { query: CompiledQuery; columns: readonly string[] }>()
  return (db, row) => {
    const columns = Object.keys(row)
    let known = built.get(db)
    if (!known) {
      known = { query: db.insertInto(table).values(row).compile(), columns }
      built.set(db, known)
    }
    if (!columns.every((column, i) => column === known.columns[i]))
      throw new Error(`a kept insert takes ${known.columns.join(', ')}, not ${columns.join(', ')}`)
    return withParameters(known.query, Object.values(row))
  }
}

function withParameters<Row>(query: CompiledQuery<Row>, parameters: unknown[]): CompiledQuery<Row> {
  if (parameters.length !== query.parameters.length)
    throw new Error(`a kept query takes ${query.parameters.length} parameters, not ${parameters.length}`)
  // Named one by one, since a frozen object is copied slowly.
  return { query: query.query, queryId: query.queryId, sql: query.sql, parameters }
}
