import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../store/engines.ts'
import type { Store } from '../../store/store.ts'
import { startOfTest } from '../vomo.fixture.ts'
import { type Budget, createBudget, forgetCalls, windowMs } from './budget.ts'
import type { CallKind } from './call-kinds.ts'

let folder: string
let stores: Store[]
let nowMs: number
let budgets: [Budget, Budget]

beforeEach(async () => {
  nowMs = startOfTest
  folder = await mkdtemp(join(tmpdir(), 'porchlight-'))
  const file = join(folder, 'budget.db')
  stores = [await openStore({ database: file }), await openStore({ database: file })]
  const [one, other] = stores.map((store) => createBudget({ store, clock: () => nowMs }))
  if (!one || !other) throw new Error('two are wanted')
  budgets = [one, other]
})

afterEach(async () => {
  for (const store of stores) await store.close()
  await rm(folder, { recursive: true })
})

const setting = { budgetPerMinute: 50, budgetCeiling: 50 }

async function spend(times: number, kind: CallKind, customerId = 'riverbend'): Promise<number> {
  const passes = await Promise.all(
    Array.from({ length: times }, (_, i) =>
      budgets[i % 2 === 0 ? 0 : 1].spend(customerId, { setting, kind }),
    ),
  )
  return passes.filter(({ isGranted }) => isGranted).length
}

/** VOMO answers a call that was just sent with 429. */
async function refuse(budget: Budget, retryAfterMs: number): Promise<void> {
  const call = { isGranted: true, atMs: nowMs, used: 1, perMinute: 50 } as const
  const refusal = { retryAfterMs, pausedUntilMs: nowMs + retryAfterMs }
  await budget.learn('riverbend', setting, call, { limit: undefined, remaining: undefined, refusal })
}

test('of 200 calls at once from two processes on one file, exactly the budget goes', {
  timeout: 60_000,
}, async () => {
  for (let round = 0; round < 10; round++) {
    expect(await spend(200, 'identity')).toBe(50)
    nowMs += windowMs
  }
})

test('warming stops at 60 % of the budget, renewals at 85 %, projects at 90 %, and identity has all of it', async () => {
  expect(await spend(100, 'warming')).toBe(30)
  expect(await spend(100, 'renewal')).toBe(12)
  expect(await spend(100, 'project')).toBe(3)
  expect(await spend(100, 'identity')).toBe(5)
})

test('what identity has used leaves less for the others', async () => {
  expect(await spend(35, 'identity')).toBe(35)
  expect(await spend(100, 'warming')).toBe(0)
  expect(await spend(100, 'renewal')).toBe(7)
  expect(await spend(100, 'project')).toBe(3)
})

test('another customer has a budget of its own', async () => {
  expect(await spend(60, 'identity')).toBe(50)
  expect(await spend(60, 'identity', 'hillside')).toBe(50)
})

test('in no window of 60 s do more calls go than the budget, however they are spread', async () => {
  const wentAtMs: number[] = []
  for (let step = 0; step < 600; step++) {
    const went = await spend((step * 7) % 11, 'identity')
    for (let i = 0; i < went; i++) wentAtMs.push(nowMs)
    nowMs += 500
  }
  const inWindow = wentAtMs.map(
    (atMs) => wentAtMs.filter((other) => other >= atMs && other < atMs + 60_000).length,
  )
  expect(Math.max(...inWindow)).toBe(50)
})

test('a refusal says when a call is free again, and a moment earlier none is', async () => {
  await spend(10, 'identity')
  nowMs += 1_000
  await spend(40, 'identity')
  const refused = await budgets[0].spend('riverbend', { setting, kind: 'identity' })
  expect(refused).toEqual({ isGranted: false, freeAtMs: startOfTest + windowMs })
  nowMs = startOfTest + windowMs - 1
  expect(await spend(20, 'identity')).toBe(0)
  nowMs += 1
  expect(await spend(20, 'identity')).toBe(10)
})

test('a restart forgets no call', async () => {
  await spend(45, 'identity')
  const [store] = stores
  if (!store) throw new Error('a store is wanted')
  const restarted = createBudget({ store, clock: () => nowMs })
  const passes = await Promise.all(
    Array.from({ length: 20 }, () => restarted.spend('riverbend', { setting, kind: 'identity' })),
  )
  expect(passes.filter(({ isGranted }) => isGranted)).toHaveLength(5)
})

test('a pause binds the other process, up to its last millisecond', async () => {
  await spend(20, 'identity')
  await refuse(budgets[0], 90_000)
  expect(await spend(10, 'identity')).toBe(0)
  nowMs += 89_999
  expect(await spend(10, 'identity')).toBe(0)
  nowMs += 1
  expect(await spend(10, 'identity')).toBe(10)
})

test('a clock set back by an hour blocks no call for an hour', async () => {
  await spend(50, 'identity')
  nowMs -= 60 * 60_000
  expect(await spend(50, 'identity')).toBe(50)
})

test('a call counts from when the customer’s row was its own, however long it waited for it', async () => {
  const [store] = stores
  if (!store) throw new Error('a store is wanted')
  const busy: Store = {
    ...store,
    write: (flow) =>
      store.write(function* () {
        const writer = flow()
        let step = writer.next([])
        // Another process has the row that the first statement locks.
        nowMs += 2_000
        while (!step.done) step = writer.next(yield step.value)
        return step.value
      }),
  }
  const pass = await createBudget({ store: busy, clock: () => nowMs }).spend('riverbend', {
    setting,
    kind: 'identity',
  })
  expect(pass).toEqual({ isGranted: true, atMs: nowMs, used: 1, perMinute: 50 })
})

test('old calls do not pile up in the table', async () => {
  const [store] = stores
  for (let i = 0; i < 20; i++) {
    await spend(50, 'identity')
    nowMs += windowMs
  }
  const rows = await store?.read(store.db.selectFrom('vomo_call').selectAll().compile())
  expect(rows?.length).toBeLessThanOrEqual(50)
})

test('one person’s reloads take a fifth, and leave the rest to others', async () => {
  const reload = (whose: string, i: number) =>
    budgets[i % 2 === 0 ? 0 : 1].spend('riverbend', { setting, kind: 'identity', whose })
  const passes = await Promise.all(Array.from({ length: 200 }, (_, i) => reload('1000001', i)))
  expect(passes.filter(({ isGranted }) => isGranted)).toHaveLength(10)
  expect(passes.find(({ isGranted }) => !isGranted)).toMatchObject({ freeAtMs: nowMs + windowMs })
  const others = await Promise.all(Array.from({ length: 40 }, (_, i) => reload(String(2_000_000 + i), i)))
  expect(others.every(({ isGranted }) => isGranted)).toBe(true)
  nowMs += windowMs
  expect(await reload('1000001', 0)).toMatchObject({ isGranted: true })
})

test('whom the last calls were about, and who waited, is forgotten with them, also when no further call goes out', async () => {
  const [store] = stores
  if (!store) throw new Error('a store is wanted')
  for (let i = 0; i < 51; i++)
    await budgets[0].spend('riverbend', { setting, kind: 'identity', whose: String(1_000_001 + i) })
  const waits = () => store.read(store.db.selectFrom('vomo_wait').select('vomo_user_id').compile())
  expect(await waits()).toEqual([{ vomo_user_id: '1000051' }])
  nowMs += 2 * windowMs
  await store.write(() => forgetCalls(store.db, nowMs))
  expect(await store.read(store.db.selectFrom('vomo_call').selectAll().compile())).toEqual([])
  expect(await waits()).toEqual([])
})
