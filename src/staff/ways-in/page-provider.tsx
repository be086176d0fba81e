import type { Customer } from '../../customers/customers.ts'
import { type Provider, textsOf } from '../../customers/providers.ts'
import { Button, Field, PostForm, Tick } from '../../page/form.tsx'
import { Facts } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import {
  askedScopes,
  callbackOf,
  logoutUriOf,
  signedOutUriOf,
  trialPath,
} from '../../sign-in/provider/addresses.ts'
import type { ProviderFinding } from '../../sign-in/provider/look.ts'
import type { Words } from '../../text/en.ts'
import { StaffFormPage } from '../form-page.tsx'
import type { WaysForm } from './form.ts'
import type { WaysInDone } from './page-list.tsx'
import { providerPath, waysInPath } from './paths.ts'

type ProviderProps = Frame & {
  customer: Customer
  provider: Provider
  form: WaysForm
  done: Exclude<WaysInDone, 'removed'> | null
  findings: readonly ProviderFinding[]
  /** Whether it ever signed a person in. */
  isTried: boolean
}

/** One identity system: what to register there, a test of it, its settings, and its end. For owners. */
export function ProviderPage(props: ProviderProps) {
  const { words, provider, form, done } = props
  const said = words.staffWaysIn
  const { errors, sure } = form
  return (
    <StaffFormPage
      frame={props}
      title={words.provider.button(provider.label)}
      role="owner"
      place="ways_in"
      {...(sure
        ? { errors: { sure: sure.warnings.join(' ') }, problem: words.staffSettings.sure.heading }
        : { errors })}
      done={done && said.done[done]}
      heading={words.provider.button(provider.label)}
      lede={provider.isOff ? said.state.off : onWords(provider, words)}
    >
      <div class="wrap settings">
        <Findings {...props} />
        <Register {...props} />
        <Test {...props} />
        <Turn {...props} />
        <Settings {...props} />
        <Remove {...props} />
        <p class="after-form">
          <a href={waysInPath}>{said.back}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}

function onWords({ isOnlyWay, domains }: Provider, { staffWaysIn: { state } }: Words): string {
  return isOnlyWay ? state.onOnly(domains.join(', ')) : state.on
}

function Findings({ words, findings }: ProviderProps) {
  const said = words.staffWaysIn.findings
  if (findings.length === 0) return null
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        {findings.map(({ is, isWell, detail }) => (
          <p key={is} {...(!isWell && { class: 'notice warn' })}>
            {said[is](detail)}
          </p>
        ))}
      </div>
    </section>
  )
}

function Register({ words, customer, provider }: ProviderProps) {
  const said = words.staffWaysIn.register
  const { name, issuer } = provider
  const facts = [
    [said.redirect, callbackOf(customer, name)],
    [said.signedOut, signedOutUriOf(customer)],
    [said.logout, logoutUriOf(customer, name)],
    [said.scopes, askedScopes],
    [said.issuer, issuer],
  ] as const
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <p class="quiet">{said.what}</p>
        <Facts of={facts.map(([is, text]) => [is, <code class="to-copy">{text}</code>])} />
      </div>
    </section>
  )
}

function Test({ words, provider, isTried }: ProviderProps) {
  const said = words.staffWaysIn.test
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <p>{said.what}</p>
        <p class="quiet">{said.redirect}</p>
        <p class="quiet">{isTried ? said.last : said.never}</p>
        <PostForm action={trialPath(provider.name)} sending={words.form.sending}>
          <Button>{said.button}</Button>
        </PostForm>
      </div>
    </section>
  )
}

function Turn({ words, provider, form: { errors } }: ProviderProps) {
  const said = words.staffWaysIn.state
  const { name, isOff, isOnlyWay, domains } = provider
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <p>{isOff ? said.off : onWords(provider, words)}</p>
        <PostForm action={`${providerPath(name)}/turn`} sending={words.form.sending}>
          <input type="hidden" name="turn" value={isOff ? 'on' : 'off'} />
          {isOff && isOnlyWay && (
            <Tick name="sure-on" label={said.sureOn(domains.join(', '))} error={errors['sure-on']} />
          )}
          <Button quiet>{isOff ? said.turnOn : said.turnOff}</Button>
        </PostForm>
      </div>
    </section>
  )
}

/** Each field carries what its reader saw there: another's change is not undone unseen. The secret is never shown. */
function Settings({ words, provider, form }: ProviderProps) {
  const said = words.staffWaysIn.form
  const { typed, errors, sure } = form
  const texts = textsOf(provider)
  const value = (name: keyof typeof texts) => typed[name] ?? texts[name]
  const seen = (name: keyof typeof texts) =>
    (typed[name] === undefined ? undefined : form.seen[name]) ?? texts[name]
  const fields = [
    { name: 'label', label: said.label, hint: said.labelHint, maxLength: 40 },
    { name: 'client-id', label: said.clientId, maxLength: 255 },
    { name: 'domain', label: said.domain, hint: said.domainHint, maxLength: 2000 },
    { name: 'second-step', label: said.secondStep, hint: said.secondStepHint, maxLength: 2000 },
    { name: 'max-age', label: said.maxAge, hint: said.maxAgeHint, maxLength: 10 },
  ] as const
  const ticks = [
    { name: 'trust-email', label: said.trust },
    { name: 'only', label: said.only },
    { name: 'straight', label: said.straight },
  ] as const
  return (
    <section>
      <h2>{said.heading}</h2>
      <PostForm action={providerPath(provider.name)} sending={words.form.sending}>
        {[...fields, ...ticks].map(({ name }) => (
          <input key={name} type="hidden" name={`seen-${name}`} value={seen(name)} />
        ))}
        {fields.map(({ name, ...field }) => (
          <Field
            key={name}
            {...field}
            name={name}
            error={errors[name]}
            autocomplete="off"
            spellcheck={false}
            value={value(name)}
          />
        ))}
        <Field
          name="client-secret"
          label={said.clientSecret}
          hint={provider.clientSecret === null ? said.secretLost : said.secretHint}
          error={errors['client-secret']}
          type="password"
          autocomplete="off"
          spellcheck={false}
        />
        {ticks.map(({ name, label }) => (
          <Tick key={name} name={name} label={label} error={errors[name]} isOn={value(name) === 'yes'} />
        ))}
        {sure && (
          <Tick
            name="sure"
            label={words.staffWaysIn.sure.label}
            value={sure.value}
            error={sure.warnings.join(' ')}
          />
        )}
        <Button>{said.save}</Button>
      </PostForm>
    </section>
  )
}

function Remove({ words, provider, form: { errors } }: ProviderProps) {
  const said = words.staffWaysIn.remove
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <p>{said.what}</p>
        <PostForm action={`${providerPath(provider.name)}/remove`} sending={words.form.sending}>
          <Tick name="remove" label={said.sure} error={errors['remove']} />
          <Button quiet>{said.button}</Button>
        </PostForm>
      </div>
    </section>
  )
}
