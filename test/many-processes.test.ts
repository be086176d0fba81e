import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { newDatabase, type OwnServer, startServer } from '../src/store/postgres-server.fixture.ts'
import { cut, failover, kill, restart } from './drills/drills.ts'
import { allMadeOnce, linkList } from './drills/link-list.ts'
import { type Four, openFour } from './four.ts'
import { buildPortalProcess } from './portals.ts'

/** What holds over many processes on PostgreSQL, shown with four real ones, of which some are killed and others join. */

/** Three of these without a sign of life, and a process counts as dead. */
const beatMs = 300
const limit = { count: 120, perMs: 10_000 }

/** Of VOMO access, so that it divides by four and by three. */
const customers = 12

let server: OwnServer
let four: Four

beforeAll(async () => {
  server = await startServer()
  four = await openFour({
    serverUrl: server.url,
    beatMs,
    warms: true,
    limits: { apiCallsPerToken: limit },
  })
  for (let i = 1; i < customers; i += 1) await four.addCustomer(`customer${i}`)
})
afterAll(async () => {
  await four?.close()
  await server?.stop()
})

const living = async () =>
  (await four.store.read(four.store.db.selectFrom('process').select('id').compile())).length
/** After this all have read who lives. */
async function knownToAll(count: number): Promise<void> {
  await expect.poll(living, { timeout: 10_000, interval: 50 }).toBe(count)
  await pause(2 * beatMs)
}

/** Calls for as long as it takes, and what a limit of one process would have admitted meanwhile. */
async function callUntilRefused(token: string, ms: number) {
  const startedAtMs = performance.now()
  const given = {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '',
  }
  let admitted = 0
  let refused = 0
  do {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => four.ask('POST', '/v1/users/one-time', given)),
    )
    expect(answers.filter(({ status }) => status !== 422 && status !== 429)).toEqual([])
    const now = answers.filter(({ status }) => status === 422).length
    admitted += now
    refused = answers.length - now
  } while (performance.now() - startedAtMs < ms || refused < 30)
  const tookMs = performance.now() - startedAtMs
  return { admitted, tookMs, allowed: limit.count + (limit.count * tookMs) / limit.perMs }
}

it('four together admit what the limit says, within a tenth, also after one was killed and one has joined', async () => {
  await knownToAll(4)
  // Until they have served as long as the limit's span, one that joins has as much of it as each of them.
  await pause(limit.perMs)
  const first = await four.newToken('first')
  const together = await callUntilRefused(first, 500)
  expect(together.admitted / together.allowed).toBeGreaterThan(0.9)
  expect(together.admitted / together.allowed).toBeLessThan(1.1)

  // From here on the first has used up all.
  const sinceMs = performance.now()
  await four.kill(3)
  const killed = await callUntilRefused(first, 1_000)
  await knownToAll(3)
  const fresh = await callUntilRefused(await four.newToken('second'), 500)
  expect(fresh.admitted / fresh.allowed).toBeGreaterThan(0.9)
  expect(fresh.admitted / fresh.allowed).toBeLessThan(1.1)
  await four.add()
  const joined = await callUntilRefused(first, 1_000)
  const next = await callUntilRefused(await four.newToken('third'), 500)
  expect(next.admitted / next.allowed).toBeGreaterThan(0.9)
  expect(next.admitted / next.allowed).toBeLessThan(1.1)
  const elapsedMs = performance.now() - sinceMs + together.tookMs
  const inAll = together.admitted + killed.admitted + joined.admitted
  expect(inAll).toBeLessThan(1.1 * (limit.count + (limit.count * elapsedMs) / limit.perMs))
}, 60_000)

it('each customer is kept warm by one process, evenly, and what a killed one had the others have', async () => {
  const holders = async () => {
    const { db } = four.store
    const leases = await four.store.read(
      db.selectFrom('lease').select('process_id').where('kind', '=', 'warming').compile(),
    )
    const counts = new Map<string, number>()
    for (const { process_id: id } of leases) counts.set(id, (counts.get(id) ?? 0) + 1)
    return [...counts.values()]
  }
  await knownToAll(4)
  await expect.poll(holders, { timeout: 20_000 }).toEqual([3, 3, 3, 3])
  await four.kill(0)
  await expect.poll(holders, { timeout: 20_000 }).toEqual([4, 4, 4])
  await four.add()
  await expect.poll(holders, { timeout: 20_000 }).toEqual([3, 3, 3, 3])
}, 90_000)

