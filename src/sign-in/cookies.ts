import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

export type CookieName = 'porchlight_session' | 'porchlight_asked'

/** Cookies of the browser, by their plain names. Over https they carry the `__Host-` prefix, so no sibling domain can plant one. */
export type Cookies = {
  read(c: Context, name: CookieName): string | undefined
  set(c: Context, name: CookieName, value: string, lifeMs: number): void
  clear(c: Context, name: CookieName): void
}

export function cookiesFor(publicScheme: 'https' | 'http'): Cookies {
  const isSecure = publicScheme === 'https'
  const options = { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure } as const

  function set(c: Context, name: CookieName, value: string, maxAge: number): void {
    setCookie(c, name, value, { ...options, maxAge, ...(isSecure ? { prefix: 'host' } : {}) })
  }
  return {
    read: (c, name) => (isSecure ? getCookie(c, name, 'host') : getCookie(c, name)),
    set: (c, name, value, lifeMs) => set(c, name, value, Math.floor(lifeMs / 1000)),
    clear: (c, name) => set(c, name, '', 0),
  }
}
