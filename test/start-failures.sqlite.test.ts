import { spawn } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { openSecrets } from '../src/secrets.ts'
import { databaseIn, openStore } from '../src/store/engines.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'

/** Every reason a command cannot start: it exits with 1, leaves nothing running, and says in one sentence what to do. */

const outDir = fileURLToPath(new URL('../node_modules/.cache/cli-start-failures', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'porchlight-start-'))
const secret = 'not-the-secret-of-any-real-house-0123456789'
const otherSecret = 'the-secret-of-quite-another-house-9876543210'
const isRoot = process.getuid?.() === 0
/** The owner of files this process may not touch: another user, where the tests may give files away. */
const owner = isRoot ? 'user 1234' : userInfo().username

let taken: Server
let takenPort = 0

beforeAll(async () => {
  await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } })
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  takenPort = typeof address === 'object' && address ? address.port : 0
  await makeDatabase(join(folder, 'written'))
  // Begun with `secret` by this version, with nothing sealed in it yet.
  const begun = await porchlight(['migrate'], { PORCHLIGHT_DATA: join(folder, 'begun') })
  expect(begun.code).toBe(0)
})

afterAll(async () => {
  await new Promise((resolve) => taken.close(resolve))
  rmSync(folder, { recursive: true })
})

/** A data folder with a customer in its database, written with `secret`. */
async function makeDatabase(dataFolder: string): Promise<void> {
  mkdirSync(dataFolder)
  const store = await openStore({ database: databaseIn(dataFolder) })
  await store.write(function* () {
    const customer = {
      slug: 'riverbend',
      by: operator,
      changes: {
        name: 'Riverbend Food Bank',
        url: 'https://riverbend.test',
        'stranger-mails': 'no',
      },
    }
    const customerId = yield* setCustomer(store.db, customer, Date.now())
    const access = { customerId, baseUrl: 'http://127.0.0.1:9/v1', token: 'no-token-at-all' }
    yield* grantVomoAccess(store.db, openSecrets([secret]), access)
  })
  await store.close()
}

/** A copy of that data folder for one test to corrupt. */
function copyOf(name: string): string {
  const dataFolder = join(folder, name)
  cpSync(join(folder, 'written'), dataFolder, { recursive: true })
  return dataFolder
}

function change(dataFolder: string, sql: string): void {
  const database = new Database(join(dataFolder, 'porchlight.db'))
  database.exec(sql)
  database.close()
}

/** Gives a path to another user, or removes the permissions where the tests may not give files away. */
function giveAway(path: string, mode: number): void {
  if (isRoot) chownSync(path, 1234, 1234)
  chmodSync(path, isRoot ? mode : mode & 0o555)
}

const defaultEnv = {
  PORT: '0',
  PORCHLIGHT_SECRET: secret,
  TRUSTED_PROXIES: 'none',
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'no-reply@volunteers.example.org',
}

/** Runs the program without root's right to every file and port. */
function porchlight(args: readonly string[], env: Record<string, string | undefined>) {
  const withoutRights = isRoot
    ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search,-net_bind_service', '--']
    : []
  const limit = env['FILE_LIMIT'] === undefined ? [] : ['prlimit', `--fsize=${env['FILE_LIMIT']}`, '--']
  const line = [...withoutRights, ...limit, process.execPath, join(outDir, 'cli.js'), ...args]
  const child = spawn(line[0] ?? '', line.slice(1), { env: { PATH: '/usr/bin:/bin', ...defaultEnv, ...env } })
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 40_000)
  let saidAtMs = 0
  let text = ''
  const hear = (chunk: unknown) => {
    text += String(chunk)
    saidAtMs ||= performance.now()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return new Promise<{ code: number | null; text: string; lingeredMs: number }>((resolve) => {
    child.once('close', (code) => {
      clearTimeout(giveUp)
      resolve({ code, text, lingeredMs: performance.now() - saidAtMs })
    })
  })
}

