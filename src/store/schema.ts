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
  reminder: ReminderTable
  reminded: RemindedTable
  milestone_seen: MilestoneSeenTable
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
  /** The host name of its visitors, in lower case, with the port unless it is the scheme's own. */
  host: string
  /** `https://volunteers.example.org`; emails and API answers are built from it. */
  public_origin: string
  contact_name: string | null
  contact_email: string | null
  colour: string | null
  /** JSON of its words for hours it has confirmed, by language; `null` for the default words. */
  hours_verified: Generated<string | null>
  /** Whether its pages mention confirmation at all. 0 or 1. */
  hours_shows_verified: Generated<number>
  /** Within how many days it usually confirms. */
  hours_confirm_days: Generated<number | null>
  /** File name of its logo, with a hash of the picture; the picture is in `customer_logo`. */
  logo_name: Generated<string | null>
  logo_width: Generated<number | null>
  logo_height: Generated<number | null>
  /** Whether the picture is drawn for a dark background, too. 0 or 1. */
  logo_suits_dark: Generated<number>
  time_zone: string
  /** ISO 3166, two letters: where phone numbers without `+` are dialed. */
  country: Generated<string>
  /** JSON of its own nouns, by language; `null` when it has none. */
  own_terms: Generated<string | null>
  /** Whether an address that is not on record gets the email that says so. 0 or 1. */
  mails_strangers: number
  /** How strictly links made by its own systems check the visitor's address. */
  link_ip_rule: Generated<IpRule>
  /** Whether such links always require a click. 0 or 1. */
  link_needs_button: Generated<number>
  created_at_ms: Fixed<number>
}

/** The fields a customer shows of its volunteers' records, every choice it ever made; the highest version is in effect. */
export type FieldChoiceTable = {
  customer_id: Fixed<string>
  version: Fixed<number>
  /** JSON of a `FieldChoice`. */
  choice: Fixed<string>
  /** Who made it: `operator`, or the person id of a member of staff. */
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

/** How the proxies in front behave, one row for each kind; see `http/forwarding.ts`. */
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
  /** JSON of a `VomoProject`, or `null` when VOMO says there is none. */
  body: string | null
  fetched_at_ms: number
}

export type PersonTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  /** Staff need no VOMO record. */
  vomo_user_id: Fixed<string | null>
  /** Normalized by `address.ts`. */
  address: string
  standing: 'active' | 'orphaned' | 'stale' | 'disabled'
  sessions_valid_after_ms: number
  /** Copies of the VOMO record that were asked for earlier are out of date. */
  record_changed_at_ms: Generated<number>
  /** The language they last signed in with or chose: a `LanguageName`. For emails they do not ask for. */
  language: Generated<string | null>
  /** When VOMO first and last denied the record; both empty once it showed the record again. */
  missing_since_ms: Generated<number | null>
  missing_seen_ms: Generated<number | null>
  created_at_ms: Fixed<number>
}

export type StaffTable = {
  customer_id: Fixed<string>
  /** Normalized by `address.ts`. */
  address: Fixed<string>
  role: 'viewer' | 'coordinator' | 'owner'
  created_at_ms: Fixed<number>
}

export type SignInRequestTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  asked_hash: Fixed<Blob>
  /** Normalized by `address.ts`; the row is the same for known and unknown addresses. */
  address: Fixed<string>
  /** What the next page may show: the address as typed, or masked when it was not typed. */
  shown_address: Fixed<string>
  landing: Fixed<string>
  /** The language of the email that answers it: a `LanguageName`. */
  language: Fixed<string>
  asked_at_ms: Fixed<number>
  expires_at_ms: number
  code_tries: number
  /** Whether the browser that asked had signed in as this address before. 0 or 1. */
  from_known_browser: Generated<number>
}

/** One wrong code, counted by address across requests. */
export type WrongCodeTable = {
  customer_id: Fixed<string>
  address: Fixed<string>
  at_ms: Fixed<number>
  /** Copied from its request: each kind counts separately. 0 or 1. */
  from_known_browser: Generated<number>
}

/** A browser that has signed in as a person, with what proved their address: see `sign-in/session/known-browsers.ts`. */
export type KnownBrowserTable = {
  key_hash: Blob
  person_id: Fixed<string>
  customer_id: Fixed<string>
  /** The proved address. */
  address: Fixed<string>
  /** The `link_id` of the session that began. */
  proof_id: Fixed<string>
  signed_in_at_ms: Fixed<number>
  expires_at_ms: Fixed<number>
}

