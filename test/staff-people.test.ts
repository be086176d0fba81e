import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import {
  type Answer,
  askForMail,
  type House,
  openHouse,
  pathOf,
  signIn,
  signInAsStaff,
  type TestBrowser,
  takeSecondStep,
} from './house.ts'
import { addStaff, leadsTo, personIdOf, readable } from './staff-house.ts'

/** "I can’t get in": what a coordinator sees and does with the phone at the ear. */

const minuteMs = 60_000
const said = en.staffPeople

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
  await house.sandboxOptions({ down: false })
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
  addStaff(database, { address: `helper-${turn++}@example.org`, role, slug })

const personId = (address: string) => personIdOf(database, address)

/** The path of the page of a volunteer who has signed in before. */
async function pageOf(address: string): Promise<string> {
  await signIn(house, address)
  return `/admin/people/${await personId(address)}`
}

const eventsAbout = async (path: string, kind: string) =>
  (
    await database.all(
      'select detail from audit_event where person_id = ? and kind = ? order by id',
      path.split('/').at(-1),
      kind,
    )
  ).map(({ detail }) => JSON.parse(String(detail)))

const codeOn = ({ text }: Answer) => /class="spoken-code">([A-Z0-9]{4}-[A-Z0-9]{4})</.exec(text)?.[1] ?? ''

/** A volunteer on the phone, who types their address and then what is read to them. */
async function typeCode(address: string, code: string, browser = house.browser(house.riverbend)) {
  await browser.post('/sign-in', { email: address })
  return { browser, answer: await browser.post('/sign-in/code', { code }) }
}

describe('finding', () => {
  it('by a part of the address, and only among this customer’s people', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const [part = ''] = address.split('@')
    for (const empty of ['/admin', '/admin/people'])
      expect((await coordinator.get(empty)).text).toMatch(/<input[^>]* autofocus[^>]* name="q"/)
    const { text } = await coordinator.get(`/admin/people?q=${encodeURIComponent(part.toUpperCase())}`)
    expect(text).not.toContain('autofocus')
    expect(text).toContain(`href="${path}"`)
    expect(readable(text)).toContain(address)
    const viewer = await signInAsStaff(house, await newStaff('viewer'))
    expect((await viewer.get(`/admin/people?q=${encodeURIComponent(part)}`)).text).not.toContain(path)
    const seen = await viewer.get(`/admin/people?q=${encodeURIComponent(address)}`)
    expect(seen.text).toContain(`href="${path}"`)
    expect(readable(seen.text)).not.toContain(address)
    const searches = await database.all("select detail from audit_event where kind = 'staff.found_people'")
    expect(searches.map(({ detail }) => JSON.parse(String(detail)))).toEqual([
      { by: coordinatorId, found: expect.any(Number) },
    ])

    const elsewhere = await newStaff('owner', house.hillside)
    const other = await signInAsStaff(house, elsewhere, house.hillside)
    expect((await other.get(`/admin/people?q=${encodeURIComponent(part)}`)).text).not.toContain(path)
    expect((await other.get(path)).status).toBe(404)
    expect((await other.post(`${path}/disable`)).status).toBe(404)
  })

  it('in VOMO, by the whole address of someone who never signed in; opening their page makes them known', async () => {
    const address = nextVolunteer()
    const { text } = await coordinator.get(`/admin/people?q=${encodeURIComponent(address)}`)
    expect(text).toContain(said.find.inVomo.one)
    const opened = await coordinator.post('/admin/people', { email: address })
    expect(leadsTo(opened)).toEqual([303, `/admin/people/${await personId(address)}`])
    expect((await coordinator.get('/admin/people?q=stranger%40example.org')).text).toContain(
      said.find.inVomo.none,
    )
    expect(leadsTo(await coordinator.post('/admin/people', { email: 'stranger@example.org' }))).toEqual([
      303,
      '/admin/people',
    ])

    await house.sandboxOptions({ down: true })
    const unasked = nextVolunteer()
    expect((await coordinator.get(`/admin/people?q=${encodeURIComponent(unasked)}`)).text).toContain(
      said.find.inVomo.unavailable,
    )
  })

  it('shows a viewer no whole address and no button, and does nothing for them', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const viewer = await signInAsStaff(house, await newStaff('viewer'))
    const page = await viewer.get(path)
    expect(page.status).toBe(200)
    expect(readable(page.text)).not.toContain(address)
    expect(page.text).not.toContain(`action="${path}`)
    expect(page.text).not.toContain(said.facts.vomo)
    for (const does of ['send', 'code', 'recheck', 'end-sessions', 'disable', 'enable'])
      expect((await viewer.post(`${path}/${does}`)).status).toBe(404)
    expect((await viewer.get(`/admin/people?q=nobody-${turn}%40example.org`)).text).not.toContain(
      said.find.inVomo.none,
    )
  })

  it('asks for the second step first', async () => {
    const address = await newStaff('coordinator')
    const browser = await signIn(house, address)
    const path = await pageOf(nextVolunteer())
    for (const each of ['/admin/people', path])
      expect(leadsTo(await browser.get(each))).toEqual([
        303,
        `/admin/second-step?next=${encodeURIComponent(each)}`,
      ])
    const refused = await browser.post(`${path}/disable`)
    expect(refused.headers['location']).toMatch(/^\/admin\/second-step\?failed=form/)
    await takeSecondStep(house, browser, address)
    expect((await browser.get(path)).status).toBe(200)
  })
})

