import type { CompiledQuery, Insertable } from 'kysely'
import type { Schema } from './schema.ts'
import type { Queries } from './store.ts'

/** Marks the place of a call's value in the compiled query. */
class Hole {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * A query compiled once per store, for queries that every request runs: compiling costs several times what SQLite needs to answer.
 *
 * @param build uses `values.<name>` for each call's values; all other bound values are fixed
 */
export function preparedQuery<Values extends Record<string, unknown>, Row>(
  build: (db: Queries, values: Values) => CompiledQuery<Row>,
): (db: Queries, values: Values) => CompiledQuery<Row> {
  const compiled = new WeakMap<Queries, CompiledQuery<Row>>()
  return (db, values) => {
    let query = compiled.get(db)
    if (!query) {
      query = build(db, holes as Values)
      compiled.set(db, query)
    }
    return withParameters(
      query,
      query.parameters.map((bound) => (bound instanceof Hole ? valueNamed(bound.name, values) : bound)),
    )
  }
}

const holes = new Proxy({}, { get: (_, name) => new Hole(String(name)) })

/** The same for a row to insert. The first row decides the columns. */
export function preparedInsert<Table extends keyof Schema>(
  table: Table,
): (db: Queries, row: Insertable<Schema[Table]>) => CompiledQuery {
  const compiled = new WeakMap<Queries, { query: CompiledQuery; columns: readonly string[] }>()
  return (db, row) => {
    let known = compiled.get(db)
    if (!known) {
      known = { query: db.insertInto(table).values(row).compile(), columns: Object.keys(row) }
      compiled.set(db, known)
    }
    const { query, columns } = known
    if (Object.keys(row).length !== columns.length)
      throw new Error(`this insert into ${table} takes ${columns.join(', ')}`)
    return withParameters(
      query,
      columns.map((column) => valueNamed(column, row)),
    )
  }
}

/** A missing value would be bound as NULL. */
function valueNamed(name: string, values: Record<string, unknown>): unknown {
  const value = values[name]
  if (value === undefined) throw new Error(`a prepared query lacks a value for ${name}`)
  return value
}

function withParameters<Row>(query: CompiledQuery<Row>, parameters: unknown[]): CompiledQuery<Row> {
  // Listed one by one, because a frozen object is copied slowly.
  return { query: query.query, queryId: query.queryId, sql: query.sql, parameters }
}
