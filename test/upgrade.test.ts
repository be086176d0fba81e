import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeer } from '../src/mail/smtp.fixture.ts'
import { makeSampleWorld, type SampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'
import {
  freePort,
  newDatabase,
  openTestServer,
  type TestServer,
} from '../src/store/postgres-server.fixture.ts'
import { ask, endProxies, isInstalled, type Proxy, type ProxyKind, proxies, publicHost } from './proxies.ts'

/** An upgrade behind each proxy that operators are told of, with its configuration and real TLS, while requests run. */

const kinds = Object.keys(proxies) as ProxyKind[]
const leftOut = kinds.filter((kind) => !isInstalled(kind))
if (leftOut.length > 0)
  process.stderr.write(
    `Not installed (apt-get install nginx-light caddy), so its upgrade is left out: ${leftOut.join(', ')}.\n`,
  )

const folder = mkdtempSync(join(tmpdir(), 'porchlight-upgrade-'))
const outDirOf = (version: string) =>
  fileURLToPath(new URL(`../node_modules/.cache/cli-upgrade-${version}`, import.meta.url))

const children = new Set<ChildProcess>()
let world: SampleWorld
let sandbox: Sandbox
let mail: Awaited<ReturnType<typeof startPeer>> | undefined
let postgres: TestServer | undefined

/** The next version: it adds to the database. */
const laterVersion = {
  name: 'later-version',
  transform(code: string, id: string) {
    if (!id.endsWith('/store/later-migrations.ts')) return undefined
    const migration = `'9999_later': { up: async (db) => {
      for (const text of ['alter table customer add column later text', 'create table later (id text primary key)'])
        await sql.raw(text).execute(db)
    } },`
    return code.replace(/laterMigrations[^{]*= \{/, (start) => `${start} ${migration}`)
  },
}

beforeAll(async () => {
  if (leftOut.length === kinds.length) return
  const quiet = { logLevel: 'error' } as const
  await build({ ...quiet, build: { outDir: outDirOf('old'), emptyOutDir: true } })
  await build({ ...quiet, plugins: [laterVersion], build: { outDir: outDirOf('new'), emptyOutDir: true } })
  world = makeSampleWorld({ nowMs: Date.now() })
  sandbox = await startSandbox({ world, rateLimits: { portal: 1000, probe: 1000 } })
  mail = await startPeer()
}, 120_000)

afterAll(async () => {
  endProxies()
  for (const child of children) child.kill('SIGKILL')
  await sandbox?.close()
  await mail?.close()
  await postgres?.stop()
  rmSync(folder, { recursive: true })
})

/** The emails that arrived, as text. */
const letters = () =>
  (mail?.taken ?? []).map(({ raw }) => String(raw).replaceAll('=\r\n', '').replaceAll('=3D', '='))

type House = { dataFolder: string; databaseUrl?: string }

function environment({ dataFolder, databaseUrl }: House, port = 0): Record<string, string> {
  return {
    PATH: '',
    PORT: String(port),
    LISTEN_ON: '127.0.0.1',
    PORCHLIGHT_DATA: dataFolder,
    PORCHLIGHT_SECRET: 'not-the-secret-of-any-real-house-0123456789',
    TRUSTED_PROXIES: '127.0.0.1',
    SMTP_URL: mail?.url ?? '',
    MAIL_FROM: `no-reply@${publicHost}`,
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  }
}

function porchlight(
  version: 'old' | 'new',
  args: readonly string[],
  env: Record<string, string>,
  input = '',
) {
  const child = spawn(process.execPath, [join(outDirOf(version), 'cli.js'), ...args], { env })
  children.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  child.stdin.end(input)
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.once('close', (code) => {
      children.delete(child)
      resolve({ code, text })
    }),
  )
  return { child, ended }
}

async function serve(
  house: House,
  version: 'old' | 'new',
  { port: wanted, options = [] }: { port?: number | undefined; options?: readonly string[] } = {},
) {
  const port = wanted ?? (await freePort())
  const { child, ended } = porchlight(version, [...options, 'serve'], environment(house, port))
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(isReady, { timeout: 30_000 }).toBe(true)
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      expect((await ended).code).toBe(0)
    },
  }
}

