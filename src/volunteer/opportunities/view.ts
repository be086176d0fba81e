import type { Secrets } from '../../secrets.ts'
import { dayIn } from '../../time/zones.ts'
import type { VomoProject, VomoProjectDate } from '../../vomo/types.ts'
import { mapUrl } from '../map-url.ts'
import { ownKey } from '../own-key.ts'
import { webUrl } from '../web-url.ts'
import { datesAhead, type Opportunity } from './opportunities.ts'

/** An opportunity as lists show it. */
export type OpportunityView = Omit<Opportunity, 'projectId'> & {
  /** Its page here. */
  readonly href: string
}

/** One opportunity, as its own page shows it. */
export type OpportunityDetail = Pick<
  VomoProject,
  | 'name'
  | 'timeZone'
  | 'place'
  | 'town'
  | 'description'
  | 'contact'
  | 'minAge'
  | 'allowsGuests'
  | 'needsApproval'
> & {
  readonly mapUrl: string | null
  /** The soonest first. */
  readonly dates: readonly OpportunityDate[]
  /** Its page in VOMO. */
  readonly url: string | null
}

export type OpportunityDate = Omit<VomoProjectDate, 'id'>

/** Our own names for a customer's opportunities, the same for all its volunteers. */
export function opportunityKeys(secrets: Secrets, customerId: string) {
  return (projectId: string) => ownKey(secrets, 'opportunity', [customerId, projectId])
}

export function toView(
  { projectId, ...shown }: Opportunity,
  keyOf: (projectId: string) => string,
): OpportunityView {
  return { ...shown, href: opportunityPath(keyOf(projectId)) }
}

export function opportunityPath(key: string): string {
  return `/opportunities/${key}`
}

export function toDetail(project: VomoProject, nowMs: number): OpportunityDetail {
  const { name, timeZone, place, town, description, contact, minAge, allowsGuests, needsApproval } = project
  return {
    name,
    timeZone,
    place,
    mapUrl: mapUrl(place),
    town,
    description,
    contact,
    minAge,
    allowsGuests,
    needsApproval,
    dates: datesAhead(project, nowMs).map(({ startsAtMs, endsAtMs, placesLeft }) => ({
      startsAtMs,
      endsAtMs,
      placesLeft,
    })),
    url: webUrl(project.url),
  }
}

export type OfOneDay = {
  /** A moment of the day, for its heading. */
  readonly ms: number
  readonly timeZone: string
  readonly opportunities: readonly OpportunityView[]
}

/** Opportunities under the day of their next date, in the order given. */
export function byDay(opportunities: readonly OpportunityView[]): OfOneDay[] {
  const groups: { day: string; ms: number; timeZone: string; opportunities: OpportunityView[] }[] = []
  for (const opportunity of opportunities) {
    const { timeZone, nextStartsAtMs: ms } = opportunity
    const day = dayIn(timeZone, ms)
    const last = groups.at(-1)
    if (last?.day === day) last.opportunities.push(opportunity)
    else groups.push({ day, ms, timeZone, opportunities: [opportunity] })
  }
  return groups
}
