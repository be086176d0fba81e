import { AxeBuilder } from '@axe-core/playwright'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readCidr } from '../src/http/network.ts'
import { en } from '../src/text/en.ts'
import { handOffAnswer } from '../src/volunteer/hand-off/bodies.ts'
import { formType, openTarget, signInAs } from './attack.ts'
import { type Chromium, comeSignedIn, openChromium, plain, untilWarm, type Visitor } from './browser.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
import { type House, loseRecord, openHouse, signIn } from './house.ts'

const minuteMs = 60_000
const sendUs = { landing: 'hub' } as const

let house: House
let chromium: Chromium
let database: Rows
let count = 0
/** The next ordinary volunteer, so that tests do not see each other's changes. */
const nextVolunteer = () => house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  database = await openRows(house.database)
  await untilWarm(house)
})
afterEach(async () => {
  await house.sandboxOptions({ down: false, latency_ms: 0, fail_next: 0 })
  // Only tests see this many people in a minute: each test gets a fresh minute's budget and a closed breaker.
  house.pass(2 * minuteMs)
  await chromium.sendHome()
})
afterAll(async () => {
  await database.close()
  await chromium.close()
})

async function linksMade(): Promise<number> {
  const calls = await house.callsToVomo()
  return calls.filter(({ method, path }) => method === 'POST' && path === '/v1/users/one-time').length
}

type Audited = { kind: string; person_id: string | null; detail: string }

function audited(): Promise<Audited[]> {
  return database.all<Audited>(
    `select kind, person_id, detail from audit_event where kind like 'hand_off.%' order by at_ms, ${insertionOrder}`,
  )
}

function fullName(address: string): string {
  const { first_name, last_name } = house.userByEmail(address)
  return [first_name, last_name].filter(Boolean).join(' ')
}

/** Follows a link as the visitor's browser would. */
async function click(url: string, headers: Record<string, string> = {}) {
  const answer = await request(url, { headers })
  await answer.body.dump()
  return { status: answer.statusCode, location: answer.headers['location'] }
}

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  async function comeTo(path: string, address = nextVolunteer()): Promise<{ ann: Visitor; address: string }> {
    const ann = await chromium.visitor({ javaScriptEnabled, mayGoTo: house.sandbox.url })
    await comeSignedIn(house, ann, address, { path })
    return { ann, address }
  }

  it('one press at an initiative leads to that initiative', async () => {
    const [slug = ''] = house.riverbend.campaigns
    const { ann, address } = await comeTo(`/${slug}`)
    await ann.press(en.hub.signUp)
    expect(ann.page.url()).toBe(`${house.sandbox.url}/${slug}`)
    expect(await ann.page.locator('#signed-in-email').textContent()).toBe(address)
  })

  it.each([
    ['the next shift', '/', en.shift.change, '/user'],
    ['where people are needed', '/', en.hub.signUp, '/organization/riverbend'],
    ['a shift to cancel', '/shifts', en.shift.change, '/user'],
    ['an address to change', '/profile', en.profile.open, '/user'],
    ['what is done in VOMO', '/help', en.help.open, '/organization/riverbend'],
  ])('one press at %s and VOMO opens, signed in as the same person', async (_what, from, button, path) => {
    const { ann, address } = await comeTo(from)
    await ann.andWait(() => ann.page.locator('main').getByRole('button', { name: button }).first().click())
    expect(ann.page.url()).toBe(house.sandbox.url + path)
    expect(await ann.page.locator('#signed-in-name').textContent()).toBe(fullName(address))
    expect(await ann.page.locator('#signed-in-email').textContent()).toBe(address)
  })

  it('the other way round: a link made with curl, as VOMO would make it, leads to the hub here', async () => {
    const address = nextVolunteer()
    const made = await request(`${house.portalUrl}/v1/users/one-time`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${house.riverbend.api_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ email: address, ip_address: '127.0.0.1', landing_page: 'hub' }),
    })
    expect(made.statusCode).toBe(201)
    const { data } = (await made.body.json()) as { data: { auth_link: string } }
    const ann = await chromium.visitor({ javaScriptEnabled })
    await ann.open(data.auth_link)
    expect(ann.path()).toBe('/organization/riverbend')
    expect((await ann.ask('/me')).json['email']).toBe(address)
  })

  it('coming back and pressing again works, since every press makes a link of its own', async () => {
    const { ann } = await comeTo('/profile')
    for (const _time of [1, 2]) {
      await ann.press(en.profile.open)
      expect(ann.page.url()).toBe(`${house.sandbox.url}/user`)
      await ann.andWait(() => ann.page.goBack())
      expect(ann.path()).toBe('/profile')
    }
  })

  it('VOMO that is down ends at a page that says so and leads there by a plain link', async () => {
    const { ann, address } = await comeTo('/shifts')
    ann.expectsErrors()
    await house.sandboxOptions({ down: true })
    await ann.andWait(() => ann.page.getByRole('button', { name: en.shift.change }).first().click())
    const { heading } = en.handOff.trouble.unavailable
    expect(ann.status()).toBe(503)
    expect(await ann.page.locator('h1').innerText()).toBe(heading)
    expect(await ann.text()).toContain(plain(en.handOff.signInThere(address)))
    await house.sandboxOptions({ down: false })
    await ann.follow(en.handOff.next)
    expect(ann.page.url()).toBe(`${house.sandbox.url}/login`)
  })
})

