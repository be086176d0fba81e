import { during } from '../../audit.ts'
import { mayActAs } from '../../customers/roles.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal, unlessRefused } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { hasSecondStep } from '../../sign-in/session/second-step.ts'
import { changeFieldChoice, fieldChoiceOf } from '../../volunteer/profile/field-choice.ts'
import type { FieldChoice } from '../../volunteer/profile/fields.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { doneIn } from './done.ts'
import { RecordPage, recordPath } from './page-record.tsx'
import { choiceIn, formOf, readRecordForm } from './record-form.ts'

/** What volunteers see of their own record. Everyone on staff may read it; owners change it. */
export function recordHandlers(tools: Tools) {
  const { store, vomo } = tools

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer')
    const isOwner = mayActAs(member.role, 'owner')
    if (isOwner && !hasSecondStep(member.session, member.nowMs)) throw new Refusal('second_step_required')
    const { customer, role } = member
    const choice = await fieldChoiceOf(store, customer.id)
    const mayLook = isOwner && c.req.query('look') !== undefined
    const asked = mayLook ? await unlessRefused('vomo_unavailable', vomo.carriedFields(customer.id)) : null
    const carried = asked === undefined ? 'failed' : asked
    return c.html(
      renderPage(
        <RecordPage
          {...frameOf(c)}
          role={role}
          form={formOf(choice, asked ?? [])}
          seen={JSON.stringify(choice)}
          errors={{}}
          carried={carried}
          done={doneIn(c)}
        />,
      ),
    )
  }

  const save = staffForms(tools, { role: 'owner', fresh: true, page: recordPath })(
    async (c, { form, ...member }) => {
      const { customer, person, nowMs } = member
      const { words } = c.get('language')()
      const seen = form.get('seen') ?? ''
      const sent = readRecordForm(form)
      const isChosen = ['yes', 'no'].includes(form.get('edits') ?? '')
      const read = isChosen ? choiceIn(sent, words) : { errors: { edits: words.staffRecord.errors.editing } }
      if ('errors' in read) return again(c, member, { form: sent, seen, errors: read.errors, status: 422 })
      // A position that was typed is no change; the rest is compared as it is kept.
      const wanted = JSON.stringify(read.choice)
      const change = (now: FieldChoice) => (JSON.stringify(now) === seen ? read.choice : now)
      const order = { customerId: customer.id, chosenBy: person.id, change }
      const after = await store.write(during(c, () => changeFieldChoice(store.db, order, nowMs)))
      if (JSON.stringify(after) === wanted)
        return seeOther(c, `${recordPath}?done=${wanted === seen ? 'unchanged' : 'saved'}`)
      const labels = [
        ...after.builtIn.map((name) => words.profileFields[name].label),
        ...after.custom.map(({ label }) => label),
      ]
      const errors = { own: words.staffRecord.errors.overtaken(labels.join(', ')) }
      return again(c, member, { form: sent, seen: JSON.stringify(after), errors, status: 409 })
    },
  )

  function again(
    c: Visited,
    { role }: Member,
    shown: {
      form: ReturnType<typeof readRecordForm>
      seen: string
      errors: Record<string, string>
      status: 409 | 422
    },
  ): Response {
    const { status, ...form } = shown
    return c.html(
      renderPage(<RecordPage {...frameOf(c, recordPath)} role={role} {...form} carried={null} done={null} />),
      status,
    )
  }

  return { page, save }
}
