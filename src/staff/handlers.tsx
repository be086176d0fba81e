import type { Context } from 'hono'
import { staffRole } from '../accounts/staff.ts'
import { siteOf } from '../customers/site.ts'
import type { Visit } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { renderPage } from '../page/layout.tsx'
import { requireSession, type VisitorTools } from '../sign-in/visitor.ts'
import { en } from '../text/en.ts'
import { overviewDays, overviewOf } from './overview.ts'
import { StaffPage } from './pages.tsx'

/** What a customer's staff see. Their role is looked up on every use, so taking it away counts at once. */
export function staffHandlers(tools: VisitorTools) {
  async function home(c: Context<Visit>): Promise<Response> {
    const customer = c.get('customer')
    const session = await requireSession(tools, c)
    const { address } = session.person
    const role = await staffRole(tools.store, customer.id, address)
    // To everybody else there is nothing here.
    if (!role) throw new Refusal('not_found')
    // Somebody who became staff after signing in as a volunteer proves once more who they are.
    if (!session.isStaff) throw new Refusal('session_required')
    const nowMs = tools.clock()
    return c.html(
      renderPage(
        <StaffPage
          site={siteOf(customer)}
          words={en}
          locale="en-US"
          address={address}
          role={role}
          days={overviewDays}
          overview={await overviewOf(tools.store, customer.id, nowMs)}
          timeZone={customer.timeZone}
        />,
      ),
    )
  }

  return { home }
}
