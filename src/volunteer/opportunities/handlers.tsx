import { campaignPath } from '../../customers/campaign-path.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import { type Arrival, requireVisitorOrArrival, type Visitor } from '../../sign-in/session/visitor.ts'
import { isoIn } from '../../time/zones.ts'
import type { HeldCampaigns } from '../../vomo/projects/campaigns.ts'
import type { VomoProject } from '../../vomo/types.ts'
import { showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { heldCampaigns } from '../hand-off/held-campaigns.ts'
import { ownKeyForm } from '../own-key.ts'
import { pagesOf, rowsOnPage } from '../paging.ts'
import { fieldChoiceOf } from '../profile/field-choice.ts'
import { shows } from '../profile/fields.ts'
import { volunteerFrame } from '../volunteer-frame.ts'
import type { OpportunitiesAnswer, OpportunityAnswer } from './answers.ts'
import { type OpportunityFilter, readFilterGently, readOpportunityFilter } from './filter.ts'
import {
  countsAhead,
  isOpen,
  listsBehindAfterMs,
  type Opportunity,
  opportunitiesAhead,
  placesMs,
  townIn,
  townsOf,
} from './opportunities.ts'
import { OpportunityPage } from './opportunity-page.tsx'
import { type InitiativeView, OpportunitiesPage } from './page.tsx'
import { opportunityKeys, toDetail, toView } from './view.ts'

const pageSize = 20

/** Open opportunities, for every signed-in visitor, from held copies of VOMO's data. */
export function opportunityHandlers(tools: Tools) {
  const { vomo, clock, secrets, store } = tools

  /** Makes no call to VOMO, unless no campaigns are held yet. */
  async function find(c: Visited, filter: OpportunityFilter, nowMs: number) {
    const { id } = c.get('customer')
    const { projects, isComplete, asOfMs } = await vomo.allProjects(id)
    const campaigns = await heldCampaigns(vomo, id)
    const { campaign, ...wanted } = filter
    const within = campaigns?.value.find(({ slug }) => slug === campaign)
    const isKnown = campaign === undefined || within !== undefined
    return {
      projects,
      campaigns,
      found: isKnown ? opportunitiesAhead(projects, nowMs, { ...wanted, campaignId: within?.id }) : [],
      complete: isComplete,
      asOfMs,
      keyOf: opportunityKeys(secrets, id),
    }
  }

  /** `GET /opportunities` */
  async function page(c: Visited): Promise<Response> {
    const visitor = await requireVisitorOrArrival(tools, c)
    const nowMs = clock()
    const filter = readFilterGently(c.req.query())
    const { projects, campaigns, found, complete, asOfMs, keyOf } = await find(c, filter, nowMs)
    const all = opportunitiesAhead(projects, nowMs)
    const towns = townsOf(all)
    const pages = pagesOf(found, pageSize)
    // For people, a page past the end is the last.
    const shownPage = Math.min(pages, filter.page)
    const siteUrl = await vomo.site(c.get('customer').id)
    const way = wayIntoVomo(visitor.record?.value, siteUrl)
    return showPage(
      c,
      <OpportunitiesPage
        {...frameAt(c, visitor, { nowMs, asOfMs })}
        opportunities={rowsOnPage(found, shownPage, pageSize).map((each) => toView(each, keyOf))}
        page={shownPage}
        pages={pages}
        filter={filter}
        found={found.length}
        total={all.length}
        initiatives={initiativesAhead(c, { projects, campaigns, nowMs })}
        towns={towns}
        ownTown={townIn(await shownAddress(c, visitor), towns)}
        complete={complete}
        way={way}
      />,
      { way: all.length > 0 ? way : null, siteUrl },
    )
  }

  /** An address that the customer hides from its owner is not used either. */
  async function shownAddress(c: Visited, { record }: Visitor | Arrival): Promise<string | null> {
    if (!record) return null
    const choice = await fieldChoiceOf(store, c.get('customer').id)
    return shows(choice, 'address') ? record.value.address : null
  }

  /** @throws {Refusal} 'not_found', also for one that is not open to every volunteer */
  async function one(c: Visited) {
    const { id: customerId } = c.get('customer')
    const key = c.req.param('id') ?? ''
    const keyOf = opportunityKeys(secrets, customerId)
    const findOne = async () => {
      const { projects, readAtMs } = await vomo.allProjects(customerId)
      const project = projects.filter(isOpen).find(({ id }) => keyOf(id) === key)
      if (!project) throw new Refusal('not_found')
      return { key, project, asOfMs: readAtMs(project.id) }
    }
    if (!ownKeyForm.test(key)) throw new Refusal('not_found')
    const { id } = (await findOne()).project
    const isYoung = (readAtMs: number) => Math.abs(clock() - readAtMs) < placesMs
    await vomo.projects(customerId, [id], { suffices: ({ fetchedAtMs }) => isYoung(fetchedAtMs) })
    return findOne()
  }

  /** `GET /opportunities/<own id>` */
  async function onePage(c: Visited): Promise<Response> {
    const visitor = await requireVisitorOrArrival(tools, c)
    const nowMs = clock()
    const { project, asOfMs } = await one(c)
    const { id: customerId } = c.get('customer')
    const campaigns = (await heldCampaigns(vomo, customerId))?.value ?? []
    const initiatives = project.campaigns.map(({ id, name }) => {
      const slug = campaigns.find((each) => each.id === id)?.slug ?? null
      return { name, slug, href: slug === null ? null : campaignPath(c, slug) }
    })
    const siteUrl = await vomo.site(customerId)
    const detail = toDetail(project, nowMs)
    const way = wayIntoVomo(visitor.record?.value, detail.url ?? siteUrl)
    return showPage(
      c,
      <OpportunityPage
        {...frameAt(c, visitor, { nowMs, asOfMs })}
        opportunity={detail}
        initiatives={initiatives}
        way={way}
      />,
      { way: detail.dates.length > 0 ? way : null, siteUrl },
    )
  }

  function frameAt(c: Visited, visitor: Visitor | Arrival, at: { nowMs: number; asOfMs: number | null }) {
    const frame = volunteerFrame(c, visitor, at)
    const ms = Math.min(frame.asOf.ms, at.asOfMs ?? frame.asOf.ms)
    return { ...frame, asOf: { ...frame.asOf, ms, behindAfterMs: listsBehindAfterMs } }
  }

  const api = {
    async opportunities(c: Visited): Promise<Response> {
      await requireVisitorOrArrival(tools, c)
      const filter = readOpportunityFilter(c.req.query())
      const { found, complete, asOfMs, keyOf } = await find(c, filter, clock())
      const answer: OpportunitiesAnswer = {
        data: rowsOnPage(found, filter.page, pageSize).map((each) => toAnswer(each, keyOf)),
        page: filter.page,
        pages: pagesOf(found, pageSize),
        total: found.length,
        complete,
        as_of: asOfMs === null ? null : new Date(asOfMs).toISOString(),
      }
      return c.json(answer)
    },

    async opportunity(c: Visited): Promise<Response> {
      await requireVisitorOrArrival(tools, c)
      const { key, project, asOfMs } = await one(c)
      const nowMs = clock()
      const { timeZone, dates, ...detail } = toDetail(project, nowMs)
      const answer: OpportunityAnswer = {
        id: key,
        name: detail.name,
        place: detail.place,
        town: detail.town,
        time_zone: timeZone,
        campaigns: project.campaigns.map(({ name }) => name),
        url: detail.url,
        description: [...detail.description],
        contact: detail.contact,
        min_age: detail.minAge,
        allows_guests: detail.allowsGuests,
        needs_approval: detail.needsApproval,
        dates: dates.map(({ startsAtMs, endsAtMs, placesLeft }) => ({
          starts_at: isoIn(timeZone, startsAtMs),
          ends_at: isoIn(timeZone, endsAtMs),
          places_left: placesLeft,
        })),
        as_of: new Date(asOfMs ?? nowMs).toISOString(),
      }
      return c.json(answer)
    },
  }

  return { page, one: onePage, api }
}

function initiativesAhead(
  c: Visited,
  held: { projects: readonly VomoProject[]; campaigns: HeldCampaigns | undefined; nowMs: number },
): InitiativeView[] {
  const { projects, campaigns, nowMs } = held
  const counts = countsAhead(projects, nowMs)
  return (campaigns?.value ?? []).flatMap(({ id, name, slug }) => {
    const count = counts.get(id)
    return slug === null || count === undefined ? [] : [{ name, slug, href: campaignPath(c, slug), count }]
  })
}

function toAnswer(
  opportunity: Opportunity,
  keyOf: (projectId: string) => string,
): OpportunitiesAnswer['data'][number] {
  const { projectId, name, place, town, summary, timeZone, url, placesLeft, campaigns } = opportunity
  return {
    id: keyOf(projectId),
    name,
    place,
    town,
    time_zone: timeZone,
    campaigns: [...campaigns],
    url,
    summary,
    starts_at: isoIn(timeZone, opportunity.nextStartsAtMs),
    ends_at: isoIn(timeZone, opportunity.nextEndsAtMs),
    places_left: placesLeft,
    more_dates: opportunity.laterAtMs.length,
  }
}
