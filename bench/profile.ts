import { rmSync } from 'node:fs'
import { newDatabase, startServer } from '../src/store/postgres-server.fixture.ts'
import { type Child, startChild } from './child.ts'
import { median } from './figures.ts'
import { host, requestBytes, sessionCookie, startPortalChild, startSandboxChild } from './house.ts'
import { type Load, pressHard } from './load.ts'

/**
 * `node bench/run.js profile me|create|hub|hub_400|resume_400|issue|spend|made_spend [seconds] [SQLite|PostgreSQL]`: the functions in
 * which the portal spends its time.
 */

const what = process.argv[2] ?? 'me'
const seconds = Number(process.argv[3] ?? 5)
const postgres = process.argv[4] === 'PostgreSQL' ? await startServer({ syncs: true }) : undefined
const shownFunctions = 45
const warmUpSeconds = 2

const sandbox = await startSandboxChild()
const portal = await startPortalChild({
  sandbox: sandbox.ready,
  callsPerMinute: 600,
  ...(postgres && { database: await newDatabase(postgres.url) }),
})
const app = (await portal.ask({ ask: 'application' })) as { key: string; secret: string }
const people = (await portal.ask({
  ask: 'sessions',
  addresses: sandbox.ready.volunteers.slice(0, 50),
})) as string[]
const [many = ''] = (await portal.ask({ ask: 'sessions', addresses: [sandbox.ready.many] })) as string[]
const ofMany = { cookies: { [sessionCookie]: many } }
const maxCount = (postgres ? 1500 : 6000) * (seconds + 1 + warmUpSeconds)
const spent = await {
  spend: async () =>
    ((await portal.ask({ ask: 'links', count: maxCount })) as string[]).map((secret) =>
      requestBytes('POST', `/auth/${secret}`, { form: {} }),
    ),
  made_spend: async () =>
    ((await portal.ask({ ask: 'madeLinks', count: maxCount })) as string[]).map((secret) =>
      requestBytes('GET', `/magiclink/${secret}`),
    ),
}[what as 'spend' | 'made_spend']?.()
let sent = 0
const next = {
  me: () => requestBytes('GET', '/portal/api/me', signedIn()),
  create: () => {
    sent += 1
    const json = {
      purpose: 'auth',
      redirect_url: '/promo?code=1',
      data: { email: `${sent % 500}@volunteers.example` },
    }
    return requestBytes('POST', '/hub/auth/magic', { app, json })
  },
  hub: () => requestBytes('GET', '/organization/riverbend', signedIn()),
  hub_400: () => requestBytes('GET', '/organization/riverbend', ofMany),
  resume_400: () => requestBytes('GET', '/user', ofMany),
  issue: () =>
    requestBytes('POST', '/portal/api/sign-in', {
      json: { email: sandbox.ready.addresses[sent++ % sandbox.ready.addresses.length] },
    }),
  spend: () => spent?.[sent++],
  made_spend: () => spent?.[sent++],
}[what as 'me' | 'create' | 'hub' | 'hub_400' | 'resume_400' | 'issue' | 'spend' | 'made_spend']

const yardstick = await startChild('bare', { core: 0 })
const bareRequest = Buffer.from(`GET /237 HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
const press = (forSeconds: number) =>
  pressHard({ port: portal.port, connections: 32, seconds: forSeconds, next })
await press(warmUpSeconds)
const rounds: { each: number; bare: number; perSecond: number }[] = []
for (let round = 0; round < seconds; round += 1) {
  const bare = await cpuOfEach(yardstick, () =>
    pressHard({ port: yardstick.ready as number, connections: 32, seconds: 0.5, next: () => bareRequest }),
  )
  const own = await cpuOfEach(portal, () => press(1))
  rounds.push({ each: own.each, bare: bare.each, perSecond: own.perSecond })
}
const of = (name: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[name]))
process.stdout.write(
  `${of('perSecond').toFixed(0)}/s, ${of('each').toFixed(0)} µs of CPU each, ${median(rounds.map(({ each, bare }) => each / bare)).toFixed(1)} times the ${of('bare').toFixed(0)} µs of a bare server\n`,
)
await portal.ask({ ask: 'profile' })
await press(1)
report((await portal.ask({ ask: 'profiled' })) as Profile)
await portal.stop()
await sandbox.stop()
await yardstick.stop()
await postgres?.stop()
rmSync(portal.dataFolder, { recursive: true })

async function cpuOfEach(
  server: Child,
  run: () => Promise<Load>,
): Promise<{ each: number; perSecond: number }> {
  const before = await server.cpu()
  const load = await run()
  return {
    each: ((await server.cpu()) - before) / load.answered,
    perSecond: load.answered / load.seconds,
  }
}

function signedIn() {
  return { cookies: { [sessionCookie]: people[sent++ % people.length] ?? '' } }
}

type Frame = { functionName: string; url: string; lineNumber: number }
type Profile = {
  nodes: { id: number; callFrame: Frame; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

function report(profile: Profile): void {
  const own = new Map<number, number>()
  profile.samples.forEach((id, i) => own.set(id, (own.get(id) ?? 0) + (profile.timeDeltas[i] ?? 0)))
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const selfTime = new Map<string, number>()
  const wholeTime = new Map<string, number>()

  function walk(id: number, above: ReadonlySet<string>): number {
    const node = nodes.get(id)
    if (!node) return 0
    const name = nameOf(node.callFrame)
    const inside = new Set(above).add(name)
    const self = own.get(id) ?? 0
    const whole = (node.children ?? []).reduce((sum, child) => sum + walk(child, inside), self)
    selfTime.set(name, (selfTime.get(name) ?? 0) + self)
    if (!above.has(name)) wholeTime.set(name, (wholeTime.get(name) ?? 0) + whole)
    return whole
  }

  const [root] = profile.nodes
  const total = walk(root?.id ?? 0, new Set())
  for (const [title, times] of [
    ['self', selfTime],
    ['with all it calls', wholeTime],
  ] as const) {
    process.stdout.write(`\n% of ${(total / 1e6).toFixed(1)} s, ${title}\n`)
    const largest = [...times].toSorted(([, a], [, b]) => b - a).slice(0, shownFunctions)
    for (const [name, us] of largest)
      process.stdout.write(`${((100 * us) / total).toFixed(1).padStart(6)}  ${name}\n`)
  }
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  return `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`
}
