import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import { Agent, request } from 'undici'
import { build, type Plugin } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { defaultLimits } from '../src/limits.ts'
import type { Message } from '../src/mail/outbox.ts'
import { listeningLog, startPeer } from '../src/mail/smtp.fixture.ts'
import { openSmtp } from '../src/mail/smtp.ts'
import { startPortal } from '../src/main.ts'
import { makeSampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import { migrations } from '../src/store/migrations.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'
import { askingFreely } from './asking-freely.ts'
import { isOnPostgres, openRows, type Rows, type TestDatabase, testDatabase } from './database.ts'
import { openTarpit } from './tarpit.ts'

/** Visitors notice nothing while something behind the portal is down, killed or replaced. */

const folder = mkdtempSync(join(tmpdir(), 'porchlight-resilience-'))
const secret = 'not-the-secret-of-any-real-house-0123456789'
const host = 'localhost:8080'
const origin = `http://${host}`
const world = makeSampleWorld({ nowMs: Date.now() })
const [organization] = world.customers
if (!organization) throw new Error('a world without customers')
const { volunteers, vomoToken } = organization

let sandbox: Sandbox
let scripts: { portal: string; newer: string }
/** The emails of all processes: on one database any of them may send one. */
const emails: Message[] = []
const agent = new Agent({ connections: 64 })
const open: { close(): Promise<void> }[] = []
const kept = <T extends { close(): Promise<void> }>(thing: T): T => {
  open.push(thing)
  return thing
}

beforeAll(async () => {
  sandbox = await startSandbox({ world, port: 0, rateLimits: { portal: 1_000_000, probe: 1_000_000 } })
  scripts = { portal: await buildProcess('portal'), newer: await buildProcess('newer', ofTomorrow) }
})
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})
afterAll(async () => {
  await agent.close()
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

describe('while the mail server is down for ten minutes', () => {
  it.each([
    ['refuses', 10_000],
    // Every try runs into its timeout.
    ['says nothing', 100_000],
  ])(
    'and %s, no visitor waits for an answer; then each has every email, once and in order',
    async (how, stepMs) => {
      const people = volunteers.slice(0, 20)
      const peer = await startPeer()
      const { portal, log, database, pass, untilSent } = await openPortal(`mail ${how}`, peer.url)
      const ask = (email: string) => timed(() => post(portal.port, '/portal/api/sign-in', { email }))
      const whileUp: number[] = []
      for (const email of people) whileUp.push(await ask(email))
      await untilSent()
      expect(peer.taken).toHaveLength(people.length)
      await peer.close()

      const tarpit = how === 'refuses' ? undefined : await openTarpit(peer.port)
      const whileDown: number[] = []
      for (let round = 0; round < 3; round += 1) {
        // None of these answers can have waited for an email: no email is accepted before the ten minutes are over.
        for (const email of people) whileDown.push(await ask(email))
        for (let passed = 0; passed < 200_000; passed += stepMs) {
          // Jobs in flight finish first: none may outlast the minute for which it is claimed.
          await portal.idle()
          pass(stepMs)
        }
      }
      await tarpit?.close()
      // One that waited for the mail server would take as long as its timeout.
      expect(median(whileDown)).toBeLessThan(median(whileUp) * 3 + 1_000)
      report(
        `M3: median ${median(whileUp).toFixed(1)} ms with a mail server, ${median(whileDown).toFixed(1)} without`,
      )

      const back = kept(await startPeer({ port: peer.port }))
      expect(await untilSent()).toBeLessThanOrEqual(60_000)
      expect(back.taken).toHaveLength(3 * people.length)
      const arrived = [...peer.taken, ...back.taken]
      for (const email of people) {
        const theirs = arrived.filter(({ to }) => to[0] === email)
        expect(theirs.map(({ raw }) => idIn(raw))).toEqual(await mailsQueuedFor(database, email))
      }
      expect(log.filter((line) => line.startsWith('error'))).toHaveLength(1)
      expect(log.filter((line) => line.startsWith('info the mail server answers again'))).toHaveLength(1)

      const [someone = ''] = people
      const newest = back.taken.findLast(({ to }) => to[0] === someone)
      const { text = '' } = await simpleParser(newest?.raw ?? '')
      const link = new URL(/http\S+\/auth\/\w+/.exec(text)?.[0] ?? origin).pathname
      expect((await post(portal.port, link)).status).toBe(303)
    },
  )
})

it('row 12: an email that was queued while the clock was two hours ahead leaves once the clock is right', async () => {
  const twoHoursMs = 2 * 3_600_000
  const peer = await startPeer()
  const { portal, database, pass, untilSent } = await openPortal('clock ahead', peer.url)
  await peer.close()
  pass(twoHoursMs)
  await post(portal.port, '/portal/api/sign-in', { email: volunteers[0] ?? '' })
  await portal.idle()
  expect(await database.count('job')).toBe(1)
  pass(-twoHoursMs)
  const back = kept(await startPeer({ port: peer.port }))
  expect(await untilSent()).toBeLessThanOrEqual(60_000)
  expect(back.taken).toHaveLength(1)
})

describe('of four processes on one database', () => {
  it('each is killed in turn under load: a visitor who retries sees no page fail, and stays the same person', async () => {
    const { database, rows } = await openDatabase('killed')
    const house = kept(await openProcesses(scripts.portal, database, 4))
    const visitors: { email: string; session: string }[] = []
    for (const email of volunteers.slice(0, 6)) visitors.push({ email, session: await house.signIn(email) })

    let answered = 0
    let asked = 0
    let isOver = false
    const failed: string[] = []
    const readers = visitors.flatMap(({ email, session }) =>
      ['/portal/api/me', '/organization/riverbend'].map(async (path) => {
        while (!isOver) {
          const { status, text } = await house.getOrAskAgain(path, session)
          if (status !== 200 || (path.endsWith('/me') && !text.includes(email)))
            failed.push(`${status} ${path}`)
          answered += 1
        }
      }),
    )
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      while (!isOver) {
        asked += 1
        const email = `stranger-${writer}-${asked}@example.org`
        await post(house.port(asked), '/portal/api/sign-in', { email }).catch(() => {})
      }
    })
    try {
      for (let victim = 0; victim < 4; victim += 1) {
        const before = answered
        await until(() => answered > before + 100)
        await house.kill(victim)
        const then = answered
        await until(() => answered > then + 100)
        await house.start(victim)
        expect((await get(house.port(victim), '/readyz')).status).toBe(200)
      }
    } finally {
      isOver = true
    }
    await Promise.all([...readers, ...writers])
    report(
      `G2: ${answered} pages in four kills, ${house.askedAgain()} asked for again, ${failed.length} failed`,
    )
    expect(failed).toEqual([])
    expect(house.askedAgain()).toBeGreaterThan(0)
    expect(house.faults).toEqual([])
    expect(await rows.isIntact()).toBe(true)
  }, 180_000)
})

