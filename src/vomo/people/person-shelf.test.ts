import { afterEach, beforeEach, expect, it } from 'vitest'
import { findOrCreatePerson, forgetPerson, markStale, personById } from '../../accounts/people.ts'
import { newDatabase } from '../../store/postgres-server.fixture.ts'
import { openPromise } from '../flow/sleep.ts'
import {
  eventually,
  openTestVomo,
  type Reply,
  startUpstream,
  type Upstream,
  wireUser,
} from '../vomo.fixture.ts'
import type { Vomo } from '../vomo.ts'

const hourMs = 3_600_000
let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
let reply: Reply
let beside: Vomo[]

beforeEach(async () => {
  upstream = await startUpstream(() => reply)
  await open()
})
afterEach(async () => {
  for (const each of beside) await each.close()
  await here.close()
  await upstream.close()
})

async function open(options: { retentionMs?: number; waitMs?: number } = {}) {
  reply = { body: { data: wireUser(1000001) } }
  beside = []
  const server = process.env['TEST_DATABASE_URL']
  const file = server ? await newDatabase(server) : ':memory:'
  here = await openTestVomo(upstream.baseUrl, { retentionMs: 24 * hourMs, budget: 1_000, file, ...options })
  await known('1000001')
}

const known = (vomoUserId: string) =>
  here.store.write(() =>
    findOrCreatePerson(
      here.store.db,
      { customerId: 'riverbend', vomoUserId, address: `person${vomoUserId}@example.org` },
      here.time.nowMs,
    ),
  )

/** The next start, and another process. */
function anew(): Vomo {
  const vomo = here.openBeside()
  beside.push(vomo)
  return vomo
}

const copies = () => here.store.read(here.store.db.selectFrom('vomo_person_copy').selectAll().compile())
const isKept = () => eventually(async () => (await copies()).length === 1)
const ask = (vomo = here.vomo, id = '1000001') => vomo.user('riverbend', id)

it('a record that was asked for serves the next start and other processes, as old as it is', async () => {
  const first = await ask()
  await isKept()
  here.time.nowMs += 60_000
  expect(await ask(anew())).toEqual(first)
  expect(upstream.calls).toHaveLength(1)
  here.time.nowMs += 1
  expect((await ask(anew()))?.fetchedAtMs).toBe(here.time.nowMs)
  expect(upstream.calls).toHaveLength(2)
})

