import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { newDatabase, type OwnServer, startServer } from '../../src/store/postgres-server.fixture.ts'
import { type Four, openFour } from '../four.ts'
import { buildPortalProcess } from '../portals.ts'
import { cut, diskFull, type Figures, failover, kill, restart } from './drills.ts'
import { allMadeOnce, linkList } from './link-list.ts'

/** Each runs alone: `npm run drill -- kill`. `DRILL_ROUNDS` says how often. */

const given = process.env['DRILL_ROUNDS']
const rounds = (byDefault: number) => (given === undefined ? byDefault : Number(given))
let server: OwnServer | undefined
let four: Four | undefined

afterEach(async () => {
  await four?.close()
  await server?.stop()
})

async function open(place?: string): Promise<{ four: Four; server: OwnServer }> {
  server = await startServer({ place })
  four = await openFour({ serverUrl: server.url, warms: true })
  for (let i = 1; i < 8; i += 1) await four.addCustomer(`customer${i}`)
  return { four, server }
}

function tell(name: string, figures: Figures): void {
  const lines = Object.entries(figures).map(([what, value]) => `  ${what.padEnd(24)} ${value}`)
  process.stdout.write(`\n${name}\n${lines.join('\n')}\n`)
}

it('kill', async () => {
  const opened = await open()
  tell('kill', await kill(opened.four, rounds(100)))
  expect(opened.four.faults()).toEqual([])
})

it('restart', async () => {
  const opened = await open()
  tell('restart', await restart(opened.four, opened.server, rounds(5)))
})

it('cut', async () => {
  const opened = await open()
  tell('cut', await cut(opened.four, rounds(10)))
})

it('failover', async () => {
  const opened = await open()
  tell('failover', await failover(opened.four, opened.server, rounds(3)))
})

it.each(['SQLite', 'PostgreSQL'])('link-list on %s', async (engine) => {
  const script = await buildPortalProcess()
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-list-'))
  server = engine === 'SQLite' ? undefined : await startServer()
  const database = server ? await newDatabase(server.url) : join(folder, 'porchlight.db')
  const figures = await linkList({ script, database, people: rounds(10_000), kills: 1 })
  tell(`link-list on ${engine}`, figures)
  expect(figures).toMatchObject(allMadeOnce(figures['people'] ?? 0))
  rmSync(folder, { recursive: true })
})

const folder = mkdtempSync(join(tmpdir(), 'porchlight-disk-'))
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', folder]).status === 0
if (!isMounted) process.stderr.write('disk-full is left out: it mounts a small disk, which root alone may.\n')

it.runIf(isMounted)('disk-full', async () => {
  const filler = join(folder, 'filler')
  chmodSync(folder, 0o777)
  const disk = {
    fill: () => {
      const { bavail, bsize } = statfsSync(folder)
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize))
      } catch (error) {
        // PostgreSQL took some of it meanwhile: now it is full.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    free: () => rmSync(filler),
  }
  const opened = await open(folder)
  tell('disk-full', await diskFull(opened.four, opened.server, { rounds: rounds(3), disk }))
})

afterAll(() => {
  if (isMounted) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
})
