import { Client } from 'pg'
import { connectionTo } from './connection.ts'

/** Whether another process of ours is connected to a database. */
export async function isInUse(url: string): Promise<boolean> {
  const client = new Client(connectionTo(url))
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query(
      `select 1 from pg_stat_activity
       where datname = current_database() and application_name = current_setting('application_name') and pid <> pg_backend_pid()`,
    )
    return rows.length > 0
  } finally {
    await client.end().catch(() => {})
  }
}
