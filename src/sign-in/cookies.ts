import { straightWayOf } from '../customers/providers.ts'
import type { Visited } from '../customers/visit.ts'
import { cookieNamed } from '../http/cookies.ts'

/** All cookies of the portal. */
const cookies = {
  porchlight_session: cookieNamed('porchlight_session'),
  porchlight_asked: cookieNamed('porchlight_asked'),
  porchlight_known: cookieNamed('porchlight_known'),
  porchlight_choice: cookieNamed('porchlight_choice'),
  porchlight_language: cookieNamed('porchlight_language'),
  porchlight_calendar: cookieNamed('porchlight_calendar'),
  porchlight_passkey: cookieNamed('porchlight_passkey'),
  porchlight_shared: cookieNamed('porchlight_shared'),
  porchlight_with: cookieNamed('porchlight_with'),
}

type CookieName = keyof typeof cookies

export function readCookie(c: Visited, name: CookieName): string | undefined {
  return cookies[name].valueIn(c.req.header('cookie'), isSecure(c))
}

/** On a shared computer a cookie ends with the browser at the latest. @param value letters and digits */
export function writeCookie(c: Visited, name: CookieName, value: string, lifeMs: number): void {
  setCookie(c, name, value, isShared(c) ? undefined : lifeMs)
}

export function clearCookie(c: Visited, name: CookieName): void {
  setCookie(c, name, '', 0)
}

/**
 * Signs this browser out. Where the sign-in page leads straight on to a provider, it stays for a while: the provider may sign in without
 * a question, and would undo what the visitor just did.
 */
export function clearSession(c: Visited): void {
  clearCookie(c, 'porchlight_session')
  if (straightWayOf(c.get('customer')))
    writeCookie(c, 'porchlight_with', readCookie(c, 'porchlight_with') ?? 'out', stayMs)
}

const stayMs = 15 * 60_000

/** Whether the visitor said that others use this computer, too. */
export function isShared(c: Visited): boolean {
  return readCookie(c, 'porchlight_shared') !== undefined
}

/** Holds until the browser is closed, for every sign-in with it. */
export function markShared(c: Visited): void {
  setCookie(c, 'porchlight_shared', 'yes', undefined)
}

function setCookie(c: Visited, name: CookieName, value: string, lifeMs: number | undefined): void {
  c.header('Set-Cookie', cookies[name].setting(value, lifeMs, isSecure(c)), { append: true })
}

function isSecure(c: Visited): boolean {
  return c.get('customer').publicOrigin.startsWith('https:')
}
