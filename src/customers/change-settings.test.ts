import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '../audit.ts'
import type { Refusal } from '../errors.ts'
import { openStore } from '../store/engines.ts'
import type { Store } from '../store/store.ts'
import {
  type Changer,
  changeSettings,
  operator,
  type SettingTexts,
  setCustomer,
  settingsOf,
} from './change-settings.ts'
import { customerBySlug } from './customers.ts'
import { isServableOrigin, settings } from './settings.ts'

let store: Store
let customerId: string
const given = { name: 'Riverbend', url: 'https://riverbend.example' }
const viewer: Changer = { role: 'viewer', id: 'per_1' }
const coordinator: Changer = { role: 'coordinator', id: 'per_2' }

beforeEach(async () => {
  store = await openStore({ database: ':memory:' })
  const made = { slug: 'riverbend', by: operator, changes: given }
  customerId = await store.write(() => setCustomer(store.db, made, 1))
})
afterEach(() => store.close())

let nowMs = 2
const change = (changes: SettingTexts, by = operator) =>
  store.write(() => changeSettings(store.db, { customerId, by, changes }, (nowMs += 1000)))

async function changesNoted(): Promise<unknown[]> {
  const details: unknown[] = []
  for await (const { kind, detail } of auditEvents(store, { customerId }))
    if (kind === 'customer.set' && 'setting' in detail) details.push(detail)
  return details
}

it('a new customer has the defaults', async () => {
  const defaults = Object.entries(settings).map(([name, { default: usual = '' }]) => [name, usual])
  expect(await settingsOf(store, customerId)).toEqual({ ...Object.fromEntries(defaults), ...given })
})

describe.each(Object.entries(settings))('%s', (name, { example, default: usual }) => {
  it('takes its example, keeps the others, and shows it in customer list --json', async () => {
    const before = await settingsOf(store, customerId)
    const listed = JSON.stringify(await customerBySlug(store, 'riverbend'))
    await change({ [name]: example })
    expect(await settingsOf(store, customerId)).toEqual({ ...before, [name]: example })
    expect(JSON.stringify(await customerBySlug(store, 'riverbend'))).not.toBe(listed)
    expect(await changesNoted()).toMatchObject([{ setting: name, by: 'operator' }])
  })

  it('goes back to its default; what has none has to stay', async () => {
    await change({ [name]: example })
    const fields = await change({ [name]: usual ?? '' }).then(
      () => ({}),
      (error: Refusal) => error.fields,
    )
    expect(Object.keys(fields)).toEqual(usual === undefined ? [name] : [])
    expect((await settingsOf(store, customerId))[name]).toBe(usual ?? example)
    const [row] = await store.read(store.db.selectFrom('customer').select('hours_verified').compile())
    expect(row).toEqual({ hours_verified: null })
  })

  it('refuses what breaks its rule', async () => {
    await expect(change({ [name]: `\n${'x'.repeat(61)}\0y` })).rejects.toMatchObject({
      fields: { [name]: expect.stringMatching(/^must be|^must |^is /) },
    })
  })

  it('is not for a viewer to change', async () => {
    await expect(change({ [name]: example }, viewer)).rejects.toMatchObject({
      fields: { [name]: expect.stringMatching(/^is for the (coordinator|owner|operator) to change$/) },
    })
  })
})

it('a coordinator changes what is theirs; everything else is refused, all at once, and nothing is saved', async () => {
  const mixed = { 'contact-name': 'Rosa', url: 'https://x.example', 'confirm-days': 'soon', colour: 'red' }
  await expect(change(mixed, coordinator)).rejects.toMatchObject({
    fields: {
      url: 'is for the operator to change',
      'confirm-days': 'must be a number of days from 0 to 999',
      colour: 'is no setting',
    },
  })
  expect((await settingsOf(store, customerId))['contact-name']).toBe('')
  await change({ 'contact-name': ' Rosa ' }, coordinator)
  expect((await settingsOf(store, customerId))['contact-name']).toBe('Rosa')
})

it('a change is noted with what was there before, once, and who the contact is, masked', async () => {
  await change({ 'confirm-days': '14', name: given.name })
  await change({ 'confirm-days': '7' }, coordinator)
  await change({ 'contact-email': 'rosa@riverbend.example' }, coordinator)
  await change({ 'contact-name': 'Rosa Whitfield' }, coordinator)
  await change({ 'contact-name': '' }, coordinator)
  await change({ 'confirm-days': '7' })
  expect(await changesNoted()).toEqual([
    { setting: 'confirm-days', before: '', after: '14', by: 'operator' },
    { setting: 'confirm-days', before: '14', after: '7', by: 'per_2' },
    { setting: 'contact-email', before: '', after: expect.stringMatching(/^r…/), by: 'per_2' },
    { setting: 'contact-name', before: '', after: 'R…', by: 'per_2' },
    { setting: 'contact-name', before: 'R…', after: '', by: 'per_2' },
  ])
  expect(JSON.stringify(await changesNoted())).not.toMatch(/rosa/i)
})

describe('a public origin', () => {
  it.each([
    'https://volunteers.example.org',
    'https://x.example:8443',
    'http://localhost:3000',
    'http://a.localhost',
    'http://127.0.0.1:1',
    'http://[::1]:1',
  ])('%s may be served', (origin) => expect(isServableOrigin(origin)).toBe(true))
  it.each([
    'http://volunteers.example.org',
    'https://x.example/',
    'https://x.example/path',
    'x.example',
    'http://localhost.evil.example',
    'ftp://localhost',
  ])('%s may not', (origin) => expect(isServableOrigin(origin)).toBe(false))
})

describe('a setting that another one changed since it was seen', () => {
  const changeSeen = (changes: SettingTexts, seen: SettingTexts) =>
    store.write(() => changeSettings(store.db, { customerId, by: operator, changes, seen }, (nowMs += 1000)))

  it('is told with both values, and nothing of the form is changed', async () => {
    await change({ name: 'Theirs' })
    const overtaken = await changeSeen({ name: 'Yours', color: '#0b5a5f' }, { name: 'Riverbend', color: '' })
    expect(overtaken).toEqual({ name: { now: 'Theirs', yours: 'Yours' } })
    expect(await settingsOf(store, customerId)).toMatchObject({ name: 'Theirs', color: '' })
    expect(await changesNoted()).toHaveLength(1)
  })

  it('is no matter where both chose the same', async () => {
    await change({ name: 'Ours' })
    expect(await changeSeen({ name: 'Ours' }, { name: 'Riverbend' })).toEqual({})
    expect(await changeSeen({ name: 'Another' }, { name: 'Ours' })).toEqual({})
    expect(await settingsOf(store, customerId)).toMatchObject({ name: 'Another' })
  })
})
