import { type Expression, type SqlBool, sql } from 'kysely'

/**
 * How far apart the moments may be that two writers of one row read, in milliseconds: by the clocks of two machines, or because one waited
 * between reading its clock and writing. A moment further in the future than a row may hold was set by a clock that was put back since.
 */
export const skewMs = 60_000

/**
 * Whether a moment that we wait for has come. Nothing is ever put off by more than `maxMs`, so a moment further ahead than
 * that was set by a clock that has been put right since: it is due, or what waits for it would wait as long as the clock was wrong.
 *
 * @param maxMs the longest delay that is ever set for this kind of moment
 */
export function isDue(atMs: number, nowMs: number, maxMs: number): boolean {
  return atMs <= nowMs || atMs > nowMs + maxMs + skewMs
}

/** The same of a column, as a condition. */
export function isColumnDue(column: string, nowMs: number, maxMs: number): Expression<SqlBool> {
  return sql`(${sql.ref(column)} <= ${nowMs} or ${sql.ref(column)} > ${nowMs + maxMs + skewMs})`
}
