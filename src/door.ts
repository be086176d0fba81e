import { bodyLimit } from 'hono/body-limit'
import { type Customer, customerAt, customerTables, maxHostLength } from './customers/customers.ts'
import { languageOfCustomer } from './customers/own-terms.ts'
import { maxPictureBytes } from './customers/picture.ts'
import { transportHeaders } from './customers/transport.ts'
import type { Handler, Visited } from './customers/visit.ts'
import { dialectAt } from './dialects.ts'
import { Refusal } from './errors.ts'
import { compress } from './http/compress.ts'
import type { Forwarding } from './http/forwarding.ts'
import { ownPath } from './http/redirect.ts'
import { languageOf } from './sign-in/language.ts'
import { isBackChannelLogout } from './sign-in/provider/addresses.ts'
import { linkListsPath } from './staff/link-lists/page-lists.tsx'
import { maxFileBytes } from './staff/link-lists/read-csv.ts'
import type { Store } from './store/store.ts'
import type { Language } from './text/languages.ts'
import { remindersOffPath } from './volunteer/shifts/reminder-links.ts'
import type { Vomo } from './vomo/vomo.ts'

export type DoorTools = {
  store: Store
  forwarding: Forwarding
  /** What a customer calls things in VOMO. */
  monikers: Vomo['monikers']
  /** What answers at any host while the first customer is made: see `first-run/part.ts`. */
  findSetup: (c: Visited) => Promise<Handler | undefined> | undefined
  /** The redirect for a GET at a bare loopback address: the demo's customers are known only by name. */
  loopbackName?: string | undefined
}

/** Larger than any form or JSON of ours; a larger body is refused unread. */
const bodyLimitBytes = 64 * 1024

/** Forms that hold a file, and what is beside it. */
const largerBodies: Readonly<Record<string, number>> = {
  '/admin/settings/logo': maxPictureBytes + 16 * 1024,
  [linkListsPath]: maxFileBytes + 16 * 1024,
}

/**
 * The checks before every handler: the customer of the Host, then whether the request comes from a page of ours, then the size of
 * its body.
 *
 * @param ownSegments the first segments of our own paths, which no campaign's slug may take
 * @returns takes the pattern of the path, for metrics, and its handler
 */
export function openDoor(
  tools: DoorTools,
  ownSegments: ReadonlySet<string>,
): (route: string, serve: Handler) => Handler {
  const findCustomer = customerFinder(tools, ownSegments)
  return (route, serve) => async (c) => {
    c.env.outgoing.route = route
    const elsewhere = await findCustomer(c)
    if (elsewhere) return elsewhere
    // PostgreSQL stores no text with a zero byte, so on no engine does such a path lead to anything.
    if (c.req.path.includes('\0')) throw new Refusal('not_found')
    refuseCrossSite(c)
    await limitBody(c, largerBodies[route] ?? bodyLimitBytes)
    return compress(c, await serve(c))
  }
}

/** The customer, by the Host alone. @throws {Refusal} 'unknown_host' */
function customerFinder(tools: DoorTools, ownSegments: ReadonlySet<string>) {
  const { store, forwarding, monikers, findSetup, loopbackName } = tools
  return async (c: Visited): Promise<Response | undefined> => {
    let address: string | undefined
    c.set('address', () => {
      address ??= forwarding.visitorOf(
        c.env.incoming.socket.remoteAddress ?? '',
        c.req.header('x-forwarded-for'),
      )
      return address
    })
    const looking = findSetup(c)
    const setUp = looking && (await looking)
    if (setUp) {
      await limitBody(c, bodyLimitBytes)
      return compress(c, await setUp(c))
    }
    const host = (c.req.header('host') ?? '').toLowerCase()
    const customer =
      host.length <= maxHostLength
        ? await store.recall(`host ${host}`, customerTables, () => customerAt(store, host))
        : undefined
    if (!customer) {
      const localName = loopbackName && c.req.method === 'GET' && /^(127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
      const path = ownPath(c.req.path)
      if (localName && path)
        return c.redirect(`http://${loopbackName}${path}${new URL(c.req.url).search}`, 302)
      throw new Refusal('unknown_host')
    }
    c.set('customer', customer)
    c.set('ownSegments', ownSegments)
    c.set('language', languageHere(c, customer, monikers))
    c.env.outgoing.customer = customer.slug
    c.env.outgoing.customerHeaders = transportHeaders(customer)
    return undefined
  }
}

/** Determined once per request, and only when its answer has words. */
function languageHere(c: Visited, { id, ownTerms }: Customer, monikersOf: Vomo['monikers']): () => Language {
  let found: Language | undefined
  return () => {
    found ??= languageOfCustomer(ownTerms, monikersOf(id), languageOf(c))
    return found
  }
}

/**
 * An unsafe request must come from a page of ours: the browser says so by `Sec-Fetch-Site`, an older one by `Origin`. Its content
 * type and cookies do not matter.
 */
function refuseCrossSite(c: Visited): void {
  if (safeMethods.has(c.req.method) || dialectAt(c.req.path)?.provesItself) return
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  // Servers post from no page at all: a mail provider the link that ends reminders, an identity provider the token that ends
  // sessions. What they post is their proof.
  const isFromServer = site === undefined && origin === undefined
  if (isFromServer && (c.req.path.startsWith(remindersOffPath) || isBackChannelLogout(c.req.path))) return
  const isFromHere = site === undefined ? origin === c.get('customer').publicOrigin : site === 'same-origin'
  if (!isFromHere) throw new Refusal('cross_site_request')
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** No handler reads the body of a GET, and Node holds a sender to its Content-Length, so only a body of unknown length is counted. */
async function limitBody(c: Visited, maxBytes: number): Promise<void> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  const said = c.req.header('content-length')
  if (said === undefined || c.req.header('transfer-encoding') !== undefined)
    await countBody(maxBytes)(c, async () => {})
  else if (Number(said) > maxBytes) throw new Refusal('body_too_large')
}

function countBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Refusal('body_too_large')
    },
  })
}
