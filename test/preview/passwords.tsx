import type { VNode } from 'preact'
import type { Frame } from '../../src/page/site.ts'
import { mailMethod } from '../../src/sign-in/mail/method.tsx'
import { SignInPage } from '../../src/sign-in/page.tsx'
import { passwordMethod } from '../../src/sign-in/password/method.tsx'
import { AskForPasswordPage, OwnPasswordPage, PasswordSignInPage } from '../../src/sign-in/password/pages.tsx'
import * as people from './people.ts'

const { address, nowMs, timeZone, visitor } = people

/** Signing in with a password, asking for one, and choosing it. */
export function passwords(frame: Frame): [string, VNode][] {
  const said = frame.words.password.signIn
  const signIn = { ...frame, next: undefined }
  const own = {
    ...frame,
    visitor,
    address,
    now: { ms: nowMs, timeZone },
    since: null,
    step: 'choose',
  } as const
  const since = { ms: nowMs - 40 * 86_400_000, timeZone }
  const wrong = { field: 'password', message: said.wrong } as const
  return [
    ['sign-in-with-password', <SignInPage {...frame} methods={[mailMethod, passwordMethod]} />],
    ['password-sign-in', <PasswordSignInPage {...signIn} />],
    ['password-wrong', <PasswordSignInPage {...signIn} email={address} fault={wrong} />],
    ['password-register', <AskForPasswordPage {...frame} purpose="register" />],
    ['password-reset', <AskForPasswordPage {...frame} purpose="reset" />],
    ['password-choose', <OwnPasswordPage {...own} />],
    ['password-common', <OwnPasswordPage {...own} fault="common" />],
    ['password-change', <OwnPasswordPage {...own} since={since} />],
    ['password-saved', <OwnPasswordPage {...own} since={{ ms: nowMs, timeZone }} done="changed" />],
    ['password-by-provider', <OwnPasswordPage {...own} step="by_provider" />],
    ['password-fresh', <OwnPasswordPage {...own} since={since} step="sign_in" />],
  ]
}
