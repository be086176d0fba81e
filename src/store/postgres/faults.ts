import { DatabaseError } from 'pg'
import { Refusal } from '../../errors.ts'

/** The connection is gone, or of no more use; what was not yet committed has not happened. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** Nothing has happened, and a moment later it may. */
export function unavailable(cause?: unknown): Refusal {
  return new Refusal('service_unavailable', { retryAfterMs: 1_000, cause })
}

/** @param error from a query: the driver’s or the server’s */
export function faultOf(error: unknown): unknown {
  const code = codeOf(error)
  if (code === undefined || endsConnection.test(code))
    return new ConnectionLost('the connection to PostgreSQL was lost', { cause: error })
  if (code === notAText) return new Refusal('bad_request', { cause: error })
  return isShort.test(code) ? unavailable(error) : error
}

/** Whether a transaction that was rolled back for this may succeed when it runs again. */
export function mayPass(error: unknown): boolean {
  return error instanceof ConnectionLost || isCrossed.test(codeOf(error) ?? '') || isOutdatedPlan(error)
}

/** What to tell when it did not pass. */
export function lastly(error: unknown): unknown {
  return isContradiction.test(codeOf(error) ?? '') ? error : unavailable(error)
}

/** A table has gained a column since the connection prepared its query. */
export function isOutdatedPlan(error: unknown): boolean {
  return codeOf(error) === '0A000' && /cached plan/.test((error as Error).message)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}

/** Connection failures, a server that stops or starts, a time limit on a session, a standby in place of the server. */
const endsConnection = /^(08|57P|25P03|25P04|25006)/
/** A row that this transaction refers to is gone, or one that it makes is there. */
const isContradiction = /^(23503|23505)$/
/**
 * Serialization failure, deadlock; and what a transaction found out too late, because another one made or deleted a row after it
 * had looked. Running again, it sees that.
 */
const isCrossed = /^(40001|40P01|23503|23505)$/
/** Disk, memory or connections run out, or another transaction holds a lock too long. */
const isShort = /^(53|58|55P03)/
/** PostgreSQL stores no text with a zero byte. */
const notAText = '22021'
