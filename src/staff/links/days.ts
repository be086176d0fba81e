import { linkCounts } from '../../links/list.ts'
import type { Store } from '../../store/store.ts'
import { dayIn } from '../../time/zones.ts'

const dayMs = 86_400_000
const shownDays = 30
/** The longest life of a link that signs a person in. */
const maxLifeMs = 30 * dayMs

/** `day` is `2026-03-14`. */
export type LinkDay = { day: string; made: number; used: number }

/** How many links were made and used on each of the last days, in the organization's time zone. */
export async function linkDays(
  store: Store,
  { id: customerId, timeZone }: { id: string; timeZone: string },
  nowMs: number,
): Promise<readonly LinkDay[]> {
  const counts = await linkCounts(store, customerId, { sinceMs: nowMs - shownDays * dayMs, maxLifeMs })
  const days = new Map(lastDays(dayIn(timeZone, nowMs)).map((day) => [day, { day, made: 0, used: 0 }]))
  for (const { atMs, made, used } of counts) {
    const day = days.get(dayIn(timeZone, atMs))
    if (!day) continue
    day.made += made
    day.used += used
  }
  return [...days.values()]
}

/** Oldest first. Counted on the calendar: a day of a time zone may have 23 hours. */
function lastDays(today: string): string[] {
  const todayMs = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: shownDays }, (_, i) =>
    new Date(todayMs - (shownDays - 1 - i) * dayMs).toISOString().slice(0, 10),
  )
}
