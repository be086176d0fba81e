import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApiToken, findOrCreateApplication, type Scope } from '../src/customers/applications.ts'
import { customerBySlug } from '../src/customers/customers.ts'
import type { StaffRole } from '../src/customers/roles.ts'
import { openSecrets, type Secrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, pathOf, signIn, takeSecondStep } from './house.ts'
import { addStaff } from './staff-house.ts'

const minuteMs = 60_000
const ip_address = '127.0.0.1'
const elsewhere = '203.0.113.7'
const newcomer = 'new.coordinator@example.org'
const safeLinks = 'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; SafeLinks)'

let house: House
let database: Rows
/** Opened as another process would. */
let store: Store
let secrets: Secrets

beforeAll(async () => {
  house = await openHouse()
  await house.sandboxOptions({ rate_limit_per_minute: 0 })
  database = await openRows(house.database)
  store = await openStore({ database: house.database })
  secrets = openSecrets([readFileSync(join(house.dataFolder, 'secret'), 'utf8')])
})
afterAll(async () => {
  await database.close()
  await store.close()
  await house.close()
  expect(house.errors).toEqual([])
})
// The budget of the portal's own VOMO token is for a minute.
beforeEach(() => house.pass(5_000))

async function newToken(scopes: Scope[], expiresInMs: number | null = null) {
  const customer = await customerBySlug(store, 'riverbend')
  const nowMs = house.nowMs()
  return store.write(function* () {
    const application = yield* findOrCreateApplication(
      store.db,
      { customerId: customer?.id ?? '', name: 'Website' },
      nowMs,
    )
    const expiresAtMs = expiresInMs === null ? null : nowMs + expiresInMs
    return yield* createApiToken(store.db, secrets, { application, name: 'test', scopes, expiresAtMs }, nowMs)
  })
}

async function ask(
  body: unknown,
  given: { token?: string | null; headers?: Record<string, string>; at?: House; host?: string } = {},
): Promise<Answer> {
  const at = given.at ?? house
  const token = given.token === undefined ? at.riverbend.api_token : given.token
  return at.send('POST', '/v1/users/one-time', {
    host: given.host ?? at.riverbend.host,
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...given.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** The path of a link made for a person, valid from this address. */
async function linkFor(email: string, more: Record<string, unknown> = {}): Promise<string> {
  const answer = await ask({ email, ip_address, ...more })
  expect(answer.text, email).toContain('Link Created')
  return pathOf((answer.json()['data'] as { auth_link: string }).auth_link)
}

type LinkRow = {
  id: string
  spent_at_ms: number | null
  opens_staff: number
  ip_rule: string
  ip_addresses: string
}

function newestLink(): Promise<LinkRow> {
  return database.one<LinkRow>(
    `select * from link order by issued_at_ms desc, ${insertionOrder} desc limit 1`,
  )
}

async function audited(
  kind: string,
): Promise<{ person_id: string | null; detail: Record<string, unknown> }[]> {
  const found = await database.all<{ person_id: string | null; detail: string }>(
    `select person_id, detail from audit_event where kind = ? order by ${insertionOrder} desc`,
    kind,
  )
  return found.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }))
}

async function setStaff(address: string, role: StaffRole | null): Promise<void> {
  await database.run('delete from staff where address = ?', address)
  if (role === null) return
  await addStaff(database, { address, role })
}

async function setCustomer(change: { link_ip_rule?: string; link_needs_button?: number }): Promise<void> {
  for (const [name, value] of Object.entries(change))
    await database.run(`update customer set ${name} = ? where slug = 'riverbend'`, value)
}

