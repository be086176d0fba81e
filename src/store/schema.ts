import type { ColumnType, Generated } from 'kysely'

/** Times are integer milliseconds since the epoch; `…_hash` are keyed hashes, `…_sealed` is AES-256-GCM (see `secrets.ts`). */
export type Schema = {
  customer: CustomerTable
  customer_logo: CustomerLogoTable
  field_choice: FieldChoiceTable
  vomo_access: VomoAccessTable
  vomo_call: VomoCallTable
  vomo_project: VomoProjectTable
  person: PersonTable
  staff: StaffTable
  sign_in_request: SignInRequestTable
  wrong_code: WrongCodeTable
  known_browser: KnownBrowserTable
  limit_count: LimitCountTable
  link: LinkTable
  link_open: LinkOpenTable
  application: ApplicationTable
  api_token: ApiTokenTable
  application_credential: ApplicationCredentialTable
  profile: ProfileTable
  profile_identifier: ProfileIdentifierTable
  circle: CircleTable
  circle_member: CircleMemberTable
  circle_invite: CircleInviteTable
  signing_key: SigningKeyTable
  token_family: TokenFamilyTable
  refresh_token: RefreshTokenTable
  handoff_code: HandoffCodeTable
  rownd_link: RowndLinkTable
  link_day: LinkDayTable
  link_visitor: LinkVisitorTable
  session: SessionTable
  calendar_feed: CalendarFeedTable
  job: JobTable
  outbox: OutboxTable
  audit_event: AuditEventTable
  secret_check: SecretCheckTable
  forwarding_seen: ForwardingSeenTable
}

type Blob = Uint8Array
/** Written once, never updated. */
type Fixed<T> = ColumnType<T, T, never>

export type CustomerTable = {
  id: Fixed<string>
  slug: Fixed<string>
  name: string
  /** The `Host` by which its visitors come, in lower case, with the port where it is not the scheme's own. */
  host: string
  /** `https://volunteers.example.org`; what mails and API answers are built from. */
  public_origin: string
  contact_name: string | null
  contact_email: string | null
  colour: string | null
  /** What it says of hours it stands behind, in each language; `null` for the usual word. */
  hours_verified_en: Generated<string | null>
  hours_verified_es: Generated<string | null>
  /** Whether it says so at all. 0 or 1. */
  hours_shows_verified: Generated<number>
  /** Within how many days it usually does. */
  hours_confirm_days: Generated<number | null>
  /** File name of its logo, with a hash of the picture; the picture is in `customer_logo`. */
  logo_name: Generated<string | null>
  logo_width: Generated<number | null>
  logo_height: Generated<number | null>
  /** Whether the picture is drawn for a dark ground, too. 0 or 1. */
  logo_suits_dark: Generated<number>
  time_zone: string
  /** ISO 3166, two letters: where phone numbers without `+` are dialed. */
  country: Generated<string>
  /** JSON of its own nouns, by language; `null` where it has none. */
  own_terms: Generated<string | null>
  /** Whether an address that is not on record gets the mail that says so. 0 or 1. */
  mails_strangers: number
  /** How strictly links made by its own systems look at the visitor's address. */
  link_ip_rule: Generated<IpRule>
  /** Whether such links always ask for a press of a button. 0 or 1. */
  link_needs_button: Generated<number>
  created_at_ms: Fixed<number>
}

/** What a customer shows of its volunteers' records, every choice it ever made; the highest version holds. */
export type FieldChoiceTable = {
  customer_id: Fixed<string>
  version: Fixed<number>
  /** JSON of a `FieldChoice`. */
  choice: Fixed<string>
  /** Who made it: `operator`, or the person of a member of staff. */
  chosen_by: Fixed<string>
  chosen_at_ms: Fixed<number>
}

export type CustomerLogoTable = {
  customer_id: Fixed<string>
  type: string
  body: Blob
}

