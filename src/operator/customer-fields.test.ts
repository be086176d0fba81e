import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { operator, setCustomer } from '../customers/change-settings.ts'
import { Refusal } from '../errors.ts'
import { openStore } from '../store/engines.ts'
import type { Store } from '../store/store.ts'
import { fieldChoiceOf } from '../volunteer/profile/field-choice.ts'
import { builtInNames, firstChoice } from '../volunteer/profile/fields.ts'
import { grantVomoAccess } from '../vomo/access/access.ts'
import { secrets, startOfTest, startUpstream, type Upstream, wireUser } from '../vomo/vomo.fixture.ts'
import { addCustomerCommands } from './customer.ts'
import { addFieldCommands } from './customer-fields.ts'

let store: Store
let upstream: Upstream
let customerId: string
let nowMs = startOfTest
const unheard = () => {}
const log = { debug: unheard, info: unheard, warn: unheard, error: unheard }

beforeEach(async () => {
  nowMs = startOfTest
  store = await openStore({ database: ':memory:' })
  upstream = await startUpstream(() => ({ body: { data: [] } }))
  const customer = {
    slug: 'riverbend',
    by: operator,
    changes: {
      name: 'Riverbend Food Bank',
      url: 'https://volunteers.example.org',
      'stranger-mails': 'no',
    },
  }
  customerId = await store.write(function* () {
    const id = yield* setCustomer(store.db, customer, nowMs)
    yield* grantVomoAccess(store.db, secrets, { customerId: id, baseUrl: upstream.baseUrl, token: 'token' })
    return id
  })
})
afterEach(async () => {
  await upstream.close()
  await store.close()
})

/** The operator's words after `porchlight customer`. @returns the command's output */
async function run(...words: string[]): Promise<string> {
  const said: string[] = []
  const tools = {
    withStore: (work: Parameters<Parameters<typeof addCustomerCommands>[1]['withStore']>[0]) =>
      work({ store, secrets, clock: () => nowMs, log }),
    say: (text: string) => void said.push(text),
  }
  const program = new Command()
  addFieldCommands(addCustomerCommands(program, tools), tools)
  await program.parseAsync(['customer', ...words], { from: 'user' })
  return said.join('\n')
}

const fields = (...words: string[]) => run('fields', ...words)
const choice = () => fieldChoiceOf(store, customerId)

test('only the fields that every VOMO user has show, until the operator lists more', async () => {
  expect(await choice()).toEqual(firstChoice)
  expect(JSON.parse(await fields('list', 'riverbend', '--json'))).toEqual(firstChoice)
  expect(await fields('history', 'riverbend')).toContain('None yet')
})

test('fields are shown, named, ordered and hidden; the names and the address always show', async () => {
  await fields('show', 'riverbend', 'T-shirt size', '--type', 'choice')
  await fields('show', 'riverbend', 'Member since', '--label', 'With us since', '--type', 'date')
  await fields('show', 'riverbend', 'Languages')
  await fields('show', 'riverbend', 'T-shirt size', '--label', 'Shirt')
  await fields('order', 'riverbend', 'Languages', 'Member since')
  expect((await choice()).custom).toEqual([
    { name: 'Languages', label: 'Languages', type: 'text' },
    { name: 'Member since', label: 'With us since', type: 'date' },
    { name: 'T-shirt size', label: 'Shirt', type: 'choice' },
  ])
  await fields('hide', 'riverbend', 'Languages')
  await fields('hide', 'riverbend', 'gender')
  await fields('hide', 'riverbend', 'phone')
  await fields('show', 'riverbend', 'phone')
  expect((await choice()).builtIn).toEqual(builtInNames.filter((name) => name !== 'gender'))
  expect((await choice()).custom.map(({ name }) => name)).toEqual(['Member since', 'T-shirt size'])
  for (const words of [
    ['hide', 'email'],
    ['hide', 'Unlisted'],
    ['order', 'Unlisted'],
    ['show', 'phone', '--label', 'Mobile'],
    ['show', 'a\u0007b'],
  ]) {
    const [verb = '', ...rest] = words
    await expect(fields(verb, 'riverbend', ...rest)).rejects.toThrow(Refusal)
  }
})

test('every choice is kept with when and by whom, and is in the audit log; the same again is none', async () => {
  await fields('show', 'riverbend', 'Languages')
  nowMs += 60_000
  await fields('show', 'riverbend', 'Languages')
  await run('set', 'riverbend', '--profile-editing')
  await run('set', 'riverbend', '--name', 'Riverbend')
  nowMs += 60_000
  expect((await choice()).editsProfile).toBe(true)
  await run('set', 'riverbend', '--no-profile-editing')
  const history = JSON.parse(await fields('history', 'riverbend', '--json')) as Record<string, unknown>[]
  expect(history.map(({ version, chosenBy, chosenAtMs }) => [version, chosenBy, chosenAtMs])).toEqual([
    [3, 'operator', nowMs],
    [2, 'operator', nowMs - 60_000],
    [1, 'operator', nowMs - 120_000],
  ])
  expect(history.map((each) => (each['choice'] as typeof firstChoice).editsProfile)).toEqual([
    false,
    true,
    false,
  ])
  const events = await store.read(
    store.db
      .selectFrom('audit_event')
      .select('detail')
      .where('kind', '=', 'customer.fields_chosen')
      .orderBy('at_ms')
      .compile(),
  )
  expect(events.map(({ detail }) => JSON.parse(detail) as object)).toMatchObject([
    {
      version: 1,
      by: 'operator',
      edits: false,
      shown: expect.stringContaining(`${builtInNames.join(', ')}, Languages`),
    },
    { version: 2, edits: true },
    { version: 3, edits: false },
  ])
})

test('what VOMO really sends is listed by name and shape, never by value', async () => {
  const profile_field_values = [
    { name: 'T-shirt size', value: 'CANARY' },
    { name: 'Since', value: '2020-01-02' },
    { label: 'Skills', values: ['CANARY', 'CANARY'] },
    { profile_field: { name: 'Contact' }, value: { name: 'CANARY', phone: 'CANARY' } },
    { name: 'Driver', value: true },
  ]
  upstream.answer = (path) =>
    path === '/users'
      ? { body: { data: [wireUser(1), wireUser(2)] } }
      : { body: { data: wireUser(Number(path.split('/')[2]), { profile_field_values }) } }
  await fields('show', 'riverbend', 'Since', '--type', 'date')
  const said = await fields('list', 'riverbend', '--in-vomo')
  expect(said).toMatch(/Since +shown +day/)
  expect(said).toMatch(/T-shirt size +hidden +text/)
  expect(said).not.toContain('CANARY')
  expect(JSON.parse(await fields('list', 'riverbend', '--in-vomo', '--json'))).toMatchObject({
    inVomo: [
      { name: 'T-shirt size', shapes: ['text'] },
      { name: 'Since', shapes: ['day'] },
      { name: 'Skills', shapes: ['list of 2'] },
      { name: 'Contact', shapes: ['object of name, phone'] },
      { name: 'Driver', shapes: ['yes or no'] },
    ],
  })
})
