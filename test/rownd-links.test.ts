import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { createInstance } from '@rownd/node'
import express from 'express'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { followsOf } from '../src/link-api/rownd/links/follows.ts'
import { revokeLink } from '../src/links/links.ts'
import { en } from '../src/text/en.ts'
import { type Answer, askForMail, type House, openHouse, pathOf, signIn, type TestBrowser } from './house.ts'
import { type Backend, claimsOf, firefox, openRowndHouse, type RowndHouse } from './rownd-house.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** The site of an application elsewhere. */
const site = 'https://app.example'

let house: House
let rownd: RowndHouse
/** Its links lead to a site elsewhere. */
let shop: Backend
/** Its links lead to the portal, and may open it. */
let portal: Backend
let turn = 0
/** An address that is not used yet, and that VOMO does not know. */
const newAddress = () => `visitor${turn++}@x.example`
let volunteerTurn = 0
/** The next ordinary volunteer; starts over after the last. */
const volunteer = () => house.riverbend.volunteers[volunteerTurn++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse({ limits: { callsPerApplication: undefined } })
  rownd = await openRowndHouse(house)
  shop = await rownd.backend('Shop', { defaultRedirectUrl: `${site}/base`, allowedOrigins: ['https://app'] })
  portal = await rownd.backend('Portal', { grantsPortalSignIn: true })
})
afterAll(async () => {
  await rownd.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const get = (path: string, headers: Record<string, string> = firefox) => house.send('GET', path, { headers })
const pressed = (browser: TestBrowser, id: string) => browser.post(`/l/${id}`, {}, firefox)

/** On a busy machine some wait for a connection until they are told to ask again. */
async function heard<Given extends { status: number }>(ask: () => Promise<Given>): Promise<Given> {
  let answer = await ask()
  while (answer.status === 503) answer = await ask()
  return answer
}
const isSignedIn = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).status === 200
/** Where a link would lead, or has led. */
const locationOf = (answer: Answer) => String(answer.headers['location'])

/** The id of a link in the database, by its secret. */
async function idOf(secret: string): Promise<string> {
  const [row] = await rownd.store.read(
    rownd.store.db
      .selectFrom('link')
      .select('id')
      .where('secret_hash', 'in', rownd.secrets.issuedHashes('link', secret))
      .compile(),
  )
  if (!row) throw new Error('there is no such link')
  return row.id
}

async function refused(answer: Promise<Answer>): Promise<Record<string, unknown>> {
  const { status, json, text } = await answer
  const told = json()
  expect(told, text).toMatchObject({
    statusCode: status,
    error: expect.any(String),
    code: expect.any(String),
    message: expect.any(String),
    messages: expect.arrayContaining([told['message']]),
  })
  return told
}

describe('making a link', () => {
  const make = (body: unknown, by = shop) => by.call('POST', '/hub/auth/magic', body)

  it('takes the bodies seen in the wild', async () => {
    const bodies = [
      { data: { email: newAddress() }, redirect_url: 'https://app/welcome' },
      { verification_mode: 'email', redirect_url: '/x', data: { email: newAddress(), first_name: 'A' } },
      {
        purpose: 'auth',
        verification_type: 'email',
        data: { email: newAddress() },
        redirect_url: '/x',
        expiration: '30d',
      },
    ]
    for (const body of bodies) {
      const answer = await make(body)
      expect(answer.status, answer.text).toBe(200)
      expect(answer.json()).toEqual({
        link: expect.stringMatching(/^http:\/\/localhost:\d+\/l\/[A-Za-z0-9]{32}$/),
        app_user_id: expect.stringMatching(/^user_[a-z0-9]{24}$/),
      })
    }
    const plain = await make({
      purpose: 'shorten',
      redirect_url: 'https://app/promo?code=1',
      data: { whatever: 1 },
      user_id: 'u',
      group_to_join: 'g',
    })
    expect(plain.status).toBe(200)
    expect(Object.keys(plain.json())).toEqual(['link'])
  })

  it('changes nothing else: no user is created before the link is used', async () => {
    const { id, userId } = await shop.link({ data: { email: newAddress(), first_name: 'Ann' } })
    expect(await shop.user(userId)).toBeUndefined()
    await get(`/l/${id}`)
    expect(await shop.user(userId)).toBeUndefined()
    await shop.redeem(id)
    expect(await shop.user(userId)).toMatchObject({ data: { first_name: 'Ann' } })
  })

  it('gives every call a link of its own', async () => {
    const body = { data: { email: newAddress() }, user_id: 'known-id' }
    const [one, two] = [await shop.link(body), await shop.link(body)]
    expect(one.id).not.toBe(two.id)
    expect([one.userId, two.userId]).toEqual(['known-id', 'known-id'])
  })

  it('names the id that identifying data or a directive leads to', async () => {
    const email = newAddress()
    const first = await shop.link({ data: { email }, user_id: '__UUID__' })
    expect(first.userId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    await shop.redeem(first.id)
    expect((await shop.link({ data: { email: email.toUpperCase() }, user_id: 'another' })).userId).toBe(
      first.userId,
    )
    expect((await shop.link({ data: { email: newAddress() }, user_id: '__objectid__' })).userId).toMatch(
      /^[0-9a-f]{24}$/,
    )
  })

  it('goes by a stored address where the data names none', async () => {
    const email = newAddress()
    const { id, userId } = await shop.link({ data: { email } })
    await shop.redeem(id)
    const again = await shop.link({ user_id: userId })
    expect((await shop.redeem(again.id)).json()).toMatchObject({ app_user_id: userId, last_sign_in: 'email' })
    expect(await refused(make({ user_id: userId, verification_type: 'phone' }))).toMatchObject({
      code: 'E_NO_IDENTIFIER',
    })
  })

  it.each([
    [{ purpose: 'login' }, 400, 'E_VALIDATION', 'purpose'],
    [{ verification_type: 'sms' }, 400, 'E_VALIDATION', 'verification_type'],
    [{ data: 'x' }, 400, 'E_VALIDATION', 'data'],
    [{ redirect_url: 'javascript:alert(1)' }, 400, 'E_VALIDATION', 'redirect_url'],
    [{ redirect_url: 'https://evil.example/' }, 400, 'E_VALIDATION', 'redirect_url'],
    [{ redirect_url: '//evil.example/' }, 400, 'E_VALIDATION', 'redirect_url'],
    [{ link_data: { a: 'x'.repeat(9_000) } }, 400, 'E_VALIDATION', 'link_data'],
    [{ expiration: '31d' }, 400, 'E_INVALID_EXPIRATION', 'expiration'],
    [{ expiration: '1mo' }, 400, 'E_INVALID_EXPIRATION', 'expiration'],
    [{ expiration: '0d' }, 400, 'E_INVALID_EXPIRATION', 'expiration'],
    [{ data: { email: 'a@x.example', shoe_size: 44 } }, 400, 'E_UNKNOWN_FIELD', 'shoe_size'],
    [{ data: { email: 'a@x.example', first_name: 1 } }, 400, 'E_VALIDATION', 'first_name'],
    [{ data: { email: 'no address' } }, 400, 'E_INVALID_EMAIL', 'email'],
    [{ data: { phone_number: '555 0123' } }, 400, 'E_INVALID_PHONE', 'phone_number'],
    [{ data: {} }, 400, 'E_NO_IDENTIFIER', undefined],
    [{ data: { email: 'a@x.example' }, verification_type: 'phone' }, 400, 'E_NO_IDENTIFIER', undefined],
    [{ data: { email: 'a@x.example' }, group_to_join: 'group_none' }, 400, 'E_GROUP_NOT_FOUND', undefined],
  ])('refuses %j with %d %s', async (body, status, code, field) => {
    const told = await refused(make(body))
    expect(told).toMatchObject({ statusCode: status, error: 'Bad Request', code })
    expect(Object.keys((told['field_errors'] as object | undefined) ?? {})).toEqual(field ? [field] : [])
  })

  it('refuses a group that is not open', async () => {
    const group = await shop.call('POST', `/applications/${shop.id}/groups`, { name: 'Board' })
    const body = { data: { email: newAddress() }, group_to_join: group.json()['id'] }
    expect(await refused(make(body))).toMatchObject({ statusCode: 400, code: 'E_GROUP_NOT_OPEN' })
  })

  it('refuses a relative or missing redirect where the application has no default', async () => {
    const homeless = await rownd.backend('Homeless', { defaultRedirectUrl: null })
    for (const body of [
      { data: { email: newAddress() } },
      { data: { email: newAddress() }, redirect_url: '/x' },
      { purpose: 'shorten' },
    ])
      expect(await refused(make(body, homeless))).toMatchObject({
        statusCode: 400,
        code: 'E_NO_DEFAULT_REDIRECT',
      })
  })

  it('refuses an address of one user with a phone number of another', async () => {
    const [email, phone] = [newAddress(), '+19195550101']
    await shop.redeem((await shop.link({ data: { email } })).id)
    await shop.redeem((await shop.link({ data: { phone }, verification_type: 'phone' })).id)
    expect(await refused(make({ data: { email, phone_number: phone } }))).toMatchObject({
      statusCode: 409,
      code: 'E_IDENTITY_CONFLICT',
    })
  })

  it('refuses a user the application has disabled', async () => {
    const email = newAddress()
    const { id, userId } = await shop.link({ data: { email } })
    await shop.redeem(id)
    await shop.call('POST', `/applications/${shop.id}/users/${userId}/state`, { state: 'disabled' })
    expect(await refused(make({ data: { email } }))).toMatchObject({
      statusCode: 403,
      code: 'E_USER_DISABLED',
    })
  })

  it('refuses people not known yet where the application takes none', async () => {
    const closed = await rownd.backend('Closed', { takesNewPeople: false })
    expect(await refused(make({ data: { email: newAddress() } }, closed))).toMatchObject({ statusCode: 403 })
    const picky = await rownd.backend('Picky', { emailDomains: ['y.example'] })
    expect(await refused(make({ data: { email: newAddress() } }, picky))).toMatchObject({ statusCode: 403 })
  })

  it('says the same to every wrong key and secret, those of another customer included', async () => {
    const elsewhere = await rownd.backend('Elsewhere', {}, house.hillside)
    const wrong: Record<string, string>[] = [
      { 'x-rownd-app-key': '', 'x-rownd-app-secret': '' },
      { 'x-rownd-app-secret': '' },
      { 'x-rownd-app-secret': portal.secret },
      { 'x-rownd-app-key': 'key_unknown' },
      { ...elsewhere.credentials },
      { authorization: `Bearer ${shop.secret}`, 'x-rownd-app-secret': '' },
    ]
    const told = await Promise.all(
      wrong.map((headers) => refused(shop.call('POST', '/hub/auth/magic', { data: {} }, headers))),
    )
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(told[0]).toMatchObject({ statusCode: 401, error: 'Unauthorized', code: 'E_UNAUTHORIZED' })
  })

  it('needs JSON, and not too much of it', async () => {
    const send = (body: string, type: string) =>
      house.send('POST', '/hub/auth/magic', { headers: { ...shop.credentials, 'content-type': type }, body })
    expect(await refused(send('email=a', 'application/x-www-form-urlencoded'))).toMatchObject({
      statusCode: 415,
    })
    expect(await refused(send('{"data"', 'application/json'))).toMatchObject({
      statusCode: 400,
      code: 'E_VALIDATION',
    })
    expect(await refused(send('[]', 'application/json'))).toMatchObject({
      statusCode: 400,
      code: 'E_VALIDATION',
    })
    const large = JSON.stringify({ data: { email: 'x'.repeat(70_000) } })
    expect(await refused(send(large, 'application/json'))).toMatchObject({ statusCode: 413 })
  })

  it('is limited for each application, and says for how long', async () => {
    const limited = await openHouse({ limits: { callsPerApplication: { count: 3, perMs: minuteMs } } })
    const operator = await openRowndHouse(limited)
    try {
      const busy = await operator.backend('Busy')
      const calls = [1, 2, 3, 4].map(() => make({ purpose: 'shorten' }, busy))
      const answers = await Promise.all(calls)
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 429])
      const over = answers.find(({ status }) => status === 429)
      expect(over?.json()).toMatchObject({ code: 'E_RATE_LIMITED' })
      expect(Number(over?.headers['retry-after'])).toBeGreaterThan(0)
      const quiet = await operator.backend('Quiet')
      expect((await make({ purpose: 'shorten' }, quiet)).status).toBe(200)
    } finally {
      await operator.close()
      await limited.close()
    }
  })

  it('tells the log, not the caller, when a life of minutes may have been meant as months', async () => {
    await shop.link({ purpose: 'shorten', expiration: '1m' })
    expect(house.logged.filter((line) => line.includes('m is no month'))).toHaveLength(1)
  })
})

