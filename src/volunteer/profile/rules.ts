import { z } from 'zod'
import { genders } from '../../vomo/user-fields.ts'
import { readDay } from '../../vomo/wire/values.ts'

/** What a volunteer's own values must be, and what a program is told about one that is not. The words for people are in `text/`. */

/** Control characters, lone surrogates, and direction marks. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
const nameRule = 'It must have 1 to 100 characters, no control characters among them.'
const phoneRule = 'It must have 5 to 20 digits, or be empty.'
/** The earliest day that may be written here. */
export const firstDay = '1900-01-01'
/** A schema does not know today's date: `ruleBroken` compares a day with it. */
export const pastDayRule = 'It must be a day that exists, YYYY-MM-DD, since 1900 and not in the future.'

export const name = z
  .string(nameRule)
  .trim()
  .min(1, nameRule)
  .max(100, nameRule)
  .refine((text) => !unprintable.test(text), nameRule)

export const phone = z
  .string(phoneRule)
  .trim()
  .max(40, phoneRule)
  .refine((text) => !unprintable.test(text) && hasDigits(text), phoneRule)

export const pastDay = z
  .string(pastDayRule)
  .trim()
  .refine((text) => readDay(text) !== null && text >= firstDay, pastDayRule)
  .describe('YYYY-MM-DD')

export const gender = z.enum(genders, 'It must be M, F or N.')

function hasDigits(text: string): boolean {
  const digits = text.match(/\p{Nd}/gu)?.length ?? 0
  return text === '' || (digits >= 5 && digits <= 20)
}
