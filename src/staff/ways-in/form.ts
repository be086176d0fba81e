import { presetNames, presets, readIssuer, tenantOf } from '../../customers/provider-presets.ts'
import type { GivenProvider, GivenSettings } from '../../customers/provider-settings.ts'
import { type Provider, type ProviderTexts, textsOf } from '../../customers/providers.ts'
import type { Conflicts } from '../../errors.ts'
import type { Form } from '../../http/body.ts'
import { isThisMachine } from '../../loopback.ts'
import { isPublicName } from '../../sign-in/provider/outbound.ts'
import type { PresetName } from '../../store/tables/providers.ts'
import type { Words } from '../../text/en.ts'

/** What the form of a provider changes. On and off have a form of their own. */
export const textNames = ['label', 'client-id', 'domain', 'second-step', 'max-age'] as const
export const tickNames = ['trust-email', 'only', 'straight'] as const
type FormName = (typeof textNames)[number] | (typeof tickNames)[number]
export type FormTexts = Partial<Record<FormName, string>>

export type WaysForm = {
  /** By field: what shows instead of what is set. */
  typed: Readonly<Record<string, string>>
  /** What its reader saw of the same. */
  seen: Readonly<Record<string, string | undefined>>
  errors: Readonly<Record<string, string>>
  /** What these values would do that is not to happen by mistake. */
  sure: { warnings: readonly string[]; value: string } | null
}

export const emptyForm: WaysForm = { typed: {}, seen: {}, errors: {}, sure: null }

/** What was changed since it was seen, and what was there then. */
export function changesIn(form: Form): { typed: FormTexts; seen: Partial<ProviderTexts> } {
  const names = [...textNames, ...tickNames]
  const seen = Object.fromEntries(names.map((name) => [name, form.get(`seen-${name}`)]))
  const typed = names.flatMap((name) => {
    // A box that is not checked is not sent.
    const isTick = (tickNames as readonly string[]).includes(name)
    const text = isTick && seen[name] !== undefined ? (form.get(name) ?? 'no') : form.get(name)
    return text === undefined || text.trim() === seen[name] ? [] : [[name, text.trim().slice(0, 2000)]]
  })
  return { typed: Object.fromEntries(typed) as FormTexts, seen }
}

export function givenBy(typed: FormTexts, clientSecret: string, { issuer }: Provider): GivenSettings {
  const { label, 'client-id': clientId, domain, 'second-step': secondStep, 'max-age': maxAge } = typed
  const { 'trust-email': trusts, only, straight } = typed
  return {
    label,
    clientId,
    clientSecret: clientSecret === '' ? undefined : clientSecret,
    domain: listIn(domain),
    secondStep: listIn(secondStep),
    maxAge: maxAge === '' ? false : maxAge,
    trustEmail: trusts === undefined ? undefined : trusts === 'yes' && tenantOf(issuer),
    only: only === undefined ? undefined : only === 'yes',
    straight: straight === undefined ? undefined : straight === 'yes',
  }
}

export const newNames = ['preset', 'name', 'issuer', 'client-id', 'label', 'domain'] as const

/** One that is made here is off, until its owner has tested it. */
export function newGiven(typed: Readonly<Record<string, string>>, clientSecret: string): GivenProvider {
  const { preset, name = '', issuer, 'client-id': clientId, label, domain = '' } = typed
  const found = issuer === '' ? undefined : issuer
  return { preset, name, issuer: found, clientId, clientSecret, label, domain: listIn(domain), off: true }
}

function listIn(text: string | undefined): string[] | false | undefined {
  if (text === undefined) return undefined
  const list = text.split(/[\s,]+/).filter((each) => each !== '')
  return list.length > 0 && list
}

/**
 * Whether this server calls an issuer that an owner names: one at a public name. Else an owner could have it call machines of its own
 * network. On this machine alone where the portal is, too.
 */
export function mayCall(issuer: string, { publicOrigin }: { publicOrigin: string }): boolean {
  const { protocol, hostname } = new URL(issuer)
  if (isThisMachine(hostname)) return isThisMachine(new URL(publicOrigin).hostname)
  return protocol === 'https:' && isPublicName(hostname)
}

/** The rules that were broken, by field, in words. */
export function errorsFor(
  broken: Readonly<Record<string, string>>,
  typed: Readonly<Record<string, string>>,
  { staffWaysIn: { errors } }: Words,
): Record<string, string> {
  const preset = presets[typed['preset'] as keyof typeof presets] ?? presets.generic
  const { notProvider: _notProvider, ...plain } = errors
  const words: Record<string, string> = {
    ...plain,
    domain: (typed['domain'] ?? '') === '' ? errors.domainNeeded : errors.domain,
    issuer:
      'issuer' in readIssuer(typed['issuer'] ?? '', preset)
        ? errors.private
        : errors.issuer(exampleOf(typed['preset'])),
  }
  return Object.fromEntries(Object.keys(broken).map((field) => [field, words[field] ?? errors.label]))
}

/** What an issuer looks like. */
const examples: Readonly<Record<PresetName, string>> = {
  entra: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0',
  okta: 'https://example.okta.com',
  google: 'https://accounts.google.com',
  keycloak: 'https://id.example.org/realms/staff',
  generic: 'https://id.example.org',
}

export function exampleOf(preset: string | undefined): string {
  return examples[presetNames.find((each) => each === preset) ?? 'generic']
}

/** Both values of each setting that was changed meanwhile. */
export function conflictsIn(overtaken: Conflicts, words: Words): Record<string, string> {
  const { names, empty } = words.staffWaysIn.form
  const { yes, no } = words.profileForm
  const said = (text: string | null) => ({ '': empty, yes, no })[text ?? ''] ?? text ?? empty
  return Object.fromEntries(
    Object.entries(overtaken).map(([name, { now, yours }]) => {
      const label = names[name as keyof typeof names]
      return [name, words.staffSettings.conflict(label, said(now), said(yours))]
    }),
  )
}

/** What is asked twice: by what people are kept out, or let in more easily than before. The answer belongs to these values alone. */
export function askedTwice(
  known: Provider,
  after: Provider,
  { isTried, words }: { isTried: boolean; words: Words },
): WaysForm['sure'] {
  const said = words.staffWaysIn.sure
  const [before, now] = [textsOf(known), textsOf(after)]
  const isWider = now.domain !== before.domain
  const trusts = after.trustsEmail && (!known.trustsEmail || isWider)
  const closes = after.isOnlyWay && (!known.isOnlyWay || isWider)
  if (!trusts && !closes) return null
  const warnings = [
    ...(trusts ? [said.trust(tenantOf(after.issuer))] : []),
    ...(closes ? [said.only(after.domains.join(', '))] : []),
    ...(closes && !isTried ? [said.untried] : []),
  ]
  return { warnings, value: `${now['trust-email']} ${now.only} ${now.domain}` }
}
