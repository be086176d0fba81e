import { loadavg } from 'node:os'
import { newDatabase, startServer } from '../src/store/postgres-server.fixture.ts'
import { day, dayWithWebhooks, recipe } from './gentle/day.ts'
import { firstDay } from './gentle/first-day.ts'
import { herd, herdInRealTime } from './gentle/herd.ts'
import { type EngineName, engines } from './gentle/house.ts'
import { outage } from './gentle/outage.ts'
import { openPut, type Put } from './gentle/print.ts'
import { size } from './gentle/size.ts'
import { takeOverTime, type VirtualTime } from './gentle/virtual-time.ts'

/**
 * `node bench/run.js gentle [row] [SQLite|PostgreSQL]`: what the portal costs a VOMO with 60 calls a minute and 300 ms, one row after another and on both
 * engines. See docs/benchmarks.md.
 */

/** Two hours before midnight in Chicago, on a Sunday. */
const startMs = Date.UTC(2026, 10, 23, 4)

/** These count calls, which do not depend on the machine, in virtual time. */
const virtualRows = {
  day,
  'day-with-webhooks': dayWithWebhooks,
  recipe,
  outage,
  herd,
  'first-day': firstDay,
} satisfies Record<string, (time: VirtualTime, put: Put, database: string | undefined) => Promise<void>>
/** These measure time and memory, with the portal in a process of its own. */
const realRows = { size, herd: herdInRealTime } satisfies Record<
  string,
  (put: Put, engine: EngineName) => Promise<void>
>
const rows = [...new Set([...Object.keys(virtualRows), ...Object.keys(realRows)])]

const given = process.argv.slice(2)
const chosen = <Name extends string>(names: readonly Name[]) => {
  const named = names.filter((name) => given.includes(name))
  return named.length > 0 ? named : names
}
const unknown = given.find((word) => ![...rows, ...engines].includes(word))

// A killed bench leaves no server behind: they end as this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
process.once('disconnect', () => process.exit(1))
process.channel?.unref()

if (unknown !== undefined) {
  process.stderr.write(`There is no ${unknown} here, only ${[...rows, ...engines].join(', ')}.\n`)
  process.exitCode = 1
} else {
  for (const [i, engine] of chosen(engines).entries())
    for (const row of chosen(rows)) {
      // The recipe has no engine.
      if (row === 'recipe' && i > 0) continue
      await run(row, engine)
    }
}

async function run(row: string, engine: EngineName): Promise<void> {
  const startedAt = performance.now()
  const put = openPut(`${engine} ${row}`)
  if (isOf(virtualRows, row)) {
    // It starts and ends in real time.
    const server = engine === 'PostgreSQL' ? await startServer() : undefined
    const database = server && (await newDatabase(server.url))
    const time = takeOverTime(startMs)
    await time.until(virtualRows[row](time, put, database))
    time.giveBack()
    await server?.stop()
  }
  if (isOf(realRows, row)) await realRows[row](put, engine)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  process.stdout.write(
    `# ${engine} ${row}: ${seconds} s, load ${loadavg()
      .map((each) => each.toFixed(0))
      .join(', ')}\n`,
  )
}

function isOf<Table extends object>(table: Table, row: string): row is Extract<keyof Table, string> {
  return Object.hasOwn(table, row)
}
