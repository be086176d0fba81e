import { OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import type { Opportunity } from './opportunities.ts'
import { OpportunityRow } from './opportunity-row.tsx'

type CampaignProps = Frame & {
  visitor: Visitor
  name: string
  /** Paragraphs of plain text. */
  description: readonly string[]
  /** The soonest first. */
  opportunities: readonly Opportunity[]
  /** Whether every opportunity is loaded. */
  complete: boolean
  /** The path of this page. */
  path: string
  asOf: AsOf
  /** The last segment of its address, in VOMO too. */
  slug: string
  way: WayIntoVomo
}

/** One initiative: what it is, and its upcoming opportunities. */
export function CampaignPage(props: CampaignProps) {
  const { words, site, name } = props
  const [first, ...more] = props.description
  return (
    <Page frame={props} visitor={props.visitor} asOf={props.asOf} title={name}>
      <Lit>
        <div class="flow">
          <div>
            <p class="eyebrow">{words.campaign.of(site.name)}</p>
            <h1>{name}</h1>
          </div>
          {first !== undefined && <p>{first}</p>}
        </div>
      </Lit>
      <div class="wrap flow">
        {!props.complete && (
          <p class="notice">
            {words.campaign.loading} <a href={props.path}>{words.loading.reload}</a>
          </p>
        )}
        {more.length === 0 ? (
          <Ahead view={props} />
        ) : (
          <Columns beside={<More frame={props} paragraphs={more} />}>
            <Ahead view={props} />
          </Columns>
        )}
      </div>
    </Page>
  )
}

function Ahead({ view }: { view: CampaignProps }) {
  const { words, opportunities, complete, slug, way } = view
  const said = words.campaign
  if (opportunities.length === 0) {
    return complete ? (
      <section class="flow">
        <h2>{said.none}</h2>
        <p>
          {said.noneWhat} <a href={opportunitiesPath}>{said.seeOthers}</a>
        </p>
      </section>
    ) : null
  }
  return (
    <div class="opportunities">
      <h2>{said.ahead(opportunities.length)}</h2>
      <ul class="rows">
        {opportunities.map((opportunity, index) => (
          <li key={`${opportunity.name} ${index}`}>
            <OpportunityRow frame={view} asOf={view.asOf} opportunity={opportunity} />
          </li>
        ))}
      </ul>
      <div class="into-vomo">
        <OpenInVomo frame={view} way={way} landing="campaign" resource={slug} quiet>
          {words.hub.signUp}
        </OpenInVomo>
        <p class="quiet">{way.kind === 'hand_off' ? words.hub.opportunitiesNote : said.note}</p>
      </div>
    </div>
  )
}

function More({ frame: { words }, paragraphs }: { frame: Frame; paragraphs: readonly string[] }) {
  return (
    <section>
      <h2>{words.campaign.more}</h2>
      {paragraphs.map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
    </section>
  )
}
