import { campaignPath } from '../../customers/campaign-path.ts'
import type { Customer } from '../../customers/customers.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import type { Tools } from '../../part.ts'
import { requireSession, requireVisitor, sessionOf } from '../../sign-in/session/visitor.ts'
import { slugPattern } from '../../slug.ts'
import type { HeldCampaigns } from '../../vomo/projects/campaigns.ts'
import type { VomoCampaign } from '../../vomo/types.ts'
import { showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { heldCampaigns } from '../hand-off/held-campaigns.ts'
import { CampaignPage } from './campaign-page.tsx'
import { listsBehindAfterMs, opportunitiesAhead } from './opportunities.ts'

type Found = { campaign: VomoCampaign; fetchedAtMs: number }

/** An unknown slug causes a new look-up, unless the list is younger than this. */
const youngMs = 60_000

/** The page of one campaign. Pages say initiative. */
export function campaignHandlers(tools: Tools) {
  const { vomo, clock } = tools

  /** Strangers must sign in when there is a campaign, and cause no call to VOMO when there is none. */
  async function campaign(c: Visited, slug: string): Promise<Response> {
    const customer = c.get('customer')
    const held = await heldCampaigns(vomo, customer.id)
    const isKnownNot = held !== undefined && withSlug(held, slug) === undefined
    if (isKnownNot && !(await sessionOf(tools, c))?.isLive) throw new Refusal('not_found')

    const visitor = await requireVisitor(tools, c)
    const found = (held && withSlug(held, slug)) ?? withSlug(await youngList(customer.id, held), slug)
    if (!found) throw new Refusal('not_found')
    const siteUrl = await vomo.site(customer.id)
    const way = wayIntoVomo(visitor.record.value, siteUrl)
    const page = (
      <CampaignPage
        {...(await pageOf(customer, found))}
        {...frameOf(c)}
        visitor={{ firstName: visitor.record.value.firstName, isStaff: visitor.isStaff }}
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

  async function pageOf(customer: Customer, { campaign: { id, name, description }, fetchedAtMs }: Found) {
    const nowMs = clock()
    const { projects, isComplete, asOfMs } = await vomo.allProjects(customer.id)
    return {
      name,
      description,
      opportunities: opportunitiesAhead(projects, nowMs, { campaignId: id }),
      complete: isComplete,
      asOf: {
        ms: Math.min(fetchedAtMs, asOfMs ?? fetchedAtMs),
        timeZone: customer.timeZone,
        nowMs,
        behindAfterMs: listsBehindAfterMs,
      },
    }
  }

  async function youngList(customerId: string, held: HeldCampaigns | undefined): Promise<HeldCampaigns> {
    try {
      return await vomo.campaigns(customerId, { freshEnoughMs: youngMs })
    } catch (error) {
      if (held && isRefusal(error, 'vomo_unavailable')) return held
      throw error
    }
  }

  return { campaign, campaignBesides }
}

function withSlug({ value, fetchedAtMs }: HeldCampaigns, slug: string): Found | undefined {
  const campaign = value.find((each) => each.slug === slug)
  return campaign && { campaign, fetchedAtMs }
}
