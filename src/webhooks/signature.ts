import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Of one length, as a comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Where there is no secret, as much is computed as for one that signed something else. */
const standIn = 'there is no secret'

/**
 * Whether VOMO signed these bytes with one of the secrets: `vomo-signature` is the HMAC-SHA-256 of the raw body, in lower-case hex.
 *
 * @param secrets the present one, and the one before it
 * @see https://support.vomo.org/hc/en-us/articles/5461932751885-How-to-get-started-using-VOMO-Webhooks
 */
export function isSigned(
  body: Uint8Array,
  signature: string | undefined,
  secrets: readonly [string | undefined, string | undefined],
): boolean {
  const given = digest(signature ?? '')
  const matches = secrets.map((secret) => {
    const right = createHmac('sha256', secret ?? standIn)
      .update(body)
      .digest('hex')
    return timingSafeEqual(given, digest(right)) && secret !== undefined
  })
  return matches.includes(true)
}
