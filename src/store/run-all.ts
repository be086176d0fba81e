import { type Kysely, sql } from 'kysely'

/** The statements of a migration, one after another. */
export async function runAll(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
