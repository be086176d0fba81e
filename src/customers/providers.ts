import type { Selectable } from 'kysely'
import { domainOf } from '../address.ts'
import { recordAudit } from '../audit.ts'
import type { Conflicts } from '../errors.ts'
import { newId, type Secrets } from '../secrets.ts'
import { lockRow } from '../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { PresetName, ProviderTable } from '../store/tables/providers.ts'

/** A customer's identity system, with what a sign-in through it needs. */
export type Provider = {
  id: string
  customerId: string
  /** Stands in the addresses that are registered there. */
  name: string
  label: string
  preset: PresetName
  issuer: string
  clientId: string
  /** `null`: sealed with a secret of ours that is lost; the operator sets it again. */
  clientSecret: string | null
  /** Of the addresses that it may vouch for; empty means any. */
  domains: readonly string[]
  /** Whether an address counts though the provider does not say that it verified it. */
  trustsEmail: boolean
  maxAgeMinutes: number | null
  /** The values of `amr` or `acr` by which it says that it asked for more than a password: a second step of staff. */
  secondStep: readonly string[]
  /** Whether people with addresses of its domains sign in with it alone. */
  isOnlyWay: boolean
  /** Whether the sign-in page leads on to it at once. */
  leadsStraight: boolean
  /** Whether its button is gone for now. Nothing else that is set of it counts meanwhile. */
  isOff: boolean
  /** What it said of itself last, and when. */
  metadata: { json: string; atMs: number } | null
}

/** What the sign-in page shows of a provider. */
export type ShownProvider = Pick<Provider, 'name' | 'label'>

/** What signing in at a customer needs to know of each of its providers that are on, also of those that are not used. */
export type CustomerProvider = ShownProvider & Pick<Provider, 'domains' | 'isOnlyWay' | 'leadsStraight'>

/** What may change. Other people belong to another issuer, and a name is registered elsewhere. */
export type ProviderChanges = Partial<
  Pick<
    Provider,
    | 'label'
    | 'clientId'
    | 'domains'
    | 'trustsEmail'
    | 'maxAgeMinutes'
    | 'secondStep'
    | 'isOnlyWay'
    | 'leadsStraight'
    | 'isOff'
  > & { clientSecret: string }
>

export type NewProvider = Pick<Provider, 'customerId' | 'name' | 'preset' | 'issuer'> &
  Required<ProviderChanges>

/** What holds of a provider where nothing else is chosen: addresses of any domain that it verified, and one way among others. */
export const defaultProviderRules = {
  domains: [],
  trustsEmail: false,
  maxAgeMinutes: null,
  secondStep: [],
  isOnlyWay: false,
  leadsStraight: false,
  isOff: false,
} as const satisfies ProviderChanges

/** The providers of these customers that are on, in the order in which they were added. */
export async function providersOfAll(
  store: Store,
  customerIds: readonly string[],
): Promise<(CustomerProvider & { customerId: string })[]> {
  const found = await store.read(
    store.db
      .selectFrom('provider')
      .select(['customer_id', 'name', 'label', 'domains', 'is_only_way', 'leads_straight'])
      .where('customer_id', 'in', [...customerIds])
      .where('is_off', '=', 0)
      .orderBy('created_at_ms')
      .orderBy('name')
      .compile(),
  )
  return found.map((row) => ({
    customerId: row.customer_id,
    name: row.name,
    label: row.label,
    domains: JSON.parse(row.domains) as string[],
    isOnlyWay: row.is_only_way === 1,
    leadsStraight: row.leads_straight === 1,
  }))
}

/** The providers that alone sign in people with this address. None for most addresses: every way is open to them. */
export function onlyWaysOf(
  { providers }: { providers: readonly CustomerProvider[] },
  address: string,
): readonly CustomerProvider[] {
  return providers.filter(({ isOnlyWay, domains }) => isOnlyWay && domains.includes(domainOf(address)))
}

/** The provider to which the sign-in page leads on at once; the first, where several do. */
export function straightWayOf(customer: {
  providers: readonly CustomerProvider[]
}): CustomerProvider | undefined {
  return customer.providers.find(({ leadsStraight }) => leadsStraight)
}

/** All of a customer, in the order in which they were added. */
export async function providersOf(
  { store, secrets }: { store: Store; secrets: Secrets },
  customerId: string,
): Promise<Provider[]> {
  const found = await store.read(
    store.db
      .selectFrom('provider')
      .selectAll()
      .where('customer_id', '=', customerId)
      .orderBy('created_at_ms')
      .orderBy('name')
      .compile(),
  )
  return found.map((row) => toProvider(row, secrets))
}

export async function providerNamed(
  tools: { store: Store; secrets: Secrets },
  at: { customerId: string; name: string },
): Promise<Provider | undefined> {
  return (await providersOf(tools, at.customerId)).find(({ name }) => name === at.name)
}

/** The secret is sealed before it is stored. @param added.by who adds it @returns its id */
export function* addProvider(
  db: Queries,
  secrets: Secrets,
  { by = 'operator', ...added }: NewProvider & { by?: string },
  nowMs: number,
): Write<string> {
  const { customerId, name, preset, issuer } = added
  const id = newId('pro')
  yield* rows(
    db
      .insertInto('provider')
      .values({
        id,
        customer_id: customerId,
        name,
        preset,
        issuer,
        ...columnsOf(added),
        ...sealedSecret(secrets, added.clientSecret),
        created_at_ms: nowMs,
      })
      .compile(),
  )
  const { trustsEmail: trusts_email, isOnlyWay: only, leadsStraight: straight } = added
  const after = toldOf(textsOf(added))
  const detail = { provider: name, issuer, trusts_email, only, straight, before: '', after, by }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'provider.set', detail })
  return id
}

