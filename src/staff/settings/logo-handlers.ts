import { during } from '../../audit.ts'
import { logoNow, setLogo } from '../../customers/logo.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal } from '../../errors.ts'
import { readFiles } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import type { Tools } from '../../part.ts'
import { pathWithNext } from '../../sign-in/page-shared.tsx'
import { unlessSignedOut } from '../../sign-in/session/visitor.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import type { LogoFault } from './page-logo.tsx'

const page = '/admin/settings/looks'

/** Forms that replace a customer's logo and remove it. For owners. */
export function logoHandlers(
  tools: Tools,
  showAgain: (c: Visited, member: Member, shown: { logo: LogoFault }) => Promise<Response>,
) {
  const { store } = tools

  async function save(c: Visited): Promise<Response> {
    const member = await unlessSignedOut(requireStaff(tools, c, 'owner', { fresh: true }))
    if (!member) return seeOther(c, pathWithNext('/sign-in', page))
    const form = await readFiles(c)
    const bytes = await form.file('logo')
    if (bytes.length === 0) return showAgain(c, member, { logo: 'missing' })
    return change(c, member, { bytes, seen: form.get('seen') ?? '' })
  }

  const remove = staffForms(tools, { role: 'owner', fresh: true, page })((c, { form, ...member }) =>
    change(c, member, { bytes: null, seen: form.get('seen') ?? '' }),
  )

  async function change(
    c: Visited,
    member: Member,
    { bytes, seen }: { bytes: Uint8Array | null; seen: string },
  ): Promise<Response> {
    const { customer, person, nowMs } = member
    const order = { customerId: customer.id, bytes, by: person.id }
    try {
      const done = await store.write(
        during(c, function* () {
          const now = yield* logoNow(store.db, customer.id)
          if (seen !== (now === null ? '' : `/assets/${now}`)) return 'overtaken'
          if (bytes === null && now === null) return 'unchanged'
          yield* setLogo(store.db, order, nowMs)
          return bytes === null ? 'removed' : 'saved'
        }),
      )
      return done === 'overtaken'
        ? await showAgain(c, member, { logo: done })
        : seeOther(c, `${page}?done=${done}`)
    } catch (error) {
      if (isRefusal(error, 'invalid_request')) return showAgain(c, member, { logo: 'rule' })
      throw error
    }
  }

  return { save, remove }
}
