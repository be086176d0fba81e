import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { request } from 'undici'

/** Where a customer's webhook leads, and the secret that signs it. */
export type WebhookTarget = { url: string; secret: string }

/** A delivery as it went: for tests, which ask what was sent. */
export type Delivery = { customer: string; type: string; tries: number; status: number | null }

export type Deliveries = ReturnType<typeof makeDeliveries>

const timeoutMs = 3_000
const maxKept = 1_000

/**
 * VOMO's webhooks: a POST signed over its raw body, given up after 3 s, and tried again twice, 10 s and 100 s later, unless the answer
 * was a 2xx.
 *
 * @param retryAfterMs the two pauses
 * @see https://support.vomo.org/hc/en-us/articles/5461932751885-How-to-get-started-using-VOMO-Webhooks
 */
export function makeDeliveries(retryAfterMs: () => readonly number[]) {
  const targets = new Map<string, WebhookTarget>()
  const kept: Delivery[] = []
  const closing = new AbortController()
  const underWay = new Set<Promise<void>>()

  async function deliver({ url, secret }: WebhookTarget, body: string, delivery: Delivery): Promise<void> {
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    for (const waitMs of [0, ...retryAfterMs()]) {
      try {
        if (waitMs > 0) await pause(waitMs, undefined, { signal: closing.signal, ref: false })
        delivery.tries += 1
        delivery.status = await post(url, body, signature)
      } catch {
        delivery.status = null
      }
      if (closing.signal.aborted || (delivery.status !== null && delivery.status < 300)) return
    }
  }

  async function post(url: string, body: string, signature: string): Promise<number> {
    const { host, hostname } = new URL(url)
    // Names of this machine, which not every resolver knows.
    const at = hostname.endsWith('.localhost') ? url.replace(hostname, '127.0.0.1') : url
    const answer = await request(at, {
      method: 'POST',
      body,
      headers: { host, 'content-type': 'application/json', 'vomo-signature': signature },
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]),
    })
    await answer.body.dump()
    return answer.statusCode
  }

  return {
    /** Where a customer's changes are sent from now on; `undefined` ends it. */
    sendTo(customer: string, target: WebhookTarget | undefined): void {
      if (target) targets.set(customer, target)
      else targets.delete(customer)
    },
    /** Sends in the background. */
    tell(customer: string, event: { type: string; organization_id: number; data: unknown }): void {
      const target = targets.get(customer)
      if (!target || closing.signal.aborted) return
      const delivery: Delivery = { customer, type: event.type, tries: 0, status: null }
      kept.push(delivery)
      if (kept.length > maxKept) kept.shift()
      const sending = deliver(target, JSON.stringify(event), delivery).finally(() => underWay.delete(sending))
      underWay.add(sending)
    },
    list: (): readonly Delivery[] => kept,
    async close(): Promise<void> {
      closing.abort()
      await Promise.all(underWay)
    },
  }
}
