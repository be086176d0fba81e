import { campaignPath } from '../../customers/campaign-path.ts'
import type { Visited } from '../../customers/visit.ts'
import type { Tools } from '../../part.ts'
import { requireVisitor } from '../../sign-in/session/visitor.ts'
import { isoIn } from '../../time/zones.ts'
import type { HeldCampaigns } from '../../vomo/projects/campaigns.ts'
import type { VomoProject } from '../../vomo/types.ts'
import { showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { heldCampaigns } from '../hand-off/held-campaigns.ts'
import { pagesOf, rowsOnPage } from '../paging.ts'
import { volunteerFrame } from '../volunteer-frame.ts'
import type { OpportunitiesAnswer } from './answers.ts'
import { isNarrow, type OpportunityFilter, readFilterGently, readOpportunityFilter } from './filter.ts'
import { listsBehindAfterMs, type Opportunity, opportunitiesAhead } from './opportunities.ts'
import { type InitiativeView, OpportunitiesPage } from './page.tsx'

const pageSize = 20

/** Open opportunities, for every signed-in visitor, from held copies of VOMO's data. */
export function opportunityHandlers(tools: Tools) {
  const { vomo, clock } = tools

  /** Makes no call to VOMO, unless no campaigns are held yet. */
  async function find(c: Visited, filter: OpportunityFilter, nowMs: number) {
    const { id } = c.get('customer')
    const { projects, isComplete, asOfMs } = await vomo.allProjects(id)
    const campaigns = await heldCampaigns(vomo, id)
    const wanted = campaigns?.value.find(({ slug }) => slug === filter.campaign)
    const isKnown = filter.campaign === undefined || wanted !== undefined
    const { text, when } = filter
    return {
      projects,
      campaigns,
      found: isKnown ? opportunitiesAhead(projects, nowMs, { text, when, campaignId: wanted?.id }) : [],
      complete: isComplete,
      asOfMs,
    }
  }

  /** `GET /opportunities` */
  async function page(c: Visited): Promise<Response> {
    const visitor = await requireVisitor(tools, c)
    const nowMs = clock()
    const filter = readFilterGently(c.req.query())
    const { projects, campaigns, found, complete, asOfMs } = await find(c, filter, nowMs)
    const siteUrl = await vomo.site(c.get('customer').id)
    const way = wayIntoVomo(visitor.record.value, siteUrl)
    const frame = volunteerFrame(c, visitor, { nowMs })
    const ms = Math.min(frame.asOf.ms, asOfMs ?? frame.asOf.ms)
    return showPage(
      c,
      <OpportunitiesPage
        {...frame}
        {...pageOf(found, filter.page)}
        filter={filter}
        found={found.length}
        total={isNarrow(filter) ? opportunitiesAhead(projects, nowMs).length : found.length}
        initiatives={initiativesAhead(c, { projects, campaigns, nowMs })}
        complete={complete}
        asOf={{ ...frame.asOf, ms, behindAfterMs: listsBehindAfterMs }}
        way={way}
      />,
      { way, siteUrl },
    )
  }

  const api = {
    async opportunities(c: Visited): Promise<Response> {
      await requireVisitor(tools, c)
      const filter = readOpportunityFilter(c.req.query())
      const { found, complete, asOfMs } = await find(c, filter, clock())
      const answer: OpportunitiesAnswer = {
        data: rowsOnPage(found, filter.page, pageSize).map(toAnswer),
        page: filter.page,
        pages: pagesOf(found, pageSize),
        total: found.length,
        complete,
        as_of: asOfMs === null ? null : new Date(asOfMs).toISOString(),
      }
      return c.json(answer)
    },
  }

  return { page, api }
}

function initiativesAhead(
  c: Visited,
  held: { projects: readonly VomoProject[]; campaigns: HeldCampaigns | undefined; nowMs: number },
): InitiativeView[] {
  const { projects, campaigns, nowMs } = held
  return (campaigns?.value ?? []).flatMap(({ id, name, slug }) => {
    const ahead = opportunitiesAhead(projects, nowMs, { campaignId: id })
    return slug === null || ahead.length === 0
      ? []
      : [{ name, slug, href: campaignPath(c, slug), count: ahead.length }]
  })
}

/** For people: a page past the end is the last. */
function pageOf(found: readonly Opportunity[], wanted: number) {
  const pages = pagesOf(found, pageSize)
  const page = Math.min(pages, wanted)
  return { opportunities: rowsOnPage(found, page, pageSize), page, pages }
}

function toAnswer(opportunity: Opportunity): OpportunitiesAnswer['data'][number] {
  const { name, place, timeZone, url, nextStartsAtMs, nextEndsAtMs, moreDates, campaigns } = opportunity
  return {
    name,
    place,
    starts_at: isoIn(timeZone, nextStartsAtMs),
    ends_at: isoIn(timeZone, nextEndsAtMs),
    time_zone: timeZone,
    more_dates: moreDates,
    campaigns: [...campaigns],
    url,
  }
}
