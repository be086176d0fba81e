import { getCountries, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** The country of a customer whose operator has set none. */
export const defaultCountry = 'US'

const maxTypedLength = 40

/**
 * Reads a phone number as people write it: with the `+` of its country, or as dialed within `country`.
 *
 * A number without `+` must be assigned in its country's plan, because we only assume the country. One with `+` needs only a length
 * its country uses, so that a new area code does not require a new version of the library. An extension is refused: it may belong
 * to another person than the number without it.
 *
 * @param country ISO 3166, two letters
 * @returns E.164; `undefined` for what cannot be read as one number
 */
export function readPhone(text: string, country: string): string | undefined {
  const written = text.trim()
  if (written.length > maxTypedLength || !isCountry(country)) return undefined
  const read = parsePhoneNumberFromString(written, { defaultCountry: country, extract: false })
  if (!read || read.ext !== undefined) return undefined
  const isNumber = /^[+＋]/.test(written) ? read.isPossible() : read.isValid()
  return isNumber ? read.number : undefined
}

/** Whether we can read its phone numbers. */
export const isCountry = isSupportedCountry

/** All of them, by their two letters. */
export const countries: () => readonly string[] = getCountries
