import { Session } from 'node:inspector/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { findOrCreatePerson, toPerson } from '../src/accounts/people.ts'
import { createApiToken, findOrCreateApplication } from '../src/customers/applications.ts'
import { findApplication } from '../src/link-api/rownd/application/applications.ts'
import { createCredential } from '../src/link-api/rownd/application/credentials.ts'
import { setSettings } from '../src/link-api/rownd/profiles/settings.ts'
import { issueLink, issueMailedLink } from '../src/links/links.ts'
import { startPortal } from '../src/main.ts'
import { openSecrets, randomToken } from '../src/secrets.ts'
import { openHasher } from '../src/sign-in/password/hashing.ts'
import { setPassword } from '../src/sign-in/password/passwords.ts'
import { databaseIn, openStore } from '../src/store/engines.ts'
import { rows, type Write } from '../src/store/store.ts'
import { type ChildMessage, cpuMicroseconds } from './child.ts'
import { countingLimits, openSessionOf, settleCustomer } from './settle.ts'

/** A portal as `serve` starts it, except that its limits count and never refuse, and its mail goes to the parent process. */
export type PortalSetup = {
  dataFolder: string
  /** Default: a file in the data folder. */
  database?: string
  secret: string
  origin: string
  vomo: { url: string; token: string; perMinute: number }
  warms: boolean
}

export type Usage = {
  cpu: number
  rss: number
  heap: number
  /** Timers, sockets and other handles that keep the process from ending. */
  handles: number
  /** Milliseconds, since the last call. */
  loopP99: number
}

export type Mail = { to: string; text: string }

const setup = JSON.parse(process.argv[2] ?? '{}') as PortalSetup
const store = await openStore({ database: setup.database ?? databaseIn(setup.dataFolder) })
const secrets = openSecrets([setup.secret])
const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()
const silent = () => {}
const inspector = new Session()
const passwordMs = 1

const tables = [
  'customer',
  'person',
  'staff',
  'sign_in_request',
  'wrong_code',
  'link',
  'link_open',
  'session',
  'job',
  'outbox',
  'audit_event',
  'vomo_call',
] as const

const customerId = await settleCustomer({ store, secrets }, setup, Date.now())

const portal = await startPortal({
  store,
  secretRing: [setup.secret],
  clock: Date.now,
  log: {
    debug: silent,
    info: silent,
    warn: silent,
    error: (fields, message) => say({ news: { fault: `${message}: ${String(fields['error'])}` } }),
  },
  transport: { send: async ({ to, text }) => say({ news: { mail: { to, text } satisfies Mail } }) },
  mailFrom: (customer) => ({ name: customer.name, address: 'no-reply@volunteers.example.org' }),
  limits: countingLimits,
  trustedProxies: [],
  listenOn: { port: 0, hosts: ['127.0.0.1'] },
  warms: setup.warms,
  // The shortest: the rest of the work is the larger part of each answer, where a difference would show.
  passwordMs,
})

