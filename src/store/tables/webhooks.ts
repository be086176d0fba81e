import type { Blob, Fixed } from './column.ts'

/** A customer whose VOMO tells us what changed: see `webhooks/`. */
export type WebhookTable = {
  customer_id: Fixed<string>
  secret_sealed: Blob
  /** The secret before it, which counts until `former_until_ms`. */
  former_sealed: Blob | null
  former_until_ms: number | null
  set_at_ms: number
}

/** How many deliveries came within an hour, by what they were about. */
export type WebhookCountTable = {
  customer_id: Fixed<string>
  hour_ms: Fixed<number>
  kind: Fixed<string>
  count: number
  last_at_ms: number
}

export type ChangeSubject = 'user' | 'project' | 'campaigns'

/** What VOMO said changed, one row for each record however often it changes. Nothing else of a delivery is kept. */
export type VomoChangeTable = {
  customer_id: Fixed<string>
  subject: Fixed<ChangeSubject>
  /** Empty for campaigns, whose list is read whole. */
  vomo_id: Fixed<string>
  /** When VOMO last said so. */
  told_at_ms: number
  /** When it may be read again; empty while no read waits. */
  due_at_ms: number | null
  /** When its last read was ordered. */
  ordered_at_ms: number
}
