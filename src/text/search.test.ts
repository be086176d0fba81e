import { assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { folded, wordsSought } from './search.ts'

describe('row 16: what is looked for is found however it is typed', () => {
  it.each([
    ['St. Brigid’s', "St. Brigid's"],
    ['St. Brigid’s', 'st brigids'],
    ['Drive–through “Pantry”', 'drive-through "pantry"'],
    ['Café', 'cafe\u0301'],
    ['CAFÉ', 'cafe'],
    ['Año Nuevo', 'ano nuevo'],
    ['ﬁrst ﬂoor', 'first floor'],
    ['Straße', 'STRASSE'],
    ['Łódź', 'lodz'],
    ['İstanbul', 'istanbul'],
    ['Ｐａｎｔｒｙ', 'pantry'],
    ['Ka‘ū', "Ka'u"],
    ['soft\u00adly', 'softly'],
    ['a\u00a0 b', 'a b'],
    ['10 − 12', '10-12'],
  ])('%s is found by %s', (name, typed) => {
    expect(folded(name)).toBe(folded(typed))
  })

  it.each([
    ['Bridge', 'Brigid'],
    ['Kitchen 1', 'Kitchen 2'],
  ])('%s is not %s', (a, b) => expect(folded(a)).not.toBe(folded(b)))

  it('nothing but signs that do not count is no search', () => {
    expect(wordsSought(' – ’.” ')).toEqual([])
  })

  it('folding twice changes nothing, nor does the form in which letters are composed', () => {
    const text = string({ unit: 'grapheme-composite' })
    assert(
      property(text, (given) => {
        expect(folded(folded(given))).toBe(folded(given))
        expect(folded(given.normalize('NFD'))).toBe(folded(given.normalize('NFC')))
      }),
    )
    assert(
      property(text, constantFrom(..."'’‘ʼ′`´"), text, (before, apostrophe, after) => {
        expect(folded(`${before}a${apostrophe}b${after}`)).toBe(folded(`${before}a'b${after}`))
      }),
    )
  })
})
