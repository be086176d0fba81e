import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { request } from 'undici'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSampleWorld, type SampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'

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

async function startServing() {
  const started = porchlight(['serve'])
  await expect
    .poll(async () => (await request(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.statusCode, {
      timeout: 20_000,
    })
    .toBe(200)
  return started
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
        '--colour',
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
    for (const option of ['slug', 'name', 'url', 'colour', 'time-zone'])
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
    const asked = await request(`http://127.0.0.1:${port}/portal/api/sign-in`, {
      method: 'POST',
      headers: { host: `localhost:${port}`, origin, 'content-type': 'application/json' },
      body: JSON.stringify({ email: address }),
    })
    expect(asked.statusCode).toBe(202)
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1)
    const [mail] = received
    expect(mail?.from?.value).toEqual([
      { name: 'Riverbend Food Bank', address: 'no-reply@volunteers.example.org' },
    ])
    expect(mail?.replyTo?.value[0]?.address).toBe('hello@riverbend.example')
    const link = /https?:\S+\/auth\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
    const spent = await request(link.replace('localhost', '127.0.0.1'), {
      method: 'POST',
      headers: { host: `localhost:${port}`, origin },
    })
    expect(spent.statusCode).toBe(303)
    const cookie = String(spent.headers['set-cookie']).split(';')[0] ?? ''
    const me = await request(`http://127.0.0.1:${port}/portal/api/me`, {
      headers: { host: `localhost:${port}`, cookie },
    })
    expect(await me.body.json()).toMatchObject({ email: address })
    // What belongs to the demo is not there.
    expect(
      (await request(`http://127.0.0.1:${port}/dev/mail`, { headers: { host: `localhost:${port}` } }))
        .statusCode,
    ).toBe(404)

    const well = await run(['doctor'])
    expect(well.text).toContain('VOMO takes the token')
    expect([well.code, well.text.includes('MEND')]).toEqual([0, false])
    serving.child.kill('SIGTERM')
    expect(await serving.exit).toBe(0)
    expect(serving.said.text).toContain('"PORCHLIGHT_SECRET":"(set)"')
    expect(serving.said.text).not.toContain(secret)
    const unwell = await run(['doctor'])
    expect(unwell.code).toBe(1)
    expect(unwell.text).toContain('Start porchlight serve')
  })

  it('stops it under load without a reset connection', async () => {
    for (let round = 0; round < 5; round += 1) {
      const serving = await startServing()
      const clients = await Promise.all(Array.from({ length: 64 }, () => keepAsking()))
      setTimeout(() => serving.child.kill('SIGTERM'), 300)
      const code = await serving.exit
      for (const client of clients) client.stop()
      const outcomes = await Promise.all(clients.map((client) => client.outcome))
      expect(code).toBe(0)
      expect(outcomes.flatMap(({ faults }) => faults)).toEqual([])
      expect(outcomes.reduce((sum, { answered }) => sum + answered, 0)).toBeGreaterThan(200)
    }
  }, 120_000)
})

/** A client on one kept connection that asks again and again, until the server says that it closes. */
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