describe('versions side by side', () => {
  it('four processes that open a new database at once make its tables once, and all serve', async () => {
    const places = [await emptyDatabase('new'), await emptyDatabase('newer')] as const
    const [database, other] = places.map((place) => place.database) as [string, string]
    // Processes rarely write at the same moment; four stores in this process do.
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ database: other })))
    for (const store of stores) await store.close()
    const house = kept(await openProcesses(scripts.portal, database, 4))
    for (let i = 0; i < 4; i += 1) expect((await get(house.port(i), '/readyz')).status).toBe(200)
    expect(house.faults).toEqual([])
    for (const each of [database, other]) {
      const rows = kept(await openRows(each))
      expect(await migrationsOf(rows)).toEqual(Object.keys(migrations).toSorted())
    }
  })

  it('two older processes under load serve on while a newer one changes the database, and so does the newer', async () => {
    const { database, rows } = await openDatabase('versions')
    const house = kept(await openProcesses(scripts.portal, database, 2))
    const [email = ''] = volunteers
    const session = await house.signIn(email)
    const statuses = new Map<number, number>()
    let isOver = false
    let answers = 0
    const load = Array.from({ length: 8 }, async (_, i) => {
      for (let n = 0; !isOver; n += 1) {
        const answer =
          i > 0
            ? await get(house.port(n), '/portal/api/me', session)
            : await post(house.port(n), '/portal/api/sign-in', { email: `side-${n}@example.org` })
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        answers += 1
      }
    })
    await until(() => answers > 50)
    const before = answers
    const newer = kept(await openProcesses(scripts.newer, database, 2))
    expect((await migrationsOf(rows)).at(-1)).toBe('9999_of_tomorrow')
    const then = answers
    await until(() => answers > then + 100)
    isOver = true
    await Promise.all(load)

    expect(new Set(statuses.keys())).toEqual(new Set([200, 202]))
    expect((await get(newer.port(0), '/portal/api/me', session)).text).toContain(email)
    const later = await newer.signIn(volunteers[1] ?? '')
    expect((await get(house.port(0), '/portal/api/me', later)).status).toBe(200)
    expect([...house.faults, ...newer.faults]).toEqual([])
    report(`D5: ${answers} answers, ${then - before} of them while the newer one came up, 0 of 5xx`)
  }, 180_000)

  it('row 26: an older process that starts after a newer one refuses, unless it is told to serve beside it', async () => {
    const { database, rows } = await openDatabase('older')
    const newer = kept(await openProcesses(scripts.newer, database, 1))
    const before = await migrationsOf(rows)
    await expect(openProcesses(scripts.portal, database, 1)).rejects.toThrow('9999_of_tomorrow')
    expect(await migrationsOf(rows)).toEqual(before)
    const older = kept(await openProcesses(scripts.portal, database, 1, ['--allow-newer']))
    expect(await migrationsOf(rows)).toEqual(before)
    expect((await get(older.port(0), '/readyz')).status).toBe(200)
    expect((await get(newer.port(0), '/readyz')).status).toBe(200)
    expect(newer.faults).toEqual([])
  })
})

