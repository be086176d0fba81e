import type { ComponentChildren } from 'preact'
import type { Provider } from '../../customers/providers.ts'
import { breakable } from '../../page/contact.tsx'
import { Button, ButtonLink, PostForm } from '../../page/form.tsx'
import { Facts, Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { trialPath } from '../../sign-in/provider/addresses.ts'
import type { Trial, TrialOutcome } from '../../sign-in/provider/trials.ts'
import type { Words } from '../../text/en.ts'
import { StaffLayout } from '../menu.tsx'
import { providerPath } from './paths.ts'

/** On the way to the provider; its link is for browsers that do not go on by themselves. */
export function LeadingToTrialPage(props: Frame & { provider: Provider; url: string }) {
  const { words, provider, url } = props
  const said = words.staffWaysIn
  return (
    <StaffLayout frame={props} title={said.trial.leading} role="owner" place="ways_in">
      <Lit>
        <div class="flow">
          <h1>{said.trial.leading}</h1>
          <p>{said.trial.leadingWhat}</p>
          <p>{said.test.redirect}</p>
          <ButtonLink href={url} isElsewhere>
            {said.trial.go(provider.label)}
          </ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <p>
          <a href={providerPath(provider.name)}>{words.provider.button(provider.label)}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

type TrialProps = Frame & { provider: Provider; trial: Trial | null }

/** What a provider said at a test, and whom it would have signed in, or why it would not and what to do. */
export function TrialPage(props: TrialProps) {
  const { words, provider, trial } = props
  const said = words.staffWaysIn.trial
  const heading =
    trial === null ? said.notFinished : trial.outcome.is === 'signs_in' ? said.works : said.fails
  return (
    <StaffLayout frame={props} title={said.title} role="owner" place="ways_in">
      <Lit>
        <div class="flow">
          <h1>{heading}</h1>
          {trial ? <Outcome words={words} outcome={trial.outcome} /> : <p>{said.notFinishedWhat}</p>}
          <PostForm action={trialPath(provider.name)} sending={words.form.sending}>
            <Button quiet>{words.staffWaysIn.test.again}</Button>
          </PostForm>
        </div>
      </Lit>
      <div class="wrap flow">
        {trial && <Said {...{ words, provider, trial }} />}
        <p>
          <a href={providerPath(provider.name)}>{words.provider.button(provider.label)}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

function Outcome({ words, outcome }: { words: Words; outcome: TrialOutcome }) {
  const said = words.staffWaysIn.trial
  if (outcome.is !== 'signs_in') return <Why words={words} outcome={outcome} />
  const { personId, isDisabled } = outcome
  return (
    <>
      <p>{whoIn(outcome, words)}</p>
      {isDisabled && <p class="notice warn">{said.who.disabled}</p>}
      {personId === null ? (
        <p>{said.who.first}</p>
      ) : (
        <p>
          <a href={`/admin/people/${personId}`}>{said.who.person}</a>
        </p>
      )}
    </>
  )
}

function whoIn({ role, hasRecord }: Extract<TrialOutcome, { is: 'signs_in' }>, words: Words): string {
  const { who } = words.staffWaysIn.trial
  if (role === null) return who.volunteer
  return (hasRecord ? who.both : who.staff)(words.staff.roles[role])
}

function Why({ words, outcome }: { words: Words; outcome: Exclude<TrialOutcome, { is: 'signs_in' }> }) {
  const said = words.staffWaysIn.trial
  const { what, cure } = whyOf(outcome, words)
  const facts: [string, ComponentChildren][] = [
    [said.what, what],
    [said.cure, cure],
  ]
  if (outcome.is === 'refused') facts.push([said.ourCode, <code>{outcome.detail}</code>])
  return <Facts of={facts} />
}

function whyOf(outcome: Exclude<TrialOutcome, { is: 'signs_in' }>, { staffWaysIn: { trial } }: Words) {
  if (outcome.is === 'mismatch') return trial.mismatch[outcome.reason]
  if (outcome.is === 'vomo_unavailable') return trial.vomo
  return trial.causes[causeOf(outcome)]
}

type Cause = keyof Words['staffWaysIn']['trial']['causes']

/** By the code of what was refused. Those of a kind that stand here under no code have the words of their kind. */
const causesByCode: Readonly<Record<string, Cause>> = {
  invalid_client: 'secret',
  unauthorized_client: 'secret',
  'client secret': 'lost_secret',
  invalid_grant: 'redirect',
  redirect_uri_mismatch: 'redirect',
  iat: 'clock',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'clock',
  access_denied: 'canceled',
  hd: 'google_domain',
  only: 'only',
}

export function causeOf({ because, detail }: Extract<TrialOutcome, { is: 'refused' }>): Cause {
  return Object.hasOwn(causesByCode, detail) ? (causesByCode[detail] ?? because) : because
}

function Said({
  words,
  provider,
  trial: { said: claims },
}: {
  words: Words
  provider: Provider
  trial: Trial
}) {
  const said = words.staffWaysIn.trial
  if (!claims)
    return (
      <section class="flow">
        <h2>{said.said}</h2>
        <p>{said.nothing}</p>
      </section>
    )
  const { email, isVerified, name, subject, methods } = claims
  const facts = [
    [said.issuer, provider.issuer],
    [said.email, email ?? said.notSaid],
    [
      said.verified,
      isVerified === null ? said.notSaid : isVerified ? words.profileForm.yes : words.profileForm.no,
    ],
    [said.name, name ?? said.notSaid],
    [said.subject, `${subject}…`],
    [said.methods, methods.join(', ') || said.notSaid],
  ] as const
  return (
    <section class="flow">
      <h2>{said.said}</h2>
      <Facts of={facts.map(([is, text]) => [is, breakable(text)])} />
    </section>
  )
}
