import type { ComponentChildren } from 'preact'
import type { ShownProvider } from '../../customers/providers.ts'
import { Ask, Masked } from '../../page/contact.tsx'
import { Button, ButtonLink, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { otherWaysPath, pathWithNext } from '../page-shared.tsx'
import type { RefusedSignIn } from './refused.ts'
import type { MismatchReason } from './welcome.ts'

type ProviderProps = Frame & { provider: ShownProvider }

/** On the way to the provider; its link is for browsers that do not go on by themselves. */
export function LeadingOnPage(props: ProviderProps & { url: string; next?: string | undefined }) {
  const { provider, url, next, ...frame } = props
  const said = frame.words.provider.leadingOn
  return (
    <Page frame={frame} title={said.title(provider.label)} visitor={null} isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading(provider.label)}</h1>
          <p>{said.what}</p>
          <ButtonLink href={url} isElsewhere>
            {said.button(provider.label)}
          </ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <a href={pathWithNext(otherWaysPath, next)}>{said.other}</a>
        </p>
      </div>
    </Page>
  )
}

/** Signed out here; at the provider only with another press, because that may sign out of much more. */
export function SignedOutPage({ provider, url, ...frame }: ProviderProps & { url: string }) {
  const said = frame.words.provider.signedOut
  return (
    <Page frame={frame} title={said.title} visitor={null} isNarrow>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.what(provider.label)}</p>
          <ButtonLink href={url} quiet isElsewhere>
            {said.button(provider.label)}
          </ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <a href="/sign-in?notice=signed_out">{said.stay}</a>
        </p>
      </div>
    </Page>
  )
}

/** The visitor comes back too late, twice, or in another browser than the one that began. */
export function NotFinishedPage({ provider, ...frame }: ProviderProps) {
  const said = frame.words.provider.notFinished
  return (
    <DeadEnd frame={frame} provider={provider} said={said}>
      <p>{said.what}</p>
    </DeadEnd>
  )
}

/** The provider gave no answer that signs its visitor in. */
export function RefusedPage({ provider, because, ...frame }: ProviderProps & { because: RefusedSignIn }) {
  const said = frame.words.provider.refused[because]
  return (
    <DeadEnd frame={frame} provider={provider} said={said}>
      <p>{said.what(provider.label, frame.site.name)}</p>
    </DeadEnd>
  )
}

type OnlyWayProps = ProviderProps & { next: string }

/** For the holder of an emailed link or code from before: the organization wants its own accounts used alone. */
export function OnlyWayPage({ provider, next, ...frame }: OnlyWayProps) {
  const said = frame.words.provider.onlyWay
  return (
    <Page frame={frame} title={said.title} visitor={null} current="sign-in" isNarrow saysWhomToAsk>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.what(frame.site.name, provider.label)}</p>
          <ProviderForm frame={frame} provider={provider} next={next} />
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <Ask frame={frame} text={frame.words.provider.ask} />
        </p>
      </div>
    </Page>
  )
}

type FormProps = {
  frame: Frame
  provider: ShownProvider
  next: string | undefined
  isQuiet?: boolean
  /** To ask who its visitor is, for another account (`again`) or to prove who they are (`fresh`, `step`): see `start`. */
  how?: 'again' | 'fresh' | 'step'
  children?: ComponentChildren
}

export function ProviderForm({
  frame: { words },
  provider,
  next,
  isQuiet = false,
  how,
  children = words.provider.button(provider.label),
}: FormProps) {
  return (
    <PostForm action={`/sign-in/with/${provider.name}`} sending={words.form.sending}>
      {next !== undefined && <input type="hidden" name="next" value={next} />}
      {how && <input type="hidden" name={how} value="yes" />}
      <Button quiet={isQuiet}>{children}</Button>
    </PostForm>
  )
}

type MismatchProps = ProviderProps & {
  reason: MismatchReason
  /** Masked: what the provider says, and the address that the visitor's record had here so far. */
  saidAddress: string
  heldAddress: string | null
}

/** The provider and VOMO do not agree on an address. Whose record that address has, if any, stays unsaid. */
export function MismatchPage({ provider, reason, saidAddress, heldAddress, ...frame }: MismatchProps) {
  const said = frame.words.provider.mismatch
  return (
    <DeadEnd frame={frame} provider={provider} said={said}>
      <p>
        <Sentence text={said.says(provider.label, slot(0))} parts={[<Masked address={saidAddress} />]} />
      </p>
      <p>{said.reasons[reason](frame.site.name)}</p>
      {heldAddress !== null && (
        <p>
          <Sentence text={said.held(slot(0))} parts={[<Masked address={heldAddress} />]} />
        </p>
      )}
      <p>{said.next}</p>
    </DeadEnd>
  )
}

function DeadEnd(props: {
  frame: Frame
  provider: ShownProvider
  said: { title: string; heading: string }
  children: ComponentChildren
}) {
  const { frame, provider, said, children } = props
  const { words } = frame
  return (
    <Page frame={frame} title={said.title} visitor={null} isNarrow saysWhomToAsk>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          {children}
          <ProviderForm {...{ frame, provider }} next={undefined} how="again" isQuiet>
            {words.provider.again(provider.label)}
          </ProviderForm>
          <p>
            <a href={otherWaysPath}>{words.provider.otherWays}</a>
          </p>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <Ask frame={frame} text={words.provider.ask} />
        </p>
      </div>
    </Page>
  )
}