export type VomoAccessTable = {
  customer_id: Fixed<string>
  /** With `/v1`, without a trailing slash. */
  base_url: string
  token_sealed: Blob
  /** Calls this customer's token may cost in any 60 seconds. */
  budget_per_minute: number
}

export type VomoCallTable = {
  customer_id: Fixed<string>
  at_ms: Fixed<number>
}

export type ForwardingKind = 'read' | 'unreadable' | 'missing' | 'untrusted'

/** What the proxies in front were seen to do, one row for each kind; see `http/forwarding.ts`. */
export type ForwardingSeenTable = {
  kind: Fixed<ForwardingKind>
  proxy: string
  form: string
  count: number
  last_at_ms: number
}

export type VomoProjectTable = {
  customer_id: Fixed<string>
  vomo_project_id: Fixed<string>
  /** JSON of a `VomoProject`, or `null` where VOMO says there is none. */
  body: string | null
  fetched_at_ms: number
}

export type PersonTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  /** Staff need no VOMO record. */
  vomo_user_id: Fixed<string | null>
  /** Normalised by `address.ts`. */
  address: string
  standing: 'active' | 'orphaned' | 'stale' | 'disabled'
  sessions_valid_after_ms: number
  /** Copies of the VOMO record that were asked for earlier no longer say what it holds. */
  record_changed_at_ms: Generated<number>
  /** What they read when they last signed in or chose: a `LanguageName`. For mails they do not ask for. */
  language: Generated<string | null>
  /** When VOMO first said that it has no such record, and when last; both empty once it showed the record again. */
  missing_since_ms: Generated<number | null>
  missing_seen_ms: Generated<number | null>
  created_at_ms: Fixed<number>
}

export type StaffTable = {
  customer_id: Fixed<string>
  /** Normalised by `address.ts`. */
  address: Fixed<string>
  role: 'viewer' | 'coordinator' | 'owner'
  created_at_ms: Fixed<number>
}

export type SignInRequestTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  asked_hash: Fixed<Blob>
  /** Normalised by `address.ts`; known to VOMO or not, the row is the same. */
  address: Fixed<string>
  /** What the page that follows may show: the address as typed, or masked where it was not typed. */
  shown_address: Fixed<string>
  landing: Fixed<string>
  /** What the mail that answers it is written in: a `LanguageName`. */
  language: Fixed<string>
  asked_at_ms: Fixed<number>
  expires_at_ms: number
  code_tries: number
  /** Whether the browser that asked had signed in as this address before. 0 or 1. */
  from_known_browser: Generated<number>
}

/** One wrong code, counted by address whatever the request. */
export type WrongCodeTable = {
  customer_id: Fixed<string>
  address: Fixed<string>
  at_ms: Fixed<number>
  /** As its request: each kind is counted by itself. 0 or 1. */
  from_known_browser: Generated<number>
}

/** A browser that has signed in as a person, by what proved their address: see `sign-in/session/known-browsers.ts`. */
export type KnownBrowserTable = {
  key_hash: Blob
  person_id: Fixed<string>
  customer_id: Fixed<string>
  /** What was proved. */
  address: Fixed<string>
  /** As `link_id` of the session that began. */
  proof_id: Fixed<string>
  signed_in_at_ms: Fixed<number>
  expires_at_ms: Fixed<number>
}

/** A limit that all processes share, by a keyed hash of what it counts by: see `limits.ts`. */
export type LimitCountTable = {
  name: Fixed<string>
  key_hash: Fixed<Blob>
  /** When everything that was taken is given back. */
  free_at_ms: number
}

