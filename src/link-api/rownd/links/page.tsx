import type { ComponentChildren } from 'preact'
import { Ask, Masked } from '../../../page/contact.tsx'
import { Button, ButtonLink, PostForm } from '../../../page/form.tsx'
import { Page } from '../../../page/layout.tsx'
import { Lit } from '../../../page/parts.tsx'
import { Sentence, slot } from '../../../page/sentence.tsx'
import type { Frame } from '../../../page/site.ts'
import { formatMoment, type Instant } from '../../../text/dates.ts'

type OpenProps = Frame & {
  /** Masked. */
  person: string
  /** The other site it leads to; `null` for the portal. */
  host: string | null
  /** Masked; another person is signed in here, and would be signed out. */
  otherVisitor: string | null
  /** Where the button posts: the path holds the secret. */
  action: string
}

/** A link's page: it names the person and the destination, and spends nothing until the visitor clicks the button. */
export function OpenPage({ person, host, otherVisitor, action, ...frame }: OpenProps) {
  const { words, site } = frame
  const said = words.rowndLink
  const signIn = words.signIn.link
  return (
    <DoorPage
      frame={frame}
      title={said.title}
      heading={host === null ? signIn.heading(site.name) : said.heading(host)}
      below={signIn.once}
      saysWhomToAsk={false}
    >
      <p>
        <Sentence text={said.forWhom(site.name, slot(0))} parts={[<Named person={person} />]} />{' '}
        {host === null ? said.here : said.elsewhere(host)}
      </p>
      {otherVisitor !== null && (
        <p class="notice warn">
          <Sentence text={signIn.otherPerson(slot(0))} parts={[<Named person={otherVisitor} />]} />
        </p>
      )}
      <PostForm action={action} sending={words.form.sending} forgetsAddress>
        <Button>{host === null ? signIn.button(site.name) : said.button(host)}</Button>
      </PostForm>
    </DoorPage>
  )
}

/** An invite's page: the group, and the invited user. Accepting opens no session, and the page says so. */
export function InvitePage({
  person,
  group,
  action,
  ...frame
}: Frame & { person: string | null; group: string; action: string }) {
  const { words, site } = frame
  const said = words.rowndLink.invite
  return (
    <DoorPage
      frame={frame}
      title={said.title}
      heading={said.heading(group)}
      below={<Ask frame={frame} text={words.rowndLink.dead.ask} />}
    >
      <p>
        {person === null ? (
          said.you(site.name)
        ) : (
          <Sentence text={said.forWhom(site.name, slot(0))} parts={[<Named person={person} />]} />
        )}{' '}
        {said.what}
      </p>
      <PostForm action={action} sending={words.form.sending}>
        <Button>{said.button}</Button>
      </PostForm>
    </DoorPage>
  )
}

/** For programs that look at a plain link and are not redirected. */
export function LeadsOnPage({ url, ...frame }: Frame & { url: string }) {
  const said = frame.words.rowndLink.leadsOn
  return (
    <DoorPage frame={frame} title={frame.words.rowndLink.title} heading={said.heading(new URL(url).host)}>
      <p>{said.what(frame.site.name)}</p>
      <ButtonLink href={url}>{said.button}</ButtonLink>
    </DoorPage>
  )
}

/** VOMO could not say whether the person is on record: nothing is spent, and the same button retries. */
export function TryAgainPage({ action, ...frame }: Frame & { action: string }) {
  const { words, site } = frame
  const said = words.rowndLink.tryAgain
  return (
    <DoorPage
      frame={frame}
      title={said.title}
      heading={said.heading}
      below={<Ask frame={frame} text={words.trouble.askFor.anything} />}
    >
      <p>{said.what(site.name)}</p>
      <PostForm action={action} sending={words.form.sending}>
        <Button>{said.button}</Button>
      </PostForm>
    </DoorPage>
  )
}

