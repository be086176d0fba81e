import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRows, type Rows } from './database.ts'
import { askForMail, type House, openHouse, pathOf, signIn } from './house.ts'

const minuteMs = 60_000
const newcomer = 'new.coordinator@example.org'

let house: House
let database: Rows

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

async function makeStaff(address: string): Promise<void> {
  await database.run(
    `insert into staff select id, ?, 'coordinator', 0 from customer where slug = 'riverbend'
       on conflict (customer_id, address) do update set role = excluded.role`,
    address,
  )
}

describe('a member of staff', () => {
  it('needs no VOMO record, lands on the staff page, and is told of the pages that are not for them', async () => {
    await makeStaff(newcomer)
    const browser = house.browser()
    const mail = await askForMail(house, browser, newcomer)
    expect(mail.code).not.toBeNull()
    const landed = await browser.post(pathOf(mail.links[0]))
    expect(landed.headers['location']).toBe('/admin')
    const page = await browser.get('/admin')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Who couldn’t be emailed a link')
    const hub = await browser.get('/organization/riverbend')
    expect(hub.status).toBe(403)
    expect(hub.text).toContain('href="/admin"')
    expect((await browser.get('/portal/api/me')).json()['code']).toBe('account_no_record')
    expect((await browser.get('/')).headers['location']).toBe('/admin')
  })

  it('who volunteers, too, sees their own hub and the way to the staff page', async () => {
    const browser = await signIn(house, house.riverbend.staff[0] ?? '')
    const hub = await browser.get('/organization/riverbend')
    expect(hub.status).toBe(200)
    expect(hub.text).toContain('href="/admin"')
    expect((await browser.get('/admin')).status).toBe(200)
  })

  it('is signed out after an hour unused, and after half a day', async () => {
    const idle = await signIn(house, newcomer)
    house.pass(61 * minuteMs)
    expect((await idle.get('/admin')).status).toBe(303)
    const busy = await signIn(house, newcomer)
    for (let i = 0; i < 23; i += 1) {
      house.pass(31 * minuteMs)
      expect((await busy.get('/admin')).status, `${i}`).toBe(200)
    }
    house.pass(31 * minuteMs)
    expect((await busy.get('/admin')).status).toBe(303)
  })

  it('who lost the role finds nothing there from the next page on', async () => {
    const browser = await signIn(house, newcomer)
    expect((await browser.get('/admin')).status).toBe(200)
    await database.run('delete from staff where address = ?', newcomer)
    expect((await browser.get('/admin')).status).toBe(404)
    expect((await askForMail(house, house.browser(), newcomer)).code).toBeNull()
  })

  it('sees how many could not sign in and why, and no complete address', async () => {
    for (const email of ['stranger.one@example.org', 'stranger.two@example.org', house.traps.twoExact]) {
      await house.browser().post('/sign-in', { email })
    }
    await house.portal.idle()
    const browser = await signIn(house, house.riverbend.staff[0] ?? '')
    const page = await browser.get('/admin')
    expect(page.text).toContain('No volunteer in VOMO has the address')
    expect(page.text).toContain('Two records in VOMO share the address')
    expect(page.text).not.toMatch(/stranger\.(one|two)/)
  })
})

describe('a volunteer', () => {
  it('finds no staff page', async () => {
    const browser = await signIn(house, house.riverbend.volunteers[0] ?? '')
    expect((await browser.get('/admin')).status).toBe(404)
    expect((await browser.get('/organization/riverbend')).text).not.toContain('/admin')
  })

  it('who became staff while signed in proves once more who they are', async () => {
    const address = house.riverbend.volunteers[1] ?? ''
    const browser = await signIn(house, address)
    await makeStaff(address)
    const sent = await browser.get('/admin')
    expect([sent.status, sent.headers['location']]).toEqual([303, '/sign-in?next=%2Fadmin'])
  })

  it('of one customer has no role at another, though staff there has the same address', async () => {
    const browser = await signIn(house, house.hillside.volunteers[0] ?? '', house.hillside)
    await makeStaff(house.hillside.volunteers[0] ?? '')
    expect((await browser.get('/admin')).status).toBe(404)
  })
})
