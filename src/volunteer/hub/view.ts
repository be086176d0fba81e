import type { Customer } from '../../customers/customers.ts'
import { hubPath } from '../../page/header.tsx'
import type { LimitPlace } from '../../text/en/limits.ts'
import type { Words } from '../../text/en.ts'
import type { Language } from '../../text/languages.ts'
import { yearIn } from '../../text/zones.ts'
import type { HeldProjects } from '../../vomo/vomo.ts'
import type { LimitsAnswer } from '../answers.ts'
import { wholeOf } from '../hours/hours.ts'
import { opportunitiesAhead } from '../opportunities/opportunities.ts'
import { activityOf } from '../rows/activity.ts'
import type { LoadedVolunteer } from '../rows/load.ts'
import type { Row } from '../rows/rows.ts'
import { verificationOf } from '../rows/verification.ts'
import type { ShiftView } from '../shifts/page-shift.tsx'
import { comingState, upcoming } from '../shifts/shifts.ts'
import { webUrl } from '../web-url.ts'

type At = { customer: Customer; nowMs: number; language: Language }

const shownShifts = 3
const shownOpportunities = 3

/** Rows as the pages take them: plain data, no id of VOMO's. */

export function hubView(loaded: LoadedVolunteer, held: HeldProjects, { customer, nowMs, language }: At) {
  const { rows, loadingCount } = loaded
  const { total, byYear, complete } = wholeOf(rows)
  const year = yearIn(customer.timeZone, nowMs)
  const ofYear = byYear.find((each) => each.year === year)
  const [nextShift = null, ...more] = shiftViews(rows, nowMs, language.words)
  const served = rows.filter(({ state }) => state === 'counted').map(({ countsAtMs }) => countsAtMs ?? 0)
  return {
    nextShift,
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
    opportunities: opportunitiesAhead(held.projects, nowMs).slice(0, shownOpportunities),
    loadingCount,
  }
}

export function shiftViews(rows: readonly Row[], nowMs: number, words: Words): ShiftView[] {
  return upcoming(rows, nowMs).map((row) => ({
    project: row.project ?? words.volunteerWords.someShift,
    startsAtMs: row.startsAtMs,
    endsAtMs: row.endsAtMs,
    timeZone: row.timeZone,
    place: row.place,
    mapUrl:
      row.place === null
        ? null
        : `https://www.openstreetmap.org/search?query=${encodeURIComponent(row.place)}`,
    role: tellingRole(row.role),
    guests: row.guests,
    url: webUrl(row.url),
    state: comingState(row, nowMs),
    calendarHref: row.key === null ? null : `/shifts/${row.key}.ics`,
  }))
}

/** @param at.vomoSite where this customer's VOMO is */
export function limitsFor(
  customer: Customer,
  at: { vomoSite: string; editsProfile: boolean },
  words: Words,
): LimitsAnswer['data'] {
  const { vomoSite, editsProfile } = at
  const urls: Partial<Record<LimitPlace, string>> = {
    home: customer.publicOrigin + hubPath(customer.slug),
    shifts: `${customer.publicOrigin}/shifts`,
    account: `${customer.publicOrigin}/account/erase`,
    vomo: vomoSite,
    vomo_settings: vomoSite,
    ...(customer.contactEmail !== null && { coordinator: `mailto:${customer.contactEmail}` }),
  }
  return words.limits
    .filter(({ code }) => !(editsProfile && code === 'change_profile'))
    .map(({ code, what, why, where }) => ({
      code,
      what,
      why,
      where: where.map(({ label, place }) => ({ label, url: urls[place] ?? null })),
    }))
}

/** "As Volunteer" tells a volunteer nothing. */
function tellingRole(role: string | null): string | null {
  return role === null || /^volunteers?$/i.test(role.trim()) ? null : role
}
