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

/** The same for a row to insert: built once for each set of columns, which are named by the row itself. */
export function keptInsert<Table extends keyof Schema>(
  table: Table,
): (db: Queries, row: Insertable<Schema[Table]>) => CompiledQuery {
  const built = new WeakMap<Queries, Map<string, CompiledQuery>>()
  return (db, row) => {
    let byColumns = built.get(db)
    if (!byColumns) {
      byColumns = new Map()
      built.set(db, byColumns)
    }
    const columns = Object.keys(row).join()
    let query = byColumns.get(columns)
    if (!query) {
      query = db.insertInto(table).values(row).compile()
      byColumns.set(columns, query)
    }
    return withParameters(query, Object.values(row))
  }
}

function withParameters<Row>(query: CompiledQuery<Row>, parameters: unknown[]): CompiledQuery<Row> {
  if (parameters.length !== query.parameters.length)
    throw new Error(`a kept query takes ${query.parameters.length} parameters, not ${parameters.length}`)
  // Named one by one, since a frozen object is copied slowly.
  return { query: query.query, queryId: query.queryId, sql: query.sql, parameters }
}