export type LinkTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  /** `auth` signs one person in, once; `shorten` leads on, many times. */
  purpose: Fixed<'auth' | 'shorten' | 'invite'>
  issuer: Fixed<'portal' | 'application' | 'staff' | 'operator'>
  /** The application, or the member of staff's person. */
  issuer_id: Fixed<string | null>
  person_id: Fixed<string | null>
  /** Whom it is for; normalised by `address.ts`. */
  address: Fixed<string | null>
  /** An own path. */
  landing: Fixed<string | null>
  secret_hash: Fixed<Blob>
  /** The code beside the link in the same mail, bound to the request it answers. */
  code_hash: Fixed<Blob | null>
  request_id: Fixed<string | null>
  ip_rule: Fixed<IpRule>
  /** JSON: addresses and CIDR blocks. */
  ip_addresses: Fixed<string>
  /** Whether the session it opens may be one of staff, for as long as the person is staff. 0 or 1. */
  opens_staff: Fixed<number>
  issued_at_ms: Fixed<number>
  /** From the moment a mail server accepted the mail with it; from its issue where no mail carries it. */
  life_ms: Fixed<number>
  accepted_at_ms: number | null
  expires_at_ms: number
  spent_at_ms: number | null
  revoked_at_ms: number | null
  revoked_because: 'replaced' | 'sibling_spent' | 'not_me' | 'withdrawn' | null
  /** Of a mailed link: whether the browser that asked was known. 0 or 1. */
  from_known_browser: Generated<number>
  /** All opens, those too many to keep included. */
  open_count: number
}

/** `off` looks at no address; `warn` notes a wrong one; `confirm` asks for a mailed code; `strict` refuses. */
export type IpRule = 'off' | 'warn' | 'confirm' | 'strict'

/** Somebody, or something, opened a link's page: for explaining, never for deciding. */
export type LinkOpenTable = {
  id: Fixed<string>
  link_id: Fixed<string>
  at_ms: Fixed<number>
  method: Fixed<string>
  class: Fixed<string>
  reason: Fixed<string>
  /** An IPv4 address or an IPv6 /64. */
  network: Fixed<string>
  user_agent: Fixed<string>
}

/** A customer's system that may call the link API. */
export type ApplicationTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  name: string
  /** Where its links lead when they say nothing, and what relative ones are joined to. */
  default_redirect_url: string | null
  /** JSON: the origins its links may lead to, the default redirect's apart. */
  allowed_origins: Generated<string>
  /** JSON: field name to its rules; `null` is the usual five fields. */
  profile_schema: string | null
  /** JSON: the fields by which a profile is known again. */
  verification_fields: Generated<string>
  /** Whether unknown fields are dropped, not refused. 0 or 1. */
  is_lenient: Generated<number>
  user_id_format: Generated<UserIdFormat>
  /** Whether its links may open a session of the portal. 0 or 1. */
  portal_sign_in: Generated<number>
  /** Whether its sign-in links ask for a press of a button. */
  auth_click: Generated<'confirm' | 'instant'>
  /** How a site elsewhere is told who has just signed in. */
  session_handoff: Generated<'code' | 'rph_init' | 'none'>
  /** JSON: what tokens name as their audience besides the application. */
  extra_audiences: Generated<string>
  /** Whether a link may make a profile for somebody not known yet. 0 or 1. */
  takes_new_people: Generated<number>
  /** JSON: the domains a new profile's e-mail may have; empty is any. */
  email_domains: Generated<string>
  /** Whether its invitations may be mailed from here. 0 or 1. */
  mails_invites: Generated<number>
  created_at_ms: Fixed<number>
}

/** The form in which an application's new profiles get their id. */
export type UserIdFormat = '__uuid__' | '__objectid__' | '__rowndid__'

/** A publishable key and its secret. */
export type ApplicationCredentialTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  application_id: Fixed<string>
  name: string
  /** Public by design, so stored as it is. */
  key_text: Fixed<string>
  secret_hash: Fixed<Blob>
  created_at_ms: Fixed<number>
  expires_at_ms: number | null
  last_used_at_ms: number | null
  revoked_at_ms: number | null
}

