import type { ComponentChildren } from 'preact'
import { Ask, breakable } from '../../page/contact.tsx'
import {
  Button,
  Choice,
  ErrorSummary,
  Field,
  OpenInVomo,
  PostForm,
  type WayIntoVomo,
} from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, Lit } from '../../page/parts.tsx'
import type { Frame, Visitor } from '../../page/site.ts'
import { formatBirthday } from '../../text/dates.ts'
import type { ProfileField } from './body.ts'

export const profilePath = '/profile'

/** Prefix of the hidden field with the value the form was shown with. */
export const seenPrefix = 'was_'

/** A form field: its current input, and the record's value when the form was first shown. */
export type FieldView = {
  readonly name: ProfileField
  readonly value: string | null
  readonly seen: string | null
  readonly isWrong?: boolean
  /** VOMO requires it and has no value. */
  readonly isMissing?: boolean
}

type EditProps = Frame & {
  visitor: Visitor
  fields: readonly FieldView[]
  /** What cannot be changed here; `null` while the record is unreachable. */
  elsewhere: { readonly email: string | null; readonly address: string | null } | null
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
    .map(({ name }) => ({ field: name, error: said.faults[name] }))
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
        <Columns beside={elsewhere && <Elsewhere frame={props} way={props.way} {...elsewhere} />}>
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
                label={labelOf(props, name)}
                options={[
                  { value: now ?? '', label: said.conflict.now(inWords(props, name, now)) },
                  { value: yours ?? '', label: said.conflict.yours(inWords(props, name, yours)) },
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

const inputs = {
  first_name: { autocomplete: 'given-name' },
  last_name: { autocomplete: 'family-name' },
  phone: { type: 'tel', autocomplete: 'tel' },
  birthday: { type: 'date', autocomplete: 'bday', min: '1900-01-01' },
} as const

function Input({ frame, field, today }: { frame: Frame; field: FieldView; today: string }) {
  const said = frame.words.profileForm
  const { name, value, isWrong, isMissing } = field
  const hint = isMissing ? said.form.missing : name === 'phone' ? said.form.phoneHint : undefined
  const shared = {
    name,
    label: labelOf(frame, name),
    ...(hint !== undefined && { hint }),
    error: isWrong ? said.faults[name] : undefined,
  }
  if (name !== 'gender') {
    const isNeeded = name !== 'phone'
    return (
      <Field
        {...shared}
        {...inputs[name]}
        value={value ?? ''}
        required={isNeeded}
        {...(name === 'birthday' && { max: today })}
      />
    )
  }
  const options = (['F', 'M', 'N'] as const).map((each) => ({ value: each, label: said.genders[each] }))
  return <Choice {...shared} options={options} chosen={value} />
}

function Elsewhere(props: { frame: Frame; way: WayIntoVomo; email: string | null; address: string | null }) {
  const { frame, way, email, address } = props
  const { profile, profileForm } = frame.words
  return (
    <section>
      <h2>{profileForm.elsewhere}</h2>
      <dl class="facts stacked">
        <Fact
          label={profile.email}
          value={email && breakable(email)}
          note={profile.emailNote}
          frame={frame}
        />
        <Fact label={profile.address} value={address} note={profileForm.addressNote} frame={frame} />
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

function Fact(props: { frame: Frame; label: string; value: ComponentChildren; note: string }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.value || props.frame.words.profile.empty}</dd>
      <dd class="quiet note">{props.note}</dd>
    </div>
  )
}

export function labelOf({ words }: Frame, name: ProfileField): string {
  const { firstName, lastName, phone, birthday } = words.profile
  return {
    first_name: firstName,
    last_name: lastName,
    phone,
    birthday,
    gender: words.profileForm.gender,
  }[name]
}

function inWords({ words, locale }: Frame, name: ProfileField, value: string | null): string {
  const { genders, conflict } = words.profileForm
  if (value === null) return conflict.empty
  if (name === 'birthday') return formatBirthday(locale, value)
  return name === 'gender' && (value === 'F' || value === 'M' || value === 'N') ? genders[value] : value
}