describe('what a Rownd client gets', () => {
  it('is tokens, by the request sequence of Rownd’s own Go tests', async () => {
    const email = newAddress()
    const created = await shop.call('POST', '/hub/auth/magic', {
      purpose: 'auth',
      verification_type: 'email',
      data: { email, first_name: 'Go' },
      redirect_url: 'https://app/go',
      expiration: '30d',
    })
    const { link, app_user_id: userId } = created.json() as { link: string; app_user_id: string }
    const last = link.split('/').at(-1) ?? ''
    const redeemed = await house.send('GET', `/hub/auth/magic/${last}`, {
      headers: { 'user-agent': 'rownd sdk' },
    })
    expect(redeemed.status).toBe(200)
    expect(redeemed.json()).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      app_user_id: userId,
      app_id: shop.id,
      last_sign_in: 'email',
      redirect_url: 'https://app/go',
      link_data: {},
      link_meta: {},
      magic_link: link,
    })
    expect(claimsOf(redeemed.json()['access_token'])).toMatchObject({
      iss: `http://${shop.host}`,
      aud: [`app:${shop.id}`],
      'https://auth.rownd.io/app_user_id': userId,
      'https://auth.rownd.io/is_verified_user': true,
      'https://auth.rownd.io/auth_level': 'verified',
    })
    expect(await shop.user(userId)).toMatchObject({
      rownd_user: userId,
      auth_level: 'verified',
      data: { email, first_name: 'Go' },
      verified_data: { email },
    })
    expect(redeemed.headers['set-cookie']).toBeUndefined()
  })

  it('is a 410 the second time, and with a header of its own the address without tokens', async () => {
    const { id } = await shop.link({
      data: { email: newAddress() },
      redirect_url: 'https://app/deep',
      link_data: { a: [1] },
    })
    await shop.redeem(id)
    expect(await refused(shop.redeem(id))).toMatchObject({
      statusCode: 410,
      error: 'Gone',
      code: 'E_LINK_USED',
    })
    const allowed = await shop.redeem(id, { 'x-rownd-magic-allow-exp': 'true' })
    expect(allowed.status).toBe(200)
    expect(allowed.json()).toEqual({
      redirect_url: 'https://app/deep',
      link_data: { a: [1] },
      link_meta: { a: [1] },
      magic_link: `http://${shop.host}/l/${id}`,
      app_id: shop.id,
    })
  })

  it('is a 410 after the time, a 404 for what never was', async () => {
    const { id } = await shop.link({ data: { email: newAddress() }, expiration: '1h' })
    house.pass(60 * minuteMs - 1_000)
    expect((await get(`/l/${id}`)).status).toBe(200)
    house.pass(1_000)
    expect(await refused(shop.redeem(id))).toMatchObject({ statusCode: 410, code: 'E_LINK_EXPIRED' })
    expect((await shop.redeem(id, { 'x-rownd-magic-allow-exp': 'true' })).json()).not.toHaveProperty(
      'access_token',
    )
    expect(await refused(shop.redeem('A'.repeat(32)))).toMatchObject({
      statusCode: 404,
      code: 'E_LINK_NOT_FOUND',
    })
    expect(await refused(shop.redeem('short'))).toMatchObject({ statusCode: 404, code: 'E_LINK_NOT_FOUND' })
  })

  it('is told when another user has the address, and the link stays unused', async () => {
    const [email, phone] = [newAddress(), '+19195550102']
    const link = await shop.link({ data: { email, phone_number: phone } })
    await shop.redeem((await shop.link({ data: { email } })).id)
    await shop.redeem((await shop.link({ data: { phone }, verification_type: 'phone' })).id)
    expect(await refused(shop.redeem(link.id))).toMatchObject({
      statusCode: 409,
      code: 'E_IDENTITY_CONFLICT',
    })
    expect(await refused(shop.redeem(link.id))).toMatchObject({
      statusCode: 409,
      code: 'E_IDENTITY_CONFLICT',
    })
  })

  it('joins the open group a link names, as a member and never as its owner', async () => {
    const group = await shop.call('POST', `/applications/${shop.id}/groups`, {
      name: 'All',
      admission_policy: 'open',
    })
    const groupId = String(group.json()['id'])
    const { id, userId } = await shop.link({ data: { email: newAddress() }, group_to_join: groupId })
    const members = async () =>
      (await shop.call('GET', `/applications/${shop.id}/groups/${groupId}/members`)).json()['results']
    expect(await members()).toEqual([])
    await shop.redeem(id)
    expect(await members()).toMatchObject([{ user_id: userId, roles: ['member'], state: 'active' }])
  })
})

