import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** What a customer's country is where its operator says nothing. */
export const defaultCountry = 'US'

const maxTypedLength = 40

/**
 * Reads a phone number as people write it: with the `+` of its country, or as it is dialed within `country`.
 *
 * A number without `+` must be one that its country's plan gives out, since its country is only supposed. One with `+` has only to be
 * of a length its country uses, so that a new area code does not need a new version of the library. An extension is refused: it may
 * belong to another person than the number without it.
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

/** Whether its phone numbers can be read. */
export const isCountry = isSupportedCountry
