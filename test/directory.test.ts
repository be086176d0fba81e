import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiToken, findOrCreateApplication } from '../src/customers/applications.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { defaultLimits } from '../src/limits.ts'
import type { Message } from '../src/mail/outbox.ts'
import { type RunningPortal, startPortal } from '../src/main.ts'
import { makeSampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import { en } from '../src/text/en.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'
import { askingFreely } from './asking-freely.ts'
import { openRows, type Rows, type TestDatabase, testDatabase } from './database.ts'
import { openBrowser, pathOf, type TestBrowser } from './house.ts'
import { readable } from './staff-house.ts'

/** What the directory of the organization's people is good for, and what it never decides. */

const minuteMs = 60_000
const folder = mkdtempSync(join(tmpdir(), 'porchlight-directory-'))
const secret = 'not-the-secret-of-any-real-house-0123456789'
const host = 'localhost:8080'
const world = makeSampleWorld({ nowMs: Date.now() })
const [organization] = world.customers
if (!organization) throw new Error('a world without customers')
const { volunteers, records, vomoToken } = organization

const agent = new Agent({ connections: 64 })
const emails: Message[] = []
const people = volunteers.slice(0, 15)
let place: TestDatabase
let database: Rows
let sandbox: Sandbox
let portal: RunningPortal
let apiToken: string
let ahead = 0

beforeAll(async () => {
  sandbox = await startSandbox({ world, port: 0, rateLimits: { portal: 1_000_000, probe: 1_000_000 } })
  place = await testDatabase(folder)
  const store = await openStore({ database: place.database })
  const secrets = openSecrets([secret])
  apiToken = await store.write(function* () {
    const changes = { name: 'Riverbend', url: `http://${host}`, 'stranger-mails': 'no' }
    const customerId = yield* setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, Date.now())
    yield* grantVomoAccess(store.db, secrets, {
      customerId,
      baseUrl: `${sandbox.url}/v1`,
      token: vomoToken,
      budgetPerMinute: 10_000,
    })
    const application = yield* findOrCreateApplication(
      store.db,
      { customerId, name: 'Newsletter' },
      Date.now(),
    )
    const order = { application, name: 'token', scopes: ['links'] as const, expiresAtMs: null }
    return (yield* createApiToken(store.db, secrets, order, Date.now())).secret
  })
  await store.close()
  database = await openRows(place.database)
  portal = await openPortal()
})
afterAll(async () => {
  await portal.close()
  await database.close()
  await sandbox.close()
  await agent.close()
  await place.drop()
  rmSync(folder, { recursive: true })
})

async function allow(budgetPerMinute: number): Promise<void> {
  const [{ customer_id: customerId } = {}] = await database.all('select customer_id from vomo_access')
  const store = await openStore({ database: place.database })
  const change = { customerId: String(customerId), budgetPerMinute, budgetCeiling: budgetPerMinute }
  await store.write(() => grantVomoAccess(store.db, openSecrets([secret]), change))
  await store.close()
}

async function openPortal(): Promise<RunningPortal> {
  const silent = () => {}
  return startPortal({
    store: await openStore({ database: place.database }),
    secretRing: [secret],
    clock: () => Date.now() + ahead,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    transport: { send: async (message) => void emails.push(message) },
    mailFrom: (customer) => ({ name: customer.name, address: `no-reply@${customer.slug}.example` }),
    limits: { ...defaultLimits, ...askingFreely, missesPerNetwork: undefined },
    trustedProxies: [],
    listenOn: { port: 0, hosts: ['127.0.0.1'] },
    passwordMs: 1,
  })
}

const isWhole = async () => (await database.count('vomo_directory where whole_at_ms is not null')) === 1

const send: Parameters<typeof openBrowser>[0] = async (method, path, given = {}) => {
  const { statusCode, headers, body } = await request(`http://127.0.0.1:${portal.port}${path}`, {
    method,
    dispatcher: agent,
    headers: { host: given.host ?? host, ...given.headers },
    ...(given.body !== undefined && { body: given.body }),
  })
  const text = await body.text()
  return { status: statusCode, headers, text, json: () => JSON.parse(text) as Record<string, unknown> }
}

