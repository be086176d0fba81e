import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
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

/** An upgrade behind nginx, with the manual's configuration of it and real TLS, while requests run. */

const isLeftOut = !existsSync('/usr/sbin/nginx') && !process.env['CI']
if (isLeftOut)
  process.stderr.write('nginx is not installed (apt-get install nginx-light), so upgrades are left out.\n')

const host = 'volunteers.example.org'
const folder = mkdtempSync(join(tmpdir(), 'porchlight-upgrade-'))
const certificate = join(folder, 'certificate.pem')
const manual = readFileSync(new URL('../docs/operating.md', import.meta.url), 'utf8')
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
  if (isLeftOut) return
  const quiet = { logLevel: 'error' } as const
  await build({ ...quiet, build: { outDir: outDirOf('old'), emptyOutDir: true } })
  await build({ ...quiet, plugins: [laterVersion], build: { outDir: outDirOf('new'), emptyOutDir: true } })
  execFileSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=DNS:${host}`,
    '-keyout',
    join(folder, 'key.pem'),
    '-out',
    certificate,
  ])
  world = makeSampleWorld({ nowMs: Date.now() })
  sandbox = await startSandbox({ world, rateLimits: { portal: 1000, probe: 1000 } })
  mail = await startPeer()
}, 120_000)

afterAll(async () => {
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
    MAIL_FROM: 'no-reply@volunteers.example.org',
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

async function serve(house: House, version: 'old' | 'new', more: readonly string[] = []) {
  const port = await freePort()
  const { child, ended } = porchlight(version, [...more, 'serve'], environment(house, port))
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

/** The manual's two files for nginx, with ports and certificates of this test. */
async function startNginx(name: string, ports: readonly number[]) {
  const prefix = join(folder, `nginx-${name}`)
  mkdirSync(prefix)
  const [tls, plain] = [await freePort(), await freePort()]
  const block = (file: string) =>
    new RegExp(`^cat > /etc/nginx/conf\\.d/${file} <<'END'\\n([^]*?)\\nEND$`, 'm').exec(manual)?.[1] ?? ''
  const upstream = (to: readonly number[]) =>
    block('porchlight-upstream.conf').replace(
      /server 127\.0\.0\.1:3000;/,
      to.map((port) => `server 127.0.0.1:${port};`).join('\n    '),
    )
  const portal = block('porchlight.conf')
    .replaceAll(/^ *listen \[::\].*\n/gm, '')
    .replace('listen 443', `listen 127.0.0.1:${tls}`)
    .replace('listen 80', `listen 127.0.0.1:${plain}`)
    .replace(/\/etc\/letsencrypt\/\S*fullchain\.pem/, certificate)
    .replace(/\/etc\/letsencrypt\/\S*privkey\.pem/, join(folder, 'key.pem'))
  const write = (to: readonly number[]) => writeFileSync(join(prefix, 'upstream.conf'), upstream(to))
  write(ports)
  writeFileSync(join(prefix, 'portal.conf'), portal)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${prefix}/${kind};`,
  )
  writeFileSync(
    join(prefix, 'nginx.conf'),
    `daemon off; pid ${prefix}/pid; error_log ${prefix}/error.log;
     worker_processes 2; events { worker_connections 512; }
     http { access_log off; ${temporary.join(' ')} include ${prefix}/upstream.conf; include ${prefix}/portal.conf; }`,
  )
  const child = spawn('/usr/sbin/nginx', ['-p', prefix, '-c', join(prefix, 'nginx.conf')])
  children.add(child)
  child.once('exit', () => children.delete(child))
  const isUp = () =>
    ask(tls, '/readyz').then(
      ({ status }) => status,
      () => 0,
    )
  await expect.poll(isUp, { timeout: 10_000 }).toBe(200)
  return {
    tls,
    plain,
    /** As `systemctl reload nginx`. */
    lead(to: readonly number[]) {
      write(to)
      child.kill('SIGHUP')
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGQUIT')
      await ended
    },
  }
}

type Answer = { status: number; cookie: string; location: string }

