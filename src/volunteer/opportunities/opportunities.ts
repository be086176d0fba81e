import { folded, wordsSought } from '../../text/search.ts'
import { daysBetween, hourIn, weekdayIn } from '../../time/zones.ts'
import type { VomoProject, VomoProjectDate } from '../../vomo/types.ts'
import { bullet } from '../../vomo/wire/paragraphs.ts'
import { webUrl } from '../web-url.ts'
import { type Day, days, type TimeOfDay, type When } from './filter.ts'

/** An opportunity that has not begun: a project is one, however many dates it has. */
export type Opportunity = {
  /** VOMO's, which must not reach a browser. */
  readonly projectId: string
  readonly name: string
  readonly place: string | null
  readonly town: string | null
  /** The beginning of its description, in one line. */
  readonly summary: string | null
  readonly timeZone: string
  readonly nextStartsAtMs: number
  readonly nextEndsAtMs: number
  /** On the next date; `null` when VOMO does not say. */
  readonly placesLeft: number | null
  /** When the next date is full: the start of the first one that is not. */
  readonly nextOpenAtMs: number | null
  /** The starts of the dates after the next one. */
  readonly laterAtMs: readonly number[]
  readonly campaigns: readonly string[]
  /** Its page in VOMO. */
  readonly url: string | null
}

/** Lists rest for six hours where no visitor is; copies older than this mean that VOMO does not answer. */
export const listsBehindAfterMs = 7 * 60 * 60_000

/** The page of one shows the places of all its dates, from a copy as old at most while VOMO answers. */
export const placesMs = 60 * 60_000

/** The filter on upcoming opportunities. */
type Wanted = {
  text?: string | undefined
  campaignId?: string | undefined
  when?: When | undefined
  day?: Day | undefined
  time?: TimeOfDay | undefined
  town?: string | undefined
}

/**
 * Opportunities open to any volunteer, the soonest first: public, and with a date that has not begun. With a filter on time, the
 * dates are those that match.
 */
export function opportunitiesAhead(
  projects: readonly VomoProject[],
  nowMs: number,
  wanted: Wanted = {},
): Opportunity[] {
  const { text, campaignId, town } = wanted
  const words = wordsSought(text ?? '')
  return projects
    .filter(isOpen)
    .filter(({ campaigns }) => campaignId === undefined || campaigns.some(({ id }) => id === campaignId))
    .filter((project) => town === undefined || isInTown(project, town))
    .filter((project) => hasAll(project, words))
    .flatMap((project) => {
      const { id, name, place, timeZone, url, campaigns } = project
      const [next, ...later] = datesAhead(project, nowMs).filter(({ startsAtMs }) =>
        isAt(wanted, { startsAtMs, nowMs, timeZone }),
      )
      if (!next) return []
      const open = next.placesLeft === 0 ? later.find(({ placesLeft }) => placesLeft !== 0) : undefined
      return {
        projectId: id,
        name,
        place,
        town: project.town,
        summary: summaryOf(project),
        timeZone,
        url: webUrl(url),
        nextStartsAtMs: next.startsAtMs,
        nextEndsAtMs: next.endsAtMs,
        placesLeft: next.placesLeft,
        nextOpenAtMs: open?.startsAtMs ?? null,
        laterAtMs: later.map(({ startsAtMs }) => startsAtMs),
        campaigns: campaigns.map((campaign) => campaign.name),
      }
    })
    .toSorted((a, b) => a.nextStartsAtMs - b.nextStartsAtMs)
}

/** How many opportunities each campaign has ahead, by its id. */
export function countsAhead(projects: readonly VomoProject[], nowMs: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { campaigns, dates } of projects.filter(isOpen)) {
    if (!dates.some(({ startsAtMs }) => startsAtMs > nowMs)) continue
    for (const id of new Set(campaigns.map((campaign) => campaign.id)))
      counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

/** Whether any volunteer may see it. */
export function isOpen({ isPublic, name }: VomoProject): boolean {
  return isPublic && name !== ''
}

/** The dates that have not begun, the soonest first. */
export function datesAhead({ dates }: VomoProject, nowMs: number): VomoProjectDate[] {
  return dates.filter(({ startsAtMs }) => startsAtMs > nowMs).toSorted((a, b) => a.startsAtMs - b.startsAtMs)
}

/** The towns of these opportunities, each once, by name. */
export function townsOf(opportunities: readonly Opportunity[]): string[] {
  const towns = new Map<string, string>()
  for (const { town } of opportunities) if (town !== null) towns.set(folded(town), town)
  return [...towns.values()].toSorted((a, b) => a.localeCompare(b))
}

/**
 * The town among these that an address names, between its commas: "321 Pine Rd, Cedar Flats, NE 68997". That is all "near you"
 * means: a visitor is not located.
 */
export function townIn(address: string | null, towns: readonly string[]): string | undefined {
  const parts = new Set((address ?? '').split(',').map(folded))
  return towns.find((town) => parts.has(folded(town)))
}

const maxSummaryLength = 120

function summaryOf({ description }: VomoProject): string | null {
  const first = description.find((paragraph) => !paragraph.startsWith(bullet))
  if (first === undefined || first.length <= maxSummaryLength) return first ?? null
  const cut = first.slice(0, maxSummaryLength)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), maxSummaryLength / 2)).replace(/[\s,;:.\p{Cs}]+$/u, '')}…`
}

type Start = { startsAtMs: number; nowMs: number; timeZone: string }

/** By the calendar and the clock of the place: its own Saturday counts. */
function isAt({ when, day, time }: Wanted, { startsAtMs, nowMs, timeZone }: Start): boolean {
  return (
    (when === undefined || isIn(when, { startsAtMs, nowMs, timeZone })) &&
    (day === undefined || days[weekdayIn(timeZone, startsAtMs)] === day) &&
    (time === undefined || timeOfDay(hourIn(timeZone, startsAtMs)) === time)
  )
}

function isIn(when: When, { startsAtMs, nowMs, timeZone }: Start): boolean {
  const ahead = daysBetween(nowMs, startsAtMs, timeZone)
  if (when === 'week') return ahead < 7
  if (when === 'month') return ahead < 30
  const untilSunday = (7 - weekdayIn(timeZone, nowMs)) % 7
  return ahead === untilSunday || ahead === untilSunday - 1
}

function timeOfDay(hour: number): TimeOfDay {
  if (hour < 12) return 'morning'
  return hour < 17 ? 'afternoon' : 'evening'
}

function isInTown({ town }: VomoProject, wanted: string): boolean {
  return town !== null && folded(town) === folded(wanted)
}

function hasAll(project: VomoProject, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const { name, place, campaigns } = project
  const said = [name, place, summaryOf(project), ...campaigns.map((campaign) => campaign.name)]
  const all = folded(said.filter((text) => text !== null).join(' '))
  return words.every((word) => all.includes(word))
}
