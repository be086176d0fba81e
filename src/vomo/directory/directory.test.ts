import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../store/engines.ts'
import { newDatabase } from '../../store/postgres-server.fixture.ts'
import { rows, type Store } from '../../store/store.ts'
import { type CountedKind, countDelivery } from '../../webhooks/counts.ts'
import { disableWebhook, enableWebhook } from '../../webhooks/webhooks.ts'
import { addCustomer, secrets, startOfTest, wirePage, wireUser } from '../vomo.fixture.ts'
import { VomoFailure } from '../wire/failure.ts'
import { createDirectory, directoryProgress } from './directory.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const everyMs = 15 * minuteMs

let store: Store
let nowMs: number
let isDown: boolean
let token: string
/** What VOMO lists, by id, with the moment of each record's last change. */
let people: Map<number, { email: string | null; changedAtMs: number; lastName?: string; phone?: string }>
let asked: Readonly<Record<string, string>>[]
/** What VOMO answers in place of a page. */
let instead: ((query: Readonly<Record<string, string>>) => unknown) | undefined

beforeEach(async () => {
  const server = process.env['TEST_DATABASE_URL']
  store = await openStore({ database: server ? await newDatabase(server) : ':memory:' })
  for (const id of ['riverbend', 'hillside']) await addCustomer(store, id)
  nowMs = startOfTest
  isDown = false
  token = 'a token'
  asked = []
  instead = undefined
  people = new Map(
    Array.from({ length: 100 }, (_, i) => [
      i + 1,
      { email: `person${i + 1}@example.org`, changedAtMs: nowMs - dayMs },
    ]),
  )
})
afterEach(() => store.close())

const open = () =>
  createDirectory({
    store,
    secrets,
    access: {
      read: async () => ({ baseUrl: 'https://vomo.test/v1', token, budgetPerMinute: 60, budgetCeiling: 60 }),
    },
    clock: () => nowMs,
    isAway: () => isDown,
    everyMs,
  })

async function ask(query: Readonly<Record<string, string>>): Promise<unknown> {
  asked.push(query)
  const other = instead?.(query)
  if (other !== undefined) return other
  const sinceMs = Date.parse(query['updated_after'] ?? '1969-01-01')
  const listed = [...people].filter(([, { changedAtMs }]) => changedAtMs > sinceMs)
  const page = Number(query['page'])
  const wire = listed
    .slice((page - 1) * 15, page * 15)
    .map(([id, { email, lastName, phone }]) => wireUser(id, { email, phone, last_name: lastName ?? 'Quist' }))
  return wirePage(wire, page, Math.max(1, Math.ceil(listed.length / 15)))
}

const renew = () => open().renew('riverbend', ask)
const at = async (address: string, customerId = 'riverbend') => (await open().userAt(customerId, address))?.id
const progress = async () => (await directoryProgress(store))[0]

it('says who has an address once it was read whole, at once and without a call, to its customer alone', async () => {
  expect(await at('person7@example.org')).toBeUndefined()
  await renew()
  expect(asked).toHaveLength(7)
  expect(await open().userAt('riverbend', 'Person7@Example.ORG')).toEqual({ id: '7', firstName: 'Mara' })
  expect(await at('nobody@example.org')).toBeUndefined()
  expect(await at('person7@example.org', 'hillside')).toBeUndefined()
  expect(asked).toHaveLength(7)
  expect(await progress()).toMatchObject({ people: 100, unseen: 0, walk: 1, pagesLeft: 0, newsAtMs: nowMs })
})

it('goes on where a walk broke off, in whichever process, and says nothing before its end', async () => {
  instead = ({ page }) => {
    if (page === '4') throw new VomoFailure('server', { status: 500 })
    return undefined
  }
  await expect(renew()).rejects.toThrow(VomoFailure)
  expect(await at('person7@example.org')).toBeUndefined()
  expect(await progress()).toMatchObject({ people: 45, pagesLeft: 4, wholeAtMs: null, newsAtMs: null })
  instead = undefined
  await renew()
  expect(asked.map(({ page }) => page)).toEqual(['1', '2', '3', '4', '4', '5', '6', '7'])
  expect(await at('person7@example.org')).toBe('7')
})

