import { expect, test } from 'vitest'
import { openStore } from '../../store/engines.ts'
import { addCustomer, secrets } from '../vomo.fixture.ts'
import { createAccess, grantVomoAccess } from './access.ts'

const good = {
  customerId: 'riverbend',
  baseUrl: 'https://api.example.org/v1/',
  token: ' tok-canary ',
  budgetPerMinute: 60,
}

test('a granted token is sealed at rest and readable by us', async () => {
  const store = await openStore({ database: ':memory:' })
  await addCustomer(store, 'riverbend')
  await store.write(() => grantVomoAccess(store.db, secrets, good))
  const [row] = await store.read(store.db.selectFrom('vomo_access').selectAll().compile())
  expect(Buffer.from(row?.token_sealed ?? []).includes('tok-canary')).toBe(false)
  expect(await createAccess({ store, secrets }).read('riverbend')).toEqual({
    baseUrl: 'https://api.example.org/v1',
    token: 'tok-canary',
    budgetPerMinute: 60,
    budgetCeiling: 60,
  })
  await store.close()
})

test.each([
  ['vomo-url', { baseUrl: 'http://api.example.org/v1' }],
  ['vomo-url', { baseUrl: 'http://localhost.example.org/v1' }],
  ['vomo-url', { baseUrl: 'https://user:pass@api.example.org/v1' }],
  ['vomo-url', { baseUrl: 'https://api.example.org/v1?x=1' }],
  ['vomo-url', { baseUrl: 'ftp://api.example.org' }],
  ['vomo-url', { baseUrl: 'api.example.org' }],
  ['vomo-token-file', { token: 'two words' }],
  ['vomo-token-file', { token: 'line\r\nx-evil: 1' }],
  ['vomo-token-file', { token: '  ' }],
  ['budget', { budgetPerMinute: 0 }],
  ['budget', { budgetPerMinute: 1.5 }],
  ['budget-ceiling', { budgetCeiling: 10_001 }],
])('access with a wrong %s is refused by name', async (field, wrong) => {
  const store = await openStore({ database: ':memory:' })
  await addCustomer(store, 'riverbend')
  await expect(
    store.write(() => grantVomoAccess(store.db, secrets, { ...good, ...wrong })),
  ).rejects.toMatchObject({
    code: 'invalid_request',
    fields: { [field]: expect.any(String) },
  })
  await store.close()
})

test.each(['http://localhost:3001/v1', 'http://127.0.0.1:3001/v1', 'http://[::1]:3001/v1'])(
  'plain http is allowed on this machine: %s',
  async (baseUrl) => {
    const store = await openStore({ database: ':memory:' })
    await addCustomer(store, 'riverbend')
    await store.write(() => grantVomoAccess(store.db, secrets, { ...good, baseUrl }))
    const access = await createAccess({ store, secrets }).read('riverbend')
    expect(access?.baseUrl).toBe(baseUrl)
    await store.close()
  },
)

test('where a customer’s VOMO is, and its budget, stay when only the token is replaced', async () => {
  const store = await openStore({ database: ':memory:' })
  await addCustomer(store, 'riverbend')
  await store.write(function* () {
    yield* grantVomoAccess(store.db, secrets, good)
    yield* grantVomoAccess(store.db, secrets, { customerId: 'riverbend', token: 'another' })
  })
  expect(await createAccess({ store, secrets }).read('riverbend')).toEqual({
    baseUrl: 'https://api.example.org/v1',
    token: 'another',
    budgetPerMinute: 60,
    budgetCeiling: 60,
  })
  await store.close()
})