const tasks = {
  usage: async (): Promise<Usage> => {
    const memory = process.memoryUsage()
    const loopP99 = loop.percentile(99) / 1e6
    loop.reset()
    return {
      cpu: cpuMicroseconds(),
      rss: memory.rss,
      heap: memory.heapUsed,
      handles: process.getActiveResourcesInfo().length,
      loopP99,
    }
  },
  /** Links mailed to invented people, each to spend once. */
  links: ({ count = 0 }: { count?: number }) => issueLinks(count, issueMailed),
  /** Links as an application would make them, valid from this address. */
  madeLinks: ({ count = 0 }: { count?: number }) => issueLinks(count, issueMade),
  /** A token for the link API. */
  token: () =>
    store.write(function* () {
      const application = yield* findOrCreateApplication(store.db, { customerId, name: 'bench' }, Date.now())
      const order = { application, name: 'bench', scopes: ['links'] as const, expiresAtMs: null }
      return (yield* createApiToken(store.db, secrets, order, Date.now())).secret
    }),
  /** The key and secret of an application whose links lead to another site. */
  application: async () => {
    const { key, secret } = await store.write(function* () {
      const application = yield* findOrCreateApplication(
        store.db,
        { customerId, name: 'elsewhere' },
        Date.now(),
      )
      const order = { application, name: 'bench', expiresAtMs: null }
      return yield* createCredential(store.db, secrets, order, Date.now())
    })
    const tools = { store, secrets, clock: Date.now }
    const { application } = await findApplication(tools, { customerId, key, secret })
    const settings = { defaultRedirectUrl: 'https://elsewhere.example/' }
    await store.write(() => setSettings(store.db, application, settings, Date.now()))
    return { key, secret }
  },
  /** Row counts of every table. */
  rows: async () => Object.fromEntries(await Promise.all(tables.map(countRows))),
  /** Sessions of volunteers VOMO knows. */
  sessions: ({ addresses = [] }: { addresses?: string[] }) => openSessions(addresses),
  /** Gives each of these volunteers a password. */
  passwords: async ({ addresses = [] }: { addresses?: string[] }) => {
    const hasher = openHasher(passwordMs)
    await openSessions(addresses)
    const found = await store.read(store.db.selectFrom('person').selectAll().compile())
    for (const row of found) {
      if (!addresses.includes(row.address)) continue
      const hash = await hasher.hash(`the password of ${row.address}`)
      await store.write(() => setPassword(store.db, secrets, { person: toPerson(row), hash }, Date.now()))
    }
  },
  idle: () => portal.idle(),
  /** What staff type in their search. */
  search: ({ typed = '' }: { typed?: string }) =>
    portal.vomo.searchPeople(customerId, typed, 'all', { from: 0, count: 20 }).then(({ total }) => total),
  profile: async () => {
    inspector.connect()
    await inspector.post('Profiler.enable')
    await inspector.post('Profiler.setSamplingInterval', { interval: 250 })
    await inspector.post('Profiler.start')
  },
  profiled: async () => (await inspector.post('Profiler.stop')).profile,
  /** Clears the calls counted against VOMO's budget: it is not designed for thousands in one minute. */
  forgetCalls: () => store.write(() => rows(store.db.deleteFrom('vomo_call').compile())),
  /** Clears sign-in requests whose email is not yet written: a flood of requests leaves them behind. */
  forgetJobs: async () => {
    await store.write(() => rows(store.db.deleteFrom('job').compile()))
    await portal.idle()
  },
} satisfies Record<string, (given: Given) => Promise<unknown>>

type Given = { count?: number; addresses?: string[]; typed?: string }

process.on(
  'message',
  (asked: { id: number; ask: keyof typeof tasks; count?: number; addresses?: string[] }) => {
    tasks[asked.ask](asked).then(
      (answer) => say({ id: asked.id, answer }),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  },
)
process.on('disconnect', () => {
  void portal.close().then(() => process.exit(0))
})
say({ ready: portal.port })

async function countRows(table: (typeof tables)[number]): Promise<[string, number]> {
  const [row] = await store.read(
    store.db
      .selectFrom(table)
      .select((count) => count.fn.countAll<number>().as('n'))
      .compile(),
  )
  return [table, row?.n ?? 0]
}

async function issueLinks(count: number, issue: IssueOne): Promise<string[]> {
  const issued: string[] = []
  while (issued.length < count) {
    const batch = Math.min(500, count - issued.length)
    issued.push(...(await store.write(() => issueBatch(batch, issue))))
  }
  return issued
}

/** To an invented person. */
type IssueOne = (
  order: { customerId: string; personId: string; address: string; landing: string },
  nowMs: number,
) => Write<{ secret: string }>

function* issueBatch(count: number, issue: IssueOne): Write<string[]> {
  const issued: string[] = []
  for (let i = 0; i < count; i += 1) {
    const name = randomToken(12)
    const address = `${name}@volunteers.example`
    const nowMs = Date.now()
    const person = yield* findOrCreatePerson(
      store.db,
      { customerId, vomoUserId: `made-up ${name}`, address },
      nowMs,
    )
    const order = { customerId, personId: person.id, address, landing: '/organization/riverbend' }
    issued.push((yield* issue(order, nowMs)).secret)
  }
  return issued
}

const issueMailed: IssueOne = (order, nowMs) =>
  issueMailedLink(store.db, secrets, { ...order, requestId: `req_${order.personId}`, lifeMs: 900_000 }, nowMs)

const issueMade: IssueOne = (order, nowMs) =>
  issueLink(
    store.db,
    secrets,
    {
      ...order,
      purpose: 'auth',
      issuer: { kind: 'application', id: null },
      ip: { rule: 'strict', addresses: ['127.0.0.1'] },
      opensStaff: false,
      lifeMs: 600_000,
    },
    nowMs,
  )

async function openSessions(addresses: string[]): Promise<string[]> {
  const opened: string[] = []
  for (const address of addresses) {
    const found = await portal.vomo.findUsersByAddress(customerId, address)
    if (found.found !== 'one') continue
    const met = { customerId, vomoUserId: found.user.id, address }
    opened.push(await openSessionOf({ store, secrets }, met, Date.now()))
  }
  return opened
}

function say(what: ChildMessage): void {
  process.send?.(what)
}
