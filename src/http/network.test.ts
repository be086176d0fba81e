import { describe, expect, it } from 'vitest'
import {
  type AddressVerdict,
  compareAddress,
  isAllowable,
  networkOf,
  readCidr,
  visitorAddress,
} from './network.ts'

/** What the link was created for (one or several, separated by spaces), the address of the click, and the verdict. */
const pairs: [string, string, AddressVerdict][] = [
  // IPv4
  ['203.0.113.9', '203.0.113.9', 'same'],
  ['203.0.113.9', '203.0.113.10', 'other'],
  ['203.0.113.9', '203.0.113.90', 'other'],
  ['203.0.113.9', '9.113.0.203', 'other'],
  ['0.0.0.0', '203.0.113.9', 'other'],
  ['255.255.255.255', '255.255.255.255', 'same'],
  // IPv6-mapped IPv4, in every spelling, on either side
  ['203.0.113.9', '::ffff:203.0.113.9', 'same'],
  ['203.0.113.9', '::FFFF:203.0.113.9', 'same'],
  ['203.0.113.9', '::ffff:cb00:7109', 'same'],
  ['203.0.113.9', '::FFFF:CB00:7109', 'same'],
  ['203.0.113.9', '0:0:0:0:0:ffff:203.0.113.9', 'same'],
  ['203.0.113.9', '0000:0000:0000:0000:0000:ffff:cb00:7109', 'same'],
  ['203.0.113.9', '::0:ffff:cb00:7109', 'same'],
  ['::ffff:203.0.113.9', '203.0.113.9', 'same'],
  ['::ffff:cb00:7109', '203.0.113.9', 'same'],
  ['::ffff:cb00:7109', '::ffff:203.0.113.9', 'same'],
  ['203.0.113.9', '::ffff:203.0.113.10', 'other'],
  ['::ffff:203.0.113.9', '::ffff:203.0.113.10', 'other'],
  // Looks mapped but is not: compatible, translated, 6to4, NAT64
  ['203.0.113.9', '::203.0.113.9', 'other_family'],
  ['::198.51.100.7', '::c633:6407', 'same'],
  ['::198.51.100.7', '198.51.100.7', 'other_family'],
  ['::198.51.100.7', '::ffff:198.51.100.7', 'other_family'],
  ['203.0.113.9', '::cb00:7109', 'other_family'],
  ['203.0.113.9', '::ffff:0:203.0.113.9', 'other_family'],
  ['203.0.113.9', '2002:cb00:7109::1', 'other_family'],
  ['203.0.113.9', '64:ff9b::203.0.113.9', 'other_family'],
  // IPv6, with its zeros and letters in any spelling
  ['2001:db8::1', '2001:db8::1', 'same'],
  ['2001:db8::1', '2001:DB8::1', 'same'],
  ['2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001', 'same'],
  ['2001:db8::1', '2001:db8:0:0::1', 'same'],
  ['2001:db8::1', '2001:db8:0:0:0:0:0:1', 'same'],
  ['2001:0DB8:0:0::0:1', '2001:db8::1', 'same'],
  ['2001:db8:0:1::', '2001:db8:0:1:0::0', 'same'],
  ['2001:db8::1:0:0:1', '2001:db8:0:0:1::1', 'same'],
  // One household and its neighbors
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', 'same'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::', 'same'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', 'other'],
  ['2001:db8:1:2::1', '2001:db8:1:1:ffff:ffff:ffff:ffff', 'other'],
  ['2001:db8:1:2::1', '2001:db9:1:2::1', 'other'],
  // Exactly one device
  ['2001:db8:1:2::1/128', '2001:db8:1:2::1', 'same'],
  ['2001:db8:1:2::1/128', '2001:db8:1:2:0:0:0:1', 'same'],
  ['2001:db8:1:2::1/128', '2001:db8:1:2::2', 'other'],
  ['203.0.113.9/32', '203.0.113.9', 'same'],
  ['203.0.113.9/32', '203.0.113.8', 'other'],
  // Blocks: their first address, their last, and the next ones
  ['203.0.113.0/24', '203.0.113.0', 'same'],
  ['203.0.113.0/24', '203.0.113.255', 'same'],
  ['203.0.113.0/24', '203.0.114.0', 'other'],
  ['203.0.113.0/24', '203.0.112.255', 'other'],
  ['203.0.113.77/24', '203.0.113.1', 'same'],
  ['203.0.113.8/29', '203.0.113.15', 'same'],
  ['203.0.113.8/29', '203.0.113.16', 'other'],
  ['10.0.0.0/8', '::ffff:10.255.255.255', 'same'],
  ['0.0.0.0/0', '198.51.100.1', 'same'],
  ['0.0.0.0/0', '2001:db8::1', 'other_family'],
  ['::/0', '2001:db8::1', 'same'],
  ['::/0', '198.51.100.1', 'other_family'],
  ['2001:db8::/32', '2001:db8:ffff::1', 'same'],
  ['2001:db8::/32', '2001:db7:ffff::1', 'other'],
  ['2001:db8::/48', '2001:db8:0:ffff::1', 'same'],
  ['2001:db8::/48', '2001:db8:1::1', 'other'],
  ['::ffff:203.0.113.0/120', '203.0.113.200', 'same'],
  ['::ffff:203.0.113.0/120', '203.0.114.1', 'other'],
  ['::ffff:0:0/96', '198.51.100.1', 'same'],
  // Another family is no evidence
  ['203.0.113.9', '2001:db8::1', 'other_family'],
  ['2001:db8::1', '203.0.113.9', 'other_family'],
  ['2001:db8::1', '::ffff:203.0.113.9', 'other_family'],
  ['203.0.113.0/24', '2001:db8::1', 'other_family'],
  // Several
  ['203.0.113.9 198.51.100.0/24', '198.51.100.77', 'same'],
  ['203.0.113.9 2001:db8::1', '2001:db8::5', 'same'],
  ['203.0.113.9 2001:db8::1', '2001:db8:9::5', 'other'],
  ['203.0.113.9 2001:db8::1', '198.51.100.1', 'other'],
  ['203.0.113.9 198.51.100.0/24', '2001:db8::1', 'other_family'],
  // Every spelling of loopback is one machine
  ['127.0.0.1', '127.0.0.1', 'same'],
  ['127.0.0.1', '127.1.2.3', 'same'],
  ['127.0.0.1', '::1', 'same'],
  ['127.0.0.1', '0:0:0:0:0:0:0:1', 'same'],
  ['127.0.0.1', '0000:0000:0000:0000:0000:0000:0000:0001', 'same'],
  ['127.0.0.1', '::ffff:127.0.0.1', 'same'],
  ['127.0.0.1', '::ffff:7f00:1', 'same'],
  ['::1', '127.0.0.1', 'same'],
  ['::1', '::ffff:127.0.0.1', 'same'],
  ['0:0:0:0:0:0:0:1', '127.9.9.9', 'same'],
  ['::ffff:127.0.0.1', '::1', 'same'],
  ['::ffff:127.0.0.1', '127.0.0.1', 'same'],
  ['127.255.255.254', '::1', 'same'],
  ['127.0.0.1', '126.255.255.255', 'other'],
  ['127.0.0.1', '128.0.0.1', 'other'],
  ['127.0.0.1', '::2', 'other_family'],
  ['::1', '::2', 'other'],
  ['::1', '203.0.113.9', 'other_family'],
  ['203.0.113.9', '127.0.0.1', 'other'],
  ['203.0.113.9', '::1', 'other_family'],
  // A block that a customer writes out is taken literally
  ['127.0.0.0/8', '127.1.2.3', 'same'],
  ['127.0.0.1/32', '127.0.0.2', 'other'],
  // Private, link-local and similar addresses have no special rules
  ['10.1.2.3', '10.1.2.3', 'same'],
  ['169.254.1.1', '169.254.1.1', 'same'],
  ['100.64.0.1', '100.64.0.2', 'other'],
  ['fe80::1', 'fe80::2', 'same'],
  ['fd00:1::1', 'fd00:2::1', 'other'],
  // A zone names an interface of the visitor's machine, so it is dropped
  ['fe80::1', 'fe80::1%eth0', 'same'],
  ['fe80::1', 'fe80:0:0:1::1%eth0', 'other'],
  // A text that is not an address matches none
  ['203.0.113.9', '', 'other'],
  ['203.0.113.9', 'unknown', 'other'],
  ['203.0.113.9', '203.0.113.9:443', 'other'],
  ['203.0.113.9', '203.0.113.9 ', 'other'],
  ['203.0.113.9', ' 203.0.113.9', 'other'],
  ['203.0.113.9', '203.0.113.9/32', 'other'],
  ['203.0.113.9', '203.0.113.9\n', 'other'],
  ['203.0.113.9', '3405803785', 'other'],
  ['203.0.113.9', '0xcb.0.113.9', 'other'],
  ['203.0.113.9', '0313.0.113.9', 'other'],
  ['203.0.113.9', '203.0.29001', 'other'],
  ['203.0.113.9', '203.0.113.009', 'other'],
  ['203.0.113.9', '203.0.113', 'other'],
  ['203.0.113.9', '203.0.113.9.1', 'other'],
  ['203.0.113.9', '203.0.113.265', 'other'],
  ['203.0.113.9', '::ffff:203.0.113.9%', 'other'],
  ['2001:db8::1', '[2001:db8::1]', 'other'],
  ['2001:db8::1', '2001:db8::1::', 'other'],
  ['2001:db8::1', '2001:db8:::1', 'other'],
  ['2001:db8::1', '2001:db8:1', 'other'],
  ['2001:db8::1', '2001:db8::12345', 'other'],
  ['127.0.0.1', 'localhost', 'other'],
  ['127.0.0.1', '127.1', 'other'],
  ['127.0.0.1', '2130706433', 'other'],
]

