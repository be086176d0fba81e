import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findOrCreatePerson } from '../../accounts/people.ts'
import { Refusal } from '../../errors.ts'
import { newDatabase } from '../../store/postgres-server.fixture.ts'
import {
  eventually,
  logTo,
  openTestVomo,
  type Reply,
  startUpstream,
  type Upstream,
  wirePage,
  wireUser,
} from '../vomo.fixture.ts'
import type { Vomo, VomoSettings } from '../vomo.ts'
import { createLine } from './line.ts'

const silent = logTo([])
const hourMs = 3_600_000
const budget = 10
/** How much later than they were told a person's turn may come. */
const lateMs = 100

let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
let beside: Vomo[]
/** When each record was asked for. */
let readAtMs: Map<string, number>
let askedAtMs: number[]
let broken: ReadonlySet<string>
/** What VOMO answers first when it is asked for a record. */
let faults: Map<string, Reply[]>

beforeEach(async () => {
  readAtMs = new Map()
  askedAtMs = []
  beside = []
  broken = new Set()
  faults = new Map()
  upstream = await startUpstream((path) => {
    askedAtMs.push(here.time.nowMs)
    const id = /^\/users\/(\d+)$/.exec(path)?.[1]
    if (id === undefined) return { body: wirePage([], 1, 1) }
    const fault = faults.get(id)?.shift()
    if (fault) return fault
    readAtMs.set(id, here.time.nowMs)
    return { body: broken.has(id) ? { data: 'of another shape' } : { data: wireUser(Number(id)) } }
  })
})
afterEach(async () => {
  for (const each of beside) await each.close()
  await here.close()
  await upstream.close()
})

async function open(settings: Partial<VomoSettings> & { budget?: number } = {}) {
  const server = process.env['TEST_DATABASE_URL']
  const file = server ? await newDatabase(server) : ':memory:'
  here = await openTestVomo(upstream.baseUrl, { budget, file, ...settings })
  // Of no customer: the line is what is tested.
  here.vomo.startWarming([])
}

/** Reads for everyone in line. Time passes only where the line waits. */
async function readForAll(): Promise<void> {
  const line = createLine({
    store: here.store,
    read: here.vomo.user,
    clock: here.clock,
    log: silent,
    sleep: async (ms) => {
      here.time.nowMs += ms
      await setImmediate()
    },
    closing: new AbortController().signal,
  })
  await line.look(new Set(['hillside']))
  await line.settled()
  expect(await inLine()).not.toEqual([])
  await line.look(new Set(['riverbend']))
  await line.settled()
  expect(await inLine()).toEqual([])
}

/** @returns for each who was refused, when their record should be here */
async function comeAtOnce(ids: readonly string[]): Promise<Map<string, number>> {
  const told = new Map<string, number>()
  for (const id of ids) {
    here.time.nowMs += 1
    const found = await here.vomo.user('riverbend', id).catch((error: unknown) => error)
    if (found instanceof Refusal) told.set(id, here.time.nowMs + (found.retryAfterMs ?? 0))
  }
  return told
}

const people = (count: number) => Array.from({ length: count }, (_, i) => String(2_000_001 + i))
const inLine = async () =>
  (await here.store.read(here.store.db.selectFrom('vomo_wait').selectAll().compile())).map(
    (row) => row.vomo_user_id,
  )

const standing = () =>
  here.store.read(
    here.store.db
      .selectFrom('vomo_wait')
      .select(['vomo_user_id', 'kind', 'since_ms'])
      .orderBy('since_ms')
      .compile(),
  )
const keptOf = () =>
  here.store.read(here.store.db.selectFrom('vomo_person_copy').select('person_id').compile())

test('too many at once are read for in the order they came, when they were told, and within the budget', async () => {
  await open()
  const all = people(40)
  const told = await comeAtOnce(all)
  expect([...told.keys()]).toEqual(all.slice(budget))
  const moments = [...told.values()]
  expect(moments).toEqual(moments.toSorted((one, other) => one - other))

  await readForAll()
  expect([...readAtMs.keys()]).toEqual(all)
  for (const [id, atMs] of told) expect((readAtMs.get(id) ?? Infinity) - atMs).toBeLessThanOrEqual(lateMs)
  const busiest = Math.max(
    ...askedAtMs.map((ms) => askedAtMs.filter((other) => other >= ms && other < ms + 60_000).length),
  )
  expect(busiest).toBeLessThanOrEqual(budget)
})

