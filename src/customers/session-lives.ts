const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * The longest lives of a session, by the column of a customer that wants a shorter one. A volunteer's session ends after two weeks
 * unused, and after thirty days in any case. Staff see other people's data, so theirs end after an hour unused, and after half a
 * day.
 */
export const maxLives = {
  session_days: { count: 30, unitMs: dayMs },
  session_unused_days: { count: 14, unitMs: dayMs },
  staff_session_hours: { count: 12, unitMs: hourMs },
  staff_session_unused_minutes: { count: 60, unitMs: minuteMs },
} as const

type Column = keyof typeof maxLives

export type SessionLives = { lifeMs: number; idleMs: number; staffLifeMs: number; staffIdleMs: number }

/** The lives of a customer's sessions: a value that is not set, or longer than ours, is ours. */
export function sessionLivesOf(row: Readonly<Record<Column, number | null>>): SessionLives {
  const msOf = (column: Column) => {
    const { count, unitMs } = maxLives[column]
    return Math.min(row[column] ?? count, count) * unitMs
  }
  return {
    lifeMs: msOf('session_days'),
    idleMs: msOf('session_unused_days'),
    staffLifeMs: msOf('staff_session_hours'),
    staffIdleMs: msOf('staff_session_unused_minutes'),
  }
}

const noChoice = {
  session_days: null,
  session_unused_days: null,
  staff_session_hours: null,
  staff_session_unused_minutes: null,
}

export const defaultSessionLives = sessionLivesOf(noChoice)