/** What an application keeps about somebody. It is not a person. */
export type ProfileTable = {
  application_id: Fixed<string>
  /** Unique within its application only. */
  id: Fixed<string>
  /** JSON: field to value. */
  data: string
  /** JSON: field to the value its owner has proved. */
  verified: string
  /** JSON: identifying field to when its value last changed. */
  changed_at: string
  state: 'enabled' | 'disabled'
  created_at_ms: Fixed<number>
  modified_at_ms: number
  first_sign_in_at_ms: number | null
  first_sign_in_method: string | null
  last_sign_in_at_ms: number | null
  last_sign_in_method: string | null
  last_active_at_ms: number | null
}

/** A value by which a profile is known again. Of profiles with the same value one at most has proved it. */
export type ProfileIdentifierTable = {
  application_id: Fixed<string>
  field: Fixed<string>
  /** Normalised. */
  value: Fixed<string>
  profile_id: Fixed<string>
  verified_at_ms: number | null
}

/** What Rownd calls a group. */
export type CircleTable = {
  id: Fixed<string>
  application_id: Fixed<string>
  name: string
  admission_policy: 'invite_only' | 'open'
  /** JSON: whatever the application keeps there. */
  meta: string | null
  created_by: Fixed<string | null>
  updated_by: string | null
  created_at_ms: Fixed<number>
  updated_at_ms: number
}

export type CircleMemberTable = {
  id: Fixed<string>
  circle_id: Fixed<string>
  application_id: Fixed<string>
  profile_id: Fixed<string>
  /** JSON: an array of roles. */
  roles: string
  state: 'active' | 'invite_pending' | 'invite_rejected'
  added_by: Fixed<string | null>
  invited_by: Fixed<string | null>
  created_at_ms: Fixed<number>
}

/** An invitation into a circle. Who is invited, with what roles, and whether it was accepted, is its member's to say. */
export type CircleInviteTable = {
  id: Fixed<string>
  circle_id: Fixed<string>
  member_id: Fixed<string>
  link_id: Fixed<string>
  /** `user_id`, or the profile's field. */
  lookup_field: Fixed<string>
  lookup_value: Fixed<string>
  redirect_url: string
  variant_id: string | null
  created_at_ms: Fixed<number>
}

/** What signs a customer's tokens; published for longer than it signs. */
export type SigningKeyTable = {
  customer_id: Fixed<string>
  /** `sig-` and seconds since the epoch. */
  id: Fixed<string>
  /** JSON: a JWK. */
  public_key: Fixed<string>
  private_key_sealed: Fixed<Blob>
  published_at_ms: Fixed<number>
  signs_from_ms: number
  /** From here on it is published no more. */
  retired_at_ms: number | null
}

/** One sign-in at an application: all refresh tokens that came of it. */
export type TokenFamilyTable = {
  id: Fixed<string>
  application_id: Fixed<string>
  profile_id: Fixed<string>
  started_at_ms: Fixed<number>
  expires_at_ms: number
  ended_at_ms: number | null
  ended_because: 'signed_out' | 'reused' | 'disabled' | 'first_verified' | null
}

export type RefreshTokenTable = {
  jti_hash: Fixed<Blob>
  family_id: Fixed<string>
  issued_at_ms: Fixed<number>
  expires_at_ms: Fixed<number>
  used_at_ms: number | null
  /** Drawn when it was spent: with the token itself, what its successor is made of. */
  successor_salt: Blob | null
}

/** What a redirect to a site elsewhere carries instead of tokens: exchanged by its server, once, within a minute. */
export type HandoffCodeTable = {
  code_hash: Fixed<Blob>
  application_id: Fixed<string>
  profile_id: Fixed<string>
  family_id: Fixed<string>
  /** JSON of what the exchange answers, its tokens not signed yet. */
  answer_sealed: Fixed<Blob>
  issued_at_ms: Fixed<number>
  expires_at_ms: Fixed<number>
  used_at_ms: number | null
}

