import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listenForOperator } from '../src/operator/console/listener.ts'
import { openProblem } from '../src/problems/problems.ts'
import { rows } from '../src/store/store.ts'
import { canariesIn } from './canaries.ts'
import { type CanaryHouse, openCanaryHouse, untilWarm } from './canary-house.ts'

const quiet = () => {}
let house: CanaryHouse
let page: Awaited<ReturnType<typeof listenForOperator>>
const agent = new Agent()

beforeAll(async () => {
  house = await openCanaryHouse({ volunteers: 3, names: { a: 'Riverbend Food Bank' } })
  await untilWarm(house)
  const { store, secrets, clock } = house
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  page = await listenForOperator({ store, secrets, clock, log }, { port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await agent.close()
  await page.close()
  await house.close()
})

async function ask(path: string, { host = `127.0.0.1:${page.port}`, method = 'GET', ...headers } = {}) {
  const answer = await request(`http://127.0.0.1:${page.port}${path}`, {
    method: method as 'GET',
    dispatcher: agent,
    headers: { host, ...headers },
  })
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
}

it('says that each organization is well, how its VOMO is used, and which processes live', async () => {
  const { status, text } = await ask('/operator')
  expect(status).toBe(200)
  expect(text).toContain('All 3 organizations are well')
  expect(text).toContain('Riverbend Food Bank')
  expect(text).toContain('10000 calls a minute; set to 10000')
  expect(text).toContain('<dt>directory</dt>')
  expect(text).toMatch(/prc_\w+|pro_\w+/)
  expect(text).toMatch(/\d+ s ago/)
})

it('names what is not well by count and age, and no person, address or secret', async () => {
  const { store, clock } = house
  const customerId = house.customerIdOf('a')
  const { personId, secret } = await house.signIn('a', 1)
  const address = house.userAt('a', 1).email ?? ''
  const nowMs = clock()
  await store.write(function* () {
    yield* openProblem(store.db, { customerId, kind: 'record_gone', personId }, nowMs)
    const email = (id: string, sealed: Buffer | null, failedAtMs: number | null) => ({
      id,
      customer_id: customerId,
      kind: 'sign_in',
      recipient: address,
      message_sealed: sealed,
      queued_at_ms: nowMs - 20 * 60_000,
      not_after_ms: nowMs,
      sent_at_ms: null,
      failed_at_ms: failedAtMs,
      about: null,
      bounced_at_ms: null,
      failure: failedAtMs === null ? null : '5.1.1 RCPT',
    })
    const waiting = email('eml_waiting', Buffer.from(address), null)
    const dead = email('eml_dead', null, nowMs)
    yield* rows(store.db.insertInto('outbox').values([waiting, dead]).compile())
  })
  const { text } = await ask('/operator')
  expect(text).toContain('1 of 3 organizations needs a look')
  expect(text).toContain('emails wait, emails died, open problems')
  expect(text).toContain('1 waiting, the oldest for 20 min, 1 died in 7 days')
  expect(text).toContain('record_gone 1')
  expect([...canariesIn(text)]).toEqual([])
  const { user_id: vomoUserId } = { user_id: String(house.userAt('a', 1).id) }
  for (const own of [address, address.split('@')[0] ?? '', personId, secret, vomoUserId, 'RCPT', 'eml_'])
    expect([own, text.includes(own)]).toEqual([own, false])
})

it('is the only page there, is read only, and not by a page elsewhere', async () => {
  for (const path of ['/', '/metrics', '/sign-in', '/admin', '/operator/', '/healthz'])
    expect([path, (await ask(path)).status]).toEqual([path, 404])
  expect((await ask('/operator', { method: 'POST' })).status).toBe(405)
  expect((await ask('/operator', { host: `localhost:${page.port}` })).status).toBe(200)
  expect((await ask('/operator', { host: `rebound.example:${page.port}` })).status).toBe(403)
  expect((await ask('/operator', { 'sec-fetch-site': 'cross-site' } as object)).status).toBe(403)
  const { headers } = await ask('/operator')
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  for (const tenant of ['a', 'b'] as const)
    expect((await house.get(tenant, '/operator')).status).not.toBe(200)
})
