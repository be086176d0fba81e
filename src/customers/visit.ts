import type { HttpBindings } from '@hono/node-server'
import type { Customer } from './customers.ts'

/** What is known of every request before anybody looks at it: whose door it came to, and from where. */
export type Visit = {
  Bindings: HttpBindings
  Variables: {
    customer: Customer
    /** What limits count by: an IPv4 address or an IPv6 /64. */
    network: string
  }
}
