import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { Agent, request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findOrCreatePerson, type Person } from '../src/accounts/people.ts'
import { createApiToken, findOrCreateApplication } from '../src/customers/applications.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { readCidr } from '../src/http/network.ts'
import { applicationById } from '../src/link-api/rownd/application/applications.ts'
import { createCredential } from '../src/link-api/rownd/application/credentials.ts'
import { setSettings } from '../src/link-api/rownd/profiles/settings.ts'
import { newCode } from '../src/links/codes.ts'
import { issueLink, issueMailedLink } from '../src/links/links.ts'
import { opensOf } from '../src/links/opens.ts'
import { examine } from '../src/operator/doctor/doctor.ts'
import { openSecrets, randomToken } from '../src/secrets.ts'
import { databaseIn, openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import { makeFeed } from '../src/volunteer/shifts/calendar-feeds.ts'
import { remindersOffUrl } from '../src/volunteer/shifts/reminder-links.ts'
import {
  type AttackRequest,
  type Browser,
  customerIdAt,
  type Door,
  formType,
  inParallel,
  mailedLinkFor,
  mailTo,
  makeLinkFor,
  openTarget,
  readAnswer,
  type Target,
} from './attack.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { buildPortalProcess, type PortalProcess, startPortalProcess } from './portals.ts'

/**
 * The requirements for links, scaled to two cores: docs/security.md has each with its figures. `npm run bar -- L1` races as many at once
 * as the requirement says, and `npm run bar -- L2` as many links.
 */
const rounds = 20
const triesAtOnce = Number(process.env['LINK_BARS_TRIES'] ?? 500)
const processes = 4
const contestedLinks = Number(process.env['LINK_BARS_LINKS'] ?? 200)
const contenders = Number(process.env['LINK_BARS_CONTENDERS'] ?? 16)

describe('four processes on one database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-bars-'))
  const secret = 'the-secret-of-the-four-processes-0123456789'
  const secrets = openSecrets([secret])
  const host = 'riverbend.test'
  const portals: PortalProcess[] = []
  const agent = new Agent({ connections: Math.ceil(triesAtOnce / processes), pipelining: 1 })
  let script = ''
  let place: TestDatabase
  let store: Store
  let customerId = ''

  beforeAll(async () => {
    script = await buildPortalProcess()
    place = await testDatabase(folder)
    store = await openStore({ database: place.database })
    customerId = await store.write(() =>
      setCustomer(
        store.db,
        {
          slug: 'riverbend',
          by: operator,
          changes: {
            name: 'Riverbend Food Bank',
            url: `https://${host}`,
            'stranger-mails': 'no',
          },
        },
        Date.now(),
      ),
    )
    portals.push(...(await Promise.all(Array.from({ length: processes }, start))))
  })
  afterAll(async () => {
    await Promise.all(portals.map((portal) => portal.stop()))
    await agent.destroy()
    await store.close()
    await place.drop()
    rmSync(folder, { recursive: true })
  })

  const start = () => startPortalProcess({ script, database: place.database, secret })

  /** Made for a new person, valid from this address; or mailed to them. */
  async function issue(kind: 'made' | 'mailed', name: string) {
    const address = `${name}@example.org`
    const lifeMs = 900_000
    return store.write(function* () {
      const { db } = store
      const nowMs = Date.now()
      const { id: personId } = yield* findOrCreatePerson(db, { customerId, vomoUserId: name, address }, nowMs)
      const order = { customerId, personId, address, landing: '/', lifeMs }
      if (kind === 'mailed')
        return yield* issueMailedLink(db, secrets, { ...order, requestId: `req_${name}` }, nowMs)
      const ip = { rule: 'strict', addresses: ['127.0.0.1'] } as const
      const issuer = { kind: 'application', id: null } as const
      return yield* issueLink(
        db,
        secrets,
        { ...order, purpose: 'auth', issuer, ip, opensStaff: false },
        nowMs,
      )
    })
  }

  /** The ways to spend a link of this kind. */
  const ways = {
    made: [(of: string) => ask('GET', `/magiclink/${of}`), (of: string) => ask('POST', `/magiclink/${of}`)],
    mailed: [
      (of: string) => ask('POST', `/auth/${of}`),
      (of: string) => ask('POST', '/portal/api/sign-in/complete', JSON.stringify({ token: of })),
    ],
  } as const

  function ask(method: 'GET' | 'POST', path: string, json?: string) {
    return async (port: number) => {
      const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${path}`, {
        method,
        dispatcher: agent,
        headers: {
          host,
          ...(method === 'POST' && { origin: `https://${host}` }),
          'content-type': json === undefined ? formType : 'application/json',
        },
        ...(json !== undefined && { body: json }),
      })
      await body.dump()
      const isIn = /__Host-porchlight_session=\w/.test([headers['set-cookie'] ?? []].flat().join())
      return { status: statusCode, isIn }
    }
  }

  async function sessionsOf(linkId: string): Promise<number> {
    const found = await store.read(
      store.db.selectFrom('session').select('id').where('link_id', '=', linkId).compile(),
    )
    return found.length
  }

  it(`L1, advisory 1: of ${triesAtOnce} tries in flight on one link, by every way there is, one signs in, ${rounds} times in ${rounds}`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const kind = round % 2 === 0 ? 'made' : 'mailed'
      const link = await issue(kind, `contested-${round}`)
      const answers = await Promise.all(
        Array.from({ length: triesAtOnce }, (_, i) => {
          const way = ways[kind][(i + round) % 4 < 2 ? 0 : 1]
          return way(link.secret)(portals[i % processes]?.port ?? 0)
        }),
      )
      expect(
        answers.filter(({ isIn }) => isIn),
        `round ${round}`,
      ).toHaveLength(1)
      expect(answers.filter(({ status }) => status >= 500)).toEqual([])
      expect(new Set(answers.filter(({ isIn }) => !isIn).map(({ status }) => status))).toEqual(new Set([410]))
      expect(await sessionsOf(link.id)).toBe(1)
    }
    expect(portals.flatMap(({ faults }) => faults)).toEqual([])
  }, 600_000)

  it(`L2: of ${contestedLinks} links with ${contenders} contenders each, while processes are killed and stopped, none has two winners, and none is lost unheard`, async () => {
    const contested = async (i: number) => {
      const kind = i % 2 === 0 ? ('made' as const) : ('mailed' as const)
      const link = await issue(kind, `chaos-${i}`)
      return { kind, ...link, won: 0, lost: 0, unknown: 0, odd: [] as number[] }
    }
    const links: Awaited<ReturnType<typeof contested>>[] = []
    const faults: string[] = []
    const harm = { killed: 0, stopped: 0 }
    let isOver = false

    /** One at a time, so that a server always answers. */
    async function wreak(): Promise<void> {
      for (let i = 0; !isOver; i += 1) {
        await pause(40 + Math.random() * 80)
        const at = i % processes
        const victim = portals[at]
        if (!victim) return
        if (i % 2 === 0) {
          harm.stopped += 1
          victim.process.kill('SIGSTOP')
          await pause(150)
          victim.process.kill('SIGCONT')
          continue
        }
        harm.killed += 1
        victim.process.kill('SIGKILL')
        await victim.ended
        faults.push(...victim.faults)
        portals[at] = await start()
      }
    }

    const wreaking = wreak()
    // On a busy machine a process takes longer to start than the first links to be spent.
    do {
      const some = await Promise.all(
        Array.from({ length: contestedLinks }, (_, i) => contested(links.length + i)),
      )
      links.push(...some)
      await inParallel(
        some,
        async (link) => {
          await Promise.all(
            Array.from({ length: contenders }, async (_, i) => {
              await pause(Math.random() * 30)
              try {
                const way = ways[link.kind][i % 2 === 0 ? 0 : 1]
                const { status, isIn } = await way(link.secret)(portals[(i * 7) % processes]?.port ?? 0)
                if (isIn) link.won += 1
                else if (status === 410) link.lost += 1
                else link.odd.push(status)
              } catch (error) {
                // The connection was refused, so this one was never in the race.
                if (!isRefused(error)) link.unknown += 1
              }
            }),
          )
        },
        5,
      )
    } while (harm.killed < 3 || harm.stopped < 3)
    isOver = true
    await wreaking

    expect(harm.killed).toBeGreaterThanOrEqual(3)
    expect(harm.stopped).toBeGreaterThanOrEqual(3)
    expect(links.flatMap(({ odd }) => odd)).toEqual([])
    expect(links.filter(({ won }) => won > 1)).toEqual([])
    const ends = await Promise.all(
      links.map(async ({ won, lost, unknown, id }) => ({
        won,
        lost,
        unknown,
        sessions: await sessionsOf(id),
      })),
    )
    // A link is spent and a session opened in one transaction: a refusal means that another try's session exists.
    expect(ends.filter(({ sessions }) => sessions > 1)).toEqual([])
    expect(ends.filter(({ won, lost, sessions }) => won + lost > 0 && sessions !== 1)).toEqual([])
    expect(ends.filter(({ won, lost, unknown }) => won === 0 && lost > 0 && unknown === 0)).toEqual([])
    expect(links.filter(({ won }) => won === 1).length).toBeGreaterThan(links.length / 2)
    expect([...faults, ...portals.flatMap((portal) => portal.faults)]).toEqual([])
    for (const link of links.filter(({ won }) => won === 0)) {
      const way = ways[link.kind][1]
      const wasSpent = (await sessionsOf(link.id)) === 1
      const { isIn } = await way(link.secret)(portals[0]?.port ?? 0)
      expect(isIn, 'not spent, so usable').toBe(!wasSpent)
    }
  }, 600_000)
})

