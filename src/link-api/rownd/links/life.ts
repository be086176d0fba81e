/** The longest a link may live: 30 days. */
export const maxLifeMs = 30 * 86_400_000

/** A caller who asks for less has probably taken `m` for months. */
const suspiciouslyShortMs = 5 * 60_000

/** Whether a life is so short that its caller may have meant months. */
export function isSuspiciouslyShort(ms: number): boolean {
  return ms < suspiciouslyShortMs
}
