import { describedByOf, Explained } from '../../page/form.tsx'
import type { TypedBirthday } from './typed-birthday.ts'

type Part = keyof TypedBirthday

type DateFieldsProps = {
  name: string
  label: string
  hint: string
  error?: string | undefined
  /** In the order of the language. */
  parts: readonly { part: Part; label: string; value: string; isWrong: boolean }[]
}

/** A birthday in three fields, as people remember one: a picker would start them decades away. */
export function DateFields({ name, label, hint, error, parts }: DateFieldsProps) {
  return (
    <fieldset class="field" aria-describedby={describedByOf({ name, hint, error })}>
      <legend>{label}</legend>
      <Explained name={name} hint={hint} error={error} />
      <div class="date">
        {parts.map(({ part, label: partLabel, value, isWrong }) => (
          <div key={part} class={isWrong ? `date-${part} has-error` : `date-${part}`}>
            <label for={`${name}-${part}`}>{partLabel}</label>
            <input
              id={`${name}-${part}`}
              name={`${name}_${part}`}
              type="text"
              {...(part !== 'month' && { inputMode: 'numeric' as const })}
              autocomplete={`bday-${part}`}
              spellcheck={false}
              value={value}
              aria-invalid={isWrong ? 'true' : undefined}
              required
            />
          </div>
        ))}
      </div>
    </fieldset>
  )
}
