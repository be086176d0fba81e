import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findOrCreatePerson } from '../../accounts/people.ts'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import { customerBySlug } from '../../customers/customers.ts'
import { providerNamed } from '../../customers/providers.ts'
import { Refusal } from '../../errors.ts'
import type { Log } from '../../log/log.ts'
import { openSecrets, type Secrets } from '../../secrets.ts'
import { noteIdentity } from '../../sign-in/provider/identities.ts'
import { databaseIn, openStore } from '../../store/engines.ts'
import type { Store } from '../../store/store.ts'
import { addProviderCommands } from './commands.ts'

let folder: string
let store: Store
let customerId: string
const unheard = () => {}
const log: Log = { debug: unheard, info: unheard, warn: unheard, error: unheard }
const secrets = openSecrets(['not-the-secret-of-any-real-house-0123456789'])
const clock = () => 1_700_000_000_000
const tenant = '11111111-2222-3333-4444-555555555555'
/** The tenant of all personal accounts. */
const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad'
const entra = `https://login.microsoftonline.com/${tenant}/v2.0`

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-provider-'))
  store = await openStore({ database: databaseIn(folder) })
  const changes = { name: 'Riverbend', url: 'https://volunteers.riverbend.example' }
  customerId = await store.write(() =>
    setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, clock()),
  )
  writeFileSync(join(folder, 'secret'), 'the-client-secret\n')
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (...words: string[]): Promise<string> => runWith(secrets, ...words)

async function runWith(held: Secrets, ...words: string[]): Promise<string> {
  const said: string[] = []
  const program = new Command()
  addProviderCommands(program, {
    withStore: (work) => work({ store, secrets: held, clock, log }),
    say: (text) => said.push(text),
  })
  await program.parseAsync(['provider', ...words], { from: 'user' })
  return said.join('\n')
}

const add = (...words: string[]) =>
  run(
    'add',
    'riverbend',
    'work',
    '--client-id',
    'us',
    '--client-secret-file',
    join(folder, 'secret'),
    '--label',
    'Work',
    ...words,
  )

async function refused(running: Promise<unknown>): Promise<string[]> {
  const error = await running.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Refusal)) throw new Error('it was not refused', { cause: error })
  return Object.entries(error.fields).map(([field, rule]) => `${field} ${rule}`)
}

describe('provider add', () => {
  it('keeps the secret sealed, and says what to register', async () => {
    const said = await add(
      '--preset',
      'generic',
      '--issuer',
      'https://id.example.org',
      '--domain',
      'Example.org',
    )
    expect(said).toContain('https://volunteers.riverbend.example/sign-in/with/work/callback')
    expect(said).toContain('https://volunteers.riverbend.example/sign-in/with/work/logout')
    expect(said).not.toContain('the-client-secret')
    const [row] = await store.read(store.db.selectFrom('provider').selectAll().compile())
    expect(Buffer.from(row?.client_secret_sealed ?? []).toString()).not.toContain('the-client-secret')
    expect(await providerNamed({ store, secrets }, { customerId, name: 'work' })).toMatchObject({
      clientSecret: 'the-client-secret',
      domains: ['example.org'],
      trustsEmail: false,
    })
    expect((await customerBySlug(store, 'riverbend'))?.providers).toMatchObject([
      { name: 'work', label: 'Work' },
    ])
    const listed = await run('list', 'riverbend', '--json')
    expect(listed).not.toContain('the-client-secret')
    expect(JSON.parse(listed)).toMatchObject([{ name: 'work', issuer: 'https://id.example.org' }])
    expect(await refused(add('--preset', 'google'))).toEqual(['name is taken; see provider set'])
  })

  it.each([
    ['generic', 'http://id.example.org', 'issuer must begin with https:// (plain http only on this machine)'],
    ['generic', 'https://id.example.org/?x', 'issuer must be a URL without a user, query or fragment'],
    ['generic', 'nonsense', 'issuer must be a URL without a user, query or fragment'],
    ['keycloak', 'https://id.example.org', 'issuer must look like https://<host>/realms/<realm>'],
    ['google', 'https://id.example.org', 'issuer must look like https://accounts.google.com'],
    ...[...'common organizations consumers example.org'.split(' '), consumers].flatMap((each) =>
      ['entra', 'generic'].map((preset) => [
        preset,
        `https://login.microsoftonline.com/${each}/v2.0`,
        'issuer must name one tenant by its id: not common, organizations, consumers or a domain',
      ]),
    ),
    ['other', 'https://id.example.org', 'preset must be one of entra, okta, google, keycloak, generic'],
  ])('%s at %s is refused', async (preset, issuer, rule) => {
    expect(await refused(add('--preset', preset, '--issuer', issuer))).toEqual([rule])
  })

  it('trusts addresses only where the operator repeats the tenant and names a domain, and tells the risk', async () => {
    const trust = (...words: string[]) => add('--preset', 'entra', '--issuer', entra, ...words)
    expect(await refused(trust('--trust-email', 'yes', '--domain', 'example.org'))).toEqual([
      `trust-email must repeat ${tenant}`,
    ])
    expect(await refused(trust('--trust-email', tenant))).toEqual([
      'domain must be given beside --trust-email: whose addresses the tenant may vouch for',
    ])
    const said = await trust('--trust-email', tenant, '--domain', 'example.org')
    expect(said).toContain(`Every address that ${tenant} writes into a sign-in now counts as verified.`)
    expect(await refused(run('set', 'riverbend', 'work', '--no-domain'))).toEqual([
      'domain must be given beside --trust-email: whose addresses the tenant may vouch for',
    ])
    await run(
      'set',
      'riverbend',
      'work',
      '--no-trust-email',
      '--no-domain',
      '--max-age',
      '8h',
      '--label',
      'New',
    )
    expect(await providerNamed({ store, secrets }, { customerId, name: 'work' })).toMatchObject({
      trustsEmail: false,
      domains: [],
      maxAgeMinutes: 480,
      label: 'New',
      clientSecret: 'the-client-secret',
    })
  })
})

