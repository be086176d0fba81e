import type { Person } from '../../accounts/people.ts'
import type { Secrets } from '../../secrets.ts'
import type { VomoParticipation } from '../../vomo/types.ts'

/** Sixteen consonants: a key contains no digits that look like an id, and spells no word. */
const letters = 'bcdfghjklmnpqrst'

/**
 * Our own names for one person's shifts: 128 bits that only we can compute, so VOMO's ids stay here, and another person's key for
 * the same shift differs. Stable until the portal's secret changes.
 */
export function shiftKeys(secrets: Secrets, { customerId, id }: Pick<Person, 'customerId' | 'id'>) {
  return function keyOf({ projectDateId, role, isItem }: VomoParticipation): string {
    const hash = secrets.hash('shift', JSON.stringify([customerId, id, projectDateId, role, isItem]))
    return [...hash.subarray(0, 16)]
      .map((byte) => letters.charAt(byte >> 4) + letters.charAt(byte & 15))
      .join('')
  }
}
