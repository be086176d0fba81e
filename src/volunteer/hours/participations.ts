import { folded } from '../../text/search.ts'
import { dayIn, isoIn } from '../../time/zones.ts'
import { pagesOf, rowsOnPage } from '../paging.ts'
import type { Query } from '../query.ts'
import type { Row, RowState } from '../rows/rows.ts'
import type { ParticipationAnswer, ParticipationsAnswer } from './answers.ts'
import { type Filters, readFilters } from './filters.ts'
import { shownHours } from './hours.ts'

/** The sentence shown for a state; the words are in `text/`. */
export type WordsFor = (state: RowState) => string

/** Rows per page of a history, in the API and on the page: two phone screens. */
export const pageSize = 25

/**
 * `GET /portal/api/me/participations`. A page past the end is empty.
 *
 * @param query the query string's values, see `filters.ts`
 * @throws {Refusal} 'invalid_request' naming every field that breaks its rule
 */
export function toParticipations(
  rows: readonly Row[],
  query: Query,
  at: { asOfMs: number; words: WordsFor },
): ParticipationsAnswer {
  const filters = readFilters(query)
  const found = filterRows(rows, filters)
  return {
    data: rowsOnPage(found, filters.page, pageSize).map((row) => toParticipation(row, at.words)),
    page: filters.page,
    pages: pagesOf(found, pageSize),
    total: found.length,
    as_of: new Date(at.asOfMs).toISOString(),
  }
}

export function toParticipation(row: Row, words: WordsFor): ParticipationAnswer {
  return {
    project: row.project,
    starts_at: row.startsAtMs === null ? null : isoIn(row.timeZone, row.startsAtMs),
    ends_at: row.endsAtMs === null ? null : isoIn(row.timeZone, row.endsAtMs),
    time_zone: row.timeZone,
    role: row.role,
    hours: shownHours(row),
    verified: row.verified,
    state: row.state,
    reason: words(row.state),
  }
}

/** Rows without a moment (loading, date unknown) match no period. */
export function filterRows(
  rows: readonly Row[],
  { from, to, project, campaign, status }: Partial<Filters>,
): Row[] {
  return rows.filter(
    (row) =>
      (status === undefined || row.state === status) &&
      (project === undefined || isNamed(row.project, project)) &&
      (campaign === undefined || row.campaigns.some((name) => isNamed(name, campaign))) &&
      (from === undefined || compare(row, from) >= 0) &&
      (to === undefined || compare(row, to) <= 0),
  )
}

/** A day means the day in the shift's own zone; an instant means itself. */
function compare({ countsAtMs, timeZone }: Row, bound: { day: string } | { ms: number }): number {
  if (countsAtMs === null) return Number.NaN
  if ('ms' in bound) return countsAtMs - bound.ms
  const day = dayIn(timeZone, countsAtMs)
  return day === bound.day ? 0 : day < bound.day ? -1 : 1
}

function isNamed(name: string | null, wanted: string): boolean {
  return name !== null && folded(name) === folded(wanted)
}