it('says of many addresses at once what it says of each', async () => {
  people.set(8, { email: 'shared@example.org', changedAtMs: nowMs })
  people.set(9, { email: 'shared@example.org', changedAtMs: nowMs })
  const addresses = [
    'person7@example.org',
    'shared@example.org',
    'nobody@example.org',
    'person10@example.org',
  ]
  const together = async () => Object.fromEntries(await open().usersAt('riverbend', addresses))
  expect(await together()).toEqual({})
  await renew()
  const named = (id: string) => ({ id, firstName: 'Mara' })
  expect(await together()).toEqual({ 'person7@example.org': named('7'), 'person10@example.org': named('10') })
  expect(await open().usersAt('hillside', addresses)).toEqual(new Map())
  expect(await open().usersAt('riverbend', [])).toEqual(new Map())
  await store.write(() =>
    rows(
      store.db
        .updateTable('vomo_directory_entry')
        .set({ body_sealed: Buffer.from('not sealed by us') })
        .where('vomo_user_id', '=', '7')
        .compile(),
    ),
  )
  expect(await together()).toEqual({ 'person10@example.org': named('10') })
  nowMs += 30 * minuteMs + 1
  expect(await together()).toEqual({})
})

it('learns of changes by asking for them every quarter of an hour, which costs a page', async () => {
  await renew()
  nowMs += everyMs - 1
  await renew()
  expect(asked).toHaveLength(7)
  nowMs += 1
  people.set(7, { email: 'moved@example.org', changedAtMs: nowMs - minuteMs })
  people.set(101, { email: 'new@example.org', changedAtMs: nowMs - minuteMs })
  await renew()
  expect(asked).toHaveLength(8)
  expect(await at('person7@example.org')).toBeUndefined()
  expect(await at('moved@example.org')).toBe('7')
  expect(await at('new@example.org')).toBe('101')
})

const tell = (kind: string, atMs = nowMs) =>
  store.write(() => countDelivery(store.db, { customerId: 'riverbend', kind: kind as CountedKind }, atMs))
const isEnabled = (secret = 'a secret of the webhook') =>
  store.write(() =>
    enableWebhook(store.db, secrets, { customerId: 'riverbend', secret, endsFormer: false }, nowMs),
  )

/** So much of a steady day passes. @returns the calls that it cost */
async function pass(ms: number, told: readonly string[] = []): Promise<number> {
  const before = asked.length
  for (const endMs = nowMs + ms; nowMs < endMs; ) {
    nowMs += everyMs
    for (const kind of told) await tell(kind, nowMs - minuteMs)
    await renew()
    // It is as young as with news of its own.
    expect(await at('person7@example.org')).toBe('7')
  }
  return asked.length - before
}

it('asks for news a few times a day where webhooks tell of other things, and for a whole day 95 times without', async () => {
  await renew()
  expect(await pass(dayMs - everyMs)).toBe(95)
  await isEnabled()
  await pass(everyMs)
  expect(await pass(dayMs - everyMs, ['participation.updated'])).toBeLessThanOrEqual(5)
})

it('asks for news at once where webhooks tell of people, and loses nothing that they did not tell of', async () => {
  await isEnabled()
  await renew()
  expect(await pass(60 * minuteMs, ['participation.created'])).toBeLessThanOrEqual(1)
  people.set(8, { email: 'not-told-of@example.org', changedAtMs: nowMs - 30 * minuteMs })
  await pass(60 * minuteMs, ['project.updated'])
  expect(await at('not-told-of@example.org')).toBeUndefined()
  expect(await pass(everyMs, ['user.updated'])).toBe(1)
  expect(await at('not-told-of@example.org')).toBe('8')
})

it('spreads a whole walk over a week where webhooks tell, and who moved up a page meanwhile was not missed', async () => {
  await renew()
  await isEnabled()
  const walked = () => asked.filter((query) => query['updated_after'] === undefined).length
  async function pagesOfDay(): Promise<number> {
    const before = walked()
    nowMs += dayMs
    await tell('participation.updated', nowMs - minuteMs)
    await renew()
    return walked() - before
  }
  for (let day = 1; day <= 6; day++) expect(await pagesOfDay()).toBe(0)
  expect(await pagesOfDay()).toBe(1)
  for (let day = 8; day <= 13; day++) {
    if (day === 10) people.delete(1)
    expect(await pagesOfDay()).toBe(2)
    expect(await at('person99@example.org')).toBe('99')
  }
  expect(await progress()).toMatchObject({ walk: 2, pagesLeft: 0, unseen: 0 })
  people.delete(50)
  for (let day = 14; day <= 20; day++) await pagesOfDay()
  expect(await progress()).toMatchObject({ walk: 3, unseen: 2 })
})

