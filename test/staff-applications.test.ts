import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, signInAsStaff, type TestBrowser } from './house.ts'

/** Owners set up the systems that make links, and hand out and take back their tokens. */

const said = en.staffApplications
const list = '/admin/applications'

let house: House
let database: Rows
let owner: TestBrowser

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  owner = await newStaff('owner')
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

let turn = 0

async function newStaff(role: string): Promise<TestBrowser> {
  const address = `systems-${turn++}@example.org`
  await database.run(
    "insert into staff select id, ?, ?, 0 from customer where slug = 'riverbend'",
    address,
    role,
  )
  return signInAsStaff(house, address)
}

const readable = ({ text }: Answer) =>
  text
    .replace(/<wbr\/?>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
const secretIn = ({ text }: Answer, start: string) => new RegExp(`>(${start}[^<]+)<`).exec(text)?.[1] ?? ''

async function details(kind: string): Promise<Record<string, unknown>[]> {
  const found = await database.all('select detail from audit_event where kind = ? order by id', kind)
  return found.map(({ detail }) => JSON.parse(String(detail)) as Record<string, unknown>)
}

async function newSystem(name: string): Promise<string> {
  const made = await owner.post(list, { name })
  return String(made.headers['location']).split('?')[0] ?? ''
}

const linkWith = (token: string) =>
  house.send('POST', '/v1/users/one-time', {
    host: house.riverbend.host,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email: house.riverbend.volunteers[0], ip_address: '127.0.0.1' }),
  })

it('a system is set up, named once, and noted with who did it', async () => {
  const path = await newSystem('Website')
  expect(path).toMatch(/^\/admin\/applications\/app_/)
  expect(readable(await owner.get(`${path}?done=made`))).toContain(said.done.made)
  expect(readable(await owner.get(list))).toContain('Website')
  expect((await details('application.set')).at(-1)?.['by']).toMatch(/^per_/)
  for (const [name, error] of [
    ['Website', said.errors.taken],
    [' ', said.errors.name],
    ['x'.repeat(101), said.errors.name],
  ] as const) {
    const refused = await owner.post(list, { name })
    expect([refused.status, readable(refused).includes(error)]).toEqual([422, true])
  }
})

describe('a token', () => {
  it('shows once, makes links until it is turned off, and no page or event has it', async () => {
    const path = await newSystem('Newsletter')
    const wrong = await owner.post(`${path}/tokens`, { 'token-name': 'weekly' })
    expect([wrong.status, wrong.text.includes('value="weekly"')]).toEqual([422, true])
    expect(readable(wrong)).toContain(said.errors.scope)
    for (const life of ['', '31', 'constructor', 'toString', '__proto__']) {
      const refused = await owner.post(`${path}/tokens`, { 'token-name': 'weekly', scope: 'links', life })
      expect([life, refused.status, readable(refused).includes(said.errors.life)]).toEqual([life, 422, true])
    }
    const made = await owner.post(`${path}/tokens`, { 'token-name': 'weekly', scope: 'links', life: '90' })
    const token = secretIn(made, 'plt_')
    expect([made.status, made.headers['cache-control'], token.length > 30]).toEqual([200, 'no-store', true])
    expect((await linkWith(token)).status).toBe(201)
    const page = await owner.get(path)
    expect([page.text.includes(token), page.text.includes('weekly')]).toEqual([false, true])
    const events = JSON.stringify(await details('api_token.created'))
    expect([events.includes(token), events.includes('"by":"per_')]).toEqual([false, true])
    const id = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    expect((await owner.post(`${path}/revoke`, { token: id })).headers['location']).toBe(
      `${path}?done=revoked`,
    )
    expect((await linkWith(token)).status).toBe(401)
    expect((await owner.post(`${path}/revoke`, { token: id })).headers['location']).toBe(
      `${path}?done=unchanged`,
    )
    expect((await details('api_token.revoked')).at(-1)).toMatchObject({ token: id })
  })

  it('sixteen are two pages, the working ones first', async () => {
    const path = await newSystem('Many')
    for (let n = 0; n < 16; n += 1)
      await owner.post(`${path}/tokens`, { 'token-name': `number ${n}`, scope: 'both', life: 'never' })
    const rowsOn = async (page: number) =>
      [...(await owner.get(`${path}?page=${page}`)).text.matchAll(/<tr role="row">(?!<th)/g)].length - 0
    expect([await rowsOn(1), await rowsOn(2)]).toEqual([15, 1])
  })
})

