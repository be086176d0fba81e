import { during } from '../audit.ts'
import type { Visited } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import type { Tools } from '../part.ts'
import { noteChange, type ToldChange } from '../vomo/news/changes.ts'
import { readEvent, type VomoEvent } from '../vomo/news/read-event.ts'
import { type CountedKind, countDelivery } from './counts.ts'
import { isSigned } from './signature.ts'
import { webhookOf } from './webhooks.ts'

/**
 * `POST /webhooks/vomo/<customer>`: VOMO says that something changed. VOMO waits three seconds for an answer, so what follows from it
 * is done later. The signature is checked before a byte of the body is read as anything, and decides alone: what VOMO says of the
 * body's type does not matter. A customer without webhooks, and the name of another one, are answered as a wrong signature is.
 */
export function webhookHandlers(tools: Tools) {
  const { store, clock, limits, meter, vomo, wakeJobs } = tools

  async function take(c: Visited): Promise<Response> {
    const customer = c.get('customer')
    const webhook = await webhookOf(tools, customer.id)
    const body = Buffer.from(await c.req.arrayBuffer())
    const nowMs = clock()
    const former = webhook?.former && nowMs < webhook.former.untilMs ? webhook.former.secret : undefined
    const isVomos = isSigned(body, c.req.header('vomo-signature'), [webhook?.secret, former])
    if (!isVomos || c.req.param('customer') !== customer.slug) return refuse(c, customer.id)

    const event = readEvent(body.toString('utf8'))
    const kind = countedAs(event, vomo.organizationIds(customer.id))
    const change: ToldChange | undefined =
      event.change && kind === event.kind
        ? { ...event.change, customerId: customer.id, toldAtMs: nowMs }
        : undefined
    await store.write(
      during(c, function* () {
        yield* countDelivery(store.db, { customerId: customer.id, kind }, nowMs)
        if (change) yield* noteChange(store.db, change)
      }),
    )
    meter.count('porchlight_vomo_webhooks_total', { kind, outcome: change ? 'taken' : 'ignored' })
    if (change) {
      vomo.changed(change)
      wakeJobs()
    }
    return c.body(null, 204)
  }

  /** What strangers send is counted while it is little, and then refused before the database hears of it. */
  async function refuse(c: Visited, customerId: string): Promise<Response> {
    meter.count('porchlight_vomo_webhooks_total', { kind: 'forged', outcome: 'refused' })
    limits.requireOwn('forgedDeliveriesPerCustomer', customerId)
    await store.write(during(c, () => countDelivery(store.db, { customerId, kind: 'forged' }, clock())))
    throw new Refusal('credential_required')
  }

  return { take }
}

/** VOMO's word about another organization, whose secret is the same by mistake, is about none of this customer's people. */
function countedAs({ kind, organizationId }: VomoEvent, known: readonly string[] | undefined): CountedKind {
  const isElsewhere = known !== undefined && organizationId !== null && !known.includes(organizationId)
  return isElsewhere ? 'other_organization' : kind
}
