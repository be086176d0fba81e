import { expect, it } from 'vitest'
import { newIdAt, randomToken } from './secrets.ts'

it('ids of one kind come in the order of their moments, and those of one moment differ', () => {
  const moments = [0, 1, 61, 62, 1_800_000_000_000, 1_800_000_000_001, 4_000_000_000_000]
  const ids = moments.map((atMs) => newIdAt('ses', atMs))
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^ses_[0-9A-Za-z]{20}$/)
  const atOnce = Array.from({ length: 10_000 }, () => newIdAt('ses', 1_800_000_000_000))
  expect(new Set(atOnce).size).toBe(10_000)
  expect(new Set(atOnce.map((id) => id.slice(0, 12))).size).toBe(1)
})

it('tokens hold every letter equally often, whatever the alphabet, and never repeat', () => {
  for (const alphabet of ['0123456789', undefined]) {
    const tokens = Array.from({ length: 20_000 }, () => randomToken(32, alphabet))
    expect(new Set(tokens).size).toBe(tokens.length)
    const counts = new Map<string, number>()
    for (const letter of tokens.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect(counts.size).toBe(alphabet?.length ?? 62)
    const expected = (tokens.length * 32) / counts.size
    // Ten standard deviations: chance alone does not get there.
    for (const count of counts.values())
      expect(Math.abs(count - expected)).toBeLessThan(10 * Math.sqrt(expected))
  }
})
