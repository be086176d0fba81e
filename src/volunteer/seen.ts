import type { Customer } from '../customers/customers.ts'
import type { Visited } from '../customers/visit.ts'
import type { Tools } from '../part.ts'
import { requireVisitor, type Visitor } from '../sign-in/session/visitor.ts'
import type { Language } from '../text/languages.ts'
import { type LoadedVolunteer, loadVolunteer } from './rows/load.ts'
import { volunteerFrame } from './volunteer-frame.ts'

/** A request of a signed-in volunteer: who, at which customer, when, and in which language. */
export type Seen = { customer: Customer; visitor: Visitor; nowMs: number; language: Language }

/** @throws {Refusal} as `requireVisitor` */
export async function see(tools: Tools, c: Visited): Promise<Seen> {
  return seenOf(tools, c, await requireVisitor(tools, c))
}

export function seenOf(tools: Tools, c: Visited, visitor: Visitor): Seen {
  return { customer: c.get('customer'), visitor, nowMs: tools.clock(), language: c.get('language')() }
}

/** The visitor's rows. */
export function loadSeen({ vomo, clock }: Tools, { customer, visitor }: Seen): Promise<LoadedVolunteer> {
  const { id: customerId, timeZone } = customer
  return loadVolunteer({ vomo, customerId, record: visitor.record, clock, timeZone })
}

export function frameSeen(c: Visited, { visitor, nowMs }: Seen) {
  return volunteerFrame(c, visitor, { nowMs })
}
