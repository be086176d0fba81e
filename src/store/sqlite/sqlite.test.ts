import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { Refusal } from '../../errors.ts'
import { storeContract } from '../store.contract.ts'
import { rows } from '../store.ts'
import { openSqlite } from './sqlite.ts'

const fresh = () => join(mkdtempSync(join(tmpdir(), 'porchlight-store-')), 'test.db')

storeContract('SQLite', () => {
  const file = fresh()
  return () => openSqlite(file)
})

it('names what it reads by the columns there are, when a newer version beside it has added one', async () => {
  const file = fresh()
  const store = await openSqlite(file)
  const call = { customer_id: 'cus_1', at_ms: 7, kind: 'identity', vomo_user_id: null }
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

it('recalls nothing that another connection has changed before the request came that asks', async () => {
  const file = fresh()
  const mine = await openSqlite(file)
  const other = new Database(file)
  const add = other.prepare(`insert into vomo_call (customer_id, at_ms) values ('cus_1', ?)`)
  const calls = () => mine.read(mine.db.selectFrom('vomo_call').selectAll().compile())
  for (let count = 0; count < 20; count += 1) {
    // Two callbacks of one turn of the event loop, as of a timer and of a socket.
    const turns = [0, 1].map(() => new Promise<void>((resolve) => void setImmediate(resolve)))
    await turns[0]
    expect(await mine.recall('calls', ['vomo_call'], calls)).toHaveLength(count)
    add.run(count)
    await turns[1]
    expect(await mine.recall('calls', ['vomo_call'], calls)).toHaveLength(count + 1)
  }
  await mine.close()
  other.close()
})

it('drops what a query locks, since only one writer runs at a time', async () => {
  const { db, close } = await openSqlite(':memory:')
  const { sql: text } = db.selectFrom('job').select('id').forUpdate().skipLocked().compile()
  expect(text).toBe('select "id" from "job"')
  await close()
})

it('the number after limit stands in the text, since SQLite plans anew for each that is bound', async () => {
  const { db, close } = await openSqlite(':memory:')
  const { sql: text, parameters } = db.selectFrom('person').select('id').limit(2).offset(3).compile()
  expect(text).toBe('select "id" from "person" limit 2 offset 3')
  expect(parameters).toEqual([])
  await close()
})

it('runs the writes of one turn in their order, and takes back those that refuse', async () => {
  const store = await openSqlite(fresh())
  const call = (atMs: number) =>
    store.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: atMs }).compile()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 60 }, (_, atMs) =>
      store.write(function* () {
        const before = (yield* rows(store.db.selectFrom('vomo_call').selectAll().compile())).length
        yield* rows(call(atMs))
        if (atMs % 3 === 1) throw new Refusal('link_not_usable')
        return before
      }),
    ),
  )
  const seen = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  expect(seen).toEqual(Array.from({ length: 40 }, (_, before) => before))
  const kept = await store.read(store.db.selectFrom('vomo_call').select('at_ms').compile())
  expect(kept.map((row) => row.at_ms)).toEqual(
    Array.from({ length: 60 }, (_, atMs) => atMs).filter((atMs) => atMs % 3 !== 1),
  )
  await store.close()
})

it('lets the first of several win a row that none has changed, and the next where it was taken back', async () => {
  const store = await openSqlite(fresh())
  await store.write(() =>
    rows(store.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: 0 }).compile()),
  )
  const take = (isTakenBack: boolean) =>
    store.write(function* () {
      const won = yield* rows(store.db.deleteFrom('vomo_call').returning('at_ms').compile())
      if (won.length > 0 && isTakenBack) throw new Refusal('link_not_usable')
      return won.length
    })
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, (_, i) => take(i < 3)))
  expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : 'taken back'))).toEqual([
    ...Array.from({ length: 3 }, () => 'taken back'),
    1,
    ...Array.from({ length: 196 }, () => 0),
  ])
  await store.close()
})

it('shows a reader nothing of a write that waits for its commit', async () => {
  const store = await openSqlite(fresh())
  const call = { customer_id: 'cus_1', at_ms: 1, kind: 'identity', vomo_user_id: null }
  const written = store.write(() => rows(store.db.insertInto('vomo_call').values(call).compile()))
  const all = () => store.read(store.db.selectFrom('vomo_call').selectAll().compile())
  expect(await all()).toEqual([])
  await written
  expect(await all()).toEqual([call])
  await store.close()
})
