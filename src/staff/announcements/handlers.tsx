import { during } from '../../audit.ts'
import {
  announcementsOf,
  maxAnnouncements,
  removeAnnouncement,
  setAnnouncement,
} from '../../customers/announcements.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { dayIn } from '../../time/zones.ts'
import { pageNumber, pagesOf, rowsOnPage } from '../../volunteer/paging.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { staffForms } from '../staff-form.ts'
import { checkNote, fieldOf, type NoteErrors, type NoteForm, readTexts } from './form.ts'
import { AnnouncementsPage, announcementsPath, type NoteDone } from './page.tsx'

const pageSize = 15
const weekMs = 7 * 86_400_000
const outcomes: readonly NoteDone[] = ['saved', 'removed', 'gone']

/** Coordinators tell all volunteers something, for a while. */
export function announcementHandlers(tools: Tools) {
  const { store } = tools
  const forCoordinator = staffForms(tools, { role: 'coordinator', fresh: true, page: announcementsPath })

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'coordinator', { fresh: true })
    const { customer, nowMs } = member
    const { timeZone } = customer
    const known = (await announcementsOf(store, customer.id)).find(({ id }) => id === c.req.query('edit'))
    const form: NoteForm = {
      id: known?.id ?? '',
      changedAt: String(known?.changedAtMs ?? ''),
      texts: known?.texts ?? {},
      from: dayIn(timeZone, known?.startsAtMs ?? nowMs),
      to: dayIn(timeZone, known ? known.endsAtMs - 1 : nowMs + weekMs),
    }
    const done = outcomes.find((each) => each === c.req.query('done')) ?? null
    return show(c, member, { form, errors: {}, isPreview: false, done })
  }

  async function show(
    c: Visited,
    { customer, role, nowMs }: Member,
    shown: { form: NoteForm; errors: NoteErrors; isPreview: boolean; done: NoteDone | null },
  ): Promise<Response> {
    const all = await announcementsOf(store, customer.id)
    const asked = pageNumber.safeParse(c.req.query('page')).data
    const pages = pagesOf(all, pageSize)
    const number = Math.min(Number(asked ?? 1), pages)
    return c.html(
      renderPage(
        <AnnouncementsPage
          {...frameOf(c, announcementsPath)}
          {...shown}
          role={role}
          language={c.get('language')().language}
          notes={rowsOnPage(all, number, pageSize)}
          page={number}
          pages={pages}
          timeZone={customer.timeZone}
          nowMs={nowMs}
        />,
      ),
      Object.keys(shown.errors).length > 0 ? 422 : 200,
    )
  }

  /** Shows a note as it will look; saves it on a second press. */
  const send = forCoordinator(async (c, { form: sent, ...member }) => {
    const { customer, person, nowMs } = member
    const form: NoteForm = {
      id: sent.get('id') ?? '',
      changedAt: sent.get('changed') ?? '',
      texts: readTexts((name) => sent.get(name)),
      from: (sent.get('from') ?? '').slice(0, 10),
      to: (sent.get('to') ?? '').slice(0, 10),
    }
    const { words } = c.get('language')()
    const { startsAtMs, endsAtMs, errors } = checkNote(form, { timeZone: customer.timeZone, nowMs }, words)
    if (Object.keys(errors).length > 0) return show(c, member, { form, errors, isPreview: false, done: null })
    if (sent.get('do') !== 'save') return show(c, member, { form, errors, isPreview: true, done: null })
    const known = form.id === '' ? undefined : { id: form.id, changedAtMs: Number(form.changedAt) || 0 }
    const note = { customerId: customer.id, known, texts: form.texts, startsAtMs, endsAtMs, by: person.id }
    const done = await store.write(during(c, () => setAnnouncement(store.db, note, nowMs)))
    if (done === 'done') return seeOther(c, `${announcementsPath}?done=saved`)
    // What was typed stays in the form.
    const said = words.announcements.errors
    const field = fieldOf(Object.keys(form.texts)[0] as Parameters<typeof fieldOf>[0])
    const error = done === 'too_many' ? said.tooMany(maxAnnouncements) : said.overtaken
    const again = done === 'overtaken' ? { ...form, id: '', changedAt: '' } : form
    return show(c, member, { form: again, errors: { [field]: error }, isPreview: false, done: null })
  })

  const remove = forCoordinator(async (c, { customer, person, nowMs, form }) => {
    const of = { customerId: customer.id, id: form.get('id') ?? '', by: person.id }
    const isGone = await store.write(during(c, () => removeAnnouncement(store.db, of, nowMs)))
    return seeOther(c, `${announcementsPath}?done=${isGone ? 'removed' : 'gone'}`)
  })

  return { page, send, remove }
}