describe('opening a link', () => {
  it('stays unspent for every opener, however often', async () => {
    const { id } = await shop.link({ data: { email: newAddress() } })
    const openers: Record<string, string>[] = [
      firefox,
      { accept: 'application/json' },
      { 'user-agent': 'Slackbot-LinkExpanding 1.0' },
      { 'user-agent': 'Mozilla/5.0 (compatible; Google-Safety; SafeLinks)' },
      { ...firefox, 'sec-purpose': 'prefetch' },
      {},
    ]
    for (const headers of openers) {
      const answer = await get(`/l/${id}`, headers)
      expect(answer.status).toBe(200)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.text).not.toContain('access_token')
    }
    for (const path of [`/l/${id}`, `/hub/auth/magic/${id}`]) {
      const head = await house.send('HEAD', path, { headers: { 'user-agent': 'rownd sdk' } })
      expect([head.status, head.text]).toEqual([200, ''])
    }
    expect((await shop.redeem(id)).status).toBe(200)
  })

  it('tells a program where it leads and what is stored with it', async () => {
    const { id, url } = await shop.link({
      data: { email: newAddress() },
      redirect_url: '/deep?a=1',
      link_data: { b: 2 },
    })
    const answer = await get(`/hub/auth/magic/${id}`, { accept: 'application/json' })
    expect(answer.json()).toEqual({
      redirect_url: `${site}/base/deep?a=1`,
      link_data: { b: 2 },
      link_meta: { b: 2 },
      magic_link: url,
      app_id: shop.id,
    })
  })

  it('shows a person whom it is for, masked, and a button that posts to the short address', async () => {
    const email = newAddress()
    const { id } = await shop.link({ data: { email } })
    for (const path of [`/l/${id}`, `/hub/auth/magic/${id}`]) {
      const answer = await get(`${path}?utm_source=mail&porchlight_code=x`)
      expect(answer.text).toContain(en.rowndLink.heading('app.example'))
      expect(answer.text).toContain(`action="/l/${id}?utm_source=mail"`)
      expect(answer.text).not.toContain(email)
    }
    const { id: byPhone } = await shop.link({ data: { phone: '+19195550103' }, verification_type: 'phone' })
    expect((await get(`/l/${byPhone}`)).text).toContain('+1…03')
  })

  it('lets no cache, search engine or other site learn of it', async () => {
    const { id } = await shop.link({ data: { email: newAddress() } })
    const { id: plain } = await shop.link({ purpose: 'shorten' })
    const answers = [
      await get(`/l/${id}`),
      await get(`/l/${plain}`),
      await get(`/l/${'x'.repeat(32)}`),
      await get(`/l/${id}`, { accept: 'application/json' }),
      await house.browser().post(`/l/${id}`),
      await shop.redeem('x'.repeat(32)),
      await shop.redeem(id),
    ]
    for (const { headers } of answers) {
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['x-robots-tag']).toBe('noindex')
    }
    // Pages have a form, at least for the language, so their browser must send its origin.
    expect(answers.map(({ headers }) => headers['referrer-policy'])).toEqual([
      'strict-origin',
      'no-referrer',
      'strict-origin',
      'no-referrer',
      'no-referrer',
      'no-referrer',
      'no-referrer',
    ])
    expect(answers.at(-1)?.json()).toMatchObject({ code: 'E_LINK_USED' })
    for (const path of ['/robots.txt', '/hub/auth/magic/robots.txt']) {
      const robots = await get(path)
      expect([robots.text, robots.headers['content-type']]).toEqual([
        'User-agent: *\nDisallow: /\n',
        'text/plain; charset=UTF-8',
      ])
    }
  })

  it('lets the form lead to the site elsewhere, and to no other without TLS', async () => {
    const policy = async (by: Backend, body: Record<string, unknown>) => {
      const { id } = await by.link({ data: { email: newAddress() }, ...body })
      return String((await get(`/l/${id}`)).headers['content-security-policy'])
    }
    expect(await policy(shop, {})).toContain("form-action 'self' https:;")
    const plain = await rownd.backend('Plain', { allowedOrigins: ['http://plain.example:81'] })
    expect(await policy(plain, { redirect_url: 'http://plain.example:81/x' })).toContain(
      "form-action 'self' https: http://plain.example:81;",
    )
  })

  it('takes no form at the address that is exempt from the rule about other sites', async () => {
    const { id } = await shop.link({ data: { email: newAddress() } })
    expect((await house.browser().post(`/hub/auth/magic/${id}`)).status).toBe(405)
    const forged = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect((await house.browser().post(`/l/${id}`, {}, forged)).status).toBe(403)
    expect((await shop.redeem(id)).status).toBe(200)
  })

  it('bears what mail programs leave around it', async () => {
    const { id } = await shop.link({ data: { email: newAddress() } })
    for (const odd of [`${id}.`, `${id}=`, `${id}&amp;x`, `%3C${id}%3E`]) {
      expect((await get(`/l/${odd}`)).status, odd).toBe(200)
    }
  })
})

