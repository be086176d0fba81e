import { z } from 'zod'
import {
  builtInFields,
  type FieldChoice,
  isRequired,
  type ProfileField,
  perField,
  profileFields,
  shows,
} from './fields.ts'
import { pastDayRule } from './rules.ts'

/** The request to change a volunteer's own record, from a form and from the API. */

/** Empty is `null`. */
export type ProfileValues = Partial<Record<ProfileField, string | null>>

export const profileBody = z.strictObject({
  ...perField(profileFields, (field): z.ZodOptional<z.ZodType<string | null>> => {
    const { rule } = builtInFields[field]
    return (isRequired(field) ? rule : rule.nullable()).optional()
  }),
  if_unchanged: z
    .strictObject(
      perField(profileFields, () => z.string('It must be a text, or null.').nullable().optional()),
    )
    .optional()
    .describe(
      'the values you showed: where VOMO holds another by now, nothing is written. Without it, those held here count',
    ),
})

/**
 * The rule that a changed value breaks, if it breaks one.
 *
 * @param today `YYYY-MM-DD`
 */
export function ruleBroken(field: ProfileField, value: string | null, today: string): string | undefined {
  if (value === null)
    return isRequired(field) ? 'It must be given: VOMO takes no change without it.' : undefined
  const { kind, rule } = builtInFields[field]
  const read = rule.safeParse(value)
  if (!read.success) return read.error.issues[0]?.message
  return kind === 'day' && value > today ? pastDayRule : undefined
}

/** The fields of a record that may be changed here: the visible ones, and those VOMO requires and does not hold. */
export function changeable(choice: FieldChoice, now: ProfileValues): ProfileField[] {
  if (!choice.editsProfile) return []
  return profileFields.filter((field) => shows(choice, field) || (isRequired(field) && now[field] === null))
}
