import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { databaseIn, openStore } from '../src/store/engines.ts'
import { rows } from '../src/store/store.ts'

/** The commands that copy a database, as processes: another one uses it, or the copying one is killed. */

const outDir = fileURLToPath(new URL('../node_modules/.cache/cli-copies', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'porchlight-copies-'))
const dataFolder = join(folder, 'house')
const database = databaseIn(dataFolder)
const PORCHLIGHT_SECRET = 'not-the-secret-of-any-real-house-0123456789'
const rowsToCopy = 60_000
const children = new Set<ChildProcess>()

beforeAll(async () => {
  await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } })
  expect((await porchlight(['migrate']).ended).code).toBe(0)
  const filler = new Database(database)
  filler
    .prepare(
      `insert into password_tries with recursive place (n) as (select 1 union all select n + 1 from place where n < ?)
       select randomblob(32), n, n from place`,
    )
    .run(rowsToCopy)
  filler.close()
})

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function porchlight(args: readonly string[], PORCHLIGHT_DATA = dataFolder) {
  const env = { PATH: '', PORCHLIGHT_DATA, PORCHLIGHT_SECRET }
  const child = spawn(process.execPath, [join(outDir, 'cli.js'), ...args], { env })
  children.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.once('close', (code) => {
      children.delete(child)
      resolve({ code, text })
    }),
  )
  return { child, ended }
}

function rowsIn(file: string): number {
  const reader = new Database(file, { timeout: 10_000 })
  try {
    return reader.prepare('select count(*) from password_tries').pluck().get() as number
  } finally {
    reader.close()
  }
}

it('a copy that is killed is served by no one, and the same command finishes it', async () => {
  const half = join(folder, 'half')
  mkdirSync(half)
  const target = databaseIn(half)
  const command = ['store', 'copy', '--from', database, '--to', target]
  const { child, ended } = porchlight(command)
  let copied = 0
  while (copied === 0) {
    await pause(5)
    const size = statSync(`${target}-wal`, { throwIfNoEntry: false })?.size ?? 0
    // The tables alone take less.
    if (size > 2_000_000) copied = rowsIn(target)
  }
  child.kill('SIGKILL')
  await ended
  const before = rowsIn(target)
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(rowsToCopy)
  const early = await porchlight(['migrate'], half).ended
  expect(early.code).toBe(1)
  expect(early.text).toContain('is not finished: give the same porchlight store copy again.')

  const { code, text } = await porchlight(command).ended
  expect([code, text]).toEqual([0, expect.stringMatching(/password_tries +60000 {2}sha256:/)])
  expect(rowsIn(target)).toBe(rowsToCopy)
  expect(statSync(target).mode & 0o777).toBe(0o600)
  expect((await porchlight(['migrate'], half).ended).code).toBe(0)
  const again = await porchlight(command).ended
  expect(again.code).toBe(1)
  expect(again.text).toContain('is not empty')
})

it('neither a copy nor a restore takes a database that another process uses', async () => {
  const backup = join(folder, 'backup.db')
  const store = await openStore({ database })
  const made = await porchlight(['backup', backup]).ended
  expect([made.code, made.text]).toEqual([0, expect.stringContaining(': 600')])
  const before = readdirSync(dataFolder)
  for (const args of [
    ['restore', backup],
    ['store', 'copy', '--from', database, '--to', join(folder, 'never.db')],
  ]) {
    const { code, text } = await porchlight(args).ended
    expect([code, text]).toEqual([1, expect.stringContaining('stop porchlight serve, then try again.')])
  }
  expect(readdirSync(dataFolder)).toEqual(before)
  await store.write(() => rows(store.db.deleteFrom('password_tries').where('wrong', '=', 1).compile()))
  await store.close()
  expect((await porchlight(['restore', backup]).ended).code).toBe(0)
  expect(rowsIn(database)).toBe(rowsToCopy)
})

it('a backup that is killed leaves no file under its name', async () => {
  const file = join(folder, 'killed.db')
  const { child, ended } = porchlight(['backup', file])
  const isBegun = () =>
    readdirSync(folder).some((name) => name.startsWith('killed.db.') && name.endsWith('.part'))
  while (!isBegun()) await pause(1)
  child.kill('SIGKILL')
  await ended
  expect(readdirSync(folder)).not.toContain('killed.db')
})
