import type { IncomingMessage } from 'node:http'
import { customerAt, maxHostLength } from '../../../customers/customers.ts'
import { transportHeaders } from '../../../customers/transport.ts'
import type { Forwarding } from '../../../http/forwarding.ts'
import { networkOf } from '../../../http/network.ts'
import { listedLocation } from '../../../http/redirect.ts'
import type { SafeResponse } from '../../../http/safe-headers.ts'
import type { EarlyAnswer } from '../../../http/server.ts'
import type { CoreTools } from '../../../part.ts'
import { isIssuedForm } from '../../../secrets.ts'
import { isVisitBy } from '../../../sign-in/link/link-visits.ts'
import { applicationTables } from '../application/applications.ts'
import { audienceBy } from './audience.ts'
import type { FollowCounter } from './follows.ts'
import { magicLinkTables } from './magic-links.ts'
import { openedBy, quietHeaders } from './opened.ts'
import { listedOrigins } from './redirects.ts'

/** The destination of a plain link at its bare address, and the headers of the answer. */
type CachedRedirect = {
  linkId: string
  expiresAtMs: number
  /** The slug, for the log. */
  customer: string
  /** In addition to those of every answer. */
  headers: Record<string, string>
}

const addressPattern = /^(\/(?:l|hub\/auth\/magic)\/)([A-Za-z0-9]+)$/
const redirectTables = [...magicLinkTables, ...applicationTables] as const

/**
 * Redirects visitors of a plain link before the request is parsed for the app, which takes longer than the answer. Every request
 * that is not clearly a person's at the bare address of a usable plain link takes the usual path.
 */
export function quickFollower(
  tools: CoreTools & { follows: FollowCounter; forwarding: Forwarding },
): EarlyAnswer {
  const { store, clock, follows, forwarding } = tools

  async function redirectOf(host: string, secret: string): Promise<CachedRedirect | undefined> {
    const customer = await customerAt(store, host)
    if (!customer) return undefined
    const opened = await openedBy(tools, { customer, secret, search: '' })
    if (opened?.found.link.purpose !== 'shorten' || opened.found.link.state !== 'usable') return undefined
    const { id: linkId, expiresAtMs } = opened.found.link
    const location = listedLocation(opened.target, listedOrigins(opened.rules))
    const headers = { ...transportHeaders(customer), ...quietHeaders, location, 'content-length': '0' }
    return { linkId, expiresAtMs, customer: customer.slug, headers }
  }

  async function redirect(
    incoming: IncomingMessage,
    outgoing: SafeResponse,
    { path, secret }: { path: string; secret: string },
  ): Promise<boolean> {
    const { host = '' } = incoming.headers
    const known = await store.recall(`plain link ${host} ${secret}`, redirectTables, () =>
      redirectOf(host, secret),
    )
    if (!known || known.expiresAtMs <= clock()) return false
    const peer = incoming.socket.remoteAddress ?? ''
    const visitor = forwarding.visitorOf(peer, headerOf(incoming, 'x-forwarded-for'))
    follows.note(known.linkId, 'person', networkOf(visitor))
    outgoing.customer = known.customer
    outgoing.route = `${path}:id`
    outgoing.writeHead(302, known.headers).end()
    return true
  }

  return (incoming, outgoing) => {
    if (incoming.method !== 'GET' || (incoming.headers.host ?? '').length > maxHostLength) return undefined
    const [, path, secret] = addressPattern.exec(incoming.url ?? '') ?? []
    if (path === undefined || secret === undefined || !isIssuedForm(secret)) return undefined
    const header = (name: string) => headerOf(incoming, name)
    if (audienceBy('GET', header) !== 'browser' || !isVisitBy('GET', header)) return undefined
    return redirect(incoming, outgoing, { path, secret })
  }
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
