import type { Context } from 'hono'
import type { Visit } from '../customers/visit.ts'
import { requireVisitor, type VisitorTools } from '../sign-in/visitor.ts'
import type { Vomo } from '../vomo/vomo.ts'
import { toCertificates } from './hours/certificates.ts'
import { toGroups } from './profile/groups.ts'

/** What a volunteer holds, and where they belong, as JSON; pages have them as sections. */
export function ownListHandlers(tools: VisitorTools & { vomo: Vomo }) {
  const { vomo, clock } = tools

  async function certificates(c: Context<Visit>): Promise<Response> {
    const { id, timeZone } = c.get('customer')
    const { record } = await requireVisitor(tools, c)
    return c.json(toCertificates(record, vomo.certificates(id), { nowMs: clock(), timeZone }))
  }

  async function groups(c: Context<Visit>): Promise<Response> {
    const { record } = await requireVisitor(tools, c)
    return c.json(toGroups(vomo.groupsOf(c.get('customer').id, record.value.id)))
  }

  return { certificates, groups }
}
