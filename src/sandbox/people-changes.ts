import { z } from 'zod'
import { wholeSecond } from './timestamps.ts'
import type { User } from './world.ts'

const text = z.string().max(500).nullable()

/** What an administrator can do to a person in VOMO's own pages. Unknown keys fall away. */
export const personChange = z
  .object({
    first_name: text,
    last_name: text,
    email: text,
    address: text,
    phone: text,
    birthday: text,
    gender: text,
    user_status: z.string().max(100),
    membership_status: z.string().max(100),
    membership_role: z.string().max(100),
    /** The person deleted the account: VOMO blanks it out and keeps the history. */
    scrubbed: z.literal(true),
    /** An administrator removed the person: gone with history. */
    removed: z.literal(true),
    /** Takes back a scrub or a removal. */
    restored: z.literal(true),
  })
  .partial()

export type PersonChange = z.output<typeof personChange>

/** Changes people in place, and remembers scrubbed ones so that a test can take the scrub back. */
export function makePeopleChanger(clock: () => number) {
  const beforeScrub = new Map<User, User>()

  return function change(user: User, { scrubbed, removed, restored, ...fields }: PersonChange): void {
    if (restored) {
      Object.assign(user, beforeScrub.get(user), { is_removed: false })
      beforeScrub.delete(user)
    }
    if (scrubbed) {
      beforeScrub.set(user, { ...user })
      Object.assign(user, scrubbedFields(user.id))
    }
    if (removed) user.is_removed = true
    Object.assign(user, fields, { updated_at_ms: wholeSecond(clock()) })
  }
}

/** What VOMO leaves of a person whose account was deleted. */
export function scrubbedFields(id: number) {
  return {
    first_name: 'Deleted',
    last_name: 'User',
    email: `vomodeleteduser${id}@vomo.org`,
    birthday: '1900-01-01',
    address: null,
    phone: '555-555-5555',
  }
}
