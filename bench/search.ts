import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import { openSecrets } from '../src/secrets.ts'
import { findPeople } from '../src/staff/people/found.ts'
import { openStore } from '../src/store/engines.ts'
import { newDatabase, startServer } from '../src/store/postgres-server.fixture.ts'
import { rows } from '../src/store/store.ts'
import { createDirectory } from '../src/vomo/directory/directory.ts'
import { addCustomer } from '../src/vomo/vomo.fixture.ts'
import { fillEvents, timeToday } from './events.ts'
import { quantile } from './figures.ts'

/**
 * `node bench/run.js search [SQLite|PostgreSQL] [people] [events]`: an organization of so many people, each of whom has signed in here and is in
 * the directory, and how long staff's search for some of them takes; and what Today's page takes to count so many sign-ins, emails and
 * audit events.
 */
const [engine = 'SQLite', count = '100000', eventCount = '100000'] = process.argv.slice(2)
const people = Number(count)
const events = Number(eventCount)
const nowMs = Date.now()
const rounds = 100
/** VOMO's have 15; the time to fill is no matter here. */
const usersPerPage = 300
const customerId = 'riverbend'
const secrets = openSecrets(['not-the-secret-of-any-real-house-0123456789'])

const firstNames =
  'Maria José Ana-Lúcia James Wei Fatima Siobhán Dmitri Aisha Liam Noor Chloë Hiroshi Ingrid Kofi Zoë'
const lastNames =
  'Garcia O’Brien Smith Nguyen Vega-Santos Müller Okafor de_la_Cruz Kowalski Johnson Ødegård Haddad'
const some = (list: string, at: number) => {
  const all = list.split(' ')
  return (all[at % all.length] ?? '').replaceAll('_', ' ')
}

/** Surnames of two thousand families, so that a whole name finds tens, as it would. */
const familyOf = (i: number) => `${some(lastNames, i * 7)}${syllables(Math.floor(i / 3) % 2_000)}`

function syllables(n: number): string {
  return [n % 13, Math.floor(n / 13) % 13, Math.floor(n / 169)]
    .map((at) => 'ba de fi go ku la mo ne pi ro su ta vi'.split(' ')[at])
    .join('')
}

const userOf = (i: number) => ({
  type: 'user',
  id: 1_000_000 + i * 7,
  first_name: some(firstNames, i * 5),
  last_name: familyOf(i),
  email: addressOf(i),
  phone: `(555) ${String(i % 1_000).padStart(3, '0')}-${String((i * 7919) % 10_000).padStart(4, '0')}`,
  membership_status: 'ACCEPTED',
  updated_at: '2026-11-04T08:00:00+00:00',
})

function addressOf(i: number): string {
  return `${some(firstNames, i * 5)}.${syllables(i % 2_000)}${i}@gmail.example`
    .normalize('NFKD')
    .replace(/[^\w.@-]/g, '')
    .toLowerCase()
}

const isPostgres = engine === 'PostgreSQL'
const folder = mkdtempSync(join(tmpdir(), 'porchlight-search-'))
const server = isPostgres ? await startServer() : undefined
const database = server ? await newDatabase(server.url) : join(folder, 'porchlight.db')
const store = await openStore({ database })

