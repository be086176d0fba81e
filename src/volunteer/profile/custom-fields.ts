import { formatIsoDay } from '../../text/dates.ts'
import type { Language } from '../../text/languages.ts'
import type { VomoProfileField } from '../../vomo/types.ts'
import { readBit, readDay } from '../../vomo/wire/values.ts'

/**
 * The types a custom field may be shown as. A value of another type is hidden, because VOMO may have changed the field's meaning
 * since it was listed.
 */
const shownAs = {
  text: ([value]) => (typeof value === 'string' ? value : null),
  date: ([value], { locale }) => {
    const day = readDay(value)
    return day && formatIsoDay(locale, day)
  },
  yes_no: ([value], { words }) => {
    const said = typeof value === 'string' ? { yes: true, no: false }[value.toLowerCase()] : undefined
    const bit = said ?? readBit(value)
    return bit === null ? null : words.profileForm[bit ? 'yes' : 'no']
  },
  choice: (values) => {
    const chosen = values.flat()
    return chosen.every((each) => typeof each === 'string') ? chosen.join(', ') : null
  },
} as const satisfies Record<string, (values: Values, language: Language) => string | null>

type Values = readonly [VomoProfileField['value'], ...VomoProfileField['value'][]]

export type CustomFieldType = keyof typeof shownAs

export const customFieldTypes = Object.keys(shownAs) as CustomFieldType[]

export type CustomField = {
  /** VOMO's name for it. */
  readonly name: string
  /** The label volunteers read. */
  readonly label: string
  readonly type: CustomFieldType
}

/** A custom field's value as volunteers read it; `null` if VOMO sends no such field, or one of another type. */
export function customValue(
  { name, type }: CustomField,
  profileFields: readonly VomoProfileField[],
  language: Language,
): string | null {
  const [first, ...more] = profileFields.filter((field) => field.name === name)
  return first ? shownAs[type]([first.value, ...more.map((field) => field.value)], language) : null
}
