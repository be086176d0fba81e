import type { Application } from '../../customers/applications.ts'
import { fieldTypes } from '../../link-api/rownd/application/profile-schema.ts'
import { Button, Field, ListField, PostForm } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import type { Words } from '../../text/en.ts'
import { StaffFormPage } from '../form-page.tsx'
import type { FieldForm } from './fields.ts'
import { type ApplicationForm, applicationsPath } from './page.tsx'

export type FieldsDone = keyof Words['staffFields']['done']

export const fieldsPath = ({ id }: Pick<Application, 'id'>) => `${applicationsPath}/${id}/fields`

type FieldsProps = Frame & {
  application: Application
  fields: readonly FieldForm[]
  form: ApplicationForm
  done: FieldsDone | null
}

/** What a system's profiles may hold, and the form that adds a field. For owners. */
export function FieldsPage(props: FieldsProps) {
  const { words, application, fields, form, done } = props
  const said = words.staffFields
  return (
    <StaffFormPage
      frame={props}
      title={said.title}
      role="owner"
      place="applications"
      errors={form.errors}
      done={done && said.done[done]}
      heading={said.heading(application.name)}
      lede={said.lede}
    >
      <div class="wrap flow">
        {fields.length > 0 && (
          <table role="table" aria-label={said.title}>
            <TableHead columns={[{ name: said.field }, { name: said.type }, { name: said.name }]} />
            <tbody role="rowgroup">
              {fields.map(({ name, label, type }) => (
                <tr role="row" key={name}>
                  <td role="cell">
                    <a href={`${fieldsPath(application)}/${name}`}>{label}</a>
                  </td>
                  <td role="cell">{said.types[type]}</td>
                  <td role="cell">
                    <code>{name}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <section class="flow">
          <h2>{said.add.heading}</h2>
          <PostForm action={fieldsPath(application)} sending={words.form.sending}>
            <Label words={words} form={form} />
            <Field
              name="name"
              label={said.name}
              hint={said.add.nameHint}
              error={form.errors['name']}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              maxLength={64}
              value={form.typed['name'] ?? ''}
            />
            <Type words={words} form={form} />
            <Button>{said.add.button}</Button>
          </PostForm>
        </section>
        <p>
          <a href={`${applicationsPath}/${application.id}`}>{said.toSystem(application.name)}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}

type FieldProps = Frame & {
  application: Application
  field: FieldForm
  /** As their reader saw it, which is compared with what is there. */
  seen: string
  /** It tells profiles apart. */
  identifies: boolean
  form: ApplicationForm
}

/** One field: what it is called, what it holds, and what comes of its values when it is removed. For owners. */
export function FieldPage(props: FieldProps) {
  const { words, application, field, seen, identifies, form } = props
  const said = words.staffFields
  const path = `${fieldsPath(application)}/${field.name}`
  return (
    <StaffFormPage
      frame={props}
      title={field.label}
      role="owner"
      place="applications"
      errors={form.errors}
      done={null}
      heading={field.label}
      lede={said.called(application.name, field.name)}
    >
      <div class="wrap flow">
        <PostForm action={path} sending={words.form.sending}>
          <input type="hidden" name="seen" value={seen} />
          <Label words={words} form={{ ...form, typed: { label: field.label, ...form.typed } }} />
          {identifies ? (
            <>
              <input type="hidden" name="type" value={field.type} />
              <p class="field">{said.identifies}</p>
            </>
          ) : (
            <Type
              words={words}
              form={{ ...form, typed: { type: field.type, ...form.typed } }}
              hint={said.typeHint}
            />
          )}
          <Button>{said.save}</Button>
        </PostForm>
        {!identifies && (
          <section class="flow">
            <h2>{said.remove.heading}</h2>
            <p>{said.remove.what}</p>
            <PostForm action={path} sending={words.form.sending}>
              <input type="hidden" name="seen" value={seen} />
              <Button quiet does="remove">
                {said.remove.button}
              </Button>
            </PostForm>
          </section>
        )}
        <p>
          <a href={fieldsPath(application)}>{said.back}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}

type PartProps = Pick<Frame, 'words'> & { form: ApplicationForm; hint?: string }

function Label({ words: { staffFields: said }, form }: PartProps) {
  return (
    <Field
      name="label"
      label={said.label}
      hint={said.labelHint}
      error={form.errors['label']}
      autocomplete="off"
      maxLength={200}
      value={form.typed['label'] ?? ''}
    />
  )
}

function Type({ words: { staffFields: said }, form, hint }: PartProps) {
  return (
    <ListField
      name="type"
      label={said.type}
      hint={hint}
      error={form.errors['type']}
      options={fieldTypes.map((value) => ({ value, label: said.types[value] }))}
      chosen={form.typed['type'] ?? 'string'}
    />
  )
}
