// `npm run check`: every check that needs no browser. Stops at the first failure. Arguments are Vitest’s.
import { spawnSync } from 'node:child_process'

const bin = (name) => `node_modules/.bin/${name}`
const claims = [
  ['the code is formatted, its imports in order', bin('biome'), ['check', '--error-on-warnings']],
  ['the linter finds nothing', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['the types agree', bin('tsc'), ['--noEmit', '-p', '.']],
  [
    'imports point down, and the units do what their tests say',
    bin('vitest'),
    ['run', '--project', 'unit', '--reporter=default', ...process.argv.slice(2)],
  ],
]

for (const [claim, command, args] of claims) {
  const started = Date.now()
  process.stdout.write(`\n· ${claim}\n`)
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${status === 0 ? '✓' : '✗'} ${claim} (${seconds} s)\n`)
  if (status !== 0) process.exit(1)
}
