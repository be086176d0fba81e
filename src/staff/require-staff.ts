import type { Person } from '../accounts/people.ts'
import { staffRole } from '../accounts/staff.ts'
import type { Customer } from '../customers/customers.ts'
import { mayActAs, type StaffRole } from '../customers/roles.ts'
import type { Visited } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import type { CoreTools } from '../part.ts'
import { hasSecondStep } from '../sign-in/session/second-step.ts'
import type { Session } from '../sign-in/session/sessions.ts'
import { requireSession } from '../sign-in/session/visitor.ts'

export type Member = { customer: Customer; person: Person; role: StaffRole; session: Session; nowMs: number }

/**
 * The member of staff who asks. Every use looks their role up, so removing it takes effect at once.
 *
 * @param asked the least role that may do this
 * @param how.fresh whether it takes a second step, too: what shows a person's record, or changes anything
 * @throws {Refusal} 'not_found' for those who have neither this role nor a higher one, 'session_required', 'account_disabled',
 * 'second_step_required'
 */
export async function requireStaff(
  tools: CoreTools,
  c: Visited,
  asked: StaffRole,
  { fresh = false }: { fresh?: boolean } = {},
): Promise<Member> {
  const customer = c.get('customer')
  const session = await requireSession(tools, c)
  const { person, isStaff } = session
  const role = await staffRole(tools.store, customer.id, person.address)
  // Visitors without the role must not learn that the page exists.
  if (!role || !mayActAs(role, asked)) throw new Refusal('not_found')
  // A person who became staff after signing in as a volunteer must sign in again.
  if (!isStaff) throw new Refusal('session_required')
  if (person.standing === 'disabled') throw new Refusal('account_disabled')
  const nowMs = tools.clock()
  if (fresh && !hasSecondStep(session, nowMs)) throw new Refusal('second_step_required')
  return { customer, person, role, session, nowMs }
}
