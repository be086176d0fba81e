import type { Held } from '../types.ts'
import { isDenied } from '../wire/failure.ts'
import type { AskPage } from '../wire/walk-pages.ts'
import type { SharedBody } from './shared-copies.ts'

/**
 * One resource per customer, read in the background and kept in memory; no visitor waits for it.
 *
 * @param given.freshMs a younger copy is not read again
 * @param given.read fetches the pages it needs through `ask`, which sets the pace
 * @param given.none the value when VOMO has no such list: used while nothing is held, and asked for again each time
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

    forget(customerId: string): void {
      copies.delete(customerId)
      denied.delete(customerId)
    },

    held(customerId: string): SharedBody | undefined {
      const copy = copies.get(customerId)
      const wasDenied = denied.has(customerId)
      return copy && { mark: `${copy.fetchedAtMs} ${wasDenied}`, body: { ...copy, wasDenied } }
    },

    takeOver(customerId: string, { wasDenied, ...copy }: Held<Value> & { wasDenied: boolean }): void {
      if (copy.fetchedAtMs < (copies.get(customerId)?.fetchedAtMs ?? 0)) return
      copies.set(customerId, copy)
      if (wasDenied) denied.add(customerId)
      else denied.delete(customerId)
    },

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