describe(`of ${pairs.length} pairs of addresses`, () => {
  it.each(pairs)('a link made for %s and opened from "%s" meets the %s', (allowed, visitor, verdict) =>
    expect(compareAddress(allowed.split(' '), visitor)).toBe(verdict),
  )

  it('an empty list allows no visitor', () => expect(compareAddress([], '203.0.113.9')).not.toBe('same'))
})

describe('what may be allowed', () => {
  it.each([
    '203.0.113.9',
    '203.0.113.0/24',
    '0.0.0.0/0',
    '2001:db8::1',
    '2001:DB8::/32',
    '::1',
    '::ffff:203.0.113.9',
    '::ffff:203.0.113.0/120',
    '::198.51.100.7',
    '::198.51.100.0/120',
    '127.0.0.1',
  ])('%s', (text) => expect(isAllowable(text)).toBe(true))
  it.each([
    '',
    ' ',
    '1',
    '127.1',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.009',
    '0xcb.0.113.9',
    '203.0.113.9/33',
    '203.0.113.9/-1',
    '203.0.113.9/',
    '203.0.113.9/ 8',
    '203.0.113.9/1e1',
    '203.0.113.9/08',
    '203.0.113.9/24/24',
    '203.0.113.9 ',
    '203.0.113.9,203.0.113.10',
    '2001:db8::1/129',
    '2001:db8::g',
    'fe80::1%eth0',
    '[2001:db8::1]',
    '::ffff:203.0.113.9/24',
    '::203.0.113.999',
    '::ffff:01.2.3.4',
    '*',
    'localhost',
    'example.org',
  ])('not "%s"', (text) => expect(isAllowable(text)).toBe(false))
})

