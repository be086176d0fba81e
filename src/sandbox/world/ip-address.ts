import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Four parts without leading zeros, or IPv6 without a zone: what VOMO's validation accepts as an address. */
export function isIpAddress(text: string): boolean {
  return isIP(text) > 0 && !text.includes('%')
}

/** An IPv4 address equals its IPv6-mapped form, and all loopback addresses are equal, because a browser picks any of them. */
export function isSameIpAddress(a: string, b: string): boolean {
  if (!isIpAddress(a) || !isIpAddress(b)) return false
  const [one, other] = [read(a), read(b)]
  if (one.range() === 'loopback') return other.range() === 'loopback'
  return one.toNormalizedString() === other.toNormalizedString()
}

// The library reads `::1.2.3.4` as `::ffff:1.2.3.4`. Only the second is the IPv4 address.
function read(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.process(text.replace(/^::(?=\d+\.)/, '0:0:0:0:0:0:'))
}
