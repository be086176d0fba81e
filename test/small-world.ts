import type {
  Campaign,
  Certificate,
  Customer,
  Group,
  Organization,
  Participation,
  Project,
  ProjectDate,
  User,
} from '../src/sandbox/world/world.ts'
import type { Owner, Tenant } from './canaries.ts'

const dayMs = 86_400_000

/** A text of the world: its owner, two letters for the field, and whether the whitelist lets its owner read it. */
export type Wording = (what: { tenant: Tenant; owner: Owner; field: string; isShown: boolean }) => string

export const tenants = { a: 'riverbend', b: 'hillside', c: 'uplands' } as const

export const staffRoles = ['owner', 'coordinator'] as const

/** A custom field that its customer shows, and one that it does not. */
export const shownField = 'T-shirt size'
export const hiddenField = 'Background check'

/**
 * A few organizations whose every text the caller chooses. All of them use the same VOMO ids, of seven digits, for different people
 * and projects, and the first people of the second have the same emails as those of the first.
 *
 * Each person has their own shift in the past and one ahead, on a private project, and a role in one that all share.
 */
export function makeSmallWorld(given: {
  nowMs: number
  volunteers: number
  say: Wording
  /** How many people of `b` have the email of their namesake of `a`. */
  sharedEmails?: number
}): { customers: Customer[] } {
  return { customers: (['a', 'b', 'c'] as const).map((tenant) => makeCustomer(tenant, given)) }
}

export const vomoUserIdOf = (place: number) => 7_810_000 + place * 7

/** Unique for each person of the world, in a year in which nothing else lies. */
export function birthdayOf(tenant: Tenant, place: number): string {
  const day = { a: 0, b: 1, c: 2 }[tenant] + place * 3
  return new Date(Date.UTC(1901, 0, 1 + day)).toISOString().slice(0, 10)
}

export function emailOf(word: string): string {
  return `${word}@people.example`
}