/** Any address of 127.0.0.0/8 can be ours; as a block it means that one address, not "this machine". */
const right = '127.0.0.9'
const wrong = '127.0.0.66'
const browserAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const clickHeaders = {
  'user-agent': browserAgent,
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
}

/** User agents of security gateways, previewers and prefetching readers. */
const robots = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0 Safari/537.36 SafeLinks',
  'Mozilla/5.0 (compatible; Proofpoint URL Defense)',
  'Mimecast-URL-Scanner/1.0',
  'BarracudaCentral/1.0',
  'IronPort URL Check',
  'Symantec.cloud Link Following',
  'Mozilla/5.0 (Sophos Email Time-of-Click)',
  'Mozilla/5.0 (compatible; TrendMicro WRS)',
  'Mozilla/5.0 (compatible; Zscaler)',
  'Forcepoint-URL-Analysis/2',
  'urlscan.io/1.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36',
  'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.5134; Pro)',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'facebookexternalhit/1.1',
  'WhatsApp/2.23.20.0 A',
  'TelegramBot (like TwitterBot)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5',
  'LinkedInBot/1.0 (compatible; Mozilla/5.0)',
  'curl/8.5.0',
  'python-requests/2.32.3',
  'Go-http-client/2.0',
  '',
] as const
const previewers = /slackbot|facebook|whatsapp|telegram|skype|linkedin/i

type Hit = { method: string; headers: Record<string, string>; class: string | undefined }

const subresources = [
  ['no-cors', 'image'],
  ['cors', 'empty'],
  ['no-cors', 'script'],
  ['navigate', 'iframe'],
] as const

/** Requests that say they are not clicks; no address makes them one. */
const robotHits: Hit[] = [
  ...robots.flatMap((agent, i) => {
    const [mode, dest] = subresources[i % subresources.length] ?? subresources[0]
    const headers = { 'user-agent': agent, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest }
    return { method: 'GET', headers, class: previewers.test(agent) ? 'preview_bot' : 'mail_scanner' }
  }),
  ...subresources.map(([mode, dest]) => ({
    method: 'GET',
    headers: { 'user-agent': browserAgent, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest },
    class: 'mail_scanner',
  })),
  ...['sec-purpose', 'purpose', 'x-moz'].map((name) => ({
    method: 'GET',
    headers: { ...clickHeaders, [name]: name === 'sec-purpose' ? 'prefetch;prerender' : 'prefetch' },
    class: 'prefetch',
  })),
  { method: 'GET', headers: { ...clickHeaders, purpose: 'preview' }, class: 'prefetch' },
  { method: 'HEAD', headers: clickHeaders, class: 'mail_scanner' },
  { method: 'HEAD', headers: { 'user-agent': 'curl/8.5.0' }, class: 'mail_scanner' },
  { method: 'HEAD', headers: { 'user-agent': 'WhatsApp/2.23.20.0 A' }, class: 'preview_bot' },
  // Answered before the link is looked up.
  ...['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'].map((method) => ({
    method,
    headers: { ...clickHeaders, 'sec-fetch-site': 'same-origin' },
    class: undefined,
  })),
]

/** What a mailed link also withstands, and a made one from a wrong address: robots that look like a click. */
const eagerHits: Hit[] = ['curl/8.5.0', 'Mimecast-URL-Scanner/1.0', 'Slackbot-LinkExpanding 1.0'].map(
  (agent) => ({
    method: 'GET',
    headers: { 'user-agent': agent },
    class: previewers.test(agent) ? 'preview_bot' : 'mail_scanner',
  }),
)

