import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../../log/log.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { isColumnDue } from '../../time/due.ts'

/** A leader that says nothing for so long is dead, and the next one leads. */
const leadMs = 1_000
/** How often a leader says that it still reads. */
const renewMs = 400
/** How often the others look for what the leader has read. */
const lookMs = 75

type Whose = { customerId: string; vomoUserId: string }

/**
 * Of several processes that want one user's record at once, one asks VOMO; the others take what it has kept. Twice costs a call and breaks
 * nothing, so a claim that lapses while its leader is slow does no harm.
 *
 * @param given.isShared whether other processes serve beside this one; alone, nothing is written
 */
export function createFlights(given: {
  store: Store
  clock: () => number
  log: Log
  isShared: () => boolean
}) {
  const { store, clock, log, isShared } = given

  async function lead<T>(whose: Whose, read: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => {
      void store
        .write(() => renew(store.db, whose, clock()))
        .catch((error: unknown) => log.debug({ error }, 'a read that goes on could not say so'))
    }, renewMs).unref()
    try {
      return await read()
    } finally {
      clearInterval(timer)
      await store
        .write(() => release(store.db, whose))
        .catch((error: unknown) => log.debug({ error }, 'a read that ended could not say so'))
    }
  }

  return {
    /**
     * @param read asks VOMO, and keeps the answer before it resolves
     * @param taken what another process has kept, if it will do
     */
    async join<T>(whose: Whose, read: () => Promise<T>, taken: () => Promise<T | undefined>): Promise<T> {
      if (!isShared()) return read()
      for (;;) {
        const leads = await store.write(() => claim(store.db, whose, clock()))
        // Another may have read and let go since the caller looked.
        if (leads) return lead(whose, async () => (await taken()) ?? read())
        await pause(lookMs)
        const found = await taken()
        if (found !== undefined) return found
      }
    },
  }
}

/** @returns whether it leads */
function* claim(db: Queries, { customerId, vomoUserId }: Whose, nowMs: number): Write<boolean> {
  const until = { until_ms: nowMs + leadMs }
  const claimed = db
    .insertInto('vomo_person_read')
    .values({ customer_id: customerId, vomo_user_id: vomoUserId, ...until })
    .onConflict((other) =>
      other
        .columns(['customer_id', 'vomo_user_id'])
        .doUpdateSet(until)
        .where(isColumnDue('vomo_person_read.until_ms', nowMs, leadMs)),
    )
    .returning('until_ms')
  return (yield* rows(claimed.compile())).length > 0
}

function* renew(db: Queries, { customerId, vomoUserId }: Whose, nowMs: number): Write<void> {
  yield* rows(
    db
      .updateTable('vomo_person_read')
      .set({ until_ms: nowMs + leadMs })
      .where('customer_id', '=', customerId)
      .where('vomo_user_id', '=', vomoUserId)
      .compile(),
  )
}

function* release(db: Queries, { customerId, vomoUserId }: Whose): Write<void> {
  yield* rows(
    db
      .deleteFrom('vomo_person_read')
      .where('customer_id', '=', customerId)
      .where('vomo_user_id', '=', vomoUserId)
      .compile(),
  )
}

/** Deletes claims that dead leaders left. */
export function* sweepReads(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('vomo_person_read')
      .where('until_ms', '<=', nowMs - 60_000)
      .compile(),
  )
}
