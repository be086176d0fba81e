import type { CompiledQuery } from 'kysely'
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
    return { ...query, parameters }
  }
}
