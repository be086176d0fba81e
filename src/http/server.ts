import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import { SafeResponse, safeHeaders } from './safe-headers.ts'

type Fetch = Parameters<typeof getRequestListener>[0]

/** @param serve has the request answered */
export type RequestHook = (request: IncomingMessage, response: SafeResponse, serve: () => void) => void

/** `undefined`, or a promise of `false`, for what it leaves to `fetch`. */
export type EarlyAnswer = (request: IncomingMessage, response: SafeResponse) => Promise<boolean> | undefined

export type Listening = {
  port: number
  /** Whether `close` was called, so a load balancer should look elsewhere. */
  isStopping(): boolean
  /** Stops accepting requests, finishes those in flight, then closes. */
  close(): Promise<void>
}

/**
 * How long an idle connection stays open. Load balancers keep theirs for 60 s, and the balancer must close first: a request it
 * sends on a connection that we just closed is lost. Node counts `headersTimeout` from the first byte of a request, so that one may
 * be shorter.
 */
export const defaultKeepAliveSeconds = 65

/**
 * How long a shutdown answers with `Connection: close`, unless every connection ends sooner. Busy clients then close their
 * connections themselves, without a reset; after that, idle connections are closed.
 */
const farewellMs = 1000
const farewellLookMs = 20
/** How long requests in flight may take once the server is asked to stop. */
const drainMs = 4000

const serverOptions = {
  ServerResponse: SafeResponse,
  /** Time limits for a request's headers and for the whole of it, checked often enough to take effect. */
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  /** `framingFault` refuses requests without one, with the headers Node would leave out. */
  requireHostHeader: false,
}

const plainText = { 'content-type': 'text/plain; charset=utf-8' }
const refusalHeaders = { ...plainText, connection: 'close' }

/**
 * Listens on every host given, all on one port. Skips a host the machine does not have (`::1` without IPv6) as long as another
 * remains.
 *
 * @param at.keepAliveMs how long an idle connection stays open, in milliseconds; default 65 s
 * @param hooks.answerEarly may answer a request before `fetch` takes it apart
 * @param hooks.onRequest sees each request first, and serves it
 */
export async function listen(
  fetch: Fetch,
  at: { port: number; hosts: readonly string[]; keepAliveMs?: number },
  hooks: {
    answerEarly?: EarlyAnswer
    onRequest?: RequestHook
  } = {},
): Promise<Listening> {
  const { answerEarly, onRequest } = hooks
  const answerFully = getRequestListener(fetch, {
    errorHandler: answerUnread,
    // For a request without Host, which only a health check may be.
    hostname: 'localhost',
  })
  const servers: Server[] = []
  let { port } = at
  const keepAliveTimeout = at.keepAliveMs ?? defaultKeepAliveSeconds * 1000
  let isStopping = false
  let missingHost: unknown

  async function answer(request: IncomingMessage, response: SafeResponse): Promise<void> {
    const early = isStopping ? undefined : answerEarly?.(request, response)
    // What fails early fails again below, and is told there.
    if (early && (await early.catch(() => false))) return
    await answerFully(request, response)
  }

  function serve(request: IncomingMessage, response: SafeResponse): void {
    const fault = framingFault(request)
    if (isStopping) response.setHeader('connection', 'close')
    if (fault) refuse(response, 400, fault)
    else answer(request, response).catch(() => response.destroy())
  }

  for (const host of at.hosts) {
    const server = createServer({ ...serverOptions, keepAliveTimeout }, (request, response) => {
      if (onRequest) onRequest(request, response, () => serve(request, response))
      else serve(request, response)
    })
    server.on('checkExpectation', (_, response: ServerResponse) => {
      refuse(response, 417, 'No expectation but 100-continue is met here.')
    })
    server.on('clientError', refuseBroken)
    try {
      port = await listenOn(server, port, host)
      servers.push(server)
    } catch (error) {
      if (!isMissingHost(error)) {
        await Promise.all(servers.map((open) => closeServer(open)))
        throw error
      }
      missingHost = error
    }
  }
  if (servers.length === 0) throw missingHost
  return {
    port,
    isStopping: () => isStopping,
    close: async () => {
      isStopping = true
      await untilLeft(servers)
      await Promise.all(servers.map((server) => closeServer(server)))
    },
  }
}

// Node passes these on, and a host name taken from them could differ from the one a proxy checked.
function framingFault(request: IncomingMessage): string | undefined {
  const { rawHeaders } = request
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') hosts += 1
  }
  if (hosts > 1 || (hosts === 0 && !isHealthPath(request.url)))
    return 'A request needs exactly one Host header.'
  if (!request.url?.startsWith('/')) return 'The request target must be a path.'
  return undefined
}

/** The path that load balancers ask, for every customer: HAProxy and others send no Host. */
function isHealthPath(url: string | undefined): boolean {
  return url === '/healthz' || url === '/readyz'
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, refusalHeaders)
  response.end(`${why}\n`)
}

/** Answers what never reached the app: a malformed address or host name. Every other error is a bug. */
function answerUnread(error: unknown): Response {
  const [status, why] =
    error instanceof RequestError
      ? [400, 'The request target or its host cannot be read.']
      : [500, 'Something went wrong on our side.']
  return new Response(`${why}\n`, { status, headers: plainText })
}

/** Answers what Node rejects before there is a request: broken framing, too many headers, a slow sender. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { _httpMessage: begun } = socket as Duplex & { _httpMessage?: ServerResponse }
  // A half-sent answer cannot be changed.
  if (!socket.writable || begun?.headersSent) {
    socket.destroy()
    return
  }
  const status = brokenStatuses[error.code ?? ''] ?? 400
  const text = `${STATUS_CODES[status]}\n`
  const headers = { ...safeHeaders, ...refusalHeaders, 'content-length': String(text.length) }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${text}`, () =>
    socket.destroy(),
  )
}

const brokenStatuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

async function untilLeft(servers: readonly Server[]): Promise<void> {
  const giveUpAtMs = performance.now() + farewellMs
  const count = (server: Server) =>
    new Promise<number>((resolve) =>
      server.getConnections((error, connections) => resolve(error ? 0 : connections)),
    )
  for (;;) {
    const open = await Promise.all(servers.map(count))
    if (open.every((connections) => connections === 0) || performance.now() > giveUpAtMs) return
    await new Promise((resolve) => setTimeout(resolve, farewellLookMs))
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(giveUp)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function isMissingHost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}
