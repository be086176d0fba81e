import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Refusal } from '../../errors.ts'
import { migrations } from '../migrations.ts'
import { openProxy, type Proxy } from '../postgres-proxy.fixture.ts'
import { newDatabase, startServer } from '../postgres-server.fixture.ts'
import { ForeignDatabase, NewerDatabase, rows, type Store, UnknownOutcome } from '../store.ts'
import { openPostgres } from './postgres.ts'

/** All is well again this long after the server is, or its connections are. */
const recoveryMs = 10_000

let server: Awaited<ReturnType<typeof startServer>>

beforeAll(async () => {
  server = await startServer()
}, 60_000)
afterAll(() => server?.stop(), 60_000)

const call = (store: Store, atMs: number) =>
  store.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: atMs }).compile()
const calls = async (store: Store) =>
  (await store.read(store.db.selectFrom('vomo_call').select('at_ms').orderBy('at_ms').compile())).map(
    ({ at_ms: atMs }) => atMs,
  )

it.each<[string, (proxy: Proxy) => Promise<void>]>([
  ['the server restarts', () => server.restart()],
  [
    'a proxy cuts all connections, ten times',
    async (proxy) => {
      for (let cut = 0; cut < 10; cut += 1) {
        proxy.cut()
        await pause(30)
      }
    },
  ],
])(
  'while %s, a write is kept once, or not at all, or says that this is unknown',
  async (_, disturb) => {
    const database = await newDatabase(server.url)
    const proxy = await openProxy(database)
    const store = await openPostgres(proxy.url)
    const outcomes = new Map<number, 'kept' | 'unknown' | 'refused'>()
    let isOver = false
    let atMs = 0
    const writers = Array.from({ length: 20 }, async () => {
      while (!isOver) {
        const mine = (atMs += 1)
        await store
          .write(() => rows(call(store, mine)))
          .then(
            () => outcomes.set(mine, 'kept'),
            (error: unknown) => {
              if (error instanceof UnknownOutcome) outcomes.set(mine, 'unknown')
              else if (error instanceof Refusal && error.code === 'service_unavailable')
                outcomes.set(mine, 'refused')
              else throw error
              return pause(5)
            },
          )
      }
    })
    await pause(200)
    await disturb(proxy)
    const disturbedAtMs = performance.now()
    await expect
      .poll(
        () =>
          store
            .write(() => rows(call(store, 0)))
            .then(
              () => store.canWrite(),
              () => false,
            ),
        { timeout: recoveryMs },
      )
      .toBe(true)
    expect(performance.now() - disturbedAtMs).toBeLessThan(recoveryMs)
    isOver = true
    await Promise.all(writers)

    const found = (await calls(store)).filter((each) => each > 0)
    expect(found.length, 'none twice').toBe(new Set(found).size)
    const kept = new Set(found)
    const of = (outcome: string) => [...outcomes].filter(([, each]) => each === outcome).map(([each]) => each)
    expect(of('kept').filter((each) => !kept.has(each))).toEqual([])
    expect(of('refused').filter((each) => kept.has(each))).toEqual([])
    expect(of('kept').length).toBeGreaterThan(20)
    await store.close()
    await proxy.close()
  },
  60_000,
)

it('a commit that is not answered says that it may have happened, and is not run again', async () => {
  const database = await newDatabase(server.url)
  const proxy = await openProxy(database)
  const store = await openPostgres(proxy.url)
  // The whole statement: "read committed" is another.
  proxy.cutAt('commit\0')
  await expect(store.write(() => rows(call(store, 1)))).rejects.toThrow(UnknownOutcome)
  await store.write(() => rows(call(store, 2)))
  // The server had it.
  expect(await calls(store)).toEqual([1, 2])
  await store.close()
  await proxy.close()
})

it('what was cut off before its commit runs again', async () => {
  const database = await newDatabase(server.url)
  const proxy = await openProxy(database)
  const store = await openPostgres(proxy.url)
  proxy.cutAt('insert into')
  await store.write(() => rows(call(store, 1)))
  expect(await calls(store)).toEqual([1])
  await store.close()
  await proxy.close()
})