type Failure = {
  row: number
  what: string
  args?: string[]
  /** Corrupts something, and returns the settings with which the program meets it. */
  env: () => Record<string, string>
  /** What the sentence must name. */
  names: () => string[]
}

const failures: Failure[] = [
  {
    row: 3,
    what: 'serve on a port that another program has',
    env: () => ({ PORCHLIGHT_DATA: copyOf('port-taken'), PORT: String(takenPort) }),
    names: () => [`Port ${takenPort} on 127.0.0.1 is taken`, 'set PORT to a free port'],
  },
  {
    row: 3,
    what: 'serve on a port below 1024 without the right to it',
    env: () => ({ PORCHLIGHT_DATA: copyOf('port-right'), PORT: '80' }),
    names: () => ['may not listen on port 80', 'CAP_NET_BIND_SERVICE'],
  },
  {
    row: 3,
    what: 'serve at an address the machine does not have',
    env: () => ({ PORCHLIGHT_DATA: copyOf('address'), LISTEN_ON: '203.0.113.7' }),
    names: () => ['203.0.113.7', 'set LISTEN_ON'],
  },
  {
    row: 3,
    what: 'demo on a port that another program has',
    args: ['demo'],
    env: () => ({ PORCHLIGHT_DATA: join(folder, 'demo-port'), PORT: String(takenPort), SANDBOX_PORT: '0' }),
    names: () => [`Port ${takenPort} on 127.0.0.1 is taken`, 'set PORT to a free port'],
  },
  {
    row: 3,
    what: 'demo whose sandbox has a port that is taken',
    args: ['demo'],
    env: () => ({ PORCHLIGHT_DATA: join(folder, 'demo-sandbox'), SANDBOX_PORT: String(takenPort) }),
    names: () => [`Port ${takenPort} on 127.0.0.1 is taken`, 'set SANDBOX_PORT to a free port'],
  },
  {
    row: 3,
    what: 'sandbox on a port that another program has',
    args: ['sandbox'],
    env: () => ({ SANDBOX_PORT: String(takenPort) }),
    names: () => [`Port ${takenPort} on 127.0.0.1 is taken`, 'set SANDBOX_PORT to a free port'],
  },
  {
    row: 3,
    what: 'serve with a setting that cannot be right',
    env: () => ({ PORCHLIGHT_DATA: copyOf('settings'), PORT: 'three' }),
    names: () => ['PORT must be a port number'],
  },
  {
    row: 3,
    what: 'serve without a secret',
    env: () => ({ PORCHLIGHT_DATA: copyOf('no-secret'), PORCHLIGHT_SECRET: '' }),
    names: () => ['PORCHLIGHT_SECRET must be set'],
  },
  {
    row: 3,
    what: 'serve with a secret of commas alone',
    env: () => ({ PORCHLIGHT_DATA: copyOf('commas'), PORCHLIGHT_SECRET: ' , ' }),
    names: () => ['PORCHLIGHT_SECRET must name at least one'],
  },
  {
    row: 3,
    what: 'serve with a short secret',
    env: () => ({ PORCHLIGHT_DATA: copyOf('short-secret'), PORCHLIGHT_SECRET: 'too-short' }),
    names: () => ['PORCHLIGHT_SECRET: each must have at least 32 bytes'],
  },
  {
    row: 3,
    what: 'serve for an organization whose address is plain http',
    env: () => {
      const dataFolder = copyOf('plain')
      change(dataFolder, "update customer set public_origin = 'http://riverbend.test'")
      return { PORCHLIGHT_DATA: dataFolder }
    },
    names: () => ['http://riverbend.test (riverbend)', 'customer set <slug> --url https://'],
  },
  {
    row: 6,
    what: 'serve in a data folder that is a file',
    env: () => {
      writeFileSync(join(folder, 'a-file'), '')
      return { PORCHLIGHT_DATA: join(folder, 'a-file') }
    },
    names: () => [join(folder, 'a-file'), 'is a file, not a folder', 'set PORCHLIGHT_DATA'],
  },
  {
    row: 6,
    what: 'serve in a data folder below a file',
    env: () => {
      writeFileSync(join(folder, 'b-file'), '')
      return { PORCHLIGHT_DATA: join(folder, 'b-file', 'data') }
    },
    names: () => [join(folder, 'b-file'), 'is a file, not a folder', 'set PORCHLIGHT_DATA'],
  },
  {
    row: 6,
    what: 'serve in a data folder of another user',
    env: () => {
      const dataFolder = join(folder, 'folder-of-another')
      mkdirSync(dataFolder)
      giveAway(dataFolder, 0o755)
      return { PORCHLIGHT_DATA: dataFolder }
    },
    names: () => [join(folder, 'folder-of-another'), owner, 'may not read and write it', 'ch'],
  },
  {
    row: 6,
    what: 'serve with a database of another user that it may read',
    env: () => {
      const dataFolder = copyOf('read-only-file')
      giveAway(join(dataFolder, 'porchlight.db'), 0o644)
      return { PORCHLIGHT_DATA: dataFolder }
    },
    names: () => [join(folder, 'read-only-file', 'porchlight.db'), owner, 'may not read and write it'],
  },
  {
    row: 6,
    what: 'serve with a database of another user that it may not read',
    env: () => {
      const dataFolder = copyOf('unreadable-file')
      giveAway(join(dataFolder, 'porchlight.db'), isRoot ? 0o600 : 0)
      return { PORCHLIGHT_DATA: dataFolder }
    },
    names: () => [join(folder, 'unreadable-file', 'porchlight.db'), owner, 'may not read and write it'],
  },
  {
    row: 6,
    what: 'serve beside a log that a command of another user left',
    env: () => {
      const dataFolder = copyOf('log-of-another')
      const log = join(dataFolder, 'porchlight.db-wal')
      writeFileSync(log, '')
      giveAway(log, isRoot ? 0o600 : 0)
      return { PORCHLIGHT_DATA: dataFolder }
    },
    names: () => [join(folder, 'log-of-another', 'porchlight.db-wal'), owner, 'may not read and write it'],
  },
  {
    row: 6,
    what: 'serve on a disk that takes nothing more',
    env: () => ({ PORCHLIGHT_DATA: copyOf('full'), FILE_LIMIT: '0' }),
    names: () => [join(folder, 'full'), 'is full or fails', 'make room'],
  },
  {
    row: 6,
    what: 'serve with a text in place of the database',
    env: () => {
      const dataFolder = join(folder, 'text')
      mkdirSync(dataFolder)
      writeFileSync(join(dataFolder, 'porchlight.db'), 'This is a text and no database. '.repeat(200))
      return { PORCHLIGHT_DATA: dataFolder }
    },
    names: () => [join(folder, 'text', 'porchlight.db'), 'is not a database', 'put a backup in its place'],
  },
  {
    row: 6,
    what: 'serve with the database of another program',
    env: () => {
      const dataFolder = join(folder, 'foreign')
      mkdirSync(dataFolder)
      change(dataFolder, 'create table recipe (id integer primary key)')
      return { PORCHLIGHT_DATA: dataFolder }
    },
    names: () => [join(folder, 'foreign', 'porchlight.db'), 'is not a database of Porchlight'],
  },
  {
    row: 6,
    what: 'demo with a secret it may not read',
    args: ['demo'],
    env: () => {
      const dataFolder = join(folder, 'demo-secret')
      mkdirSync(dataFolder)
      writeFileSync(join(dataFolder, 'secret'), secret)
      giveAway(join(dataFolder, 'secret'), isRoot ? 0o600 : 0)
      return { PORCHLIGHT_DATA: dataFolder, SANDBOX_PORT: '0' }
    },
    names: () => [join(folder, 'demo-secret', 'secret'), owner, 'may not read and write it'],
  },
  ...['serve', 'doctor', 'staff list riverbend', 'application keys rotate riverbend'].map((command) => ({
    row: 5,
    what: `${command} with a secret that an older version's database was not written with`,
    args: command.split(' '),
    env: () => ({ PORCHLIGHT_DATA: copyOf(`old ${command}`), PORCHLIGHT_SECRET: otherSecret }),
    names: () => ['This secret does not open this database', join(folder, `old ${command}`)],
  })),
  ...['serve', 'doctor'].map((command) => ({
    row: 5,
    what: `${command} with another secret than at the first start`,
    args: [command],
    env: () => ({ PORCHLIGHT_DATA: join(folder, 'begun'), PORCHLIGHT_SECRET: otherSecret }),
    names: () => ['This secret does not open this database', join(folder, 'begun')],
  })),
  ...['serve', 'migrate', 'customer list', 'demo'].map((command) => ({
    row: 26,
    what: `${command} on a database that a newer version has changed`,
    args: command.split(' '),
    env: () => {
      const dataFolder = copyOf(`newer ${command}`)
      writeFileSync(join(dataFolder, 'secret'), secret)
      change(dataFolder, "insert into kysely_migration values ('9999_of_tomorrow', '2027-01-01T00:00:00Z')")
      return { PORCHLIGHT_DATA: dataFolder, SANDBOX_PORT: '0' }
    },
    names: () => [join(folder, `newer ${command}`), '9999_of_tomorrow', '--allow-newer'],
  })),
]

