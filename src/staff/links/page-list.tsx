import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { linkStates } from '../../links/list.ts'
import { Button, ButtonLink, Select } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { StaffLayout } from '../menu.tsx'
import { LinkDays } from './chart.tsx'
import type { LinkDay } from './days.ts'
import { Rows } from './rows.tsx'
import type { RecentLink } from './shown.ts'

export const linksPath = '/admin/links'

type ListProps = Frame & {
  role: StaffRole
  days: readonly LinkDay[]
  links: readonly RecentLink[]
  filter: { state: (typeof linkStates)[number] | null; by: string | null }
  applications: readonly { id: string; name: string }[]
  isFirstPage: boolean
  /** There are older ones than these. */
  hasOlder: boolean
  timeZone: string
  nowMs: number
}

/** Every link of the customer, a page at a time. */
export function LinksPage(props: ListProps) {
  const { words, role } = props
  const said = words.staffLinks
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="links">
      <Lit>
        <div class="flow">
          <h1>{said.heading}</h1>
          <p>{said.lede}</p>
          {mayActAs(role, 'coordinator') && (
            <div class="actions">
              <ButtonLink href={`${linksPath}/new`}>{said.make}</ButtonLink>
              {mayActAs(role, 'owner') && (
                <ButtonLink href={`${linksPath}/lists`} quiet>
                  {words.staffLinkLists.link}
                </ButtonLink>
              )}
            </div>
          )}
        </div>
      </Lit>
      <div class="wrap flow">
        <LinkDays frame={props} days={props.days} />
        <List {...props} />
      </div>
    </StaffLayout>
  )
}

function List(props: ListProps) {
  const { links, filter, isFirstPage, hasOlder, timeZone, nowMs } = props
  const said = props.words.staffLinks.filter
  const last = links.at(-1)
  return (
    <section class="flow" id="list">
      <h2>{said.heading}</h2>
      <Filter {...props} />
      {links.length === 0 ? (
        <p role="status">{said.none}</p>
      ) : (
        <Rows frame={props} links={links} caption={said.list} timeZone={timeZone} nowMs={nowMs} />
      )}
      {!(isFirstPage && !hasOlder) && (
        <nav class="pages" aria-label={said.list}>
          {isFirstPage ? (
            <span />
          ) : (
            <a rel="prev" href={hrefOf(filter)}>
              {said.newest}
            </a>
          )}
          {hasOlder && last ? (
            <a rel="next" href={hrefOf(filter, last.id)}>
              {said.older}
            </a>
          ) : (
            <span />
          )}
        </nav>
      )}
    </section>
  )
}

function Filter({ words, filter, applications }: ListProps) {
  const said = words.staffLinks.filter
  const makers = ['portal', 'staff', 'application', 'operator'] as const
  return (
    <details class="narrow-list" open={filter.state !== null || filter.by !== null}>
      <summary>{said.open}</summary>
      <form method="get" action={`${linksPath}#list`}>
        <Select
          name="state"
          label={said.state}
          options={linkStates.map((value) => ({ value, label: said.states[value] }))}
          chosen={filter.state}
          any={said.anyState}
        />
        <Select
          name="by"
          label={said.by}
          options={[
            ...makers.map((value) => ({ value, label: said.makers[value] })),
            ...applications.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          chosen={filter.by}
          any={said.anyMaker}
        />
        <Button quiet>{said.button}</Button>
      </form>
    </details>
  )
}

function hrefOf({ state, by }: ListProps['filter'], before?: string): string {
  const query = new URLSearchParams()
  if (state !== null) query.set('state', state)
  if (by !== null) query.set('by', by)
  if (before !== undefined) query.set('before', before)
  return `${linksPath}${query.size > 0 ? `?${query}` : ''}#list`
}
