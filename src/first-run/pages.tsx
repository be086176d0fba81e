import type { ComponentChildren } from 'preact'
import { script, stylesheet } from '../page/assets.ts'
import { breakable } from '../page/contact.tsx'
import { LanguageSwitch } from '../page/footer.tsx'
import { Button, ButtonLink, describedByOf, ErrorSummary, Explained, Field, PostForm } from '../page/form.tsx'
import { Head } from '../page/layout.tsx'
import { Lamp } from '../page/mark.tsx'
import { Facts, Lit } from '../page/parts.tsx'
import type { Words } from '../text/en.ts'
import type { Language } from '../text/languages.ts'
import { zoneLabel } from '../text/zones.ts'
import { otherZones, zonesOfUnitedStates } from '../time/zones.ts'
import type { Sight } from '../vomo/people/first-look.ts'
import { type Step, steps } from './draft.ts'
import { setupPath } from './setups.ts'

export const languagePath = `${setupPath}/language`

export const pathOf = (step: Step) => `${setupPath}/${step}`

export type Errors = Readonly<Record<string, string>>

type FrameProps = Language & {
  heading: string
  /** Of the steps; other pages have none. */
  step?: Step
  errors?: Errors
  /** Where a change of the language leads back to; a browser without a session has none. */
  here?: string
  children: ComponentChildren
}

/** There is no organization yet, so the page shows no name, color or contact. */
function SetupFrame({ words, locale, heading, step, errors = {}, here, children }: FrameProps) {
  const said = words.firstRun
  const wrong = Object.entries(errors).map(([field, error]) => ({ field, error }))
  const title = heading === said.title ? heading : words.pageTitle(heading, said.title)
  return (
    <html lang={locale} dir={words.direction}>
      <Head
        title={wrong.length > 0 ? words.errorTitle(title) : title}
        assets={{ stylesheet: stylesheet.path, script: script.path }}
      />
      <body class="narrow">
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <main id="content" tabIndex={-1}>
          <Lit>
            <div class="door flow">
              {wrong.length > 0 && <ErrorSummary heading={words.form.problem} errors={wrong} />}
              {step && <p class="quiet">{said.step(steps.indexOf(step) + 1, steps.length)}</p>}
              <h1>{heading}</h1>
              {children}
            </div>
          </Lit>
        </main>
        <footer class="foot">
          <div class="wrap foot-row">
            {here !== undefined && <LanguageSwitch frame={{ words, locale, here }} action={languagePath} />}
            <p class="by">
              <Lamp />
              {words.foot.by}
            </p>
          </div>
        </footer>
      </body>
    </html>
  )
}

export function BeginPage({ action, ...language }: Language & { action: string }) {
  const said = language.words.firstRun.begin
  return (
    <SetupFrame {...language} heading={said.heading}>
      <p>{said.what}</p>
      <p>{said.needed}</p>
      <PostForm action={action} sending={language.words.form.sending}>
        <Button>{said.button}</Button>
      </PostForm>
      <p class="quiet">{said.once}</p>
    </SetupFrame>
  )
}

const remedies = { used: 'porchlight setup', over: 'porchlight customer list', unsafe: undefined }

/** A dead end: what happened, and the next step. */
export function EndPage({ why, ...language }: Language & { why: keyof typeof remedies }) {
  const said = language.words.firstRun[why]
  const command = remedies[why]
  return (
    <SetupFrame {...language} heading={said.heading}>
      <p>{said.what}</p>
      <p>{said.next}</p>
      {command && (
        <p>
          <code>{command}</code>
        </p>
      )}
    </SetupFrame>
  )
}

export type OrganizationForm = Readonly<
  Record<'name' | 'url' | 'contact-name' | 'contact-email' | 'time-zone', string>
>

type StepProps<Form> = Language & { form: Form; errors: Errors }

export function OrganizationPage({ form, errors, ...language }: StepProps<OrganizationForm>) {
  const said = language.words.firstRun.organization
  return (
    <SetupFrame
      {...language}
      heading={said.heading}
      step="organization"
      errors={errors}
      here={pathOf('organization')}
    >
      <PostForm action={pathOf('organization')} sending={language.words.form.sending}>
        <Field
          name="name"
          label={said.name}
          hint={said.nameHint}
          error={errors['name']}
          value={form.name}
          autocomplete="organization"
          maxLength={100}
        />
        <Field
          name="url"
          label={said.url}
          hint={said.urlHint}
          error={errors['url']}
          value={form.url}
          type="url"
          autocomplete="off"
          maxLength={260}
        />
        <Field
          name="contact-name"
          label={said.contactName}
          error={errors['contact-name']}
          value={form['contact-name']}
          autocomplete="off"
          maxLength={100}
        />
        <Field
          name="contact-email"
          label={said.contactEmail}
          hint={said.contactHint}
          error={errors['contact-email']}
          value={form['contact-email']}
          type="email"
          autocomplete="off"
          maxLength={320}
        />
        <ZoneField language={language} chosen={form['time-zone']} error={errors['time-zone']} />
        <Button>{language.words.firstRun.next}</Button>
      </PostForm>
    </SetupFrame>
  )
}

