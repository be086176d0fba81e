import type { ShownProvider } from '../../customers/providers.ts'
import { Ask, MailLink } from '../../page/contact.tsx'
import { Button, ErrorSummary, PostForm, Tick } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, ListSection, Lit } from '../../page/parts.tsx'
import type { Frame, Visitor } from '../../page/site.ts'
import { MailMe } from '../../sign-in/mail-me.tsx'
import { ProviderForm } from '../../sign-in/provider/pages.tsx'

/** What erasing still requires: a checked box, a fresh sign-in, or another owner of the staff pages. */
export type EraseStep = 'confirm' | 'confirm_again' | 'sign_in' | 'last_owner'

type EraseProps = Frame & {
  visitor: Visitor
  address: string
  step: EraseStep
  /** Signs them in anew, where an email cannot. */
  provider?: ShownProvider | undefined
  isOnStaff: boolean
  /** Names of the organization's systems that store data about the address. */
  applications: readonly string[]
}

export function ErasePage(props: EraseProps) {
  const { words, step } = props
  const said = words.account.erase
  return (
    <Page
      frame={props}
      visitor={props.visitor}
      title={said.title}
      current="account"
      saysWhomToAsk
      hasErrors={step === 'confirm_again'}
    >
      <Lit>
        <div class="flow">
          {step === 'confirm_again' && (
            <ErrorSummary
              heading={words.form.problem}
              errors={[{ field: 'confirm', error: said.confirmError }]}
            />
          )}
          <h1>{said.heading}</h1>
          <p>{said.lede}</p>
        </div>
      </Lit>
      <div class="wrap">
        <Columns beside={<InVomo frame={props} />}>
          <WhatGoes view={props} />
          <Step view={props} />
        </Columns>
      </div>
    </Page>
  )
}

function WhatGoes({ view: { words, isOnStaff, applications } }: { view: EraseProps }) {
  const said = words.account.erase
  return (
    <>
      <ListSection
        heading={said.erased}
        items={[...said.erasedList, ...(isOnStaff ? [said.erasedForStaff] : [])]}
      />
      <ListSection
        heading={said.stays}
        items={[...said.staysList, ...applications.map((name) => said.staysElsewhere(name))]}
      >
        <p>{said.again}</p>
      </ListSection>
    </>
  )
}

function Step({ view }: { view: EraseProps }) {
  const { words, site, address, step, provider } = view
  const said = words.account.erase
  const keep = (
    <p>
      <a href="/account">{said.keep}</a>
    </p>
  )
  if (step === 'last_owner') {
    return (
      <section role="alert">
        <h2>{said.lastOwner.heading}</h2>
        <p>{said.lastOwner.what(site.name)}</p>
        {keep}
      </section>
    )
  }
  if (step === 'sign_in') {
    return (
      <section>
        <h2>{said.fresh.heading}</h2>
        <p>{provider ? said.fresh.byProvider(provider.label) : said.fresh.what}</p>
        {provider ? (
          <ProviderForm frame={view} provider={provider} next="/account/erase" how="fresh" />
        ) : (
          <MailMe frame={view} address={address} next="/account/erase">
            {said.fresh.button}
          </MailMe>
        )}
        {keep}
      </section>
    )
  }
  return (
    <section>
      <PostForm action="/account/erase" sending={words.form.sending}>
        <Tick
          name="confirm"
          required
          label={said.confirm}
          error={step === 'confirm_again' ? said.confirmError : undefined}
        />
        <Button>{said.button}</Button>
      </PostForm>
      {keep}
    </section>
  )
}

/** What to send to have VOMO's record deleted, too: as a prepared email, and as text to copy. */
function InVomo({ frame }: { frame: Frame }) {
  const { words, site } = frame
  const said = words.account.erase.vomo
  const text = said.text(site.name)
  return (
    <section>
      <h2>{said.heading}</h2>
      <p>
        <Ask frame={frame} text={said.what} />
      </p>
      <blockquote class="to-copy">{text}</blockquote>
      {site.contactEmail !== null && (
        <p>
          <MailLink address={site.contactEmail} subject={said.subject} body={text}>
            {said.write}
          </MailLink>
        </p>
      )}
    </section>
  )
}

export function ErasedPage(props: Frame & { visitor: Visitor | null }) {
  const said = props.words.account.erased
  return (
    <Page
      frame={props}
      visitor={props.visitor}
      title={said.title}
      isNarrow={props.visitor === null}
      saysWhomToAsk
    >
      <Lit>
        <div class="door flow" role="status">
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
        </div>
      </Lit>
      <div class="wrap">
        <div class="door">
          <InVomo frame={props} />
        </div>
      </div>
    </Page>
  )
}