it.each([
  ['fall silent', () => Promise.resolve()],
  ['are forged', () => tell('forged')],
  ['are disabled', () => store.write(() => disableWebhook(store.db, 'riverbend', nowMs))],
])('has its old pace within an hour after webhooks %s', async (_, happens) => {
  await isEnabled()
  await renew()
  await pass(2 * 60 * minuteMs, ['participation.updated'])
  const before = asked.length
  await happens()
  await pass(60 * minuteMs)
  expect(asked.length).toBeGreaterThan(before)
  expect(await pass(60 * minuteMs)).toBe(4)
})

it('speaks for half an hour after its last news, and for a day while the breaker is open', async () => {
  await renew()
  nowMs += 30 * minuteMs
  expect(await at('person7@example.org')).toBe('7')
  nowMs += 1
  expect(await at('person7@example.org')).toBeUndefined()
  isDown = true
  expect(await at('person7@example.org')).toBe('7')
  nowMs += dayMs
  expect(await at('person7@example.org')).toBeUndefined()
  nowMs = startOfTest - 2 * minuteMs
  expect(await at('person7@example.org')).toBeUndefined()
})

it('names no one where two records have the address, or none can be one', async () => {
  people.set(8, { email: 'PERSON7@example.org', changedAtMs: 0 })
  people.set(9, { email: null, changedAtMs: 0 })
  people.set(10, { email: 'no address', changedAtMs: 0 })
  await renew()
  expect(await at('person7@example.org')).toBeUndefined()
  expect(await at('')).toBeUndefined()
  expect(await at('no address')).toBeUndefined()
})

it('is read whole once a day, marks who is not met, and names them no more', async () => {
  await renew()
  people.delete(7)
  nowMs += everyMs
  await renew()
  expect(await at('person7@example.org')).toBe('7')
  nowMs = startOfTest + dayMs
  await renew()
  expect(await at('person7@example.org')).toBeUndefined()
  expect(await progress()).toMatchObject({ people: 100, unseen: 1, doubted: 0, walk: 2 })
  people.set(7, { email: 'person7@example.org', changedAtMs: 0 })
  nowMs += dayMs
  await renew()
  expect(await at('person7@example.org')).toBe('7')
  expect(await progress()).toMatchObject({ unseen: 0, walk: 3 })
})

it.each([
  ['half of its people', ({ page }: { page?: string }) => (page === '4' ? wirePage([], 4, 4) : undefined)],
  ['an empty list', () => wirePage([], 1, 1)],
  [
    'what is not there',
    () => {
      throw new VomoFailure('not_understood', { status: 404 })
    },
  ],
  [
    'faults',
    () => {
      throw new VomoFailure('server', { status: 500 })
    },
  ],
])('of a VOMO that answers with %s, marks no one', async (_, answer) => {
  await renew()
  nowMs += dayMs
  instead = (query) => (query['updated_after'] === undefined ? answer(query) : undefined)
  await renew().catch(() => {})
  expect(await progress()).toMatchObject({ people: 100, unseen: 0 })
  expect(await at('person99@example.org')).toBe('99')
})

it('reads news while a long walk is under way, and a page whose paging goes in circles ends it', async () => {
  await renew()
  nowMs += dayMs
  people.set(1, { email: 'first@example.org', changedAtMs: nowMs })
  const walking: string[] = []
  instead = (query) => {
    walking.push(query['updated_after'] === undefined ? 'page' : 'news')
    nowMs += 5 * minuteMs
    return undefined
  }
  await renew()
  expect(walking.filter((kind) => kind === 'news').length).toBeGreaterThan(2)
  expect(walking.filter((kind) => kind === 'page')).toHaveLength(7)
  nowMs += dayMs
  asked = []
  const { data } = wirePage([wireUser(1), wireUser(2)], 1, 9)
  instead = () => ({ data, links: { next: 'https://elsewhere.test/again' } })
  await renew()
  expect(asked.length).toBeLessThan(10)
})

it('forgets everything under another token, and who was not listed for a month', async () => {
  await renew()
  token = 'another token'
  expect(await at('person7@example.org')).toBeUndefined()
  instead = ({ page }) => (page === '1' ? wirePage([wireUser(500)], 1, 1) : undefined)
  await renew()
  expect(await progress()).toMatchObject({ people: 1, walk: 1 })
  nowMs += 30 * dayMs
  await store.write(() => open().sweep(store.db, nowMs))
  expect(await progress()).toMatchObject({ people: 0 })
})

