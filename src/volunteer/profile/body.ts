import { z } from 'zod'
import { readDay } from '../../vomo/wire/values.ts'
import { type BuiltInField, builtInFields, builtInNames, type FieldChoice, shows } from './fields.ts'

/** The request to change a person's own record, from a form and from the API. */

/** The fields VOMO's API changes. */
export type ProfileField = {
  [Name in BuiltInField]: (typeof builtInFields)[Name]['canChange'] extends true ? Name : never
}[BuiltInField]

export const profileFields = builtInNames.filter(
  (name): name is ProfileField => builtInFields[name].canChange,
)

/** Empty is `null`. */
export type ProfileValues = Partial<Record<ProfileField, string | null>>

/** Control characters, lone surrogates, and direction marks. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
const nameRule = 'It must have 1 to 100 characters, no control characters among them.'
const phoneRule = 'It must have 5 to 20 digits, or be empty.'
const birthdayRule = 'It must be a day that exists, YYYY-MM-DD, since 1900 and not in the future.'

const name = z
  .string(nameRule)
  .trim()
  .min(1, nameRule)
  .max(100, nameRule)
  .refine((text) => !unprintable.test(text), nameRule)

const rules = {
  first_name: name,
  last_name: name,
  phone: z
    .string(phoneRule)
    .trim()
    .max(40, phoneRule)
    .refine((text) => !unprintable.test(text) && hasDigits(text), phoneRule),
  birthday: z
    .string(birthdayRule)
    .trim()
    .refine((text) => readDay(text) !== null && text >= '1900-01-01', birthdayRule)
    .describe('YYYY-MM-DD'),
  gender: z.enum(['M', 'F', 'N'], 'It must be M, F or N.'),
} as const satisfies Record<ProfileField, z.ZodType<string>>

const seen = z.string('It must be a text, or null.').nullable().optional()

export const profileBody = z.strictObject({
  first_name: rules.first_name.optional(),
  last_name: rules.last_name.optional(),
  phone: rules.phone.nullable().optional(),
  birthday: rules.birthday.optional(),
  gender: rules.gender.optional(),
  if_unchanged: z
    .strictObject({ first_name: seen, last_name: seen, phone: seen, birthday: seen, gender: seen })
    .optional()
    .describe(
      'the values you showed: where VOMO holds another by now, nothing is written. Without it, those held here count',
    ),
})

function hasDigits(text: string): boolean {
  const digits = text.match(/\p{Nd}/gu)?.length ?? 0
  return text === '' || (digits >= 5 && digits <= 20)
}

/**
 * The rule that a changed value breaks, if it breaks one.
 *
 * @param today `YYYY-MM-DD`
 */
export function ruleBroken(field: ProfileField, value: string | null, today: string): string | undefined {
  if (value === null)
    return field === 'phone' ? undefined : 'It must be given: VOMO takes no change without it.'
  const read = rules[field].safeParse(value)
  if (!read.success) return read.error.issues[0]?.message
  return field === 'birthday' && value > today ? birthdayRule : undefined
}

/** The fields of a record that may be changed here: the visible ones, and those VOMO requires and does not hold. */
export function changeable(choice: FieldChoice, now: ProfileValues): ProfileField[] {
  if (!choice.editsProfile) return []
  return profileFields.filter((field) => shows(choice, field) || (field !== 'phone' && now[field] === null))
}