/** What the Rownd form keeps with a link, until the link itself is forgotten. */
export type RowndLinkTable = {
  link_id: Fixed<string>
  application_id: Fixed<string>
  /** Whom an `auth` link is for, as far as known when it was made; the id of somebody not known yet is reserved by it. */
  profile_id: Fixed<string | null>
  /** JSON of where it leads and, until it is spent, of what spending it writes. */
  order_sealed: Blob
}

/** How often a plain link was followed on one day: no address, no browser. */
export type LinkDayTable = {
  link_id: Fixed<string>
  /** Days since the epoch, in UTC. */
  day: Fixed<number>
  people: number
  /** Networks from which people came. */
  visitors: number
  robots: number
  last_at_ms: number
}

/** Who followed a plain link on one day, so that they count once; forgotten when the day is over. */
export type LinkVisitorTable = {
  link_id: Fixed<string>
  day: Fixed<number>
  /** Of the day, the link and the network. */
  visitor_hash: Fixed<Blob>
}

export type ApiTokenTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  application_id: Fixed<string>
  name: Fixed<string>
  token_hash: Fixed<Blob>
  /** JSON: an array of scopes. */
  scopes: Fixed<string>
  created_at_ms: Fixed<number>
  expires_at_ms: Fixed<number | null>
  last_used_at_ms: number | null
  revoked_at_ms: number | null
}

export type SessionTable = {
  id: Fixed<string>
  secret_hash: Fixed<Blob>
  customer_id: Fixed<string>
  person_id: Fixed<string>
  /** What opened it. */
  proof_kind: Fixed<'link'>
  /** The proof's id, among its kind. Links were the first; a migration only adds, so the column keeps their name. */
  link_id: Fixed<string>
  /** Whether it opens the staff pages, for as long as the person is staff. 0 or 1. */
  is_staff: Fixed<number>
  /** Roughly what it was opened with, by name: see `sign-in/session/device.ts`. */
  browser: Fixed<string | null>
  system: Fixed<string | null>
  started_at_ms: Fixed<number>
  last_used_at_ms: number
  idle_ms: Fixed<number>
  expires_at_ms: Fixed<number>
  ended_at_ms: number | null
  ended_because:
    | 'signed_out'
    | 'signed_out_elsewhere'
    | 'stale'
    | 'not_me'
    | 'replaced'
    | 'by_operator'
    | null
}

/** A volunteer's shifts for calendars that know its secret; there is at most one for each. */
export type CalendarFeedTable = {
  person_id: Fixed<string>
  customer_id: Fixed<string>
  /** What the person had proved when it was made: under another address it is over. */
  address: string
  secret_hash: Blob
  made_at_ms: number
  /** To the hour. */
  fetched_at_ms: number | null
}

export type JobTable = {
  id: Fixed<string>
  kind: Fixed<string>
  payload_sealed: Fixed<Blob>
  due_at_ms: number
  tries: number
  claimed_until_ms: number
}

export type OutboxTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  kind: Fixed<string>
  recipient: Fixed<string>
  /** Erased once the transport accepted the message. */
  message_sealed: Blob | null
  queued_at_ms: Fixed<number>
  /** After this the message would only mislead: a link that died in the queue is not sent. */
  not_after_ms: Fixed<number>
  sent_at_ms: number | null
  failed_at_ms: number | null
  /** The link in it. */
  about: Fixed<string | null>
  /** Accepted once, and sent back later. */
  bounced_at_ms: number | null
  /** Code and step of what went wrong last, `5.1.1 RCPT`; in a mail still waiting, of its last try. */
  failure: string | null
}

export type AuditEventTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  at_ms: Fixed<number>
  kind: Fixed<string>
  person_id: string | null
  detail: string
}

/** One row for every secret this database was ever written with. */
export type SecretCheckTable = {
  /** The same short text, hashed with that secret. */
  check_hash: Fixed<Blob>
  since_ms: Fixed<number>
}