describe('L3: everything that opens a link without a person', () => {
  const linksOfEach = 20
  let target: Target

  beforeAll(async () => {
    target = await openTarget()
  })
  afterAll(() => target.close())

  const cases = {
    'a mailed link': {
      issue: (name: string) => mailedLinkFor(target, { address: `${name}@example.org` }),
      from: right,
      hits: [...robotHits, ...eagerHits],
      click: 'other_device',
    },
    'a made link, from the right address': {
      issue: (name: string) => madeFor(name, right),
      from: right,
      hits: robotHits,
      click: undefined,
    },
    'a made link, from a wrong address': {
      issue: (name: string) => madeFor(name, right),
      from: wrong,
      hits: [...robotHits, ...eagerHits],
      click: 'wrong_address',
    },
  }

  async function madeFor(name: string, address: string) {
    return makeLinkFor(target, { address: `${name}@example.org`, addresses: [`${address}/32`] })
  }

  it.each(Object.keys(cases) as (keyof typeof cases)[])(
    '%s: nothing is spent, no cookie set, every look is noted for what it was, and then its owner signs in',
    async (name) => {
      const { issue, from, hits, click } = cases[name]
      const links = await Promise.all(
        Array.from({ length: linksOfEach }, (_, i) => issue(`${name.replace(/\W/g, '')}-${i}`)),
      )
      const looks: Hit[] =
        click === undefined ? hits : [...hits, { method: 'GET', headers: clickHeaders, class: click }]
      const rowOf = async (id: string) => {
        const { db } = target.store
        const [row] = await target.store.read(
          db.selectFrom('link').selectAll().where('id', '=', id).compile(),
        )
        return { ...row, open_count: 0 }
      }
      const before = await Promise.all(links.map(({ id }) => rowOf(id)))
      // By now a person may have read the email.
      target.pass(60_000)

      await inParallel(links, async ({ path }) => {
        for (const { method, headers } of looks) {
          const answer = await target.send(method, path, { headers, from })
          expect(answer.headers['set-cookie'], `${method} ${JSON.stringify(headers)}`).toBeUndefined()
          expect([200, 403, 404, 405], `${method} ${JSON.stringify(headers)}`).toContain(answer.status)
        }
      })
      // And a scanner that presses the button from a wrong address.
      const pressed = await Promise.all(
        (from === wrong ? links : []).map(({ path }) =>
          target.send('POST', path, { headers: pressHeaders(target.doors.riverbend), from }),
        ),
      )
      expect(
        pressed.filter(({ status, headers }) => status !== 403 || headers['set-cookie'] !== undefined),
      ).toEqual([])

      expect(await Promise.all(links.map(({ id }) => rowOf(id)))).toEqual(before)
      const expected = looks.flatMap((hit) => hit.class ?? [])
      expect(expected.length).toBeGreaterThan(30)
      for (const { id } of links)
        expect((await opensOf(target.store, id)).map((open) => open.class).toSorted()).toEqual(
          expected.toSorted(),
        )
      for (const { path } of links) {
        const answer = await target.send('POST', path, {
          headers: pressHeaders(target.doors.riverbend),
          from: right,
        })
        expect([answer.status, answer.headers['location']]).toEqual([303, '/help'])
        expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-porchlight_session=\w{32};/)
      }
    },
  )

  it('and the one exception: a plain GET from the right address signs in, as VOMO’s links do', async () => {
    for (const headers of [{}, { 'user-agent': 'curl/8.5.0' }, clickHeaders]) {
      const { path } = await madeFor(randomToken(8), right)
      const answer = await target.send('GET', path, { headers, from: right })
      expect([answer.status, answer.headers['location']]).toEqual([303, '/help'])
    }
  })
})

function pressHeaders(door: Door): Record<string, string> {
  return { origin: door.origin, 'sec-fetch-site': 'same-origin', 'content-type': formType }
}

describe('L4: a visitor who claims to be elsewhere', () => {
  const firstProxy = '127.0.0.10'
  const lastProxy = '127.0.0.11'
  /** Each way to the portal: the trusted proxies, the address of the last hop, and what the proxies append. */
  const paths = {
    'straight, no proxy trusted': { trusted: [], peer: wrong, added: undefined, rightPeer: right },
    'past the proxy that is trusted': {
      trusted: [firstProxy],
      peer: wrong,
      added: undefined,
      rightPeer: right,
    },
    'through one proxy': { trusted: [firstProxy], peer: firstProxy, added: wrong, rightAdded: right },
    'through two proxies': {
      trusted: [firstProxy, lastProxy],
      peer: lastProxy,
      added: `${wrong}, ${firstProxy}`,
      rightAdded: `${right}, ${firstProxy}`,
    },
    'through a block of proxies': {
      trusted: ['127.0.0.16/28', '192.0.2.0/24'],
      peer: '127.0.0.20',
      added: `${wrong}, 192.0.2.7, 127.0.0.31`,
      rightAdded: `${right}, 192.0.2.7, 127.0.0.31`,
    },
  } satisfies Record<
    string,
    { trusted: string[]; peer: string; added: string | undefined; rightPeer?: string; rightAdded?: string }
  >

  const names = [
    'X-Forwarded-For',
    'x-forwarded-for',
    'X-FORWARDED-FOR',
    'Forwarded',
    'X-Real-IP',
    'X-Client-IP',
    'Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'Fastly-Client-IP',
    'Fly-Client-IP',
    'X-Cluster-Client-IP',
    'X-Originating-IP',
    'X-Remote-IP',
    'X-Remote-Addr',
    'Remote-Addr',
    'X-ProxyUser-Ip',
    'X-Azure-ClientIP',
    'X-Envoy-External-Address',
    'X-Forwarded',
    'Forwarded-For',
    'X-Host',
    'Via',
  ]
  const claims = [
    right,
    ` ${right}\t`,
    `::ffff:${right}`,
    `[::ffff:${right}]:443`,
    `${right}:443`,
    `"${right}"`,
    `for=${right}`,
    `for="${right}:443";proto=https;by=${firstProxy}`,
    `${right}, ${right}, ${right}`,
    `${right}, 127.0.0.1`,
    `${right}, ${firstProxy}, ${lastProxy}`,
    `unknown, ${right}`,
    `, ${right}`,
    `${right},`,
    `0x7f.0.0.9`,
    `2130706441`,
    `${'10.0.0.1, '.repeat(50)}${right}`,
  ]
  /** The header lines of each attempt. */
  const sets: string[][] = [
    ...names.flatMap((name) => claims.map((claim) => [`${name}: ${claim}`])),
    ...claims.map((claim) => names.map((name) => `${name}: ${claim}`)),
    ...claims.map((claim) => [`X-Forwarded-For: ${claim}`, `X-Forwarded-For: ${right}`]),
    ...claims.map((claim) => [`X-Forwarded-For: ${right}`, `Forwarded: for=${right}`, `X-Real-IP: ${claim}`]),
  ]

  let target: Target | undefined
  afterEach(async () => {
    await target?.close()
    target = undefined
  })

  it.each(Object.keys(paths) as (keyof typeof paths)[])(
    `advisory 21: by ${sets.length} sets of headers, %s, redeems nothing and spends nothing`,
    async (name) => {
      const { trusted, peer, added, ...rightWay } = paths[name]
      const portal = await openTarget({ trustedProxies: trusted.map(readCidr) })
      target = portal
      const { path } = await makeLinkFor(portal, { address: 'owner@example.org', addresses: [`${right}/32`] })
      const { host, origin } = portal.doors.riverbend
      const wrongly: string[] = []
      await inParallel(sets.entries(), async ([i, lines]) => {
        const method = i % 2 === 0 ? 'GET' : 'POST'
        const head = [
          `${method} ${path} HTTP/1.1`,
          `Host: ${host}`,
          `Origin: ${origin}`,
          'Content-Length: 0',
          'Connection: close',
          ...lines,
          ...(added === undefined ? [] : [`X-Forwarded-For: ${added}`]),
        ]
        const answer = readAnswer(await portal.raw(`${head.join('\r\n')}\r\n\r\n`, 20_000, peer))
        if (answer.status !== 403 || answer.headers['set-cookie'] !== undefined)
          wrongly.push(`${answer.status} for ${lines.join(' | ')}`)
      })
      expect(wrongly).toEqual([])
      const forwarded = 'rightAdded' in rightWay ? rightWay.rightAdded : undefined
      const answer = await portal.send('GET', path, {
        headers: { ...clickHeaders, ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) },
        from: 'rightPeer' in rightWay ? rightWay.rightPeer : peer,
      })
      expect([answer.status, answer.headers['location']]).toEqual([303, '/help'])
    },
  )

  it('row 4: a visitor whose proxy adds a port opens their link; an unreadable hop is logged once a minute, and the doctor reports it', async () => {
    const portal = await openTarget({ trustedProxies: [readCidr('127.0.0.1')] })
    target = portal
    const visitors = { '198.51.100.9:51234': '198.51.100.9', '"[2001:db8:7::1]:4711"': '2001:db8:7::1' }
    const findings = () =>
      examine({
        store: portal.store,
        clock: portal.clock,
        askVomo: async () => undefined,
        verifyMail: async () => {},
        fetch: async () => new Response(null, { headers: { 'strict-transport-security': 'max-age=1' } }),
      })
    const open = (path: string, forwardedFor: string) =>
      portal.send('GET', path, { headers: { ...clickHeaders, 'x-forwarded-for': forwardedFor } })
    for (const forwardedFor of ['unknown', '_hidden, 127.0.0.1:80', ...Object.keys(visitors)]) {
      const address = visitors[forwardedFor as keyof typeof visitors] ?? '198.51.100.9'
      const { path } = await makeLinkFor(portal, { address: 'owner@example.org', addresses: [address] })
      const { status } = await open(path, `6.6.6.6, ${forwardedFor}`)
      expect(status, forwardedFor).toBe(forwardedFor in visitors ? 303 : 403)
    }
    const logged = portal.lines.filter((line) => line.includes('X-Forwarded-For'))
    expect(logged.length).toBe(1)
    const told = (await findings()).filter(({ what }) => what.includes('X-Forwarded-For'))
    expect(told).toMatchObject([
      {
        isWell: false,
        what: expect.stringContaining(
          '127.0.0.1 has a hop that is no address, "aaaaaaa" (once in the last day',
        ),
      },
    ])
    portal.pass(25 * 3_600_000)
    expect((await findings()).filter(({ what }) => what.includes('X-Forwarded-For'))).toEqual([])
  })

  it('is tried with as many as the bar says', () => expect(sets.length).toBeGreaterThanOrEqual(400))
})

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const codeLetters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

