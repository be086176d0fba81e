import { BlockList, isIP } from 'node:net'

const addresses = new BlockList()
addresses.addSubnet('127.0.0.0', 8, 'ipv4')
addresses.addAddress('::1', 'ipv6')

/** Whether an address is one of this machine's own; an IPv4-mapped one counts as the IPv4 address. A name is not an address. */
export function isLoopback(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && addresses.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Whether a connection from this program to a host stays on this machine, so that it may carry a secret in plain text. Names under
 * `localhost` do not count: Node asks the system's resolver for them, and a DNS server may answer.
 *
 * @param hostname of a URL, as `URL` writes it, or without the brackets
 */
export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** The same for a browser, which resolves `localhost` and every name under it to this machine by itself. */
export function isThisMachineToBrowsers(hostname: string): boolean {
  return isThisMachine(hostname) || /[^.]\.localhost$/.test(hostname)
}
