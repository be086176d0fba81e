import type { Caller } from './api/call.ts'
import type { CallLog } from './call-log.ts'
import type { SandboxOptions } from './options.ts'
import type { Deliveries } from './webhooks/deliver.ts'
import type { Teller } from './webhooks/payloads.ts'
import type { IndexedRecords, TokenKind } from './world/world.ts'

export type SandboxParts = {
  /** Keyed by token. */
  callers: Map<string, Caller>
  /** Keyed by customer slug. A look-up without a customer starts with the first. */
  recordsBySlug: Map<string, IndexedRecords>
  /** Held by reference: the control routes and the countdowns change it. */
  options: SandboxOptions
  rateLimits: Record<TokenKind, number>
  calls: CallLog
  deliveries: Deliveries
  /** Tells of changes by webhooks. */
  teller: Teller
  /** The site's origin for browsers. A function, because the port is known only once we listen. */
  siteOrigin: () => string
  clock: () => number
  onFault: (error: unknown) => void
}