describe('a token of the link API', () => {
  it('makes links for volunteers only, unless it may make them for staff, too', async () => {
    const [staff = ''] = house.riverbend.staff
    const { secret: token } = await newToken(['links'])
    expect((await ask({ email: staff, ip_address }, { token })).status).toBe(201)
    for (const landing of [
      { landing_page: 'admin' },
      { landing_page: 'admin_resume', resource: house.userByEmail(staff).id },
    ]) {
      const refused = await ask({ email: staff, ip_address, ...landing }, { token })
      expect([refused.status, refused.json()['errors']]).toEqual([
        422,
        { landing_page: ['The selected landing page is invalid.'] },
      ])
    }
    const unknown = await ask({ email: 'x@y.example', ip_address, landing_page: 'admin' }, { token })
    expect(unknown.status).toBe(500)
  })

  it('without the scope for links makes none, and learns nothing', async () => {
    const { secret: token } = await newToken(['staff_links'])
    const answer = await ask('{', { token })
    expect([answer.status, answer.json()]).toEqual([403, { message: 'This action is unauthorized.' }])
  })

  it('is no token at another customer’s host, nor is anything else that we issue', async () => {
    const body = { email: house.riverbend.volunteers[0], ip_address }
    const browser = await signIn(house, house.riverbend.volunteers[0] ?? '')
    const others = [
      house.hillside.api_token,
      house.riverbend.vomo_token,
      browser.cookies.get('porchlight_session') ?? '',
      `${house.riverbend.api_token}x`,
      `${house.riverbend.api_token.slice(0, -1)}_`,
    ]
    for (const token of others) {
      const answer = await ask(body, { token })
      expect([answer.status, answer.json()]).toEqual([401, { message: 'Unauthenticated.' }])
    }
    const abroad = await ask(body, { host: house.hillside.host })
    expect([abroad.status, abroad.json()]).toEqual([401, { message: 'Unauthenticated.' }])
    for (const authorization of [
      house.riverbend.api_token,
      `Basic ${house.riverbend.api_token}`,
      'Bearer ',
      'Bearer  x',
    ])
      expect((await ask(body, { token: null, headers: { authorization } })).status, authorization).toBe(401)
  })

  it('is good until it expires or is revoked, and no call longer', async () => {
    const body = { email: house.riverbend.volunteers[0], ip_address }
    const short = await newToken(['links'], minuteMs)
    const taken = await newToken(['links'])
    expect((await ask(body, { token: short.secret })).status).toBe(201)
    expect((await ask(body, { token: taken.secret })).status).toBe(201)
    const used = await database.one('select last_used_at_ms from api_token where id = ?', taken.id)
    expect(used).toEqual({ last_used_at_ms: expect.any(Number) })
    house.pass(minuteMs)
    expect((await ask(body, { token: short.secret })).status).toBe(401)
    await database.run('update api_token set revoked_at_ms = 1 where id = ?', taken.id)
    expect((await ask(body, { token: taken.secret })).status).toBe(401)
  })

  it('is all that is asked for: pages elsewhere may send it, and cookies say nothing', async () => {
    const browser = await signIn(house, house.riverbend.volunteers[0] ?? '')
    const answer = await browser.postJson(
      '/v1/users/one-time',
      { email: house.riverbend.volunteers[1], ip_address },
      {
        authorization: `Bearer ${house.riverbend.api_token}`,
        'sec-fetch-site': 'cross-site',
        origin: 'https://elsewhere.example',
      },
    )
    expect([answer.status, answer.headers['set-cookie']]).toEqual([201, undefined])
    expect((await browser.postJson('/v1/users/one-time', {})).status).toBe(401)
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(house.riverbend.volunteers[0])
  })
})

