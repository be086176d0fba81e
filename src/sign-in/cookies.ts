import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Visit } from '../customers/visit.ts'

export type CookieName = 'porchlight_session' | 'porchlight_asked'

/**
 * Cookies of the browser, by their plain names. Where the customer's public origin is https they carry the `__Host-` prefix, so
 * no sibling domain can plant one.
 */
export function readCookie(c: Context<Visit>, name: CookieName): string | undefined {
  return isSecure(c) ? getCookie(c, name, 'host') : getCookie(c, name)
}

export function writeCookie(c: Context<Visit>, name: CookieName, value: string, lifeMs: number): void {
  const secure = isSecure(c)
  setCookie(c, name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    maxAge: Math.floor(lifeMs / 1000),
    ...(secure ? { prefix: 'host' } : {}),
  })
}

export function clearCookie(c: Context<Visit>, name: CookieName): void {
  writeCookie(c, name, '', 0)
}

function isSecure(c: Context<Visit>): boolean {
  return c.get('customer').publicOrigin.startsWith('https:')
}