describe('a link that leads nowhere any more', () => {
  it('tells a person why, and whom to ask', async () => {
    const used = await shop.link({ data: { email: newAddress() } })
    const expired = await shop.link({ data: { email: newAddress() }, expiration: '1h' })
    const plain = await shop.link({ purpose: 'shorten', expiration: '1h' })
    await shop.redeem(used.id)
    house.pass(2 * 60 * minuteMs)
    const said = en.rowndLink.dead.reasons
    for (const [{ id }, reason] of [
      [used, said.used],
      [expired, said.expired],
      [plain, said.expired],
    ] as const) {
      const answer = await get(`/l/${id}`)
      expect(answer.status).toBe(410)
      expect(answer.text).toContain(reason.heading)
      expect(answer.text).toContain('volunteers@riverbend.example')
      expect(answer.text).not.toContain(en.rowndLink.dead.mail)
    }
    // A sign-in link's destination is no secret to its holder; an expired plain link leads nowhere.
    const onward = `href="${site}/base"`
    expect((await get(`/l/${used.id}`)).text).toContain(onward)
    expect((await get(`/l/${expired.id}`)).text).toContain(onward)
    expect((await get(`/l/${plain.id}`)).text).not.toContain(onward)
    expect(await refused(get(`/l/${plain.id}`, { accept: 'application/json' }))).toMatchObject({
      code: 'E_LINK_EXPIRED',
    })
    const pressing = await pressed(house.browser(), expired.id)
    expect([pressing.status, pressing.text.includes(said.expired.heading)]).toEqual([410, true])
  })

  it('may have been taken back', async () => {
    const { id } = await shop.link({ data: { email: newAddress() }, link_data: { a: 1 } })
    const linkId = await idOf(id)
    await rownd.store.write(() => revokeLink(rownd.store.db, linkId, 'withdrawn', house.nowMs()))
    const allowed = { 'x-rownd-magic-allow-exp': 'true' }
    expect(await refused(shop.redeem(id, allowed))).toMatchObject({ statusCode: 410, code: 'E_LINK_USED' })
    const answer = await get(`/l/${id}`)
    expect([answer.status, answer.text.includes(en.rowndLink.dead.reasons.withdrawn.heading)]).toEqual([
      410,
      true,
    ])
    expect(answer.text).not.toContain(`href="${site}`)
  })

  it('is one that we do not know, and one of another customer', async () => {
    const { id } = await shop.link({ data: { email: newAddress() } })
    const there = { host: house.hillside.host, headers: firefox }
    const stranger = await house.send('GET', `/l/${id}`, there)
    const unknown = await house.send('GET', `/l/${'A'.repeat(32)}`, there)
    expect([stranger.status, unknown.status]).toEqual([404, 404])
    expect(stranger.text).toBe(unknown.text)
  })

  it('emails a person of the portal a new one, and no stranger', async () => {
    const address = volunteer()
    await signIn(house, address)
    const { id } = await portal.link({ data: { email: address }, redirect_url: '/shifts' })
    await portal.redeem(id)
    const browser = house.browser()
    const dead = await browser.get(`/l/${id}`, firefox)
    expect(dead.text).toContain(en.rowndLink.dead.mail)
    const before = (await house.emailsTo(address)).length
    expect((await browser.post(`/l/${id}/mail`)).status).toBe(303)
    const [mail, ...older] = await house.emailsTo(address)
    expect(older).toHaveLength(before)
    expect(locationOf(await browser.post(pathOf(mail?.links[0])))).toBe('/shifts')

    const stranger = await portal.link({ data: { email: newAddress() } })
    await portal.redeem(stranger.id)
    expect((await get(`/l/${stranger.id}`)).text).not.toContain(en.rowndLink.dead.mail)
    expect((await house.browser().post(`/l/${stranger.id}/mail`)).status).toBe(404)
  })
})