it('the page that stands in for VOMO is accessible to every visitor, at any width', async () => {
  const ann = await chromium.visitor()
  await comeSignedIn(house, ann, nextVolunteer(), { path: '/profile' })
  ann.expectsErrors()
  await house.sandboxOptions({ down: true })
  await ann.press(en.profile.open)
  expect(ann.status()).toBe(503)
  const { violations } = await new AxeBuilder({ page: ann.page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  for (const width of [320, 360, 1280]) {
    await ann.page.setViewportSize({ width, height: 800 })
    expect(await ann.overflow()).toBeLessThanOrEqual(0)
  }
})

describe('a page with a button into VOMO', () => {
  it('lets its forms lead there, and a page without one does not', async () => {
    const ann = await signIn(house, nextVolunteer())
    const leads = `form-action 'self' https: ${house.sandbox.url};`
    for (const path of ['/organization/riverbend', '/shifts', '/profile', '/help']) {
      const page = await ann.get(path)
      expect(page.text, path).toContain('action="/open-in-vomo"')
      expect(page.headers['content-security-policy'], path).toContain(leads)
    }
    for (const page of [
      await ann.get('/user'),
      await ann.get('/nowhere'),
      await house.send('GET', '/help'),
    ]) {
      expect(page.text).not.toContain('/open-in-vomo')
      expect(page.headers['content-security-policy']).toContain("form-action 'self';")
    }
  })

  it('is needed: the browser holds every hop of the redirect to it', async () => {
    const context = await chromium.visitor({ mayGoTo: house.sandbox.url })
    await comeSignedIn(house, context, nextVolunteer(), { path: '/help' })
    const refused: string[] = []
    const ann = await context.context
      .browser()
      ?.newContext({ storageState: await context.context.storageState() })
    const page = await ann?.newPage()
    if (!ann || !page) throw new Error('no browser')
    page.on('console', (message) => void refused.push(message.text()))
    await page.route('**/profile', async (route) => {
      const answer = await route.fetch()
      const policy = (answer.headers()['content-security-policy'] ?? '').replace(house.sandbox.url, '')
      await route.fulfill({
        response: answer,
        headers: { ...answer.headers(), 'content-security-policy': policy },
      })
    })
    await page.goto(`${house.portalUrl}/profile`)
    await page.getByRole('button', { name: en.profile.open }).click()
    await expect.poll(() => refused.join('\n')).toContain('form-action')
    await ann.close()
  })

  it('has a plain link in its place for people with a role of their own in VOMO', async () => {
    const address = nextVolunteer()
    await house.changePerson(house.userByEmail(address).id, {
      customer: 'riverbend',
      membership_role: 'ORGANIZER',
    })
    const page = await (await signIn(house, address)).get('/profile')
    expect(page.text).not.toContain('/open-in-vomo')
    expect(page.text).toContain(`href="${house.sandbox.url}" rel="noreferrer"`)
  })
})

describe('POST /portal/api/open-in-vomo', () => {
  it('answers with a link that works once, which no cache keeps', async () => {
    const ann = await signIn(house, nextVolunteer())
    const answer = await ann.postJson('/portal/api/open-in-vomo', sendUs)
    expect(answer.status).toBe(201)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    const { url } = handOffAnswer.parse(answer.json())
    expect(await click(url)).toEqual({ status: 302, location: '/organization/riverbend' })
    expect((await click(url)).status).toBe(410)
  })

  it.each([
    ['hub', {}, '/organization/riverbend'],
    ['resume', {}, '/user'],
    ['campaign', { resource: true }, undefined],
  ] as const)('leads to %s', async (landing, more, path) => {
    const [slug = ''] = house.riverbend.campaigns
    const ann = await signIn(house, nextVolunteer())
    const wish = { landing, ...('resource' in more && { resource: slug }) }
    const answer = await ann.postJson('/portal/api/open-in-vomo', wish)
    const { url } = handOffAnswer.parse(answer.json())
    expect((await click(url)).location).toBe(path ?? `/${slug}`)
  })

  it.each([
    [{}, 'landing'],
    [{ landing: 'admin' }, 'landing'],
    [{ landing: 'admin_resume', resource: '1000001' }, 'landing'],
    [{ landing: 'hub', email: 'somebody@else.example' }, 'email'],
    [{ landing: 'hub', ip_address: '203.0.113.7' }, 'ip_address'],
    [{ landing: 'hub', resource: 'x' }, 'resource'],
    [{ landing: 'campaign' }, 'resource'],
    [{ landing: 'campaign', resource: '../admin' }, 'resource'],
    [{ landing: 'campaign', resource: 'no-such-campaign' }, 'resource'],
  ])('refuses %j, naming the field', async (body, field) => {
    const ann = await signIn(house, nextVolunteer())
    const answer = await ann.postJson('/portal/api/open-in-vomo', body)
    expect([answer.status, answer.json()['code']]).toEqual([422, 'invalid_request'])
    expect(Object.keys(answer.json()['errors'] as object)).toEqual([field])
  })

  it('requires a signed-in visitor', async () => {
    const answer = await house.browser().postJson('/portal/api/open-in-vomo', sendUs)
    expect([answer.status, answer.json()['code']]).toEqual([401, 'session_required'])
  })

  it.each([
    ['is down', { down: true }],
    ['is slow', { latency_ms: 3_000 }],
    ['fails', { fail_next: 1, fail_status: 500 }],
    ['has a gateway that fails', { fail_next: 1, fail_status: 502 }],
  ])('while VOMO %s, says where to go instead', async (_, options) => {
    const ann = await signIn(house, nextVolunteer())
    await house.sandboxOptions(options)
    const began = performance.now()
    const answer = await ann.postJson('/portal/api/open-in-vomo', sendUs)
    expect(performance.now() - began).toBeLessThan(4_500)
    expect(answer.status).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'vomo_unavailable', url: house.sandbox.url })
  })
})

