import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setStaff } from '../accounts/staff.ts'
import { normalizeAddress } from '../address.ts'
import type { DemoConfig } from '../config.ts'
import { createApiToken, findApiToken, findOrCreateApplication, scopes } from '../customers/applications.ts'
import { setCustomer } from '../customers/change-settings.ts'
import { customerBySlug } from '../customers/customers.ts'
import { setLogo } from '../customers/logo.ts'
import { addProvider, defaultProviderRules, providerNamed, removeProvider } from '../customers/providers.ts'
import type { ExampleValues } from '../description/examples.ts'
import { defaultLimits, type LimitSettings } from '../limits.ts'
import { findApplication, type RowndApplication } from '../link-api/rownd/application/applications.ts'
import { createCredential } from '../link-api/rownd/application/credentials.ts'
import { RowndError } from '../link-api/rownd/envelope.ts'
import { setSettings } from '../link-api/rownd/profiles/settings.ts'
import type { Log } from '../log/log.ts'
import { openMailbox } from '../mail/mailbox.ts'
import type { Transport } from '../mail/outbox.ts'
import { type RunningPortal, startPortal } from '../main.ts'
import { type Opened, startWhole } from '../opened.ts'
import { type DatabaseOptions, fileFailure, openDatabase } from '../operator/database.ts'
import { cannotListen } from '../operator/start-failure.ts'
import { makeSampleWorld, type SampleWorld } from '../sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../sandbox/server.ts'
import { openSecrets, randomToken, type Secrets } from '../secrets.ts'
import { callbackOf, logoutUriOf, signedOutUriOf } from '../sign-in/provider/addresses.ts'
import { rows, type Store } from '../store/store.ts'
import { changeFieldChoice } from '../volunteer/profile/field-choice.ts'
import { type FieldChoice, firstChoice } from '../volunteer/profile/fields.ts'
import { grantVomoAccess } from '../vomo/access/access.ts'
import { enableWebhook, webhookUrl } from '../webhooks/webhooks.ts'
import { startIdentityProvider } from './identity-provider.tsx'
import riverbendLogo from './logo.svg?raw'
import { mailboxRoutes } from './mailbox.tsx'

/** The demo listens only on loopback. */
const loopback = ['127.0.0.1', '::1']
const minuteMs = 60_000

/** The rate limit of the portals' own tokens in the sandbox; Porchlight's budget stays below it. */
const demoRateLimit = 300
const demoBudget = 250

const demoLimits: LimitSettings = {
  ...defaultLimits,
  signInRequestsPerNetwork: { count: 60, perMs: minuteMs },
  signInRequestsFromKnownBrowsers: undefined,
  mailsPerPerson: undefined,
  lookUpsPerAddress: undefined,
  missesPerNetwork: { count: 600, perMs: minuteMs },
  apiCallsPerToken: { count: 600, perMs: minuteMs },
  callsPerApplication: { count: 600, perMs: minuteMs },
}

/** What the identity provider of the second customer is called there. */
const demoProvider = 'hillside'

/** The look of each sample organization. */
const looks = {
  riverbend: { color: '#0b5a5f', 'time-zone': 'America/Chicago', 'contact-name': 'Rosa Whitfield' },
  hillside: {
    color: '#7a3e6d',
    'time-zone': 'America/Los_Angeles',
    'contact-name': 'Dev Okafor',
    'shared-addresses': 'yes',
  },
} as const

/** The custom fields the first customer shows; background checks, special needs and emergency contacts are for its staff. */
const riverbendFields: FieldChoice = {
  ...firstChoice,
  editsProfile: true,
  custom: [
    { name: 'T-shirt size', label: 'T-shirt size', type: 'choice' },
    { name: 'Languages', label: 'Languages you speak', type: 'text' },
  ],
}

type RunningDemo = {
  portal: RunningPortal
  sandbox: Sandbox
  world: SampleWorld
  portalUrl: string
  /** The content of `demo.json`. */
  described: DemoDescription
  /** Takes an email into the mailbox. */
  transport: Transport
  close(): Promise<void>
}