describe('the link API', () => {
  it('counts the calls of each token, and says how long to wait', async () => {
    const limited = await openHouse({ limits: { apiCallsPerToken: { count: 2, perMs: minuteMs } } })
    const [email = ''] = limited.riverbend.volunteers
    expect((await ask({ email, ip_address }, { at: limited })).status).toBe(201)
    expect((await ask('{', { at: limited })).status).toBe(400)
    const refused = await ask({ email, ip_address }, { at: limited })
    expect([refused.status, refused.json()]).toEqual([429, { message: 'Too Many Attempts.' }])
    const wait = Number(refused.headers['retry-after'])
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
    const other = { at: limited, token: limited.hillside.api_token, host: limited.hillside.host }
    expect((await ask({}, other)).status).toBe(422)
    await limited.close()
  })

  it('makes nothing while VOMO cannot be asked, and says when to try again', async () => {
    const cut = await openHouse()
    await cut.sandboxOptions({ fail_rate: 1, fail_status: 503 })
    const answer = await ask({ email: cut.riverbend.volunteers[0], ip_address }, { at: cut })
    expect([answer.status, answer.json()]).toEqual([
      503,
      { message: 'Error', errors: 'Unable to create link.' },
    ])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    const wrong = await ask({ email: 'nobody', ip_address }, { at: cut })
    expect(wrong.status).toBe(422)
    await cut.close()
  })

  it('uses VOMO’s error format for everything below /v1, from every layer', async () => {
    const unknown = await ask({}, { host: 'nobody.example' })
    expect([unknown.status, Object.keys(unknown.json())]).toEqual([421, ['message']])
    const read = await house.send('GET', '/v1/users/one-time')
    expect([read.status, read.headers['allow'], read.json()]).toEqual([
      405,
      'POST',
      { message: 'The GET method is not supported for this route.' },
    ])
    const nowhere = await house.send('POST', '/v1/users', { body: '{}' })
    expect([nowhere.status, nowhere.json()]).toEqual([404, { message: 'Resource not found.' }])
    const chunked = await ask('x'.repeat(70_000))
    expect([chunked.status, chunked.json()]).toEqual([413, { message: 'The POST data is too large.' }])
    expect(read.headers['cache-control']).toBe('no-store')
  })

  it('tells a fault of ours as VOMO would tell its own, and keeps the rest for the log', async () => {
    const broken = await openHouse()
    const file = await openRows(broken.database)
    await file.run('alter table staff rename to staff_elsewhere')
    const answer = await ask({ email: broken.riverbend.volunteers[0], ip_address }, { at: broken })
    expect([answer.status, answer.json()]).toEqual([500, { message: 'Server Error' }])
    expect(broken.errors).toHaveLength(1)
    await file.close()
    await broken.close()
  })

  it('finds a person whom VOMO did not know a moment ago', async () => {
    const user = house.userByEmail(house.riverbend.volunteers[5] ?? '')
    const body = { email: 'brand.new@example.org', ip_address }
    expect((await ask(body)).status).toBe(500)
    await house.changePerson(user.id, { email: body.email })
    expect((await ask(body)).status).toBe(201)
  })

  it('writes down who had which link made, by ids alone', async () => {
    const [email = ''] = house.riverbend.volunteers
    await linkFor(email, { landing_page: 'resume' })
    const [event] = await audited('link.issued')
    expect(event?.person_id).toMatch(/^per_/)
    expect(event?.detail).toEqual({
      link: (await newestLink()).id,
      landing: 'resume',
      issuer: 'application',
      application: expect.stringMatching(/^app_/),
      token: expect.stringMatching(/^tok_/),
    })
  })
})

