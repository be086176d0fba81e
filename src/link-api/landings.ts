import { personMappedTo } from '../accounts/people.ts'
import { normalizeAddress } from '../address.ts'
import type { Customer } from '../customers/customers.ts'
import { hubPath } from '../page/header.tsx'
import { slugPattern } from '../slug.ts'
import type { Store } from '../store/store.ts'
import type { Vomo } from '../vomo/vomo.ts'

/** The destination of a landing: a path of ours, or a volunteer's resume, whose path contains our id for them. */
export type Destination = { path: string } | { volunteer: { vomoUserId: string; address: string } }

/** The customer and name of a landing, and how to look it up. */
export type Place = {
  customer: Customer
  /** Trimmed; empty when the caller gave none. */
  resource: string
  vomo: Pick<Vomo, 'user' | 'campaigns'>
  store: Store
  /** The path of a campaign's page. */
  campaignPath: (slug: string) => string
}

type Landing = {
  resource: 'none' | 'campaign slug' | 'VOMO user id'
  /** Whether it requires a role in `accounts/staff.ts`, and a caller who may make links for staff. */
  isForStaff: boolean
  /** @returns `undefined` when the customer has no such resource @throws {Refusal} 'vomo_unavailable' */
  find: (place: Place) => Promise<Destination | undefined>
}

/** The landings of a link, and the `resource` each needs. Source: VOMO help center, "VOMO Login Magic Link". */
export const landingPages = {
  hub: {
    resource: 'none',
    isForStaff: false,
    find: async ({ customer }) => ({ path: hubPath(customer.slug) }),
  },
  resume: { resource: 'none', isForStaff: false, find: async () => ({ path: '/user' }) },
  admin: { resource: 'none', isForStaff: true, find: async () => ({ path: '/admin' }) },
  campaign: { resource: 'campaign slug', isForStaff: false, find: findCampaign },
  admin_resume: { resource: 'VOMO user id', isForStaff: true, find: findVolunteer },
} as const satisfies Record<string, Landing>

export type LandingPage = keyof typeof landingPages

export const landingNames = Object.keys(landingPages) as LandingPage[]

/** Finds a campaign made in VOMO a moment ago; unknown names cause at most one call to VOMO within this time. */
const freshEnoughMs = 10_000

async function findCampaign(place: Place): Promise<Destination | undefined> {
  const { resource: slug } = place
  if (!slugPattern.test(slug)) return undefined
  const isKnown = (await isCampaign(place)) || (await isCampaign(place, { freshEnoughMs }))
  return isKnown ? { path: place.campaignPath(slug) } : undefined
}

async function isCampaign(
  { customer, resource, vomo }: Place,
  options?: { freshEnoughMs: number },
): Promise<boolean> {
  const { value: campaigns } = await vomo.campaigns(customer.id, options)
  return campaigns.some(({ slug }) => slug === resource)
}

/** A VOMO user without an address cannot be known here. A person known here stays known after a single denial by VOMO. */
async function findVolunteer({ customer, resource, vomo, store }: Place): Promise<Destination | undefined> {
  if (!/^[1-9]\d{0,14}$/.test(resource)) return undefined
  const record = await vomo.user(customer.id, resource)
  if (!record) {
    const known = await personMappedTo(store, { customerId: customer.id, vomoUserId: resource })
    return known?.standing === 'active'
      ? { volunteer: { vomoUserId: resource, address: known.address } }
      : undefined
  }
  const address = normalizeAddress(record.value.email ?? '')
  return address === undefined ? undefined : { volunteer: { vomoUserId: resource, address } }
}
