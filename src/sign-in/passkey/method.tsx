import { passkeyScript } from '../../page/assets.ts'
import { Button } from '../../page/form.tsx'
import type { Words } from '../../text/en.ts'
import type { FormFault, Method, SignInFormProps } from '../method.ts'
import { hasPasskeys } from './relying-party.ts'

const name = 'passkey'

/** A key on a device of the person's own, which asks for their fingerprint, face or PIN. */
export const passkeyMethod: Method = {
  name,
  proof: 'passkey',
  label: (words) => words.passkeys.signIn.label,
  isOn: hasPasskeys,
  SignInForm: PasskeyForm,
  // The browser offers passkeys at the email field, too.
  script: { path: passkeyScript.path, autofill: 'webauthn' },
  routes: [
    'POST /sign-in/passkey/options',
    'POST /sign-in/passkey',
    'POST /admin/second-step/passkey/options',
    'POST /admin/second-step/passkey',
    'POST /account/passkeys/options',
    'POST /account/passkeys',
    'POST /account/passkeys/remove',
    'POST /account/passkeys/not-now',
  ],
}

export function passkeyFault(words: Words, fault: keyof Words['passkeys']['signIn']['errors']): FormFault {
  return { of: name, field: name, message: words.passkeys.signIn.errors[fault], typed: '' }
}

function PasskeyForm({ frame: { words }, next }: SignInFormProps) {
  const said = words.passkeys.signIn
  return (
    <form method="post" action="/sign-in/passkey" id={name} data-passkey="sign-in">
      <input type="hidden" name="credential" />
      {next !== undefined && <input type="hidden" name="next" value={next} />}
      <p class="error" role="alert" hidden>
        {said.cancelled}
      </p>
      <Button quiet>{said.button}</Button>
    </form>
  )
}
