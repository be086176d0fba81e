import { assert, constantFrom, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { isLike } from './filters.ts'

test('LIKE agrees with the same pattern written as a regular expression', () => {
  const short = string({ unit: constantFrom('a', 'b', 'B', '_', '%', '.'), maxLength: 8 })
  assert(
    property(short, short, (text, needle) => {
      const pattern = needle.replaceAll('.', '\\.').replaceAll('_', '.').replaceAll('%', '.*')
      expect(isLike(text, needle)).toBe(new RegExp(pattern, 'is').test(text))
    }),
  )
})

test('a hostile pattern is answered at once', () => {
  const began = performance.now()
  expect(isLike('a'.repeat(5_000), `${'%a'.repeat(2_000)}b`)).toBe(false)
  // Trying every way to place the letters would never end.
  expect(performance.now() - began).toBeLessThan(5_000)
})
