import { campaignPath } from '../../customers/campaign-path.ts'
import type { Customer } from '../../customers/customers.ts'
import { logoHeaders } from '../../customers/logo.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import type { Tools } from '../../part.ts'
import { requireSession, requireVisitorOrArrival, sessionOf } from '../../sign-in/session/visitor.ts'
import { slugPattern } from '../../slug.ts'
import type { HeldCampaigns } from '../../vomo/projects/campaigns.ts'
import type { VomoCampaign } from '../../vomo/types.ts'
import { showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { heldCampaigns } from '../hand-off/held-campaigns.ts'
import { volunteerFrame } from '../volunteer-frame.ts'
import { CampaignPage } from './campaign-page.tsx'
import { listsBehindAfterMs, opportunitiesAhead } from './opportunities.ts'
import { opportunityKeys, toView } from './view.ts'

type Found = { campaign: VomoCampaign; fetchedAtMs: number }

/** An unknown slug causes a new look-up, unless the list is younger than this. */
const youngMs = 60_000

/** How long a page waits for its picture, and the browser for the file. */
const pageWaitMs = 400
const pictureWaitMs = 4_000

/** The page of one campaign. Pages say initiative. */
export function campaignHandlers(tools: Tools) {
  const { vomo, clock } = tools

  /** Strangers must sign in when there is a campaign, and cause no call to VOMO when there is none. */
  async function campaign(c: Visited, slug: string): Promise<Response> {
    const customer = c.get('customer')
    const held = await heldCampaigns(vomo, customer.id)
    const isKnownNot = held !== undefined && withSlug(held, slug) === undefined
    if (isKnownNot && !(await sessionOf(tools, c))?.isLive) throw new Refusal('not_found')

    const visitor = await requireVisitorOrArrival(tools, c)
    const found = (held && withSlug(held, slug)) ?? withSlug(await youngList(customer.id, held), slug)
    if (!found) throw new Refusal('not_found')
    const siteUrl = await vomo.site(customer.id)
    const way = wayIntoVomo(visitor.record?.value, siteUrl)
    const page = (
      <CampaignPage
        {...volunteerFrame(c, visitor, { nowMs: clock() })}
        {...(await pageOf(customer, found))}
        path={campaignPath(c, slug)}
        slug={slug}
        way={way}
      />
    )
    return showPage(c, page, { way, siteUrl })
  }

  /** `/campaign/<slug>`: the page itself when `/<slug>` is a path of ours, else a redirect to it. */
  async function campaignBesides(c: Visited): Promise<Response> {
    const slug = c.req.param('slug') ?? ''
    if (!slugPattern.test(slug)) throw new Refusal('not_found')
    const path = campaignPath(c, slug)
    if (path === c.req.path) return campaign(c, slug)
    await requireSession(tools, c)
    return seeOther(c, path, 308)
  }

  async function pageOf(customer: Customer, { campaign: found, fetchedAtMs }: Found) {
    const { id, name, slug, description } = found
    const nowMs = clock()
    const keyOf = opportunityKeys(tools.secrets, customer.id)
    const { projects, isComplete, asOfMs } = await vomo.allProjects(customer.id)
    const file = await vomo.picture(customer.id, found, pageWaitMs)
    return {
      name,
      description,
      picture: file
        ? { src: `/campaign/${slug}/picture?v=${file.version}`, width: file.width, height: file.height }
        : null,
      opportunities: opportunitiesAhead(projects, nowMs, { campaignId: id }).map((each) =>
        toView(each, keyOf),
      ),
      complete: isComplete,
      asOf: {
        ms: Math.min(fetchedAtMs, asOfMs ?? fetchedAtMs),
        timeZone: customer.timeZone,
        nowMs,
        behindAfterMs: listsBehindAfterMs,
      },
    }
  }

  /** `GET /campaign/<slug>/picture`: of a campaign on record alone, so this fetches no other address. */
  async function picture(c: Visited): Promise<Response> {
    await requireSession(tools, c)
    const { id: customerId } = c.get('customer')
    const held = await heldCampaigns(vomo, customerId)
    const found = held && withSlug(held, c.req.param('slug') ?? '')
    const file = found && (await vomo.picture(customerId, found.campaign, pictureWaitMs))
    if (!file) throw new Refusal('not_found')
    const headers = { 'content-type': file.type, 'cache-control': 'private, max-age=86400', ...logoHeaders }
    return c.body(file.body, 200, headers)
  }

  async function youngList(customerId: string, held: HeldCampaigns | undefined): Promise<HeldCampaigns> {
    try {
      return await vomo.campaigns(customerId, { freshEnoughMs: youngMs })
    } catch (error) {
      if (held && isRefusal(error, 'vomo_unavailable')) return held
      throw error
    }
  }

  return { campaign, campaignBesides, campaignPicture: picture }
}

function withSlug({ value, fetchedAtMs }: HeldCampaigns, slug: string): Found | undefined {
  const campaign = value.find((each) => each.slug === slug)
  return campaign && { campaign, fetchedAtMs }
}
