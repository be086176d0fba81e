import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInstance } from '@rownd/node'
import * as oauth from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { circleAnswer, memberAnswer, profileAnswer } from '../src/link-api/rownd/answers.ts'
import { appConfigAnswer } from '../src/link-api/rownd/application/handlers.ts'
import { keysAnswer, tokensAnswer } from '../src/link-api/rownd/tokens/handlers.ts'
import { type Answer, type House, openHouse } from './house.ts'
import { type Backend, claimsOf, openRowndHouse, type RowndHouse, type UserAnswer } from './rownd-house.ts'

let house: House
let rownd: RowndHouse
let shop: Backend
/** Another application of the same customer. */
let desk: Backend
/** An application of another customer. */
let shelter: Backend
let turn = 0
const newAddress = () => `visitor${turn++}@x.example`

beforeAll(async () => {
  house = await openHouse({ limits: { callsPerApplication: undefined } })
  rownd = await openRowndHouse(house)
  shop = await rownd.backend('Shop')
  desk = await rownd.backend('Desk')
  shelter = await rownd.backend('Shelter', {}, house.hillside)
})
afterAll(async () => {
  await rownd.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const dataPath = (userId: string, of = shop) => `/applications/${of.id}/users/${userId}/data`
const put = (userId: string, data: Record<string, unknown>) => shop.call('PUT', dataPath(userId), { data })
const get = (path: string, of = shop) => of.call('GET', path)

/** An answer in the form of §2.5, all five fields. @returns its code */
function refusal(answer: Answer): unknown {
  const told = answer.json()
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  expect(told).toMatchObject({
    statusCode: answer.status,
    error: expect.stringMatching(/^[A-Z]/),
    code: expect.stringMatching(/^E_[A-Z_]+$/),
    message: expect.any(String),
    messages: expect.arrayContaining([told['message']]),
  })
  return told['code']
}

async function signIn(
  of = shop,
  email = newAddress(),
): Promise<{ userId: string; access: string; refresh: string }> {
  const { id, userId } = await of.link({ data: { email } })
  const tokens = (await of.redeem(id)).json()
  return {
    userId,
    access: String(tokens['access_token']),
    refresh: String(tokens['refresh_token']),
  }
}

const asUser = (
  access: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  host = shop.host,
) =>
  house.send(method, path, {
    host,
    headers: {
      authorization: `Bearer ${access}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

const refresh = (token: string, headers: Record<string, string> = {}, host = shop.host) =>
  house.send('POST', '/hub/auth/token', {
    host,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ refresh_token: token }),
  })

describe('the published client for Node, 3.1.0', () => {
  type Client = {
    fetchUserInfo(who: { user_id: string; app_id?: string }): Promise<{ data: Record<string, unknown> }>
    createOrUpdateUser(user: { id?: string; data: Record<string, unknown> }): Promise<{
      rownd_user?: string
      data: Record<string, unknown>
    }>
    deleteUser(userId: string): Promise<void>
  }
  const client = (): Client =>
    createInstance({ api_url: `http://${shop.host}`, app_key: shop.key, app_secret: shop.secret })

  it('makes, changes, reads and deletes a user', async () => {
    const one = client()
    const made = await one.createOrUpdateUser({
      id: 'node-1',
      data: { email: 'Node@X.example', first_name: 'Nora' },
    })
    expect(made).toMatchObject({
      rownd_user: 'node-1',
      data: { user_id: 'node-1', email: 'node@x.example', first_name: 'Nora' },
    })
    await one.createOrUpdateUser({ id: 'node-1', data: { ...made.data, last_name: 'Day' } })
    expect((await one.fetchUserInfo({ user_id: 'node-1' })).data).toEqual({
      user_id: 'node-1',
      email: 'node@x.example',
      first_name: 'Nora',
      last_name: 'Day',
    })
    await one.deleteUser('node-1')
    // A new client, because each caches a user for five minutes.
    await expect(client().fetchUserInfo({ user_id: 'node-1' })).rejects.toThrow(/404/)
  })

  it('makes a user by a directive, and finds them again by what identifies them', async () => {
    const email = newAddress()
    const made = await client().createOrUpdateUser({ id: '__UUID__', data: { email } })
    expect(made.data['user_id']).toMatch(/^[0-9a-f-]{36}$/)
    const again = await client().createOrUpdateUser({ id: '__uuid__', data: { email, zip_code: '27601' } })
    expect(again.data['user_id']).toBe(made.data['user_id'])
    const userId = String(made.data['user_id'])
    expect((await client().fetchUserInfo({ user_id: userId })).data).toEqual(again.data)
  })

  it('is told by a 400 of a field that the schema does not know', async () => {
    await expect(client().createOrUpdateUser({ id: 'node-2', data: { shoe_size: 9 } })).rejects.toThrow(/400/)
  })
})

/** What Rownd's client for Go, `client-go`, sends and reads, according to its sources. The call supplies other ids. */
describe('the published client for Go', () => {
  async function createOrUpdate(userId: string, data: Record<string, unknown>) {
    const answer = await put(userId, data)
    expect(answer.status).toBe(200)
    const user = answer.json() as UserAnswer
    const id = userId === '__UUID__' && !user.rownd_user ? user.data['user_id'] : userId
    return { id: String(id), data: user.data }
  }

  it('C2: keeps the id of a user it has made by __UUID__, and finds, changes and deletes them by it', async () => {
    const email = newAddress()
    const made = await createOrUpdate('__UUID__', { email, first_name: 'Test', last_name: 'User' })
    expect(made.id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    const changed = await createOrUpdate(made.id, { email, first_name: 'Updated', last_name: 'Name' })
    expect(changed).toMatchObject({ id: made.id, data: { user_id: made.id, first_name: 'Updated' } })
    const field = `${dataPath(made.id)}/fields/first_name`
    expect((await shop.call('PUT', field, { value: 'Single' })).status).toBe(200)
    expect((await get(field)).json()).toEqual({ value: 'Single' })
    expect((await get(dataPath(made.id))).json()).toMatchObject({ rownd_user: made.id })
    expect((await shop.call('PATCH', dataPath(made.id), { data: {} })).json()).toMatchObject({
      rownd_user: made.id,
    })
    const query = new URLSearchParams({ fields: 'email,first_name,last_name,user_id', lookup_filter: email })
    const found = (await get(`/applications/${shop.id}/users/data?${query}`)).json() as {
      results: UserAnswer[]
    }
    expect(found.results).toMatchObject([{ rownd_user: made.id, data: { email, first_name: 'Single' } }])
    expect((await shop.call('DELETE', dataPath(made.id))).status).toBe(204)
    expect((await get(dataPath(made.id))).status).toBe(404)
  })
})

describe('what every client asks first', () => {
  it('is answered by the key alone, or by the id of the application', async () => {
    const byKey = await house.send('GET', '/hub/app-config', {
      host: shop.host,
      headers: { 'x-rownd-app-key': shop.key },
    })
    expect(byKey.status).toBe(200)
    const { app } = appConfigAnswer.strict().parse(byKey.json())
    expect(app).toMatchObject({
      id: shop.id,
      name: 'Shop',
      user_verification_fields: ['email', 'phone_number'],
      config: { default_redirect_url: `http://${shop.host}/`, default_user_id_format: '__rowndid__' },
    })
    expect(Object.keys(app.schema).toSorted()).toEqual([
      'email',
      'first_name',
      'last_name',
      'phone_number',
      'zip_code',
    ])
    expect(byKey.text).not.toContain(shop.secret)
    const byId = await house.send('GET', `/hub/app-config?app_id=${shop.id}`, { host: shop.host })
    expect(byId.json()).toEqual(byKey.json())
  })

  it('is refused without either, and at another customer’s host', async () => {
    const asked = [
      house.send('GET', '/hub/app-config', { host: shop.host }),
      house.send('GET', '/hub/app-config', {
        host: house.hillside.host,
        headers: { 'x-rownd-app-key': shop.key },
      }),
      house.send('GET', `/hub/app-config?app_id=${shop.id}`, { host: house.hillside.host }),
    ]
    for (const answer of await Promise.all(asked)) {
      expect(answer.status).toBe(401)
      expect(refusal(answer)).toBe('E_UNAUTHORIZED')
    }
  })

  it('C4: says who issues tokens and where they are exchanged, in each place clients look, and promises nothing else', async () => {
    const origin = `http://${shop.host}`
    for (const path of [
      '/hub/auth/.well-known/oauth-authorization-server',
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
    ])
      expect((await house.send('GET', path, { host: shop.host })).json(), path).toEqual({
        issuer: origin,
        token_endpoint: `${origin}/hub/auth/token`,
        jwks_uri: `${origin}/hub/auth/keys`,
        userinfo_endpoint: `${origin}/me`,
        service_documentation: `${origin}/docs/api`,
        response_types_supported: [],
        grant_types_supported: ['refresh_token'],
        token_endpoint_auth_methods_supported: ['none', 'client_secret_post', 'client_secret_basic'],
      })
    const elsewhere = await house.send('GET', '/.well-known/oauth-authorization-server', {
      host: house.hillside.host,
    })
    expect(elsewhere.json()).toMatchObject({ issuer: `http://${house.hillside.host}` })
  })

  it('publishes the keys of its own customer alone', async () => {
    const keys = await house.send('GET', '/hub/auth/keys', { host: shop.host })
    const published = keysAnswer.strict().parse(keys.json())
    expect(keys.text).not.toContain('"d"')
    const others = await house.send('GET', '/hub/auth/keys', { host: house.hillside.host })
    expect(keysAnswer.parse(others.json()).keys.map(({ x }) => x)).not.toContain(published.keys[0]?.x)
  })
})

describe('an application’s profiles', () => {
  it('are shown as Rownd shows them', async () => {
    const { userId } = await signIn()
    const answer = await get(dataPath(userId))
    const profile = profileAnswer.strict().parse(answer.json())
    expect(profile).toMatchObject({
      rownd_user: userId,
      state: 'enabled',
      auth_level: 'verified',
      data: { user_id: userId },
      redacted: [],
      groups: [],
      meta: { first_sign_in_method: 'email', last_sign_in_method: 'email' },
    })
    expect(profile.verified_data).toEqual({ email: profile.data['email'] })
  })

  it('are merged by PUT and by PATCH, null clears a field, and only PUT makes one', async () => {
    const userId = `merge-${turn++}`
    expect(refusal(await shop.call('PATCH', dataPath(userId), { data: { first_name: 'A' } }))).toBe(
      'E_USER_NOT_FOUND',
    )
    await put(userId, { first_name: 'Ana', zip_code: '27601' })
    await put(userId, { last_name: 'Ruiz' })
    const patched = await shop.call('PATCH', dataPath(userId), { data: { first_name: null } })
    expect(patched.json()['data']).toEqual({ user_id: userId, zip_code: '27601', last_name: 'Ruiz' })
  })

  it('are cut to the fields asked for', async () => {
    const userId = `cut-${turn++}`
    await put(userId, { first_name: 'Ana', last_name: 'Ruiz', zip_code: '27601' })
    const { data } = (await get(`${dataPath(userId)}?fields=first_name,zip_code`)).json()
    expect(data).toEqual({ user_id: userId, first_name: 'Ana', zip_code: '27601' })
  })

  it('give and take single fields', async () => {
    const userId = `field-${turn++}`
    await put(userId, { first_name: 'Ana' })
    const path = `${dataPath(userId)}/fields`
    expect((await get(`${path}/first_name`)).json()).toEqual({ value: 'Ana' })
    expect((await get(`${path}/last_name`)).json()).toEqual({ value: null })
    const changed = await shop.call('PUT', `${path}/last_name`, { value: 'Ruiz' })
    expect(changed.json()).toEqual({ value: 'Ruiz' })
    expect(refusal(await get(`${path}/shoe_size`))).toBe('E_NOT_FOUND')
    expect(refusal(await shop.call('PUT', `${path}/shoe_size`, { value: 9 }))).toBe('E_USER_UPDATE_FAILED')
  })

  it('say of a refused write which field breaks which rule', async () => {
    const answer = await put('wrong', { shoe_size: 9, email: 'nobody', zip_code: 27601 })
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({
      statusCode: 400,
      error: 'Bad Request',
      code: 'E_USER_UPDATE_FAILED',
      field_errors: {
        shoe_size: ['is not in the profile schema'],
        email: ['must be an email address'],
        zip_code: ['must be of type string'],
      },
    })
    expect(refusal(answer)).toBe('E_USER_UPDATE_FAILED')
    expect((await get(dataPath('wrong'))).status).toBe(404)
  })

  it('conflict where another has proved the address', async () => {
    const email = newAddress()
    await signIn(shop, email)
    const answer = await put('thief', { email })
    expect(answer.status).toBe(409)
    expect(refusal(answer)).toBe('E_IDENTITY_CONFLICT')
  })

  it('are deleted with a JSON content type and no body, once', async () => {
    await put('gone', { first_name: 'Ana' })
    const headers = { 'content-type': 'application/json' }
    const answer = await shop.call('DELETE', dataPath('gone'), undefined, headers)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(refusal(await shop.call('DELETE', dataPath('gone'), undefined, headers))).toBe('E_USER_NOT_FOUND')
  })

  it('are listed in pages, and found by ids, addresses and numbers as people write them', async () => {
    const crowd = await rownd.backend(`Crowd ${turn++}`)
    const at = `/applications/${crowd.id}/users/data`
    const users = Array.from({ length: 5 }, (_, i) => ({
      user_id: `u${i}`,
      data: { email: `u${i}@x.example`, phone: `+1919555020${i}` },
    }))
    await crowd.call('PUT', at, { users })
    const page = async (query: string) => {
      const told = (await get(`${at}${query}`, crowd)).json() as {
        total_results: number
        results: { rownd_user: string }[]
      }
      return [told.total_results, ...told.results.map((each) => each.rownd_user)]
    }
    expect(await page('')).toEqual([5, 'u0', 'u1', 'u2', 'u3', 'u4'])
    expect(await page('?page_size=2')).toEqual([5, 'u0', 'u1'])
    expect(await page('?page_size=2&after=u1')).toEqual([5, 'u2', 'u3'])
    expect(await page('?sort=desc&page_size=2&after=u3')).toEqual([5, 'u2', 'u1'])
    expect(await page('?id_filter=u3,u1,nobody')).toEqual([2, 'u1', 'u3'])
    const written = encodeURIComponent('U2@X.example, +1 (919) 555-0204')
    expect(await page(`?lookup_filter=${written}`)).toEqual([2, 'u2', 'u4'])
    expect(await page('?lookup_filter=nobody')).toEqual([0])
    expect(refusal(await get(`${at}?page_size=0`, crowd))).toBe('E_VALIDATION')
    expect((await get(`${at}?page_size=99999&fields=email`, crowd)).status).toBe(200)
  })

  it('are written many at once, each by itself', async () => {
    const email = newAddress()
    const answer = await shop.call('PUT', `/applications/${shop.id}/users/data`, {
      users: [
        { user_id: 'bulk-1', data: { first_name: 'Ana' } },
        { user_id: 'bulk-2', data: { shoe_size: 9 } },
        { user_id: '__uuid__', data: { email } },
        { data: { email } },
      ],
    })
    expect(answer.status).toBe(200)
    const told = answer.json() as { results: { status: string; result: UserAnswer | null }[] }
    expect(told).toMatchObject({ total_results: 4, has_failures: true })
    expect(told.results.map(({ status }) => status)).toEqual(['success', 'failure', 'success', 'success'])
    expect(told.results[1]).toMatchObject({ result: null, error: { code: 'E_USER_UPDATE_FAILED' } })
    const [byId, , byDirective, byData] = told.results.map(({ result }) => result)
    expect(byId?.rownd_user).toBe('bulk-1')
    expect(byDirective?.data['user_id']).toBe(byData?.data['user_id'])
  })

  it('are deleted by action, by their id or by what identifies them', async () => {
    const email = newAddress()
    await put('act-1', {})
    await put('act-2', { email })
    const answer = await shop.call('POST', `/applications/${shop.id}/users/actions`, {
      actions: [
        { action: 'delete', user: { data: { user_id: 'act-1' } } },
        { action: 'delete', user: { data: { email } } },
        { action: 'delete', user: { data: { user_id: 'act-3' } } },
      ],
    })
    const { results } = answer.json() as { results: { status: string }[] }
    expect(results.map(({ status }) => status)).toEqual(['success', 'success', 'failure'])
    for (const id of ['act-1', 'act-2']) expect((await get(dataPath(id))).status).toBe(404)
  })

  it('are turned off and back on; while off, tokens end and links open nothing', async () => {
    const { userId, access, refresh: token } = await signIn()
    const setState = (state: string) =>
      shop.call('POST', `/applications/${shop.id}/users/${userId}/state`, { state })
    expect((await setState('disabled')).json()).toMatchObject({ state: 'disabled' })
    expect(refusal(await asUser(access, 'GET', '/me'))).toBe('E_UNAUTHORIZED')
    expect((await refresh(token)).status).toBe(400)
    expect(refusal(await shop.call('POST', '/hub/auth/magic', { user_id: userId }))).toBe('E_USER_DISABLED')
    expect((await setState('enabled')).json()).toMatchObject({ state: 'enabled' })
    expect(refusal(await setState('asleep'))).toBe('E_VALIDATION')
  })

  it('touch no person, address or session in the portal', async () => {
    const [volunteer = ''] = house.riverbend.volunteers
    const before = [await rownd.people(), await rownd.sessions()]
    await put('not-a-person', { email: volunteer, first_name: 'Mallory' })
    await shop.call('DELETE', dataPath('not-a-person'))
    const { userId } = await signIn(shop, volunteer)
    await put(userId, { email: newAddress() })
    await shop.call('DELETE', dataPath(userId))
    expect([await rownd.people(), await rownd.sessions()]).toEqual(before)
  })
})

describe('a phone number', () => {
  const code = async (answer: Promise<Answer>) => refusal(await answer)

  it('C5: is read as people write it in the customer’s country, wherever a call takes one', async () => {
    const phone = '+12025550199'
    expect((await put('phone-1', { phone_number: '(202) 555-0199' })).json()).toMatchObject({
      data: { phone_number: phone },
    })
    const field = `${dataPath('phone-1')}/fields/phone_number`
    expect((await shop.call('PUT', field, { value: '1-202-555-0199' })).json()).toEqual({ value: phone })
    const { id, userId } = await shop.link({ verification_type: 'phone', data: { phone: '12025550199' } })
    expect(userId).toBe('phone-1')
    const { access_token: access } = (await shop.redeem(id)).json()
    expect(await shop.user(userId)).toMatchObject({ verified_data: { phone_number: phone } })
    const own = await asUser(String(access), 'PUT', `/me/applications/${shop.id}/data`, {
      data: { phone_number: '202.555.0199', first_name: 'Ana' },
    })
    expect(own.json()).toMatchObject({ verified_data: { phone_number: phone } })

    const query = new URLSearchParams({ lookup_filter: '(202) 555-0199' })
    const listed = (await get(`/applications/${shop.id}/users/data?${query}`)).json()
    expect(listed).toMatchObject({ total_results: 1, results: [{ rownd_user: 'phone-1' }] })
    const { id: group } = (
      await shop.call('POST', `/applications/${shop.id}/groups`, { name: 'Callers' })
    ).json()
    const members = `/applications/${shop.id}/groups/${String(group)}/members`
    const member = await shop.call('POST', members, { user_id: '2025550199', roles: ['member'] })
    expect(member.json()).toMatchObject({ user_id: 'phone-1' })

    const many = (
      await shop.call('PUT', `/applications/${shop.id}/users/data`, {
        users: [{ data: { phone_number: '202 555 0199', last_name: 'Bulk' } }],
      })
    ).json()
    expect(many).toMatchObject({ results: [{ result: { data: { user_id: 'phone-1', last_name: 'Bulk' } } }] })
    const gone = (
      await shop.call('POST', `/applications/${shop.id}/users/actions`, {
        actions: [{ action: 'delete', user: { data: { phone_number: '(202) 555 0199' } } }],
      })
    ).json()
    expect(gone).toMatchObject({ results: [{ result: { user_id: 'phone-1' } }] })
  })

  it('is read by the country of the customer whose application calls', async () => {
    const written = { phone_number: '030 1234567' }
    expect(await code(shelter.call('PUT', dataPath('berlin', shelter), { data: written }))).toBe(
      'E_USER_UPDATE_FAILED',
    )
    await rownd.setCountry(house.hillside.host, 'DE')
    expect((await shelter.call('PUT', dataPath('berlin', shelter), { data: written })).json()).toMatchObject({
      data: { phone_number: '+49301234567' },
    })
    expect(await code(shop.call('PUT', dataPath('berlin'), { data: written }))).toBe('E_USER_UPDATE_FAILED')
  })

  it('C5: has a code of its own where it cannot be read, as every other fault in the data of a link has', async () => {
    const faults = [
      [{ phone_number: '555-0199' }, 'E_INVALID_PHONE'],
      [{ phone_number: '447911123456' }, 'E_INVALID_PHONE'],
      [{ email: 'no address' }, 'E_INVALID_EMAIL'],
      [{ email: newAddress(), shoe_size: 44 }, 'E_UNKNOWN_FIELD'],
      [{ email: newAddress(), first_name: 1 }, 'E_VALIDATION'],
      [{ email: 'no address', shoe_size: 44 }, 'E_VALIDATION'],
    ] as const
    for (const [data, expected] of faults)
      expect(await code(shop.call('POST', '/hub/auth/magic', { data })), JSON.stringify(data)).toBe(expected)
  })

  it('C5: an application that is not the caller’s is told apart from a user who is not there', async () => {
    for (const application of ['app_nobody', desk.id])
      expect(await code(shop.call('GET', `/applications/${application}/users/any/data`))).toBe(
        'E_APPLICATION_NOT_FOUND',
      )
    expect(await code(get(dataPath('nobody-here')))).toBe('E_USER_NOT_FOUND')
  })
})

describe('whose profile it is', () => {
  it('decides who sees it: no key of another application or customer does', async () => {
    await put('mine', { first_name: 'Ana' })
    const ways: [string, Promise<Answer>, number][] = [
      ['another application’s path', desk.call('GET', dataPath('mine')), 404],
      ['one’s own path', desk.call('GET', dataPath('mine', desk)), 404],
      ['another customer’s key', shelter.call('GET', dataPath('mine')), 404],
      [
        'another customer’s host',
        house.send('GET', dataPath('mine'), { host: shelter.host, headers: shop.credentials }),
        401,
      ],
      [
        'another’s secret',
        shop.call('GET', dataPath('mine'), undefined, { 'x-rownd-app-secret': desk.secret }),
        401,
      ],
      ['no secret', house.send('GET', dataPath('mine'), { headers: { 'x-rownd-app-key': shop.key } }), 401],
      ['nothing', house.send('GET', dataPath('mine'), {}), 401],
    ]
    for (const [way, asked, status] of ways) {
      const answer = await asked
      expect(answer.status, way).toBe(status)
      refusal(answer)
      expect(answer.text).not.toContain('Ana')
    }
  })

  it('is the same id in two applications, and two profiles', async () => {
    await put('twin', { first_name: 'Ana' })
    await desk.call('PUT', dataPath('twin', desk), { data: { first_name: 'Bo' } })
    await desk.call('DELETE', dataPath('twin', desk))
    expect((await get(dataPath('twin'))).json()).toMatchObject({ data: { first_name: 'Ana' } })
  })

  it('answers every wrong credential alike', async () => {
    const wrong = [
      { 'x-rownd-app-key': shop.key, 'x-rownd-app-secret': `${shop.secret}x` },
      { 'x-rownd-app-key': shop.key, 'x-rownd-app-secret': '' },
      { 'x-rownd-app-key': `key_${'a'.repeat(24)}`, 'x-rownd-app-secret': shop.secret },
      { 'x-rownd-app-key': shelter.key, 'x-rownd-app-secret': shelter.secret },
      { 'x-rownd-app-key': 'x'.repeat(5000), 'x-rownd-app-secret': 'y'.repeat(5000) },
    ]
    const answers = await Promise.all(
      wrong.map((headers) => house.send('GET', dataPath('mine'), { headers })),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  })

  it('lets header names be written in any case', async () => {
    const answer = await house.send('GET', `/applications/${shop.id}/users/data`, {
      headers: { 'X-ROWND-APP-KEY': shop.key, 'X-Rownd-App-Secret': shop.secret },
    })
    expect(answer.status).toBe(200)
  })
})

describe('a user who signed in', () => {
  it('reads their own profile, less what the application keeps to itself', async () => {
    const hidden = await rownd.backend(`Hidden ${turn++}`)
    const field = { type: 'string' as const, required: false, unique: false, validation_rules: [] }
    await hidden.set({
      schema: {
        email: { ...field, owned_by: 'user', user_visible: true },
        nickname: { ...field, owned_by: 'user', user_visible: true },
        level: { ...field, owned_by: 'app', user_visible: true },
        remark: { ...field, owned_by: 'app', user_visible: false },
      },
    })
    const { userId, access } = await signIn(hidden)
    await hidden.call('PUT', dataPath(userId, hidden), { data: { level: 'gold', remark: 'late twice' } })
    const me = await asUser(access, 'GET', '/me')
    expect(profileAnswer.parse(me.json()).data).toMatchObject({ user_id: userId, level: 'gold' })
    expect(me.text).not.toContain('late twice')
    const own = `/me/applications/${hidden.id}/data`
    expect((await asUser(access, 'GET', own)).json()).toEqual(me.json())
    expect((await asUser(access, 'GET', `${own}/fields/remark`)).json()).toEqual({ value: null })

    const write = (data: object) => asUser(access, 'PUT', own, { data })
    expect((await write({ nickname: 'Ann', level: 'gold' })).json()).toMatchObject({
      data: { nickname: 'Ann' },
    })
    for (const data of [
      { level: 'platinum' },
      { remark: 'never late' },
      { email: newAddress() },
      { email: null },
    ])
      expect(refusal(await write(data))).toBe('E_USER_UPDATE_FAILED')
    const byField = await asUser(access, 'PUT', `${own}/fields/nickname`, { value: 'Annie' })
    expect(byField.json()).toEqual({ value: 'Annie' })
    const config = await house.send('GET', '/hub/app-config', { headers: { 'x-rownd-app-key': hidden.key } })
    expect(config.text).not.toContain('remark')
  })

  it('is unknown at another application, and at another customer’s host', async () => {
    const { access } = await signIn()
    expect(refusal(await asUser(access, 'GET', `/me/applications/${desk.id}/data`))).toBe(
      'E_APPLICATION_NOT_FOUND',
    )
    for (const path of ['/me', `/me/applications/${shop.id}/data`]) {
      const elsewhere = await asUser(access, 'GET', path, undefined, house.hillside.host)
      expect(refusal(elsewhere)).toBe('E_UNAUTHORIZED')
    }
    expect((await asUser(access, 'GET', dataPath('mine'))).status).toBe(401)
  })

  it('may delete their own profile, and is gone with it', async () => {
    const { userId, access, refresh: token } = await signIn()
    expect((await asUser(access, 'DELETE', `/me/applications/${shop.id}/data`)).status).toBe(204)
    expect((await get(dataPath(userId))).status).toBe(404)
    expect(refusal(await asUser(access, 'GET', '/me'))).toBe('E_UNAUTHORIZED')
    expect((await refresh(token)).status).toBe(400)
  })

  it('signs out here, or everywhere, or is signed out by the application', async () => {
    const email = newAddress()
    const [one, two, three] = [
      await signIn(shop, email),
      await signIn(shop, email),
      await signIn(shop, email),
    ]
    const isIn = async ({ access }: { access: string }) => (await asUser(access, 'GET', '/me')).status === 200
    const own = `/me/applications/${shop.id}/signout`
    expect((await asUser(one.access, 'POST', own)).status).toBe(204)
    expect([await isIn(one), await isIn(two), await isIn(three)]).toEqual([false, true, true])
    expect((await asUser(two.access, 'POST', own, { sign_out_all: true })).status).toBe(204)
    expect([await isIn(two), await isIn(three)]).toEqual([false, false])
    const four = await signIn(shop, email)
    const byApplication = `/applications/${shop.id}/users/${four.userId}/signout`
    expect((await shop.call('POST', byApplication)).status).toBe(204)
    expect(await isIn(four)).toBe(false)
    expect((await refresh(four.refresh)).status).toBe(400)
  })

  it('is told nothing with a token that is none', async () => {
    const { refresh: token } = await signIn()
    for (const authorization of ['', 'Bearer', 'Bearer x.y.z', 'Basic abc', `Bearer ${token}`]) {
      const answer = await house.send('GET', '/me', { headers: { authorization } })
      expect(answer.status).toBe(401)
      expect(refusal(answer)).toBe('E_UNAUTHORIZED')
    }
  })
})

describe('exchanging a refresh token', () => {
  it('gives a new pair for the same person, without a key or with the right one', async () => {
    const first = await signIn()
    const second = await refresh(first.refresh)
    expect(second.status).toBe(200)
    const pair = tokensAnswer.strict().parse(second.json())
    expect(claimsOf(pair.access_token)['https://auth.rownd.io/app_user_id']).toBe(first.userId)
    expect((await asUser(pair.access_token, 'GET', '/me')).status).toBe(200)
    const third = await refresh(pair.refresh_token, { 'x-rownd-app-key': shop.key })
    expect(third.status).toBe(200)
  })

  it('row 8: a phone whose answer was lost asks again two seconds later and stays signed in', async () => {
    const { refresh: token } = await signIn()
    const lost = tokensAnswer.parse((await refresh(token)).json())
    house.pass(2000)
    const again = tokensAnswer.parse((await refresh(token)).json())
    expect(again.refresh_token).toBe(lost.refresh_token)
    for (const pair of [lost, again]) expect((await asUser(pair.access_token, 'GET', '/me')).status).toBe(200)
    house.pass(60_000)
    expect((await refresh(again.refresh_token)).status).toBe(200)
  })

  it.each([
    ['more than ten seconds later', async () => house.pass(10_500)],
    ['once its successor was used', async (next: string) => void (await refresh(next))],
  ])('%s a second time is refused in Rownd’s own words, and ends the sign-in', async (_, before) => {
    const { refresh: token } = await signIn()
    const next = tokensAnswer.parse((await refresh(token)).json())
    await before(next.refresh_token)
    const again = await refresh(token)
    expect(again.json()).toMatchObject({
      statusCode: 400,
      error: 'Bad Request',
      message: 'Invalid refresh token: Refresh token has been consumed',
    })
    refusal(again)
    expect((await refresh(next.refresh_token)).status).toBe(400)
    expect((await asUser(next.access_token, 'GET', '/me')).status).toBe(401)
  })

  it('is refused for another application’s key, and at another customer’s host, and spends nothing', async () => {
    const { refresh: token } = await signIn()
    expect((await refresh(token, { 'x-rownd-app-key': desk.key })).status).toBe(401)
    expect((await refresh(token, {}, house.hillside.host)).status).toBe(400)
    expect((await refresh(token)).status).toBe(200)
  })

  it('is refused for an access token, and for what is no token', async () => {
    const { access } = await signIn()
    for (const token of [access, 'x', ''])
      expect(refusal(await refresh(token))).toBe('E_INVALID_REFRESH_TOKEN')
    const nothing = await house.send('POST', '/hub/auth/token', {})
    expect(refusal(nothing)).toBe('E_VALIDATION')
  })
})

describe('an OAuth client', () => {
  const basic = (key: string, secret: string) =>
    `Basic ${Buffer.from(`${encodeURIComponent(key)}:${encodeURIComponent(secret)}`).toString('base64')}`
  const exchange = (
    fields: Record<string, string> | [string, string][],
    headers: Record<string, string> = {},
    host = shop.host,
  ) =>
    house.send('POST', '/hub/auth/token', {
      host,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  const grant = (token: string, more: Record<string, string> = {}) => ({
    grant_type: 'refresh_token',
    refresh_token: token,
    ...more,
  })

  it.each([
    ['without saying who it is', () => oauth.None(), 'none'],
    ['by the secret in the form', () => oauth.ClientSecretPost(shop.secret), 'client_secret_post'],
    ['by HTTP Basic', () => oauth.ClientSecretBasic(shop.secret), 'client_secret_basic'],
  ])(
    'C4: openid-client finds the metadata, refreshes %s, and knows whose profile it reads',
    async (_, authentication, method) => {
      const { userId, refresh: token } = await signIn()
      const issuer = new URL(`http://${shop.host}`)
      for (const algorithm of ['oauth2', 'oidc'] as const) {
        const config = await oauth.discovery(issuer, shop.key, undefined, authentication(), {
          algorithm,
          execute: [oauth.allowInsecureRequests],
        })
        const promised = config.serverMetadata().token_endpoint_auth_methods_supported
        expect(promised).toContain(method)
        const next = await oauth.refreshTokenGrant(config, token)
        expect(next).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
        expect(next.refresh_token).toMatch(/^rft_/)
        const { sub } = claimsOf(next.access_token)
        const me = await oauth.fetchUserInfo(config, next.access_token, String(sub))
        expect(me).toMatchObject({ sub: `rownd|${userId}`, rownd_user: userId })
      }
    },
  )

  it.each([
    ['a token that is none', () => grant('x'), {}, 400, 'invalid_grant'],
    ['an access token', (access: string) => grant(access), {}, 400, 'invalid_grant'],
    [
      'a token of another application',
      (_: string, token: string) => grant(token, { client_id: desk.key, client_secret: desk.secret }),
      {},
      400,
      'invalid_grant',
    ],
    ['no grant type', (_: string, token: string) => ({ refresh_token: token }), {}, 400, 'invalid_request'],
    ['no token', () => ({ grant_type: 'refresh_token', refresh_token: '' }), {}, 400, 'invalid_request'],
    [
      'a token twice',
      (_: string, token: string) =>
        [...Object.entries(grant(token)), ['refresh_token', token]] as [string, string][],
      {},
      400,
      'invalid_request',
    ],
    [
      'a secret without an id',
      (_: string, token: string) => grant(token, { client_secret: shop.secret }),
      {},
      400,
      'invalid_request',
    ],
    [
      'another grant',
      (_: string, token: string) => grant(token, { grant_type: 'client_credentials' }),
      {},
      400,
      'unsupported_grant_type',
    ],
    ['a scope', (_: string, token: string) => grant(token, { scope: 'openid' }), {}, 400, 'invalid_scope'],
    [
      'an unknown client',
      (_: string, token: string) => grant(token, { client_id: 'key_none' }),
      {},
      401,
      'invalid_client',
    ],
    [
      'a wrong secret',
      (_: string, token: string) => grant(token, { client_id: shop.key, client_secret: desk.secret }),
      {},
      401,
      'invalid_client',
    ],
    [
      'a client of another customer',
      (_: string, token: string) => grant(token, { client_id: shelter.key, client_secret: shelter.secret }),
      {},
      401,
      'invalid_client',
    ],
    [
      'another scheme',
      (_: string, token: string) => grant(token),
      { authorization: 'Bearer x' },
      401,
      'invalid_client',
    ],
  ] as const)(
    'C4: is refused in OAuth’s words for %s, and the token is not spent',
    async (_, fields, headers, status, error) => {
      const { access, refresh: token } = await signIn()
      const answer = await exchange(fields(access, token), headers)
      expect([answer.status, answer.json()]).toEqual([
        status,
        { error, error_description: expect.stringMatching(/^[\x20-\x7e]+$/) },
      ])
      expect(answer.headers['www-authenticate']).toBe('authorization' in headers ? 'Basic' : undefined)
      const next = (await exchange(grant(token))).json()
      expect(next).toEqual({
        access_token: expect.any(String),
        refresh_token: expect.stringMatching(/^rft_/),
        token_type: 'Bearer',
        expires_in: 3600,
      })
    },
  )

  it('C4: is refused where it says in two ways who it is, or has a wrong secret in HTTP Basic', async () => {
    const { refresh: token } = await signIn()
    const right = { authorization: basic(shop.key, shop.secret) }
    for (const more of [{ client_id: desk.key }, { client_id: shop.key, client_secret: shop.secret }])
      expect((await exchange(grant(token, more), right)).json()).toMatchObject({ error: 'invalid_request' })
    for (const authorization of [basic(shop.key, desk.secret), basic(shop.key, ''), 'Basic %%%', 'Basic'])
      expect((await exchange(grant(token), { authorization })).json()).toMatchObject({
        error: 'invalid_client',
      })
    expect((await exchange(grant(token, { client_id: shop.key }), right)).status).toBe(200)
  })

  it('C4: whose token was used before is told so, and the sign-in ends', async () => {
    const { refresh: token } = await signIn()
    const { refresh_token: next } = (await exchange(grant(token))).json()
    await exchange(grant(String(next)))
    expect((await exchange(grant(token))).json()).toEqual({
      error: 'invalid_grant',
      error_description: 'Invalid refresh token: Refresh token has been consumed',
    })
  })
})

describe('groups', () => {
  const at = () => `/applications/${shop.id}/groups`

  it('are made, read, changed, listed and deleted', async () => {
    const made = await shop.call('POST', at(), { name: 'Drivers', meta: { route: 7 } })
    expect(made.status).toBe(200)
    const group = circleAnswer.strict().parse(made.json())
    expect(group).toMatchObject({
      id: expect.stringMatching(/^group_[a-z0-9]{24}$/),
      name: 'Drivers',
      admission_policy: 'invite_only',
      meta: { route: 7 },
      app_id: shop.id,
    })
    const path = `${at()}/${group.id}`
    expect((await get(path)).json()).toEqual(group)
    const changed = await shop.call('PUT', path, { admission_policy: 'open' })
    expect(changed.json()).toMatchObject({ name: 'Drivers', admission_policy: 'open', meta: { route: 7 } })
    const listed = (await get(at())).json() as { total_results: number; results: { id: string }[] }
    expect(listed.results.map(({ id }) => id)).toContain(group.id)
    expect(listed.total_results).toBe(listed.results.length)
    expect(refusal(await get(`/applications/${desk.id}/groups/${group.id}`, desk))).toBe('E_NOT_FOUND')
    expect((await shop.call('DELETE', path)).status).toBe(204)
    expect(refusal(await get(path))).toBe('E_NOT_FOUND')
    expect(refusal(await shop.call('POST', at(), { admission_policy: 'closed' }))).toBe('E_VALIDATION')
  })

  it('have members by id or by address, and always an owner', async () => {
    const { id } = (await shop.call('POST', at(), { name: 'Cooks' })).json()
    const members = `${at()}/${String(id)}/members`
    const email = newAddress()
    await put('cook-1', { first_name: 'Ana' })
    await put('cook-2', { email })
    const first = memberAnswer
      .strict()
      .parse((await shop.call('POST', members, { user_id: 'cook-1', roles: ['member'] })).json())
    expect(first).toMatchObject({
      id: expect.stringMatching(/^member_[a-z0-9]{24}$/),
      user_id: 'cook-1',
      roles: ['member', 'owner'],
      state: 'active',
      profile: { first_name: 'Ana' },
    })
    const second = memberAnswer.parse(
      (await shop.call('POST', members, { user_id: email.toUpperCase(), roles: ['cook'] })).json(),
    )
    expect(second).toMatchObject({ user_id: 'cook-2', roles: ['cook'] })
    expect((await get(members)).json()).toMatchObject({ total_results: 2 })
    expect((await get(`${members}/${second.id}`)).json()).toEqual(second)
    expect(refusal(await shop.call('DELETE', `${members}/${first.id}`))).toBe('E_LAST_OWNER')
    expect(refusal(await shop.call('PUT', `${members}/${first.id}`, { roles: ['cook'] }))).toBe(
      'E_LAST_OWNER',
    )
    await shop.call('PUT', `${members}/${second.id}`, { roles: ['cook', 'owner'] })
    expect((await shop.call('DELETE', `${members}/${first.id}`)).status).toBe(204)
    expect(refusal(await shop.call('POST', members, { user_id: 'nobody', roles: ['cook'] }))).toBe(
      'E_USER_NOT_FOUND',
    )
    const shown = profileAnswer.parse((await get(dataPath('cook-2'))).json())
    expect(shown.groups).toMatchObject([{ group: { id, name: 'Cooks' }, member: { id: second.id } }])
  })
})

describe('every refusal at these paths', () => {
  it('is in Rownd’s form, for every error', async () => {
    const json = { 'content-type': 'application/json' }
    const own = dataPath('any')
    const cases: [string, Promise<Answer>, number, string][] = [
      ['no such path', shop.call('GET', '/hub/nowhere'), 404, 'E_NOT_FOUND'],
      ['no such path', shop.call('GET', '/applications'), 404, 'E_NOT_FOUND'],
      ['no such path', shop.call('GET', '/me/nowhere'), 404, 'E_NOT_FOUND'],
      ['no such method', shop.call('DELETE', '/hub/app-config'), 405, 'E_METHOD_NOT_ALLOWED'],
      ['no such method', shop.call('POST', own, {}), 405, 'E_METHOD_NOT_ALLOWED'],
      [
        'no JSON',
        house.send('PUT', own, { headers: { ...shop.credentials, ...json }, body: '{' }),
        400,
        'E_VALIDATION',
      ],
      [
        'no object',
        house.send('PUT', own, { headers: { ...shop.credentials, ...json }, body: '[]' }),
        400,
        'E_VALIDATION',
      ],
      ['no data', shop.call('PUT', own, {}), 400, 'E_VALIDATION'],
      ['no body', shop.call('PUT', own), 400, 'E_VALIDATION'],
      [
        'another type',
        house.send('PUT', own, {
          headers: { ...shop.credentials, 'content-type': 'text/plain' },
          body: '{}',
        }),
        415,
        'E_UNSUPPORTED_MEDIA_TYPE',
      ],
      ['too much', put('any', { first_name: 'x'.repeat(70_000) }), 413, 'E_BODY_TOO_LARGE'],
      ['an id that cannot be one', put('__nonsense__', {}), 400, 'E_VALIDATION'],
      ['an id that cannot be one', put('a%20b', {}), 400, 'E_VALIDATION'],
      [
        'an unknown host',
        house.send('GET', '/hub/app-config', { host: 'nobody.example' }),
        421,
        'E_UNKNOWN_HOST',
      ],
    ]
    for (const [what, asked, status, code] of cases) {
      const answer = await asked
      expect([answer.status, refusal(answer)], `${what}: ${answer.text}`).toEqual([status, code])
    }
  })

  it('says how long to wait where an application calls too often', async () => {
    const limited = await openHouse({ limits: { callsPerApplication: { count: 2, perMs: 60_000 } } })
    try {
      const { app_id: id, app_key: key, app_secret: secret } = limited.riverbend
      const headers = { 'x-rownd-app-key': key, 'x-rownd-app-secret': secret }
      const call = () => limited.send('GET', `/applications/${id}/users/data`, { headers })
      expect([(await call()).status, (await call()).status]).toEqual([200, 200])
      const third = await call()
      expect([third.status, refusal(third)]).toEqual([429, 'E_RATE_LIMITED'])
      expect(Number(third.headers['retry-after'])).toBeGreaterThan(0)
    } finally {
      await limited.close()
    }
  })
})

describe('the demo', () => {
  it('gives each customer an application that works, and keeps it over a second start', async () => {
    const tell = (at: House) =>
      at.described.customers.map(({ app_key, app_secret, app_id }) => ({ app_key, app_secret, app_id }))
    const dataFolder = mkdtempSync(join(tmpdir(), 'porchlight-rownd-'))
    try {
      const first = await openHouse({ dataFolder })
      const told = tell(first)
      for (const { app_key, app_secret, app_id } of told) {
        expect(app_key).toMatch(/^key_[a-z0-9]{24}$/)
        expect(app_secret).toMatch(/^ras_[0-9a-f]{8}\.\d\.[0-9a-f]{48}$/)
        expect(app_id).toMatch(/^app_[a-z0-9]{24}$/)
      }
      await first.close()
      const second = await openHouse({ dataFolder, databaseUrl: first.databaseUrl })
      expect(tell(second)).toEqual(told)
      const { app_key: key, app_secret: secret, app_id: id } = second.riverbend
      const config = await second.send('GET', '/hub/app-config', { headers: { 'x-rownd-app-key': key } })
      expect(config.json()).toMatchObject({
        app: { id, config: { default_redirect_url: `http://${second.riverbend.host}/` } },
      })
      const listed = await second.send('GET', `/applications/${id}/users/data`, {
        headers: { 'x-rownd-app-key': key, 'x-rownd-app-secret': secret },
      })
      expect(listed.status).toBe(200)
      await second.close()
    } finally {
      rmSync(dataFolder, { recursive: true, force: true })
    }
  })
})
