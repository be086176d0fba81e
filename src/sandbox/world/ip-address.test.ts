import { expect, test } from 'vitest'
import { isIpAddress, isSameIpAddress } from './ip-address.ts'

test.each([
  ['203.0.113.7', '203.0.113.7', true],
  ['203.0.113.7', '203.0.113.8', false],
  ['203.0.113.7', '::ffff:203.0.113.7', true],
  ['::ffff:cb00:7107', '203.0.113.7', true],
  ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', true],
  ['2001:db8::1', '2001:db8::2', false],
  ['127.0.0.1', '::1', true],
  ['::ffff:127.0.0.1', '127.8.9.10', true],
  ['127.0.0.1', '203.0.113.7', false],
  ['203.0.113.7', '::1', false],
  ['', '', false],
  ['here', 'here', false],
])('%s and %s: %s', (a, b, isSame) => {
  expect(isSameIpAddress(a, b)).toBe(isSame)
})

test.each([
  '',
  '1',
  '203.0.113',
  '203.0.113.007',
  '203.0.113.7/32',
  '203.0.113.7:80',
  'fe80::1%eth0',
  'localhost',
  '[::1]',
])('"%s" is no address', (text) => {
  expect(isIpAddress(text)).toBe(false)
})
