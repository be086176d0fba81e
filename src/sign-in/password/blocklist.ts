import { createHash } from 'node:crypto'
import file from './blocklist.bin?url&inline'

/** A Bloom filter of common passwords, made by `make-blocklist.js`, which has the same number of hashes. */
const filter = Buffer.from(file.slice(file.indexOf(',') + 1), 'base64')
const hashes = 13

/** Whether a folded password is on the list of common ones; about one in ten thousand others is taken for one of them. */
export function isListed(folded: string): boolean {
  const digest = createHash('sha256').update(folded).digest()
  const [start, step] = [digest.readUIntBE(0, 6), digest.readUIntBE(6, 6)]
  for (let i = 0; i < hashes; i += 1) {
    const bit = (start + i * step) % (filter.length * 8)
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false
  }
  return true
}