describe('POST /open-in-vomo', () => {
  it('answers 303, which no cache keeps, and VOMO gets no referrer', async () => {
    const ann = await signIn(house, nextVolunteer())
    const answer = await ann.post('/open-in-vomo', sendUs)
    expect(answer.status).toBe(303)
    expect(String(answer.headers['location'])).toMatch(/^http:\/\/localhost:\d+\/magiclink\/[\w-]+$/)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(answer.text).not.toContain('magiclink')
  })

  it.each(['admin', 'admin_resume', '', 'HUB'])('refuses the landing "%s"', async (landing) => {
    const ann = await signIn(house, nextVolunteer())
    const before = await linksMade()
    expect((await ann.post('/open-in-vomo', { landing, resource: '1000001' })).status).toBe(422)
    expect(await linksMade()).toBe(before)
  })

  it('sends a visitor whose session is over to the sign-in page', async () => {
    const answer = await house.browser().post('/open-in-vomo', sendUs)
    expect([answer.status, answer.headers['location']]).toEqual([303, '/sign-in'])
  })

  it('from another site is refused, and makes no link', async () => {
    const ann = await signIn(house, nextVolunteer())
    const before = await linksMade()
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      expect((await ann.post('/open-in-vomo', sendUs, headers)).status).toBe(403)
      const byApi = await ann.postJson('/portal/api/open-in-vomo', sendUs, headers)
      expect([byApi.status, byApi.json()['code']]).toEqual([403, 'cross_site_request'])
    }
    expect(await linksMade()).toBe(before)
  })

  it('shows the campaign’s own page where there is no link to it', async () => {
    const [slug = ''] = house.riverbend.campaigns
    const ann = await signIn(house, nextVolunteer())
    expect((await ann.get(`/${slug}`)).status).toBe(200)
    await house.sandboxOptions({ down: true })
    const answer = await ann.post('/open-in-vomo', { landing: 'campaign', resource: slug })
    expect(answer.status).toBe(503)
    expect(answer.text).toContain(`href="${house.sandbox.url}/${slug}"`)
  })

  it('where VOMO makes no link for a person, is a page and no error of ours', async () => {
    const [address, double] = [nextVolunteer(), nextVolunteer()]
    const ann = await signIn(house, address)
    await house.changePerson(house.userByEmail(double).id, { customer: 'riverbend', email: address })
    const answer = await ann.post('/open-in-vomo', sendUs)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain(en.handOff.trouble.refused.heading)
    expect(answer.text).toContain(`href="${house.sandbox.url}"`)
    expect((await audited()).at(-1)).toMatchObject({
      kind: 'hand_off.refused',
      detail: JSON.stringify({ landing: 'hub', reason: 'declined' }),
    })
    await house.changePerson(house.userByEmail(address).id, { customer: 'riverbend', email: address })
  })
})

