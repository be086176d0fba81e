import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../src/store/store.ts'
import {
  type Answer,
  allRoutes,
  type Browser,
  type Door,
  faultsOf,
  formType,
  inParallel,
  mailTo,
  openTarget,
  readAnswer,
  signInAs,
  type Target,
} from './attack.ts'

/** The only page that shows other people's HTML, with the styles emails need. */
const mailViewer = '/dev/mail/html'
const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
/** Calls of programs carry their own proof, so the page that sent them does not matter. */
const provesItself = /^\/(?:v1|hub|applications|me|webhooks)\//

/** Every route, read from the app itself, so that new ones are covered. */
const routes = allRoutes()

let target: Target
/** `but customers`: the portal can still look up the host's customer. */
let broken: 'nothing' | 'all' | 'but customers' = 'nothing'
const visitors: { name: string; browser: Browser }[] = []

beforeAll(async () => {
  target = await openTarget({ through: breakable })
  for (const [name, at] of Object.entries(target.doors)) {
    visitors.push({ name: `signed out at ${name}`, browser: target.browser(at) })
    const address = target.volunteers(name)[0] ?? ''
    visitors.push({ name: `signed in at ${name}`, browser: await signInAs(target, address, at) })
  }
})
afterAll(() => target.close())

function breakable(store: Store): Store {
  return {
    ...store,
    read: async (query) => {
      const isAskedFor =
        broken === 'all' || (broken === 'but customers' && !/from "(?:customer|provider)"/.test(query.sql))
      if (isAskedFor) throw new Error('disk I/O error')
      return store.read(query)
    },
    recall: (_key, _tables, look) => look(),
  }
}

/** A path that matches a route: `:slug` of the requested customer, `:secret` invented. */
function pathFor(route: string, door: Door): string {
  return route
    .replace(':slug', door.slug)
    .replace(':secret', 'x'.repeat(32))
    .replace(/:theme\{.*\}/, 'theme-00000000.css')
    .replace(/:icon\{.*\}/, 'icon-00000000.png')
    .replace(/:logo\{.*\}/, 'logo-00000000.svg')
}

/** Answers given before the customer is known: only a customer's own origin decides about HSTS. */
function isTheSameEverywhere(method: string, path: string): boolean {
  return (
    ['GET', 'HEAD'].includes(method) &&
    /^\/(healthz|readyz|metrics|assets\/porchlight-[\w-]+\.\w+)$/.test(path)
  )
}

/** Only a form that leads into VOMO may have an answer that leaves our origin. Without the page, nothing can be checked. */
function formActionsFor({ text }: Answer): string[] {
  const [home, intoVomo] = ["form-action 'self'", `form-action 'self' https: ${target.sandbox.url}`]
  if (text === '') return [home, intoVomo]
  return [text.includes('action="/open-in-vomo"') ? intoVomo : home]
}

