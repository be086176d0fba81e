import { preparedQuery } from '../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { EventKind } from '../vomo/news/read-event.ts'

/** What a delivery counts as. `forged`: not signed with the customer's secret. */
export type CountedKind = EventKind | 'forged' | 'other_organization'

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
const keptMs = 30 * dayMs

export function* countDelivery(
  db: Queries,
  { customerId, kind }: { customerId: string; kind: CountedKind },
  nowMs: number,
): Write<void> {
  yield* rows(countOne(db, { customerId, kind, hourMs: nowMs - (nowMs % hourMs), nowMs }))
}

const countOne = preparedQuery(
  (db, of: Record<'customerId' | 'kind', string> & Record<'hourMs' | 'nowMs', number>) =>
    db
      .insertInto('webhook_count')
      .values({
        customer_id: of.customerId,
        hour_ms: of.hourMs,
        kind: of.kind,
        count: 1,
        last_at_ms: of.nowMs,
      })
      .onConflict((known) =>
        known
          .columns(['customer_id', 'hour_ms', 'kind'])
          .doUpdateSet((set) => ({ count: set('webhook_count.count', '+', 1), last_at_ms: of.nowMs })),
      )
      .compile(),
)

/** When the last delivery with VOMO's signature came, and how many of each kind came within a day. */
export async function deliveriesOf(
  store: Store,
  customerId: string,
  nowMs: number,
): Promise<{ lastAtMs: number | null; ofDay: Record<string, number> }> {
  const counts = await store.read(
    store.db
      .selectFrom('webhook_count')
      .select(['hour_ms', 'kind', 'count', 'last_at_ms'])
      .where('customer_id', '=', customerId)
      .orderBy('kind')
      .compile(),
  )
  const ofDay: Record<string, number> = {}
  for (const { kind, count, hour_ms: hour } of counts)
    if (hour > nowMs - dayMs) ofDay[kind] = (ofDay[kind] ?? 0) + count
  const signed = counts.filter(({ kind }) => kind !== 'forged').map(({ last_at_ms: atMs }) => atMs)
  return { lastAtMs: signed.length === 0 ? null : Math.max(...signed), ofDay }
}

export function* forgetOldDeliveries(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('webhook_count')
      .where('hour_ms', '<=', nowMs - keptMs)
      .compile(),
  )
}
