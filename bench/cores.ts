import { rmSync } from 'node:fs'
import { newDatabase, startServer } from '../src/store/postgres-server.fixture.ts'
import { costOf, cpuMicroseconds } from './child.ts'
import { type Contestant, contestantOf, type Next } from './contestants.ts'
import { openFigures } from './figures.ts'
import { type PortalChild, startPortalChild, startSandboxChild } from './house.ts'
import { expectOnly, type Load, pressHard } from './load.ts'
import { cpuOfTree } from './process-tree.ts'

/**
 * `node bench/run.js cores [rounds]`: what one process answers in a second of its CPU time, and what four together do, on two databases
 * of one PostgreSQL server, in turns. See docs/benchmarks.md.
 */

const rounds = Number(process.argv[2] ?? 5)
const turnSeconds = 3
const warmUps = 4
const connections = 64
const linksPerTurn = 3_000

const figures = openFigures()
const startedAt = performance.now()
const server = await startServer({ syncs: true })
const sandbox = await startSandboxChild()
const one = await openHouse('one', 1)
const four = await openHouse('four', 4)
const portals = [...one.portals, ...four.portals]

for (let turn = 0; turn < warmUps; turn += 1) for (const house of [one, four]) await takeTurn(house)
for (let round = 0; round < rounds; round += 1) {
  const each = new Map<string, number>()
  for (const house of round % 2 === 0 ? [one, four] : [four, one]) {
    const { load, cpu, foreign } = await takeTurn(house)
    const perCpuSecond = load.answered / (cpu / 1e6)
    each.set(house.name, perCpuSecond)
    figures.note(`${house.name}_per_second`, load.answered / load.seconds, foreign)
    figures.note(`${house.name}_per_cpu_second`, perCpuSecond, foreign)
  }
  figures.note('four_of_one', (100 * (each.get('four') ?? Number.NaN)) / (each.get('one') ?? Number.NaN))
}

for (const { name } of [one, four]) {
  figures.print(`${name}_per_second`, 'req/s')
  figures.print(`${name}_per_cpu_second`, 'requests for each CPU second')
}
figures.print('four_of_one', '% of requests for each CPU second', { min: 85 })
for (const portal of portals) {
  for (const fault of portal.faults) say(`FAULT ${fault}`)
  await portal.stop()
  rmSync(portal.dataFolder, { recursive: true })
}
await sandbox.stop()
await server.stop()
say(`# ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)

type House = Awaited<ReturnType<typeof openHouse>>

async function openHouse(name: string, count: number) {
  const database = await newDatabase(server.url)
  const opened: PortalChild[] = []
  while (opened.length < count)
    opened.push(await startPortalChild({ sandbox: sandbox.ready, callsPerMinute: 10_000, database }))
  const ready: Contestant[] = []
  for (const portal of opened)
    ready.push(await contestantOf(portal, { sandbox: sandbox.ready, linksPerTurn }))
  const [first] = ready
  if (!first) throw new Error('a house has a process')
  return { name, portals: opened, turn: first.turn }
}

/** Of ten requests one makes a link, one spends a link, and eight are of visitors who are signed in. */
async function takeTurn({ name, portals: asked, turn }: House) {
  const [create, spend, check] = [await turn.create(), await turn.spend(), await turn.check()]
  let sent = 0
  const next: Next = () => {
    sent += 1
    if (sent % 10 === 0) return create()
    return sent % 10 === 5 ? spend() : check()
  }
  const share = { connections: connections / asked.length, seconds: turnSeconds, next }
  const cpu = () => cpuOf(asked)
  const turnTaken = await costOf({ cpu }, ownCpu, async () =>
    together(await Promise.all(asked.map(({ port }) => pressHard({ ...share, port })))),
  )
  expectOnly(name, turnTaken.load, 200, 303)
  return turnTaken
}

function together(loads: readonly Load[]): Load {
  const statuses = new Map<number, number>()
  for (const load of loads)
    for (const [status, count] of load.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count)
  return {
    answered: loads.reduce((sum, { answered }) => sum + answered, 0),
    seconds: Math.max(...loads.map(({ seconds }) => seconds)),
    latencies: new Float64Array(),
    statuses,
  }
}

async function cpuOf(of: readonly PortalChild[]): Promise<number> {
  const each = await Promise.all(of.map((portal) => portal.cpu()))
  return each.reduce((sum, cpu) => sum + cpu, 0)
}

async function ownCpu(): Promise<number> {
  return (await cpuOf(portals)) + (await sandbox.cpu()) + cpuMicroseconds() + cpuOfTree(server.pid())
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
