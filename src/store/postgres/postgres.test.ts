import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newDatabase, openTestServer, type TestServer } from '../postgres-server.fixture.ts'
import { storeContract } from '../store.contract.ts'
import { rows } from '../store.ts'
import { openPostgres } from './postgres.ts'

let server: TestServer

beforeAll(async () => {
  server = await openTestServer()
}, 60_000)

afterAll(async () => {
  await server?.stop()
}, 60_000)

storeContract('PostgreSQL', () => {
  let database: Promise<string> | undefined
  return async () => {
    database ??= newDatabase(server.url)
    return openPostgres(await database)
  }
})

it('goes on with what it has prepared, when a newer version beside it has added a column', async () => {
  const database = await newDatabase(server.url)
  const store = await openPostgres(database)
  const call = { customer_id: 'cus_1', at_ms: 7 }
  await store.write(() => rows(store.db.insertInto('vomo_call').values(call).compile()))
  const all = () => store.read(store.db.selectFrom('vomo_call').selectAll().compile())
  const allInWrite = () => store.write(() => rows(store.db.selectFrom('vomo_call').selectAll().compile()))
  // On several connections at once.
  await Promise.all(Array.from({ length: 20 }, all))
  await store.write(() =>
    rows(sql`alter table vomo_call add column added text default 'new'`.compile(store.db)),
  )
  const found = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? all() : allInWrite())))
  expect(found).toEqual(Array.from({ length: 20 }, () => [{ ...call, added: 'new' }]))
  await store.close()
})
