import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** How often this disk writes and flushes 4 KB: `node disk.js FOLDER SECONDS` prints flushes per second. */
const file = openSync(join(process.argv[2] ?? '.', 'flushes'), 'w')
const seconds = Number(process.argv[3] ?? 1)
const page = Buffer.alloc(4096, 1)
const startedAt = performance.now()
let flushes = 0
while (performance.now() - startedAt < seconds * 1000) {
  writeSync(file, page)
  fdatasyncSync(file)
  flushes += 1
}
const elapsed = (performance.now() - startedAt) / 1000
closeSync(file)
process.stdout.write(`${flushes / elapsed}\n`)
