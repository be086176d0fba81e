import { addressRules, normalizeAddress, readAddress } from '../../../address.ts'
import { readPhone } from '../../../phone.ts'
import type { RowndApplication } from '../application/applications.ts'

/** What a link may verify. */
export type VerificationType = 'email' | 'phone'

/** A value that identifies a profile, normalized. */
export type Identifier = { field: string; value: string }

/** The field of the application's profiles that holds what is verified this way, if it has one. */
export function fieldVerifiedBy(
  application: Pick<RowndApplication, 'schema' | 'verificationFields'>,
  type: VerificationType,
): string | undefined {
  const names = type === 'email' ? ['email'] : ['phone_number', 'phone']
  return names.find(
    (name) => application.verificationFields.includes(name) && Object.hasOwn(application.schema, name),
  )
}

/** How a user who proved this field signed in. */
export function methodOf(field: string): VerificationType {
  return field === 'email' ? 'email' : 'phone'
}

/** The type of this field's value. */
export function kindOf(field: string): VerificationType | 'other' {
  return field === 'email' ? 'email' : ['phone_number', 'phone'].includes(field) ? 'phone' : 'other'
}

/**
 * A value to search profiles for; accepts addresses that are no longer valid, because old profiles may have them. @returns
 * `undefined` for other texts
 */
export function identifierSought(field: string, text: string, country: string): string | undefined {
  if (field === 'email') return normalizeAddress(text)
  const read = readIdentifier(field, text, country)
  return 'value' in read ? read.value : undefined
}

/**
 * @param country for a phone number without `+`
 * @returns the value to store and compare, or the rule it breaks
 */
export function readIdentifier(
  field: string,
  text: string,
  country: string,
): { value: string } | { broken: string } {
  const kind = kindOf(field)
  if (kind === 'email') {
    const read = readAddress(text)
    return typeof read === 'string' ? { broken: addressRules[read] } : { value: read.address }
  }
  if (kind === 'phone') {
    const value = readPhone(text, country)
    return value === undefined
      ? { broken: `must be a phone number like +19195550123, or one as it is dialed in ${country}` }
      : { value }
  }
  const value = text.trim()
  return value === '' || value.length > 254 || /\p{C}/u.test(value)
    ? { broken: 'must have 1 to 254 characters' }
    : { value }
}
