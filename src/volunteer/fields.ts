import type { VomoUserDetail } from '../vomo/types.ts'
import type { RecordAnswer } from './answers.ts'

/**
 * The whitelist. Fields are named one by one, so that one VOMO adds tomorrow stays hidden.
 *
 * @param shownLabels the customer's own profile fields that may be shown, by label; none unless the customer chose some,
 *   for they can hold anything (a background check, an allergy)
 */
export function toRecord(
  user: VomoUserDetail,
  shownLabels: readonly string[] = [],
): Omit<RecordAnswer, 'as_of'> {
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
