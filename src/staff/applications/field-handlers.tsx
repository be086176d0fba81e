import { during } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { heldApplication, type RowndApplication } from '../../link-api/rownd/application/applications.ts'
import { fieldTypes } from '../../link-api/rownd/application/profile-schema.ts'
import { setSettings } from '../../link-api/rownd/profiles/settings.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { Words } from '../../text/en.ts'
import { requireStaff } from '../require-staff.ts'
import type { Sent } from '../staff-form.ts'
import { type FieldFault, type FieldForm, fieldIn, fieldsOf, seenOf, withField } from './fields.ts'
import { applicationForms, typedIn } from './forms.ts'
import { type ApplicationForm, emptyForm } from './page.tsx'
import { FieldPage, FieldsPage, fieldsPath } from './page-fields.tsx'

const outcomes = ['added', 'saved', 'unchanged', 'removed'] as const

/** The fields of a system's profiles. For owners, after a second step. */
export function fieldHandlers(tools: Tools) {
  const { store } = tools
  const { forOne, here } = applicationForms(tools)

  async function list(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    return showList(c, await here(c, member), emptyForm)
  }

  function showList(
    c: Visited,
    application: RowndApplication,
    form: ApplicationForm,
    status?: 422,
  ): Response {
    const done = outcomes.find((each) => each === c.req.query('done')) ?? null
    const frame = frameOf(c, fieldsPath(application))
    const fields = fieldsOf(application.schema)
    return c.html(
      renderPage(<FieldsPage {...frame} {...{ application, fields, form, done }} />),
      status ?? 200,
    )
  }

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    const application = await here(c, member)
    const field = fieldIn(application.schema, c.req.param('field') ?? '')
    if (!field) throw new Refusal('not_found')
    return showOne(c, application, { field, seen: seenOf(field), form: emptyForm })
  }

  function showOne(
    c: Visited,
    application: RowndApplication,
    shown: { field: FieldForm; seen: string; form: ApplicationForm; status?: 409 | 422 },
  ): Response {
    const { status, ...rest } = shown
    const identifies = application.verificationFields.includes(rest.field.name)
    const frame = frameOf(c, `${fieldsPath(application)}/${rest.field.name}`)
    return c.html(
      renderPage(<FieldPage {...frame} {...{ application, identifies }} {...rest} />),
      status ?? 200,
    )
  }

  const add = forOne(async (c, { form, application, ...sent }) => {
    const { staffFields: said } = c.get('language')().words
    const typed = typedIn(form, ['name', 'label', 'type'])
    const { name = '', label = '' } = typed
    const type = typeIn(typed)
    const again = (errors: Record<string, string>) => showList(c, application, { typed, errors }, 422)
    if (type === undefined) return again({ type: said.errors.type })
    const done = await change(c, { ...sent, application }, { name, seen: '', wanted: { label, type } })
    if ('fault' in done) return again(faultIn(said, done.fault))
    if ('overtakenBy' in done || done.is === 'unchanged') return again({ name: said.errors.taken })
    return seeOther(c, `${fieldsPath(application)}?done=added`)
  })

  const save = forOne(async (c, { form, application, ...sent }) => {
    const { staffFields: said } = c.get('language')().words
    const name = c.req.param('field') ?? ''
    const seen = form.get('seen') ?? ''
    const isRemoval = form.get('do') === 'remove'
    const typed = isRemoval ? {} : typedIn(form, ['label', 'type'])
    const type = typeIn(typed)
    const again = (
      of: RowndApplication,
      at: { seen: string; errors: Record<string, string>; status: 409 | 422 },
    ) => {
      const field = fieldIn(of.schema, name) ?? { name, label: name, type: 'string' as const }
      return showOne(c, of, { field, seen: at.seen, form: { typed, errors: at.errors }, status: at.status })
    }
    if (!isRemoval && type === undefined)
      return again(application, { seen, errors: { type: said.errors.type }, status: 422 })
    const wanted = type === undefined ? null : { label: typed['label'] ?? '', type }
    const done = await change(c, { ...sent, application }, { name, seen, wanted })
    if ('fault' in done) {
      if (done.fault === 'name') throw new Refusal('not_found')
      return again(application, { seen, errors: faultIn(said, done.fault), status: 422 })
    }
    if ('overtakenBy' in done) {
      const now = fieldIn(done.overtakenBy.schema, name)
      const told = now ? said.errors.overtaken(now.label, said.types[now.type]) : said.errors.gone
      return again(done.overtakenBy, { seen: seenOf(now), errors: { label: told }, status: 409 })
    }
    return seeOther(c, `${fieldsPath(application)}?done=${done.is}`)
  })

  type Done =
    | { is: 'saved' | 'unchanged' | 'removed' }
    | { fault: FieldFault }
    | { overtakenBy: RowndApplication }

  /** Changes one field, unless it is no longer what was seen of it. */
  function change(
    c: Visited,
    { application, person, nowMs }: Omit<Sent, 'form'> & { application: RowndApplication },
    to: { name: string; seen: string; wanted: Pick<FieldForm, 'label' | 'type'> | null },
  ): Promise<Done> {
    const { name, seen, wanted } = to
    return store.write(
      during(c, function* () {
        const now = yield* heldApplication(store.db, application)
        const there = seenOf(fieldIn(now.schema, name))
        if (there === seenOf(wanted ?? undefined)) return { is: 'unchanged' } as const
        if (there !== seen) return { overtakenBy: now }
        const read = withField(now, name, wanted)
        if ('fault' in read) return read
        yield* setSettings(store.db, now, { schema: read.schema }, nowMs, person.id)
        return { is: wanted === null ? 'removed' : 'saved' } as const
      }),
    )
  }

  return { list, page, add, save }
}

function typeIn({ type }: Readonly<Record<string, string>>) {
  return fieldTypes.find((each) => each === type)
}

/** Where the form tells it. */
function faultIn({ errors }: Words['staffFields'], fault: FieldFault): Record<string, string> {
  const field = { name: 'name', label: 'label', full: 'name', identifies: 'label' } as const
  return { [field[fault]]: errors[fault] }
}