describe('a plain link', () => {
  it('leads on at once, any number of times, until it runs out', async () => {
    const { id } = await shop.link({
      purpose: 'shorten',
      redirect_url: 'https://app/promo?code=1',
      expiration: '1d',
    })
    for (const path of [`/l/${id}`, `/hub/auth/magic/${id}`, `/l/${id}`]) {
      const answer = await get(path)
      expect([answer.status, locationOf(answer)]).toEqual([302, 'https://app/promo?code=1'])
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    house.pass(dayMs)
    expect((await get(`/l/${id}`)).status).toBe(410)
  })

  it('answers those who follow later as it answered the first, until anything changes', async () => {
    const settings = { allowedOrigins: ['https://old.example'], defaultRedirectUrl: `${site}/new` }
    const moved = await rownd.backend('Moved on', settings)
    const { id } = await moved.link({ purpose: 'shorten', redirect_url: 'https://old.example/x' })
    const linkId = await idOf(id)
    // The framing of an empty body depends on the connection, and each request has an id of its own.
    const sentBy = { date: '', 'content-length': '', 'transfer-encoding': '', 'x-request-id': '' }
    const plainly = ({ status, headers }: Answer) => ({
      status,
      headers: { ...headers, ...sentBy },
    })
    const first = plainly(await get(`/l/${id}`))
    expect(first).toMatchObject({ status: 302, headers: { location: 'https://old.example/x' } })
    for (let i = 0; i < 5; i += 1) expect(plainly(await get(`/l/${id}`))).toEqual(first)
    // A client that is not a person gets the same answer at the bare address as before.
    expect((await get(`/l/${id}`, { accept: 'application/json' })).status).toBe(200)
    expect((await get(`/l/${id}`, { accept: 'application/JSON' })).status).toBe(200)
    expect((await get(`/l/${id}`, { 'user-agent': 'WhatsApp/2.23' })).status).toBe(200)
    expect(locationOf(await get(`/l/${id}?a=1`))).toBe('https://old.example/x?a=1')
    const elsewhere = { host: house.hillside.host, headers: firefox }
    expect((await house.send('GET', `/l/${id}`, elsewhere)).status).toBe(404)
    await vi.waitFor(async () =>
      expect(await followsOf(rownd.store, linkId)).toMatchObject({ people: 7, robots: 1 }),
    )

    await moved.set({ ...settings, allowedOrigins: [] })
    expect(locationOf(await get(`/l/${id}`))).toBe(`${site}/new`)
    expect(locationOf(await get(`/l/${id}`))).toBe(`${site}/new`)
    await rownd.store.write(() => revokeLink(rownd.store.db, linkId, 'withdrawn', house.nowMs()))
    expect((await get(`/l/${id}`)).status).toBe(410)
  })

  it('carries parameters over, and none of those it has', async () => {
    const { id } = await shop.link({ purpose: 'shorten', redirect_url: 'https://app/promo?code=1#top' })
    const to = async (query: string) => locationOf(await get(`/l/${id}?${query}`))
    expect(await to('utm_source=a&utm_source=b')).toBe(
      'https://app/promo?code=1&utm_source=a&utm_source=b#top',
    )
    expect(await to('code=2&x=1')).toBe('https://app/promo?code=1&x=1#top')
    expect(await to('porchlight_code=stolen')).toBe('https://app/promo?code=1#top')
    expect(await to('a=%0d%0aSet-Cookie:%20b=c')).toBe('https://app/promo?code=1#top')
  })

  it('keeps the visitor signed in', async () => {
    const browser = await signIn(house, volunteer())
    const { id } = await portal.link({ purpose: 'shorten', redirect_url: '/shifts' })
    expect(locationOf(await browser.get(`/l/${id}`, firefox))).toBe(`http://${portal.host}/shifts`)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('counts people once a day for each network, robots apart, and keeps no address', async () => {
    const { id } = await shop.link({ purpose: 'shorten' })
    for (let i = 0; i < 3; i += 1) await get(`/l/${id}`)
    await get(`/l/${id}`, { 'user-agent': 'rownd sdk' })
    await get(`/l/${id}`, { accept: 'application/json' })
    const robot = await get(`/l/${id}`, { 'user-agent': 'WhatsApp/2.23' })
    expect([robot.status, robot.text.includes(`${site}/base`)]).toEqual([200, true])
    expect((await house.send('HEAD', `/l/${id}`, { headers: firefox })).status).toBe(200)
    house.pass(dayMs)
    await get(`/l/${id}`)
    const linkId = await idOf(id)
    const follows = () => followsOf(rownd.store, linkId)
    await vi.waitFor(async () => expect(await follows()).toMatchObject({ people: 5, robots: 2, visitors: 2 }))
    const kept = await rownd.store.read(
      rownd.store.db.selectFrom('link_open').select('id').where('link_id', '=', linkId).compile(),
    )
    expect(kept).toEqual([])
  })

  it('leads to the default where its origin was taken off the list since', async () => {
    const moved = await rownd.backend('Moved', {
      defaultRedirectUrl: `${site}/new`,
      allowedOrigins: ['https://old.example'],
    })
    const { id } = await moved.link({ purpose: 'shorten', redirect_url: 'https://old.example/x' })
    const toSignIn = await moved.link({
      data: { email: newAddress() },
      redirect_url: 'https://old.example/x',
    })
    await moved.set({ allowedOrigins: [] })
    expect((await moved.redeem(toSignIn.id)).json()).toMatchObject({ redirect_url: `${site}/new` })
    expect(locationOf(await get(`/l/${id}`))).toBe(`${site}/new`)
    expect((await get(`/l/${id}`, { accept: 'application/json' })).json()).toMatchObject({
      redirect_url: `${site}/new`,
    })
    await moved.set({ defaultRedirectUrl: null })
    expect(locationOf(await get(`/l/${id}`))).toBe(`http://${moved.host}/`)
  })
})

describe('pressing the button of a link into the portal', () => {
  it('signs in the person VOMO has under the address, as a volunteer', async () => {
    const address = volunteer()
    const { id, userId } = await portal.link({
      data: { email: address.toUpperCase() },
      redirect_url: '/shifts',
    })
    const browser = house.browser()
    const answer = await pressed(browser, id)
    expect([answer.status, locationOf(answer)]).toEqual([303, `http://${portal.host}/shifts`])
    expect((await browser.get('/portal/api/me')).json()).toMatchObject({ email: address })
    expect(await portal.user(userId)).toMatchObject({ verified_data: { email: address } })
  })

  it('remembers the language the page was read in, as every sign-in does', async () => {
    const address = volunteer()
    const { id } = await portal.link({ data: { email: address } })
    const browser = house.browser()
    browser.cookies.set('porchlight_language', 'es')
    await pressed(browser, id)
    const [kept] = await rownd.store.read(
      rownd.store.db.selectFrom('person').select('language').where('address', '=', address).compile(),
    )
    expect(kept).toEqual({ language: 'es' })
    const { sessions } = (await browser.get('/portal/api/me/export')).json() as { sessions: object[] }
    expect(sessions).toMatchObject([{ signed_in_by: 'link' }])
  })

  it('goes on in the browser it signed in, and nowhere else', async () => {
    const { id } = await portal.link({ data: { email: volunteer() }, redirect_url: '/shifts' })
    const browser = house.browser()
    await pressed(browser, id)
    for (const answer of [await browser.get(`/l/${id}?a=1`, firefox), await pressed(browser, `${id}?a=1`)])
      expect(locationOf(answer)).toBe(`http://${portal.host}/shifts?a=1`)
    expect((await pressed(house.browser(), id)).status).toBe(410)
  })

  it('opens no staff pages, not even for staff', async () => {
    const [staff = ''] = house.riverbend.staff
    const { id } = await portal.link({ data: { email: staff }, redirect_url: '/admin' })
    const browser = house.browser()
    await pressed(browser, id)
    expect(await isSignedIn(browser)).toBe(true)
    expect((await browser.get('/admin')).text).not.toContain(en.staff.title)
  })

  it('tells a person who is not on record so, and opens no session', async () => {
    const stranger = newAddress()
    const { id, userId } = await portal.link({ data: { email: stranger } })
    const browser = house.browser()
    const answer = await pressed(browser, id)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain(en.rowndLink.noRecord.heading)
    expect(answer.text).not.toContain(stranger)
    expect(browser.cookies.has('porchlight_session')).toBe(false)
    // The address still counts as proved to the application.
    expect(await portal.user(userId)).toMatchObject({ verified_data: { email: stranger } })
  })

  it('opens no session when two have the address', async () => {
    const { id } = await portal.link({ data: { email: house.traps.twoExact } })
    const browser = house.browser()
    expect((await pressed(browser, id)).status).toBe(403)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('opens no session for a person who would need an email', async () => {
    const address = volunteer()
    await signIn(house, address)
    const before = await rownd.people()
    const { id } = await portal.link({ data: { email: 'new-address@x.example' } })
    const user = house.userByEmail(address)
    await house.changePerson(user.id, { email: 'new-address@x.example' })
    const browser = house.browser()
    const answer = await pressed(browser, id)
    expect([answer.status, answer.text.includes(en.rowndLink.withheld.heading)]).toEqual([403, true])
    expect(await isSignedIn(browser)).toBe(false)
    expect(await rownd.people()).toBe(before)
    await house.changePerson(user.id, { email: address })
  })

  it('spends nothing while VOMO does not say who is on record, and offers the button again', async () => {
    const address = volunteer()
    const { id } = await portal.link({ data: { email: address }, redirect_url: '/shifts' })
    await house.sandboxOptions({ latency_ms: 4_000 })
    const browser = house.browser()
    const started = performance.now()
    const answer = await pressed(browser, `${id}?a=1`)
    expect(performance.now() - started).toBeLessThan(3_500)
    expect(answer.status).toBe(503)
    expect(answer.text).toContain(en.rowndLink.tryAgain.heading)
    expect(answer.text).toContain(`action="/l/${id}?a=1"`)
    await house.sandboxOptions({ latency_ms: 0 })
    expect((await pressed(browser, id)).status).toBe(303)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('does not ask VOMO where no session could follow', async () => {
    const calls = async () => (await house.callsToVomo()).length
    const guest = await rownd.backend('Guest')
    const before = await calls()
    for (const [by, body] of [
      [guest, { data: { email: volunteer() } }],
      [shop, { data: { email: volunteer() } }],
      [portal, { data: { phone: '+19195550104' }, verification_type: 'phone' }],
    ] as const) {
      const { id } = await by.link(body)
      expect((await pressed(house.browser(), id)).status).toBe(303)
    }
    expect(await calls()).toBe(before)
  })

  it('warns where another person is signed in, who is then signed out', async () => {
    const [first, second] = [volunteer(), volunteer()]
    const browser = await signIn(house, first)
    const session = browser.cookies.get('porchlight_session')
    const { id } = await portal.link({ data: { email: second } })
    const text = (await browser.get(`/l/${id}`, firefox)).text
    expect(text).toContain('signed out of this browser')
    await pressed(browser, id)
    expect((await browser.get('/portal/api/me')).json()).toMatchObject({ email: second })
    browser.cookies.set('porchlight_session', session ?? '')
    expect(await isSignedIn(browser)).toBe(false)
  })
})

describe('a link that is spent at once when it is opened', () => {
  let instant: Backend
  beforeAll(async () => {
    instant = await rownd.backend('Instant', { grantsPortalSignIn: true, authClick: 'instant' })
  })

  it('signs in the visitor who goes there', async () => {
    const browser = house.browser()
    const { id } = await instant.link({ data: { email: volunteer() }, redirect_url: '/shifts' })
    const answer = await browser.get(`/l/${id}`, firefox)
    expect([answer.status, locationOf(answer)]).toEqual([302, `http://${instant.host}/shifts`])
    expect(await isSignedIn(browser)).toBe(true)
  })

  it.each([
    ['a look ahead', { ...firefox, 'sec-purpose': 'prefetch;prerender' }],
    ['an older look ahead', { ...firefox, purpose: 'prefetch' }],
    ['a script', { ...firefox, 'sec-fetch-mode': 'cors' }],
    ['an image', { ...firefox, 'sec-fetch-dest': 'image' }],
    ['a robot', { 'user-agent': 'Slackbot-LinkExpanding 1.0' }],
    ['a program', { accept: 'application/json' }],
  ])('is not spent by %s', async (_, headers) => {
    const { id } = await instant.link({ data: { email: volunteer() } })
    const answer = await get(`/l/${id}`, headers)
    expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined])
    expect((await instant.redeem(id)).status).toBe(200)
  })

  it('asks first where another person is signed in', async () => {
    const browser = await signIn(house, volunteer())
    const { id } = await instant.link({ data: { email: volunteer() } })
    expect((await browser.get(`/l/${id}`, firefox)).text).toContain('signed out of this browser')
  })
})

describe('pressing the button of a link to a site elsewhere', () => {
  const exchange = (code: string, by = shop) => by.call('POST', '/hub/auth/handoff', { code })
  async function codeFor(body: Record<string, unknown> = {}): Promise<{ code: string; userId: string }> {
    const { id, userId } = await shop.link({ data: { email: newAddress() }, ...body })
    const location = new URL(locationOf(await pressed(house.browser(), id)))
    return { code: location.searchParams.get('porchlight_code') ?? '', userId }
  }

  it('brings its server a code, which it exchanges for tokens', async () => {
    const browser = house.browser()
    const { id, userId } = await shop.link({
      data: { email: newAddress() },
      redirect_url: '/in?a=1#b',
      link_data: { c: 3 },
    })
    const answer = await pressed(browser, `${id}?utm=x`)
    expect(answer.status).toBe(303)
    const location = new URL(locationOf(answer))
    const code = location.searchParams.get('porchlight_code') ?? ''
    expect(location.href).toBe(`${site}/base/in?a=1&utm=x&porchlight_code=${code}#b`)
    expect(browser.cookies.size).toBe(0)

    const exchanged = await exchange(code)
    expect(exchanged.status).toBe(200)
    expect(exchanged.json()).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      app_user_id: userId,
      app_id: shop.id,
      last_sign_in: 'email',
      redirect_url: `${site}/base/in?a=1#b`,
      link_data: { c: 3 },
      link_meta: { c: 3 },
    })
    const { refresh_token } = exchanged.json()
    expect((await shop.call('POST', '/hub/auth/token', { refresh_token })).status).toBe(200)
  })

  it('gives a code that works once, for a minute, and for its own application', async () => {
    const dead = { statusCode: 400, code: 'E_INVALID_CODE' }
    const { code } = await codeFor()
    expect(await refused(exchange(code, portal))).toMatchObject(dead)
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await refused(exchange(code))).toMatchObject(dead)

    const late = await codeFor()
    house.pass(minuteMs)
    expect(await refused(exchange(late.code))).toMatchObject(dead)

    const off = await codeFor()
    await shop.call('POST', `/applications/${shop.id}/users/${off.userId}/signout`, {})
    expect(await refused(exchange(off.code))).toMatchObject(dead)
    const gone = await codeFor()
    await shop.call('DELETE', `/applications/${shop.id}/users/${gone.userId}/data`)
    expect(await refused(exchange(gone.code))).toMatchObject(dead)
    for (const text of ['', 'x', 'A'.repeat(32)]) expect(await refused(exchange(text))).toMatchObject(dead)
    expect(await refused(shop.call('POST', '/hub/auth/handoff', { code: 1 }))).toMatchObject({
      code: 'E_VALIDATION',
    })
    expect(
      await refused(shop.call('POST', '/hub/auth/handoff', { code }, { 'x-rownd-app-secret': '' })),
    ).toMatchObject({
      statusCode: 401,
    })
  })

  it('brings front ends of Rownd the tokens in the fragment, where the operator says so', async () => {
    const front = await rownd.backend('Front', {
      defaultRedirectUrl: `${site}/#top`,
      sessionHandoff: 'rph_init',
    })
    const { id, userId } = await front.link({ data: { email: newAddress() } })
    const location = new URL(locationOf(await pressed(house.browser(), id)))
    const [, value = ''] = /^#top,rph_init=([A-Za-z0-9+/=]+)$/.exec(location.hash) ?? []
    expect(JSON.parse(Buffer.from(value, 'base64').toString())).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      app_id: front.id,
      app_user_id: userId,
    })
    expect(location.search).toBe('')
  })

  it('tells no site, when the operator says so', async () => {
    const silent = await rownd.backend('Silent', { defaultRedirectUrl: `${site}/x`, sessionHandoff: 'none' })
    const { id, userId } = await silent.link({ data: { email: newAddress() } })
    expect(locationOf(await pressed(house.browser(), id))).toBe(`${site}/x`)
    expect(await silent.user(userId)).toMatchObject({ auth_level: 'verified' })
  })

  it('says what stands in the way, and leaves the link unused', async () => {
    const email = newAddress()
    const first = await shop.link({ data: { email } })
    await shop.redeem(first.id)
    const { id } = await shop.link({ data: { email } })
    await shop.call('POST', `/applications/${shop.id}/users/${first.userId}/state`, { state: 'disabled' })
    const answer = await pressed(house.browser(), id)
    expect([answer.status, answer.text.includes(en.rowndLink.dead.reasons.disabled.heading)]).toEqual([
      410,
      true,
    ])
    await shop.call('POST', `/applications/${shop.id}/users/${first.userId}/state`, { state: 'enabled' })
    expect((await shop.redeem(id)).status).toBe(200)
  })
})

