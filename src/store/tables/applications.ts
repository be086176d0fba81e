import type { Generated } from 'kysely'
import type { Blob, Fixed } from './column.ts'

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
  ended_because: 'signed_out' | 'reused' | 'disabled' | 'first_verified' | 'restored' | null
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
