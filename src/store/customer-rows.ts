import { type RawBuilder, sql } from 'kysely'
import { batches, type Row } from './any-table.ts'
import type { Store } from './store.ts'
import { tableKeys } from './table-keys.ts'

export type TableName = keyof typeof tableKeys

type Whose =
  /** The column that names the customer. */
  | { customer: string }
  /** The column that names a row of another table, which is the customer's. */
  | { by: string; of: TableName }
  /** No row is a customer's, or says whose it is; and why. */
  | { nobodysBecause: string }

/** Whose each table's rows are. A table that is not listed here does not compile: `porchlight customer remove` empties them all. */
const whose: Record<TableName, Whose> = {
  customer: { customer: 'id' },
  customer_logo: { customer: 'customer_id' },
  field_choice: { customer: 'customer_id' },
  announcement: { customer: 'customer_id' },
  vomo_access: { customer: 'customer_id' },
  vomo_call: { customer: 'customer_id' },
  vomo_budget: { customer: 'customer_id' },
  vomo_wait: { customer: 'customer_id' },
  vomo_breaker: { customer: 'customer_id' },
  vomo_copy: { customer: 'customer_id' },
  vomo_person_read: { customer: 'customer_id' },
  vomo_directory: { customer: 'customer_id' },
  vomo_directory_entry: { customer: 'customer_id' },
  vomo_directory_sheet: { customer: 'customer_id' },
  vomo_project: { customer: 'customer_id' },
  vomo_change: { customer: 'customer_id' },
  webhook: { customer: 'customer_id' },
  webhook_count: { customer: 'customer_id' },
  person: { customer: 'customer_id' },
  staff: { customer: 'customer_id' },
  problem: { customer: 'customer_id' },
  sign_in_request: { customer: 'customer_id' },
  wrong_code: { customer: 'customer_id' },
  known_browser: { customer: 'customer_id' },
  session: { customer: 'customer_id' },
  step_code: { by: 'session_id', of: 'session' },
  password: { customer: 'customer_id' },
  passkey: { customer: 'customer_id' },
  passkey_offer: { by: 'person_id', of: 'person' },
  record_choice: { customer: 'customer_id' },
  calendar_feed: { customer: 'customer_id' },
  reminder: { customer: 'customer_id' },
  reminded: { by: 'person_id', of: 'person' },
  milestone_seen: { by: 'person_id', of: 'person' },
  vomo_person_copy: { by: 'person_id', of: 'person' },
  outbox: { customer: 'customer_id' },
  audit_event: { customer: 'customer_id' },
  link: { customer: 'customer_id' },
  spoken_code: { customer: 'customer_id' },
  link_open: { by: 'link_id', of: 'link' },
  link_batch: { customer: 'customer_id' },
  link_batch_row: { by: 'batch_id', of: 'link_batch' },
  link_day: { by: 'link_id', of: 'link' },
  link_visitor: { by: 'link_id', of: 'link' },
  rownd_link: { by: 'link_id', of: 'link' },
  application: { customer: 'customer_id' },
  api_token: { customer: 'customer_id' },
  application_credential: { customer: 'customer_id' },
  signing_key: { customer: 'customer_id' },
  profile: { by: 'application_id', of: 'application' },
  profile_identifier: { by: 'application_id', of: 'application' },
  circle: { by: 'application_id', of: 'application' },
  circle_member: { by: 'application_id', of: 'application' },
  circle_invite: { by: 'circle_id', of: 'circle' },
  token_family: { by: 'application_id', of: 'application' },
  refresh_token: { by: 'family_id', of: 'token_family' },
  handoff_code: { by: 'application_id', of: 'application' },
  provider: { customer: 'customer_id' },
  provider_flow: { by: 'provider_id', of: 'provider' },
  provider_identity: { customer: 'customer_id' },
  provider_proof: { by: 'provider_id', of: 'provider' },
  logout_token: { by: 'provider_id', of: 'provider' },
  job: {
    nobodysBecause:
      'sealed; it ends by itself when it finds no row, and those that name one are removed by their payload',
  },
  limit_count: { nobodysBecause: 'a keyed hash, forgotten when it is full again' },
  password_tries: { nobodysBecause: 'a keyed hash, forgotten within days' },
  record_try: { nobodysBecause: 'a keyed hash, forgotten within a day' },
  spent_challenge: { nobodysBecause: 'a keyed hash, forgotten within minutes' },
  secret_check: { nobodysBecause: 'about the operator’s secrets' },
  forwarding_seen: { nobodysBecause: 'about the proxies in front' },
  process: { nobodysBecause: 'about processes' },
  lease: { customer: 'name' },
  sweep: { nobodysBecause: 'about processes' },
  setup: { nobodysBecause: 'there is none once there is a customer' },
}

/** The tables with rows of customers, each before those it refers to, and the condition that a row is this customer's. */
export function tablesOfCustomers(customerId: string): { table: TableName; isTheirs: RawBuilder<boolean> }[] {
  const tables = (Object.keys(tableKeys) as TableName[]).toReversed()
  return tables.flatMap((table) => {
    const isTheirs = conditionOf(table, customerId)
    return isTheirs ? [{ table, isTheirs }] : []
  })
}

/** A customer's rows for an export, some hundred at a time, each table after those it refers to. @param isIn other tables are not read */
export async function* rowsOfCustomer(
  store: Store,
  customerId: string,
  isIn: (table: TableName) => boolean = () => true,
): AsyncGenerator<{ table: TableName; rows: Row[] }, undefined> {
  for (const { table, isTheirs } of tablesOfCustomers(customerId).toReversed()) {
    if (!isIn(table)) continue
    for await (const rows of batches(store, table, tableKeys[table], { only: isTheirs }))
      yield { table, rows }
  }
}

/** A row in an export: JSON on a line of its own, bytes in base64. */
export function lineOf(table: TableName, row: Row): string {
  const values = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  ])
  return `${JSON.stringify({ table, ...Object.fromEntries(values) })}\n`
}

function conditionOf(table: TableName, customerId: string): RawBuilder<boolean> | undefined {
  const of = whose[table]
  if ('nobodysBecause' in of) return undefined
  if ('customer' in of) return sql<boolean>`${sql.ref(of.customer)} = ${customerId}`
  const parent = conditionOf(of.of, customerId)
  return sql<boolean>`${sql.ref(of.by)} in (select id from ${sql.table(of.of)} where ${parent})`
}
