import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noMeter } from '../../metrics.ts'
import { makeRateLimiter } from '../../sandbox/rate-limit.ts'
import { openStore } from '../../store/engines.ts'
import type { Store } from '../../store/store.ts'
import { useTestServer } from '../../store/test-server.fixture.ts'
import { createAccess, grantVomoAccess } from '../access/access.ts'
import {
  addCustomer,
  logTo,
  type Reply,
  secrets,
  startOfTest,
  startUpstream,
  type Upstream,
} from '../vomo.fixture.ts'
import { VomoFailure } from '../wire/failure.ts'
import { createBudget } from './budget.ts'
import { type Calls, createCalls } from './calls.ts'

/** A budget of 100 meets a VOMO whose limit is another, over two processes. */
const openDatabase = useTestServer()

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-'))
})
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
  await rm(folder, { recursive: true })
})
const closes: (() => Promise<void>)[] = []

/** The sandbox's limit, whose numbers a test changes. `others` are calls of another program, at the start of each minute. */
function throttle(clock: () => number) {
  const here = { limit: 60, says: true, others: 0, refused: [] as number[], let: [] as number[] }
  const limiter = makeRateLimiter(clock)
  let endsAtMs = 0
  function hit(): Reply {
    const nowMs = clock()
    if (nowMs >= endsAtMs) for (let i = 0; i < here.others; i++) limiter('token', here.limit)
    const { isAllowed, remaining, resetAtMs } = limiter('token', here.limit)
    endsAtMs = resetAtMs
    ;(isAllowed ? here.let : here.refused).push(nowMs)
    const said = { 'x-ratelimit-limit': String(here.limit), 'x-ratelimit-remaining': String(remaining) }
    const after = { 'retry-after': String(Math.ceil((resetAtMs - nowMs) / 1_000)) }
    return {
      status: isAllowed ? 200 : 429,
      body: { data: [] },
      headers: { ...(here.says && said), ...(!isAllowed && after) },
    }
  }
  return { here, hit }
}

async function openWorld(database: string) {
  const time = { nowMs: startOfTest }
  const clock = () => time.nowMs
  const { here: vomo, hit } = throttle(clock)
  const upstream: Upstream = await startUpstream(hit)
  const stores: Store[] = [await openStore({ database }), await openStore({ database })]
  const [first] = stores
  if (!first) throw new Error('two are wanted')
  await addCustomer(first, 'riverbend')
  const access = { customerId: 'riverbend', baseUrl: upstream.baseUrl, token: 'one', budgetPerMinute: 100 }
  await first.write(() => grantVomoAccess(first.db, secrets, access))
  const open = (store: Store): Calls =>
    createCalls({
      access: createAccess({ store, secrets }),
      budget: createBudget({ store, clock }),
      clock,
      log: logTo([]),
      meter: noMeter,
      closing: new AbortController().signal,
      queueWaitMs: 30_000,
      requestTimeoutMs: 5_000,
      connect: undefined,
    })
  const processes = stores.map(open)
  closes.push(async () => {
    for (const each of processes) await each.close()
    for (const store of stores) await store.close()
    await upstream.close()
  })
  const perMinute = async () => {
    const [row] = await first.read(first.db.selectFrom('vomo_budget').select('per_minute').compile())
    return row?.per_minute ?? 100
  }

  async function ask(i: number): Promise<void> {
    try {
      await processes[i % 2]?.get('riverbend', 'identity', '/users')
    } catch (error) {
      if (!(error instanceof VomoFailure)) throw error
    }
  }

  /** Minutes in which as much is asked for as the budget gives, in bursts */
  async function work(minutes: number): Promise<void> {
    for (let burst = 0; burst < minutes * 4; burst++) {
      await Promise.all(Array.from({ length: 16 }, (_, i) => ask(i)))
      time.nowMs += 15_000
    }
  }
  return { time, vomo, stores, first, access, open, processes, perMinute, work }
}

test('a VOMO that names a lower limit refuses nothing after the first minute, and gets nine tenths', async () => {
  const { vomo, work, perMinute } = await openWorld(join(folder, 'budget.db'))
  vomo.limit = 40
  await work(20)
  expect(vomo.refused).toEqual([])
  expect(await perMinute()).toBe(36)
  vomo.limit = 90
  await work(30)
  expect(vomo.refused).toEqual([])
  expect(await perMinute()).toBeGreaterThanOrEqual(60)
}, 120_000)

test('a VOMO that says nothing until it refuses is met a few times, then never, for an hour', async () => {
  const { vomo, work, perMinute, time } = await openWorld(join(folder, 'budget.db'))
  vomo.says = false
  vomo.limit = 40
  await work(10)
  const early = vomo.refused.length
  expect(early).toBeGreaterThan(0)
  expect(early).toBeLessThanOrEqual(16)
  await work(45)
  expect(vomo.refused.length).toBe(early)
  expect(await perMinute()).toBeLessThanOrEqual(40)
  vomo.limit = 400
  time.nowMs += 10 * 60_000
  await work(15)
  expect(vomo.refused.length).toBe(early)
  expect(await perMinute()).toBeGreaterThan(55)
}, 120_000)

describe.each(['SQLite', 'PostgreSQL'])('on %s', (engine) => {
  const openHere = async () =>
    openWorld(engine === 'SQLite' ? join(folder, 'budget.db') : await openDatabase())

  test('never more calls in any minute than the highest budget of that minute', async () => {
    const { vomo, work, perMinute } = await openHere()
    vomo.limit = 50
    const budgets: { atMost: number; from: number; to: number }[] = []
    for (let turn = 0; turn < 8; turn++) {
      vomo.others = (turn * 7) % 30
      const before = await perMinute()
      const from = vomo.let.length
      await work(1)
      budgets.push({ atMost: Math.max(before, await perMinute()), from, to: vomo.let.length })
    }
    for (const [turn, { atMost, from, to }] of budgets.entries()) {
      const mine = vomo.let.slice(from, to)
      const inWindow = mine.map(
        (atMs) => vomo.let.filter((other) => other > atMs - 60_000 && other <= atMs).length,
      )
      const allowed = Math.max(atMost, budgets[turn - 1]?.atMost ?? 0)
      expect(Math.max(0, ...inWindow)).toBeLessThanOrEqual(allowed)
    }
    expect(vomo.refused.length).toBeLessThanOrEqual(16)
  }, 120_000)

  test('a restart keeps what was learned; another token forgets it, pause and all', async () => {
    const { vomo, work, perMinute, first, access, open, processes } = await openHere()
    vomo.limit = 40
    vomo.says = false
    await work(2)
    const learned = await perMinute()
    expect(learned).toBeLessThan(40)
    const restarted = open(first)
    expect(await perMinute()).toBe(learned)
    vomo.limit = 0
    await work(2)
    await expect(restarted.get('riverbend', 'identity', '/users')).rejects.toMatchObject({
      kind: /budget|limited/,
    })
    vomo.limit = 1_000
    await first.write(() => grantVomoAccess(first.db, secrets, { ...access, token: 'two' }))
    expect(await perMinute()).toBe(100)
    for (const each of [restarted, processes[0]])
      expect(await each?.get('riverbend', 'identity', '/users')).toEqual({ data: [] })
    await restarted.close()
  }, 120_000)
})
