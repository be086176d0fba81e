import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Agent, request } from 'undici'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOrCreatePerson } from '../src/accounts/people.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { forgetOldLinks, issueMailedLink } from '../src/links/links.ts'
import { forgetOldMail, queueMail } from '../src/mail/outbox.ts'
import { openSecrets } from '../src/secrets.ts'
import { forgetOldRequests, noteRequest } from '../src/sign-in/mail/requests.ts'
import { forgetOldSessions, openSession } from '../src/sign-in/session/sessions.ts'
import { openStore } from '../src/store/engines.ts'
import { migrations } from '../src/store/migrations.ts'
import type { Store } from '../src/store/store.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'

/** What was acknowledged survives failures of the process, the machine and the disk. */

const folder = mkdtempSync(join(tmpdir(), 'porchlight-durability-'))
const outDir = fileURLToPath(new URL('../node_modules/.cache/durability', import.meta.url))
const secret = 'not-the-secret-of-any-real-house-0123456789'
const secrets = openSecrets([secret])
const host = 'riverbend.test'
const writersAtOnce = 24
const children = new Set<ChildProcess>()
let saboteur: string

beforeAll(async () => {
  const entry = fileURLToPath(new URL('./portal-process.ts', import.meta.url))
  await build({ logLevel: 'error', build: { ssr: entry, outDir, emptyOutDir: true } })
  saboteur = compileSaboteur()
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

it('a portal that is killed fifteen times under load loses nothing it said yes to', async () => {
  const house = await openHouse('killed', 3000)
  const acked: Acked = nothingYet()
  for (let round = 0; round < 15; round += 1) {
    const portal = await startPortal(house)
    const writers = keepWriting(portal, house, acked)
    const enough = acknowledged(acked) + 20 + Math.random() * 30
    while (acknowledged(acked) < enough) await sleep(5)
    portal.child.kill('SIGKILL')
    await portal.ended
    await writers
    inspect(house.file, (database) => {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      expectAllOf(acked, database)
    })
  }
  expect(acked.addresses.length).toBeGreaterThan(150)
  expect(acked.links.length).toBeGreaterThan(150)
  // The last portal keeps serving, and a link spent before a kill stays spent after it.
  const portal = await startPortal(house)
  for (const link of acked.links.slice(-5)) expect((await portal.post(`/auth/${link}`)).status).toBe(410)
  await portal.stop()
})

it('a power cut at any moment leaves everything acknowledged, of what had been flushed alone', async () => {
  const house = await openHouse('power', 400)
  const before = readFileSync(house.file)
  const trace = join(folder, 'power.trace')
  const portal = await startPortal(house, { LD_PRELOAD: saboteur, SABOTEUR_TRACE: trace })
  const acked: { atByte: number; address?: string; link?: string }[] = []
  const links = house.links.splice(0, 300)
  let asked = 0
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; i < 30; i += 1) {
        const address = `power-${writer}-${i}@example.org`
        const link = i % 2 === 0 ? links.pop() : undefined
        const { status } = link ? await portal.post(`/auth/${link}`) : await portal.askFor(address)
        expect(status).toBe(link ? 303 : 202)
        asked += 1
        // Everything this answer relies on is in the trace by now.
        acked.push({ atByte: statSync(trace).size, ...(link ? { link } : { address }) })
      }
    }),
  )
  portal.child.kill('SIGKILL')
  await portal.ended
  expect(asked).toBe(240)

  const events = readTrace(readFileSync(trace))
  const flushes = events.filter(({ kind }) => kind === 'flush').length
  // Eight concurrent writers share commits, so at least every eighth of 240 answers must have waited for a flush.
  expect(flushes).toBeGreaterThanOrEqual(30)
  for (let cut = 0; cut < 20; cut += 1) {
    const first = acked[0]?.atByte ?? 0
    const atByte = first + Math.floor(Math.random() * (statSync(trace).size - first))
    for (const luck of ['only what was flushed', 'and some of the rest'] as const) {
      const image = join(folder, `power-${cut}`)
      writeImage(image, before, events, { atByte, keepsSome: luck === 'and some of the rest' })
      const survivors = acked.filter((each) => each.atByte <= atByte)
      inspect(image, (database) => {
        expect(database.pragma('integrity_check', { simple: true }), luck).toBe('ok')
        expectAllOf(
          {
            addresses: survivors.flatMap(({ address }) => address ?? []),
            links: survivors.flatMap(({ link }) => link ?? []),
            sessions: [],
            odd: [],
          },
          database,
        )
      })
    }
  }
})

