import type { Secrets } from '../../secrets.ts'
import { rows, type Store } from '../../store/store.ts'
import { isRecord } from '../wire/values.ts'

/** A list that one process reads from VOMO, and the others take over. */
type SharedList = {
  /** @returns what is held as JSON, and a mark that changes with it; `undefined` while nothing whole is held */
  held(customerId: string): SharedBody | undefined | Promise<SharedBody | undefined>
  /** @param body of `held`, of another process or an earlier one; an older one than is held changes nothing */
  takeOver(customerId: string, body: never): void | Promise<void>
}

export type SharedBody = { mark: string; body: unknown }

export type SharedCopies = ReturnType<typeof createSharedCopies>

/** Increment with every change of what a list holds; what an older release wrote is then left alone. */
const bodyVersion = 2
/** A row is seen a while after the moment it names: it was committed later, or under a token not yet known here. */
const lookBackMs = 30_000
const customersAtOnce = 50

/**
 * What is read of a customer's VOMO in the background, in the database for all processes and for the next start. Sealed, because a
 * reader of the database must not learn who is in a group.
 */
export function createSharedCopies(given: {
  store: Store
  secrets: Secrets
  clock: () => number
  lists: Readonly<Record<string, SharedList>>
}) {
  const { store, secrets, clock, lists } = given
  /** What this process has written, or taken over. */
  const marks = new Map<string, string>()
  const seenAtMs = new Map<string, number>()
  let lookedAtMs = 0

  const keyOf = (customerId: string, name: string) => `${customerId} ${name}`

  async function load(customerIds: readonly string[], accounts: ReadonlyMap<string, string>): Promise<void> {
    const found = await store.read(
      store.db.selectFrom('vomo_copy').selectAll().where('customer_id', 'in', customerIds).compile(),
    )
    for (const { customer_id: customerId, name, body_sealed: box, kept_at_ms: keptAtMs } of found) {
      const kept = readKept(secrets.tryOpen('vomo copy', box))
      const list = lists[name]
      if (!list || !kept || kept.account !== accounts.get(customerId)) continue
      await list.takeOver(customerId, kept.body as never)
      const key = keyOf(customerId, name)
      marks.set(key, kept.mark)
      seenAtMs.set(key, keptAtMs)
    }
  }

  return {
    /** Writes what has changed since. @param account token and address under which it was read */
    async handOver(customerId: string, account: string): Promise<void> {
      for (const [name, list] of Object.entries(lists)) {
        const held = await list.held(customerId)
        const key = keyOf(customerId, name)
        if (!held || marks.get(key) === held.mark) continue
        const text = JSON.stringify({ version: bodyVersion, account, mark: held.mark, body: held.body })
        const kept = { body_sealed: secrets.seal('vomo copy', text), kept_at_ms: clock() }
        const write = store.db
          .insertInto('vomo_copy')
          .values({ customer_id: customerId, name, ...kept })
          .onConflict((known) => known.columns(['customer_id', 'name']).doUpdateSet(kept))
        await store.write(() => rows(write.compile()))
        marks.set(key, held.mark)
        seenAtMs.set(key, kept.kept_at_ms)
      }
    },

    /** Takes over what others have written since. @param accounts of the customers it is for; what was read under others is left */
    async takeOver(accounts: ReadonlyMap<string, string>): Promise<void> {
      const nowMs = clock()
      const written = await store.read(
        store.db
          .selectFrom('vomo_copy')
          .select(['customer_id', 'name', 'kept_at_ms'])
          .where('kept_at_ms', '>', Math.min(lookedAtMs, nowMs) - lookBackMs)
          .compile(),
      )
      const isNew = written.filter(
        ({ customer_id: id, name, kept_at_ms: atMs }) =>
          accounts.has(id) && seenAtMs.get(keyOf(id, name)) !== atMs,
      )
      const ids = [...new Set(isNew.map(({ customer_id: id }) => id))]
      for (let at = 0; at < ids.length; at += customersAtOnce)
        await load(ids.slice(at, at + customersAtOnce), accounts)
      lookedAtMs = nowMs
    },

    /** With what is held of the customer in memory. */
    forget(customerId: string): void {
      for (const name of Object.keys(lists)) {
        marks.delete(keyOf(customerId, name))
        seenAtMs.delete(keyOf(customerId, name))
      }
    },
  }
}

function readKept(text: string | undefined): { account: string; mark: string; body: unknown } | undefined {
  if (text === undefined) return undefined
  const kept: unknown = JSON.parse(text)
  if (!isRecord(kept) || kept.version !== bodyVersion) return undefined
  const { account, mark, body } = kept
  return typeof account === 'string' && typeof mark === 'string' ? { account, mark, body } : undefined
}
