import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requestBytes, sessionCookie, startPortalChild, startSandboxChild } from './house.ts'
import { pressHard } from './load.ts'

/** `node bench/run.js profile me|hub|issue|spend`: which functions of the portal the time goes to. */

const what = process.argv[2] ?? 'me'
const seconds = Number(process.argv[3] ?? 5)
const shownFunctions = 45
const folder = mkdtempSync(join(tmpdir(), 'porchlight-profile-'))

const sandbox = await startSandboxChild()
const portal = await startPortalChild({
  sandbox: sandbox.ready,
  callsPerMinute: 600,
  nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'],
})
const people = (await portal.ask({
  ask: 'sessions',
  addresses: sandbox.ready.volunteers.slice(0, 50),
})) as string[]
const spent =
  what === 'spend'
    ? ((await portal.ask({ ask: 'links', count: 1000 * seconds })) as string[]).map((secret) =>
        requestBytes('POST', `/auth/${secret}`, { form: {} }),
      )
    : []
let sent = 0
const next = {
  me: () => requestBytes('GET', '/portal/api/me', signedIn()),
  hub: () => requestBytes('GET', '/organization/riverbend', signedIn()),
  issue: () =>
    requestBytes('POST', '/portal/api/sign-in', {
      json: { email: sandbox.ready.addresses[sent++ % sandbox.ready.addresses.length] },
    }),
  spend: () => spent[sent++],
}[what as 'me' | 'hub' | 'issue' | 'spend']

await pressHard({ port: portal.port, connections: 32, seconds: 1, next })
const before = await portal.cpu()
const load = await pressHard({ port: portal.port, connections: 32, seconds, next })
const each = (((await portal.cpu()) - before) / load.answered).toFixed(0)
process.stdout.write(
  `${load.answered} answers, ${each} µs of CPU each, ${JSON.stringify([...load.statuses])}\n`,
)
await portal.stop()
await sandbox.stop()
report()
rmSync(folder, { recursive: true })
rmSync(portal.dataFolder, { recursive: true })

function signedIn() {
  return { cookies: { [sessionCookie]: people[sent++ % people.length] ?? '' } }
}

type Frame = { functionName: string; url: string; lineNumber: number }
type Profile = {
  nodes: { id: number; callFrame: Frame; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

function report(): void {
  const [file = ''] = readdirSync(folder)
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile
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