function ZoneField({
  language,
  chosen,
  error,
}: {
  language: Language
  chosen: string
  error: string | undefined
}) {
  const said = language.words.firstRun.organization
  const name = 'time-zone'
  const options = (zones: readonly string[]) =>
    zones.map((zone) => (
      <option key={zone} value={zone} selected={zone === chosen}>
        {zoneLabel(language.locale, zone)}
      </option>
    ))
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <label for={name}>{said.timeZone}</label>
      <Explained name={name} error={error} />
      <select
        id={name}
        name={name}
        aria-describedby={describedByOf({ name, error })}
        aria-invalid={error ? 'true' : undefined}
      >
        <option value="">{said.chooseZone}</option>
        <optgroup label={said.common}>{options(zonesOfUnitedStates)}</optgroup>
        <optgroup label={said.others}>{options([...otherZones(), 'UTC'])}</optgroup>
      </select>
    </div>
  )
}

/** The token is never shown again. */
export function VomoPage({
  form,
  errors,
  hasToken,
  ...language
}: StepProps<{ url: string }> & { hasToken: boolean }) {
  const said = language.words.firstRun.vomo
  return (
    <SetupFrame {...language} heading={said.heading} step="vomo" errors={errors} here={pathOf('vomo')}>
      <p>{said.what}</p>
      <PostForm action={pathOf('vomo')} sending={language.words.form.sending}>
        <Field
          name="vomo-url"
          label={said.url}
          hint={said.urlHint}
          error={errors['vomo-url']}
          value={form.url}
          type="url"
          autocomplete="off"
          maxLength={2000}
        />
        <Field
          name="vomo-token"
          label={said.token}
          hint={hasToken ? said.tokenKept : said.tokenHint}
          error={errors['vomo-token']}
          type="password"
          autocomplete="off"
          spellcheck={false}
        />
        <Button>{said.button}</Button>
      </PostForm>
      <Back words={language.words} to="organization" />
    </SetupFrame>
  )
}

type EmailProps = StepProps<{ email: string }> & { sender: string; sight: Sight }

export function EmailPage({ form, errors, sender, sight, ...language }: EmailProps) {
  const said = language.words.firstRun.email
  return (
    <SetupFrame {...language} heading={said.heading} step="email" errors={errors} here={pathOf('email')}>
      <p class="notice" role="status">
        {tellSight(language.words, sight)}
      </p>
      <p>{said.what(sender)}</p>
      <PostForm action={pathOf('email')} sending={language.words.form.sending}>
        <Field
          name="email"
          label={language.words.firstRun.email.label}
          hint={said.hint}
          error={errors['email']}
          value={form.email}
          type="email"
          autocomplete="email"
          maxLength={320}
        />
        <Button>{said.button}</Button>
      </PostForm>
      <Back words={language.words} to="vomo" />
    </SetupFrame>
  )
}

/** What VOMO showed, in sentences. */
function tellSight(words: Words, { organizations, people, projects }: Sight): string {
  const said = words.firstRun.vomo
  const who = organizations.length > 0 ? said.found(organizations.join(', ')) : said.foundUnnamed
  if (people === null || projects === null) return who
  return `${who} ${said.holds(said.people(people), said.projects(projects))}`
}

type FinishProps = StepProps<{ code: string }> & {
  organization: OrganizationForm
  sight: Sight
  owner: { address: string; isVolunteer: boolean }
}

/** The code of the email, and everything that will be made with it. */
export function FinishPage({ form, errors, organization, sight, owner, ...language }: FinishProps) {
  const { words } = language
  const said = words.firstRun.finish
  const contact = [organization['contact-name'], organization['contact-email']].filter(Boolean).join(', ')
  const rows: readonly [label: string, value: string, step: Step][] = [
    [said.organization, organization.name, 'organization'],
    [said.address, organization.url, 'organization'],
    [said.contact, contact || said.none, 'organization'],
    [said.timeZone, zoneLabel(language.locale, organization['time-zone']), 'organization'],
    [said.vomo, tellSight(words, sight), 'vomo'],
    [said.owner, owner.address, 'email'],
  ]
  return (
    <SetupFrame {...language} heading={said.heading} step="finish" errors={errors} here={pathOf('finish')}>
      <p>{said.sent(owner.address)}</p>
      <p>{owner.isVolunteer ? said.volunteer : said.notVolunteer}</p>
      <PostForm action={pathOf('finish')} sending={words.form.sending}>
        <Field
          class="code"
          name="code"
          label={words.signIn.checkMail.label}
          hint={words.signIn.checkMail.hint}
          error={errors['code']}
          value={form.code}
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={64}
        />
        <Button>{said.button}</Button>
      </PostForm>
      <PostForm action={pathOf('email')} sending={words.form.sending}>
        <input type="hidden" name="email" value={owner.address} />
        <Button asLink>{said.again}</Button>
      </PostForm>
      <h2>{said.summary}</h2>
      <p class="quiet">{said.nothingYet}</p>
      <Facts
        of={rows.map(([label, value, step]) => [
          label,
          <>
            {breakable(value)}{' '}
            <a href={pathOf(step)} aria-label={`${said.change}: ${label}`}>
              {said.change}
            </a>
          </>,
        ])}
      />
    </SetupFrame>
  )
}

/** Where the portal has another address than the browser that set it up. */
export function DonePage({
  name,
  origin,
  href,
  ...language
}: Language & { name: string; origin: string; href: string }) {
  const said = language.words.firstRun.done
  return (
    <SetupFrame {...language} heading={said.heading(name)}>
      <p>{said.what(origin)}</p>
      <div class="actions">
        <ButtonLink href={href}>{said.button}</ButtonLink>
      </div>
    </SetupFrame>
  )
}

function Back({ words, to }: { words: Words; to: Step }) {
  return (
    <p>
      <a href={pathOf(to)}>{words.firstRun.back}</a>
    </p>
  )
}