describe('their page', () => {
  it('says that they can get in, and what became of their last tries', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const browser = house.browser(house.riverbend)
    await askForMail(house, browser, address)
    const text = readable((await coordinator.get(path)).text)
    const { first_name: first, last_name: last } = house.userByEmail(address)
    expect(text).toContain(said.states.active.says(`${first} ${last}`))
    expect(text).toContain(address)
    expect(text).toContain(said.tries.kinds.email)
    expect(text).toContain('Delivered to their mail server')
    expect(text).toMatch(/Works until/)
    expect(text).toMatch(/Used /)
    expect(text).toContain(said.tries.ways.mailed_link)
    // As one hears it on the phone: what is so, what became of the latest try, what helps, and then all else.
    const inOrder = [
      said.tries.mail.delivered(''),
      said.tries.neverOpened,
      said.actions.send,
      said.actions.code,
      said.actions.heading,
      said.facts.hours,
      said.tries.heading,
    ]
    const content = text.slice(text.indexOf(said.states.active.says(`${first} ${last}`)))
    const places = inOrder.map((words) => content.indexOf(words))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(await eventsAbout(path, 'staff.viewed_volunteer')).toEqual([{ by: coordinatorId }])
  })

  it('says when VOMO has another address, shows it, and mails the link there, which lets them in again', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const moved = `moved-${turn++}@example.org`
    await house.changePerson(house.userByEmail(address).id, { customer: 'riverbend', email: moved })
    house.pass(61_000)
    const text = readable((await coordinator.get(path)).text)
    expect(text).toContain('can’t sign in with their old email: VOMO has a new one')
    expect(text).toContain(said.actions.sendTo(moved))
    expect(leadsTo(await coordinator.post(`${path}/send`))).toEqual([303, `${path}?done=sent`])
    const [mail] = await house.emailsTo(moved)
    expect(mail?.code).toBeNull()
    expect(mail?.text).toContain(en.mail.signIn.sentByStaff('Riverbend Food Bank', '').split(' on ')[0])
    const browser = house.browser(house.riverbend)
    expect((await browser.post(pathOf(mail?.links[0]))).status).toBe(303)
    expect((await browser.get('/user')).status).toBe(200)
    expect(await eventsAbout(path, 'staff.sent_sign_in_email')).toEqual([{ by: coordinatorId }])
    expect(readable((await coordinator.get(path)).text)).toContain('can sign in')
  })

  it('asks VOMO again, and says what it answered', async () => {
    const path = await pageOf(nextVolunteer())
    expect(leadsTo(await coordinator.post(`${path}/recheck`))).toEqual([303, `${path}?done=shown`])
    expect((await coordinator.get(`${path}?done=shown`)).text).toContain(said.done.shown)
    await house.sandboxOptions({ down: true })
    expect(leadsTo(await coordinator.post(`${path}/recheck`))).toEqual([303, `${path}?done=unavailable`])
    expect(await eventsAbout(path, 'person.rechecked')).toEqual([
      { answer: 'shown', by: coordinatorId },
      { answer: 'unavailable', by: coordinatorId },
    ])
    expect((await coordinator.get(`${path}?done=%3Cscript%3E`)).text).not.toContain('role="status"')
  })

  it('signs them out everywhere, at once', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const path = `/admin/people/${await personId(address)}`
    expect(leadsTo(await coordinator.post(`${path}/end-sessions`))).toEqual([303, `${path}?done=ended`])
    expect((await browser.get('/portal/api/me')).status).toBe(401)
    expect(await eventsAbout(path, 'session.ended')).toContainEqual({ because: 'by_staff' })
  })

  it('turns their sign-in off and on again', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const path = `/admin/people/${await personId(address)}`
    expect(leadsTo(await coordinator.post(`${path}/disable`))).toEqual([303, `${path}?done=off`])
    expect((await browser.get('/portal/api/me')).status).toBe(401)
    const off = await coordinator.get(path)
    expect(off.text).toContain(said.actions.turnOn)
    expect(off.text).not.toContain(`${path}/send`)
    expect((await coordinator.post(`${path}/code`)).headers['location']).toBe(`${path}?done=not_now`)
    expect((await coordinator.post(`${path}/send`)).headers['location']).toBe(`${path}?done=not_now`)
    expect(leadsTo(await coordinator.post(`${path}/enable`))).toEqual([303, `${path}?done=on`])
    await signIn(house, address)
    for (const kind of ['person.disabled', 'person.enabled'])
      expect(await eventsAbout(path, kind)).toEqual([{ by: coordinatorId }])
  })

  it('lets no one act on staff with more rights, nor turn themselves off', async () => {
    const owner = await newStaff('owner')
    await signIn(house, owner)
    const path = `/admin/people/${await personId(owner)}`
    expect((await coordinator.get(path)).text).toContain(said.helpsStaff)
    for (const does of ['disable', 'end-sessions', 'code'])
      expect((await coordinator.post(`${path}/${does}`)).status).toBe(404)
    const own = `/admin/people/${coordinatorId}`
    expect(leadsTo(await coordinator.post(`${own}/disable`))).toEqual([303, `${own}?done=yourself`])
    expect((await coordinator.get(own)).text).toContain('can sign in as staff, with no volunteer record')
  })
})

