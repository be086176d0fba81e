import type { Context } from 'hono'

const ownPathPattern = /^\/(?![/\\])[\x21-\x7e]*$/

/**
 * A path on our own origin, or `undefined` for anything a browser could read as leading elsewhere: `//`, `/\`, a scheme,
 * white space or a control character anywhere.
 */
export function ownPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000 || !ownPathPattern.test(text)) return undefined
  const base = 'http://own.invalid'
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined
  if (!url || url.origin !== base) return undefined
  const path = url.pathname + url.search
  // Dot segments and backslashes are resolved by the parser; what comes out must still be a path of ours.
  return ownPathPattern.test(path) ? path : undefined
}

/** Whether a value may stand in a response header: Node's `writeHead` throws on control characters, outside every handler. */
export function isHeaderSafe(value: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f\u0100-\uffff]/.test(value)
}

/**
 * The one place that builds a redirect; cookies set on the context go with it.
 *
 * @param path one of our own; anything else throws, as a fault of ours
 */
export function seeOther(c: Context, path: string, status: 302 | 303 = 303): Response {
  const own = ownPath(path)
  if (own === undefined) throw new Error('a redirect must stay on our own origin')
  return c.redirect(own, status)
}
