import type { Person } from '../../accounts/people.ts'
import type { Secrets } from '../../secrets.ts'
import type { VomoParticipation } from '../../vomo/types.ts'
import { ownKey } from '../own-key.ts'

/** Our own names for one person's shifts, so VOMO's ids stay here, and another person's key for the same shift differs. */
export function shiftKeys(secrets: Secrets, { customerId, id }: Pick<Person, 'customerId' | 'id'>) {
  return function keyOf({ projectDateId, role, isItem }: VomoParticipation): string {
    return ownKey(secrets, 'shift', [customerId, id, projectDateId, role, isItem])
  }
}
