import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noteBounce } from '../mail/bounces.ts'
import { addProblemCommands } from '../operator/problem.ts'
import {
  closeMailProblem,
  countOpenProblems,
  forgetOldProblems,
  openMailProblem,
} from '../problems/problems.ts'
import { rows } from '../store/store.ts'
import {
  logTo,
  notFound,
  openTestVomo,
  type Reply,
  secrets,
  startUpstream,
  type Upstream,
  wirePage,
  wireUser,
} from '../vomo/vomo.fixture.ts'
import {
  findOrCreatePerson,
  forgetPerson,
  noteSharing,
  type Person,
  personById,
  welcomeBack,
} from './people.ts'
import { requireRecord } from './standing.ts'

/** What VOMO answers for the record, and for the search by its address. */
let record: Reply
let search: unknown[]
let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
let person: Person
const address = 'person1000001@example.org'

beforeEach(async () => {
  record = { body: { data: wireUser(1_000_001) } }
  search = []
  upstream = await startUpstream((path) =>
    path.startsWith('/users?') || path === '/users' ? { body: wirePage(search, 1, 1) } : record,
  )
  here = await openTestVomo(upstream.baseUrl)
  const met = { customerId: 'riverbend', vomoUserId: '1000001', address }
  person = await here.store.write(() => findOrCreatePerson(here.store.db, met, here.time.nowMs))
})
afterEach(async () => {
  await here.close()
  await upstream.close()
})

const known = () => here.store.write(() => personById(here.store.db, person.id))
/** One of their pages. @returns why it showed nothing */
async function visit(laterMs = 61_000): Promise<string | undefined> {
  here.time.nowMs += laterMs
  try {
    await requireRecord(here, await known(), { fresh: true })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'other'
  }
}

async function problem(...words: string[]): Promise<string> {
  const said: string[] = []
  const program = new Command()
  const { store, clock } = here
  addProblemCommands(program, {
    withStore: (work) => work({ store, secrets, clock, log: logTo([]) }),
    say: (text) => void said.push(text),
  })
  await program.parseAsync(['problem', ...words], { from: 'user' })
  return said.join('\n')
}
type Shown = { id: string; kind: string; count: number; who: string; closed: string | null; note: string }
const list = async (...more: string[]) =>
  JSON.parse(await problem('list', 'riverbend', '--json', ...more)) as Shown[]
const open = async () => (await list()).map(({ kind }) => kind)

test('an address that changed in VOMO is one open problem, until its owner proves the new one', async () => {
  record = { body: { data: wireUser(1_000_001, { email: 'new@example.org' }) } }
  expect(await visit()).toBe('account_stale')
  expect(await visit()).toBe('account_stale')
  expect(await list()).toMatchObject([
    { kind: 'address_changed', count: 1, who: 'p…1@example.org', closed: null },
  ])
  await here.store.write(() => welcomeBack(here.store.db, person.id, 'new@example.org', here.time.nowMs))
  expect(await open()).toEqual([])
  expect(await list('--closed')).toMatchObject([{ kind: 'address_changed' }])
})

test('a record that is gone, twice and by its search, is a problem that ends when VOMO shows it; one denial is none', async () => {
  record = notFound
  expect(await visit()).toBe('vomo_unavailable')
  expect(await open()).toEqual([])
  expect(await visit(6 * 60_000)).toBe('account_orphaned')
  expect(await open()).toEqual(['record_gone'])
  record = { body: { data: wireUser(1_000_001) } }
  expect(await visit()).toBeUndefined()
  expect(await open()).toEqual([])
})

test('a record that is gone while another has its address was merged', async () => {
  record = notFound
  search = [wireUser(1_000_002, { email: address })]
  await visit()
  await visit(6 * 60_000)
  expect(await open()).toEqual(['merged'])
})

test('an answer that is no record is a problem, seen again at each look, until one can be read', async () => {
  record = { body: { data: { id: 'other' } } }
  expect(await visit()).toBe('vomo_unavailable')
  expect(await visit()).toBe('vomo_unavailable')
  expect(await list()).toMatchObject([{ kind: 'not_understood', count: 2 }])
  record = { body: { data: wireUser(1_000_001) } }
  await visit()
  expect(await open()).toEqual([])
})

