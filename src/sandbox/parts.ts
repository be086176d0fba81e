import type { Caller } from './api/call.ts'
import type { CallLog } from './call-log.ts'
import type { SandboxOptions } from './options.ts'
import type { IndexedRecords, TokenKind } from './world/world.ts'

export type SandboxParts = {
  /** By token. */
  callers: Map<string, Caller>
  /** By customer slug, the first being where a person is looked for when nobody says which. */
  recordsBySlug: Map<string, IndexedRecords>
  /** Held by reference: the control routes and the countdowns change it. */
  options: SandboxOptions
  rateLimits: Record<TokenKind, number>
  calls: CallLog
  /** Where browsers reach the site; asked when a link is made, since the port is known only once we listen. */
  siteOrigin: () => string
  clock: () => number
  onFault: (error: unknown) => void
}
