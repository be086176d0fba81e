import type { LookupAddress } from 'node:dns'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTestVomo, type Reply, startUpstream, type Upstream } from '../vomo.fixture.ts'
import { type OneTimeOrder, readAuthLink } from './one-time.ts'

const address = 'mara.quist@example.org'
const order: OneTimeOrder = { address, visitorAddress: '203.0.113.7', landing: 'hub' }

let upstream: Upstream
let reply: Reply
let families: LookupAddress[]
let here: Awaited<ReturnType<typeof openTestVomo>>

beforeEach(async () => {
  upstream = await startUpstream(() => reply)
  reply = created(linkAt('/magiclink/canary-of-a-link'))
  families = []
  here = await openTestVomo(upstream.baseUrl, { waitMs: 400, lookup: async () => families })
})
afterEach(async () => {
  await here.close()
  await upstream.close()
})

const linkAt = (path: string) => new URL(path, upstream.baseUrl).href
const created = (auth_link: unknown): Reply => ({
  status: 201,
  body: { code: 201, message: 'Link Created', data: { auth_link } },
})
const ask = (wanted: Partial<OneTimeOrder> = {}) =>
  here.vomo.oneTimeLink('riverbend', { ...order, ...wanted })

describe('a one-time link', () => {
  test('is asked for by one POST with the fields VOMO documents, and is what VOMO answered', async () => {
    expect(await ask()).toEqual({ url: linkAt('/magiclink/canary-of-a-link') })
    expect(upstream.calls).toHaveLength(1)
    const [call] = upstream.calls
    expect(call).toMatchObject({ method: 'POST', path: '/users/one-time', token: 'token-of-riverbend' })
    expect(call?.headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/json' })
    expect(JSON.parse(call?.body ?? '')).toEqual({
      email: address,
      ip_address: '203.0.113.7',
      landing_page: 'hub',
    })
  })

  test('to a campaign names it', async () => {
    await ask({ landing: 'campaign', resource: 'winter-coats' })
    expect(JSON.parse(upstream.calls[0]?.body ?? '')).toMatchObject({
      landing_page: 'campaign',
      resource: 'winter-coats',
    })
  })

  test.each([
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:DB8:0:0::7', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('from %s is asked for from %s', async (visitorAddress, sent) => {
    await ask({ visitorAddress })
    expect(JSON.parse(upstream.calls[0]?.body ?? '')).toMatchObject({ ip_address: sent })
  })

  test.each(['', 'unknown', '203.0.113.7, 10.0.0.1'])(
    'for a visitor at "%s", who is nowhere, is not asked for',
    async (visitorAddress) => {
      expect(await ask({ visitorAddress })).toEqual({ reason: 'refused', why: ['ip_address'] })
      expect(upstream.calls).toHaveLength(0)
    },
  )

  test('costs one call of the budget, and none where nothing is left of it', async () => {
    await here.close()
    here = await openTestVomo(upstream.baseUrl, { budget: 1, lookup: async () => families })
    expect(await ask()).toHaveProperty('url')
    expect(await ask()).toEqual({ reason: 'unavailable', why: ['budget'] })
    expect(upstream.calls).toHaveLength(1)
  })
})

describe('VOMO without a link', () => {
  test.each([
    [
      'its general error',
      'refused',
      ['declined'],
      500,
      { message: 'Error', errors: 'Unable to create link.' },
    ],
    ['one faulty field', 'refused', ['email'], 422, { errors: { email: ['The email field is required.'] } }],
    [
      'several, one of them not ours',
      'refused',
      ['ip_address', 'other_field', 'resource'],
      422,
      { errors: { ip_address: ['x'], constructor: ['x'], resource: 'x' } },
    ],
    ['an error without fields', 'refused', ['invalid'], 422, { message: 'Error' }],
    ['a bad request', 'refused', ['refused'], 400, { message: 'Error' }],
    ['a token without the right', 'refused', ['forbidden'], 403, { message: 'Forbidden' }],
    ['no such path', 'refused', ['refused'], 404, { message: 'Resource not found.' }],
    ['a token it does not know', 'unavailable', ['unauthorized'], 401, { message: 'Unauthenticated.' }],
    ['too many calls', 'unavailable', ['limited'], 429, { message: 'Too Many Attempts.' }],
    ['a fault of its own', 'unavailable', ['server'], 500, { message: 'Server Error' }],
    ['a gateway’s page', 'unavailable', ['server'], 502, '<html>Bad Gateway</html>'],
    ['another page', 'unavailable', ['not_understood'], 200, '<html>Welcome</html>'],
    ['a page for no such path', 'unavailable', ['not_understood'], 404, '<html>Nothing</html>'],
    ['half an answer', 'unavailable', ['not_understood'], 201, '{"data":{"auth_link":"https'],
    ['nothing', 'unavailable', ['not_understood'], 201, ''],
    ['a list', 'unavailable', ['not_understood'], 201, []],
    ['no data', 'unavailable', ['not_understood'], 201, { data: null }],
    ['a link that is a list', 'unavailable', ['not_understood'], 201, { data: { auth_link: [] } }],
  ] as const)('(%s) is %s, and asked once', async (_, reason, why, status, body) => {
    reply = { status, body }
    const answer = await ask()
    expect(answer).toMatchObject({ reason })
    expect('why' in answer && answer.why.toSorted()).toEqual(why)
    expect(upstream.calls).toHaveLength(1)
  })

  test('a redirect is not followed', async () => {
    reply = { status: 302, headers: { location: linkAt('/elsewhere') } }
    expect(await ask()).toEqual({ reason: 'unavailable', why: ['redirected'] })
    expect(upstream.calls).toHaveLength(1)
  })

  test('a hang-up is not tried again', async () => {
    reply = { hangUp: true }
    expect(await ask()).toEqual({ reason: 'unavailable', why: ['network'] })
    expect(upstream.calls).toHaveLength(1)
  })

  test('a slow VOMO is waited for no longer than a page waits', async () => {
    reply = { ...reply, delayMs: 1_500 }
    const began = performance.now()
    expect(await ask()).toEqual({ reason: 'unavailable', why: ['timeout'] })
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(upstream.calls).toHaveLength(1)
  })

  test('a person it will make no link for does not pass for a VOMO that is down', async () => {
    reply = { status: 500, body: { message: 'Error', errors: 'Unable to create link.' } }
    for (let i = 0; i < 8; i++) await ask()
    expect(here.vomo.isOpen('riverbend')).toBe(false)
    reply = created(linkAt('/magiclink/x'))
    expect(await ask()).toHaveProperty('url')
  })

  test('a customer without access to VOMO has no link, and a site to go to all the same', async () => {
    expect(await here.vomo.oneTimeLink('nobody', order)).toEqual({
      reason: 'unavailable',
      why: ['no_access'],
    })
    expect(await here.vomo.site('nobody')).toBe('https://app.vomo.org')
    expect(await here.vomo.site('riverbend')).toBe(new URL(upstream.baseUrl).origin)
  })

  test('nothing of a link, of the address or of what VOMO said is logged', async () => {
    await ask()
    for (const body of [
      { errors: { email: [`${address} is taken`] } },
      { data: { auth_link: 'https://evil.example/canary-of-a-link' } },
    ]) {
      reply = { status: 'errors' in body ? 422 : 201, body }
      await ask()
    }
    reply = { status: 500, body: { message: address, errors: `no link for ${address}` } }
    await ask()
    expect(here.logged.length).toBeGreaterThan(0)
    expect(here.logged.join('\n')).not.toMatch(/canary|mara|magiclink|203\.0\.113|evil/)
  })
})

describe('a visitor who will come to VOMO by another network', () => {
  const [four, six] = [
    { address: '198.51.100.1', family: 4 },
    { address: '2001:db8:1::1', family: 6 },
  ]

  test.each([
    ['by IPv6 to a site without it', '2001:db8::7', [four]],
    ['by IPv4 to a site without it', '203.0.113.7', [six]],
  ])('(%s) gets no link, and VOMO is not asked for one', async (_, visitorAddress, found) => {
    families = found
    expect(await ask({ visitorAddress })).toEqual({ reason: 'refused', why: ['other_network'] })
    expect(upstream.calls).toHaveLength(0)
  })

  test.each([
    ['by IPv6 to a site with both', '2001:db8::7', [four, six]],
    ['by IPv4 to a site with both', '203.0.113.7', [four, six]],
    ['by IPv4 written as IPv6', '::ffff:203.0.113.7', [four]],
    ['on this machine', '::1', [four]],
    ['to a site that cannot be looked up', '2001:db8::7', []],
  ])('(%s) may come by the same one, and gets a link', async (_, visitorAddress, found) => {
    families = found
    expect(await ask({ visitorAddress })).toHaveProperty('url')
  })

  test('is recognized without a look-up each time, and a resolver that fails or hangs stops no visitor', async () => {
    await here.close()
    let lookups = 0
    const hanging = new Promise<LookupAddress[]>(() => {})
    here = await openTestVomo(upstream.baseUrl, {
      lookup: () => {
        lookups += 1
        return lookups === 1 ? Promise.reject(new Error('SERVFAIL')) : hanging
      },
    })
    expect(await ask()).toHaveProperty('url')
    expect(await ask()).toHaveProperty('url')
    expect(lookups).toBe(1)
    here.time.nowMs += 11 * 60_000
    expect(await ask()).toHaveProperty('url')
    expect(lookups).toBe(2)
  })
})

describe('a link that VOMO answers', () => {
  const production = 'https://api.vomo.org/v1'

  test.each([
    [production, 'https://app.vomo.org/magiclink/abc'],
    [production, 'https://api.vomo.org/magiclink/abc'],
    [production, 'HTTPS://APP.VOMO.ORG/magiclink/abc'],
    ['https://rey.vomo.org/v1', 'https://rey.vomo.org/magiclink/abc?x=1'],
    ['https://vomo.example.org:8443/v1', 'https://vomo.example.org:8443/magiclink/abc'],
    ['http://localhost:3001/v1', 'http://localhost:3001/magiclink/abc'],
  ])('of %s may be %s', (baseUrl, link) => {
    expect(readAuthLink(link, baseUrl)).toBe(new URL(link).href)
  })

  test.each([
    ['javascript:alert(1)'],
    ['javascript://app.vomo.org/%0aalert(1)'],
    ['data:text/html,<script>alert(1)</script>'],
    ['http://app.vomo.org/magiclink/abc'],
    ['//app.vomo.org/magiclink/abc'],
    ['/magiclink/abc'],
    ['magiclink/abc'],
    ['https://evil.example/magiclink/abc'],
    ['https://app.vomo.org.evil.example/magiclink/abc'],
    ['https://evilapp.vomo.org/magiclink/abc'],
    ['https://app.vomo.org./magiclink/abc'],
    ['https://app.vomo.org:8443/magiclink/abc'],
    ['https://rey.vomo.org/magiclink/abc'],
    ['https://app.vomo.org@evil.example/magiclink/abc'],
    ['https://somebody@app.vomo.org/magiclink/abc'],
    ['https://somebody:secret@app.vomo.org/magiclink/abc'],
    ['https:\\\\evil.example\\magiclink'],
    ['https://app.vomo.org/magiclink/abc\r\nSet-Cookie: a=b'],
    ['https://app.vomo.org/magic\tlink/abc'],
    ['https://app.vomo.org/magiclink/\u0000'],
    ['https://app.vomo.org/magiclink/\u007f'],
    [' https://app.vomo.org/magiclink/abc'],
    ['https://app.vomo.org/magiclink/a b'],
    ['https://app\u3002vomo.org/magiclink/abc'],
    ['https://app.vomo.org/magiclink/\u00e9'],
    ['https://app.vomo.org/magiclink/\ud800'],
    [`https://app.vomo.org/magiclink/${'a'.repeat(2_000)}`],
    [''],
  ])('is not followed where it is %j', (link) => {
    expect(readAuthLink(link, production)).toBeUndefined()
  })

  test('to another host, or without https where the API has it, is refused', async () => {
    reply = created('https://evil.example/magiclink/abc')
    expect(await ask()).toEqual({ reason: 'refused', why: ['bad_link'] })
    expect(readAuthLink('http://app.vomo.org/magiclink/abc', production)).toBeUndefined()
    expect(readAuthLink('http://127.0.0.1:3001/x', 'http://localhost:3001/v1')).toBeUndefined()
  })
})