function makeCustomer(
  tenant: Tenant,
  { nowMs, volunteers, say, sharedEmails = 0 }: Parameters<typeof makeSmallWorld>[0],
): Customer {
  const today = nowMs - (nowMs % dayMs)
  const ours = (field: string, isShown: boolean) => say({ tenant, owner: 'none', field, isShown })
  const made = { created_at_ms: today - 400 * dayMs, updated_at_ms: today - 40 * dayMs }
  const slug = tenants[tenant]

  const organizations: Organization[] = [null, 7_110_001].map((parent_id, i) => ({
    id: 7_110_001 + i,
    parent_id,
    name: ours('on', true),
    slug: i === 0 ? slug : `${slug}-${i}`,
    type: 'Nonprofit',
    description: ours('od', false),
    email: emailOf(ours('oe', false)),
    phone: ours('op', false),
    groups_moniker: ours('mg', true),
    project_moniker: ours('mp', true),
    campaign_moniker: ours('mc', true),
    ...made,
  }))
  const campaigns: Campaign[] = ['ca', 'cb'].map((field, i) => ({
    id: 7_210_001 + i,
    name: ours(field, true),
    slug: `${tenant}-campaign-${i}`,
    description: ours('cd', true),
    has_picture: i === 0,
    ...made,
  }))
  const certificates: Certificate[] = ['ea', 'eb'].map((field, i) => ({
    id: 7_220_001 + i,
    name: ours(field, true),
    description: ours('ed', true),
    expiration_length: i === 0 ? 365 : null,
    created_at_ms: made.created_at_ms,
  }))

  const places = Array.from({ length: volunteers + staffRoles.length }, (_, place) => place)
  const users = places.map((place): User => {
    const theirs = (field: string, isShown: boolean) => say({ tenant, owner: place, field, isShown })
    const isNamesake = tenant === 'b' && place < sharedEmails
    return {
      id: vomoUserIdOf(place),
      first_name: theirs('fn', true),
      last_name: theirs('ln', true),
      email: emailOf(say({ tenant: isNamesake ? 'a' : tenant, owner: place, field: 'em', isShown: true })),
      address: theirs('ad', true),
      phone: theirs('ph', true),
      birthday: birthdayOf(tenant, place),
      gender: 'F',
      ...made,
      user_status: 'VERIFIED',
      membership_status: 'ACCEPTED',
      membership_role: place < volunteers ? 'VOLUNTEER' : 'ADMIN',
      profile_field_values: [
        { id: 7_310_000 + place, profile_field_id: 7_320_001, name: shownField, value: theirs('cf', true) },
        { id: 7_330_000 + place, profile_field_id: 7_320_002, name: hiddenField, value: theirs('ch', false) },
        {
          id: 7_340_000 + place,
          profile_field_id: 7_320_003,
          name: theirs('cn', false),
          value: theirs('cv', false),
        },
      ],
      is_own_account: true,
      is_removed: false,
    }
  })

  function project(id: number, of: { owner: Owner; name: string }): Project {
    const { owner } = of
    const word = (field: string, isShown: boolean) => say({ tenant, owner, field, isShown })
    return {
      id,
      name: word(of.name, true),
      slug: `${tenant}-project-${id % 1_000_000}`,
      description: word('pd', owner === 'none'),
      organization_id: 7_110_001,
      owner_user_id: vomoUserIdOf(volunteers),
      address: {
        lat: 41.88,
        lng: -87.63,
        route: word('pr', false),
        street_number: '1',
        venue: word('pv', true),
        country: 'United States',
        country_short: 'US',
        locality: word('pl', owner === 'none'),
        postal_code: '60601',
        timezone: 'America/Chicago',
        formatted_address: word('pa', true),
        administrative_area_level_1: 'Illinois',
        administrative_area_level_1_short: 'IL',
      },
      anytime: false,
      draft: false,
      privacy: owner === 'none' ? 'PUBLIC' : 'PRIVATE',
      age_limit: 0,
      allow_guests: true,
      participant_approval_required: false,
      show_volunteer_counter: true,
      point_person: {
        name: word('qn', owner === 'none'),
        phone: word('qp', owner === 'none'),
        email: emailOf(word('qe', owner === 'none')),
      },
      campaign_ids: owner === 'none' ? [7_210_001] : [7_210_002],
      ...made,
      published_at_ms: made.created_at_ms,
    }
  }

  function date(project_id: number, which: number, startsAtMs: number): ProjectDate {
    const needs = [
      { id: 7_600_000 + (project_id % 1000), name: 'Helper', type: 'role' as const, capacity: null },
    ]
    return {
      id: project_id + 500_000 + which * 100_000,
      project_id,
      starts_at_ms: startsAtMs,
      ends_at_ms: startsAtMs + 7_200_000,
      needs,
    }
  }

  const shared = ['pn', 'po'].map((name, i) => project(7_410_001 + i, { owner: 'none', name }))
  const own = places.map((place) => project(7_411_000 + place, { owner: place, name: 'pn' }))
  const projects = [...shared, ...own]
  const behind = projects.map(({ id }, i) => date(id, 0, today - (20 + (i % 60)) * dayMs + 54_000_000))
  const ahead = projects.map(({ id }, i) => date(id, 1, today + (3 + (i % 20)) * dayMs + 54_000_000))

  let participationId = 7_700_001
  const participations = places.flatMap((place): Participation[] => {
    const theirs = (field: string) => say({ tenant, owner: place, field, isShown: true })
    const row = (at: ProjectDate | undefined, role: string, more: Partial<Participation> = {}) => ({
      id: participationId++,
      user_id: vomoUserIdOf(place),
      project_id: at?.project_id ?? 0,
      project_date_id: at?.id ?? null,
      signed_up_at_ms: today - 90 * dayMs,
      checked_in_at_ms: null,
      checked_out_at_ms: null,
      hours: null,
      verified: false,
      role,
      guests: 0,
      ...more,
    })
    const past = { checked_in_at_ms: today - 20 * dayMs, hours: 2.5, verified: true }
    const [sharedBehind, ownBehind] = [behind[0], behind[shared.length + place]]
    const [sharedAhead, ownAhead] = [ahead[0], ahead[shared.length + place]]
    return [
      row(sharedBehind, theirs('ra'), past),
      row(ownBehind, theirs('rb'), past),
      row(sharedAhead, theirs('rc')),
      row(ownAhead, theirs('rd')),
      row(ownBehind, theirs('re'), {
        need: { id: 7_650_000 + place, name: theirs('rf'), type: 'item', capacity: null },
        quantity: 1,
      }),
    ]
  })
  const groups: Group[] = [
    {
      id: 7_500_001,
      parent_id: null,
      name: ours('gn', true),
      description: ours('gd', false),
      member_ids: places.map(vomoUserIdOf),
      ...made,
    },
    ...places.map((place) => ({
      id: 7_500_100 + place,
      parent_id: 7_500_001,
      name: say({ tenant, owner: place, field: 'gn', isShown: true }),
      description: say({ tenant, owner: place, field: 'gd', isShown: false }),
      member_ids: [vomoUserIdOf(place)],
      ...made,
    })),
  ]
  const emails = users.map(({ email }) => email ?? '')
  return {
    slug,
    name: slug,
    vomoToken: `vomo_${slug}_${tenant.repeat(40)}`,
    vomoProbeToken: `vomo_${slug}_probe_${tenant.repeat(34)}`,
    volunteers: emails.slice(0, volunteers),
    staff: emails.slice(volunteers),
    campaigns: campaigns.map((campaign) => campaign.slug),
    records: {
      organizations,
      campaigns,
      users,
      projects,
      dates: [...behind, ...ahead],
      participations,
      groups,
      certificates,
      earned: users.map(({ id }) => ({
        user_id: id,
        certificate_id: 7_220_001,
        earned_at_ms: today - 100 * dayMs,
        expires_at_ms: today + 100 * dayMs,
      })),
    },
  }
}
