import { folded, wordsSought } from '../../text/search.ts'
import { dayIn, daysBetween } from '../../time/zones.ts'
import type { VomoProject } from '../../vomo/types.ts'
import { webUrl } from '../web-url.ts'
import type { When } from './filter.ts'

/** An opportunity as lists show it. */
export type OpportunityView = {
  readonly name: string
  readonly place: string | null
  readonly nextStartsAtMs: number | null
  readonly timeZone: string
  /** Its page in VOMO. */
  readonly url: string | null
}

export type Opportunity = OpportunityView & {
  readonly nextStartsAtMs: number
  readonly nextEndsAtMs: number
  /** How many come after the next one. */
  readonly moreDates: number
  readonly campaigns: readonly string[]
}

/** Lists and projects are walked every 15 minutes; copies older than this mean that VOMO does not answer. */
export const listsBehindAfterMs = 45 * 60_000

/** The filter on upcoming opportunities. */
type Wanted = {
  text?: string | undefined
  campaignId?: string | undefined
  when?: When | undefined
}

/**
 * Opportunities open to any volunteer, the soonest first: public, and with a date that has not begun. With a time filter, the date
 * shown is the first that matches.
 */
export function opportunitiesAhead(
  projects: readonly VomoProject[],
  nowMs: number,
  { text, campaignId, when }: Wanted = {},
): Opportunity[] {
  const words = wordsSought(text ?? '')
  return projects
    .filter((project) => project.isPublic && project.name !== '')
    .filter(({ campaigns }) => campaignId === undefined || campaigns.some(({ id }) => id === campaignId))
    .filter((project) => hasAll(project, words))
    .flatMap((project) => {
      const { name, place, timeZone, url, campaigns } = project
      const ahead = project.dates
        .filter(({ startsAtMs }) => startsAtMs > nowMs)
        .filter(({ startsAtMs }) => when === undefined || isIn(when, { startsAtMs, nowMs, timeZone }))
        .toSorted((a, b) => a.startsAtMs - b.startsAtMs)
      const [next, ...more] = ahead
      if (!next) return []
      return {
        name,
        place,
        timeZone,
        url: webUrl(url),
        nextStartsAtMs: next.startsAtMs,
        nextEndsAtMs: next.endsAtMs,
        moreDates: more.length,
        campaigns: campaigns.map((campaign) => campaign.name),
      }
    })
    .toSorted((a, b) => a.nextStartsAtMs - b.nextStartsAtMs)
}

/** By the calendar of the place: its own Saturday counts. */
function isIn(
  when: When,
  { startsAtMs, nowMs, timeZone }: { startsAtMs: number; nowMs: number; timeZone: string },
): boolean {
  const days = daysBetween(nowMs, startsAtMs, timeZone)
  if (when === 'week') return days < 7
  if (when === 'month') return days < 30
  const today = new Date(`${dayIn(timeZone, nowMs)}T00:00:00Z`).getUTCDay()
  const untilSunday = (7 - today) % 7
  return days === untilSunday || days === untilSunday - 1
}

function hasAll({ name, place, campaigns }: VomoProject, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const all = folded([name, place ?? '', ...campaigns.map((campaign) => campaign.name)].join(' '))
  return words.every((word) => all.includes(word))
}
