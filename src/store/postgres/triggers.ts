import type { Client } from 'pg'
import type { Schema } from '../schema.ts'

/** The channel on which a commit names the tables of `heardTables` that it changed. */
export const changesChannel = 'porchlight_changes'

/**
 * Tables whose changes are announced. They hold what is set by hand and asked for by every request. A notification costs each commit
 * that sends one a lock of the whole server, so tables that requests write to are not among them.
 */
export const heardTables: ReadonlySet<keyof Schema> = new Set([
  'customer',
  'provider',
  'vomo_access',
  'field_choice',
  'signing_key',
  'application',
  'webhook',
  'announcement',
] as const)

/**
 * Has the database announce changes, those of other programs too. Runs under the lock of migrations, but in no transaction, so that it
 * never holds one table while it waits for another.
 */
export async function addTriggers(client: Client): Promise<void> {
  const { rows: made } = await client.query<{ table: string }>(
    `select c.relname as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where t.tgname = 'porchlight_changes' and c.relnamespace = current_schema()::regnamespace`,
  )
  const missing = [...heardTables].filter((table) => !made.some((each) => each.table === table))
  if (missing.length === 0) return
  await client.query(
    `create or replace function porchlight_changes() returns trigger language plpgsql as $$
     begin perform pg_notify('${changesChannel}', tg_table_name); return null; end $$`,
  )
  for (const table of missing)
    await client.query(
      `create trigger porchlight_changes after insert or update or delete or truncate on "${table}"
       for each statement execute function porchlight_changes()`,
    )
}
