import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { forgetOldLinks, issueLink, noIpPolicy, spendLink } from '../src/links/links.ts'
import { openSecrets } from '../src/secrets.ts'
import { forgetOldSessions, openSession, resumeSession } from '../src/sign-in/session/sessions.ts'
import { openStore } from '../src/store/engines.ts'
import { newDatabase, startServer } from '../src/store/postgres-server.fixture.ts'
import { rows, type Store } from '../src/store/store.ts'
import { quantile } from './figures.ts'

/**
 * `node bench/run.js capacity [SQLite|PostgreSQL] [persons]`: fills a database with so many persons, ten links and one session each,
 * and a hundredth of a thousand customers, and measures what a large one costs.
 */
const [engine = 'SQLite', count = '100000'] = process.argv.slice(2)
const persons = Number(count)
const links = persons * 10
const customers = Math.max(1, Math.round(persons / 1000))
const dayMs = 86_400_000
const nowMs = Date.now()
/** Links are kept for ninety days; the oldest day is one too old. */
const spanMs = 91 * dayMs
const measured = 3_000
const atOnce = 16
const secrets = openSecrets(['not-the-secret-of-any-real-house-0123456789'])

/** Indexes that are made when all rows are there. */
const indexes = {
  link_by_person: 'link (person_id, issued_at_ms)',
  link_by_request: 'link (request_id)',
  link_by_time: 'link (customer_id, issued_at_ms)',
  link_by_expiry: 'link (expires_at_ms)',
  session_by_person: 'session (person_id)',
  session_by_link: 'session (link_id)',
  session_by_expiry: 'session (expires_at_ms)',
}

const isPostgres = engine === 'PostgreSQL'
const folder = mkdtempSync(join(tmpdir(), 'porchlight-capacity-'))
const server = isPostgres ? await startServer() : undefined
const database = server ? await newDatabase(server.url) : join(folder, 'porchlight.db')
const store = await openStore({ database })
const bytes = isPostgres ? 'bytea' : 'blob'

try {
  await seed(store)
  await measure(store)
} finally {
  await store.close()
  await server?.stop()
  rmSync(folder, { recursive: true })
}

