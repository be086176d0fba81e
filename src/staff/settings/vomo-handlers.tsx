import { during } from '../../audit.ts'
import { mayActAs } from '../../customers/roles.ts'
import { setVomoAccess } from '../../customers/set-vomo-access.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { hasSecondStep } from '../../sign-in/session/second-step.ts'
import { createAccess } from '../../vomo/access/access.ts'
import { budgetNow } from '../../vomo/flow/status.ts'
import { lookAtVomo, type Sight } from '../../vomo/people/first-look.ts'
import { deliveriesOf } from '../../webhooks/counts.ts'
import { webhookOf } from '../../webhooks/webhooks.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { type TokenFault, VomoPage, type VomoStatus, vomoPath } from './page-vomo.tsx'

type Tried = Parameters<typeof VomoPage>[0]['tried']

/** How an organization's VOMO does. Everyone on staff may read it; owners replace its token, and nothing shows one. */
export function vomoHandlers(tools: Tools) {
  const { store, secrets, vomo } = tools

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer')
    if (mayActAs(member.role, 'owner') && !hasSecondStep(member.session, member.nowMs))
      throw new Refusal('second_step_required')
    return show(c, member, { fault: null, tried: null })
  }

  async function show(
    c: Visited,
    { customer, role, nowMs }: Member,
    shown: { fault: TokenFault | null; tried: Tried },
  ): Promise<Response> {
    const status = await statusOf(customer.id, nowMs)
    const isRefused = shown.fault !== null || (shown.tried !== null && shown.tried.sure !== null)
    return c.html(
      renderPage(
        <VomoPage
          {...frameOf(c, vomoPath)}
          {...{ role, status, nowMs }}
          {...shown}
          timeZone={customer.timeZone}
        />,
      ),
      isRefused ? 422 : 200,
    )
  }

  async function statusOf(customerId: string, nowMs: number): Promise<VomoStatus> {
    const access = await createAccess(tools).read(customerId)
    const budget = access && (await budgetNow(store, customerId, access, nowMs))
    const webhook = await webhookOf(tools, customerId)
    const { lastAtMs, ofDay } = await deliveriesOf(store, customerId, nowMs)
    const { forged = 0, ...signed } = ofDay
    return {
      access:
        access && budget
          ? {
              baseUrl: access.baseUrl,
              used: Object.values(budget.used).reduce((sum, calls) => sum + calls, 0),
              perMinute: budget.perMinute,
            }
          : null,
      webhook: webhook
        ? {
            isLost: webhook.secret === undefined,
            lastAtMs,
            ofDay: Object.values(signed).reduce((sum, count) => sum + count, 0),
            forged,
          }
        : null,
    }
  }

  const save = staffForms(tools, { role: 'owner', fresh: true, page: vomoPath })(
    async (c, { form, ...member }) => {
      const { customer, person, nowMs } = member
      const token = (form.get('token') ?? '').trim()
      if (token === '') return show(c, member, { fault: 'missing', tried: null })
      const tried = await tryToken(customer.id, token)
      if ('fault' in tried) return show(c, member, { fault: tried.fault, tried: null })
      const found = { organization: tried.organizations[0] ?? null, people: tried.people }
      const sure = (await isAnother(customer.id, tried)) ? `another ${found.organization ?? ''}` : null
      if (sure !== null && form.get('sure') !== sure)
        return show(c, member, { fault: null, tried: { ...found, sure } })
      const order = { customerId: customer.id, access: { token }, by: person.id }
      await store.write(during(c, () => setVomoAccess(store.db, secrets, order, nowMs)))
      return show(c, member, { fault: null, tried: { ...found, sure: null } })
    },
  )

  async function tryToken(customerId: string, token: string): Promise<{ fault: TokenFault } | Sight> {
    try {
      const tried = await lookAtVomo(tools, { customerId, token })
      return 'problem' in tried ? { fault: tried.problem } : tried
    } catch (error) {
      if (isRefusal(error, 'invalid_request')) return { fault: 'form' }
      throw error
    }
  }

  /** Its people have other ids, so everyone known here would lose their record. */
  async function isAnother(customerId: string, { organizationIds }: Sight): Promise<boolean> {
    const known = vomo.organizationIds(customerId) ?? (await organizationIdsNow(customerId))
    return known.length > 0 && !organizationIds.some((id) => known.includes(id))
  }

  /** Of the token there is, if there is one that works. */
  async function organizationIdsNow(customerId: string): Promise<readonly string[]> {
    if (!(await createAccess(tools).read(customerId))) return []
    const seen = await lookAtVomo(tools, { customerId })
    return 'problem' in seen ? [] : seen.organizationIds
  }

  return { page, save }
}
