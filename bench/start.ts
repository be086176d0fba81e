import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { launcherFlags, pinned } from './child.ts'
import { requestBytes, secret } from './house.ts'
import { openConnection } from './load.ts'

const giveUpMs = 20_000

/** Milliseconds from the start of `porchlight serve` until it reports ready, as its supervisor would ask. */
export async function timeStart(dataFolder: string): Promise<number> {
  const port = await freePort()
  const [command = '', ...args] = pinned(0, [
    process.execPath,
    ...launcherFlags(),
    fileURLToPath(new URL('./cli.js', import.meta.url)),
    'serve',
  ])
  const startedAt = performance.now()
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      PORCHLIGHT_DATA: dataFolder,
      PORCHLIGHT_SECRET: secret,
      TRUSTED_PROXIES: 'none',
      // No request causes an email here.
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'no-reply@volunteers.example.org',
      LOG_LEVEL: 'error',
    },
  })
  let said = ''
  child.stderr.on('data', (text) => (said += String(text)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  while (!(await isReady(port))) {
    if (child.exitCode !== null || performance.now() - startedAt > giveUpMs)
      throw new Error(`porchlight serve did not start: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const elapsed = performance.now() - startedAt
  child.kill('SIGTERM')
  await ended
  return elapsed
}

/** Flushes per second of the disk under this folder. */
export function timeDisk(folder: string, env: Record<string, string> = {}): number {
  const [command = '', ...args] = pinned(0, [
    process.execPath,
    fileURLToPath(new URL('./disk.js', import.meta.url)),
    folder,
    '1',
  ])
  return Number(spawnSync(command, args, { env: { ...process.env, ...env } }).stdout)
}

async function isReady(port: number): Promise<boolean> {
  try {
    const connection = await openConnection(port)
    const { status } = await connection.ask(requestBytes('GET', '/readyz'))
    connection.end()
    return status === 200
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
