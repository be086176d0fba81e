import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'
import { Agent, request } from 'undici'
import { findOrCreatePerson } from '../src/accounts/people.ts'
import { setStaff } from '../src/accounts/staff.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { defaultLimits, type LimitSettings } from '../src/limits.ts'
import { issueMailedLink } from '../src/links/links.ts'
import type { Message } from '../src/mail/outbox.ts'
import { type PortalSettings, startPortal } from '../src/main.ts'
import { startSandbox } from '../src/sandbox/server.ts'
import type { User } from '../src/sandbox/world/world.ts'
import { openSecrets, randomToken } from '../src/secrets.ts'
import { noteRequest } from '../src/sign-in/mail/requests.ts'
import { openSession } from '../src/sign-in/session/sessions.ts'
import { checkRecall } from '../src/store/checked-recall.fixture.ts'
import { openStore } from '../src/store/engines.ts'
import { changeFieldChoice } from '../src/volunteer/profile/field-choice.ts'
import { builtInNames } from '../src/volunteer/profile/fields.ts'
import { makeFeed } from '../src/volunteer/shifts/calendar-feeds.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'
import { canary, type Tenant } from './canaries.ts'
import { testDatabase } from './database.ts'
import { openBrowser } from './house.ts'
import { makeSmallWorld, shownField, staffRoles, tenants, type Wording } from './small-world.ts'

export type CanaryHouse = Awaited<ReturnType<typeof openCanaryHouse>>
export type Sent = { method: string; path: string; headers?: Record<string, string>; body?: string | Buffer }
export type Got = {
  status: number
  statusText: string
  headers: Record<string, string | string[] | undefined>
  text: string
}

const unpackGzip = promisify(gunzip)
const unpackBrotli = promisify(brotliDecompress)
const secret = 'the-one-secret-of-a-house-full-of-canaries-and-48-bytes'

const noLimit = { count: 1_000_000_000, perMs: 60_000 }

/** High enough that a sweep of many thousand requests meets none. */
const limits = {
  ...Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, noLimit])),
  mailsPerPerson: undefined,
  passwordTries: undefined,
} as LimitSettings

