import type { Generated } from 'kysely'
import type { Blob, Fixed } from './column.ts'

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