export type DemoDescription = {
  portal: string
  sandbox: string
  mailbox: string
  customers: {
    slug: string
    host: string
    vomo_token: string
    vomo_probe_token: string
    /** For the link API; it may make links for staff, too. */
    api_token: string
    /** For the Rownd form. */
    app_key: string
    app_secret: string
    app_id: string
    volunteers: string[]
    staff: string[]
    campaigns: string[]
    /** People worth signing in as. */
    people: InterestingPerson[]
    /** The accounts of its identity provider; the last one's address is on no record. */
    single_sign_on?: string[]
  }[]
}

/**
 * An address, and what its owner sees: the staff pages, two records that share it, a family that does and may sign in, no record, a removed one, hours that wait for
 * confirmation, many shifts.
 */
type InterestingPerson = {
  email: string
  is: 'staff' | 'two' | 'family' | 'none' | 'gone' | 'waiting' | 'many'
}

type DemoTools = {
  /** Whether the second customer signs in through an identity provider, which starts beside the portal. */
  withProvider?: boolean
  /** Whether the sandbox tells both portals what changed. */
  withWebhooks?: boolean
  clock: () => number
  log: Log
  limits?: Partial<LimitSettings>
  warms?: boolean
  /** Calls of each portal to the sandbox per minute. */
  vomoBudget?: number
  passwordMs?: number
} & Partial<DatabaseOptions>

/**
 * Portal, sandbox and mailbox on this machine, with sample data, ready to sign in.
 *
 * @throws {StartFailure} after closing everything
 */
export async function startDemo(config: DemoConfig, tools: DemoTools): Promise<RunningDemo> {
  try {
    return await startWhole((opened) => startParts(config, tools, opened))
  } catch (error) {
    throw fileFailure(error, config.dataFolder) ?? error
  }
}