/** The headers an answer lacks, or must not have. */
function complaints(answer: Answer, at: { path: string; isSecure: boolean; isHead?: boolean }): string[] {
  const { headers, status } = answer
  const wrong = faultsOf(answer).filter((fault) => fault !== `status ${status}`)
  const want = (name: string, pattern: RegExp) => {
    if (!pattern.test(String(headers[name] ?? ''))) wrong.push(`${name}: ${String(headers[name])}`)
  }
  const policy = String(headers['content-security-policy'])
  if (at.path === mailViewer && status === 200)
    want('content-security-policy', /^default-src 'none'; style-src 'unsafe-inline'; /)
  else {
    const formAction = /form-action [^;]*/.exec(policy)?.[0] ?? ''
    if (!formActionsFor(answer).includes(formAction)) wrong.push(formAction)
    if (/unsafe|https?:|\*|data:/.test(policy.replace(formAction, ''))) wrong.push(policy)
    for (const part of [
      "default-src 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]) {
      if (!policy.split('; ').includes(part)) wrong.push(`no ${part}`)
    }
  }
  want('x-content-type-options', /^nosniff$/)
  // An address with an application's link reveals no referrer, except on pages: each has a form.
  const isQuiet =
    /^\/(?:l|hub\/auth\/magic)\/(?!robots)/.test(at.path) && headers['x-robots-tag'] === 'noindex'
  const isPage = String(headers['content-type']).startsWith('text/html')
  want('referrer-policy', isQuiet && !isPage ? /^no-referrer$/ : /^strict-origin$/)
  want('cross-origin-opener-policy', /^same-origin$/)
  want('cross-origin-resource-policy', /^same-origin$/)
  const isKept = /^\/assets\/[a-z]+-[\w-]+\.(css|js|svg|png)$/.test(at.path) && status === 200
  want('cache-control', isKept ? /^public, max-age=31536000, immutable$/ : /^no-store$/)
  want('strict-transport-security', at.isSecure ? /^max-age=31536000; includeSubDomains$/ : /^$/)
  const type = String(headers['content-type'] ?? '')
  if (type.startsWith('text/') && !/; ?charset=utf-8$/i.test(type)) wrong.push(`content-type ${type}`)
  if (answer.text !== '' && type === '') wrong.push('no content-type')
  for (const cookie of [headers['set-cookie'] ?? []].flat()) {
    const [name = ''] = cookie.split('=')
    const isRight = at.isSecure
      ? name.startsWith('__Host-') && cookie.includes(' Secure;')
      : !name.startsWith('__') && !cookie.includes('Secure')
    if (!isRight || cookie.length > 4096 || /domain/i.test(cookie)) wrong.push(cookie)
  }
  return wrong.map((each) => `${status} ${at.path}: ${each}`)
}

describe('every answer', () => {
  it(`of ${routes.length} routes, by every method, signed in and out, of both customers, says what a browser must know`, async () => {
    expect(routes.length).toBeGreaterThanOrEqual(30)
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
    const paths = [
      ...new Set(routes.map(({ path }) => path)),
      '/nowhere',
      '/portal/api/nowhere',
      '/assets/nowhere.css',
    ]
    const wrong: string[] = []
    const statuses = new Set<number>()
    for (const { name, browser } of visitors) {
      // Signing out comes last, because it would sign the rest out.
      const asked = paths.filter((path) => !/sign-out|session/.test(path))
      const cases = [...asked, '/sign-out'].flatMap((path) => methods.map((method) => ({ path, method })))
      await inParallel(cases, async ({ path: route, method }) => {
        const path = pathFor(route, browser.door)
        if (route === '/sign-out' && method === 'POST') return
        const answer = await browser.go(method, path, {
          ...(unsafe.has(method) && { body: '', headers: { 'content-type': formType } }),
        })
        statuses.add(answer.status)
        const isSecure = browser.door.origin.startsWith('https:') && !isTheSameEverywhere(method, path)
        wrong.push(...complaints(answer, { path, isSecure }).map((each) => `${method} ${name}: ${each}`))
      })
    }
    expect(wrong).toEqual([])
    for (const status of [200, 302, 303, 400, 401, 404, 405, 410, 422])
      expect([...statuses]).toContain(status)
  }, 120_000)

  it('assets are kept for ever, and nothing else is', async () => {
    const page = await target.send('GET', '/sign-in')
    const found = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
    expect(found.length).toBeGreaterThanOrEqual(3)
    for (const path of found) {
      const answer = await target.send('GET', path)
      expect(answer.status).toBe(200)
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect(complaints(answer, { path, isSecure: !isTheSameEverywhere('GET', path) })).toEqual([])
    }
    expect(page.headers['cache-control']).toBe('no-store')
  })

  it('pages name no other origin, so a browser asks no other server for anything', async () => {
    const [, insider] = visitors
    for (const path of [
      '/sign-in',
      '/help',
      '/organization/riverbend',
      '/user',
      '/shifts',
      '/profile',
      '/nowhere',
    ]) {
      const { text } = (await insider?.browser.get(path)) ?? { text: '' }
      const foreign = [
        ...text.matchAll(/<(?:script|link|img|iframe|form|object)\b[^>]*?(?:src|href|action)="([^"]*)"/g),
      ]
      expect(foreign.map(([, to]) => to).filter((to) => !/^\/(?!\/)/.test(to ?? ''))).toEqual([])
      expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+="|<script(?![^>]*\ssrc=)/)
    }
  })

  it('the mail viewer of the demo is the one page with another policy, and runs no script', async () => {
    const [, insider] = visitors
    const mail = await mailTo(target, target.browser(), target.volunteers()[1] ?? '')
    const answer = await target.send('GET', `${mailViewer}?id=${encodeURIComponent(mail.id)}`)
    expect(answer.status).toBe(200)
    expect(complaints(answer, { path: mailViewer, isSecure: true })).toEqual([])
    expect(answer.headers['content-security-policy']).not.toContain('script-src')
    expect(insider?.browser.door.slug).toBe('riverbend')
  })
})

