import { sql } from 'kysely'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { storeContract } from '../store.contract.ts'
import { rows } from '../store.ts'
import { useTestServer } from '../test-server.fixture.ts'
import { compileOnly } from './compile-only.ts'
import { maxConnections } from './connections.ts'
import { openPostgres } from './postgres.ts'

const openDatabase = useTestServer()

storeContract('PostgreSQL', () => {
  let database: Promise<string> | undefined
  return async () => {
    database ??= openDatabase()
    return openPostgres(await database)
  }
})

it('goes on with what it has prepared, when a newer version beside it has added a column', async () => {
  const database = await openDatabase()
  const store = await openPostgres(database)
  const call = { customer_id: 'cus_1', at_ms: 7, kind: 'identity', vomo_user_id: null }
  await store.write(() => rows(store.db.insertInto('vomo_call').values(call).compile()))
  // Each asks for something else, since equal reads that wait are one.
  const all = (_: unknown, i: number) =>
    store.read(store.db.selectFrom('vomo_call').selectAll().where('at_ms', '>', -i).compile())
  const allInWrite = () => store.write(() => rows(store.db.selectFrom('vomo_call').selectAll().compile()))
  // On several connections at once.
  await Promise.all(Array.from({ length: 20 }, all))
  await store.write(() =>
    rows(sql`alter table vomo_call add column added text default 'new'`.compile(store.db)),
  )
  const found = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? all(_, i) : allInWrite())),
  )
  expect(found).toEqual(Array.from({ length: 20 }, () => [{ ...call, added: 'new' }]))
  await store.close()
})

it('thousands who ask for the same rows at once wait as one, and see what was committed before they asked', async () => {
  const database = await openDatabase()
  const [store, other] = [await openPostgres(database), await openPostgres(database)]
  const call = { customer_id: 'cus_1', at_ms: 7, kind: 'identity', vomo_user_id: null }
  // Each compiles its own query: one that is compiled once is sent with others, equal or not.
  const all = () => store.read(store.db.selectFrom('vomo_call').selectAll().compile())
  const thousands = () => Promise.allSettled(Array.from({ length: 3_000 }, all))
  const held = await holdWriters(database)
  const busy: Promise<unknown>[] = []
  try {
    // One by one: many new connections at once keep a loaded machine for seconds, and a reader waits only so long.
    while (busy.length < maxConnections) {
      busy.push(Promise.allSettled([store.write(() => rows(held.asks))]))
      await expect.poll(held.waiting, { timeout: 20_000, interval: 10 }).toBe(busy.length)
    }
    await other.read(other.db.selectFrom('vomo_call').selectAll().compile())
    const before = thousands()
    await other.write(() => rows(other.db.insertInto('vomo_call').values(call).compile()))
    const after = thousands()
    await held.letGo()
    const found = [...(await before), ...(await after)]
    const [first] = found
    for (const row of first?.status === 'fulfilled' ? first.value : []) row.kind = 'changed by its reader'
    const kinds = found.map((each) =>
      each.status === 'fulfilled' ? each.value.map(({ kind }) => kind).join() : String(each.reason),
    )
    expect(kinds.slice(0, 1)).toEqual(['changed by its reader'])
    expect([...new Set(kinds.slice(1))]).toEqual(['identity'])
  } finally {
    await held.letGo()
    await Promise.all(busy)
    await store.close()
    await other.close()
  }
})

/** A lock that a test holds, so that writers keep their connections until it lets them pass. */
async function holdWriters(database: string) {
  const client = new Client({ connectionString: database })
  await client.connect()
  await client.query('select pg_advisory_lock(1)')
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`
  let ending: Promise<void> | undefined
  return {
    asks: sql`select pg_advisory_xact_lock_shared(1)`.compile(compileOnly()),
    waiting: async () => (await client.query(waiting)).rowCount,
    letGo: () => (ending ??= client.end()),
  }
}
