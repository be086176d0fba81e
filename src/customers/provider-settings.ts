import { slugPattern } from '../slug.ts'
import { readDuration } from '../time/durations.ts'
import { type Preset, presetNames, presets, readIssuer, tenantOf } from './provider-presets.ts'
import { defaultProviderRules, type NewProvider, type Provider, type ProviderChanges } from './providers.ts'

/** What an operator types or an owner sends: `undefined` keeps what is there, `false` takes it back. */
export type GivenSettings = {
  label?: string | undefined
  clientId?: string | undefined
  clientSecret?: string | undefined
  domain?: readonly string[] | false | undefined
  /** Repeats the tenant, so that it is not set by habit. */
  trustEmail?: string | false | undefined
  maxAge?: string | false | undefined
  secondStep?: readonly string[] | false | undefined
  only?: boolean | undefined
  straight?: boolean | undefined
  off?: boolean | undefined
}

export type GivenProvider = GivenSettings & {
  name: string
  preset?: string | undefined
  issuer?: string | undefined
}

/** By the name of the command's option. */
type Broken = Record<string, string>

/**
 * The settings of a provider that is to be added. What is left out has its default.
 *
 * @param mayCall whether this server may call an issuer there: one that an owner names is a stranger's word
 */
export function readNewProvider(
  given: GivenProvider,
  mayCall: (issuer: string) => boolean = () => true,
): { provider: Omit<NewProvider, 'customerId'> } | { broken: Broken } {
  const { name } = given
  const preset = presetNames.find((each) => each === given.preset)
  const rules: Preset = presets[preset ?? 'generic']
  const read = readIssuer(given.issuer ?? rules.issuer ?? '', rules)
  const broken: Broken = {}
  if (!slugPattern.test(name)) broken['name'] = 'must be lowercase letters, digits and hyphens'
  if (preset === undefined) broken['preset'] = `must be one of ${presetNames.join(', ')}`
  if ('rule' in read) broken['issuer'] = read.rule
  else if (!mayCall(read.issuer)) broken['issuer'] = 'must be at a public address'
  const issuer = 'issuer' in read ? read.issuer : undefined
  const { label = '', clientId = '', clientSecret = '', ...settings } = given
  const whole = { ...settings, label, clientId, clientSecret }
  const changes = readSettings(whole, { issuer, ...defaultProviderRules }, broken)
  if (Object.keys(broken).length > 0 || issuer === undefined || preset === undefined) return { broken }
  return {
    provider: { ...defaultProviderRules, ...changes, name, preset, issuer, label, clientId, clientSecret },
  }
}

/** Those of a provider that is there. */
export function readProviderChanges(
  given: GivenSettings,
  known: Provider,
): { changes: ProviderChanges } | { broken: Broken } {
  const broken: Broken = {}
  const changes = readSettings(given, known, broken)
  return Object.keys(broken).length > 0 ? { broken } : { changes }
}

function readSettings(
  given: GivenSettings,
  known: { issuer: string | undefined } & Pick<Provider, 'domains' | 'trustsEmail' | 'isOnlyWay'>,
  broken: Broken,
): ProviderChanges {
  const { label, clientId, clientSecret, domain, trustEmail, maxAge, secondStep, only, straight, off } = given
  if (label !== undefined && !isWords(label, 40)) broken['label'] = 'must be words, 40 characters at most'
  if (clientId !== undefined && !isWords(clientId, 255))
    broken['client-id'] = 'must be as the provider gave it'
  if (clientSecret !== undefined && !/^\S{1,1000}$/.test(clientSecret))
    broken['client-secret'] = 'must be the secret alone'
  const domains = domain === false ? [] : domain?.map((each) => each.trim().toLowerCase())
  if (domains?.some((each) => !domainPattern.test(each)))
    broken['domain'] = 'must be a domain like example.org'
  if (typeof trustEmail === 'string' && known.issuer !== undefined && trustEmail !== tenantOf(known.issuer))
    broken['trust-email'] = `must repeat ${tenantOf(known.issuer)}`
  const trustsEmail = trustEmail === undefined ? undefined : trustEmail !== false
  if ((trustsEmail ?? known.trustsEmail) && (domains ?? known.domains).length === 0)
    broken['domain'] = 'must be given beside --trust-email: whose addresses the tenant may vouch for'
  else if ((only ?? known.isOnlyWay) && (domains ?? known.domains).length === 0)
    broken['domain'] = 'must be given beside --only: whose addresses it alone signs in'
  if (secondStep && !secondStep.every((value) => stepValuePattern.test(value)))
    broken['second-step'] = 'must be a value like mfa, as the provider writes it in amr or acr'
  const age = typeof maxAge === 'string' ? readDuration(maxAge, maxAgeMs) : undefined
  if (age && !('ms' in age)) broken['max-age'] = 'must be a time like 10m or 8h, 30 days at most'
  return {
    ...(label !== undefined && { label }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
    ...(domains !== undefined && { domains }),
    ...(trustsEmail !== undefined && { trustsEmail }),
    ...(secondStep !== undefined && { secondStep: secondStep || [] }),
    ...(only !== undefined && { isOnlyWay: only }),
    ...(straight !== undefined && { leadsStraight: straight }),
    ...(off !== undefined && { isOff: off }),
    ...(maxAge === false && { maxAgeMinutes: null }),
    ...(age && 'ms' in age && { maxAgeMinutes: Math.max(1, Math.round(age.ms / 60_000)) }),
  }
}

const maxAgeMs = 30 * 86_400_000
const stepValuePattern = /^[\x21-\x7e]{1,255}$/
const domainPattern = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/

function isWords(text: string, maxLength: number): boolean {
  return text.trim() !== '' && text.length <= maxLength && !/\p{C}/u.test(text)
}
