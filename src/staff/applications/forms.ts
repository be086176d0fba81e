import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { applicationById, type RowndApplication } from '../../link-api/rownd/application/applications.ts'
import type { Tools } from '../../part.ts'
import type { Member } from '../require-staff.ts'
import { type Sent, staffForms } from '../staff-form.ts'
import { applicationsPath } from './page.tsx'

/** Forms about systems: of owners, after a second step. */
export function applicationForms(tools: Tools) {
  const forOwner = staffForms(tools, { role: 'owner', fresh: true, page: applicationsPath })

  /** The system in the path, of the member's own organization. @throws {Refusal} 'not_found' */
  async function here(c: Visited, { customer }: Member): Promise<RowndApplication> {
    const at = { customerId: customer.id, applicationId: c.req.param('application') ?? '' }
    const found = await applicationById(tools.store, at)
    if (!found) throw new Refusal('not_found')
    return found
  }

  /** A form of one system's page. */
  function forOne(send: (c: Visited, sent: Sent & { application: RowndApplication }) => Promise<Response>) {
    return forOwner(async (c, sent) => send(c, { ...sent, application: await here(c, sent) }))
  }

  return { forOwner, forOne, here }
}

export function typedIn(form: Sent['form'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, (form.get(name) ?? '').trim()]))
}