/** The link is spent and proved an address, but opens nothing here. `withheld`: an email would. */
export function NotInPage({
  why,
  person,
  ...frame
}: Frame & { why: 'noRecord' | 'withheld'; person: string }) {
  const { words, site } = frame
  const said = words.rowndLink[why]
  return (
    <DoorPage
      frame={frame}
      title={said.title}
      heading={said.heading}
      below={<Ask frame={frame} text={words.trouble.askFor.record} />}
    >
      <p>
        <Sentence text={said.what(site.name, slot(0))} parts={[<Named person={person} />]} />
      </p>
      <ButtonLink href="/sign-in">{said.button}</ButtonLink>
    </DoorPage>
  )
}

export type DeadReason = keyof Frame['words']['rowndLink']['dead']['reasons']

type DeadProps = Frame & {
  reason: DeadReason
  /** When it ended, and now, so that the year is shown only when needed. */
  at: Instant & { readonly nowMs: number }
  next: NextStep
}

/**
 * `mail`: a sign-in email to this address (masked); its button posts there. `site`: it led to another site, which is still there.
 * `sign_in`: it led to the portal.
 */
export type NextStep =
  | { kind: 'mail'; person: string; action: string }
  | { kind: 'site'; url: string }
  | { kind: 'sign_in' }
  | { kind: 'none' }

/** For the holder of a real secret: why it no longer leads on, and what to do. */
export function DeadPage({ reason, at, next, ...frame }: DeadProps) {
  const { words, locale } = frame
  const said = words.rowndLink.dead
  const { heading, what } = said.reasons[reason]
  return (
    <DoorPage frame={frame} title={heading} heading={heading} below={<Ask frame={frame} text={said.ask} />}>
      <p>{what(formatMoment(locale, at, at.nowMs))}</p>
      <Next frame={frame} next={next} />
    </DoorPage>
  )
}

function Next({ frame: { words }, next }: { frame: Frame; next: NextStep }) {
  const said = words.rowndLink.dead
  if (next.kind === 'none') return null
  if (next.kind === 'sign_in') return <ButtonLink href="/sign-in">{words.nav.signIn}</ButtonLink>
  if (next.kind === 'site')
    return <ButtonLink href={next.url}>{words.rowndLink.button(new URL(next.url).host)}</ButtonLink>
  return (
    <>
      <PostForm action={next.action} sending={words.form.sending}>
        <Button>{said.mail}</Button>
      </PostForm>
      <p class="quiet">
        <Sentence text={said.goesTo(slot(0))} parts={[<Named person={next.person} />]} />
      </p>
    </>
  )
}

/** For every unknown secret: one plain page that reveals nothing. */
export function UnknownPage(frame: Frame) {
  const said = frame.words.rowndLink.unknown
  return (
    <DoorPage
      frame={frame}
      title={said.title}
      heading={said.heading}
      below={<Ask frame={frame} text={frame.words.rowndLink.dead.ask} />}
    >
      <p>{said.what}</p>
      <ButtonLink href="/">{said.home}</ButtonLink>
    </DoorPage>
  )
}

type DoorProps = {
  frame: Frame
  title: string
  heading: string
  children: ComponentChildren
  /** The contact, or further information. */
  below?: ComponentChildren
  saysWhomToAsk?: boolean
}

function DoorPage(props: DoorProps) {
  const { frame, title, heading, children, below, saysWhomToAsk = below !== undefined } = props
  return (
    <Page frame={frame} title={title} visitor={null} current="sign-in" isNarrow saysWhomToAsk={saysWhomToAsk}>
      <Lit>
        <div class="door flow">
          <h1>{heading}</h1>
          {children}
        </div>
      </Lit>
      {below !== undefined && (
        <div class="wrap">
          <div class="door flow">
            <p>{below}</p>
          </div>
        </div>
      )}
    </Page>
  )
}

/** A masked address, or a masked phone number on one line. */
function Named({ person }: { person: string }) {
  if (person.includes('@')) return <Masked address={person} />
  return (
    <b>
      <span class="whole">{person}</span>
    </b>
  )
}