describe('for a person whose account here', () => {
  const standing = (address: string, is: string) =>
    database.run('update person set standing = ? where address = ?', is, address)

  it.each(['disabled', 'stale'])('is %s no link is made, and the log says why', async (is) => {
    const email = house.riverbend.volunteers[6] ?? ''
    await linkFor(email)
    await standing(email, is)
    const answer = await ask({ email, ip_address })
    expect([answer.status, answer.json()]).toEqual([
      500,
      { message: 'Error', errors: 'Unable to create link.' },
    ])
    const [refused] = await audited('link.refused')
    expect(refused?.person_id).toMatch(/^per_/)
    expect(refused?.detail).toMatchObject({ because: is, landing: 'hub', issuer: 'application' })
    expect(JSON.stringify(await audited('link.refused'))).not.toContain('@')
    await standing(email, 'active')
  })

  it('was found gone a link is made once VOMO shows them again, and they are let in', async () => {
    const email = house.riverbend.volunteers[6] ?? ''
    await linkFor(email)
    await standing(email, 'orphaned')
    expect((await ask({ email, ip_address })).status).toBe(201)
    expect(await database.one('select standing from person where address = ?', email)).toEqual({
      standing: 'active',
    })
    expect((await audited('person.restored'))[0]?.detail).toEqual({ because: 'shown_again' })
  })

  it('has another address than VOMO now, no link is made until they prove the new one', async () => {
    const before = house.riverbend.volunteers[7] ?? ''
    const user = house.userByEmail(before)
    const browser = await signIn(house, before)
    await house.changePerson(user.id, { email: 'moved.on@example.org' })
    expect((await ask({ email: 'moved.on@example.org', ip_address })).status).toBe(500)
    expect((await audited('link.refused'))[0]?.detail['because']).toBe('stale')
    expect((await browser.get('/portal/api/me')).json()['code']).toBe('account_stale')
    expect((await ask({ email: before, ip_address })).status).toBe(500)
    expect((await audited('link.refused'))[0]?.detail['because']).toBe('no_record')
    await signIn(house, 'moved.on@example.org')
    expect((await ask({ email: 'moved.on@example.org', ip_address })).status).toBe(201)
  })

  it('cannot be told from another’s, the log says that', async () => {
    expect((await ask({ email: house.traps.twoExact, ip_address })).status).toBe(500)
    expect((await audited('link.refused'))[0]?.detail['because']).toBe('two_records')
  })
})

describe('a link made for a volunteer', () => {
  it.each([
    ['hub', undefined, () => '/organization/riverbend'],
    ['resume', undefined, () => '/user'],
    ['campaign', () => house.riverbend.campaigns[0], () => `/${house.riverbend.campaigns[0]}`],
  ])('leads to the %s, signed in as a volunteer', async (landing_page, resource, path) => {
    const [, email = ''] = house.riverbend.volunteers
    const link = await linkFor(email, { landing_page, resource: resource?.() })
    expect(await newestLink()).toMatchObject({
      opens_staff: 0,
      ip_rule: 'strict',
      ip_addresses: '["127.0.0.1"]',
    })
    const browser = house.browser()
    const answer = await browser.get(link)
    expect([answer.status, answer.headers['location']]).toEqual([303, path()])
    expect((await browser.get(path())).status).toBe(200)
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(email)
    expect((await browser.get('/admin')).status).toBe(404)
  })

  it('works once; the same browser may press it again, no other', async () => {
    const link = await linkFor(house.riverbend.volunteers[0] ?? '')
    const browser = house.browser()
    expect((await browser.get(link)).status).toBe(303)
    expect((await browser.get(link)).status).toBe(303)
    const other = house.browser()
    const dead = await other.get(link)
    expect([dead.status, other.cookies.has('porchlight_session')]).toEqual([410, false])
    expect(dead.text).toContain('already been used')
  })

  it('works for ten minutes', async () => {
    const [email = ''] = house.riverbend.volunteers
    const [soon, late] = [await linkFor(email), await linkFor(email)]
    house.pass(10 * minuteMs - 1_000)
    expect((await house.browser().get(soon)).status).toBe(303)
    house.pass(1_000)
    expect((await house.browser().get(late)).status).toBe(410)
  })

  it('does not work at another customer', async () => {
    const link = await linkFor(house.riverbend.volunteers[0] ?? '')
    expect((await house.browser(house.hillside).get(link)).status).toBe(410)
    expect((await newestLink()).spent_at_ms).toBeNull()
  })

  it('opens a volunteer’s session for staff, too, and staff pages ask for a fresh sign-in', async () => {
    const browser = house.browser()
    await browser.get(await linkFor(house.riverbend.staff[0] ?? ''))
    expect((await browser.get('/organization/riverbend')).status).toBe(200)
    const admin = await browser.get('/admin')
    expect([admin.status, admin.headers['location']]).toEqual([303, '/sign-in?next=%2Fadmin'])
  })
})

