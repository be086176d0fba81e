import type { CustomFetch } from 'openid-client'
import { Agent } from 'undici'
import { isThisMachine } from '../../loopback.ts'
import { type Breaker, createBreaker } from '../../resilience/breaker.ts'
import { failureIn, ProviderFailure } from './failure.ts'

/** How far a provider's clock may be off. */
export const clockToleranceSeconds = 60

/** The largest answer we read. A provider's keys need about 10 KB. */
const maxAnswerBytes = 256 * 1024
/** For one call, from its start to the last byte of the answer. */
export const callTimeoutMs = 8_000

const breaking = { failuresToOpen: 5, restMs: 30_000 }

/** Calls to providers: bounded in time and size, and none for a while to an endpoint that fails. */
export function openOutbound({ clock }: { clock: () => number }) {
  const agent = new Agent({
    connections: 8,
    connect: { timeout: 3_000 },
    headersTimeout: callTimeoutMs,
    bodyTimeout: callTimeoutMs,
    maxResponseSize: maxAnswerBytes,
  })
  const breakers = new Map<string, Breaker>()

  /** One endpoint may fail while the others sign people in. */
  function breakerOf(url: string): Breaker {
    const { origin, pathname } = new URL(url)
    const endpoint = origin + pathname
    let breaker = breakers.get(endpoint)
    if (!breaker) {
      breaker = createBreaker({ clock, ...breaking, onChange: () => {} })
      breakers.set(endpoint, breaker)
    }
    return breaker
  }

  /**
   * A `fetch` for calls to one provider. Follows no redirect, accepts no compression (a small answer could expand to gigabytes), and
   * asks no endpoint that the issuer may not have.
   *
   * @throws {ProviderFailure} 'unreachable', 'not_valid'
   */
  function askerOf(issuer: string): CustomFetch {
    return async (url, { method, headers, body, signal }) => {
      if (!isEndpoint(url, issuer)) throw new ProviderFailure('not_valid', 'endpoint')
      const turn = breakerOf(url).enter()
      if ('retryAfterMs' in turn) throw new ProviderFailure('unreachable', 'breaker')
      try {
        const answer = await ask(url, { method, headers, body: bodyText(body), signal })
        turn.report('answered')
        return answer
      } catch (error) {
        const failure = failureIn(error)
        turn.report(failure?.because === 'not_valid' ? 'answered' : 'failed')
        throw failure ?? new ProviderFailure('unreachable', codeOf(error))
      }
    }
  }

  async function ask(
    url: string,
    given: {
      method: string
      headers: Record<string, string>
      body: string | null
      signal?: AbortSignal | undefined
    },
  ): Promise<Response> {
    const { origin, pathname, search } = new URL(url)
    const timeout = AbortSignal.timeout(callTimeoutMs)
    const { statusCode, headers, body } = await agent.request({
      origin,
      path: pathname + search,
      method: given.method === 'POST' ? 'POST' : 'GET',
      headers: { ...given.headers, 'accept-encoding': 'identity' },
      body: given.body,
      signal: given.signal ? AbortSignal.any([given.signal, timeout]) : timeout,
    })
    const text = await body.text()
    if (statusCode >= 500) throw new ProviderFailure('unreachable', `status ${statusCode}`)
    if (statusCode < 200) throw new ProviderFailure('not_valid', `status ${statusCode}`)
    const type = headers['content-type']
    const hasBody = statusCode !== 204 && statusCode !== 205 && statusCode !== 304
    return new Response(hasBody ? text : null, {
      status: statusCode,
      headers: { 'content-type': typeof type === 'string' ? type : '' },
    })
  }

  /** Whether calls to one of these endpoints failed so steadily that we leave it alone. */
  function isDown(urls: readonly string[]): boolean {
    return urls.some((url) => breakerOf(url).isOpen())
  }

  return { askerOf, isDown, close: () => agent.close() }
}

export type Outbound = ReturnType<typeof openOutbound>

/**
 * Whether a URL may be an endpoint of an issuer. It is reached by https and, unless it is at the issuer's own host, by a public name:
 * what a provider says of itself must not make us call machines of our own network. Plain http only where the operator named an
 * issuer on this machine.
 */
export function isEndpoint(text: string, issuer: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const home = new URL(issuer)
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false
  if (url.protocol === 'http:')
    return home.protocol === 'http:' && isThisMachine(home.hostname) && isThisMachine(url.hostname)
  return url.protocol === 'https:' && (url.hostname === home.hostname || isPublicName(url.hostname))
}

export function isPublicName(hostname: string): boolean {
  return (
    /[a-z]/.test(hostname.split('.').at(-1) ?? '') &&
    hostname.includes('.') &&
    !/\.(?:localhost|local|internal)$/.test(hostname)
  )
}

function bodyText(body: unknown): string | null {
  return typeof body === 'string' || body instanceof URLSearchParams ? String(body) : null
}

/** Not the message: it may contain anything. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown'
}
