import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultLimits, openLimits } from '../limits.ts'
import { openSecrets } from '../secrets.ts'
import { openStore } from '../store/engines.ts'
import type { Store } from '../store/store.ts'

const startMs = 1_800_000_000_000
const secrets = openSecrets(['s'.repeat(32)])

let store: Store
let nowMs: number
beforeEach(async () => {
  store = await openStore({ database: ':memory:' })
  nowMs = startMs
})
afterEach(async () => {
  await store.close()
})

/** Takes at once what a limit of five a minute gives. @returns how many it gave */
async function takeAll(): Promise<number> {
  const settings = { ...defaultLimits, missesPerNetwork: { count: 5, perMs: 60_000 } }
  const limits = openLimits(settings, { store, secrets, clock: () => nowMs, processes: { partOf: () => 1 } })
  let given = 0
  while ((await store.write(() => limits.take('missesPerNetwork', '192.0.2.1'))).ok) given += 1
  return given
}

it('what is used up stays so for a request that read its clock a moment before, or whose machine is a second behind', async () => {
  expect(await takeAll()).toBe(5)
  for (const behindMs of [1, 1_000, 60_000]) {
    nowMs = startMs - behindMs
    expect(await takeAll(), `${behindMs} ms behind`).toBe(0)
  }
  nowMs = startMs
  expect(await takeAll()).toBe(0)
})

it('a count from before the clock was set back by an hour is ignored', async () => {
  expect(await takeAll()).toBe(5)
  nowMs = startMs - 3_600_000
  expect(await takeAll()).toBe(5)
  expect(await takeAll()).toBe(0)
})
