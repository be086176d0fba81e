import type { Log } from '../log/log.ts'
import type { Store } from '../store/store.ts'
import { type Customer, customers, customerTables } from './customers.ts'

const lookEveryMs = 2_000

/**
 * Logs the customers found at the start, and from then on those that are added or removed, and which settings of one changed, by any
 * process. The names of settings only: a value may be a person's name.
 *
 * @returns ends it
 */
export async function tellOfCustomers({ store, log }: { store: Store; log: Log }): Promise<() => void> {
  let known = new Map<string, Customer>()
  let seen: readonly Customer[] | undefined
  let isLooking = false

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      // The same list while the store knows of no change.
      const all = await store.recall('all customers', customerTables, () => customers(store))
      if (all === seen) return
      const found = new Map(all.map((customer) => [customer.id, customer]))
      for (const customer of found.values()) tellOf(customer)
      for (const { id, slug } of known.values())
        if (!found.has(id)) log.info({ customer: slug, customerId: id }, 'a customer was removed')
      known = found
      seen = all
    } catch (error) {
      log.error({ error }, 'changes of customers could not be looked for')
    } finally {
      isLooking = false
    }
  }

  function tellOf(customer: Customer): void {
    const before = known.get(customer.id)
    const named = { customer: customer.slug, customerId: customer.id }
    if (!before) return log.info(named, 'a customer was found')
    const settings = changed(before, customer)
    if (settings.length > 0) log.info({ ...named, settings }, 'settings of a customer changed')
  }

  await look()
  log.info({ customers: known.size }, 'looked for customers')
  const timer = setInterval(() => void look(), lookEveryMs)
  return () => clearInterval(timer)
}

function changed(before: Customer, now: Customer): string[] {
  const names = Object.keys(now) as (keyof Customer)[]
  return names.filter(
    (name) => before[name] !== now[name] && JSON.stringify(before[name]) !== JSON.stringify(now[name]),
  )
}