describe('a link made for staff', () => {
  it('leads to the staff page, signed in as staff', async () => {
    const browser = house.browser()
    const answer = await browser.get(await linkFor(house.riverbend.staff[0] ?? '', { landing_page: 'admin' }))
    expect([answer.status, answer.headers['location']]).toEqual([303, '/admin'])
    expect((await browser.get('/admin')).status).toBe(200)
  })

  it('leads to a volunteer’s resume, by our own id for them and never by VOMO’s', async () => {
    const target = house.userByEmail(house.riverbend.volunteers[8] ?? '')
    const browser = house.browser()
    const link = await linkFor(house.riverbend.staff[0] ?? '', {
      landing_page: 'admin_resume',
      resource: target.id,
    })
    const answer = await browser.get(link)
    const person = await database.one<{ id: string }>(
      'select id from person where vomo_user_id = ?',
      String(target.id),
    )
    expect([answer.status, answer.headers['location']]).toEqual([303, `/admin/volunteers/${person.id}`])
    // A handed-over link is no proof of its own.
    const asked = await browser.get(`/admin/volunteers/${person.id}`)
    expect([asked.status, asked.headers['location']]).toEqual([
      303,
      `/admin/second-step?next=${encodeURIComponent(`/admin/volunteers/${person.id}`)}`,
    ])
    await takeSecondStep(house, browser, house.riverbend.staff[0] ?? '')
    expect((await browser.get(`/admin/volunteers/${person.id}`)).status).toBe(200)
  })

  it('needs no VOMO record, but nothing else here is for those who have none', async () => {
    await setStaff(newcomer, 'coordinator')
    const browser = house.browser()
    expect((await browser.get(await linkFor(newcomer, { landing_page: 'admin' }))).headers['location']).toBe(
      '/admin',
    )
    expect((await browser.get('/admin')).status).toBe(200)
    expect((await ask({ email: newcomer, ip_address })).status).toBe(500)
    expect((await audited('link.refused'))[0]?.detail['because']).toBe('no_record')
  })

  it('who lost the role since, opens no session', async () => {
    await setStaff(newcomer, 'coordinator')
    const link = await linkFor(newcomer, { landing_page: 'admin' })
    await setStaff(newcomer, null)
    for (const browser of [house.browser(), house.browser()]) {
      const answer = await browser.get(link)
      expect([answer.status, browser.cookies.has('porchlight_session')]).toEqual([410, false])
      expect((await browser.post(link)).status).toBe(410)
    }
    expect((await newestLink()).spent_at_ms).toBeNull()
  })

  it('names no volunteer without an address, who could not be known here', async () => {
    const body = {
      email: house.riverbend.staff[0],
      ip_address,
      landing_page: 'admin_resume',
      resource: house.traps.noEmailId,
    }
    expect((await ask(body)).json()['errors']).toEqual({ resource: ['The selected resource is invalid.'] })
  })
})

