// Builds the measuring programs, and runs one: `node bench/run.js bench|soak|timing|profile|strangers|capacity|search|peers|cores|gentle [options]`.
// Node 20 runs no TypeScript.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const outDir = fileURLToPath(new URL('../node_modules/.cache/bench', import.meta.url))
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const programs = [
  'bench',
  'soak',
  'timing',
  'profile',
  'strangers',
  'capacity',
  'search',
  'peers',
  'cores',
  'gentle',
]
const [name = 'bench', ...options] = process.argv.slice(2)

if (!programs.includes(name)) refuse(`There is no ${name} here, only ${programs.join(', ')}.`)
else if (name === 'peers' && !existsSync(here('peers/node_modules')))
  refuse('The peers are not installed: npm ci --prefix bench/peers')
else await run()

function refuse(because) {
  process.stderr.write(`${because}\n`)
  process.exitCode = 1
}

async function run() {
  const input = {
    [name]: here(`${name}.ts`),
    portal: here('portal-process.ts'),
    sandbox: here('sandbox-process.ts'),
    bare: here('bare-process.ts'),
    vomo: here('vomo-process.ts'),
    disk: here('disk-process.ts'),
    cli: fileURLToPath(new URL('../src/cli.ts', import.meta.url)),
  }
  // Each is built alone, so that start-up is timed with one file, as in the product.
  for (const [entry, file] of Object.entries(input)) {
    await build({
      logLevel: 'error',
      build: {
        ssr: file,
        outDir,
        emptyOutDir: false,
        rollupOptions: { output: { entryFileNames: `${entry}.js` } },
      },
    })
  }
  const canPin = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0
  // The servers have the first core to themselves; the load generator has the second. Virtual time has need of neither.
  const command = canPin && name !== 'gentle' ? ['taskset', '-c', '1', process.execPath] : [process.execPath]
  const child = spawn(command[0], [...command.slice(1), `${outDir}/${name}.js`, ...options], {
    // The bench notices by its channel when this process is killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, BENCH_PINS: canPin ? '1' : '' },
  })
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
