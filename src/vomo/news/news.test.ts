import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Reply } from '../vomo.fixture.ts'
import { notFound, openTestVomo, startUpstream, type Upstream, wireUser } from '../vomo.fixture.ts'
import { type Change, forgetChangesOf, forgetOldChanges, noteChange, takeDueChanges } from './changes.ts'

const minuteMs = 60_000

let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
let reply: Reply

beforeEach(async () => {
  reply = { body: { data: wireUser(1000001) } }
  upstream = await startUpstream(() => reply)
  here = await openTestVomo(upstream.baseUrl)
})

afterEach(async () => {
  await here.close()
  await upstream.close()
})

const ask = () => here.vomo.user('riverbend', '1000001')
const told = (change: Change = { subject: 'user', vomoId: '1000001' }) => ({
  ...change,
  customerId: 'riverbend',
  toldAtMs: here.time.nowMs,
})
const note = (change?: Change) => here.store.write(() => noteChange(here.store.db, told(change)))
const take = () => here.store.write(() => takeDueChanges(here.store.db, here.time.nowMs))

test('a copy from before a change is not young, and still serves while VOMO does not answer', async () => {
  await ask()
  here.vomo.changed(told())
  here.time.nowMs += 1_000
  await ask()
  expect(upstream.calls).toHaveLength(2)
  await ask()
  expect(upstream.calls).toHaveLength(2)
  here.vomo.changed(told())
  reply = { status: 503 }
  here.time.nowMs += 1
  expect((await ask())?.fetchedAtMs).toBe(here.time.nowMs - 1)
})

test('a change is read again once, in the background, and by no one who finds that a visitor has', async () => {
  await ask()
  const change = told()
  here.time.nowMs += 1_000
  expect(await here.vomo.readAgain(change)).toBe('done')
  expect(await here.vomo.readAgain(change)).toBe('done')
  expect(upstream.calls).toHaveLength(2)
  here.time.nowMs += 1_000
  reply = { status: 503 }
  expect(await here.vomo.readAgain(told())).toMatchObject({ againInMs: expect.any(Number) as number })
})

test('other processes hear of it', async () => {
  const beside = here.openBeside()
  const askThere = () => beside.user('riverbend', '1000001')
  await askThere()
  beside.startWarming()
  here.time.nowMs += 1_000
  await note()
  here.time.nowMs += 1_000
  await expect
    .poll(
      async () => {
        await askThere()
        return upstream.calls.filter(({ path }) => path === '/users/1000001').length
      },
      { timeout: 5_000 },
    )
    .toBe(2)
  await beside.close()
})

test('a project is read again though its copy is young; one that VOMO denies is not read twice', async () => {
  upstream.answer = (path) =>
    path === '/projects/7001' ? { body: { data: { id: 7001, name: 'Sort', all_dates: [] } } } : notFound
  const project = (vomoId: string) => told({ subject: 'project', vomoId })
  await here.vomo.projects('riverbend', ['7001'])
  here.time.nowMs += 1_000
  const change = project('7001')
  here.time.nowMs += 1_000
  expect(await here.vomo.readAgain(change)).toBe('done')
  expect(await here.vomo.readAgain(change)).toBe('done')
  const denied = project('7002')
  here.time.nowMs += 1_000
  expect(await here.vomo.readAgain(denied)).toBe('done')
  expect(await here.vomo.readAgain(denied)).toBe('done')
  expect(upstream.calls.map(({ path }) => path)).toEqual([
    '/projects/7001',
    '/projects/7001',
    '/projects/7002',
  ])
})

test('the campaigns are read again at once, however often it is said', async () => {
  upstream.answer = () => ({ body: { data: [{ id: 1, name: 'Autumn', url: 'https://x.example/autumn' }] } })
  const change = told({ subject: 'campaigns', vomoId: '' })
  here.time.nowMs += 1_000
  expect(await here.vomo.readAgain(change)).toBe('done')
  expect(await here.vomo.readAgain(change)).toBe('done')
  expect(upstream.calls).toHaveLength(1)
  expect((await here.vomo.campaigns('riverbend')).value.map(({ name }) => name)).toEqual(['Autumn'])
})

test('a record that VOMO names a thousand times is due once a minute, the first one first', async () => {
  await note()
  here.time.nowMs += 1
  await note({ subject: 'user', vomoId: '2' })
  for (let i = 0; i < 50; i += 1) await note()
  expect((await take()).map(({ vomoId }) => vomoId)).toEqual(['1000001', '2'])
  expect(await take()).toEqual([])
  for (let i = 0; i < 50; i += 1) await note()
  expect(await take()).toEqual([])
  here.time.nowMs += minuteMs - 1
  expect(await take()).toEqual([])
  here.time.nowMs += 1
  expect((await take()).map(({ vomoId }) => vomoId)).toEqual(['1000001'])
  expect(await take()).toEqual([])
})

test('a clock that was set back delays nothing, and what waits is never forgotten', async () => {
  here.time.nowMs += 10 * minuteMs
  await note()
  await take()
  here.time.nowMs -= 10 * minuteMs
  await note()
  expect(await take()).toHaveLength(1)
  await note({ subject: 'user', vomoId: '2' })
  here.time.nowMs += 2 * 24 * 60 * minuteMs
  await here.store.write(() => forgetOldChanges(here.store.db, here.time.nowMs))
  expect((await take()).map(({ vomoId }) => vomoId)).toEqual(['2'])
})

test('what VOMO said of a person goes with them', async () => {
  const { store } = here
  await note()
  await note({ subject: 'user', vomoId: '2' })
  await note({ subject: 'project', vomoId: '1000001' })
  await store.write(() => forgetChangesOf(store.db, { customerId: 'riverbend', vomoUserId: '1000001' }))
  expect((await take()).map(({ subject, vomoId }) => `${subject} ${vomoId}`).toSorted()).toEqual([
    'project 1000001',
    'user 2',
  ])
})
