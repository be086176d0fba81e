import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { request } from 'undici'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logFields } from '../src/log/log.ts'
import { makeSampleWorld, type SampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'
import { openTarpit } from './tarpit.ts'

const outDir = fileURLToPath(new URL('../node_modules/.cache/cli-serve', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'porchlight-serve-'))
const secret = 'not-the-secret-of-any-real-house-0123456789'
const port = 20_000 + Math.floor(Math.random() * 20_000)
const origin = `http://localhost:${port}`

let world: SampleWorld
let sandbox: Sandbox
let smtp: SMTPServer
let smtpPort = 0
const received: ParsedMail[] = []
const children = new Set<ChildProcess>()

beforeAll(async () => {
  await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } })
  world = makeSampleWorld({ nowMs: Date.now() })
  sandbox = await startSandbox({ world, rateLimits: { portal: 1000, probe: 1000 } })
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => void take(stream, done),
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const address = smtp.server.address()
  smtpPort = typeof address === 'object' && address ? address.port : 0
})

async function take(stream: Readable, done: (error?: Error | null) => void): Promise<void> {
  received.push(await simpleParser(stream))
  done()
}

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await sandbox.close()
  await new Promise<void>((resolve) => smtp.close(resolve))
  rmSync(folder, { recursive: true })
})

function settings(): Record<string, string> {
  return {
    PORT: String(port),
    PORCHLIGHT_DATA: folder,
    PORCHLIGHT_SECRET: secret,
    TRUSTED_PROXIES: 'none',
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    MAIL_FROM: 'no-reply@volunteers.example.org',
  }
}

function porchlight(args: string[], env: Record<string, string> = settings(), input = '') {
  const child = spawn(process.execPath, [join(outDir, 'cli.js'), ...args], { env: { PATH: '', ...env } })
  children.add(child)
  const said = { text: '' }
  child.stdout.on('data', (chunk) => (said.text += String(chunk)))
  child.stderr.on('data', (chunk) => (said.text += String(chunk)))
  child.stdin.end(input)
  const exit = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      children.delete(child)
      resolve(code)
    }),
  )
  return { child, said, exit }
}

async function run(args: string[], env?: Record<string, string>, input?: string) {
  const started = porchlight(args, env, input)
  return { code: await started.exit, text: started.said.text }
}

async function startServing(more: Record<string, string> = {}) {
  const started = porchlight(['serve'], { ...settings(), ...more })
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await request(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    await answer?.body.dump()
    if (answer?.statusCode === 200) return started
    await setTimeout(50)
  }
  throw new Error(`serve is not ready: ${started.said.text}`)
}

