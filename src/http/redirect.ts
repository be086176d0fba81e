import type { Context } from 'hono'

const ownPathPattern = /^\/(?![/\\])[\x21-\x7e]*$/

/**
 * A path on our own origin, or `undefined` for anything a browser could read as leading elsewhere: `//`, `/\`, a scheme,
 * white space or a control character anywhere.
 */
export function ownPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000 || !ownPathPattern.test(text)) return undefined
  const { pathname, search } = new URL(`http://own.invalid${text}`)
  const path = pathname + search
  // Dot segments and backslashes are resolved by the parser; what comes out must still be a path of ours.
  return ownPathPattern.test(path) ? path : undefined
}

/**
 * A path without what was typed or linked along at its end: a slash, and the dots, brackets and quotes that mail programs and
 * chats take for a part of a link.
 *
 * @param path decoded as far as Hono does
 * @returns `undefined` where there is nothing of the kind, or what is left is no path of ours
 */
export function tidiedPath(path: string): string | undefined {
  // Longer than any path of ours with a tail behind it; the pattern takes time by the square of the length.
  if (path.length > 400) return undefined
  const tidied = path.replace(tail, '')
  return tidied !== path && ownPath(tidied) === tidied ? tidied : undefined
}

const tail = /(?:[/.,;:!?'"’”)\]>*\s]|%2F)+$/i

/** Whether a value may stand in a response header: Node's `writeHead` throws on control characters, outside every handler. */
export function isHeaderSafe(value: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f\u0100-\uffff]/.test(value)
}

/**
 * The one way off our own origin, for a form whose answer is elsewhere.
 *
 * @param url whole, of http or https, and checked by whoever got it: anything that a header cannot hold throws, as a fault of ours
 */
export function seeElsewhere(c: Context, url: string): Response {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url)) throw new Error('a redirect elsewhere needs a whole URL')
  return c.redirect(url, 303)
}

/**
 * The one place that builds a redirect of our own; cookies set on the context go with it.
 *
 * @param path one of our own; anything else throws, as a fault of ours
 */
export function seeOther(c: Context, path: string, status: 302 | 303 | 308 = 303): Response {
  const own = ownPath(path)
  if (own === undefined) throw new Error('a redirect must stay on our own origin')
  return c.redirect(own, status)
}

/**
 * The one place that builds a redirect which may leave our origin: to an address on one of these origins, or to none.
 *
 * @param url absolute; on another origin, of another scheme or with a name and password in it, it throws, as a fault of ours
 */
export function seeListed(
  c: Context,
  url: string,
  origins: ReadonlySet<string>,
  status: 302 | 303 = 303,
): Response {
  if (!isOnOneOf(url, origins) || !isHeaderSafe(url)) throw new Error('a redirect must stay on the list')
  return c.redirect(url, status)
}

/** Whether a browser that is sent to this address comes out on one of these origins. */
export function isOnOneOf(url: string, origins: ReadonlySet<string>): boolean {
  // Written as a browser would write it, it is read alike by everybody.
  const read = URL.canParse(url) ? new URL(url) : undefined
  return (
    read !== undefined &&
    read.href === url &&
    /^https?:$/.test(read.protocol) &&
    read.username === '' &&
    read.password === '' &&
    origins.has(read.origin)
  )
}
