import { describe, expect, it } from 'vitest'
import { isIssuedForm, newIdAt, openSecrets, randomToken } from './secrets.ts'

it('ids of one kind come in the order of their moments, and those of one moment differ', () => {
  const moments = [0, 1, 61, 62, 1_800_000_000_000, 1_800_000_000_001, 4_000_000_000_000]
  const ids = moments.map((atMs) => newIdAt('ses', atMs))
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^ses_[0-9A-Za-z]{20}$/)
  const atOnce = Array.from({ length: 10_000 }, () => newIdAt('ses', 1_800_000_000_000))
  expect(new Set(atOnce).size).toBe(10_000)
  expect(new Set(atOnce.map((id) => id.slice(0, 12))).size).toBe(1)
})

it('tokens use every letter equally often, with any alphabet, and never repeat', () => {
  for (const alphabet of ['0123456789', undefined]) {
    const tokens = Array.from({ length: 20_000 }, () => randomToken(32, alphabet))
    expect(new Set(tokens).size).toBe(tokens.length)
    const counts = new Map<string, number>()
    for (const letter of tokens.join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect(counts.size).toBe(alphabet?.length ?? 62)
    const expected = (tokens.length * 32) / counts.size
    // Ten standard deviations: chance alone does not produce that.
    for (const count of counts.values())
      expect(Math.abs(count - expected)).toBeLessThan(10 * Math.sqrt(expected))
  }
})

describe('issued secrets', () => {
  const old = 'the-secret-before-the-one-of-today-0123456789'
  const secrets = openSecrets(['the-secret-of-today-0123456789-0123456789', old])
  const seconds = [0, 1, 1_800_000_000, 1_800_000_001, 4_000_000_000, 62 ** 6 - 1]

  it('are found by the hash they are stored by, whichever secret of the ring made them, and by that of no other kind', () => {
    const before = openSecrets([old])
    for (const second of seconds) {
      const today = secrets.issue('session', second * 1000 + 999)
      expect(secrets.issuedHashes('session', today.secret)).toContainEqual(today.hash)
      expect(secrets.issuedHashes('link', today.secret)).not.toContainEqual(today.hash)
      const former = before.issue('session', second * 1000)
      expect(secrets.issuedHashes('session', former.secret)).toContainEqual(former.hash)
    }
  })

  it('have hashes in the order of the seconds they were made in', () => {
    const hashes = seconds.map((second) => secrets.issue('link', second * 1000).hash)
    expect(hashes.toSorted(Buffer.compare)).toEqual(hashes)
  })

  it('show nothing of that second: every letter is as likely at every place', () => {
    const issued = Array.from({ length: 20_000 }, () => secrets.issue('link', 1_800_000_000_000).secret)
    expect(new Set(issued).size).toBe(issued.length)
    const expected = issued.length / 62
    for (let place = 0; place < 32; place += 1) {
      const counts = new Map<string, number>()
      for (const secret of issued)
        counts.set(secret.charAt(place), (counts.get(secret.charAt(place)) ?? 0) + 1)
      expect(counts.size).toBe(62)
      for (const count of counts.values())
        expect(Math.abs(count - expected)).toBeLessThan(10 * Math.sqrt(expected))
    }
  })

  it('have one spelling: a letter changed anywhere, or a text of another form, finds nothing', () => {
    const { secret, hash } = secrets.issue('session', 1_800_000_000_000)
    for (let place = 0; place < secret.length; place += 1)
      for (const letter of `${secret.charAt(place) === 'A' ? 'B' : 'A'}-é\u{1F600}`) {
        const changed = secret.slice(0, place) + letter + secret.slice(place + 1)
        expect(secrets.issuedHashes('session', changed)).not.toContainEqual(hash)
      }
    for (const text of ['', secret.slice(1), `${secret}A`, ` ${secret.slice(1)}`, `${secret.slice(1)}\n`]) {
      expect(isIssuedForm(text)).toBe(false)
      expect(secrets.issuedHashes('session', text)).toEqual([])
    }
  })
})