/** A limit that all processes share, under a keyed hash of what it counts by: see `limits.ts`. */
export type LimitCountTable = {
  name: Fixed<string>
  key_hash: Fixed<Blob>
  /** When everything taken is available again. */
  free_at_ms: number
}

export type LinkTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  /** `auth` signs one person in, once; `shorten` redirects, many times. */
  purpose: Fixed<'auth' | 'shorten' | 'invite'>
  issuer: Fixed<'portal' | 'application' | 'staff' | 'operator'>
  /** The application, or the member of staff's person. */
  issuer_id: Fixed<string | null>
  person_id: Fixed<string | null>
  /** The person it is for; normalized by `address.ts`. */
  address: Fixed<string | null>
  /** A path of our own. */
  landing: Fixed<string | null>
  secret_hash: Fixed<Blob>
  /** The code beside the link in the same email, bound to the request it answers. */
  code_hash: Fixed<Blob | null>
  request_id: Fixed<string | null>
  ip_rule: Fixed<IpRule>
  /** JSON: addresses and CIDR blocks. */
  ip_addresses: Fixed<string>
  /** Whether the session it opens may be a staff session, for as long as the person is staff. 0 or 1. */
  opens_staff: Fixed<number>
  issued_at_ms: Fixed<number>
  /** Counted from the moment a mail server accepted its email; for a link without an email, from its issue. */
  life_ms: Fixed<number>
  accepted_at_ms: number | null
  expires_at_ms: number
  spent_at_ms: number | null
  revoked_at_ms: number | null
  revoked_because: 'replaced' | 'sibling_spent' | 'not_me' | 'withdrawn' | null
  /** For a mailed link: whether the browser that asked was known. 0 or 1. */
  from_known_browser: Generated<number>
  /** All opens, including those beyond the stored ones. */
  open_count: number
}

/** `off` checks no address; `warn` records a wrong one; `confirm` asks for a mailed code; `strict` refuses. */
export type IpRule = 'off' | 'warn' | 'confirm' | 'strict'

/** One open of a link's page, by a person or a program: for explaining, never for deciding. */
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
  /** The default destination of its links, and the base of relative ones. */
  default_redirect_url: string | null
  /** JSON: the origins its links may lead to, besides the default redirect's. */
  allowed_origins: Generated<string>
  /** JSON: field name to its rules; `null` means the default five fields. */
  profile_schema: string | null
  /** JSON: the fields that identify a profile. */
  verification_fields: Generated<string>
  /** Whether unknown fields are dropped instead of refused. 0 or 1. */
  is_lenient: Generated<number>
  user_id_format: Generated<UserIdFormat>
  /** Whether its links may open a session of the portal. 0 or 1. */
  portal_sign_in: Generated<number>
  /** Whether its sign-in links require a click. */
  auth_click: Generated<'confirm' | 'instant'>
  /** How a site elsewhere learns who has just signed in. */
  session_handoff: Generated<'code' | 'rph_init' | 'none'>
  /** JSON: the audiences of its tokens besides the application. */
  extra_audiences: Generated<string>
  /** Whether a link may create a profile for a new user. 0 or 1. */
  takes_new_people: Generated<number>
  /** JSON: the email domains allowed for new profiles; empty means any. */
  email_domains: Generated<string>
  /** Whether we may email its invitations. 0 or 1. */
  mails_invites: Generated<number>
  created_at_ms: Fixed<number>
}

/** The format of ids for an application's new profiles. */
export type UserIdFormat = '__uuid__' | '__objectid__' | '__rowndid__'

/** A publishable key and its secret. */
export type ApplicationCredentialTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  application_id: Fixed<string>
  name: string
  /** Public by design, so stored in plain text. */
  key_text: Fixed<string>
  secret_hash: Fixed<Blob>
  created_at_ms: Fixed<number>
  expires_at_ms: number | null
  last_used_at_ms: number | null
  revoked_at_ms: number | null
}

