import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSecrets } from '../secrets.ts'
import { openStore } from '../store/engines.ts'
import { codeHash, codeHashes, newCode, readCode, showCode } from './codes.ts'
import { linksContract } from './links.contract.ts'

linksContract('SQLite', () =>
  openStore({ database: join(mkdtempSync(join(tmpdir(), 'porchlight-links-')), 'porchlight.db') }),
)

describe('a code', () => {
  it.each([
    ['ABCD-EFGH', 'ABCDEFGH'],
    ['abcd-efgh', 'ABCDEFGH'],
    [' ABCD EFGH ', 'ABCDEFGH'],
    ['ABCD\u2013EFGH', 'ABCDEFGH'],
    ['ABCD\u00a0EFGH\n', 'ABCDEFGH'],
    ['A B C D E F G H', 'ABCDEFGH'],
    ['ABCD-EFGH.', 'ABCDEFGH'],
    ['\u200bABCD-\u00adEFGH', 'ABCDEFGH'],
    ['2345-6789', '23456789'],
  ])('typed as "%s" is read', (typed, code) => expect(readCode(typed)).toBe(code))

  it.each([
    '',
    'ABCDEFG',
    'ABCDEFGHJ',
    'ABCD-EFG0',
    'ABCD-EFGO',
    'ABCD-EFGI',
    'ABCD-EFG1',
    'ＡBCDEFGH',
    'àBCDEFGH',
  ])('"%s" cannot be one', (typed) => expect(readCode(typed)).toBeUndefined())

  it('is shown as it is read', () => {
    for (let i = 0; i < 100; i += 1) {
      const code = newCode()
      expect(readCode(showCode(code))).toBe(code)
    }
  })

  it('advisory 5: is one of so many that ten tries an hour would take seven million years', () => {
    const alphabet = new Set(Array.from({ length: 5000 }, newCode).join(''))
    expect(alphabet.size).toBe(30)
    expect(newCode()).toHaveLength(8)
    expect(30 ** 8 / 10 / (24 * 365)).toBeGreaterThan(7_000_000)
  })

  it('is hashed with the request it was mailed for, under every key of the ring', () => {
    const [older, newer] = ['an-older-secret-of-32-bytes-or-more', 'a-newer-secret-of-32-bytes-or-more!']
    const before = openSecrets([older])
    const ring = openSecrets([newer, older])
    const hash = codeHash(before, 'req_1', 'ABCDEFGH')
    expect(codeHashes(ring, 'req_1', 'ABCDEFGH')).toContainEqual(hash)
    expect(codeHashes(ring, 'req_2', 'ABCDEFGH')).not.toContainEqual(hash)
  })
})
