import { isOnOneOf } from '../../../http/redirect.ts'
import { isThisMachineToBrowsers } from '../../../loopback.ts'

/** What decides where an application's links may lead. */
export type RedirectRules = {
  /** What relative redirects are joined to, and where links lead that name none. */
  defaultRedirectUrl: string | null
  /** Origins the operator has listed, `http:` ones included. */
  allowedOrigins: readonly string[]
  /** The customer's portal, as `https://volunteers.example.org`. */
  ownOrigin: string
}

/**
 * `no_default`: relative or missing, and the application has no default. `unreadable`: neither an http(s) URL nor a path that
 * everybody reads alike. `too_long`. `not_listed`: on an origin the application may not lead to.
 */
export type RedirectFault = 'no_default' | 'unreadable' | 'too_long' | 'not_listed'

const maxRedirectLength = 2_000
/** With everything carried over; some servers take no more. */
const maxLocationLength = 4_000

/** Names of parameters that only we write. */
const ownParameters = /^porchlight_/i

/** The origins an application's links may lead to. */
export function listedOrigins(rules: RedirectRules): ReadonlySet<string> {
  const { allowedOrigins, defaultRedirectUrl, ownOrigin } = rules
  const origins = new Set([ownOrigin, ...allowedOrigins])
  const base = defaultRedirectUrl === null ? undefined : readUrl(defaultRedirectUrl)
  // Without TLS every machine on the way reads the link's secret, so another machine's `http:` must be listed by name.
  if (base && (base.protocol === 'https:' || isThisMachineToBrowsers(base.hostname))) origins.add(base.origin)
  return origins
}

/** Whether an address that was once accepted still may be led to. */
export function isListed(url: string, rules: RedirectRules): boolean {
  return isOnOneOf(url, listedOrigins(rules))
}

/**
 * Where a link shall lead: an absolute URL on a listed origin, or a path joined to the application's default redirect (`?…` and
 * `#…` are attached to the default itself). What two programs could read as two different places is refused.
 *
 * @param text as the caller gave it; `undefined` or empty is the default redirect
 * @returns the absolute URL, as a browser writes it
 * @see reference §3.1, §6.4
 */
export function readRedirect(
  text: string | undefined,
  rules: RedirectRules,
): { url: string } | { fault: RedirectFault } {
  const { defaultRedirectUrl } = rules
  if (text !== undefined && text.length > maxRedirectLength) return { fault: 'too_long' }
  if (text === undefined || text === '')
    return defaultRedirectUrl === null ? { fault: 'no_default' } : listed(readUrl(defaultRedirectUrl), rules)
  if (!isPlainText(text)) return { fault: 'unreadable' }
  if (/^https?:/i.test(text)) return listed(readAbsolute(text), rules)
  if (!isRelative(text)) return { fault: 'unreadable' }
  if (defaultRedirectUrl === null) return { fault: 'no_default' }
  return listed(join(defaultRedirectUrl, text), rules)
}

/** The parameters added to a link go along; those its redirect already has stay as they are. */
export function carryOver(url: string, query: string): string {
  const target = new URL(url)
  const isKept = new Set(target.searchParams.keys())
  const extra = new URLSearchParams([...carriedParameters(query)].filter(([name]) => !isKept.has(name)))
  if (extra.size === 0) return url
  addQuery(target, extra.toString())
  return target.href.length > maxLocationLength ? url : target.href
}

/** What was added to a link and goes along: not ours, and nothing that no header may hold. */
export function carriedParameters(query: string): URLSearchParams {
  const carried = new URLSearchParams()
  for (const [name, value] of new URLSearchParams(query)) {
    if (!ownParameters.test(name) && !/\p{Cc}/u.test(name + value)) carried.append(name, value)
  }
  return carried
}

/** The same address with one more parameter, in place of any of that name. */
export function withParameter(url: string, name: string, value: string): string {
  const target = new URL(url)
  if (target.searchParams.has(name)) target.searchParams.delete(name)
  addQuery(target, new URLSearchParams([[name, value]]).toString())
  return target.href
}

