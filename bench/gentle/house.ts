import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPortal } from '../../src/main.ts'
import { makeSampleWorld } from '../../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import type { User } from '../../src/sandbox/world/world.ts'
import { openSecrets, randomToken } from '../../src/secrets.ts'
import { databaseIn, openStore } from '../../src/store/engines.ts'
import { enableWebhook } from '../../src/webhooks/webhooks.ts'
import { host, origin, requestBytes, secret } from '../house.ts'
import { type Answer, askOnce } from '../load.ts'
import { reachable } from '../reachable.ts'
import { countingLimits, openSessionOf, settleCustomer } from '../settle.ts'
import { type CallLog, openCallLog } from './calls.ts'
import type { VirtualTime } from './virtual-time.ts'

export const engines = ['SQLite', 'PostgreSQL'] as const
export type EngineName = (typeof engines)[number]

export type Volunteer = { vomoUserId: number; address: string }

export type Mail = { atMs: number; text: string }

export type House = Awaited<ReturnType<typeof openHouse>>

/** What VOMO lets through, how late it answers, and where the portal's budget begins. */
export const vomoLimits = { perMinute: 60, latencyMs: 300, budget: 50 } as const
const slug = 'riverbend'
/** A disk takes its time and changes no count. */
const inMemory = '/dev/shm'
const metricsToken = randomToken(32)

/** The stand-in VOMO of the sample organization, with so many more people. */
export async function startVomo(time: VirtualTime, people = 0): Promise<Vomo> {
  const world = makeSampleWorld({ nowMs: time.now() })
  const customer = world.customers.find((each) => each.slug === slug)
  if (!customer) throw new Error('the sample world has no such customer')
  const { users } = customer.records
  for (const more of moreLike(users, people - users.length)) users.push(more)
  const sandbox = await startSandbox({
    world,
    clock: time.now,
    rateLimits: { portal: vomoLimits.perMinute },
    options: { latency_ms: vomoLimits.latencyMs },
  })
  const volunteers = reachable(users)
  const calls = openCallLog(sandbox.port, time)
  return {
    sandbox,
    records: customer.records,
    token: customer.vomoToken,
    volunteers,
    calls,
    async control(method, path, json) {
      const body = Buffer.from(JSON.stringify(json))
      const head = `${method} /__sandbox/${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`
      const { status } = await askOnce(sandbox.port, Buffer.concat([Buffer.from(head), body]))
      if (status >= 300) throw new Error(`the sandbox refused ${path}: ${status}`)
    },
    async close() {
      calls.close()
      await sandbox.close()
    },
  }
}

export type Vomo = {
  sandbox: Sandbox
  records: ReturnType<typeof makeSampleWorld>['customers'][number]['records']
  token: string
  /** Those who may sign in: each has an address of their own. */
  volunteers: Volunteer[]
  calls: CallLog
  /** Changes its options, or what it holds. */
  control(method: 'PUT' | 'POST', path: string, json: Record<string, unknown>): Promise<void>
  close(): Promise<void>
}

function moreLike(users: readonly User[], count: number): User[] {
  const [pattern] = users
  if (!pattern) throw new Error('nobody to take after')
  return Array.from({ length: Math.max(0, count) }, (_, i) => ({
    ...pattern,
    id: pattern.id + 1_000_000 + i,
    first_name: `Sample${i}`,
    email: `sample.person${i}@volunteers.example`,
  }))
}

/** A portal of 2,000 volunteers or more in this process, beside its VOMO. */
export async function openHouse(
  time: VirtualTime,
  given: {
    /** Of PostgreSQL. Default: a file of SQLite. */
    database: string | undefined
    people?: number
    withWebhooks?: boolean
  },
) {
  const folder = mkdtempSync(join(existsSync(inMemory) ? inMemory : tmpdir(), 'porchlight-gentle-'))
  const database = given.database ?? databaseIn(folder)
  const vomo = await startVomo(time, given.people)
  const secrets = openSecrets([secret])
  const mails = new Map<string, Mail>()
  const faults: string[] = []
  const silent = () => {}
  const { url } = vomo.sandbox
  const access = { url: `${url}/v1`, token: vomo.token, perMinute: vomoLimits.budget }
  let { store, portal, customerId } = await start()
  const proxy = given.withWebhooks ? await startProxy(() => portal.port) : undefined
  if (proxy) {
    const order = { customerId, secret: randomToken(43), endsFormer: true }
    await store.write(() => enableWebhook(store.db, secrets, order, time.now()))
    const at = `http://127.0.0.1:${proxy.port}/webhooks/vomo/${slug}`
    vomo.sandbox.sendWebhooksTo(slug, { url: at, secret: order.secret })
  }

  let restarted = Promise.resolve()

  async function again(): Promise<void> {
    await time.during(() => portal.close())
    ;({ store, portal, customerId } = await start())
  }

  async function start() {
    const opened = time.watched(await time.during(() => openStore({ database })))
    const id = await settleCustomer({ store: opened, secrets }, { origin, vomo: access }, time.now())
    const started = await startPortal({
      store: opened,
      secretRing: [secret],
      clock: time.now,
      log: {
        debug: silent,
        info: silent,
        warn: silent,
        error: (fields, message) => faults.push(`${message}: ${String(fields['error'])}`),
      },
      transport: { send: async ({ to, text }) => mails.set(to, { atMs: time.now(), text }) },
      mailFrom: ({ name }) => ({ name, address: 'no-reply@volunteers.example.org' }),
      limits: countingLimits,
      trustedProxies: [],
      listenOn: { port: 0, hosts: ['127.0.0.1'] },
      passwordMs: 1,
      metrics: { token: metricsToken },
    })
    return { store: opened, portal: started, customerId: id }
  }

  return {
    vomo,
    faults,
    mails,
    store: () => store,
    /** The proxy in front holds requests back while the portal restarts. */
    async ask(bytes: Buffer): Promise<Answer> {
      await restarted
      return askOnce(portal.port, bytes)
    },
    openSession: ({ vomoUserId, address }: Volunteer) =>
      openSessionOf({ store, secrets }, { customerId, vomoUserId: String(vomoUserId), address }, time.now()),
    /** What `/metrics` says of one metric, by its labels. */
    async metric(name: string): Promise<Map<string, number>> {
      const { body } = await askOnce(portal.port, requestBytes('GET', '/metrics', { token: metricsToken }))
      const lines = body.toString().matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))
      return new Map([...lines].map(([, labels = '', value]) => [labels, Number(value)]))
    },
    /** The process ends in order, and another one begins on the same database. */
    restart(): Promise<void> {
      restarted = again()
      return restarted
    },
    async close(): Promise<void> {
      await time.during(() => portal.close())
      proxy?.close()
      await vomo.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The reverse proxy, for VOMO's webhooks: the portal knows its host alone. */
async function startProxy(portOf: () => number) {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const onward = send({ port: portOf(), method, path, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    close(): void {
      server.close()
      server.closeAllConnections()
    },
  }
}
