import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { networkOf } from '../http/network.ts'
import type { SafeResponse } from '../http/safe-headers.ts'
import type { Language } from '../text/languages.ts'
import type { Customer } from './customers.ts'

/** What is known of every request before anybody looks at it: whose door it came to, and from where. */
export type Visit = {
  Bindings: HttpBindings & { outgoing: SafeResponse }
  Variables: {
    customer: Customer
    /** Where the visitor is: the socket's peer, or who stands behind our proxies. */
    address: () => string
    /** What the visitor reads. */
    language: () => Language
    /** What the first segments of our own routes are: no campaign answers there. */
    ownSegments: ReadonlySet<string>
  }
}

/** What limits count by: an IPv4 address or an IPv6 /64. */
export function visitNetwork(c: Context<Visit>): string {
  return networkOf(c.get('address')())
}
