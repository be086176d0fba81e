import type { StaffRole } from '../customers/roles.ts'
import type { Visited } from '../customers/visit.ts'
import { readForm } from '../http/body.ts'
import { seeOther } from '../http/redirect.ts'
import type { CoreTools } from '../part.ts'
import { pathWithNext } from '../sign-in/page-shared.tsx'
import { unlessSignedOut } from '../sign-in/session/visitor.ts'
import { type Member, requireStaff } from './require-staff.ts'

/** A form that a member of staff sent, and who they are. */
export type Sent = Member & { form: Awaited<ReturnType<typeof readForm>> }

/**
 * Receives forms of staff with this role or a higher one. Those whose session ended meanwhile sign in, and go on to the form's page.
 *
 * @param at.fresh whether it takes a second step, too
 * @param at.page the path of the form's page
 */
export function staffForms(tools: CoreTools, at: { role: StaffRole; fresh: boolean; page: string }) {
  return function receive(send: (c: Visited, sent: Sent) => Promise<Response>) {
    return async (c: Visited): Promise<Response> => {
      const member = await unlessSignedOut(requireStaff(tools, c, at.role, { fresh: at.fresh }))
      if (!member) return seeOther(c, pathWithNext('/sign-in', at.page))
      return send(c, { ...member, form: await readForm(c) })
    }
  }
}