it('while VOMO fails, a start that finds the copy shows it, by the same rules of age', async () => {
  const first = await ask()
  await isKept()
  reply = { status: 500 }
  here.time.nowMs += 15 * 60_000
  expect(await ask(anew())).toEqual(first)
  here.time.nowMs += 1
  await expect(ask(anew())).rejects.toMatchObject({ code: 'vomo_unavailable' })
  const down = anew()
  for (let i = 0; i < 5; i++) await ask(down).catch(() => {})
  here.time.nowMs = (first?.fetchedAtMs ?? 0) + 24 * hourMs
  expect(await ask(down)).toEqual(first)
  here.time.nowMs += 1
  await expect(ask(down)).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

it('a slow answer never replaces one that another process asked for later', async () => {
  const { promise, resolve } = openPromise()
  reply = { body: { data: wireUser(1000001, { first_name: 'Slow' }) }, after: promise }
  const slow = ask()
  await eventually(() => upstream.calls.length === 1)
  here.time.nowMs += 1_000
  reply = { body: { data: wireUser(1000001, { first_name: 'Later' }) } }
  expect((await ask(anew()))?.value.firstName).toBe('Later')
  await isKept()
  resolve()
  expect((await slow)?.value.firstName).toBe('Slow')
  await here.vomo.close()
  expect((await ask(anew()))?.value.firstName).toBe('Later')
})

it('a write made here is never undone by an older copy', async () => {
  const { promise, resolve } = openPromise()
  const user = await ask()
  if (!user) throw new Error('no record')
  await isKept()
  here.time.nowMs += 61_000
  reply = { body: { data: wireUser(1000001, { first_name: 'Before' }) }, after: promise }
  const slow = ask()
  await eventually(() => upstream.calls.length === 2)
  here.time.nowMs += 1_000
  reply = { body: { data: wireUser(1000001, { first_name: 'Written' }) } }
  const wanted = {
    firstName: 'Written',
    lastName: 'Quist',
    phone: null,
    birthday: '1990-01-01',
    gender: 'F',
  } as const
  expect(await here.vomo.saveUser('riverbend', user.value, wanted)).toMatchObject({ outcome: 'answered' })
  resolve()
  await slow
  await here.vomo.close()
  const next = anew()
  here.time.nowMs += 2
  expect((await ask(next))?.value.firstName).toBe('Written')
  expect(upstream.calls).toHaveLength(3)
  // A write by a process that kept nothing is known by its moment.
  reply = { body: { data: wireUser(1000001, { first_name: 'Elsewhere' }) } }
  const since = { notBeforeMs: here.time.nowMs }
  expect((await anew().user('riverbend', '1000001', since))?.value.firstName).toBe('Elsewhere')
})

it('only people known here leave a copy, and it goes with them', async () => {
  await ask(here.vomo, '1000001')
  await isKept()
  reply = { body: { data: wireUser(2000002) } }
  await ask(here.vomo, '2000002')
  await here.vomo.close()
  const [copy, ...more] = await copies()
  expect(more).toEqual([])
  await here.store.write(() => forgetPerson(here.store.db, copy?.person_id ?? ''))
  expect(await copies()).toEqual([])
})

it('a read under way while a person is erased, or turned out, leaves none behind', async () => {
  const late = anew()
  reply = { ...reply, body: { data: wireUser(1000001) } }
  await ask(late)
  const [{ id } = { id: '' }] = await here.store.read(
    here.store.db.selectFrom('person').select('id').compile(),
  )
  await here.store.write(function* () {
    yield* markStale(here.store.db, yield* personById(here.store.db, id), here.time.nowMs)
  })
  await late.close()
  expect(await copies()).toEqual([])
  beside = []
  const later = anew()
  await ask(later)
  await here.store.write(() => forgetPerson(here.store.db, id))
  await later.close()
  beside = []
  expect(await copies()).toEqual([])
})

it('a copy is deleted with the account’s address, when it is forgotten, and a day after it was asked for', async () => {
  await ask()
  await isKept()
  const [{ id } = { id: '' }] = await here.store.read(
    here.store.db.selectFrom('person').select('id').compile(),
  )
  here.time.nowMs += 1
  here.vomo.forget('riverbend', '1000001')
  await eventually(async () => (await copies()).length === 0)
  await ask()
  await isKept()
  const [forgetOld] = here.vomo.sweeps
  const sweep = () => here.store.write(() => forgetOld?.(here.store.db, here.time.nowMs) as never)
  here.time.nowMs += 24 * hourMs - 1
  await sweep()
  expect(await copies()).toHaveLength(1)
  here.time.nowMs += 1
  await sweep()
  expect(await copies()).toEqual([])
  await ask()
  await isKept()
  await here.store.write(function* () {
    yield* markStale(here.store.db, yield* personById(here.store.db, id), here.time.nowMs)
  })
  expect(await copies()).toEqual([])
})

it('what is sealed decides whose a copy is, not the row it lies in; and another token’s is none', async () => {
  await known('1000002')
  upstream.answer = (path) => ({ body: { data: wireUser(Number(path.split('/').at(-1))) } })
  await ask(here.vomo, '1000001')
  await ask(here.vomo, '1000002')
  await eventually(async () => (await copies()).length === 2)
  const [one, two] = await copies()
  await here.store.write(function* () {
    for (const [to, from] of [
      [one, two],
      [two, one],
    ])
      yield here.store.db
        .updateTable('vomo_person_copy')
        .set({ body_sealed: from?.body_sealed as never })
        .where('person_id', '=', to?.person_id ?? '')
        .compile()
  })
  const next = anew()
  expect((await ask(next, '1000001'))?.value.id).toBe('1000001')
  expect((await ask(next, '1000002'))?.value.id).toBe('1000002')
  expect(upstream.calls).toHaveLength(4)
  await next.close()
  beside = []
  await here.store.write(function* () {
    yield here.store.db
      .updateTable('vomo_access')
      .set({ base_url: `${upstream.baseUrl}/` })
      .compile()
  })
  await ask(anew())
  expect(upstream.calls).toHaveLength(5)
})

it('a body holds nothing readable, and 0 hours keep none', async () => {
  await ask()
  await isKept()
  const [copy] = await copies()
  expect(Buffer.from(copy?.body_sealed ?? []).toString('latin1')).not.toMatch(/Mara|example|1000001/)
  await here.close()
  await open({ retentionMs: 0 })
  await ask()
  await here.vomo.close()
  expect(await copies()).toEqual([])
})

it('a record said to have changed is asked for at its next use, and serves on while VOMO does not answer', async () => {
  const first = await ask()
  here.time.nowMs += 1
  here.vomo.changed({
    customerId: 'riverbend',
    subject: 'user',
    vomoId: '1000001',
    toldAtMs: here.time.nowMs,
  })
  here.time.nowMs += 1
  reply = { status: 500 }
  expect(await ask()).toEqual(first)
  reply = { body: { data: wireUser(1000001, { first_name: 'Changed' }) } }
  expect((await ask())?.value.firstName).toBe('Changed')
  await ask()
  expect(upstream.calls).toHaveLength(3)
})

it('a background read renews a copy that a visitor’s use has left, and leaves none itself', async () => {
  const inBackground = { inBackground: true }
  await here.vomo.user('riverbend', '1000001', inBackground)
  here.time.nowMs += 61_000
  const one = anew()
  await one.user('riverbend', '1000001', inBackground)
  await one.close()
  beside = []
  expect(await copies()).toEqual([])
  await ask()
  await isKept()
  here.time.nowMs += 61_000
  await anew().user('riverbend', '1000001', inBackground)
  await eventually(async () => (await copies())[0]?.asked_at_ms === here.time.nowMs)
})

/** Processes that know of each other, as four do on one database. */
const four = () =>
  Array.from({ length: 4 }, () => {
    const vomo = here.openBeside({ share: async () => new Set(), count: () => 4 })
    beside.push(vomo)
    return vomo
  })

it('a thousand views at once of one record that no process holds cost one call over four of them', async () => {
  reply = { ...reply, delayMs: 300 }
  const processes = four()
  const all = await Promise.all(Array.from({ length: 1_000 }, (_, i) => ask(processes[i % 4])))
  expect(new Set(all.map((held) => held?.fetchedAtMs)).size).toBe(1)
  expect(upstream.calls).toHaveLength(1)
  const claims = () => here.store.read(here.store.db.selectFrom('vomo_person_read').selectAll().compile())
  await eventually(async () => (await claims()).length === 0)
})

it('the next process leads a second after its leader died, and where the leader gets no answer', async () => {
  const [one, two] = four()
  const claim = { customer_id: 'riverbend', vomo_user_id: '1000001', until_ms: here.time.nowMs + 1_000 }
  await here.store.write(function* () {
    yield here.store.db.insertInto('vomo_person_read').values(claim).compile()
  })
  const waits = ask(one)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(upstream.calls).toHaveLength(0)
  here.time.nowMs += 1_000
  expect((await waits)?.value.id).toBe('1000001')
  expect(upstream.calls).toHaveLength(1)

  here.time.nowMs += 61_000
  reply = { status: 500, delayMs: 100 }
  const first = await Promise.all([ask(one), ask(two)])
  expect(first.map((held) => held?.value.id)).toEqual(['1000001', '1000001'])
  expect(upstream.calls.length).toBeLessThanOrEqual(3)
})
