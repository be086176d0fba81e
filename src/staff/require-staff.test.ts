import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOrCreatePerson } from '../accounts/people.ts'
import { setStaff } from '../accounts/staff.ts'
import { type Customer, customerBySlug } from '../customers/customers.ts'
import { mayActAs, roles, type StaffRole, staffRoles } from '../customers/roles.ts'
import type { Visit } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { openRowndHouse, type RowndHouse } from '../link-api/rownd/rownd.fixture.ts'
import { openSession } from '../sign-in/session/sessions.ts'
import { requireStaff } from './require-staff.ts'

let house: RowndHouse
let customer: Customer
const cookies = new Map<StaffRole | undefined, string>()

beforeAll(async () => {
  house = await openRowndHouse()
  const found = await customerBySlug(house.tools.store, 'riverbend')
  if (!found) throw new Error('the customer is gone')
  customer = found
  for (const role of [undefined, ...staffRoles]) cookies.set(role, await signIn(role))
})
afterAll(() => house.close())

/** @returns the cookie of a session opened as staff */
async function signIn(role: StaffRole | undefined, stepAtMs?: number): Promise<string> {
  const { store, secrets, clock } = house.tools
  const customerId = customer.id
  const address = `${role ?? 'stranger'}@example.org`
  const secret = await store.write(function* () {
    const person = yield* findOrCreatePerson(store.db, { customerId, vomoUserId: address, address }, clock())
    if (role) yield* setStaff(store.db, { customerId, address, role }, clock())
    const proof = { kind: 'link', id: 'lnk_1' } as const
    const secondStep = stepAtMs === undefined ? undefined : ({ by: 'passkey', atMs: stepAtMs } as const)
    return yield* openSession(
      store.db,
      secrets,
      { customerId, personId: person.id, proof, way: 'mailed_link', isStaff: true, secondStep },
      clock(),
    )
  })
  return `__Host-porchlight_session=${secret}`
}

async function asks(cookie: string, asked: StaffRole, how = {}): Promise<string> {
  const unused = () => Promise.reject(new Error('no record is asked for'))
  const tools = { ...house.tools, vomo: { user: unused, recheck: unused } as never }
  const app = new Hono<Visit>()
    .use(async (c, next) => {
      c.set('customer', customer)
      await next()
    })
    .get('/', async (c) => c.text((await requireStaff(tools, c, asked, how)).role))
    .onError((error, c) => c.text(error instanceof Refusal ? error.code : String(error)))
  return (await app.request('/', { headers: { cookie } })).text()
}

describe('a page that asks for a role', () => {
  it.each(staffRoles)('of %s is there for it and for higher ones, and for no one else', async (asked) => {
    const [stranger, ...members] = [...cookies]
    expect(await asks(stranger?.[1] ?? '', asked)).toBe('not_found')
    const minIndex = staffRoles.indexOf(asked)
    for (const [role, cookie] of members) {
      const isEnough = role !== undefined && staffRoles.indexOf(role) >= minIndex
      expect(await asks(cookie, asked), role).toBe(isEnough ? role : 'not_found')
    }
  })
})

it('a page that takes a second step is there for those who took one in the last twelve hours', async () => {
  const fresh = { fresh: true }
  for (const [role, cookie] of cookies)
    expect(await asks(cookie, 'viewer', fresh)).toBe(
      role === undefined ? 'not_found' : 'second_step_required',
    )
  const nowMs = house.tools.clock()
  const hourMs = 3_600_000
  expect(await asks(await signIn('viewer', nowMs - 12 * hourMs + 60_000), 'viewer', fresh)).toBe('viewer')
  expect(await asks(await signIn('viewer', nowMs - 12 * hourMs), 'viewer', fresh)).toBe(
    'second_step_required',
  )
  // The role is looked at first: who lacks it learns nothing of the page.
  expect(await asks(await signIn('viewer', nowMs), 'owner', fresh)).toBe('not_found')
})

it('the operator may do what every member of staff may, and not the other way round', () => {
  expect(Object.keys(roles)).toEqual(['viewer', 'coordinator', 'owner', 'operator'])
  for (const role of staffRoles)
    expect([mayActAs('operator', role), mayActAs(role, 'operator')]).toEqual([true, false])
})