test.each([
  ['answers nothing but 404', notFound],
  ['answers 500', { status: 500 }],
  ['hangs up', { hangUp: true }],
] satisfies [string, Reply][])('a VOMO that %s of many people marks none of them', async (_, reply) => {
  const { store } = here
  const others: Person[] = []
  for (let id = 1_000_010; id < 1_000_020; id++) {
    const met = { customerId: 'riverbend', vomoUserId: String(id), address: `person${id}@example.org` }
    others.push(await store.write(() => findOrCreatePerson(store.db, met, here.time.nowMs)))
  }
  record = reply
  for (let round = 0; round < 3; round++) {
    here.time.nowMs += 6 * 60_000
    for (const other of others) {
      const now = await store.write(() => personById(store.db, other.id))
      await requireRecord(here, now, { fresh: true }).catch(() => {})
    }
  }
  expect(await open()).toEqual([])
})

test('two records with one address are a problem of whom it is, unless the organization lets families share', async () => {
  const { store } = here
  const of = { customerId: 'riverbend', address }
  const sharing = (isOnlyOf: string | null) =>
    store.write(() => noteSharing(store.db, { ...of, isOnlyOf }, here.time.nowMs))
  await sharing(null)
  await sharing(null)
  expect(await list()).toMatchObject([{ kind: 'two_records', count: 2 }])
  await sharing(person.id)
  expect(await open()).toEqual([])
  await store.write(() => rows(store.db.updateTable('customer').set({ lets_choose_record: 1 }).compile()))
  await sharing(null)
  expect(await open()).toEqual([])
})

test('an email that came back is a problem until a server takes one; of a stranger it is none', async () => {
  const { store } = here
  const nowMs = here.time.nowMs
  const mail = {
    id: 'mail_1',
    customer_id: 'riverbend',
    kind: 'sign_in',
    recipient: address,
    message_sealed: null,
    queued_at_ms: nowMs,
    not_after_ms: nowMs + 1,
    about: null,
  }
  await store.write(() => rows(store.db.insertInto('outbox').values(mail).compile()))
  const bounce = { messageId: '<mail_1@example.org>', recipient: null, isPermanent: true, status: '5.1.1' }
  await store.write(() => noteBounce(store.db, bounce, nowMs))
  const stranger = { customerId: 'riverbend', to: 'stranger@example.org', failure: '5.1.1 RCPT' }
  await store.write(() => openMailProblem(store.db, stranger, nowMs))
  expect(await list()).toMatchObject([{ kind: 'mail_undelivered', note: '5.1.1 bounce' }])
  await store.write(() => closeMailProblem(store.db, { customerId: 'riverbend', to: address }, nowMs))
  expect(await open()).toEqual([])
})

test('calls that VOMO refuses as too many are a problem of everyone, until an hour after the last', async () => {
  record = { status: 429, headers: { 'retry-after': '10' } }
  await visit()
  expect(await list()).toMatchObject([
    { kind: 'too_many_calls', who: 'everyone', note: 'after 1 calls in a minute' },
  ])
  const { store } = here
  const sweep = (nowMs: number) => store.write(() => forgetOldProblems(store.db, nowMs))
  await sweep(here.time.nowMs + 3_500_000)
  expect(await countOpenProblems(store)).toMatchObject({ too_many_calls: 1, merged: 0 })
  await sweep(here.time.nowMs + 3_700_000)
  expect(await open()).toEqual([])
  await sweep(here.time.nowMs + 91 * 86_400_000)
  expect(await list('--closed')).toEqual([])
})

test('the operator reads cause and cure, asks VOMO again, and closes by hand', async () => {
  record = { body: { data: wireUser(1_000_001, { email: 'new@example.org' }) } }
  await visit()
  const id = (await list('--kind', 'address_changed'))[0]?.id ?? ''
  expect(await problem('show', 'riverbend', id)).toMatch(
    /Cause: VOMO has a different email[^]*What helps: They can sign in/,
  )
  expect(await problem('recheck', 'riverbend', id)).toContain('under another address')
  expect(await problem('list', 'riverbend')).not.toContain(address)
  expect(await problem('close', 'riverbend', id)).toMatch(/^Closed\./)
  expect(await open()).toEqual([])
  await expect(problem('show', 'hillside', id)).rejects.toMatchObject({ code: 'invalid_request' })
  await expect(problem('list', 'riverbend', '--kind', 'other')).rejects.toMatchObject({
    code: 'invalid_request',
  })
})

test('a problem goes with its person', async () => {
  record = { body: { data: { id: 'other' } } }
  await visit()
  await here.store.write(function* () {
    yield* rows(here.store.db.deleteFrom('audit_event').compile())
    yield* forgetPerson(here.store.db, person.id)
  })
  expect([...(await list()), ...(await list('--closed'))]).toEqual([])
})
