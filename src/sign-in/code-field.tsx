import { Field } from '../page/form.tsx'

type CodeFieldProps = {
  said: { readonly label: string; readonly hint: string }
  /** As the visitor typed it. */
  value: string
  error: string | undefined
}

/** Where a visitor types the code of an email. */
export function CodeField({ said, value, error }: CodeFieldProps) {
  return (
    <Field
      class="code"
      name="code"
      label={said.label}
      hint={said.hint}
      error={error}
      type="text"
      autocomplete="one-time-code"
      autocapitalize="characters"
      spellcheck={false}
      maxLength={maxTypedLength}
      value={value.slice(0, maxTypedLength)}
      required
    />
  )
}

const maxTypedLength = 64
