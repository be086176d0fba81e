import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { newIdAt } from '../src/secrets.ts'
import { languageWith } from '../src/text/languages.ts'
import { dayIn } from '../src/time/zones.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff, personIdOf, readable } from './staff-house.ts'

/** What happened at a customer, as its staff read it. */

const said = languageWith('en').words.staffAudit
const dayMs = 86_400_000

let house: House
let database: Rows
let coordinator: TestBrowser
let coordinatorId: string
let customerId: string
const coordinatorAddress = 'audit-coordinator@example.org'

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  const row = await database.one<{ id: string }>("select id from customer where slug = 'riverbend'")
  customerId = row.id
  await setRole(coordinatorAddress, 'coordinator')
  coordinator = await signInAsStaff(house, coordinatorAddress)
  coordinatorId = await personId(coordinatorAddress)
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const setRole = (address: string, role: StaffRole, slug = 'riverbend') =>
  addStaff(database, { address, role, slug })

const personId = (address: string) => personIdOf(database, address)

const rowsOf = (html: string) => [...html.matchAll(/<tr role="row">.*?<\/tr>/gs)].slice(1).map(([row]) => row)

const eventsOf = async (kind: string) =>
  (await database.all(`select detail from audit_event where kind = ? order by ${insertionOrder}`, kind)).map(
    ({ detail }) => JSON.parse(String(detail)),
  )

async function addEvents(
  count: number,
  at: (place: number) => { atMs: number; kind: string; personId: string | null; detail?: object },
): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const places = Array.from({ length: Math.min(500, count - from) }, (_, place) => from + place)
    const values = places.flatMap((place) => {
      const { atMs, kind, personId: whose, detail = {} } = at(place)
      return [newIdAt('aud', atMs), customerId, atMs, kind, whose, JSON.stringify(detail)]
    })
    const marks = places.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')
    await database.run(
      `insert into audit_event (id, customer_id, at_ms, kind, person_id, detail) values ${marks}`,
      ...values,
    )
  }
}

it('tells each event in words, with whom it is about and who did it, and narrows to a person, a member of staff and a kind', async () => {
  const address = house.riverbend.volunteers[0] ?? ''
  await signIn(house, address)
  const id = await personId(address)
  await coordinator.post(`/admin/people/${id}/end-sessions`)
  await coordinator.post(`/admin/people/${id}/disable`)
  await coordinator.post(`/admin/people/${id}/enable`)

  const page = await coordinator.get('/admin/audit')
  expect(page.status).toBe(200)
  expect(page.text).toContain('aria-current="page">What happened')
  const [, first = ''] = rowsOf(page.text)
  expect(readable(first)).toContain(said.kinds['person.enabled'])
  expect(readable(first)).toContain(address)
  expect(readable(first)).toContain(coordinatorAddress)

  const about = rowsOf((await coordinator.get(`/admin/audit?person=${encodeURIComponent(address)}`)).text)
  expect(about.every((row) => readable(row).includes(address))).toBe(true)
  expect(about.map(readable).join()).toContain(said.kinds['sign_in.opened'])
  expect(about.map(readable).join()).toContain('Reason: by staff')
  expect(rowsOf((await coordinator.get(`/admin/audit?person=${id}`)).text)).toHaveLength(about.length)
  const by = rowsOf((await coordinator.get(`/admin/audit?staff=${coordinatorId}&kinds=people`)).text)
  expect(by.map(readable).join()).toContain(said.kinds['person.disabled'])
  expect(by.every((row) => readable(row).includes(coordinatorAddress))).toBe(true)
  expect(by.map(readable).join()).not.toContain(said.kinds['sign_in.opened'])
  const links = (await coordinator.get('/admin/audit?kinds=problems')).text
  expect(links).toContain(said.none)

  expect(await eventsOf('staff.read_audit')).toEqual([{ by: coordinatorId }])
  const spanish = await coordinator.get('/admin/audit', { 'accept-language': 'es' })
  expect(spanish.text).toContain(languageWith('es').words.staffAudit.kinds['person.disabled'])
})

it('takes days in the customer’s own time zone, and names what is wrong with a filter', async () => {
  const timeZone = 'America/Chicago'
  await database.run("update customer set time_zone = ? where slug = 'riverbend'", timeZone)
  const midnight = Date.UTC(2026, 10, 1, 5)
  expect(dayIn(timeZone, midnight)).toBe('2026-11-01')
  const someone = await personId(house.riverbend.volunteers[0] ?? '')
  await addEvents(2, (place) => ({
    atMs: midnight - 1 + place,
    kind: 'calendar.made',
    personId: someone,
  }))
  const on = async (query: string) =>
    rowsOf((await coordinator.get(`/admin/audit?kinds=email&${query}`)).text).length
  expect(await on('from=2026-11-01&to=2026-11-01')).toBe(1)
  expect(await on('from=2026-10-31&to=2026-10-31')).toBe(1)
  expect(await on('from=2026-10-31&to=2026-11-01')).toBe(2)
  expect(await on('to=2026-10-30')).toBe(0)

  const wrong = {
    'kinds=everything': said.errors.kinds,
    'person=nobody%40example.org': said.errors.person,
    'staff=per_x': said.errors.staff,
    'from=2026-02-30': said.errors.from,
    'from=2026-11-02&to=2026-11-01': said.errors.to,
  }
  for (const [query, error] of Object.entries(wrong)) {
    const answer = await coordinator.get(`/admin/audit?${query}`)
    expect([query, answer.status]).toEqual([query, 422])
    expect(answer.text).toContain(error)
    expect((await coordinator.get(`/admin/audit.csv?${query}`)).status).toBe(422)
  }
})

