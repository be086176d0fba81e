import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  findOrCreatePerson,
  personById,
  requireKnown,
  setStanding,
  welcomeBack,
} from '../../accounts/people.ts'
import { setStaff } from '../../accounts/staff.ts'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import { type Customer, customerBySlug, customerTables } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import {
  addProvider,
  changeProvider,
  defaultProviderRules,
  type Provider,
  providerNamed,
} from '../../customers/providers.ts'
import { wasMailed } from '../../mail/outbox.ts'
import type { Tools } from '../../part.ts'
import { joinProcesses } from '../../processes/processes.ts'
import { openSecrets } from '../../secrets.ts'
import { signInByPassword } from '../../sign-in/password/by-password.ts'
import type { Hasher } from '../../sign-in/password/hashing.ts'
import { setPassword } from '../../sign-in/password/passwords.ts'
import { signInByProvider } from '../../sign-in/provider/welcome.ts'
import { maxSessions, openSession } from '../../sign-in/session/sessions.ts'
import { languageWith } from '../../text/languages.ts'
import { createBudget } from '../../vomo/flow/budget.ts'
import { newDatabase, openTestServer, type TestServer } from '../postgres-server.fixture.ts'
import { rows, type Store } from '../store.ts'
import { openPostgres } from './postgres.ts'

/** Sign-ins at once, where writers run side by side. SQLite runs one at a time. */

let server: TestServer
let database: string
let store: Store
let customer: Customer
let provider: Provider
let count = 0
const secrets = openSecrets(['s'.repeat(32)])
const nowMs = 1_800_000_000_000

beforeAll(async () => {
  server = await openTestServer()
  database = await newDatabase(server.url)
  store = await openPostgres(database)
  const changes = { name: 'Riverbend', url: 'https://riverbend.example', 'stranger-mails': 'no' }
  await store.write(() => setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, nowMs))
  const found = await customerBySlug(store, 'riverbend')
  if (!found) throw new Error('no customer')
  customer = found
  const added = {
    customerId: customer.id,
    name: 'work',
    label: 'Work',
    preset: 'generic',
    issuer: 'https://id.example',
    clientId: 'us',
    clientSecret: 'secret',
    ...defaultProviderRules,
  } as const
  await store.write(() => addProvider(store.db, secrets, added, nowMs))
  const named = await providerNamed({ store, secrets }, { customerId: customer.id, name: 'work' })
  if (!named) throw new Error('no provider')
  provider = named
}, 60_000)

afterAll(async () => {
  await store?.close()
  await server?.stop()
}, 60_000)

const nextAddress = () => `person${count++}@example.org`
const times = <T>(many: number, work: (at: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: many }, (_, at) => work(at)))
const failed = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))
const create = (address: string, vomoUserId: string | null) =>
  store.write(() => findOrCreatePerson(store.db, { customerId: customer.id, vomoUserId, address }, nowMs))
const idsAt = async (address: string) =>
  store.read(store.db.selectFrom('person').select('id').where('address', '=', address).compile())

/** A directory that has not been read. */
const notListed = { listedUserAt: async () => undefined }

/** VOMO has each address on the record of the same name. */
function signIn(subject: string, address: string) {
  const vomo = { ...notListed, findUsersByAddress: async () => ({ found: 'one', user: { id: address } }) }
  const limits = { *takeOrRefuse() {} }
  const tools = { store, secrets, clock: () => nowMs, vomo, limits } as unknown as Tools
  const said = { sid: null, idToken: 'x', authenticatedAtMs: null, acr: null, amr: [] }
  const vouched = { issuer: provider.issuer, subject, address, ...said }
  const browser = { formerSession: undefined, userAgent: undefined, language: 'en', isShared: false } as const
  return signInByProvider(tools, {
    customer,
    provider,
    vouched,
    way: 'provider',
    secondStep: undefined,
    browser,
  })
}

it('a customer is looked up once while no customer and no provider changes', async () => {
  let looks = 0
  const look = async () => {
    looks += 1
    return customerBySlug(store, 'riverbend')
  }
  const isRecalled = async () => {
    const before = looks
    await store.recall('a customer', customerTables, look)
    return looks === before
  }
  await expect.poll(isRecalled, { timeout: 5_000 }).toBe(true)
  const changes = { label: 'Work account' }
  await store.write(() => changeProvider(store.db, secrets, { provider, changes }, nowMs))
  expect(await isRecalled()).toBe(false)
})