test('a reload keeps the place and gains nothing, and others find a part of the budget', async () => {
  await open()
  const [first = '', second = '', ...others] = people(30)
  await comeAtOnce([...others, first, second])
  // All of the budget is free again.
  here.time.nowMs += 64_000
  await expect(here.vomo.user('riverbend', second)).rejects.toMatchObject({ code: 'vomo_unavailable' })
  // Ten were served at once, so the eleventh goes first.
  for (const id of others.slice(budget, budget + 9))
    expect(await here.vomo.user('riverbend', id)).toBeDefined()
  await expect(here.vomo.user('riverbend', others[budget + 9] ?? '')).rejects.toBeInstanceOf(Refusal)
  expect(await here.vomo.findUsersByAddress('riverbend', 'nobody@example.org')).toEqual({ found: 'none' })
})

test('a record that cannot be read holds up no others', async () => {
  await open()
  const all = people(14)
  broken = new Set(all.slice(10, 12))
  await comeAtOnce(all)
  await readForAll()
  expect([...readAtMs.keys()]).toEqual(all)
})

test('a call that VOMO refuses or drops costs no one their place', async () => {
  await open()
  const all = people(30)
  const [refused = '', dropped = '', failing = ''] = all.slice(budget)
  faults.set(refused, [{ status: 429, headers: { 'retry-after': '30' } }])
  faults.set(dropped, [{ hangUp: true }])
  faults.set(
    failing,
    Array.from({ length: 9 }, () => ({ status: 500 })),
  )
  await comeAtOnce(all)
  await readForAll()
  const order = [...readAtMs.keys()]
  expect(order).toHaveLength(all.length - 1)
  // Their calls go out again with the next ones.
  for (const id of [refused, dropped]) expect(order.indexOf(id)).toBeLessThan(2 * budget)
  expect(faults.get(failing)).toHaveLength(6)
})

test('a newcomer overtakes no one, and a save that is refused keeps the place', async () => {
  await open({ budget: 50 })
  const [first = '', second = '', newcomer = '', ...others] = people(100)
  await comeAtOnce([...others.slice(0, 50), first, second])
  // All that the line may use is used by others, and a tenth of the budget is left.
  here.time.nowMs += 64_000
  for (const id of others.slice(50, 95)) await here.vomo.user('riverbend', id, { fresh: true })
  const before = await standing()
  expect(before).toHaveLength(2)
  await expect(here.vomo.user('riverbend', newcomer)).rejects.toMatchObject({ cause: { kind: 'line' } })
  for (const id of others.slice(0, 5)) await here.vomo.user('riverbend', id, { fresh: true })
  await expect(here.vomo.user('riverbend', first, { fresh: true })).rejects.toMatchObject({
    cause: { kind: 'budget' },
  })
  expect((await standing()).slice(0, 2)).toEqual(before)
})

test('one process reads, and the page of another shows it without a call', async () => {
  const processes = { share: async () => new Set<string>(), count: () => 2 }
  await open({ retentionMs: 24 * hourMs })
  const all = people(12)
  for (const id of all)
    await here.store.write(() =>
      findOrCreatePerson(
        here.store.db,
        { customerId: 'riverbend', address: `p${id}@example.org`, vomoUserId: id },
        here.clock(),
      ),
    )
  const other = here.openBeside(processes)
  beside.push(other)
  other.startWarming(['riverbend'])
  await comeAtOnce(all.slice(0, budget))
  const late = all.at(-1) ?? ''
  await expect(other.user('riverbend', late)).rejects.toMatchObject({ code: 'vomo_unavailable' })
  await readForAll()
  await eventually(async () => (await keptOf()).length === budget + 1)
  here.time.nowMs = (readAtMs.get(late) ?? 0) + 1_000
  const calls = upstream.calls.length
  expect((await other.user('riverbend', late))?.value.id).toBe(late)
  expect(upstream.calls).toHaveLength(calls)
})

test('where another process could not see what was read, people do not stand in line', async () => {
  const processes = { share: async () => new Set(['riverbend']), count: () => 2 }
  await open({ retentionMs: 0, processes })
  await comeAtOnce(people(12))
  const kinds = await here.store.read(here.store.db.selectFrom('vomo_wait').select('kind').compile())
  expect(kinds.map(({ kind }) => kind)).toEqual(['identity', 'identity'])
})