it('an older page never replaces what was asked for later', async () => {
  await renew()
  nowMs += everyMs
  const first = open()
  const late = { seen: () => {} }
  const isHeld = new Promise<void>((resolve) => {
    late.seen = resolve
  })
  people.set(7, { email: 'older@example.org', changedAtMs: nowMs })
  const slow = first.renew('riverbend', async (query) => {
    const answer = await ask(query)
    await isHeld
    return answer
  })
  await expect.poll(() => asked.length).toBe(8)
  nowMs += minuteMs / 2
  people.set(7, { email: 'newer@example.org', changedAtMs: nowMs })
  await renew()
  late.seen()
  await slow
  expect(await at('newer@example.org')).toBe('7')
  expect(await at('older@example.org')).toBeUndefined()
})

it('a dump gives no address or name to 100,000 guesses without the secret', async () => {
  const phone = '(555) 012-0105'
  people.set(7, { email: 'person7@example.org', changedAtMs: 0, lastName: 'Featherstonehaugh', phone })
  await renew()
  const entries = await store.read(store.db.selectFrom('vomo_directory_entry').selectAll().compile())
  const sheets = await store.read(store.db.selectFrom('vomo_directory_sheet').selectAll().compile())
  const dump = Buffer.concat(
    [...sheets, ...entries.map(({ address_hash: body_sealed }) => ({ body_sealed })), ...entries].map(
      ({ body_sealed }) => Buffer.from(body_sealed ?? []),
    ),
  ).toString('latin1')
  expect(dump).not.toMatch(/example|person\d|Featherstonehaugh|Mara|5550120105/i)
  const { createHash, createHmac } = await import('node:crypto')
  const kept = new Set(entries.map(({ address_hash }) => Buffer.from(address_hash ?? []).toString('hex')))
  expect(kept.size).toBe(100)
  for (let guess = 1; guess <= 100_000; guess++) {
    const address = `person${guess}@example.org`
    for (const text of [address, `riverbend ${address}`])
      expect(kept.has(createHash('sha256').update(text).digest('hex'))).toBe(false)
    expect(kept.has(createHmac('sha256', 'a guess').update(`riverbend ${address}`).digest('hex'))).toBe(false)
  }
})

