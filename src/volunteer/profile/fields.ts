import { z } from 'zod'
import { type UserFields, userFields } from '../../vomo/user-fields.ts'
import type { CustomField } from './custom-fields.ts'
import { gender, name, pastDay, phone } from './rules.ts'

type WhitelistRow = {
  /** The field of VOMO's user. */
  of: TextOfUser
  /** How pages show and edit it. */
  kind: 'text' | 'email' | 'phone' | 'day' | 'choice'
  canHide: boolean
  /** In the JSON of the portal API. */
  answer: z.ZodType<string | null>
  /** What a volunteer's own value must be, where one may change it. */
  rule?: z.ZodType<string>
  autocomplete?: string
}

type TextOfUser = {
  [Name in keyof UserFields]: UserFields[Name] extends string | null ? Name : never
}[keyof UserFields]

const text = z.string().nullable()
const line = text.describe('one line')
const day = text.describe('YYYY-MM-DD')

/**
 * The whitelist: the fields of a VOMO user that a volunteer may see, in the order in which they are shown. Fields are named one by
 * one, so a field that VOMO adds tomorrow stays hidden. Their words stand in `text/`, at `profileFields`.
 *
 * The name and the address say whose record it is, so they always show.
 */
export const builtInFields = {
  first_name: {
    of: 'firstName',
    kind: 'text',
    canHide: false,
    answer: text,
    rule: name,
    autocomplete: 'given-name',
  },
  last_name: {
    of: 'lastName',
    kind: 'text',
    canHide: false,
    answer: text,
    rule: name,
    autocomplete: 'family-name',
  },
  email: { of: 'email', kind: 'email', canHide: false, answer: text },
  phone: { of: 'phone', kind: 'phone', canHide: true, answer: text, rule: phone, autocomplete: 'tel' },
  address: { of: 'address', kind: 'text', canHide: true, answer: line },
  birthday: { of: 'birthday', kind: 'day', canHide: true, answer: day, rule: pastDay, autocomplete: 'bday' },
  gender: { of: 'gender', kind: 'choice', canHide: true, answer: gender.nullable(), rule: gender },
} as const satisfies Record<string, WhitelistRow>

type Whitelist = typeof builtInFields

export type BuiltInField = keyof Whitelist

export const builtInNames = Object.keys(builtInFields) as BuiltInField[]

/** The fields a volunteer may change: all that VOMO's API changes. */
export type ProfileField = {
  [Name in BuiltInField]: Whitelist[Name] extends { rule: object } ? Name : never
}[BuiltInField]

export const profileFields = builtInNames.filter(isProfileField)
export const unchangeableFields = builtInNames.filter((field) => !isProfileField(field))

function isProfileField(field: BuiltInField): field is ProfileField {
  return 'rule' in builtInFields[field]
}

/** Whether VOMO accepts no change of a record without it. */
export function isRequired(field: ProfileField): boolean {
  return userFields[builtInFields[field].of].change === 'required'
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

export function shows({ builtIn }: FieldChoice, field: BuiltInField): boolean {
  return !builtInFields[field].canHide || builtIn.includes(field)
}

/** One value for each of these fields. */
export function perField<Field extends BuiltInField, Value>(
  fields: readonly Field[],
  valueOf: (field: Field) => Value,
): Record<Field, Value> {
  return Object.fromEntries(fields.map((field) => [field, valueOf(field)])) as Record<Field, Value>
}
