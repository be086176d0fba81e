import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Forwarding } from '../../../http/forwarding.ts'
import { networkOf } from '../../../http/network.ts'
import { isVisitBy } from '../../../sign-in/link/link-visits.ts'
import type { Store } from '../../../store/store.ts'
import { audienceBy } from './audience.ts'
import type { FollowCounter } from './follows.ts'

/** The destination of a plain link at its bare address, and the headers of the answer. */
export type CachedRedirect = {
  linkId: string
  expiresAtMs: number
  /** In addition to those of every answer. */
  headers: Record<string, string>
}

const addressPattern = /^\/(?:l|hub\/auth\/magic)\/([A-Za-z0-9]+)$/

/** The `recall` key of a plain link. */
export function redirectKey(host: string, secret: string): string {
  return `lead ${host} ${secret}`
}

/**
 * Redirects visitors of a plain link that was followed a moment ago, before the request is parsed, which takes longer than the
 * answer. Every request that is not clearly a person's at a link's bare address takes the usual path, and so does the first after
 * any change of the database, which may have revoked the link, its redirect or its application.
 *
 * @returns whether it has answered
 */
export function quickFollower(given: {
  store: Pick<Store, 'recalled'>
  clock: () => number
  follows: FollowCounter
  forwarding: Forwarding
}): (incoming: IncomingMessage, outgoing: ServerResponse) => boolean {
  const { store, clock, follows, forwarding } = given
  return (incoming, outgoing) => {
    if (incoming.method !== 'GET') return false
    const secret = addressPattern.exec(incoming.url ?? '')?.[1]
    if (secret === undefined) return false
    const header = readerOf(incoming.headers)
    const lead = store.recalled(redirectKey(header('host') ?? '', secret)) as CachedRedirect | undefined
    if (!lead || lead.expiresAtMs <= clock()) return false
    if (audienceBy('GET', header) !== 'browser' || !isVisitBy('GET', header)) return false

    const peer = incoming.socket.remoteAddress ?? ''
    const visitor = forwarding.visitorOf(peer, header('x-forwarded-for'))
    follows.note(lead.linkId, 'person', networkOf(visitor))
    outgoing.writeHead(302, lead.headers).end()
    return true
  }
}

function readerOf(headers: IncomingMessage['headers']) {
  return (name: string): string | undefined => {
    const value = headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
}