describe('who is at the other end', () => {
  const proxies = ['10.0.0.0/8', '127.0.0.1'].map(readCidr)
  it.each([
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['10.1.1.1', '6.6.6.6, 198.51.100.1, 10.2.2.2', '198.51.100.1'],
    ['::ffff:10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['10.1.1.1', undefined, '10.1.1.1'],
    ['10.1.1.1', 'nonsense', '10.1.1.1'],
    ['10.1.1.1', '198.51.100.1, unknown', '10.1.1.1'],
    ['10.1.1.1', '198.51.100.1, _hidden, 10.2.2.2', '10.2.2.2'],
  ])('peer %s forwarding %s is %s', (peer, header, visitor) =>
    expect(visitorAddress(peer, header, proxies)).toBe(visitor),
  )

  it.each([
    ['203.0.113.9:51234', '203.0.113.9'],
    ['"203.0.113.9:51234"', '203.0.113.9'],
    ['"203.0.113.9"', '203.0.113.9'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['"[2001:db8::1]:4711"', '2001:db8::1'],
    ['\t[::ffff:203.0.113.9]:1 ', '::ffff:203.0.113.9'],
    ['2001:db8::1', '2001:db8::1'],
    ['::198.51.100.7', '::198.51.100.7'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['6.6.6.6, 203.0.113.9:51234, 10.2.2.2:80', '203.0.113.9'],
  ])('row 4: of a proxy that writes %s, a visitor is at %s', (header, visitor) => {
    const unread: string[] = []
    expect(visitorAddress('10.1.1.1', header, proxies, (hop) => unread.push(hop))).toBe(visitor)
    expect(unread).toEqual([])
  })

  it.each([
    'unknown',
    '_hidden',
    '',
    '203.0.113.9:',
    '203.0.113.9:x',
    '203.0.113.9:123456',
    '203.0.113.9:1:2',
    '[203.0.113.9]:80',
    '[2001:db8::1',
    '2001:db8::1]:80',
    '[2001:db8::1]80',
    '"203.0.113.9',
    '203.0.113.9 10.1.1.1',
    '203.0.113',
    'for=203.0.113.9',
  ])('row 4: a hop like "%s" ends the walk, and is told of', (hop) => {
    const unread: string[] = []
    expect(visitorAddress('10.1.1.1', `6.6.6.6, ${hop}`, proxies, (each) => unread.push(each.trim()))).toBe(
      '10.1.1.1',
    )
    expect(unread).toEqual([hop])
  })

  it('believes no header when no proxy is trusted', () =>
    expect(visitorAddress('10.1.1.1', '1.2.3.4', [])).toBe('10.1.1.1'))

  /** Headers an attacker writes to appear to come from 203.0.113.9; each proxy appends the address it saw. */
  const claims = [
    '203.0.113.9',
    '203.0.113.9, 203.0.113.9',
    '203.0.113.9,203.0.113.9,203.0.113.9,203.0.113.9',
    ' 203.0.113.9 ',
    '203.0.113.9, 127.0.0.1',
    '203.0.113.9, 10.0.0.1, 10.0.0.2',
    '::ffff:203.0.113.9',
    '[2001:db8::1]:443',
    'for=203.0.113.9',
    '"203.0.113.9"',
    '203.0.113.9;proto=https',
    'unknown',
    '_hidden',
    ',',
    ', , ,',
    '203.0.113.9,',
    '1, 2, 3',
    '0x7f.1',
    `${'203.0.113.9, '.repeat(200)}203.0.113.9`,
  ]
  const attacker = '198.51.100.66'

  it.each(claims)(
    'advisory 21: a visitor cannot claim to be at 203.0.113.9 with a header that our proxy then appends to (%#)',
    (claim) => {
      const oneHop = [readCidr('127.0.0.1')]
      const twoHops = ['127.0.0.1', '192.0.2.7'].map(readCidr)
      const block = [readCidr('10.0.0.0/8')]
      expect(visitorAddress(attacker, claim, [])).toBe(attacker)
      expect(visitorAddress(attacker, claim, block)).toBe(attacker)
      expect(visitorAddress('127.0.0.1', `${claim}, ${attacker}`, oneHop)).toBe(attacker)
      expect(visitorAddress('127.0.0.1', `${claim}, ${attacker}, 192.0.2.7`, twoHops)).toBe(attacker)
      expect(visitorAddress('10.9.9.9', `${claim}, ${attacker}, 10.1.1.1, 10.2.2.2`, block)).toBe(attacker)
      // A proxy that appended nothing is the last known hop.
      expect(visitorAddress('127.0.0.1', undefined, oneHop)).toBe('127.0.0.1')
    },
  )
})

describe('what a limit counts by', () => {
  it.each(['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0DB8:0001:0002:0000::'])(
    '%s is of one household',
    (address) => expect(networkOf(address)).toBe('2001:db8:1:2::/64'),
  )
  it.each(['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'])('%s is one address', (address) =>
    expect(networkOf(address)).toBe('192.0.2.1'),
  )

  it('advisory 10: a thousand addresses of one /64, in all their spellings, count as one', () => {
    const spelled = Array.from({ length: 1000 }, (_, i) => {
      const last = [i, i * 31, i * 977, i * 8191].map((part) => (part % 65_536).toString(16))
      const address = `2001:db8:0:7:${last.join(':')}`
      const padded = address.split(':').map((part) => part.padStart(4, '0'))
      return [address, address.toUpperCase(), padded.join(':'), `2001:db8::7:${last.join(':')}`]
    }).flat()
    expect(new Set(spelled.map(networkOf))).toEqual(new Set(['2001:db8:0:7::/64']))
    const mapped = ['1.2.3.4', '::ffff:1.2.3.4', '::FFFF:1.2.3.4', '::ffff:102:304', '0:0:0:0:0:ffff:102:304']
    expect(new Set(mapped.map(networkOf))).toEqual(new Set(['1.2.3.4']))
  })

  it.each(['', 'unknown', '1.2.3', '1.2.3.4:5', '::g'])(
    '"%s" shares one count with all that is none',
    (text) => expect(networkOf(text)).toBe('unknown'),
  )
})
