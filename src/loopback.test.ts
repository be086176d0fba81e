import { describe, expect, it } from 'vitest'
import { isLoopback, isThisMachine, isThisMachineToBrowsers } from './loopback.ts'

describe('this machine', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1'])('%s is', (address) =>
    expect(isLoopback(address)).toBe(true),
  )
  it.each(['128.0.0.1', '::2', 'localhost', '127.1', '2130706433', ''])('"%s" is not', (address) =>
    expect(isLoopback(address)).toBe(false),
  )

  it.each([
    // As a URL names the host: for our connection, for a browser.
    ['http://localhost/', true, true],
    ['http://LOCALHOST:3000/', true, true],
    ['http://127.0.0.1/', true, true],
    ['http://127.8.9.10/', true, true],
    ['http://127.1/', true, true],
    ['http://[::1]/', true, true],
    ['http://[::ffff:127.0.0.1]/', true, true],
    ['http://a.localhost/', false, true],
    ['http://a.b.localhost/', false, true],
    ['http://.localhost/', false, false],
    ['http://localhost.evil.example/', false, false],
    ['http://evil-localhost/', false, false],
    ['http://alocalhost/', false, false],
    ['http://127.0.0.1.evil.example/', false, false],
    ['http://128.0.0.1/', false, false],
    ['http://0.0.0.0/', false, false],
    ['http://10.0.0.1/', false, false],
    ['http://[::]/', false, false],
    ['http://[::2]/', false, false],
    ['http://[::ffff:10.0.0.1]/', false, false],
    ['http://[::127.0.0.1]/', false, false],
    ['http://[fe80::1]/', false, false],
  ])('%s: connecting %s, browsing %s', (url, connecting, browsing) => {
    const { hostname } = new URL(url)
    expect(isThisMachine(hostname)).toBe(connecting)
    expect(isThisMachineToBrowsers(hostname)).toBe(browsing)
  })

  it('is named with and without brackets', () => {
    expect(['::1', '[::1]', '127.0.0.1'].every(isThisMachine)).toBe(true)
    expect(['[127.0.0.1', '[localhost]', ''].some(isThisMachine)).toBe(false)
  })
})
