import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { maxSessions } from '../src/sign-in/session/sessions.ts'
import { openStore } from '../src/store/engines.ts'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import { askForMail, type House, openHouse, pathOf, signIn, type TestBrowser } from './house.ts'
import { startPortalBeside } from './portals.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const said = en.account.sessions

let house: House
let database: Rows
let turn = 0
const nextVolunteer = () => house.riverbend.volunteers[turn++] ?? ''

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

type Row = Record<string, unknown>

const isSignedIn = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).status === 200
const sessionsAt = async (browser: TestBrowser) =>
  (await browser.get('/portal/api/me/sessions')).json()['data'] as Row[]

/** The attributes of a cookie that an answer sets. */
function cookieIn(answer: { headers: Record<string, unknown> }, name: string): string | undefined {
  const lines = [answer.headers['set-cookie'] ?? []].flat().map(String)
  return lines.find((line) => line.startsWith(`${name}=`))?.replace(/^[^;]*; /, '')
}

describe('a session says how it came about', () => {
  it('by a mailed link, by its code, and by a link that was handed over', async () => {
    const address = nextVolunteer()
    const byLink = await signIn(house, address)

    const byCode = house.browser()
    const mail = await askForMail(house, byCode, address)
    const code = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(mail.text)?.[0] ?? ''
    expect((await byCode.post('/sign-in/code', { code })).status).toBe(303)

    const made = await request(`${house.portalUrl}/v1/users/one-time`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.riverbend.api_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: address, ip_address: '127.0.0.1' }),
    })
    const { data } = (await made.body.json()) as { data: { auth_link: string } }
    const byMade = house.browser()
    expect((await byMade.get(pathOf(data.auth_link))).status).toBe(303)

    const ways = async (browser: TestBrowser) =>
      (await sessionsAt(browser)).find((each) => each['current'])?.['way']
    expect([await ways(byLink), await ways(byCode), await ways(byMade)]).toEqual([
      'mailed_link',
      'code',
      'made_link',
    ])
    const page = (await byLink.get('/account')).text
    for (const way of [said.ways.mailed_link, said.ways.code, said.ways.made_link])
      expect(page).toContain(`<p class="quiet">${way}</p>`)
    const events = (
      await database.all(
        `select detail from audit_event where kind = 'sign_in.opened' and person_id =
      (select id from person where address = ?)`,
        address,
      )
    ).map((row) => JSON.parse(String(row['detail'])) as Row)
    expect(events.map(({ way, shared }) => [way, shared])).toEqual([
      ['mailed_link', false],
      ['code', false],
      ['made_link', false],
    ])
  })

  it('and one from before that was noted says nothing of it, and cannot erase', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    await database.run(
      'update session set way = null where person_id = (select id from person where address = ?)',
      address,
    )
    // Another sign-in, so that nothing recalled from before the change is left.
    await signIn(house, nextVolunteer())
    const [session] = await sessionsAt(browser)
    expect(session?.['way']).toBe(null)
    const page = (await browser.get('/account')).text
    expect(Object.values(said.ways).filter((way) => page.includes(`>${way}<`))).toEqual([])
    expect((await browser.post('/account/erase', { confirm: 'yes' })).status).toBe(403)
  })
})

