import type { Context } from 'hono'

const ownPathPattern = /^\/(?![/\\])[\x21-\x7e]*$/

/**
 * A path on our own origin, or `undefined` for anything a browser could read as another site: `//`, `/\`, a scheme, white space or
 * a control character anywhere.
 */
export function ownPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000 || !ownPathPattern.test(text)) return undefined
  const { pathname, search } = new URL(`http://own.invalid${text}`)
  const path = pathname + search
  // The parser resolves dot segments and backslashes; the result must still be a path of ours.
  return ownPathPattern.test(path) ? path : undefined
}

/**
 * A path without a stray tail: a slash, or the dots, brackets and quotes that mail programs and chats include in a link.
 *
 * @param path decoded as far as Hono does
 * @returns `undefined` when there is no such tail, or the rest is not a path of ours
 */
export function tidiedPath(path: string): string | undefined {
  // Longer than any of our paths plus a tail; the pattern takes quadratic time.
  if (path.length > 400) return undefined
  const tidied = path.replace(tail, '')
  return tidied !== path && ownPath(tidied) === tidied ? tidied : undefined
}

const tail = /(?:[/.,;:!?'"’”)\]>*\s]|%2F)+$/i

/** Whether a response header may hold a value: Node's `writeHead` throws on control characters, outside every handler. */
export function isHeaderSafe(value: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f\u0100-\uffff]/.test(value)
}

/**
 * The only redirect to another origin, for a form that ends elsewhere.
 *
 * @param url a complete http or https URL that the caller has checked; one that a header cannot hold throws, as a bug
 */
export function seeElsewhere(c: Context, url: string): Response {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url)) throw new Error('a redirect elsewhere needs a whole URL')
  return c.redirect(url, 303)
}

/**
 * The only function that builds a redirect within our origin; cookies set on the context go with it.
 *
 * @param path one of our own; anything else throws, as a bug
 */
export function seeOther(c: Context, path: string, status: 302 | 303 | 308 = 303): Response {
  const own = ownPath(path)
  if (own === undefined) throw new Error('a redirect must stay on our own origin')
  return c.redirect(own, status)
}

/** The only function that builds a redirect to another of the listed origins. @param url as for `listedLocation` */
export function seeListed(
  c: Context,
  url: string,
  origins: ReadonlySet<string>,
  status: 302 | 303,
): Response {
  return c.redirect(listedLocation(url, origins), status)
}

/**
 * What a `Location` header on one of these origins says.
 *
 * @param url absolute; throws, as a bug, if it has another origin or scheme, or a name and password
 */
export function listedLocation(url: string, origins: ReadonlySet<string>): string {
  if (!isOnOneOf(url, origins) || !isHeaderSafe(url)) throw new Error('a redirect must stay on the list')
  return url
}

/** Whether a browser that follows this address ends up on one of these origins. */
export function isOnOneOf(url: string, origins: ReadonlySet<string>): boolean {
  // In canonical form, every browser reads it the same way.
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
