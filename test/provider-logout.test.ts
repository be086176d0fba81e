import { createHmac } from 'node:crypto'
import { exportSPKI } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { type House, openHouse, type TestBrowser } from './house.ts'
import { addProviderTo } from './house-store.ts'
import { type LyingProvider, newKey, startLyingProvider } from './lying-provider.ts'
import { type Person, signInWith } from './provider-visits.ts'

let house: House
let provider: LyingProvider
let other: LyingProvider
let person: Person

beforeAll(async () => {
  house = await openHouse()
  provider = await startLyingProvider(house)
  other = await startLyingProvider(house)
  await addProviderTo(house, { slug: 'riverbend', name: 'work', label: 'Work', issuer: provider.issuer })
  await addProviderTo(house, { slug: 'riverbend', name: 'other', issuer: other.issuer })
  await addProviderTo(house, { slug: 'hillside', name: 'work', issuer: provider.issuer })
  person = { sub: 'ana', email: house.riverbend.volunteers[0] ?? '' }
})
afterAll(async () => {
  await provider.close()
  await other.close()
  await house.close()
  expect(house.errors).toEqual([])
})

/** A browser that signed in with a session of the provider. */
async function signedIn(sid: string, who = person, name = 'work', by = provider): Promise<TestBrowser> {
  const browser = house.browser()
  const lie = (grant: { claims: Record<string, unknown> }) => void (grant.claims['sid'] = sid)
  const got = await signInWith(browser, name, { provider: by, person: who, lie })
  expect(got.status).toBe(303)
  return browser
}

/** As the provider's own server posts it: from no page. */
async function post(token: string, { name = 'work', host = house.riverbend.host } = {}): Promise<number> {
  const answer = await house.send('POST', `/sign-in/with/${name}/logout`, {
    host,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
  })
  expect(answer.headers['cache-control']).toBe('no-store')
  return answer.status
}

const isIn = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).status === 200