it('flushes at least once for every commit, and answers only after it', async () => {
  const house = await openHouse('flushes', 0)
  const trace = join(folder, 'flushes.trace')
  const portal = await startPortal(house, { LD_PRELOAD: saboteur, SABOTEUR_TRACE: trace })
  const flushes = () => readTrace(readFileSync(trace)).filter(({ kind }) => kind === 'flush').length
  for (let i = 0; i < 40; i += 1) {
    const before = flushes()
    expect((await portal.askFor(`flush-${i}@example.org`)).status).toBe(202)
    expect(flushes()).toBeGreaterThan(before)
  }
  await portal.stop()
  const store = await openStore({ database: house.file })
  await store.close()
  // Opened as we open every connection; the file itself remembers only the first setting.
  inspect(house.file, (database) => expect(database.pragma('journal_mode', { simple: true })).toBe('wal'))
})

describe('a disk', () => {
  it.each(['full', 'at the limit of its files'])(
    'that is %s: every failed write is said, nothing is half done, and it mends by itself',
    async (how) => {
      const house = await openHouse(`disk ${how}`, 200)
      const isFull = join(folder, `${how}.flag`)
      const isLimit = how !== 'full'
      const portal = await startPortal(house, isLimit ? {} : { LD_PRELOAD: saboteur, SABOTEUR_FULL: isFull })
      const limitFiles = (bytes: string) =>
        expect(spawnSync('prlimit', [`--pid=${portal.child.pid}`, `--fsize=${bytes}:`]).status).toBe(0)
      const acked: Acked = nothingYet()
      for (let i = 0; i < 20; i += 1) await writeOne(portal, house, acked, `before-${i}@example.org`)
      const spendable = house.links.at(-1) ?? ''

      if (isLimit) limitFiles('0')
      else writeFileSync(isFull, '')
      const refused = await Promise.all(
        Array.from({ length: 32 }, (_, i) => portal.askFor(`refused-${i}@example.org`)),
      )
      for (const answer of refused) {
        expect(answer.status).toBe(500)
        expect(JSON.parse(answer.text)).toMatchObject({ code: 'server_error' })
      }
      const page = await portal.post('/sign-in', 'email=refused%40example.org')
      expect([page.status, page.text.includes('<!doctype html>'), page.text.includes('SQLITE')]).toEqual([
        500,
        true,
        false,
      ])
      expect((await portal.post(`/auth/${spendable}`)).status).toBe(500)
      // Reads keep working.
      expect((await portal.get('/sign-in')).status).toBe(200)
      expect((await portal.get('/readyz')).status).toBe(503)
      expect((await portal.get(`/auth/${spendable}`)).status).toBe(200)
      expect((await portal.get('/portal/api/limits', acked.sessions[0])).status).toBe(200)

      if (isLimit) limitFiles('unlimited')
      else rmSync(isFull)
      for (let i = 0; i < 20; i += 1) await writeOne(portal, house, acked, `after-${i}@example.org`)
      expect(acknowledged(acked)).toBe(40)
      expect((await portal.get('/readyz')).status).toBe(200)
      await portal.stop()
      inspect(house.file, (database) => {
        expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
        expectAllOf(acked, database)
        expect(count(database, "sign_in_request where address like 'refused%'")).toBe(0)
      })
    },
  )

  it('row 6: that fills up without a write shows at /readyz, and so does that it has room again', async () => {
    const house = await openHouse('disk unwatched', 0)
    const isFull = join(folder, 'unwatched.flag')
    const portal = await startPortal(house, { LD_PRELOAD: saboteur, SABOTEUR_FULL: isFull })
    const ready = async () => (await portal.get('/readyz')).status
    expect(await ready()).toBe(200)
    writeFileSync(isFull, '')
    await expect.poll(ready, { timeout: 15_000 }).toBe(503)
    rmSync(isFull)
    await expect.poll(ready, { timeout: 15_000 }).toBe(200)
    // Frequent health checks cause an occasional write, not one per answer.
    const trace = () => statSync(`${house.file}-wal`).size
    const before = trace()
    for (let i = 0; i < 50; i += 1) expect(await ready()).toBe(200)
    expect(trace() - before).toBeLessThanOrEqual(2 * 4200)
    await portal.stop()
  })

  it('that fails now and then: each answer is true, and nothing is half done', async () => {
    const house = await openHouse('failing', 600)
    const portal = await startPortal(house, { LD_PRELOAD: saboteur, SABOTEUR_FAILS_PERCENT: '2' })
    const acked: Acked = nothingYet()
    const refused: string[] = []
    await Promise.all(
      Array.from({ length: writersAtOnce }, async (_, writer) => {
        for (let i = 0; i < 40; i += 1) {
          const address = `failing-${writer}-${i}@example.org`
          const { status } = await portal.askFor(address)
          expect([202, 500]).toContain(status)
          if (status === 202) acked.addresses.push(address)
          else refused.push(address)
        }
      }),
    )
    expect(refused.length).toBeGreaterThan(0)
    await portal.stop()
    inspect(house.file, (database) => {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      expectAllOf(acked, database)
      const there = new Set(database.prepare('select address from sign_in_request').pluck().all() as string[])
      expect(refused.filter((address) => there.has(address))).toEqual([])
    })
  })
})