describe('a made link that is opened', () => {
  it.each(['127.0.0.1', '127.0.0.2', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])(
    'from this machine is at home, made for %s',
    async (own) => {
      const link = await linkFor(house.riverbend.volunteers[0] ?? '', { ip_address: own })
      expect((await house.browser().get(link)).status).toBe(303)
    },
  )

  it.each([elsewhere, '2001:db8::7', '::ffff:203.0.113.7'])(
    'from another place than %s explains itself, and is not used up',
    async (made) => {
      const [email = ''] = house.riverbend.volunteers
      const link = await linkFor(email, { ip_address: made })
      const browser = house.browser()
      for (const answer of [await browser.get(link), await browser.post(link)]) {
        expect(answer.status).toBe(403)
        expect(answer.text).toContain('made for another network')
        expect(answer.text).not.toContain(email)
      }
      expect(browser.cookies.has('porchlight_session')).toBe(false)
      expect((await newestLink()).spent_at_ms).toBeNull()
    },
  )

  it('does what the customer’s rule says of another place', async () => {
    const [email = ''] = house.riverbend.volunteers
    const statusUnder = async (link_ip_rule: string) => {
      await setCustomer({ link_ip_rule })
      const link = await linkFor(email, { ip_address: elsewhere })
      expect((await newestLink()).ip_rule).toBe(link_ip_rule)
      const browser = house.browser()
      return [(await browser.get(link)).status, (await browser.post(link)).status]
    }
    expect(await statusUnder('off')).toEqual([200, 303])
    expect(await statusUnder('warn')).toEqual([200, 303])
    expect(await statusUnder('confirm')).toEqual([403, 403])
    expect(await statusUnder('strict')).toEqual([403, 403])
  })

  it.each([
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
  ])('by no visit (%o) shows a button, and works afterwards', async (headers) => {
    const link = await linkFor(house.riverbend.volunteers[0] ?? '')
    const ahead = house.browser()
    const shown = await ahead.get(link, headers)
    expect([shown.status, ahead.cookies.has('porchlight_session')]).toEqual([200, false])
    expect(shown.text).toContain(`action="${link}"`)
    expect((await house.browser().get(link)).status).toBe(303)
  })

  it('by HEAD alone is looked at, and works afterwards', async () => {
    const link = await linkFor(house.riverbend.volunteers[0] ?? '')
    const looked = await house.browser().head(link)
    expect([looked.status, looked.headers['set-cookie']]).toEqual([200, undefined])
    expect((await house.browser().get(link)).status).toBe(303)
  })

  it('where another person is signed in says so, and a button changes over', async () => {
    const [one = '', two = ''] = house.riverbend.volunteers
    const browser = await signIn(house, one)
    const link = await linkFor(two)
    const asked = await browser.get(link)
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('signed out of this browser')
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(one)
    expect((await browser.post(link)).status).toBe(303)
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(two)
  })

  it('asks for a press of a button everywhere, if the customer wants it so', async () => {
    await setCustomer({ link_needs_button: 1 })
    const link = await linkFor(house.riverbend.volunteers[0] ?? '')
    const browser = house.browser()
    expect((await browser.get(link)).status).toBe(200)
    expect((await browser.post(link)).status).toBe(303)
    await setCustomer({ link_needs_button: 0 })
  })

  it.each(['stale', 'orphaned', 'disabled'])('by a person who is %s since, opens no session', async (is) => {
    const email = house.riverbend.volunteers[9] ?? ''
    const link = await linkFor(email)
    await database.run('update person set standing = ? where address = ?', is, email)
    const browser = house.browser()
    for (const answer of [await browser.get(link), await browser.post(link)]) expect(answer.status).toBe(410)
    expect(browser.cookies.has('porchlight_session')).toBe(false)
    expect((await newestLink()).spent_at_ms).toBeNull()
    await database.run(`update person set standing = 'active' where address = ?`, email)
  })

  it('when it is dead tells its holder of the scanner that came before them', async () => {
    const link = await linkFor(house.riverbend.volunteers[0] ?? '', { ip_address: elsewhere })
    await house.send('GET', link, { headers: { 'user-agent': safeLinks } })
    house.pass(11 * minuteMs)
    const dead = await house.browser().get(link)
    expect(dead.status).toBe(410)
    expect(dead.text).toContain('This one expired on')
    expect(dead.text).toMatch(/A program opened it \d+ seconds? after it was sent/)
    expect(dead.text).toContain('Your email program looked at this link first. That’s normal')
  })

  it('with what mail programs leave around it still works', async () => {
    const [email = ''] = house.riverbend.volunteers
    for (const tail of ['.', '=', '>', '&amp;', '%20']) {
      const link = await linkFor(email)
      expect((await house.browser().get(link + tail)).status, tail).toBe(303)
    }
  })
})
