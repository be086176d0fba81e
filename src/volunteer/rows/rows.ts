import { yearIn } from '../../time/zones.ts'
import type {
  ProjectView,
  VomoContact,
  VomoParticipation,
  VomoProject,
  VomoProjectDate,
} from '../../vomo/types.ts'

/** Why a row counts or does not, in the order in which sums list them. */
export const rowStates = [
  'counted',
  'not_ended',
  'waiting_hours', // over, without recorded hours yet
  'no_check_out', // came, but has no check-out and so no hours
  'pending', // waits for the organizer's approval
  'cancelled',
  'denied',
  'item', // something brought, not time given
  'date_unknown', // VOMO no longer shows when it was
  'loading',
] as const

export type RowState = (typeof rowStates)[number]

/** One participation of a volunteer, joined with its project. Contains no VOMO id. */
export type Row = {
  readonly project: string | null
  readonly campaigns: readonly string[]
  readonly organization: string | null
  /** The planned start. `null` for anytime projects, and when VOMO no longer shows it. */
  readonly startsAtMs: number | null
  readonly endsAtMs: number | null
  /** The project's own. */
  readonly timeZone: string
  readonly isAnytime: boolean
  readonly role: string | null
  readonly hours: number | null
  readonly verified: boolean
  readonly state: RowState
  readonly guests: number
  readonly place: string | null
  readonly url: string | null
  /** Paragraphs of plain text. */
  readonly description: readonly string[]
  /** Whom VOMO's page of the project names to ask. */
  readonly contact: VomoContact | null
  /** The moment that decides the row's year: the shift's start, else the best substitute. */
  readonly countsAtMs: number | null
  /** In the project's own zone. */
  readonly year: number | null
  /** Our own name for a shift with a date, if the caller asked for one. */
  readonly key: string | null
}

/** Not over, and neither canceled nor denied. Anytime projects have no date, so they are never ahead. */
export function isAhead(row: Row, nowMs: number): boolean {
  const overAtMs = overAtMsOf(row)
  return overAtMs !== null && overAtMs > nowMs && row.state !== 'cancelled' && row.state !== 'denied'
}

/** A shift whose end VOMO does not say stays on the pages this long, for those on their way to it. */
const assumedMs = 2 * 60 * 60_000

/** When a shift with a date counts as over. */
export function overAtMsOf({ startsAtMs, endsAtMs }: Pick<Row, 'startsAtMs' | 'endsAtMs'>): number | null {
  if (startsAtMs === null || endsAtMs === null) return null
  return endsAtMs > startsAtMs ? endsAtMs : startsAtMs + assumedMs
}

export type RowSources = {
  projects: ReadonlyMap<string, ProjectView>
  nowMs: number
  /** For rows whose project, and so whose zone, VOMO no longer shows. */
  timeZone: string
  /** Makes the keys of upcoming and recent shifts. Default: rows have none. */
  keyOf?: ((participation: VomoParticipation) => string) | undefined
}

/** How long a past shift counts as recent. */
export const recentMs = 30 * 24 * 60 * 60_000

/** A volunteer's rows, newest first; those without a moment come last. */
export function toRows(participations: readonly VomoParticipation[], sources: RowSources): Row[] {
  const rows = participations.map((participation) => toRow(participation, sources))
  return rows.toSorted((a, b) => (b.countsAtMs ?? -Infinity) - (a.countsAtMs ?? -Infinity) || 0)
}

function toRow(participation: VomoParticipation, { projects, nowMs, timeZone, keyOf }: RowSources): Row {
  const view =
    participation.projectId === null ? 'gone' : (projects.get(participation.projectId) ?? 'loading')
  const project = typeof view === 'string' ? undefined : view
  const date = project?.dates.find(({ id }) => id === participation.projectDateId)
  const isAnytime = date === undefined && project?.isAnytime === true
  const countsAtMs = view === 'loading' ? null : momentOf(participation, date, isAnytime)
  const zone = project?.timeZone ?? timeZone
  return {
    project: project?.name || null,
    campaigns: project?.campaigns.map(({ name }) => name) ?? [],
    organization: project?.organization ?? null,
    startsAtMs: date?.startsAtMs ?? null,
    endsAtMs: date?.endsAtMs ?? null,
    timeZone: zone,
    isAnytime,
    role: participation.role,
    hours: participation.hours,
    verified: participation.isVerified,
    state:
      view === 'loading'
        ? 'loading'
        : (stateByWord(participation) ??
          stateByTime(participation, date ? overAtMsOf(date) : countsAtMs, nowMs)),
    guests: participation.guests,
    place: project?.place ?? null,
    url: project?.url ?? null,
    description: project?.description ?? [],
    contact: project?.contact ?? null,
    countsAtMs,
    year: countsAtMs === null ? null : yearIn(zone, countsAtMs),
    key: keyOf && date && date.endsAtMs > nowMs - recentMs ? keyOf(participation) : null,
  }
}

/**
 * Not the moment of the sign-up: a December sign-up for a January shift belongs to January. Anytime projects have no shift, so this
 * uses check-out, else check-in, else sign-up. When VOMO no longer shows the date, only the check-in tells when it was.
 */
function momentOf(
  { checkedOutAtMs, checkedInAtMs, signedUpAtMs }: VomoParticipation,
  date: VomoProjectDate | undefined,
  isAnytime: boolean,
): number | null {
  if (date) return date.startsAtMs
  return isAnytime ? (checkedOutAtMs ?? checkedInAtMs ?? signedUpAtMs) : checkedInAtMs
}

/** VOMO documents no values; these come from its webhooks and admin pages, with their likely spellings. */
function stateByWord({ status, isItem }: VomoParticipation): RowState | undefined {
  if (status !== null) {
    if (/CANCEL|WITHDRAWN|REMOVED/.test(status)) return 'cancelled'
    if (/DENIED|DECLINED|REJECTED/.test(status)) return 'denied'
  }
  if (isItem) return 'item'
  return status !== null && /PENDING|APPLIED|WAIT|REQUESTED/.test(status) ? 'pending' : undefined
}

function stateByTime(participation: VomoParticipation, endMs: number | null, nowMs: number): RowState {
  if (endMs === null) return 'date_unknown'
  // Hours may exist before the shift takes place: VOMO fills them in from its plan.
  if (endMs > nowMs) return 'not_ended'
  const { hours, isVerified, checkedInAtMs, checkedOutAtMs } = participation
  // Zero means "none yet", unless the organizer confirmed it.
  if (hours !== null && (hours > 0 || isVerified)) return 'counted'
  return checkedInAtMs !== null && checkedOutAtMs === null ? 'no_check_out' : 'waiting_hours'
}

/**
 * Whether a held copy of a project has the dates these participations need. A date missing from a copy older than its sign-up may
 * have been added since; missing from a newer copy, it is gone.
 */
export function knowsDatesOf(
  participations: readonly VomoParticipation[],
  { value, fetchedAtMs }: { value: VomoProject; fetchedAtMs: number },
  nowMs: number,
): boolean {
  return participations.every(({ projectId, projectDateId, signedUpAtMs }) => {
    if (projectId !== value.id || projectDateId === null) return true
    if (value.dates.some(({ id }) => id === projectDateId)) return true
    const isSignedUpSince = signedUpAtMs !== null && signedUpAtMs > fetchedAtMs && signedUpAtMs <= nowMs
    return !isSignedUpSince
  })
}