describe('of many at once', () => {
  it('first sign-ins of one record are one person', async () => {
    const address = nextAddress()
    expect(failed(await times(8, () => create(address, `vomo of ${address}`)))).toEqual([])
    expect(await idsAt(address)).toHaveLength(1)
  })

  it('requests of a stranger are told once that their address is not on record', async () => {
    const to = nextAddress()
    const mailFrom = () => ({ name: 'Riverbend', address: 'porch@riverbend.example' })
    const contents = { reason: 'no_record' } as const
    const mail = { kind: 'not_on_record', to, language: languageWith('en'), contents } as const
    const tell = () =>
      store.write(function* () {
        const about = { customerId: customer.id, kind: mail.kind, to, sinceMs: nowMs - 60_000 }
        if (yield* wasMailed(store.db, about)) return
        yield* sendMail(
          { store, secrets, mailFrom },
          customer,
          { ...mail, notAfterMs: nowMs + 60_000 },
          nowMs,
        )
      })
    expect(failed(await times(8, tell))).toEqual([])
    const kept = store.db.selectFrom('outbox').select('id').where('recipient', '=', to).compile()
    expect(await store.read(kept)).toHaveLength(1)
  })

  it('first sign-ins of staff without a record are one person', async () => {
    const address = nextAddress()
    const member = { customerId: customer.id, address, role: 'viewer' } as const
    await store.write(() => setStaff(store.db, member, nowMs))
    expect(failed(await times(8, () => create(address, null)))).toEqual([])
    expect(await idsAt(address)).toHaveLength(1)
  })

  it('first sign-ins of one subject with several addresses, one signs in, and the subject stays that person', async () => {
    const addresses = Array.from({ length: 6 }, nextAddress)
    const outcomes = await times(6, (at) => signIn('swapped', addresses[at] ?? ''))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(failed(outcomes)).toEqual(Array(5).fill("Mismatch: a provider's address: another"))
  })

  it('sessions of one person stay twenty', async () => {
    const { id: personId } = await create(nextAddress(), null)
    const entry = { customerId: customer.id, personId, isStaff: false, way: 'code' } as const
    const outcomes = await times(30, (at) =>
      store.write(() =>
        openSession(store.db, secrets, { ...entry, proof: { kind: 'link', id: `lnk_${at}` } }, nowMs),
      ),
    )
    expect(failed(outcomes)).toEqual([])
    const open = await store.read(
      store.db
        .selectFrom('session')
        .select('id')
        .where('person_id', '=', personId)
        .where('ended_at_ms', 'is', null)
        .compile(),
    )
    expect(open).toHaveLength(maxSessions)
  })

  it('a sign-in that brings a new address does not undo that staff turned the account off', async () => {
    const [before, after] = [nextAddress(), nextAddress()]
    const person = await create(before, `vomo of ${before}`)
    const off = { standing: 'disabled', kind: 'person.disabled', endsSessions: true } as const
    let signingIn: Promise<unknown> | undefined
    await store.write(function* () {
      yield* setStanding(store.db, person, off, nowMs)
      signingIn ??= store.write(() => welcomeBack(store.db, person.id, after, nowMs))
      yield* rows(store.db.selectNoFrom((of) => of.fn('pg_sleep', [of.val(0.3)]).as('slept')).compile())
    })
    await signingIn
    const now = await store.write(() => personById(store.db, person.id))
    expect([now.standing, now.address]).toEqual(['disabled', before])
  })

  it('calls of a customer over four processes, exactly its budget goes out, and none after the pause that one was told', async () => {
    const stores = [store, ...(await Promise.all([1, 2, 3].map(() => openPostgres(database))))]
    const budgets = stores.map((each) => createBudget({ store: each, clock: () => nowMs }))
    const setting = { budgetPerMinute: 100, budgetCeiling: 100 }
    const call = { setting, kind: 'identity' } as const
    const spend = () =>
      Promise.all(
        budgets.flatMap((budget) => Array.from({ length: 60 }, () => budget.spend(customer.id, call))),
      )
    const granted = (await spend()).filter(({ isGranted }) => isGranted)
    expect(granted).toHaveLength(100)

    const other = 'cus_paused'
    const refused = { isGranted: true, atMs: nowMs, used: 1, perMinute: 100 } as const
    await budgets[0]?.learn(other, setting, refused, {
      limit: undefined,
      remaining: undefined,
      refusal: { retryAfterMs: 30_000, pausedUntilMs: nowMs + 30_000 },
    })
    const passes = await Promise.all(budgets.map((budget) => budget.spend(other, call)))
    for (const pass of passes) expect(pass).toEqual({ isGranted: false, freeAtMs: nowMs + 30_000 })
    await Promise.all(stores.slice(1).map((each) => each.close()))
  })

  it('processes that look for work, each piece goes to one', async () => {
    const stores = [store, ...(await Promise.all([1, 2, 3].map(() => openPostgres(database))))]
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const processes = await Promise.all(
      stores.map((each, i) =>
        joinProcesses({ store: each, clock: () => nowMs + i, log, version: '1.0.0', beatMs: 60_000 }),
      ),
    )
    const works = Array.from({ length: 200 }, (_, i) => `work ${i}`)
    const takeAll = () => Promise.all(processes.map((each) => each.share('kind', works)))
    await expect.poll(async () => (await takeAll()).map(({ size }) => size)).toEqual([50, 50, 50, 50])
    const shares = await takeAll()
    expect(new Set(shares.flatMap((share) => [...share]))).toEqual(new Set(works))
    for (const each of processes) await each.leave()
    await Promise.all(stores.slice(1).map((each) => each.close()))
  })

  it('a sign-in by password opens nothing once another password is set', async () => {
    const address = nextAddress()
    const person = await create(address, address)
    const set = (hash: string, atMs: number) => setPassword(store.db, secrets, { person, hash }, atMs)
    await store.write(() => set('former', nowMs - 1))
    const hasher = {
      inTurn: (_: string, job: () => unknown) => job(),
      isRight: async () => true,
      isOutdated: async () => false,
    } as unknown as Hasher
    const vomo = { ...notListed, findUsersByAddress: async () => ({ found: 'one', user: { id: address } }) }
    const limits = { *takeOrRefuse() {} }
    const meter = { count() {} }
    const tools = { store, secrets, clock: () => nowMs, vomo, limits, meter } as unknown as Tools
    const browser = {
      formerSession: undefined,
      userAgent: undefined,
      language: 'en',
      isShared: false,
    } as const
    const tried = { customer, network: 'n', address, password: 'former', browser, formerKey: undefined }
    let signingIn: Promise<unknown> | undefined
    await store.write(function* () {
      yield* requireKnown(store.db, person.id)
      yield* set('next', nowMs)
      signingIn ??= signInByPassword(tools, hasher, tried)
      yield* rows(store.db.selectNoFrom((of) => of.fn('pg_sleep', [of.val(0.5)]).as('slept')).compile())
    })
    expect(await signingIn).toBeUndefined()
  })
})
