import { preparedQuery } from './prepared-query.ts'
import { type Queries, rows, type Write } from './store.ts'

/**
 * Locks a row until the transaction ends. Writers that read rows and then write by what they read lock a row first: of several,
 * each reads what the one before has written. SQLite runs one writer at a time and drops the lock from the query.
 */
export function* lockRow(db: Queries, table: keyof typeof locks, id: string): Write<void> {
  const { query, queryId, sql, parameters } = locks[table](db, { id })
  yield { query, queryId, sql, parameters, isUnread: true }
}

/** The same for a row that may be gone. @returns whether it is there */
export function* lockRowIfAny(db: Queries, table: keyof typeof locks, id: string): Write<boolean> {
  return (yield* rows(locks[table](db, { id }))).length > 0
}

const locks = {
  customer: lockOf('customer'),
  person: lockOf('person'),
  application: lockOf('application'),
  circle: lockOf('circle'),
  process: lockOf('process'),
}

function lockOf(table: 'customer' | 'person' | 'application' | 'circle' | 'process') {
  return preparedQuery((db, { id }: { id: string }) =>
    db.selectFrom(table).select('id').where('id', '=', id).forNoKeyUpdate().compile(),
  )
}
