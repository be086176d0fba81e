import { z } from 'zod'

/** The types of profile fields. Without `image` and `document`, because we store no files. */
export const fieldTypes = ['string', 'boolean', 'number', 'object', 'any', 'null'] as const

export const validationRules = ['min_length', 'max_length', 'match_regex'] as const

/** The rules of one field (reference §10.3). Rownd's other properties are kept and ignored. */
export const profileField = z.looseObject({
  display_name: z.string().max(200).optional(),
  type: z.enum(fieldTypes),
  required: z.boolean().default(false),
  unique: z.boolean().default(false),
  owned_by: z.enum(['user', 'app']).default('user'),
  user_visible: z.boolean().default(true),
  validation_rules: z
    .array(
      z.looseObject({
        rule_name: z.enum(validationRules),
        rule_value: z.union([z.string().max(500), z.number()]),
        rule_identifier: z.string().max(200).optional(),
      }),
    )
    .max(20)
    .default([]),
})

export type FieldType = (typeof fieldTypes)[number]
export type ProfileField = z.infer<typeof profileField>
export type ProfileSchema = Readonly<Record<string, ProfileField>>

const field = (display_name: string) => profileField.parse({ display_name, type: 'string' })

/** The schema of an application whose operator has set none. */
export const defaultProfileSchema: ProfileSchema = {
  email: field('Email'),
  phone_number: field('Phone number'),
  first_name: field('First name'),
  last_name: field('Last name'),
  zip_code: field('ZIP code'),
}

const fieldName = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/
export const maxFields = 200

/** Excludes names that every object has, because these names index the data. */
export function isFieldName(name: string): boolean {
  return fieldName.test(name) && name !== 'user_id' && !(name in {})
}

/** Those of these fields that cannot identify a profile: the schema has no such field, or it is no text. */
export function notIdentifying(schema: ProfileSchema, names: readonly string[]): string[] {
  return names.filter((name) => !Object.hasOwn(schema, name) || schema[name]?.type !== 'string')
}

/**
 * A schema as an operator writes it: field name to rules, or Rownd's own wrapper with `schema` in it.
 *
 * @returns its errors, if any: field to rule
 */
export function readProfileSchema(
  given: unknown,
): { schema: ProfileSchema } | { broken: Record<string, string> } {
  const wrapped = z.object({ schema: z.record(z.string(), z.unknown()) }).safeParse(given)
  const read = z.record(z.string(), profileField).safeParse(wrapped.success ? wrapped.data.schema : given)
  if (!read.success) {
    const rules = read.error.issues.map(({ path, message }) => [path.join('.') || 'schema', message])
    return { broken: Object.fromEntries(rules) as Record<string, string> }
  }
  const broken = Object.create(null) as Record<string, string>
  for (const [name, rules] of Object.entries(read.data)) {
    if (!isFieldName(name)) broken[name] = 'is no name for a field'
    for (const { rule_name: rule, rule_value: value } of rules.validation_rules) {
      if (rule === 'match_regex' ? !isPattern(String(value)) : !Number.isInteger(Number(value)))
        broken[name] = `has a rule ${rule} that cannot be kept`
    }
  }
  if (Object.keys(read.data).length > maxFields) broken['schema'] = `has more than ${maxFields} fields`
  return Object.keys(broken).length > 0 ? { broken } : { schema: read.data }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
