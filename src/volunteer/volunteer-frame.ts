import { frameOf } from '../customers/site.ts'
import type { Visited } from '../customers/visit.ts'
import type { Visitor } from '../sign-in/session/visitor.ts'

/**
 * What the pages of a signed-in volunteer get in addition.
 *
 * @param here see `frameOf`
 */
export function volunteerFrame(c: Visited, visitor: Visitor, at: { nowMs: number; here?: string }) {
  const { record, isStaff } = visitor
  return {
    ...frameOf(c, at.here),
    visitor: { firstName: record.value.firstName, isStaff },
    asOf: { ms: record.fetchedAtMs, timeZone: c.get('customer').timeZone, nowMs: at.nowMs },
  }
}
