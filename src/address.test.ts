import { describe, expect, it } from 'vitest'
import { maskAddress, normaliseAddress, readAddress, sameAddress } from './address.ts'

describe('comparing addresses', () => {
  it.each([
    ['Ann@Example.org', ' ann@example.ORG '],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['O’Neil@example.org', 'o’neil@example.org'],
  ])('%s is %s', (a, b) => expect(sameAddress(a, b)).toBe(true))

  it.each([
    ['mike@example.org', 'mi\u212Ae@example.org'],
    ['ann@example.org', 'joann@example.org'],
    ['ann@example.org', 'ann@example.org.evil.example'],
    ['ann+x@example.org', 'ann@example.org'],
    ['straße@example.org', 'strasse@example.org'],
    ['i@example.org', 'İ@example.org'],
  ])('%s is not %s', (a, b) => expect(sameAddress(a, b)).toBe(false))

  it('nobody without an address is anybody', () => expect(sameAddress(null, null)).toBe(false))
})

describe('reading what somebody typed', () => {
  it.each(['ann@example.org', 'a+b_c%d@x.y', 'ann@localhost', "o'neil@example.org", 'ann@münchen.example'])(
    '%s may be an address',
    (text) => {
      expect(readAddress(text)).toHaveProperty('address')
    },
  )
  it.each([
    ['', 'missing'],
    ['   ', 'missing'],
    ['ann', 'impossible'],
    ['@example.org', 'impossible'],
    ['ann@', 'impossible'],
    ['ann@x@example.org', 'impossible'],
    ['attacker@x.example,victim@y.example', 'impossible'],
    ['a;b@x.example', 'impossible'],
    ['"ann"@example.org', 'impossible'],
    ['ann(x)@example.org', 'impossible'],
    ['ann@example..org', 'impossible'],
    ['ann@exa mple.org', 'impossible'],
    ['ann@example.org\r\nBcc: eve@evil.example', 'impossible'],
    ['ann\u0000@example.org', 'impossible'],
    ['ann＠evil.example@example.org', 'impossible'],
    ['ann@example.org/x', 'impossible'],
    [`${'a'.repeat(250)}@example.org`, 'too_long'],
  ])('%j is %s', (text, rule) => {
    expect(readAddress(text)).toBe(rule)
    expect(normaliseAddress(text)).toBeUndefined()
  })
  it('no control character gets through anywhere', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      if (code >= 0x20 && code < 0x7f) continue
      const letter = String.fromCharCode(code)
      expect(normaliseAddress(`a${letter}n@example.org`), code.toString(16)).toBeUndefined()
      expect(normaliseAddress(`ann@exam${letter}ple.org`), code.toString(16)).toBeUndefined()
    }
  })
})

it('a mask is known to its owner and tells nobody else the address', () => {
  expect(maskAddress('maria.lopez@example.org')).toBe('m…z@example.org')
  expect(maskAddress('al@example.org')).toBe('a…@example.org')
})
