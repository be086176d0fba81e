import { afterEach, beforeEach, expect, test } from 'vitest'
import { Refusal } from '../../errors.ts'
import { rows } from '../../store/store.ts'
import { openPromise } from '../flow/sleep.ts'
import type { Reply } from '../vomo.fixture.ts'
import {
  eventually,
  notFound,
  openTestVomo,
  startUpstream,
  type Upstream,
  wireUser,
} from '../vomo.fixture.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

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

test('a record is asked for once and then serves for a minute', async () => {
  const first = await ask()
  expect(first?.value.firstName).toBe('Mara')
  here.time.nowMs += minuteMs
  expect(await ask()).toBe(first)
  expect(upstream.calls.map(({ path }) => path)).toEqual(['/users/1000001'])
  here.time.nowMs += 1
  expect((await ask())?.fetchedAtMs).toBe(here.time.nowMs)
  expect(upstream.calls).toHaveLength(2)
})

test('a thousand readers of a record that is not held cost one call', async () => {
  reply = { ...reply, delayMs: 50 }
  const all = await Promise.all(Array.from({ length: 1_000 }, ask))
  expect(new Set(all).size).toBe(1)
  expect(upstream.calls).toHaveLength(1)
})

test('no visitor waits behind a background read, which has the background’s share of the budget', async () => {
  const later = () => here.vomo.user('riverbend', '1000002', { inBackground: true })
  upstream.answer = (path) => ({ body: { data: wireUser(Number(path.split('/').at(-1))) } })
  // Of a budget of 50, the background leaves the last 20 to visitors.
  for (let id = 2_000_001; id <= 2_000_030; id++) await here.vomo.user('riverbend', String(id))
  await expect(later()).rejects.toMatchObject({ code: 'vomo_unavailable' })
  expect((await here.vomo.user('riverbend', '1000002'))?.value.id).toBe('1000002')
  expect((await later())?.value.id).toBe('1000002')

  here.time.nowMs += 2 * minuteMs
  const { promise, resolve } = openPromise()
  reply = { body: { data: wireUser(1000003) }, after: promise }
  upstream.answer = () => reply
  const slow = here.vomo.user('riverbend', '1000003', { inBackground: true })
  await eventually(() => upstream.calls.at(-1)?.path === '/users/1000003')
  reply = { body: { data: wireUser(1000003) } }
  expect((await here.vomo.user('riverbend', '1000003'))?.value.id).toBe('1000003')
  resolve()
  expect((await slow)?.value.id).toBe('1000003')
})

test('customers with equal ids never see each other', async () => {
  upstream.answer = (_path, _query, token) => ({ body: { data: wireUser(1000001, { first_name: token }) } })
  const names = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const customer = i % 2 === 0 ? 'riverbend' : 'hillside'
      return `${customer} ${(await here.vomo.user(customer, '1000001'))?.value.firstName}`
    }),
  )
  expect(new Set(names)).toEqual(new Set(['riverbend token-of-riverbend', 'hillside token-of-hillside']))
  expect(upstream.calls).toHaveLength(2)
})

