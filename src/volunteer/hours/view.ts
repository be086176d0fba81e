import type { Customer } from '../../customers/customers.ts'
import type { RowState } from '../../text/en.ts'
import type { Language } from '../../text/languages.ts'
import { pagesOf, rowsOnPage } from '../paging.ts'
import { activityOf } from '../rows/activity.ts'
import { onceForRows } from '../rows/joined.ts'
import type { LoadedVolunteer } from '../rows/load.ts'
import type { Row } from '../rows/rows.ts'
import { verificationOf } from '../rows/verification.ts'
import { choicesAmong, listedOf, narrow, readHistoryFilter } from './history-filter.ts'
import { partsBy, shownHours, toMonths, wholeOf } from './hours.ts'
import { pageSize } from './participations.ts'
import { kindsOfParts } from './parts.ts'

/** One sign-up, past or ahead. */
export type RowView = {
  readonly project: string
  readonly initiatives: readonly string[]
  readonly startsAtMs: number | null
  readonly endsAtMs: number | null
  readonly timeZone: string
  readonly role: string | null
  readonly hours: number | null
  readonly verified: boolean
  readonly state: RowState
  readonly guests: number
}

/** `year` is `null` for rows without a date. */
export type YearView = { readonly year: number | null; readonly rows: readonly RowView[] }

const choicesOf = onceForRows(choicesAmong)

/** The resume as plain data, without VOMO's ids. Totals cover everything; a filter narrows only the list below them. */
export function resumeView(
  loaded: Pick<LoadedVolunteer, 'rows' | 'loadingCount'>,
  query: Readonly<Record<string, string | undefined>>,
  at: { customer: Pick<Customer, 'timeZone' | 'hoursWords'>; nowMs: number; language: Language },
) {
  const { rows, loadingCount } = loaded
  const { customer, nowMs, language } = at
  const filter = readHistoryFilter(query)
  const found = narrow(rows, filter)
  const isWhole = query['rows'] === 'all'
  const pages = isWhole ? 1 : pagesOf(found, pageSize)
  const page = Math.min(pages, Math.max(1, /^\d{1,6}$/.test(query['page'] ?? '') ? Number(query['page']) : 1))
  const by = kindsOfParts.find((kind) => kind === query['by']) ?? 'year'
  const { total, byYear, notCounted, complete } = wholeOf(rows)
  return {
    total,
    byYear,
    by,
    parts: partsBy(by, rows),
    months: toMonths(rows, { ms: nowMs, timeZone: customer.timeZone }),
    notCounted,
    groups: inYears(isWhole ? found : rowsOnPage(found, page, pageSize), language),
    page,
    pages,
    isWhole,
    filter,
    choices: choicesOf(rows),
    listed: listedOf(found),
    activity: activityOf(rows, nowMs),
    complete,
    loadingCount,
    verification: verificationOf(customer, language),
  }
}

function inYears(rows: readonly Row[], { words }: Language): YearView[] {
  const { loadingShift, someShift } = words.volunteerWords
  const years = new Map<number | null, YearView & { rows: YearView['rows'][number][] }>()
  for (const row of rows) {
    const { year } = row
    const group = years.get(year) ?? { year, rows: [] }
    years.set(year, group)
    group.rows.push({
      project: row.project ?? (row.state === 'loading' ? loadingShift : someShift),
      initiatives: row.campaigns,
      startsAtMs: row.startsAtMs ?? row.countsAtMs,
      endsAtMs: row.endsAtMs,
      timeZone: row.timeZone,
      role: row.role,
      hours: shownHours(row),
      verified: row.verified,
      state: row.state,
      guests: row.guests,
    })
  }
  return [...years.values()]
}
