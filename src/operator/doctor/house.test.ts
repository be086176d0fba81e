import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import { addProvider, defaultProviderRules } from '../../customers/providers.ts'
import { openSecrets } from '../../secrets.ts'
import { openStore } from '../../store/engines.ts'
import { rows, type Store } from '../../store/store.ts'
import { grantVomoAccess } from '../../vomo/access/access.ts'
import { admitSecrets } from '../secrets/secret-check.ts'
import { examineHouseItself } from './house.ts'

const dayMs = 86_400_000
const secrets = openSecrets([
  'the newer secret of a house that is examined',
  'the former secret of a house that is examined',
])
const quiet = () => {}
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
let store: Store
let vomo: Server
let nowMs = Date.now()

beforeAll(async () => {
  vomo = createServer((_request, response) => response.writeHead(401).end())
  await new Promise<void>((resolve) => vomo.listen(0, '127.0.0.1', resolve))
  const address = vomo.address()
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`
  store = await openStore({ database: ':memory:' })
  await store.write(function* () {
    yield* admitSecrets(store.db, secrets, { isLost: false }, nowMs)
    const changes = { name: 'Riverbend', url: 'https://volunteers.example.org' }
    const customerId = yield* setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, nowMs)
    yield* grantVomoAccess(store.db, secrets, { customerId, baseUrl, token: 'a-token-of-riverbend' })
    yield* rows(
      store.db
        .insertInto('vomo_copy')
        .values({
          customer_id: customerId,
          name: 'listed projects',
          body_sealed: Buffer.from('x'),
          kept_at_ms: nowMs,
        })
        .compile(),
    )
  })
})
afterAll(async () => {
  await store.close()
  vomo.close()
})

async function told({
  node = '20.19.0',
  ...given
}: {
  dataFolder?: string
  node?: string
} = {}): Promise<string[]> {
  const found = await examineHouseItself(
    { store, secrets, clock: () => nowMs, log },
    { dataFolder: given.dataFolder, secrets: 2, node, fetch },
  )
  for (const { isWell, mend } of found) expect(mend === undefined).toBe(isWell)
  return found.map(({ isWell, what }) => `${isWell ? 'ok' : 'FAIL'} ${what}`)
}

it('a house in order is well', async () => {
  const lines = await told({ dataFolder: tmpdir() })
  expect(lines).toEqual([
    expect.stringMatching(/^(ok|FAIL) The disk of .* has \d+ MB free\.$/),
    'ok Node is 20.19.0.',
    expect.stringMatching(/^ok PORCHLIGHT_SECRET is 2 secrets; the first one seals since /),
    expect.stringMatching(/^ok The clock agrees with that of 127\.0\.0\.1:\d+\.$/),
    'ok riverbend: its list of projects was read to the end 0 minutes ago.',
  ])
})

it.each([
  ['ok', '24.18.1'],
  ['FAIL', '24.19.0'],
  ['FAIL', '24.21.0'],
  ['ok', '24.22.3'],
  ['ok', '26.12.1'],
])('%s: Node %s, which may or may not abort under SQLite', async (verdict, node) => {
  expect(await told({ dataFolder: tmpdir(), node })).toContain(`${verdict} Node is ${node}.`)
})

it('an old secret, a clock that is off and old copies each fail', async () => {
  nowMs += 31 * dayMs
  const lines = await told()
  expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([
    expect.stringMatching(/^FAIL PORCHLIGHT_SECRET is 2 secrets/),
    expect.stringMatching(/^FAIL The clock is \d+ s ahead of that of /),
    expect.stringMatching(/^FAIL riverbend: its list of projects was read to the end 44640 minutes ago/),
  ])
})

it('a provider that does not answer fails, and is named with its customer', async () => {
  await store.write(function* () {
    const [customer] = yield* rows(store.db.selectFrom('customer').select('id').compile())
    yield* addProvider(
      store.db,
      secrets,
      {
        customerId: customer?.id ?? '',
        name: 'work',
        label: 'Work',
        preset: 'generic',
        issuer: 'http://127.0.0.1:1',
        clientId: 'porchlight',
        clientSecret: 'a-secret-of-the-client',
        ...defaultProviderRules,
      },
      nowMs,
    )
  })
  expect((await told()).at(-1)).toMatch(/^FAIL riverbend: work: http:\/\/127\.0\.0\.1:1 does not answer/)
})