it('nothing is recalled while the listener is cut off, and none of what has changed meanwhile once it is back', async () => {
  const database = await newDatabase(server.url)
  const proxy = await openProxy(database)
  const [mine, other] = [await openPostgres(proxy.url), await openPostgres(database)]
  let looks = 0
  const recall = () =>
    mine.recall('names', ['customer'], async () => {
      looks += 1
      return (await mine.read(mine.db.selectFrom('customer').select('name').compile())).map(
        ({ name }) => name,
      )
    })
  const rename = (name: string) =>
    other.write(() => rows(other.db.updateTable('customer').set({ name }).compile()))
  const customer = { id: 'cus_1', slug: 'one', name: 'First', host: 'one', public_origin: 'https://one' }
  const rest = { time_zone: 'UTC', mails_strangers: 0, created_at_ms: 0 }
  await other.write(() =>
    rows(
      other.db
        .insertInto('customer')
        .values({ ...customer, ...rest })
        .compile(),
    ),
  )
  const isRecalled = async () => {
    const before = looks
    await recall()
    return looks === before
  }
  await expect.poll(isRecalled).toBe(true)
  await rename('Second')
  await expect.poll(recall, { timeout: 1_000, interval: 10 }).toEqual(['Second'])
  await expect.poll(isRecalled).toBe(true)

  proxy.refuse()
  await pause(20)
  const direct = await openPostgres(database)
  await rename('Third')
  proxy.accept()
  // The very next.
  expect(await recall()).toEqual(['Third'])
  await expect.poll(isRecalled, { timeout: recoveryMs }).toBe(true)
  expect(await recall()).toEqual(['Third'])
  await Promise.all([mine, other, direct].map((store) => store.close()))
  await proxy.close()
})

it('another program’s change of a customer is heard of, too', async () => {
  const database = await newDatabase(server.url)
  const store = await openPostgres(database)
  const count = () =>
    store.recall(
      'count',
      ['application'],
      async () => (await store.read(store.db.selectFrom('application').select('id').compile())).length,
    )
  await expect.poll(count).toBe(0)
  const psql = new Client({ connectionString: database })
  await psql.connect()
  await psql.query(
    `insert into customer (id, slug, name, host, public_origin, time_zone, mails_strangers, created_at_ms)
     values ('cus_1', 'one', 'One', 'one', 'https://one', 'UTC', 0, 0)`,
  )
  await psql.query(
    `insert into application (id, customer_id, name, created_at_ms) values ('app_1', 'cus_1', 'site', 0)`,
  )
  await psql.end()
  await expect.poll(count, { timeout: 1_000, interval: 10 }).toBe(1)
  await store.close()
})

it('refuses what finds no place in the queue, changes nothing for it, and serves the others', async () => {
  const store = await openPostgres(await newDatabase(server.url))
  const writing = Promise.allSettled(
    Array.from({ length: 2_500 }, (_, atMs) => store.write(() => rows(call(store, atMs)))),
  )
  await expect.poll(() => store.server?.connections().inUse).toBe(10)
  expect(store.server?.connections().waiting).toBeGreaterThan(1_000)
  const outcomes = await writing
  expect(store.server?.connections()).toEqual({ inUse: 0, waiting: 0 })
  expect(await store.server?.limits()).toEqual({ ofProcess: 11, ofServer: 297 })
  const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as Refusal] : []))
  expect(refused.length).toBeGreaterThan(0)
  for (const refusal of refused)
    expect(refusal).toMatchObject({ code: 'service_unavailable', status: 503, retryAfterMs: 1_000 })
  expect(await calls(store)).toHaveLength(outcomes.length - refused.length)
  await store.close()
})

it('two that lock what the other wants both get through', async () => {
  const store = await openPostgres(await newDatabase(server.url))
  for (const id of ['a', 'b']) await store.write(() => rows(call(store, id === 'a' ? 1 : 2)))
  const raise = (first: number, second: number) =>
    store.write(function* () {
      for (const atMs of [first, second]) {
        yield sql`update vomo_call set customer_id = customer_id || 'x' where at_ms = ${atMs}`.compile(
          store.db,
        )
        yield sql`select pg_sleep(0.1)`.compile(store.db)
      }
    })
  await Promise.all([raise(1, 2), raise(2, 1)])
  const found = await store.read(store.db.selectFrom('vomo_call').select('customer_id').compile())
  expect(found).toEqual([{ customer_id: 'cus_1xx' }, { customer_id: 'cus_1xx' }])
  await store.close()
})

