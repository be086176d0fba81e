import { sql } from 'kysely'
import { compileOnly } from './compile-only.ts'

/**
 * Every writer passes a gate first, and migrations close it. Writers lock tables in an order of their own; without it, one of them that waits
 * for a changed table holds another that the migrations come to later, and PostgreSQL ends the migrations.
 */
const gate = sql<number>`${0x506f7264}::bigint`

export const passGate = sql`select pg_advisory_xact_lock_shared(${gate})`.compile(compileOnly())
export const closeGate = sql`select pg_advisory_xact_lock(${gate})`.compile(compileOnly())