it.each(['backup', 'vacuum into'])(
  'a copy made by %s under load holds all that was acknowledged before it began',
  async (how) => {
    const house = await openHouse(`copied by ${how}`, 3000)
    const portal = await startPortal(house)
    const acked: Acked = nothingYet()
    let isOver = false
    const writers = keepWriting(portal, house, acked, () => isOver)
    await sleep(400)
    const before: Acked = {
      addresses: [...acked.addresses],
      links: [...acked.links],
      sessions: [...acked.sessions],
      odd: [],
    }
    const copy = join(folder, `copy by ${how}.db`)
    const source = new Database(house.file)
    if (how === 'backup') await source.backup(copy, { progress: () => 1_000_000 })
    else source.prepare('vacuum into ?').run(copy)
    source.close()
    isOver = true
    await writers
    await portal.stop()

    inspect(copy, (database) => {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      expectAllOf(before, database)
    })
    const restored = await startPortal({ ...house, file: copy })
    for (const link of before.links.slice(-3)) expect((await restored.post(`/auth/${link}`)).status).toBe(410)
    expect((await restored.get('/portal/api/limits', before.sessions[0])).status).toBe(200)
    expect((await restored.askFor('restored@example.org')).status).toBe(202)
    await restored.stop()
  },
)

describe('versions side by side', () => {
  it('an older process serves on while a newer one adds to the tables', async () => {
    const house = await openHouse('versions', 20)
    const portal = await startPortal(house)
    const acked: Acked = nothingYet()
    for (let i = 0; i < 6; i += 1) await writeOne(portal, house, acked, `older-${i}@example.org`)
    const newer = new Database(house.file, { timeout: 5000 })
    newer.exec('create table of_tomorrow (id text primary key)')
    newer.exec('alter table sign_in_request add column of_tomorrow text')
    newer.exec('alter table session add column of_tomorrow integer')
    newer.exec('create index session_of_tomorrow on session (of_tomorrow)')
    newer.close()
    for (let i = 0; i < 6; i += 1) await writeOne(portal, house, acked, `newer-${i}@example.org`)
    expect(acknowledged(acked)).toBe(12)
    expect((await portal.get('/portal/api/limits', acked.sessions[0])).status).toBe(200)
    await portal.stop()
  })

  it('a migration only adds, and what it adds an older writer may leave out', async () => {
    const database = new Database(':memory:')
    const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) })
    let before = new Map<string, Column>()
    const wrong: string[] = []
    for (const [name, { up }] of Object.entries(migrations)) {
      await up(db)
      const after = columnsOf(database)
      const tables = new Set([...before.keys()].map((key) => key.split('.')[0]))
      for (const [key, was] of before) {
        const now = after.get(key)
        if (now?.type !== was.type) wrong.push(`${name} takes ${key} away, or makes it something else`)
        if (now?.notnull && !was.notnull) wrong.push(`${name} demands ${key}`)
      }
      for (const [key, { notnull, dflt_value }] of after) {
        const isAdded = !before.has(key) && tables.has(key.split('.')[0])
        if (isAdded && notnull && dflt_value === null) wrong.push(`${name} demands a new ${key}`)
      }
      before = after
    }
    expect(wrong).toEqual([])
    expect(before.size).toBeGreaterThan(100)
    database.close()
  })
})

