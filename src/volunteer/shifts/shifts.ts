import type { ParticipationAnswer } from '../hours/answers.ts'
import { toParticipation, type WordsFor } from '../hours/participations.ts'
import { isAhead, type Row } from '../rows/rows.ts'

/** What a page says about an upcoming shift. */
type ComingState = 'confirmed' | 'under_way' | 'pending' | 'item'

/** Upcoming rows, the next first. */
export function upcoming(rows: readonly Row[], nowMs: number): Row[] {
  return rows
    .filter((row) => isAhead(row, nowMs))
    .toSorted((a, b) => (a.startsAtMs ?? 0) - (b.startsAtMs ?? 0))
}

export function comingState({ state, startsAtMs }: Row, nowMs: number): ComingState {
  if (state === 'pending' || state === 'item') return state
  return startsAtMs !== null && startsAtMs <= nowMs ? 'under_way' : 'confirmed'
}

/** `GET /portal/api/me/shifts` */
export function toShifts(
  rows: readonly Row[],
  at: { nowMs: number; asOfMs: number; words: WordsFor },
): { data: ParticipationAnswer[]; as_of: string } {
  return {
    data: upcoming(rows, at.nowMs).map((row) => toParticipation(row, at.words)),
    as_of: new Date(at.asOfMs).toISOString(),
  }
}
