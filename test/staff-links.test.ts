import { decodeQR } from 'qr/decode.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { defaultLimits } from '../src/limits.ts'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import {
  type Answer,
  type House,
  openHouse,
  pathOf,
  signIn,
  signInAsStaff,
  type TestBrowser,
} from './house.ts'
import { addStaff, leadsTo, personIdOf, readable } from './staff-house.ts'

/** What staff see of links, take back, and hand over. */

const minuteMs = 60_000
const said = en.staffLinks

let house: House
let database: Rows
let coordinator: TestBrowser
let coordinatorId: string
let turn = 0

beforeAll(async () => {
  house = await openHouse({ limits: { spokenCodesPerPerson: defaultLimits.spokenCodesPerPerson } })
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
  addStaff(database, { address: `maker-${turn++}@example.org`, role, slug })

const personId = (address: string) => personIdOf(database, address)

const eventsAbout = async (linkId: string, kind: string) =>
  (await database.all('select detail from audit_event where kind = ? order by id', kind))
    .map(({ detail }) => JSON.parse(String(detail)))
    .filter(({ link }) => link === linkId)

const linksOn = ({ text }: Answer) => [
  ...new Set([...text.matchAll(/href="\/admin\/links\/(lnk_\w+)"/g)].map(([, id = '']) => id)),
]

/** Makes a link as the form does. */
async function make(address: string, more: Record<string, string> = {}, by = coordinator) {
  const answer = await by.post('/admin/links/new', { email: address, landing: 'hub', campaign: '', ...more })
  const url = /id="link"[^>]*value="([^"]+)"/.exec(answer.text)?.[1] ?? ''
  return { answer, url, id: linksOn(answer)[0] ?? '' }
}