type Column = { type: string; notnull: number; dflt_value: string | null }

function columnsOf(database: Database.Database): Map<string, Column> {
  const columns = database
    .prepare(
      `select m.name || '.' || c.name as key, c.type, c."notnull", c.dflt_value
       from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'`,
    )
    .all() as ({ key: string } & Column)[]
  return new Map(columns.map(({ key, ...column }) => [key, column]))
}

it('what is over is forgotten, and the file stops growing', async () => {
  const house = await openHouse('forgetful', 0)
  const store = await openStore({ database: house.file })
  const day = 86_400_000
  const pages: number[] = []
  for (let round = 0; round < 6; round += 1) {
    const nowMs = Date.now() + round * 400 * day
    await fillWithAYear(store, house.customerId, nowMs)
    await store.write(function* () {
      yield* forgetOldRequests(store.db, nowMs + 200 * day)
      yield* forgetOldSessions(store.db, nowMs + 200 * day)
      yield* forgetOldLinks(store.db, nowMs + 200 * day)
      // Twice, because a failed email is kept longer for those who ask about it.
      yield* forgetOldMail(store.db, nowMs + 200 * day)
      yield* forgetOldMail(store.db, nowMs + 200 * day)
    })
    inspect(house.file, (database) => {
      for (const table of ['sign_in_request', 'session', 'link', 'outbox'])
        expect(count(database, table)).toBe(0)
      database.exec('delete from audit_event')
      database.exec('delete from job')
      pages.push(Number(database.pragma('page_count', { simple: true })))
    })
  }
  expect(pages.at(-1)).toBeLessThanOrEqual((pages[1] ?? 0) * 1.1)
  await store.close()
})

type House = { file: string; customerId: string; links: string[] }
/** `odd`: answers that neither confirm nor are cut off. */
type Acked = { addresses: string[]; links: string[]; sessions: string[]; odd: string[] }
type Portal = Awaited<ReturnType<typeof startPortal>>

/** A new database with one customer and links to spend. Its VOMO is unreachable, and nothing here asks for a record. */
async function openHouse(name: string, linkCount: number): Promise<House> {
  const file = join(folder, `${name}.db`)
  const store = await openStore({ database: file })
  const links: string[] = []
  const customerId = await store.write(function* () {
    const id = yield* setCustomer(
      store.db,
      {
        slug: 'riverbend',
        by: operator,
        changes: {
          name: 'Riverbend Food Bank',
          url: `https://${host}`,
          'stranger-mails': 'no',
        },
      },
      Date.now(),
    )
    yield* grantVomoAccess(store.db, secrets, {
      customerId: id,
      baseUrl: 'http://127.0.0.1:9/v1',
      token: 'no-token-at-all',
    })
    for (let i = 0; i < linkCount; i += 1) links.push(yield* makeLink(store, id, `${name} ${i}`, Date.now()))
    return id
  })
  await store.close()
  return { file, customerId, links }
}