describe('a person VOMO changed a second ago', () => {
  async function changed(change: Record<string, unknown>) {
    const address = nextVolunteer()
    const ann = await signIn(house, address)
    expect((await ann.get('/portal/api/me')).status).toBe(200)
    const before = await linksMade()
    await house.changePerson(house.userByEmail(address).id, { customer: 'riverbend', ...change })
    return { ann, address, expectNoLink: async () => expect(await linksMade()).toBe(before) }
  }

  it.each([
    ['has another address', { email: 'moved-on@new.example' }, 401, 'account_stale'],
    ['is scrubbed', { scrubbed: true }, 401, 'account_stale'],
    ['is no longer active', { deactivate: true }, 403, 'hand_off_refused'],
    ['organizes', { membership_role: 'ORGANIZER' }, 403, 'hand_off_refused'],
    ['administers', { membership_role: 'ADMIN' }, 403, 'hand_off_refused'],
    ['has an unknown role', { membership_role: 'OWNER' }, 403, 'hand_off_refused'],
    ['has no role to be seen', { membership_role: '' }, 403, 'hand_off_refused'],
  ])('and who %s is not carried on', async (_, change, status, code) => {
    const { ann, expectNoLink } = await changed(change)
    const answer = await ann.postJson('/portal/api/open-in-vomo', sendUs)
    expect([answer.status, answer.json()['code']]).toEqual([status, code])
    expect(answer.json()['url']).toBe(code === 'hand_off_refused' ? house.sandbox.url : undefined)
    await expectNoLink()
  })

  it('and who is removed is not carried on, neither while that is doubted nor once it is proven', async () => {
    const address = nextVolunteer()
    const ann = await signIn(house, address)
    const before = await linksMade()
    const handOff = async () => {
      const answer = await ann.postJson('/portal/api/open-in-vomo', sendUs)
      return [answer.status, answer.json()['code']]
    }
    await loseRecord(house, address, async () => expect(await handOff()).toEqual([503, 'vomo_unavailable']))
    expect(await handOff()).toEqual([403, 'account_orphaned'])
    expect(await linksMade()).toBe(before)
  })

  it.each([
    ['organizes', { membership_role: 'ORGANIZER' }, 'not_volunteer'],
    ['is no longer active', { deactivate: true }, 'not_member'],
  ] as const)('and who %s reads why, and finds VOMO’s own door', async (_, change, reason) => {
    const { ann, address } = await changed(change)
    const answer = await ann.post('/open-in-vomo', sendUs)
    expect(answer.status).toBe(403)
    expect(plain(answer.text)).toContain(en.handOff.trouble[reason].what('Riverbend Food Bank'))
    expect(answer.text).toContain(`href="${house.sandbox.url}" rel="noreferrer"`)
    expect(answer.text.replaceAll('<wbr/>', '')).toContain(address)
    expect((await audited()).at(-1)).toMatchObject({
      kind: 'hand_off.refused',
      detail: JSON.stringify({ landing: 'hub', reason }),
    })
  })
})

