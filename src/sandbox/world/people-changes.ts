import { z } from 'zod'
import { wholeSecond } from './timestamps.ts'
import type { ProfileFieldValue, User } from './world.ts'

const text = z.string().max(500).nullable()

const yes = z.literal(true)

/** What an administrator can do to a person in VOMO's own pages. Unknown keys are dropped, but at least one must be known. */
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
    /** Replaces all of them. */
    profile_field_values: z.array(z.object({ name: z.string().max(500), value: z.unknown() })).max(1_000),
    /** The person deleted the account: VOMO blanks it out and keeps the history. `scrubbed` means the same. */
    scrub: yes,
    scrubbed: yes,
    /** The person left the organization and keeps the history. */
    deactivate: yes,
    /** The person accepted an invitation to come back. */
    reactivate: yes,
    /** An administrator removed the person and the history. */
    removed: yes,
    /** Undoes a scrub or a removal. */
    restored: yes,
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, {
    path: ['body'],
    error: 'Name at least one change, such as email, scrub or deactivate.',
  })

/** Changes people in place, and remembers scrubbed ones so that a test can undo the scrub. */
export function makePeopleChanger(clock: () => number) {
  const beforeScrub = new Map<User, User>()

  return function change(user: User, wanted: z.output<typeof personChange>): void {
    const { scrub, scrubbed, deactivate, reactivate, removed, restored, profile_field_values, ...fields } =
      wanted
    if (restored) {
      Object.assign(user, beforeScrub.get(user), { is_removed: false })
      beforeScrub.delete(user)
    }
    if (scrub || scrubbed) {
      // A second scrub must not save the blanked-out person as the one to restore.
      if (!beforeScrub.has(user)) beforeScrub.set(user, { ...user })
      Object.assign(user, scrubbedFields(user.id))
    }
    if (deactivate) user.membership_status = 'INACTIVE'
    if (reactivate) user.membership_status = 'ACCEPTED'
    if (removed) user.is_removed = true
    if (profile_field_values) user.profile_field_values = profile_field_values.map(profileField)
    Object.assign(user, fields, { updated_at_ms: wholeSecond(clock()) })
  }
}

function profileField({ name, value }: { name: string; value?: unknown }, index: number): ProfileFieldValue {
  return { id: 9_100_000 + index, profile_field_id: 9_200_000 + index, name, value }
}

/** What VOMO keeps of a person whose account was deleted. */
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