function emptyDatabase(name: string): Promise<TestDatabase> {
  return placeOf(name, { isEmpty: true })
}

async function placeOf(name: string, options: { isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const dataFolder = mkdtempSync(join(folder, `${name}-`))
  const place = await testDatabase(dataFolder, options)
  kept({ close: place.drop })
  return place
}

/** A database with one customer, whose VOMO is the sandbox. */
async function openDatabase(name: string): Promise<{ database: string; rows: Rows }> {
  const { database } = await placeOf(name)
  const store = await openStore({ database })
  const nowMs = Date.now()
  await store.write(function* () {
    const customerId = yield* setCustomer(
      store.db,
      {
        slug: 'riverbend',
        by: operator,
        changes: {
          name: 'Riverbend Food Bank',
          url: origin,
          'contact-email': 'volunteers@riverbend.example',
          'time-zone': 'America/Chicago',
        },
      },
      nowMs,
    )
    yield* grantVomoAccess(store.db, openSecrets([secret]), {
      customerId,
      baseUrl: `${sandbox.url}/v1`,
      token: vomoToken,
      budgetPerMinute: 10_000,
    })
  })
  await store.close()
  return { database, rows: kept(await openRows(database)) }
}

/** A portal that really sends email, with a clock that tests can move. */
async function openPortal(name: string, smtpUrl: string) {
  const { database, rows } = await openDatabase(name)
  const { log, lines } = listeningLog()
  let ahead = 0
  const clock = () => Date.now() + ahead
  const smtp = kept(openSmtp({ url: smtpUrl, log, clock, times: { connectMs: 1_000 } }))
  const portal = kept(
    await startPortal({
      store: await openStore({ database }),
      secretRing: [secret],
      clock,
      log,
      transport: smtp,
      mailFrom: (customer) => ({ name: customer.name, address: `no-reply@${customer.slug}.example` }),
      limits: {
        ...defaultLimits,
        ...askingFreely,
      },
      trustedProxies: [],
      listenOn: { port: 0, hosts: ['127.0.0.1'] },
      warms: false,
    }),
  )
  return {
    portal,
    log: lines,
    database: rows,
    pass: (ms: number): void => {
      ahead += ms
    },
    /** @returns how much time had to pass */
    async untilSent(): Promise<number> {
      let passed = 0
      for (; (await rows.count('job')) > 0 && passed < 120_000; passed += 1_000) {
        await portal.idle()
        ahead += 1_000
      }
      return passed
    },
  }
}

/** `portal-process.ts` as one script. */
async function buildProcess(name: string, plugin?: Plugin): Promise<string> {
  const outDir = fileURLToPath(new URL(`../node_modules/.cache/resilience/${name}`, import.meta.url))
  const entry = fileURLToPath(new URL('./portal-process.ts', import.meta.url))
  await build({
    logLevel: 'error',
    build: { ssr: entry, outDir, emptyOutDir: true },
    plugins: plugin ? [plugin] : [],
  })
  return join(outDir, 'portal-process.js')
}

const tablesOfSqlite = `select name from sqlite_master where type = 'table' and name not like 'kysely%'`
const tablesOfPostgres = `select table_name as name from information_schema.tables
  where table_schema = current_schema() and table_name not like 'kysely%'`.replaceAll('\n', ' ')

/** A future version of the program: it adds to every table, and fills one for a while. */
const ofTomorrow: Plugin = {
  name: 'of-tomorrow',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/src/store/migrations.ts')) return undefined
    // Behind all others, where a later version adds its own.
    const changed = code.replace('...laterMigrations,', `$& '9999_of_tomorrow': { up: ofTomorrow },`)
    if (changed === code) throw new Error('the migrations have moved')
    return `${changed}
async function ofTomorrow(db: Kysely<unknown>): Promise<void> {
  const all = "${isOnPostgres ? tablesOfPostgres : tablesOfSqlite}"
  const { rows } = await sql.raw<{ name: string }>(all).execute(db)
  for (const { name } of rows) await sql.raw(\`alter table \${name} add column of_tomorrow text\`).execute(db)
  await sql.raw('create index session_of_tomorrow on session (of_tomorrow)').execute(db)
  await sql.raw('create table of_tomorrow (n integer primary key, words text not null)').execute(db)
  await sql.raw(\`insert into of_tomorrow
    with recursive many (n) as (select 1 union all select n + 1 from many where n < 400000)
    select n, 'words of tomorrow ' || n from many\`).execute(db)
}
`
  },
}

