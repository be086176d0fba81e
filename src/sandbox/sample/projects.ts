import type { Random } from '../world/random.ts'
import type { Address, Campaign, Organization, Project, User } from '../world/world.ts'
import { dayMs, minuteMs } from './local-time.ts'
import { plainLetters, streets } from './names.ts'
import type { CustomerPlan, Site } from './plan.ts'

type ProjectParts = {
  id: number
  name: string
  site: Site
  plan: CustomerPlan
  todayMs: number
  random: Random
  staff: User[]
}

/** A published project with dates; the schedule changes what differs. */
export function makeProject({ id, name, site, plan, todayMs, random, staff }: ProjectParts): Project {
  const owner = random.pick(staff)
  const created_at_ms = todayMs - random.int(800, 1_500) * dayMs + random.int(0, 86_399) * 1000
  const campaigns = makeCampaigns(plan, todayMs)
  return {
    id,
    name,
    slug: slugOf(name),
    description: '',
    organization_id: site.organizationId,
    owner_user_id: owner.id,
    address: makeAddress(site, random),
    anytime: false,
    draft: false,
    privacy: random.pick(['PUBLIC', 'PUBLIC', 'PUBLIC', 'PUBLIC', 'PRIVATE', 'UNLISTED']),
    age_limit: random.pick([0, 0, 12, 16, 18]),
    allow_guests: random.chance(0.4),
    participant_approval_required: random.chance(0.15),
    // No random number: later draws stay as they were.
    show_volunteer_counter: id % 6 !== 0,
    point_person: {
      name: `${owner.first_name} ${owner.last_name}`,
      phone: owner.phone ?? '',
      email: owner.email ?? '',
    },
    campaign_ids: random.chance(0.45) ? [random.pick(campaigns).id] : [],
    created_at_ms,
    updated_at_ms: todayMs - random.int(1, 300) * dayMs + random.int(0, 80_000) * 1000,
    published_at_ms: created_at_ms + random.int(1, 90) * 60 * minuteMs,
  }
}

function makeAddress(site: Site, random: Random): Address {
  const street_number = String(random.int(11, 989))
  const route = random.pick(streets)
  const [state, stateShort] = site.state
  return {
    lat: site.lat,
    lng: site.lng,
    route,
    street_number,
    venue: random.chance(0.8) ? site.venue : null,
    country: 'United States',
    country_short: 'US',
    locality: site.city,
    postal_code: site.postalCode,
    timezone: site.zone,
    formatted_address: `${street_number} ${route}, ${site.city}, ${stateShort} ${site.postalCode}, USA`,
    administrative_area_level_1: state,
    administrative_area_level_1_short: stateShort,
  }
}

/** Draws no random numbers, so later draws stay as they were. */
export function makeCampaigns(plan: CustomerPlan, todayMs: number): Campaign[] {
  return plan.campaigns.map((campaign, index) => ({
    id: plan.ids.campaign + index * 17,
    ...campaign,
    has_picture: index % 2 === 1,
    created_at_ms: todayMs - (900 - index * 130) * dayMs,
    updated_at_ms: todayMs - (20 + index * 45) * dayMs,
  }))
}

export function makeOrganizations(plan: CustomerPlan, todayMs: number): Organization[] {
  return plan.organizations.map((organization) => ({
    ...organization,
    created_at_ms: todayMs - 2_900 * dayMs,
    updated_at_ms: todayMs - 120 * dayMs,
  }))
}

function slugOf(name: string): string {
  return name
    .split(/[\s-]+/)
    .map(plainLetters)
    .filter(Boolean)
    .join('-')
}