it('of two hundred who press or fetch at once, one gets in', async () => {
  for (const by of [portal, shop]) {
    const email = by === portal ? volunteer() : newAddress()
    const { id } = await by.link({ data: { email } })
    const before = await rownd.sessions()
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        heard(() => (i % 2 === 0 ? by.redeem(id) : pressed(house.browser(), id))),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200 || status === 303)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(199)
    expect((await rownd.sessions()) - before).toBeLessThanOrEqual(1)
  }
})

describe('taking an account over', () => {
  let victim: string
  let before: { people: string; sessions: number }

  beforeEach(async () => {
    victim = volunteer()
    await signIn(house, victim)
    before = { people: await rownd.people(), sessions: await rownd.sessions() }
  })
  afterEach(async () => {
    expect(await rownd.people()).toBe(before.people)
    expect(await rownd.sessions()).toBe(before.sessions)
  })

  it('is not done by writing their address into a profile', async () => {
    const path = `/applications/${portal.id}/users/mallory/data`
    expect((await portal.call('PUT', path, { data: { email: victim, first_name: 'M' } })).status).toBe(200)
    const { id } = await portal.link({
      user_id: 'mallory',
      data: { phone: '+19195550105' },
      verification_type: 'phone',
    })
    const browser = house.browser()
    expect((await pressed(browser, id)).status).toBe(303)
    expect(await isSignedIn(browser)).toBe(false)
    expect((await portal.user('mallory'))?.verified_data).toEqual({ phone_number: '+19195550105' })
    expect((await portal.call('DELETE', path)).status).toBe(204)
  })

  it('is not done by changing the profile after the link was made for another address', async () => {
    const own = newAddress()
    const { id } = await portal.link({ user_id: 'eve', data: { email: own } })
    await portal.call('PUT', `/applications/${portal.id}/users/eve/data`, { data: { email: victim } })
    const browser = house.browser()
    await pressed(browser, id)
    expect(await isSignedIn(browser)).toBe(false)
    expect((await portal.user('eve'))?.verified_data['email']).not.toBe(victim)
  })

  it('is not done by a link that verifies a phone number and carries their address', async () => {
    const { id } = await portal.link({
      data: { email: victim, phone: '+19195550106' },
      verification_type: 'phone',
    })
    const browser = house.browser()
    await pressed(browser, id)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('is not done by an application that was not granted it', async () => {
    const guest = await rownd.backend('Ungranted')
    const { id } = await guest.link({ data: { email: victim } })
    const browser = house.browser()
    const answer = await pressed(browser, id)
    expect([answer.status, locationOf(answer)]).toEqual([303, `http://${guest.host}/`])
    expect(await isSignedIn(browser)).toBe(false)
    expect(browser.cookies.size).toBe(0)
  })

  it('is not done by a link once the grant was taken back', async () => {
    const granted = await rownd.backend('Granted', { grantsPortalSignIn: true })
    const { id } = await granted.link({ data: { email: victim } })
    await granted.set({ grantsPortalSignIn: false })
    const browser = house.browser()
    await pressed(browser, id)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('is not done by an access token, which can make its holder a link', async () => {
    const { id } = await portal.link({ data: { email: victim } })
    const token = String((await portal.redeem(id)).json()['access_token'])
    const own = await portal.call('POST', '/me/auth/magic', undefined, { authorization: `Bearer ${token}` })
    const browser = house.browser()
    await pressed(browser, String(own.json()['link']).split('/').at(-1) ?? '')
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('is not done by fetching a link as a Rownd client, nor by using it again', async () => {
    const { id } = await portal.link({ data: { email: victim } })
    const redeemed = await portal.redeem(id, { cookie: 'porchlight_session=x' })
    expect(redeemed.headers['set-cookie']).toBeUndefined()
    const browser = house.browser()
    expect((await pressed(browser, id)).status).toBe(410)
    expect((await browser.get(`/l/${id}`, firefox)).status).toBe(410)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('is not done with another customer’s key, link or profile', async () => {
    const elsewhere = await rownd.backend('Other house', { grantsPortalSignIn: true }, house.hillside)
    const { id } = await elsewhere.link({ data: { email: victim } })
    const browser = house.browser()
    expect((await pressed(browser, id)).status).toBe(404)
    expect(
      (
        await house.send('POST', '/hub/auth/magic', {
          headers: { ...elsewhere.credentials, 'content-type': 'application/json' },
          body: JSON.stringify({ data: { email: victim } }),
        })
      ).status,
    ).toBe(401)
    expect(await isSignedIn(browser)).toBe(false)
  })
})

describe('a secret of one kind at the door of another', () => {
  const doors = (secret: string, browser = house.browser()) => [
    browser.post(`/auth/${secret}`),
    browser.post(`/magiclink/${secret}`),
    browser.get(`/magiclink/${secret}`, firefox),
    browser.postJson('/portal/api/sign-in/complete', { token: secret }),
    browser.post(`/not-me/${secret}`),
  ]

  it('opens nothing: the Rownd form’s links', async () => {
    const { id } = await portal.link({ data: { email: volunteer() } })
    const { id: plain } = await portal.link({ purpose: 'shorten' })
    for (const secret of [id, plain]) {
      const browser = house.browser()
      for (const answer of await Promise.all(doors(secret, browser))) expect(answer.status).toBe(410)
      browser.cookies.set('porchlight_session', secret)
      expect(await isSignedIn(browser)).toBe(false)
      expect((await portal.call('POST', '/hub/auth/handoff', { code: secret })).status).toBe(400)
    }
    expect((await portal.redeem(id)).status).toBe(200)
  })

  it('opens nothing: links of sign-in emails, codes, tokens and sessions at the address of links', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, volunteer())
    const mailed = pathOf(mail.links[0]).split('/').at(-1) ?? ''
    const { id } = await shop.link({ data: { email: newAddress() } })
    const code =
      new URL(locationOf(await pressed(house.browser(), id))).searchParams.get('porchlight_code') ?? ''
    for (const secret of [mailed, String(mail.code).replace('-', ''), code, shop.key, shop.secret]) {
      expect((await portal.redeem(encodeURIComponent(secret))).status).toBe(404)
      expect((await pressed(house.browser(), encodeURIComponent(secret))).status).toBe(404)
    }
    expect((await browser.post(`/auth/${mailed}`)).status).toBe(303)
    expect((await portal.redeem(browser.cookies.get('porchlight_session') ?? '')).status).toBe(404)
  })
})

describe('a link for oneself', () => {
  const own = (token: string, body?: unknown, headers: Record<string, string> = {}) =>
    house.send('POST', '/me/auth/magic', {
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  async function tokenOf(data: Record<string, unknown>): Promise<{ token: string; userId: string }> {
    const { id } = await shop.link({ data, verification_type: 'email' in data ? 'email' : 'phone' })
    const { access_token: token, app_user_id: userId } = (await shop.redeem(id)).json()
    return { token: String(token), userId: String(userId) }
  }

  it('is made by an access token and an empty body of JSON', async () => {
    const { token, userId } = await tokenOf({ email: newAddress() })
    const answer = await own(token, undefined, { 'content-type': 'application/json' })
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({ link: expect.stringContaining('/l/'), app_user_id: userId })
    const id = String(answer.json()['link']).split('/').at(-1) ?? ''
    expect((await shop.redeem(id)).json()).toMatchObject({
      app_user_id: userId,
      redirect_url: `${site}/base`,
    })
  })

  it('signs in again by a phone number, where that is what was proved', async () => {
    const { token } = await tokenOf({ phone: '+19195550107' })
    const link = String(
      (await own(token, { redirect_url: '/x' }, { 'content-type': 'application/json' })).json()['link'],
    )
    expect((await shop.redeem(link.split('/').at(-1) ?? '')).json()).toMatchObject({ last_sign_in: 'phone' })
  })

  it('leads only where the application’s own links may, and lives an hour', async () => {
    const { token } = await tokenOf({ email: newAddress() })
    const json = { 'content-type': 'application/json' }
    expect(await refused(own(token, { redirect_url: 'https://evil.example' }, json))).toMatchObject({
      code: 'E_VALIDATION',
    })
    const link = String((await own(token, {}, json)).json()['link'])
    house.pass(60 * minuteMs)
    expect((await shop.redeem(link.split('/').at(-1) ?? '')).status).toBe(410)
  })

  it('needs the token of a signed-in user', async () => {
    for (const token of ['', 'x', shop.secret])
      expect(await refused(own(token))).toMatchObject({ code: 'E_UNAUTHORIZED' })
  })
})

describe('the published client for Node, 3.1.0', () => {
  type Client = {
    createSmartLink(order: {
      email?: string
      phone?: string
      redirect_url: string
      data?: Record<string, unknown>
    }): Promise<{ link: string; app_user_id: string }>
    validateToken(token: string): Promise<{ user_id: string; decoded_token: Record<string, unknown> }>
    express: { authenticate(how: Record<string, boolean>): express.RequestHandler }
  }
  let client: Client

  beforeAll(() => {
    // Its declarations name a file that is not in the package.
    client = createInstance({
      api_url: `http://${shop.host}`,
      app_key: shop.key,
      app_secret: shop.secret,
    })
  })

  it.each([
    ['e-mail', { email: 'node@x.example' }, 'email'],
    ['phone', { phone: '+19195550108' }, 'phone_number'],
  ])('makes a link by %s, and takes its token for good', async (_, by, field) => {
    const made = await client.createSmartLink({ ...by, redirect_url: '/x', data: { first_name: 'Node' } })
    expect(made).toEqual({ link: expect.stringContaining('/l/'), app_user_id: expect.any(String) })
    const redeemed = (await shop.redeem(made.link.split('/').at(-1) ?? '')).json()
    const { user_id: userId } = await client.validateToken(String(redeemed['access_token']))
    expect(userId).toBe(made.app_user_id)
    expect((await shop.user(userId))?.verified_data).toEqual({ [field]: Object.values(by)[0] })
    await expect(client.validateToken(`${String(redeemed['access_token'])}x`)).rejects.toThrow(/signature/)
  })

  it('C1: takes no refresh token for an access token, nor does any library that looks at signature, issuer and audience', async () => {
    const { id } = await shop.link({ data: { email: newAddress() } })
    const first = (await shop.redeem(id)).json()
    const next = (
      await shop.call('POST', '/hub/auth/token', { refresh_token: first['refresh_token'] })
    ).json()
    const origin = `http://${shop.host}`
    const keys = createRemoteJWKSet(new URL(`${origin}/hub/auth/keys`))
    const check = (token: unknown) =>
      jwtVerify(String(token), keys, { issuer: origin, audience: `app:${shop.id}` })
    for (const pair of [first, next]) {
      expect((await client.validateToken(String(pair['access_token']))).user_id).toBe(first['app_user_id'])
      expect((await check(pair['access_token'])).payload.sub).toBe(`rownd|${String(first['app_user_id'])}`)
      await expect(client.validateToken(String(pair['refresh_token']))).rejects.toThrow(/Invalid Compact JWS/)
      await expect(check(pair['refresh_token'])).rejects.toThrow('Invalid Compact JWS')
    }
  })

  it('lets a user who came by a link through its middleware, and no other', async () => {
    const { link } = await client.createSmartLink({
      email: newAddress(),
      redirect_url: '/x',
      data: { first_name: 'Xpress' },
    })
    const { access_token: token } = (await shop.redeem(link.split('/').at(-1) ?? '')).json()
    const app = express()
    app.get('/who', client.express.authenticate({ fetchUserInfo: true }), (request, response) => {
      response.json((request as unknown as { user: unknown }).user)
    })
    app.use(((_error, _request, response, _next) => {
      response.sendStatus(401)
    }) as express.ErrorRequestHandler)
    const server = createServer(app).listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => server.once('listening', resolve))
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/who`
      const who = await fetch(url, { headers: { authorization: `Bearer ${String(token)}` } })
      expect(await who.json()).toMatchObject({ first_name: 'Xpress' })
      expect((await fetch(url, { headers: { authorization: 'Bearer x.y.z' } })).status).toBe(401)
    } finally {
      server.close()
    }
  })

  it('is told why a link was not made', async () => {
    await expect(
      client.createSmartLink({ email: newAddress(), redirect_url: 'https://evil.example' }),
    ).rejects.toThrow(/400/)
  })
})

it('what a link carries is stored sealed, and forgotten once it is written', async () => {
  const { id } = await shop.link({
    data: { email: 'canary@x.example', first_name: 'Canaryname' },
    redirect_url: '/canary-path',
  })
  const linkId = await idOf(id)
  async function rowOf() {
    const [row] = await rownd.store.read(
      rownd.store.db.selectFrom('rownd_link').selectAll().where('link_id', '=', linkId).compile(),
    )
    if (!row) throw new Error('the link is not there')
    return row
  }
  const before = await rowOf()
  expect(Buffer.from(before.order_sealed).toString('latin1')).not.toMatch(/canary/i)
  expect(rownd.secrets.open('rownd link', before.order_sealed)).toContain('Canaryname')
  await shop.redeem(id)
  expect(rownd.secrets.open('rownd link', (await rowOf()).order_sealed)).not.toContain('Canaryname')
})

it('every link that is made and spent is in the audit', async () => {
  const { id, userId } = await shop.link({ data: { email: newAddress() } })
  await shop.redeem(id)
  const found = await rownd.store.read(
    rownd.store.db
      .selectFrom('audit_event')
      .selectAll()
      .orderBy('at_ms', 'desc')
      .orderBy('id')
      .limit(40)
      .compile(),
  )
  const mine = found.filter(({ detail }) => detail.includes(userId) || detail.includes(shop.id))
  expect(mine.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['link.issued', 'link.spent', 'profile.created', 'profile.identifier_verified']),
  )
  expect(JSON.stringify(found)).not.toContain(id)
})

describe('docs/migrating-from-rownd.md', () => {
  const page = readFileSync(new URL('../docs/migrating-from-rownd.md', import.meta.url), 'utf8')
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines ?? '')
  const [before = '', after = '', handoff = ''] = blocks.filter((lines) => lines.startsWith('curl'))

  async function pasted(
    lines: string,
    environment: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const here = lines.replaceAll('https://volunteers.example.org', `http://${shop.host}`)
    const env = { ...process.env, ROWND_APP_KEY: shop.key, ROWND_APP_SECRET: shop.secret, ...environment }
    const { stdout } = await promisify(execFile)('bash', ['-c', here], { env })
    return JSON.parse(stdout) as Record<string, unknown>
  }

  it('changes nothing but the address', () => {
    expect(before).toContain('https://api.rownd.io')
    expect(after).toBe(before.replaceAll('https://api.rownd.io', 'https://volunteers.example.org'))
  })

  it('shows calls that work when pasted', async () => {
    const made = await pasted(after)
    const id = String(made['link']).split('/').at(-1) ?? ''
    const location = new URL(locationOf(await pressed(house.browser(), id)))
    expect(location.pathname).toBe('/base/welcome')
    const told = await pasted(handoff, { CODE: location.searchParams.get('porchlight_code') ?? '' })
    expect(told).toMatchObject({ app_user_id: made['app_user_id'], app_id: shop.id, last_sign_in: 'email' })
    const [, promised = ''] = /^It answers ([^.]+)\./m.exec(page) ?? []
    expect(Object.keys(told)).toEqual(expect.arrayContaining(promised.match(/\w+_\w+/g) ?? []))
  })
})
