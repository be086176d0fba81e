import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancellableSleep } from '../flow/sleep.ts'
import {
  eventually,
  openTestVomo,
  startUpstream,
  type Upstream,
  wirePage,
  wireProject,
} from '../vomo.fixture.ts'

let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
/** Ids VOMO lists without a filter, and those it lists only with `anytime=true`. */
let listed: number[]
let anytime: number[]
let whenMs: number[]

beforeEach(async () => {
  listed = Array.from({ length: 100 }, (_, i) => 501 + i)
  anytime = [701, 702]
  whenMs = []
  upstream = await startUpstream((path, query) => {
    whenMs.push(here.time.nowMs)
    if (path === '/users') return { body: wirePage([], 1, 1) }
    if (path !== '/projects') return { body: { data: wireProject(Number(path.split('/').at(-1))) } }
    const ids = query.get('anytime') === 'true' ? anytime : listed
    const page = Number(query.get('page'))
    const items = ids.slice((page - 1) * 15, page * 15).map((id) => ({ id, name: `Project ${id}` }))
    return { body: wirePage(items, page, Math.ceil(ids.length / 15)) }
  })
})

afterEach(async () => {
  await here.close()
  await upstream.close()
})

/** Longer than any test. */
const warmEveryMs = 10 ** 9

/** Time passes only where warming waits. */
async function open(budget: number) {
  here = await openTestVomo(upstream.baseUrl, {
    budget,
    sleep: async (ms, signal) => {
      if (ms === warmEveryMs) return cancellableSleep(ms, signal)
      here.time.nowMs += ms
      await setImmediate()
    },
    warmEveryMs,
  })
}

const held = () => here.vomo.allProjects('riverbend')

test('every project is held after a while, those of the anytime list too, at 60 % of the budget in any minute', async () => {
  await open(50)
  expect(await held()).toMatchObject({ projects: [], isComplete: false, asOfMs: null })
  here.vomo.startWarming(['riverbend'])
  await eventually(async () => (await held()).projects.length === 102)
  expect((await held()).isComplete).toBe(true)
  const busiest = Math.max(
    ...whenMs.map((ms) => whenMs.filter((other) => other >= ms && other < ms + 60_000).length),
  )
  expect(busiest).toBeLessThanOrEqual(30)
})

test('its share is spent without pacing', async () => {
  await open(250)
  here.vomo.startWarming(['riverbend', 'riverbend'])
  await eventually(async () => (await held()).isComplete)
  expect(here.time.nowMs - (whenMs[0] ?? 0)).toBeLessThan(60_000)
})

test('a visitor’s project is fetched while warming has used up its share', async () => {
  await open(50)
  const spent = Array.from({ length: 30 }, (_, i) => String(501 + i))
  await here.vomo.projects('riverbend', spent)
  here.vomo.startWarming(['riverbend'])
  await here.vomo.projects('riverbend', ['601'])
  expect(upstream.calls.slice(30).map(({ path }) => path)).toContain('/projects/601')
})

test('paging in a circle ends', async () => {
  await open(500)
  upstream.answer = (path) =>
    path === '/users'
      ? { body: wirePage([], 1, 1) }
      : path === '/projects'
        ? { body: { data: [{ id: 501 }], links: { next: 'https://elsewhere.example.org/?page=2' } } }
        : { body: { data: wireProject(501) } }
  here.vomo.startWarming(['riverbend'])
  await eventually(async () => (await held()).isComplete)
  expect(upstream.calls.filter(({ path }) => path.startsWith('/projects?'))).toHaveLength(4)
})

test('closing stops warming at once', async () => {
  await open(50)
  here.vomo.startWarming(['riverbend', 'hillside'])
  await eventually(() => upstream.calls.length > 5)
  await here.vomo.close()
  // Lets pending work finish.
  for (let i = 0; i < 5; i++) await setImmediate()
  const { length } = upstream.calls
  for (let i = 0; i < 50; i++) await setImmediate()
  expect(upstream.calls).toHaveLength(length)
})

test('a project that is no longer on the list is no opportunity, and makes the others look no older', async () => {
  await open(500)
  listed = [501]
  await here.vomo.projects('riverbend', ['999'])
  here.time.nowMs += 60 * 60_000
  const { nowMs } = here.time
  expect((await held()).projects.map(({ id }) => id)).toEqual(['999'])
  here.vomo.startWarming(['riverbend'])
  await eventually(async () => (await held()).isComplete)
  const now = await held()
  expect(now.projects.map(({ id }) => id)).toEqual(['501', '701', '702'])
  expect(now.asOfMs).toBeGreaterThanOrEqual(nowMs)
})

test('another process shows the projects that were read, those read later too, without a call', async () => {
  await open(250)
  here.vomo.startWarming(['riverbend'])
  await eventually(async () => (await held()).isComplete)
  const beside = here.openBeside()
  beside.startWarming(['riverbend'])
  const shown = async () => (await beside.allProjects('riverbend')).projects.length
  await eventually(async () => (await beside.allProjects('riverbend')).isComplete)
  const asked = () => upstream.calls.filter(({ path }) => path.startsWith('/projects')).length
  const calls = asked()
  await here.vomo.projects('riverbend', ['900'])
  const { db } = here.store
  const stored = db.selectFrom('vomo_project').select('vomo_project_id').where('vomo_project_id', '=', '900')
  await eventually(async () => (await here.store.read(stored.compile())).length === 1)
  expect((await beside.projects('riverbend', ['900'])).get('900')).toMatchObject({ id: '900' })
  expect([await shown(), asked()]).toEqual([102, calls + 1])
  await beside.close()
})