function* makeLink(store: Store, customerId: string, name: string, nowMs: number) {
  const address = `${name.replaceAll(' ', '-')}@example.org`
  const person = yield* findOrCreatePerson(store.db, { customerId, vomoUserId: name, address }, nowMs)
  const order = { customerId, personId: person.id, address, landing: '/', lifeMs: 900_000 }
  const link = yield* issueMailedLink(store.db, secrets, { ...order, requestId: `req_${name}` }, nowMs)
  return link.secret
}

async function fillWithAYear(store: Store, customerId: string, nowMs: number): Promise<void> {
  await store.write(function* () {
    const { db } = store
    for (let i = 0; i < 500; i += 1) {
      const address = `year-${nowMs}-${i}@example.org`
      const person = yield* findOrCreatePerson(
        db,
        { customerId, vomoUserId: `volunteer ${i}`, address },
        nowMs,
      )
      const to = { address, shownAddress: address, landing: '/', language: 'en' as const }
      const asked = { customerId, browserKey: 'k'.repeat(32), fromKnownBrowser: false, ...to }
      const { id: requestId } = yield* noteRequest(db, secrets, asked, nowMs)
      const order = { customerId, personId: person.id, address, landing: '/', requestId, lifeMs: 900_000 }
      const link = yield* issueMailedLink(db, secrets, order, nowMs)
      yield* openSession(
        db,
        secrets,
        {
          customerId,
          personId: person.id,
          proof: { kind: 'link', id: link.id },
          way: 'mailed_link',
          isStaff: false,
        },
        nowMs,
      )
      const from = { name: 'Riverbend', address: 'no-reply@example.org' }
      const message = { from, replyTo: null, to: address, subject: 's', text: 't', html: 'h' }
      yield* queueMail(db, secrets, { customerId, kind: 'sign_in', notAfterMs: nowMs, message }, nowMs)
    }
  })
}

async function startPortal(house: Pick<House, 'file'>, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(outDir, 'portal-process.js'), house.file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  })
  children.add(child)
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      children.delete(child)
      resolve()
    }),
  )
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the portal ended with ${code}`)))
    child.on('message', (said: { port?: number }) => said.port && resolve(said.port))
    child.send(secret)
  })
  const agent = new Agent({ connections: writersAtOnce + 8 })

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    given: { type?: string; body?: string; session?: string },
  ) {
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      dispatcher: agent,
      headers: {
        host,
        ...(method === 'POST' && { origin: `https://${host}` }),
        ...(given.type && { 'content-type': given.type }),
        ...(given.session && { cookie: `__Host-porchlight_session=${given.session}` }),
      },
      ...(given.body !== undefined && { body: given.body }),
    })
    const cookie = [headers['set-cookie'] ?? []].flat().join('\n')
    const session = /porchlight_session=(\w+)/.exec(cookie)?.[1]
    return { status: statusCode, text: await body.text(), session }
  }

  return {
    child,
    ended,
    get: (path: string, session?: string) => ask('GET', path, session === undefined ? {} : { session }),
    post: (path: string, body = '') => ask('POST', path, { type: 'application/x-www-form-urlencoded', body }),
    askFor: (email: string) =>
      ask('POST', '/portal/api/sign-in', { type: 'application/json', body: JSON.stringify({ email }) }),
    async stop() {
      child.kill('SIGKILL')
      await ended
      await agent.destroy()
    },
  }
}

/** Runs until the portal is gone, or is told to stop. Answered requests count; interrupted ones may or may not have happened. */
async function keepWriting(portal: Portal, house: House, acked: Acked, isOver = () => false): Promise<void> {
  let isGone = false
  void portal.ended.then(() => (isGone = true))
  const run = `${Date.now()}-${Math.random().toString(36).slice(2)}`
  await Promise.all(
    Array.from({ length: writersAtOnce }, async (_, writer) => {
      for (let i = 0; !isGone && !isOver(); i += 1) {
        try {
          await writeOne(portal, house, acked, `${run}-${writer}-${i}@example.org`)
        } catch {
          // Interrupted: the client got no answer.
          await sleep(5)
        }
      }
    }),
  )
}

