import { recordAudit } from '../audit.ts'
import type { Secrets } from '../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'

/** How long deliveries signed with the secret before count, so that VOMO's settings can be changed meanwhile. */
export const overlapMs = 24 * 60 * 60_000

export type Webhook = {
  /** `undefined`: sealed with a secret of ours that is lost; the operator enables it again. */
  secret: string | undefined
  former: { secret: string | undefined; untilMs: number } | undefined
  setAtMs: number
}

/** Where VOMO sends what changed. */
export function webhookUrl({ publicOrigin, slug }: { publicOrigin: string; slug: string }): string {
  return `${publicOrigin}/webhooks/vomo/${slug}`
}

/** A customer's webhook, if it is enabled. */
export function webhookOf(
  { store, secrets }: { store: Store; secrets: Secrets },
  customerId: string,
): Promise<Webhook | undefined> {
  return store.recall(`webhook ${customerId}`, ['webhook'], async () => {
    const [row] = await store.read(
      store.db.selectFrom('webhook').selectAll().where('customer_id', '=', customerId).compile(),
    )
    if (!row) return undefined
    const { former_sealed: former, former_until_ms: untilMs } = row
    return {
      secret: secrets.tryOpen('webhook secret', row.secret_sealed),
      former:
        former === null || untilMs === null
          ? undefined
          : { secret: secrets.tryOpen('former webhook secret', former), untilMs },
      setAtMs: row.set_at_ms,
    }
  })
}

/**
 * Takes VOMO's deliveries from now on, or changes the secret they are signed with. The one before counts for a day more.
 *
 * @param order.endsFormer it ends at once
 */
export function* enableWebhook(
  db: Queries,
  secrets: Secrets,
  order: { customerId: string; secret: string; endsFormer: boolean },
  nowMs: number,
): Write<void> {
  const { customerId, secret, endsFormer } = order
  const [known] = yield* rows(
    db
      .selectFrom('webhook')
      .select('secret_sealed')
      .where('customer_id', '=', customerId)
      .forUpdate()
      .compile(),
  )
  const former = known && !endsFormer ? secrets.tryOpen('webhook secret', known.secret_sealed) : undefined
  const given = {
    secret_sealed: secrets.seal('webhook secret', secret),
    former_sealed: former === undefined ? null : secrets.seal('former webhook secret', former),
    former_until_ms: former === undefined ? null : nowMs + overlapMs,
    set_at_ms: nowMs,
  }
  yield* rows(
    db
      .insertInto('webhook')
      .values({ customer_id: customerId, ...given })
      .onConflict((earlier) => earlier.column('customer_id').doUpdateSet(given))
      .compile(),
  )
  const detail = known ? { again: true, former_until_ms: given.former_until_ms } : {}
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'webhook.enabled', detail })
}

/** @returns whether it was enabled */
export function* disableWebhook(db: Queries, customerId: string, nowMs: number): Write<boolean> {
  const [gone] = yield* rows(
    db.deleteFrom('webhook').where('customer_id', '=', customerId).returning('customer_id').compile(),
  )
  if (gone) yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'webhook.disabled' })
  return gone !== undefined
}
