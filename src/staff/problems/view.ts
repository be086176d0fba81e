import { maskAddress } from '../../address.ts'
import type { ProblemKind } from '../../problems/kinds.ts'
import { problemKindNames } from '../../problems/kinds.ts'
import type { Problem } from '../../problems/problems.ts'
import { isQueued } from './rechecks.ts'

/** A problem as staff see it. */
export type ProblemView = {
  id: string
  kind: ProblemKind
  personId: string | null
  /** Masked for viewers; `null` where it is about everyone. */
  address: string | null
  firstSeenMs: number
  lastSeenMs: number
  times: number
  closedAtMs: number | null
  /** What staff wrote when they closed it. */
  note: string
  /** VOMO is being asked. */
  isQueued: boolean
}

export function viewOf(
  problem: Problem,
  { seesAddresses, nowMs }: { seesAddresses: boolean; nowMs: number },
): ProblemView {
  const { address } = problem
  return {
    id: problem.id,
    kind: problem.kind,
    personId: problem.person_id,
    address: address === null || seesAddresses ? address : maskAddress(address),
    firstSeenMs: problem.first_seen_ms,
    lastSeenMs: problem.last_seen_ms,
    times: problem.count,
    closedAtMs: problem.closed_at_ms,
    note: problem.closed_note,
    isQueued: isQueued(problem, nowMs),
  }
}

export type ProblemFilter = { kind: ProblemKind | undefined; isClosed: boolean }

/** Ignores values that it does not know. */
export function readProblemFilter(given: (name: string) => string | undefined): ProblemFilter {
  return {
    kind: problemKindNames.find((kind) => kind === given('kind')),
    isClosed: given('status') === 'closed',
  }
}

/** `/admin/problems?kind=merged&status=closed&page=2` */
export function problemsHref(path: string, filter: ProblemFilter, more: Record<string, string> = {}): string {
  const { kind, isClosed } = filter
  const query = new URLSearchParams({
    ...(kind !== undefined && { kind }),
    ...(isClosed && { status: 'closed' }),
    ...more,
  })
  return query.size > 0 ? `${path}?${query}` : path
}