/** Alternately asks for an email and spends a link. */
async function writeOne(portal: Portal, house: House, acked: Acked, address: string): Promise<void> {
  const isAsking = acknowledged(acked) % 2 === 0 || house.links.length === 0
  if (isAsking) {
    const { status } = await portal.askFor(address)
    if (status === 202) acked.addresses.push(address)
    else acked.odd.push(`asking: ${status}`)
    return
  }
  const link = house.links.shift() ?? ''
  const { status, session } = await portal.post(`/auth/${link}`)
  if (status !== 303 || session === undefined) {
    acked.odd.push(`spending: ${status}`)
    return
  }
  acked.links.push(link)
  acked.sessions.push(session)
}

function nothingYet(): Acked {
  return { addresses: [], links: [], sessions: [], odd: [] }
}

/** Everything acknowledged is there, and everything else that is there is complete. */
function expectAllOf(acked: Acked, database: Database.Database): void {
  expect(acked.odd).toEqual([])
  const addresses = new Set(database.prepare('select address from sign_in_request').pluck().all())
  expect(acked.addresses.filter((address) => !addresses.has(address))).toEqual([])
  const isSpent = database.prepare('select 1 from link where secret_hash = ? and spent_at_ms is not null')
  expect(acked.links.filter((link) => !isSpent.get(secrets.issuedHashes('link', link)[0]))).toEqual([])
  const isOpen = database.prepare('select 1 from session where secret_hash = ? and ended_at_ms is null')
  expect(acked.sessions.filter((each) => !isOpen.get(secrets.issuedHashes('session', each)[0]))).toEqual([])
  // A request comes with its job, a spent link with its session.
  expect(count(database, 'job')).toBe(count(database, 'sign_in_request'))
  expect(count(database, 'session')).toBe(count(database, 'link where spent_at_ms is not null'))
}

function acknowledged({ addresses, links }: Acked): number {
  return addresses.length + links.length
}

function inspect(file: string, look: (database: Database.Database) => void): void {
  const database = new Database(file, { timeout: 5000 })
  try {
    look(database)
  } finally {
    database.close()
  }
}

