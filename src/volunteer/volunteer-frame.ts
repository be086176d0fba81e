import { frameOf } from '../customers/site.ts'
import type { Visited } from '../customers/visit.ts'
import type { Arrival, Visitor } from '../sign-in/session/visitor.ts'

/**
 * What the pages of a signed-in volunteer get in addition.
 *
 * @param here see `frameOf`
 */
export function volunteerFrame(c: Visited, visitor: Visitor | Arrival, at: { nowMs: number; here?: string }) {
  const { record, isStaff } = visitor
  const firstName = record ? record.value.firstName : visitor.firstName
  return {
    ...frameOf(c, at.here),
    visitor: { firstName, isStaff },
    asOf: { ms: record?.fetchedAtMs ?? at.nowMs, timeZone: c.get('customer').timeZone, nowMs: at.nowMs },
  }
}
