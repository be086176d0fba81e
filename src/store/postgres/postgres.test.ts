import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { storeContract } from '../store.contract.ts'
import { rows } from '../store.ts'
import { useTestServer } from '../test-server.fixture.ts'
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
  const all = () => store.read(store.db.selectFrom('vomo_call').selectAll().compile())
  const busy = Array.from({ length: maxConnections }, () =>
    store.write(() =>
      rows(store.db.selectNoFrom((of) => of.fn('pg_sleep', [of.val(0.5)]).as('slept')).compile()),
    ),
  )
  const before = Array.from({ length: 3_000 }, all)
  await other.write(() => rows(other.db.insertInto('vomo_call').values(call).compile()))
  const after = Array.from({ length: 3_000 }, all)
  const [first, ...others] = await Promise.all([...before, ...after])
  for (const row of first ?? []) row.kind = 'changed by its reader'
  expect(others.filter((found) => found.length !== 1 || found[0]?.kind !== 'identity')).toEqual([])
  await Promise.all(busy)
  await store.close()
  await other.close()
})