describe('back-channel logout', () => {
  it('ends the session that began with the provider’s session, at once, and no other', async () => {
    const [first, second] = [await signedIn('s-1'), await signedIn('s-2')]
    expect(await post(await provider.logoutToken({ sub: 'ana', sid: 's-1' }))).toBe(200)
    expect([await isIn(first), await isIn(second)]).toEqual([false, true])
    expect(await post(await provider.logoutToken({ sid: 's-2' }))).toBe(200)
    expect(await isIn(second)).toBe(false)
  })

  it('ends all sessions of a subject, and those of no other subject', async () => {
    const ben = { sub: 'ben', email: house.riverbend.volunteers[1] ?? '' }
    const browsers = [await signedIn('s-3'), await signedIn('s-4'), await signedIn('s-5', ben)]
    expect(await post(await provider.logoutToken({ sub: 'ana' }))).toBe(200)
    expect(await Promise.all(browsers.map(isIn))).toEqual([false, false, true])
  })

  it('ends nothing of another provider or another customer', async () => {
    const elsewhere = await signedIn('s-6', person, 'other', other)
    expect(await post(await provider.logoutToken({ sub: 'ana' }))).toBe(200)
    expect(await post(await provider.logoutToken({ sub: 'ana' }), { host: house.hillside.host })).toBe(200)
    expect(await post(await provider.logoutToken({ sub: 'ana' }), { name: 'other' })).toBe(400)
    expect(await isIn(elsewhere)).toBe(true)
    expect(await post(await provider.logoutToken({ sub: 'ana' }), { name: 'nothing' })).toBe(404)
  })

  it('acts on a token once', async () => {
    const token = await provider.logoutToken({ sub: 'ana' })
    expect(await post(token)).toBe(200)
    const browser = await signedIn('s-7')
    expect(await post(token)).toBe(400)
    expect(await isIn(browser)).toBe(true)
    const fresh = await provider.logoutToken({ sub: 'nobody-here' })
    const all = await Promise.all(Array.from({ length: 6 }, () => post(fresh)))
    expect(all.filter((status) => status === 200)).toHaveLength(1)
  })

  const now = () => Math.floor(house.nowMs() / 1000)
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const event = 'http://schemas.openid.net/event/backchannel-logout'
  const forged: [string, () => Promise<string>][] = [
    ['of another issuer', () => provider.logoutToken({ sub: 'ana', iss: 'https://evil.example' })],
    ['for another client', () => provider.logoutToken({ sub: 'ana', aud: 'another' })],
    ['without an audience', () => provider.logoutToken({ sub: 'ana', aud: undefined as never })],
    ['that has expired', () => provider.logoutToken({ sub: 'ana', iat: now() - 300, exp: now() - 61 })],
    ['that never expires', () => provider.logoutToken({ sub: 'ana', exp: undefined as never })],
    ['of an hour ago', () => provider.logoutToken({ sub: 'ana', iat: now() - 3600, exp: now() + 60 })],
    ['of the future', () => provider.logoutToken({ sub: 'ana', iat: now() + 600, exp: now() + 900 })],
    ['without its time', () => provider.logoutToken({ sub: 'ana', iat: undefined as never })],
    ['without an id', () => provider.logoutToken({ sub: 'ana', jti: undefined as never })],
    ['without an event', () => provider.logoutToken({ sub: 'ana', events: undefined })],
    ['of another event', () => provider.logoutToken({ sub: 'ana', events: { x: {} } })],
    [
      'with an event that is no object',
      () => provider.logoutToken({ sub: 'ana', events: { [event]: true } }),
    ],
    ['with a nonce, like an ID token', () => provider.logoutToken({ sub: 'ana', nonce: 'x' })],
    ['about no subject and no session', () => provider.logoutToken({})],
    ['about a subject that is a list', () => provider.logoutToken({ sub: ['ana'] as never })],
    ['about a session that is a number', () => provider.logoutToken({ sub: 'ana', sid: 7 })],
    ['of another kind', () => provider.logoutToken({ sub: 'ana' }, { header: { typ: 'at+jwt' } })],
    [
      'by another key of the same name',
      async () => provider.logoutToken({ sub: 'ana' }, { by: await newKey('key-1') }),
    ],
    [
      'by a key of an unknown name',
      async () => provider.logoutToken({ sub: 'ana' }, { by: await newKey('x'), header: { kid: 'x' } }),
    ],
    ['by the other provider', () => other.logoutToken({ sub: 'ana', iss: provider.issuer })],
    [
      'that is not signed',
      async () => {
        const [, body] = (await provider.logoutToken({ sub: 'ana' })).split('.')
        return `${base64({ alg: 'none', typ: 'logout+jwt' })}.${body}.`
      },
    ],
    [
      'signed with the public key as a secret',
      async () => {
        const [, body] = (await provider.logoutToken({ sub: 'ana' })).split('.')
        const head = `${base64({ alg: 'HS256', kid: 'key-1', typ: 'logout+jwt' })}.${body}`
        const mac = createHmac('sha256', await exportSPKI(provider.state.key.publicKey)).update(head)
        return `${head}.${mac.digest('base64url')}`
      },
    ],
    ['that is nonsense', async () => 'x'],
    ['that is nothing', async () => ''],
    ['that is too long', async () => 'x'.repeat(9_000)],
  ]
  it.each(forged)('a token %s ends nothing', async (_, make) => {
    const browser = await signedIn('s-8')
    expect(await post(await make())).toBe(400)
    expect(await isIn(browser)).toBe(true)
  })

  it('a page of another site cannot post one', async () => {
    const token = await provider.logoutToken({ sub: 'ana' })
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams({ logout_token: token }).toString()
      const given = { host: house.riverbend.host, headers: { ...type, ...headers }, body }
      expect((await house.send('POST', '/sign-in/with/work/logout', given)).status).toBe(403)
    }
  })

  it('a new key of the provider counts as soon as it is published', async () => {
    const browser = await signedIn('s-9')
    await new Promise((resolve) => setTimeout(resolve, 5_100))
    await provider.rotate()
    expect(await post(await provider.logoutToken({ sub: 'ana' }))).toBe(200)
    expect(await isIn(browser)).toBe(false)
  })
})

describe('signing out here', () => {
  it('offers to sign out at the provider, too, and has ended the session here in any case', async () => {
    const browser = await signedIn('s-10')
    const answer = await browser.post('/sign-out')
    expect(answer.status).toBe(200)
    expect(answer.text).toContain(en.provider.signedOut.heading)
    const href = /href="([^"]*\/logout\?[^"]*)"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const url = new URL(href)
    expect(url.origin).toBe(provider.issuer)
    expect(url.searchParams.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(
      `http://${house.riverbend.host}/sign-in?notice=signed_out`,
    )
    expect(await isIn(browser)).toBe(false)
    // Once: the session is over.
    expect((await browser.post('/sign-out')).headers['location']).toBe('/sign-in?notice=signed_out')
  })
})
