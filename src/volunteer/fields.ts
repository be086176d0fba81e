import type { VomoUserDetail } from '../vomo/types.ts'

/** What of a volunteer's record may leave the server. */
export type VolunteerRecord = {
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly address: string | null
  readonly birthday: string | null
  readonly fields: readonly { readonly label: string; readonly value: string }[]
}

/**
 * The whitelist. Fields are named one by one, so that one VOMO adds tomorrow stays hidden.
 *
 * @param shownLabels the customer's own profile fields that may be shown, by label; none unless the customer chose some,
 *   for they can hold anything (a background check, an allergy)
 */
export function toRecord(user: VomoUserDetail, shownLabels: readonly string[] = []): VolunteerRecord {
  return {
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    phone: user.phone,
    address: user.address,
    birthday: user.birthday,
    fields: user.profileFields
      .filter(({ label }) => shownLabels.includes(label))
      .map(({ label, value }) => ({ label, value })),
  }
}