it('a session that ends at one process is dead at every other with its next request', async () => {
  const rounds = 20
  for (let round = 0; round < rounds; round += 1) {
    const session = await four.signIn(`session${round}`)
    const asked = { headers: { cookie: session } }
    const isOpenAt = async ({ port }: { port: number }) =>
      (await four.askAt(port, 'GET', '/portal/api/limits', asked)).status === 200
    expect(await Promise.all(four.portals.map(isOpenAt))).toEqual([true, true, true, true])
    const at = four.portals[round % 4]?.port ?? 0
    expect((await four.askAt(at, 'POST', '/sign-out', asked)).status).toBe(303)
    expect(await Promise.all(four.portals.map(isOpenAt)), `round ${round}`).toEqual(Array(4).fill(false))
  }
}, 60_000)

it('a thousand views at once of one volunteer whose record no process holds cost one call to VOMO', async () => {
  const cookie = await four.signIn('hot')
  const asked = { headers: { cookie } }
  const callsOf = () => four.vomo.calls.filter(({ path }) => path === '/users/hot').length
  expect(callsOf()).toBe(0)
  const views = Array.from({ length: 1_000 }, () => four.ask('GET', '/portal/api/me', asked))
  const statuses = (await Promise.all(views)).map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(callsOf()).toBe(1)
}, 60_000)

it('a setting that is changed anywhere shows everywhere within a second, and at once where nothing is heard', async () => {
  const rename = (name: string) =>
    four.store.write(() =>
      setCustomer(four.store.db, { slug: 'riverbend', by: operator, changes: { name } }, Date.now()),
    )
  const nameAt = async ({ port }: { port: number }) =>
    /<title>[^<]* · ([^<]*)<\/title>/.exec((await four.askAt(port, 'GET', '/sign-in')).text)?.[1]
  const shown = () => Promise.all(four.portals.map(nameAt))
  await rename('First Name')
  await expect.poll(shown, { timeout: 5_000 }).toEqual(Array(4).fill('First Name'))
  const startedAtMs = performance.now()
  await rename('Second Name')
  await expect.poll(shown, { timeout: 5_000, interval: 20 }).toEqual(Array(4).fill('Second Name'))
  expect(performance.now() - startedAtMs).toBeLessThan(3_000)

  // One hears nothing, and then asks the database each time.
  const [deaf] = four.portals
  if (!deaf) throw new Error('no process')
  deaf.proxy.refuse()
  await rename('Third Name')
  deaf.proxy.accept()
  expect(await nameAt(deaf)).toBe('Third Name')
  await expect.poll(shown, { timeout: 5_000 }).toEqual(Array(4).fill('Third Name'))
}, 60_000)

it('of processes that are killed, no sign-in and no email is lost or doubled, and their work goes on', async () => {
  const before = four.faults().length
  const { kills } = await kill(four, 4)
  expect(kills).toBe(4)
  expect(four.faults().slice(before)).toEqual([])
}, 120_000)

it.each([
  ['restarts', () => restart(four, server, 1)],
  ['crashes and is away for a while', () => failover(four, server, 1)],
  ['is cut off from every process', () => cut(four, 1)],
])(
  'while PostgreSQL %s, no sign-in and no email is lost or doubled, and all is well soon',
  async (_, drill) => {
    const figures = await drill()
    expect(figures['sign-ins']).toBeGreaterThan(5)
  },
  120_000,
)

it('a list of links that a killed process was making is made to its end by another, none lost, none doubled', async () => {
  const people = 200
  const script = await buildPortalProcess()
  const database = await newDatabase(server.url)
  const figures = await linkList({ script, database, people, kills: 2, beatMs })
  expect(figures).toMatchObject(allMadeOnce(people))
}, 120_000)
