import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../store/engines.ts'
import type { Store } from '../../store/store.ts'
import { useTestServer } from '../../store/test-server.fixture.ts'
import { addCustomer, startOfTest } from '../vomo.fixture.ts'
import { type Budget, createBudget } from './budget.ts'
import type { CallKind } from './call-kinds.ts'

/** VOMO was away for an hour. All people come back at once: most with a copy that their page shows, some with nothing to show. */
const people = { identity: 100, renewal: 400 }
const reloadMs = 20_000
const hourMs = 60 * 60_000

const openDatabase = useTestServer()

let folder: string
let nowMs: number
const stores: Store[] = []
beforeEach(async () => {
  nowMs = startOfTest
  folder = await mkdtemp(join(tmpdir(), 'porchlight-'))
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  await rm(folder, { recursive: true })
})

describe.each(['SQLite', 'PostgreSQL'])('on %s, after an outage of an hour', (engine) => {
  async function openTwo(): Promise<Budget[]> {
    const database = engine === 'SQLite' ? join(folder, 'budget.db') : await openDatabase()
    for (let i = 0; i < 2; i++) stores.push(await openStore({ database }))
    // Calls are counted under the lock of the customer's row.
    for (const store of stores) await addCustomer(store, 'riverbend')
    return stores.map((store) => createBudget({ store, clock: () => nowMs }))
  }

  test('people with nothing to show are served first, and the background last', async () => {
    const perMinute = 60
    const setting = { budgetPerMinute: perMinute, budgetCeiling: perMinute }
    const budgets = await openTwo()
    const sentAtMs: number[] = []
    const servedAtMs = new Map<string, number>()
    let inBackground = 0
    let asks = 0
    async function ask(kind: CallKind, whose?: string): Promise<void> {
      const budget = budgets[asks++ % 2]
      const pass = await budget?.spend('riverbend', { setting, kind, whose })
      if (!pass?.isGranted) return
      sentAtMs.push(pass.atMs)
      if (whose === undefined) inBackground += 1
      else servedAtMs.set(whose, pass.atMs)
    }
    const waiting = Object.entries(people).flatMap(([kind, count]) =>
      Array.from({ length: count }, (_, i) => ({ kind: kind as CallKind, whose: `${kind} ${i}` })),
    )
    const servedOf = (kind: CallKind) => [...servedAtMs.keys()].filter((whose) => whose.startsWith(kind))

    nowMs += hourMs
    const backAtMs = nowMs
    const minutes = Math.ceil(people.identity / perMinute) + 1
    let renewedMeanwhile = 0
    for (; nowMs < backAtMs + (minutes + 3) * 60_000; nowMs += 1_000) {
      const second = (nowMs - backAtMs) / 1_000
      // Each reloads every twenty seconds, whether or not they saw a page; those with a copy come first.
      const here = waiting.filter(
        ({ whose }, i) => (i * 7 + second) % (reloadMs / 1_000) === 0 && !servedAtMs.has(whose),
      )
      await ask('warming')
      const line = here.toReversed()
      // No more at once than PostgreSQL has connections for.
      while (line.length > 0) await Promise.all(line.splice(0, 8).map(({ kind, whose }) => ask(kind, whose)))
      if (servedOf('identity').length < people.identity) renewedMeanwhile = servedOf('renewal').length
    }

    const last = Math.max(...servedOf('identity').map((whose) => servedAtMs.get(whose) ?? 0))
    expect(servedOf('identity')).toHaveLength(people.identity)
    expect(last - backAtMs).toBeLessThanOrEqual(minutes * 60_000)
    // Only until those without a copy were known to wait.
    expect(renewedMeanwhile).toBeLessThanOrEqual(2 * perMinute)
    expect(servedOf('renewal').length).toBeGreaterThan(renewedMeanwhile + perMinute)
    expect(inBackground).toBeLessThanOrEqual(budgets.length)
    const inMinute = sentAtMs.map(
      (atMs) => sentAtMs.filter((other) => other > atMs - 60_000 && other <= atMs).length,
    )
    expect(Math.max(...inMinute)).toBeLessThanOrEqual(perMinute)
  }, 60_000)

  test('those who wait are counted, so the rest of the budget renews', async () => {
    const setting = { budgetPerMinute: 50, budgetCeiling: 50 }
    const [budget, other] = await openTwo()
    const spend = async (kind: CallKind, count: number, name: string) => {
      let granted = 0
      for (let i = 0; i < count; i++) {
        const of = { setting, kind, whose: `${name} ${i}` }
        const pass = await (i % 2 === 0 ? budget : other)?.spend('riverbend', of)
        granted += pass?.isGranted ? 1 : 0
      }
      return granted
    }
    // Renewals leave a part of the budget free, so that a newcomer seldom waits at all.
    expect(await spend('renewal', 50, 'shown')).toBe(42)
    expect(await spend('identity', 12, 'new')).toBe(8)
    nowMs += 63_000
    // Four newcomers wait.
    expect(await spend('renewal', 50, 'shown')).toBe(38)
    nowMs += 63_000
    // They did not come back.
    expect(await spend('renewal', 50, 'shown')).toBe(42)
  })
})
