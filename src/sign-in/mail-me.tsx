import type { ComponentChildren } from 'preact'
import { Button, PostForm } from '../page/form.tsx'
import type { Frame } from '../page/site.ts'

type MailMeProps = {
  frame: Frame
  address: string
  /** The own path to land on. */
  next: string | undefined
  quiet?: boolean
  children: ComponentChildren
}

/** For an address that is known already, one press sends the sign-in email. */
export function MailMe({ frame: { words }, address, next, quiet, children }: MailMeProps) {
  return (
    <PostForm action="/sign-in" sending={words.form.sending}>
      <input type="hidden" name="email" value={address} />
      {next !== undefined && <input type="hidden" name="next" value={next} />}
      <Button quiet={quiet}>{children}</Button>
    </PostForm>
  )
}