/** What the camera of a phone reads from the page. */
function readByCamera({ text }: Answer): string {
  const [, size = '0', path = ''] =
    /class="qr"[^>]*viewBox="0 0 (\d+) [^>]*>.*?<path d="([^"]+)"/.exec(text) ?? []
  const modules = Number(size)
  const scale = 4
  const width = modules * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let row = 0; row < scale; row += 1)
      for (let column = 0; column < scale; column += 1) {
        const at = ((Number(y) * scale + row) * width + Number(x) * scale + column) * 4
        data.set([0, 0, 0], at)
      }
  return decodeQR({ width, height: width, data })
}

describe('the list', () => {
  it('has every link of this customer once, newest first, fifteen on a page', async () => {
    const address = nextVolunteer()
    for (let i = 0; i < 6; i += 1) {
      await make(address)
      house.pass(11 * minuteMs)
    }
    for (let i = 0; i < 12; i += 1) await signIn(house, nextVolunteer())
    const all = await database.all(
      `select link.id from link join customer on customer.id = customer_id where slug = 'riverbend'
       order by issued_at_ms desc, link.id desc`,
    )
    const seen: string[] = []
    let path = '/admin/links'
    for (;;) {
      const answer = await coordinator.get(path)
      expect(answer.status).toBe(200)
      const here = linksOn(answer)
      expect(here.length).toBeLessThanOrEqual(15)
      seen.push(...here)
      const older = /rel="next" href="([^"#]+)/.exec(answer.text)?.[1]
      if (older === undefined) break
      path = older.replaceAll('&amp;', '&')
    }
    expect(seen).toEqual(all.map(({ id }) => id))
    expect(seen.length).toBeGreaterThan(15)

    const elsewhere = await signInAsStaff(house, await newStaff('owner', house.hillside), house.hillside)
    const [id] = seen
    expect(linksOn(await elsewhere.get('/admin/links'))).not.toContain(id)
    expect((await elsewhere.get(`/admin/links/${id}`)).status).toBe(404)
    expect((await elsewhere.post(`/admin/links/${id}/withdraw`)).status).toBe(404)
  })

  it('is narrowed to a state and to who made them, and pages stay narrowed', async () => {
    const address = nextVolunteer()
    const open = await make(address)
    const { id: canceled } = await make(nextVolunteer())
    await coordinator.post(`/admin/links/${canceled}/withdraw`)
    const listed = async (query: string) => linksOn(await coordinator.get(`/admin/links?${query}`))
    expect(await listed('by=staff&state=open')).toContain(open.id)
    expect(await listed('by=staff&state=open')).not.toContain(canceled)
    expect(await listed('by=staff&state=canceled')).toEqual([canceled])
    expect(await listed('by=portal')).not.toContain(open.id)
    expect(await listed('by=operator')).toEqual([])
    const text = (await coordinator.get('/admin/links?by=portal&state=used')).text
    expect(text).toMatch(/<option value="portal" selected/)
    expect((await coordinator.get('/admin/links?by=x&state=y&before=z')).status).toBe(200)
  })

  it('shows a viewer no whole address and no button, and coordinators whole ones, which is logged', async () => {
    const address = nextVolunteer()
    const { id } = await make(address)
    const viewer = await signInAsStaff(house, await newStaff('viewer'))
    for (const path of ['/admin/links', `/admin/links/${id}`]) {
      const whole = await coordinator.get(path)
      expect(readable(whole.text)).toContain(address)
      const half = await viewer.get(path)
      expect(half.status).toBe(200)
      expect(readable(half.text)).not.toContain(address)
      expect(half.text).not.toContain('method="post" action="/admin/links')
      expect(half.text).not.toContain('href="/admin/links/new"')
    }
    expect((await viewer.get('/admin/links/new')).status).toBe(404)
    expect((await make(address, {}, viewer)).answer.status).toBe(404)
    expect((await viewer.post(`/admin/links/${id}/withdraw`)).status).toBe(404)
    const looks = await database.all("select detail from audit_event where kind = 'staff.viewed_links'")
    expect(looks.map(({ detail }) => JSON.parse(String(detail)))).toContainEqual({
      by: coordinatorId,
      links: 1,
    })
  })

  it('counts what was made and used, day by day, as a picture and as a table', async () => {
    await signIn(house, nextVolunteer())
    const { text } = await coordinator.get('/admin/links')
    const [made, used] = await Promise.all(
      ['issued_at_ms', 'spent_at_ms'].map(async (column) => {
        const { n } = await database.one<{ n: number }>(
          `select count(*) as n from link join customer on customer.id = customer_id
           where slug = 'riverbend' and ${column} is not null`,
        )
        return n
      }),
    )
    expect(readable(text)).toContain(said.days.says(made ?? 0, used ?? 0))
    const figures = [...text.matchAll(/<tr><th scope="row">[^<]+<\/th><td>(\d+)<\/td><td>(\d+)<\/td>/g)]
    expect(figures).toHaveLength(30)
    const sum = (column: number) => figures.reduce((so, row) => so + Number(row[column]), 0)
    expect([sum(1), sum(2)]).toEqual([made, used])
    expect(text).not.toMatch(/<svg[^>]*style=/)
  })
})

describe('a link made by staff', () => {
  it('is shown once, as text and as a QR code, and signs its person in, as a volunteer and without proof of a mailbox', async () => {
    const address = nextVolunteer()
    const { answer, url, id } = await make(address)
    expect(answer.status).toBe(200)
    expect(readByCamera(answer)).toBe(url)
    const browser = house.browser(house.riverbend)
    expect((await browser.get(pathOf(url))).status).toBe(200)
    expect((await browser.post(pathOf(url))).status).toBe(303)
    expect((await browser.get('/account')).text).toContain(en.account.sessions.ways.made_link)
    expect(browser.cookies.has('porchlight_known')).toBe(false)
    expect((await browser.post('/account/erase', { confirm: 'yes' })).status).toBe(403)
    expect((await house.browser(house.riverbend).post(pathOf(url))).status).toBe(410)

    const page = await coordinator.get(`/admin/links/${id}`)
    expect(readable(page.text)).toContain(address)
    expect(page.text).toContain(en.staff.links.madeBy.staff)
    expect(readable(page.text)).toMatch(/Used /)
    expect(page.text).toContain(said.link.opens)
    expect(page.text).not.toContain(url.split('/').at(-1))
    expect(await eventsAbout(id, 'link.issued')).toEqual([
      { link: id, landing: 'hub', issuer: 'staff', staff: coordinatorId },
    ])
    const person = await coordinator.get(`/admin/people/${await personId(address)}`)
    expect(person.text).toContain(en.staffPeople.tries.kinds.staff_link)
  })

  it('is told to the volunteer by an email whose button cancels it', async () => {
    const address = nextVolunteer()
    const { url } = await make(address)
    const [mail] = await house.emailsTo(address)
    expect(mail?.subject).toBe(said.mail.subject('Riverbend Food Bank'))
    const notMe = pathOf(mail?.links[0])
    expect(notMe).toMatch(/^\/not-me\//)
    expect((await house.browser(house.riverbend).post(notMe)).status).toBe(303)
    const browser = house.browser(house.riverbend)
    expect((await browser.post(pathOf(url))).status).toBe(410)
    expect(browser.cookies.has('porchlight_session')).toBe(false)
  })

  it('works for fifteen minutes, and not at the door of links from emails', async () => {
    const { url } = await make(nextVolunteer())
    const secret = url.split('/').at(-1)
    expect((await house.browser(house.riverbend).post(`/auth/${secret}`)).status).toBe(410)
    house.pass(15 * minuteMs)
    expect((await house.browser(house.riverbend).post(pathOf(url))).status).toBe(410)
  })

  it('never opens the staff pages', async () => {
    const address = nextVolunteer()
    const viewer = await newStaff('viewer')
    await database.run('update staff set address = ? where address = ?', address, viewer)
    const { url } = await make(address)
    const browser = house.browser(house.riverbend)
    expect((await browser.post(pathOf(url))).status).toBe(303)
    expect(leadsTo(await browser.get('/admin'))[0]).toBe(303)
    expect((await browser.get('/admin')).headers['location']).toMatch(/^\/sign-in/)
  })

  it('is not made where something is wrong, and says which field and why', async () => {
    const errors = said.new.errors
    const refused = async (address: string, more: Record<string, string> = {}) => {
      const { answer, url } = await make(address, more)
      expect([answer.status, url]).toEqual([422, ''])
      return readable(answer.text)
    }
    expect(await refused('nonsense')).toContain(en.signIn.ask.errors.impossible)
    expect(await refused('stranger@example.org')).toContain(errors.no_record)
    expect(await refused(nextVolunteer(), { landing: 'admin' })).toContain(errors.landing)
    expect(await refused(nextVolunteer(), { landing: 'campaign' })).toContain(errors.campaignMissing)
    const unknown = { landing: 'campaign', campaign: 'no-such-campaign' }
    expect(await refused(nextVolunteer(), unknown)).toContain(errors.campaignUnknown)
    expect(await refused(await newStaff('owner'))).toContain(errors.staff)
    const off = nextVolunteer()
    await signIn(house, off)
    await coordinator.post(`/admin/people/${await personId(off)}/disable`)
    expect(await refused(off)).toContain(errors.disabled)
    await house.sandboxOptions({ down: true })
    expect(await refused('another-stranger@example.org')).toContain(errors.unavailable)
  })

  it('is made six times an hour for a person, codes that were read out among them', async () => {
    const address = nextVolunteer()
    for (let i = 0; i < 6; i += 1) expect((await make(address)).answer.status).toBe(200)
    expect((await make(address)).answer.status).toBe(429)
    const { n } = await database.one<{ n: number }>(
      'select count(*) as n from link where address = ? and is_handed_over = 1',
      address,
    )
    expect(n).toBe(6)
  })
})

describe('a link that is taken back', () => {
  it('signs no one in, which is in the audit log; a second time changes nothing', async () => {
    const { url, id } = await make(nextVolunteer())
    const path = `/admin/links/${id}`
    expect(leadsTo(await coordinator.post(`${path}/withdraw`))).toEqual([303, `${path}?done=withdrawn`])
    expect((await coordinator.get(`${path}?done=withdrawn`)).text).toContain(said.done.withdrawn)
    const browser = house.browser(house.riverbend)
    expect((await browser.post(pathOf(url))).status).toBe(410)
    expect(leadsTo(await coordinator.post(`${path}/withdraw`))).toEqual([303, `${path}?done=over`])
    expect(await eventsAbout(id, 'link.withdrawn')).toEqual([{ link: id, by: coordinatorId }])
    expect((await coordinator.get(path)).text).not.toContain(`${path}/withdraw`)
  })
})
