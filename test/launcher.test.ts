import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const launcher = fileURLToPath(new URL('../bin/porchlight', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'porchlight-launcher-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Stands in for the command line: prints how it was started, and exits as configured. */
const program = `
process.on('SIGTERM', () => process.exit(7))
const { pid, execArgv, argv } = process
process.stdout.write(JSON.stringify({ pid, flags: execArgv, args: argv.slice(2) }))
if (argv[2] === 'end') process.exitCode = Number(argv[3])
else setInterval(() => {}, 1000)
`

for (const each of ['bin', 'dist', 'links']) mkdirSync(join(folder, each))
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
writeFileSync(join(folder, 'dist/cli.js'), program)
cpSync(launcher, join(folder, 'bin/porchlight'))
// As npm links a command.
symlinkSync('../bin/porchlight', join(folder, 'links/porchlight'))

function start(args: string[]) {
  const child = spawn(join(folder, 'links/porchlight'), args)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', reject)
  })
  const said = new Promise<{ pid: number; flags: string[]; args: string[] }>((resolve) => {
    child.stdout.once('data', (text) => resolve(JSON.parse(String(text))))
  })
  return { child, ended, said }
}

describe('bin/porchlight, called by a link', () => {
  it('starts Node with each of its flags, and hands on what it is asked', async () => {
    const [first = ''] = readFileSync(launcher, 'utf8').split('\n')
    const { said, ended } = start(['end', '0', '--json', 'two words'])
    const { flags, args } = await said
    expect(flags).toEqual(first.split(' ').filter((word) => word.startsWith('--')))
    expect(flags.length).toBeGreaterThan(0)
    expect(args).toEqual(['end', '0', '--json', 'two words'])
    expect(await ended).toBe(0)
  })

  it('ends with the code its program ends with', async () => {
    expect(await start(['end', '3']).ended).toBe(3)
  })

  it('is the process that a supervisor stops', async () => {
    const { child, said, ended } = start(['serve'])
    expect((await said).pid).toBe(child.pid)
    child.kill('SIGTERM')
    expect(await ended).toBe(7)
  })

  it('fits in the first line that old kernels read', () => {
    expect(readFileSync(launcher, 'utf8').indexOf('\n')).toBeLessThan(127)
  })
})