async function control(method: 'PUT' | 'POST' | 'GET', path: string, change?: object) {
  const body = change && JSON.stringify(change)
  const answer = await request(`${sandbox.url}/__sandbox/${path}`, { method, ...(body && { body }) })
  expect(answer.statusCode).toBe(200)
  return answer.body.json()
}

/** Calls that search for an address, or ask for a record; not those of the background. */
async function callsFor(act: () => Promise<unknown>): Promise<string[]> {
  const calls = async () => (await control('GET', 'calls')) as { path: string }[]
  const before = (await calls()).length
  await act()
  return (await calls())
    .slice(before)
    .flatMap(({ path }) => (/email_like|\/users\/\d/.test(path) ? [path] : []))
}

async function linkTo(email: string, browser: TestBrowser): Promise<string | undefined> {
  const before = emails.length
  expect((await browser.post('/sign-in', { email })).status).toBe(303)
  await portal.idle()
  const mail = emails.slice(before).findLast(({ to }) => to === email)
  return /http\S+\/auth\/\w+/.exec(mail?.text ?? '')?.[0]
}

const userAt = (email: string) => {
  const user = records.users.find((each) => each.email === email)
  if (!user) throw new Error('no such user')
  return user
}
const move = (from: string, to: string) => control('POST', `people/${userAt(from).id}`, { email: to })

async function enter(email: string): Promise<TestBrowser> {
  const browser = openBrowser(send, host)
  expect((await browser.post(pathOf(await linkTo(email, browser)))).status).toBe(303)
  return browser
}

const me = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).status

const makeLink = (email: string) =>
  send('POST', '/v1/users/one-time', {
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email, ip_address: '127.0.0.1' }),
  })

it('is read after a start, in the background, and holds no address or name that can be read', async () => {
  await expect.poll(isWhole, { timeout: 110_000, interval: 200 }).toBe(true)
  expect(await database.count('vomo_directory_entry')).toBe(
    records.users.filter((user) => !user.is_removed).length,
  )
  const [email = ''] = people
  const rows = await database.all('select * from vomo_directory_entry')
  expect(JSON.stringify(rows)).not.toContain(email)
  expect(
    Buffer.concat(rows.map((row) => Buffer.from(row['body_sealed'] as Uint8Array))).toString('latin1'),
  ).not.toContain(email)
}, 120_000)

it('a sign-in and a made link of a person in the directory cost no call before their record is shown', async () => {
  const [signsIn = '', isSent = ''] = people.splice(0, 2)
  let browser: TestBrowser | undefined
  expect(await callsFor(async () => void (browser = await enter(signsIn)))).toEqual([])
  expect(await callsFor(async () => expect((await makeLink(isSent)).status).toBe(201))).toEqual([])
  const calls = await callsFor(async () => expect(await me(browser as TestBrowser)).toBe(200))
  expect(calls).toHaveLength(1)
})

it('a stranger to it costs one look-up, and one who was created a moment ago is sent a link', async () => {
  const browser = openBrowser(send, host)
  expect(
    await callsFor(async () => expect(await linkTo('nobody@else.example', browser)).toBeUndefined()),
  ).toHaveLength(1)
  const [email = ''] = people.splice(0, 1)
  await move(email, 'moments-ago@example.org')
  expect((await makeLink('moments-ago@example.org')).status).toBe(201)
})

it('who had an address before gets no link to the person who moved, and ends none of their sessions', async () => {
  const [former = ''] = people.splice(0, 1)
  await enter(former)
  await move(former, 'moved-on@example.org')
  const owner = await enter('moved-on@example.org')
  expect(await me(owner)).toBe(200)
  // The directory still says what it read before.
  const attacker = openBrowser(send, host)
  expect(await linkTo(former, attacker)).toBeUndefined()
  expect((await makeLink(former)).status).toBe(500)
  ahead += minuteMs + 1
  expect(await me(owner)).toBe(200)
})

