import type { SandboxOptions } from '../options.ts'
import type { OneTimeLinks } from '../site/one-time-links.ts'
import type { Customer, IndexedRecords, TokenKind, User } from '../world/world.ts'
import type { Answer } from './answers.ts'

/** The customer a token belongs to. */
export type Caller = { customer: Customer; records: IndexedRecords; kind: TokenKind }

/** One authenticated call, as the endpoints see it. */
export type Call = {
  customer: Customer
  records: IndexedRecords
  options: SandboxOptions
  /** The URL without query, as the caller wrote it: `http://localhost:3001/v1/users`. */
  address: string
  origin: string
  /** The origin of the site that people visit, independent of the address the caller used: `http://localhost:3001`. */
  siteOrigin: string
  /** As in Laravel, an empty value counts as absent, and the last of several wins. */
  query: Record<string, string>
  /** The id in the path; NaN, which no record has, when it is not a number. */
  id: number
  /** Empty on a GET. */
  body: string
  links: OneTimeLinks
  nowMs: number
  random: () => number
  /** Tells others that a user changed. */
  saved: (user: User, isNew: boolean) => void
}

export type Endpoint = (call: Call) => Answer

/** Ids are numbers or strings, depending on the options; `mixed` means numbers in every answer to a read. */
export function wireId(call: Call, id: number): number | string {
  return call.options.id_style === 'string' ? String(id) : id
}
