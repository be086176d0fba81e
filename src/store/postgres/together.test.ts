import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockRow } from '../lock-row.ts'
import { openProxy, type Proxy } from '../postgres-proxy.fixture.ts'
import { preparedQuery } from '../prepared-query.ts'
import { rows, type Store, type Write } from '../store.ts'
import { useTestServer } from '../test-server.fixture.ts'
import { openPostgres } from './postgres.ts'

const openDatabase = useTestServer()
let proxy: Proxy
let store: Store

beforeEach(async () => {
  proxy = await openProxy(await openDatabase())
  store = await openPostgres(proxy.url)
  // Its listener has said all it says while nothing is recalled.
  let looks = 0
  const look = async () => {
    looks += 1
  }
  const isRecalled = async () => {
    const before = looks
    await store.recall('names', ['customer'], look)
    return looks === before
  }
  await expect.poll(isRecalled, { timeout: 20_000 }).toBe(true)
}, 60_000)
afterEach(async () => {
  await store.close()
  await proxy.close()
})

const callAt = preparedQuery((db, { atMs }: { atMs: number }) =>
  db.selectFrom('vomo_call').select(['at_ms', 'kind']).where('at_ms', '=', atMs).compile(),
)

const add = (atMs: number) =>
  rows(store.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: atMs }).compile())

const isKnown = (atMs: number) => async () => (await store.read(callAt(store.db, { atMs }))).length > 0

async function packetsOf(work: () => Promise<unknown>): Promise<number> {
  const before = proxy.packets()
  await work()
  return proxy.packets() - before
}

it('sends a write in as many packets as it looks at answers, and its commit in one', async () => {
  const blind = () =>
    store.write(function* (): Write<void> {
      yield* lockRow(store.db, 'customer', 'cus_1')
      for (const atMs of [1, 2, 3]) yield* add(atMs)
    })
  const looking = () =>
    store.write(function* (): Write<void> {
      yield* add(4)
      const [own] = yield* rows(callAt(store.db, { atMs: 4 }))
      yield* add((own?.at_ms ?? 0) + 1)
    })
  // On a connection that is there.
  await store.read(callAt(store.db, { atMs: 0 }))
  expect([await packetsOf(blind), await packetsOf(looking)]).toEqual([2, 3])
  for (const atMs of [1, 2, 3, 4, 5]) expect(await isKnown(atMs)(), `${atMs}`).toBe(true)
})

it('tells the fault of a query that its writer did not look at, not what the writer threw since, and keeps nothing', async () => {
  const mark = (since: number) =>
    rows(
      store.db
        .insertInto('secret_check')
        .values({ check_hash: new Uint8Array([1]), since_ms: since })
        .compile(),
    )
  await store.write(() => mark(1))
  const failing = store.write(function* () {
    yield* add(1)
    yield* mark(2)
    throw new Error('of the writer')
  })
  await expect(failing).rejects.toMatchObject({ code: '23505' })
  await expect(
    store.write(function* () {
      yield* add(1)
      throw new Error('of the writer')
    }),
  ).rejects.toThrow('of the writer')
  expect(await isKnown(1)()).toBe(false)
})

it('sends prepared reads of one moment in one packet, and answers each with its own rows or fault', async () => {
  await store.write(function* () {
    for (let atMs = 0; atMs < 20; atMs += 1) yield* add(atMs)
  })
  const tooLarge = preparedQuery((db, { by }: { by: number }) =>
    sql<{ n: number }>`select 9007199254740993 + ${by}::int8 as n`.compile(db),
  )
  await store.read(callAt(store.db, { atMs: 0 }))
  await store.read(tooLarge(store.db, { by: -10 })).catch(() => {})
  const outcomes: PromiseSettledResult<readonly unknown[]>[] = []
  const asked = async () => {
    const callsAt = Array.from({ length: 20 }, (_, atMs) => callAt(store.db, { atMs }))
    const queries = [...callsAt.slice(0, 7), tooLarge(store.db, { by: 0 }), ...callsAt.slice(7)]
    const reads = queries.map((query) => store.read<unknown>(query))
    outcomes.push(...(await Promise.allSettled(reads)))
  }
  expect(await packetsOf(asked)).toBe(1)
  const [failed] = outcomes.splice(7, 1)
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: /too large/ } })
  expect(outcomes.map((each) => each.status === 'fulfilled' && each.value)).toEqual(
    Array.from({ length: 20 }, (_, atMs) => [{ at_ms: atMs, kind: 'identity' }]),
  )
})

it('has no prepared read wait for a query that may take long', async () => {
  await store.read(callAt(store.db, { atMs: 1 }))
  let isOver = false
  const slow = store.read(sql`select pg_sleep(1)`.compile(store.db)).finally(() => {
    isOver = true
  })
  await Promise.all(Array.from({ length: 5 }, (_, atMs) => store.read(callAt(store.db, { atMs }))))
  expect(isOver).toBe(false)
  await slow
})
