import { afterEach, beforeEach, expect, test } from 'vitest'
import type { VomoUserDetail } from '../types.ts'
import type { UserToSave } from '../user-fields.ts'
import { openTestVomo, type Reply, startUpstream, type Upstream, wireUser } from '../vomo.fixture.ts'

const participations = [{ project_id: 501, project_date_id: 7001, hours: '2.50', verified: 1 }]
const wanted: UserToSave = {
  firstName: 'Ida',
  lastName: 'Quist',
  birthday: '1980-02-03',
  gender: 'F',
  phone: '(555) 012-0105',
}

let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
let saved: Reply

beforeEach(async () => {
  const wire = wireUser(1000001, { participations })
  const data = { ...wire, id: '1000001', first_name: 'Ida', participations: [], profile_field_values: [] }
  saved = { body: { code: '200', message: 'User updated.', data } }
  upstream = await startUpstream((path) => (path === '/users' ? saved : { body: { data: wire } }))
  here = await openTestVomo(upstream.baseUrl, { requestTimeoutMs: 500 })
})
afterEach(async () => {
  await here.close()
  await upstream.close()
})

const read = (options?: { notBeforeMs: number }) => here.vomo.user('riverbend', '1000001', options)

async function record(): Promise<VomoUserDetail> {
  const held = await read()
  if (!held) throw new Error('no such user')
  return held.value
}

const save = async (change: Partial<UserToSave> = {}, user?: VomoUserDetail) =>
  here.vomo.saveUser('riverbend', user ?? (await record()), { ...wanted, ...change })

const reads = () => upstream.calls.filter(({ method }) => method === 'GET').length
const sent = () => JSON.parse(upstream.calls.at(-1)?.body ?? '') as Record<string, unknown>

test('what is sent is named one by one, with the e-mail as VOMO spells it', async () => {
  const user = { ...(await record()), email: 'Mara@Example.org' }
  await save({}, { ...user, role: 'ADMIN', org: 'elsewhere' } as VomoUserDetail)
  expect(sent()).toEqual({
    first_name: 'Ida',
    last_name: 'Quist',
    email: 'Mara@Example.org',
    birthday: '1980-02-03',
    gender: 'F',
    phone: '(555) 012-0105',
  })
  await save({ phone: null }, { ...user, phone: null })
  expect(sent()).not.toHaveProperty('phone')
  await save({ phone: null }, { ...user, phone: '1' })
  expect(sent()['phone']).toBe('')
})

test('what VOMO answers is held at once, with the shifts the answer leaves out', async () => {
  const outcome = await save()
  expect(outcome).toMatchObject({ outcome: 'answered', user: { id: '1000001', firstName: 'Ida' } })
  const held = await read()
  expect(held?.value.firstName).toBe('Ida')
  expect(held?.value.participations).toHaveLength(1)
  expect(await read({ notBeforeMs: 'sinceMs' in outcome ? outcome.sinceMs : 0 })).toBe(held)
  expect(reads()).toBe(1)
})

test('a read that began before the change and ends after it shows no reader the old values', async () => {
  const user = await record()
  here.time.nowMs += 61_000
  let answer = () => {}
  const after = new Promise<void>((resolve) => {
    answer = resolve
  })
  const slow = upstream.answer
  upstream.answer = (path, ...rest) =>
    path === '/users' ? saved : { ...(slow(path, ...rest) as Reply), after }
  const early = read()
  await save({}, user)
  expect((await read())?.value.firstName).toBe('Ida')
  answer()
  await early
  expect((await read())?.value.firstName).toBe('Ida')
})

test('a copy from before a change in another process is not served, not even while VOMO is down', async () => {
  const held = await read()
  const notBeforeMs = (held?.fetchedAtMs ?? 0) + 1
  here.time.nowMs += 5
  expect((await read({ notBeforeMs }))?.fetchedAtMs).toBe(here.time.nowMs)
  expect(reads()).toBe(2)
  upstream.answer = () => ({ status: 500 })
  await expect(read({ notBeforeMs: here.time.nowMs + 1 })).rejects.toMatchObject({ code: 'vomo_unavailable' })
  expect(await read()).toBeDefined()
})

test.each<[string, Partial<Reply>]>([
  ['another user', { body: { data: { ...wireUser(1000002), email: 'mara@example.org' } } }],
  ['a new user', { status: 201, body: { code: '201', data: { ...wireUser(9), id: '9' } } }],
])('an answer about %s says so, and no copy is believed any more', async (_who, reply) => {
  saved = reply
  expect(await save()).toMatchObject({ outcome: 'another_user' })
  await read()
  expect(reads()).toBe(2)
})

test.each<[string, Reply, string]>([
  ['a refusal by field', { status: 422, body: { errors: { birthday: ['…'] } } }, 'refused'],
  ['a refusal in a sentence', { status: 500, body: { errors: 'no' } }, 'refused'],
  ['a path it does not have', { status: 404, body: { message: 'Resource not found.' } }, 'refused'],
  ['a role that may not', { status: 403, body: {} }, 'refused'],
  ['its own limit', { status: 429 }, 'not_sent'],
  ['a fault', { status: 502, body: '<html>' }, 'unknown'],
  ['no answer', { hangUp: true }, 'unknown'],
  ['an answer too late', { delayMs: 2_000 }, 'unknown'],
  ['an answer without an e-mail', { body: { data: { id: '1000001' } } }, 'unknown'],
  ['an answer of another shape', { body: { data: [] } }, 'unknown'],
])('%s is an outcome and is asked for once', async (_what, reply, outcome) => {
  saved = reply
  expect((await save()).outcome).toBe(outcome)
  expect(upstream.calls.filter(({ method }) => method === 'POST')).toHaveLength(1)
  await read()
  expect(reads()).toBe(outcome === 'unknown' ? 2 : 1)
})
