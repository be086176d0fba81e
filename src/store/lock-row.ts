import { preparedQuery } from './prepared-query.ts'
import { type Queries, rows, type Write } from './store.ts'

/**
 * Locks a row until the transaction ends. Writers that read rows and then write by what they read lock a row first: of several,
 * each reads what the one before has written. SQLite runs one writer at a time and drops the lock from the query.
 */
export function* lockRow(db: Queries, table: keyof typeof locks, id: string): Write<void> {
  yield* rows(locks[table](db, { id }))
}

const locks = {
  customer: preparedQuery((db, { id }: { id: string }) =>
    db.selectFrom('customer').select('id').where('id', '=', id).forNoKeyUpdate().compile(),
  ),
  person: preparedQuery((db, { id }: { id: string }) =>
    db.selectFrom('person').select('id').where('id', '=', id).forNoKeyUpdate().compile(),
  ),
}