describe('L5: a hundred thousand secrets', () => {
  const count = 100_000
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-secrets-'))
  const secrets = openSecrets(['the-secret-of-a-hundred-thousand-links-0123'])
  let issued: string[] = []
  let codes: string[] = []

  beforeAll(async () => {
    const store = await openStore({ database: databaseIn(folder) })
    const { db } = store
    const changes = { name: 'Riverbend', url: 'https://riverbend.example', 'stranger-mails': 'no' }
    const customer = { slug: 'riverbend', by: operator, changes }
    const customerId = await store.write(() => setCustomer(db, customer, 1))
    const ip = { rule: 'strict', addresses: ['203.0.113.9'] } as const
    const issuer = { kind: 'application', id: null } as const
    const order = { customerId, purpose: 'auth', issuer, personId: null, address: null, ip } as const
    for (let batch = 0; batch < count / 5000; batch += 1) {
      await store.write(function* () {
        for (let i = 0; i < 5000; i += 1) {
          const made = { ...order, landing: '/', opensStaff: false, lifeMs: 1000 }
          issued.push((yield* issueLink(db, secrets, made, 1)).secret)
        }
        const met = { customerId, vomoUserId: `${batch}`, address: `${batch}@example.org` }
        const { id: personId, address } = yield* findOrCreatePerson(db, met, 1)
        for (let i = 0; i < 50; i += 1) {
          const mailed = { customerId, personId, address, landing: '/', requestId: `req_${batch}_${i}` }
          const { secret, code } = yield* issueMailedLink(db, secrets, { ...mailed, lifeMs: 1000 }, 1)
          issued.push(secret)
          codes.push(code)
        }
      })
    }
    await store.close()
    codes = [...codes, ...Array.from({ length: count - codes.length }, newCode)]
  }, 120_000)
  afterAll(() => {
    issued = []
    rmSync(folder, { recursive: true })
  })

  it.each([
    // The last six letters are an encrypted second.
    ['links', () => issued, letters, 32, 26, 154, 0],
    [
      'sessions',
      () => Array.from({ length: count }, () => secrets.issue('session', 1).secret),
      letters,
      32,
      26,
      154,
      0,
    ],
    // The chance of one duplicate among so many is 1 in 130.
    ['codes', () => codes, codeLetters, 8, 8, 39, 1],
    ['browser keys', () => Array.from({ length: count }, () => randomToken(32)), letters, 32, 32, 190, 0],
  ] as const)(
    'of %s have their length, letters and bits, are no UUID, do not repeat, and have no favourite letter at any place',
    (_, make, alphabet, length, drawn, bits, maxRepeats) => {
      const all = make()
      expect(all.length).toBeGreaterThanOrEqual(count)
      const allowed = new RegExp(`^[${alphabet}]{${length}}$`)
      expect(all.filter((each) => !allowed.test(each))).toEqual([])
      expect(Math.floor(drawn * Math.log2(alphabet.length))).toBe(bits)
      expect(all.length - new Set(all).size).toBeLessThanOrEqual(maxRepeats)
      const places = Array.from({ length }, (__, i) =>
        deviation(
          all.map((each) => each[i] ?? ''),
          alphabet,
        ),
      )
      // Of 32 places, one honest sample in 30,000 exceeds this.
      expect(places.filter((each) => each > 4.9)).toEqual([])
    },
  )

  it('stand nowhere in the file they are kept in', () => {
    const found: string[] = []
    let seen = 0
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file)).toString('latin1')
      seen += text.match(/lnk_\w{20}/g)?.length ?? 0
      for (const [held, runs, length] of [
        [new Set(issued), /[0-9A-Za-z]{32,}/g, 32],
        [new Set(codes.slice(0, 1000)), /[2-9A-HJKMNP-TV-Z]{8,}/g, 8],
      ] as const) {
        for (const [run] of text.matchAll(runs))
          for (let i = 0; i + length <= run.length; i += 1)
            if (held.has(run.slice(i, i + length))) found.push(run)
      }
    }
    expect(seen).toBeGreaterThan(count)
    expect(found).toEqual([])
  })
})

