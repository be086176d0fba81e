import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancellableSleep, openPromise } from '../flow/sleep.ts'
import {
  eventually,
  notFound,
  openTestVomo,
  type Reply,
  startUpstream,
  type Upstream,
  wireProject,
} from '../vomo.fixture.ts'

const minuteMs = 60_000

let upstream: Upstream
let folder: string
let here: Awaited<ReturnType<typeof openTestVomo>>
let replies: Map<string, Reply>

beforeEach(async () => {
  replies = new Map()
  folder = await mkdtemp(join(tmpdir(), 'porchlight-'))
  upstream = await startUpstream((path) => {
    const id = path.split('/').at(-1) ?? ''
    return replies.get(id) ?? { body: { data: wireProject(Number(id)) } }
  })
  here = await open()
})

afterEach(async () => {
  await here.close()
  await upstream.close()
  await rm(folder, { recursive: true })
})

// Background waits last as long as our clock says, and end early in real time.
function open(options: Parameters<typeof openTestVomo>[1] = {}) {
  return openTestVomo(upstream.baseUrl, {
    file: join(folder, 'porchlight.db'),
    sleep: (_ms, signal) => cancellableSleep(20, signal),
    ...options,
  })
}

const ask = (ids: string[], options = {}) => here.vomo.projects('riverbend', ids, options)
const nameOf = (view: unknown) =>
  typeof view === 'object' && view !== null && 'name' in view ? view.name : view
const kept = async (id: string) => {
  const { store } = here
  const all = await store.read(store.db.selectFrom('vomo_project').selectAll().compile())
  return all.find((row) => row.vomo_project_id === id)
}
const asked = () => upstream.calls.map(({ path }) => path.split('/').at(-1))

test('a missing project is asked for once, for all volunteers', async () => {
  const all = await Promise.all(Array.from({ length: 1_000 }, () => ask(['501', '502'])))
  expect(all.every((views) => nameOf(views.get('501')) === 'Project 501')).toBe(true)
  expect(new Set(asked())).toEqual(new Set(['501', '502']))
  expect(upstream.calls).toHaveLength(2)
})

test('projects of two customers with equal ids are kept apart', async () => {
  upstream.answer = (_path, _query, token) => ({ body: { data: wireProject(501, { name: token }) } })
  const mine = await ask(['501'])
  const theirs = await here.vomo.projects('hillside', ['501'])
  expect([nameOf(mine.get('501')), nameOf(theirs.get('501'))]).toEqual([
    'token-of-riverbend',
    'token-of-hillside',
  ])
})

test('they are asked for in the order given, four at a time', async () => {
  const ids = Array.from({ length: 12 }, (_, i) => String(600 - i))
  for (const id of ids) replies.set(id, { body: { data: wireProject(Number(id)) }, delayMs: 10 })
  await ask(ids)
  expect(new Set(asked().slice(0, 4))).toEqual(new Set(ids.slice(0, 4)))
  expect(asked().at(-1)).toBe('589')
  expect(upstream.maxAtOnce).toBe(4)
})

test('the first wish of a later visitor goes before the last wishes of an earlier one', async () => {
  const ids = Array.from({ length: 30 }, (_, i) => String(500 + i))
  for (const id of [...ids, '900']) replies.set(id, { body: { data: wireProject(Number(id)) }, delayMs: 10 })
  const earlier = ask(ids)
  await eventually(() => upstream.calls.length > 0)
  await ask(['900'])
  expect(asked().indexOf('900')).toBeLessThan(10)
  await earlier
})

test('what VOMO is slow to answer is "loading", and there at the next visit', async () => {
  const { promise, resolve } = openPromise()
  replies.set('502', { body: { data: wireProject(502) }, after: promise })
  await ask(['501'])
  const views = await ask(['501', '502'], { waitMs: 50 })
  expect([...views].map(([id, view]) => [id, nameOf(view)])).toEqual([
    ['501', 'Project 501'],
    ['502', 'loading'],
  ])
  resolve()
  await eventually(async () => nameOf((await ask(['502'])).get('502')) === 'Project 502')
  expect(asked()).toEqual(['501', '502'])
})

const isGone = async (id: string) => (await ask([id])).get(id) === 'gone'

/** VOMO denies 501 twice, five minutes apart, and shows another project in between. */
async function proveGone(): Promise<void> {
  replies.set('501', notFound)
  await ask(['501'])
  here.time.nowMs += 1
  await ask(['900'])
  here.time.nowMs += 5 * minuteMs
  const before = upstream.calls.length
  await ask(['501'])
  await eventually(() => upstream.calls.length === before + 1)
}

