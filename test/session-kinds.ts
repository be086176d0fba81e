import type { Selectable } from 'kysely'
import { personIdsAt, personOf } from '../src/accounts/people.ts'
import { setStaff } from '../src/accounts/staff.ts'
import { createApiToken, findOrCreateApplication } from '../src/customers/applications.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { addProvider, defaultProviderRules } from '../src/customers/providers.ts'
import type { StaffRole } from '../src/customers/roles.ts'
import { findApplication } from '../src/link-api/rownd/application/applications.ts'
import { createCredential } from '../src/link-api/rownd/application/credentials.ts'
import { setSettings } from '../src/link-api/rownd/profiles/settings.ts'
import { newIdAt } from '../src/secrets.ts'
import { makeSpokenCode } from '../src/sign-in/link/spoken-codes.ts'
import { addPasskey } from '../src/sign-in/passkey/passkeys.ts'
import { openHasher } from '../src/sign-in/password/hashing.ts'
import { setPassword } from '../src/sign-in/password/passwords.ts'
import { rows } from '../src/store/store.ts'
import type { SessionTable } from '../src/store/tables/sign-in.ts'
import { makeKey } from './authenticator.ts'
import type { Tenant } from './canaries.ts'
import type { CanaryHouse } from './canary-house.ts'
import type { TestBrowser } from './house.ts'
import { startLyingProvider } from './lying-provider.ts'
import { signInWith } from './provider-visits.ts'
import { firefox } from './rownd-house.ts'
import { tenants } from './small-world.ts'

/** A session that came about through the front door. Its row is the pattern for more of its kind. */
export type SessionKind = {
  name: string
  tenant: Tenant
  place: number
  role: StaffRole | undefined
  isShared: boolean
  row: Selectable<SessionTable>
}

/** A way in: the browser that took it. */
type Arrive = (at: { tenant: Tenant; place: number; address: string }) => Promise<TestBrowser>

const password = 'a long enough sentence of no one’s'
const providerName = 'work'

/** Signs each of these people in by each way there is. */
export async function sessionsOfEachKind(
  house: CanaryHouse,
  people: readonly { tenant: Tenant; place: number; role: StaffRole | undefined }[],
): Promise<{ kinds: SessionKind[]; close: () => Promise<void> }> {
  const { store, secrets, clock } = house
  const provider = await startLyingProvider({ nowMs: clock })
  const calls = new Map<Tenant, Awaited<ReturnType<typeof openApis>>>()
  for (const tenant of new Set(people.map((person) => person.tenant)))
    calls.set(tenant, await openApis(house, tenant, provider.issuer))

  async function mailTo(browser: TestBrowser, address: string): Promise<{ path: string; code: string }> {
    await browser.post('/sign-in', { email: address })
    await house.portal.idle()
    const text = house.emails.findLast(({ to }) => to === address)?.text ?? ''
    const [path = ''] = /\/auth\/\w+/.exec(text) ?? []
    const [code = ''] = /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.exec(text) ?? []
    return { path, code }
  }

  const byMail = async (browser: TestBrowser, address: string) => {
    await browser.post((await mailTo(browser, address)).path)
    return browser
  }

  const arrivals: Record<string, Arrive> = {
    'a mailed link': async ({ tenant, address }) => byMail(house.browser(tenant), address),
    'a mailed code': async ({ tenant, address }) => {
      const browser = house.browser(tenant)
      await browser.post('/sign-in/code', { code: (await mailTo(browser, address)).code })
      return browser
    },
    'a mailed link on a shared computer': async ({ tenant, address }) => {
      const browser = house.browser(tenant)
      await browser.post('/sign-in/shared', { shared: 'yes' })
      return byMail(browser, address)
    },
    'single sign-on': async ({ tenant, address }) => {
      const browser = house.browser(tenant)
      await signInWith(browser, providerName, { provider, person: { sub: address, email: address } })
      return browser
    },
    'a password': async ({ tenant, address }) => {
      await choosePassword(house, tenant, address)
      const browser = house.browser(tenant)
      await browser.post('/sign-in/password', { email: address, password })
      return browser
    },
    'a passkey': async ({ tenant, address }) => {
      const key = await makePasskey(house, tenant, address)
      const browser = house.browser(tenant)
      const { challenge } = (await browser.post('/sign-in/passkey/options')).json()
      await browser.post('/sign-in/passkey', { credential: key.signed(String(challenge)) })
      return browser
    },
    'a code that staff read out': async ({ tenant, address }) => {
      const [id = ''] = await personIdsAt(store, { customerId: house.customerIdOf(tenant), address })
      const person = await personOf(store, { customerId: house.customerIdOf(tenant), id })
      if (!person) throw new Error('no person to read a code to')
      const to = { person, landing: '/', by: 'per_staff' }
      const { code } = await store.write(() => makeSpokenCode(store.db, secrets, to, clock()))
      const browser = house.browser(tenant)
      await browser.post('/sign-in', { email: address })
      await browser.post('/sign-in/code', { code })
      return browser
    },
    'a link of the link API': async ({ tenant, address }) => {
      const isStaff = people.some(
        (each) => each.role && house.userAt(each.tenant, each.place).email === address,
      )
      const browser = house.browser(tenant)
      await browser.get((await calls.get(tenant)?.linkFor(address, isStaff ? 'admin' : 'hub')) ?? '')
      return browser
    },
    'a link of the Rownd API': async ({ tenant, address }) => {
      const browser = house.browser(tenant)
      await browser.post((await calls.get(tenant)?.rowndLinkFor(address)) ?? '', {}, firefox)
      return browser
    },
  }

  const kinds: SessionKind[] = []
  for (const { tenant, place, role } of people) {
    const address = house.userAt(tenant, place).email ?? ''
    const customerId = house.customerIdOf(tenant)
    if (role) await store.write(() => setStaff(store.db, { customerId, address, role }, clock()))
    for (const [way, arrive] of Object.entries(arrivals)) {
      const name = `${role ?? 'a volunteer'} of ${tenants[tenant]} by ${way}`
      const browser = await arrive({ tenant, place, address })
      const hashes = secrets.issuedHashes('session', browser.cookies.get('porchlight_session') ?? '')
      const [row] = await store.read(
        store.db.selectFrom('session').selectAll().where('secret_hash', 'in', hashes).compile(),
      )
      if (!row) throw new Error(`${name}: no session`)
      // It says so in a cookie of its own, besides.
      const isShared = browser.cookies.has('porchlight_shared')
      const kind = { name, tenant, place, role, isShared, row }
      kinds.push(kind)
      // Where it is the only way, its session counts for more: test/only-provider.test.ts has the whole way.
      if (row.way === 'provider')
        kinds.push({ ...kind, name: `${name}, asked anew`, row: { ...row, way: 'provider_anew' } })
    }
  }
  return { kinds, close: () => provider.close() }
}

