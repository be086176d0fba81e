import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff } from './staff-house.ts'

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

async function newStaff(role: StaffRole): Promise<TestBrowser> {
  const address = await addStaff(database, { address: `systems-${turn++}@example.org`, role })
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

describe('the fields of its profiles', () => {
  const fields = en.staffFields
  const seenIn = ({ text }: Answer) => /name="seen" value="([^"]*)"/.exec(text)?.[1] ?? ''

  /** A system with the fields that every new one has, and how it calls. */
  async function newCaller() {
    const path = await newSystem(`Caller ${turn++}`)
    const made = await owner.post(`${path}/rotate`, { old: 'now' })
    const headers = {
      'x-rownd-app-key': secretIn(made, 'key_'),
      'x-rownd-app-secret': secretIn(made, 'ras_'),
      'content-type': 'application/json',
    }
    const at = `/applications/${path.split('/').at(-1)}/users/user_1/data`
    const ask = async (method: 'GET' | 'PUT', data?: object) => {
      const body = data === undefined ? {} : { body: JSON.stringify({ data }) }
      const { status, text } = await house.send(method, at, { host: house.riverbend.host, headers, ...body })
      return { status, data: (JSON.parse(text) as { data?: object }).data }
    }
    return { path: `${path}/fields`, ask }
  }

  it('one is added, is named otherwise and holds something else, and each is noted', async () => {
    const { path, ask } = await newCaller()
    expect((await ask('PUT', { email: 'one@example.org', age: 'x' })).status).toBe(400)
    const added = await owner.post(path, { name: 'age', label: 'Age', type: 'string' })
    expect(added.headers['location']).toBe(`${path}?done=added`)
    expect((await details('application.set')).at(-1)).toMatchObject({
      settings: 'schema',
      before: '',
      after: 'age: Age, string',
      by: expect.stringMatching(/^per_/),
    })
    expect((await ask('PUT', { email: 'one@example.org', age: 'x' })).status).toBe(200)
    const page = await owner.get(`${path}/age`)
    const to = { seen: seenIn(page), label: 'How old', type: 'number' }
    expect((await owner.post(`${path}/age`, to)).headers['location']).toBe(`${path}?done=saved`)
    expect((await details('application.set')).at(-1)).toMatchObject({
      before: 'age: Age, string',
      after: 'age: How old, number',
    })
    expect((await ask('PUT', { email: 'one@example.org', age: 'x' })).status).toBe(400)
    expect((await ask('GET')).data).toMatchObject({ age: 'x' })
    const same = { seen: seenIn(await owner.get(`${path}/age`)), label: 'How old', type: 'number' }
    expect((await owner.post(`${path}/age`, same)).headers['location']).toBe(`${path}?done=unchanged`)
  })

  it('a removed one is hidden with its values, which show again with it', async () => {
    const { path, ask } = await newCaller()
    await ask('PUT', { email: 'two@example.org', zip_code: '55555' })
    const page = await owner.get(`${path}/zip_code`)
    expect(readable(page)).toContain(fields.remove.what)
    const sent = { seen: seenIn(page), do: 'remove' }
    expect((await owner.post(`${path}/zip_code`, sent)).headers['location']).toBe(`${path}?done=removed`)
    expect((await details('application.set')).at(-1)).toMatchObject({
      before: 'zip_code: ZIP code, string',
      after: '',
    })
    expect((await owner.get(`${path}/zip_code`)).status).toBe(404)
    expect((await ask('GET')).data).not.toHaveProperty('zip_code')
    expect((await owner.post(`${path}/zip_code`, sent)).headers['location']).toBe(`${path}?done=unchanged`)
    await owner.post(path, { name: 'zip_code', label: 'ZIP', type: 'string' })
    expect((await ask('GET')).data).toMatchObject({ zip_code: '55555' })
  })

  it.each([
    ['shirt size', 'Shirt', 'string', fields.errors.name],
    ['__proto__', 'Shirt', 'string', fields.errors.name],
    ['constructor', 'Shirt', 'string', fields.errors.name],
    ['user_id', 'Shirt', 'string', fields.errors.name],
    ['email', 'Shirt', 'string', fields.errors.taken],
    ['shirt', ' ', 'string', fields.errors.label],
    ['shirt', 'x'.repeat(201), 'string', fields.errors.label],
    ['shirt', 'Shirt', 'toString', fields.errors.type],
    ['shirt', 'Shirt', 'image', fields.errors.type],
  ])('%s, %s, %s is refused and noted nowhere', async (name, label, type, error) => {
    const { path } = await newCaller()
    const before = (await details('application.set')).length
    const refused = await owner.post(path, { name, label, type })
    expect([refused.status, readable(refused).includes(error)]).toEqual([422, true])
    expect((await details('application.set')).length).toBe(before)
  })

  it('one that tells people apart stays text, and stays', async () => {
    const { path } = await newCaller()
    const page = await owner.get(`${path}/email`)
    expect([readable(page).includes(fields.identifies), page.text.includes('value="remove"')]).toEqual([
      true,
      false,
    ])
    for (const to of [{ do: 'remove' }, { label: 'Email', type: 'number' }]) {
      const refused = await owner.post(`${path}/email`, { seen: seenIn(page), ...to })
      expect([refused.status, readable(refused).includes(fields.errors.identifies)]).toEqual([422, true])
    }
    const label = { seen: seenIn(page), label: 'Email address', type: 'string' }
    expect((await owner.post(`${path}/email`, label)).headers['location']).toBe(`${path}?done=saved`)
  })

  it('of two owners the second is told, loses nothing, and decides', async () => {
    const { path } = await newCaller()
    const field = `${path}/first_name`
    const seen = seenIn(await owner.get(field))
    await owner.post(field, { seen, label: 'Given name', type: 'string' })
    const told = await owner.post(field, { seen, label: 'What we call you', type: 'any' })
    expect([told.status, told.text.includes('value="What we call you"')]).toEqual([409, true])
    expect(readable(told)).toContain(fields.errors.overtaken('Given name', fields.types.string))
    const removal = await owner.post(field, { seen, do: 'remove' })
    expect([removal.status, (await owner.get(field)).status]).toEqual([409, 200])
    await owner.post(field, { seen: seenIn(told), do: 'remove' })
    const gone = await owner.post(field, { seen: seenIn(told), label: 'What we call you', type: 'any' })
    expect([gone.status, readable(gone).includes(fields.errors.gone)]).toEqual([409, true])
    const again = { seen: seenIn(gone), label: 'What we call you', type: 'any' }
    expect((await owner.post(field, again)).headers['location']).toBe(`${path}?done=saved`)
    expect((await owner.get(field)).text).toContain('What we call you')
  })

  it('two fields changed at once are both changed', async () => {
    const { path } = await newCaller()
    const names = ['first_name', 'last_name', 'zip_code', 'phone_number']
    const seen = await Promise.all(names.map(async (name) => seenIn(await owner.get(`${path}/${name}`))))
    await Promise.all(
      names.map((name, n) =>
        owner.post(`${path}/${name}`, { seen: seen[n] ?? '', label: `New ${name}`, type: 'string' }),
      ),
    )
    const { text } = await owner.get(path)
    expect(names.filter((name) => text.includes(`New ${name}`))).toEqual(names)
  })
})

