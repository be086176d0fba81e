import { expect, it } from 'vitest'
import { isSuspiciouslyShort } from './life.ts'

const dayMs = 86_400_000

it('a life of a few minutes may have been meant as months', () => {
  expect(isSuspiciouslyShort(60_000)).toBe(true)
  expect(isSuspiciouslyShort(5 * 60_000)).toBe(false)
  expect(isSuspiciouslyShort(30 * dayMs)).toBe(false)
})
