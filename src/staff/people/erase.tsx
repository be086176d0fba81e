import { type Person, personOf } from '../../accounts/people.ts'
import { askedBy } from '../../audit.ts'
import { applicationsThatKnow } from '../../customers/applications.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal, unlessRefused } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { erasePortalData } from '../../volunteer/account/erase.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { EraseOtherPage } from './page-erase.tsx'

const peoplePath = '/admin/people'

/** Where owners erase what is kept about another person, who asked for it and cannot do it themselves. */
export function eraseHandlers(tools: Tools) {
  const forOwner = staffForms(tools, { role: 'owner', fresh: true, page: peoplePath })

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    return show(c, member, await otherHere(c, member), false)
  }

  async function show(
    c: Visited,
    { customer }: Member,
    { id, address }: Person,
    isUnconfirmed: boolean,
  ): Promise<Response> {
    const frame = frameOf(c, `${peoplePath}/${id}/erase`)
    const known = await applicationsThatKnow(tools.store, { customerId: customer.id, address })
    const applications = [...new Set(known.map(({ name }) => name))]
    return c.html(
      renderPage(<EraseOtherPage {...frame} personId={id} {...{ address, applications, isUnconfirmed }} />),
      isUnconfirmed ? 422 : 200,
    )
  }

  const erase = forOwner(async (c, { form, ...member }) => {
    const other = await otherHere(c, member)
    if (form.get('confirm') !== 'yes') return show(c, member, other, true)
    const by = member.person.id
    // Turned off while the form was open: erased, they could sign in anew.
    const outcome = await unlessRefused('account_disabled', erasePortalData(askedBy(tools, c), other, { by }))
    return outcome === 'erased'
      ? seeOther(c, `${peoplePath}?done=erased`)
      : seeOther(c, `${peoplePath}/${other.id}?done=not_now`)
  })

  /** The person of the path. Owners erase themselves on their own account's page; a turned-off person stays turned off. */
  async function otherHere(c: Visited, { customer, person: { id: ownId } }: Member): Promise<Person> {
    const person = await personOf(tools.store, { customerId: customer.id, id: c.req.param('person') ?? '' })
    if (!person || person.id === ownId || person.standing === 'disabled') throw new Refusal('not_found')
    return person
  }

  return { page, erase }
}
