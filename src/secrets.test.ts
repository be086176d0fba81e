import { expect, it } from 'vitest'
import { newIdAt } from './secrets.ts'

it('ids of one kind come in the order of their moments, and those of one moment differ', () => {
  const moments = [0, 1, 61, 62, 1_800_000_000_000, 1_800_000_000_001, 4_000_000_000_000]
  const ids = moments.map((atMs) => newIdAt('ses', atMs))
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^ses_[0-9A-Za-z]{20}$/)
  const atOnce = Array.from({ length: 10_000 }, () => newIdAt('ses', 1_800_000_000_000))
  expect(new Set(atOnce).size).toBe(10_000)
  expect(new Set(atOnce.map((id) => id.slice(0, 12))).size).toBe(1)
})