function count(database: Database.Database, from: string): number {
  return Number(database.prepare(`select count(*) from ${from}`).pluck().get())
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

type TraceEvent = {
  atByte: number
  kind: 'write' | 'cut' | 'flush'
  isLog: boolean
  offset: number
  bytes: Buffer
}

/** The saboteur's trace: for each call its kind, its file, the offset, the length and the bytes. */
function readTrace(trace: Buffer): TraceEvent[] {
  const events: TraceEvent[] = []
  let at = 0
  while (at + 24 <= trace.length) {
    const kind = (['write', 'cut', 'flush'] as const)[trace.readInt32LE(at)] ?? 'flush'
    const isLog = trace.readInt32LE(at + 4) === 1
    const offset = Number(trace.readBigInt64LE(at + 8))
    const length = Number(trace.readBigInt64LE(at + 16))
    const bytes = trace.subarray(at + 24, at + 24 + length)
    at += 24 + length
    events.push({ atByte: at, kind, isLog, offset, bytes })
  }
  return events
}

/** Writes the database and its log as a machine finds them after a power loss: everything flushed, and some or none of the rest. */
function writeImage(
  image: string,
  before: Buffer,
  events: readonly TraceEvent[],
  cut: { atByte: number; keepsSome: boolean },
): void {
  for (const isLog of [false, true]) {
    const seen = events.filter((event) => event.isLog === isLog && event.atByte <= cut.atByte)
    const lastFlush = seen.findLastIndex(({ kind }) => kind === 'flush')
    const kept = seen.filter((_, i) => i <= lastFlush || (cut.keepsSome && Math.random() < 0.5))
    const bytes = Buffer.alloc(
      Math.max(before.length, ...kept.map(({ offset, bytes: { length } }) => offset + length)),
    )
    let size = isLog ? 0 : before.copy(bytes)
    for (const event of kept) {
      if (event.kind === 'cut') {
        size = event.offset
        bytes.fill(0, size)
      }
      if (event.kind !== 'write') continue
      event.bytes.copy(bytes, event.offset)
      size = Math.max(size, event.offset + event.bytes.length)
    }
    writeFileSync(isLog ? `${image}-wal` : image, bytes.subarray(0, size))
  }
}

/**
 * A library between the portal and its disk: it records every write and flush of the database, pretends that the disk is full while
 * a file exists, or lets a share of the calls fail. These tests depend on it, so none is skipped.
 */
function compileSaboteur(): string {
  const source = join(folder, 'saboteur.c')
  const library = join(folder, 'saboteur.so')
  writeFileSync(source, saboteurCode)
  const { status, stderr, error } = spawnSync('cc', [
    '-O2',
    '-shared',
    '-fPIC',
    '-o',
    library,
    source,
    '-ldl',
  ])
  if (status !== 0) throw new Error(`these tests need a C compiler: ${error?.message ?? String(stderr)}`)
  return library
}

const saboteurCode = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_truncate)(int, off_t), (*real_fsync)(int), (*real_fdatasync)(int);
static const char *trace, *full, *fails;
static int trace_fd = -1, percent;
static unsigned seed = 7;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_truncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  trace = getenv("SABOTEUR_TRACE");
  full = getenv("SABOTEUR_FULL");
  fails = getenv("SABOTEUR_FAILS_PERCENT");
  if (fails) percent = atoi(fails);
  if (trace) trace_fd = open(trace, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

/* 0 the database, 1 its log, -1 any other file */
static int which(int fd) {
  char link[40] = "/proc/self/fd/", name[4096], digits[12];
  int n = 0, at = 14;
  do digits[n++] = '0' + fd % 10; while (fd /= 10);
  while (n) link[at++] = digits[--n];
  link[at] = 0;
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length < 4) return -1;
  name[length] = 0;
  if (!strcmp(name + length - 3, ".db")) return 0;
  return length > 7 && !strcmp(name + length - 7, ".db-wal") ? 1 : -1;
}

static void note(int kind, int file, off_t offset, const void *bytes, size_t length) {
  if (trace_fd < 0) return;
  struct { int kind, file; long long offset, length; } head = {kind, file, offset, length};
  pthread_mutex_lock(&one);
  real_write(trace_fd, &head, sizeof head);
  if (length) real_write(trace_fd, bytes, length);
  pthread_mutex_unlock(&one);
}

static int refuses(void) {
  if (full && access(full, F_OK) == 0) { errno = ENOSPC; return 1; }
  if (percent && rand_r(&seed) % 100 < percent) { errno = EIO; return 1; }
  return 0;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  int file = which(fd);
  if (file < 0) return real_write(fd, bytes, length);
  if (refuses()) return -1;
  off_t offset = lseek(fd, 0, SEEK_CUR);
  ssize_t done = real_write(fd, bytes, length);
  if (done > 0) note(0, file, offset, bytes, done);
  return done;
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  int file = which(fd);
  if (file < 0) return real_pwrite(fd, bytes, length, offset);
  if (refuses()) return -1;
  ssize_t done = real_pwrite(fd, bytes, length, offset);
  if (done > 0) note(0, file, offset, bytes, done);
  return done;
}
int ftruncate64(int fd, off_t length) {
  int file = which(fd);
  int done = real_truncate(fd, length);
  if (file >= 0 && done == 0) note(1, file, length, 0, 0);
  return done;
}
static int flush(int fd, int (*real)(int)) {
  int file = which(fd);
  if (file >= 0 && percent && refuses()) return -1;
  int done = real(fd);
  if (file >= 0 && done == 0) note(2, file, 0, 0, 0);
  return done;
}
int fsync(int fd) { return flush(fd, real_fsync); }
int fdatasync(int fd) { return flush(fd, real_fdatasync); }
`
