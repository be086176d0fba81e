import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noMeter } from '../../metrics.ts'
import { openStore } from '../../store/engines.ts'
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
import { createCalls } from './calls.ts'

let upstream: Upstream
let reply: Reply
let here: Awaited<ReturnType<typeof openCalls>>

beforeEach(async () => {
  reply = { body: { data: [] } }
  upstream = await startUpstream(() => reply)
  here = await openCalls()
})

afterEach(async () => {
  await here.calls.close()
  await here.store.close()
  await upstream.close()
})

async function openCalls() {
  const store = await openStore({ database: ':memory:' })
  await addCustomer(store, 'riverbend')
  const time = { nowMs: startOfTest }
  const clock = () => time.nowMs
  const access = {
    customerId: 'riverbend',
    baseUrl: upstream.baseUrl,
    token: 'tok-canary-1',
    budgetPerMinute: 200,
  }
  await store.write(() => grantVomoAccess(store.db, secrets, access))
  const logged: string[] = []
  const calls = createCalls({
    access: createAccess({ store, secrets }),
    budget: createBudget({ store, clock }),
    clock,
    log: logTo(logged),
    meter: noMeter,
    closing: new AbortController().signal,
    queueWaitMs: 300,
    requestTimeoutMs: 1_500,
    connect: undefined,
  })
  return { store, time, calls, logged, access }
}

const query = { email_like: 'secret-person@example.org' }
const get = () => here.calls.get('riverbend', 'identity', '/users', query)

async function failure(): Promise<VomoFailure> {
  const error = await get().catch((caught: unknown) => caught)
  if (!(error instanceof VomoFailure)) throw new Error('a VomoFailure was expected')
  return error
}

test('a call carries the token, wants JSON, and encodes its query', async () => {
  await here.calls.get('riverbend', 'identity', '/users', { email_like: 'a+b_c@example.org' })
  expect(upstream.calls[0]).toMatchObject({
    path: '/users?email_like=a%2Bb_c%40example.org',
    token: 'tok-canary-1',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
  })
})

test('no redirect is followed, so the token goes nowhere else', async () => {
  const elsewhere = await startUpstream(() => ({ body: { data: [] } }))
  for (const status of [301, 302, 303, 307, 308]) {
    reply = { status, headers: { location: `${elsewhere.baseUrl}/users` } }
    expect(await failure()).toMatchObject({ kind: 'redirected', status })
  }
  expect(elsewhere.calls).toHaveLength(0)
  await elsewhere.close()
})

test.each([
  ['unauthorized', { status: 401, body: { message: 'Unauthenticated.' } }],
  ['forbidden', { status: 403, body: { message: 'This action is unauthorized.' } }],
  ['refused', { status: 405, body: { message: 'The PUT method is not supported for this route.' } }],
  [
    'invalid',
    { status: 422, body: { message: 'The given data was invalid.', errors: { email: ['Taken.'] } } },
  ],
  ['declined', { status: 500, body: { message: 'Error', errors: 'Unable to create link.' } }],
  ['server', { status: 500, body: { message: 'Server Error' } }],
  ['server', { status: 502, body: '<html>Bad Gateway</html>' }],
  ['server', { status: 503, body: '' }],
  ['not_understood', { body: '<html>all is well</html>' }],
  ['not_understood', { body: '{"data":[' }],
  ['not_understood', { body: '' }],
  ['not_understood', { status: 404, body: 'gone fishing' }],
  [
    'not_understood',
    { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50 * 1024 * 1024)) },
  ],
  ['not_understood', { body: `{"data":"${'x'.repeat(9 * 1024 * 1024)}"}` }],
  ['network', { hangUp: true }],
  ['timeout', { delayMs: 2_000 }],
] satisfies [string, Reply][])('an answer of no use is "%s"', async (kind, given) => {
  reply = given
  expect(await failure()).toMatchObject({ kind })
})

test('what VOMO said about fields is kept apart from the message', async () => {
  reply = {
    status: 422,
    body: { message: 'Invalid.', errors: { email: ['Taken by mara@example.org'], birthday: 'No.' } },
  }
  const error = await failure()
  expect(error.fieldErrors).toEqual({ email: ['Taken by mara@example.org'], birthday: ['No.'] })
  expect(error.said()).toBe('Invalid.')
  expect(error.message).toBe('VOMO: invalid (422)')
})

test('neither logs nor failures show the token, the query or an answer', async () => {
  const told: string[] = []
  for (const given of [
    { status: 401, body: { message: 'token tok-canary-1 of secret-person' } },
    { status: 500, body: { message: 'secret-person' } },
    { hangUp: true },
    { body: 'secret-person' },
  ]) {
    reply = given
    const error = await failure()
    told.push(String(error.stack), JSON.stringify(error), JSON.stringify({ ...error }))
  }
  const all = [...told, ...here.logged].join('\n')
  expect(here.logged.length).toBeGreaterThan(3)
  expect(all).not.toMatch(/canary|secret-person|email_like/)
})

