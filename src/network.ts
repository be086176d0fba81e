import ipaddr from 'ipaddr.js'

export type Cidr = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** @throws when the text is neither an address nor a CIDR block */
export function readCidr(text: string): Cidr {
  const [written = '', bits] = text.split('/')
  // The library takes `1` for 0.0.0.1, as old tools did; here it can only be a slip.
  if (!written.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(written))
    throw new Error('not an address')
  if (bits !== undefined) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(written)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/**
 * Who is at the other end: the peer of the socket, or, where that is a trusted proxy, the first address from the right of
 * `X-Forwarded-For` that is not one. A header from anybody else is not looked at.
 */
export function visitorAddress(
  peer: string,
  forwardedFor: string | undefined,
  trustedProxies: readonly Cidr[],
): string {
  const hops = forwardedFor ? forwardedFor.split(',').map((hop) => hop.trim()) : []
  let visitor = peer
  while (isWithin(visitor, trustedProxies)) {
    const next = hops.pop()
    if (next === undefined || !ipaddr.isValid(next)) break
    visitor = next
  }
  return visitor
}

/** `other_family`: IPv4 was meant and IPv6 came, or the reverse, so nothing can be said. */
export type AddressVerdict = 'same' | 'other' | 'other_family'

/**
 * Whether a visitor comes from one of these addresses or CIDR blocks.
 *
 * IPv4-mapped IPv6 equals IPv4. A lone IPv6 address stands for its /64, since one device changes within it by the hour; `/128`
 * says otherwise. All loopback addresses are one.
 */
export function compareAddress(allowed: readonly string[], visitor: string): AddressVerdict {
  if (!ipaddr.isValid(visitor)) return 'other'
  const blocks = allowed.map(readAllowed)
  const address = ipaddr.process(visitor)
  const isLoop = address.range() === 'loopback'
  const isSame = blocks.some(
    ({ block: [base, bits], isLoop: isLoopToo }) =>
      (isLoop && isLoopToo) || (base.kind() === address.kind() && address.match(base, bits)),
  )
  if (isSame) return 'same'
  return blocks.every(({ block: [base] }) => base.kind() !== address.kind()) ? 'other_family' : 'other'
}

/** Whether a text is an address or a CIDR block that `compareAddress` can be given. */
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
  if (base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress())
    return { block: [base.toIPv4Address(), Math.max(0, bits - 96)], isLoop: false }
  return {
    block: isLone && base.kind() === 'ipv6' ? [base, 64] : [base, bits],
    isLoop: isLone && base.range() === 'loopback',
  }
}

/** What a limit counts by: an IPv4 address, or the /64 of an IPv6 one, since one household owns all of it. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}

function isWithin(address: string, blocks: readonly Cidr[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return blocks.some(([block, bits]) => parsed.kind() === block.kind() && parsed.match(block, bits))
}
