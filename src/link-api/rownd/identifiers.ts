import { addressRules, normaliseAddress, readAddress } from '../../address.ts'
import type { RowndApplication } from './applications.ts'

/** What a link may verify. */
export type VerificationType = 'email' | 'phone'

/** A value by which a profile is known again, normalised. */
export type Identifier = { field: string; value: string }

/** ITU-T E.164: a country code, which never begins with 0, and 15 digits at most; 7 is the shortest in use. */
const e164 = /^\+[1-9]\d{6,14}$/

/** Signs people write between the digits. */
const separators = /[ .\-()\u00a0\u2010\u2011]/g

/**
 * A telephone number in E.164.
 *
 * Spaces, hyphens, dots and brackets between the digits are dropped. The `+` must be there: without it one number names different
 * people in different countries, and to guess the country would be to guess the person. `(0)`, the trunk digit that is
 * not dialled from abroad, is refused for the same reason.
 *
 * @returns `undefined` for what is none
 */
export function normalisePhone(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 40 || /\(0\)/.test(trimmed)) return undefined
  const number = trimmed.replace(separators, '')
  return e164.test(number) ? number : undefined
}

/** The field of the application's profiles that holds what is verified this way; `undefined` where it has none. */
export function fieldVerifiedBy(
  application: Pick<RowndApplication, 'schema' | 'verificationFields'>,
  type: VerificationType,
): string | undefined {
  const names = type === 'email' ? ['email'] : ['phone_number', 'phone']
  return names.find(
    (name) => application.verificationFields.includes(name) && Object.hasOwn(application.schema, name),
  )
}

/** How somebody signed in who proved this field. */
export function methodOf(field: string): VerificationType {
  return field === 'email' ? 'email' : 'phone'
}

/** What to look for among profiles: addresses that are no longer taken may stand there. @returns `undefined` for what is none */
export function identifierSought(field: string, text: string): string | undefined {
  if (field === 'email') return normaliseAddress(text)
  const read = readIdentifier(field, text)
  return 'value' in read ? read.value : undefined
}

/** @returns the value to store and compare, or the rule it breaks */
export function readIdentifier(field: string, text: string): { value: string } | { broken: string } {
  const kind = field === 'email' ? 'email' : ['phone_number', 'phone'].includes(field) ? 'phone' : 'other'
  if (kind === 'email') {
    const read = readAddress(text)
    return typeof read === 'string' ? { broken: addressRules[read] } : { value: read.address }
  }
  if (kind === 'phone') {
    const value = normalisePhone(text)
    return value === undefined ? { broken: 'must be a phone number like +19195550123' } : { value }
  }
  const value = text.trim()
  return value === '' || value.length > 254 || /\p{C}/u.test(value)
    ? { broken: 'must have 1 to 254 characters' }
    : { value }
}