it('takes the values by which the provider says that it asked for more than a password', async () => {
  const kept = async () => (await providerNamed({ store, secrets }, { customerId, name: 'work' }))?.secondStep
  await add('--preset', 'google')
  expect(await kept()).toEqual([])
  await run('set', 'riverbend', 'work', '--second-step', 'mfa', '--second-step', 'urn:example:gold')
  expect(await kept()).toEqual(['mfa', 'urn:example:gold'])
  expect(JSON.parse(await run('list', 'riverbend', '--json'))).toMatchObject([
    { second_step: ['mfa', 'urn:example:gold'] },
  ])
  await run('set', 'riverbend', 'work', '--label', 'New')
  expect(await kept()).toEqual(['mfa', 'urn:example:gold'])
  for (const wrong of ['', 'two words', 'x'.repeat(256)])
    expect(await refused(run('set', 'riverbend', 'work', '--second-step', wrong))).toEqual([
      'second-step must be a value like mfa, as the provider writes it in amr or acr',
    ])
  await run('set', 'riverbend', 'work', '--no-second-step')
  expect(await kept()).toEqual([])
})

it('provider set changes what is given alone: no address is trusted because a domain was named', async () => {
  await add('--preset', 'google', '--max-age', '8h')
  await run('set', 'riverbend', 'work', '--domain', 'example.org')
  const [domains, kept] = [['example.org'], { trustsEmail: false, maxAgeMinutes: 480 }]
  expect(await providerNamed({ store, secrets }, { customerId, name: 'work' })).toMatchObject({
    domains,
    ...kept,
  })
  await run('set', 'riverbend', 'work', '--label', 'New')
  expect(await providerNamed({ store, secrets }, { customerId, name: 'work' })).toMatchObject({
    domains,
    ...kept,
  })
})

it('a provider is listed, given its client secret again and removed when our own secret was lost', async () => {
  await add('--preset', 'google')
  const held = openSecrets(['another-secret-of-the-same-house-0123456789'])
  expect(await runWith(held, 'list', 'riverbend')).toContain('accounts.google.com')
  expect(await providerNamed({ store, secrets: held }, { customerId, name: 'work' })).toMatchObject({
    clientSecret: null,
  })
  await runWith(held, 'set', 'riverbend', 'work', '--client-secret-file', join(folder, 'secret'))
  expect(await providerNamed({ store, secrets: held }, { customerId, name: 'work' })).toMatchObject({
    clientSecret: 'the-client-secret',
  })
  expect(await runWith(held, 'remove', 'riverbend', 'work')).toContain('work is removed')
})