/** The same address with one more part of its fragment; parts are separated by commas, as Rownd's clients read them. */
export function withFragmentPart(url: string, part: string): string {
  const target = new URL(url)
  target.hash = target.hash === '' ? part : `${target.hash.slice(1)},${part}`
  return target.href
}

/** Appends, and leaves what is there as it is written. */
function addQuery(target: URL, query: string): void {
  target.search = target.search === '' ? query : `${target.search.slice(1)}&${query}`
}

function listed(url: URL | undefined, rules: RedirectRules): { url: string } | { fault: RedirectFault } {
  if (!url || isHiding(url)) return { fault: 'unreadable' }
  if (url.href.length > maxRedirectLength * 2) return { fault: 'too_long' }
  return isListed(url.href, rules) ? { url: url.href } : { fault: 'not_listed' }
}

function readUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** Its host as written must be the host as read: `https:/x`, `https:\\x`, `ⓐ.example` and `0x7f.1` are each read in two ways. */
function readAbsolute(text: string): URL | undefined {
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? []
  const url = readUrl(text)
  if (!url || authority === '' || url.username !== '' || url.password !== '') return undefined
  const written = authority.toLowerCase().replace(url.protocol === 'https:' ? /:443$/ : /:80$/, '')
  return written === url.host ? url : undefined
}

/**
 * A path, a query or a fragment. One that does not begin with `/` must not look like a host: `evil.example/x`,
 * `localhost:3000`, `@evil.example` and `javascript:x` would be read as one somewhere.
 */
function isRelative(text: string): boolean {
  if (/^[?#]/.test(text)) return true
  if (text.startsWith('//')) return false
  return text.startsWith('/') || !/^[^/?#]*[.:@]/.test(text)
}

/** Base without a slash at its end, `/`, path: the path of the base is kept, its query and fragment are not. */
function join(base: string, relative: string): URL | undefined {
  const url = readUrl(base)
  if (!url) return undefined
  if (relative.startsWith('#')) url.hash = relative
  else if (relative.startsWith('?')) {
    const [query = '', ...fragment] = relative.slice(1).split('#')
    addQuery(url, query)
    if (fragment.length > 0) url.hash = fragment.join('#')
  } else {
    const path = relative.replace(/^\/?/, '/')
    // By itself, too: another program may join it to nothing.
    const alone = readUrl(url.origin + path)
    if (!alone || isHiding(alone)) return undefined
    return readUrl(url.origin + url.pathname.replace(/\/+$/, '') + path)
  }
  return url
}

/** No white space, no control character, no backslash, and nothing that becomes a letter of ASCII once it is normalised. */
function isPlainText(text: string): boolean {
  for (const letter of text) {
    if (letter <= '\x7f') {
      if (letter <= '\x20' || letter === '\x7f' || letter === '\\') return false
    } else if (/[\p{C}\p{Z}]/u.test(letter) || /[\0-\x7f]/.test(letter.normalize('NFKC'))) return false
  }
  return true
}

/** How often something is decoded on its way, at most. */
const maxDecodings = 6

/**
 * Whether something else comes out when the address is decoded, once or several times over, by a program that should not: a
 * control character anywhere, or a path that begins like a host or holds a backslash.
 */
function isHiding(url: URL): boolean {
  let [path, rest] = [url.pathname, url.search + url.hash]
  for (let turn = 0; turn < maxDecodings; turn += 1) {
    if (/[\0-\x1f\x7f]/.test(path + rest) || path.includes('\\') || leadsLikeAHost(path)) return true
    const decoded = [decodeAscii(path), decodeAscii(rest)] as const
    if (decoded[0] === path && decoded[1] === rest) return false
    ;[path, rest] = decoded
  }
  // Nobody encodes an honest address so often.
  return true
}

/** Whether a path, its dot segments resolved, would be read as `//host` where the scheme and host before it are lost. */
function leadsLikeAHost(path: string): boolean {
  return path.startsWith('//') || new URL(`https://own.invalid${path}`).pathname.startsWith('//')
}

function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