describe('every refusal says the same', () => {
  const head = (at: Target) => `Host: ${at.doors.riverbend.host}\r\nOrigin: ${at.doors.riverbend.origin}\r\n`

  it('from 400 to 431', async () => {
    const { browser } = visitors[0] ?? { browser: target.browser() }
    const refused: [number, () => Promise<Answer>][] = [
      [400, () => browser.go('POST', '/sign-in', { body: 'x', headers: { 'content-type': 'text/plain' } })],
      [
        400,
        () =>
          browser.go('POST', '/portal/api/sign-in', {
            body: '{',
            headers: { 'content-type': 'application/json' },
          }),
      ],
      [401, () => browser.get('/portal/api/me')],
      [403, () => target.send('POST', '/sign-in', { headers: { 'sec-fetch-site': 'cross-site' } })],
      [
        403,
        () => target.send('DELETE', '/portal/api/session', { headers: { origin: 'https://evil.example' } }),
      ],
      [404, () => browser.get('/nowhere')],
      [404, () => browser.get('/portal/api/nowhere')],
      [405, () => browser.go('PUT', '/sign-in')],
      [410, () => browser.get('/auth/nothing')],
      [410, () => browser.postJson('/portal/api/sign-in/complete', { token: 'nothing' })],
      [413, () => browser.post('/sign-in', { email: 'a'.repeat(70_000) })],
      [413, () => browser.postJson('/portal/api/sign-in', { email: 'a'.repeat(70_000) })],
      [422, () => browser.post('/sign-in', { email: 'nobody' })],
      [422, () => browser.post('/sign-in/code', { code: 'AAAA-AAAA' })],
      [422, () => browser.postJson('/portal/api/sign-in', { email: 7 })],
    ]
    for (const [status, act] of refused) {
      const answer = await act()
      expect(answer.status).toBe(status)
      expect(complaints(answer, { path: String(status), isSecure: true })).toEqual([])
    }
  })

  it('for an unknown host, or no valid request: 421, 400, 431, 417', async () => {
    const lone = [
      [421, `GET /sign-in HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`],
      [421, `POST /portal/api/sign-in HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`],
      [400, `GET /sign-in HTTP/1.1\r\nConnection: close\r\n\r\n`],
      [400, `GET /sign-in HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n`],
      [400, `what is this\r\n\r\n`],
      [431, `GET /sign-in HTTP/1.1\r\n${head(target)}X: ${'a'.repeat(20_000)}\r\n\r\n`],
      [417, `GET /sign-in HTTP/1.1\r\n${head(target)}Expect: x\r\nConnection: close\r\n\r\n`],
    ] as const
    for (const [status, bytes] of lone) {
      const answer = readAnswer(await target.raw(bytes, 3000))
      expect(answer.status).toBe(status)
      expect(complaints(answer, { path: String(status), isSecure: false })).toEqual([])
      expect(answer.text).not.toMatch(/Riverbend|Hillside/)
    }
  })

  it('429, with the time to wait', async () => {
    const strict = await openTarget({
      limits: {
        signInRequestsPerNetwork: { count: 1, perMs: 60_000 },
        missesPerNetwork: { count: 1, perMs: 60_000 },
      },
    })
    try {
      const browser = strict.browser()
      await browser.post('/sign-in', { email: 'a@b.example' })
      await browser.get('/auth/x')
      for (const answer of [
        await browser.post('/sign-in', { email: 'a@b.example' }),
        await browser.postJson('/portal/api/sign-in', { email: 'a@b.example' }),
        await browser.get('/auth/x'),
        await browser.post('/sign-in/code', { code: 'x' }),
      ]) {
        expect(answer.status).toBe(429)
        expect(String(answer.headers['retry-after'])).toMatch(/^([1-9]|[1-5]\d|60)$/)
        expect(complaints(answer, { path: '429', isSecure: true })).toEqual([])
      }
    } finally {
      await strict.close()
    }
  })

  it.each(['all', 'but customers'] as const)(
    '500, where the store breaks (%s), and not a word of why',
    async (what) => {
      const [, insider] = visitors
      broken = what
      try {
        const nothing = `/auth/${'x'.repeat(32)}`
        for (const path of ['/profile', '/portal/api/me', '/organization/riverbend', nothing]) {
          const answer = await insider?.browser.get(path)
          if (!answer) throw new Error('no visitor is signed in')
          expect(answer.status).toBe(500)
          expect(answer.text).not.toMatch(/disk|SQL|Error:|at .*\.ts|no volunteer page at this address/i)
          expect(complaints(answer, { path: '500', isSecure: what === 'but customers' })).toEqual([])
        }
        const ready = await target.send('GET', '/readyz')
        expect(ready.status).toBe(what === 'all' ? 503 : 200)
      } finally {
        broken = 'nothing'
      }
      // Work in the background may fail beside them, and says so, too.
      const faults = target.lines
        .splice(0)
        .filter((line) => line.includes('"level":50') && line.includes('"requestId"'))
      expect(faults).toHaveLength(4)
      expect(faults.every((line) => line.includes('disk I/O error'))).toBe(true)
      expect((await insider?.browser.get('/profile'))?.status).toBe(200)
    },
  )

  it('503, while VOMO is out of reach and nothing is held', async () => {
    const browser = await signInAs(target, target.volunteers()[2] ?? '')
    await target.sandboxControl('/options', 'PUT', { down: true })
    target.pass(25 * 3_600_000)
    for (const path of ['/profile', '/portal/api/me']) {
      const answer = await browser.get(path)
      expect(answer.status).toBe(503)
      expect(complaints(answer, { path, isSecure: true })).toEqual([])
    }
    await target.sandboxControl('/options', 'PUT', { down: false })
    // Otherwise what would be a day old by then is deleted during the tests that follow.
    target.pass(-25 * 3_600_000)
  })
})

