import type { RowndApplication } from '../application/applications.ts'
import type { ProfileField, ProfileSchema, validationRules } from '../application/profile-schema.ts'
import { type FieldErrors, RowndError, type RowndErrorCode } from '../envelope.ts'
import { type Identifier, kindOf, readIdentifier } from './identifiers.ts'

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/** Field to value; `null` clears the field. */
export type ProfileData = Record<string, JsonValue>

type Judge = Pick<RowndApplication, 'schema' | 'verificationFields' | 'isLenient' | 'country'>

/**
 * Validates an application's data about a user.
 *
 * An unknown field is refused, or dropped when the application is lenient. `phone` stands for `phone_number` when the schema has
 * only that. `user_id` is dropped, because profiles repeat it and callers send it back.
 *
 * @param code the code for every cause, if there is one: profiles say 'E_USER_UPDATE_FAILED', as Rownd does
 * @returns the valid data: email addresses and phone numbers normalized, no unknown field
 * @throws {RowndError} with every field and the rule it breaks
 */
export function checkData(
  application: Judge,
  given: Readonly<Record<string, unknown>>,
  code?: RowndErrorCode,
): ProfileData {
  const { schema, isLenient } = application
  const data: ProfileData = {}
  // Without a prototype: a field may be called `constructor`, or `__proto__`.
  const broken = Object.create(null) as Record<string, string[]>
  const causes = new Set<RowndErrorCode>()
  const refuse = (name: string, rules: string[], cause: RowndErrorCode) => {
    broken[name] = rules
    causes.add(cause)
  }
  for (const [name, value] of Object.entries(given)) {
    const field = fieldNamed(schema, name)
    if (name === 'user_id') continue
    if (field === undefined) {
      if (!isLenient) refuse(name, ['is not in the profile schema'], 'E_UNKNOWN_FIELD')
      continue
    }
    const read = readValue(application, field, value)
    if ('broken' in read) refuse(name, read.broken, causeOf(application, field))
    else data[field] = read.value
  }
  const [cause = 'E_VALIDATION', ...more] = causes
  refuseBroken(code ?? (more.length > 0 ? 'E_VALIDATION' : cause), broken)
  return data
}

/** The code for a value that does not match its field. */
function causeOf({ verificationFields }: Judge, field: string): RowndErrorCode {
  return verificationFields.includes(field) ? valueCauses[kindOf(field)] : 'E_VALIDATION'
}

const valueCauses = {
  email: 'E_INVALID_EMAIL',
  phone: 'E_INVALID_PHONE',
  other: 'E_VALIDATION',
} as const satisfies Record<ReturnType<typeof kindOf>, RowndErrorCode>

/** The identifying values in validated data. */
export function identifiersIn(
  application: Pick<Judge, 'verificationFields'>,
  data: ProfileData,
): readonly Identifier[] {
  return application.verificationFields.flatMap((field) => {
    const value = data[field]
    return typeof value === 'string' ? [{ field, value }] : []
  })
}

/** @throws {RowndError} when a required field is missing from a whole profile */
export function requireFields(schema: ProfileSchema, data: ProfileData, code: RowndErrorCode): void {
  const broken: Record<string, string[]> = {}
  for (const [field, { required }] of Object.entries(schema)) {
    if (required && (data[field] ?? null) === null) broken[field] = ['is required']
  }
  refuseBroken(code, broken)
}

function refuseBroken(code: RowndErrorCode, fieldErrors: FieldErrors): void {
  if (Object.keys(fieldErrors).length > 0) throw new RowndError(code, { fieldErrors })
}

function fieldNamed(schema: ProfileSchema, name: string): string | undefined {
  if (Object.hasOwn(schema, name)) return name
  return name === 'phone' && Object.hasOwn(schema, 'phone_number') ? 'phone_number' : undefined
}

function readValue(
  application: Judge,
  name: string,
  value: unknown,
): { value: JsonValue } | { broken: string[] } {
  if (value === null) return { value }
  const field = application.schema[name]
  if (!field) throw new Error('a field that was found is gone')
  if (!isOfType[field.type](value)) return { broken: [`must be of type ${field.type}`] }
  if (application.verificationFields.includes(name)) {
    const read =
      typeof value === 'string'
        ? readIdentifier(name, value, application.country)
        : { broken: 'must be text' }
    return 'broken' in read ? { broken: [read.broken] } : read
  }
  const broken = rulesBroken(field, value)
  // It came out of JSON.parse.
  return broken.length > 0 ? { broken } : { value: value as JsonValue }
}

const isOfType = {
  any: () => true,
  object: (value) => typeof value === 'object' && !Array.isArray(value),
  null: (value) => value === null,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
} as const satisfies Record<ProfileField['type'], (value: unknown) => boolean>

function rulesBroken(field: ProfileField, value: unknown): string[] {
  if (typeof value !== 'string') return []
  return field.validation_rules
    .filter(({ rule_name: rule, rule_value: wanted }) => !rules[rule].isKept(value, wanted))
    .map(({ rule_name: rule, rule_value: wanted }) => rules[rule].tell(wanted))
}

type Rule = {
  isKept: (text: string, wanted: string | number) => boolean
  tell: (wanted: string | number) => string
}

const rules = {
  min_length: {
    isKept: (text, wanted) => text.length >= Number(wanted),
    tell: (wanted) => `must have at least ${wanted} characters`,
  },
  max_length: {
    isKept: (text, wanted) => text.length <= Number(wanted),
    tell: (wanted) => `must have at most ${wanted} characters`,
  },
  match_regex: {
    isKept: (text, wanted) => new RegExp(String(wanted), 'u').test(text),
    tell: (wanted) => `must match ${wanted}`,
  },
} as const satisfies Record<(typeof validationRules)[number], Rule>
