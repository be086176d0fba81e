import { afterAll, beforeAll, expect, it } from 'vitest'
import { findOrCreatePerson, rememberLanguage, setStanding } from '../src/accounts/people.ts'
import { setStaff } from '../src/accounts/staff.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { customerBySlug } from '../src/customers/customers.ts'
import { openProblem } from '../src/problems/problems.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import { hourOfDay } from '../src/time/zones.ts'
import { type House, openHouse } from './house.ts'

/** Staff are told once a day what is open, at their morning, where the customer wants it. */

const minuteMs = 60_000
const owner = 'owner@riverbend.example'
const coordinator = 'coordinator@riverbend.example'
const name = 'Riverbend Food Bank'
const notTold = ['viewer@riverbend.example', 'turned-off@riverbend.example']

let house: House
let store: Store
let customerId = ''
let volunteer = ''

beforeAll(async () => {
  house = await openHouse()
  store = await openStore({ database: house.database })
  customerId = (await customerBySlug(store, 'riverbend'))?.id ?? ''
  const nowMs = house.nowMs()
  const { db } = store
  await store.write(function* () {
    for (const [address, role] of [
      [owner, 'owner'],
      [coordinator, 'coordinator'],
      [notTold[0], 'viewer'],
      [notTold[1], 'coordinator'],
    ] as const)
      yield* setStaff(db, { customerId, address: address ?? '', role }, nowMs)
    const member = { customerId, vomoUserId: null }
    const spanish = yield* findOrCreatePerson(db, { ...member, address: coordinator }, nowMs)
    yield* rememberLanguage(db, spanish, 'es', nowMs)
    const off = yield* findOrCreatePerson(db, { ...member, address: notTold[1] ?? '' }, nowMs)
    yield* setStanding(db, off, { standing: 'disabled', kind: 'person.disabled' }, nowMs)
    volunteer = house.riverbend.volunteers[0] ?? ''
  })
})
afterAll(async () => {
  await store.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const set = (changes: Record<string, string>) =>
  store.write(() => setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, house.nowMs()))
const subjects = async (address: string) =>
  (await house.emailsTo(address)).map(({ subject }) => subject).toReversed()

/** The next time that the customer's clock shows it. */
async function passUntil(hour: number, timeZone: string, lessMs = 0): Promise<void> {
  const nowMs = house.nowMs()
  const today = hourOfDay(timeZone, nowMs, { inDays: 0, hour }) - lessMs
  const atMs = today > nowMs ? today : hourOfDay(timeZone, nowMs, { inDays: 1, hour }) - lessMs
  house.pass(atMs - nowMs)
  await house.portal.idle()
}

const open = (kind: 'address_changed' | 'two_records', vomoUserId: string) =>
  store.write(function* () {
    const met = { customerId, vomoUserId, address: volunteer }
    const { id: personId } = yield* findOrCreatePerson(store.db, met, house.nowMs())
    yield* openProblem(store.db, { customerId, personId, kind }, house.nowMs())
  })

it('says how many of each kind are open and names no one, once a day, to those who can act', async () => {
  const timeZone = 'Pacific/Auckland'
  await set({ 'time-zone': timeZone })
  await open('address_changed', '1')
  await open('address_changed', '2')
  await open('two_records', '3')
  await passUntil(9, timeZone)
  expect(await subjects(owner)).toEqual([])
  await set({ 'problem-emails': 'yes' })
  await passUntil(8, timeZone, minuteMs)
  expect(await subjects(owner)).toEqual([])

  house.pass(minuteMs + 1)
  await house.portal.idle()
  const [mail] = await house.emailsTo(owner)
  expect(mail?.subject).toBe(`3 problems to look at: ${name}`)
  expect(mail?.text).toContain('- Different email in VOMO: 2')
  expect(mail?.text).toContain('- Two records with one address: 1')
  expect(mail?.text).not.toContain('since the last email')
  expect(mail?.links).toEqual([`http://${house.riverbend.host}/admin/problems`])
  expect(JSON.stringify(mail)).not.toContain(volunteer)
  expect(await subjects(coordinator)).toEqual([`3 problemas por revisar: ${name}`])
  for (const address of notTold) expect(await subjects(address)).toEqual([])

  house.pass(2 * 60 * minuteMs)
  expect(await subjects(owner)).toHaveLength(1)
})

it('says what is new the next day, and nothing when nothing is open', async () => {
  const timeZone = 'Pacific/Auckland'
  await open('two_records', '1')
  await passUntil(8, timeZone)
  expect(await subjects(owner)).toHaveLength(2)
  expect((await house.emailsTo(owner))[0]?.text).toMatch(/1 of them is new since the last\s+email\./)
  await store.write(function* () {
    yield store.db
      .updateTable('problem')
      .set({ closed_at_ms: house.nowMs() })
      .where('customer_id', '=', customerId)
      .compile()
  })
  await passUntil(8, timeZone)
  expect(await subjects(owner)).toHaveLength(2)
})

it('waits for the next morning where the whole morning was missed, and follows the customer’s clock', async () => {
  await open('two_records', '3')
  const before = (await subjects(owner)).length
  await passUntil(11, 'Pacific/Auckland')
  expect(await subjects(owner)).toHaveLength(before)
  await set({ 'time-zone': 'America/Chicago' })
  await passUntil(8, 'America/Chicago')
  await passUntil(8, 'America/Chicago')
  expect((await subjects(owner)).length - before).toBeGreaterThanOrEqual(1)
  await set({ 'problem-emails': 'no' })
  const last = (await subjects(owner)).length
  await passUntil(8, 'America/Chicago')
  expect(await subjects(owner)).toHaveLength(last)
})
