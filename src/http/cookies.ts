/**
 * A cookie whose values are letters and digits. Over https its name carries the `__Host-` prefix, so no sibling domain can plant
 * one.
 */
export function cookieNamed(name: string) {
  const host = `__Host-${name}`
  const patterns = { plain: patternOf(name), host: patternOf(host) }
  return {
    /** The value in a `Cookie` header; of several the first. */
    valueIn: (header: string | undefined, isSecure: boolean): string | undefined =>
      header && patterns[isSecure ? 'host' : 'plain'].exec(header)?.[1],

    /** A `Set-Cookie` header. @param lifeMs `undefined`: until the browser is closed */
    setting(value: string, lifeMs: number | undefined, isSecure: boolean): string {
      const pair = `${isSecure ? host : name}=${value}`
      const life = lifeMs === undefined ? '' : `Max-Age=${Math.floor(lifeMs / 1000)}; `
      return `${pair}; ${life}Path=/; HttpOnly; ${isSecure ? 'Secure; ' : ''}SameSite=Lax`
    },
  }
}

/**
 * Accepts only our own values, as they were set. Hono parses and decodes every possible cookie, which took longer than the rest of
 * identifying a visitor.
 */
function patternOf(name: string): RegExp {
  return new RegExp(`(?:^|;)[ \\t]*${name}=([A-Za-z0-9]+)[ \\t]*(?:;|$)`)
}
