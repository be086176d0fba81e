import type { Language } from '../../text/languages.ts'
import type { VomoUserDetail } from '../../vomo/types.ts'
import type { RecordAnswer } from './answers.ts'
import { customValue } from './custom-fields.ts'
import { builtInFields, builtInNames, type FieldChoice, perField, shows } from './fields.ts'

/** A volunteer's own record after the whitelist. */
export type ShownRecord = Omit<RecordAnswer, 'as_of'>

/** What volunteers may see of their own record. */
export function toRecord(user: VomoUserDetail, choice: FieldChoice, language: Language): ShownRecord {
  return {
    ...perField(builtInNames, (field) => (shows(choice, field) ? user[builtInFields[field].of] : null)),
    fields: choice.custom.flatMap((field) => {
      const value = customValue(field, user.profileFields, language)
      return value === null ? [] : [{ label: field.label, value }]
    }),
  }
}
