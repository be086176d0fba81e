import type { SandboxOptions } from '../options.ts'
import type { OneTimeLinks } from '../site/one-time-links.ts'
import type { Customer, IndexedRecords, TokenKind } from '../world/world.ts'
import type { Answer } from './answers.ts'

/** Whom a token speaks for. */
export type Caller = { customer: Customer; records: IndexedRecords; kind: TokenKind }

/** One authenticated call, as the endpoints see it. */
export type Call = {
  customer: Customer
  records: IndexedRecords
  options: SandboxOptions
  /** Without query, as the caller addressed us: `http://localhost:3001/v1/users`. */
  address: string
  origin: string
  /** Of the site people visit, however the caller addressed us: `http://localhost:3001`. */
  siteOrigin: string
  /** Empty values count as absent and the last of several wins, as in Laravel. */
  query: Record<string, string>
  /** The id in the path; NaN when it is not a number, which no record has. */
  id: number
  /** Empty on a GET. */
  body: string
  links: OneTimeLinks
  nowMs: number
  random: () => number
}

export type Endpoint = (call: Call) => Answer

/** Ids are numbers or strings, by option; `mixed` is numbers in everything that is read. */
export function wireId(call: Call, id: number): number | string {
  return call.options.id_style === 'string' ? String(id) : id
}