/** Three organizations whose people have unique text in every field, on one portal. */
export async function openCanaryHouse(given: {
  volunteers: number
  say?: Wording
  sharedEmails?: number
  names?: Partial<Record<Tenant, string>>
  contactName?: string
  /** Wraps VOMO: the address to ask instead of the sandbox's. */
  through?: (sandboxUrl: string) => Promise<string>
  extraRoutes?: PortalSettings['extraRoutes']
  warms?: boolean
}) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'porchlight-canaries-'))
  let ahead = 0
  const clock = () => Date.now() + ahead
  const world = makeSmallWorld({ nowMs: clock(), say: canary, ...given })
  const sandbox = await startSandbox({
    world,
    clock,
    options: { rate_limit_per_minute: 0, user_certificates: true },
  })
  const baseUrl = `${(await given.through?.(sandbox.url)) ?? sandbox.url}/v1`
  const { database, drop } = await testDatabase(dataFolder)
  const store = checkRecall(await openStore({ database }))
  const secrets = openSecrets([secret])
  const errors: string[] = []
  const emails: Message[] = []
  const hosts = { a: 'riverbend.localhost', b: 'hillside.localhost', c: 'uplands.localhost' } as const
  const customerIds = new Map<Tenant, string>()
  await store.write(function* () {
    for (const [tenant, slug] of Object.entries(tenants) as [Tenant, string][]) {
      const customer = world.customers.find((each) => each.slug === slug)
      const customerId = yield* setCustomer(
        store.db,
        {
          slug,
          by: operator,
          changes: {
            name: given.names?.[tenant] ?? slug,
            url: `http://${hosts[tenant]}`,
            'contact-name': given.contactName ?? '',
            'contact-email': `volunteers@${slug}.example`,
            color: '#0b5a5f',
            'time-zone': 'America/Chicago',
            passwords: 'yes',
          },
        },
        clock(),
      )
      customerIds.set(tenant, customerId)
      yield* grantVomoAccess(store.db, secrets, {
        customerId,
        baseUrl,
        token: customer?.vomoToken ?? '',
        budgetPerMinute: 10_000,
      })
      const change = () => ({
        editsProfile: true,
        builtIn: builtInNames,
        custom: [{ name: shownField, label: shownField, type: 'text' as const }],
      })
      yield* changeFieldChoice(store.db, { customerId, chosenBy: 'operator', change }, clock())
    }
  })
  const quiet = () => {}
  const portal = await startPortal({
    store,
    secretRing: [secret],
    clock,
    log: {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (fields, message) =>
        void errors.push(`${message} ${String((fields as { error?: unknown }).error)}`),
    },
    transport: { send: async (message) => void emails.push(message) },
    mailFrom: (customer) => ({ name: customer.name, address: `no-reply@${customer.slug}.example` }),
    limits,
    trustedProxies: [],
    listenOn: { port: 0, hosts: ['127.0.0.1'] },
    warms: given.warms ?? true,
    passwordMs: 1,
    ...(given.extraRoutes && { extraRoutes: given.extraRoutes }),
  })
  const agent = new Agent({ connections: 64 })
  const customerIdOf = (tenant: Tenant) => customerIds.get(tenant) ?? ''

  /** @param place in the tenant's list of people; those after the volunteers are staff */
  function userAt(tenant: Tenant, place: number): User {
    const customer = world.customers.find(({ slug }) => slug === tenants[tenant])
    const user = customer?.records.users[place]
    if (!user) throw new Error('no person has this place')
    return user
  }

  /** A new session of a person, as a mailed link opens it; of staff, after their second step. */
  function signIn(
    tenant: Tenant,
    place: number,
    { hasStep = true }: { hasStep?: boolean } = {},
  ): Promise<{ cookie: string; personId: string; secret: string }> {
    const customerId = customerIdOf(tenant)
    const user = userAt(tenant, place)
    const address = user.email ?? ''
    const role = staffRoles[place - given.volunteers]
    const nowMs = clock()
    return store.write(function* () {
      if (role) yield* setStaff(store.db, { customerId, address, role }, nowMs)
      const person = yield* findOrCreatePerson(
        store.db,
        { customerId, vomoUserId: String(user.id), address },
        nowMs,
      )
      const wish = { customerId, address, shownAddress: address, landing: '/help', language: 'en' as const }
      const { id: requestId } = yield* noteRequest(
        store.db,
        secrets,
        { ...wish, browserKey: randomToken(32), fromKnownBrowser: false },
        nowMs,
      )
      const order = { ...wish, personId: person.id, requestId, lifeMs: 1 }
      const link = yield* issueMailedLink(store.db, secrets, order, nowMs)
      const of = {
        customerId,
        personId: person.id,
        proof: { kind: 'link', id: link.id } as const,
        way: 'mailed_link' as const,
        isStaff: role !== undefined,
        secondStep: hasStep ? ({ by: 'code', atMs: nowMs } as const) : undefined,
      }
      const value = yield* openSession(store.db, secrets, of, nowMs)
      return { cookie: `porchlight_session=${value}`, personId: person.id, secret: value }
    })
  }

  /** The address of a person's calendar. */
  function feedOf(tenant: Tenant, place: number): Promise<string> {
    const met = {
      customerId: customerIdOf(tenant),
      vomoUserId: String(userAt(tenant, place).id),
      address: userAt(tenant, place).email ?? '',
    }
    return store.write(function* () {
      const person = yield* findOrCreatePerson(store.db, met, clock())
      return yield* makeFeed(store.db, secrets, person, clock())
    })
  }

  async function send(tenant: Tenant, { method, path, headers = {}, body }: Sent): Promise<Got> {
    // Not by a URL, which would resolve the dots and spaces of a path before sending it.
    const answer = await agent.request({
      origin: `http://127.0.0.1:${portal.port}`,
      path,
      method,
      headers: { host: hosts[tenant], ...headers },
      ...(body !== undefined && { body }),
    })
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    return {
      status: answer.statusCode,
      statusText: answer.statusText,
      headers: answer.headers,
      text: (await unpacked(bytes, answer.headers['content-encoding'])).toString(),
    }
  }

  return {
    portal,
    sandbox,
    world,
    store,
    secrets,
    hosts,
    errors,
    emails,
    clock,
    userAt,
    customerIdOf,
    signIn,
    feedOf,
    send,
    /** @param tenant whose host it visits */
    browser: (tenant: Tenant) =>
      openBrowser(async (method, path, more = {}) => {
        const got = await send(tenant, { method, path, ...more })
        return { ...got, json: () => JSON.parse(got.text) as Record<string, unknown> }
      }, hosts[tenant]),
    get: (tenant: Tenant, path: string, cookie?: string) =>
      send(tenant, { method: 'GET', path, headers: cookie === undefined ? {} : { cookie } }),
    pass: (ms: number): void => {
      ahead += ms
    },
    async sandboxOptions(change: Record<string, unknown>): Promise<void> {
      const { body } = await request(`${sandbox.url}/__sandbox/options`, {
        method: 'PUT',
        body: JSON.stringify(change),
      })
      await body.dump()
    },
    async changePerson(tenant: Tenant, place: number, change: Record<string, unknown>): Promise<void> {
      const { statusCode, body } = await request(
        `${sandbox.url}/__sandbox/people/${userAt(tenant, place).id}`,
        { method: 'POST', body: JSON.stringify({ customer: tenants[tenant], ...change }) },
      )
      await body.dump()
      if (statusCode !== 200) throw new Error(`the sandbox refused a change: ${statusCode}`)
    },
    async close(): Promise<void> {
      await agent.close()
      await portal.close()
      await sandbox.close()
      rmSync(dataFolder, { recursive: true, force: true })
      await drop()
    },
  }
}

async function unpacked(bytes: Buffer, encoding: string | string[] | undefined): Promise<Buffer> {
  if (bytes.length === 0) return bytes
  if (encoding === 'gzip') return unpackGzip(bytes)
  if (encoding === 'br') return unpackBrotli(bytes)
  return bytes
}

/** Waits until everything the background reads is held, so that lists are complete. */
export async function untilWarm(house: CanaryHouse): Promise<void> {
  for (const tenant of ['a', 'b', 'c'] as const) {
    const { cookie } = await house.signIn(tenant, 0)
    for (let tries = 0; ; tries += 1) {
      const paths = ['opportunities', 'me/groups', 'me/certificates', 'me/hours']
      const answers = await Promise.all(paths.map((path) => house.get(tenant, `/portal/api/${path}`, cookie)))
      if (answers.every(({ text }) => (JSON.parse(text) as { complete?: boolean }).complete === true)) break
      if (tries > 600) throw new Error('the lists never fill')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
