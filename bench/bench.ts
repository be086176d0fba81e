import { rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { type Child, costOf, cpuMicroseconds, doesPin, startChild } from './child.ts'
import { openFigures, quantile } from './figures.ts'
import {
  otherCore,
  type PortalChild,
  requestBytes,
  sessionCookie,
  startPortalChild,
  startSandboxChild,
} from './house.ts'
import { expectOnly, type Load, openConnection, pressEvenly, pressHard } from './load.ts'
import type { Usage } from './portal-process.ts'
import { addedFlushMs, makeSlowDisk } from './slow-disk.ts'
import { timeDisk, timeStart } from './start.ts'

/** `npm run bench`: how much Porchlight does per second, and how long it makes people wait. See docs/benchmarks.md. */

const rounds = Number(process.argv[2] ?? 5)
/** Limits the run to some figures: `node bench/run.js bench 5 spend`. */
const wanted = new RegExp(process.argv[3] ?? '')
const windowSeconds = 2
/** Pages and the bare server alternate in turns of this length, because a shared machine changes its speed within seconds. */
const turnSeconds = 0.5
const turns = 4
const readers = 64
const writers = 32
/** On a disk that is slow to flush, more concurrent spenders share each flush. */
const spenders = 64
const makesPerRound = 1500
const spendsPerRound = 6000
const warmUpSpendsEach = 10_000
const warmUpPagesEach = 2_000
/** Spends per second at a steady rate, and the goal for the 99th percentile in milliseconds. */
const evenRates = [
  { perSecond: 200, max: 15 },
  { perSecond: 500, max: 10 },
]
const evenSeconds = 4
/** Pages per second of the longest history. */
const pageRate = 200
const evenPages = 1000
const signedIn = 50

const startedAt = performance.now()
const figures = openFigures()
const sandbox = await startSandboxChild()
const bare = await startChild('bare', { core: 0 })
const barePort = bare.ready as number
const quickVomo = await startChild('vomo', { core: otherCore })
const children: Child[] = [sandbox, bare, quickVomo]
const vomo = { sandbox: sandbox.ready, callsPerMinute: 600 }

const portal = await startPortalChild(vomo)
children.push(portal)
const slowDisk = makeSlowDisk(portal.dataFolder)
const slow = slowDisk && (await startPortalChild({ ...vomo, env: slowDisk }))
if (slow) children.push(slow)

say(
  `# ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${doesPin ? 'server on one core, load on another' : 'NOT PINNED: no taskset, or one core'}`,
)
if (!slow) say('# No C compiler: the slow disk is left out.')

const maker = await startPortalChild({
  sandbox: { url: quickVomo.ready as string, token: sandbox.ready.token },
  callsPerMinute: 10_000,
  warms: false,
})
children.push(maker)
const token = (await maker.ask({ ask: 'token' })) as string
const app = (await maker.ask({ ask: 'application' })) as { key: string; secret: string }

for (let round = 0; round < 5; round += 1) figures.note('start_to_ready', await timeStart(portal.dataFolder))

const people = (await portal.ask({
  ask: 'sessions',
  addresses: sandbox.ready.volunteers.slice(0, signedIn),
})) as string[]
const [many = ''] = (await portal.ask({ ask: 'sessions', addresses: [sandbox.ready.many] })) as string[]
const cookies = people.map((value) => ({ [sessionCookie]: value }))
const ofMany = { cookies: { [sessionCookie]: many } }
const reads = {
  me: cookies.map((each) => requestBytes('GET', '/portal/api/me', { cookies: each })),
  hub: cookies.map((each) => requestBytes('GET', '/organization/riverbend', { cookies: each })),
  hub_gzip: cookies.map((each) =>
    requestBytes('GET', '/organization/riverbend', { cookies: each, accepts: 'gzip, deflate, br' }),
  ),
  hub_400: [requestBytes('GET', '/organization/riverbend', ofMany)],
  resume_400: [requestBytes('GET', '/user', ofMany)],
}
await warmUp()
const sizes = {
  me: await sizeOf('me'),
  hub: await sizeOf('hub'),
  // The bare server does not compress: it sends the whole page.
  hub_gzip: await sizeOf('hub'),
  hub_400: await sizeOf('hub_400'),
  resume_400: await sizeOf('resume_400'),
}
say(
  `# a /portal/api/me of ${sizes.me} bytes, a hub page of ${sizes.hub}; of 400 participations a hub of ${sizes.hub_400}, a resume of ${sizes.resume_400}`,
)

type Measure = [string, () => Promise<unknown>]
const measures: Measure[] = [
  ...(['me', 'hub', 'hub_gzip'] as const).map(
    (name): Measure => [name, () => measureReads(name, portal, reads[name], bareRequest(sizes[name]))],
  ),
  ...(['hub_400', 'resume_400'] as const).flatMap((name): Measure[] => [
    [name, () => measureReads(name, portal, reads[name], bareRequest(sizes[name]))],
    [`${name}_at_${pageRate}`, () => measureEvenReads(name)],
  ]),
  ['make', () => measureMake('make')],
  ['rownd_make', () => measureMaker('rownd_make', 200, rowndOrders('auth'))],
  ['rownd_make_plain', () => measureMaker('rownd_make_plain', 200, rowndOrders('shorten'))],
  ['rownd_spend', () => measureRowndSpend('rownd_spend')],
  ['follow', () => measureFollow('follow')],
  ...(slow ? [portal, slow] : [portal]).flatMap((server): Measure[] => {
    const disk = server === slow ? '_slow_disk' : ''
    return [
      [`issue${disk}`, () => measureIssue(`issue${disk}`, server)],
      ...['spend', 'made_spend'].flatMap((name): Measure[] => [
        [`${name}${disk}`, () => measureSpend(`${name}${disk}`, server)],
        ...evenRates.map(
          ({ perSecond }): Measure => [
            `${name}${disk}_at_${perSecond}`,
            () => measureEvenSpend(`${name}${disk}`, server, perSecond),
          ],
        ),
      ]),
    ]
  }),
  ['disk_flushes', async () => figures.note('disk_flushes', timeDisk(portal.dataFolder))],
  [
    'disk_flushes_slow_disk',
    async () => slowDisk && figures.note('disk_flushes_slow_disk', timeDisk(portal.dataFolder, slowDisk)),
  ],
]
const chosen = measures.filter(([name]) => wanted.test(name))
for (const server of slow ? [portal, slow] : [portal]) {
  if (chosen.some(([name]) => /^(made_)?spend/.test(name))) await warmUpSpends(server)
}
for (let round = 0; round < rounds; round += 1) {
  for (const [, measure] of round % 2 === 0 ? chosen : chosen.toReversed()) await measure()
}
for (const each of slow ? [portal, slow] : [portal]) {
  const usage = (await each.ask({ ask: 'usage' })) as Usage
  figures.note('rss_after', usage.rss / 2 ** 20)
}
for (let round = 0; round < 3; round += 1)
  figures.note('start_to_ready_used_file', await timeStart(portal.dataFolder))

printAll()
for (const fault of [...portal.faults, ...maker.faults, ...(slow?.faults ?? [])]) say(`FAULT ${fault}`)
for (const child of children) await child.stop()
for (const folder of [portal.dataFolder, maker.dataFolder, slow?.dataFolder])
  if (folder) rmSync(folder, { recursive: true })
say(`# ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)

function printAll(): void {
  const reading = (name: string, wish?: { min: number }, speed?: { min: number }) => {
    for (const each of [`bare_${name}`, name]) {
      figures.print(`${each}_per_second`, 'req/s', each === name ? speed : undefined)
      figures.print(`${each}_cpu`, 'µs/req')
      figures.print(`${each}_busy`, '% of a core')
    }
    figures.print(`${name}_of_bare`, '% of bare req/s', wish)
    figures.print(`${name}_of_bare_by_cpu`, '% of bare, by CPU time', wish)
  }
  reading('me', { min: 40 })
  reading('hub')
  reading('hub_gzip')
  for (const name of ['hub_400', 'resume_400']) {
    reading(name, undefined, { min: pageRate })
    figures.print(`${name}_at_${pageRate}_p50`, 'ms')
    figures.print(`${name}_at_${pageRate}_p99`, 'ms', { max: 25 })
  }
  reading('follow', { min: 50 })
  const writes = ['issue', 'spend', 'made_spend'].flatMap((name) =>
    slow ? [name, `${name}_slow_disk`] : [name],
  )
  for (const name of ['make', 'rownd_make', 'rownd_make_plain', 'rownd_spend', ...writes]) {
    const isSpend = name.includes('spend') && !name.startsWith('rownd')
    figures.print(`${name}_per_second`, 'answered/s', isSpend ? { min: 4000 } : undefined)
    figures.print(`${name}_cpu`, 'µs/req')
    figures.print(`${name}_p50`, 'ms')
    figures.print(`${name}_p99`, 'ms')
    if (!isSpend) continue
    for (const { perSecond, max } of evenRates) {
      figures.print(`${name}_at_${perSecond}_p50`, 'ms')
      figures.print(`${name}_at_${perSecond}_p99`, 'ms', { max })
    }
  }
  figures.print('start_to_ready', 'ms', { max: 1000 })
  figures.print('start_to_ready_used_file', 'ms', { max: 1000 })
  figures.print('rss_after', 'MB', { max: 130 })
  figures.print('disk_flushes', 'flushes/s')
  if (slow) figures.print('disk_flushes_slow_disk', `flushes/s, ${addedFlushMs} ms added`)
}

/** Measures both in alternation, and the ratio of each turn, because absolute figures depend on the machine. */
async function measureReads(
  name: string,
  server: PortalChild,
  requests: readonly Buffer[],
  bareBytes: Buffer,
  expected = 200,
): Promise<void> {
  let sent = 0
  const next = () => requests[sent++ % requests.length]
  await pressHard({ port: server.port, connections: readers, seconds: 0.3, next })
  for (let turn = 0; turn < turns; turn += 1) {
    const ofBare = await measureTurn(`bare_${name}`, { ...bare, port: barePort }, () => bareBytes, expected)
    const own = await measureTurn(name, server, next, expected)
    figures.note(`${name}_of_bare`, (100 * own.perSecond) / ofBare.perSecond)
    figures.note(`${name}_of_bare_by_cpu`, (100 * ofBare.cpu) / own.cpu)
  }
}

async function measureTurn(
  name: string,
  server: Child & { port: number },
  next: () => Buffer | undefined,
  expected: number,
): Promise<{ perSecond: number; cpu: number }> {
  const { port } = server
  const { load, cpu, foreign } = await measured(server, () =>
    pressHard({ port, connections: readers, seconds: turnSeconds, next }),
  )
  expectOnly(name, load, expected)
  const turn = { perSecond: load.answered / load.seconds, cpu: cpu / load.answered }
  figures.note(`${name}_per_second`, turn.perSecond, foreign)
  figures.note(`${name}_cpu`, turn.cpu, foreign)
  figures.note(`${name}_busy`, cpu / 1e4 / load.seconds, foreign)
  return turn
}

async function measureEvenReads(name: 'hub_400' | 'resume_400'): Promise<void> {
  const [request] = reads[name]
  const requests = request ? Array.from({ length: evenPages }, () => request) : []
  const { load, foreign } = await measured(portal, () =>
    pressEvenly({ port: portal.port, connections: writers, perSecond: pageRate, requests }),
  )
  expectOnly(name, load, 200)
  figures.note(`${name}_at_${pageRate}_p50`, quantile(load.latencies, 0.5), foreign)
  figures.note(`${name}_at_${pageRate}_p99`, quantile(load.latencies, 0.99), foreign)
}

async function measureIssue(name: string, server: PortalChild): Promise<void> {
  const { addresses } = sandbox.ready
  let sent = 0
  const next = () =>
    requestBytes('POST', '/portal/api/sign-in', { json: { email: addresses[sent++ % addresses.length] } })
  const { load, cpu, foreign } = await measured(server, () =>
    pressHard({ port: server.port, connections: writers, seconds: windowSeconds, next }),
  )
  expectOnly(name, load, 202)
  noteWrites(name, load, cpu, foreign)
  await server.ask({ ask: 'forgetJobs' })
}

/** As an application makes links. Excludes VOMO's time: it answers at once, and its budget never ends. */
async function measureMake(name: string): Promise<void> {
  const { addresses } = sandbox.ready
  const orders = Array.from({ length: makesPerRound }, (_, i) => {
    const json = { email: addresses[i % addresses.length], ip_address: '127.0.0.1' }
    return requestBytes('POST', '/v1/users/one-time', { json, token })
  })
  await measureMaker(name, 201, orders)
  await maker.ask({ ask: 'forgetCalls' })
}

function rowndOrders(purpose: 'auth' | 'shorten'): Buffer[] {
  return Array.from({ length: makesPerRound }, (_, i) =>
    requestBytes('POST', '/hub/auth/magic', {
      app,
      json: {
        purpose,
        redirect_url: '/promo?code=1',
        ...(purpose === 'auth' && { data: { email: `made-${performance.now()}-${i}@volunteers.example` } }),
      },
    }),
  )
}

async function measureMaker(name: string, expected: number, requests: readonly Buffer[]): Promise<void> {
  const { load, cpu, foreign } = await measured(maker, () => pressThrough(maker, writers, requests))
  expectOnly(name, load, expected)
  noteWrites(name, load, cpu, foreign)
}

/** As Rownd's own clients spend a link: by opening it, for tokens. */
async function measureRowndSpend(name: string): Promise<void> {
  const paths = await pathsOf(rowndOrders('auth'))
  const opens = paths.map((path) => requestBytes('GET', path, { userAgent: 'rownd sdk' }))
  await measureMaker(name, 200, opens)
}

async function measureFollow(name: string): Promise<void> {
  const [path = ''] = await pathsOf(rowndOrders('shorten').slice(0, 1))
  await measureReads(name, maker, [requestBytes('GET', path)], requestBytes('GET', '/redirect'), 302)
}

async function pathsOf(orders: readonly Buffer[]): Promise<string[]> {
  const connection = await openConnection(maker.port)
  const paths: string[] = []
  for (const order of orders) {
    const { link } = JSON.parse((await connection.ask(order)).body.toString()) as { link: string }
    paths.push(new URL(link).pathname)
  }
  connection.end()
  return paths
}

async function measureSpend(name: string, server: PortalChild): Promise<void> {
  const requests = await spendRequests(name, server, spendsPerRound)
  const { load, cpu, foreign } = await measured(server, () => pressThrough(server, spenders, requests))
  expectOnly(name, load, 303)
  noteWrites(name, load, cpu, foreign)
}

async function measureEvenSpend(name: string, server: PortalChild, perSecond: number): Promise<void> {
  const requests = await spendRequests(name, server, perSecond * evenSeconds)
  const { load, foreign } = await measured(server, () =>
    pressEvenly({ port: server.port, connections: writers, perSecond, requests }),
  )
  expectOnly(name, load, 303)
  figures.note(`${name}_at_${perSecond}_p50`, quantile(load.latencies, 0.5), foreign)
  figures.note(`${name}_at_${perSecond}_p99`, quantile(load.latencies, 0.99), foreign)
}

/** The button spends a mailed link; a visit from the right address spends a made one. */
async function spendRequests(name: string, server: PortalChild, count: number): Promise<Buffer[]> {
  const isMade = name.startsWith('made')
  const secrets = (await server.ask({ ask: isMade ? 'madeLinks' : 'links', count })) as string[]
  // The setup leaves work behind: a log to copy, memory to collect.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  return secrets.map((secret) =>
    isMade
      ? requestBytes('GET', `/magiclink/${secret}`)
      : requestBytes('POST', `/auth/${secret}`, { form: {} }),
  )
}

function noteWrites(name: string, load: Load, cpu: number, foreign: number): void {
  figures.note(`${name}_per_second`, load.answered / load.seconds, foreign)
  figures.note(`${name}_cpu`, cpu / load.answered, foreign)
  figures.note(`${name}_p50`, quantile(load.latencies, 0.5), foreign)
  figures.note(`${name}_p99`, quantile(load.latencies, 0.99), foreign)
}

function measured(on: Child, press: () => Promise<Load>) {
  return costOf(on, ownCpu, press)
}

async function ownCpu(): Promise<number> {
  const each = await Promise.all(children.map((child) => child.cpu()))
  return each.reduce((sum, cpu) => sum + cpu, cpuMicroseconds())
}

/** Runs until every record and project is held and V8 has compiled the pages, as in a portal that has run for a while. */
async function warmUp(): Promise<void> {
  for (let pass = 0; pass < 3; pass += 1) {
    await pressThrough(portal, 4, [...reads.hub, ...reads.me, ...reads.hub_400, ...reads.resume_400])
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  for (const requests of Object.values(reads)) {
    const times = Math.ceil(warmUpPagesEach / requests.length)
    await pressThrough(portal, readers, Array<readonly Buffer[]>(times).fill(requests).flat())
  }
}

/** Runs until V8 has compiled the code; with a single core for the server, compilation would be most of the figure. */
async function warmUpSpends(server: PortalChild): Promise<void> {
  for (const name of ['spend', 'made_spend']) {
    const requests = await spendRequests(name, server, warmUpSpendsEach)
    expectOnly(name, await pressThrough(server, spenders, requests), 303)
  }
}

/** Sends each request once, as fast as the server answers. */
function pressThrough(
  { port }: PortalChild,
  connections: number,
  requests: readonly Buffer[],
): Promise<Load> {
  let sent = 0
  return pressHard({ port, connections, seconds: 60, next: () => requests[sent++] })
}

async function sizeOf(what: keyof typeof reads): Promise<number> {
  const connection = await openConnection(portal.port)
  let bytes = 0
  for (const request of reads[what]) bytes += (await connection.ask(request)).body.length
  connection.end()
  return Math.round(bytes / reads[what].length)
}

/** With the headers the same browser sends to the portal. */
function bareRequest(bytes: number): Buffer {
  return requestBytes('GET', `/${bytes}`, { cookies: { [sessionCookie]: many } })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
