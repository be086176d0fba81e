import { personIdsAt } from '../../accounts/people.ts'
import { removeStaff, setStaff, staffOf } from '../../accounts/staff.ts'
import { normalizeAddress, readTypedAddress, visibleText } from '../../address.ts'
import { during } from '../../audit.ts'
import { sendMail } from '../../customers/mail.ts'
import { staffRoles } from '../../customers/roles.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { seeOther } from '../../http/redirect.ts'
import { batchesOf } from '../../links/batches.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { pathWithNext } from '../../sign-in/page-shared.tsx'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { type TeamDone, type TeamForm, TeamPage } from './page.tsx'

const teamPath = '/admin/staff'
const dayMs = 86_400_000
const outcomes: readonly TeamDone[] = [
  'added',
  'changed',
  'removed',
  'list_goes_on',
  'unchanged',
  'last_owner',
]

/** Owners decide who is on staff. */
export function teamHandlers(tools: Tools) {
  const { store } = tools
  const forOwner = staffForms(tools, { role: 'owner', fresh: true, page: teamPath })

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    const email = normalizeAddress(c.req.query('email') ?? '') ?? ''
    const done = outcomes.find((each) => each === c.req.query('done')) ?? null
    return show(c, member, { form: { email, role: null, errors: {} }, done })
  }

  async function show(
    c: Visited,
    { customer, person }: Member,
    { form, done }: { form: TeamForm; done: TeamDone | null },
  ): Promise<Response> {
    const members = (await staffOf(store, customer.id)).map((each) => ({
      ...each,
      isYou: each.address === person.address,
    }))
    const known = members.find(({ address }) => address === form.email)
    const filled = { ...form, role: form.role ?? known?.role ?? null }
    const hasErrors = Object.keys(form.errors).length > 0
    return c.html(
      renderPage(<TeamPage {...frameOf(c, teamPath)} members={members} form={filled} done={done} />),
      hasErrors ? 422 : 200,
    )
  }

  const save = forOwner(async (c, { form, ...member }) => {
    const { customer, person, nowMs } = member
    const { words, ...language } = c.get('language')()
    const typed = form.get('email') ?? ''
    const read = readTypedAddress(typed)
    const role = staffRoles.find((each) => each === form.get('role'))
    if (typeof read === 'string' || role === undefined) {
      const errors = {
        ...(typeof read === 'string' && { email: words.signIn.ask.errors[read] }),
        ...(role === undefined && { role: words.staffTeam.errors.role }),
      }
      const sent = { email: visibleText(typed.slice(0, 320)), role: role ?? null, errors }
      return show(c, member, { form: sent, done: null })
    }
    const { address } = read
    const isNew = !(await staffOf(store, customer.id)).some((each) => each.address === address)
    const change = await store.write(
      during(c, function* () {
        const set = { customerId: customer.id, address, role, by: person.id }
        const done = yield* setStaff(store.db, set, nowMs)
        if (done !== 'changed' || !isNew) return done
        const contents = { signInUrl: `${customer.publicOrigin}${pathWithNext('/sign-in', '/admin')}` }
        const mail = {
          kind: 'staff_invite',
          to: address,
          language: { words, ...language },
          contents,
        } as const
        yield* sendMail(tools, customer, { ...mail, notAfterMs: nowMs + dayMs }, nowMs)
        return done
      }),
    )
    tools.wakeJobs()
    if (change === 'changed' && isNew) return seeOther(c, `${teamPath}?done=added`)
    const goesOn = change === 'changed' && role !== 'owner' ? await left(customer.id, address) : undefined
    return seeOther(c, `${teamPath}?done=${goesOn ?? change}`)
  })

  const remove = forOwner(async (c, { customer, person, nowMs, form }) => {
    const address = normalizeAddress(form.get('email') ?? '')
    if (address === undefined) return seeOther(c, `${teamPath}?done=unchanged`)
    const member = { customerId: customer.id, address, by: person.id }
    const change = await store.write(during(c, () => removeStaff(store.db, member, nowMs)))
    const done = change === 'changed' ? ((await left(customer.id, address)) ?? 'removed') : change
    return seeOther(c, `${teamPath}?done=${done}`)
  })

  /** What one who is no owner anymore has left behind: a list goes on. */
  async function left(customerId: string, address: string): Promise<TeamDone | undefined> {
    const ids = await personIdsAt(store, { customerId, address })
    const isWorkedOn = (await batchesOf(store, customerId)).some(
      ({ state, made_by: by }) => state === 'working' && ids.includes(by),
    )
    return isWorkedOn ? 'list_goes_on' : undefined
  }

  return { page, save, remove }
}