test('while VOMO fails, a copy serves for 15 minutes, and then nothing does', async () => {
  const first = await ask()
  reply = { status: 500 }
  here.time.nowMs += 15 * minuteMs
  expect(await ask()).toBe(first)
  here.time.nowMs += 1
  await expect(ask()).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

test('while the breaker is open, a copy serves for 24 hours, and then nothing does', async () => {
  const first = await ask()
  reply = { status: 503, body: '<html>Service Temporarily Unavailable</html>' }
  here.time.nowMs += 2 * minuteMs
  for (let i = 0; i < 5; i++) await ask()
  expect(here.vomo.isOpen('riverbend')).toBe(true)
  expect(here.vomo.isOpen('hillside')).toBe(false)
  here.time.nowMs = (first?.fetchedAtMs ?? 0) + 24 * hourMs
  expect(await ask()).toBe(first)
  here.time.nowMs += 1
  await expect(ask()).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

test('from the first lost connection on, a copy serves for 24 hours', async () => {
  const held = await ask()
  upstream.answer = () => ({ hangUp: true })
  here.time.nowMs += 24 * hourMs
  expect(await ask()).toBe(held)
  expect(here.vomo.isOpen('riverbend')).toBe(false)
  here.time.nowMs += 1
  await expect(ask()).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

test('after an outage a copy from before serves until it can be renewed, which waits for those who have none', async () => {
  const id = (path: string) => Number(path.split('/').at(-1))
  const user = (n: number) => here.vomo.user('riverbend', String(n))
  const before = await user(1_000_001)
  upstream.answer = () => ({ status: 503 })
  here.time.nowMs += 2 * minuteMs
  for (let i = 0; i < 5; i++) await user(1_000_001)
  here.time.nowMs += hourMs
  upstream.answer = (path) => ({ body: { data: wireUser(id(path)) } })
  for (let n = 2_000_001; n <= 2_000_050; n++) expect((await user(n))?.fetchedAtMs).toBe(here.time.nowMs)
  expect(here.vomo.isOpen('riverbend')).toBe(false)
  await expect(user(2_000_051)).rejects.toMatchObject({ code: 'vomo_unavailable' })
  expect(await user(1_000_001)).toBe(before)

  // As if all of the budget were free again at once.
  await here.store.write(() => rows(here.store.db.deleteFrom('vomo_call').compile()))
  here.time.nowMs += 64_000
  const kinds = async () =>
    (
      await here.store.read(here.store.db.selectFrom('vomo_call').select(['kind', 'vomo_user_id']).compile())
    ).map(({ kind, vomo_user_id }) => `${kind} ${vomo_user_id}`)
  expect((await user(2_000_051))?.value.id).toBe('2000051')
  expect((await user(1_000_001))?.fetchedAtMs).toBe(here.time.nowMs)
  expect(await kinds()).toEqual(['identity 2000051', 'renewal 1000001'])

  // An hour later the age of fifteen minutes counts again.
  upstream.answer = () => ({ status: 500 })
  here.time.nowMs += hourMs
  await expect(user(1_000_001)).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

test('a slow VOMO is not waited for, and its answer still renews the copy', async () => {
  await here.close()
  here = await openTestVomo(upstream.baseUrl, { waitMs: 1_000 })
  const first = await ask()
  const { promise, resolve } = openPromise()
  reply = { body: { data: wireUser(1000001, { first_name: 'Later' }) }, after: promise }
  here.time.nowMs += 2 * minuteMs
  expect(await ask()).toBe(first)
  resolve()
  await eventually(async () => (await ask())?.value.firstName === 'Later')
  expect(upstream.calls).toHaveLength(2)
})

test('with nothing held, a slow VOMO is a refusal that says when to come back', async () => {
  await here.close()
  here = await openTestVomo(upstream.baseUrl, { waitMs: 50 })
  const { promise, resolve } = openPromise()
  reply = { ...reply, after: promise }
  const refusal = await ask().catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Refusal)
  expect(refusal).toMatchObject({ code: 'vomo_unavailable', retryAfterMs: 50 })
  resolve()
})

test('row 1: a denied record is reported at once, and the held copy stays', async () => {
  const first = await ask()
  const held = (notBeforeMs = 0) => here.vomo.heldUser('riverbend', '1000001', notBeforeMs)
  const denied = () => here.vomo.user('riverbend', '1000001', { denialServes: true })
  here.time.nowMs += minuteMs + 1
  reply = notFound
  expect(await denied()).toBeUndefined()
  expect(held()).toBe(first)
  expect(held(here.time.nowMs)).toBeUndefined()

  // A denial serves for thirty seconds, but not a caller who needs to know now.
  reply = { body: { data: wireUser(1000001) } }
  here.time.nowMs += 29_999
  expect(await denied()).toBeUndefined()
  expect(upstream.calls).toHaveLength(2)
  expect(await ask()).not.toBe(first)
  expect((await denied())?.fetchedAtMs).toBe(here.time.nowMs)

  reply = notFound
  here.time.nowMs += 15 * minuteMs
  expect(await denied()).toBeUndefined()
  expect(held()).toBeDefined()
  here.time.nowMs += 1
  expect(held()).toBeUndefined()
})

test('row 1: a record that comes without an address is not taken for the record', async () => {
  const first = await ask()
  here.time.nowMs += minuteMs + 1
  for (const email of [null, '', undefined]) {
    reply = { body: { data: wireUser(1000001, { email }) } }
    expect(await ask()).toBeUndefined()
    expect(here.vomo.heldUser('riverbend', '1000001', 0)).toBe(first)
  }
})

test('a gateway’s not-found page declares no user gone', async () => {
  const first = await ask()
  here.time.nowMs += 2 * minuteMs
  reply = { status: 404, body: '<html>nginx</html>' }
  expect(await ask()).toBe(first)
})

test('an answer about another user is refused', async () => {
  reply = { body: { data: wireUser(1000002) } }
  await expect(ask()).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

test('a fresh read asks again, joins no earlier read, and is never served from a copy', async () => {
  await ask()
  here.time.nowMs += minuteMs + 1
  reply = { body: { data: wireUser(1000001, { first_name: 'Before' }) }, delayMs: 150 }
  const earlier = ask()
  await eventually(() => upstream.calls.length === 2)
  reply = { body: { data: wireUser(1000001, { first_name: 'After' }) } }
  const fresh = await here.vomo.user('riverbend', '1000001', { fresh: true })
  expect(fresh?.value.firstName).toBe('After')
  await earlier
  expect((await ask())?.value.firstName).toBe('After')
  reply = { status: 500 }
  await expect(here.vomo.user('riverbend', '1000001', { fresh: true })).rejects.toMatchObject({
    code: 'vomo_unavailable',
  })
})

test('a copy from before the clock was set back by an hour is not taken for a young one', async () => {
  await ask()
  here.time.nowMs -= hourMs
  await ask()
  expect(upstream.calls).toHaveLength(2)
})
