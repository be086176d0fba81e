import { type ClientConfig, types } from 'pg'

/** Ended by the server, so that a transaction whose process hangs or has gone keeps no row locked. */
const maxStatementMs = 20_000
const maxIdleInTransactionMs = 10_000
/** Longer, so that what waits for a process that hangs, or is slow under load, is not refused before that one is ended. */
const maxLockWaitMs = 15_000
const maxConnectMs = 5_000
/** Ended here: the server itself does not answer. */
const maxSilenceMs = 25_000

/** How each connection is opened. */
export function connectionTo(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'porchlight',
    statement_timeout: maxStatementMs,
    lock_timeout: maxLockWaitMs,
    idle_in_transaction_session_timeout: maxIdleInTransactionMs,
    query_timeout: maxSilenceMs,
    connectionTimeoutMillis: maxConnectMs,
    keepAlive: true,
    // What is asked for at once is sent at once.
    pipeline: true,
    // A commit is on the disk before it is answered, even where a database is set up to answer earlier.
    options: '-c synchronous_commit=on',
    types: { getTypeParser },
  }
}

const readers: Record<number, (text: string) => unknown> = {
  // As SQLite answers a condition.
  [types.builtins.BOOL]: (text) => (text === 't' ? 1 : 0),
  [types.builtins.INT8]: wholeNumber,
  // A sum of whole numbers.
  [types.builtins.NUMERIC]: wholeNumber,
}

/** Values as SQLite returns them. */
export function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return readers[oid] ?? types.getTypeParser(oid, format)
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error('the database holds a number too large for us')
  return number
}
