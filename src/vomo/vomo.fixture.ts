import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Log } from '../log/log.ts'
import { openSecrets } from '../secrets.ts'
import { checkRecall } from '../store/checked-recall.fixture.ts'
import { openStore } from '../store/engines.ts'
import type { Store } from '../store/store.ts'
import { grantVomoAccess } from './access/access.ts'
import { createVomo, type Vomo, type VomoSettings } from './vomo.ts'

/** The tests' own VOMO: a real HTTP server on a free port, with answers that each test writes. */
export type Upstream = {
  baseUrl: string
  /** The requests that arrived, in order: the path under the base, with its query. */
  calls: {
    method: string
    path: string
    token: string | undefined
    headers: IncomingHttpHeaders
    /** The body of a POST, as text. */
    body: string
  }[]
  answer: (path: string, query: URLSearchParams, token: string | undefined) => Reply | Promise<Reply>
  maxAtOnce: number
  close(): Promise<void>
}

export type Reply = {
  status?: number
  /** Sent as JSON. */
  body?: unknown
  headers?: Record<string, string>
  delayMs?: number
  /** The answer waits until this resolves. */
  after?: Promise<void>
  /** Closes the connection instead of answering. */
  hangUp?: boolean
}

export async function startUpstream(answer: Upstream['answer']): Promise<Upstream> {
  let atOnce = 0
  const server = createServer((request, response) => void reply(request, response))

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://upstream')
    const path = url.pathname.replace(/^\/v1/, '')
    const token = request.headers.authorization?.replace(/^Bearer /, '')
    const { method = '', headers: asked } = request
    const sent = method === 'POST' ? await text(request) : ''
    upstream.calls.push({ method, path: path + url.search, token, headers: asked, body: sent })
    atOnce += 1
    upstream.maxAtOnce = Math.max(upstream.maxAtOnce, atOnce)
    const {
      status = 200,
      body = '',
      headers,
      delayMs,
      after,
      hangUp,
    } = await upstream.answer(path, url.searchParams, token)
    if (delayMs !== undefined) await setTimeout(delayMs)
    await after
    atOnce -= 1
    if (hangUp) {
      request.socket.destroy()
      return
    }
    const isText = typeof body === 'string' || Buffer.isBuffer(body)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(isText ? body : JSON.stringify(body))
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const upstream: Upstream = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls: [],
    answer,
    maxAtOnce: 0,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return upstream
}

export const startOfTest = Date.UTC(2026, 10, 21, 12)

export const secrets = openSecrets(['a secret of the tests that is long enough'])

/** A VOMO over a real store, with a clock that the test moves, for customers `riverbend` and `hillside`. */
export async function openTestVomo(
  baseUrl: string,
  options: Partial<VomoSettings> & { budget?: number; file?: string } = {},
) {
  const { budget = 50, file = ':memory:', ...settings } = options
  const time = { nowMs: startOfTest }
  const clock = () => time.nowMs
  const store = checkRecall(await openStore({ database: file }))
  for (const slug of ['riverbend', 'hillside']) {
    await addCustomer(store, slug)
    await store.write(() =>
      grantVomoAccess(store.db, secrets, {
        customerId: slug,
        baseUrl,
        token: `token-of-${slug}`,
        budgetPerMinute: budget,
      }),
    )
  }
  const logged: string[] = []
  const vomo = createVomo({ store, secrets, clock, log: logTo(logged), waitMs: 30_000, ...settings })
  return {
    vomo,
    store,
    time,
    clock,
    logged,
    /** Of another process on the same store, which warms none of the customers. */
    openBeside: (processes: VomoSettings['processes'] = { share: async () => new Set() }): Vomo =>
      createVomo({
        store,
        secrets,
        clock,
        log: logTo(logged),
        ...settings,
        processes,
      }),
    async close() {
      await vomo.close()
      await store.close()
    },
  }
}

export async function addCustomer(store: Store, id: string): Promise<void> {
  const customer = {
    id,
    slug: id,
    name: id,
    host: `${id}.example.org`,
    public_origin: `https://${id}.example.org`,
    contact_name: null,
    contact_email: null,
    colour: null,
    time_zone: 'America/Chicago',
    mails_strangers: 1,
    created_at_ms: 0,
  }
  await store.write(function* () {
    yield store.db
      .insertInto('customer')
      .values(customer)
      .onConflict((conflict) => conflict.doNothing())
      .compile()
  })
}

export function logTo(lines: string[]): Log {
  const line = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** Polls, because the awaited change happens in the background. */
export async function eventually(claim: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 2_000; looks++) {
    if (await claim()) return
    await (looks < 100 ? setImmediate() : setTimeout(2))
  }
  throw new Error('it never came true')
}

export function wireUser(id: number, more: Record<string, unknown> = {}) {
  return {
    type: 'user',
    id,
    first_name: 'Mara',
    last_name: 'Quist',
    email: `person${id}@example.org`,
    participations: [],
    profile_field_values: [],
    ...more,
  }
}

export function wireProject(id: number, more: Record<string, unknown> = {}) {
  return {
    type: 'project',
    id,
    name: `Project ${id}`,
    url: `https://app.example.org/project/p${id}`,
    address: { timezone: 'America/Chicago', venue: 'Hall', formatted_address: '1 Main St, Plano' },
    anytime: 0,
    draft: false,
    privacy: 'PUBLIC',
    published_at: '2025-01-01T00:00:00+00:00',
    campaigns: [],
    all_dates: [
      { id: id * 10, starts_at: '2026-11-28T15:00:00+00:00', ends_at: '2026-11-28T18:00:00+00:00' },
    ],
    ...more,
  }
}

export function wirePage(data: unknown[], page: number, lastPage: number) {
  const link = (n: number) => `https://elsewhere.example.org/v1/users?page=${n}`
  return {
    data,
    links: {
      first: link(1),
      last: link(lastPage),
      prev: null,
      next: page < lastPage ? link(page + 1) : 'null',
    },
    meta: { current_page: String(page), last_page: lastPage, per_page: '15', total: data.length },
  }
}

export const notFound: Reply = { status: 404, body: { message: 'Resource not found.' } }