it('is for owners alone, of this organization alone, and for forms of ours alone', async () => {
  const path = await newSystem('Private')
  for (const role of ['viewer', 'coordinator'] as const) {
    const other = await newStaff(role)
    expect((await other.get(list)).status).toBe(404)
    expect(
      (await other.post(`${path}/tokens`, { 'token-name': 'x', scope: 'both', life: 'never' })).status,
    ).toBe(404)
    expect((await other.get(`${path}/fields`)).status).toBe(404)
    expect((await other.post(`${path}/fields/zip_code`, { do: 'remove' })).status).toBe(404)
    expect((await other.get('/admin')).text).not.toContain(`href="${list}"`)
  }
  const theirs = await database.one<{ id: string }>(
    "select id from application where customer_id = (select id from customer where slug = 'hillside') limit 1",
  )
  expect((await owner.get(`${list}/${theirs.id}`)).status).toBe(404)
  expect((await owner.post(`${list}/${theirs.id}/rotate`, { old: 'now' })).status).toBe(404)
  expect((await owner.get(`${list}/${theirs.id}/fields/email`)).status).toBe(404)
  const field = { name: 'x', label: 'x', type: 'string' }
  expect((await owner.post(`${list}/${theirs.id}/fields`, field)).status).toBe(404)
  expect(
    (await owner.post(`${path}/rotate`, { old: 'now' }, { 'sec-fetch-site': 'cross-site' })).status,
  ).toBe(403)
})
