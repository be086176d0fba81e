import type { Generated } from 'kysely'
import type { Blob, Fixed } from './column.ts'

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
  /** Whether VOMO had another record with their address when it was last asked. 0 or 1. */
  shares_address: Generated<number>
  /** When VOMO first and last denied the record; both empty once it showed the record again. */
  missing_since_ms: Generated<number | null>
  missing_seen_ms: Generated<number | null>
  created_at_ms: Fixed<number>
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

/** Of `problems/kinds.ts`. */
export type ProblemKind =
  | 'address_changed'
  | 'record_gone'
  | 'merged'
  | 'two_records'
  | 'provider_differs'
  | 'mail_undelivered'
  | 'not_understood'
  | 'too_many_calls'

/** What keeps a person from their record until it is mended; see `problems/problems.ts`. */
export type ProblemTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  kind: Fixed<ProblemKind>
  /** The person's id; empty where it is about all of a customer. */
  subject: Fixed<string>
  person_id: Fixed<string | null>
  first_seen_ms: Fixed<number>
  last_seen_ms: number
  count: number
  closed_at_ms: number | null
  /** A code or a count, never an address. */
  note: string
  /** What staff wrote when they closed it; empty when it healed. */
  closed_note: string
  /** When staff asked that VOMO be asked again, until it was. */
  recheck_asked_ms: number | null
}
