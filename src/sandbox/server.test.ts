import { request } from 'node:http'
import { expect, test } from 'vitest'
import { customer, openSandbox, userNamed } from './sandbox.fixture.ts'

const updated_at = '2025-05-14T12:00:00+00:00'

test('without a known token nothing is answered', async () => {
  const { get, riverbend, url } = await openSandbox()
  const answers = await Promise.all([
    get('/v1/users', null),
    get('/v1/users', 'vomo_riverbend_x'),
    get('/v1/nothing', null),
  ])
  for (const { status, body } of answers) {
    expect(status).toBe(401)
    expect(body).toEqual({ message: 'Unauthenticated.' })
  }
  const twoSpaces = await fetch(`${url}/v1/users`, {
    headers: { Authorization: `Bearer  ${riverbend.vomoToken}` },
  })
  expect(twoSpaces.status).toBe(401)
})

test("a customer's token never reaches another customer, even by an id both know", async () => {
  const { get, riverbend, hillside, traps } = await openSandbox()
  const onlyRiverbend = userNamed(riverbend.records, traps.many).id
  expect((await get(`/v1/users/${onlyRiverbend}`, hillside.vomoToken)).status).toBe(404)
  for (const id of traps.sharedIds) {
    const here = await get(`/v1/users/${id}`)
    const there = await get(`/v1/users/${id}`, hillside.vomoToken)
    expect(here.body.data.id).toBe(there.body.data.id)
    expect(here.body.data.email).not.toBe(there.body.data.email)
  }
  for (const email of traps.sharedEmails) {
    const here = await get(`/v1/users?email_like=${email}`)
    const there = await get(`/v1/users?email_like=${email}`, hillside.vomoToken)
    expect(here.body.meta.total).toBeGreaterThan(0)
    expect(there.body.data).toHaveLength(1)
    expect(there.body.data[0].id).not.toBe(
      here.body.data.find((user: { email: string }) => user.email === email).id,
    )
  }
})

