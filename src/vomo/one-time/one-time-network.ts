import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { isLoopback } from '../../loopback.ts'
import type { Lookup } from '../wire/lookup.ts'

/** How long a host's addresses are cached. */
const rememberMs = 10 * 60_000

/**
 * A visitor's address in the form VOMO should get: an IPv4 address written as IPv6 becomes IPv4, and the zone is dropped.
 *
 * @returns `undefined` when it is not an address
 */
export function plainAddress(address: string): string | undefined {
  const [unzoned = ''] = address.split('%')
  return ipaddr.isValid(unzoned) ? ipaddr.process(unzoned).toString() : undefined
}

/**
 * Whether a visitor can reach a site with the address they reached us with. VOMO compares the two, and a visitor here by IPv6
 * reaches an IPv4-only site with another address, so the click on that link would fail.
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

  /** @returns true also when nothing is known about the host: the click then decides */
  return async (site: string, address: string): Promise<boolean> => {
    // On one machine, any loopback address matches any other.
    if (isLoopback(address)) return true
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
