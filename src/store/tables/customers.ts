import type { Generated } from 'kysely'
import type { Blob, Fixed } from './column.ts'
import type { IpRule } from './links.ts'

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
  /** Whether people may choose a password to sign in with. 0 or 1. */
  passwords: Generated<number>
  /** Whether people whose records share an address may prove which one is theirs. 0 or 1. */
  lets_choose_record: Generated<number>
  /** How strictly links made by its own systems check the visitor's address. */
  link_ip_rule: Generated<IpRule>
  /** Whether such links always require a click. 0 or 1. */
  link_needs_button: Generated<number>
  /** Whether its people may sign in with passkeys. 0 or 1. */
  passkeys: Generated<number>
  /** How long sessions live where that is shorter than ours: see `customers/session-lives.ts`. */
  session_days: Generated<number | null>
  session_unused_days: Generated<number | null>
  staff_session_hours: Generated<number | null>
  staff_session_unused_minutes: Generated<number | null>
  /** Whether staff are told once a day of problems that are open. 0 or 1. */
  problem_emails: Generated<number>
  /** When such an email was last due. */
  problems_told_at_ms: Generated<number | null>
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

export type StaffTable = {
  customer_id: Fixed<string>
  /** Normalized by `address.ts`. */
  address: Fixed<string>
  role: 'viewer' | 'coordinator' | 'owner'
  created_at_ms: Fixed<number>
}

/** What an organization tells its volunteers for a while. */
export type AnnouncementTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  /** JSON by language: see `customers/announcements.ts`. */
  texts: string
  starts_at_ms: number
  ends_at_ms: number
  changed_at_ms: number
}
