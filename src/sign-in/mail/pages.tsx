import { Ask, breakable } from '../../page/contact.tsx'
import { Button, ErrorSummary, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { formatTimeInZone, type Instant } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { CodeField } from '../code-field.tsx'
import { mailboxOf } from './mailboxes.ts'

/** A code that did not sign in: why, and as the visitor typed it. `triesLeft` when one was compared. */
export type TypedCode = {
  error: keyof Words['signIn']['checkMail']['errors']
  code: string
  triesLeft?: number | undefined
}

type CheckMailProps = Frame & {
  /** As typed; `null` when this browser's request is no longer known. */
  address: string | null
  sender: { name: string; address: string }
  subject: string
  expiresInMinutes: number
  /** When another request makes sense; `null` when that is now. */
  nextAt: Instant | null
  /** Whether the link leads to the page where its reader chooses a password. */
  isForPassword?: boolean
  typed?: TypedCode
  resent?: boolean
}

/** The same page, word for word, whether the address is on record or not. */
export function CheckMailPage(props: CheckMailProps) {
  const { address, sender, subject, expiresInMinutes, nextAt, isForPassword, typed, resent, ...frame } = props
  const { words } = frame
  const said = words.signIn.checkMail
  const message = typed && codeMessage(said, typed)
  const mailbox = address === null ? undefined : mailboxOf(address, sender.address)
  return (
    <Page
      frame={frame}
      title={said.title}
      visitor={null}
      current="sign-in"
      isNarrow
      saysWhomToAsk
      hasErrors={typed !== undefined}
    >
      <Lit>
        <div class="door flow">
          {message && (
            <ErrorSummary heading={words.form.problem} errors={[{ field: 'code', error: message }]} />
          )}
          {resent && (
            <p class="notice" role="status">
              {said.resent}
            </p>
          )}
          <h1>{said.heading}</h1>
          <p>
            <Sentence
              text={said.onItsWay(slot(0))}
              parts={[address === null ? said.theAddressYouTyped : <b>{breakable(address)}</b>]}
            />{' '}
            {said.openOrType}
            {isForPassword && ` ${words.password.afterwards}`}
          </p>
          {mailbox && (
            <p>
              <a class="button quiet" href={mailbox.url} target="_blank" rel="noreferrer">
                {said.openMailbox(mailbox.name)}
              </a>
            </p>
          )}
          <PostForm action="/sign-in/code" sending={words.form.sending}>
            <CodeField said={said} value={typed?.code ?? ''} error={message} />
            <Button>{said.button}</Button>
          </PostForm>
          <p class="quiet">{said.goodFor(expiresInMinutes)}</p>
        </div>
      </Lit>
      <div class="wrap">
        <NothingCame frame={frame} address={address} looksLike={[sender.name, subject]} nextAt={nextAt} />
      </div>
    </Page>
  )
}

function codeMessage(said: Words['signIn']['checkMail'], { error, triesLeft }: TypedCode): string {
  if (error !== 'wrong_code' || triesLeft === undefined) return said.errors[error]
  if (triesLeft === 0) return said.errors.last_try
  return `${said.errors.wrong_code} ${said.triesLeft(triesLeft)}`
}

type NothingProps = Pick<CheckMailProps, 'address' | 'nextAt'> & {
  frame: Frame
  looksLike: [sender: string, subject: string]
}

function NothingCame({ frame, address, looksLike, nextAt }: NothingProps) {
  const { words, site, locale } = frame
  const { nothing, gone } = words.signIn.checkMail
  return (
    <div class="door flow">
      <section>
        <h2>{nothing.heading}</h2>
        <ul class="plain-list">
          <li>{nothing.looksLike(...looksLike)}</li>
          <li>{nothing.slow}</li>
          <li>{nothing.earlier}</li>
          <li>
            {nothing.other(site.name)} <a href="/sign-in">{nothing.tryOther}</a>
          </li>
        </ul>
        {nextAt && <p>{nothing.next(formatTimeInZone(locale, nextAt))}</p>}
        {address !== null && (
          <PostForm action="/sign-in/again" sending={words.form.sending}>
            <Button quiet>{nothing.resend}</Button>
          </PostForm>
        )}
      </section>
      <section>
        <h2>{gone.heading}</h2>
        <p>
          <Ask frame={frame} text={gone.what} />
        </p>
      </section>
    </div>
  )
}
