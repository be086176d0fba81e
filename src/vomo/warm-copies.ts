import type { Held } from './types.ts'
import type { AskPage } from './walk-pages.ts'

/**
 * One thing of each customer, read in the background and kept in memory: nobody waits for it.
 *
 * @param given.freshMs a copy this young is not read anew
 * @param given.read asks for the pages it needs, at the pace of whoever gives `ask`
 */
export function createWarmCopies<Value>(given: {
  clock: () => number
  freshMs: number
  read: (ask: AskPage) => Promise<Value>
}) {
  const { clock, freshMs, read } = given
  const copies = new Map<string, Held<Value>>()

  return {
    copyOf: (customerId: string): Held<Value> | undefined => copies.get(customerId),

    forget: (customerId: string): void => void copies.delete(customerId),

    /** @throws {VomoFailure} */
    async warm(customerId: string, ask: AskPage): Promise<void> {
      const copy = copies.get(customerId)
      if (copy && Math.abs(clock() - copy.fetchedAtMs) < freshMs) return
      const fetchedAtMs = clock()
      copies.set(customerId, { value: await read(ask), fetchedAtMs })
    },
  }
}
