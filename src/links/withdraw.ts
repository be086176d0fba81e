import { recordAudit } from '../audit.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { Batch } from './batches.ts'
import { type Link, revokeLink } from './links.ts'

/**
 * Takes a link back, and says so in the audit log.
 *
 * @param by `operator`, or the person id of the member of staff
 * @returns whether it was still usable
 */
export function* withdrawLink(db: Queries, link: Link, by: string, nowMs: number): Write<boolean> {
  if (link.state === 'expired' || !(yield* revokeLink(db, link.id, 'withdrawn', nowMs))) return false
  yield* recordAudit(db, {
    customerId: link.customerId,
    atMs: nowMs,
    kind: 'link.withdrawn',
    personId: link.personId,
    detail: { link: link.id, by },
  })
  return true
}

/**
 * Takes back all links of a batch that still work, and says so in the audit log. Their rows keep them no longer.
 *
 * @param by the person id of the member of staff
 * @returns how many
 */
export function* withdrawBatch(
  db: Queries,
  { id: batchId, customer_id: customerId }: Batch,
  by: string,
  nowMs: number,
): Write<number> {
  const withdrawn = yield* rows(
    db
      .updateTable('link')
      .set({ revoked_at_ms: nowMs, revoked_because: 'withdrawn' })
      .where('id', 'in', (of) =>
        of
          .selectFrom('link_batch_row')
          .select('link_id')
          .where('batch_id', '=', batchId)
          .where('link_id', 'is not', null)
          .$narrowType<{ link_id: string }>(),
      )
      .where('spent_at_ms', 'is', null)
      .where('revoked_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .returning('id')
      .compile(),
  )
  if (withdrawn.length === 0) return 0
  yield* rows(
    db
      .updateTable('link_batch_row')
      .set({ state: 'refused', fault: 'withdrawn', link_sealed: null })
      .where('batch_id', '=', batchId)
      .where('state', '=', 'made')
      .where((is) =>
        is.exists(
          is
            .selectFrom('link')
            .select('link.id')
            .whereRef('link.id', '=', 'link_batch_row.link_id')
            .where('revoked_because', '=', 'withdrawn'),
        ),
      )
      .compile(),
  )
  const detail = { by, list: batchId, links: withdrawn.length }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'link_list.withdrawn', detail })
  return withdrawn.length
}

/** How many links of a batch were taken back. */
export async function withdrawnOf(store: Store, batchId: string): Promise<number> {
  const [counted] = await store.read(
    store.db
      .selectFrom('link_batch_row')
      .select((of) => of.fn.countAll<number>().as('rows'))
      .where('batch_id', '=', batchId)
      .where('state', '=', 'refused')
      .where('fault', '=', 'withdrawn')
      .compile(),
  )
  return counted?.rows ?? 0
}
