import { classIf } from '../../page/class-if.ts'
import { OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { Description } from './description.tsx'
import { OpportunityRows } from './opportunity-rows.tsx'
import type { OpportunityView } from './view.ts'

type CampaignProps = Frame & {
  visitor: Visitor
  name: string
  /** From our own server. */
  picture: { readonly src: string; readonly width: number; readonly height: number } | null
  /** Paragraphs of plain text. */
  description: readonly string[]
  /** The soonest first. */
  opportunities: readonly OpportunityView[]
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
  const { words, site, name, picture } = props
  const [first, ...more] = props.description
  return (
    <Page frame={props} visitor={props.visitor} asOf={props.asOf} title={name}>
      <Lit>
        <div {...classIf(picture, 'pictured')}>
          <div class="flow">
            <div>
              <p class="eyebrow">{words.campaign.of(site.name)}</p>
              <h1>{name}</h1>
            </div>
            {first !== undefined && <p>{first}</p>}
          </div>
          {picture !== null && <img class="picture" {...picture} alt="" loading="lazy" />}
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
      <p class="ahead strong">{said.ahead(opportunities.length)}</p>
      <OpportunityRows frame={view} asOf={view.asOf} opportunities={opportunities} />
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
      <Description paragraphs={paragraphs} />
    </section>
  )
}
