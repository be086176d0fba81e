import type { Held, VomoParticipation, VomoUserDetail } from '../../vomo/types.ts'
import type { Vomo } from '../../vomo/vomo.ts'
import { joinedRows } from './joined.ts'
import { knowsDatesOf, type Row, type RowSources, toRows } from './rows.ts'

export type LoadedVolunteer = {
  /** The latest first. */
  readonly rows: readonly Row[]
  /** When VOMO told us who this is and what they signed up for. */
  readonly asOfMs: number
  readonly loadingCount: number
  /** Whether a loading row may lie ahead. */
  readonly isAheadLoading: boolean
}

/**
 * A volunteer's rows, joined with the customer's held projects; waits at most 2 s for missing ones.
 *
 * @param given.record the visitor's own, as it came with their identity
 * @param given.timeZone the customer's, for rows whose project VOMO no longer shows
 */
export async function loadVolunteer(given: {
  vomo: Pick<Vomo, 'projects'>
  customerId: string
  record: Held<VomoUserDetail>
  clock: () => number
  timeZone: string
  waitMs?: number
  keyOf?: RowSources['keyOf']
}): Promise<LoadedVolunteer> {
  const { vomo, customerId, record, clock, timeZone, waitMs, keyOf } = given
  const { participations } = record.value
  const { ids, ofProject } = neededBy(participations)
  const projects = await vomo.projects(customerId, ids, {
    suffices: (held) => knowsDatesOf(ofProject.get(held.value.id) ?? [], held, clock()),
    ...(waitMs === undefined ? {} : { waitMs }),
  })
  const sources = { projects, nowMs: clock(), timeZone }
  const rows = keyOf ? toRows(participations, { ...sources, keyOf }) : joinedRows(participations, sources)
  return {
    rows,
    asOfMs: record.fetchedAtMs,
    loadingCount: rows.filter(({ state }) => state === 'loading').length,
    isAheadLoading: participations.some(
      (each) => !hasHappened(each) && each.projectId !== null && projects.get(each.projectId) === 'loading',
    ),
  }
}

type Needed = {
  ids: readonly string[]
  ofProject: ReadonlyMap<string, readonly VomoParticipation[]>
}

const needed = new WeakMap<readonly VomoParticipation[], Needed>()

/** The projects a record needs, computed once per record. */
function neededBy(participations: readonly VomoParticipation[]): Needed {
  const known = needed.get(participations)
  if (known) return known
  const ofProject = new Map<string, VomoParticipation[]>()
  for (const each of participations) {
    if (each.projectId === null) continue
    const others = ofProject.get(each.projectId)
    if (others) others.push(each)
    else ofProject.set(each.projectId, [each])
  }
  const made = { ids: idsInOrder(participations), ofProject }
  needed.set(participations, made)
  return made
}

/**
 * Project ids, those of the next shifts first. A participation does not say when it is, but an upcoming one has no check-in, and
 * among those the latest sign-up is the likeliest.
 */
export function idsInOrder(participations: readonly VomoParticipation[]): string[] {
  const inOrder = participations.toSorted(
    (a, b) => Number(hasHappened(a)) - Number(hasHappened(b)) || lastSeenMs(b) - lastSeenMs(a),
  )
  return [...new Set(inOrder.map(({ projectId }) => projectId).filter((id) => id !== null))]
}

function hasHappened({ checkedInAtMs, checkedOutAtMs, isVerified }: VomoParticipation): boolean {
  return checkedInAtMs !== null || checkedOutAtMs !== null || isVerified
}

function lastSeenMs({ checkedInAtMs, signedUpAtMs }: VomoParticipation): number {
  return checkedInAtMs ?? signedUpAtMs ?? 0
}