async function startParts(config: DemoConfig, tools: DemoTools, opened: Opened): Promise<RunningDemo> {
  const { clock, log, allowsNewer = false, hasNewSecret = false } = tools
  const nowMs = clock()
  const { dataFolder, databaseUrl } = config
  const secret = await keptSecret(dataFolder)
  const secrets = openSecrets([secret])
  const store = await openDatabase({ dataFolder, databaseUrl, secrets, clock, allowsNewer, hasNewSecret })
  opened.note(() => store.close())
  const world = makeSampleWorld({ nowMs })
  const sandbox = await startSandbox({
    world,
    clock,
    port: config.sandboxPort,
    rateLimits: { portal: demoRateLimit, probe: 60 },
    onFault: (error) => log.error({ error }, 'the sandbox failed'),
  }).catch(cannotListen('SANDBOX_PORT'))
  opened.note(() => sandbox.close())

  const mailbox = await openMailbox(join(config.dataFolder, 'mailbox.jsonl'), clock)
  const hostOf = (slug: string) => (slug === 'riverbend' ? 'localhost' : `${slug}.localhost`)
  // The customers' public addresses contain the port, so it is chosen before anything listens.
  const port = config.port === 0 ? await freePort() : config.port
  const access = await settle()
  const single = tools.withProvider ? await startSingleSignOn() : undefined
  const portal = await startPortal({
    store,
    secretRing: [secret],
    clock,
    log,
    transport: mailbox.transport,
    mailFrom: (customer) => ({ name: customer.name, address: `no-reply@${customer.slug}.example` }),
    limits: { ...demoLimits, ...tools.limits },
    warms: tools.warms ?? true,
    passwordMs: tools.passwordMs,
    trustedProxies: [],
    listenOn: { port, hosts: loopback },
    metrics: config.metrics,
    extraRoutes: mailboxRoutes(mailbox),
    loopbackName: `localhost:${port}`,
    demoExamples: { values: exampleValues, mailbox: '/dev/mail.json' },
  })
  opened.note(() => portal.close())
  if (tools.withWebhooks) await startWebhooks()
  const portalUrl = `http://localhost:${port}`
  const described: DemoDescription = {
    portal: portalUrl,
    sandbox: sandbox.url,
    mailbox: `${portalUrl}/dev/mail`,
    customers: world.customers.map((customer) => ({
      slug: customer.slug,
      host: `${hostOf(customer.slug)}:${port}`,
      vomo_token: customer.vomoToken,
      vomo_probe_token: customer.vomoProbeToken,
      ...accessOf(access, customer.slug),
      volunteers: customer.volunteers,
      staff: customer.staff,
      campaigns: customer.campaigns,
      people: interestingPeople(world, customer),
      ...(customer.slug === single?.slug && { single_sign_on: single.accounts }),
    })),
  }
  await writeFile(join(config.dataFolder, 'demo.json'), `${JSON.stringify(described, null, 2)}\n`, {
    mode: 0o600,
  })
  return {
    portal,
    sandbox,
    world,
    portalUrl,
    described,
    transport: mailbox.transport,
    close: () => opened.close(),
  }

  async function startWebhooks(): Promise<void> {
    for (const { slug } of world.customers) {
      const customer = await customerBySlug(store, slug)
      if (!customer) continue
      const order = { customerId: customer.id, secret: randomToken(43), endsFormer: true }
      await store.write(() => enableWebhook(store.db, secrets, order, nowMs))
      sandbox.sendWebhooksTo(slug, { url: webhookUrl(customer), secret: order.secret })
    }
  }

  /** @returns `undefined` where the development dependency is not installed */
  async function startSingleSignOn(): Promise<{ slug: string; accounts: string[] } | undefined> {
    const customer = world.customers[1]
    const known = customer && (await customerBySlug(store, customer.slug))
    if (!customer || !known) return undefined
    const [first = '', second = ''] = customer.volunteers
    const accounts = [first, second, `newcomer@${customer.slug}.example`]
    const provider = await startIdentityProvider({
      organization: customer.name,
      accounts: accounts.map((email) => ({ email, isVerified: true })),
      client: {
        redirectUri: callbackOf(known, demoProvider),
        signedOutUri: signedOutUriOf(known),
        logoutUri: logoutUriOf(known, demoProvider),
      },
    })
    if (!provider) return undefined
    opened.note(() => provider.close())
    const { issuer, clientId, clientSecret } = provider
    const former = await providerNamed({ store, secrets }, { customerId: known.id, name: demoProvider })
    await store.write(function* () {
      if (former) yield* removeProvider(store.db, former, nowMs)
      const named = { customerId: known.id, name: demoProvider, label: `your ${customer.name} account` }
      yield* addProvider(
        store.db,
        secrets,
        { ...named, preset: 'generic', issuer, clientId, clientSecret, ...defaultProviderRules },
        nowMs,
      )
    })
    return { slug: customer.slug, accounts }
  }

  function exampleValues(slug: string): ExampleValues {
    const { app_id: APP, app_key: KEY, app_secret: SECRET, api_token: TOKEN } = accessOf(access, slug)
    const EMAIL = world.customers.find((customer) => customer.slug === slug)?.volunteers[0] ?? ''
    return { EMAIL, TOKEN, APP, KEY, SECRET }
  }

  /**
   * Sets the customers up for the demo, also over the data of an earlier start. @returns the credentials of each one's link APIs,
   * by slug
   */
  async function settle(): Promise<Map<string, LinkApiAccess>> {
    const customerIds = new Map<string, string>()
    await store.write(function* () {
      for (const { slug, name, vomoToken, staff } of world.customers) {
        const look = looks[slug as keyof typeof looks]
        const changes = {
          name,
          url: `http://${hostOf(slug)}:${port}`,
          'contact-email': `volunteers@${slug}.example`,
          'stranger-mails': 'yes',
          ...look,
        }
        const by = { role: 'operator', id: 'demo' } as const
        const customerId = yield* setCustomer(store.db, { slug, by, changes }, nowMs)
        customerIds.set(slug, customerId)
        if (slug === 'riverbend') {
          yield* setLogo(store.db, { customerId, bytes: Buffer.from(riverbendLogo) }, nowMs)
          const change = () => riverbendFields
          yield* changeFieldChoice(store.db, { customerId, chosenBy: 'demo', change }, nowMs)
        }
        yield* grantVomoAccess(store.db, secrets, {
          customerId,
          baseUrl: `${sandbox.url}/v1`,
          token: vomoToken,
          budgetPerMinute: tools.vomoBudget ?? demoBudget,
        })
        for (const [i, email] of staff.entries()) {
          const role = i === 0 ? 'owner' : 'coordinator'
          yield* setStaff(store.db, { customerId, address: normalizeAddress(email) ?? email, role }, nowMs)
        }
        // Sample shifts lie around today, so yesterday's copies of them are out of date.
        yield* rows(
          store.db
            .deleteFrom('vomo_project')
            .where('customer_id', '=', customerId)
            .where('fetched_at_ms', '<', nowMs - (nowMs % 86_400_000))
            .compile(),
        )
      }
    })
    const found = new Map<string, LinkApiAccess>()
    for (const [slug, customerId] of customerIds) {
      const fileOf = (what: string) => join(config.dataFolder, `${what}-${slug}`)
      const house = { store, secrets, clock }
      found.set(slug, {
        api_token: await keptApiToken(house, { customerId, file: fileOf('api-token') }),
        ...(await keptCredential(house, {
          customerId,
          portalUrl: `http://${hostOf(slug)}:${port}/`,
          file: fileOf('app-credential'),
        })),
      })
    }
    return found
  }
}

