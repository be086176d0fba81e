import { afterAll, beforeAll, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, type TestBrowser } from './house.ts'
import { addStaff } from './staff-house.ts'

/** What staff see in the morning. */

const said = en.staffToday
const dayMs = 86_400_000

let house: House
let database: Rows
let coordinator: TestBrowser

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  coordinator = await signIn(house, house.riverbend.staff[1] ?? '')
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const readable = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const today = async () => (await coordinator.get('/admin')).text

it('sees the sign-ins of each day in the organization’s time zone, by way, and no other customer’s', async () => {
  const address = house.riverbend.volunteers[0] ?? ''
  await signIn(house, address)
  await signIn(house, house.hillside.volunteers[0] ?? '', house.hillside)
  const before = readable(await today())
  expect(before).toContain(said.signIns.heading(2, 14))
  // 11 at night there is the next day in UTC.
  const { id } = await database.one<{ id: string }>(
    "select id from session where person_id = (select id from person where address = ?) and way = 'mailed_link'",
    address,
  )
  const night = Date.parse(`${new Date(house.nowMs() - 2 * dayMs).toISOString().slice(0, 10)}T04:30:00Z`)
  await database.run("update session set started_at_ms = ?, way = 'passkey' where id = ?", night, id)
  const html = await today()
  const text = readable(html)
  expect(text).toContain(said.signIns.heading(2, 14))
  const dayBefore = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Chicago',
    dateStyle: 'long',
  }).format(night)
  expect(text).toContain(`${said.sum} `)
  expect(text).toMatch(new RegExp(`${dayBefore} 0 1 1 `))
  expect(text).toContain(said.signIns.ways.passkey)
  expect(html).toMatch(/<svg class="bars" role="img" aria-label="A bar for each day/)
  expect(html).not.toMatch(/ style=/)
  await database.run('update session set started_at_ms = ? where id = ?', house.nowMs() - 20 * dayMs, id)
  expect(readable(await today())).toContain(said.signIns.heading(1, 14))
})

it('sees wrong codes, and emails that did not get there', async () => {
  const address = house.riverbend.volunteers[1] ?? ''
  const browser = house.browser()
  await browser.post('/sign-in', { email: address })
  await house.portal.idle()
  await browser.post('/sign-in/code', { code: 'ABCD-EFGH' })
  await database.run('update outbox set bounced_at_ms = sent_at_ms where recipient = ?', address)
  const text = readable(await today())
  expect(text).toContain(`${said.failed.typed} 1`)
  expect(text).toContain(said.emails.undelivered(1))
})

it('sees the open problems by kind, each a way to the list, and how VOMO is doing', async () => {
  expect(readable(await today())).toContain(said.problems.none)
  await database.run(
    `insert into problem (id, customer_id, kind, subject, person_id, first_seen_ms, last_seen_ms, count, note)
      select 'prb_x', customer_id, 'merged', id, id, 1, 1, 1, '' from person where address = ?`,
    house.riverbend.volunteers[0],
  )
  const html = await today()
  expect(html).toContain(said.problems.heading(1))
  expect(html).toContain('href="/admin/problems?kind=merged"')
  expect(readable(html)).toMatch(new RegExp(`${said.vomo.calls} \\d+ of \\d+`))
})

it('as an owner sees what is left to set up, each with where it is done, until it is done', async () => {
  expect(await today()).not.toContain(said.checklist.tasks.webhooks.what)
  const address = 'first-owner@example.org'
  const addOwner = (whose: string) => addStaff(database, { address: whose, role: 'owner' })
  await database.run(
    "delete from staff where role = 'owner' and customer_id = (select id from customer where slug = 'riverbend')",
  )
  await addOwner(address)
  const owner = await signIn(house, address)
  const first = (await owner.get('/admin')).text
  const { tasks } = said.checklist
  for (const task of ['owners', 'webhooks'] as const) expect(first).toContain(tasks[task].what)
  expect(first).toContain('porchlight vomo webhook enable')
  for (const task of ['vomo', 'contact', 'email', 'provider'] as const)
    expect(first).not.toContain(tasks[task].what)
  await addOwner('second-owner@example.org')
  expect((await owner.get('/admin')).text).not.toContain(tasks.owners.what)
})
