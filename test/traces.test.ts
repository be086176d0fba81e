import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { Agent, request } from 'undici'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spanAttributes, spans } from '../src/log/traces.ts'
import { makeSampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'

/** A span as OTLP has it. */
type Exported = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
  links?: { traceId: string; spanId: string }[]
}
type Export = { resourceSpans: { scopeSpans: { spans: Exported[] }[] }[] }

const outDir = fileURLToPath(new URL('../node_modules/.cache/traces', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'porchlight-traces-'))
const secret = 'the-secret-of-the-house-that-is-traced-0123456789'
const port = 20_000 + Math.floor(Math.random() * 20_000)
const host = `localhost:${port}`
const world = makeSampleWorld({ nowMs: Date.now() })
const [riverbend] = world.customers
const address = riverbend?.volunteers[0] ?? ''
const user = riverbend?.records.users.find(({ email }) => email === address)

const bodies: string[] = []
const collector = createServer((asked, answer) => void collect(asked, answer))
const emails: string[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => void take(stream, done),
})
let sandbox: Sandbox
let serving: ChildProcess

async function collect(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  bodies.push(await text(asked))
  answer.writeHead(200, { 'content-type': 'application/json' }).end('{}')
}

async function take(stream: Readable, done: (error?: Error | null) => void): Promise<void> {
  const { text: said = '' } = await simpleParser(stream)
  emails.push(said)
  done()
}

beforeAll(async () => {
  await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } })
  sandbox = await startSandbox({ world, rateLimits: { portal: 1000, probe: 1000 } })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const add = ['customer', 'add', 'riverbend', '--name', 'Riverbend Food Bank', '--url', `http://${host}`]
  const vomo = ['--vomo-url', `${sandbox.url}/v1`, '--vomo-token-file', '-']
  await ended(porchlight([...add, ...vomo], riverbend?.vomoToken))
  serving = porchlight(['serve'])
  while (!(await isReady())) await pause(50)
}, 90_000)

afterAll(async () => {
  serving.kill('SIGKILL')
  await sandbox.close()
  collector.close()
  await new Promise<void>((resolve) => smtp.close(resolve))
  rmSync(folder, { recursive: true })
})

/** As docs/operating.md says: the SDK in a file of the operator's, loaded by `NODE_OPTIONS`. */
function porchlight(args: string[], input = ''): ChildProcess {
  const manual = readFileSync(new URL('../docs/operating.md', import.meta.url), 'utf8')
  const [, loaded = ''] = /porchlight-traces\/traces\.mjs <<'END'\n(.*?)^END$/ms.exec(manual) ?? []
  const file = join(outDir, 'traces.mjs')
  writeFileSync(file, loaded)
  const child = spawn(process.execPath, [join(outDir, 'cli.js'), ...args], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {
      PATH: '',
      NODE_OPTIONS: `--import=${file}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(collector.address())}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      PORT: String(port),
      LOG_LEVEL: 'warn',
      PORCHLIGHT_DATA: folder,
      PORCHLIGHT_SECRET: secret,
      TRUSTED_PROXIES: '127.0.0.1',
      SMTP_URL: `smtp://127.0.0.1:${portOf(smtp.server.address())}`,
      MAIL_FROM: 'no-reply@volunteers.example.org',
    },
  })
  child.stdin?.end(input)
  return child
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve))
}

function portOf(at: string | AddressInfo | null): number {
  return typeof at === 'object' && at ? at.port : 0
}

async function isReady(): Promise<boolean> {
  const answer = await request(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
  await answer?.body.dump()
  return answer?.statusCode === 200
}

/** Asks as the proxy does, which names the trace it has begun. */
async function ask(
  method: 'GET' | 'POST',
  path: string,
  given: { traceId: string; spanId: string; headers?: Record<string, string>; body?: string; from?: string },
) {
  const { traceId, spanId, headers, body, from = '127.0.0.1' } = given
  const dispatcher = new Agent({ localAddress: from })
  const answer = await request(`http://127.0.0.1:${port}${path}`, {
    method,
    dispatcher,
    headers: {
      host,
      origin: `http://${host}`,
      'content-type': 'application/json',
      'x-forwarded-for': '198.51.100.7',
      traceparent: `00-${traceId}-${spanId}-01`,
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  await answer.body.dump()
  await dispatcher.close()
  return answer
}

function exported(): Exported[] {
  return bodies.flatMap((body) =>
    (JSON.parse(body) as Export).resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans: found }) => found),
    ),
  )
}

function attributeOf(span: Exported | undefined, key: string): string | number | undefined {
  const value = span?.attributes.find((each) => each.key === key)?.value
  return value?.stringValue ?? value?.intValue
}

/** What hangs below a span, as `name` or `name(what is below it)`. */
function treeBelow(span: Exported | undefined): string[] {
  return exported()
    .filter(({ parentSpanId, traceId }) => parentSpanId === span?.spanId && traceId === span?.traceId)
    .flatMap((child) => [child.name, ...treeBelow(child)])
}

const jobSpan = (kind: string) => exported().find((span) => attributeOf(span, 'porchlight.job') === kind)
const requestSpan = (name: string) => exported().find((span) => span.name === name)

