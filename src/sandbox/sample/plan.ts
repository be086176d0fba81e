import type { Organization } from '../world/world.ts'

/** What distinguishes one customer from another; the generator knows no customer by name. */
export type CustomerPlan = {
  slug: string
  name: string
  sizes: { users: number; projects: number; dates: number; participations: number }
  /** The share of people who joined before the first shift. */
  foundersShare: number
  /** Where ids begin. Seven digits or more, so that none looks like hours or a year. */
  ids: Record<'user' | 'project' | 'date' | 'participation' | 'campaign' | 'group' | 'certificate', number>
  organizations: Omit<Organization, 'created_at_ms' | 'updated_at_ms'>[]
  campaigns: { name: string; slug: string; description: string | null }[]
  /** `within` names the group that contains it. */
  groups: { name: string; description: string | null; within?: string; size: number }[]
  /** `expiration_length` in days. */
  certificates: { name: string; description: string | null; expiration_length: number | null }[]
  sites: Site[]
  activities: Activity[]
  /** One project per entry, with a shift on each night the clocks change at the site. */
  nights: { site: number; name: string }[]
  /** One project per entry, with a shift from 23:30 to 01:30 on each New Year's Eve. */
  newYears: { site: number; name: string }[]
  anytime: string[]
  drafts: string[]
}

export type Site = {
  venue: string
  city: string
  state: [long: string, short: string]
  postalCode: string
  zone: string
  lat: number
  lng: number
  organizationId: number
}

export type Activity = {
  name: string
  description: string
  /** What an organizer added in VOMO's editor, as HTML. */
  details?: string
  /** 0 is Sunday. */
  weekday: number
  /** `[hour, minute]` on the wall. */
  starts: [number, number]
  minutes: number
  roles: [string, ...string[]]
  items?: string[]
}

const saturday = 6

/** Long enough to span the hour that is skipped or repeated. */
export const nightActivity: Omit<Activity, 'name'> = {
  description: 'Keep the doors open and the coffee warm through the night.',
  weekday: saturday,
  starts: [22, 0],
  minutes: 8 * 60,
  roles: ['Overnight Host', 'Team Lead'],
}

/** In UTC both ends lie in the new year; on the wall it begins in the old one. */
export const newYearActivity: Omit<Activity, 'name'> = {
  description: 'See the new year in with guests who would otherwise be alone.',
  weekday: saturday,
  starts: [23, 30],
  minutes: 2 * 60,
  roles: ['Host'],
}
