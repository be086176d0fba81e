import type { LookupAddress } from 'node:dns'

/** Returns all addresses of a host. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>
