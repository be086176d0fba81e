import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Log } from '../log/log.ts'
import type { Meter } from '../metrics.ts'
import { type Cidr, isWithin } from './network.ts'
import type { RequestHook } from './server.ts'

/**
 * Names every request, and logs, counts and times it when its answer has ended, those that never reach the app included. What Node
 * itself refuses before there is a request is in no line.
 */
export function watchRequests(given: {
  log: Log
  meter: Meter
  trustedProxies: readonly Cidr[]
}): RequestHook {
  const { log, meter, trustedProxies } = given
  return (request, response) => {
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
  }
}

/**
 * The id that a trusted proxy gave the request, or a new one. Any other sender could give two requests one id, or write into the log
 * what it likes.
 */
function requestIdOf({ headers, socket }: IncomingMessage, trustedProxies: readonly Cidr[]): string {
  const given = headers['x-request-id']
  const isOurs =
    typeof given === 'string' && idPattern.test(given) && isWithin(socket.remoteAddress ?? '', trustedProxies)
  return isOurs ? given : randomUUID()
}

/** Holds a UUID, nginx's 32 digits and a ULID, and no address of any kind. */
const idPattern = /^[\w-]{8,64}$/
