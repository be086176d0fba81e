export const dayMs = 24 * 60 * 60 * 1000
export const minuteMs = 60 * 1000

export type Zone = ReturnType<typeof makeZone>

/**
 * Converts wall times of one time zone. A wall time is written as if it were UTC (`Date.UTC(2025, 2, 9, 22, 0)` for ten in the
 * evening), so that days can be counted without a zone.
 */
export function makeZone(name: string) {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })

  function offsetAt(ms: number): number {
    const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(format.format(ms)) ?? []
    const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minuteMs
    return sign === '-' ? -size : size
  }

  return {
    name,
    offsetAt,

    /** The second look-up is for wall times close to a clock change, where the first guess falls on the wrong side. */
    toUtc(wallMs: number): number {
      const guess = wallMs - offsetAt(wallMs)
      return wallMs - offsetAt(guess)
    },

    /** The days (as wall midnights) on which the clocks change early in the morning. */
    clockChanges(fromMs: number, toMs: number): number[] {
      const days: number[] = []
      for (let day = startOfUtcDay(fromMs); day < toMs; day += dayMs) {
        if (offsetAt(day) !== offsetAt(day + dayMs)) days.push(day)
      }
      return days
    },
  }
}

export function startOfUtcDay(ms: number): number {
  return Math.floor(ms / dayMs) * dayMs
}
