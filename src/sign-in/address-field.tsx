import { Field } from '../page/form.tsx'
import type { Frame } from '../page/site.ts'

type AddressFieldProps = {
  frame: Frame
  value: string
  error: string | undefined
  /** What browsers may offer: `email`, or `username` beside a password or a passkey. */
  autocomplete: 'email' | 'username' | `username ${string}`
}

/** The address that the organization has for the visitor. */
export function AddressField({ frame: { words, site }, value, error, autocomplete }: AddressFieldProps) {
  const said = words.signIn.ask
  return (
    <Field
      name="email"
      label={said.label}
      hint={said.hint(site.name)}
      error={error}
      type="email"
      inputMode="email"
      autocomplete={autocomplete}
      autocapitalize="none"
      spellcheck={false}
      maxLength={320}
      value={value}
      required
    />
  )
}
