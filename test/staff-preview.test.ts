import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { forgetOldPreviews } from '../src/sign-in/session/preview.ts'
import { openStore } from '../src/store/engines.ts'
import { en } from '../src/text/en.ts'
import { allRoutes } from './attack.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff, leadsTo, personIdOf } from './staff-house.ts'

/** A coordinator sees the portal as a volunteer does, and can do nothing there. */

const minuteMs = 60_000
const said = en.staffPreview
const reason = 'Mara says her hours are missing, write to mara.quist@example.org'

let house: House
let database: Rows
let coordinator: TestBrowser
let coordinatorId: string
let turn = 0

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  const address = await newStaff('coordinator')
  coordinator = await signInAsStaff(house, address)
  coordinatorId = await personId(address)
})
afterEach(async () => {
  await coordinator.post('/admin/preview/end')
  house.pass(minuteMs)
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

let next = 0
const nextVolunteer = () => house.riverbend.volunteers[next++] ?? ''

const newStaff = (role: StaffRole, { slug } = house.riverbend) =>
  addStaff(database, { address: `looker-${turn++}@example.org`, role, slug })

const personId = (address: string) => personIdOf(database, address)

async function volunteer() {
  const address = nextVolunteer()
  const browser = await signIn(house, address)
  return { address, browser, id: await personId(address) }
}

const start = (browser: TestBrowser, id: string, why = reason) =>
  browser.post(`/admin/people/${id}/preview`, { reason: why })
const hub = '/organization/riverbend'
const isBegun = (answer: Answer) => expect(leadsTo(answer)).toEqual([303, hub])

const events = async (id: string) =>
  (
    await database.all(
      `select kind, detail from audit_event where person_id = ? and kind like 'staff.preview%' order by ${insertionOrder}`,
      id,
    )
  ).map(({ kind, detail }) => [kind, JSON.parse(String(detail))])

/** What a page shows, whether or not its buttons do anything, and without the passkey that is offered to its own reader alone. */
const mainOf = (html: string) =>
  (/<main[^>]*>(.*)<\/main>/s.exec(html)?.[1] ?? '')
    .replace(/<section class="flow" hidden data-with-passkeys.*?<\/section>/s, '')
    .replaceAll(/<form method="post"[^>]*>|<fieldset class="looked-at[^>]*>/g, '<posting>')
    .replaceAll(/<\/(?:form|fieldset)>/g, '</posting>')
    .replaceAll(/\d+:\d\d/g, 'time')

async function sweep(): Promise<void> {
  const store = await openStore({ database: house.database, allowsNewer: true })
  await store.write(() => forgetOldPreviews(store.db, house.nowMs()))
  await store.close()
}

describe('a look', () => {
  it('shows every page as the volunteer sees it, with whose it is, and no button that does anything', async () => {
    const { id, address, browser } = await volunteer()
    const form = await coordinator.get(`/admin/people/${id}/preview`)
    expect(form.text).toContain(said.reason)
    expect((await coordinator.get(`/admin/people/${id}`)).text).toContain(`/admin/people/${id}/preview`)
    isBegun(await start(coordinator, id))
    // Both have seen what is shown once.
    await browser.get(hub)
    for (const path of [hub, '/user', '/shifts', '/opportunities', '/profile', '/help']) {
      const seen = await coordinator.get(path)
      const own = await browser.get(path)
      expect([path, seen.status]).toEqual([path, 200])
      expect(mainOf(seen.text)).toBe(mainOf(own.text))
    }
    const opportunity = /href="(\/opportunities\/\w{32})"/.exec(
      (await browser.get('/opportunities')).text,
    )?.[1]
    for (const path of [hub, '/user', '/account', '/profile', '/help', opportunity ?? '']) {
      const { text, status } = await coordinator.get(path)
      expect([path, status]).toEqual([path, 200])
      expect(text.replaceAll(/<wbr\/?>/g, '')).toContain(`<b>${address}</b>`)
      expect(text).toContain(said.end)
      expect(text).not.toContain('href="/admin"')
      const posting = [...text.matchAll(/<form[^>]*method="post"[^>]*>/g)].map(([tag]) => tag)
      expect(posting).toHaveLength(1)
      expect(posting[0]).toContain('action="/admin/preview/end"')
    }
    expect(leadsTo(await coordinator.get('/'))).toEqual([302, hub])
  })

  it('does nothing but show pages: every other route is refused, in HTML and in JSON', async () => {
    const { id } = await volunteer()
    isBegun(await start(coordinator, id))
    const held = async () => [
      await database.count('audit_event'),
      await database.one('select * from person where id = ?', id),
    ]
    const before = await held()
    const open = new Set(['POST /sign-out', 'DELETE /portal/api/session', 'POST /admin/preview/end'])
    const shown =
      /^GET (\/|\/organization\/:slug|\/user|\/shifts|\/opportunities|\/opportunities\/:id|\/profile|\/profile\/edit|\/account|\/help|\/campaign\/:slug|\/campaign\/:slug\/picture|\/manifest.webmanifest|\/robots.txt|\/assets\/.*|\/healthz|\/readyz|\/metrics)$/
    const wrong: string[] = []
    const { host } = house.riverbend
    const cookie = [...coordinator.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const fromHere = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
    const asked = allRoutes().filter(
      ({ method, path }) => !open.has(`${method} ${path}`) && !shown.test(`${method} ${path}`),
    )
    for (const { method, path } of asked) {
      const to = path.replaceAll(/:\w+(\{[^}]*\})?/g, 'x')
      const answer = await house.send(method as 'GET', to, { host, headers: { cookie, ...fromHere } })
      // The paths of another API say no in its own form.
      const isOfPortal = !/^\/(hub|applications|me|\.well-known)\b/.test(path)
      if (answer.status !== 403 && (isOfPortal || answer.status !== 400))
        wrong.push(`${method} ${path}: ${answer.status}`)
      else if (path.startsWith('/portal/api') && answer.json()['code'] !== 'preview_only')
        wrong.push(`${method} ${path}: ${answer.text}`)
    }
    expect(asked.length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
    const page = await coordinator.get('/account/export')
    expect(page.text).toContain(en.trouble.preview_only.heading)
    expect(page.text).toContain('action="/admin/preview/end"')
    expect(await held()).toEqual(before)
    expect((await coordinator.get('/user')).text).toContain(said.end)
  })

  it('leaves nothing for the volunteer that they did not do: no milestone seen, no passkey offered', async () => {
    const { id, browser } = await volunteer()
    isBegun(await start(coordinator, id))
    const counts = async () => [
      await database.count('milestone_seen where person_id = ?', id),
      await database.count('passkey_offer where person_id = ?', id),
      await database.count('session where person_id = ?', id),
    ]
    const before = await counts()
    await coordinator.get(hub)
    await coordinator.get('/account')
    expect(await counts()).toEqual(before)
    expect((await browser.get('/user')).status).toBe(200)
  })

  it('is noted at its start and its end, without the address that was typed, and the volunteer sees when', async () => {
    const { id, browser } = await volunteer()
    expect((await browser.get('/account')).text).not.toContain(said.own.heading)
    isBegun(await start(coordinator, id))
    const ended = await coordinator.post('/admin/preview/end')
    expect(leadsTo(ended)).toEqual([303, `/admin/people/${id}?done=preview_over`])
    expect((await coordinator.get(`/admin/people/${id}?done=preview_over`)).status).toBe(200)
    expect(await events(id)).toEqual([
      ['staff.preview_started', { why: reason.replace('mara.quist@', 'm…t@'), by: coordinatorId }],
      ['staff.preview_ended', { because: 'button', by: coordinatorId }],
    ])
    const account = (await browser.get('/account')).text
    expect(account).toContain(said.own.heading)
    expect(account).toContain(said.own.what('Riverbend Food Bank'))
    expect(account).not.toContain(coordinatorId)
    expect(account).not.toContain('looker-')
    // Afterwards everything is the coordinator's own again.
    expect((await coordinator.get('/admin')).status).toBe(200)
    expect((await coordinator.get('/account')).text).not.toContain(said.end)
  })

  it('ends by itself after 15 minutes, without turning their page into the reader’s own', async () => {
    const { id } = await volunteer()
    isBegun(await start(coordinator, id))
    house.pass(14 * minuteMs)
    expect((await coordinator.get('/user')).status).toBe(200)
    house.pass(minuteMs)
    expect(leadsTo(await coordinator.get('/user'))).toEqual([303, `/admin/people/${id}?done=preview_over`])
    expect((await events(id)).at(-1)).toEqual([
      'staff.preview_ended',
      { because: 'expired', by: coordinatorId },
    ])

    isBegun(await start(coordinator, id))
    house.pass(16 * minuteMs)
    await sweep()
    expect(await events(id)).toHaveLength(4)
    expect((await events(id)).at(-1)).toEqual([
      'staff.preview_ended',
      { because: 'expired', by: coordinatorId },
    ])
  })

  it('ends with the session, the role, or the person', async () => {
    const { id, address } = await volunteer()
    const helper = await newStaff('coordinator')
    let browser = await signInAsStaff(house, helper)
    isBegun(await start(browser, id))
    const stolen = browser.cookies.get('porchlight_session') ?? ''
    await browser.post('/sign-out')
    const thief = house.browser(house.riverbend)
    thief.cookies.set('porchlight_session', stolen)
    expect(leadsTo(await thief.get('/user'))[0]).toBe(303)
    expect((await thief.get('/portal/api/me')).status).toBe(401)
    const last = async () => (await events(id)).at(-1)?.[1].because
    expect(await last()).toBe('signed_out')

    browser = await signInAsStaff(house, helper)
    isBegun(await start(browser, id))
    await database.run("update staff set role = 'viewer' where address = ?", helper)
    expect((await browser.get('/user')).text).not.toContain(address)
    expect(await last()).toBe('not_allowed')
    await database.run("update staff set role = 'coordinator' where address = ?", helper)

    isBegun(await start(browser, id))
    await database.run(
      "insert into staff select customer_id, address, 'viewer', 0 from person where id = ?",
      id,
    )
    expect((await browser.get('/user')).status).toBe(303)
    expect(await last()).toBe('not_allowed')
    await database.run('delete from staff where address = ?', address)

    isBegun(await start(browser, id))
    await database.run(
      'update session set ended_at_ms = ? where person_id = ?',
      house.nowMs(),
      await personId(helper),
    )
    await sweep()
    expect(await last()).toBe('session_ended')
  })
})

describe('a look is not begun', () => {
  it('without a reason, and the form says what is wrong', async () => {
    const { id } = await volunteer()
    for (const why of ['', '  ', 'x', 'y'.repeat(201)]) {
      const answer = await start(coordinator, id, why)
      expect(answer.status).toBe(422)
      expect(answer.text).toContain(said.error(3, 200))
    }
    expect(await events(id)).toEqual([])
  })

  it('by a viewer, without a second step, or from another site', async () => {
    const { id } = await volunteer()
    const viewer = await signInAsStaff(house, await newStaff('viewer'))
    expect((await start(viewer, id)).status).toBe(404)
    expect((await viewer.get(`/admin/people/${id}`)).text).not.toContain('/preview')
    const unstepped = await signIn(house, await newStaff('owner'))
    expect((await start(unstepped, id)).headers['location']).toContain('/admin/second-step')
    const answer = await coordinator.post(
      `/admin/people/${id}/preview`,
      { reason },
      { 'sec-fetch-site': 'cross-site' },
    )
    expect(answer.status).toBe(403)
    expect(await events(id)).toEqual([])
  })

  it('of another customer’s person, of staff, of oneself, or of two at once', async () => {
    const elsewhere = house.hillside.volunteers[0] ?? ''
    await signIn(house, elsewhere, house.hillside)
    const foreign = await database.one<{ id: string }>(
      "select person.id from person join customer on customer.id = person.customer_id where address = ? and slug = 'hillside'",
      elsewhere,
    )
    expect((await start(coordinator, foreign.id)).status).toBe(404)
    const other = await newStaff('viewer')
    await signIn(house, other)
    expect((await start(coordinator, await personId(other))).status).toBe(404)
    expect((await start(coordinator, coordinatorId)).status).toBe(404)

    const [one, two] = [await volunteer(), await volunteer()]
    const answers = await Promise.all([start(coordinator, one.id), start(coordinator, two.id)])
    expect(answers.filter(({ headers }) => headers['location'] === hub)).toHaveLength(1)
    expect([...(await events(one.id)), ...(await events(two.id))]).toHaveLength(1)
  })

  it('by a cookie of it in another browser’s session: there is none to take', async () => {
    const { id, address } = await volunteer()
    isBegun(await start(coordinator, id))
    const another = await signIn(house, nextVolunteer())
    for (const [name, value] of coordinator.cookies)
      if (name !== 'porchlight_session') another.cookies.set(name, value)
    expect((await another.get('/user')).text).not.toContain(said.end)
    expect((await another.get('/account')).text).not.toContain(address)
    const atHillside = house.browser(house.hillside)
    for (const [name, value] of coordinator.cookies) atHillside.cookies.set(name, value)
    expect(leadsTo(await atHillside.get('/user'))[0]).toBe(303)
  })
})