describe('a code that is read out', () => {
  it('signs the volunteer in where they typed their address, once, as a volunteer and without proof of a mailbox', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const code = codeOn(await coordinator.post(`${path}/code`))
    expect(code).not.toBe('')
    const { browser, answer } = await typeCode(address, code.toLowerCase())
    expect(leadsTo(answer)).toEqual([303, '/organization/riverbend'])
    expect((await browser.get('/portal/api/me')).status).toBe(200)
    expect((await browser.get('/account')).text).toContain(en.account.sessions.ways.spoken_code)
    expect(browser.cookies.has('porchlight_known')).toBe(false)
    expect((await browser.post('/account/erase', { confirm: 'yes' })).status).toBe(403)
    const again = await typeCode(address, code)
    expect(again.answer.status).toBe(410)
    expect(again.browser.cookies.has('porchlight_session')).toBe(false)

    const [event] = await eventsAbout(path, 'staff.made_code')
    expect(event).toEqual({ link: expect.stringMatching(/^lnk_/), by: coordinatorId })
    const text = readable((await coordinator.get(path)).text)
    expect(text).toContain(said.tries.kinds.staff)
    expect(text).toContain(said.tries.ways.spoken_code)
    expect(text).not.toContain(code)
  })

  it('opens nothing at another address, without asking first, after the next one, or after its time', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const first = codeOn(await coordinator.post(`${path}/code`))
    const code = codeOn(await coordinator.post(`${path}/code`))
    expect((await typeCode(address, first)).answer.status).toBe(422)
    expect((await typeCode(nextVolunteer(), code)).answer.status).toBe(422)
    expect((await house.browser(house.riverbend).post('/sign-in/code', { code })).status).toBe(422)
    const elsewhere = house.browser(house.hillside)
    await elsewhere.post('/sign-in', { email: address })
    expect((await elsewhere.post('/sign-in/code', { code })).status).toBe(422)
    house.pass(15 * minuteMs)
    const late = await typeCode(address, code)
    expect([410, 422]).toContain(late.answer.status)
    expect(late.browser.cookies.has('porchlight_session')).toBe(false)
  })

  it('is told to the volunteer by an email without it, whose button cancels it', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const code = codeOn(await coordinator.post(`${path}/code`))
    const [mail] = await house.emailsTo(address)
    expect(mail?.subject).toBe(said.mail.subject('Riverbend Food Bank'))
    expect(mail?.text).not.toContain(code)
    const notMe = pathOf(mail?.links[0])
    expect(notMe).toMatch(/^\/not-me\//)
    const volunteer = house.browser(house.riverbend)
    const secret = notMe.split('/').at(-1)
    for (const door of ['/magiclink', '/auth'])
      expect((await volunteer.post(`${door}/${secret}`)).status).toBe(410)
    expect(volunteer.cookies.has('porchlight_session')).toBe(false)
    expect((await volunteer.get(notMe)).text).toContain(en.signIn.notMe.button)
    expect((await volunteer.post(notMe)).status).toBe(303)
    const { browser, answer } = await typeCode(address, code)
    expect(answer.status).toBe(410)
    expect(browser.cookies.has('porchlight_session')).toBe(false)
  })

  it('is worth nothing once they are turned off, or have another address', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const code = codeOn(await coordinator.post(`${path}/code`))
    await coordinator.post(`${path}/disable`)
    expect((await typeCode(address, code)).answer.status).toBe(422)
  })

  it('counts with the other tries: after ten wrong ones for the address not even the right one is compared', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const code = codeOn(await coordinator.post(`${path}/code`))
    for (let i = 0; i < 3; i += 1) {
      const browser = house.browser(house.riverbend)
      await browser.post('/sign-in', { email: address })
      for (let tried = 0; tried < 5; tried += 1) await browser.post('/sign-in/code', { code: 'AAAA-AAAA' })
    }
    const { answer } = await typeCode(address, code)
    expect(answer.status).toBe(422)
  })

  it('goes with the volunteer’s other data when they erase it', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const id = await personId(address)
    await coordinator.post(`/admin/people/${id}/code`)
    expect(await database.all('select 1 from spoken_code where address = ?', address)).toHaveLength(1)
    const page = await browser.get('/account/erase')
    const [, field = '', value = ''] =
      /<input[^>]*type="radio"[^>]*name="(\w+)"[^>]*value="(\w+)"/.exec(page.text) ?? []
    await browser.post('/account/erase', { [field || 'confirm']: value || 'yes' })
    expect(await database.all('select 1 from person where id = ?', id)).toEqual([])
    expect(await database.all('select 1 from spoken_code where address = ?', address)).toEqual([])
  })
})

