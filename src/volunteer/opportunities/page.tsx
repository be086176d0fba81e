import { Button, OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { PagesNav } from '../../page/pages-nav.tsx'
import { Columns, Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { isNarrow, type OpportunityFilter, whens } from './filter.ts'
import type { Opportunity } from './opportunities.ts'
import { OpportunityRow } from './opportunity-row.tsx'

/** One initiative with something ahead. */
export type InitiativeView = {
  readonly name: string
  /** The last segment of its address. */
  readonly slug: string
  /** Its page here. */
  readonly href: string
  readonly count: number
}

type OpportunitiesProps = Frame & {
  visitor: Visitor
  filter: OpportunityFilter
  /** The rows of this page of the list, the soonest first. */
  opportunities: readonly Opportunity[]
  page: number
  pages: number
  /** How many match the filter, and how many there are. */
  found: number
  total: number
  initiatives: readonly InitiativeView[]
  /** Whether every opportunity is loaded. */
  complete: boolean
  asOf: AsOf
  way: WayIntoVomo
}

export function OpportunitiesPage(props: OpportunitiesProps) {
  const { words, total, complete, initiatives } = props
  const said = words.opportunityList
  const isEmpty = total === 0
  return (
    <Page frame={props} visitor={props.visitor} asOf={props.asOf} title={said.title} current="opportunities">
      <Lit>
        <div class="flow">
          <h1>{isEmpty && complete ? said.none : said.heading}</h1>
          {isEmpty ? complete && <p>{said.noneWhat}</p> : <p>{said.lede(total)}</p>}
        </div>
      </Lit>
      <div class="wrap flow">
        {!complete && (
          <p class="notice">
            {said.loading} <a href={opportunitiesHref(props.filter, props.page)}>{words.loading.reload}</a>
          </p>
        )}
        {!isEmpty &&
          (initiatives.length === 0 ? (
            <List view={props} />
          ) : (
            <Columns beside={<Initiatives view={props} />}>
              <List view={props} />
            </Columns>
          ))}
      </div>
    </Page>
  )
}

function List({ view }: { view: OpportunitiesProps }) {
  const { words, filter, opportunities, page, pages, found, asOf, way } = view
  const said = words.opportunityList
  return (
    <>
      <FilterForm view={view} />
      <section class="opportunities">
        <h2 id="list">{found === 0 ? said.noMatch : isNarrow(filter) ? said.found(found) : said.ahead}</h2>
        {found === 0 ? (
          <p>{said.noMatchWhat}</p>
        ) : (
          <ul class="rows">
            {opportunities.map((opportunity, index) => (
              <li key={`${opportunity.name} ${index}`}>
                <OpportunityRow frame={view} asOf={asOf} opportunity={opportunity} />
                {opportunity.campaigns.length > 0 && (
                  <p class="quiet">{said.ofInitiative(opportunity.campaigns.join(', '))}</p>
                )}
              </li>
            ))}
          </ul>
        )}
        {pages > 1 && (
          <PagesNav
            said={said.pages}
            page={page}
            pages={pages}
            hrefOf={(other) => opportunitiesHref(filter, other)}
          />
        )}
        <div class="into-vomo">
          <OpenInVomo frame={view} way={way} landing="hub" quiet>
            {words.hub.signUp}
          </OpenInVomo>
          <p class="quiet">{way.kind === 'hand_off' ? words.hub.opportunitiesNote : said.signUpIsThere}</p>
        </div>
      </section>
    </>
  )
}

/** The filter is a plain address that a visitor can keep or share. */
function FilterForm({ view: { words, filter, initiatives } }: { view: OpportunitiesProps }) {
  const said = words.opportunityList.filter
  return (
    <details class="narrow-list no-print" open={isNarrow(filter)}>
      <summary>{said.label}</summary>
      <form method="get" action={`${opportunitiesPath}#list`}>
        <div class="field">
          <label for="find">{said.search}</label>
          <input id="find" name="q" type="search" value={filter.text ?? ''} maxLength={200} />
        </div>
        {(initiatives.length > 0 || filter.campaign !== undefined) && (
          <div class="field">
            <label for="by-initiative">{said.initiative}</label>
            <select id="by-initiative" name="campaign">
              <option value="">{said.every}</option>
              {initiatives.map(({ name, slug }) => (
                <option key={slug} value={slug} selected={slug === filter.campaign}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        )}
        <div class="field">
          <label for="by-when">{said.when}</label>
          <select id="by-when" name="when">
            <option value="">{said.whens.any}</option>
            {whens.map((when) => (
              <option key={when} value={when} selected={when === filter.when}>
                {said.whens[when]}
              </option>
            ))}
          </select>
        </div>
        <Button quiet>{said.show}</Button>
        {isNarrow(filter) && (
          <p>
            <a href={opportunitiesPath}>{said.all}</a>
          </p>
        )}
      </form>
    </details>
  )
}

function Initiatives({ view: { words, initiatives } }: { view: OpportunitiesProps }) {
  return (
    <section>
      <h2>{words.opportunityList.initiatives}</h2>
      <ul class="rows">
        {initiatives.map(({ name, href, count }) => (
          <li key={href}>
            <a href={href}>{name}</a>
            <p class="quiet">{words.campaign.ahead(count)}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** `/opportunities?q=food&when=week&page=2#list` */
function opportunitiesHref({ text, campaign, when }: OpportunityFilter, page: number): string {
  const query = new URLSearchParams()
  if (text !== undefined) query.set('q', text)
  if (campaign !== undefined) query.set('campaign', campaign)
  if (when !== undefined) query.set('when', when)
  if (page > 1) query.set('page', String(page))
  return `${opportunitiesPath}${query.size > 0 ? `?${query}#list` : ''}`
}
