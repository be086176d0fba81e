import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountsPart } from '../src/accounts/part.ts'
import {
  findOrCreatePerson,
  forgetPerson,
  type Person,
  personById,
  setStanding,
  welcomeBack,
} from '../src/accounts/people.ts'
import { normalizeAddress } from '../src/address.ts'
import { type Jobs, startJobs } from '../src/jobs.ts'
import { noMeter } from '../src/metrics.ts'
import type { Tools } from '../src/part.ts'
import { closeByHand } from '../src/problems/problems.ts'
import { makeSampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'
import { noteIdentity } from '../src/sign-in/provider/identities.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import { createAccess, grantVomoAccess } from '../src/vomo/access/access.ts'
import { createDirectory } from '../src/vomo/directory/directory.ts'
import { addCustomer, logTo, secrets } from '../src/vomo/vomo.fixture.ts'
import { createVomo, type Vomo } from '../src/vomo/vomo.ts'
import { VomoFailure } from '../src/vomo/wire/failure.ts'
import { openRows, type Rows, type TestDatabase, testDatabase } from './database.ts'

/** What is wrong between the people known here and VOMO is found before they meet it. */

const minuteMs = 60_000
const everyMs = 15 * minuteMs
const dayMs = 24 * 60 * minuteMs
const customerId = 'riverbend'
const folder = mkdtempSync(join(tmpdir(), 'porchlight-found-early-'))
const world = makeSampleWorld({ nowMs: Date.now() })
const [organization] = world.customers
if (!organization) throw new Error('a world without customers')
const { records, vomoToken: token } = organization

let nowMs = Date.now()
const clock = () => nowMs
const logged: string[] = []
const log = logTo(logged)
let place: TestDatabase
let store: Store
let rows: Rows
let sandbox: Sandbox
let vomo: Vomo
let directory: ReturnType<typeof createDirectory>
let jobs: Jobs[] = []
/** Known here, each with an address of their own; and users who never came. */
let people: { person: Person; id: number }[]
let others: number[]

beforeAll(async () => {
  sandbox = await startSandbox({ world, port: 0, clock, rateLimits: { portal: 1_000_000, probe: 1_000_000 } })
  place = await testDatabase(folder)
  store = await openStore({ database: place.database })
  rows = await openRows(place.database)
  await addCustomer(store, customerId)
  const baseUrl = `${sandbox.url}/v1`
  await store.write(() =>
    grantVomoAccess(store.db, secrets, { customerId, baseUrl, token, budgetPerMinute: 10_000 }),
  )
  vomo = createVomo({ store, secrets, clock, log })
  const access = createAccess({ store, secrets })
  directory = createDirectory({ store, secrets, access, clock, isAway: () => false, everyMs })
  const part = accountsPart({ store, secrets, clock, log, vomo } as Tools)
  // As in two processes.
  const { workers, due } = part
  jobs = [1, 2].map(() =>
    startJobs({ store, secrets, clock, log, meter: noMeter, workers, due: (atMs) => due(store.db, atMs) }),
  )

  const at = (email: string | null) => (email === null ? undefined : normalizeAddress(email))
  const uses = new Map<string | undefined, number>()
  for (const { email, is_removed } of records.users)
    if (!is_removed) uses.set(at(email), (uses.get(at(email)) ?? 0) + 1)
  const known = records.users.flatMap(({ id, email, is_removed }) => {
    const address = at(email)
    return !is_removed && address !== undefined && uses.get(address) === 1 ? [{ id, address }] : []
  })
  others = known.splice(0, 180).map(({ id }) => id)
  people = await store.write(function* () {
    const found: typeof people = []
    for (const { id, address } of known) {
      const met = { customerId, vomoUserId: String(id), address }
      found.push({ id, person: yield* findOrCreatePerson(store.db, met, nowMs) })
    }
    return found
  })
  nowMs += minuteMs
})
afterAll(async () => {
  for (const each of jobs) await each.close()
  await vomo.close()
  await rows.close()
  await store.close()
  await sandbox.close()
  await place.drop()
  rmSync(folder, { recursive: true })
})

async function ask(query: Readonly<Record<string, string>>): Promise<unknown> {
  const answer = await request(`${sandbox.url}/v1/users?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new VomoFailure('server', { status: answer.statusCode })
  return JSON.parse(text)
}

/** So much time passes, with the directory read as in the background, and the people compared. */
async function pass(ms: number): Promise<void> {
  const stepMs = Math.min(ms, 2 * 60 * minuteMs)
  for (const endMs = nowMs + ms; nowMs < endMs; ) {
    nowMs += stepMs
    await directory.renew(customerId, ask).catch((error: unknown) => {
      if (!(error instanceof VomoFailure)) throw error
    })
    await Promise.all(jobs.map((each) => each.idle()))
  }
}

const wholeAtMs = async () =>
  (await rows.one<{ whole_at_ms: number }>('select whole_at_ms from vomo_directory')).whole_at_ms

/** The next whole walk is a day ahead. */
async function passWholeWalk(): Promise<void> {
  const before = await wholeAtMs()
  for (let stepMs = dayMs - everyMs; (await wholeAtMs()) === before; stepMs = everyMs) {
    nowMs += stepMs - everyMs
    await pass(everyMs)
  }
}

async function control(method: 'PUT' | 'POST', path: string, change: object): Promise<void> {
  const body = JSON.stringify(change)
  const answer = await request(`${sandbox.url}/__sandbox/${path}`, { method, body })
  await answer.body.dump()
  expect(answer.statusCode).toBe(200)
}
const options = (change: object) => control('PUT', 'options', change)
const change = (id: number, to: object) => control('POST', `people/${id}?customer=riverbend`, to)
const user = (id: number) => {
  const found = records.users.find((each) => each.id === id)
  if (!found) throw new Error('no such user')
  return found
}

async function open(): Promise<string[]> {
  const found = await rows.all<{ kind: string; subject: string }>(
    'select kind, subject from problem where closed_at_ms is null',
  )
  return found.map(({ kind, subject }) => `${kind} ${subject}`).toSorted()
}
const marked = () => rows.count(`person where standing <> 'active'`)
const personOfId = (id: string) => store.write(() => personById(store.db, id))

it('of people who are as VOMO has them, nothing is wrong', async () => {
  await pass(everyMs)
  expect(await rows.count('vomo_directory where whole_at_ms is not null')).toBe(1)
  expect(people.length).toBeGreaterThan(1_700)
  expect(await open()).toEqual([])
}, 120_000)

it.each([
  ['404 to everything', () => options({ not_found: 'everything' }), () => options({ not_found: 'nothing' })],
  ['500 to everything', () => options({ fail_rate: 1 }), () => options({ fail_rate: 0 })],
  ['empty lists', () => options({ empty_user_lists: true }), () => options({ empty_user_lists: false })],
  ['half of its people', () => halve(true), () => halve(false)],
] as const)(
  'while VOMO answers with %s for two days, no one is marked',
  async (_, begin, end) => {
    await begin()
    await pass(2 * dayMs)
    expect(await open()).toEqual([])
    expect(await marked()).toBe(0)
    await end()
    await pass(everyMs)
  },
  120_000,
)

it('nor by a first reading that shows half of its people', async () => {
  await halve(true)
  await store.write(function* () {
    yield store.db.deleteFrom('vomo_directory').compile()
  })
  await pass(2 * dayMs)
  expect(await rows.count('vomo_directory where doubted = 0 and whole_at_ms is not null')).toBe(1)
  expect(await open()).toEqual([])
  expect(logged.join('\n')).toContain('so many people are not listed that VOMO is at fault')
  await halve(false)
  await pass(dayMs)
}, 120_000)

async function halve(isHalf: boolean): Promise<void> {
  for (const { id } of people.filter((_, at) => at % 2 === 0)) user(id).is_removed = isHalf
}

it('of 500 changes all are found, none falsely, and all that heal close by themselves', async () => {
  await passWholeWalk()
  const expected: string[] = []
  const heals: (() => Promise<void>)[] = []
  const lonely = [...others]
  const expects = (kind: string, { person }: { person: Person }) => expected.push(`${kind} ${person.id}`)
  // Until a whole walk misses it, the record that was merged into another still stands beside it.
  const quick = () =>
    expected
      .filter((each) => !each.startsWith('record_gone'))
      .map((each) => each.replace('merged', 'two_records'))
      .toSorted()
  const taken = async (email: string) => {
    const id = lonely.shift() ?? 0
    const { email: before } = user(id)
    await change(id, { email })
    return () => change(id, { email: before })
  }
  for (const [at, each] of people.slice(0, 500).entries()) {
    const { id, person } = each
    if (at < 150) {
      await change(id, { email: `moved-${at}@example.org` })
      heals.push(() => change(id, { email: person.address }))
      expects('address_changed', each)
    } else if (at < 250) {
      await change(id, { scrub: true })
      heals.push(() => change(id, { restored: true }))
      expects('address_changed', each)
    } else if (at < 330) {
      await change(id, { removed: true })
      heals.push(() => change(id, { restored: true }))
      expects('record_gone', each)
    } else if (at < 400) {
      const giveBack = await taken(person.address)
      await change(id, { removed: true })
      heals.push(async () => {
        await giveBack()
        await change(id, { restored: true })
      })
      expects('merged', each)
    } else {
      heals.push(await taken(person.address))
      expects('two_records', each)
    }
  }
  // Changes that are none of who it is.
  for (const { id } of people.slice(500, 700))
    await change(id, { phone: '214-555-0199', last_name: 'Renamed' })
  // These proved their new address before the directory heard of it.
  nowMs += minuteMs
  for (const { id, person } of people.slice(700, 720)) {
    await change(id, { email: `early-${id}@example.org` })
    nowMs += 1_000
    await store.write(() => welcomeBack(store.db, person.id, `early-${id}@example.org`, nowMs))
  }

  await pass(everyMs)
  expect(await open()).toEqual(quick())
  await pass(dayMs)
  expect(expected).toHaveLength(500)
  expect(await open()).toEqual(expected.toSorted())
  // Once for each whole walk that showed it again.
  expect((await rows.one<{ count: number }>('select max(count) as count from problem')).count).toBe(2)
  expect(await marked()).toBe(0)

  await passWholeWalk()
  for (const heal of heals) await heal()
  await pass(everyMs)
  expect((await open()).filter((each) => /^(?:address_changed|two_records)/.test(each))).toEqual([])
  await pass(dayMs)
  expect(await open()).toEqual([])
  expect(await marked()).toBe(0)
}, 240_000)

it('what staff closed with a note stays closed as it is, and is open when the record is missed anew', async () => {
  const [{ id, person }] = people.slice(802) as [(typeof people)[number]]
  const isOpen = async () => (await open()).length === 1
  await passWholeWalk()
  await change(id, { removed: true })
  await passWholeWalk()
  expect(await open()).toEqual([`record_gone ${person.id}`])
  const { id: problem } = await rows.one<{ id: string }>('select id from problem where closed_at_ms is null')
  const closed = { customerId, id: problem, note: 'They left us.', by: 'operator' }
  nowMs += 1_000
  await store.write(() => closeByHand(store.db, closed, nowMs))
  await passWholeWalk()
  expect(await isOpen()).toBe(false)
  await change(id, { restored: true })
  await passWholeWalk()
  await change(id, { removed: true })
  await passWholeWalk()
  expect(await isOpen()).toBe(true)
  await change(id, { restored: true })
  await passWholeWalk()
  expect(await isOpen()).toBe(false)
}, 120_000)

it('who signs in with the record that theirs was merged into has no problem', async () => {
  const [{ id, person }] = people.slice(803) as [(typeof people)[number]]
  const [heir = 0] = others
  await passWholeWalk()
  const before = user(heir).email
  await change(heir, { email: person.address })
  await change(id, { removed: true })
  await passWholeWalk()
  expect(await open()).toEqual([`merged ${person.id}`])
  const met = { customerId, vomoUserId: String(heir), address: person.address }
  const { id: heirId } = await store.write(() => findOrCreatePerson(store.db, met, nowMs))
  await pass(everyMs)
  await change(heir, { phone: '214-555-0100' })
  await pass(everyMs)
  expect(await open()).toEqual([])
  await change(heir, { email: before })
  await change(id, { restored: true })
  await store.write(() => forgetPerson(store.db, heirId))
  await passWholeWalk()
  expect(await open()).toEqual([])
}, 120_000)

it('who was marked gone, and is listed again, is looked up and well', async () => {
  const [{ id, person }] = people.slice(800) as [(typeof people)[number]]
  nowMs += 1_000
  const gone = { standing: 'orphaned', kind: 'person.orphaned', problem: 'record_gone' } as const
  await store.write(() => setStanding(store.db, person, gone, nowMs))
  await pass(everyMs)
  expect(await open()).toEqual([`record_gone ${person.id}`])
  await change(id, { phone: '214-555-0111' })
  await pass(everyMs)
  expect(await open()).toEqual([])
  expect((await personOfId(person.id)).standing).toBe('active')
})

it('a provider that knows someone by another address than VOMO is a problem, until both have the same', async () => {
  const [{ id, person }] = people.slice(801) as [(typeof people)[number]]
  const identity = { customerId, issuer: 'https://id.example', subject: 'their-id' }
  const said = { personId: person.id, address: person.address }
  await store.write(() => noteIdentity(store.db, identity, said, nowMs))
  await change(id, { email: 'elsewhere@example.org' })
  nowMs += 1_000
  await store.write(() => welcomeBack(store.db, person.id, 'elsewhere@example.org', nowMs))
  await pass(everyMs)
  expect(await open()).toEqual([`provider_differs ${person.id}`])
  await change(id, { email: person.address })
  await pass(everyMs)
  expect(await open()).toEqual([`address_changed ${person.id}`])
})

it('in a small organization, those of whom it is known already do not keep the next one from being found', async () => {
  const few = people.slice(900, 980)
  await rows.run('delete from problem')
  await rows.run(`update person set standing = 'disabled'`)
  for (const { person } of few)
    await rows.run(`update person set standing = 'active' where id = ?`, person.id)
  await passWholeWalk()
  const waves = (from: number) => [few.slice(from, from + 6), few.slice(from + 6, from + 11)]

  // Merged, and all signed in again with the record that is left; the problems are forgotten after 90 days.
  const lonely = others.slice(10)
  for (const wave of waves(0)) {
    const heirs = wave.map(({ person: { address } }) => ({ address, id: lonely.shift() ?? 0 }))
    for (const { address, id } of heirs) await change(id, { email: address })
    for (const { id } of wave) await change(id, { removed: true })
    await passWholeWalk()
    expect(await open()).toEqual(wave.map(({ person }) => `merged ${person.id}`).toSorted())
    await store.write(function* () {
      for (const { address, id } of heirs)
        yield* findOrCreatePerson(store.db, { customerId, vomoUserId: String(id), address }, nowMs)
    })
    await passWholeWalk()
    expect(await open()).toEqual([])
    await rows.run('delete from problem where closed_at_ms is not null')
  }

  // Closed by staff.
  for (const wave of waves(11)) {
    for (const { id } of wave) await change(id, { removed: true })
    await passWholeWalk()
    expect(await open()).toEqual(wave.map(({ person }) => `record_gone ${person.id}`).toSorted())
    nowMs += 1_000
    for (const { id } of await rows.all<{ id: string }>('select id from problem where closed_at_ms is null'))
      await store.write(() =>
        closeByHand(store.db, { customerId, id, note: 'They left us.', by: 'operator' }, nowMs),
      )
  }

  const [next] = few.slice(22)
  await change(next?.id ?? 0, { removed: true })
  await passWholeWalk()
  expect(await open()).toEqual([`record_gone ${next?.person.id}`])
}, 120_000)