/** χ² of how often each letter occurs, as standard deviations of a normal distribution (Wilson and Hilferty). */
function deviation(text: readonly string[], alphabet: string): number {
  const counts = new Map([...alphabet].map((letter) => [letter, 0]))
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  const expected = text.length / alphabet.length
  const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  const freedom = alphabet.length - 1
  return (Math.cbrt(chiSquared / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom))
}

describe('L6: every kind of secret at every other door', () => {
  let target: Target

  beforeAll(async () => {
    target = await openTarget({ limits: { callsPerApplication: undefined } })
    for (const at of Object.values(target.doors)) backends[at.slug] = await openBackend(at)
  })
  afterAll(() => target.close())

  type Minted = { value: string; asked?: string }
  type Kind =
    | 'mailed link'
    | 'code'
    | 'made link'
    | 'session'
    | 'browser key'
    | 'api token'
    | 'calendar link'
    | 'reminder link'
    | 'application link'
    | 'invite link'
    | 'hand-off code'
    | 'access token'
    | 'access token of another application'
    | 'refresh token'
    | 'app key'
    | 'app secret'

  /** An application that makes links, and keeps a group. */
  type Backend = { id: string; key: string; secret: string; group: string }
  const backends: Record<string, Backend> = {}
  const backendAt = (at: Door) => backends[at.slug] as Backend

  async function openBackend(at: Door): Promise<Backend> {
    const { store, secrets, clock } = target
    const customerId = await customerIdAt(target, at)
    const { id, key, secret } = await store.write(function* () {
      const application = yield* findOrCreateApplication(
        store.db,
        { customerId, name: randomToken(8) },
        clock(),
      )
      const order = { application, name: 'matrix', expiresAtMs: null }
      return { ...(yield* createCredential(store.db, secrets, order, clock())), id: application.id }
    })
    const application = await applicationById(store, { customerId, applicationId: id })
    if (!application) throw new Error('the application is not there')
    const settings = { defaultRedirectUrl: 'https://app.example/', sessionHandoff: 'code' } as const
    await store.write(() => setSettings(store.db, application, settings, clock()))
    const group = await call(at, { id, key, secret }, `/applications/${id}/groups`, { name: 'Cooks' })
    return { id, key, secret, group: String(group['id']) }
  }

  const credentialsOf = ({ key, secret }: { key: string; secret: string }) => ({
    'content-type': 'application/json',
    'x-rownd-app-key': key,
    'x-rownd-app-secret': secret,
  })

  async function call(
    at: Door,
    by: Omit<Backend, 'group'>,
    path: string,
    json: unknown,
  ): Promise<Record<string, unknown>> {
    const answer = await send('POST', path, at, { headers: credentialsOf(by), body: JSON.stringify(json) })
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
    return JSON.parse(answer.text) as Record<string, unknown>
  }

  const lastOf = (url: unknown) => String(url).split('/').at(-1) ?? ''

  async function applicationLink(at: Door, by = backendAt(at)): Promise<string> {
    return lastOf((await call(at, by, '/hub/auth/magic', { data: { email: newAddress() } }))['link'])
  }

  async function tokensAt(at: Door, by = backendAt(at)): Promise<Record<string, string>> {
    const path = `/hub/auth/magic/${await applicationLink(at, by)}`
    const answer = await send('GET', path, at, { headers: { 'user-agent': 'rownd sdk' } })
    return JSON.parse(answer.text) as Record<string, string>
  }

  /** A backend that does exactly what our documents require. */
  async function backendTakes({ value }: Minted, at: Door): Promise<boolean> {
    const published = await send('GET', '/hub/auth/keys', at)
    const keys = createLocalJWKSet(JSON.parse(published.text) as JSONWebKeySet)
    const asks = { issuer: at.origin, audience: `app:${backendAt(at).id}` }
    return jwtVerify(value, keys, asks).then(
      () => true,
      () => false,
    )
  }

  let calendars = 0
  /** Each of another volunteer, because a new one ends the previous one. */
  async function calendarLink(at: Door): Promise<string> {
    const { store, secrets, clock } = target
    const person = await nextPerson(at)
    return store.write(() => makeFeed(store.db, secrets, person, clock()))
  }

  async function nextPerson(at: Door): Promise<Person> {
    const { store, clock, world } = target
    const customerId = await customerIdAt(target, at)
    const address = target.volunteers(at.slug)[calendars++] ?? ''
    const user = world.customers
      .find(({ slug }) => slug === at.slug)
      ?.records.users.find(({ email }) => email === address)
    const met = { customerId, vomoUserId: String(user?.id), address }
    return store.write(() => findOrCreatePerson(store.db, met, clock()))
  }

  /** A person whose links no other email replaces. */
  const newAddress = () => `${randomToken(10).toLowerCase()}@example.org`

  const mints: Record<Kind, (at: Door) => Promise<Minted>> = {
    'mailed link': async (at) => ({ value: (await mailed(at)).secret }),
    code: async (at) => {
      const { code, asked } = await mailed(at)
      return { value: code, asked }
    },
    'made link': async (at) => ({ value: (await makeLinkFor(target, { at, address: newAddress() })).secret }),
    session: async (at) => {
      const browser = target.browser(at)
      await browser.post((await mailed(at)).path)
      return { value: browser.cookie('session') ?? '' }
    },
    // With the code that makes it useful.
    'browser key': async (at) => {
      const { code, asked } = await mailed(at)
      return { value: asked, asked: code }
    },
    'api token': async (at) => {
      const { store, secrets, clock } = target
      const customerId = await customerIdAt(target, at)
      const token = await store.write(function* () {
        const of = { customerId, name: randomToken(8) }
        const application = yield* findOrCreateApplication(store.db, of, clock())
        const order = { application, name: 'matrix', scopes: ['links'] as const, expiresAtMs: null }
        return yield* createApiToken(store.db, secrets, order, clock())
      })
      return { value: token.secret }
    },
    'calendar link': async (at) => ({ value: await calendarLink(at) }),
    'reminder link': async (at) => {
      const { id: personId } = await nextPerson(at)
      return { value: lastOf(remindersOffUrl(target.secrets, { publicOrigin: at.origin, personId })) }
    },
    'application link': async (at) => ({ value: await applicationLink(at) }),
    'invite link': async (at) => {
      const { id, group } = backendAt(at)
      const invite = { email: newAddress(), roles: ['cook'] }
      const path = `/applications/${id}/groups/${group}/invites`
      return { value: lastOf((await call(at, backendAt(at), path, invite))['link']) }
    },
    'hand-off code': async (at) => {
      const pressed = await send('POST', `/l/${await applicationLink(at)}`, at)
      const to = new URL(String(pressed.headers['location']))
      return { value: to.searchParams.get('porchlight_code') ?? '' }
    },
    'access token': async (at) => ({ value: (await tokensAt(at))['access_token'] ?? '' }),
    'access token of another application': async (at) => {
      const other = await openBackend(at)
      return { value: (await tokensAt(at, other))['access_token'] ?? '' }
    },
    'refresh token': async (at) => ({ value: (await tokensAt(at))['refresh_token'] ?? '' }),
    'app key': async (at) => ({ value: backendAt(at).key }),
    'app secret': async (at) => ({ value: backendAt(at).secret }),
  }

  const mailed = (at: Door) => mailedLinkFor(target, { at, address: newAddress() })

  /** Tries a value at a route; returns whether it was accepted. */
  type Knock = (key: Minted, at: Door) => Promise<boolean>
  const send = (method: string, path: string, at: Door, more: AttackRequest = {}) =>
    target.send(method, path, {
      ...more,
      door: at,
      headers: { ...pressHeaders(at), ...more.headers },
    })
  const cookie = (at: Door, name: 'session' | 'asked', value: string) => ({
    cookie: `${at.origin.startsWith('https:') ? '__Host-' : ''}porchlight_${name}=${encodeURIComponent(value)}`,
  })
  const opens = async (answer: Promise<{ status: number; headers: Record<string, unknown> }>) => {
    const { status, headers } = await answer
    return status < 400 || String(headers['set-cookie']).includes('porchlight_session')
  }
  const of = ({ value }: Minted) => encodeURIComponent(value)
  const bearer = ({ value }: Minted) => ({ authorization: `Bearer ${encodeURI(value)}` })

  const doors: Record<string, { opensFor: Kind | readonly Kind[]; knock: Knock }> = {
    'GET /auth': { opensFor: 'mailed link', knock: (key, at) => opens(send('GET', `/auth/${of(key)}`, at)) },
    'GET /auth?t=': {
      opensFor: 'mailed link',
      knock: (key, at) => opens(send('GET', `/auth?t=${of(key)}`, at)),
    },
    'POST /auth': {
      opensFor: 'mailed link',
      knock: (key, at) => opens(send('POST', `/auth/${of(key)}`, at)),
    },
    'POST /auth/…/again': {
      opensFor: 'mailed link',
      knock: (key, at) => opens(send('POST', `/auth/${of(key)}/again`, at)),
    },
    'GET /not-me': {
      opensFor: 'mailed link',
      knock: (key, at) => opens(send('GET', `/not-me/${of(key)}`, at)),
    },
    'POST /not-me': {
      opensFor: 'mailed link',
      knock: (key, at) => opens(send('POST', `/not-me/${of(key)}`, at)),
    },
    'the API’s {token}': {
      opensFor: 'mailed link',
      knock: (key, at) => opens(complete(at, { token: key.value })),
    },
    'GET /magiclink': {
      opensFor: 'made link',
      knock: (key, at) => opens(send('GET', `/magiclink/${of(key)}`, at)),
    },
    'POST /magiclink': {
      opensFor: 'made link',
      knock: (key, at) => opens(send('POST', `/magiclink/${of(key)}`, at)),
    },
    'POST /magiclink/…/mail': {
      opensFor: 'made link',
      knock: (key, at) => opens(send('POST', `/magiclink/${of(key)}/mail`, at)),
    },
    'the API’s {code}': {
      opensFor: 'code',
      knock: (key, at) => opens(complete(at, { code: key.value }, key.asked)),
    },
    'the form’s code': {
      opensFor: 'code',
      knock: (key, at) =>
        opens(
          send('POST', '/sign-in/code', at, {
            body: new URLSearchParams({ code: key.value }).toString(),
            headers: cookie(at, 'asked', key.asked ?? ''),
          }),
        ),
    },
    'the session cookie': {
      opensFor: 'session',
      knock: (key, at) =>
        opens(send('GET', '/portal/api/limits', at, { headers: cookie(at, 'session', key.value) })),
    },
    'the asked cookie': {
      opensFor: 'browser key',
      knock: (key, at) => opens(complete(at, { code: key.asked ?? '2222-2222' }, key.value)),
    },
    'Bearer at /v1': {
      opensFor: 'api token',
      knock: async (key, at) => {
        const headers = { authorization: `Bearer ${key.value}`, 'content-type': 'application/json' }
        return (await send('POST', '/v1/users/one-time', at, { body: '{}', headers })).status !== 401
      },
    },
    // Until VOMO has told us everything, a calendar answers its holder that it is incomplete.
    'GET /calendar': {
      opensFor: 'calendar link',
      knock: async (key, at) => (await send('GET', `/calendar/${of(key)}.ics`, at)).status !== 404,
    },
    'GET /reminders/off': {
      opensFor: 'reminder link',
      knock: async (key, at) => (await send('GET', `/reminders/off/${of(key)}`, at)).status === 200,
    },
    'POST /reminders/off': {
      opensFor: 'reminder link',
      knock: async (key, at) => (await send('POST', `/reminders/off/${of(key)}`, at)).status === 200,
    },
    'GET /l': {
      opensFor: ['application link', 'invite link'],
      knock: (key, at) => opens(send('GET', `/l/${of(key)}`, at)),
    },
    'POST /l': {
      opensFor: ['application link', 'invite link'],
      knock: (key, at) => opens(send('POST', `/l/${of(key)}`, at)),
    },
    'a Rownd client at /hub/auth/magic': {
      opensFor: 'application link',
      knock: async (key, at) => {
        const headers = { 'user-agent': 'rownd sdk' }
        return (await send('GET', `/hub/auth/magic/${of(key)}`, at, { headers })).text.includes('_token"')
      },
    },
    'POST /hub/auth/handoff': {
      opensFor: 'hand-off code',
      knock: (key, at) => {
        const headers = credentialsOf(backendAt(at))
        const body = JSON.stringify({ code: key.value.slice(0, 200) })
        return opens(send('POST', '/hub/auth/handoff', at, { headers, body }))
      },
    },
    'Bearer at /me': {
      opensFor: ['access token', 'access token of another application'],
      knock: (key, at) => opens(send('GET', '/me', at, { headers: bearer(key) })),
    },
    'Bearer at /me/applications': {
      opensFor: 'access token',
      knock: (key, at) =>
        opens(send('GET', `/me/applications/${backendAt(at).id}/data`, at, { headers: bearer(key) })),
    },
    'a backend that checks signature, issuer and audience': {
      opensFor: 'access token',
      knock: backendTakes,
    },
    'POST /hub/auth/token': {
      opensFor: 'refresh token',
      knock: (key, at) => {
        const headers = { 'content-type': 'application/json' }
        const body = JSON.stringify({ refresh_token: key.value })
        return opens(send('POST', '/hub/auth/token', at, { headers, body }))
      },
    },
    'POST /hub/auth/token, OAuth’s form': {
      opensFor: 'refresh token',
      knock: (key, at) => {
        const form = { grant_type: 'refresh_token', refresh_token: key.value }
        return opens(send('POST', '/hub/auth/token', at, { body: new URLSearchParams(form).toString() }))
      },
    },
    'x-rownd-app-key': {
      opensFor: 'app key',
      knock: (key, at) =>
        opens(send('GET', '/hub/app-config', at, { headers: { 'x-rownd-app-key': encodeURI(key.value) } })),
    },
    'x-rownd-app-secret': {
      opensFor: 'app secret',
      knock: (key, at) => {
        const { id, key: named } = backendAt(at)
        const headers = credentialsOf({ key: named, secret: encodeURI(key.value) })
        return opens(send('GET', `/applications/${id}/users/data`, at, { headers }))
      },
    },
  }
  /** Routes that accept none of these values. */
  const walls: Record<string, Knock> = {
    'Bearer at the portal’s API': (key, at) =>
      opens(
        send('GET', '/portal/api/me', at, { headers: { authorization: `Bearer ${encodeURI(key.value)}` } }),
      ),
    'a session in the address': (key, at) => opens(send('GET', `/portal/api/me?session=${of(key)}`, at)),
    'an api token in the address': async (key, at) =>
      (await send('POST', `/v1/users/one-time?api_token=${of(key)}`, at, { body: '{}' })).status !== 401,
    'the api token as a cookie': async (key, at) =>
      (
        await send('POST', '/v1/users/one-time', at, {
          body: '{}',
          headers: cookie(at, 'session', key.value),
        })
      ).status !== 401,
  }

  function complete(at: Door, proof: Record<string, string>, asked = '') {
    return send('POST', '/portal/api/sign-in/complete', at, {
      body: JSON.stringify(proof),
      headers: { 'content-type': 'application/json', ...(asked && cookie(at, 'asked', asked)) },
    })
  }

  it('C1, advisories 13, 18, 19 and 30: only its own door opens, here as there; no hash, no id and nothing of another customer’s does', async () => {
    const { riverbend, hillside } = target.doors
    const kinds = Object.keys(mints) as Kind[]
    const passed: string[] = []
    const expected: string[] = []
    for (const [home, abroad] of [
      [riverbend, hillside],
      [hillside, riverbend],
    ] as const) {
      const { asked } = await mailed(home)
      const shared = await mintAll(home)
      const foreign = await mintAll(abroad)
      const keys: [string, Kind | undefined, string][] = [
        ...kinds.map((kind): [string, Kind, string] => [kind, kind, shared[kind].value]),
        ...kinds.map((kind): [string, undefined, string] => [
          `${kind} of the other customer`,
          undefined,
          foreign[kind].value,
        ]),
        ...(await hashesAndIds()).map(([name, value]): [string, undefined, string] => [
          name,
          undefined,
          value,
        ]),
      ]
      await inParallel(keys, async ([name, kind, value]) => {
        for (const [door, { opensFor, knock }] of Object.entries(doors)) {
          // Its own route gets a fresh one below, because many values work once.
          if (kind !== undefined && [opensFor].flat().includes(kind)) continue
          // Five wrong codes would close the victim's request and end the test.
          const isCodeLike = /^[2-9A-HJKMNP-TV-Z-]{8,9}$/i.test(value)
          const browser = isCodeLike ? (await mailed(home)).asked : asked
          if (await knock({ value, asked: browser }, home)) passed.push(`${name} at ${door}`)
        }
        for (const [wall, knock] of Object.entries(walls))
          if (await knock({ value }, home)) passed.push(`${name} at ${wall}`)
      })
      for (const [door, { opensFor, knock }] of Object.entries(doors)) {
        for (const kind of [opensFor].flat()) {
          expected.push(`${home.slug}: ${kind} at ${door}`)
          if (await knock(await mints[kind](home), home)) passed.push(`${home.slug}: ${kind} at ${door}`)
        }
      }
      // The value that every wrong route refused still works.
      const first = (kind: Kind) =>
        Object.values(doors).findLast(({ opensFor }) => [opensFor].flat().includes(kind))
      for (const kind of kinds.filter((each) => each !== 'mailed link'))
        expect(await first(kind)?.knock(shared[kind], home), kind).toBe(true)
      expect(await doors['POST /auth']?.knock(shared['mailed link'], home)).toBe(true)
    }
    expect(passed.toSorted()).toEqual(expected.toSorted())
  }, 120_000)

  async function mintAll(at: Door): Promise<Record<Kind, Minted>> {
    const minted: Partial<Record<Kind, Minted>> = {}
    for (const kind of Object.keys(mints) as Kind[]) minted[kind] = await mints[kind](at)
    return minted as Record<Kind, Minted>
  }

  const tablesOfSecrets = [
    'link',
    'session',
    'sign_in_request',
    'api_token',
    'person',
    'calendar_feed',
    'application_credential',
    'handoff_code',
    'token_family',
    'refresh_token',
  ] as const

  /** The newest row of every table that stores part of a secret, as text. */
  async function hashesAndIds(): Promise<[string, string][]> {
    const { store } = target
    const found: [string, string][] = []
    for (const table of tablesOfSecrets) {
      const newest = await store.read(store.db.selectFrom(table).selectAll().compile())
      for (const row of newest.slice(-2)) {
        for (const [column, value] of Object.entries(row)) {
          if (column === 'id') found.push([`${table}.id`, String(value)])
          if (!(value instanceof Uint8Array)) continue
          for (const encoding of ['hex', 'base64', 'base64url'] as const)
            found.push([`${table}.${column} in ${encoding}`, Buffer.from(value).toString(encoding)])
        }
      }
    }
    expect(found.length).toBeGreaterThan(30)
    return found
  }
})

