import { rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { newDatabase, startServer } from '../src/store/postgres-server.fixture.ts'
import { type Child, costOf, cpuMicroseconds, doesPin } from './child.ts'
import {
  type Contestant,
  contestantOf,
  type Step,
  startAuthJs,
  startBetterAuth,
  steps,
} from './contestants.ts'
import { openFigures, shown } from './figures.ts'
import { startPortalChild, startSandboxChild } from './house.ts'
import { expectOnly, pressHard } from './load.ts'
import type { Usage } from './portal-process.ts'
import { cpuOfTree } from './process-tree.ts'

/**
 * `node bench/run.js peers [rounds]`: Porchlight beside better-auth and Auth.js, each in a process of its own, on one PostgreSQL server,
 * in turns. See docs/benchmarks.md.
 */

const rounds = Number(process.argv[2] ?? 5)
const turnSeconds = 2
const warmUps = 2
const connections = 64
/** A turn ends early once they are spent. A peer spends what it has made in the turn before. */
const linksPerTurn = 5_000
/** How many times a peer's requests per second are wanted. */
const goals: Record<Step, Record<string, number>> = {
  create: { 'better-auth': 6, 'auth-js': 1.5 },
  spend: { 'better-auth': 12, 'auth-js': 1.5 },
  check: { 'better-auth': 10, 'auth-js': 1.5 },
}

const figures = openFigures()
const startedAt = performance.now()
const server = await startServer({ syncs: true })
const sandbox = await startSandboxChild()
const portal = await startPortalChild({
  sandbox: sandbox.ready,
  callsPerMinute: 600,
  database: await newDatabase(server.url),
})
const betterAuth = await startBetterAuth(server.url)
const authJs = await startAuthJs(server.url)
const servers: Record<string, Child> = {
  porchlight: portal,
  'better-auth': betterAuth.child,
  'auth-js': authJs.child,
}
const children: Child[] = [...Object.values(servers), sandbox]

say(
  `# ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${doesPin ? 'the servers on one core, PostgreSQL and the load on the other' : 'NOT PINNED: no taskset, or one core'}`,
)
await new Promise((resolve) => setTimeout(resolve, 1_000))
await noteMemory('at rest')
const own = await contestantOf(portal, { sandbox: sandbox.ready, linksPerTurn })
const peers = [await betterAuth.open(), await authJs.open()]
const all = [own, ...peers]
for (let turn = 0; turn < warmUps; turn += 1)
  for (const step of steps) for (const each of all) await takeTurn(each, step)
for (let round = 0; round < rounds; round += 1) {
  for (const step of steps) {
    const speeds = new Map<string, number>()
    for (const each of round % 2 === 0 ? all : all.toReversed())
      speeds.set(each.name, note(each, step, await takeTurn(each, step)))
    const ofOwn = speeds.get(own.name) ?? Number.NaN
    for (const { name } of peers) figures.note(`${step} of ${name}`, ofOwn / (speeds.get(name) ?? Number.NaN))
  }
}
await noteMemory('after the load')

printTable()
for (const fault of portal.faults) say(`FAULT ${fault}`)
for (const child of children) await child.stop()
await server.stop()
rmSync(portal.dataFolder, { recursive: true })
say(`# ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)

async function takeTurn({ name, child, port, status, turn }: Contestant, step: Step) {
  const next = await turn[step]()
  const before = postgresCpu()
  const { load, cpu, foreign } = await costOf(child, ownCpu, () =>
    pressHard({ port, connections, seconds: turnSeconds, next }),
  )
  expectOnly(`${step} of ${name}`, load, status[step])
  return { load, cpu, foreign, postgres: postgresCpu() - before }
}

/** @returns requests per second */
function note(
  { name }: Contestant,
  step: Step,
  { load, cpu, foreign, postgres }: Awaited<ReturnType<typeof takeTurn>>,
): number {
  const perSecond = load.answered / load.seconds
  const figure = (what: string, value: number) => figures.note(`${step} ${what} ${name}`, value, foreign)
  figure('requests/s', perSecond)
  figure('µs of its process', cpu / load.answered)
  figure('µs of PostgreSQL', postgres / load.answered)
  figure('% of its core', cpu / 1e4 / load.seconds)
  return perSecond
}

function postgresCpu(): number {
  return cpuOfTree(server.pid())
}

async function ownCpu(): Promise<number> {
  const each = await Promise.all(children.map((child) => child.cpu()))
  return each.reduce((sum, cpu) => sum + cpu, cpuMicroseconds() + postgresCpu())
}

async function noteMemory(when: string): Promise<void> {
  for (const [name, child] of Object.entries(servers)) {
    const { rss } = (await child.ask({ ask: 'usage' })) as Usage
    figures.note(`MB ${when} ${name}`, rss / 2 ** 20)
  }
}

/** Of Markdown. */
function printTable(): void {
  const names = Object.keys(servers)
  row(['', ...names, ...peers.map(({ name }) => `times ${name}`)])
  row(Array.from({ length: 1 + names.length + peers.length }, () => '---'))
  for (const step of steps) {
    for (const what of ['requests/s', 'µs of its process', 'µs of PostgreSQL', '% of its core']) {
      const ratios = peers.map(({ name }) => (what === 'requests/s' ? ratio(step, name) : ''))
      row([`${step}, ${what}`, ...names.map((name) => cell(`${step} ${what} ${name}`)), ...ratios])
    }
  }
  for (const when of ['at rest', 'after the load']) {
    const [ofOwn = Number.NaN, ...ofPeers] = names.map(
      (name) => figures.of(`MB ${when} ${name}`)?.value ?? Number.NaN,
    )
    const ratios = ofPeers.map(
      (mb) => `${shown(ofOwn / mb)}; wanted at most 1: ${ofOwn <= mb ? 'met' : 'NOT MET'}`,
    )
    row([`MB ${when}`, ...names.map((name) => cell(`MB ${when} ${name}`)), ...ratios])
  }
}

function ratio(step: Step, peer: string): string {
  const goal = goals[step][peer] ?? Number.NaN
  const value = figures.of(`${step} of ${peer}`)?.value ?? Number.NaN
  return `${cell(`${step} of ${peer}`)}; wanted ${goal}: ${value >= goal ? 'met' : 'NOT MET'}`
}

/** The median and the range of a figure's rounds. */
function cell(name: string): string {
  const figure = figures.of(name)
  if (!figure) return '-'
  const { value, min, max, count, isNoisy } = figure
  return `${shown(value)}${count > 1 ? ` (${shown(min)}–${shown(max)})` : ''}${isNoisy ? ' noisy' : ''}`
}

function row(cells: readonly string[]): void {
  say(`| ${cells.join(' | ')} |`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
