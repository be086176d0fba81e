import type { StaffRole } from '../../customers/roles.ts'
import { breakable } from '../../page/contact.tsx'
import { Button, ErrorSummary, Field, PostForm } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { StaffLayout } from '../menu.tsx'

type PreviewProps = Frame & {
  role: StaffRole
  personId: string
  address: string
  form: { reason: string; error: string | undefined }
}

/** Says what a look at a volunteer's pages is, and asks why. */
export function PreviewPage(props: PreviewProps) {
  const { words, personId, address, form } = props
  const said = words.staffPreview
  const { error } = form
  const person = `/admin/people/${personId}`
  return (
    <StaffLayout
      frame={props}
      title={said.title}
      role={props.role}
      place="people"
      hasErrors={error !== undefined}
    >
      <Lit>
        <div class="flow">
          {error !== undefined && (
            <ErrorSummary heading={words.form.problem} errors={[{ field: 'reason', error }]} />
          )}
          <h1>{said.title}</h1>
          <PostForm action={`${person}/preview`} sending={words.form.sending}>
            <Field
              name="reason"
              label={said.reason}
              error={error}
              type="text"
              autocomplete="off"
              autofocus={error === undefined}
              maxLength={200}
              value={form.reason}
            />
            <Button>{said.button}</Button>
          </PostForm>
          <p>
            <Sentence text={said.lede(slot(0))} parts={[<b>{breakable(address)}</b>]} /> {said.note}
          </p>
          <p>
            <a href={person}>{words.staffPeople.code.back}</a>
          </p>
        </div>
      </Lit>
    </StaffLayout>
  )
}
