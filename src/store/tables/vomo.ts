import type { ColumnType } from 'kysely'
import type { Blob, Fixed } from './column.ts'

export type VomoAccessTable = {
  customer_id: Fixed<string>
  /** With `/v1`, without a trailing slash. */
  base_url: string
  token_sealed: Blob
  /** Calls this customer's token may cost in any 60 seconds. */
  budget_per_minute: number
  /** What the budget may rise to; `null` or less: no further than that. */
  budget_ceiling: number | null
}

/** The calls of a customer's last minute. */
export type VomoCallTable = {
  customer_id: Fixed<string>
  at_ms: Fixed<number>
  /** Of `vomo/flow/budget.ts`. */
  kind: ColumnType<string, string | undefined, never>
  /** The user whom the call is about, where one person waits for it. */
  vomo_user_id: ColumnType<string | null, string | null | undefined, null>
}

/** What VOMO's answers taught of a customer's budget; see `vomo/flow/learned.ts`. */
export type VomoBudgetTable = {
  customer_id: Fixed<string>
  per_minute: number
  changed_at_ms: number
  paused_until_ms: number
  limited_at_ms: number | null
  refused_at: number | null
  retry_after_ms: number | null
  limit_said: number | null
  /** When a call last found the budget used up. */
  waited_at_ms: number | null
}

/** People whose call found the budget used up, and who have not been served since. */
export type VomoWaitTable = {
  customer_id: Fixed<string>
  vomo_user_id: Fixed<string>
  kind: string
  /** When they were first refused: of those who have nothing to look at, who waits longest goes first. */
  since_ms: number
  /** When they no longer count as waiting. */
  until_ms: number
}

/** The processes whose circuit breaker for a customer's VOMO is open. */
export type VomoBreakerTable = {
  customer_id: Fixed<string>
  process_id: Fixed<string>
  opened_at_ms: number
}

/** A list of a customer's VOMO, as the process that keeps it warm has read it; see `vomo/copies/shared-copies.ts`. */
export type VomoCopyTable = {
  customer_id: Fixed<string>
  name: Fixed<string>
  body_sealed: Blob
  kept_at_ms: number
}

export type VomoProjectTable = {
  customer_id: Fixed<string>
  vomo_project_id: Fixed<string>
  /** JSON of a `VomoProject`, or `null` when VOMO says there is none. */
  body: string | null
  fetched_at_ms: number
}

/** The record of a person known here; see `vomo/people/person-shelf.ts`. */
export type VomoPersonCopyTable = {
  person_id: Fixed<string>
  body_sealed: Blob
  asked_at_ms: number
}

/** How far a customer's directory is read; see `vomo/directory/directory.ts`. */
export type VomoDirectoryTable = {
  customer_id: Fixed<string>
  /** The token and address it was read under. */
  account_hash: Blob
  /** Counts the walks from the first page to the last. */
  pass: number
  /** Where the walk under way goes on; `null` when none is. */
  next_page: number | null
  last_page: number | null
  began_at_ms: number
  /** When the last whole walk began. */
  whole_at_ms: number | null
  /** Up to when changes were read. */
  news_at_ms: number | null
  /** Up to when VOMO's webhooks told of no change. */
  heard_at_ms: number | null
  /** How many were missing from the last whole walk, where they were too many to believe it. */
  doubted: number
  /** When the people known here were compared with it last; `null` when it has learned something since. */
  compared_at_ms: number | null
}

/** One of the organization's people in VOMO, whether or not they use the portal. */
export type VomoDirectoryEntryTable = {
  customer_id: Fixed<string>
  vomo_user_id: Fixed<string>
  address_hash: Blob | null
  body_sealed: Blob
  /** The number of the sheet that a search reads them on. */
  sheet: number | null
  asked_at_ms: number
  /** When the whole walk began that did not meet them. */
  unseen_since_ms: number | null
}

/** A few hundred people of the directory, as a search reads them; see `vomo/directory/sheets.ts`. */
export type VomoDirectorySheetTable = {
  customer_id: Fixed<string>
  number: Fixed<number>
  people: number
  /** Another one with each change. */
  revision: string
  body_sealed: Blob
}

/** A user's record that a process reads at this moment, so that the others wait for it; see `vomo/people/one-flight.ts`. */
export type VomoPersonReadTable = {
  customer_id: Fixed<string>
  vomo_user_id: Fixed<string>
  until_ms: number
}
