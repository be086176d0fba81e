import { Button, PostForm, Select } from '../../page/form.tsx'
import { PagesNav } from '../../page/pages-nav.tsx'
import { Lit } from '../../page/parts.tsx'
import { TableHead } from '../../page/table-head.tsx'
import { type ProblemKind, problemKindNames } from '../../problems/kinds.ts'
import type { Words } from '../../text/en.ts'
import { StaffLayout } from '../menu.tsx'
import { type At, ProblemActions, Seen, WhatAndCure, Who } from './page-parts.tsx'
import { type ProblemFilter, type ProblemView, problemsHref } from './view.ts'

const path = '/admin/problems'

export type ListDone = Extract<keyof Words['staffProblems']['done'], 'closed' | 'queued' | 'none_queued'>

type ListProps = At & {
  problems: readonly ProblemView[]
  filter: ProblemFilter
  /** Of each kind, with this status. */
  counts: ReadonlyMap<ProblemKind, number>
  /** How many the filter finds. */
  found: number
  /** About how many VOMO is being asked, and about how many it can be. */
  queued: number
  askable: number
  maxAsked: number
  page: number
  pages: number
  done: ListDone | null
}

/** What keeps people from their record, the last seen first. */
export function ProblemsPage(props: ListProps) {
  const { words, filter, found, done, problems, page, pages, seesAddresses } = props
  const said = words.staffProblems
  return (
    <StaffLayout frame={props} title={said.title} role={props.role} place="problems">
      <Lit>
        <div class="flow">
          {done !== null && (
            <p class="notice" role="status">
              {said.done[done]}
            </p>
          )}
          <h1>{headingOf(props)}</h1>
          <p>{filter.isClosed ? said.ledeClosed : said.lede}</p>
        </div>
      </Lit>
      <div class="wrap flow">
        <FilterForm {...props} />
        {found === 0 ? (
          <p>{filter.kind === undefined && !filter.isClosed ? said.none : said.noneOfKind}</p>
        ) : (
          <>
            <Rechecks {...props} />
            <table role="table" aria-label={said.title}>
              <TableHead
                columns={[
                  { name: said.who },
                  { name: said.what },
                  { name: said.when },
                  ...(props.mayHelp && !filter.isClosed ? [{ name: said.actions }] : []),
                ]}
              />
              <tbody role="rowgroup">
                {problems.map((problem) => (
                  <Row key={problem.id} {...props} problem={problem} />
                ))}
              </tbody>
            </table>
            {pages > 1 && (
              <PagesNav
                said={words.resume.pages}
                page={page}
                pages={pages}
                hrefOf={(other) => problemsHref(path, filter, other > 1 ? { page: `${other}` } : {})}
              />
            )}
            <p class="list-links">
              <a href={problemsHref(`${path}.csv`, filter)}>{said.csv}</a>
              {words.hours.csvForExcel !== '' && (
                <a href={problemsHref(`${path}.csv`, filter, { for: 'excel' })}>{words.hours.csvForExcel}</a>
              )}
            </p>
            {seesAddresses && <p class="quiet">{said.logged}</p>}
          </>
        )}
        <p>
          <a href="/admin">{words.staff.volunteer.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

function headingOf({ words, filter: { kind, isClosed }, found }: ListProps): string {
  const said = words.staffProblems
  if (kind !== undefined) return said.headingOf(said.kinds[kind].name, found)
  return isClosed ? said.headingClosed(found) : said.heading(found)
}

function FilterForm({ words, filter, counts }: ListProps) {
  const said = words.staffProblems.filter
  const kinds = problemKindNames.filter((kind) => counts.has(kind) || kind === filter.kind)
  return (
    <div class="narrow-list">
      <form method="get" action={path}>
        <Select
          name="kind"
          label={said.kind}
          any={said.anyKind}
          chosen={filter.kind}
          options={kinds.map((kind) => ({
            value: kind,
            label: said.option(words.staffProblems.kinds[kind].name, counts.get(kind) ?? 0),
          }))}
        />
        <Select
          name="status"
          label={said.state}
          any={said.open}
          chosen={filter.isClosed ? 'closed' : null}
          options={[{ value: 'closed', label: said.closed }]}
        />
        <Button quiet>{said.button}</Button>
      </form>
    </div>
  )
}

/** Those of the filter at once, in the background. */
function Rechecks({ words, mayHelp, filter, queued, askable, maxAsked }: ListProps) {
  const said = words.staffProblems
  if (filter.isClosed) return null
  return (
    <>
      {queued > 0 && <p class="notice">{said.allQueued(queued)}</p>}
      {mayHelp && askable > 1 && (
        <PostForm action={`${path}/recheck`} sending={words.form.sending}>
          {filter.kind !== undefined && <input type="hidden" name="kind" value={filter.kind} />}
          <Button quiet>{said.recheckAll(Math.min(askable, maxAsked))}</Button>
          <p class="hint">{said.recheckAllWhat(maxAsked)}</p>
        </PostForm>
      )}
    </>
  )
}

function Row(props: ListProps & { problem: ProblemView }) {
  const { words, mayHelp, filter, problem } = props
  const { name } = words.staffProblems.kinds[problem.kind]
  return (
    <tr role="row">
      <td role="cell">
        <Who {...props} />
      </td>
      <td role="cell">
        <p>
          <a class="strong" href={`${path}/${problem.id}`}>
            {name}
          </a>
        </p>
        <WhatAndCure words={words} problem={problem} />
      </td>
      <td role="cell">
        <Seen {...props} />
      </td>
      {mayHelp && !filter.isClosed && (
        <td role="cell">
          <ProblemActions {...props} />
        </td>
      )}
    </tr>
  )
}
