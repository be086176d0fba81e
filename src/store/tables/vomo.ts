import type { Blob, Fixed } from './column.ts'

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
