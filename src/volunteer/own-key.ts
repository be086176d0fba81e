import type { Secrets } from '../secrets.ts'

/** Sixteen consonants: a key contains no digits that look like an id, and spells no word. */
const letters = 'bcdfghjklmnpqrst'

/** The form of a key. */
export const ownKeyForm = /^[b-df-hj-np-t]{32}$/

/** Our own name for something of VOMO's: 128 bits that only we can compute. Stable until the portal's secret changes. */
export function ownKey(secrets: Secrets, kind: 'shift' | 'opportunity', of: readonly unknown[]): string {
  const hash = secrets.hash(kind, JSON.stringify(of))
  return [...hash.subarray(0, 16)]
    .map((byte) => letters.charAt(byte >> 4) + letters.charAt(byte & 15))
    .join('')
}