test('row 1: what VOMO never showed is "gone" for a minute, and for six hours once it is proven', async () => {
  replies.set('501', notFound)
  expect(await isGone('501')).toBe(true)
  here.time.nowMs += minuteMs - 1
  await ask(['501'])
  expect(asked()).toEqual(['501'])
  here.time.nowMs += 1
  await ask(['501'])
  await eventually(() => asked().length === 2)

  await proveGone()
  const provenAtMs = here.time.nowMs
  const calls = upstream.calls.length
  await eventually(async () => (await kept('501'))?.body === null)
  here.time.nowMs = provenAtMs + 6 * 60 * minuteMs - 1
  expect(await isGone('501')).toBe(true)
  expect(upstream.calls).toHaveLength(calls)
  replies.delete('501')
  here.time.nowMs += 1
  await eventually(async () => nameOf((await ask(['501'])).get('501')) === 'Project 501')
})

test('row 1: while VOMO denies everything no project is lost, however long that lasts', async () => {
  await ask(['501'])
  replies.set('501', notFound)
  here.time.nowMs += 30 * 24 * 60 * minuteMs
  for (let round = 1; round <= 12; round++) {
    await eventually(async () => {
      await ask(['501'])
      return upstream.calls.length > round
    })
    here.time.nowMs += 5 * minuteMs
  }
  expect(nameOf((await ask(['501'])).get('501'))).toBe('Project 501')
  expect((await kept('501'))?.body).toContain('Project 501')
})

test('a project VOMO does not show us is "gone" too, and one that fails is "loading" and left alone for a while', async () => {
  replies.set('501', { status: 403, body: { message: 'This action is unauthorized.' } })
  replies.set('502', { body: { data: wireProject(503) } })
  const views = await ask(['501', '502'])
  expect([views.get('501'), views.get('502')]).toEqual(['gone', 'loading'])
  await ask(['501', '502'])
  expect(upstream.calls).toHaveLength(2)
  replies.clear()
  here.time.nowMs += 30_000
  expect(nameOf((await ask(['502'])).get('502'))).toBe('Project 502')
})

test('an old copy serves at once and is renewed in the background', async () => {
  await ask(['501'])
  here.time.nowMs += 30 * 24 * 60 * minuteMs
  replies.set('501', { body: { data: wireProject(501, { name: 'Renamed' }) }, delayMs: 30 })
  expect(nameOf((await ask(['501'])).get('501'))).toBe('Project 501')
  await eventually(async () => nameOf((await ask(['501'])).get('501')) === 'Renamed')
  expect(upstream.calls).toHaveLength(2)
})

test('a copy that does not suffice is asked for again, and serves where VOMO is late', async () => {
  await ask(['501'])
  const suffices = () => false
  replies.set('501', { body: { data: wireProject(501, { name: 'Renamed' }) } })
  expect(nameOf((await ask(['501'], { suffices })).get('501'))).toBe('Renamed')
  const { promise, resolve } = openPromise()
  replies.set('501', { body: { data: wireProject(501, { name: 'Again' }) }, after: promise })
  expect(nameOf((await ask(['501'], { suffices, waitMs: 50 })).get('501'))).toBe('Renamed')
  resolve()
})

test('a restart is warm: what was held is read from the store', async () => {
  await proveGone()
  await eventually(async () => (await kept('501'))?.body === null)
  await here.close()
  upstream.calls.length = 0
  here = await open()
  const views = await ask(['501', '900'])
  expect([views.get('501'), nameOf(views.get('900'))]).toEqual(['gone', 'Project 900'])
  expect(upstream.calls).toHaveLength(0)
})

test('what another process fetched a moment ago costs no call', async () => {
  const other = await open()
  await ask([])
  await other.vomo.projects('riverbend', ['501'])
  await eventually(
    async () =>
      (await here.store.read(here.store.db.selectFrom('vomo_project').selectAll().compile())).length > 0,
  )
  expect(nameOf((await ask(['501'])).get('501'))).toBe('Project 501')
  expect(upstream.calls).toHaveLength(1)
  await other.close()
})

test('when the budget is spent no caller waits, and the rest arrives when it is free again', async () => {
  await here.close()
  const { promise: freed, resolve: free } = openPromise()
  // A caller who waited would wait 30 s, longer than the test's limit.
  here = await open({ budget: 10, sleep: () => freed })
  const ids = Array.from({ length: 12 }, (_, i) => String(501 + i))
  const views = await ask(ids)
  expect([...views.values()].filter((view) => view === 'loading')).toHaveLength(3)
  expect(views.get('512')).toBe('loading')
  // The tenth is left to people.
  expect(upstream.calls).toHaveLength(9)
  here.time.nowMs += 63_000
  free()
  await eventually(async () => ![...(await ask(ids)).values()].includes('loading'))
  expect(upstream.calls).toHaveLength(12)
})

test('closing ends what is under way', async () => {
  const { promise, resolve } = openPromise()
  replies.set('501', { body: { data: wireProject(501) }, after: promise })
  const asking = ask(['501'])
  await eventually(() => upstream.calls.length > 0)
  await here.vomo.close()
  expect((await asking).get('501')).toBe('loading')
  resolve()
})
