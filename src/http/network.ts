import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'

type Address = ipaddr.IPv4 | ipaddr.IPv6

export type Cidr = [Address, number]

/**
 * An address in canonical form; IPv4-mapped IPv6 becomes IPv4. Node's reader decides what is an address, because the library also
 * accepts `1` for 0.0.0.1, and octal and hexadecimal parts, which are either typos or tricks. The library also reads `::1.2.3.4` as
 * mapped; it is a distinct IPv6 address (RFC 4291 §2.5.5.1), so its zeros are written out.
 */
function readAddress(text: string): Address | undefined {
  const family = isIP(text)
  if (family === 0) return undefined
  if (family === 4) return ipaddr.IPv4.parse(text)
  return ipaddr.process(/^::\d+\./.test(text) ? `0:0:0:0:0:0:${text.slice(2)}` : text)
}

/** @throws when the text is neither an address nor a CIDR block */
export function readCidr(text: string): Cidr {
  const [written = '', bits, ...more] = text.split('/')
  const base = readAddress(written)
  if (!base || more.length > 0) throw new Error('not an address')
  const maxBits = base.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return [base, maxBits]
  // A mapped block counts its bits from the start of the IPv6 address; below 96 it would not be an IPv4 block.
  const counted = /^(0|[1-9]\d{0,2})$/.test(bits) ? Number(bits) : Number.NaN
  const kept = written.includes(':') && maxBits === 32 ? counted - 96 : counted
  if (!(kept >= 0 && kept <= maxBits)) throw new Error('not a CIDR block')
  return [base, kept]
}

/**
 * The visitor's address: the peer of the socket or, if that is a trusted proxy, the first untrusted address from the right of
 * `X-Forwarded-For`. A header from an untrusted peer is ignored. A hop that is not an address ends the walk: an unknown proxy wrote
 * everything to its left, so the last trusted proxy is all we know.
 *
 * @param noteUnreadable receives such a hop
 */
export function visitorAddress(
  peer: string,
  forwardedFor: string | undefined,
  trustedProxies: readonly Cidr[],
  noteUnreadable?: (hop: string) => void,
): string {
  const hops = forwardedFor ? forwardedFor.split(',') : []
  let visitor = peer
  while (isWithin(visitor, trustedProxies)) {
    const next = hops.pop()
    if (next === undefined) break
    const address = addressOfHop(next)
    if (address === undefined) {
      noteUnreadable?.(next)
      break
    }
    visitor = address
  }
  return visitor
}

/**
 * The address in a hop, as proxies write it: plain, with a port (`203.0.113.9:51234`, as Azure's gateways do), in brackets
 * (`[2001:db8::1]:4711`), and any of these in quotes. A proxy may also write `unknown` or `_hidden` (RFC 7239 §6).
 */
function addressOfHop(hop: string): string | undefined {
  const text = hop.trim()
  const bare = /^"(.*)"$/.exec(text)?.[1] ?? text
  const [, inBrackets, beforePort] = hopWithPort.exec(bare) ?? []
  const address = inBrackets ?? beforePort ?? bare
  const isAddress = inBrackets === undefined ? isIP(address) > 0 : isIP(address) === 6
  return isAddress ? address : undefined
}

const hopWithPort = /^(?:\[([^\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/

/** Whether an address is on the local network, like a proxy in front of us, and not an Internet visitor's. */
export function isOwnNetwork(address: string): boolean {
  const range = readAddress(address)?.range()
  return range !== undefined && ownRanges.has(range)
}

const ownRanges = new Set<string>(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat'])

/** `other_family`: the link expects IPv4 and the visitor came by IPv6, or the reverse, so the comparison says nothing. */
export type AddressVerdict = 'same' | 'other' | 'other_family'

/**
 * Whether a visitor comes from one of these addresses or CIDR blocks.
 *
 * IPv4-mapped IPv6 equals IPv4. A single IPv6 address stands for its /64, because a device changes its address within it by the
 * hour; write `/128` for exactly one. All loopback addresses are equal.
 */
export function compareAddress(allowed: readonly string[], visitor: string): AddressVerdict {
  // The common case needs no parsing.
  if (allowed.includes(visitor)) return 'same'
  const address = readAddress(visitor)
  if (!address) return 'other'
  const blocks = allowed.map(readAllowed)
  const isLoop = address.range() === 'loopback'
  const isSame = blocks.some(
    ({ block: [base, bits], isLoop: isLoopToo }) =>
      (isLoop && isLoopToo) || (base.kind() === address.kind() && address.match(base, bits)),
  )
  if (isSame) return 'same'
  return blocks.every(({ block: [base] }) => base.kind() !== address.kind()) ? 'other_family' : 'other'
}

/** Whether `compareAddress` accepts a text as an address or a CIDR block. */
export function isAllowable(text: string): boolean {
  try {
    readAllowed(text)
    return true
  } catch {
    return false
  }
}

function readAllowed(text: string): { block: Cidr; isLoop: boolean } {
  if (text.includes('%')) throw new Error('a zone means nothing here')
  const [base, bits] = readCidr(text)
  const isLone = !text.includes('/')
  const isLoop = isLone && base.range() === 'loopback'
  return { block: isLone && !isLoop && base.kind() === 'ipv6' ? [base, 64] : [base, bits], isLoop }
}

/** The unit that limits count by: an IPv4 address, or the /64 of an IPv6 one, because one household owns all of it. */
export function networkOf(address: string): string {
  const known = networks.get(address)
  if (known !== undefined) return known
  const network = readNetwork(address)
  if (address.length <= maxAddressLength) networks.set(address, network)
  return network
}

/** Visitors return, so the parsed network is cached per address. */
const networks = new LRUCache<string, string>({ max: 5_000 })
/** An IPv6 address with a zone. */
const maxAddressLength = 64

function readNetwork(address: string): string {
  const parsed = readAddress(address)
  if (!parsed) return 'unknown'
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

export function isWithin(address: string, blocks: readonly Cidr[]): boolean {
  if (blocks.length === 0) return false
  const parsed = readAddress(address)
  return blocks.some(([block, bits]) => parsed?.kind() === block.kind() && parsed.match(block, bits))
}
