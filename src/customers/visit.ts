import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { networkOf } from '../http/network.ts'
import type { SafeResponse } from '../http/safe-headers.ts'
import type { Language } from '../text/languages.ts'
import type { Customer } from './customers.ts'

/** What every handler knows about a request: its customer, and where it comes from. */
export type Visit = {
  Bindings: HttpBindings & { outgoing: SafeResponse }
  Variables: {
    customer: Customer
    /** The visitor's address: the socket's peer, or the client of our proxies. */
    address: () => string
    /** The visitor's language. */
    language: () => Language
    /** The first segments of our own routes, where no campaign answers. */
    ownSegments: ReadonlySet<string>
    /** Set on a page that a member of staff sees as a volunteer does: see `staff/preview/guard.ts`. */
    preview?: { personId: string; who: string; untilMs: number; nowMs: number }
  }
}

/** A request to a customer's portal, as every handler gets it. */
export type Visited = Context<Visit>

export type Handler = (c: Visited) => Response | Promise<Response>

/** The unit that limits count by: an IPv4 address or an IPv6 /64. */
export function visitNetwork(c: Visited): string {
  return networkOf(c.get('address')())
}
