import { expect, it } from 'vitest'
import { openStore } from './engines.ts'
import { preparedInsert, preparedQuery } from './prepared-query.ts'

const callsAfter = preparedQuery((db, { customerId, afterMs }: { customerId: string; afterMs: number }) =>
  db
    .selectFrom('vomo_call')
    .select('at_ms')
    .where('customer_id', '=', customerId)
    .where('at_ms', '>', afterMs)
    .compile(),
)
const newCall = preparedInsert('vomo_call')
const newMember = preparedInsert('staff')

it('a prepared query uses the values of each call, in any order', async () => {
  const store = await openStore({ database: ':memory:' })
  for (const atMs of [1, 2, 3])
    await store.write(function* () {
      yield newCall(store.db, { customer_id: 'cus_1', at_ms: atMs })
    })
  const after = (customerId: string, afterMs: number) =>
    store.read(callsAfter(store.db, { afterMs, customerId }))
  expect(await after('cus_1', 1)).toEqual([{ at_ms: 2 }, { at_ms: 3 }])
  expect(await after('cus_1', 2)).toEqual([{ at_ms: 3 }])
  expect(await after('cus_2', 0)).toEqual([])
  await store.close()
})

it('what the query binds itself stays, and one value may go to several places', async () => {
  const store = await openStore({ database: ':memory:' })
  const twice = preparedQuery((db, { atMs }: { atMs: number }) =>
    db
      .selectFrom('vomo_call')
      .selectAll()
      .where('customer_id', '=', 'cus_1')
      .where('at_ms', '>=', atMs)
      .where('at_ms', '<=', atMs)
      .compile(),
  )
  expect(twice(store.db, { atMs: 5 }).parameters).toEqual(['cus_1', 5, 5])
  await store.close()
})

it('a row may name its columns in any order', async () => {
  const store = await openStore({ database: ':memory:' })
  newCall(store.db, { customer_id: 'cus_1', at_ms: 7 })
  expect(newCall(store.db, { at_ms: 8, customer_id: 'cus_1' }).parameters).toEqual(['cus_1', 8])
  await store.close()
})

it('a value left out is refused, not bound as NULL', async () => {
  const store = await openStore({ database: ':memory:' })
  const asked = { customerId: 'cus_1' } as Parameters<typeof callsAfter>[1]
  expect(() => callsAfter(store.db, asked)).toThrow('lacks a value for afterMs')
  newMember(store.db, { customer_id: 'cus_1', address: 'a', role: 'viewer', created_at_ms: 1 })
  const gap = { customer_id: 'cus_1', address: 'a', role: undefined, created_at_ms: 1 }
  const short = { customer_id: 'cus_1', address: 'a', created_at_ms: 1 }
  const insert = (row: object) => newMember(store.db, row as Parameters<typeof newMember>[1])
  expect(() => insert(gap)).toThrow('lacks a value for role')
  expect(() => insert(short)).toThrow('takes customer_id, address, role, created_at_ms')
  await store.close()
})
