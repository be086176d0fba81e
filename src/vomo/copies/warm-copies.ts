import type { Held } from '../types.ts'
import { isDenied } from '../wire/failure.ts'
import type { AskPage } from '../wire/walk-pages.ts'

/**
 * One thing of each customer, read in the background and kept in memory: nobody waits for it.
 *
 * @param given.freshMs a copy this young is not read anew
 * @param given.read asks for the pages it needs, at the pace of whoever gives `ask`
 * @param given.none what it means where VOMO has no such list: believed while nothing is held, and asked for again each time
 */
export function createWarmCopies<Value>(given: {
  clock: () => number
  freshMs: number
  read: (ask: AskPage) => Promise<Value>
  none?: Value
}) {
  const { clock, freshMs, read, none } = given
  const copies = new Map<string, Held<Value>>()
  const denied = new Set<string>()

  return {
    copyOf: (customerId: string): Held<Value> | undefined => copies.get(customerId),

    forget: (customerId: string): void => void copies.delete(customerId),

    /** @throws {VomoFailure} */
    async warm(customerId: string, ask: AskPage): Promise<void> {
      const copy = copies.get(customerId)
      if (copy && !denied.has(customerId) && Math.abs(clock() - copy.fetchedAtMs) < freshMs) return
      const fetchedAtMs = clock()
      try {
        copies.set(customerId, { value: await read(ask), fetchedAtMs })
        denied.delete(customerId)
      } catch (error) {
        if (!isDenied(error) || none === undefined) throw error
        denied.add(customerId)
        if (!copy) copies.set(customerId, { value: none, fetchedAtMs })
      }
    },
  }
}
