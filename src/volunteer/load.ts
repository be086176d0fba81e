import type { Held, VomoParticipation, VomoUserDetail } from '../vomo/types.ts'
import type { Vomo } from '../vomo/vomo.ts'
import { knowsDatesOf, type Row, toRows } from './rows.ts'

export type LoadedVolunteer = {
  /** The latest first. */
  readonly rows: readonly Row[]
  /** When VOMO told us who this is and what they signed up for. */
  readonly asOfMs: number
  readonly loadingCount: number
}

/**
 * A volunteer's rows, joined with the projects held for everybody; waits at most 2 s for missing ones.
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
}): Promise<LoadedVolunteer> {
  const { vomo, customerId, record, clock, timeZone, waitMs } = given
  const { participations } = record.value
  const projects = await vomo.projects(customerId, idsInOrder(participations), {
    suffices: (held) => knowsDatesOf(participations, held, clock()),
    ...(waitMs === undefined ? {} : { waitMs }),
  })
  const rows = toRows(participations, { projects, nowMs: clock(), timeZone })
  return {
    rows,
    asOfMs: record.fetchedAtMs,
    loadingCount: rows.filter(({ state }) => state === 'loading').length,
  }
}

/**
 * The projects of the next shifts first. A participation does not say when it is, but nobody has checked in to a shift ahead;
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