function say(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(58)} ${figure}\n`)
}

function run(text: string): Promise<void> {
  return store.write(() => rows(CompiledQuery.raw(text)) as never)
}

async function seed(into: Store): Promise<void> {
  const begunAt = performance.now()
  for (const name of Object.keys(indexes)) await run(`drop index ${name}`)
  await fill('customer', customers, (i) => ({
    id: `'cus_' || ${i}`,
    slug: `'c' || ${i}`,
    name: `'Customer'`,
    host: `'h' || ${i}`,
    public_origin: `'https://h' || ${i}`,
    time_zone: `'UTC'`,
    mails_strangers: '0',
    created_at_ms: '0',
  }))
  await fill('person', persons, (i) => ({
    id: `'per_' || (1000000000000 + ${i})`,
    customer_id: `'cus_' || (${i} % ${customers})`,
    vomo_user_id: `'' || ${i}`,
    address: `'p' || ${i} || '@example.org'`,
    standing: `'active'`,
    sessions_valid_after_ms: '0',
    created_at_ms: '0',
  }))
  // All but the newest are spent.
  const isNew = (i: string) => `${i} >= ${links - measured}`
  await fill('link', links, (i) => ({
    id: `'lnk_' || (1000000000000 + ${i})`,
    customer_id: `'cus_' || (${i} % ${customers})`,
    purpose: `'auth'`,
    issuer: `'portal'`,
    person_id: `'per_' || (1000000000000 + ${i} % ${persons})`,
    address: `'p' || (${i} % ${persons}) || '@example.org'`,
    landing: `'/'`,
    secret_hash: `cast('aaaaaaaaaaaaaaaaaaa' || (1000000000000 + ${i}) as ${bytes})`,
    request_id: `'req_' || (1000000000000 + ${i})`,
    issued_at_ms: `${nowMs - spanMs} + ${i} * ${Math.floor(spanMs / links)}`,
    expires_at_ms: `case when ${isNew(i)} then ${nowMs + dayMs} else ${nowMs - spanMs} + ${i} * ${Math.floor(spanMs / links)} end`,
    spent_at_ms: `case when ${isNew(i)} then null else ${nowMs - spanMs} + ${i} * ${Math.floor(spanMs / links)} end`,
  }))
  await fill('session', persons, (i) => ({
    id: `'ses_' || (1000000000000 + ${i})`,
    secret_hash: `cast('bbbbbbbbbbbbbbbbbbb' || (1000000000000 + ${i}) as ${bytes})`,
    customer_id: `'cus_' || (${i} % ${customers})`,
    person_id: `'per_' || (1000000000000 + ${i})`,
    proof_kind: `'link'`,
    link_id: `'lnk_' || (1000000000000 + ${i})`,
    is_staff: '0',
    started_at_ms: String(nowMs),
    last_used_at_ms: String(nowMs),
    idle_ms: String(dayMs),
    // One in sixty ended a month ago.
    expires_at_ms: `case when ${i} % 60 = 0 then ${nowMs - 31 * dayMs} else ${nowMs + dayMs} end`,
  }))
  for (const [name, on] of Object.entries(indexes)) await long(`create index ${name} on ${on}`)
  await long('analyze')
  say(`${engine}: ${persons} persons, ${links} links, ${persons} sessions`, `${seconds(begunAt)} s to fill`)
  const [size] = isPostgres
    ? await into.read<{ size: number }>(
        CompiledQuery.raw('select pg_database_size(current_database()) as size'),
      )
    : [{ size: statSync(database).size }]
  say(
    'size',
    `${Math.round((size?.size ?? 0) / 1e6)} MB, ${Math.round((size?.size ?? 0) / links)} bytes for each link`,
  )
}

async function fill(table: string, total: number, row: (i: string) => Record<string, string>): Promise<void> {
  const values = row('i')
  for (let from = 0; from < total; from += 50_000) {
    const to = Math.min(total, from + 50_000) - 1
    await run(
      `insert into ${table} (${Object.keys(values).join(', ')})
       with recursive n(i) as (select cast(${from} as bigint) union all select i + 1 from n where i < ${to})
       select ${Object.values(values).join(', ')} from n`,
    )
  }
}

/** Beyond the time that a statement of ours may take. */
async function long(text: string): Promise<void> {
  if (!isPostgres) return run(text)
  const { Client } = await import('pg')
  const client = new Client({ connectionString: database })
  await client.connect()
  await client.query(text)
  await client.end()
}

async function measure(of: Store): Promise<void> {
  const { db } = of
  const personOf = (i: number) => `per_${1_000_000_000_000 + (i % persons)}`
  const customerOf = (i: number) => `cus_${i % customers}`
  const held: { customerId: string; secret: string }[] = []
  await time('make a link', (i) =>
    of.write(() =>
      issueLink(
        db,
        secrets,
        {
          customerId: customerOf(i * 7919),
          purpose: 'auth',
          issuer: { kind: 'operator', id: null },
          personId: personOf(i * 7919),
          address: 'p@example.org',
          landing: '/',
          ip: noIpPolicy,
          opensStaff: false,
          lifeMs: dayMs,
        },
        nowMs,
      ),
    ),
  )
  await time('spend a link, and open its session', async (i) => {
    const place = links - measured + i
    const at = { customerId: customerOf(place), personId: personOf(place) }
    const id = `lnk_${1_000_000_000_000 + place}`
    const secret = await of.write(function* () {
      yield* spendLink(db, id, nowMs)
      const proof = { kind: 'link', id }
      return yield* openSession(db, secrets, { ...at, proof, way: 'mailed_link', isStaff: false }, nowMs)
    })
    held.push({ customerId: at.customerId, secret })
  })
  await time('check a session that is not recalled', async (i) => {
    const session = await resumeSession(
      { store: of, secrets, clock: () => nowMs },
      held[i] ?? { customerId: '', secret: '' },
    )
    if (!session?.isLive) throw new Error('the session is not there')
  })
  await once('sweep links of a day', () => of.write(() => forgetOldLinks(db, nowMs)))
  await once('sweep links, none too old', () => of.write(() => forgetOldLinks(db, nowMs)))
  await once('sweep sessions', () => of.write(() => forgetOldSessions(db, nowMs)))
  await run('drop index link_by_expiry')
  await once('sweep links, none too old, without link_by_expiry', () =>
    of.write(() => forgetOldLinks(db, nowMs)).catch((error: unknown) => say('  ended', String(error))),
  )
  if (isPostgres) await once('vacuum of links, after the sweep', () => long('vacuum (analyze) link'))
}

async function time(what: string, work: (i: number) => Promise<unknown>): Promise<void> {
  const took: number[] = []
  let next = 0
  async function worker(): Promise<void> {
    for (let i = next++; i < measured; i = next++) {
      const at = performance.now()
      await work(i)
      took.push(performance.now() - at)
    }
  }
  const begunAt = performance.now()
  await Promise.all(Array.from({ length: atOnce }, worker))
  const wholeMs = performance.now() - begunAt
  const sorted = Float64Array.from(took).toSorted()
  const share = (part: number) => quantile(sorted, part).toFixed(1)
  say(
    `${what}, ${atOnce} at once`,
    `p50 ${share(0.5)} ms, p99 ${share(0.99)} ms, ${Math.round((measured / wholeMs) * 1000)}/s`,
  )
}

async function once(what: string, work: () => Promise<unknown>): Promise<void> {
  const begunAt = performance.now()
  await work()
  say(what, `${seconds(begunAt)} s`)
}

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(2)
}