describe('a request that changes something', () => {
  const types = [
    undefined,
    formType,
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'TEXT/plain',
  ]
  const sites = [
    undefined,
    'same-origin',
    'same-site',
    'cross-site',
    'none',
    '',
    'Same-Origin',
    'same-origin, cross-site',
  ]
  const originsOf = (at: Door, other: Door) => [
    undefined,
    at.origin,
    other.origin,
    'null',
    '',
    'https://evil.example',
    `${at.origin}.evil.example`,
    `${at.origin}:8443`,
    at.origin.replace(/^https?/, (scheme) => (scheme === 'https' ? 'http' : 'https')),
    `${at.origin}/`,
    at.origin.toUpperCase(),
    `${at.origin}, https://evil.example`,
    at.host,
  ]

  /** What servers post from no page at all. */
  const byServers = ['/reminders/off/:token', '/sign-in/with/:name/logout']

  it('advisory 25: is refused from everywhere but here, with any content, and then changes nothing', async () => {
    const changing = routes.filter(({ method, path }) => unsafe.has(method) && !provesItself.test(path))
    expect(changing.length).toBeGreaterThanOrEqual(8)
    const { riverbend, hillside } = target.doors
    const insider = await signInAs(target, target.volunteers()[3] ?? '')
    const mail = await mailTo(target, insider, target.volunteers()[3] ?? '')
    const cookie = `__Host-porchlight_session=${insider.cookie('session')}; __Host-porchlight_asked=${insider.cookie('asked')}`
    const bodyFor = (type = '') =>
      type.includes('json')
        ? JSON.stringify({ email: 'eve@evil.example' })
        : new URLSearchParams({ email: 'eve@evil.example', code: mail.code, token: mail.secret }).toString()

    const before = await everything()
    const taken: string[] = []
    let tried = 0
    const foreign = [...combinations()].filter(({ isHome }) => !isHome)
    // That a session is in use is noted once a minute.
    await target.atOneMoment(() =>
      inParallel(foreign, async ({ method, path, type, site, origin, isIn }) => {
        tried += 1
        const answer = await target.send(method, path.replace(':secret', mail.secret), {
          body: bodyFor(type),
          headers: {
            ...(type !== undefined && { 'content-type': type }),
            ...(site !== undefined && { 'sec-fetch-site': site }),
            ...(origin !== undefined && { origin }),
            ...(isIn && { cookie }),
          },
        })
        const isRefused = answer.status === 403 && answer.headers['set-cookie'] === undefined
        if (!isRefused) taken.push(`${answer.status} ${method} ${path} ${type} ${site} ${origin}`)
        taken.push(...faultsOf(answer))
      }),
    )
    expect(taken).toEqual([])
    expect(tried).toBeGreaterThanOrEqual(5000)
    await target.portal.idle()
    expect(await everything()).toEqual(before)
    expect(await insider.isSignedIn()).toBe(true)

    /** Every site with every origin at every route; every content type with them where a stranger can begin. */
    function* combinations() {
      for (const [at, { method, path }] of changing.entries()) {
        for (const [i, site] of sites.entries()) {
          for (const [j, origin] of originsOf(riverbend, hillside).entries()) {
            const isFromServer = byServers.includes(path) && site === undefined && origin === undefined
            const isHome =
              isFromServer || (site === undefined ? origin === riverbend.origin : site === 'same-origin')
            const oneOfThem = types[(at + i + j) % types.length]
            for (const [k, type] of (path.endsWith('/sign-in') ? types : [oneOfThem]).entries()) {
              // With and without a cookie, alternating.
              yield { method, path, type, site, origin, isHome, isIn: (at + j + k) % 2 === 0 }
            }
          }
        }
      }
    }
  }, 120_000)

  it('is taken from here, by what the browser says or, from an older one, by its origin', async () => {
    const { origin } = target.doors.riverbend
    for (const { method, path } of routes.filter((route) => unsafe.has(route.method))) {
      for (const headers of [
        { 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'same-origin', origin },
        { origin },
      ]) {
        const answer = await target.send(method, pathFor(path, target.doors.riverbend), { headers, body: '' })
        expect(answer.status, `${method} ${path}`).not.toBe(403)
      }
    }
  })

  it('is never allowed to another origin beforehand', async () => {
    for (const { path } of routes) {
      for (const origin of ['https://evil.example', 'null', target.doors.riverbend.origin]) {
        const answer = await target.send('OPTIONS', pathFor(path, target.doors.riverbend), {
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
            'access-control-request-private-network': 'true',
          },
        })
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
        const plain = await target.send('GET', pathFor(path, target.doors.riverbend), { headers: { origin } })
        expect(Object.keys(plain.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      }
    }
  })

  /** All rows that a visitor's request could have changed. */
  async function everything(): Promise<Record<string, unknown>> {
    const tables = [
      'link',
      'session',
      'sign_in_request',
      'wrong_code',
      'job',
      'outbox',
      'audit_event',
      'person',
    ] as const
    const found: Record<string, unknown> = {}
    for (const table of tables) {
      found[table] = await target.store.read(target.store.db.selectFrom(table).selectAll().compile())
    }
    return found
  }
})

describe('the cookies', () => {
  it('advisories 16 and 17: one that a sibling domain planted is not looked at, and none is made without its prefix', async () => {
    const browser = await signInAs(target, target.volunteers()[4] ?? '')
    const session = browser.cookie('session') ?? ''
    expect(session).toMatch(/^[A-Za-z0-9]{32}$/)
    const shadows = [
      'porchlight_session',
      '__Secure-porchlight_session',
      '__host-porchlight_session',
      'Host__porchlight_session',
    ]
    for (const name of shadows) {
      const answer = await target.send('GET', '/portal/api/me', { headers: { cookie: `${name}=${session}` } })
      expect(answer.status, name).toBe(401)
    }
  })

  it('advisory 15: a session id from outside is never taken up, from a cookie, a form or an address', async () => {
    const chosen = 'A'.repeat(32)
    const browser = target.browser()
    browser.setCookie('session', chosen)
    const mail = await mailTo(target, browser, target.volunteers()[5] ?? '')
    const answer = await browser.go('POST', `${mail.path}?porchlight_session=${chosen}&session=${chosen}`, {
      body: `porchlight_session=${chosen}&session=${chosen}`,
      headers: { 'content-type': formType },
    })
    expect(answer.status).toBe(303)
    expect(browser.cookie('session')).not.toBe(chosen)
    const planted = target.browser()
    planted.setCookie('session', chosen)
    expect(await planted.isSignedIn()).toBe(false)
    for (const path of ['/portal/api/me', '/profile']) {
      const named = await target.send('GET', `${path}?porchlight_session=${browser.cookie('session')}`)
      expect([401, 303]).toContain(named.status)
    }
  })
})

describe('known and unknown addresses', () => {
  it('get one answer, by the page and by the API, to the letter', async () => {
    const addresses = [
      target.volunteers()[6] ?? '',
      'nobody@nowhere.example',
      target.traps.twoExact,
      target.traps.scrubbedEmail,
    ]
    for (const ask of [
      (email: string) => target.browser().post('/sign-in', { email }),
      (email: string) => target.browser().postJson('/portal/api/sign-in', { email }),
    ]) {
      const seen = new Set<string>()
      for (const email of addresses) {
        const { status, headers, text } = await ask(email)
        const { date: _, 'x-request-id': _id, 'set-cookie': cookie, ...rest } = headers
        seen.add(
          JSON.stringify([
            status,
            text,
            Object.entries(rest),
            String(cookie).replace(/=[A-Za-z0-9]{32};/, '=*;'),
          ]),
        )
      }
      expect([...seen]).toHaveLength(1)
    }
  })

  it('advisory 29: no answer holds a link, a code or anything made of them', async () => {
    const address = target.volunteers()[7] ?? ''
    const browser = target.browser()
    const asked: Answer[] = []
    for (const ask of [
      () => browser.post('/sign-in', { email: address }),
      () => browser.postJson('/portal/api/sign-in', { email: address }),
    ]) {
      asked.push(await ask())
      await target.portal.idle()
    }
    const waiting = await browser.get('/sign-in/check-email')
    const emails = await target.emails(address)
    const made = emails.flatMap(({ links, code }) => [
      links[0]?.split('/').at(-1) ?? '?',
      code ?? '?',
      code?.replace('-', '') ?? '?',
    ])
    expect(made).toHaveLength(6)
    for (const { text, headers } of [...asked, waiting]) {
      for (const value of made) expect(`${text} ${JSON.stringify(headers)}`).not.toContain(value)
    }
  })
})
