import type { ProjectView, VomoParticipation } from '../../vomo/types.ts'
import { overAtMsOf, type Row, type RowSources, toRows } from './rows.ts'

type Joined = Omit<RowSources, 'nowMs' | 'keyOf'> & {
  rows: readonly Row[]
  /** The rows are valid from one moment to the other: until the next of their shifts ends. */
  fromMs: number
  untilMs: number
}

const known = new WeakMap<readonly VomoParticipation[], Joined>()

/**
 * The rows of a held record, cached: pages show a record many times before VOMO is asked again, and the join took a third of a
 * page's time.
 */
export function joinedRows(
  participations: readonly VomoParticipation[],
  sources: Omit<RowSources, 'keyOf'>,
): readonly Row[] {
  const { projects, nowMs, timeZone } = sources
  const before = known.get(participations)
  if (
    before?.timeZone === timeZone &&
    before.fromMs <= nowMs &&
    nowMs < before.untilMs &&
    isSame(before.projects, projects)
  )
    return before.rows
  const rows = toRows(participations, sources)
  const ends = rows.map((row) => overAtMsOf(row) ?? row.countsAtMs ?? 0)
  const untilMs = Math.min(...ends.filter((ms) => ms > nowMs), Number.POSITIVE_INFINITY)
  known.set(participations, { rows, projects, timeZone, fromMs: nowMs, untilMs })
  return rows
}

/** A project that was fetched again counts as different, even with the same content. */
function isSame(one: ReadonlyMap<string, ProjectView>, other: ReadonlyMap<string, ProjectView>): boolean {
  if (one.size !== other.size) return false
  for (const [id, view] of one) if (other.get(id) !== view) return false
  return true
}

/** Caches a result computed from rows for as long as the same rows are shown. */
export function onceForRows<Result>(work: (rows: readonly Row[]) => Result) {
  const results = new WeakMap<readonly Row[], { readonly result: Result }>()
  return function resultFor(rows: readonly Row[]): Result {
    const earlier = results.get(rows)
    if (earlier) return earlier.result
    const result = work(rows)
    results.set(rows, { result })
    return result
  }
}