describe('a link', () => {
  it('stands in no log and no audit event, and nor does whom it is for', async () => {
    const address = nextVolunteer()
    const ann = await signIn(house, address)
    const from = house.logged.length
    const asked = (await audited()).length
    const tokens: string[] = []
    for (const landing of ['hub', 'resume']) {
      const page = await ann.post('/open-in-vomo', { landing })
      const api = await ann.postJson('/portal/api/open-in-vomo', { landing })
      for (const url of [page.headers['location'], api.json()['url']]) {
        tokens.push(new URL(String(url)).pathname.split('/').at(-1) ?? '')
      }
    }
    expect(new Set(tokens).size).toBe(4)
    const events = (await audited()).slice(asked)
    expect(events.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual(
      ['hub', 'hub', 'resume', 'resume'].map((landing) => `hand_off.made {"landing":"${landing}"}`),
    )
    expect(events.every(({ person_id }) => person_id?.startsWith('per_'))).toBe(true)
    const written = [...house.logged.slice(from), JSON.stringify(events)].join('\n')
    for (const secret of [...tokens, 'magiclink', address]) expect(written).not.toContain(secret)
  })

  it('is made at most so often for one person, before VOMO is asked', async () => {
    const strict = await openHouse({ limits: { handOffsPerPerson: { count: 2, perMs: 10 * minuteMs } } })
    try {
      const [first = '', second = ''] = strict.riverbend.volunteers
      const ann = await signIn(strict, first)
      for (const _time of [1, 2]) expect((await ann.post('/open-in-vomo', sendUs)).status).toBe(303)
      const before = (await strict.callsToVomo()).length
      expect((await ann.post('/open-in-vomo', sendUs)).status).toBe(429)
      const answer = await ann.postJson('/portal/api/open-in-vomo', sendUs)
      expect([answer.status, answer.json()['code']]).toEqual([429, 'rate_limited'])
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      expect(await strict.callsToVomo()).toHaveLength(before)
      const other = await signIn(strict, second)
      expect((await other.post('/open-in-vomo', sendUs)).status).toBe(303)
    } finally {
      await strict.close()
    }
  })

  it('opens where the visitor is, as our proxy says it, and nowhere else', async () => {
    const target = await openTarget({ trustedProxies: [readCidr('127.0.0.1')] })
    try {
      await target.sandboxControl('/options', 'PUT', { trust_forwarded_for: true })
      const ann = await signInAs(target, target.volunteers()[0] ?? '')
      for (const [seen, clicked] of [
        ['203.0.113.7', '203.0.113.7'],
        ['::ffff:203.0.113.7', '203.0.113.7'],
        ['198.51.100.9, 203.0.113.7', '203.0.113.7'],
      ] as const) {
        const answer = await ann.go('POST', '/open-in-vomo', {
          body: new URLSearchParams(sendUs).toString(),
          headers: { 'content-type': formType, 'x-forwarded-for': seen },
        })
        expect(answer.status, seen).toBe(303)
        const url = String(answer.headers['location'])
        expect((await click(url, { 'x-forwarded-for': '198.51.100.9' })).status).toBe(403)
        expect((await click(url, { 'x-forwarded-for': clicked })).status).toBe(302)
      }
    } finally {
      await target.close()
    }
  })
})
