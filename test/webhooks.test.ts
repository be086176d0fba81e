import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerBySlug } from '../src/customers/customers.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import { disableWebhook, enableWebhook, overlapMs, webhookOf } from '../src/webhooks/webhooks.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, type TestBrowser } from './house.ts'
import { buildPortalProcess, startPortalProcess } from './portals.ts'

/** VOMO tells what changed, and others tell lies. */

const secret = 'the-secret-of-a-webhook-0123456789'

let house: House
let rows: Rows
let store: Store
let customerId = ''

const sign = (body: string, by = secret) => createHmac('sha256', by).update(body).digest('hex')
const path = '/webhooks/vomo/riverbend'

beforeAll(async () => {
  house = await openHouse()
  rows = await openRows(house.database)
  store = await openStore({ database: house.database })
  customerId = (await customerBySlug(store, 'riverbend'))?.id ?? ''
  await enable(secret)
})
afterAll(async () => {
  await rows.close()
  await store.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const secretsOf = (of: House) => openSecrets([readFileSync(join(of.dataFolder, 'secret'), 'utf8')])
const enable = (to: string, endsFormer = false) =>
  store.write(() =>
    enableWebhook(store.db, secretsOf(house), { customerId, secret: to, endsFormer }, house.nowMs()),
  )
const deliver = (body: string, signature: string | undefined = sign(body), at = house) =>
  at.send('POST', path, {
    body,
    headers: {
      'content-type': 'application/json',
      ...(signature !== undefined && { 'vomo-signature': signature }),
    },
  })
const userEvent = (id: number, type = 'user.updated', more = {}) =>
  JSON.stringify({ type, data: { id }, ...more })
const noted = () => rows.all('select subject, vomo_id, due_at_ms from vomo_change')
/** Reads of this user that the portal made. */
const readsOf = async (id: number, of = house) =>
  (await of.callsToVomo()).filter((call) => call.path === `/v1/users/${id}` && call.token_kind === 'portal')
    .length
const firstName = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).json()['first_name']
const changeQuietly = (id: number, change: Record<string, unknown>) => house.changePerson(id, change)

describe('a delivery with VOMO’s signature', () => {
  it('shows a change at the next view, and reads it once however often VOMO says it', async () => {
    const email = house.riverbend.volunteers[0] ?? ''
    const { id } = house.userByEmail(email)
    const browser = await signIn(house, email)
    const before = await firstName(browser)
    await changeQuietly(id, { first_name: 'Zenobia' })
    expect(await firstName(browser)).toBe(before)

    const startedAtMs = performance.now()
    const answer = await deliver(userEvent(id))
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(performance.now() - startedAtMs).toBeLessThan(1_000)
    expect(await firstName(browser)).toBe('Zenobia')

    await house.portal.idle()
    const reads = await readsOf(id)
    const replays = await Promise.all(Array.from({ length: 60 }, () => deliver(userEvent(id))))
    expect(new Set(replays.map(({ status }) => status))).toEqual(new Set([204]))
    await house.portal.idle()
    // The first of a minute is read at once; what comes after it, at its end.
    expect((await readsOf(id)) - reads).toBeLessThanOrEqual(1)
    house.pass(61_000)
    await house.portal.idle()
    expect((await readsOf(id)) - reads).toBeLessThanOrEqual(2)
    expect(await rows.all('select due_at_ms from vomo_change where due_at_ms is not null')).toEqual([])
  })

  it('counts in any order: what VOMO has is what shows', async () => {
    const email = house.riverbend.volunteers[1] ?? ''
    const { id } = house.userByEmail(email)
    const browser = await signIn(house, email)
    await changeQuietly(id, { first_name: 'Second' })
    for (const type of ['user.deleted', 'user.updated', 'user.created', 'membership.deleted'])
      expect(
        (await deliver(userEvent(id, type, { data: { id, user_id: id, first_name: 'Liar' } }))).status,
      ).toBe(204)
    expect(await firstName(browser)).toBe('Second')
    await house.portal.idle()
    expect(await firstName(browser)).toBe('Second')
  })

  it('of a person who never came here costs no call, and nothing of its payload is kept', async () => {
    const known = await rows.all<{ vomo_user_id: string }>('select vomo_user_id from person')
    const stranger = house.riverbend.records.users.find(
      ({ id }) => !known.some(({ vomo_user_id }) => vomo_user_id === String(id)),
    )
    const id = stranger?.id ?? 0
    const body = JSON.stringify({
      type: 'participation.created',
      data: {
        id: 1,
        user_id: id,
        token: 'a1'.repeat(32),
        group_token: 'b2'.repeat(32),
        message: 'keep-me-not',
      },
    })
    const calls = (await house.callsToVomo()).length
    expect((await deliver(body)).status).toBe(204)
    await house.portal.idle()
    expect((await house.callsToVomo()).length).toBe(calls)
    expect(JSON.stringify(await rows.all('select * from vomo_change'))).not.toMatch(
      /keep-me-not|(?:a1){8}|(?:b2){8}/,
    )
    expect(house.logged.join('\n')).not.toMatch(/keep-me-not|(?:a1){8}|(?:b2){8}/)
  })

  it('about a project or a campaign has it read again in the background', async () => {
    const [project] = house.riverbend.records.projects
    expect(
      (await deliver(JSON.stringify({ type: 'project.updated', data: { id: project?.id } }))).status,
    ).toBe(204)
    expect((await deliver(JSON.stringify({ type: 'campaign.updated', data: { id: 1 } }))).status).toBe(204)
    await house.portal.idle()
    const paths = (await house.callsToVomo()).slice(-8).map((call) => call.path)
    expect(paths).toContain(`/v1/projects/${project?.id}`)
    expect(paths.some((each) => each.startsWith('/v1/campaigns'))).toBe(true)
  })
})

describe('deliveries that are forged, replayed, broken, huge or slow', () => {
  const body = userEvent(1_234_567)
  const odd: [string, () => Promise<number>, number][] = [
    ['no signature', async () => (await house.send('POST', path, { body })).status, 401],
    ['an empty one', async () => (await deliver(body, '')).status, 401],
    ['one by another secret', async () => (await deliver(body, sign(body, 'guess'))).status, 401],
    ['one by no secret', async () => (await deliver(body, sign(body, ''))).status, 401],
    ['one in capitals', async () => (await deliver(body, sign(body).toUpperCase())).status, 401],
    ['one with its method', async () => (await deliver(body, `sha256=${sign(body)}`)).status, 401],
    [
      'one in base64',
      async () => (await deliver(body, Buffer.from(sign(body), 'hex').toString('base64'))).status,
      401,
    ],
    ['one cut short', async () => (await deliver(body, sign(body).slice(0, 32))).status, 401],
    ['two', async () => (await deliver(body, `${sign(body)}, ${sign(body)}`)).status, 401],
    ['one of another body', async () => (await deliver(`${body} `, sign(body))).status, 401],
    [
      'one of the body in another order',
      async () => (await deliver(userEvent(1_234_568), sign(body))).status,
      401,
    ],
    [
      'one over a hash',
      async () => (await deliver(body, createHmac('sha1', secret).update(body).digest('hex'))).status,
      401,
    ],
    ['another customer’s name', () => at('/webhooks/vomo/hillside', body), 401],
    ['no customer’s name', () => at('/webhooks/vomo/nowhere', body), 401],
    ['another customer’s host', () => at('/webhooks/vomo/hillside', body, house.hillside.host), 401],
    ['a customer without webhooks', () => at(path, body, house.hillside.host), 401],
    ['no host of ours', () => at(path, body, 'nowhere.example'), 421],
    ['a GET', async () => (await house.send('GET', path)).status, 405],
    ['no JSON', async () => (await deliver('user.updated')).status, 204],
    ['nothing', async () => (await deliver('')).status, 204],
    ['a list', async () => (await deliver(`[${body}]`)).status, 204],
    ['an unknown kind', async () => (await deliver(userEvent(1, 'kiosk.opened'))).status, 204],
    [
      'an id that is none',
      async () => (await deliver('{"type":"user.updated","data":{"id":"../../admin"}}')).status,
      204,
    ],
    [
      'depth',
      async () =>
        (await deliver(`{"type":"user.updated","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)).status,
      204,
    ],
    [
      'another organization’s public record',
      async () => (await deliver(userEvent(1, 'project.public.updated'))).status,
      204,
    ],
    ['a huge one', async () => (await deliver(`${body}${' '.repeat(70_000)}`)).status, 413],
  ]
  const at = async (to: string, sent: string, host?: string) =>
    (
      await house.send('POST', to, {
        body: sent,
        headers: { 'vomo-signature': sign(sent) },
        ...(host && { host }),
      })
    ).status

  it.each(odd)('%s: no state, no call', async (_, send, status) => {
    const before = [await noted(), (await house.callsToVomo()).length]
    expect(await send()).toBe(status)
    await house.portal.idle()
    expect([await noted(), (await house.callsToVomo()).length]).toEqual(before)
  })

  it('half a delivery, whose sender then leaves: no state', async () => {
    const before = await noted()
    const socket = connect(house.portal.port, '127.0.0.1')
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${house.riverbend.host}\r\nvomo-signature: ${sign(body)}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    )
    await pause(50)
    socket.destroy()
    await pause(50)
    expect(await noted()).toEqual(before)
  })

  it('strangers are told the same, whether there is a webhook or not', async () => {
    const shown = async (host: string, to: string) => {
      const answer = await house.send('POST', to, {
        body,
        headers: { 'vomo-signature': sign(body, 'guess') },
        host,
      })
      return [answer.status, answer.text]
    }
    const wrong = await shown(house.riverbend.host, path)
    expect(await shown(house.riverbend.host, '/webhooks/vomo/nowhere')).toEqual(wrong)
    expect(await shown(house.hillside.host, '/webhooks/vomo/hillside')).toEqual(wrong)
  })

  it('a flood of forged ones is refused before the database hears of it', async () => {
    const limited = await openHouse({ limits: { forgedDeliveriesPerCustomer: { count: 5, perMs: 60_000 } } })
    const ownRows = await openRows(limited.database)
    const statuses = []
    for (let i = 0; i < 20; i += 1) statuses.push((await deliver(body, 'forged', limited)).status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(15)
    expect(await ownRows.all("select count from webhook_count where kind = 'forged'")).toEqual([{ count: 5 }])
    await ownRows.close()
    await limited.close()
  })
})

describe('the secret', () => {
  it('works for a day after another one came, and not at all where that was not wanted', async () => {
    const body = userEvent(1, 'kiosk.opened')
    await enable('the-second-secret-of-a-webhook-01234')
    expect((await deliver(body)).status).toBe(204)
    expect((await deliver(body, sign(body, 'the-second-secret-of-a-webhook-01234'))).status).toBe(204)
    house.pass(overlapMs)
    expect((await deliver(body)).status).toBe(401)
    await enable(secret, true)
    expect((await deliver(body, sign(body, 'the-second-secret-of-a-webhook-01234'))).status).toBe(401)
    expect((await deliver(body)).status).toBe(204)
  })

  it('is at rest under ours, and each change is an audit event', async () => {
    const [row] = await rows.all<{ secret_sealed: Uint8Array }>('select secret_sealed from webhook')
    expect(Buffer.from(row?.secret_sealed ?? []).toString('latin1')).not.toContain(secret)
    const kinds = await rows.all("select kind from audit_event where kind like 'webhook.%'")
    expect(kinds).toHaveLength(3)
    expect((await webhookOf({ store, secrets: secretsOf(house) }, customerId))?.secret).toBe(secret)
    expect(await store.write(() => disableWebhook(store.db, customerId, house.nowMs()))).toBe(true)
    expect(await store.write(() => disableWebhook(store.db, customerId, house.nowMs()))).toBe(false)
    await expect.poll(async () => (await deliver(userEvent(1))).status, { timeout: 3_000 }).toBe(401)
    await enable(secret)
    await expect.poll(async () => (await deliver(userEvent(1))).status, { timeout: 3_000 }).toBe(204)
  })
})

describe('the sandbox tells of what changes in it', () => {
  it('and the next page shows it: a person, a sign-up, a save from here', async () => {
    const told = await openHouse({ withWebhooks: true })
    const sandbox = (to: string, sent: unknown) =>
      request(`${told.sandbox.url}/__sandbox${to}`, { method: 'POST', body: JSON.stringify(sent) })
    const arrived = async (type: string) => {
      const { body } = await request(`${told.sandbox.url}/__sandbox/webhooks`)
      const all = (await body.json()) as { type: string; status: number | null }[]
      return all.filter((each) => each.type === type && each.status === 204).length
    }
    const email = told.riverbend.volunteers[0] ?? ''
    const user = told.userByEmail(email)
    const browser = await signIn(told, email)
    const participations = async () =>
      (await browser.get('/portal/api/me/participations')).json()['total'] as number
    await firstName(browser)
    await told.changePerson(user.id, { customer: 'riverbend', first_name: 'Ottilie' })
    await expect.poll(() => arrived('user.updated')).toBe(1)
    expect(await firstName(browser)).toBe('Ottilie')

    const before = await participations()
    const date = told.riverbend.records.dates.at(-1)
    const { statusCode } = await sandbox('/participations', {
      customer: 'riverbend',
      user_id: user.id,
      project_id: date?.project_id,
      project_date_id: date?.id,
    })
    expect(statusCode).toBe(200)
    await expect.poll(() => arrived('participation.created')).toBe(1)
    expect(await participations()).toBe(before + 1)
    await told.portal.idle()
    await told.close()
    expect(told.errors).toEqual([])
  })
})

describe('work that waits', () => {
  it('outlives the process, and is done by the next one', async () => {
    const first = await openHouse({ withWebhooks: true })
    const email = first.riverbend.volunteers[0] ?? ''
    const { id } = first.userByEmail(email)
    await signIn(first, email)
    await first.portal.idle()
    const own = await openStore({ database: first.database })
    const riverbend = (await customerBySlug(own, 'riverbend'))?.id ?? ''
    const current = (await webhookOf({ store: own, secrets: secretsOf(first) }, riverbend))?.secret ?? ''
    await own.close()
    first.pass(61_000)
    await first.sandboxOptions({ down: true })
    const body = userEvent(id)
    expect((await deliver(body, sign(body, current), first)).status).toBe(204)
    await first.portal.idle()
    await first.portal.close()
    await first.sandbox.close()

    const { dataFolder, databaseUrl } = first
    const second = await openHouse({ dataFolder, databaseUrl })
    const waiting = await openRows(second.database)
    expect(await waiting.all('select id from job')).toHaveLength(1)
    await waiting.close()
    second.pass(5 * 60_000)
    await second.portal.idle()
    expect(await readsOf(id, second)).toBe(1)
    await second.close()
  })

  it('another process shows the change within seconds', async () => {
    const email = house.riverbend.volunteers[3] ?? ''
    const { id } = house.userByEmail(email)
    const browser = await signIn(house, email)
    const other = await startPortalProcess({
      script: await buildPortalProcess(),
      database: house.database,
      secret: readFileSync(join(house.dataFolder, 'secret'), 'utf8'),
      aheadMs: house.nowMs() - Date.now(),
      warms: true,
    })
    const nameThere = async () => {
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const { body } = await request(`http://127.0.0.1:${other.port}/portal/api/me`, {
        headers: { host: house.riverbend.host, cookie },
      })
      return ((await body.json()) as Record<string, unknown>)['first_name']
    }
    const before = await nameThere()
    await changeQuietly(id, { first_name: 'Philippa' })
    expect(await nameThere()).toBe(before)
    expect((await deliver(userEvent(id))).status).toBe(204)
    await expect.poll(nameThere, { timeout: 10_000, interval: 200 }).toBe('Philippa')
    await other.stop()
    expect(other.faults).toEqual([])
  })
})