test('a 404 of VOMO is an absence, not a failure', async () => {
  reply = { status: 404, body: { message: 'No query results for model [User].' } }
  expect(await get()).toBeUndefined()
})

test('after a 429 no process calls before the time VOMO named', async () => {
  reply = { status: 429, headers: { 'retry-after': '120' } }
  expect(await failure()).toMatchObject({ kind: 'limited', retryAfterMs: 120_000 })
  reply = { body: { data: [] } }
  here.time.nowMs += 119_999
  expect(await failure()).toMatchObject({ kind: 'limited', retryAfterMs: 1 })
  expect(upstream.calls).toHaveLength(1)
  here.time.nowMs += 1
  expect(await get()).toEqual({ data: [] })
})

test('calls refused together are one refusal, so the pause stays short', async () => {
  reply = { status: 429, delayMs: 20 }
  const failures = await Promise.all(Array.from({ length: 8 }, failure))
  expect(upstream.calls).toHaveLength(8)
  expect(new Set(failures.map(({ retryAfterMs }) => retryAfterMs))).toEqual(new Set([1_000]))
})

test('without a usable Retry-After the pause doubles until VOMO answers', async () => {
  const pauses: (number | undefined)[] = []
  for (const header of [undefined, 'soon', '-5', '1e9', undefined, undefined, undefined, undefined]) {
    reply = { status: 429, ...(header === undefined ? {} : { headers: { 'retry-after': header } }) }
    const { retryAfterMs } = await failure()
    pauses.push(retryAfterMs)
    here.time.nowMs += Math.max(retryAfterMs ?? 0, 63_000)
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000))
})

test('an absurd Retry-After is five minutes, and a date is a date', async () => {
  reply = { status: 429, headers: { 'retry-after': '99999999999999999999' } }
  expect(await failure()).toMatchObject({ retryAfterMs: 300_000 })
  here.time.nowMs += 300_000
  reply = { status: 429, headers: { 'retry-after': new Date(here.time.nowMs + 90_000).toUTCString() } }
  expect(await failure()).toMatchObject({ retryAfterMs: 90_000 })
})

test('after five failures VOMO is left alone for 30 s, then tried by one call at a time', async () => {
  reply = { status: 500 }
  for (let i = 0; i < 5; i++) {
    expect(here.calls.isOpen('riverbend')).toBe(false)
    expect((await failure()).kind).toBe('server')
  }
  expect(here.calls.isOpen('riverbend')).toBe(true)
  expect(await failure()).toMatchObject({ kind: 'breaker', retryAfterMs: 30_000 })
  expect(upstream.calls).toHaveLength(5)

  here.time.nowMs += 30_000
  await Promise.all(Array.from({ length: 20 }, failure))
  expect(upstream.calls).toHaveLength(6)
  expect(here.calls.isOpen('riverbend')).toBe(true)

  here.time.nowMs += 30_000
  reply = { body: { data: [] } }
  await get()
  expect(here.calls.isOpen('riverbend')).toBe(false)
  expect(here.logged.filter((line) => /leaving it alone|answers again/.test(line))).toHaveLength(2)
})

test('answers of no use are answers: they open no breaker', async () => {
  reply = { status: 422, body: {} }
  for (let i = 0; i < 10; i++) await failure()
  expect(here.calls.isOpen('riverbend')).toBe(false)
})

test('nothing is asked twice: a failure costs one call', async () => {
  reply = { hangUp: true }
  await failure()
  expect(upstream.calls).toHaveLength(1)
})

test('of a hundred callers at once no more connections are used than are documented, and none waits for ever', async () => {
  reply = { body: { data: [] }, delayMs: 200 }
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, () =>
      get().then(
        () => 'answered',
        (error: unknown) => (error instanceof VomoFailure ? error.kind : 'fault'),
      ),
    ),
  )
  expect(new Set(outcomes)).toEqual(new Set(['answered', 'busy']))
  expect(upstream.maxAtOnce).toBe(8)
})

test('row 7: a replaced token is used from the next call on, and a rest that the old one earned is over', async () => {
  await get()
  const replace = (token: string) =>
    here.store.write(() => grantVomoAccess(here.store.db, secrets, { ...here.access, token }))
  await replace('tok-2')
  await get()
  expect(upstream.calls.at(-1)?.token).toBe('tok-2')
  reply = { hangUp: true }
  for (let i = 0; i < 5; i++) await failure()
  expect((await failure()).kind).toBe('breaker')
  reply = { body: {} }
  await replace('tok-3')
  await get()
  expect(upstream.calls.at(-1)?.token).toBe('tok-3')
})

test('a customer without VOMO access gets a failure, not a call', async () => {
  await expect(here.calls.get('nobody', 'identity', '/users')).rejects.toMatchObject({ kind: 'no_access' })
})
