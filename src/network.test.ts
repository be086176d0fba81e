import { describe, expect, it } from 'vitest'
import { networkOf, readCidr, visitorAddress } from './network.ts'

describe('who is at the other end', () => {
  const proxies = ['10.0.0.0/8', '127.0.0.1'].map(readCidr)
  it.each([
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['10.1.1.1', '6.6.6.6, 198.51.100.1, 10.2.2.2', '198.51.100.1'],
    ['::ffff:10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['10.1.1.1', undefined, '10.1.1.1'],
    ['10.1.1.1', 'nonsense', '10.1.1.1'],
    ['127.0.0.1', '198.51.100.1:55', '127.0.0.1'],
  ])('peer %s forwarding %s is %s', (peer, header, visitor) =>
    expect(visitorAddress(peer, header, proxies)).toBe(visitor),
  )
  it('believes nobody when no proxy is trusted', () =>
    expect(visitorAddress('10.1.1.1', '1.2.3.4', [])).toBe('10.1.1.1'))
})

describe('what a limit counts by', () => {
  it.each(['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0DB8:0001:0002:0000::'])(
    '%s is of one household',
    (address) => expect(networkOf(address)).toBe('2001:db8:1:2::/64'),
  )
  it.each(['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'])('%s is one address', (address) =>
    expect(networkOf(address)).toBe('192.0.2.1'),
  )
})
