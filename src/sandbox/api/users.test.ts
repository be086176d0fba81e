import { expect, test } from 'vitest'
import { openSandbox, userNamed } from '../sandbox.fixture.ts'

const emailsOf = (body: { data: { email: string | null }[] }) => body.data.map((user) => user.email)

test('users come fifteen a page, in the order of their ids, with links to walk along', async () => {
  const { get, url } = await openSandbox()
  const first = await get('/v1/users')
  expect(first.body.data).toHaveLength(15)
  expect(first.body.links).toEqual({
    first: `${url}/v1/users?page=1`,
    last: `${url}/v1/users?page=134`,
    prev: null,
    next: `${url}/v1/users?page=2`,
  })
  expect(first.body.meta).toEqual({
    current_page: 1,
    from: 1,
    last_page: 134,
    path: `${url}/v1/users`,
    per_page: 15,
    to: 15,
    total: 2_000,
  })
  const last = await get('/v1/users?page=134')
  expect(last.body.data).toHaveLength(5)
  expect(last.body.links.next).toBeNull()
  const ids = [...first.body.data, ...last.body.data].map((user) => user.id)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
})

test('walking along the links meets every user once', async () => {
  const { get, url, hillside } = await openSandbox()
  const seen: number[] = []
  for (let path: string | null = '/v1/users?per_page=50&created_after=2001-01-01'; path; ) {
    const { body } = await get(path, hillside.vomoToken)
    seen.push(...body.data.map((user: { id: number }) => user.id))
    path = body.links.next?.replace(url, '') ?? null
  }
  expect(seen).toEqual(hillside.records.users.map((user) => user.id))
})

test('a page past the end is empty, and a page that is no number is the first', async () => {
  const { get } = await openSandbox()
  const beyond = await get('/v1/users?page=999')
  expect(beyond.status).toBe(200)
  expect(beyond.body.data).toEqual([])
  expect(beyond.body.meta).toMatchObject({ from: null, to: null, current_page: 999, total: 2_000 })
  const strange = await Promise.all(['0', '-3', 'two', ''].map((page) => get(`/v1/users?page=${page}`)))
  expect(strange.map(({ body }) => body.meta.current_page)).toEqual([1, 1, 1, 1])
})

test('links keep the query, encoded, on the host the caller used', async () => {
  const { get, traps, port } = await openSandbox()
  const { body } = await get(`/v1/users?email_like=${encodeURIComponent(traps.exactOnPageTwo)}&name_like=`)
  expect(body.links.next).toBe(`http://localhost:${port}/v1/users?email_like=lee%40meadow.example&page=2`)
})

test('a search for an address finds it anywhere in longer ones, the exact hit on page two', async () => {
  const { get, traps } = await openSandbox()
  const search = `/v1/users?email_like=${encodeURIComponent(traps.exactOnPageTwo)}`
  const one = await get(search)
  const two = await get(`${search}&page=2`)
  expect(one.body.meta.total).toBe(19)
  expect(emailsOf(one.body)).not.toContain(traps.exactOnPageTwo)
  expect(emailsOf(two.body)).toContain(traps.exactOnPageTwo)
  const ann = await get(`/v1/users?email_like=${traps.contained[0]}`)
  expect(emailsOf(ann.body)).toEqual([...traps.contained])
})

test('a search ignores case and takes _ and % for wildcards', async () => {
  const { get, traps } = await openSandbox()
  const search = async (text: string) =>
    emailsOf((await get(`/v1/users?email_like=${encodeURIComponent(text)}`)).body)
  expect(await search('marguerite.osei@willow')).toEqual([traps.upperCase])
  expect(await search(traps.twoExactByCase[0])).toEqual([...traps.twoExactByCase])
  expect(await search(traps.underscore)).toEqual([traps.underscore, traps.underscoreLookalike])
  expect(await search(traps.underscoreLookalike)).toEqual([traps.underscoreLookalike])
  expect(await search('sylv%@w%.example')).toEqual([traps.newYear])
  expect(await search(traps.plus)).toEqual([traps.plus])
  expect((await get(`/v1/users?email_like=${traps.plus}`)).body.data).toEqual([])
})

test('a name is looked for in first and in last names', async () => {
  const { get } = await openSandbox()
  const { body } = await get("/v1/users?name_like=o'nei")
  expect(body.meta.total).toBeGreaterThan(0)
  for (const user of body.data) expect(user.full_name).toContain("O'Neil")
  expect((await get('/v1/users?name_like=WILHELMINA')).body.data[0].last_name).toBe('Achebe')
})

test('time filters are inclusive, combine, and find a record by its own time', async () => {
  const { get, riverbend } = await openSandbox()
  const someone = (await get('/v1/users?page=9')).body.data[4]
  const at = encodeURIComponent(someone.updated_at)
  const both = await get(`/v1/users?updated_after=${at}&updated_before=${at}`)
  expect(both.body.data).toEqual([someone])
  const later = await get('/v1/users?created_after=2025-01-01')
  const earlier = await get('/v1/users?created_before=2024-12-31T23:59:59Z')
  expect(later.body.meta.total + earlier.body.meta.total).toBe(2_000)
  expect(later.body.meta.total).toBe(
    riverbend.records.users.filter((user) => user.created_at_ms >= Date.UTC(2025, 0, 1)).length,
  )
})

test('a filter that is no date is refused by name', async () => {
  const { get } = await openSandbox()
  const { status, body } = await get('/v1/users?created_after=yesterday')
  expect(status).toBe(422)
  expect(body.errors).toEqual({ created_after: ['The created after is not a valid date.'] })
})

test('one user comes with all participations and profile fields', async () => {
  const { get, riverbend, traps } = await openSandbox()
  const many = userNamed(riverbend.records, traps.many)
  const { body } = await get(`/v1/users/${many.id}`)
  expect(body.data).toMatchObject({ type: 'user', id: many.id, full_name: 'Wilhelmina Achebe' })
  expect(body.data.participations).toHaveLength(400)
  const [participation] = body.data.participations
  expect(Object.keys(participation).filter((key) => key !== 'status')).toEqual([
    'id',
    'user_id',
    'signed_up_at',
    'checked_in_at',
    'checked_out_at',
    'hours',
    'verified',
    'role',
    'guests',
    'project_id',
    'project_date_id',
  ])
  expect(participation.signed_up_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
  const check = body.data.profile_field_values.find(
    (field: { name: string }) => field.name === 'Background check',
  )
  expect(check).toMatchObject({ type: 'profile_field_value', profile_field_id: 6_100_014 })
})

test('an unknown id, a word, or the id of a removed person finds no user', async () => {
  const { get, traps } = await openSandbox()
  const answers = await Promise.all(
    [1, 'me', '0', '-1', '1e3', traps.removedId].map((id) => get(`/v1/users/${id}`)),
  )
  for (const { status, body } of answers) {
    expect(status).toBe(404)
    expect(body).toEqual({ message: 'Resource not found.' })
  }
})

test('a scrubbed person stays, blanked out, with the history', async () => {
  const { get, traps } = await openSandbox()
  const { status, body } = await get(`/v1/users/${traps.scrubbedId}`)
  expect(status).toBe(200)
  expect(body.data).toMatchObject({ full_name: 'Deleted User', phone: '555-555-5555', address: null })
  expect(body.data.email).toMatch(/^vomodeleteduser\d+@vomo\.org$/)
  expect(body.data.participations).toHaveLength(12)
})
