import type { RowndApplication } from '../../link-api/rownd/application/applications.ts'
import {
  type FieldType,
  isFieldName,
  maxFields,
  notIdentifying,
  type ProfileSchema,
  profileField,
  readProfileSchema,
} from '../../link-api/rownd/application/profile-schema.ts'

/** What a form shows of a profile's field. Its rules stay as the command line set them. */
export type FieldForm = { name: string; label: string; type: FieldType }

export type FieldFault = 'name' | 'label' | 'full' | 'identifies'

type Changed = Pick<RowndApplication, 'schema' | 'verificationFields'>

export function fieldsOf(schema: ProfileSchema): FieldForm[] {
  return Object.entries(schema).map(([name, { display_name: label = name, type }]) => ({ name, label, type }))
}

export function fieldIn(schema: ProfileSchema, name: string): FieldForm | undefined {
  return fieldsOf(schema).find((field) => field.name === name)
}

/** A field as two readers of it are compared; nothing for one that is not there. */
export function seenOf(field: Pick<FieldForm, 'label' | 'type'> | undefined): string {
  return field === undefined ? '' : `${field.type} ${field.label}`
}

/** The schema with this field, or without it; or the rule that this breaks. */
export function withField(
  { schema, verificationFields }: Changed,
  name: string,
  wanted: Pick<FieldForm, 'label' | 'type'> | null,
): { schema: ProfileSchema } | { fault: FieldFault } {
  if (!isFieldName(name)) return { fault: 'name' }
  const { [name]: kept, ...others } = schema
  if (wanted && !isLabel(wanted.label)) return { fault: 'label' }
  const changed = wanted && profileField.parse({ ...kept, display_name: wanted.label, type: wanted.type })
  // What is changed stays in its place.
  const next = changed === null ? others : { ...schema, [name]: changed }
  if (Object.keys(next).length > maxFields) return { fault: 'full' }
  if (notIdentifying(next, verificationFields).length > 0) return { fault: 'identifies' }
  const read = readProfileSchema({ schema: next })
  if ('broken' in read)
    throw new Error(`a schema that was kept breaks a rule: ${Object.keys(read.broken).join()}`)
  return read
}

function isLabel(text: string): boolean {
  return text !== '' && text.length <= 200 && !/\p{C}/u.test(text)
}
