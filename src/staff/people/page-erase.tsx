import { Button, ErrorSummary, PostForm, Tick } from '../../page/form.tsx'
import { ListSection, Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { StaffLayout } from '../menu.tsx'

type EraseProps = Frame & {
  personId: string
  address: string
  /** Names of the organization's systems that may store data about the address. */
  applications: readonly string[]
  /** The form came without its box checked. */
  isUnconfirmed: boolean
}

/** What goes and what stays when an owner erases a person, asked twice. */
export function EraseOtherPage(props: EraseProps) {
  const { words, personId, address, applications, isUnconfirmed } = props
  const said = words.staffPeople.erase
  const person = `/admin/people/${personId}`
  return (
    <StaffLayout frame={props} title={said.title} role="owner" place="people" hasErrors={isUnconfirmed}>
      <Lit>
        <div class="flow">
          {isUnconfirmed && (
            <ErrorSummary
              heading={words.form.problem}
              errors={[{ field: 'confirm', error: said.confirmError }]}
            />
          )}
          <h1>{said.heading(address)}</h1>
          <p>{words.account.erase.lede}</p>
        </div>
      </Lit>
      <div class="wrap flow">
        <ListSection heading={said.erased} items={said.erasedList} />
        <ListSection
          heading={said.stays}
          items={[...said.staysList, ...applications.map(said.staysElsewhere)]}
        />
        <p>{said.again}</p>
        <PostForm action={`${person}/erase`} sending={words.form.sending}>
          <Tick
            name="confirm"
            required
            label={said.confirm}
            error={isUnconfirmed ? said.confirmError : undefined}
          />
          <Button>{said.button}</Button>
        </PostForm>
        <p>
          <a href={person}>{words.staffPeople.code.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}
