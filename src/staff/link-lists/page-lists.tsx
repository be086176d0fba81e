import type { StaffRole } from '../../customers/roles.ts'
import { breakable } from '../../page/contact.tsx'
import { Button, ErrorSummary, Explained } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import type { BatchRowState, LinkBatchTable } from '../../store/tables/links.ts'
import { formatRecent } from '../../text/dates.ts'
import { linksPath } from '../links/page-list.tsx'
import { StaffLayout } from '../menu.tsx'
import { type FileFault, maxRows } from './read-csv.ts'

export const linkListsPath = `${linksPath}/lists`

/** Who sent a file: its reader, or another, with whether they are an owner still. */
export type Sender = { is: 'you' | 'owner' | 'former'; address: string } | { is: 'gone' }

type ListsProps = Frame & {
  role: StaffRole
  lists: readonly {
    id: string
    state: LinkBatchTable['state']
    madeAtMs: number
    sender: Sender
    counts: Record<BatchRowState, number>
  }[]
  fault: FileFault | 'too_many' | null
  timeZone: string
  nowMs: number
}

/** The form that takes a file of addresses, and the files that were sent. */
export function ListsPage(props: ListsProps) {
  const { words, role, fault } = props
  const said = words.staffLinkLists
  const error = fault === null ? undefined : said.file.faults[fault](maxRows)
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="links" hasErrors={error !== undefined}>
      <Lit>
        <div class="flow">
          {error !== undefined && (
            <ErrorSummary heading={words.form.problem} errors={[{ field: 'file', error }]} />
          )}
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
          <form method="post" action={linkListsPath} encType="multipart/form-data" noValidate>
            <div class={error === undefined ? 'field' : 'field has-error'}>
              <label for="file">{said.file.label}</label>
              <Explained name="file" hint={said.file.hint(maxRows)} error={error} />
              <input
                id="file"
                name="file"
                type="file"
                accept=".csv,.txt,.tsv,text/csv,text/plain"
                aria-describedby={error === undefined ? 'file-hint' : 'file-hint file-error'}
                aria-invalid={error === undefined ? undefined : 'true'}
              />
            </div>
            <Button>{said.file.button}</Button>
          </form>
          <p class="quiet">{said.file.next}</p>
        </div>
      </Lit>
      <div class="wrap flow">
        <Lists {...props} />
        <p>
          <a href={linksPath}>{words.staffLinks.link.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

function Lists({ words, locale, lists, timeZone, nowMs }: ListsProps) {
  const said = words.staffLinkLists
  if (lists.length === 0) return null
  return (
    <section class="flow">
      <h2>{said.lists.heading}</h2>
      <table role="table" aria-label={said.lists.heading}>
        <TableHead
          columns={[
            { name: said.lists.when },
            { name: said.lists.by },
            { name: said.lists.state },
            { name: said.lists.links },
          ]}
        />
        <tbody role="rowgroup">
          {lists.map(({ id, state, madeAtMs: ms, sender, counts }) => (
            <tr role="row" key={id}>
              <td role="cell">
                <a href={`${linkListsPath}/${id}`}>{formatRecent(locale, { ms, timeZone }, nowMs)}</a>
              </td>
              <td role="cell">{sender.is === 'gone' ? '–' : breakable(sender.address)}</td>
              <td role="cell">{said.states[state]}</td>
              <td role="cell">{said.lists.made(counts.made)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
