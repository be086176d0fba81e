import { rmSync } from 'node:fs'
import { randomToken } from '../src/secrets.ts'
import { requestBytes, startPortalChild, startSandboxChild } from './house.ts'
import { pressHard } from './load.ts'
import type { Usage } from './portal-process.ts'

/**
 * `node bench/run.js strangers 1000000`: opens and tries to spend this many invented secrets, at both kinds of link. Prints memory
 * along the way, and which tables grew.
 */

const total = Number(process.argv[2] ?? 1_000_000)
const parts = 20

const sandbox = await startSandboxChild()
const portal = await startPortalChild({ sandbox: sandbox.ready, callsPerMinute: 600, warms: false })
const before = await countRows()
const statuses = new Map<number, number>()
const samples: number[] = []
const startedAt = performance.now()
let sent = 0

for (let part = 1; part <= parts; part += 1) {
  const until = Math.floor((total * part) / parts)
  const load = await pressHard({
    port: portal.port,
    connections: 32,
    seconds: 3600,
    next: () => (sent < until ? stranger(sent++) : undefined),
  })
  for (const [status, count] of load.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count)
  const { rss, heap } = (await portal.ask({ ask: 'usage' })) as Usage
  samples.push(rss / 2 ** 20)
  say(
    `${sent} secrets  rss ${(rss / 2 ** 20).toFixed(0)} MB  heap ${(heap / 2 ** 20).toFixed(0)} MB  ${(load.answered / load.seconds).toFixed(0)}/s`,
  )
}

const after = await countRows()
const grown = Object.entries(after).filter(([table, count]) => count !== before[table])
// In the first fifth, caches fill and the compiler settles.
const settled = samples.slice(parts / 5)
say(`strangers ${sent} in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
say(`strangers_answered ${JSON.stringify(Object.fromEntries(statuses))}`)
say(
  `strangers_rss_growth ${((settled.at(-1) ?? Number.NaN) - (settled[0] ?? Number.NaN)).toFixed(1)} MB  since the first fifth`,
)
say(`strangers_rows ${grown.length} tables with other rows than before ${JSON.stringify(grown)}`)
for (const fault of portal.faults) say(`FAULT ${fault}`)
await portal.stop()
await sandbox.stop()
rmSync(portal.dataFolder, { recursive: true })

function stranger(i: number): Buffer {
  const path = `/${i % 4 < 2 ? 'auth' : 'magiclink'}/${randomToken(32)}`
  return i % 2 === 0 ? requestBytes('GET', path) : requestBytes('POST', path, { form: {} })
}

async function countRows(): Promise<Record<string, number>> {
  return (await portal.ask({ ask: 'rows' })) as Record<string, number>
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