it('a sign-in with an SDK of OpenTelemetry is one tree for each request, linked to those of its email, and names no one', async () => {
  const asking = { traceId: 'a'.repeat(32), spanId: '1'.repeat(16) }
  const asked = await ask('POST', '/portal/api/sign-in', {
    ...asking,
    body: JSON.stringify({ email: address }),
  })
  expect(asked.statusCode).toBe(202)
  await expect.poll(() => emails.length, { timeout: 20_000 }).toBe(1)
  const [, path = ''] = /https?:\/\/[^/]+(\/auth\/\S+)/.exec(emails[0] ?? '') ?? []
  const entering = { traceId: 'b'.repeat(32), spanId: '2'.repeat(16) }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const spent = await ask('POST', path, { ...entering, headers: form })
  expect(spent.statusCode).toBe(303)
  const cookie = [spent.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0] ?? '')
  const reading = { ...entering, spanId: '3'.repeat(16), headers: { cookie: cookie.join('; ') } }
  expect((await ask('GET', '/portal/api/me', reading)).statusCode).toBe(200)
  // A neighbor that is no trusted proxy chooses no trace.
  const forged = { traceId: 'f'.repeat(32), spanId: 'f'.repeat(16), from: '127.0.0.2' }
  expect((await ask('GET', '/sign-in', forged)).statusCode).toBe(200)
  await expect
    .poll(() => [requestSpan('GET /sign-in'), jobSpan('send mail')].includes(undefined), { timeout: 10_000 })
    .toBe(false)

  const sent = requestSpan('POST /portal/api/sign-in')
  expect([sent?.traceId, sent?.parentSpanId]).toEqual([asking.traceId, asking.spanId])
  expect(attributeOf(sent, 'http.response.status_code')).toBe(202)
  expect(attributeOf(sent, 'porchlight.customer')).toBe('riverbend')
  expect(attributeOf(sent, 'porchlight.request_id')).toBe(asked.headers['x-request-id'])
  expect(treeBelow(sent)).toContain('store write')

  const looked = jobSpan('sign-in mail')
  expect(looked?.parentSpanId ?? '').toBe('')
  expect(looked?.links?.map(({ traceId }) => traceId)).toEqual([asking.traceId])
  expect(treeBelow(looked)).toEqual(expect.arrayContaining(['store read', 'VOMO call', 'store write']))
  const mailed = jobSpan('send mail')
  expect(mailed?.links?.map(({ traceId }) => traceId)).toEqual([looked?.traceId])
  expect(treeBelow(mailed)).toEqual(expect.arrayContaining(['store read', 'mail', 'store write']))

  const entered = requestSpan('POST /auth/:secret')
  expect([entered?.traceId, entered?.parentSpanId]).toEqual([entering.traceId, entering.spanId])
  expect(treeBelow(entered)).toEqual(expect.arrayContaining(['store read', 'store write']))
  const shown = requestSpan('GET /portal/api/me')
  expect(treeBelow(shown)).toEqual(expect.arrayContaining(['store read', 'VOMO call']))
  // Nothing of the two requests hangs elsewhere.
  const both = exported().filter(({ traceId }) => traceId === entering.traceId)
  const below = [entered, shown].flatMap((span) => treeBelow(span))
  expect(both).toHaveLength(below.length + 2)
  expect(exported().filter(({ traceId }) => traceId === forged.traceId)).toEqual([])

  const writes = both
    .filter(({ name }) => name === 'store write')
    .map((span) => attributeOf(span, 'db.query.summary'))
  expect(writes.join()).toMatch(/update link,.*insert session,.*insert audit_event/)
  const calls = exported().filter(({ name }) => name === 'VOMO call')
  expect(calls.map((call) => attributeOf(call, 'url.template'))).toContain('/users/:id')

  const known = exported().flatMap(({ attributes }) => attributes.map(({ key }) => key))
  expect([...new Set(known)].filter((key) => !Object.hasOwn(spanAttributes, key))).toEqual([])
  const names = exported().map(({ name }) => name)
  expect(names.filter((name) => !Object.hasOwn(spans, name) && !/^[A-Z]+ (\/\S*|none)$/.test(name))).toEqual(
    [],
  )
  const token = path.slice('/auth/'.length)
  const canaries = {
    token,
    address,
    secret,
    localPart: address.split('@')[0] ?? '',
    cookie: cookie.find((each) => each.includes('session'))?.split('=')[1] ?? '',
    vomoId: `users/${user?.id}`,
    vomoToken: riverbend?.vomoToken ?? '',
    network: '198.51.100.7',
  }
  const told = bodies.join('\n')
  for (const [what, canary] of Object.entries(canaries)) {
    expect(canary.length, what).toBeGreaterThan(5)
    expect(told.includes(canary), what).toBe(false)
  }
}, 60_000)

it('the spans of a process that stops have left before it ends', async () => {
  await pause(500)
  const before = bodies.length
  const last = { traceId: 'c'.repeat(32), spanId: '4'.repeat(16) }
  await ask('GET', '/help', last)
  const end = ended(serving)
  serving.kill('SIGTERM')
  expect(await end).toBe(0)
  expect(bodies.length).toBeGreaterThan(before)
  expect(requestSpan('GET /help')?.traceId).toBe(last.traceId)
})
