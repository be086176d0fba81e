import { type Row, type RowState, rowStates } from '../rows/rows.ts'
import { isDay } from './filters.ts'
import { sumOf } from './hours.ts'
import { filterRows } from './participations.ts'
import { initiativeOf, keyOf, opportunityOf, type Part, yearOf } from './parts.ts'

/** The filter of a page's list; `null` means unfiltered. `parts.ts` defines how years, initiatives and opportunities are written. */
export type HistoryFilter = {
  readonly year: string | null
  readonly state: RowState | null
  readonly initiative: string | null
  readonly opportunity: string | null
  /** The first and the last day, `2026-03-01`, each in a shift's own zone. */
  readonly from: string | null
  readonly to: string | null
  /** `no`: hours that count and wait for the organizer to confirm them. */
  readonly verified: 'no' | null
}

export const noFilter: HistoryFilter = {
  year: null,
  state: null,
  initiative: null,
  opportunity: null,
  from: null,
  to: null,
  verified: null,
}

/** The options of each filter, in the order people expect, limited to those with at least one row. */
export type Choices = {
  readonly years: readonly Part[]
  readonly states: readonly RowState[]
  readonly initiatives: readonly Part[]
  readonly opportunities: readonly Part[]
}

/** Ignores values it does not understand. An unknown name finds nothing. */
export function readHistoryFilter(query: Readonly<Record<string, string | undefined>>): HistoryFilter {
  const year = query['year'] ?? ''
  return {
    year: /^(\d{4}|~none)$/.test(year) ? year : null,
    state: rowStates.find((state) => state === query['status']) ?? null,
    initiative: query['initiative'] || null,
    opportunity: query['opportunity'] || null,
    from: dayIn(query['from']),
    to: dayIn(query['to']),
    verified: query['verified'] === 'no' ? 'no' : null,
  }
}

function dayIn(text: string | undefined): string | null {
  return text !== undefined && isDay(text) ? text : null
}

export function isFiltered(filter: HistoryFilter): boolean {
  return Object.values(filter).some((each) => each !== null)
}

/** For each kind of filter, the rows of all its choices together are all rows, each once. */
export function narrow(rows: readonly Row[], filter: HistoryFilter): readonly Row[] {
  const { year, state, initiative, opportunity, from, to, verified } = filter
  if (!isFiltered(filter)) return rows
  const period = {
    from: from === null ? undefined : { day: from },
    to: to === null ? undefined : { day: to },
  }
  return filterRows(rows, period).filter(
    (row) =>
      (verified === null || (row.state === 'counted' && !row.verified)) &&
      (year === null || keyOf(yearOf(row)) === year) &&
      (state === null || row.state === state) &&
      (initiative === null || keyOf(initiativeOf(row)) === initiative) &&
      (opportunity === null || keyOf(opportunityOf(row)) === opportunity),
  )
}

export function choicesAmong(rows: readonly Row[]): Choices {
  const has = new Set(rows.map(({ state }) => state))
  return {
    years: distinct(rows, yearOf, (names) => names.toReversed()),
    states: rowStates.filter((state) => has.has(state)),
    initiatives: distinct(rows, initiativeOf),
    opportunities: distinct(rows, opportunityOf),
  }
}

/** The number of listed rows, and the hours among them that count. */
export function listedOf(rows: readonly Row[]): { rows: number; hours: number } {
  return { rows: rows.length, hours: sumOf(rows).recorded }
}

/** Sorted by name; rows without a name come last in both directions. */
function distinct(
  rows: readonly Row[],
  of: (row: Row) => Part,
  inOrder: (sorted: string[]) => string[] = (sorted) => sorted,
): Part[] {
  const names = new Set<string>()
  const others = new Set<'none' | 'several'>()
  for (const row of rows) {
    const part = of(row)
    if (typeof part === 'string') others.add(part)
    else names.add(part.named)
  }
  return [...inOrder([...names].toSorted()).map((named) => ({ named })), ...others]
}
