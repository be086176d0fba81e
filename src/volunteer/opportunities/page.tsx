import { Button, OpenInVomo, Select, type WayIntoVomo } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { PagesNav } from '../../page/pages-nav.tsx'
import { Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import {
  days,
  isNarrow,
  isSameFilter,
  noFilter,
  type OpportunityFilter,
  queryOf,
  times,
  whens,
} from './filter.ts'
import { OpportunityRows } from './opportunity-rows.tsx'
import type { OpportunityView } from './view.ts'

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
  opportunities: readonly OpportunityView[]
  page: number
  pages: number
  /** How many match the filter, and how many there are. */
  found: number
  total: number
  initiatives: readonly InitiativeView[]
  /** Where there is something ahead. */
  towns: readonly string[]
  /** The one of them that the visitor's own address names. */
  ownTown: string | undefined
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
        <div class="lead">
          <h1>{isEmpty && complete ? said.none : said.heading}</h1>
          {isEmpty ? complete && <p>{said.noneWhat}</p> : <p>{said.lede(total)}</p>}
        </div>
      </Lit>
      <div class="wrap flow">
        {!complete && (
          <p class="notice">
            {said.loading} <a href={opportunitiesHref(props.filter)}>{words.loading.reload}</a>
          </p>
        )}
        {!isEmpty && <List view={props} />}
        {!isEmpty && initiatives.length > 0 && <Initiatives view={props} />}
      </div>
    </Page>
  )
}

function List({ view }: { view: OpportunitiesProps }) {
  const { words, filter, opportunities, page, pages, found, asOf, ownTown, way } = view
  const said = words.opportunityList
  return (
    <>
      <div class="finder no-print">
        <QuickChoices view={view} />
        <FilterForm view={view} />
      </div>
      <div class="opportunities" id="list">
        {isNarrow(filter) && <Showing view={view} />}
        {found === 0 ? (
          <section>
            <h2>{said.noMatch}</h2>
            <p>{said.noMatchWhat}</p>
          </section>
        ) : (
          <OpportunityRows frame={view} asOf={asOf} opportunities={opportunities} ownTown={ownTown} />
        )}
        {pages > 1 && (
          <PagesNav
            said={said.pages}
            page={page}
            pages={pages}
            hrefOf={(other) => opportunitiesHref({ ...filter, page: other })}
          />
        )}
        <div class="into-vomo">
          <OpenInVomo frame={view} way={way} landing="hub" quiet>
            {words.hub.signUp}
          </OpenInVomo>
          <p class="quiet">{way.kind === 'hand_off' ? words.hub.opportunitiesNote : said.signUpIsThere}</p>
        </div>
      </div>
    </>
  )
}

/** What people look for most, at one press. Each is an address that a visitor can keep or share. */
function QuickChoices({ view: { words, filter, ownTown } }: { view: OpportunitiesProps }) {
  const said = words.opportunityList.filter
  const choices = [
    { label: said.days.sat, wanted: { ...noFilter, day: 'sat' } },
    { label: said.whens.weekend, wanted: { ...noFilter, when: 'weekend' } },
    { label: said.times.evening, wanted: { ...noFilter, time: 'evening' } },
    ...(ownTown === undefined ? [] : [{ label: said.nearYou, wanted: { ...noFilter, town: ownTown } }]),
  ] as const
  return (
    <nav class="quick" aria-label={said.quick}>
      {choices.map(({ label, wanted }) => (
        <a
          key={label}
          href={opportunitiesHref(wanted)}
          aria-current={isSameFilter(filter, wanted) ? 'true' : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  )
}

/** "14 found: Saturdays, Cedar Flats." */
function Showing({ view: { words, filter, found, initiatives } }: { view: OpportunitiesProps }) {
  const said = words.opportunityList
  const { text, campaign, when, day, time, town } = filter
  const what = [
    text === undefined ? undefined : said.quoted(text),
    day && said.filter.days[day],
    time && said.filter.times[time],
    when && said.filter.whens[when],
    town,
    campaign && (initiatives.find(({ slug }) => slug === campaign)?.name ?? campaign),
  ].filter((each) => each !== undefined)
  return (
    <p class="showing">
      {said.foundOf(found, what.join(', '))} <a href={opportunitiesPath}>{said.filter.all}</a>
    </p>
  )
}

function FilterForm({ view }: { view: OpportunitiesProps }) {
  const { words, filter, initiatives, towns, ownTown } = view
  const said = words.opportunityList.filter
  return (
    <details class="narrow-list">
      <summary>{said.label}</summary>
      <form method="get" action={`${opportunitiesPath}#list`}>
        <div class="field">
          <label for="find">{said.search}</label>
          <input id="find" name="q" type="search" value={filter.text ?? ''} maxLength={200} />
        </div>
        <Select
          name="day"
          label={said.day}
          chosen={filter.day}
          any={said.days.any}
          options={monday.map((day) => ({ value: day, label: said.days[day] }))}
        />
        <Select
          name="time"
          label={said.time}
          chosen={filter.time}
          any={said.times.any}
          options={times.map((time) => ({ value: time, label: said.times[time] }))}
        />
        <Select
          name="when"
          label={said.when}
          chosen={filter.when}
          any={said.whens.any}
          options={whens.map((when) => ({ value: when, label: said.whens[when] }))}
        />
        {(towns.length > 1 || filter.town !== undefined) && (
          <Select
            name="town"
            label={said.town}
            chosen={filter.town}
            any={said.anyTown}
            options={towns.map((town) => ({
              value: town,
              label: town === ownTown ? said.yourTown(town) : town,
            }))}
          />
        )}
        {(initiatives.length > 0 || filter.campaign !== undefined) && (
          <Select
            name="campaign"
            label={said.initiative}
            chosen={filter.campaign}
            any={said.every}
            options={initiatives.map(({ name, slug }) => ({ value: slug, label: name }))}
          />
        )}
        <Button quiet>{said.show}</Button>
      </form>
    </details>
  )
}

/** A week begins on Monday for those who plan one. */
const monday = [...days.slice(1), ...days.slice(0, 1)]

function Initiatives({ view: { words, initiatives } }: { view: OpportunitiesProps }) {
  return (
    <section class="opportunities few">
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
function opportunitiesHref(filter: OpportunityFilter): string {
  const query = queryOf(filter)
  return `${opportunitiesPath}${query === '' ? '' : `?${query}#list`}`
}