type Process = { child: ChildProcess; port: number; ended: Promise<unknown> }

/** Portals in processes of their own on one database, all started at once, on free ports. */
async function openProcesses(script: string, database: string, count: number, args: string[] = []) {
  const faults: string[] = []
  const processes: Process[] = []
  let turn = 0
  let askedAgain = 0

  async function start(place: number): Promise<void> {
    const child = fork(script, [database, ...args], { silent: true })
    const ended = new Promise((resolve) => child.once('close', resolve))
    let lastWords = ''
    child.stderr?.on('data', (chunk) => (lastWords += String(chunk)))
    const port = await new Promise<number>((resolve, reject) => {
      child.once('close', (code) => reject(new Error(`the portal ended with ${code}: ${lastWords}`)))
      child.on('message', (said: { port?: number; fault?: string; message?: Message }) => {
        if (said.fault) faults.push(said.fault)
        if (said.message) emails.push(said.message)
        if (said.port) resolve(said.port)
      })
      child.send(secret)
    })
    processes[place] = { child, port, ended }
  }

  async function kill(place: number): Promise<void> {
    processes[place]?.child.kill('SIGKILL')
    await processes[place]?.ended
  }

  const port = (place: number) => processes[place % count]?.port ?? 0
  await Promise.all(Array.from({ length: count }, (_, place) => start(place)))

  return {
    faults,
    start,
    kill,
    port,
    askedAgain: () => askedAgain,
    /** Like a proxy: asks the next process in turn, and another if that one does not answer or has nothing to answer with yet. */
    async getOrAskAgain(path: string, session: string): Promise<Answer> {
      const first = turn++
      for (let tries = 0; ; tries += 1) {
        try {
          const answer = await get(port(first + tries), path, session)
          if (answer.status !== 503 || tries === count) return answer
        } catch (error) {
          if (tries === count) throw error
        }
        askedAgain += 1
        // On a machine that stood still all may have nothing for a moment, and people do not ask five times within one.
        await pause(100 * tries)
      }
    },
    async signIn(email: string): Promise<string> {
      const before = emails.length
      await post(port(turn++), '/portal/api/sign-in', { email })
      const mailFor = () => emails.slice(before).find(({ to }) => to === email)
      await until(() => mailFor() !== undefined)
      const link = new URL(/http\S+\/auth\/\w+/.exec(mailFor()?.text ?? '')?.[0] ?? origin).pathname
      const { session } = await post(port(turn++), link)
      if (session === undefined) throw new Error('no session came of a link')
      return session
    },
    async close(): Promise<void> {
      for (let place = 0; place < count; place += 1) await kill(place)
    },
  }
}

type Answer = { status: number; text: string; session: string | undefined }

async function get(port: number, path: string, session?: string): Promise<Answer> {
  return send(port, path, {
    method: 'GET',
    headers: session ? { cookie: `porchlight_session=${session}` } : {},
  })
}

async function post(port: number, path: string, json?: unknown): Promise<Answer> {
  return send(port, path, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
}

async function send(
  port: number,
  path: string,
  given: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
): Promise<Answer> {
  const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${path}`, {
    ...given,
    dispatcher: agent,
    headers: { host, ...given.headers },
  })
  const cookies = [headers['set-cookie'] ?? []].flat().join('\n')
  const session = /porchlight_session=(\w+)/.exec(cookies)?.[1]
  return { status: statusCode, text: await body.text(), session }
}

async function timed(act: () => Promise<Answer>): Promise<number> {
  const begunAt = performance.now()
  expect((await act()).status).toBe(202)
  return performance.now() - begunAt
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function idIn(raw: Buffer): string {
  return /^Message-ID: <(\w+)@/im.exec(raw.toString('latin1'))?.[1] ?? ''
}

/** Their ids, in the order of the requests. */
async function mailsQueuedFor(database: Rows, email: string): Promise<string[]> {
  const text = 'select id from outbox where recipient = ? order by queued_at_ms'
  return (await database.all<{ id: string }>(text, email)).map(({ id }) => id)
}

async function migrationsOf(database: Rows): Promise<string[]> {
  const text = 'select name from kysely_migration order by name'
  return (await database.all<{ name: string }>(text)).map(({ name }) => name)
}

function report(line: string): void {
  console.log(line)
}

/** Gives up after half a minute; the assertion that follows then fails. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 3_000 && !isSo(); i += 1) await pause(10)
}