describe('erasing', () => {
  it('is an owner’s, after a page that says what goes and a box', async () => {
    const address = nextVolunteer()
    const volunteer = await signIn(house, address)
    const id = await personId(address)
    const path = `/admin/people/${id}`
    expect((await coordinator.get(`${path}/erase`)).status).toBe(404)
    expect((await coordinator.post(`${path}/erase`, { confirm: 'yes' })).status).toBe(404)
    expect((await coordinator.get(path)).text).not.toContain(`${path}/erase`)

    const ownerAddress = await newStaff('owner')
    const owner = await signInAsStaff(house, ownerAddress)
    expect((await owner.get(path)).text).toContain(`href="${path}/erase"`)
    const page = readable((await owner.get(`${path}/erase`)).text)
    expect(page).toContain(address)
    for (const item of [...said.erase.erasedList, ...said.erase.staysList]) expect(page).toContain(item)
    const unchecked = await owner.post(`${path}/erase`)
    expect([unchecked.status, unchecked.text.includes(said.erase.confirmError)]).toEqual([422, true])
    expect(await personId(address)).toBe(id)

    const done = await owner.post(`${path}/erase`, { confirm: 'yes' })
    expect(leadsTo(done)).toEqual([303, '/admin/people?done=erased'])
    expect((await owner.get('/admin/people?done=erased')).text).toContain(said.erase.done)
    expect(await database.all('select 1 from person where id = ?', id)).toEqual([])
    expect((await volunteer.get('/profile')).status).toBe(303)
    const events = await database.all(
      "select person_id, detail from audit_event where kind = 'person.erased'",
    )
    expect(events.map(({ detail }) => JSON.parse(String(detail)))).toContainEqual({
      by: await personId(ownerAddress),
    })
    expect(events.map((event) => event['person_id'])).not.toContain(id)
    expect((await owner.post(`${path}/erase`, { confirm: 'yes' })).status).toBe(404)
  })

  it('is refused for themselves, for someone who is turned off, and at another customer', async () => {
    const address = nextVolunteer()
    const path = await pageOf(address)
    const ownerAddress = await newStaff('owner')
    const owner = await signInAsStaff(house, ownerAddress)
    await coordinator.post(`${path}/disable`)
    expect((await owner.post(`${path}/erase`, { confirm: 'yes' })).status).toBe(404)
    await coordinator.post(`${path}/enable`)
    const own = `/admin/people/${await personId(ownerAddress)}/erase`
    expect((await owner.post(own, { confirm: 'yes' })).status).toBe(404)
    const elsewhereAddress = await newStaff('owner', house.hillside)
    const elsewhere = await signInAsStaff(house, elsewhereAddress, house.hillside)
    expect((await elsewhere.post(`${path}/erase`, { confirm: 'yes' })).status).toBe(404)
    expect(`/admin/people/${await personId(address)}`).toBe(path)
  })
})

