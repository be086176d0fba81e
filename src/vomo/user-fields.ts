import { readDay, readInstant, readText } from './wire/values.ts'

/** As VOMO writes it; VOMO does not document `N`. */
export const genders = ['M', 'F', 'N'] as const

type Gender = (typeof genders)[number]

/**
 * What we read of every VOMO user, one row per field: VOMO's name for it, and its reader. `change` marks the fields that VOMO's
 * API changes, and says whether VOMO accepts a change without one. VOMO also accepts a role, a password, an organization and an
 * invite code; we never send those.
 *
 * @see https://docs.virtuous.org/volunteer/workflows/create-or-update-a-user
 */
export const userFields = {
  firstName: { wire: 'first_name', read: lineUpTo(200), change: 'required' },
  lastName: { wire: 'last_name', read: lineUpTo(200), change: 'required' },
  /** It identifies the user whom a change is about, so no change can alter it. */
  email: { wire: 'email', read: lineUpTo(320) },
  phone: { wire: 'phone', read: lineUpTo(100), change: 'optional' },
  /** One free-text line. */
  address: { wire: 'address', read: lineUpTo(500) },
  /** `YYYY-MM-DD` */
  birthday: { wire: 'birthday', read: readDay, change: 'required' },
  gender: { wire: 'gender', read: readGender, change: 'required' },
  membershipRole: { wire: 'membership_role', read: lineUpTo(100) },
  membershipStatus: { wire: 'membership_status', read: lineUpTo(100) },
  updatedAtMs: { wire: 'updated_at', read: readInstant },
} as const satisfies Record<string, UserField>

type UserField = {
  wire: string
  read: (value: unknown) => string | number | null
  change?: 'required' | 'optional'
}

type Fields = typeof userFields

type UserFieldName = keyof Fields

export const userFieldNames = Object.keys(userFields) as UserFieldName[]

/** A value that is absent, or that its reader does not know, is `null`. */
export type UserFields = { readonly [Name in UserFieldName]: ReturnType<Fields[Name]['read']> }

/** The fields VOMO's API changes. */
type SavedFieldName = {
  [Name in UserFieldName]: Fields[Name] extends { change: string } ? Name : never
}[UserFieldName]

export const savedFieldNames = userFieldNames.filter(
  (name): name is SavedFieldName => 'change' in userFields[name],
)

/** Everything we send about a user, besides the email. `null` when the user has none. */
export type UserToSave = {
  readonly [Name in SavedFieldName]: Fields[Name] extends { change: 'required' }
    ? NonNullable<UserFields[Name]>
    : UserFields[Name]
}

function lineUpTo(maxLength: number) {
  return (value: unknown) => readText(value, maxLength)
}

function readGender(value: unknown): Gender | null {
  const letter = readText(value, 20)?.toUpperCase()
  return genders.find((gender) => gender === letter) ?? null
}
