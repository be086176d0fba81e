import { isOnOneOf } from '../../../http/redirect.ts'
import { isThisMachineToBrowsers } from '../../../loopback.ts'

/** The rules for where an application's links may lead. */
export type RedirectRules = {
  /** The base of relative redirects, and the destination of links that name none. */
  defaultRedirectUrl: string | null
  /** Origins the operator has listed, `http:` ones included. */
  allowedOrigins: readonly string[]
  /** The customer's portal, as `https://volunteers.example.org`. */
  ownOrigin: string
}

/**
 * `no_default`: relative or missing, and the application has no default. `unreadable`: neither an http(s) URL nor a path that all
 * programs read alike. `too_long`. `not_listed`: on an origin the application may not lead to.
 */
export type RedirectFault = 'no_default' | 'unreadable' | 'too_long' | 'not_listed'

const maxRedirectLength = 2_000
/** With everything carried over; some servers accept no more. */
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

/** Whether an address accepted earlier is still allowed. */
export function isListed(url: string, rules: RedirectRules): boolean {
  return isOnOneOf(url, listedOrigins(rules))
}

/**
 * A link's destination: an absolute URL on a listed origin, or a path joined to the application's default redirect (`?…` and `#…`
 * attach to the default itself). Refuses what two programs could read as two different places.
 *
 * @param text as the caller gave it; `undefined` or empty means the default redirect
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

/** Carries the link's added parameters over; those its redirect already has stay unchanged. */
export function carryOver(url: string, query: string): string {
  const target = new URL(url)
  const isKept = new Set(target.searchParams.keys())
  const extra = new URLSearchParams([...carriedParameters(query)].filter(([name]) => !isKept.has(name)))
  if (extra.size === 0) return url
  addQuery(target, extra.toString())
  return target.href.length > maxLocationLength ? url : target.href
}

/** The parameters to carry over: not ours, and none that a header cannot hold. */
export function carriedParameters(query: string): URLSearchParams {
  const carried = new URLSearchParams()
  for (const [name, value] of new URLSearchParams(query)) {
    if (!ownParameters.test(name) && !/\p{Cc}/u.test(name + value)) carried.append(name, value)
  }
  return carried
}

/** The same address with one more parameter, which replaces any of that name. */
export function withParameter(url: string, name: string, value: string): string {
  const target = new URL(url)
  if (target.searchParams.has(name)) target.searchParams.delete(name)
  addQuery(target, new URLSearchParams([[name, value]]).toString())
  return target.href
}

/** The same address with one more part of its fragment; commas separate the parts, as Rownd's clients read them. */
export function withFragmentPart(url: string, part: string): string {
  const target = new URL(url)
  target.hash = target.hash === '' ? part : `${target.hash.slice(1)},${part}`
  return target.href
}

/** Appends without rewriting the existing query. */
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

/** The host as written must equal the host as parsed: `https:/x`, `https:\\x`, `ⓐ.example` and `0x7f.1` can each be read in two ways. */
function readAbsolute(text: string): URL | undefined {
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? []
  const url = readUrl(text)
  if (!url || authority === '' || url.username !== '' || url.password !== '') return undefined
  const written = authority.toLowerCase().replace(url.protocol === 'https:' ? /:443$/ : /:80$/, '')
  return written === url.host ? url : undefined
}

/**
 * A path, a query or a fragment. One without a leading `/` must not look like a host: some program would read `evil.example/x`,
 * `localhost:3000`, `@evil.example` or `javascript:x` as one.
 */
function isRelative(text: string): boolean {
  if (/^[?#]/.test(text)) return true
  if (text.startsWith('//')) return false
  return text.startsWith('/') || !/^[^/?#]*[.:@]/.test(text)
}

/** The base without its trailing slash, `/`, the path. Keeps the path of the base, and drops its query and fragment. */
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

/** No white space, no control character, no backslash, and nothing that normalization turns into ASCII. */
function isPlainText(text: string): boolean {
  for (const letter of text) {
    if (letter <= '\x7f') {
      if (letter <= '\x20' || letter === '\x7f' || letter === '\\') return false
    } else if (/[\p{C}\p{Z}]/u.test(letter) || /[\0-\x7f]/.test(letter.normalize('NFKC'))) return false
  }
  return true
}

/** The maximum number of decodings on the way. */
const maxDecodings = 6

/**
 * Whether the address changes meaning when a program wrongly decodes it, once or several times: a control character anywhere, or a
 * path that begins like a host or contains a backslash.
 */
function isHiding(url: URL): boolean {
  let [path, rest] = [url.pathname, url.search + url.hash]
  for (let turn = 0; turn < maxDecodings; turn += 1) {
    if (/[\0-\x1f\x7f]/.test(path + rest) || path.includes('\\') || leadsLikeAHost(path)) return true
    const decoded = [decodeAscii(path), decodeAscii(rest)] as const
    if (decoded[0] === path && decoded[1] === rest) return false
    ;[path, rest] = decoded
  }
  // No honest address is encoded this often.
  return true
}

/** Whether a path, with its dot segments resolved, would be read as `//host` when the scheme and host before it are lost. */
function leadsLikeAHost(path: string): boolean {
  return path.startsWith('//') || new URL(`https://own.invalid${path}`).pathname.startsWith('//')
}

function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
