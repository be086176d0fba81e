import type { Customer } from '../customers/customers.ts'
import { hubPath } from '../page/header.tsx'
import type { LimitPlace } from '../text/en/limits.ts'
import { en } from '../text/en.ts'
import type { HeldProjects } from '../vomo/vomo.ts'
import type { LimitsAnswer } from './answers.ts'
import { toHours, toMonths } from './hours.ts'
import type { LoadedVolunteer } from './load.ts'
import { opportunitiesAhead } from './opportunities.ts'
import type { YearView } from './pages-history.tsx'
import type { ShiftView } from './pages-shift.tsx'
import { type Row, type RowState, rowStates } from './rows.ts'
import { comingState, upcoming } from './shifts.ts'
import { webUrl } from './web-url.ts'
import { yearIn } from './zones.ts'

type At = { customer: Customer; nowMs: number }

const shownShifts = 3
const shownOpportunities = 3
const rowsOnPage = 50

/** Rows as the pages take them: plain data, no id of VOMO's. */

export function hubView(loaded: LoadedVolunteer, held: HeldProjects, { customer, nowMs }: At) {
  const { rows, loadingCount } = loaded
  const hours = toHours(rows, loaded.asOfMs)
  const year = yearIn(customer.timeZone, nowMs)
  const ofYear = hours.by_year.find((each) => each.year === year)
  const [nextShift = null, ...more] = shiftViews(rows, nowMs)
  const served = rows.filter(({ state }) => state === 'counted').map(({ countsAtMs }) => countsAtMs ?? 0)
  return {
    nextShift,
    moreShifts: more.slice(0, shownShifts),
    moreShiftsCount: more.length,
    hoursThisYear: {
      year,
      recorded: ofYear?.recorded ?? 0,
      verified: ofYear?.verified ?? 0,
      complete: hours.complete,
    },
    hoursAllTime: { recorded: hours.recorded, verified: hours.verified },
    lastServedMs: served.length > 0 ? Math.max(...served) : null,
    opportunities: opportunitiesAhead(held.projects, nowMs).slice(0, shownOpportunities),
    loadingCount,
    viewerIsNew: rows.length === 0,
  }
}

export function shiftViews(rows: readonly Row[], nowMs: number): ShiftView[] {
  return upcoming(rows, nowMs).map((row) => ({
    project: row.project ?? en.volunteerWords.someShift,
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
  }))
}

/** Totals are for everything; a filter narrows the list below them. */
export function resumeView(loaded: LoadedVolunteer, query: Record<string, string>, { customer, nowMs }: At) {
  const { rows, asOfMs, loadingCount } = loaded
  const hours = toHours(rows, asOfMs)
  const filter = {
    year: /^\d{4}$/.test(query['year'] ?? '') ? Number(query['year']) : null,
    state: rowStates.find((state) => state === query['status']) ?? null,
  }
  const found = rows.filter(
    (row) =>
      (filter.year === null || row.year === filter.year) &&
      (filter.state === null || row.state === filter.state),
  )
  const pages = Math.max(1, Math.ceil(found.length / rowsOnPage))
  const page = Math.min(pages, Math.max(1, /^\d{1,6}$/.test(query['page'] ?? '') ? Number(query['page']) : 1))
  return {
    total: { recorded: hours.recorded, verified: hours.verified },
    byYear: hours.by_year,
    months: toMonths(rows, { ms: nowMs, timeZone: customer.timeZone }),
    notCounted: hours.not_counted,
    groups: byYear(found.slice((page - 1) * rowsOnPage, page * rowsOnPage)),
    page,
    pages,
    filter,
    complete: hours.complete,
    loadingCount,
  }
}

/** @param vomoSite where this customer's VOMO is */
export function limitsFor(customer: Customer, vomoSite: string): LimitsAnswer['data'] {
  const urls: Partial<Record<LimitPlace, string>> = {
    home: customer.publicOrigin + hubPath(customer.slug),
    shifts: `${customer.publicOrigin}/shifts`,
    vomo: vomoSite,
    vomo_settings: vomoSite,
    ...(customer.contactEmail !== null && { coordinator: `mailto:${customer.contactEmail}` }),
  }
  return en.limits.map(({ code, what, why, where }) => ({
    code,
    what,
    why,
    where: where.map(({ label, place }) => ({ label, url: urls[place] ?? null })),
  }))
}

function byYear(rows: readonly Row[]): YearView[] {
  const years = new Map<number | null, Row[]>()
  for (const row of rows) years.set(row.year, [...(years.get(row.year) ?? []), row])
  return [...years].map(([year, those]) => ({
    year,
    rows: those.map((row) => ({
      project:
        row.project ??
        (row.state === 'loading' ? en.volunteerWords.loadingShift : en.volunteerWords.someShift),
      startsAtMs: row.startsAtMs ?? row.countsAtMs,
      endsAtMs: row.endsAtMs,
      timeZone: row.timeZone,
      role: row.role,
      hours: row.hours,
      verified: row.verified,
      state: row.state satisfies RowState,
      guests: row.guests,
    })),
  }))
}

/** "As Volunteer" tells a volunteer nothing. */
function tellingRole(role: string | null): string | null {
  return role === null || /^volunteers?$/i.test(role.trim()) ? null : role
}
