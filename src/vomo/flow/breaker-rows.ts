import type { Log } from '../../log/log.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'

/**
 * Keeps in the store whose breaker is open in which process, for `porchlight vomo status`. Nothing is decided by it. The row of a process
 * that died goes with the process.
 *
 * @param given.processId `undefined` for a command, which is none of the processes that serve
 */
export function createBreakerRows(given: {
  store: Store
  clock: () => number
  log: Log
  processId: string | undefined
}) {
  const { store, clock, log, processId } = given
  let last: Promise<unknown> = Promise.resolve()

  return {
    changed(customerId: string, isOpen: boolean): void {
      if (processId === undefined) return
      const of = { customer_id: customerId, process_id: processId }
      const write = () => store.write(() => (isOpen ? note(store.db, of, clock()) : forget(store.db, of)))
      // In order: a breaker may close while its opening is written.
      last = last.then(write).catch((error: unknown) => {
        log.warn({ customerId, error }, 'the state of a breaker could not be kept')
      })
    },
    settled: async (): Promise<void> => void (await last),
  }
}

type Of = { customer_id: string; process_id: string }

function* note(db: Queries, of: Of, nowMs: number): Write<void> {
  yield* rows(
    db
      .insertInto('vomo_breaker')
      .values({ ...of, opened_at_ms: nowMs })
      .onConflict((known) => known.doNothing())
      .compile(),
  )
}

function* forget(db: Queries, { customer_id, process_id }: Of): Write<void> {
  yield* rows(
    db
      .deleteFrom('vomo_breaker')
      .where('customer_id', '=', customer_id)
      .where('process_id', '=', process_id)
      .compile(),
  )
}