describe('on a shared computer', () => {
  it('every cookie ends with the browser, and the session after two hours, also while it is used', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    const chosen = await browser.post('/sign-in/shared', { shared: 'yes', next: '/shifts' })
    expect(chosen.headers['location']).toBe('/sign-in?next=%2Fshifts')
    expect(cookieIn(chosen, 'porchlight_shared')).toBe('Path=/; HttpOnly; SameSite=Lax')
    expect((await browser.get('/sign-in')).text).toContain(en.signIn.shared.on)

    const asked = await browser.post('/sign-in', { email: address })
    expect(cookieIn(asked, 'porchlight_asked')).toBe('Path=/; HttpOnly; SameSite=Lax')
    const [mail] = await house.emailsTo(address)
    const entered = await browser.post(pathOf(mail?.links[0]))
    expect(cookieIn(entered, 'porchlight_session')).toBe('Path=/; HttpOnly; SameSite=Lax')
    expect(cookieIn(entered, 'porchlight_known')).toBeUndefined()
    expect((await sessionsAt(browser))[0]).toMatchObject({ shared: true, way: 'mailed_link' })
    expect((await browser.get('/account')).text).toContain(said.shared)

    for (let passed = 0; passed < 110; passed += 10) {
      expect(await isSignedIn(browser), `after ${passed} minutes`).toBe(true)
      house.pass(10 * minuteMs)
    }
    expect(await isSignedIn(browser)).toBe(true)
    house.pass(10 * minuteMs)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('the choice is taken back the same way, and leads nowhere else', async () => {
    const browser = house.browser()
    await browser.post('/sign-in/shared', { shared: 'yes' })
    const back = await browser.post('/sign-in/shared', { shared: 'no', next: 'https://evil.example' })
    expect(back.headers['location']).toBe('/sign-in')
    expect(browser.cookies.has('porchlight_shared')).toBe(false)
    const address = nextVolunteer()
    await browser.post('/sign-in', { email: address })
    const [mail] = await house.emailsTo(address)
    const entered = await browser.post(pathOf(mail?.links[0]))
    expect(cookieIn(entered, 'porchlight_session')).toMatch(/^Max-Age=2592000;/)
  })

  it('is not for another site to choose', async () => {
    const browser = house.browser()
    const answer = await browser.post(
      '/sign-in/shared',
      { shared: 'no' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    )
    expect(answer.status).toBe(403)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })
})

describe('how many sessions', () => {
  it('twenty for each person: another one ends the one that was not used for longest, and says so in the audit', async () => {
    const address = nextVolunteer()
    const neighbor = await signIn(house, nextVolunteer())
    const browsers: TestBrowser[] = []
    for (let count = 0; count < maxSessions; count += 1) {
      browsers.push(await signIn(house, address))
      house.pass(2 * minuteMs)
    }
    const [first, second] = browsers
    if (!first || !second) throw new Error('there are twenty')
    expect(await isSignedIn(first)).toBe(true)
    expect(await sessionsAt(first)).toHaveLength(maxSessions)

    const latest = await signIn(house, address)
    expect(await isSignedIn(latest)).toBe(true)
    expect(await isSignedIn(first)).toBe(true)
    expect(await isSignedIn(second)).toBe(false)
    expect(await isSignedIn(neighbor)).toBe(true)
    expect(await sessionsAt(latest)).toHaveLength(maxSessions)
    const ended = await database.all(
      `select detail from audit_event where kind = 'session.ended' and person_id =
      (select id from person where address = ?)`,
      address,
    )
    expect(ended).toEqual([{ detail: JSON.stringify({ because: 'too_many' }) }])
  })

  it('those that are over leave room', async () => {
    const address = nextVolunteer()
    for (let count = 0; count < maxSessions; count += 1) await signIn(house, address)
    house.pass(15 * dayMs)
    const [one, two] = [await signIn(house, address), await signIn(house, address)]
    expect(await isSignedIn(one)).toBe(true)
    expect(await sessionsAt(two)).toHaveLength(2)
    expect(
      await database.all(
        `select 1 from session where ended_because = 'too_many' and person_id =
      (select id from person where address = ?)`,
        address,
      ),
    ).toEqual([])
  })
})

describe('how long a customer lets them live', () => {
  it('shorter than ours, by its own setting, and never longer', async () => {
    const store = await openStore({ database: house.database })
    const slug = house.riverbend.slug
    const set = (changes: Record<string, string>) =>
      store.write(() => setCustomer(store.db, { slug, by: operator, changes }, house.nowMs()))
    try {
      await expect(set({ 'session-days': '31' })).rejects.toThrow('invalid_request')
      await expect(set({ 'staff-session-hours': '0' })).rejects.toThrow('invalid_request')
      await set({ 'session-days': '2', 'session-unused-days': '1' })
      const idle = await signIn(house, nextVolunteer())
      const busy = await signIn(house, nextVolunteer())
      house.pass(20 * hourMs)
      expect(await isSignedIn(busy)).toBe(true)
      house.pass(5 * hourMs)
      expect(await isSignedIn(idle)).toBe(false)
      expect(await isSignedIn(busy)).toBe(true)
      house.pass(23 * hourMs)
      expect(await isSignedIn(busy)).toBe(false)

      await set({ 'staff-session-hours': '2', 'staff-session-unused-minutes': '5' })
      const staff = await signIn(house, house.riverbend.staff[0] ?? '')
      expect((await staff.get('/admin')).status).toBe(200)
      house.pass(6 * minuteMs)
      expect((await staff.get('/admin')).status).toBe(303)

      const longer = `update customer set session_days = 900, session_unused_days = 900 where slug = ?`
      await database.run(longer, slug)
      const browser = await signIn(house, nextVolunteer())
      house.pass(15 * dayMs)
      expect(await isSignedIn(browser)).toBe(false)
    } finally {
      await set({
        'session-days': '',
        'session-unused-days': '',
        'staff-session-hours': '',
        'staff-session-unused-minutes': '',
      })
      await store.close()
    }
  })
})

describe('a rise of privilege', () => {
  it('is a new session with a new secret, and the one before is dead in every process', async () => {
    const staffed = house.riverbend.staff[0] ?? ''
    const browser = await signIn(house, nextVolunteer())
    const before = browser.cookies.get('porchlight_session') ?? ''
    const beside = await startPortalBeside(house)
    try {
      const mail = await askForMail(house, browser, staffed)
      expect((await browser.post(pathOf(mail.links[0]))).status).toBe(303)
      const after = browser.cookies.get('porchlight_session') ?? ''
      expect(after).not.toBe(before)
      for (const port of [house.portal.port, beside.port]) {
        const { statusCode, body } = await request(`http://127.0.0.1:${port}/portal/api/me/sessions`, {
          headers: { host: house.riverbend.host, cookie: `porchlight_session=${before}` },
        })
        await body.dump()
        expect(statusCode).toBe(401)
      }
    } finally {
      await beside.stop()
    }
  })
})
