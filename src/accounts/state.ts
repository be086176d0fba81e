import type { Person } from './people.ts'

/** Whether a person can get in, as staff and the operator read it: their standing, and what is known besides. */
export type PersonState = 'active' | 'sharing' | 'in_doubt' | 'orphaned' | 'stale' | 'disabled' | 'no_record'

export function stateOf({ standing, vomoUserId, missingSinceMs, sharesAddress }: Person): PersonState {
  if (standing !== 'active') return standing
  if (vomoUserId === null) return 'no_record'
  if (missingSinceMs !== null) return 'in_doubt'
  return sharesAddress ? 'sharing' : 'active'
}
