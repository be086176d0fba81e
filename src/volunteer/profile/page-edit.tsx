import type { ComponentChildren } from 'preact'
import { Ask } from '../../page/contact.tsx'
import { Button, Choice, ErrorSummary, OpenInVomo, PostForm, type WayIntoVomo } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, Lit } from '../../page/parts.tsx'
import type { Frame, Visitor } from '../../page/site.ts'
import { type BuiltInField, type ProfileField, unchangeableFields } from './fields.ts'
import { type FieldView, Input, inWords, shownValue, wordsOf } from './page-fields.tsx'
import type { ShownRecord } from './record.ts'

export const profilePath = '/profile'

/** Prefix of the hidden field with the value the form was shown with. */
export const seenPrefix = 'was_'

/** A record after the whitelist, or the part of it that cannot be changed here. */
type Unchangeable = Pick<ShownRecord, (typeof unchangeableFields)[number]>

type EditProps = Frame & {
  visitor: Visitor
  fields: readonly FieldView[]
  /** `null` while the record is unreachable. */
  elsewhere: Unchangeable | null
  way: WayIntoVomo
  /** VOMO did not answer the change. */
  isUnreachable?: boolean
  /** `YYYY-MM-DD` */
  today: string
}

export function EditProfilePage(props: EditProps) {
  const { words, fields, elsewhere, isUnreachable = false } = props
  const said = words.profileForm
  const errors = fields
    .filter(({ isWrong }) => isWrong)
    .map(({ name }) => ({ field: name, error: words.profileFields[name].fault }))
  return (
    <Page
      frame={props}
      visitor={props.visitor}
      title={said.title}
      current="profile"
      hasErrors={errors.length > 0}
      saysWhomToAsk
    >
      <Lit>
        <div class="flow">
          {errors.length > 0 && (
            <ErrorSummary
              heading={errors.length === 1 ? words.form.problem : said.form.problems}
              errors={errors}
            />
          )}
          {isUnreachable && (
            <div class="summary" role="alert" tabIndex={-1} autofocus>
              <h2>{said.unreachable}</h2>
              <p>{said.unreachableWhat}</p>
            </div>
          )}
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
        </div>
      </Lit>
      <div class="wrap">
        <Columns beside={elsewhere && <Elsewhere frame={props} way={props.way} record={elsewhere} />}>
          <div class="door">
            <SaveForm frame={props}>
              {fields.map((field) => (
                <Input key={field.name} frame={props} field={field} today={props.today} />
              ))}
              <Seen fields={fields} />
            </SaveForm>
          </div>
        </Columns>
      </div>
    </Page>
  )
}

type ConflictProps = Frame & {
  visitor: Visitor
  /** The values that changed in VOMO, and the volunteer's input. */
  conflicts: readonly {
    readonly name: ProfileField
    readonly now: string | null
    readonly yours: string | null
  }[]
  /** The volunteer's other edits. */
  others: readonly FieldView[]
}

/** The record changed while the volunteer was typing: they choose, field by field. */
export function ProfileConflictPage(props: ConflictProps) {
  const { words, conflicts, others } = props
  const said = words.profileForm
  const told = (name: ProfileField, value: string | null) =>
    value === null ? said.conflict.empty : inWords(props, name, value)
  return (
    <Page frame={props} visitor={props.visitor} title={said.conflict.title} current="profile" hasErrors>
      <Lit>
        <div class="flow">
          <h1>{said.conflict.heading}</h1>
          <p role="alert">{said.conflict.what}</p>
        </div>
      </Lit>
      <div class="wrap">
        <div class="door">
          <SaveForm frame={props}>
            {conflicts.map(({ name, now, yours }) => (
              <Choice
                key={name}
                name={name}
                label={wordsOf(props, name).label}
                options={[
                  { value: now ?? '', label: said.conflict.now(told(name, now)) },
                  { value: yours ?? '', label: said.conflict.yours(told(name, yours)) },
                ]}
                chosen={now ?? ''}
              />
            ))}
            {others.map(({ name, value }) => (
              <input key={name} type="hidden" name={name} value={value ?? ''} />
            ))}
            <Seen fields={[...others, ...conflicts.map(({ name, now }) => ({ name, seen: now }))]} />
          </SaveForm>
        </div>
      </div>
    </Page>
  )
}

function SaveForm({ frame, children }: { frame: Frame; children: ComponentChildren }) {
  const { form } = frame.words.profileForm
  return (
    <>
      <PostForm action={profilePath} sending={form.saving}>
        {children}
        <div class="actions">
          <Button>{form.save}</Button>
        </div>
      </PostForm>
      <p class="after-form">
        <a href={profilePath}>{form.cancel}</a>
      </p>
    </>
  )
}

function Seen({ fields }: { fields: readonly Pick<FieldView, 'name' | 'seen'>[] }) {
  return (
    <>
      {fields.map(({ name, seen }) => (
        <input key={name} type="hidden" name={seenPrefix + name} value={seen ?? ''} />
      ))}
    </>
  )
}

function Elsewhere({ frame, way, record }: { frame: Frame; way: WayIntoVomo; record: Unchangeable }) {
  const { profile, profileForm } = frame.words
  return (
    <section>
      <h2>{profileForm.elsewhere}</h2>
      <dl class="facts stacked">
        {unchangeableFields.map((name) => (
          <Fact key={name} frame={frame} name={name} value={record[name]} />
        ))}
      </dl>
      <p>
        <Ask frame={frame} text={profileForm.elsewhereWhat} />
      </p>
      <OpenInVomo frame={frame} way={way} landing="resume" quiet>
        {profile.open}
      </OpenInVomo>
    </section>
  )
}

function Fact({ frame, name, value }: { frame: Frame; name: BuiltInField; value: string | null }) {
  const { label, note, elsewhere = note } = wordsOf(frame, name)
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value ? shownValue(frame, name, value) : frame.words.profile.empty}</dd>
      {elsewhere && <dd class="quiet note">{elsewhere}</dd>}
    </div>
  )
}