const form = { method: 'POST', type: 'application/x-www-form-urlencoded' }

async function signIn(proxy: Proxy, email: string): Promise<string> {
  const before = letters().length
  const asked = { method: 'POST', type: 'application/json', body: JSON.stringify({ email }) }
  expect((await ask(proxy, '/portal/api/sign-in', asked)).status).toBe(202)
  await expect.poll(() => letters().length, { timeout: 20_000 }).toBe(before + 1)
  const link = /https:\/\/volunteers\.example\.org(\/auth\/\S+)/.exec(letters().at(-1) ?? '')?.[1] ?? ''
  const spent = await ask(proxy, link, form)
  expect(spent.status).toBe(303)
  expect(spent.cookie).toMatch(/^__Host-[^;]+;.*\bSecure\b/)
  return spent.cookie.split(';')[0] ?? ''
}

/** Visitors who ask without a pause until they are told to stop. */
function visit(proxy: Proxy, cookie: string, { onlyRead }: { onlyRead: boolean }) {
  const change = () => ask(proxy, '/language', { ...form, cookie, body: 'to=es&back=%2F' })
  const requests = [
    () => ask(proxy, '/sign-in'),
    () => ask(proxy, '/portal/api/me/sessions', { cookie }),
    ...(onlyRead ? [] : [change]),
    () => ask(proxy, '/account', { cookie }),
  ]
  const answers: Record<string, number> = {}
  let isOver = false
  async function visitor(first: number): Promise<void> {
    for (let turn = first; !isOver; turn += 1) {
      const outcome = await requests[turn % requests.length]?.().then(
        ({ status }) => String(status),
        (error: unknown) => String(error),
      )
      answers[outcome ?? ''] = (answers[outcome ?? ''] ?? 0) + 1
    }
  }
  const all = Array.from({ length: 6 }, (_, place) => visitor(place))
  return async () => {
    isOver = true
    await Promise.all(all)
    return answers
  }
}

/** What a portal must learn from the proxy in front of it, and what must get through. */
async function lookThrough(proxy: Proxy, house: House): Promise<void> {
  const plain = await ask(proxy, '/hours?year=2026', { isPlain: true })
  expect([plain.status, plain.location]).toEqual([308, expect.stringMatching(/^https:.*\/hours\?year=2026$/)])

  const visitorsId = 'the-visitor-chose-this-one'
  const named = await ask(proxy, '/sign-in', { headers: { 'x-request-id': visitorsId } })
  expect([named.status, named.requestId]).toEqual([200, expect.stringMatching(/^[\w-]{8,64}$/)])
  expect(named.requestId).not.toBe(visitorsId)

  // The address is the connection's, and not the one that the visitor says.
  const forged = { ...form, headers: { 'x-forwarded-for': '203.0.113.9' } }
  const elsewhere = await ask(proxy, await makeLink(house, '203.0.113.9'), forged)
  expect([elsewhere.status, elsewhere.cookie]).toEqual([403, ''])
  const here = await ask(proxy, await makeLink(house, '127.0.0.1'), forged)
  expect([here.status, here.cookie]).toEqual([303, expect.stringMatching(/^__Host-/)])

  const long = (bytes: number) => ({ ...form, body: `email=${'a'.repeat(bytes)}` })
  expect((await ask(proxy, '/sign-in', long(100_000))).status).toBe(413)
  // A file of two megabytes may be sent by an owner, so the proxy leaves it to the portal to say who may not.
  expect((await ask(proxy, '/admin/links/lists', long(2_000_000))).status).not.toBe(413)
  expect((await ask(proxy, '/admin/links/lists', long(4_000_000))).status).toBe(413)
}