it('VOMO is asked so often only for one member of staff, who still finds all else and hears when it goes on', async () => {
  const small = await openHouse({ limits: { vomoLooksPerStaff: { count: 2, perMs: 60 * minuteMs } } })
  const rows = await openRows(small.database)
  const browsers: TestBrowser[] = []
  for (const address of ['dispatcher-1@example.org', 'dispatcher-2@example.org']) {
    await addStaff(rows, { address, role: 'coordinator' })
    browsers.push(await signInAsStaff(small, address))
  }
  const [busy, other] = browsers as [TestBrowser, TestBrowser]
  const [known = '', unknown = ''] = small.riverbend.volunteers
  await signIn(small, known)
  const { id } = await rows.one<{ id: string }>('select id from person where address = ?', known)
  await rows.run(
    `insert into problem (id, customer_id, kind, subject, person_id, first_seen_ms, last_seen_ms, count, note)
      select 'prb_held', customer_id, 'merged', id, id, 0, 0, 1, '' from person where id = ?`,
    id,
  )
  const search = async (browser: TestBrowser, address: string) => {
    const { status, text } = await browser.get(`/admin/people?q=${encodeURIComponent(address)}`)
    expect(status).toBe(200)
    return readable(text)
  }

  expect(await search(busy, unknown)).toContain(said.find.inVomo.one)
  expect(await search(busy, unknown)).toContain(said.find.inVomo.one)
  const read = await search(busy, unknown)
  expect(read).toContain(said.find.none(unknown))
  expect(read).toMatch(/You can look up more after (\w+, \w+ \d+, )?\d+:\d\d/)
  expect(await search(busy, known)).toContain(said.find.count(1))
  for (const [path, form] of [
    ['/admin/people', { email: unknown }],
    [`/admin/people/${id}/recheck`, {}],
    ['/admin/problems/prb_held/recheck', {}],
  ] as const) {
    const refused = await busy.post(path, form)
    expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true])
    expect(readable(refused.text)).toMatch(/You can try again after/)
  }
  expect(await rows.count(`audit_event where kind = 'person.rechecked'`)).toBe(0)
  expect(await search(other, unknown)).toContain(said.find.inVomo.one)
  small.pass(30 * minuteMs)
  expect(await search(busy, unknown)).toContain(said.find.inVomo.one)
  expect(small.errors).toEqual([])
  await rows.close()
  await small.close()
})