/** Another session like this one, begun now. @param hasStep whether its holder took a second step */
export async function anotherLike(
  { store, secrets, clock }: CanaryHouse,
  { row, isShared }: SessionKind,
  { hasStep }: { hasStep: boolean },
): Promise<string> {
  const nowMs = clock()
  const { secret, hash } = secrets.issue('session', nowMs)
  const lifeMs = row.expires_at_ms - row.started_at_ms
  const step = hasStep ? { second_step: 'code' as const, second_step_at_ms: nowMs } : {}
  await store.write(() =>
    rows(
      store.db
        .insertInto('session')
        .values({
          ...row,
          id: newIdAt('ses', nowMs),
          secret_hash: hash,
          started_at_ms: nowMs,
          last_used_at_ms: nowMs,
          expires_at_ms: nowMs + lifeMs,
          second_step: null,
          second_step_at_ms: null,
          ...step,
        })
        .compile(),
    ),
  )
  return `porchlight_session=${secret}${isShared ? '; porchlight_shared=yes' : ''}`
}

async function knownAt({ store }: CanaryHouse, customerId: string, address: string) {
  const [id = ''] = await personIdsAt(store, { customerId, address })
  const person = await personOf(store, { customerId, id })
  if (!person) throw new Error('no one has signed in with this address')
  return person
}

async function choosePassword(house: CanaryHouse, tenant: Tenant, address: string): Promise<void> {
  const { store, secrets, clock } = house
  const person = await knownAt(house, house.customerIdOf(tenant), address)
  const hash = await openHasher(1).hash(password)
  await store.write(() => setPassword(store.db, secrets, { person, hash }, clock()))
}

async function makePasskey(house: CanaryHouse, tenant: Tenant, address: string) {
  const { store, clock, hosts } = house
  const person = await knownAt(house, house.customerIdOf(tenant), address)
  const userHandle = Buffer.from(address).toString('base64url')
  const key = makeKey({ origin: `http://${hosts[tenant]}`, userHandle })
  await store.write(() => addPasskey(store.db, person, key.keptAt(hosts[tenant]), clock()))
  return key
}

/** What a customer's own systems call, and its identity system. */
async function openApis(house: CanaryHouse, tenant: Tenant, issuer: string) {
  const { store, secrets, clock } = house
  const customerId = house.customerIdOf(tenant)
  const { token, key, secret } = await store.write(function* () {
    const { db } = store
    const nowMs = clock()
    yield* setCustomer(db, { slug: tenants[tenant], by: operator, changes: { passkeys: 'yes' } }, nowMs)
    const given = { customerId, name: providerName, issuer, label: 'Work', preset: 'generic' } as const
    const client = { clientId: 'porchlight', clientSecret: 'a-secret-that-only-the-two-know' }
    yield* addProvider(db, secrets, { ...given, ...client, ...defaultProviderRules }, nowMs)
    const application = yield* findOrCreateApplication(db, { customerId, name: 'Site' }, nowMs)
    const forever = { application, name: 'site', expiresAtMs: null }
    const scopes = ['links', 'staff_links'] as const
    return {
      token: (yield* createApiToken(db, secrets, { ...forever, scopes }, nowMs)).secret,
      ...(yield* createCredential(db, secrets, forever, nowMs)),
    }
  })
  const { application } = await findApplication(house, { customerId, key, secret })
  const defaultRedirectUrl = `http://${house.hosts[tenant]}/`
  await store.write(() =>
    setSettings(store.db, application, { defaultRedirectUrl, grantsPortalSignIn: true }, clock()),
  )

  async function call(path: string, body: unknown, headers: Record<string, string>): Promise<unknown> {
    const type = { 'content-type': 'application/json' }
    const sent = { method: 'POST', path, headers: { ...type, ...headers }, body: JSON.stringify(body) }
    return JSON.parse((await house.send(tenant, sent)).text)
  }

  return {
    async linkFor(email: string, landing_page: string): Promise<string> {
      const asked = { email, ip_address: '127.0.0.1', landing_page }
      const made = await call('/v1/users/one-time', asked, { authorization: `Bearer ${token}` })
      return new URL((made as { data: { auth_link: string } }).data.auth_link).pathname
    },
    /** Where its page's button posts. */
    async rowndLinkFor(email: string): Promise<string> {
      const asked = { purpose: 'auth', verification_type: 'email', data: { email } }
      const headers = { 'x-rownd-app-key': key, 'x-rownd-app-secret': secret }
      const made = (await call('/hub/auth/magic', asked, headers)) as { link: string }
      return `/l/${made.link.split('/').at(-1)}`
    },
  }
}
