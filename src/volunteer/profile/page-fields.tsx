import type { ComponentChildren } from 'preact'
import { breakable } from '../../page/contact.tsx'
import { Choice, Field } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import { formatIsoDay } from '../../text/dates.ts'
import type { FieldWords } from '../../text/en/profile-fields.ts'
import { type BuiltInField, builtInFields, isRequired, type ProfileField } from './fields.ts'
import { firstDay } from './rules.ts'

/** A form field: its current input, and the record's value when the form was first shown. */
export type FieldView = {
  readonly name: ProfileField
  readonly value: string | null
  readonly seen: string | null
  readonly isWrong?: boolean
  /** VOMO requires it and has no value. */
  readonly isMissing?: boolean
}

export function wordsOf({ words }: Frame, name: BuiltInField): FieldWords {
  return words.profileFields[name]
}

/** A value as a sentence has it. */
export function inWords(frame: Frame, name: BuiltInField, value: string): string {
  const { kind } = builtInFields[name]
  if (kind === 'day') return formatIsoDay(frame.locale, value)
  return kind === 'choice' ? (wordsOf(frame, name).options?.[value] ?? value) : value
}

/** A value as a page shows it. */
export function shownValue(frame: Frame, name: BuiltInField, value: string): ComponentChildren {
  return builtInFields[name].kind === 'email' ? breakable(value) : inWords(frame, name, value)
}

/** @param today `YYYY-MM-DD` */
export function Input({ frame, field, today }: { frame: Frame; field: FieldView; today: string }) {
  const { name, value, isWrong, isMissing } = field
  const { label, hint, fault, options } = wordsOf(frame, name)
  const row = builtInFields[name]
  const { kind } = row
  const help = isMissing ? frame.words.profileForm.form.missing : hint
  const shared = {
    name,
    label,
    ...(help !== undefined && { hint: help }),
    error: isWrong ? fault : undefined,
  }
  if (kind === 'choice') {
    const choices = Object.entries(options ?? {}).map(([each, told]) => ({ value: each, label: told }))
    return <Choice {...shared} options={choices} chosen={value} />
  }
  return (
    <Field
      {...shared}
      {...(kind === 'phone' && { type: 'tel' })}
      {...(kind === 'day' && { type: 'date', min: firstDay, max: today })}
      {...('autocomplete' in row && { autocomplete: row.autocomplete })}
      value={value ?? ''}
      required={isRequired(name)}
    />
  )
}