describe('provider add and set --only and --straight', () => {
  it('need to know whose only way it is, tell the way back, and are undone', async () => {
    const rule = 'domain must be given beside --only: whose addresses it alone signs in'
    expect(await refused(add('--preset', 'google', '--only'))).toEqual([rule])
    const said = await add('--preset', 'google', '--only', '--straight', '--domain', 'example.org')
    expect(said).toContain('People with addresses of example.org sign in with work alone')
    expect(said).toContain('No one has signed in with it so far')
    expect(said).toContain('porchlight provider set riverbend work --no-only')
    const named = () => providerNamed({ store, secrets }, { customerId, name: 'work' })
    expect(await named()).toMatchObject({ isOnlyWay: true, leadsStraight: true })
    expect(await refused(run('set', 'riverbend', 'work', '--no-domain'))).toEqual([rule])
    await run('set', 'riverbend', 'work', '--label', 'New')
    expect(await named()).toMatchObject({ isOnlyWay: true, leadsStraight: true })
    await run('set', 'riverbend', 'work', '--no-only', '--no-straight')
    expect(await named()).toMatchObject({ isOnlyWay: false, leadsStraight: false, domains: ['example.org'] })
    expect(await run('set', 'riverbend', 'work', '--only')).toContain('--no-only')
    const wider = await run('set', 'riverbend', 'work', '--domain', 'example.org', '--domain', 'example.net')
    expect(wider).toContain('People with addresses of example.org, example.net sign in with work alone')
    expect(JSON.parse(await run('list', 'riverbend', '--json'))).toMatchObject([
      { only: true, straight: false },
    ])
    const events = await store.read(
      store.db.selectFrom('audit_event').select('detail').where('kind', '=', 'provider.set').compile(),
    )
    const details = events.map(({ detail }) => JSON.parse(detail ?? '') as Record<string, unknown>)
    expect(details.map(({ only, straight }) => [only, straight])).toEqual([
      [true, true],
      [undefined, undefined],
      [false, false],
      [true, undefined],
      [undefined, undefined],
    ])
    expect(await run('remove', 'riverbend', 'work')).toContain(
      'example.org, example.net sign in by email again',
    )
  })

  it('say nothing of trying it, where it has signed people in', async () => {
    await add('--preset', 'google')
    const [issuer, person] = [
      'https://accounts.google.com',
      { customerId, vomoUserId: '1', address: 'ana@example.org' },
    ]
    await store.write(function* () {
      const { id: personId } = yield* findOrCreatePerson(store.db, person, clock())
      const identity = { customerId, issuer, subject: 'ana' }
      yield* noteIdentity(store.db, identity, { personId, address: person.address }, clock())
    })
    const said = await run('set', 'riverbend', 'work', '--only', '--domain', 'example.org')
    expect(said).not.toContain('No one has signed in')
    expect(said).toContain('--no-only')
  })

  it('are off where they are not given', async () => {
    await add('--preset', 'google')
    const known = await providerNamed({ store, secrets }, { customerId, name: 'work' })
    expect(known).toMatchObject({ isOnlyWay: false, leadsStraight: false })
  })
})

describe('provider remove and test', () => {
  it('removes', async () => {
    await add('--preset', 'google')
    expect(await run('remove', 'riverbend', 'work')).toContain('work is removed from riverbend')
    expect(await refused(run('remove', 'riverbend', 'work'))).toEqual([
      'name is no provider of this customer; see provider list',
    ])
    const events = await store.read(store.db.selectFrom('audit_event').select('kind').compile())
    expect(events.map(({ kind }) => kind).toSorted()).toEqual([
      'customer.set',
      'provider.removed',
      'provider.set',
    ])
  })

  it('says that a provider does not answer', async () => {
    await add('--preset', 'generic', '--issuer', 'http://127.0.0.1:9')
    expect(await run('test', 'riverbend', 'work')).toBe(
      'FAIL http://127.0.0.1:9 does not answer (ECONNREFUSED).',
    )
    process.exitCode = 0
  })
})