/** One request on a connection of its own, whose certificate is checked. */
function ask(
  port: number,
  path: string,
  more: { method?: string; cookie?: string; body?: string; type?: string } = {},
): Promise<Answer> {
  const headers = {
    host,
    origin: `https://${host}`,
    ...(more.cookie !== undefined && { cookie: more.cookie }),
    ...(more.type !== undefined && { 'content-type': more.type }),
  }
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        headers,
        agent: false,
        servername: host,
        method: more.method ?? 'GET',
        ca: readFileSync(certificate),
        timeout: 20_000,
      },
      (answer) => {
        answer.resume()
        answer.once('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '',
            location: answer.headers.location ?? '',
          }),
        )
        answer.once('error', reject)
      },
    )
    asked.once('timeout', () => asked.destroy(new Error('no answer')))
    asked.once('error', reject)
    asked.end(more.body)
  })
}

const form = { method: 'POST', type: 'application/x-www-form-urlencoded' }

async function signIn(port: number, email: string): Promise<string> {
  const before = letters().length
  const asked = { method: 'POST', type: 'application/json', body: JSON.stringify({ email }) }
  expect((await ask(port, '/portal/api/sign-in', asked)).status).toBe(202)
  await expect.poll(() => letters().length, { timeout: 20_000 }).toBe(before + 1)
  const link = /https:\/\/volunteers\.example\.org(\/auth\/\S+)/.exec(letters().at(-1) ?? '')?.[1] ?? ''
  const spent = await ask(port, link, form)
  expect(spent.status).toBe(303)
  return spent.cookie
}

/** Visitors who ask without a pause until they are told to stop. */
function visit(port: number, cookie: string) {
  const requests = [
    () => ask(port, '/sign-in'),
    () => ask(port, '/portal/api/me/sessions', { cookie }),
    () => ask(port, '/language', { ...form, cookie, body: 'to=es&back=%2F' }),
    () => ask(port, '/account', { cookie }),
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

describe.skipIf(isLeftOut).each([
  ['SQLite', 1],
  ['PostgreSQL', 2],
] as const)('on %s, with processes behind nginx: %i', (engine, processes) => {
  it('an upgrade loses no request, ends no session, and can be rolled back', async () => {
    const house: House = { dataFolder: join(folder, engine) }
    mkdirSync(house.dataFolder)
    if (engine === 'PostgreSQL') {
      postgres = await openTestServer()
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
        `https://${host}`,
        '--vomo-url',
        `${sandbox.url}/v1`,
        '--vomo-token-file',
        '-',
      ],
      environment(house),
      world.customers[0]?.vomoToken,
    ).ended
    expect([added.code, added.text]).toEqual([0, expect.stringContaining('is served at')])
    const running = []
    for (let each = 0; each < processes; each += 1) running.push(await serve(house, 'old'))
    const nginx = await startNginx(
      engine,
      running.map(({ port }) => port),
    )
    const plain = await fetch(`http://127.0.0.1:${nginx.plain}/hours?year=2026`, { redirect: 'manual' })
    expect([plain.status, plain.headers.get('location')]).toEqual([
      308,
      expect.stringMatching(/^https:.*\/hours\?year=2026$/),
    ])
    const cookie = await signIn(nginx.tls, world.customers[0]?.volunteers[0] ?? '')

    const stop = visit(nginx.tls, cookie)
    await pause(1_000)
    for (const [place, old] of running.entries()) {
      const next = await serve(house, 'new')
      running[place] = next
      nginx.lead(running.map(({ port }) => port))
      await pause(2_000)
      await old.stop()
    }
    await pause(1_000)
    const answers = await stop()
    expect(Object.keys(answers).toSorted()).toEqual(['200', '303'])
    const total = Object.values(answers).reduce((sum, each) => sum + each, 0)
    expect(total).toBeGreaterThan(100)
    process.stdout.write(`${engine}: ${total} requests during the upgrade, 0 failed\n`)

    const refused = await porchlight('old', ['serve'], environment(house)).ended
    expect([refused.code, refused.text]).toEqual([
      1,
      expect.stringContaining('newer version of Porchlight (9999_later)'),
    ])
    const back = await serve(house, 'old', ['--allow-newer'])
    nginx.lead([back.port])
    await expect.poll(async () => (await ask(nginx.tls, '/readyz')).status).toBe(200)
    expect((await ask(nginx.tls, '/portal/api/me/sessions', { cookie })).status).toBe(200)
    for (const each of [...running, back]) await each.stop()
    await nginx.stop()
  }, 180_000)
})
