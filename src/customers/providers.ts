import type { Selectable } from 'kysely'
import { domainOf } from '../address.ts'
import { recordAudit } from '../audit.ts'
import { newId, type Secrets } from '../secrets.ts'
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
  /** What it said of itself last, and when. */
  metadata: { json: string; atMs: number } | null
}

/** What the sign-in page shows of a provider. */
export type ShownProvider = Pick<Provider, 'name' | 'label'>

/** What signing in at a customer needs to know of each of its providers, also of those that are not used. */
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
} as const satisfies ProviderChanges

/** The providers of these customers, in the order in which they were added. */
export async function providersOfAll(
  store: Store,
  customerIds: readonly string[],
): Promise<(CustomerProvider & { customerId: string })[]> {
  const found = await store.read(
    store.db
      .selectFrom('provider')
      .select(['customer_id', 'name', 'label', 'domains', 'is_only_way', 'leads_straight'])
      .where('customer_id', 'in', [...customerIds])
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

/** The secret is sealed before it is stored. @returns its id */
export function* addProvider(
  db: Queries,
  secrets: Secrets,
  added: NewProvider,
  nowMs: number,
): Write<string> {
  const { customerId, name, preset, issuer, label, clientId, ...changes } = added
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
        label,
        client_id: clientId,
        client_secret_sealed: secrets.seal('client secret', changes.clientSecret),
        domains: JSON.stringify(changes.domains),
        trusts_email: changes.trustsEmail ? 1 : 0,
        max_age_minutes: changes.maxAgeMinutes,
        second_step: JSON.stringify(changes.secondStep),
        is_only_way: changes.isOnlyWay ? 1 : 0,
        leads_straight: changes.leadsStraight ? 1 : 0,
        created_at_ms: nowMs,
      })
      .compile(),
  )
  const { trustsEmail: trusts_email, isOnlyWay: only, leadsStraight: straight } = changes
  const detail = { provider: name, issuer, trusts_email, only, straight }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'provider.set', detail })
  return id
}

/** Changes what is given, keeps the rest. */
export function* changeProvider(
  db: Queries,
  secrets: Secrets,
  { provider, changes }: { provider: Provider; changes: ProviderChanges },
  nowMs: number,
): Write<void> {
  const { label, clientId, clientSecret, domains, trustsEmail, maxAgeMinutes } = changes
  const { secondStep, isOnlyWay, leadsStraight } = changes
  const changed = {
    ...(label !== undefined && { label }),
    ...(clientId !== undefined && { client_id: clientId }),
    ...(clientSecret !== undefined && { client_secret_sealed: secrets.seal('client secret', clientSecret) }),
    ...(domains !== undefined && { domains: JSON.stringify(domains) }),
    ...(trustsEmail !== undefined && { trusts_email: trustsEmail ? 1 : 0 }),
    ...(maxAgeMinutes !== undefined && { max_age_minutes: maxAgeMinutes }),
    ...(secondStep !== undefined && { second_step: JSON.stringify(secondStep) }),
    ...(isOnlyWay !== undefined && { is_only_way: isOnlyWay ? 1 : 0 }),
    ...(leadsStraight !== undefined && { leads_straight: leadsStraight ? 1 : 0 }),
  }
  yield* rows(db.updateTable('provider').set(changed).where('id', '=', provider.id).compile())
  const detail = {
    provider: provider.name,
    changed: Object.keys(changed).join(' '),
    ...(trustsEmail !== undefined && { trusts_email: trustsEmail }),
    ...(isOnlyWay !== undefined && { only: isOnlyWay }),
    ...(leadsStraight !== undefined && { straight: leadsStraight }),
  }
  yield* recordAudit(db, { customerId: provider.customerId, atMs: nowMs, kind: 'provider.set', detail })
}

/** What it says of itself now. Public, and the provider's own change, so it is no event. */
export function* keepMetadata(db: Queries, providerId: string, json: string, nowMs: number): Write<void> {
  const kept = { metadata: json, metadata_at_ms: nowMs }
  yield* rows(db.updateTable('provider').set(kept).where('id', '=', providerId).compile())
}

/** Sign-ins that are under way through it end. Its identities stay, for the day it is added again. */
export function* removeProvider(db: Queries, provider: Provider, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('provider').where('id', '=', provider.id).compile())
  const detail = { provider: provider.name, issuer: provider.issuer }
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
    metadata:
      row.metadata === null ? null : { json: row.metadata, atMs: row.metadata_at_ms ?? row.created_at_ms },
  }
}