function interestingPeople(
  { traps }: SampleWorld,
  { slug, staff }: SampleWorld['customers'][number],
): InterestingPerson[] {
  const [owner = ''] = staff
  const here: InterestingPerson[] = [
    { email: owner, is: 'staff' },
    { email: 'stranger@example.org', is: 'none' },
  ]
  if (slug !== traps.customer) return [...here, { email: traps.family, is: 'family' }]
  return [
    ...here,
    { email: traps.twoExact, is: 'two' },
    { email: traps.removedEmail, is: 'gone' },
    { email: traps.mixedForms, is: 'waiting' },
    { email: traps.many, is: 'many' },
  ]
}

type LinkApiAccess = Pick<
  DemoDescription['customers'][number],
  'api_token' | 'app_key' | 'app_secret' | 'app_id'
>

function accessOf(access: ReadonlyMap<string, LinkApiAccess>, slug: string): LinkApiAccess {
  const found = access.get(slug)
  if (!found) throw new Error('a sample customer without access to the link APIs')
  return found
}

/** The demo application with its key and secret, kept in a file like the token; its links may open the portal and lead there. */
async function keptCredential(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  at: { customerId: string; portalUrl: string; file: string },
): Promise<Omit<LinkApiAccess, 'api_token'>> {
  const { store, secrets, clock } = tools
  const { customerId, portalUrl: defaultRedirectUrl } = at
  const [keptKey = '', keptSecretText = ''] = (await readIfThere(at.file))?.split('\n') ?? []
  const known = await knownApplication(tools, { customerId, key: keptKey, secret: keptSecretText })
  const { key, secret } = known
    ? { key: keptKey, secret: keptSecretText }
    : await store.write(function* () {
        const application = yield* findOrCreateApplication(store.db, { customerId, name: 'Demo' }, clock())
        const order = { application, name: 'demo', expiresAtMs: null }
        return yield* createCredential(store.db, secrets, order, clock())
      })
  if (!known) await writeFile(at.file, `${key}\n${secret}\n`, { mode: 0o600 })
  const { application } = await findApplication(tools, { customerId, key, secret })
  if (application.defaultRedirectUrl !== defaultRedirectUrl || !application.grantsPortalSignIn) {
    const settings = { defaultRedirectUrl, grantsPortalSignIn: true }
    await store.write(() => setSettings(store.db, application, settings, clock()))
  }
  return { app_key: key, app_secret: secret, app_id: application.id }
}

async function knownApplication(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  credential: { customerId: string; key: string; secret: string },
): Promise<RowndApplication | undefined> {
  try {
    return (await findApplication(tools, credential)).application
  } catch (error) {
    if (error instanceof RowndError) return undefined
    throw error
  }
}

/** The token in a file, if it is still valid; the database has only its hash, so a lost one is replaced. */
async function keptApiToken(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  at: { customerId: string; file: string },
): Promise<string> {
  const { store, secrets, clock } = tools
  const { customerId, file } = at
  const kept = await readIfThere(file)
  if (kept !== undefined && (await findApiToken(tools, { customerId, secret: kept }))) return kept
  const { secret } = await store.write(function* () {
    const application = yield* findOrCreateApplication(store.db, { customerId, name: 'Demo' }, clock())
    return yield* createApiToken(
      store.db,
      secrets,
      { application, name: 'demo', scopes, expiresAtMs: null },
      clock(),
    )
  })
  await writeFile(file, secret, { mode: 0o600 })
  return secret
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function keptSecret(dataFolder: string): Promise<string> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const file = join(dataFolder, 'secret')
  const kept = await readIfThere(file)
  if (kept !== undefined) return kept
  const secret = randomBytes(48).toString('base64url')
  await writeFile(file, secret, { mode: 0o600, flag: 'wx' })
  return secret
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
}
