import { Agent, request } from 'undici'
import { createApiToken, findOrCreateApplication } from '../src/customers/applications.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import type { LimitSettings } from '../src/limits.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import { openProxy } from '../src/store/postgres-proxy.fixture.ts'
import { newDatabase, openTestServer } from '../src/store/postgres-server.fixture.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'
import { startUpstream, wirePage, wireUser } from '../src/vomo/vomo.fixture.ts'
import { makeLink } from './busy-portal.ts'
import { buildPortalProcess, type PortalProcess, startPortalProcess } from './portals.ts'

export type Four = Awaited<ReturnType<typeof openFour>>

type FourAnswer = { status: number; headers: Record<string, unknown>; text: string }

export const host = 'riverbend.test'
const secret = 'the-secret-of-the-four-processes-0123456789'

/**
 * Four portals in processes of their own, on one PostgreSQL database and one VOMO, asked in turn. Each reaches its database through a
 * proxy of its own, which tests may cut.
 */
export async function openFour(
  options: {
    limits?: Partial<LimitSettings>
    beatMs?: number
    flags?: readonly string[]
    warms?: boolean
    vomoBudget?: number
    /** Default: `openTestServer`. */
    serverUrl?: string
  } = {},
) {
  const own = options.serverUrl === undefined ? await openTestServer() : undefined
  const database = await newDatabase(options.serverUrl ?? own?.url ?? '')
  const store = await openStore({ database })
  const secrets = openSecrets([secret])
  const vomo = await openVomo()
  const script = await buildPortalProcess()
  const agent = new Agent({ connections: 128 })
  const portals: (PortalProcess & { proxy: Awaited<ReturnType<typeof openProxy>> })[] = []
  /** Those that were killed, too. */
  const started: PortalProcess[] = []
  let turn = 0

  /** One more customer, with a token of its own at the same VOMO. */
  async function addCustomer(slug: string): Promise<string> {
    const customerId = await store.write(() =>
      setCustomer(
        store.db,
        {
          slug,
          by: operator,
          changes: { name: slug, url: `https://${slug}.test`, 'stranger-mails': 'no' },
        },
        Date.now(),
      ),
    )
    const access = {
      customerId,
      baseUrl: vomo.baseUrl,
      token: `token-of-${slug}`,
      budgetPerMinute: options.vomoBudget ?? 10_000,
    }
    await store.write(() => grantVomoAccess(store.db, secrets, access))
    return customerId
  }

  /** @param more how far its clock is ahead of the machine's */
  async function add(more: { aheadMs?: number } = {}) {
    const proxy = await openProxy(database)
    const portal = await startPortalProcess({ script, database: proxy.url, secret, ...options, ...more })
    const added = { ...portal, proxy }
    portals.push(added)
    started.push(portal)
    return added
  }

  async function askAt(
    port: number,
    method: 'GET' | 'POST',
    path: string,
    given: { headers?: Record<string, string>; body?: string; slug?: string } = {},
  ): Promise<FourAnswer> {
    const to = given.slug === undefined ? host : `${given.slug}.test`
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      dispatcher: agent,
      headers: {
        host: to,
        ...(method === 'POST' && {
          origin: `https://${to}`,
          'content-type': 'application/x-www-form-urlencoded',
        }),
        ...given.headers,
      },
      ...(given.body !== undefined && { body: given.body }),
    })
    return { status: statusCode, headers, text: await body.text() }
  }

  /** A mailed link, to a person known here. @param agoMs how long ago it was made */
  const newLink = (named: string, agoMs = 0) =>
    store.write(() => makeLink({ db: store.db, secrets }, customerId, named, Date.now() - agoMs))

  const customerId = await addCustomer('riverbend')
  await Promise.all(Array.from({ length: 4 }, () => add()))

  return {
    store,
    secrets,
    database,
    vomo,
    portals,
    customerId,
    addCustomer,
    add,
    askAt,
    /** Asks the next of those that live. */
    ask(
      ...[method, path, given]: [method: 'GET' | 'POST', path: string, given?: Parameters<typeof askAt>[3]]
    ) {
      turn += 1
      const portal = portals[turn % portals.length]
      if (!portal) throw new Error('no process lives')
      return askAt(portal.port, method, path, given)
    },
    /** `kill -9` */
    async kill(at: number): Promise<void> {
      const [portal] = portals.splice(at, 1)
      portal?.process.kill('SIGKILL')
      await portal?.ended
      await portal?.proxy.close()
    },
    /** A new token for the link API. */
    async newToken(named: string): Promise<string> {
      return store.write(function* () {
        const of = { customerId, name: named }
        const application = yield* findOrCreateApplication(store.db, of, Date.now())
        const order = { application, name: named, scopes: ['links'] as const, expiresAtMs: null }
        return (yield* createApiToken(store.db, secrets, order, Date.now())).secret
      })
    },
    newLink,
    /** The cookie of a person who signed in with a link at the next process. */
    async signIn(named: string): Promise<string> {
      const portal = portals[(turn += 1) % portals.length]
      const answer = await askAt(portal?.port ?? 0, 'POST', `/auth/${(await newLink(named)).secret}`)
      const [, cookie] = /(__Host-porchlight_session=[^;]+)/.exec(String(answer.headers['set-cookie'])) ?? []
      if (cookie === undefined) throw new Error(`signing in answered ${answer.status}`)
      return cookie
    },
    /** How many sessions each spent link has opened. */
    async sessionsByLink(): Promise<Map<string, number>> {
      const { db } = store
      const found = await store.read(
        db
          .selectFrom('session')
          .select((of) => ['link_id', of.fn.countAll<number>().as('sessions')])
          .groupBy('link_id')
          .compile(),
      )
      return new Map(found.map(({ link_id: id, sessions }) => [id ?? '', sessions]))
    },
    /** Background work that no living process has, or that is not done. */
    async stuck(): Promise<string[]> {
      const { db } = store
      const living = new Set(
        (await store.read(db.selectFrom('process').select('id').compile())).map(({ id }) => id),
      )
      const leases = await store.read(db.selectFrom('lease').selectAll().compile())
      const warmed = leases.filter(({ kind }) => kind === 'warming')
      const customers = await store.read(db.selectFrom('vomo_access').select('customer_id').compile())
      const jobs = await store.read(db.selectFrom('job').select(['id', 'kind']).compile())
      return [
        ...(living.size === portals.length ? [] : [`${living.size} processes live`]),
        ...customers
          .filter(({ customer_id: id }) => !warmed.some(({ name }) => name === id))
          .map(({ customer_id: id }) => `${id} is kept warm by none`),
        ...jobs.map(({ id, kind }) => `${kind} ${id}`),
      ]
    },
    emails: () => started.flatMap(({ emails }) => emails),
    faults: () => started.flatMap(({ faults }) => faults),
    async close(): Promise<void> {
      await Promise.all(portals.map((portal) => portal.stop()))
      await Promise.all(portals.map(({ proxy }) => proxy.close()))
      await agent.destroy()
      await vomo.close()
      await store.close()
      await own?.stop()
    },
  }
}

/** Has a volunteer for every address that is asked for, and for every id of `newLink`; no projects. @returns each call as it came in */
async function openVomo() {
  const calls: { atMs: number; token: string; path: string }[] = []
  const ids = new Map<string, number>()
  const upstream = await startUpstream((path, query, token = '') => {
    calls.push({ atMs: Date.now(), token, path })
    const [, named] = /^\/users\/([\w-]+)$/.exec(path) ?? []
    if (named !== undefined)
      return { body: { data: { ...wireUser(0), id: named, email: `${named}@example.org` } } }
    const email = query.get('email_like')
    if (path !== '/users' || email === null) return { body: wirePage([], 1, 1) }
    const id = ids.get(email) ?? ids.size + 1_000_000
    ids.set(email, id)
    return { body: wirePage([wireUser(id, { email })], 1, 1) }
  })
  return { baseUrl: upstream.baseUrl, calls, close: upstream.close }
}
