/** What VOMO stores, as rows in VOMO's own words. Times are whole seconds since the epoch, held in ms. */
export type World = { customers: Customer[] }

/** A token's kind decides its rate limit: a probe reads the same records without spending the portal's calls. */
export type TokenKind = 'portal' | 'probe'

export type Customer = {
  slug: string
  name: string
  vomoToken: string
  vomoProbeToken: string
  /** Emails of ordinary people whom a test may sign in as. */
  volunteers: string[]
  /** Emails of active users who hold a staff role in VOMO. */
  staff: string[]
  /** Slugs. */
  campaigns: string[]
  records: Records
}

export type Records = {
  organizations: Organization[]
  campaigns: Campaign[]
  users: User[]
  projects: Project[]
  dates: ProjectDate[]
  participations: Participation[]
  groups: Group[]
  certificates: Certificate[]
  earned: EarnedCertificate[]
}

export type Organization = {
  id: number
  parent_id: number | null
  name: string
  slug: string
  type: string
  description: string | null
  email: string
  phone: string
  groups_moniker: string
  project_moniker: string
  campaign_moniker: string
  created_at_ms: number
  updated_at_ms: number
}

export type Campaign = {
  id: number
  name: string
  slug: string
  description: string | null
  /** Whether VOMO has a picture of it. */
  has_picture: boolean
  created_at_ms: number
  updated_at_ms: number
}

export type Group = {
  id: number
  parent_id: number | null
  name: string
  description: string | null
  member_ids: number[]
  created_at_ms: number
  updated_at_ms: number
}

/** A certificate a user can hold; `expiration_length` in days. */
export type Certificate = {
  id: number
  name: string
  description: string | null
  expiration_length: number | null
  created_at_ms: number
}

export type EarnedCertificate = {
  user_id: number
  certificate_id: number
  earned_at_ms: number
  expires_at_ms: number | null
}

export type User = {
  id: number
  first_name: string | null
  last_name: string | null
  email: string | null
  address: string | null
  phone: string | null
  birthday: string | null
  gender: string | null
  created_at_ms: number
  updated_at_ms: number
  user_status: string
  membership_status: string
  membership_role: string
  profile_field_values: ProfileFieldValue[]
  /** False for a user whose account belongs to an organization outside the token's family. */
  is_own_account: boolean
  is_removed: boolean
}

export type ProfileFieldValue = { id: number; profile_field_id: number; name: string; value: unknown }

export type Address = {
  lat: number
  lng: number
  route: string
  street_number: string
  venue: string | null
  country: string
  country_short: string
  locality: string
  postal_code: string
  timezone: string
  formatted_address: string
  administrative_area_level_1: string
  administrative_area_level_1_short: string
}

export type Project = {
  id: number
  name: string
  slug: string
  description: string
  organization_id: number
  owner_user_id: number
  address: Address
  anytime: boolean
  draft: boolean
  privacy: 'PUBLIC' | 'PRIVATE' | 'UNLISTED'
  age_limit: number
  allow_guests: boolean
  participant_approval_required: boolean
  /** Whether VOMO's page says how many places are left. */
  show_volunteer_counter: boolean
  point_person: { name: string; phone: string; email: string }
  campaign_ids: number[]
  created_at_ms: number
  updated_at_ms: number
  published_at_ms: number | null
}

export type ProjectDate = {
  id: number
  project_id: number
  starts_at_ms: number
  ends_at_ms: number
  needs: Need[]
}

export type Need = { id: number; name: string; type: 'role' | 'item'; capacity: number | null }

export type Participation = {
  id: number
  user_id: number
  project_id: number
  /** Null or absent on anytime projects; answers show either as it is. */
  project_date_id?: number | null
  signed_up_at_ms: number
  checked_in_at_ms: number | null
  checked_out_at_ms: number | null
  /** VOMO writes 2.5 here and "2.50" there; a row keeps the form it was stored in. */
  hours: number | string | null
  verified: boolean | 0 | 1
  role: string
  guests: number
  status?: string
  /** Only on gifts in kind. */
  need?: Need
  quantity?: number
}

/** Records with the indexes that keep answers fast. */
export type IndexedRecords = Records & {
  userById: Map<number, User>
  projectById: Map<number, Project>
  dateById: Map<number, ProjectDate>
  organizationById: Map<number, Organization>
  campaignById: Map<number, Campaign>
  groupById: Map<number, Group>
  datesOfProject: Map<number, ProjectDate[]>
  participationsOfUser: Map<number, Participation[]>
  participationsOfDate: Map<number, Participation[]>
}

/** The organization a token was made for; the others are its children. It runs the campaigns and owns the hub. */
export function rootOrganization({ organizations }: Records): Organization {
  const root = organizations.find((organization) => organization.parent_id === null)
  if (!root) throw new Error('A customer needs an organization without a parent.')
  return root
}

export function indexRecords(records: Records): IndexedRecords {
  const users = records.users.toSorted((a, b) => a.id - b.id)
  const projects = records.projects.toSorted((a, b) => a.id - b.id)
  const dates = records.dates.toSorted((a, b) => a.starts_at_ms - b.starts_at_ms || a.id - b.id)
  return {
    ...records,
    users,
    projects,
    dates,
    userById: byId(users),
    projectById: byId(projects),
    dateById: byId(dates),
    organizationById: byId(records.organizations),
    campaignById: byId(records.campaigns),
    groupById: byId(records.groups),
    datesOfProject: groupBy(dates, (date) => date.project_id),
    participationsOfUser: groupBy(records.participations, (row) => row.user_id),
    participationsOfDate: groupBy(records.participations, (row) => row.project_date_id),
  }
}

function byId<Row extends { id: number }>(rows: Row[]): Map<number, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}

function groupBy<Row>(rows: Row[], keyOf: (row: Row) => number | null | undefined): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    if (key === null || key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}
