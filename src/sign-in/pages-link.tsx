import { Ask, Masked } from '../page/contact.tsx'
import { Button, ButtonLink, PostForm } from '../page/form.tsx'
import { Page } from '../page/layout.tsx'
import { Lit } from '../page/parts.tsx'
import { Sentence, slot } from '../page/sentence.tsx'
import type { Frame } from '../page/site.ts'
import { formatMoment, type Instant } from '../text/dates.ts'

type LinkProps = Frame & {
  maskedAddress: string
  /** This is the browser that asked for the mail. */
  isSameBrowser: boolean
  /** Masked; somebody else is signed in here, and would be signed out. */
  otherVisitorAddress: string | null
  /** Where the button posts: the path holds the secret. */
  action: string
  /** `mail`: the volunteer asked for it. `made_for_you`: the organisation's own system made it. */
  purpose: 'mail' | 'made_for_you'
  /** The page that switches the link off. */
  notMeHref: string | null
}

/** What a link opens: it says for whom, and spends nothing until the button is pressed. */
export function LinkPage(props: LinkProps) {
  const { maskedAddress, otherVisitorAddress, action, notMeHref, purpose, isSameBrowser, ...frame } = props
  const { words, site } = frame
  const said = words.signIn.link
  const forWhom =
    purpose === 'made_for_you'
      ? said.madeForYou(site.name, slot(0))
      : isSameBrowser
        ? said.sameBrowser(slot(0))
        : said.otherBrowser(slot(0))
  return (
    <Page {...frame} title={said.title} visitor={null} current="sign-in" isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading(site.name)}</h1>
          <p>
            <Sentence text={forWhom} parts={[<Masked address={maskedAddress} />]} />
          </p>
          {otherVisitorAddress !== null && (
            <p class="notice warn">
              <Sentence
                text={said.somebodyElse(slot(0))}
                parts={[<Masked address={otherVisitorAddress} />]}
              />
            </p>
          )}
          <PostForm action={action} sending={words.form.sending}>
            <Button>{said.button(site.name)}</Button>
          </PostForm>
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          <p class="quiet">{said.once}</p>
          {notMeHref !== null && (
            <p>
              <a href={notMeHref}>{said.notMe}</a>
            </p>
          )}
        </div>
      </div>
    </Page>
  )
}

type DeadLinkProps = Frame & {
  reason: 'expired' | 'used' | 'replaced' | 'revoked'
  maskedAddress: string | null
  /** Posts for a new mail to the same address: the path holds the dead secret, so nothing is retyped. */
  resendAction: string | null
  /** When it ended, and now, so that the year is named only where needed. */
  at?: Instant & { readonly nowMs?: number }
}

/** For the holder of a real secret: why it no longer signs in, and one button to go on. */
export function DeadLinkPage({ reason, maskedAddress, resendAction, at, ...frame }: DeadLinkProps) {
  const { words, locale } = frame
  const said = words.signIn.dead
  const when = at ? formatMoment(locale, at, at.nowMs) : null
  return (
    <Page {...frame} title={said[reason].heading} visitor={null} current="sign-in" isNarrow saysWhomToAsk>
      <Lit>
        <div class="door flow">
          <h1>{said[reason].heading}</h1>
          <p>{said[reason].what(when)}</p>
          {resendAction === null ? (
            <ButtonLink href="/sign-in">{said.signIn}</ButtonLink>
          ) : (
            <PostForm action={resendAction} sending={words.form.sending}>
              <Button>{said.resend}</Button>
            </PostForm>
          )}
          {resendAction !== null && maskedAddress !== null && (
            <p class="quiet">
              <Sentence text={said.goesTo(slot(0))} parts={[<Masked address={maskedAddress} />]} />
            </p>
          )}
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <Ask frame={frame} text={said.strange} />
        </p>
      </div>
    </Page>
  )
}

/** For every secret we don't know: one plain page that tells nothing. */
export function UnknownLinkPage(frame: Frame) {
  const said = frame.words.signIn.unknown
  return (
    <Page {...frame} title={said.title} visitor={null} current="sign-in" isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
          <ButtonLink href="/sign-in">{said.button}</ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">{said.whole}</p>
      </div>
    </Page>
  )
}