describe.concurrent('a start that cannot succeed', () => {
  it.each(failures.map((failure) => [failure.row, failure.what, failure] as const))(
    'row %i: %s ends with 1 within a second and says what to do',
    async (_row, _what, { args = ['serve'], env, names }) => {
      const { code, text, lingeredMs } = await porchlight(args, env())
      expect([code, text]).toEqual([1, expect.any(String)])
      for (const name of names()) expect(text).toContain(name)
      expect(text).not.toMatch(/^\s+at |Error:/m)
      expect(text.trim().split('\n').length).toBeLessThanOrEqual(2)
      expect(lingeredMs).toBeLessThan(1000)
    },
  )
})

it('row 26: --allow-newer works on a database that a newer version has changed', async () => {
  const dataFolder = copyOf('newer-allowed')
  change(dataFolder, "insert into kysely_migration values ('9999_of_tomorrow', '2027-01-01T00:00:00Z')")
  const { code, text } = await porchlight(['customer', 'list', '--allow-newer'], {
    PORCHLIGHT_DATA: dataFolder,
  })
  expect([code, text]).toEqual([0, expect.stringContaining('riverbend')])
})

it('row 5: a ring with the old secret behind the new one opens the database, and either of them does from then on', async () => {
  const dataFolder = copyOf('rotated')
  const opens = async (PORCHLIGHT_SECRET: string) =>
    (await porchlight(['migrate'], { PORCHLIGHT_DATA: dataFolder, PORCHLIGHT_SECRET })).code
  expect(await opens(`${otherSecret},${secret}`)).toBe(0)
  expect(await opens(otherSecret)).toBe(0)
  expect(await opens(secret)).toBe(0)
  expect(await opens('the-secret-of-a-third-house-that-nobody-used')).toBe(1)
})

it('row 5: where the secret is lost, --new-secret goes on with another, and the audit log says so', async () => {
  const dataFolder = copyOf('lost')
  const env = { PORCHLIGHT_DATA: dataFolder, PORCHLIGHT_SECRET: otherSecret }
  expect((await porchlight(['customer', 'list', '--new-secret'], env)).code).toBe(0)
  expect((await porchlight(['customer', 'list'], env)).code).toBe(0)
  const database = new Database(join(dataFolder, 'porchlight.db'), { readonly: true })
  const events = database
    .prepare("select detail from audit_event where kind = 'secret.changed'")
    .pluck()
    .all()
  database.close()
  expect(events).toEqual(['{"lost":true}'])
})
