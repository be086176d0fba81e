import type { IncomingMessage, ServerResponse } from 'node:http'
import { isKnownRobot, isNavigation } from '../../links/open-class.ts'
import { type Cidr, networkOf, visitorAddress } from '../../network.ts'
import type { Store } from '../../store/store.ts'
import { prefersJson } from './magic-audience.ts'
import type { FollowCounter } from './magic-follows.ts'

/** Where a plain link leads those who come by its bare address, and how the answer is dressed. */
export type Lead = {
  linkId: string
  expiresAtMs: number
  /** All of them: nobody adds any. */
  headers: Record<string, string>
}

const addressPattern = /^\/(?:l|hub\/auth\/magic)\/([A-Za-z0-9]+)$/

/** What `recall` remembers a plain link by. */
export function leadKey(host: string, secret: string): string {
  return `lead ${host} ${secret}`
}

/**
 * Leads people on who follow a plain link that was followed a moment ago, before the request is taken apart: that takes longer
 * than the answer. Whatever is not plainly a person at a link's bare address goes the usual way, as does the first after any
 * change of the database, which may have taken the link, its redirect or its application back.
 *
 * @returns whether it has answered
 */
export function quickFollower(given: {
  store: Pick<Store, 'recalled'>
  clock: () => number
  follows: FollowCounter
  trustedProxies: readonly Cidr[]
}): (incoming: IncomingMessage, outgoing: ServerResponse) => boolean {
  const { store, clock, follows, trustedProxies } = given
  return (incoming, outgoing) => {
    if (incoming.method !== 'GET') return false
    const secret = addressPattern.exec(incoming.url ?? '')?.[1]
    if (secret === undefined) return false
    const { headers } = incoming
    const lead = store.recalled(leadKey(headers.host ?? '', secret)) as Lead | undefined
    if (!lead || lead.expiresAtMs <= clock() || !isPerson(headers)) return false

    const peer = incoming.socket.remoteAddress ?? ''
    follows.note(
      lead.linkId,
      'person',
      networkOf(visitorAddress(peer, forwardedFor(headers), trustedProxies)),
    )
    outgoing.writeHead(302, lead.headers).end()
    return true
  }
}

/** The same as `audienceOf` and `isVisit` together: a browser, going there. */
function isPerson(headers: IncomingMessage['headers']): boolean {
  const agent = headers['user-agent'] ?? ''
  return (
    headers['sec-purpose'] === undefined &&
    headers['purpose'] === undefined &&
    headers['x-moz'] === undefined &&
    isNavigation({ fetchMode: one(headers['sec-fetch-mode']), fetchDest: one(headers['sec-fetch-dest']) }) &&
    !/rownd sdk/i.test(agent) &&
    !isKnownRobot(agent) &&
    !(headers.accept?.includes('json') && prefersJson(headers.accept))
  )
}

function forwardedFor(headers: IncomingMessage['headers']): string | undefined {
  return one(headers['x-forwarded-for'])
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}