/**
 * Changes what is given, keeps the rest.
 *
 * @param order.seen what was there when the new values were chosen
 * @returns the settings that were changed to something else since they were seen; then nothing is changed
 */
export function* changeProvider(
  db: Queries,
  secrets: Secrets,
  order: { provider: Provider; changes: ProviderChanges; seen?: Partial<ProviderTexts>; by?: string },
  nowMs: number,
): Write<Conflicts> {
  const { provider, changes, seen = {}, by = 'operator' } = order
  const { id, customerId, name } = provider
  yield* lockRow(db, 'customer', customerId)
  const [row] = yield* rows(db.selectFrom('provider').selectAll().where('id', '=', id).compile())
  if (!row) return {}
  const known = toProvider(row, secrets)
  const now = { ...known, ...changes }
  const [before, after] = [textsOf(known), textsOf(now)]
  const names = providerSettingNames.filter((each) => before[each] !== after[each])
  const overtaken = names.filter((each) => seen[each] !== undefined && seen[each] !== before[each])
  if (overtaken.length > 0)
    return Object.fromEntries(overtaken.map((each) => [each, { now: before[each], yours: after[each] }]))
  const { clientSecret, trustsEmail, isOnlyWay, leadsStraight } = changes
  const isSecretNew = clientSecret !== undefined && clientSecret !== known.clientSecret
  if (names.length === 0 && !isSecretNew) return {}
  const changed = { ...columnsOf(now), ...(isSecretNew && sealedSecret(secrets, clientSecret)) }
  yield* rows(db.updateTable('provider').set(changed).where('id', '=', id).compile())
  const detail = {
    provider: name,
    fields: [...names, ...(isSecretNew ? ['client-secret'] : [])].join(', '),
    before: toldOf(before, names),
    after: toldOf(after, names),
    ...(trustsEmail !== undefined && { trusts_email: trustsEmail }),
    ...(isOnlyWay !== undefined && { only: isOnlyWay }),
    ...(leadsStraight !== undefined && { straight: leadsStraight }),
    by,
  }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'provider.set', detail })
  return {}
}

function columnsOf(of: Omit<Required<ProviderChanges>, 'clientSecret'>) {
  return {
    label: of.label,
    client_id: of.clientId,
    domains: JSON.stringify(of.domains),
    trusts_email: of.trustsEmail ? 1 : 0,
    max_age_minutes: of.maxAgeMinutes,
    second_step: JSON.stringify(of.secondStep),
    is_only_way: of.isOnlyWay ? 1 : 0,
    leads_straight: of.leadsStraight ? 1 : 0,
    is_off: of.isOff ? 1 : 0,
  }
}

function sealedSecret(secrets: Secrets, clientSecret: string) {
  return { client_secret_sealed: secrets.seal('client secret', clientSecret) }
}

/** The settings by the names of the command's options, as they are typed. The secret is none: it is never shown. */
export const providerSettingNames = [
  'label',
  'client-id',
  'domain',
  'trust-email',
  'second-step',
  'max-age',
  'only',
  'straight',
  'off',
] as const

export type ProviderTexts = Readonly<Record<(typeof providerSettingNames)[number], string>>

export function textsOf(of: Omit<Provider, 'id' | 'clientSecret' | 'metadata'>): ProviderTexts {
  const yesNo = (is: boolean) => (is ? 'yes' : 'no')
  return {
    label: of.label,
    'client-id': of.clientId,
    domain: of.domains.join(' '),
    'trust-email': yesNo(of.trustsEmail),
    'second-step': of.secondStep.join(' '),
    'max-age': of.maxAgeMinutes === null ? '' : `${of.maxAgeMinutes}m`,
    only: yesNo(of.isOnlyWay),
    straight: yesNo(of.leadsStraight),
    off: yesNo(of.isOff),
  }
}

function toldOf(
  texts: ProviderTexts,
  names: readonly (keyof ProviderTexts)[] = providerSettingNames,
): string {
  return names.map((name) => `${name}: ${texts[name] || '–'}`).join(', ')
}

/** What it says of itself now. Public, and the provider's own change, so it is no event. */
export function* keepMetadata(db: Queries, providerId: string, json: string, nowMs: number): Write<void> {
  const kept = { metadata: json, metadata_at_ms: nowMs }
  yield* rows(db.updateTable('provider').set(kept).where('id', '=', providerId).compile())
}

/** Sign-ins that are under way through it end. Its identities stay, for the day it is added again. */
export function* removeProvider(
  db: Queries,
  provider: Provider,
  nowMs: number,
  by = 'operator',
): Write<void> {
  yield* rows(db.deleteFrom('provider').where('id', '=', provider.id).compile())
  const detail = { provider: provider.name, issuer: provider.issuer, before: toldOf(textsOf(provider)), by }
  yield* recordAudit(db, { customerId: provider.customerId, atMs: nowMs, kind: 'provider.removed', detail })
}

function toProvider(row: Selectable<ProviderTable>, secrets: Secrets): Provider {
  return {
    id: row.id,
    customerId: row.customer_id,
    name: row.name,
    label: row.label,
    preset: row.preset,
    issuer: row.issuer,
    clientId: row.client_id,
    clientSecret: secrets.tryOpen('client secret', row.client_secret_sealed) ?? null,
    domains: JSON.parse(row.domains) as string[],
    trustsEmail: row.trusts_email === 1,
    maxAgeMinutes: row.max_age_minutes,
    secondStep: JSON.parse(row.second_step) as string[],
    isOnlyWay: row.is_only_way === 1,
    leadsStraight: row.leads_straight === 1,
    isOff: row.is_off === 1,
    metadata:
      row.metadata === null ? null : { json: row.metadata, atMs: row.metadata_at_ms ?? row.created_at_ms },
  }
}