describe('searching', () => {
  const firstPage = { from: 0, count: 300 }
  const found = async (typed: string, customerId = 'riverbend') =>
    (await open().search(customerId, typed, 'all', firstPage)).ids
  const renamed = (id: number, lastName: string, phone?: string) =>
    people.set(id, {
      email: `person${id}@example.org`,
      changedAtMs: nowMs,
      lastName,
      ...(phone !== undefined && { phone }),
    })

  it('finds who has a name, an address or a phone number, for their customer alone, without a call', async () => {
    renamed(7, 'Vega-Santos', '(555) 012-0105')
    expect(await open().search('riverbend', 'santos', 'all', firstPage)).toMatchObject({
      isWhole: false,
      total: 0,
      ids: [],
    })
    await renew()
    const calls = asked.length
    for (const typed of ['Santos mara', 'person7@', '0105']) expect(await found(typed)).toEqual(['7'])
    expect(await found('santos', 'hillside')).toEqual([])
    expect(asked).toHaveLength(calls)
    expect(await open().listed('riverbend', ['8', '7', '999'])).toEqual([
      expect.objectContaining({ vomoUserId: '8', lastName: 'Quist', unseenSinceMs: null }),
      expect.objectContaining({ vomoUserId: '7', lastName: 'Vega-Santos', phone: '(555) 012-0105' }),
    ])
    token = 'another token'
    expect(await found('santos')).toEqual([])
    expect(await open().listed('riverbend', ['7'])).toEqual([])
  })

  it('finds by what VOMO says now, and no more by what it said before', async () => {
    await renew()
    nowMs += everyMs
    renamed(7, 'Okafor')
    await renew()
    expect(await found('okafor')).toEqual(['7'])
    expect((await open().search('riverbend', 'quist', 'all', firstPage)).total).toBe(99)
    people.delete(7)
    nowMs += 31 * dayMs
    await renew()
    await store.write(() => open().sweep(store.db, nowMs))
    expect(await found('okafor')).toEqual([])
    expect((await open().search('riverbend', 'quist', 'all', firstPage)).total).toBe(99)
  })

  it('counts everyone whom a broad one finds, and every page of them is there, each person once, by name', async () => {
    for (let id = 1; id <= 1_000; id++) renamed(id, `Quist${String(1_001 - id).padStart(4, '0')}`)
    await renew()
    const directory = open()
    const seen: string[] = []
    for (let from = 0; from < 1_000; from += 150) {
      const { total, ids } = await directory.search('riverbend', 'qui', 'all', { from, count: 150 })
      expect([total, ids.length]).toEqual([1_000, Math.min(150, 1_000 - from)])
      seen.push(...ids)
    }
    expect(seen).toEqual(Array.from({ length: 1_000 }, (_, i) => String(1_000 - i)))
    expect((await directory.search('riverbend', 'qui', 'all', { from: 1_000, count: 150 })).ids).toEqual([])
    const sheets = await store.read(store.db.selectFrom('vomo_directory_sheet').select('people').compile())
    expect(sheets.map(({ people: on }) => on)).toEqual([400, 400, 200])
  })

  it('two letters find the person who is called so before all whose names begin with them', async () => {
    for (let id = 1; id <= 90; id++) renamed(id, `Lindqvist${id}`)
    renamed(64, 'Li')
    renamed(65, 'Li-Okafor')
    await renew()
    const page = { from: 0, count: 15 }
    const { total, ids } = await open().search('riverbend', 'li', 'all', page)
    expect([total, ids.slice(0, 2), ids.length]).toEqual([90, ['64', '65'], 15])
    expect((await open().search('riverbend', 'Mara Li', 'all', page)).ids.slice(0, 2)).toEqual(['64', '65'])
    expect((await open().search('riverbend', 'le', 'all', page)).total).toBe(0)
  })

  it('looks at the phone number behind a domain that has the same digits', async () => {
    people.set(7, { email: 'mara@0105.example', changedAtMs: nowMs, phone: '(555) 012-0105' })
    people.set(8, { email: 'mara@0105.example', changedAtMs: nowMs })
    await renew()
    expect(await found('0105')).toEqual(['7'])
  })

  it('says of an entry whether the search found it, on any page', async () => {
    renamed(7, 'Okafor')
    await renew()
    const { includes } = await open().search('riverbend', 'quist', 'all', { from: 0, count: 1 })
    const entries = await open().listed('riverbend', ['99', '7'])
    expect(entries.map(includes)).toEqual([true, false])
  })

  it('the next search of a process reads what has changed since, also a directory begun anew', async () => {
    const directory = open()
    const count = async (typed: string) =>
      (await directory.search('riverbend', typed, 'all', firstPage)).total
    await directory.renew('riverbend', ask)
    expect([await count('quist'), await count('okafor')]).toEqual([100, 0])
    nowMs += everyMs
    renamed(7, 'Okafor')
    await renew()
    expect([await count('quist'), await count('okafor')]).toEqual([99, 1])
    token = 'another token'
    people = new Map([...people].slice(0, 3))
    await renew()
    expect([await count('quist'), await count('okafor')]).toEqual([3, 0])
  })

  it('two processes that take pages at once leave each person on one sheet, once', async () => {
    await Promise.all([renew(), renew()])
    expect((await open().search('riverbend', 'quist', 'all', firstPage)).total).toBe(100)
    nowMs += everyMs
    for (let id = 1; id <= 50; id++) renamed(id, 'Okafor')
    await Promise.all([renew(), renew(), renew()])
    expect((await open().search('riverbend', 'quist', 'all', firstPage)).total).toBe(50)
    expect((await open().search('riverbend', 'okafor', 'all', firstPage)).total).toBe(50)
  })

  it('reads no sheet that was moved here from another customer or place', async () => {
    await renew()
    instead = () => wirePage([], 1, 1)
    await open().renew('hillside', ask)
    await store.write(function* () {
      const [sheet] = yield* rows(store.db.selectFrom('vomo_directory_sheet').selectAll().compile())
      if (!sheet) throw new Error('no sheet')
      yield* rows(
        store.db
          .insertInto('vomo_directory_sheet')
          .values({ ...sheet, customer_id: 'hillside' })
          .compile(),
      )
      yield* rows(
        store.db
          .insertInto('vomo_directory_sheet')
          .values({ ...sheet, number: 2 })
          .compile(),
      )
    })
    expect((await open().search('riverbend', 'quist', 'all', firstPage)).total).toBe(100)
    expect(await found('quist', 'hillside')).toEqual([])
  })
})