/** An application's data about a user. It is not a person. */
export type ProfileTable = {
  application_id: Fixed<string>
  /** Unique within its application only. */
  id: Fixed<string>
  /** JSON: field to value. */
  data: string
  /** JSON: field to the value its owner has proved. */
  verified: string
  /** JSON: identifying field to the time its value last changed. */
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

/** A value that identifies a profile. Of several profiles with one value, at most one has proved it. */
export type ProfileIdentifierTable = {
  application_id: Fixed<string>
  field: Fixed<string>
  /** Normalized. */
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
  /** JSON: the application's own data. */
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

/** An invitation into a circle. Only its members may learn who is invited, with which roles, and whether it was accepted. */
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

/** The key that signs a customer's tokens; published for longer than it signs. */
export type SigningKeyTable = {
  customer_id: Fixed<string>
  /** `sig-` and seconds since the epoch. */
  id: Fixed<string>
  /** JSON: a JWK. */
  public_key: Fixed<string>
  private_key_sealed: Fixed<Blob>
  published_at_ms: Fixed<number>
  signs_from_ms: number
  /** No longer published from this time on. */
  retired_at_ms: number | null
}

/** One sign-in at an application: all refresh tokens that descend from it. */
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
  /** Random, chosen when it was spent: the successor is derived from it and the token itself. */
  successor_salt: Blob | null
}

/** What a redirect to a site elsewhere carries instead of tokens: its server exchanges it, once, within a minute. */
export type HandoffCodeTable = {
  code_hash: Fixed<Blob>
  application_id: Fixed<string>
  profile_id: Fixed<string>
  family_id: Fixed<string>
  /** JSON of the exchange's answer, with its tokens not yet signed. */
  answer_sealed: Fixed<Blob>
  issued_at_ms: Fixed<number>
  expires_at_ms: Fixed<number>
  used_at_ms: number | null
}

/** The Rownd form's data about a link, until the link itself is deleted. */
export type RowndLinkTable = {
  link_id: Fixed<string>
  application_id: Fixed<string>
  /** The profile an `auth` link is for, if known when it was made; for a new user, the id it reserves. */
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
  /** Networks that people came from. */
  visitors: number
  robots: number
  last_at_ms: number
}

/** Who followed a plain link on one day, so that each counts once; deleted when the day is over. */
export type LinkVisitorTable = {
  link_id: Fixed<string>
  day: Fixed<number>
  /** Hashes the day, the link and the network. */
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
  /** The kind of proof that opened it, as the row in `sign-in/methods.ts` says; links that were made are of kind `link`, too. */
  proof_kind: Fixed<string>
  /** The proof's id, within its kind. Links were the first kind; a migration only adds, so the column keeps their name. */
  link_id: Fixed<string>
  /** Whether it opens the staff pages, for as long as the person is staff. 0 or 1. */
  is_staff: Fixed<number>
  /** Roughly the device that opened it, by name: see `sign-in/session/device.ts`. */
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

/** A volunteer's shifts for calendars that know its secret; at most one per volunteer. */
export type CalendarFeedTable = {
  person_id: Fixed<string>
  customer_id: Fixed<string>
  /** The person's proved address when it was made: with another address it ends. */
  address: string
  secret_hash: Blob
  made_at_ms: number
  /** To the hour. */
  fetched_at_ms: number | null
}

/** A volunteer who asked to be reminded of shifts. */
export type ReminderTable = {
  person_id: Fixed<string>
  customer_id: Fixed<string>
  switched_on_at_ms: Fixed<number>
  /** When their record is read next. */
  look_at_ms: number
}

/** What a volunteer was reminded of, until a day after it. A shift that moves is another one. */
export type RemindedTable = {
  person_id: Fixed<string>
  shift_key: Fixed<string>
  starts_at_ms: Fixed<number>
  mail_id: string | null
}

/** What a volunteer was thanked for on a page, which shows it once. */
export type MilestoneSeenTable = {
  person_id: Fixed<string>
  name: Fixed<string>
  seen_at_ms: Fixed<number>
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
  /** The id of its link. */
  about: Fixed<string | null>
  /** When it bounced after it was accepted. */
  bounced_at_ms: number | null
  /** Code and step of the last failure, `5.1.1 RCPT`; for an email still waiting, of its last try. */
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
  /** A fixed short text, hashed with that secret. */
  check_hash: Fixed<Blob>
  since_ms: Fixed<number>
}
