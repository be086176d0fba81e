import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Address,
  type AddressFault,
  maskAddress,
  maskAddressesIn,
  normalizeAddress,
  readAddress,
  readTypedAddress,
  sameAddress,
  visibleText,
} from './address.ts'

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

  it('two people without an address are not the same person', () =>
    expect(sameAddress(null, null)).toBe(false))
})

describe('reading what a person typed', () => {
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
    ['ann@x@example.org', 'several'],
    ['attacker@x.example,victim@y.example', 'several'],
    ['a;b@x.example', 'impossible'],
    ['"ann"@example.org', 'impossible'],
    ['ann(x)@example.org', 'impossible'],
    ['ann@example..org', 'dots'],
    ['ann@exa mple.org', 'spaces'],
    ['ann@example.org\r\nBcc: eve@evil.example', 'several'],
    ['ann\u0000@example.org', 'hidden'],
    ['ann＠evil.example@example.org', 'impossible'],
    ['ann＠example.org', 'impossible'],
    ['Ann <ann@example.org>', 'spaces'],
    ['mailto:ann@example.org', 'impossible'],
    ['ro\u200bsa@example.org', 'hidden'],
    ['rosa@exam\u00adple.org', 'hidden'],
    ['ro\u3164sa@example.org', 'hidden'],
    ['rosa@example.\ufefforg', 'hidden'],
    ['ann@example.org/x', 'impossible'],
    [`${'a'.repeat(250)}@example.org`, 'too_long'],
  ])('%j is %s', (text, rule) => {
    expect(readAddress(text)).toBe(rule)
  })
  it('no control character gets through anywhere', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      if (code >= 0x20 && code < 0x7f) continue
      const letter = String.fromCharCode(code)
      expect(normalizeAddress(`a${letter}n@example.org`), code.toString(16)).toBeUndefined()
      expect(normalizeAddress(`ann@exam${letter}ple.org`), code.toString(16)).toBeUndefined()
    }
  })
})

it('the owner recognizes a masked address, and a stranger cannot read it', () => {
  expect(maskAddress('maria.lopez@example.org')).toBe('m…z@example.org')
  expect(maskAddress('al@example.org')).toBe('a…@example.org')
  expect(maskAddressesIn('Ask al@example.org\n(or maria@example.org).')).toBe(
    'Ask a…@example.org\n(or m…a@example.org).',
  )
})

describe('row 14: what a person pasted', () => {
  const unseen = fc
    .array(
      fc.constantFrom(...' \t\u00a0\u00ad\u200b\u200e\u202a\u202c\u202e\u2060\u2066\u2069\u2800\ufe0f\ufeff'),
      { maxLength: 4 },
    )
    .map((all) => all.join(''))
  const word = fc.stringMatching(/^[a-zA-Z0-9_+éñ]{1,12}$/)
  const address = fc
    .tuple(
      fc.array(word, { minLength: 1, maxLength: 3 }),
      fc.array(fc.stringMatching(/^[a-z0-9]{1,9}$/), { maxLength: 2 }),
    )
    .map(([local, labels]) => `${local.join('.')}@${[...labels, 'example'].join('.')}`)
  const around = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => `Rosa Ortega <${text}>`,
    (text) => `"Ortega, Rosa" <${text}>`,
    (text) => `${text} <${text}>`,
    (text) => `mailto:${text}`,
    (text) => `'${text}'`,
    (text) => `“${text}”`,
    (text) => `${text};`,
    (text) => `${text}, `,
    (text) => `${text}. `,
  )

  it('an address is read through everything that mail programs put around it', () => {
    fc.assert(
      fc.property(
        address,
        fc.array(around, { maxLength: 1 }),
        unseen,
        unseen,
        (meant, wraps, before, after) => {
          const typed = before + wraps.reduce((text, wrap) => wrap(text), before + meant + after) + after
          expect(readTypedAddress(typed)).toEqual({ address: normalizeAddress(meant), shown: meant })
          expect(readAddress(before + meant + after)).toEqual({
            address: normalizeAddress(meant),
            shown: meant,
          })
        },
      ),
      { numRuns: 500 },
    )
  })

  it('what is read stands in what was typed, in one piece and as the only address', () => {
    const scrap = fc.oneof(
      address,
      unseen,
      fc.constantFrom(...'@.<>;,"\'()-:?% ＠ａ', 'mailto:', 'Rosa'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 6 }), (scraps) => {
        const typed = scraps.join('')
        const read = readTypedAddress(typed)
        if (typeof read === 'string') return
        const plain = typed.replace(/[\uff01-\uff5e\ufe6b]/g, (letter) => letter.normalize('NFKC'))
        expect(plain).toContain(read.shown)
        expect(normalizeAddress(read.shown)).toBe(read.address)
        for (const part of plain.split(read.shown)) expect(part).not.toContain('@')
        expect(readAddress(read.address)).toHaveProperty('address', read.address)
      }),
      { numRuns: 2000 },
    )
  })

  it('two different addresses are never read as one of them', () => {
    fc.assert(
      fc.property(
        address,
        address,
        around,
        fc.constantFrom(' ', ',', '; ', ' <', '\u200b'),
        (a, b, wrap, between) => {
          fc.pre(!sameAddress(a, b))
          expect(readTypedAddress(wrap(a + between + b))).toBeTypeOf('string')
          expect(readTypedAddress(`${a} <${b}>`)).toBe('several')
        },
      ),
    )
  })

  it('what is given back holds nothing that cannot be seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/[\p{Cf}\u200b\ufeff\u00ad]/u)
      }),
    )
  })
})

describe('row 15: an address that no mail can be sent to', () => {
  it.each<[string, AddressFault]>([
    ['.a@x.example', 'dots'],
    ['a.@x.example', 'dots'],
    ['a..b@x.example', 'dots'],
    ['a@.x.example', 'dots'],
    ['a@-x.example', 'hyphens'],
    ['a@x-.example', 'hyphens'],
    ['a@x.example-', 'hyphens'],
    ['a@x.-y.example', 'hyphens'],
    [`${'é'.repeat(33)}@x.example`, 'too_long'],
    [`${'a'.repeat(65)}@x.example`, 'too_long'],
    [`a@${'b'.repeat(64)}.example`, 'impossible'],
    ['a@127.1', 'impossible'],
    ['a@0x7f.1', 'impossible'],
    ['a@xn--a.example', 'impossible'],
  ])('%s is refused: %s', (text, rule) => {
    expect(readAddress(text)).toBe(rule)
    expect(readTypedAddress(text)).toBe(rule)
  })

  it.each(['a..b@x.example', '.a@x.example', 'a@x-.example'])(
    '%s in a record made elsewhere still equals itself, and no other',
    (text) => {
      expect(sameAddress(text, text.toUpperCase())).toBe(true)
      expect(sameAddress(text, 'ab@x.example')).toBe(false)
    },
  )

  it.each<[string, Address]>([
    [
      `${'a'.repeat(64)}@x.example`,
      { address: `${'a'.repeat(64)}@x.example`, shown: `${'a'.repeat(64)}@x.example` },
    ],
    ['Ann@MÜNCHEN.example', { address: 'ann@xn--mnchen-3ya.example', shown: 'Ann@MÜNCHEN.example' }],
    ['x-y--z@a-b.example', { address: 'x-y--z@a-b.example', shown: 'x-y--z@a-b.example' }],
  ])('%s is taken', (text, read) => {
    expect(readAddress(text)).toEqual(read)
  })
})
