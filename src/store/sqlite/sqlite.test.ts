import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { storeContract } from '../store.contract.ts'
import { rows, type Store } from '../store.ts'
import { openSqlite } from './sqlite.ts'

const fresh = () => join(mkdtempSync(join(tmpdir(), 'porchlight-store-')), 'test.db')

storeContract('SQLite', () => openSqlite(fresh()))

it('an acknowledged write is there for the next process that opens the file', async () => {
  const file = fresh()
  const first = await openSqlite(file)
  await first.write(() =>
    rows(first.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: 7 }).compile()),
  )
  const second = await openSqlite(file)
  expect(await second.read(second.db.selectFrom('vomo_call').select('at_ms').compile())).toEqual([
    { at_ms: 7 },
  ])
  await first.close()
  await second.close()
})

it('two stores on one file never both take a row', async () => {
  const file = fresh()
  const stores = [await openSqlite(file), await openSqlite(file)]
  const [one] = stores
  for (let atMs = 0; atMs < 20; atMs += 1) {
    await one?.write(() =>
      rows(one.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: atMs }).compile()),
    )
    const wins = await Promise.all(
      stores.flatMap((store) =>
        Array.from({ length: 20 }, () =>
          store.write(() =>
            rows(store.db.deleteFrom('vomo_call').where('at_ms', '=', atMs).returning('at_ms').compile()),
          ),
        ),
      ),
    )
    expect(wins.flat()).toHaveLength(1)
  }
  await Promise.all(stores.map((store) => store.close()))
})

it('several that open one new file at once all find its tables', async () => {
  const file = fresh()
  const stores = await Promise.all(Array.from({ length: 4 }, () => openSqlite(file)))
  for (const store of stores)
    expect(await store.read(store.db.selectFrom('customer').selectAll().compile())).toEqual([])
  await Promise.all(stores.map((store) => store.close()))
})

it('names what it reads by the columns there are, when a newer version beside it has added one', async () => {
  const file = fresh()
  const store = await openSqlite(file)
  const call = { customer_id: 'cus_1', at_ms: 7 }
  await store.write(() => rows(store.db.insertInto('vomo_call').values(call).compile()))
  const joined = () =>
    store.read(
      store.db
        .selectFrom('vomo_call')
        .selectAll('vomo_call')
        .select((of) => of.val('last').as('last'))
        .compile(),
    )
  expect(await joined()).toEqual([{ ...call, last: 'last' }])
  const newer = await openSqlite(file)
  const add = sql`alter table vomo_call add column added text default 'new'`.compile(newer.db)
  await newer.write(() => rows(add))
  await newer.close()
  expect(await joined()).toEqual([{ ...call, added: 'new', last: 'last' }])
  await store.close()
})

describe('what is recalled', () => {
  async function countLooks(change: (stores: Store[]) => Promise<void>): Promise<number> {
    const file = fresh()
    const stores = [await openSqlite(file), await openSqlite(file)]
    const [mine] = stores
    if (!mine) throw new Error('no store')
    let looks = 0
    const look = async () => {
      looks += 1
      return mine.read(mine.db.selectFrom('vomo_call').select('at_ms').compile())
    }
    await mine.recall('key', look)
    await change(stores)
    await new Promise((resolve) => setImmediate(resolve))
    const recalled = await mine.recall('key', look)
    expect(recalled).toEqual(await mine.read(mine.db.selectFrom('vomo_call').select('at_ms').compile()))
    for (const store of stores) await store.close()
    return looks
  }

  it('is not looked up twice while nothing changes', async () => {
    expect(await countLooks(async () => {})).toBe(1)
  })

  it('is looked up again after a change by this process', async () => {
    expect(await countLooks(async ([mine]) => mine && noteCall(mine))).toBe(2)
  })

  it('is looked up again after a change by another process', async () => {
    expect(await countLooks(async ([, other]) => other && noteCall(other))).toBe(2)
  })

  it('is not kept when a change came between looking and keeping', async () => {
    const store = await openSqlite(fresh())
    const calls = () => store.read(store.db.selectFrom('vomo_call').select('at_ms').compile())
    const before = await store.recall('key', async () => {
      const found = await calls()
      await noteCall(store)
      return found
    })
    expect(before).toEqual([])
    expect(await store.recall('key', calls)).toHaveLength(1)
    await store.close()
  })
})

async function noteCall(store: Store): Promise<void> {
  await store.write(() =>
    rows(store.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: 7 }).compile()),
  )
}

it('the number after limit stands in the text, since SQLite plans anew for each that is bound', async () => {
  const { db, close } = await openSqlite(':memory:')
  const { sql: text, parameters } = db.selectFrom('person').select('id').limit(2).offset(3).compile()
  expect(text).toBe('select "id" from "person" limit 2 offset 3')
  expect(parameters).toEqual([])
  await close()
})
