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
  /** Whether staff hand the link itself over; of the others that they make, a code is read out. 0 or 1. */
  is_handed_over: Generated<number>
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

/** A file of addresses for each of which a link is made. Its rows are gone with it. */
export type LinkBatchTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  /** The member of staff's person. */
  made_by: Fixed<string>
  state: 'checked' | 'working' | 'ended'
  made_at_ms: Fixed<number>
  /** Of each link. */
  life_ms: number | null
  /** Whether each person is emailed their link, and the file says only who got none. 0 or 1; once it is worked on. */
  is_emailed: Generated<number>
  ended_at_ms: number | null
  /** When it is deleted. */
  expires_at_ms: number
}

/** `ready`: the directory names its person. `unlisted`: VOMO is asked first. `refused`: no link could be made. */
export type BatchRowState = 'ready' | 'unlisted' | 'fault' | 'made' | 'refused'

export type LinkBatchRowTable = {
  batch_id: Fixed<string>
  /** As a spreadsheet counts. */
  row_number: Fixed<number>
  /** What the row says, and where its link goes. */
  row_sealed: Fixed<Blob>
  /** Of a readable address: of the rows that are not at fault, no two of a batch have the same. */
  address_hash: Fixed<Blob | null>
  state: BatchRowState
  /** Why there is no link. */
  fault: string | null
  link_id: string | null
  /** The address of the link, until the batch is deleted. */
  link_sealed: Blob | null
}