async function makeLink(house: House, ip: string): Promise<string> {
  const args = [
    'link',
    'create',
    '--customer',
    'riverbend',
    '--email',
    world.customers[0]?.volunteers[1] ?? '',
  ]
  const made = await porchlight('old', [...args, '--ip', ip, '--json'], environment(house)).ended
  const { url } = JSON.parse(made.text) as { url: string }
  return new URL(url).pathname
}

describe.each([
  // The new version beside the old one, until the proxy is told.
  ['nginx as in the manual', 'SQLite', 1, 'beside'],
  ['nginx as in the manual', 'PostgreSQL', 2, 'beside'],
  ['Caddy as in the manual', 'SQLite', 1, 'beside'],
  // Each in place of the one before, which the proxy finds out.
  ['Caddy as in the containers', 'SQLite', 1, 'in its place'],
  ['Caddy as in the containers', 'PostgreSQL', 2, 'in its place'],
] as const)('%s, on %s, processes: %i, new ones %s', (kind, engine, processes, how) => {
  it.skipIf(!isInstalled(kind))(
    'an upgrade loses no request, ends no session, and can be rolled back',
    async () => {
      const house: House = { dataFolder: mkdtempSync(join(folder, 'house-')) }
      if (engine === 'PostgreSQL') {
        postgres ??= await openTestServer()
        house.databaseUrl = await newDatabase(postgres.url)
      }
      const added = await porchlight(
        'old',
        [
          'customer',
          'add',
          'riverbend',
          '--name',
          'Riverbend Food Bank',
          '--url',
          `https://${publicHost}`,
          '--vomo-url',
          `${sandbox.url}/v1`,
          '--vomo-token-file',
          '-',
        ],
        environment(house),
        world.customers[0]?.vomoToken,
      ).ended
      expect([added.code, added.text]).toEqual([0, expect.stringContaining('is served at')])
      const running: Awaited<ReturnType<typeof serve>>[] = []
      for (let each = 0; each < processes; each += 1) running.push(await serve(house, 'old'))
      const portsNow = () => running.map(({ port }) => port)
      const proxy = await proxies[kind].start(portsNow())
      await lookThrough(proxy, house)
      const cookie = await signIn(proxy, world.customers[0]?.volunteers[0] ?? '')

      // While no process is there, Caddy before 2.7.5, as Debian has it, holds back a GET alone (its pull request 5841).
      const onlyRead = how === 'in its place' && processes === 1
      const stop = visit(proxy, cookie, { onlyRead })
      await pause(1_000)
      for (const [place, old] of running.entries()) {
        if (how === 'beside') {
          running[place] = await serve(house, 'new')
          await proxy.lead(portsNow())
          await pause(2_000)
          await old.stop()
        } else {
          await old.stop()
          running[place] = await serve(house, 'new', { port: old.port })
          await pause(2_000)
        }
      }
      await pause(1_000)
      const answers = await stop()
      expect(Object.keys(answers).toSorted()).toEqual(onlyRead ? ['200'] : ['200', '303'])
      const total = Object.values(answers).reduce((sum, each) => sum + each, 0)
      expect(total).toBeGreaterThan(100)
      process.stdout.write(`${kind}, ${engine}: ${total} requests during the upgrade, 0 failed\n`)

      const refused = await porchlight('old', ['serve'], environment(house)).ended
      expect([refused.code, refused.text]).toEqual([
        1,
        expect.stringContaining('newer version of Porchlight (9999_later)'),
      ])
      const options = ['--allow-newer']
      if (how === 'beside') {
        running.push(await serve(house, 'old', { options }))
        await proxy.lead(portsNow().slice(-1))
      } else {
        const [first] = running
        await first?.stop()
        running[0] = await serve(house, 'old', { options, port: first?.port })
      }
      await expect.poll(async () => (await ask(proxy, '/readyz')).status).toBe(200)
      expect((await ask(proxy, '/portal/api/me/sessions', { cookie })).status).toBe(200)
      for (const each of running) await each.stop()
      await proxy.stop()
    },
    180_000,
  )
})
