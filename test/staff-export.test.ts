import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exported } from '../src/staff/settings/exported.ts'
import { tableKeys } from '../src/store/table-keys.ts'
import { languageWith } from '../src/text/languages.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff, personIdOf, readable } from './staff-house.ts'

/** What owners take away of their organization. */

const path = '/admin/settings/export'
const said = languageWith('en').words.staffExport
const hourMs = 3_600_000

let house: House
let database: Rows
let owner: TestBrowser
let ownerId: string

beforeAll(async () => {
  house = await openHouse({ limits: { exportsPerCustomer: { count: 3, perMs: hourMs } } })
  database = await openRows(house.database)
  const address = await addStaff(database, { address: 'export-owner@example.org', role: 'owner' })
  owner = await signInAsStaff(house, address)
  ownerId = await personIdOf(database, address)
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

type Line = Record<string, unknown> & { table: string }

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

const downloads = async () =>
  (await database.all("select detail from audit_event where kind = 'customer.exported'")).map(({ detail }) =>
    JSON.parse(String(detail)),
  )

describe('an organization’s own file', () => {
  it('is found in the settings by owners alone, and says what is in it', async () => {
    expect((await owner.get('/admin/settings')).text).toContain(`href="${path}"`)
    const page = await owner.get(path)
    expect(readable(page.text)).toContain(said.inIt)
    expect(readable(page.text)).toContain(said.notInIt)
    expect((await owner.get(path, { 'accept-language': 'es' })).text).toContain(
      languageWith('es').words.staffExport.button,
    )

    const address = await addStaff(database, { address: 'export-helper@example.org', role: 'coordinator' })
    const coordinator = await signInAsStaff(house, address)
    expect((await coordinator.get('/admin/settings')).text).not.toContain(path)
    expect((await coordinator.get(path)).status).toBe(404)
    expect((await coordinator.post(path)).status).toBe(404)
    const unstepped = await signIn(
      house,
      await addStaff(database, { address: 'export-new@example.org', role: 'owner' }),
    )
    expect((await unstepped.get(path)).headers['location']).toContain('/admin/second-step')
    expect((await unstepped.post(path)).headers['location']).toContain('/admin/second-step')
    expect((await owner.post(path, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect(await downloads()).toEqual([])
  })

  it('holds the columns that are listed, of this organization, and nothing of VOMO’s and no secret', async () => {
    const [volunteer = ''] = house.riverbend.volunteers
    const [elsewhere = ''] = house.hillside.volunteers
    await signIn(house, volunteer)
    await signIn(house, elsewhere, house.hillside)
    const { id: vomoUserId } = house.userByEmail(volunteer)

    const answer = await owner.post(path)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="riverbend-\d{4}-\d\d-\d\d\.jsonl"$/,
    )
    const lines = linesOf(answer.text)
    expect(lines.filter(({ table }) => table === 'customer')).toMatchObject([{ slug: 'riverbend' }])
    expect(lines).toContainEqual(expect.objectContaining({ table: 'person', address: volunteer }))
    expect(lines).toContainEqual(
      expect.objectContaining({ table: 'staff', address: 'export-owner@example.org', role: 'owner' }),
    )
    expect(lines).toContainEqual(
      expect.objectContaining({ table: 'audit_event', kind: 'customer.exported', by_person_id: ownerId }),
    )
    const events = await database.count(
      "audit_event where customer_id = (select id from customer where slug = 'riverbend')",
    )
    expect(lines.filter(({ table }) => table === 'audit_event')).toHaveLength(events)

    for (const { table, ...row } of lines) {
      const columns = exported[table as keyof typeof exported]
      expect(Object.keys(row), table).toEqual(columns)
    }
    const { vomo_token, api_token, app_key, app_secret } = house.riverbend
    for (const secret of [elsewhere, String(vomoUserId), vomo_token, api_token, app_key, app_secret])
      expect(answer.text).not.toContain(secret)
    expect(await downloads()).toEqual([{ by: ownerId }])
  })

  it('is refused after a few in an hour, and a refusal is no download', async () => {
    const statuses: number[] = []
    for (let turn = 0; turn < 3; turn += 1) statuses.push((await owner.post(path)).status)
    expect(statuses).toEqual([200, 200, 429])
    expect(await downloads()).toHaveLength(3)
  })
})

it('decides about each table of the schema, and gives no column that may not leave', () => {
  expect(Object.keys(exported).toSorted()).toEqual(Object.keys(tableKeys).toSorted())
  const given = Object.values(exported).flatMap((columns) => ('leftOut' in columns ? [] : columns))
  expect(given.filter((name) => /_(?:sealed|hash|salt)$|^vomo_/.test(name))).toEqual([])
})
