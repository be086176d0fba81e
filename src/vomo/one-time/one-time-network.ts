import type { LookupAddress } from 'node:dns'
import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** All addresses of a host. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>

/** How long the addresses of a host are believed. */
const rememberMs = 10 * 60_000

/**
 * A visitor's address as VOMO should hear it: an IPv4 address written as IPv6 is that IPv4 address, and a zone means nothing
 * elsewhere.
 *
 * @returns `undefined` where it is no address
 */
export function plainAddress(address: string): string | undefined {
  const [unzoned = ''] = address.split('%')
  return ipaddr.isValid(unzoned) ? ipaddr.process(unzoned).toString() : undefined
}

/**
 * Whether a visitor can come to a site with the address they came to us with. VOMO compares the two, and who is here by IPv6
 * comes to a site that has only IPv4 with another one: that link would be refused when it is clicked.
 */
export function createReach({ lookup, clock }: { lookup: Lookup; clock: () => number }) {
  const known = new Map<string, { families: Promise<ReadonlySet<number>>; askedAtMs: number }>()

  async function familiesOf(host: string): Promise<ReadonlySet<number>> {
    try {
      return new Set((await lookup(host)).map(({ family }) => family))
    } catch {
      return new Set()
    }
  }

  /** @returns true, too, where nothing is known of the host: the click then decides */
  return async (site: string, address: string): Promise<boolean> => {
    // On one machine any loopback address stands for the other.
    if (ipaddr.process(address).range() === 'loopback') return true
    const host = new URL(site).hostname
    const now = clock()
    let entry = known.get(host)
    if (!entry || Math.abs(now - entry.askedAtMs) >= rememberMs) {
      entry = { families: familiesOf(host), askedAtMs: now }
      known.set(host, entry)
    }
    const families = await entry.families
    return families.size === 0 || families.has(isIPv4(address) ? 4 : 6)
  }
}
