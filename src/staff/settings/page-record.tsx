import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { Button, ButtonLink, Choice, Field, ListField, PostForm } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import type { Words } from '../../text/en.ts'
import { type CustomFieldType, customFieldTypes } from '../../volunteer/profile/custom-fields.ts'
import { builtInFields, builtInNames } from '../../volunteer/profile/fields.ts'
import type { CarriedField } from '../../vomo/people/carried-fields.ts'
import { StaffFormPage } from '../form-page.tsx'
import { type SettingsDone, settingsPath } from './done.ts'
import { hideable, type OwnField, type RecordForm } from './record-form.ts'

export const recordPath = `${settingsPath}/record`

type RecordProps = Frame & {
  role: StaffRole
  form: RecordForm
  /** The choice that the form was made from, as it is compared. */
  seen: string
  errors: Readonly<Record<string, string>>
  /** What VOMO sends, where it was asked. */
  carried: readonly CarriedField[] | 'failed' | null
  done: SettingsDone | null
}

/** Which fields show of a volunteer's record: for owners, a form. */
export function RecordPage(props: RecordProps) {
  const { words, role, errors, done } = props
  const said = words.staffRecord
  return (
    <StaffFormPage
      frame={props}
      title={said.title}
      role={role}
      place="settings"
      errors={errors}
      done={done && words.staffSettings.done[done]}
      heading={said.heading}
      lede={said.lede}
    >
      <div class="wrap flow">
        {mayActAs(role, 'owner') ? <OwnersForm {...props} /> : <Shown {...props} />}
        <p>
          <a href={settingsPath}>{words.staffSettings.back}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}

function Shown({ words, form }: RecordProps) {
  const said = words.staffRecord
  return (
    <>
      <p>
        {said.editing} {said.edits[form.editsProfile ? 'yes' : 'no']}
      </p>
      <ul class="plain-list">
        {builtInNames
          .filter((name) => !builtInFields[name].canHide || form.builtIn.includes(name))
          .map((name) => (
            <li key={name}>{words.profileFields[name].label}</li>
          ))}
        {form.own.map(({ name, label }) => (
          <li key={name}>{label}</li>
        ))}
      </ul>
    </>
  )
}

function OwnersForm(props: RecordProps) {
  const { words, locale, form, seen, errors, carried } = props
  const said = words.staffRecord
  const wasFound = carried !== null && carried !== 'failed'
  return (
    <>
      <PostForm action={recordPath} sending={words.form.sending}>
        <input type="hidden" name="seen" value={seen} />
        <Choice
          name="edits"
          label={said.editing}
          options={(['yes', 'no'] as const).map((value) => ({ value, label: said.edits[value] }))}
          chosen={form.editsProfile ? 'yes' : 'no'}
        />
        <fieldset class="field">
          <legend>{said.standard}</legend>
          {hideable.map((name) => (
            <Tick
              key={name}
              name={`field-${name}`}
              isOn={form.builtIn.includes(name)}
              label={words.profileFields[name].label}
            />
          ))}
        </fieldset>
        <section class="field flow" id="own">
          <h2>{said.own}</h2>
          <p class="quiet">{said.ownWhat}</p>
          {wasFound && <p role="status">{carried.length === 0 ? said.look.none : said.look.found}</p>}
          {form.own.length === 0 && <p>{said.noneOwn}</p>}
          {form.own.map((own, index) => (
            <OwnFields
              key={own.name}
              {...{ words, locale, own, index, errors }}
              carried={wasFound ? carried : []}
            />
          ))}
          <Field
            name="another"
            label={said.another}
            hint={said.anotherHint}
            error={errors['another']}
            autocomplete="off"
            maxLength={200}
            value={form.another}
          />
        </section>
        <Button>{words.staffSettings.save}</Button>
      </PostForm>
      {!wasFound && (
        <section class="flow">
          <h2>{said.look.heading}</h2>
          {carried === 'failed' && <p class="notice warn">{said.look.failed}</p>}
          <p>{said.look.what}</p>
          <p>
            <ButtonLink quiet href={`${recordPath}?look=1#own`}>
              {said.look.button}
            </ButtonLink>
          </p>
        </section>
      )}
    </>
  )
}

type OwnFieldsProps = Pick<Frame, 'words' | 'locale'> & {
  own: OwnField
  index: number
  errors: Readonly<Record<string, string>>
  carried: readonly CarriedField[]
}

function OwnFields({ words, locale, own, index, errors, carried }: OwnFieldsProps) {
  const said = words.staffRecord
  const anyOf = new Intl.ListFormat(locale, { type: 'disjunction' })
  const shapes = carried.find(({ name }) => name === own.name)?.shapes
  return (
    <fieldset class="own-field">
      <legend>{own.name}</legend>
      <input type="hidden" name={`name-${index}`} value={own.name} />
      {shapes && (
        <p class="hint">{said.shapes(anyOf.format(shapes.map((shape) => shapeIn(words, shape))))}</p>
      )}
      <Tick name={`show-${index}`} isOn={own.isShown} label={said.show} />
      <div class="own-field-how">
        <Field
          name={`label-${index}`}
          label={said.label}
          error={errors[`label-${index}`]}
          autocomplete="off"
          maxLength={200}
          value={own.label}
        />
        <ListField
          name={`type-${index}`}
          label={said.type}
          options={customFieldTypes.map((value: CustomFieldType) => ({ value, label: said.types[value] }))}
          chosen={own.type}
        />
        <Field
          name={`place-${index}`}
          label={said.position}
          inputMode="numeric"
          autocomplete="off"
          maxLength={3}
          value={`${index + 1}`}
        />
      </div>
    </fieldset>
  )
}

function Tick({ name, isOn, label }: { name: string; isOn: boolean; label: string }) {
  return (
    <label class="tick">
      <input type="checkbox" name={name} value="yes" checked={isOn} />
      {label}
    </label>
  )
}

/** The shape of values, never a value. */
function shapeIn({ staffRecord: { shape: words } }: Words, shape: string): string {
  const named: Readonly<Record<string, string>> = words
  if (shape.startsWith('list of ')) return words.list
  return shape.startsWith('object of ') ? words.object : (named[shape] ?? shape)
}
