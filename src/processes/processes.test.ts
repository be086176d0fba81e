import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from '../store/engines.ts'
import { rows, type Store } from '../store/store.ts'
import { joinProcesses, type Processes } from './processes.ts'
import { startSweeps } from './sweeps.ts'

let store: Store
let nowMs: number
let joined: Processes[]

beforeEach(async () => {
  store = await openStore({ database: ':memory:' })
  nowMs = 1_800_000_000_000
  joined = []
})
afterEach(async () => {
  for (const each of joined) await each.leave()
  await store.close()
})

const beatMs = 20
const log = { debug() {}, info() {}, warn() {}, error() {} }

async function join(): Promise<Processes> {
  nowMs += 1
  const process = await joinProcesses({ store, clock: () => nowMs, log, version: '1.0.0', beatMs })
  joined.push(process)
  return process
}

const works = Array.from({ length: 10 }, (_, i) => `work ${i}`)
const sharesOf = async (processes: readonly Processes[]) => {
  // What one gives up, another takes with its next call.
  for (const each of processes) await each.share('kind', works)
  return Promise.all(processes.map((each) => each.share('kind', works)))
}

it('divides work evenly, each piece to one, and again when one joins or leaves', async () => {
  const first = await join()
  expect(await first.share('kind', works)).toEqual(new Set(works))
  const [second, third] = [await join(), await join()]
  const shares = await sharesOf([first, second, third])
  expect(shares.map(({ size }) => size)).toEqual([4, 3, 3])
  expect(new Set(shares.flatMap((share) => [...share]))).toEqual(new Set(works))
  await second.leave()
  expect((await sharesOf([first, third])).map(({ size }) => size)).toEqual([5, 5])
  expect(await first.share('kind', ['work 3'])).toEqual(new Set(['work 3']))
})

it('forgets a process that was silent, with all it had, but not while it was silent itself', async () => {
  const first = await join()
  const silent = { id: 'prc_silent', version: '1.0.0', started_at_ms: nowMs, beat_at_ms: nowMs }
  await store.write(() => rows(store.db.insertInto('process').values(silent).compile()))
  const lease = { kind: 'kind', name: 'work 0', process_id: 'prc_silent' }
  await store.write(() => rows(store.db.insertInto('lease').values(lease).compile()))
  await expect.poll(() => first.count()).toBe(2)
  expect((await first.share('kind', works)).size).toBe(5)
  // The database was away this long: both were silent.
  nowMs += 10 * beatMs
  await expect.poll(() => first.count()).toBe(1)
  expect(await first.share('kind', works)).toEqual(new Set(works))
})

it('gives each process a part of a limit, a small one at first, and all parts are the whole', async () => {
  const first = await join()
  expect(first.partOf(60_000)).toBe(1)
  nowMs += 120_000
  const second = await join()
  await expect.poll(() => first.count()).toBe(2)
  expect(second.partOf(60_000)).toBeCloseTo(0.1 / 1.1)
  nowMs += 30_000
  expect(second.partOf(60_000)).toBeCloseTo(0.5 / 1.5)
  expect(first.partOf(60_000)).toBeCloseTo(1 / 1.5)
  nowMs += 30_000
  expect([first, second].map((each) => each.partOf(60_000))).toEqual([0.5, 0.5])
})

it('sweeps each part once in ten minutes, by one process', async () => {
  const swept: string[] = []
  const part = (name: string) => ({
    *forget() {
      swept.push(name)
      yield* rows(store.db.selectFrom('process').select('id').compile())
    },
  })
  const parts = { one: { forget: [part('one').forget] }, two: { forget: [part('two').forget] }, three: {} }
  const tools = { store, clock: () => nowMs, log, lookEveryMs: 5 }
  const sweeps = [await startSweeps(tools, parts), await startSweeps(tools, parts)]
  nowMs += 599_000
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(swept).toEqual([])
  nowMs += 2_000
  await expect.poll(() => swept.toSorted()).toEqual(['one', 'two'])
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(swept).toHaveLength(2)
  for (const each of sweeps) await each.close()
})
