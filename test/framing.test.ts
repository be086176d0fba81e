import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  allRoutes,
  type Browser,
  exchange,
  faultsOf,
  faultyLines,
  formType,
  mailTo,
  openTarget,
  readAnswer,
  signInAs,
  type Target,
} from './attack.ts'

let target: Target
let host = ''
let home = ''
/** A request that begins and never ends, from the first test to the last. */
let dawdler: Promise<string>
let visitor: Browser

beforeAll(async () => {
  target = await openTarget({ limits: { missesPerNetwork: { count: 30, perMs: 600_000 } } })
  ;({ host } = target.doors.riverbend)
  home = `Host: ${host}\r\nOrigin: ${target.doors.riverbend.origin}\r\n`
  visitor = await signInAs(target, target.volunteers()[1] ?? '')
  dawdler = exchange(target.port, `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `, 45_000)
})
afterAll(() => target.close())

const ask = async (bytes: string, waitMs = 3000): Promise<Answer> =>
  readAnswer(await target.raw(bytes, waitMs))
const closing = 'Connection: close\r\n\r\n'

/** Checks the headers a browser needs on every answer, from the app or from the server before it. */
function expectSafe(answer: Answer, of: string): void {
  expect(faultsOf(answer), of).toEqual([])
  expect(answer.headers['content-security-policy'], of).toMatch(
    /^default-src 'none';.*frame-ancestors 'none'$/,
  )
  expect(answer.headers['x-content-type-options'], of).toBe('nosniff')
  expect(answer.headers['referrer-policy'], of).toBe('strict-origin')
  expect(answer.headers['cache-control'], of).toBe('no-store')
  expect(answer.headers['cross-origin-opener-policy'], of).toBe('same-origin')
  expect(answer.headers['cross-origin-resource-policy'], of).toBe('same-origin')
  expect(answer.headers['content-type'], of).toMatch(/^text\/(plain|html); ?charset=utf-8$/i)
}

