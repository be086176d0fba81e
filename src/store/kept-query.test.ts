import { expect, it } from 'vitest'
import { keptInsert, keptQuery } from './kept-query.ts'
import { openSqlite } from './sqlite.ts'

const callsAfter = keptQuery((db) =>
  db.selectFrom('vomo_call').select('at_ms').where('customer_id', '=', '').where('at_ms', '>', 0).compile(),
)
const newCall = keptInsert('vomo_call')
const newMember = keptInsert('staff')

it('a kept query is asked with the parameters of each call', async () => {
  const store = await openSqlite(':memory:')
  for (const atMs of [1, 2, 3])
    await store.write(function* () {
      yield newCall(store.db, { customer_id: 'cus_1', at_ms: atMs })
    })
  expect(await store.read(callsAfter(store.db, 'cus_1', 1))).toEqual([{ at_ms: 2 }, { at_ms: 3 }])
  expect(await store.read(callsAfter(store.db, 'cus_1', 2))).toEqual([{ at_ms: 3 }])
  expect(await store.read(callsAfter(store.db, 'cus_2', 0))).toEqual([])
  await store.close()
})

it('a row with its columns in another order is refused', async () => {
  const store = await openSqlite(':memory:')
  newCall(store.db, { customer_id: 'cus_1', at_ms: 7 })
  expect(() => newCall(store.db, { at_ms: 8, customer_id: 'cus_1' })).toThrow(
    'takes customer_id, at_ms, not at_ms, customer_id',
  )
  await store.close()
})

it('too few or too many parameters are refused, not shifted', async () => {
  const store = await openSqlite(':memory:')
  expect(() => callsAfter(store.db, 'cus_1')).toThrow('takes 2 parameters, not 1')
  expect(() => callsAfter(store.db, 'cus_1', 1, 2)).toThrow('takes 2 parameters, not 3')
  // As a column left undefined would be, which the builder leaves out.
  const gap = { customer_id: 'cus_1', address: 'a', role: undefined, created_at_ms: 1 }
  expect(() => newMember(store.db, gap as unknown as Parameters<typeof newMember>[1])).toThrow('takes 3')
  await store.close()
})
