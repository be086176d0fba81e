import type { ComponentChildren } from 'preact'
import type { Provider } from '../../customers/providers.ts'
import { Ask, Masked } from '../../page/contact.tsx'
import { Button, ButtonLink, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import type { RefusedSignIn } from './refused.ts'
import type { MismatchReason } from './welcome.ts'

type ProviderProps = Frame & { provider: Pick<Provider, 'name' | 'label'> }

/** On the way to the provider; its link is for browsers that do not go on by themselves. */
export function LeadingOnPage({ provider, url, ...frame }: ProviderProps & { url: string }) {
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
          <a href="/sign-in">{said.other}</a>
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
  provider: Pick<Provider, 'name' | 'label'>
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
          <PostForm action={`/sign-in/with/${provider.name}`} sending={words.form.sending}>
            <input type="hidden" name="again" value="yes" />
            <Button quiet>{words.provider.again(provider.label)}</Button>
          </PostForm>
          <p>
            <a href="/sign-in">{words.provider.otherWays}</a>
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
