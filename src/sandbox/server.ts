import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Caller } from './api/call.ts'
import { sandboxApp } from './app.ts'
import { makeCallLog } from './call-log.ts'
import { defaultOptions, type SandboxOptions } from './options.ts'
import { makeDeliveries, type WebhookTarget } from './webhooks/deliver.ts'
import { makeTeller } from './webhooks/payloads.ts'
import { indexRecords, type TokenKind, type World } from './world/world.ts'

export type SandboxSettings = {
  /** The sandbox changes these records in place. */
  world: World
  /** 0, the default, picks a free port. */
  port?: number
  /** Milliseconds since the epoch; default: the machine's clock. */
  clock?: () => number
  /** Calls per minute for one token, by its kind; default 60, as in a stock Laravel. */
  rateLimits?: Partial<Record<TokenKind, number>>
  options?: Partial<SandboxOptions>
  /** Where webhooks are sent, by customer. Default: nowhere. */
  webhooks?: Readonly<Record<string, WebhookTarget>>
  /** Receives errors in the sandbox itself; the caller gets a 500. */
  onFault?: (error: unknown) => void
}

export type Sandbox = {
  url: string
  port: number
  /** Where a customer's changes are sent from now on. */
  sendWebhooksTo: (customer: string, target: WebhookTarget) => void
  close: () => Promise<void>
}

/** Starts the stand-in for VOMO on both loopback addresses. The API is below `/v1`. */
export async function startSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const clock = settings.clock ?? Date.now
  const options: SandboxOptions = { ...defaultOptions, ...settings.options }
  const calls = makeCallLog()
  const { callers, recordsBySlug } = openWorld(settings.world)
  const rateLimits = { portal: 60, probe: 60, ...settings.rateLimits }
  const onFault = settings.onFault ?? (() => {})
  const deliveries = makeDeliveries(() => options.webhook_retry_after_ms)
  const teller = makeTeller(deliveries)
  for (const [customer, target] of Object.entries(settings.webhooks ?? {}))
    deliveries.sendTo(customer, target)
  let url = ''
  const siteOrigin = () => url
  const app = sandboxApp({
    callers,
    recordsBySlug,
    options,
    rateLimits,
    calls,
    deliveries,
    teller,
    siteOrigin,
    clock,
    onFault,
  })
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })

  const { servers, port } = await listenOnLoopback((request, response) => {
    const path = request.url ?? '/'
    if (options.down && path.startsWith('/v1')) {
      calls.begin(request.method ?? 'GET', path, undefined, clock())
      request.socket.destroy()
      return
    }
    void listener(request, response)
  }, settings.port ?? 0)
  url = `http://localhost:${port}`

  return {
    url,
    port,
    sendWebhooksTo: deliveries.sendTo,
    async close() {
      await deliveries.close()
      await Promise.all(servers.map(closeServer))
    },
  }
}

function openWorld(world: World) {
  const callers = new Map<string, Caller>()
  const recordsBySlug = new Map<string, Caller['records']>()
  for (const customer of world.customers) {
    const records = indexRecords(customer.records)
    recordsBySlug.set(customer.slug, records)
    callers.set(customer.vomoToken, { customer, records, kind: 'portal' })
    callers.set(customer.vomoProbeToken, { customer, records, kind: 'probe' })
  }
  return { callers, recordsBySlug }
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

async function listenOnLoopback(listener: Listener, wantedPort: number, tries = 5) {
  const first = createServer(listener)
  const port = await listen(first, wantedPort, '127.0.0.1')
  const second = createServer(listener)
  try {
    await listen(second, port, '::1')
    return { servers: [first, second], port }
  } catch (error) {
    if (isWithoutIpv6(error)) return { servers: [first], port }
    await closeServer(first)
    // A port that is free on 127.0.0.1 may be taken on ::1, where another program would then answer half of the calls.
    if (wantedPort === 0 && tries > 1) return listenOnLoopback(listener, 0, tries - 1)
    throw error
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function isWithoutIpv6(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
