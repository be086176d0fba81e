import { breakable } from '../../page/contact.tsx'
import { Button, ErrorSummary, Field, PostForm } from '../../page/form.tsx'
import { passwordPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame, Visitor } from '../../page/site.ts'
import { formatRecent, type Instant } from '../../text/dates.ts'
import { AddressField } from '../address-field.tsx'
import { MailMe } from '../mail-me.tsx'
import { otherWaysPath, pathWithNext } from '../page-shared.tsx'
import type { PasswordFault } from './rules.ts'

/** Why a form was not accepted, said at its field. */
type Fault = { field: 'email' | 'password'; message: string }

type SignInProps = Frame & {
  next: string | undefined
  /** As typed. The password is never given back. */
  email?: string
  fault?: Fault | undefined
}

export function PasswordSignInPage({ next, email = '', fault, ...frame }: SignInProps) {
  const { words } = frame
  const said = words.password.signIn
  const errorAt = (field: Fault['field']) => (fault?.field === field ? fault.message : undefined)
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={null}
      current="sign-in"
      isNarrow
      hasErrors={fault !== undefined}
    >
      <Lit>
        <div class="door flow">
          <Summary frame={frame} fault={fault} />
          <h1>{said.heading}</h1>
          <PostForm action="/sign-in/password" sending={words.form.sending}>
            {next !== undefined && <input type="hidden" name="next" value={next} />}
            <AddressField frame={frame} value={email} error={errorAt('email')} autocomplete="username" />
            <PasswordField
              frame={frame}
              label={words.password.label}
              error={errorAt('password')}
              autocomplete="current-password"
            />
            <Button>{said.button}</Button>
          </PostForm>
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          <ul class="plain-list">
            <li>
              <a href="/sign-in/reset">{said.forgot}</a>
            </li>
            <li>
              <a href="/sign-in/register">{said.none}</a>
            </li>
          </ul>
          <ByMail frame={frame} email={email} next={next} />
        </div>
      </div>
    </Page>
  )
}

type ByMailProps = { frame: Frame; email: string; next: string | undefined }

function ByMail({ frame, email, next }: ByMailProps) {
  const said = frame.words.password.signIn
  if (email !== '')
    return (
      <MailMe frame={frame} address={email} next={next} quiet>
        {said.byMail}
      </MailMe>
    )
  return (
    <p>
      <a href={pathWithNext(otherWaysPath, next)}>{said.byMail}</a>
    </p>
  )
}

type AskProps = Frame & {
  /** To choose a first password, or another one: two pages that do the same. */
  purpose: 'register' | 'reset'
  email?: string
  fault?: Fault | undefined
}

/** Asks for the emailed link that leads to choosing a password. */
export function AskForPasswordPage({ purpose, email = '', fault, ...frame }: AskProps) {
  const { words } = frame
  const said = words.password[purpose]
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={null}
      current="sign-in"
      isNarrow
      hasErrors={fault !== undefined}
    >
      <Lit>
        <div class="door flow">
          <Summary frame={frame} fault={fault} />
          <h1>{said.heading}</h1>
          <p>{said.lede}</p>
          <PostForm action={`/sign-in/${purpose}`} sending={words.form.sending}>
            <AddressField frame={frame} value={email} error={fault?.message} autocomplete="email" />
            <Button>{words.password.button}</Button>
          </PostForm>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <a href="/sign-in/password">{words.password.hasOne}</a>
        </p>
      </div>
    </Page>
  )
}

/** `sign_in`: the session is not fresh enough to change anything. `by_provider`: a password would sign its owner in nowhere. */
export type PasswordStep = 'choose' | 'sign_in' | 'by_provider'

type OwnProps = Frame & {
  visitor: Visitor
  address: string
  /** When the password was set; `null` without one. */
  since: Instant | null
  now: Instant
  step: PasswordStep
  done?: 'set' | 'changed' | 'removed' | undefined
  fault?: PasswordFault | undefined
}

export function OwnPasswordPage({ visitor, address, since, now, step, done, fault, ...frame }: OwnProps) {
  const { words, locale } = frame
  const said = words.password.own
  const message = fault && said.errors[fault]
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={visitor}
      current="account"
      hasErrors={fault !== undefined}
    >
      <Lit>
        <div class="flow">
          <Summary frame={frame} fault={message === undefined ? undefined : { field: 'password', message }} />
          {done && (
            <p class="notice" role="status">
              {said.done[done]}
            </p>
          )}
          <h1>{since === null ? said.choose : said.change}</h1>
          <p>
            {step === 'by_provider' ? (
              said.byProvider
            ) : (
              <Sentence text={said.lede(slot(0))} parts={[<b>{breakable(address)}</b>]} />
            )}
          </p>
          {since !== null && <p>{said.since(formatRecent(locale, since, now.ms))}</p>}
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          {step === 'sign_in' && <SignInFirst frame={frame} address={address} />}
          {step === 'choose' && (
            <>
              <PostForm action={passwordPath} sending={words.form.sending}>
                {/* Not of type hidden: password managers read what only the style hides. */}
                <div hidden>
                  <input type="text" readOnly name="username" autocomplete="username" value={address} />
                </div>
                <PasswordField
                  frame={frame}
                  label={said.newLabel}
                  hint={said.hint}
                  error={message}
                  autocomplete="new-password"
                />
                <Button>{said.button}</Button>
              </PostForm>
              {since !== null && (
                <section class="flow">
                  <h2>{said.remove.heading}</h2>
                  <p>{said.remove.what}</p>
                  <PostForm action={`${passwordPath}/remove`} sending={words.form.sending}>
                    <Button quiet>{said.remove.button}</Button>
                  </PostForm>
                </section>
              )}
            </>
          )}
          <p>
            <a href="/account">{said.back}</a>
          </p>
        </div>
      </div>
    </Page>
  )
}

function SignInFirst({ frame, address }: { frame: Frame; address: string }) {
  const said = frame.words.password.own.fresh
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      <p>{said.what}</p>
      <MailMe frame={frame} address={address} next={passwordPath}>
        {said.button}
      </MailMe>
    </section>
  )
}

/** Leads to a page of its own: three buttons are enough on the sign-in page, and it may have them. */
export function ToPasswordPage({ frame: { words }, next }: { frame: Frame; next: string | undefined }) {
  return (
    <p>
      <a href={pathWithNext('/sign-in/password', next)}>{words.password.toPage}</a>
    </p>
  )
}

function Summary({ frame: { words }, fault }: { frame: Frame; fault: Fault | undefined }) {
  if (!fault) return null
  return <ErrorSummary heading={words.form.problem} errors={[{ field: fault.field, error: fault.message }]} />
}

type PasswordProps = {
  frame: Frame
  label: string
  hint?: string
  error: string | undefined
  autocomplete: 'current-password' | 'new-password'
}

/** Has no `maxlength`, which would cut a pasted password short without a word. The script offers to show what is typed. */
function PasswordField({ frame: { words }, label, hint, error, autocomplete }: PasswordProps) {
  return (
    <>
      <Field
        name="password"
        label={label}
        {...(hint !== undefined && { hint })}
        error={error}
        type="password"
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        required
      />
      <div hidden data-shows="password">
        <label class="tick">
          <input type="checkbox" />
          {words.password.show}
        </label>
      </div>
    </>
  )
}