it('tables are added to, though a process that serves has locked what the migration wants, and wants what it has', async () => {
  const database = await newDatabase(server.url)
  const store = await openPostgres(database)
  await store.close()
  const older = new Client({ connectionString: database })
  await older.connect()
  // As it was before this migration, which adds to sessions first, then to providers.
  await older.query(`alter table session drop column second_step, drop column second_step_at_ms`)
  await older.query(`alter table provider drop column second_step`)
  await older.query(`drop table step_code`)
  await older.query(`delete from kysely_migration where name = '0029_second_step'`)

  // PostgreSQL ends the transaction that looks first whether it waits in a circle: that of the migration.
  await older.query(`set deadlock_timeout = '1min'`)
  await older.query('begin')
  await older.query('lock table provider in row exclusive mode')
  const opening = openPostgres(database)
  const waiting = `select from pg_locks where relation = 'provider'::regclass and not granted`
  await expect.poll(async () => (await older.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1)
  await older.query('select from session')
  await older.query('commit')
  await older.end()

  const newer = await opening
  const columns = newer.db.selectFrom('session').select('second_step').compile()
  expect(await newer.read(columns)).toEqual([])
  await newer.close()
})

it('of two that find nothing and make the same row, the second finds that of the first', async () => {
  const store = await openPostgres(await newDatabase(server.url))
  const make = () =>
    store.write(function* () {
      const [known] = yield* rows(store.db.selectFrom('secret_check').select('since_ms').compile())
      if (known) return 'found'
      yield sql`select pg_sleep(0.1)`.compile(store.db)
      const row = { check_hash: new Uint8Array([1]), since_ms: 1 }
      yield* rows(store.db.insertInto('secret_check').values(row).compile())
      return 'made'
    })
  expect((await Promise.all([make(), make(), make()])).toSorted()).toEqual(['found', 'found', 'made'])
  await store.close()
})

it('text with a zero byte is a bad request, not a fault', async () => {
  const store = await openPostgres(await newDatabase(server.url))
  const insert = store.db.insertInto('vomo_call').values({ customer_id: 'cus\0', at_ms: 1 }).compile()
  await expect(store.write(() => rows(insert))).rejects.toMatchObject({ code: 'bad_request' })
  await store.close()
})

it('sorts and compares texts by their bytes, in a database that sorts as people do', async () => {
  const store = await openPostgres(await newDatabase(server.url))
  const names = ['a', 'B', 'é', 'Z', '_', 'z']
  for (const name of names)
    await store.write(() =>
      rows(store.db.insertInto('vomo_call').values({ customer_id: name, at_ms: 1 }).compile()),
    )
  const sorted = await store.read(
    store.db.selectFrom('vomo_call').select('customer_id').orderBy('customer_id').compile(),
  )
  expect(sorted.map(({ customer_id: name }) => name)).toEqual(['B', 'Z', '_', 'a', 'z', 'é'])
  await store.close()
})

it('opens no database of another program, and none that a newer version has added to unless told so', async () => {
  const foreign = await newDatabase(server.url)
  const psql = new Client({ connectionString: foreign })
  await psql.connect()
  await psql.query('create table invoice (id int)')
  await expect(openPostgres(foreign)).rejects.toThrow(ForeignDatabase)
  expect((await psql.query(`select tablename from pg_tables where schemaname = 'public'`)).rowCount).toBe(1)
  await psql.end()

  const newer = await newDatabase(server.url)
  const store = await openPostgres(newer)
  await store.write(function* () {
    yield sql`insert into kysely_migration (name, timestamp) values ('9999_flying', 'now')`.compile(store.db)
  })
  await store.close()
  await expect(openPostgres(newer)).rejects.toThrow(NewerDatabase)
  const opened = await openPostgres(newer, { allowsNewer: true })
  const applied = await opened.read(sql`select name from kysely_migration`.compile(opened.db))
  expect(applied).toHaveLength(Object.keys(migrations).length + 1)
  await opened.close()
})
