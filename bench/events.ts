import { CompiledQuery } from 'kysely'
import { Client } from 'pg'
import type { Customer } from '../src/customers/customers.ts'
import { todayDays, todayOf } from '../src/staff/today/today.ts'
import { rows, type Store } from '../src/store/store.ts'

const dayMs = 86_400_000
const rounds = 50
/** SQLite and PostgreSQL hold up nothing else for longer than this takes. */
const rowsAtOnce = 25_000

/**
 * So many sign-ins, as many emails and as many audit events in the days that Today looks back on. One email in fifty was not
 * accepted, and one event in five is a failed try.
 *
 * @param given.database of PostgreSQL, for a `vacuum`, as the server does by itself in time
 */
export async function fillEvents(
  store: Store,
  given: {
    customerId: string
    personId: string
    events: number
    nowMs: number
    database?: string | undefined
  },
): Promise<void> {
  const { customerId, personId, events, nowMs, database } = given
  const spanMs = todayDays * dayMs
  const at = `${nowMs - spanMs} + i * ${Math.floor(spanMs / events)}`
  const id = (prefix: string) => `'${prefix}_' || (1000000000000 + i)`
  await fill('session', {
    id: id('ses'),
    secret_hash: `cast('bbbbbbbbbbbbbbbbbbb' || (1000000000000 + i) as ${database ? 'bytea' : 'blob'})`,
    customer_id: `'${customerId}'`,
    person_id: `'${personId}'`,
    proof_kind: `'link'`,
    link_id: id('lnk'),
    way: `case i % 10 when 0 then 'code' when 1 then 'provider' when 2 then 'passkey' else 'mailed_link' end`,
    is_staff: '0',
    started_at_ms: at,
    last_used_at_ms: at,
    idle_ms: String(dayMs),
    expires_at_ms: at,
  })
  await fill('outbox', {
    id: id('out'),
    customer_id: `'${customerId}'`,
    kind: `'sign_in'`,
    recipient: `'p' || i || '@example.org'`,
    queued_at_ms: at,
    not_after_ms: at,
    sent_at_ms: `case when i % 50 > 0 then ${at} end`,
    failed_at_ms: `case when i % 50 = 0 then ${at} end`,
  })
  await fill('audit_event', {
    id: id('aud'),
    customer_id: `'${customerId}'`,
    at_ms: at,
    kind: `case i % 5 when 0 then 'sign_in.failed' else 'session.opened' end`,
    detail: `'{}'`,
  })
  if (database === undefined) return
  const client = new Client({ connectionString: database })
  await client.connect()
  await client.query('vacuum analyze')
  await client.end()

  async function fill(table: string, row: Record<string, string>): Promise<void> {
    for (let from = 0; from < events; from += rowsAtOnce) {
      const to = Math.min(events, from + rowsAtOnce) - 1
      const insert = `insert into ${table} (${Object.keys(row).join(', ')})
        with recursive n(i) as (select cast(${from} as bigint) union all select i + 1 from n where i < ${to})
        select ${Object.values(row).join(', ')} from n`
      await store.write(() => rows(CompiledQuery.raw(insert)) as never)
    }
  }
}

/** Today's counts, and in turns with them the yardstick: how long the engine takes to count the sessions alone, in one piece. */
export async function timeToday(
  store: Store,
  customer: Pick<Customer, 'id' | 'timeZone'>,
  nowMs: number,
  sayTimes: (what: string, took: readonly number[]) => void,
): Promise<void> {
  const count = CompiledQuery.raw(
    `select count(*) from session where customer_id = '${customer.id}' and way = 'mailed_link' and started_at_ms > 0`,
  )
  const times = { today: [] as number[], cpu: [] as number[], yardstick: [] as number[] }
  for (let i = 0; i < rounds; i += 1) {
    const askedAt = performance.now()
    const usedBefore = process.cpuUsage()
    await todayOf(store, customer as Customer, nowMs)
    const { user, system } = process.cpuUsage(usedBefore)
    times.today.push(performance.now() - askedAt)
    times.cpu.push((user + system) / 1_000)
    const countedAt = performance.now()
    await store.read(count)
    times.yardstick.push(performance.now() - countedAt)
  }
  sayTimes('Today: what /admin counts', times.today)
  sayTimes('  CPU time of this process for each', times.cpu)
  sayTimes('  beside it: the sessions by link, counted in one piece', times.yardstick)
}
