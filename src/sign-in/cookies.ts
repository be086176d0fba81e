import type { Context } from 'hono'
import type { Visit } from '../customers/visit.ts'

export type CookieName =
  | 'porchlight_session'
  | 'porchlight_asked'
  | 'porchlight_known'
  | 'porchlight_language'
  | 'porchlight_calendar'

/**
 * Cookies of the browser, by their plain names. When the customer's public origin is https, they carry the `__Host-` prefix, so no
 * sibling domain can plant one.
 */
export function readCookie(c: Context<Visit>, name: CookieName): string | undefined {
  const header = c.req.header('cookie')
  return header && valuePatterns[isSecure(c) ? 'host' : 'plain'][name].exec(header)?.[1]
}

/**
 * Accepts only our own values, letters and digits as they were set, and the first of several. Hono parses and decodes every
 * possible cookie, which took longer than the rest of identifying a visitor.
 */
const valuePatterns = {
  plain: patternsFor(''),
  host: patternsFor('__Host-'),
}

function patternsFor(prefix: string): Record<CookieName, RegExp> {
  const pattern = (name: CookieName) =>
    new RegExp(`(?:^|;)[ \\t]*${prefix}${name}=([A-Za-z0-9]+)[ \\t]*(?:;|$)`)
  return {
    porchlight_session: pattern('porchlight_session'),
    porchlight_asked: pattern('porchlight_asked'),
    porchlight_known: pattern('porchlight_known'),
    porchlight_language: pattern('porchlight_language'),
    porchlight_calendar: pattern('porchlight_calendar'),
  }
}

/** @param value letters and digits */
export function writeCookie(c: Context<Visit>, name: CookieName, value: string, lifeMs: number): void {
  const isHost = isSecure(c)
  const cookie = `${isHost ? '__Host-' : ''}${name}=${value}; Max-Age=${Math.floor(lifeMs / 1000)}; Path=/; HttpOnly; `
  c.header('Set-Cookie', `${cookie}${isHost ? 'Secure; ' : ''}SameSite=Lax`, { append: true })
}

export function clearCookie(c: Context<Visit>, name: CookieName): void {
  writeCookie(c, name, '', 0)
}

function isSecure(c: Context<Visit>): boolean {
  return c.get('customer').publicOrigin.startsWith('https:')
}