/** Signs a volunteer in by the email that arrives at the mail server. @returns the session's cookie */
async function signInByMail(host: string, email: string): Promise<string> {
  const before = received.length
  const from = { host, origin: `http://${host}` }
  const asked = await request(`http://127.0.0.1:${port}/portal/api/sign-in`, {
    method: 'POST',
    headers: { ...from, 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  })
  expect(asked.statusCode).toBe(202)
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(before + 1)
  const link = /https?:\S+\/auth\/\S+/.exec(received.at(-1)?.text ?? '')?.[0] ?? ''
  const spent = await request(`http://127.0.0.1:${port}${new URL(link).pathname}`, {
    method: 'POST',
    headers: from,
  })
  expect(spent.statusCode).toBe(303)
  return String(spent.headers['set-cookie']).split(';')[0] ?? ''
}

/** Every sample of a scrape by its name and labels; a line that is none fails. */
function samplesIn(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || /^# (HELP|TYPE) [a-z_:]\w* /i.test(line)) continue
    const [, name, value] =
      /^([a-z_:][\w:]*(?:\{(?:[a-z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})?) (\S+)$/i.exec(line) ?? []
    if (name === undefined) throw new Error(`no sample: ${line}`)
    samples.set(name, Number(value))
  }
  return samples
}

describe('the operator', () => {
  it('is told every missing setting at once, and nothing is started', async () => {
    const { code, text } = await run(['serve'], { PORCHLIGHT_SECRET: 'too-short' })
    expect(code).toBe(1)
    for (const name of ['PORCHLIGHT_SECRET', 'TRUSTED_PROXIES', 'SMTP_URL', 'MAIL_FROM'])
      expect(text).toContain(name)
    expect(text).not.toContain('too-short')
  })

  it('adds a customer, is told each mistake by its option, changes it and lists it', async () => {
    const token = world.customers[0]?.vomoToken ?? ''
    const wrong = await run(
      [
        'customer',
        'add',
        'River Bend',
        '--name',
        ' ',
        '--url',
        'http://volunteers.example.org',
        '--color',
        'green',
        '--time-zone',
        'Mars/Base',
        '--vomo-token-file',
        '-',
      ],
      undefined,
      token,
    )
    expect(wrong.code).toBe(1)
    for (const option of ['slug', 'name', 'url', 'color', 'time-zone'])
      expect(wrong.text).toContain(`  ${option} must`)

    const file = join(folder, 'token')
    writeFileSync(file, `${token}\n`)
    const added = await run([
      'customer',
      'add',
      'riverbend',
      '--name',
      'Riverbend Food Bank',
      '--url',
      origin,
      '--vomo-url',
      `${sandbox.url}/v1`,
      '--vomo-token-file',
      file,
      '--time-zone',
      'America/Chicago',
    ])
    expect([added.code, added.text]).toEqual([0, `riverbend is served at ${origin}.\n`])
    expect(
      (await run(['customer', 'add', 'riverbend', '--name', 'x', '--url', origin, '--vomo-token-file', file]))
        .text,
    ).toContain('is taken')
    expect(
      (await run(['customer', 'set', 'riverbend', '--contact-email', 'hello@riverbend.example'])).code,
    ).toBe(0)
    const listed = JSON.parse((await run(['customer', 'list', '--json'])).text) as {
      slug: string
      contactEmail: string
    }[]
    expect(listed).toMatchObject([
      { slug: 'riverbend', contactEmail: 'hello@riverbend.example', name: 'Riverbend Food Bank' },
    ])
  })

  it('serves: a volunteer signs in by a mail that came over SMTP', async () => {
    const serving = await startServing()
    const address = world.customers[0]?.volunteers[0] ?? ''
    const cookie = await signInByMail(`localhost:${port}`, address)
    const [mail] = received
    expect(mail?.from?.value).toEqual([
      { name: 'Riverbend Food Bank', address: 'no-reply@volunteers.example.org' },
    ])
    expect(mail?.replyTo?.value[0]?.address).toBe('hello@riverbend.example')
    const me = await request(`http://127.0.0.1:${port}/portal/api/me`, {
      headers: { host: `localhost:${port}`, cookie },
    })
    expect(await me.body.json()).toMatchObject({ email: address })
    // The demo's parts are not there.
    expect(
      (await request(`http://127.0.0.1:${port}/dev/mail`, { headers: { host: `localhost:${port}` } }))
        .statusCode,
    ).toBe(404)

    const well = await run(['doctor'])
    expect(well.text).toContain('VOMO accepts the token')
    expect(well.text).toMatch(/^ok {3}1 process serves this database, of version \d+\.\d+\.\d+\.$/m)
    for (const said of [
      'The clock agrees with',
      'MB free',
      'is one secret',
      'list of projects',
      'a reserved name',
    ])
      expect(well.text).toContain(said)
    expect([well.code, well.text.includes('FAIL')]).toEqual([0, false])
    serving.child.kill('SIGTERM')
    expect(await serving.exit).toBe(0)
    expect(serving.said.text).toContain('"PORCHLIGHT_SECRET":"(set)"')
    expect(serving.said.text).not.toContain(secret)
    const unwell = await run(['doctor'])
    expect(unwell.code).toBe(1)
    expect(unwell.text).toContain('Start porchlight serve')
  })

  describe('while it serves', () => {
    let serving: Awaited<ReturnType<typeof startServing>>
    beforeAll(async () => {
      serving = await startServing()
    }, 60_000)

    it('row 7: an organization that is added, and then given the right token, is shown its opportunities and groups without a restart', async () => {
      const hillside = world.customers[1]
      if (!hillside) throw new Error('the sample world has two customers')
      const host = `hillside.localhost:${port}`
      const ask = (path: string, cookie: string) =>
        request(`http://127.0.0.1:${port}${path}`, { headers: { host, cookie } })
      const give = (command: string[], token: string) =>
        run(['customer', ...command, '--vomo-token-file', '-'], undefined, token)
      const add = ['add', 'hillside', '--name', 'Hillside Shelter', '--url', `http://${host}`]
      const added = await give(
        [...add, '--vomo-url', `${sandbox.url}/v1`, '--budget', '900', '--no-check'],
        'not-the-token',
      )
      expect(added.text).toContain('hillside is served')
      // The running process has tried that token and been refused before it gets the right one.
      await expect.poll(() => serving.said.text, { timeout: 20_000 }).toContain('VOMO refuses the token')
      expect((await give(['set', 'hillside'], hillside.vomoToken)).code).toBe(0)

      const cookie = await signInByMail(host, hillside.volunteers[0] ?? '')
      for (const path of ['/portal/api/opportunities', '/portal/api/me/groups']) {
        await expect
          .poll(async () => (await (await ask(path, cookie)).body.json()) as object, { timeout: 30_000 })
          .toMatchObject({ complete: true })
      }
    }, 120_000)

    it('row 13: the health check of the container asks the port that is served', async () => {
      const [, line = '[]'] =
        /^HEALTHCHECK CMD (.+)$/m.exec(readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')) ?? []
      const [command = '', ...args] = JSON.parse(line) as string[]
      const check = (env: Record<string, string>) =>
        spawnSync(command === 'node' ? process.execPath : command, args, {
          cwd: fileURLToPath(new URL('..', import.meta.url)),
          env: { PATH: '', ...env },
        }).status
      expect(check({ PORT: String(port) })).toBe(0)
      expect(check({ PORT: String(port), LISTEN_ON: '0.0.0.0' })).toBe(0)
      expect(check({ PORT: '1' })).toBe(1)
    })

    it('row 10: a balancer’s idle connection is kept for longer than its own minute, and the stop does not wait for it', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/healthz', agent }, resolve).on('error', reject)
      })
      answer.resume()
      expect(answer.headers['keep-alive']).toBe('timeout=65')
      const askedAtMs = performance.now()
      serving.child.kill('SIGTERM')
      expect(await serving.exit).toBe(0)
      expect(performance.now() - askedAtMs).toBeLessThan(4000)
      agent.destroy()
    })
  })

  describe('whose metrics are on', () => {
    const metricsPort = port + 1
    const token = 'the-token-of-the-system-that-scrapes'
    let serving: Awaited<ReturnType<typeof startServing>>
    const scrape = (path: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') =>
      request(`http://127.0.0.1:${metricsPort}${path}`, { method, headers })
    const portal = (path: string, headers: Record<string, string> = {}) =>
      request(`http://127.0.0.1:${port}${path}`, { headers })
    beforeAll(async () => {
      serving = await startServing({ METRICS_LISTEN: `127.0.0.1:${metricsPort}`, METRICS_TOKEN: token })
    }, 60_000)
    afterAll(async () => {
      serving.child.kill('SIGTERM')
      expect(await serving.exit).toBe(0)
      expect(serving.said.text).toContain('"METRICS_TOKEN":"(set)"')
    })

    it('reads what happened in Prometheus’ text, and nothing in it names a person or a secret', async () => {
      const address = world.customers[0]?.volunteers[1] ?? ''
      const cookie = await signInByMail(`localhost:${port}`, address)
      const me = await portal('/portal/api/me', { host: `localhost:${port}`, cookie })
      expect(await me.body.json()).toMatchObject({ email: address })
      await (await portal(`/auth/${'x'.repeat(32)}`, { host: `localhost:${port}` })).body.dump()
      await (await portal('/a-campaign-no-one-has', { host: `localhost:${port}` })).body.dump()
      await (await portal('/no/such/path', { host: 'elsewhere.example' })).body.dump()

      const answer = await scrape('/metrics')
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
      const text = await answer.body.text()
      const read = samplesIn(text)
      const requests = (labels: string) => read.get(`porchlight_http_requests_total{${labels}}`)
      expect(requests('method="POST",route="/portal/api/sign-in",status="202"')).toBe(1)
      expect(requests('method="POST",route="/auth/:secret",status="303"')).toBe(1)
      expect(requests('method="GET",route="/portal/api/me",status="200"')).toBe(1)
      expect(requests('method="GET",route="none",status="421"')).toBe(1)
      expect(text).toMatch(/route="\/auth\/:secret",status="4\d\d"} 1\n/)
      expect(text).toMatch(/route="\/:campaign",status="\d+"} 1\n/)
      expect(read.get('porchlight_http_request_seconds_count{method="GET",route="/portal/api/me"}')).toBe(1)
      expect(read.get('porchlight_sign_ins_total{way="mailed_link",outcome="opened"}')).toBe(1)
      expect(read.get('porchlight_sign_in_misses_total')).toBe(1)
      expect(read.get('porchlight_emails_total{outcome="accepted"}')).toBe(1)
      expect(read.get('porchlight_emails_waiting')).toBe(0)
      expect(read.get('porchlight_email_oldest_seconds')).toBe(0)
      expect(read.get('porchlight_jobs_total{job="send mail",outcome="ran"}')).toBe(1)
      expect(read.get('porchlight_vomo_calls_total{call="identity",outcome="answered"}')).toBeGreaterThan(0)
      expect(read.get('porchlight_vomo_budget_left_ratio')).toBeLessThan(1)
      expect(read.get('porchlight_vomo_breakers_open')).toBe(0)
      expect(read.get('porchlight_vomo_list_age_seconds')).toBeGreaterThan(0)
      expect(read.get('porchlight_store_write_seconds_count{outcome="committed"}')).toBeGreaterThan(3)
      expect(read.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)

      const link = /\/auth\/(\S+)/.exec(received.at(-1)?.text ?? '')?.[1] ?? ''
      expect(link).not.toBe('')
      const own = [link, cookie.split('=')[1] ?? '', address, address.split('@')[0] ?? '', token, 'riverbend']
      for (const secretOrName of [...own, 'x'.repeat(32), 'a-campaign', 'elsewhere'])
        expect(text.includes(secretOrName), secretOrName).toBe(false)
      // Ids of ours, of persons and links among them.
      expect(text).not.toMatch(/[a-z]{3}_[0-9A-Za-z]{20}/)
    }, 60_000)

    it('serves them beside nothing else on their listener, and at the portal for the token alone', async () => {
      for (const path of ['/', '/metrics/', '/healthz', '/sign-in', '/portal/api/me'])
        expect([path, (await scrape(path)).statusCode]).toEqual([path, 404])
      expect((await scrape('/metrics', {}, 'POST')).statusCode).toBe(405)
      for (const authorization of ['', 'Bearer ', `Bearer ${token}x`, `Basic ${token}`, token]) {
        const refused = await portal('/metrics', { authorization })
        expect([authorization, refused.statusCode]).toEqual([authorization, 401])
        expect(await refused.body.text()).not.toContain('porchlight_')
      }
      const given = await portal('/metrics', { authorization: `Bearer ${token}` })
      expect(samplesIn(await given.body.text()).has('porchlight_jobs_waiting')).toBe(true)
    })
  })

  it('where no metrics are set, /metrics is a path like any unknown one', async () => {
    const serving = await startServing()
    const headers = { host: `localhost:${port}`, authorization: 'Bearer undefined' }
    const [metrics, unknown] = await Promise.all(
      ['/metrics', '/no-such'].map((path) => request(`http://127.0.0.1:${port}${path}`, { headers })),
    )
    const shown = async (answer: typeof metrics) =>
      `${answer?.statusCode} ${String(answer?.headers.location)} ${await answer?.body.text()}`
    expect((await shown(metrics)).replaceAll('metrics', 'no-such')).toBe(await shown(unknown))
    serving.child.kill('SIGTERM')
    expect(await serving.exit).toBe(0)
  }, 60_000)

  describe('who reads the log', () => {
    const id = '5f2c9a1b7e3d4f60a1b2c3d4e5f60718'
    const outId = '01J9ZK3V7Q8W5X6Y7Z8A9B0C1D'
    const askedAs = (path: string, more: Record<string, string> = {}) =>
      request(`http://127.0.0.1:${port}${path}`, {
        headers: {
          host: `localhost:${port}`,
          'x-request-id': id,
          'x-forwarded-for': '203.0.113.77',
          ...more,
        },
      })
    const linesOf = (text: string) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>)

    it('finds each request under the id of its answer, the start, the customers, what changed of them and the stop, and nothing of a person', async () => {
      const serving = await startServing({ TRUSTED_PROXIES: '127.0.0.1' })
      const address = world.customers[0]?.volunteers[2] ?? ''
      const cookie = await signInByMail(`localhost:${port}`, address)
      const me = await askedAs('/portal/api/me?secret-of-a-query', { cookie })
      expect(await me.body.json()).toMatchObject({ email: address })
      expect(me.headers['x-request-id']).toBe(id)
      for (const path of [
        '/no/such/path',
        `/auth/${'y'.repeat(32)}`,
        '/robots.txt',
        '/healthz',
        '/assets/none.css',
      ]) {
        const { headers, body } = await askedAs(path)
        await body.dump()
        expect([path, headers['x-request-id']]).toEqual([path, id])
      }
      expect((await run(['customer', 'set', 'riverbend', '--contact-name', 'Nameofone Canary'])).code).toBe(0)
      await expect
        .poll(() => serving.said.text, { timeout: 20_000 })
        .toContain('settings of a customer changed')
      // A session that its holder ends, and the event that says so.
      const out = await request(`http://127.0.0.1:${port}/sign-out`, {
        method: 'POST',
        headers: { host: `localhost:${port}`, origin, cookie, 'x-request-id': outId },
      })
      await out.body.dump()
      const audited = await run(['audit', '--request', outId, '--json'])
      expect(
        audited.text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as object),
      ).toEqual([expect.objectContaining({ kind: 'session.ended', request: outId, customer: 'riverbend' })])
      expect((await run(['audit', '--request', outId])).text).toContain(` request=${outId}\n`)
      serving.child.kill('SIGTERM')
      expect(await serving.exit).toBe(0)

      const lines = linesOf(serving.said.text)
      const named = (msg: string) => lines.filter((line) => line['msg'] === msg)
      expect(named('serving')).toHaveLength(1)
      expect(named('a customer was found')).toContainEqual(
        expect.objectContaining({
          customer: 'riverbend',
          customerId: expect.stringMatching(/^cus_/) as string,
        }),
      )
      expect(named('settings of a customer changed')).toEqual([
        expect.objectContaining({ customer: 'riverbend', settings: ['contactName'] }),
      ])
      expect(lines.slice(-2).map((line) => line['msg'])).toEqual(['stopping', 'stopped'])
      const ofThis = named('request').filter((line) => line['requestId'] === id)
      expect(ofThis.map(({ customer, method, route, status }) => [customer, method, route, status])).toEqual([
        ['riverbend', 'GET', '/portal/api/me', 200],
        ['riverbend', 'GET', 'none', 404],
        ['riverbend', 'GET', '/auth/:secret', expect.any(Number)],
        ['riverbend', 'GET', '/robots.txt', 200],
        [undefined, 'GET', '/healthz', 200],
        ['riverbend', 'GET', 'none', 404],
      ])
      for (const line of named('request')) expect(line['ms']).toEqual(expect.any(Number))
      const always = ['level', 'time', 'pid', 'hostname', 'msg']
      const fields = new Set(
        lines.flatMap((line) => Object.keys(line)).filter((name) => !always.includes(name)),
      )
      expect([...fields].filter((name) => !(name in logFields))).toEqual([])
      const link = /\/auth\/(\S+)/.exec(received.at(-1)?.text ?? '')?.[1] ?? ''
      expect(link).not.toBe('')
      const never = [link, cookie.split('=')[1] ?? '', address, 'yyyy', 'secret-of', '203.0.113', 'Nameofone']
      expect(never.filter((text) => serving.said.text.includes(text))).toEqual([])
    }, 120_000)

    /** Each has a line of some 200 letters; a pipe holds 64 KiB, and a megabyte waits. */
    async function askTenThousandTimes(): Promise<void> {
      const agent = new Agent({ keepAlive: true, maxSockets: 16 })
      const ask = () =>
        new Promise<number | undefined>((resolve, reject) => {
          get({ host: '127.0.0.1', port, path: '/healthz', agent }, (answer) => {
            answer.resume()
            answer.on('end', () => resolve(answer.statusCode))
          }).on('error', reject)
        })
      for (let round = 0; round < 100; round += 1)
        expect(new Set(await Promise.all(Array.from({ length: 100 }, ask)))).toEqual(new Set([200]))
      agent.destroy()
    }

    it('slowly holds up no request, and is told what was thrown away', async () => {
      const serving = await startServing()
      serving.child.stderr.pause()
      await askTenThousandTimes()
      serving.child.stderr.resume()
      await setTimeout(300)
      await (await askedAs('/healthz')).body.dump()
      await expect.poll(() => serving.said.text, { timeout: 10_000 }).toContain('were thrown away')
      serving.child.kill('SIGTERM')
      expect(await serving.exit).toBe(0)
    }, 120_000)

    it('no longer ends no process', async () => {
      const serving = await startServing()
      serving.child.stderr.destroy()
      await askTenThousandTimes()
      serving.child.kill('SIGTERM')
      expect(await serving.exit).toBe(0)
    }, 120_000)

    it('is told a level that is none, with the other mistakes', async () => {
      const { code, text } = await run(['serve'], { ...settings(), LOG_LEVEL: 'loud', PORT: 'x' })
      expect(code).toBe(1)
      expect(text).toContain('LOG_LEVEL: it must be `debug`, `info`, `warn` or `error`.')
      expect(text).toContain('PORT must')
    })
  })

  it('stops it while it starts, and nothing it has begun is cut off', async () => {
    const database = await openTarpit()
    const starting = porchlight(['serve'], {
      ...settings(),
      DATABASE_URL: `postgres://porchlight@127.0.0.1:${database.port}/porchlight`,
    })
    await expect.poll(() => database.held.size, { timeout: 20_000 }).toBeGreaterThan(0)
    starting.child.kill('SIGTERM')
    await expect.poll(() => starting.said.text, { timeout: 20_000 }).toContain('"msg":"stopping"')
    await database.close()
    expect(await starting.exit).toBe(1)
    expect(starting.said.text.match(/does not answer/g)).toHaveLength(1)
  }, 60_000)

  it('stops it under load without a reset connection', async () => {
    for (let round = 0; round < 5; round += 1) {
      const serving = await startServing()
      const clients = await Promise.all(Array.from({ length: 64 }, () => keepAsking()))
      await setTimeout(300)
      serving.child.kill('SIGTERM')
      const code = await serving.exit
      for (const client of clients) client.stop()
      const outcomes = await Promise.all(clients.map((client) => client.outcome))
      expect(code).toBe(0)
      expect(outcomes.flatMap(({ faults }) => faults)).toEqual([])
      expect(outcomes.reduce((sum, { answered }) => sum + answered, 0)).toBeGreaterThan(200)
    }
  }, 120_000)
})

/** A client on one persistent connection that asks again and again, until the server says that it closes. */
async function keepAsking() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const faults: string[] = []
  let answered = 0
  let isOver = false

  const ask = () =>
    new Promise<void>((resolve) => {
      get(
        { host: '127.0.0.1', port, path: '/sign-in', agent, headers: { host: `localhost:${port}` } },
        (answer) => {
          answer.resume()
          answer.on('end', () => {
            answered += 1
            if (answer.headers.connection === 'close') isOver = true
            resolve()
          })
          answer.on('error', (error) => {
            faults.push(error.message)
            resolve()
          })
        },
      ).on('error', (error) => {
        faults.push(error.message)
        isOver = true
        resolve()
      })
    })

  await ask()
  const outcome = (async () => {
    while (!isOver) await ask()
    agent.destroy()
    return { answered, faults }
  })()
  return { outcome, stop: () => (isOver = true) }
}