it('where nobody signed in before, a link to a former address shows nothing, and its owner comes in all the same', async () => {
  const [former = ''] = people.splice(0, 1)
  await move(former, 'moved-early@example.org')
  const attacker = await enter(former)
  const seen = await attacker.get('/portal/api/me')
  expect([seen.status, seen.json()['code']]).toEqual([401, 'account_stale'])
  expect((await attacker.get('/profile')).text).not.toContain(userAt('moved-early@example.org').last_name)
  const owner = await enter('moved-early@example.org')
  expect(await me(owner)).toBe(200)
})

it('a restart in the middle of an outage: pages stay, and everyone in the directory can sign in', async () => {
  const [stays = '', comes = ''] = people.splice(0, 2)
  const browser = await enter(stays)
  expect(await me(browser)).toBe(200)
  await expect.poll(() => database.count('vomo_person_copy')).toBeGreaterThan(0)
  await control('PUT', 'options', { down: true })
  ahead += 14 * minuteMs
  await portal.close()
  portal = await openPortal()
  const shown = await browser.get('/portal/api/me')
  expect(shown.status).toBe(200)
  expect(Date.now() + ahead - Date.parse(String(shown.json()['as_of']))).toBeGreaterThan(13 * minuteMs)
  const came = await enter(comes)
  // There is no copy of a record that was never asked for.
  expect(await me(came)).toBe(503)
  ahead += 60 * minuteMs
  await expect.poll(() => me(browser), { timeout: 20_000 }).toBe(200)
  const [late = ''] = people.splice(0, 1)
  expect(await linkTo(late, openBrowser(send, host))).toBeDefined()
  await control('PUT', 'options', { down: false })
  ahead += minuteMs
  await expect.poll(() => me(came), { timeout: 20_000 }).toBe(200)
})

it('more people at once than VOMO lets through each see a page, and their record when they were told', async () => {
  const perMinute = 6
  await portal.close()
  portal = await openPortal()
  const isFresh = async () =>
    (await database.count(`vomo_directory where news_at_ms > ${Date.now() + ahead - minuteMs}`)) === 1
  await expect.poll(isFresh, { timeout: 20_000 }).toBe(true)
  await allow(perMinute)
  // What was called before no longer counts.
  ahead += 2 * minuteMs
  const crowd = await Promise.all(volunteers.slice(15, 25).map(enter))
  const hub = '/organization/riverbend'
  const said = en.trouble.record_in_turn.heading
  const waiting: TestBrowser[] = []
  for (const browser of crowd) {
    const page = await browser.get(hub)
    expect(page.status).toBe(200)
    if (readable(page.text).includes(said)) waiting.push(browser)
  }
  // The background has a call now and then.
  expect(waiting.length).toBeGreaterThanOrEqual(crowd.length - perMinute)

  const [late] = waiting.slice(-1)
  if (!late) throw new Error('everyone was served at once')
  const firstName = userAt(volunteers[24] ?? '').first_name
  const page = readable((await late.get(hub)).text)
  expect(page).toContain(firstName)
  expect(page).toContain(en.hub.opportunities)
  expect(page).not.toContain(en.trouble.vomo_unavailable.heading)
  const list = await late.get('/opportunities')
  expect(list.status).toBe(200)
  const [, one = ''] = /href="(\/opportunities\/[\w-]+)"/.exec(list.text) ?? []
  expect((await late.get(one)).status).toBe(200)
  expect((await late.get('/portal/api/opportunities')).status).toBe(200)
  // What is the record's alone says when to come again.
  const hours = await late.get('/user')
  expect([hours.status, readable(hours.text).includes(said)]).toEqual([503, true])
  const refused = await late.get('/portal/api/me')
  expect([refused.status, refused.json()['code']]).toEqual([503, 'vomo_unavailable'])
  const againInS = Number(refused.headers['retry-after'])
  expect(againInS).toBeGreaterThan(0)
  expect(againInS).toBeLessThanOrEqual(63)

  ahead += againInS * 1_000
  await expect.poll(() => database.count('vomo_wait'), { timeout: 20_000 }).toBe(0)
  const calls = await callsFor(async () => {
    await expect.poll(() => me(late), { timeout: 5_000 }).toBe(200)
    expect((await late.get('/user')).status).toBe(200)
  })
  expect(calls).toEqual([])
}, 60_000)
