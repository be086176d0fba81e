import type { Context } from 'hono'
import { isKnownRobot } from '../../../links/open-class.ts'

/**
 * The kind of client that opens a link, which decides its answer. `sdk`: a Rownd client, which gets tokens. `robot`: a scanner, a
 * preview, or a HEAD request, which has no effect. `json`: a program that asks for the destination. `browser`: every other.
 *
 * @see reference §6.2
 */
export type Audience = 'sdk' | 'robot' | 'json' | 'browser'

export function audienceOf(c: Context): Audience {
  return audienceBy(c.req.method, (name) => c.req.header(name))
}

/** From the request's own headers, before there is a context. */
export function audienceBy(method: string, header: (name: string) => string | undefined): Audience {
  if (method === 'HEAD') return 'robot'
  const agent = header('user-agent') ?? ''
  if (/rownd sdk/i.test(agent)) return 'sdk'
  if (isKnownRobot(agent)) return 'robot'
  return prefersJson(header('accept') ?? '') ? 'json' : 'browser'
}

/** Whether the client names `application/json` and prefers no kind of page over it. */
export function prefersJson(accept: string): boolean {
  if (!/json/i.test(accept)) return false
  const wanted = new Map<string, number>()
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    wanted.set(type, quality === undefined ? 1 : Number(quality) || 0)
  }
  const json = wanted.get('application/json') ?? 0
  const page = Math.max(wanted.get('text/html') ?? 0, wanted.get('application/xhtml+xml') ?? 0)
  return json > page
}