try {
  await addCustomer(store, customerId)
  const directory = createDirectory({
    store,
    secrets,
    access: {
      read: async () => ({
        baseUrl: 'https://vomo.test/v1',
        token: 'a token',
        budgetPerMinute: 60,
        budgetCeiling: 60,
      }),
    },
    clock: () => nowMs,
    isAway: () => false,
    everyMs: 900_000,
  })
  const begunAt = performance.now()
  await directory.renew(customerId, async ({ page }) => {
    const at = Number(page)
    const last = Math.ceil(people / usersPerPage)
    const from = (at - 1) * usersPerPage
    const data = Array.from({ length: Math.min(usersPerPage, people - from) }, (_, i) => userOf(from + i))
    return {
      data,
      links: { next: at < last ? `page=${at + 1}` : null },
      meta: { current_page: at, last_page: last },
    }
  })
  for (let from = 0; from < people; from += 2_000) await store.write(() => knowFrom(from))
  say(
    `${engine}: ${people} people in the directory, all known here`,
    `${((performance.now() - begunAt) / 1000).toFixed(0)} s to fill`,
  )
  await sayWeight()

  const vomo = { searchPeople: directory.search, listedPeople: directory.listed }
  const find = (typed: string, page = 1) =>
    findPeople({ store, vomo }, { customerId, typed, page, seesWhole: true })
  const at = (i: number) => (i * 7919) % people
  const kinds: Record<string, (i: number) => string> = {
    'a whole name': (i) => `${some(firstNames, at(i) * 5)} ${familyOf(at(i))}`,
    'the beginning of a last name': (i) => familyOf(at(i)).slice(0, 5),
    'two letters': (i) => 'ma jo an ja we fa si dm ai li no ch hi in ko zo'.split(' ')[i % 16] ?? '',
    'a whole address': (i) => addressOf(at(i)),
    'a part of an address': (i) => addressOf(at(i)).slice(2, 12),
    'the end of a phone number': (i) => userOf(at(i)).phone.slice(-4),
    'a word of half of all domains, which finds few': () => 'mail',
    'what no one has': (i) => `qqq${i}`,
  }
  global.gc?.()
  const before = process.memoryUsage().rss
  const all: number[] = []
  const used: number[] = []
  const firstAt = performance.now()
  await find(kinds['a whole name']?.(1) ?? '')
  say('the first search, which reads all sheets', `${(performance.now() - firstAt).toFixed(0)} ms`)
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  async function time(kind: string, search: (i: number) => ReturnType<typeof find>): Promise<void> {
    const took: number[] = []
    const cpu: number[] = []
    let found = 0
    for (let i = 0; i < rounds; i += 1) {
      const askedAt = performance.now()
      const usedBefore = process.cpuUsage()
      found += (await search(i)).total
      took.push(performance.now() - askedAt)
      const { user, system } = process.cpuUsage(usedBefore)
      cpu.push((user + system) / 1_000)
      await setImmediate()
    }
    all.push(...took)
    used.push(...cpu)
    sayTimes(`${kind}, ${Math.round(found / rounds)} found on average`, took)
    sayTimes('  CPU time of this process for each', cpu)
  }
  for (const [kind, typed] of Object.entries(kinds)) await time(kind, (i) => find(typed(i)))
  await time('page 400 of two letters', (i) => find(kinds['two letters']?.(i) ?? '', 400))
  loop.disable()
  sayTimes('all of them', all)
  sayTimes('  CPU time of this process for each', used)
  say('the loop was held up, longest', `${(loop.max / 1e6).toFixed(0)} ms`)
  const atOnce: number[] = []
  await Promise.all(
    Array.from({ length: 4 }, async (_, lane) => {
      for (let i = 0; i < 50; i += 1) {
        const askedAt = performance.now()
        await find(kinds['a whole name']?.(lane * 50 + i) ?? '')
        atOnce.push(performance.now() - askedAt)
      }
    }),
  )
  sayTimes('a whole name, four at once', atOnce)
  global.gc?.()
  say(
    'resident memory, before the searches and after',
    `${mb(before)} and ${mb(process.memoryUsage().rss)} MB`,
  )
  const personId = 'per_1000000000'
  await fillEvents(store, { customerId, personId, events, nowMs, database: server && database })
  say('sign-ins, emails and audit events of 14 days', `${events} each`)
  await timeToday(store, { id: customerId, timeZone: 'America/Chicago' }, nowMs, sayTimes)
} finally {
  await store.close()
  await server?.stop()
  rmSync(folder, { recursive: true })
}

function* knowFrom(from: number) {
  const known = Array.from({ length: Math.min(2_000, people - from) }, (_, i) => ({
    id: `per_${1_000_000_000 + from + i}`,
    customer_id: customerId,
    vomo_user_id: String(userOf(from + i).id),
    address: addressOf(from + i),
    standing: 'active' as const,
    sessions_valid_after_ms: 0,
    record_changed_at_ms: 0,
    language: null,
    missing_since_ms: null,
    missing_seen_ms: null,
    shares_address: 0,
    created_at_ms: nowMs,
  }))
  yield* rows(store.db.insertInto('person').values(known).compile())
}

async function sayWeight(): Promise<void> {
  const [sheets] = await store.read<{ n: number; bytes: number }>(
    CompiledQuery.raw('select count(*) as n, sum(length(body_sealed)) as bytes from vomo_directory_sheet'),
  )
  say('sheets', `${sheets?.n}, ${mb(Number(sheets?.bytes))} MB`)
}

function sayTimes(what: string, took: readonly number[]): void {
  const sorted = Float64Array.from(took).toSorted()
  const share = (part: number) => quantile(sorted, part).toFixed(1)
  say(what, `p50 ${share(0.5)} ms, p99 ${share(0.99)} ms`)
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

function say(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(64)} ${figure}\n`)
}
