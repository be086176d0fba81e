import { formatBirthday } from '../../text/dates.ts'
import type { Language } from '../../text/languages.ts'
import type { Gender, VomoProfileField, VomoUser, VomoUserDetail } from '../../vomo/types.ts'
import { readBit, readDay } from '../../vomo/wire/values.ts'
import type { RecordAnswer } from './answers.ts'

/**
 * The whitelist. Fields are named one by one, so a field that VOMO adds tomorrow stays hidden.
 *
 * These are the fields every VOMO user has. The name and the address say whose record it is, so they always show. VOMO's API
 * changes only five of them.
 *
 * @see https://docs.virtuous.org/volunteer/workflows/create-or-update-a-user
 */
export const builtInFields = {
  first_name: { of: 'firstName', canHide: false, canChange: true },
  last_name: { of: 'lastName', canHide: false, canChange: true },
  email: { of: 'email', canHide: false, canChange: false },
  phone: { of: 'phone', canHide: true, canChange: true },
  address: { of: 'address', canHide: true, canChange: false },
  birthday: { of: 'birthday', canHide: true, canChange: true },
  gender: { of: 'gender', canHide: true, canChange: true },
} as const satisfies Record<string, { of: keyof VomoUser; canHide: boolean; canChange: boolean }>

export type BuiltInField = keyof typeof builtInFields

export const builtInNames = Object.keys(builtInFields) as BuiltInField[]

/**
 * The types a custom field may be shown as. A value of another type is hidden, because VOMO may have changed the field's meaning
 * since it was listed.
 */
const shownAs = {
  text: ([value]: Values) => (typeof value === 'string' ? value : null),
  date: ([value]: Values, { locale }: Language) => {
    const day = readDay(value)
    return day && formatBirthday(locale, day)
  },
  yes_no: ([value]: Values, { words }: Language) => {
    const said = typeof value === 'string' ? { yes: true, no: false }[value.toLowerCase()] : undefined
    const bit = said ?? readBit(value)
    return bit === null ? null : words.profileForm[bit ? 'yes' : 'no']
  },
  choice: (values: Values) => {
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

/** What a customer shows of its volunteers' records, and whether they may change it here. Fields that are not listed are hidden. */
export type FieldChoice = {
  readonly editsProfile: boolean
  readonly builtIn: readonly BuiltInField[]
  /** In the order in which they are shown. */
  readonly custom: readonly CustomField[]
}

/** For a customer that has not chosen yet. */
export const firstChoice: FieldChoice = { editsProfile: false, builtIn: builtInNames, custom: [] }

/** What volunteers may see of their own record. */
export function toRecord(
  user: VomoUserDetail,
  choice: FieldChoice,
  language: Language,
): Omit<RecordAnswer, 'as_of'> {
  const shown = <Value>(name: BuiltInField, value: Value) => (shows(choice, name) ? value : null)
  return {
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    phone: shown('phone', user.phone),
    address: shown('address', user.address),
    birthday: shown('birthday', user.birthday),
    gender: shown('gender', user.gender),
    fields: choice.custom.flatMap(({ name, label, type }) => {
      const [first, ...more] = user.profileFields.filter((field) => field.name === name)
      const values: Values | undefined = first && [first.value, ...more.map((field) => field.value)]
      const value = values ? shownAs[type](values, language) : null
      return value === null ? [] : [{ label, value }]
    }),
  }
}

export function shows({ builtIn }: FieldChoice, name: BuiltInField): boolean {
  return !builtInFields[name].canHide || builtIn.includes(name)
}

export function isGender(value: unknown): value is Gender {
  return value === 'M' || value === 'F' || value === 'N'
}
