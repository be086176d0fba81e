import type { VomoProject } from '../vomo/types.ts'
import type { OpportunityView } from './pages-hub.tsx'
import { webUrl } from './web-url.ts'

export type Opportunity = OpportunityView & {
  readonly nextStartsAtMs: number
  readonly nextEndsAtMs: number
  /** How many come after the next one. */
  readonly moreDates: number
}

/** What anybody may sign up for, the soonest first: public, and with a date that is still to begin. */
export function opportunitiesAhead(projects: readonly VomoProject[], nowMs: number): Opportunity[] {
  return projects
    .flatMap((project) => {
      const ahead = project.isPublic ? project.dates.filter(({ startsAtMs }) => startsAtMs > nowMs) : []
      const [next, ...more] = ahead.toSorted((a, b) => a.startsAtMs - b.startsAtMs)
      if (!next) return []
      const { name, place, timeZone, url } = project
      return {
        name,
        place,
        timeZone,
        url: webUrl(url),
        nextStartsAtMs: next.startsAtMs,
        nextEndsAtMs: next.endsAtMs,
        moreDates: more.length,
      }
    })
    .toSorted((a, b) => a.nextStartsAtMs - b.nextStartsAtMs)
}
