import type { Store } from '../../store/store.ts'
import { isSaidUnchanged, isTelling, paceOfWholes } from '../news/hearing.ts'

const hourMs = 60 * 60_000
/**
 * How often the projects ahead are listed while people are here, and while none are. Webhooks tell of a changed project at once, so
 * where they tell, the list shows new places alone, and rests as well.
 */
const everyMs = { inUse: hourMs, atRest: 6 * hourMs } as const

/** `heard`: VOMO's webhooks say that the list is as it was. */
export type Due = 'all' | 'ahead' | 'heard' | 'nothing'

export type Pace = ReturnType<typeof createPace>

/** When a customer's lists of projects are due: the fewer calls, the less they would tell. */
export function createPace(given: {
  store: Store
  clock: () => number
  /** Whether people of the customer were here since. */
  isInUse: (customerId: string, sinceMs: number) => Promise<boolean>
}) {
  const { store, clock, isInUse } = given
  /** When each customer's list was begun, which may not have come to its end. */
  const begunAtMs = new Map<string, number>()

  async function roundMs(customerId: string, nowMs: number): Promise<number> {
    if (await isTelling(store, { customerId, nowMs })) return everyMs.atRest
    return (await isInUse(customerId, nowMs - everyMs.inUse)) ? everyMs.inUse : everyMs.atRest
  }

  return {
    async ofProjects(customerId: string, at: { listedAtMs: number; knownAtMs: number }): Promise<Due> {
      const nowMs = clock()
      const wholes = await paceOfWholes(store, customerId, nowMs)
      if (Math.abs(nowMs - at.listedAtMs) >= wholes.everyMs) return begin(customerId, 'all', nowMs)
      const sinceMs = Math.max(at.knownAtMs, begunAtMs.get(customerId) ?? 0)
      const isUnchanged = { customerId, about: 'projects', sinceMs: at.knownAtMs, nowMs } as const
      if (await isSaidUnchanged(store, isUnchanged)) return 'heard'
      const isDue = Math.abs(nowMs - sinceMs) >= (await roundMs(customerId, nowMs))
      return isDue ? begin(customerId, 'ahead', nowMs) : 'nothing'
    },
  }

  function begin(customerId: string, due: Due, nowMs: number): Due {
    begunAtMs.set(customerId, nowMs)
    return due
  }
}