it('shows a viewer no whole address and no file, takes a second step, and shows nothing of another customer', async () => {
  await setRole('audit-viewer@example.org', 'viewer')
  const viewer = await signInAsStaff(house, 'audit-viewer@example.org')
  const { text } = await viewer.get('/admin/audit')
  expect(readable(text)).not.toContain(coordinatorAddress)
  expect(readable(text)).not.toContain(house.riverbend.volunteers[0])
  expect(readable(text)).toContain('a…r@example.org')
  expect(text).not.toContain('audit.csv')
  expect((await viewer.get('/admin/audit.csv')).status).toBe(404)
  expect(await eventsOf('staff.read_audit')).toHaveLength(1)

  await setRole('audit-unstepped@example.org', 'owner')
  const unstepped = await signIn(house, 'audit-unstepped@example.org')
  for (const path of ['/admin/audit', '/admin/audit.csv'])
    expect((await unstepped.get(path)).headers['location']).toContain('/admin/second-step')

  await setRole('audit-elsewhere@example.org', 'owner', 'hillside')
  const other = await signInAsStaff(house, 'audit-elsewhere@example.org', house.hillside)
  const here = await personId(house.riverbend.volunteers[0] ?? '')
  const elsewhere = await other.get('/admin/audit')
  expect(elsewhere.text).not.toContain(here)
  expect((await other.get(`/admin/audit?person=${here}`)).status).toBe(422)
  expect((await other.get(`/admin/audit?staff=${coordinatorId}`)).status).toBe(422)
})

it('pages through 100,000 events without skipping one, and writes them to a file', async () => {
  const count = 100_000
  const startMs = Date.UTC(2025, 0, 1)
  const someone = await personId(house.riverbend.volunteers[0] ?? '')
  await addEvents(count, (place) => ({
    // Several in the same millisecond, as under load.
    atMs: startMs + Math.floor(place / 3),
    kind: place === 7 ? 'webhook.enabled' : 'sign_in.not_mailed',
    personId: place % 1000 === 0 ? someone : null,
    detail: place === 0 ? { because: '=cmd|x' } : {},
  }))
  const day = dayIn('America/Chicago', startMs)
  const range = `from=${day}&to=2025-12-31`

  let path = `/admin/audit?${range}`
  const met: string[] = []
  for (let page = 0; page < 4; page += 1) {
    const { text } = await coordinator.get(path)
    expect(rowsOf(text)).toHaveLength(50)
    path = (/rel="next" href="([^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&')
    met.push(new URL(path, 'http://x.example').searchParams.get('before') ?? '')
  }
  const expected = await database.all<{ id: string }>(
    'select id from audit_event where customer_id = ? and at_ms < ? order by at_ms desc, id desc limit 200',
    customerId,
    startMs + 365 * dayMs,
  )
  expect(met).toEqual([49, 99, 149, 199].map((place) => expected[place]?.id))

  const deep = await database.one<{ id: string }>(
    'select id from audit_event where at_ms = ? order by id limit 1',
    startMs + 100,
  )
  const filters = ['', range, 'kinds=settings', `person=${someone}`, `staff=${coordinatorId}`]
  for (const query of [...filters, `before=${deep.id}`])
    expect((await coordinator.get(`/admin/audit?${query}`)).status, query).toBe(200)

  const whole = await coordinator.get(`/admin/audit.csv?${range}`)
  expect(whole.headers['content-disposition']).toContain('what-happened-riverbend.csv')
  const lines = whole.text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(50_002)
  expect(lines.at(-1)).toBe(said.csvCut('50,000'))
  const few = await coordinator.get(`/admin/audit.csv?person=${someone}&${range}`)
  const told = few.text.trimEnd().split('\r\n')
  expect(told).toHaveLength(101)
  expect(told.at(-1)).toMatch(/^2024-12-31T18:00:00-06:00,sign_in\.not_mailed,/)
  expect(told.at(-1)).toContain('Reason: =cmd|x')
  expect(few.text).not.toMatch(/(^|[,"\n])=/)
  expect(await eventsOf('staff.exported_audit')).toEqual([
    { by: coordinatorId, kinds: '', about: null, from: day, to: '2025-12-31' },
    { by: coordinatorId, kinds: '', about: someone, from: day, to: '2025-12-31' },
  ])
}, 240_000)
