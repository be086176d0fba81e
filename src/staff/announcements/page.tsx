import type { Announcement } from '../../customers/announcements.ts'
import { maxAnnouncementLength, textIn } from '../../customers/announcements.ts'
import type { StaffRole } from '../../customers/roles.ts'
import { Button, Field, PostForm, TextArea } from '../../page/form.tsx'
import { PagesNav } from '../../page/pages-nav.tsx'
import type { Frame } from '../../page/site.ts'
import { formatDate } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { type LanguageName, languageNames, languages } from '../../text/languages.ts'
import { Announcements } from '../../volunteer/hub/announcements.tsx'
import { StaffFormPage } from '../form-page.tsx'
import { fieldOf, type NoteErrors, type NoteForm } from './form.ts'

export const announcementsPath = '/admin/announcements'

export type NoteDone = keyof Words['announcements']['done']

type NotesProps = Frame & {
  role: StaffRole
  language: LanguageName
  notes: readonly Announcement[]
  page: number
  pages: number
  form: NoteForm
  errors: NoteErrors
  /** Whether what the form holds is right, and is shown as volunteers will see it. */
  isPreview: boolean
  done: NoteDone | null
  timeZone: string
  nowMs: number
}

/** What the organization tells its volunteers, and when: a note is shown as it will look before volunteers see it. */
export function AnnouncementsPage(props: NotesProps) {
  const { words, errors, done, form } = props
  const said = words.announcements
  return (
    <StaffFormPage
      frame={props}
      title={said.title}
      role={props.role}
      place="announcements"
      errors={errors}
      done={done && said.done[done]}
      heading={said.heading}
      lede={said.lede}
    >
      <div class="wrap flow">
        {props.isPreview && <Preview {...props} />}
        <section class="flow" id="note">
          <h2>{form.id === '' ? said.add : said.change}</h2>
          <NoteFields {...props} />
        </section>
        <Notes {...props} />
      </div>
    </StaffFormPage>
  )
}

/** As on the volunteers' home page, in each language. */
function Preview({ words, form }: NotesProps) {
  const said = words.announcements
  return (
    <section class="flow" role="status">
      <h2>{said.previewHeading}</h2>
      {languageNames.map((name) => (
        <div key={name} class="flow">
          <h3>{languages[name].itself}</h3>
          {form.texts[name] === undefined && <p class="quiet">{said.fallsBack}</p>}
          <Announcements words={words} notes={[textIn(form.texts, name)]} />
        </div>
      ))}
      <PostForm action={announcementsPath} sending={words.form.sending}>
        <Hidden form={form} />
        {languageNames.map((name) => (
          <input key={name} type="hidden" name={fieldOf(name)} value={form.texts[name] ?? ''} />
        ))}
        <input type="hidden" name="from" value={form.from} />
        <input type="hidden" name="to" value={form.to} />
        <Button does="save">{said.save}</Button>
      </PostForm>
    </section>
  )
}

function Hidden({ form: { id, changedAt } }: { form: NoteForm }) {
  if (id === '') return null
  return (
    <>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="changed" value={changedAt} />
    </>
  )
}

function NoteFields({ words, form, errors, isPreview }: NotesProps) {
  const said = words.announcements
  return (
    <PostForm action={announcementsPath} sending={words.form.sending}>
      <Hidden form={form} />
      {languageNames.map((name) => (
        <TextArea
          key={name}
          name={fieldOf(name)}
          label={said.text(languages[name].itself)}
          hint={said.hint(maxAnnouncementLength)}
          error={errors[fieldOf(name)]}
          rows={4}
          value={form.texts[name] ?? ''}
        />
      ))}
      <Field name="from" label={said.from} error={errors['from']} type="date" value={form.from} />
      <Field name="to" label={said.to} error={errors['to']} type="date" value={form.to} />
      <Button does="look" quiet={isPreview}>
        {said.look}
      </Button>
    </PostForm>
  )
}

function Notes(props: NotesProps) {
  const { words, locale, language, notes, timeZone, nowMs } = props
  const said = words.announcements
  const day = (ms: number) => formatDate(locale, { ms, timeZone })
  return (
    <section class="flow">
      <h2>{said.all}</h2>
      {notes.length === 0 && <p>{said.none}</p>}
      <ul class="rows">
        {notes.map((note) => (
          <li key={note.id}>
            <div>
              <p class="as-typed">{textIn(note.texts, language)}</p>
              <p class="quiet">
                {said.states[stateOf(note, nowMs)](day(note.startsAtMs), day(note.endsAtMs - 1))}
              </p>
              <div class="actions">
                <a href={`${announcementsPath}?edit=${note.id}#note`}>{said.changeIt}</a>
                <PostForm action={`${announcementsPath}/remove`} sending={words.form.sending}>
                  <input type="hidden" name="id" value={note.id} />
                  <Button asLink>{said.remove}</Button>
                </PostForm>
              </div>
            </div>
          </li>
        ))}
      </ul>
      {props.pages > 1 && (
        <PagesNav
          said={said.pages}
          page={props.page}
          pages={props.pages}
          hrefOf={(page) => `${announcementsPath}?page=${page}`}
        />
      )}
    </section>
  )
}

function stateOf({ startsAtMs, endsAtMs }: Announcement, nowMs: number): 'coming' | 'shows' | 'over' {
  if (nowMs < startsAtMs) return 'coming'
  return nowMs < endsAtMs ? 'shows' : 'over'
}
