import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Log } from '../log/log.ts'
import type { InSpan } from '../log/traces.ts'
import type { Meter } from '../metrics.ts'
import { type Cidr, isWithin } from './network.ts'
import type { SafeResponse } from './safe-headers.ts'
import type { RequestHook } from './server.ts'

/**
 * Names every request, and logs, counts and times it when its answer has ended, those that never reach the app included. What Node
 * itself refuses before there is a request is in no line.
 */
export function watchRequests(given: {
  log: Log
  meter: Meter
  /** Only where traces are recorded. */
  inSpan?: InSpan | undefined
  trustedProxies: readonly Cidr[]
}): RequestHook {
  const { log, meter, inSpan, trustedProxies } = given
  return (request, response, serve) => {
    const startedAtMs = performance.now()
    const { method = '' } = request
    response.requestId = requestIdOf(request, trustedProxies)
    // Unlike `finish`, it comes for an asker who hung up, too.
    response.once('close', () => {
      const { requestId, customer, route = 'none', statusCode: status, writableFinished } = response
      const tookMs = performance.now() - startedAtMs
      const ms = Math.round(tookMs * 10) / 10
      const isCutOff = writableFinished ? undefined : true
      log.info({ requestId, customer, method, route, status, ms, isCutOff }, 'request')
      if (isCutOff) return
      meter.count('porchlight_http_requests_total', { method, route, status: String(status) })
      meter.observe('porchlight_http_request_seconds', { method, route }, tookMs / 1000)
    })
    if (!inSpan) return serve()
    const { traceparent } = request.headers
    const isOurs = typeof traceparent === 'string' && isFromProxy(request, trustedProxies)
    void serveInSpan(inSpan, { method, response, serve, traceparent: isOurs ? traceparent : null })
  }
}

function serveInSpan(
  inSpan: InSpan,
  asked: { method: string; response: SafeResponse; serve: () => void; traceparent: string | null },
): Promise<void> {
  const { method, response, serve, traceparent } = asked
  const named = { 'http.request.method': method, 'porchlight.request_id': response.requestId }
  return inSpan(
    'request',
    named,
    (span) =>
      new Promise((resolve) => {
        response.once('close', () => {
          const { customer, route = 'none', statusCode: status } = response
          span.rename(`${method} ${route}`)
          span.add({
            'http.route': route,
            'http.response.status_code': status,
            'porchlight.customer': customer,
          })
          if (status >= 500) span.fail()
          resolve()
        })
        serve()
      }),
    traceparent,
  )
}

/**
 * The id that a trusted proxy gave the request, or a new one. Any other sender could give two requests one id, or write into the log
 * what it likes.
 */
function requestIdOf(request: IncomingMessage, trustedProxies: readonly Cidr[]): string {
  const given = request.headers['x-request-id']
  const isOurs = typeof given === 'string' && idPattern.test(given) && isFromProxy(request, trustedProxies)
  return isOurs ? given : randomUUID()
}

function isFromProxy({ socket }: IncomingMessage, trustedProxies: readonly Cidr[]): boolean {
  return isWithin(socket.remoteAddress ?? '', trustedProxies)
}

/** Holds a UUID, nginx's 32 digits and a ULID, and no address of any kind. */
const idPattern = /^[\w-]{8,64}$/
