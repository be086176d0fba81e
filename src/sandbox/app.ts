import { setTimeout as pause } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import {
  type Answer,
  gatewayNotFound,
  methodNotAllowed,
  notFound,
  serverError,
  tooLarge,
  tooManyAttempts,
  unauthenticated,
} from './api/answers.ts'
import type { Caller } from './api/call.ts'
import { parseObject } from './api/posted.ts'
import { routes } from './api/routes.ts'
import { readText } from './body.ts'
import type { RecordedCall } from './call-log.ts'
import { control } from './control.ts'
import type { SandboxOptions } from './options.ts'
import type { SandboxParts } from './parts.ts'
import { makeRateLimiter, type Verdict } from './rate-limit.ts'
import { makeOneTimeLinks } from './site/one-time-links.ts'
import { site } from './site/site.ts'
import { failure, isHidden, makeFailures } from './trouble.ts'
import { makeRandom } from './world/random.ts'

type Env = { Bindings: HttpBindings; Variables: { caller: Caller; call: RecordedCall } }

/** Handles one call, in this order: log, simulated failures, token, rate limit, VOMO's own failures, route. */
export function sandboxApp(parts: SandboxParts): Hono<Env> {
  const { options, calls, clock } = parts
  const hit = makeRateLimiter(clock)
  const isNextFailing = makeFailures()
  const random = makeRandom(2, 'never-seen fields')
  const links = makeOneTimeLinks(clock)
  const app = new Hono<Env>()

  app.route('/__sandbox', control(parts))

  app.use('/v1/*', async (c, next) => {
    const call = calls.begin(c.req.method, pathAndQuery(c.req.url), findCaller(parts, c), clock())
    c.set('call', call)
    if (options.latency_ms > 0) await pause(options.latency_ms, undefined, { ref: false })
    await next()
    call.status = c.res.status
  })

  app.use('/v1/*', async (c, next) => {
    const failed = isNextFailing(options) ? failure(options) : undefined
    if (failed && 'html' in failed) return c.html(failed.html, failed.status)
    if (isHidden(c.req.path, options)) return send(c, gatewayNotFound)

    const caller = findCaller(parts, c)
    if (!caller) return send(c, unauthenticated)
    c.set('caller', caller)

    const limit = options.rate_limit_per_minute ?? parts.rateLimits[caller.kind]
    const verdict = limit > 0 ? hit(`${caller.customer.slug} ${caller.kind}`, limit) : undefined
    if (verdict && options.rate_limit_headers) {
      c.header('X-RateLimit-Limit', String(verdict.limit))
      c.header('X-RateLimit-Remaining', String(verdict.remaining))
    }
    if (options.force_429_next > 0) {
      options.force_429_next -= 1
      return refuseForNow(c, options, verdict, clock())
    }
    if (verdict && !verdict.isAllowed) return refuseForNow(c, options, verdict, clock())
    if (failed) return send(c, failed)
    return next()
  })

  for (const { path, methods } of routes) {
    app.all(`/v1${path}`, async (c) => {
      const method = c.req.method === 'HEAD' ? 'GET' : c.req.method
      const endpoint = Object.entries(methods).find(([name]) => name === method)?.[1]
      if (!endpoint) return send(c, methodNotAllowed(c.req.method, Object.keys(methods)))
      const body = method === 'GET' ? '' : await readText(c.req.raw)
      if (body === undefined) return send(c, tooLarge)
      c.get('call').fields = fieldNames(body)
      const { customer, records } = c.get('caller')
      const url = new URL(c.req.url)
      const answer = endpoint({
        customer,
        records,
        options,
        origin: url.origin,
        siteOrigin: parts.siteOrigin(),
        address: `${url.origin}${url.pathname}`,
        query: Object.fromEntries([...url.searchParams].filter(([, value]) => value !== '')),
        id: readId(c.req.param('id')),
        body,
        links,
        nowMs: clock(),
        random: random.next,
        saved: (user, isNew) =>
          parts.teller.user({ slug: customer.slug, records }, isNew ? 'created' : 'updated', user),
      })
      return send(c, answer)
    })
  }

  app.all('/v1/*', (c) => send(c, notFound))
  app.all('/__sandbox/*', (c) => send(c, notFound))
  app.route('/', site({ ...parts, links }))
  app.onError((error, c) => {
    parts.onFault(error)
    return send(c, serverError)
  })
  return app
}

function send(c: Context, { status, body, headers }: Answer): Response {
  return c.json(body, status, headers)
}

function findCaller(parts: SandboxParts, c: Context): Caller | undefined {
  const token = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  return token === undefined ? undefined : parts.callers.get(token)
}

function refuseForNow(
  c: Context,
  options: SandboxOptions,
  verdict: Verdict | undefined,
  nowMs: number,
): Response {
  const resetAtMs = verdict?.resetAtMs ?? nowMs + 60_000
  if (options.rate_limit_headers) {
    c.header('X-RateLimit-Remaining', '0')
    c.header('X-RateLimit-Reset', String(Math.ceil(resetAtMs / 1000)))
  }
  if (options.retry_after) c.header('Retry-After', String(Math.ceil((resetAtMs - nowMs) / 1000)))
  return options.empty_429_body ? c.body(null, 429) : c.json(tooManyAttempts, 429)
}

function fieldNames(body: string): string[] | null {
  const posted = body === '' ? undefined : parseObject(body)
  return typeof posted === 'object' ? Object.keys(posted) : null
}

function readId(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : Number.NaN
}

function pathAndQuery(address: string): string {
  const { pathname, search } = new URL(address)
  return pathname + search
}
