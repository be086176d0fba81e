import { type Person, personOf } from '../../accounts/people.ts'
import { staffRole } from '../../accounts/staff.ts'
import { maskAddressesIn, visibleText } from '../../address.ts'
import { during } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { hubPath } from '../../page/header.tsx'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { startPreview } from '../../sign-in/session/preview.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { previewGuard } from './guard.ts'
import { PreviewPage } from './page.tsx'

const minReason = 3
const maxReason = 200

/** Where coordinators begin to look at the portal as a volunteer sees it, and what holds while they do. */
export function previewHandlers(tools: Tools) {
  const { store } = tools
  const forCoordinator = staffForms(tools, { role: 'coordinator', fresh: true, page: '/admin/people' })

  /** Not another member of staff: what they see is not a volunteer's to be shown. */
  async function volunteerHere(c: Visited, { customer }: Member): Promise<Person> {
    const person = await personOf(store, { customerId: customer.id, id: c.req.param('person') ?? '' })
    const isVolunteer =
      person !== undefined &&
      person.vomoUserId !== null &&
      (await staffRole(store, customer.id, person.address)) === undefined
    if (!isVolunteer) throw new Refusal('not_found')
    return person
  }

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'coordinator', { fresh: true })
    const person = await volunteerHere(c, member)
    return show(c, member, person, { reason: '', error: undefined })
  }

  function show(
    c: Visited,
    { role }: Member,
    { id, address }: Person,
    form: { reason: string; error: string | undefined },
  ): Response {
    const path = pathOf(id)
    const shown = (
      <PreviewPage {...frameOf(c, path)} role={role} personId={id} address={address} form={form} />
    )
    return c.html(renderPage(shown), form.error === undefined ? 200 : 422)
  }

  const start = forCoordinator(async (c, { form, ...member }) => {
    const person = await volunteerHere(c, member)
    const reason = visibleText(form.get('reason') ?? '').trim()
    const isGood = reason.length >= minReason && reason.length <= maxReason
    if (!isGood) {
      const error = c.get('language')().words.staffPreview.error(minReason, maxReason)
      return show(c, member, person, { reason: reason.slice(0, maxReason), error })
    }
    const { session, nowMs } = member
    const why = maskAddressesIn(reason)
    const begun = await store.write(during(c, () => startPreview(store.db, session, { person, why }, nowMs)))
    return seeOther(c, begun ? hubPath(member.customer.slug) : `/admin/people/${person.id}?done=not_now`)
  })

  /** The guard ended it before: this is for a button of a look that was over. */
  const end = staffForms(tools, { role: 'viewer', fresh: false, page: '/admin' })(async (c) =>
    seeOther(c, '/admin/people'),
  )

  return { page, start, end, guarded: previewGuard(tools) }
}

function pathOf(personId: string): string {
  return `/admin/people/${personId}/preview`
}
