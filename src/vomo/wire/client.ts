import { type Dispatcher, errors, Pool } from 'undici'
import { VomoFailure } from './failure.ts'

/** VOMO's raw answer, not yet interpreted. */
export type Answer = {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | undefined
  /** `X-RateLimit-Limit` and `X-RateLimit-Remaining`, where VOMO sends them. */
  readonly limit: number | undefined
  readonly remaining: number | undefined
}

export type Question = {
  dispatcher: Dispatcher
  /** With `/v1`, without a trailing slash. */
  baseUrl: string
  token: string
  /** Under the base, with its leading slash; its segments already encoded. */
  path: string
  query: Readonly<Record<string, string>>
  /** Makes the call a POST with a JSON body. */
  body?: Readonly<Record<string, string>> | undefined
  signal: AbortSignal
}

/** Connections per customer, for each kind of call. Who arrives uses those of `identity`. */
export const connections = { identity: 8, project: 4, renewal: 4, warming: 2 } as const

/** The largest answer we read. A volunteer with 400 participations needs about 100 KB. */
const maxAnswerBytes = 8 * 1024 * 1024

export function openPool(origin: string, requestTimeoutMs: number): Dispatcher {
  return new Pool(origin, {
    connections: Object.values(connections).reduce((sum, each) => sum + each, 0),
    pipelining: 1,
    connect: { timeout: 2_000 },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
    maxResponseSize: maxAnswerBytes,
  })
}

/**
 * Asks VOMO once: a GET, or a POST when there is a body. Follows no redirect (the token would travel with it), retries nothing (a
 * second POST may create a second secret), and accepts no compression (a small answer could expand to gigabytes).
 *
 * @throws {VomoFailure} 'timeout', 'network', 'not_understood' (too long)
 * @see https://docs.virtuous.org/volunteer/authentication
 */
export async function ask(question: Question): Promise<Answer> {
  const { dispatcher, token, query, body: sent, signal } = question
  const base = new URL(question.baseUrl)
  try {
    const { statusCode, headers, body } = await dispatcher.request({
      origin: base.origin,
      path: base.pathname.replace(/\/$/, '') + question.path,
      query,
      method: methodOf(question),
      body: sent === undefined ? null : JSON.stringify(sent),
      // Without `Accept`, Laravel answers some errors with HTML or a redirect.
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      },
      signal,
    })
    const text = await body.text()
    const retryAfter = headers['retry-after']
    return {
      status: statusCode,
      text,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      limit: readCount(headers['x-ratelimit-limit'], 1),
      remaining: readCount(headers['x-ratelimit-remaining'], 0),
    }
  } catch (error) {
    throw networkFailure(error)
  }
}

/** A header that is no plain number says nothing. */
function readCount(header: string | string[] | undefined, min: number): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,7}$/.test(header)) return undefined
  return Number(header) < min ? undefined : Number(header)
}

export function methodOf({ body }: Pick<Question, 'body'>): 'GET' | 'POST' {
  return body === undefined ? 'GET' : 'POST'
}

// Drops the cause, because undici's messages may contain anything.
function networkFailure(error: unknown): VomoFailure {
  if (error instanceof errors.ResponseExceededMaxSizeError)
    return new VomoFailure('not_understood', { code: error.code })
  const code = codeOf(error)
  const isTimeout = /TIMEOUT/.test(code) || (error instanceof Error && error.name === 'TimeoutError')
  return new VomoFailure(isTimeout ? 'timeout' : 'network', { code })
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown'
}
