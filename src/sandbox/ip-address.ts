import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Four parts without leading zeros, or IPv6 without a zone: what VOMO's validation takes for an address. */
export function isIpAddress(text: string): boolean {
  return isIP(text) > 0 && !text.includes('%')
}

/** An IPv4 address equals itself written as IPv6, and all loopback addresses are one: a browser picks any of them. */
export function isSameIpAddress(a: string, b: string): boolean {
  if (!isIpAddress(a) || !isIpAddress(b)) return false
  const [one, other] = [ipaddr.process(a), ipaddr.process(b)]
  if (one.range() === 'loopback') return other.range() === 'loopback'
  return one.toNormalizedString() === other.toNormalizedString()
}