test('unknown paths are 404 and known paths with another method 405', async () => {
  const { get, riverbend } = await openSandbox()
  for (const path of ['/v1/nothing', '/v1/users/1/more', '/v1', '/__sandbox/elsewhere']) {
    const { status, body } = await get(path)
    expect([path, status, body]).toEqual([path, 404, { message: 'Resource not found.' }])
  }
  const { status, body, headers } = await get('/v1/users/1', riverbend.vomoToken, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${riverbend.vomoToken}` },
  })
  expect(status).toBe(405)
  expect(body).toEqual({ message: 'The PATCH method is not supported for this route.' })
  expect(headers.get('allow')).toBe('GET')
})

test('sixty calls a minute per token, counted down in headers, then 429 until the window ends', async () => {
  const { get, riverbend, pass } = await openSandbox({ rateLimits: {} })
  for (let left = 59; left >= 0; left -= 1) {
    const { status, headers } = await get('/v1/organizations')
    expect([status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual([
      200,
      '60',
      `${left}`,
    ])
    if (left === 59) pass(20_500)
  }
  const refused = await get('/v1/organizations')
  expect(refused.status).toBe(429)
  expect(refused.body).toEqual({ message: 'Too Many Attempts.' })
  expect(refused.headers.get('retry-after')).toBe('40')
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
  expect(Number(refused.headers.get('x-ratelimit-reset'))).toBe(Date.UTC(2025, 4, 14, 12, 1) / 1000)
  expect((await get('/v1/organizations', riverbend.vomoProbeToken)).status).toBe(200)
  pass(39_499)
  expect((await get('/v1/organizations')).status).toBe(429)
  pass(1)
  const fresh = await get('/v1/users/1')
  expect([fresh.status, fresh.headers.get('x-ratelimit-remaining')]).toEqual([404, '59'])
})

test('each kind of token has its limit, and an option overrides both or switches it off', async () => {
  const { get, set, riverbend } = await openSandbox({ rateLimits: { portal: 300 } })
  const limit = async (token: string) =>
    (await get('/v1/organizations', token)).headers.get('x-ratelimit-limit')
  const both = async () => [await limit(riverbend.vomoToken), await limit(riverbend.vomoProbeToken)]
  expect(await both()).toEqual(['300', '60'])
  await set({ rate_limit_per_minute: 0 })
  expect(await both()).toEqual([null, null])
  await set({ rate_limit_per_minute: 5 })
  expect(await both()).toEqual(['5', '5'])
  await set({ rate_limit_per_minute: null })
  expect(await both()).toEqual(['300', '60'])
})

test('a 429 can be forced, and stripped of headers and body', async () => {
  const { get, set } = await openSandbox()
  await set({ force_429_next: 1, rate_limit_headers: false, retry_after: false, empty_429_body: true })
  const refused = await get('/v1/users')
  expect([refused.status, refused.text]).toEqual([429, ''])
  expect([...refused.headers.keys()].filter((name) => /ratelimit|retry/.test(name))).toEqual([])
  expect((await get('/v1/users')).status).toBe(200)
  await set({ force_429_next: 1, retry_after: true })
  expect((await get('/v1/users')).headers.get('retry-after')).toBe('60')
})

test('the next calls fail as told: VOMO in JSON, the gateway in HTML', async () => {
  const { get, set } = await openSandbox()
  await set({ fail_next: 1 })
  const fault = await get('/v1/users')
  expect([fault.status, fault.body]).toEqual([500, { message: 'Server Error' }])
  await set({ fail_next: 2, fail_status: 503 })
  const gateway = await get('/v1/users')
  expect([gateway.status, gateway.headers.get('content-type')]).toEqual([503, 'text/html; charset=UTF-8'])
  expect(gateway.text).toContain('503 Service Temporarily Unavailable')
  expect((await get('/v1/users')).status).toBe(503)
  expect((await get('/v1/users')).status).toBe(200)
})

test('a share of the calls fails, the same ones every time', async () => {
  const [first, second] = [await statusesOfTroubledCalls(), await statusesOfTroubledCalls()]
  expect(first).toEqual(second)
  const failed = first.filter((status) => status === 500).length
  expect(failed).toBeGreaterThan(8)
  expect(failed).toBeLessThan(32)
})

test('while VOMO is down connections break, and the calls are still seen', async () => {
  const { get, set } = await openSandbox()
  await set({ down: true })
  await expect(get('/v1/users')).rejects.toThrow('fetch failed')
  await set({ down: false })
  expect((await get('/v1/users')).status).toBe(200)
  const calls = (await get('/__sandbox/calls', null)).body
  expect(calls.map((call: { status: number | null }) => call.status)).toContain(null)
})

test('latency delays the answer', async () => {
  const { get, set } = await openSandbox()
  await set({ latency_ms: 60 })
  const began = performance.now()
  await get('/v1/users')
  expect(performance.now() - began).toBeGreaterThanOrEqual(55)
})

test('ids, empty links and unknown fields come in the form an option says', async () => {
  const { get, set, traps } = await openSandbox()
  await set({ id_style: 'string', null_links_as_string: true, extra_user_fields: 6 })
  const list = (await get('/v1/users')).body
  expect(typeof list.data[0].id).toBe('string')
  expect(list.links.prev).toBe('null')
  const { data } = (await get(`/v1/users/${traps.scrubbedId}`)).body
  expect(data.id).toBe(String(traps.scrubbedId))
  expect(typeof data.participations[0].project_date_id).toBe('string')
  const known = Object.keys((await get('/v1/users')).body.data[0]).filter((key) => /^x.+_\d+$/.test(key))
  expect(known).toHaveLength(6)
  const unseen = Object.entries(data).filter(([key]) => /^x.+_\d+$/.test(key))
  expect(unseen).toHaveLength(6)
  expect(unseen.every(([, value]) => JSON.stringify(value).includes('unseen-'))).toBe(true)
  expect(unseen.some(([, value]) => typeof value === 'object')).toBe(true)
})

test('options merge, forget unknown keys and refuse nonsense without changing anything', async () => {
  const { get, set, send } = await openSandbox()
  const before = (await get('/__sandbox/options', null)).body
  expect((await set({ latency_ms: 1, tea: 'green' })).body).toEqual({ ...before, latency_ms: 1 })
  expect((await set({ latency_ms: -1, down: true })).status).toBe(422)
  for (const broken of ['{', '[]', '"a"', 'null', '']) {
    expect([broken, (await send('PUT', '/__sandbox/options', broken)).status]).toEqual([broken, 400])
  }
  expect((await send('PUT', '/__sandbox/options', `{"tea":"${'x'.repeat(300_000)}"}`)).status).toBe(413)
  expect((await get('/__sandbox/options', null)).body).toEqual({ ...before, latency_ms: 1 })
})

test('a test can read what VOMO received, and forget it', async () => {
  const { get, send, riverbend, hillside } = await openSandbox()
  await get('/v1/users?page=2')
  await get('/v1/users/5', hillside.vomoProbeToken)
  await get('/v1/users', null)
  await send('POST', '/v1/users', { gender: 'F', role: 'ADMIN' }, riverbend.vomoToken)
  const calls = (await get('/__sandbox/calls', null)).body
  const portal = { token_kind: 'portal', customer: 'riverbend' }
  const at = Date.UTC(2025, 4, 14, 12)
  const fields = null
  expect(calls).toEqual([
    { at, method: 'GET', path: '/v1/users?page=2', ...portal, status: 200, fields },
    {
      at,
      method: 'GET',
      path: '/v1/users/5',
      token_kind: 'probe',
      customer: 'hillside',
      status: 404,
      fields,
    },
    { at, method: 'GET', path: '/v1/users', token_kind: null, customer: null, status: 401, fields },
    { at, method: 'POST', path: '/v1/users', ...portal, status: 422, fields: ['gender', 'role'] },
  ])
  expect((await send('DELETE', '/__sandbox/calls', '')).status).toBe(204)
  expect((await get('/__sandbox/calls', null)).body).toEqual([])
})

test('an admin changes an e-mail, and the record says when', async () => {
  const { get, send, riverbend, pass } = await openSandbox()
  const { id } = userNamed(riverbend.records, riverbend.volunteers[0] ?? '')
  pass(1_500)
  expect(
    (await send('POST', `/__sandbox/people/${id}`, { email: 'new@willow.example', tea: 1 })).status,
  ).toBe(200)
  const { data } = (await get(`/v1/users/${id}`)).body
  expect([data.email, data.updated_at]).toEqual(['new@willow.example', '2025-05-14T12:00:01+00:00'])
  expect((await get('/v1/users?email_like=new@willow.example')).body.data).toHaveLength(1)
})

test('an admin removes a person from list, record and shifts, and takes it back', async () => {
  const { get, send, riverbend } = await openSandbox()
  const { id } = userNamed(riverbend.records, riverbend.volunteers[0] ?? '')
  const dateId = riverbend.records.participations.find((row) => row.user_id === id)?.project_date_id
  const participants = async (): Promise<number[]> =>
    (await get(`/v1/projects/date/${dateId}`)).body.data.participants.map(
      (row: { user_id: number }) => row.user_id,
    )
  expect(await participants()).toContain(id)
  await send('POST', `/__sandbox/people/${id}`, { removed: true })
  expect((await get(`/v1/users/${id}`)).status).toBe(404)
  expect((await get('/v1/users')).body.meta.total).toBe(1_999)
  expect(await participants()).not.toContain(id)
  await send('POST', `/__sandbox/people/${id}`, { restored: true })
  expect((await get(`/v1/users/${id}`)).body.data.participations.length).toBeGreaterThan(5)
})

test('a person leaves, looks as the inactive do, and comes back', async () => {
  const { get, send, riverbend, traps } = await openSandbox()
  const { id } = userNamed(riverbend.records, riverbend.staff[0] ?? '')
  const before = (await get(`/v1/users/${id}`)).body.data
  expect((await send('POST', `/__sandbox/people/${id}`, { deactivate: true })).status).toBe(200)
  const inactive = userNamed(riverbend.records, traps.inactive)
  const shown = (await get(`/v1/users/${inactive.id}`)).body.data.membership_status
  expect((await get(`/v1/users/${id}`)).body.data).toEqual({
    ...before,
    membership_status: shown,
    updated_at,
  })
  await send('POST', `/__sandbox/people/${id}`, { reactivate: true })
  expect((await get(`/v1/users/${id}`)).body.data).toEqual({ ...before, updated_at })
})

test('a scrubbed person looks as the one in the data, and is restored even after a second scrub', async () => {
  const { get, send, riverbend, traps } = await openSandbox()
  const { id, email } = userNamed(riverbend.records, riverbend.volunteers[0] ?? '')
  const blanked = ['first_name', 'last_name', 'full_name', 'address', 'phone', 'birthday']
  const show = async (userId: number) => {
    const { data } = (await get(`/v1/users/${userId}`)).body
    return { email: data.email, blanked: blanked.map((field) => data[field]) }
  }
  await send('POST', `/__sandbox/people/${id}`, { scrub: true })
  await send('POST', `/__sandbox/people/${id}`, { scrub: true })
  const scrubbed = await show(id)
  expect(scrubbed.blanked).toEqual((await show(traps.scrubbedId)).blanked)
  expect(scrubbed.email).toBe(`vomodeleteduser${id}@vomo.org`)
  await send('POST', `/__sandbox/people/${id}`, { restored: true })
  expect((await show(id)).email).toBe(email)
})

test('an invalid change is refused by field and rule, and changes no person', async () => {
  const { get, send, riverbend } = await openSandbox()
  const { id } = userNamed(riverbend.records, riverbend.volunteers[0] ?? '')
  const before = (await get(`/v1/users/${id}`)).body
  for (const [body, field] of [
    [{ email: 5 }, 'email: '],
    [{ scrub: 'please' }, 'scrub: '],
    [{ deactivate: false }, 'deactivate: '],
    [{ emial: 'a@willow.example' }, 'body: Name at least one change'],
    [{}, 'body: Name at least one change'],
  ] as const) {
    const refused = await send('POST', `/__sandbox/people/${id}`, body)
    expect([refused.status, refused.body.message]).toEqual([422, 'Nothing was changed.'])
    expect(refused.body.errors).toEqual([expect.stringContaining(field)])
  }
  expect((await send('POST', `/__sandbox/people/${id}`, '[]')).status).toBe(400)
  expect((await send('POST', '/__sandbox/people/5', { scrub: true })).status).toBe(404)
  expect((await get(`/v1/users/${id}`)).body).toEqual(before)
})

test('a person is scrubbed and restored at one customer, not at another with the same id', async () => {
  const { get, send, hillside, traps } = await openSandbox()
  const [id] = traps.sharedIds
  const before = (await get(`/v1/users/${id}`, hillside.vomoToken)).body.data
  await send('POST', `/__sandbox/people/${id}?customer=hillside`, { scrubbed: true })
  const scrubbed = (await get(`/v1/users/${id}`, hillside.vomoToken)).body.data
  expect(scrubbed).toMatchObject({ full_name: 'Deleted User', email: `vomodeleteduser${id}@vomo.org` })
  expect((await get(`/v1/users/${id}`)).body.data.full_name).not.toBe('Deleted User')
  await send('POST', `/__sandbox/people/${id}`, { customer: 'hillside', scrubbed: true, restored: true })
  await send('POST', `/__sandbox/people/${id}`, { customer: 'hillside', restored: true })
  expect((await get(`/v1/users/${id}`, hillside.vomoToken)).body.data.email).toBe(before.email)
  expect((await send('POST', '/__sandbox/people/1', { removed: true })).status).toBe(404)
  expect((await send('POST', `/__sandbox/people/${id}`, { email: 5 })).status).toBe(422)
})

test('it answers on 127.0.0.1 and survives a nonsensical request', async () => {
  const { port, get, riverbend } = await openSandbox()
  const headers = { Authorization: `Bearer ${riverbend.vomoToken}` }
  const direct = await fetch(`http://127.0.0.1:${port}/v1/organizations`, { headers })
  const body: { links: { first: string } } = JSON.parse(await direct.text())
  expect(body.links.first).toBe(`http://127.0.0.1:${port}/v1/organizations?page=1`)
  const status = await new Promise((resolve) => {
    request(
      { port, path: '/v1/users?email_like=%E0%A4%A', headers: { ...headers, Host: 'bad host/..' } },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      },
    ).end()
  })
  expect(status).toBe(400)
  expect((await get('/v1/users?email_like=%E0%A4%A')).status).toBe(200)
})

test('a family of organizations is listed with the parent and shown with its children', async () => {
  const { get, world } = await openSandbox()
  const { body } = await get('/v1/organizations')
  expect(body.data.map((one: { slug: string }) => one.slug)).toEqual(['riverbend', 'riverbend-west'])
  expect(body.data[0]).toMatchObject({ type: 'NPO', deleted_at: null, project_moniker: 'Project' })
  const [parent, child] = customer(world, 'riverbend').records.organizations
  const shown = (await get(`/v1/organizations/${parent?.id}`)).body.data
  expect(shown.parent_id).toBeNull()
  expect(shown.children).toEqual([{ id: child?.id, name: child?.name, slug: child?.slug }])
  expect((await get(`/v1/organizations/${child?.id}`)).body.data.parent_id).toBe(parent?.id)
})

async function statusesOfTroubledCalls(): Promise<number[]> {
  const { get, set } = await openSandbox()
  await set({ fail_rate: 0.25 })
  const statuses: number[] = []
  for (let call = 0; call < 80; call += 1) statuses.push((await get('/v1/organizations')).status)
  return statuses
}
