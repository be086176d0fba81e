import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { Agent, request } from 'undici'
import { findOrCreatePerson } from '../src/accounts/people.ts'
import { createApp, type Portal } from '../src/app.tsx'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { customerAt } from '../src/customers/customers.ts'
import { mailboxRoutes } from '../src/demo/mailbox.tsx'
import type { Cidr } from '../src/http/network.ts'
import { defaultLimits, type LimitSettings } from '../src/limits.ts'
import { issueLink, issueMailedLink } from '../src/links/links.ts'
import { openMailbox, type ReceivedEmail } from '../src/mail/mailbox.ts'
import { startPortal } from '../src/main.ts'
import { makeSampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { startSandbox } from '../src/sandbox/server.ts'
import { openSecrets, randomToken } from '../src/secrets.ts'
import { noteRequest } from '../src/sign-in/mail/requests.ts'
import { checkRecall } from '../src/store/checked-recall.fixture.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store, Write } from '../src/store/store.ts'
import type { IpRule } from '../src/store/tables/links.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'
import { askingFreely } from './asking-freely.ts'
import { testDatabase } from './database.ts'

export type Target = Awaited<ReturnType<typeof openTarget>>
export type Door = { slug: string; host: string; origin: string }
export type Headers = Record<string, string | string[] | undefined>
export type Answer = { status: number; headers: Headers; text: string }
type Send = (method: string, path: string, given?: AttackRequest) => Promise<Answer>
export type AttackRequest = {
  headers?: Record<string, string>
  body?: string | Buffer
  door?: Door
  /** The sender's own address: any of 127.0.0.0/8. */
  from?: string
}

/** The metrics are on, so their path is attacked, too. */
const metricsToken = 'an-attacker-must-never-read-the-metrics'

export const secret = 'an-attacker-must-never-read-this-secret-of-48-bytes'

/**
 * A portal to attack: as in production behind a proxy that terminates https (one customer) and as in the demo (the other), with its
 * own sandbox, a mailbox, and a log kept line by line as pino writes it, at debug level.
 */
export async function openTarget(
  options: {
    limits?: Partial<LimitSettings>
    trustedProxies?: Cidr[]
    /** Wraps the portal's store. */
    through?: (store: Store) => Store
  } = {},
) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'porchlight-target-'))
  const lines: string[] = []
  const log = pino(
    { level: 'debug', serializers: { error: pino.stdSerializers.err } },
    { write: (line: string) => void lines.push(line) },
  )
  let ahead = 0
  let stoppedAtMs: number | undefined
  const clock = () => (stoppedAtMs ?? Date.now()) + ahead
  const world = makeSampleWorld({ nowMs: clock() })
  const sandbox = await startSandbox({ world, clock, options: { rate_limit_per_minute: 0 } })
  const place = await testDatabase(dataFolder)
  const store = checkRecall(await openStore({ database: place.database }))
  const secrets = openSecrets([secret])
  const mailbox = await openMailbox(join(dataFolder, 'mailbox.jsonl'), clock)
  const doors = {
    riverbend: door('riverbend', 'https://volunteers.riverbend.example'),
    hillside: door('hillside', 'http://hillside.localhost'),
  }
  await store.write(function* () {
    for (const { slug, name, vomoToken } of world.customers) {
      const customerId = yield* setCustomer(
        store.db,
        {
          slug,
          by: operator,
          changes: {
            name,
            url: doors[slug as keyof typeof doors].origin,
            'contact-email': `volunteers@${slug}.example`,
            color: '#0b5a5f',
            'time-zone': 'America/Chicago',
            passwords: 'yes',
          },
        },
        clock(),
      )
      yield* grantVomoAccess(store.db, secrets, {
        customerId,
        baseUrl: `${sandbox.url}/v1`,
        token: vomoToken,
        budgetPerMinute: 10_000,
      })
    }
  })
  const portal = await startPortal({
    store: options.through?.(store) ?? store,
    secretRing: [secret],
    clock,
    log,
    transport: mailbox.transport,
    mailFrom: (customer) => ({ name: customer.name, address: `no-reply@${customer.slug}.example` }),
    limits: {
      ...defaultLimits,
      ...askingFreely,
      missesPerNetwork: undefined,
      passwordTriesPerNetwork: undefined,
      apiCallsPerToken: undefined,
      strangerMailsPerNetwork: { count: 100_000, perMs: 86_400_000 },
      ...options.limits,
    },
    trustedProxies: options.trustedProxies ?? [],
    listenOn: { port: 0, hosts: ['127.0.0.1'] },
    warms: false,
    passwordMs: 1,
    metrics: { token: metricsToken },
    extraRoutes: mailboxRoutes(mailbox),
    loopbackName: 'localhost',
  })
  const agents = new Map<string, Agent>()

  function agentFrom(address: string): Agent {
    const known = agents.get(address)
    if (known) return known
    const agent = new Agent({
      connections: 32,
      headersTimeout: 60_000,
      bodyTimeout: 60_000,
      localAddress: address,
    })
    agents.set(address, agent)
    return agent
  }

  async function send(method: string, path: string, given: AttackRequest = {}): Promise<Answer> {
    // Not by a URL, which would resolve the dots and spaces of a path before sending it.
    const { statusCode, headers, body } = await agentFrom(given.from ?? '127.0.0.1').request({
      origin: `http://127.0.0.1:${portal.port}`,
      path,
      method: method,
      headers: { host: (given.door ?? doors.riverbend).host, ...given.headers },
      ...(given.body !== undefined && { body: given.body }),
    })
    return { status: statusCode, headers, text: await body.text() }
  }

  return {
    portal,
    port: portal.port,
    doors,
    world,
    traps: world.traps,
    secrets,
    clock,
    lines,
    dataFolder,
    database: place.database,
    store,
    sandbox,
    send,
    browser: (at: Door = doors.riverbend) => openBrowser(send, at),
    /** Sends bytes on their own socket, and returns everything received until the other side closes or falls silent. */
    raw: (bytes: string | Buffer, waitMs?: number, from?: string) =>
      exchange(portal.port, bytes, waitMs, from),
    volunteers: (slug = 'riverbend') => world.customers.find((each) => each.slug === slug)?.volunteers ?? [],
    async emails(to?: string): Promise<ReceivedEmail[]> {
      await portal.idle()
      return mailbox.emails(to)
    },
    pass: (ms: number): void => {
      ahead += ms
    },
    /** Its clock goes on only by `pass` until `act` is done, so that a slow machine finds nothing that is due by then. */
    async atOneMoment(act: () => Promise<void>): Promise<void> {
      stoppedAtMs = Date.now()
      await act().finally(() => (stoppedAtMs = undefined))
    },
    async sandboxControl(path: string, method: 'PUT' | 'POST', change: unknown): Promise<void> {
      const { statusCode, body } = await request(`${sandbox.url}/__sandbox${path}`, {
        method,
        body: JSON.stringify(change),
      })
      if (statusCode !== 200) throw new Error(`the sandbox refused: ${await body.text()}`)
      await body.dump()
    },
    async close(): Promise<void> {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
      await portal.close()
      await sandbox.close()
      rmSync(dataFolder, { recursive: true, force: true })
      await place.drop()
    },
  }
}

