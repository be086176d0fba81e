import type { Form } from '../../http/body.ts'
import type { Words } from '../../text/en.ts'
import {
  type CustomField,
  type CustomFieldType,
  customFieldTypes,
} from '../../volunteer/profile/custom-fields.ts'
import { builtInFields, builtInNames, type FieldChoice, shows } from '../../volunteer/profile/fields.ts'
import type { CarriedField } from '../../vomo/people/carried-fields.ts'

/** A field of the organization's own, as a row of the form. */
export type OwnField = { name: string; label: string; type: CustomFieldType; isShown: boolean }

export type RecordForm = {
  editsProfile: boolean
  /** The hideable ones that show. */
  builtIn: readonly string[]
  own: readonly OwnField[]
  another: string
}

export const hideable = builtInNames.filter((name) => builtInFields[name].canHide)

const maxFields = 200

export function formOf(choice: FieldChoice, carried: readonly CarriedField[]): RecordForm {
  const isListed = (name: string) => choice.custom.some((field) => field.name === name)
  const others = carried.filter(({ name }) => !isListed(name))
  return {
    editsProfile: choice.editsProfile,
    builtIn: hideable.filter((name) => shows(choice, name)),
    own: [
      ...choice.custom.map((field) => ({ ...field, isShown: true })),
      ...others.map(({ name }) => ({ name, label: name, type: 'text' as const, isShown: false })),
    ],
    another: '',
  }
}

/** The rows as they were sent, in the order of their positions. */
export function readRecordForm(form: Form): RecordForm {
  const rows: (OwnField & { place: number })[] = []
  for (let index = 0; index < maxFields; index += 1) {
    const name = form.get(`name-${index}`)
    if (name === undefined) break
    rows.push({
      name,
      label: (form.get(`label-${index}`) ?? name).trim(),
      type: customFieldTypes.find((type) => type === form.get(`type-${index}`)) ?? 'text',
      isShown: form.get(`show-${index}`) === 'yes',
      place: placeOf(Number.parseInt(form.get(`place-${index}`) ?? '', 10), index + 1),
    })
  }
  return {
    editsProfile: form.get('edits') === 'yes',
    builtIn: hideable.filter((name) => form.get(`field-${name}`) === 'yes'),
    own: rows.toSorted((one, other) => one.place - other.place).map(({ place: _place, ...row }) => row),
    another: (form.get('another') ?? '').trim(),
  }
}

/** One that moves up goes before the row that is at its position, one that moves down behind it. */
function placeOf(typed: number, former: number): number {
  return Number.isNaN(typed) ? former : typed + Math.sign(typed - former) / 2
}

/** What the form would show; by field, the rules that it breaks. */
export function choiceIn(
  { editsProfile, builtIn, own, another }: RecordForm,
  words: Words,
): { choice: FieldChoice } | { errors: Record<string, string> } {
  const said = words.staffRecord.errors
  const shown = own.filter(({ isShown }) => isShown)
  const errors: Record<string, string> = {}
  for (const { name, label } of shown)
    if (!isOneLine(label)) errors[`label-${indexOf(own, name)}`] = said.label(name)
  if (another !== '' && !isOneLine(another)) errors['another'] = said.name
  if (Object.keys(errors).length > 0) return { errors }
  const isNew = another !== '' && !shown.some(({ name }) => name === another)
  const custom: CustomField[] = [
    ...shown.map(({ name, label, type }) => ({ name, label, type })),
    ...(isNew ? [{ name: another, label: another, type: 'text' as const }] : []),
  ]
  const fixed = builtInNames.filter((name) => !builtInFields[name].canHide || builtIn.includes(name))
  return { choice: { editsProfile, builtIn: fixed, custom } }
}

function indexOf(own: readonly OwnField[], name: string): number {
  return own.findIndex((each) => each.name === name)
}

function isOneLine(text: string): boolean {
  return text !== '' && text.length <= 200 && !/\p{C}/u.test(text)
}
