import { Ask, Masked } from '../../page/contact.tsx'
import { Button, ButtonLink, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { formatMoment, type Instant } from '../../text/dates.ts'
import { otherWaysPath } from '../page-shared.tsx'

type LinkProps = Frame & {
  maskedAddress: string
  /** This browser asked for the email. */
  isSameBrowser: boolean
  /** Masked; another person is signed in here, and would be signed out. */
  otherVisitorAddress: string | null
  /** Where the button posts: the path holds the secret. */
  action: string
  /** `mail`: the volunteer asked for it. `made_for_you`: the organization's own system made it. */
  purpose: 'mail' | 'made_for_you'
  /** Records share the address, so the next page asks which is theirs. */
  isShared?: boolean
  /** The page that turns the link off. */
  notMeHref: string | null
}

/** A link's page: it names the person, and spends nothing until the visitor clicks the button. */
export function LinkPage(props: LinkProps) {
  const {
    maskedAddress,
    otherVisitorAddress,
    action,
    notMeHref,
    purpose,
    isSameBrowser,
    isShared,
    ...frame
  } = props
  const { words, site } = frame
  const said = words.signIn.link
  const forWhom =
    purpose === 'made_for_you'
      ? said.madeForYou(site.name, slot(0))
      : isSameBrowser
        ? (isShared ? said.sharedHere : said.sameBrowser)(slot(0))
        : said.otherBrowser(slot(0))
  return (
    <Page frame={frame} title={said.title} visitor={null} current="sign-in" isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading(site.name)}</h1>
          <p>
            <Sentence text={forWhom} parts={[<Masked address={maskedAddress} />]} />
          </p>
          {isShared && <p>{said.thenWhich}</p>}
          {otherVisitorAddress !== null && (
            <p class="notice warn">
              <Sentence text={said.otherPerson(slot(0))} parts={[<Masked address={otherVisitorAddress} />]} />
            </p>
          )}
          <PostForm action={action} sending={words.form.sending} forgetsAddress>
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
  reason: keyof Frame['words']['signIn']['dead']['reasons']
  /** A sign-in email carried it; otherwise the organization's own system made it. */
  isMailed?: boolean
  maskedAddress: string | null
  /** Posts for another email to the same address: the path holds the dead secret, so the visitor types nothing. */
  resendAction: string | null
  /** When it ended, and now, so that the year is shown only when needed. */
  at?: Instant & { readonly nowMs?: number }
  /** Its opens, oldest first, and how long after it was sent. */
  opens?: readonly { class: keyof Frame['words']['signIn']['dead']['opens']; afterMs: number }[]
}

/** The opens shown on a page; more would only confuse. */
const toldOpens = 3

/** For the holder of a real secret: why it no longer signs in, and one button to go on. */
export function DeadLinkPage(props: DeadLinkProps) {
  const { reason, isMailed = true, maskedAddress, resendAction, at, opens = [], ...frame } = props
  const { words, locale } = frame
  const said = words.signIn.dead
  const when = at ? formatMoment(locale, at, at.nowMs) : null
  return (
    <Page
      frame={frame}
      title={said.reasons[reason].heading}
      visitor={null}
      current="sign-in"
      isNarrow
      saysWhomToAsk
    >
      <Lit>
        <div class="door flow">
          <h1>{said.reasons[reason].heading}</h1>
          <p>{said.reasons[reason].what(when, isMailed)}</p>
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
        <div class="door flow">
          <Opens said={said} opens={opens} />
          <p>
            <Ask frame={frame} text={said.strange} />
          </p>
        </div>
      </div>
    </Page>
  )
}

const programs: readonly string[] = ['prefetch', 'preview_bot', 'mail_scanner']

/**
 * A person's own opens explain nothing; a program's explain a lot. What it means stands first, and the
 * opens are folded away: a list of them looks like an alarm.
 */
function Opens(props: {
  said: Frame['words']['signIn']['dead']
  opens: NonNullable<DeadLinkProps['opens']>
}) {
  const { said, opens } = props
  const strange = opens.filter((open) => open.class !== 'person').slice(0, toldOpens)
  if (strange.length === 0) return null
  const isByProgram = strange.some((open) => programs.includes(open.class))
  return (
    <div>
      <p>{isByProgram ? said.opensByPrograms : said.opensElsewhere}</p>
      <details>
        <summary>{said.opensDetails}</summary>
        <ul class="plain-list">
          {strange.map((open) => (
            <li key={open.afterMs}>{said.opens[open.class](said.span(open.afterMs))}</li>
          ))}
        </ul>
      </details>
    </div>
  )
}

type ElsewhereProps = Frame & {
  maskedAddress: string
  /** The link may still be used from here after the visitor types a mailed code; otherwise only from where it was made for. */
  isConfirming: boolean
  /** Posts for a sign-in email to the same address. */
  mailAction: string
}

/** A link made for one place and opened at another: nothing is spent, and an email leads to the same page. */
export function ElsewherePage({ maskedAddress, isConfirming, mailAction, ...frame }: ElsewhereProps) {
  const { words } = frame
  const said = words.signIn.elsewhere
  return (
    <Page frame={frame} title={said.title} visitor={null} current="sign-in" isNarrow saysWhomToAsk>
      <Lit>
        <div class="door flow">
          <h1>{isConfirming ? said.confirmHeading : said.heading}</h1>
          <p>
            <Sentence
              text={isConfirming ? said.confirm(slot(0)) : said.what(slot(0))}
              parts={[<Masked address={maskedAddress} />]}
            />
          </p>
          <PostForm action={mailAction} sending={words.form.sending}>
            <Button>{said.button}</Button>
          </PostForm>
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          <p class="quiet">{said.unspent}</p>
          {!isConfirming && <p>{said.back}</p>}
        </div>
      </div>
    </Page>
  )
}

/** For every unknown secret: one plain page that reveals nothing. */
export function UnknownLinkPage(frame: Frame) {
  const said = frame.words.signIn.unknown
  return (
    <Page frame={frame} title={said.title} visitor={null} current="sign-in" isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
          <ButtonLink href={otherWaysPath}>{said.button}</ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">{said.whole}</p>
      </div>
    </Page>
  )
}
