import { personMappedTo } from '../accounts/people.ts'
import { normaliseAddress } from '../address.ts'
import type { Customer } from '../customers/customers.ts'
import { hubPath } from '../page/header.tsx'
import { slugPattern } from '../slug.ts'
import type { Store } from '../store/store.ts'
import type { Vomo } from '../vomo/vomo.ts'

/** Where a landing leads: to an own path, or to the resume of a volunteer, whose path holds our id for them. */
export type Destination = { path: string } | { volunteer: { vomoUserId: string; address: string } }

/** At whose portal a landing is looked for, by which name, and where that can be looked up. */
export type Place = {
  customer: Customer
  /** Trimmed; empty where none was given. */
  resource: string
  vomo: Pick<Vomo, 'user' | 'campaigns'>
  store: Store
  /** Where the page of a campaign is. */
  campaignPath: (slug: string) => string
}

type Landing = {
  resource: 'none' | 'campaign slug' | 'VOMO user id'
  /** Whether it opens only to somebody with a role in `accounts/staff.ts`, by whoever may make links for staff. */
  isForStaff: boolean
  /** @returns `undefined` where the customer has no such resource @throws {Refusal} 'vomo_unavailable' */
  find: (place: Place) => Promise<Destination | undefined>
}

/** Where a link may lead, and what `resource` it needs. Source: VOMO help centre, "VOMO Login Magic Link". */
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

/** A campaign made in VOMO a moment ago is found; names of none cost VOMO one question in this time at most. */
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

/** A user without an address in VOMO cannot be known here. One who is known here is not unknown because VOMO denies them once. */
async function findVolunteer({ customer, resource, vomo, store }: Place): Promise<Destination | undefined> {
  if (!/^[1-9]\d{0,14}$/.test(resource)) return undefined
  const record = await vomo.user(customer.id, resource)
  if (!record) {
    const known = await personMappedTo(store, { customerId: customer.id, vomoUserId: resource })
    return known?.standing === 'active'
      ? { volunteer: { vomoUserId: resource, address: known.address } }
      : undefined
  }
  const address = normaliseAddress(record.value.email ?? '')
  return address === undefined ? undefined : { volunteer: { vomoUserId: resource, address } }
}
