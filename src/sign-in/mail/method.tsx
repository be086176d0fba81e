import type { AddressFault } from '../../address.ts'
import { Button, PostForm } from '../../page/form.tsx'
import type { Words } from '../../text/en.ts'
import { AddressField } from '../address-field.tsx'
import type { FormFault, Method, SignInFormProps } from '../method.ts'

const name = 'mail'

/** An email with a link and a code. */
export const mailMethod: Method = {
  name,
  proof: 'link',
  label: (words) => words.signIn.ask.button,
  isOn: () => true,
  SignInForm: AskForm,
  routes: [
    'POST /sign-in',
    'POST /sign-in/again',
    'GET /sign-in/check-email',
    'POST /sign-in/code',
    'GET /sign-in/which-record',
    'POST /sign-in/which-record',
    'GET /auth',
    'GET /auth/:secret',
    'POST /auth/:secret',
    'POST /auth/:secret/again',
    'GET /not-me/:secret',
    'POST /not-me/:secret',
    'POST /portal/api/sign-in',
    'POST /portal/api/sign-in/complete',
  ],
}

export function addressFault(words: Words, fault: AddressFault, typed: string): FormFault {
  return { of: name, field: 'email', message: words.signIn.ask.errors[fault], typed }
}

function AskForm({ frame, next, isFirst, fault, autofill }: SignInFormProps) {
  const { words } = frame
  const said = words.signIn.ask
  return (
    <>
      <p>{said.lede}</p>
      <PostForm action="/sign-in" sending={words.form.sending}>
        {next !== undefined && <input type="hidden" name="next" value={next} />}
        <AddressField
          frame={frame}
          value={fault?.typed ?? ''}
          error={fault?.message}
          autocomplete={autofill === undefined ? 'email' : `username ${autofill}`}
        />
        <Button quiet={!isFirst}>{said.button}</Button>
      </PostForm>
    </>
  )
}
