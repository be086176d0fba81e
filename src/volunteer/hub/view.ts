import type { Customer } from '../../customers/customers.ts'
import type { Words } from '../../text/en.ts'
import type { Language } from '../../text/languages.ts'
import { yearIn } from '../../time/zones.ts'
import type { HeldProjects } from '../../vomo/projects/projects.ts'
import type { VomoContact, VomoUserDetail } from '../../vomo/types.ts'
import { barTo } from '../hand-off/hand-off.tsx'
import { wholeOf } from '../hours/hours.ts'
import { type Opportunity, opportunitiesAhead } from '../opportunities/opportunities.ts'
import { type OpportunityView, toView } from '../opportunities/view.ts'
import { activityOf } from '../rows/activity.ts'
import type { LoadedVolunteer } from '../rows/load.ts'
import type { Row } from '../rows/rows.ts'
import { verificationOf } from '../rows/verification.ts'
import { upcoming } from '../shifts/shifts.ts'
import { nextShiftHref, type ShiftView, toShiftView } from '../shifts/view.ts'
import { whatToBring } from './to-bring.ts'

/** The next shift, with what its project's description and page in VOMO add. */
export type NextShiftView = ShiftView & {
  readonly toBring: readonly string[]
  /** Whom to ask on the day. */
  readonly contact: VomoContact | null
}

/** An opportunity, and whether they have helped there before. */
export type HubOpportunity = OpportunityView & { readonly isKnown: boolean }

type HubContext = {
  customer: Customer
  record: VomoUserDetail
  nowMs: number
  language: Language
  /** Our own name for a project of VOMO's. */
  keyOf: (projectId: string) => string
}

const shownShifts = 3
const shownOpportunities = 3

/** The hub as plain data, without VOMO's ids. */
export function hubView(
  loaded: LoadedVolunteer,
  held: HeldProjects,
  { customer, record, nowMs, language, keyOf }: HubContext,
) {
  const { rows, loadingCount, isAheadLoading } = loaded
  const { total, byYear, complete } = wholeOf(rows)
  const year = yearIn(customer.timeZone, nowMs)
  const ofYear = byYear.find((each) => each.year === year)
  const { words } = language
  const [next, ...more] = upcoming(rows, nowMs)
  const activity = activityOf(rows, nowMs)
  const isInactive = barTo(record) === 'not_member'
  const known = projectsServed(record)
  const ahead = opportunitiesAhead(held.projects, nowMs)
  // Who comes back begins where they know their way.
  const offered =
    isInactive || activity === 'lapsed' ? ahead.toSorted((a, b) => rank(known, a) - rank(known, b)) : ahead
  const served = rows.filter(({ state }) => state === 'counted').map(({ countsAtMs }) => countsAtMs ?? 0)
  return {
    nextShift: next ? toNextShift(next, nowMs, words) : null,
    moreShifts: more.slice(0, shownShifts).map((row) => toShiftView(row, nowMs, words)),
    moreShiftsCount: more.length,
    hoursThisYear: {
      year,
      recorded: ofYear?.recorded ?? 0,
      verified: ofYear?.verified ?? 0,
      complete,
    },
    hoursAllTime: total,
    activity,
    isInactive,
    verification: verificationOf(customer, language),
    lastServedMs: served.length > 0 ? Math.max(...served) : null,
    opportunities: firstOf(offered, keyOf, known),
    loadingCount,
    isAheadLoading,
  }
}

/** @param known the projects where the volunteer has helped before; none while their record is not here */
export function firstOf(
  opportunities: readonly Opportunity[],
  keyOf: HubContext['keyOf'],
  known: ReadonlySet<string> = new Set(),
): HubOpportunity[] {
  return opportunities
    .slice(0, shownOpportunities)
    .map((each) => ({ ...toView(each, keyOf), isKnown: known.has(each.projectId) }))
}

function toNextShift(row: Row, nowMs: number, words: Words): NextShiftView {
  const { description, contact } = row
  const shift = toShiftView(row, nowMs, words)
  return { ...shift, calendarHref: nextShiftHref, toBring: whatToBring(description), contact }
}

/** The projects where they came, or have hours. */
function projectsServed({ participations }: VomoUserDetail): ReadonlySet<string> {
  const served = participations.filter(
    ({ checkedInAtMs, hours }) => checkedInAtMs !== null || (hours ?? 0) > 0,
  )
  return new Set(served.map(({ projectId }) => projectId).filter((id) => id !== null))
}

function rank(known: ReadonlySet<string>, { projectId }: { projectId: string }): number {
  return known.has(projectId) ? 0 : 1
}
