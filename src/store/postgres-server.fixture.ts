import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'

export type TestServer = {
  /** Of the server; `newDatabase` gives one of its databases. */
  url: string
  stop(): Promise<void>
}

const startMs = 30_000
/** The user whom every system has, and who owns nothing. */
const nobody = 65_534

/** The server that `TEST_DATABASE_URL` names, or one of this process alone. */
export async function openTestServer(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL']
  return given ? { url: given, stop: async () => {} } : startServer()
}

export type OwnServer = TestServer & {
  /** The process that starts all others of it. */
  pid(): number
  /**
   * @param how.awayMs between its end and its next start
   * @param how.crashes ends at once, and recovers when it starts
   */
  restart(how?: { awayMs?: number; crashes?: boolean }): Promise<void>
  /** Starts it again where it has ended by itself. */
  revive(): Promise<void>
}

/**
 * A PostgreSQL server on loopback, with its data in a new folder.
 *
 * @param given.place the folder to make that one in; default: for temporary files
 * @param given.syncs whether commits wait for the disk; default: no, its machine does not lose power
 */
export async function startServer(
  given: { place?: string | undefined; syncs?: boolean } = {},
): Promise<OwnServer> {
  const { place = tmpdir(), syncs = false } = given
  const programs = findPrograms()
  const folder = mkdtempSync(join(place, 'porchlight-postgres-'))
  const data = join(folder, 'data')
  const rights = unprivileged()
  if (rights.uid !== undefined) chownSync(folder, rights.uid, rights.uid)
  // Sorts as people do, so that tests notice what relies on the order of bytes.
  const order = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US']
  const initdb = ['-D', data, '-U', 'porchlight', '-A', 'trust', '--no-sync', ...order]
  await promisify(execFile)(join(programs, 'initdb'), initdb, { ...rights, cwd: folder })
  const port = await freePort()
  const url = `postgres://porchlight@127.0.0.1:${port}/postgres`
  let child = await start()
  const endWithUs = () => child.kill('SIGQUIT')
  process.once('exit', endWithUs)

  async function start(): Promise<ChildProcess> {
    const settings = [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      `fsync=${syncs ? 'on' : 'off'}`,
      'max_connections=300',
    ]
    const options = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
    const started = spawn(join(programs, 'postgres'), options, { ...rights, cwd: folder, stdio: 'ignore' })
    await untilItAnswers(url)
    return started
  }

  /** @param signal `SIGINT` cuts connections off and writes all to the disk; `SIGQUIT` ends at once */
  async function end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  return {
    url,
    pid: () => child.pid ?? Number.NaN,
    async restart({ awayMs = 0, crashes = false } = {}) {
      await end(crashes ? 'SIGQUIT' : 'SIGINT')
      await pause(awayMs)
      child = await start()
    },
    async revive() {
      if (child.exitCode !== null || child.signalCode !== null) child = await start()
      else await untilItAnswers(url)
    },
    async stop() {
      process.off('exit', endWithUs)
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An empty database, or a copy of one that no connection uses. @returns its URL */
export async function newDatabase(server: string, copyOf?: string): Promise<string> {
  const name = `porchlight_${randomBytes(8).toString('hex')}`
  const template = copyOf === undefined ? '' : ` template "${new URL(copyOf).pathname.slice(1)}"`
  await onServer(server, `create database "${name}"${template}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

export async function dropDatabase(database: string): Promise<void> {
  const server = new URL(database)
  server.pathname = '/postgres'
  await onServer(server.href, `drop database if exists "${new URL(database).pathname.slice(1)}" with (force)`)
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** An installed server’s programs, the newest first. */
export function findPrograms(): string {
  const installed = '/usr/lib/postgresql'
  const versions = existsSync(installed) ? readdirSync(installed) : []
  const found = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(installed, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')))
  if (found === undefined)
    throw new Error(
      'no PostgreSQL server is installed: apt-get install postgresql, or name one in TEST_DATABASE_URL',
    )
  return found
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  return process.geteuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
}

async function untilItAnswers(url: string): Promise<void> {
  const giveUpAtMs = performance.now() + startMs
  for (;;) {
    const client = new Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (performance.now() > giveUpAtMs) throw error
      await pause(50)
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject()))
    })
  })
}
