import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff } from './staff-house.ts'

/** Owners decide who is on staff. */

const said = en.staffTeam

let house: House
let database: Rows
let owner: TestBrowser
const address = 'only-owner@example.org'

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  await database.run(
    "delete from staff where customer_id = (select id from customer where slug = 'riverbend')",
  )
  await setRole(address, 'owner')
  owner = await signInAsStaff(house, address)
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const setRole = (whose: string, role: StaffRole) => addStaff(database, { address: whose, role })

const roleOf = async (whose: string) =>
  (await database.all('select role from staff where address = ?', whose)).map(({ role }) => role)

const doneAt = (done: string) => `/admin/staff?done=${done}`

it('someone who is added gets an email and signs in by it to the staff pages, with that role and no more', async () => {
  const added = await owner.post('/admin/staff', { email: 'New.Helper@Example.org', role: 'coordinator' })
  expect([added.status, added.headers['location']]).toEqual([303, doneAt('added')])
  const page = await owner.get(doneAt('added'))
  expect(page.text).toContain(said.done.added)
  const [mail] = await house.emailsTo('new.helper@example.org')
  expect(mail?.subject).toBe(said.mail.subject('Riverbend Food Bank'))
  expect(mail?.links[0]).toMatch(/\/sign-in\?next=%2Fadmin$/)

  const helper = await signIn(house, 'new.helper@example.org')
  expect((await helper.get('/admin')).text).not.toContain('href="/admin/staff"')
  expect((await helper.get('/admin/staff')).status).toBe(404)
  expect((await helper.post('/admin/staff', { email: 'friend@example.org', role: 'owner' })).status).toBe(404)
  expect(await roleOf('friend@example.org')).toEqual([])

  const again = await owner.post('/admin/staff', { email: 'new.helper@example.org', role: 'coordinator' })
  expect(again.headers['location']).toBe(doneAt('unchanged'))
  const changed = await owner.post('/admin/staff', { email: 'new.helper@example.org', role: 'viewer' })
  expect(changed.headers['location']).toBe(doneAt('changed'))
  expect(
    (await house.emailsTo('new.helper@example.org')).filter(({ subject }) => subject === mail?.subject),
  ).toHaveLength(1)
  expect((await owner.get('/admin/staff?email=new.helper%40example.org')).text).toMatch(
    /value="viewer"[^>]*checked|checked[^>]*value="viewer"/,
  )

  const removed = await owner.post('/admin/staff/remove', { email: 'new.helper@example.org' })
  expect(removed.headers['location']).toBe(doneAt('removed'))
  expect((await helper.get('/admin')).status).toBe(404)

  const [{ id }] = (await database.all('select id from person where address = ?', address)) as [
    { id: string },
  ]
  const events = await database.all(
    "select kind, detail from audit_event where kind like 'staff.set' or kind like 'staff.removed' order by id",
  )
  expect(events.map(({ kind, detail }) => [kind, JSON.parse(String(detail))]).slice(-3)).toEqual([
    ['staff.set', { role: 'coordinator', before: null, by: id }],
    ['staff.set', { role: 'viewer', before: 'coordinator', by: id }],
    ['staff.removed', { before: 'viewer', by: id }],
  ])
})

it('the last owner stays, whatever is tried, also by two forms at once', async () => {
  const demoted = await owner.post('/admin/staff', { email: address, role: 'viewer' })
  expect(demoted.headers['location']).toBe(doneAt('last_owner'))
  const removed = await owner.post('/admin/staff/remove', { email: address })
  expect(removed.headers['location']).toBe(doneAt('last_owner'))
  expect((await owner.get(doneAt('last_owner'))).text).toContain(said.done.last_owner)

  await setRole('second-owner@example.org', 'owner')
  const second = await signInAsStaff(house, 'second-owner@example.org')
  await Promise.all([
    owner.post('/admin/staff/remove', { email: 'second-owner@example.org' }),
    second.post('/admin/staff/remove', { email: address }),
  ])
  const left = await database.all(
    "select address from staff where role = 'owner' and address like '%-owner@%'",
  )
  expect(left).toHaveLength(1)
  await database.run("delete from staff where address = 'second-owner@example.org'")
  if ((await roleOf(address)).length === 0) await setRole(address, 'owner')
  owner = await signInAsStaff(house, address)
})

it('a form that is not right comes back with what to change, and nothing is done', async () => {
  const wrong = await owner.post('/admin/staff', { email: 'not an address' })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain(said.errors.role)
  expect(wrong.text).toContain('value="not an address"')
  expect((await owner.post('/admin/staff', { email: 'someone@example.org', role: 'operator' })).status).toBe(
    422,
  )
  expect(await roleOf('someone@example.org')).toEqual([])
  const elsewhere = await owner.post(
    '/admin/staff',
    { email: 'evil@example.org', role: 'owner' },
    { 'sec-fetch-site': 'cross-site' },
  )
  expect(elsewhere.status).toBe(403)
  expect(await roleOf('evil@example.org')).toEqual([])
})
