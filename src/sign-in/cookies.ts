import type { Visited } from '../customers/visit.ts'
import { cookieNamed } from '../http/cookies.ts'

/** All cookies of the portal. */
const cookies = {
  porchlight_session: cookieNamed('porchlight_session'),
  porchlight_asked: cookieNamed('porchlight_asked'),
  porchlight_known: cookieNamed('porchlight_known'),
  porchlight_language: cookieNamed('porchlight_language'),
  porchlight_calendar: cookieNamed('porchlight_calendar'),
}

type CookieName = keyof typeof cookies

export function readCookie(c: Visited, name: CookieName): string | undefined {
  return cookies[name].valueIn(c.req.header('cookie'), isSecure(c))
}

/** @param value letters and digits */
export function writeCookie(c: Visited, name: CookieName, value: string, lifeMs: number): void {
  c.header('Set-Cookie', cookies[name].setting(value, lifeMs, isSecure(c)), { append: true })
}

export function clearCookie(c: Visited, name: CookieName): void {
  writeCookie(c, name, '', 0)
}

function isSecure(c: Visited): boolean {
  return c.get('customer').publicOrigin.startsWith('https:')
}