it('a new key and secret work at once, and the old ones for as long as was chosen', async () => {
  const path = await newSystem('Old site')
  const config = (made: Answer) =>
    house.send('GET', '/hub/app-config', {
      host: house.riverbend.host,
      headers: { 'x-rownd-app-key': secretIn(made, 'key_') },
    })
  for (const old of ['', 'month', 'constructor', 'toString', '__proto__']) {
    const refused = await owner.post(`${path}/rotate`, { old })
    expect([old, refused.status, readable(refused).includes(said.errors.old)]).toEqual([old, 422, true])
  }
  const first = await owner.post(`${path}/rotate`, { old: 'now' })
  expect([secretIn(first, 'ras_').length > 30, (await config(first)).status]).toEqual([true, 200])
  const second = await owner.post(`${path}/rotate`, { old: 'day' })
  expect([(await config(first)).status, (await config(second)).status]).toEqual([200, 200])
  await owner.post(`${path}/rotate`, { old: 'now' })
  expect([(await config(first)).status, (await config(second)).status]).toEqual([401, 401])
})

it('where its links go: each rule is named, and of two owners the second is told', async () => {
  const path = await newSystem('Shop')
  const seenIn = ({ text }: Answer) => /name="seen" value="([^"]*)"/.exec(text)?.[1] ?? ''
  const wrong = await owner.post(`${path}/places`, {
    redirect: 'shop',
    origins: 'https://a.example/x',
    seen: '',
  })
  expect([wrong.status, readable(wrong).includes(said.errors.redirect)]).toEqual([422, true])
  expect(readable(wrong)).toContain(said.errors.origins)
  const sent = await owner.post(`${path}/places`, {
    redirect: 'https://www.example.org/',
    origins: 'https://a.example https://b.example',
    seen: '',
  })
  expect(sent.headers['location']).toBe(`${path}?done=saved`)
  expect((await details('application.set')).at(-1)).toMatchObject({
    before: '',
    after: 'https://www.example.org/ https://a.example https://b.example',
  })
  const told = await owner.post(`${path}/places`, { redirect: 'https://c.example/', origins: '', seen: '' })
  expect([told.status, told.text.includes('value="https://c.example/"')]).toEqual([409, true])
  const again = { redirect: 'https://c.example/', origins: '', seen: seenIn(told) }
  expect((await owner.post(`${path}/places`, again)).headers['location']).toBe(`${path}?done=saved`)
})

it('is for owners alone, of this organization alone, and for forms of ours alone', async () => {
  const path = await newSystem('Private')
  for (const role of ['viewer', 'coordinator']) {
    const other = await newStaff(role)
    expect((await other.get(list)).status).toBe(404)
    expect(
      (await other.post(`${path}/tokens`, { 'token-name': 'x', scope: 'both', life: 'never' })).status,
    ).toBe(404)
    expect((await other.get('/admin')).text).not.toContain(`href="${list}"`)
  }
  const theirs = await database.one<{ id: string }>(
    "select id from application where customer_id = (select id from customer where slug = 'hillside') limit 1",
  )
  expect((await owner.get(`${list}/${theirs.id}`)).status).toBe(404)
  expect((await owner.post(`${list}/${theirs.id}/rotate`, { old: 'now' })).status).toBe(404)
  expect(
    (await owner.post(`${path}/rotate`, { old: 'now' }, { 'sec-fetch-site': 'cross-site' })).status,
  ).toBe(403)
})
