import type { Customer } from '../../customers/customers.ts'
import type { Language } from '../../text/languages.ts'
import { yearIn } from '../../time/zones.ts'
import type { HeldProjects } from '../../vomo/projects/projects.ts'
import { wholeOf } from '../hours/hours.ts'
import { opportunitiesAhead } from '../opportunities/opportunities.ts'
import { toView } from '../opportunities/view.ts'
import { activityOf } from '../rows/activity.ts'
import type { LoadedVolunteer } from '../rows/load.ts'
import { verificationOf } from '../rows/verification.ts'
import { nextShiftHref, shiftViews } from '../shifts/view.ts'

type HubContext = {
  customer: Customer
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
  { customer, nowMs, language, keyOf }: HubContext,
) {
  const { rows, loadingCount } = loaded
  const { total, byYear, complete } = wholeOf(rows)
  const year = yearIn(customer.timeZone, nowMs)
  const ofYear = byYear.find((each) => each.year === year)
  const [next, ...more] = shiftViews(rows, nowMs, language.words)
  const served = rows.filter(({ state }) => state === 'counted').map(({ countsAtMs }) => countsAtMs ?? 0)
  return {
    nextShift: next ? { ...next, calendarHref: nextShiftHref } : null,
    moreShifts: more.slice(0, shownShifts),
    moreShiftsCount: more.length,
    hoursThisYear: {
      year,
      recorded: ofYear?.recorded ?? 0,
      verified: ofYear?.verified ?? 0,
      complete,
    },
    hoursAllTime: total,
    activity: activityOf(rows, nowMs),
    verification: verificationOf(customer, language),
    lastServedMs: served.length > 0 ? Math.max(...served) : null,
    opportunities: opportunitiesAhead(held.projects, nowMs)
      .slice(0, shownOpportunities)
      .map((each) => toView(each, keyOf)),
    loadingCount,
  }
}