describe('one door, however it is named', () => {
  it('row 17: at an https customer’s door people stand with :443, in capitals and with a dot behind the name', async () => {
    const names = [host, `${host}:443`, host.toUpperCase(), `${host}.`, `${host}.:443`]
    for (const name of names) {
      const answer = await ask(`GET /sign-in HTTP/1.1\r\nHost: ${name}\r\n${closing}`)
      expect([answer.status, answer.text.includes('Riverbend')], name).toEqual([200, true])
    }
    const { host: plain } = target.doors.hillside
    for (const [port, status] of [
      ['80', 200],
      ['443', 421],
    ] as const) {
      const answer = await ask(`GET /sign-in HTTP/1.1\r\nHost: ${plain}:${port}\r\n${closing}`)
      expect(answer.status, port).toBe(status)
    }
  })

  it('row 18: a balancer that names no Host learns how the process is, and nothing else', async () => {
    for (const version of ['1.0', '1.1']) {
      for (const path of ['/healthz', '/readyz']) {
        const answer = await ask(`GET ${path} HTTP/${version}\r\n${closing}`)
        expect([answer.status, answer.text], path).toEqual([200, path === '/healthz' ? 'ok\n' : 'ready\n'])
        expectSafe(answer, path)
        const two = await ask(`GET ${path} HTTP/${version}\r\nHost: a\r\nHost: b\r\n${closing}`)
        expect(two.status, path).toBe(400)
      }
      for (const path of [
        '/',
        '/sign-in',
        '/healthz/',
        '/healthz?x',
        '/openapi.json',
        '/assets/x.css',
        '/v1/users/one-time',
      ])
        expect((await ask(`GET ${path} HTTP/${version}\r\n${closing}`)).status, path).toBe(400)
    }
  })

  it('row 19: a path with a slash or a full stop behind it leads to the page, and nowhere else', async () => {
    const mail = await mailTo(target, target.browser(), target.volunteers()[2] ?? '')
    const link = new URL(mail.links[0] ?? '').pathname
    const read = (path: string) => ask(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${closing}`)
    for (const [path, bare] of [
      ['/sign-in/', '/sign-in'],
      ['/shifts/?page=2&x=a%20b', '/shifts?page=2&x=a%20b'],
      ['/sign-in%20', '/sign-in'],
      ['/help).', '/help'],
      [`/sign-in/?x=${'a'.repeat(2_000)}`, '/sign-in'],
      ['/some-campaign/', '/some-campaign'],
      [`${link}/`, link],
    ] as const) {
      const answer = await read(path)
      expect([answer.status, answer.headers['location']], path).toEqual([308, bare])
      expect(answer.headers['referrer-policy'], path).toBe('strict-origin')
      expect(answer.headers['cache-control'], path).toBe('no-store')
    }
    // Characters after a secret are removed where the secret is read.
    for (const path of [`${link}.`, `${link}%3E`, `${link}%20`])
      expect((await read(path)).status, path).toBe(200)
    for (const path of [
      '//evil.example/',
      '//evil.example',
      '/%5Cevil.example/',
      '/nowhere/else/',
      '/.//evil.example/',
    ])
      expect((await read(path)).headers['location'], path).toBeUndefined()
    const posted = await ask(`POST /sign-in/ HTTP/1.1\r\n${home}Content-Length: 0\r\n${closing}`)
    expect([posted.status, posted.headers['location']]).toEqual([308, '/sign-in'])
    const crossSite = `Host: ${host}\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n`
    expect((await ask(`POST /sign-in/ HTTP/1.1\r\n${crossSite}${closing}`)).status).toBe(403)
  })
})

describe('a request that two readers could understand in two ways is refused', () => {
  const form = `Content-Type: ${formType}\r\n`
  const cases: Record<string, (start: string) => string> = {
    'Content-Length and Transfer-Encoding': (post) =>
      `${post}${form}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'two lengths': (post) => `${post}${form}Content-Length: 4\r\nContent-Length: 5\r\n\r\na=bcd`,
    'two equal lengths in one': (post) => `${post}${form}Content-Length: 4, 4\r\n\r\na=bc`,
    'a length with a sign': (post) => `${post}${form}Content-Length: +4\r\n\r\na=bc`,
    'a length in hexadecimal': (post) => `${post}${form}Content-Length: 0x4\r\n\r\na=bc`,
    'an unknown transfer coding': (post) => `${post}${form}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'chunked not last': (post) => `${post}${form}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    'two transfer codings': (post) =>
      `${post}${form}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    'a chunk size that is none': (post) =>
      `${post}${form}Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n`,
    'a chunk without its end': (post) =>
      `${post}${form}Transfer-Encoding: chunked\r\n\r\n3\r\nabcXX\r\n0\r\n\r\n`,
    'a folded header': (post) => `${post}X-Fold: a\r\n b: c\r\n\r\n`,
    'a line ended by LF alone': (post) => `${post}X-A: b\nX-B: c\r\n\r\n`,
    'a line ended by CR alone': (post) => `${post}X-A: b\rX-B: c\r\n\r\n`,
    'a space before the colon': (post) => `${post}Content-Length : 0\r\n\r\n`,
    'a header without a name': (post) => `${post}: x\r\n\r\n`,
    'a NUL in a header': (post) => `${post}X-A: b\0c\r\n\r\n`,
  }
  it.each(Object.keys(cases))('%s', async (name) => {
    const bytes = cases[name]?.(`POST /sign-in HTTP/1.1\r\n${home}`) ?? ''
    const answer = await ask(bytes)
    expect(answer.status).toBe(400)
    expectSafe(answer, name)
    expect(answer.headers['connection']).toBe('close')
  })

  it('no Host, two, an empty one, or one that is no name', async () => {
    const hosts = [
      '',
      `Host: ${host}\r\nHost: ${host}\r\n`,
      `Host: ${host}\r\nhost: evil.example\r\n`,
      ...[
        '',
        ' ',
        'a b',
        `${host}@evil.example`,
        `evil.example/${host}`,
        `${host}#`,
        `${host}?`,
        `${host}\\`,
      ].map((name) => `Host: ${name}\r\n`),
    ]
    for (const header of hosts) {
      for (const version of ['1.1', '1.0']) {
        const answer = await ask(`GET /sign-in HTTP/${version}\r\n${header}${closing}`)
        expect([400, 421], header).toContain(answer.status)
        expect(answer.text, header).not.toContain('Riverbend')
        expectSafe(answer, header)
      }
    }
  })

  it('a target that is not a path', async () => {
    const targets = [
      `http://${host}/sign-in`,
      'http://evil.example/sign-in',
      `https://${host}/sign-in`,
      '*',
      `//${host}/sign-in`,
      '/sign-in\\..\\user',
      '/\\evil.example',
    ]
    for (const path of targets) {
      const answer = await ask(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${closing}`)
      expect([400, 404], path).toContain(answer.status)
      expectSafe(answer, path)
    }
  })

  it('advisories 8 and 9: a foreign Host reaches no customer, on the first request as on the hundredth', async () => {
    const foreign = [
      'evil.example',
      `${host}.evil.example`,
      `evil.${host}`,
      `${host}..`,
      `${host}:81`,
      `${host}:80`,
      `${host}:0443`,
      `.${host}`,
      '[::1]',
      '127.0.0.1:1',
    ]
    for (const name of foreign) {
      const spoofed = `X-Forwarded-Host: ${host}\r\nForwarded: host=${host}\r\nX-Original-URL: /user\r\n`
      const answer = await ask(
        `POST /sign-in HTTP/1.1\r\nHost: ${name}\r\n${spoofed}Content-Length: 0\r\n${closing}`,
      )
      expect(answer.status, name).toBe(421)
      expect(answer.text).not.toMatch(/Riverbend|Hillside/)
      expectSafe(answer, name)
    }
    const mail = await mailTo(target, target.browser(), target.volunteers()[0] ?? '')
    expect(mail.links.every((link) => link.startsWith(`https://${host}/`))).toBe(true)
  })
})

describe('methods', () => {
  it('that are unknown, or that open tunnels, get nowhere', async () => {
    const tried: [string, number[]][] = [
      ['TRACE', [405]],
      ['PROPFIND', [405]],
      ['PUT', [405]],
      ['LOCK', [405]],
      ['OPTIONS', [405]],
      ['FOO', [400]],
      ['get', [400]],
      ['CONNECT', [0]],
    ]
    for (const [method, wanted] of tried) {
      const answer = await ask(`${method} /sign-in HTTP/1.1\r\n${home}Cookie: a=canary\r\n${closing}`)
      expect(wanted, method).toContain(answer.status)
      if (answer.status === 0) continue
      expect(answer.text).not.toContain('canary')
      expectSafe(answer, method)
    }
    for (const override of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const answer = await ask(
        `GET /sign-out?_method=POST HTTP/1.1\r\n${home}${override}: POST\r\n${closing}`,
      )
      expect(answer.status).toBe(405)
    }
  })

  it('an upgrade or an expectation changes nothing', async () => {
    const upgrade = await ask(
      `GET /sign-in HTTP/1.1\r\n${home}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
    )
    expect(upgrade.status).toBe(200)
    const h2c = await ask(
      `GET /sign-in HTTP/1.1\r\n${home}Upgrade: h2c\r\nHTTP2-Settings: AA\r\nConnection: Upgrade, close\r\n\r\n`,
    )
    expect(h2c.status).toBe(200)
    const expecting = await ask(
      `POST /sign-in HTTP/1.1\r\n${home}Expect: miracles\r\nContent-Length: 1\r\n${closing}x`,
    )
    expect(expecting.status).toBe(417)
    expectSafe(expecting, 'expectation')
  })
})

describe('advisories 11 and 12: another spelling of a path', () => {
  const open =
    /^\/($|sign-in|portal\/api\/sign-in|auth|not-me|reminders\/off|magiclink|l\/|hub\/auth\/(keys|magic|\.well-known)|help$|healthz$|readyz$|metrics$|assets\/|\.well-known\/|dev\/|account\/erased$|robots\.txt$|manifest\.webmanifest$|openapi\.json$|docs\/)/
  const behindTheDoor = allRoutes()
    .filter(({ method, path }) => method === 'GET' && !open.test(path))
    .map(({ path }) => path.replace(':slug', 'riverbend'))

  const respell: ((path: string) => string)[] = [
    (path) => path,
    (path) => `/${path}`,
    (path) => `//${path}`,
    (path) => path.replaceAll('/', '//'),
    (path) => `/.${path}`,
    (path) => `/x/..${path}`,
    (path) => `/%2e${path}`,
    (path) => `/x/%2e%2e${path}`,
    (path) => `/sign-in/..${path}`,
    (path) => `/help/%2e%2e${path}`,
    (path) => `/assets/../${path}`,
    (path) => path.replace(/(?!^)\/|$/, '%2f'),
    (path) => path.replace('/', '/%5c'),
    (path) => path.replace('/', '/%5c..%5c'),
    (path) => `${path}/`,
    (path) => `${path}//`,
    (path) => `${path}/.`,
    (path) => `${path}/x/..`,
    (path) => `${path};a=b`,
    (path) => `${path}.json`,
    (path) => `${path}%00`,
    (path) => `${path}%20`,
    (path) => `${path}?`,
    (path) => `${path}?next=/help`,
    (path) => `${path}#/help`,
    (path) => `${path}%23`,
    (path) => `${path}%3f`,
    (path) => path.toUpperCase(),
    (path) => path.replace(/.$/, (letter) => letter.toUpperCase()),
    (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (path) => path.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (path) => path.replace(/[a-z]/, (letter) => `%25${letter.charCodeAt(0).toString(16)}`),
  ]

  it('meets the same guard or nothing at all', async () => {
    expect(behindTheDoor.length).toBeGreaterThanOrEqual(9)
    const opened: string[] = []
    let guarded = 0
    for (const path of behindTheDoor) {
      // All of one path over one connection: a check must not lose state between two requests, either.
      const spellings = respell.map((each) => each(path))
      const bytes = spellings.map((spelling) => `GET ${spelling} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      for (const [i, one] of bytes.entries()) {
        const answer = await ask(one.replace('\r\n\r\n', `\r\n${closing}`))
        const isGuard = answer.status === 401 || String(answer.headers['location']).startsWith('/sign-in')
        // A trailing slash or dot is removed, and the same path is asked again.
        const isSentThere =
          answer.status === 308 && String(answer.headers['location']).replace(/\?.*/, '') === path
        if (isGuard) guarded += 1
        else if (isSentThere) continue
        else if (![400, 404].includes(answer.status)) opened.push(`${spellings[i]}: ${answer.status}`)
        if (answer.text.includes('as_of')) opened.push(`${spellings[i]}: somebody’s record`)
      }
    }
    expect(opened).toEqual([])
    expect(guarded).toBeGreaterThanOrEqual(behindTheDoor.length * 3)
  })

  it('counts in the same limit', async () => {
    // Resets the limits that earlier tests used up.
    target.pass(600_000)
    const secret = 'x'.repeat(32)
    const stranger = `GET /auth/${secret}`
    const spellings = respell.map((each) => `GET ${each(`/auth/${secret}`)}`)
    const statuses: number[] = []
    for (const start of [...spellings, ...spellings, ...spellings, stranger]) {
      statuses.push((await ask(`${start} HTTP/1.1\r\nHost: ${host}\r\n${closing}`)).status)
    }
    const tried = statuses.filter((status) => status === 410).length
    expect(tried).toBeGreaterThan(20)
    expect(tried).toBeLessThanOrEqual(30)
    expect(statuses.at(-1)).toBe(429)
    expect(statuses.filter((status) => ![308, 400, 404, 410, 429].includes(status))).toEqual([])
  })
})

describe('too much of it', () => {
  const start = () => `POST /sign-in HTTP/1.1\r\n${home}Content-Type: ${formType}\r\n`
  const tenTimes = 10 * 64 * 1024

  it('of headers is answered 431, of a request line as well', async () => {
    for (const bytes of [
      `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nX-Bomb: ${'a'.repeat(20_000)}\r\n\r\n`,
      `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\n${'X-A: bbbbbbbbbbbbbbbb\r\n'.repeat(1000)}\r\n`,
      `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nCookie: ${'a=b; '.repeat(5000)}\r\n\r\n`,
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      `GET /sign-in?next=${'%2f'.repeat(8000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ]) {
      const answer = await ask(bytes)
      expect(answer.status).toBe(431)
      expectSafe(answer, '431')
    }
    const extension = await ask(
      `${start()}Transfer-Encoding: chunked\r\n\r\n3;${'x'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`,
    )
    expect(extension.status).toBe(413)
    expectSafe(extension, 'chunk extensions')
  })

  it('of a body is refused by its length, before any of it is sent', async () => {
    for (const length of [String(tenTimes), '99999999999', String(Number.MAX_SAFE_INTEGER)]) {
      const answer = await ask(`${start()}Content-Length: ${length}\r\n${closing}`)
      expect(answer.status, length).toBe(413)
      expectSafe(answer, '413')
    }
  })

  it('of a body in chunks is refused once the limit is passed, at any speed, and not read on', async () => {
    const { sent, answer } = await pour(`${start()}Transfer-Encoding: chunked\r\n\r\n`, 8192)
    expect(answer.status).toBe(413)
    expectSafe(answer, '413')
    expect(sent).toBeLessThanOrEqual(2 * 64 * 1024)
  })

  it('packed as gzip is never unpacked', async () => {
    const answer = await ask(
      `${start()}Content-Encoding: gzip\r\nContent-Length: 20\r\n${closing}\x1f\x8b${'\0'.repeat(18)}`,
    )
    expect(answer.status).toBe(422)
  })

  it('or too little of it is no bug of ours, and is not logged as one', async () => {
    for (const rest of [
      'Content-Length: 30\r\n\r\nemail=',
      'Transfer-Encoding: chunked\r\n\r\n6\r\nemail=\r\n',
    ]) {
      const socket = connect(target.port, '127.0.0.1')
      await new Promise<void>((resolve) => {
        socket.write(`${start()}${rest}`, () => setTimeout(resolve, 50))
      })
      socket.destroy()
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(faultyLines(target.lines)).toEqual([])
  })

  /** Sends chunk after chunk, slowly, until there is an answer. */
  async function pour(head: string, chunkBytes: number): Promise<{ sent: number; answer: Answer }> {
    const socket = connect(target.port, '127.0.0.1').setEncoding('latin1')
    socket.on('error', () => {})
    let got = ''
    socket.on('data', (more: string) => {
      got += more
    })
    socket.write(head)
    let sent = 0
    while (!got.includes('\r\n\r\n') && sent < tenTimes) {
      socket.write(`${chunkBytes.toString(16)}\r\n${'a'.repeat(chunkBytes)}\r\n`)
      sent += chunkBytes
      // The answer has this long to arrive before the next chunk.
      for (let i = 0; i < 10 && !got.includes('\r\n\r\n'); i += 1)
        await new Promise((resolve) => setTimeout(resolve, 10))
    }
    socket.destroy()
    return { sent, answer: readAnswer(got) }
  }
})

describe('two hundred slow clients', () => {
  it('delay no other visitor', async () => {
    const times = async () => {
      const took: number[] = []
      for (let i = 0; i < 60; i += 1) {
        const began = performance.now()
        const answer = await visitor.get(i % 2 === 0 ? '/sign-in' : '/portal/api/me')
        expect(answer.status).toBe(200)
        took.push(performance.now() - began)
      }
      return took.toSorted((a, b) => a - b)
    }
    await times()
    const alone = await times()
    const slow = Array.from({ length: 200 }, (_, i) => openSlow(i))
    const among = await times()
    for (const { socket } of slow) socket.destroy()
    // Relative to this machine's speed; a person would notice half a second.
    const bearable = Math.max(500, 10 * (alone[54] ?? 0))
    expect(among[54]).toBeLessThan(bearable)
    expect(slow.filter(({ isRefused }) => isRefused())).toEqual([])
  })

  /** Never ends its headers, never ends its body, or never reads the answer. */
  function openSlow(i: number): { socket: Socket; isRefused: () => boolean } {
    const socket = connect(target.port, '127.0.0.1')
    let isRefused = false
    socket.on('error', () => {
      isRefused = true
    })
    const drip = [
      `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nX-Drip: `,
      `POST /sign-in HTTP/1.1\r\n${home}Content-Type: ${formType}\r\nContent-Length: 60000\r\n\r\nemail=`,
      `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(30),
    ][i % 3]
    if (i % 3 === 2) socket.pause()
    socket.write(drip ?? '')
    const timer = setInterval(() => socket.writable && i % 3 !== 2 && socket.write('a'), 100)
    socket.on('close', () => clearInterval(timer))
    return { socket, isRefused: () => isRefused }
  }

  it('and one that never ends its headers is sent away', async () => {
    const answer = readAnswer(await dawdler)
    expect(answer.status).toBe(408)
    expectSafe(answer, '408')
  })
})

it('none of it is logged as a fault of ours', () => {
  expect(faultyLines(target.lines)).toEqual([])
})