describe('L7: life', () => {
  const second = 1000
  const minute = 60 * second
  const day = 24 * 60 * minute
  let target: Target

  beforeAll(async () => {
    target = await openTarget()
  })
  afterAll(() => target.close())

  const newAddress = () => `${randomToken(10).toLowerCase()}@example.org`
  const isSignedIn = async (browser: Browser) => (await browser.get('/portal/api/limits')).status === 200

  async function signedIn(): Promise<Browser> {
    const browser = target.browser()
    const { path } = await mailedLinkFor(target, { address: newAddress() })
    expect((await browser.post(path)).status).toBe(303)
    return browser
  }

  const mortals: Record<string, { lifeMs: number; make: () => Promise<() => Promise<number>> }> = {
    'a mailed link': {
      lifeMs: 15 * minute,
      make: async () => {
        const { path } = await mailedLinkFor(target, { address: newAddress() })
        return async () => (await target.browser().post(path)).status
      },
    },
    'its code': {
      lifeMs: 15 * minute,
      make: async () => {
        const browser = target.browser()
        const { code, asked } = await mailedLinkFor(target, { address: newAddress() })
        browser.setCookie('asked', asked)
        return async () => (await browser.post('/sign-in/code', { code })).status
      },
    },
    'a made link': {
      lifeMs: 10 * minute,
      make: async () => {
        const { path } = await makeLinkFor(target, { address: newAddress(), lifeMs: 10 * minute })
        return async () => (await target.browser().get(path)).status
      },
    },
    'a made link that lives a second': {
      lifeMs: 2 * second,
      make: async () => {
        const { path } = await makeLinkFor(target, { address: newAddress(), lifeMs: 2 * second })
        return async () => (await target.browser().get(path)).status
      },
    },
    'a made link that lives thirty days': {
      lifeMs: 30 * day,
      make: async () => {
        const { path } = await makeLinkFor(target, { address: newAddress(), lifeMs: 30 * day })
        return async () => (await target.browser().get(path)).status
      },
    },
    'an unused session': {
      lifeMs: 14 * day,
      make: async () => {
        const browser = await signedIn()
        return async () => ((await isSignedIn(browser)) ? 303 : 410)
      },
    },
  }

  it.each(Object.keys(mortals))(
    '%s passes a second before its end and fails a second after it, however the clock jumped meanwhile',
    async (name) => {
      const mortal = mortals[name]
      if (!mortal) throw new Error('no such thing')
      const { lifeMs, make } = mortal
      const dead = name === 'its code' ? 422 : 410
      const alive = await make()
      target.pass(lifeMs - second)
      expect(await alive()).toBe(303)
      const late = await make()
      target.pass(lifeMs + second)
      expect(await late()).toBe(dead)
      // An hour back and forth neither adds nor removes anything.
      const jumped = await make()
      target.pass(60 * minute)
      target.pass(-60 * minute)
      target.pass(-60 * minute)
      target.pass(60 * minute)
      target.pass(lifeMs - second)
      expect(await jumped()).toBe(303)
      const expired = await make()
      target.pass(lifeMs + 60 * minute)
      expect(await expired()).toBe(dead)
    },
  )

  it('a link spent before the clock went back stays spent, and the session it opened stays', async () => {
    const browser = target.browser()
    const { path } = await makeLinkFor(target, { address: newAddress() })
    expect((await browser.get(path)).status).toBe(303)
    target.pass(-60 * minute)
    expect((await target.browser().get(path)).status).toBe(410)
    expect(await isSignedIn(browser)).toBe(true)
    target.pass(60 * minute)
    expect((await target.browser().get(path)).status).toBe(410)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('a session used every day ends with its thirtieth, to the second', () =>
    target.atOneMoment(async () => {
      const browser = await signedIn()
      for (let i = 0; i < 29; i += 1) {
        target.pass(day)
        expect(await isSignedIn(browser), `day ${i + 1}`).toBe(true)
      }
      target.pass(day - second)
      expect(await isSignedIn(browser)).toBe(true)
      target.pass(2 * second)
      expect(await isSignedIn(browser)).toBe(false)
    }))
})

describe('L9: where a link’s secret and its address come to stand', () => {
  let target: Target

  beforeAll(async () => {
    target = await openTarget()
  })
  afterAll(() => target.close())

  /** Headers that some servers use to build an address. */
  const evil = 'evil.example'
  const liars: Record<string, string>[] = [
    ...[
      'x-forwarded-host',
      'x-forwarded-server',
      'x-host',
      'x-original-host',
      'x-http-host-override',
      'x-rewrite-url',
      'x-original-url',
      'x-forwarded-prefix',
      'forwarded',
      'x-forwarded-proto',
      'x-forwarded-scheme',
      'x-forwarded-port',
      'x-forwarded-ssl',
      'front-end-https',
      'x-url-scheme',
      'x-proxy-url',
      'base-url',
      'referer',
      'via',
      'x-forwarded-uri',
    ].flatMap((name) => [
      { [name]: evil },
      {
        [name]:
          { forwarded: `host=${evil};proto=http`, 'x-forwarded-proto': 'http' }[name] ?? `https://${evil}/x`,
      },
    ]),
    { 'x-forwarded-host': evil, 'x-forwarded-proto': 'http', forwarded: `for=1.2.3.4;host=${evil}` },
  ]

  it(`advisories 8 and 9: by ${liars.length} hostile headers no link leads anywhere else, in a mail or in an answer`, async () => {
    expect(liars.length).toBeGreaterThanOrEqual(40)
    const door = target.doors.riverbend
    const { store, secrets, clock } = target
    const customerId = await customerIdAt(target)
    const { secret: token } = await store.write(function* () {
      const of = { customerId, name: 'headers' }
      const application = yield* findOrCreateApplication(store.db, of, clock())
      const order = { application, name: 'headers', scopes: ['links'] as const, expiresAtMs: null }
      return yield* createApiToken(store.db, secrets, order, clock())
    })
    const strayed: string[] = []
    for (const [i, headers] of liars.entries()) {
      const address = target.volunteers()[i % target.volunteers().length] ?? ''
      const before = (await target.emails(address)).length
      const asked = await target.browser().go('POST', '/sign-in', {
        headers: { ...headers, 'content-type': formType },
        body: new URLSearchParams({ email: address }).toString(),
      })
      const emails = await target.emails(address)
      const [mail] = emails
      const made = await target.send('POST', '/v1/users/one-time', {
        headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ email: address, ip_address: '203.0.113.9' }),
      })
      const link = (JSON.parse(made.text) as { data?: { auth_link?: string } }).data?.auth_link ?? made.text
      const all = [...(mail?.links ?? []), link]
      if (asked.status !== 303 || emails.length <= before || (mail?.links.length ?? 0) < 2)
        strayed.push(`not mailed with ${JSON.stringify(headers)}`)
      for (const each of all)
        if (!each.startsWith(`${door.origin}/`)) strayed.push(`${each} with ${JSON.stringify(headers)}`)
      if (`${mail?.html} ${mail?.text}`.includes(evil))
        strayed.push(`in the mail with ${JSON.stringify(headers)}`)
    }
    expect(strayed).toEqual([])
  }, 120_000)

  it('no answer to a link names its secret but the form of its own page, and none tells it to another site', async () => {
    const owner = target.browser()
    const mail = await mailTo(target, owner, target.volunteers()[3] ?? '')
    const elsewhere = await makeLinkFor(target, {
      address: target.volunteers()[4] ?? '',
      addresses: ['203.0.113.9'],
    })
    const here = await makeLinkFor(target, { address: target.volunteers()[5] ?? '' })
    const answers = [
      await owner.get(mail.path),
      await owner.get(`/not-me/${mail.secret}`),
      await target.browser().get(elsewhere.path),
      await owner.post(mail.path),
      await target.browser().get(mail.path),
      await target.browser().get(here.path),
      await target.browser().get(here.path),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 303, 410, 303, 410])
    for (const { headers, text: whole } of answers) {
      // A visitor who changes the language there returns to the page.
      const text = whole.replace(/<input type="hidden" name="back" value="\/[\w/-]*"\/>/, '')
      expect(headers['referrer-policy']).toBe('strict-origin')
      expect(headers['cache-control']).toBe('no-store')
      for (const secret of [mail.secret, elsewhere.secret, here.secret]) {
        expect(JSON.stringify(headers)).not.toContain(secret)
        const named = [...text.matchAll(new RegExp(`(\\w+)="[^"]*${secret}[^"]*"`, 'g'))].map(
          ([, name]) => name,
        )
        expect(named.filter((name) => name !== 'action' && name !== 'href')).toEqual([])
        expect(
          text.replaceAll(new RegExp(`(action|href)="/[\\w/-]*${secret}[\\w/]*"`, 'g'), ''),
        ).not.toContain(secret)
      }
    }
    const log = target.lines.join('')
    for (const secret of [mail.secret, elsewhere.secret, here.secret]) expect(log).not.toContain(secret)
  })
})

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
}