function door(slug: string, origin: string): Door {
  return { slug, origin, host: new URL(origin).host }
}

export type Browser = ReturnType<typeof openBrowser>

/** Keeps cookies, and states where its requests come from. */
function openBrowser(send: Send, at: Door) {
  const cookies = new Map<string, string>()
  const prefix = at.origin.startsWith('https:') ? '__Host-' : ''

  async function go(method: string, path: string, given: AttackRequest = {}): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send(method, path, {
      ...given,
      door: at,
      headers: {
        ...(cookie && { cookie }),
        ...(method !== 'GET' && { 'sec-fetch-site': 'same-origin', origin: at.origin }),
        ...given.headers,
      },
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }

  return {
    door: at,
    go,
    get: (path: string) => go('GET', path),
    post: (path: string, form: Record<string, string> = {}) =>
      go('POST', path, { body: new URLSearchParams(form).toString(), headers: { 'content-type': formType } }),
    postJson: (path: string, json: unknown) =>
      go('POST', path, { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    cookie: (name: 'session' | 'asked') => cookies.get(`${prefix}porchlight_${name}`),
    setCookie: (name: 'session' | 'asked', value: string) =>
      cookies.set(`${prefix}porchlight_${name}`, value),
    isSignedIn: async () => (await go('GET', '/portal/api/me')).status === 200,
  }
}

export const formType = 'application/x-www-form-urlencoded'

/** Asks for an email and returns its content. */
export async function mailTo(target: Target, browser: Browser, address: string) {
  const before = (await target.emails(address)).length
  const asked = await browser.post('/sign-in', { email: address })
  if (asked.status !== 303) throw new Error(`asking for a mail answered ${asked.status}`)
  const emails = await target.emails(address)
  const [mail] = emails
  const path = mail?.links
    .map((link) => new URL(link))
    .find(({ origin }) => origin === browser.door.origin)?.pathname
  if (!mail?.code || !path || emails.length <= before) throw new Error('no sign-in mail came')
  return { ...mail, code: mail.code, path, secret: path.split('/').at(-1) ?? '' }
}

type LinkOrder = { address: string; at?: Door; landing?: string; lifeMs?: number }

/** Makes a link as a customer's system gets it, for a person known here, whom VOMO need not know. */
export async function makeLinkFor(
  target: Target,
  order: LinkOrder & { addresses?: readonly string[]; rule?: IpRule },
): Promise<{ id: string; personId: string; secret: string; path: string }> {
  const { store, secrets, clock } = target
  const customerId = await customerIdAt(target, order.at)
  const made = await store.write(function* () {
    const personId = yield* knownPerson(target, customerId, order.address)
    const link = yield* issueLink(
      store.db,
      secrets,
      {
        customerId,
        purpose: 'auth',
        issuer: { kind: 'application', id: null },
        personId,
        address: order.address,
        landing: order.landing ?? '/help',
        ip: { rule: order.rule ?? 'strict', addresses: order.addresses ?? ['127.0.0.1'] },
        opensStaff: false,
        lifeMs: order.lifeMs ?? 600_000,
      },
      clock(),
    )
    return { ...link, personId }
  })
  return { ...made, path: `/magiclink/${made.secret}` }
}

/** The content of a sign-in email, with the key of the browser that asked for it, without VOMO and without sending. */
export async function mailedLinkFor(
  target: Target,
  order: LinkOrder,
): Promise<{ id: string; secret: string; path: string; code: string; asked: string }> {
  const { store, secrets, clock } = target
  const customerId = await customerIdAt(target, order.at)
  const asked = randomToken(32)
  const { address, landing = '/help' } = order
  const link = await store.write(function* () {
    const to = { address, shownAddress: address, landing, language: 'en' as const }
    const wish = { customerId, browserKey: asked, fromKnownBrowser: false, ...to }
    const { id: requestId } = yield* noteRequest(store.db, secrets, wish, clock())
    const personId = yield* knownPerson(target, customerId, address)
    const mailed = { customerId, personId, address, landing, requestId, lifeMs: order.lifeMs ?? 900_000 }
    return yield* issueMailedLink(store.db, secrets, mailed, clock())
  })
  return { ...link, asked, path: `/auth/${link.secret}` }
}

export async function customerIdAt(target: Target, at: Door = target.doors.riverbend): Promise<string> {
  const customer = await customerAt(target.store, at.host)
  if (!customer) throw new Error('no such customer')
  return customer.id
}

function* knownPerson({ store, clock }: Target, customerId: string, address: string): Write<string> {
  const met = { customerId, vomoUserId: `known as ${address}`, address }
  return (yield* findOrCreatePerson(store.db, met, clock())).id
}

export async function signInAs(target: Target, address: string, at?: Door): Promise<Browser> {
  const browser = target.browser(at)
  const { path } = await mailTo(target, browser, address)
  const answer = await browser.post(path)
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`)
  return browser
}

/** Every route, read from the app itself, so that new ones are covered. */
export function allRoutes(): { method: string; path: string }[] {
  const anything: object = new Proxy(() => new Response(), { get: () => anything })
  const extraRoutes = mailboxRoutes({
    emails: () => [],
    mail: () => undefined,
    transport: { send: async () => {} },
  })
  const portal = new Proxy({}, { get: (_, name) => (name === 'extraRoutes' ? extraRoutes : anything) })
  const listed = createApp(portal as Portal).routes.filter(({ method }) => method !== 'ALL')
  return [...new Map(listed.map(({ method, path }) => [`${method} ${path}`, { method, path }])).values()]
}

/** Sends bytes as they are. An answer to a `HEAD`, or none at all, is acceptable. */
export function exchange(
  port: number,
  bytes: string | Buffer,
  waitMs = 20_000,
  from = '127.0.0.1',
): Promise<string> {
  return new Promise((resolve) => {
    let got = ''
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    const timer = setTimeout(() => socket.destroy(), waitMs)
    socket.setEncoding('latin1')
    socket.on('data', (more: string) => {
      got += more
    })
    // A connection reset is an answer, too.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(got)
    })
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  })
}

/** The first answer received over a socket; status 0 when there is none. */
export function readAnswer(bytes: string): Answer {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...fields] = bytes.slice(0, end === -1 ? undefined : end).split('\r\n')
  const headers: Headers = {}
  for (const field of fields) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/s.exec(field) ?? [undefined, field, '']
    const known = headers[name.toLowerCase()]
    headers[name.toLowerCase()] = known === undefined ? value : [known, value].flat()
  }
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers,
    text: bytes.slice(end + 4),
  }
}

const ownHeaders = new Set(
  `allow cache-control connection content-disposition content-encoding content-length content-type content-security-policy
  cross-origin-opener-policy cross-origin-resource-policy date etag keep-alive location permissions-policy referrer-policy
  retry-after set-cookie strict-transport-security transfer-encoding vary www-authenticate x-content-type-options x-request-id x-robots-tag`.split(
    /\s+/,
  ),
)
const ownCookie =
  /^(__Host-)?porchlight_((asked|session|known|choice)=([A-Za-z0-9]{32})?|calendar=[0-9a-f]+|passkey=[0-9a-f]*|language=(en|es)|shared=(yes)?);( Max-Age=\d+;)? Path=\/; HttpOnly;( Secure;)? SameSite=Lax$/

/** Checks every answer for a bug of ours, or for input reflected in its headers. */
export function faultsOf({ status, headers, text }: Answer): string[] {
  const faults: string[] = []
  if (status >= 500 && status !== 503) faults.push(`status ${status}`)
  for (const [name, given] of Object.entries(headers)) {
    if (!ownHeaders.has(name)) faults.push(`a header ${JSON.stringify(name)}`)
    for (const value of [given ?? []].flat()) {
      if (!/^[\t\x20-\x7e]*$/.test(value)) faults.push(`${name}: ${JSON.stringify(value)}`)
      if (name === 'set-cookie' && !ownCookie.test(value)) faults.push(`a cookie ${JSON.stringify(value)}`)
      if (name === 'location' && !staysAtHome(value)) faults.push(`location ${JSON.stringify(value)}`)
    }
  }
  if (/<(script|img|svg|iframe|b)\b[^>]*(onerror|onload|alert|canary)/i.test(text)) faults.push('live markup')
  return faults
}

/** Where a browser on one of our pages would go, both for the location as it is and as careless code might decode it. */
export function staysAtHome(location: string): boolean {
  const home = 'https://volunteers.riverbend.example'
  return (
    /^\/(?![/\\])[\x21-\x7e]*$/.test(location) &&
    URL.canParse(location, home) &&
    new URL(location, home).origin === home
  )
}

/** Every line is one JSON object with no more keys than ours, none at error level. */
export function faultyLines(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    if (!line.endsWith('\n') || line.indexOf('\n') !== line.length - 1) return true
    try {
      return (JSON.parse(line) as { level: number }).level >= 50
    } catch {
      return true
    }
  })
}

export async function inParallel<Item>(
  items: Iterable<Item>,
  act: (item: Item) => Promise<void>,
  workers = 16,
): Promise<void> {
  const rest = items[Symbol.iterator]()
  const work = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await act(next.value)
  }
  await Promise.all(Array.from({ length: workers }, work))
}

/** The control characters that `Headers` accepts and Node's `writeHead` throws on. */
export const controlCharacters = Array.from({ length: 32 }, (_, code) => code)
  .filter((code) => ![0, 9, 10, 13].includes(code))
  .concat(0x7f)
  .map((code) => String.fromCharCode(code))
