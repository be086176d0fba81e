import { createHmac } from 'node:crypto'
import { exportSPKI, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { type House, openHouse, type TestBrowser } from './house.ts'
import { addProviderTo, openHouseStore } from './house-store.ts'
import { type Grant, type Lie, type LyingProvider, newKey, startLyingProvider } from './lying-provider.ts'
import { beginWith, comeBack, givesSession, type Person, signInWith } from './provider-visits.ts'

let house: House
let provider: LyingProvider
let other: LyingProvider
let victim: Person

beforeAll(async () => {
  house = await openHouse()
  provider = await startLyingProvider(house)
  other = await startLyingProvider(house)
  const domains = [house.riverbend.volunteers[0]?.split('@')[1] ?? '']
  await addProviderTo(house, { slug: 'riverbend', name: 'work', issuer: provider.issuer, domains })
  await addProviderTo(house, { slug: 'riverbend', name: 'other', issuer: other.issuer })
  await addProviderTo(house, { slug: 'riverbend', name: 'fresh', issuer: provider.issuer, maxAgeMinutes: 10 })
  await addProviderTo(house, { slug: 'hillside', name: 'work', issuer: provider.issuer })
  victim = { sub: 'victim', email: house.riverbend.volunteers[0] ?? '' }
})
beforeEach(() => {
  provider.state.special.clear()
  provider.state.keys = [provider.state.key.jwk]
})
afterAll(async () => {
  await provider.close()
  await other.close()
  await house.close()
  expect(house.errors).toEqual([])
})

async function sessionsEver(): Promise<number> {
  const { store } = await openHouseStore(house)
  try {
    const all = await store.read(store.db.selectFrom('session').select('id').compile())
    return all.length
  } finally {
    await store.close()
  }
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claim =
  (changes: Record<string, unknown>) =>
  (grant: Grant): void => {
    grant.claims = Object.fromEntries(
      Object.entries({ ...grant.claims, ...changes }).filter(([, value]) => value !== undefined),
    )
  }
const emailIn = (grant: Grant) => String(grant.claims['email'])
const now = () => Math.floor(house.nowMs() / 1000)
const unsigned = (alg: string) => (grant: Grant) => {
  grant.sign = async (claims) => `${base64({ alg, typ: 'JWT' })}.${base64(claims)}.`
}
const withMac = (secret: () => Promise<string>) => (grant: Grant) => {
  grant.sign = async (claims, { kid }) => {
    const head = `${base64({ alg: 'HS256', kid, typ: 'JWT' })}.${base64(claims)}`
    return `${head}.${createHmac('sha256', await secret())
      .update(head)
      .digest('base64url')}`
  }
}
const byOwnKey = (header: (jwk: object) => object) => (grant: Grant) => {
  grant.sign = async (claims, usual) => {
    const own = await newKey(usual.kid ?? '')
    return new SignJWT(claims).setProtectedHeader({ ...usual, ...header(own.jwk) }).sign(own.privateKey)
  }
}
const token = (change: (token: string) => string) => (grant: Grant) => {
  const { sign } = grant
  grant.sign = async (claims, header) => change(await sign(claims, header))
}
const answer = (changes: Record<string, unknown>) => (grant: Grant) => {
  grant.answer = (body) =>
    Object.fromEntries(Object.entries({ ...body, ...changes }).filter(([, value]) => value !== undefined))
}
/** The address is in the user info, not in the token. */
const info = (changes: Record<string, unknown>) => (grant: Grant) => {
  claim({ email: undefined, email_verified: undefined })(grant)
  grant.userInfo = { ...grant.userInfo, ...changes }
}
const at =
  (path: string, status: number, body: string, headers: Record<string, string> = {}) =>
  () => {
    provider.state.special.set(path, (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    })
  }
const hangUp = (path: string) => () => {
  provider.state.special.set(path, (request) => void request.socket.destroy())
}
const publish = (keys: () => Promise<object[]>) => async () => {
  provider.state.keys = await keys()
}

const forgeries: [string, Lie][] = [
  ['the issuer is another one', claim({ iss: 'https://evil.example' })],
  ['the issuer has a slash more', (grant) => claim({ iss: `${grant.claims.iss}/` })(grant)],
  ['the issuer is missing', claim({ iss: undefined })],
  ['it is for another client', claim({ aud: 'another' })],
  ['it is for other clients', claim({ aud: ['another', 'and-another'] })],
  ['it is for us and another, and does not say who asked', claim({ aud: ['porchlight', 'another'] })],
  ['it is for us and another, which asked', claim({ aud: ['porchlight', 'another'], azp: 'another' })],
  ['the audience is missing', claim({ aud: undefined })],
  ['the subject is missing', claim({ sub: undefined })],
  ['the subject is empty', claim({ sub: '' })],
  ['the subject is a number', claim({ sub: 7 })],
  ['the subject is longer than any', claim({ sub: 'x'.repeat(256) })],
  ['it was issued in the future', (grant) => claim({ iat: now() + 600 })(grant)],
  ['it does not say when it was issued', claim({ iat: undefined })],
  ['it says in words when it was issued', claim({ iat: 'now' })],
  ['it has expired', (grant) => claim({ iat: now() - 600, exp: now() - 61 })(grant)],
  ['it never expires', claim({ exp: undefined })],
  ['it says in words when it expires', claim({ exp: 'never' })],
  ['it is not valid yet', (grant) => claim({ nbf: now() + 300 })(grant)],
  ['the nonce is missing', claim({ nonce: undefined })],
  ['the nonce is of another sign-in', claim({ nonce: 'of-another-sign-in' })],
  ['it is not signed', unsigned('none')],
  ['it is not signed, in capitals', unsigned('NONE')],
  ['it is not signed, and says it is', unsigned('RS256')],
  ['it is signed with the public key as a secret', withMac(() => exportSPKI(provider.state.key.publicKey))],
  ['it is signed with the client’s secret', withMac(async () => 'a-secret-that-only-the-two-know')],
  ['another key of the same name signed it', byOwnKey(() => ({}))],
  ['a key of an unknown name signed it', byOwnKey(() => ({ kid: 'unknown' }))],
  ['it brings its own key along', byOwnKey((jwk) => ({ jwk }))],
  ['it names an address with its key', byOwnKey(() => ({ jku: `${other.issuer}/jwks` }))],
  ['it brings a certificate along', byOwnKey(() => ({ x5u: `${other.issuer}/cert`, x5c: ['AAAA'] }))],
  [
    'it names an extension that must be known',
    token((text) => text.replace(/^[^.]+/, base64({ alg: 'RS256', crit: ['x'], x: 1 }))),
  ],
  ['the signature is cut short', token((text) => text.slice(0, -40))],
  [
    'it was changed after it was signed',
    token((text) => {
      const [head, body = '', sign] = text.split('.')
      return `${head}.${base64({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), sub: 'victim', x: 1 })}.${sign}`
    }),
  ],
  ['it is no token', token(() => 'no.token')],
  ['it is encrypted', token((text) => `${text}.x.y`)],
  ['the answer has no token', answer({ id_token: undefined })],
  ['the answer has no access token', answer({ access_token: undefined })],
  ['the answer is of an unknown kind', answer({ token_type: 'mac' })],
  ['the token is a list', answer({ id_token: ['x'] })],
  ['the provider says that it did not verify the address', claim({ email_verified: false })],
  ['the provider does not say whether it verified the address', claim({ email_verified: undefined })],
  ['the address is verified in words', claim({ email_verified: 'true' })],
  ['the address is verified by a number', claim({ email_verified: 1 })],
  [
    'there is no address',
    (grant) => {
      claim({ email: undefined })(grant)
      grant.userInfo = { sub: grant.claims.sub }
    },
  ],
  ['the address is a list', (grant) => claim({ email: [grant.claims['email']] })(grant)],
  ['the address is two', (grant) => claim({ email: `${emailIn(grant)}, evil@evil.example` })(grant)],
  ['the address has a name', (grant) => claim({ email: `x <${emailIn(grant)}>` })(grant)],
  [
    'the address hides a character',
    (grant) => claim({ email: emailIn(grant).replace('@', '\u200b@') })(grant),
  ],
  ['the address is of another domain', claim({ email: 'evil@evil.example' })],
  [
    'the address is of a domain below',
    (grant) => claim({ email: emailIn(grant).replace('@', '@below.') })(grant),
  ],
  ['the user info is about another subject', info({ sub: 'another' })],
  ['the user info is about no subject', info({ sub: undefined })],
  ['the user info has an address that is not verified', info({ email_verified: false })],
  [
    'the user info is not JSON',
    (grant) => {
      info({})(grant)
      at('/userinfo', 200, '<p>Hi</p>', { 'content-type': 'text/html' })()
    },
  ],
  ['the token endpoint fails', at('/token', 500, '{}')],
  ['the token endpoint answers with a page', at('/token', 200, '<p>Hi</p>', { 'content-type': 'text/html' })],
  ['the token endpoint answers with nonsense', at('/token', 200, '{')],
  ['the token endpoint leads elsewhere', at('/token', 307, '', { location: 'https://evil.example/token' })],
  ['the token endpoint never ends', at('/token', 200, `{"x":"${'x'.repeat(1_000_000)}"}`)],
  ['the token endpoint hangs up', hangUp('/token')],
  [
    'the token endpoint refuses the code',
    at('/token', 400, '{"error":"invalid_grant","error_description":"<script>"}'),
  ],
  ['the keys are a megabyte', at('/jwks', 200, `{"keys":[],"x":"${'x'.repeat(1_000_000)}"}`)],
  ['there are no keys', publish(async () => [])],
  ['the keys fail', at('/jwks', 500, '{}')],
  ['the keys are another’s', publish(async () => [(await newKey('key-1')).jwk])],
  ['the key is a secret', publish(async () => [{ kty: 'oct', k: base64('x'), kid: 'key-1', alg: 'HS256' }])],
  [
    'two keys fit, and the token names none',
    async (grant) => {
      await publish(async () => [(await newKey('a')).jwk, (await newKey('b')).jwk])()
      grant.header = { alg: 'RS256' }
    },
  ],
]

/** Why, where it is not that a rule of the protocol is broken. */
const reasons: Record<string, readonly string[]> = {
  unverified: [
    'the provider says that it did not verify the address',
    'the provider does not say whether it verified the address',
    'the address is verified in words',
    'the address is verified by a number',
    'the user info has an address that is not verified',
  ],
  no_email: [
    'there is no address',
    'the address is a list',
    'the address is two',
    'the address has a name',
    'the address hides a character',
  ],
  domain: ['the address is of another domain', 'the address is of a domain below'],
  unreachable: [
    'the token endpoint fails',
    'the token endpoint never ends',
    'the token endpoint hangs up',
    'the keys are a megabyte',
    'the keys fail',
  ],
}

describe('a provider that lies signs no one in', () => {
  it.each(forgeries)('%s', async (name, lie) => {
    // Each failure counts toward a pause, which would hide what the next lie does.
    house.pass(31_000)
    const before = await sessionsEver()
    const browser = house.browser()
    const asked = await beginWith(browser, 'work')
    const code = await provider.issue(asked, victim, lie)
    const state = asked.searchParams.get('state') ?? ''
    const got = await comeBack(browser, 'work', { code, state, iss: provider.issuer })
    expect(got.status).toBeGreaterThanOrEqual(400)
    expect(got.text).toContain('<h1>')
    expect(got.text).not.toMatch(/<script>|evil\.example/)
    expect(givesSession(got)).toBe(false)
    const [noted] = house.logged.filter((line) => line.includes('a provider signed no one in')).slice(-1)
    const [reason = 'not_valid'] = Object.entries(reasons).find(([, names]) => names.includes(name)) ?? []
    expect(noted).toContain(`"because":"${reason}"`)
    expect(noted).not.toContain('invalid_client')
    expect(await sessionsEver()).toBe(before)
    expect((await browser.get('/user')).status).toBe(303)
  })

  it('and the same provider, once it is honest, does', async () => {
    house.pass(31_000)
    const browser = house.browser()
    const got = await signInWith(browser, 'work', { provider, person: victim })
    expect([got.status, got.headers['location']]).toEqual([303, '/organization/riverbend'])
    expect((await browser.get('/user')).status).toBe(200)
  })
})

describe('what a browser brings back', () => {
  /** A sign-in under way in a browser of its own, and the code that the provider gave for it. */
  async function underWay(name = 'work', browser: TestBrowser = house.browser(), by = provider) {
    const asked = await beginWith(browser, name)
    return {
      browser,
      brought: {
        code: await by.issue(asked, victim, (grant) => void (grant.asksNothing = true)),
        state: asked.searchParams.get('state') ?? '',
        iss: by.issuer,
      },
    }
  }

  async function expectRefused(got: { status: number } & Parameters<typeof givesSession>[0], status: number) {
    expect([got.status, givesSession(got)]).toEqual([status, false])
  }

  it('session fixation: a sign-in that another browser began does not go on here', async () => {
    const attacker = await underWay()
    await expectRefused(await comeBack(house.browser(), 'work', attacker.brought), 410)
    // Nor in a browser that began its own.
    const { browser } = await underWay()
    await expectRefused(await comeBack(browser, 'work', attacker.brought), 410)
  })

  it('code injection: a code of another sign-in is refused, though the provider takes it', async () => {
    const [mine, theirs] = [await underWay(), await underWay()]
    const injected = { ...mine.brought, code: theirs.brought.code }
    await expectRefused(await comeBack(mine.browser, 'work', injected), 403)
  })

  it('a code of another sign-in does not pass the provider, because of PKCE', async () => {
    const mine = await underWay()
    const asked = await beginWith(house.browser(), 'work')
    const code = await provider.issue(asked, victim)
    await expectRefused(await comeBack(mine.browser, 'work', { ...mine.brought, code }), 403)
  })

  it('issuer mix-up: an answer that names another provider is refused before its code goes anywhere', async () => {
    const mine = await underWay()
    const before = provider.state.calls.filter((call) => call.includes('/token')).length
    await expectRefused(await comeBack(mine.browser, 'work', { ...mine.brought, iss: other.issuer }), 403)
    const again = await underWay()
    const { code, state } = again.brought
    await expectRefused(await comeBack(again.browser, 'work', { code, state }), 403)
    expect(provider.state.calls.filter((call) => call.includes('/token'))).toHaveLength(before)
  })

  it('issuer mix-up: a sign-in with one provider does not end at the callback of another', async () => {
    const mine = await underWay()
    await expectRefused(await comeBack(mine.browser, 'other', mine.brought), 410)
  })

  it('two customers with the same provider: a sign-in at one does not end at the other', async () => {
    const atRiverbend = await underWay()
    const hillside = house.browser(house.hillside)
    for (const [name, value] of atRiverbend.browser.cookies) hillside.cookies.set(name, value)
    await expectRefused(await comeBack(hillside, 'work', atRiverbend.brought), 410)
  })

  it('a state works once', async () => {
    const { browser, brought } = await underWay()
    expect((await comeBack(browser, 'work', brought)).status).toBe(303)
    // The same browser is signed in and goes on; a copy of its cookies without the session does not.
    expect((await comeBack(browser, 'work', brought)).headers['location']).toBe('/')
    browser.cookies.delete('porchlight_session')
    await expectRefused(await comeBack(browser, 'work', brought), 410)
  })

  it('of many callbacks with one state at once, one signs in', async () => {
    const { browser, brought } = await underWay()
    const all = await Promise.all(Array.from({ length: 8 }, () => comeBack(browser, 'work', brought)))
    expect(all.filter(givesSession)).toHaveLength(1)
  })

  it('a state is forgotten after 15 minutes', async () => {
    const { browser, brought } = await underWay()
    house.pass(15 * 60_000)
    await expectRefused(await comeBack(browser, 'work', brought), 410)
  })

  it.each<[string, (brought: Record<string, string>) => Record<string, string> | string[][], number]>([
    ['no state', ({ code = '', iss = '' }) => ({ code, iss }), 410],
    ['another state', (brought) => ({ ...brought, state: 'x'.repeat(32) }), 410],
    ['an empty state', (brought) => ({ ...brought, state: '' }), 410],
    ['two states', (brought) => [...Object.entries(brought), ['state', 'x']], 403],
    ['no code', ({ state = '', iss = '' }) => ({ state, iss }), 403],
    ['two codes', (brought) => [...Object.entries(brought), ['code', 'x']], 403],
    ['an error', ({ state = '', iss = '' }) => ({ state, iss, error: 'access_denied' }), 403],
    ['an error with a code', (brought) => ({ ...brought, error: 'access_denied' }), 403],
    [
      'an error that is a script',
      ({ state = '', iss = '' }) => ({ state, iss, error: '<script>alert(1)</script>' }),
      403,
    ],
    [
      'that the provider is busy',
      ({ state = '', iss = '' }) => ({ state, iss, error: 'temporarily_unavailable' }),
      503,
    ],
    ['a token of the implicit way', (brought) => ({ ...brought, id_token: 'x.y.z', response: 'x' }), 403],
    ['nothing', () => ({}), 410],
  ])('%s signs no one in', async (_, change, status) => {
    const { browser, brought } = await underWay()
    const got = await comeBack(browser, 'work', change(brought))
    await expectRefused(got, status)
    expect(got.text).not.toContain('<script>alert')
  })

  it('a code that no provider gives out does not reach it, and so cannot make it look down', async () => {
    house.pass(31_000)
    const calls = () => provider.state.calls.filter((call) => call.includes('/token')).length
    const before = calls()
    for (const code of ['\0', 'a\nb', 'é', 'x'.repeat(4_001)]) {
      const { browser, brought } = await underWay()
      await expectRefused(await comeBack(browser, 'work', { ...brought, code }), 403)
    }
    expect(calls()).toBe(before)
  })

  it('several tabs can sign in one after the other', async () => {
    const browser = house.browser()
    const [first, second] = [await underWay('work', browser), await underWay('work', browser)]
    expect((await comeBack(browser, 'work', first.brought)).status).toBe(303)
    expect((await comeBack(browser, 'work', second.brought)).status).toBe(303)
  })

  it('a sign-in at the provider that is too old, or of unknown age, is refused where the operator set its age', async () => {
    const ages = [now() - 11 * 60 - 61, undefined, 'now']
    for (const age of ages) {
      const lie = claim({ auth_time: age })
      const got = await signInWith(house.browser(), 'fresh', { provider, person: victim, lie })
      await expectRefused(got, 403)
    }
    const lie = claim({ auth_time: now() - 60 })
    expect((await signInWith(house.browser(), 'fresh', { provider, person: victim, lie })).status).toBe(303)
  })

  it.each([0, 30, 59])('a clock that is %d seconds off, either way, is no lie', async (seconds) => {
    for (const off of [-seconds, seconds]) {
      const lie = (grant: Grant) => claim({ iat: now() + off, exp: now() + off + 1, nbf: now() + off })(grant)
      expect((await signInWith(house.browser(), 'work', { provider, person: victim, lie })).status).toBe(303)
    }
  })

  it('a refused answer says so on a page with a way back, and to staff', async () => {
    const browser = house.browser()
    const got = await signInWith(browser, 'work', {
      provider,
      person: victim,
      lie: claim({ email_verified: false }),
    })
    expect(got.text).toContain(en.provider.refused.unverified.heading)
    expect(got.text).toContain('action="/sign-in/with/work"')
    expect(got.text).toContain('href="/sign-in"')
  })
})

describe('what a provider says of itself', () => {
  const wrong: [string, Record<string, unknown> | string][] = [
    ['another issuer', { issuer: 'https://evil.example' }],
    ['no keys', { jwks_uri: undefined }],
    ['a token endpoint without TLS', { token_endpoint: 'http://evil.example/token' }],
    ['a token endpoint in our own network', { token_endpoint: 'https://10.0.0.1/token' }],
    ['keys at the cloud’s own address', { jwks_uri: 'https://169.254.169.254/jwks' }],
    ['keys at a name of this network', { jwks_uri: 'https://metadata.google.internal/jwks' }],
    ['an authorization endpoint that is a script', { authorization_endpoint: 'javascript:alert(1)' }],
    ['user info in a file', { userinfo_endpoint: 'file:///etc/passwd' }],
    ['only signatures with a shared secret', { id_token_signing_alg_values_supported: ['HS256', 'none'] }],
    ['no way to show our secret', { token_endpoint_auth_methods_supported: ['none'] }],
    ['nonsense', '{'],
    ['a megabyte', `{"x":"${'x'.repeat(1_000_000)}"}`],
  ]
  it.each(wrong)('%s is not believed', async (_, said) => {
    house.pass(31_000)
    const liar = await startLyingProvider(house)
    if (typeof said === 'string')
      liar.state.special.set('/.well-known/openid-configuration', (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(said)
      })
    else liar.state.metadata = said
    const name = `liar-${wrong.findIndex((each) => each[1] === said)}`
    await addProviderTo(house, { slug: 'riverbend', name, issuer: liar.issuer })
    const got = await house.browser().post(`/sign-in/with/${name}`)
    expect([got.status >= 400, got.headers['refresh']]).toEqual([true, undefined])
    expect(got.text).toContain('<h1>')
    expect(liar.state.calls).toEqual(['GET /.well-known/openid-configuration'])
    await liar.close()
  })
})
