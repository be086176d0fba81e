import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { changeProvider, providerNamed } from '../src/customers/providers.ts'
import { type IdentityProvider, startIdentityProvider } from '../src/demo/identity-provider.tsx'
import { en } from '../src/text/en.ts'
import { type Chromium, openChromium, type Visitor } from './browser.ts'
import { type House, openHouse, signIn } from './house.ts'
import { addProviderTo, openHouseStore } from './house-store.ts'
import { obstaclesOn } from './obstacles.ts'

const said = en.provider
const label = 'your Hillside Shelter account'

let house: House
let chromium: Chromium
let issuer: string
let picky: IdentityProvider
let first: string
let second: string
let newcomer: string

beforeAll(async () => {
  house = await openHouse({ withProvider: true })
  chromium = await openChromium(house)
  ;[first = '', second = '', newcomer = ''] = house.hillside.single_sign_on ?? []
  issuer = await issuerOf()
  const origin = `http://${house.hillside.host}`
  const started = await startIdentityProvider({
    organization: 'Picky',
    accounts: [
      { email: house.hillside.volunteers[2] ?? '', isVerified: false },
      { email: 'ana@elsewhere.example', isVerified: true },
    ],
    client: {
      redirectUri: `${origin}/sign-in/with/picky/callback`,
      signedOutUri: `${origin}/sign-in?notice=signed_out`,
      logoutUri: `${origin}/sign-in/with/picky/logout`,
    },
  })
  if (!started) throw new Error('oidc-provider is not installed')
  picky = started
  const { clientId, clientSecret } = picky
  const domains = [(house.hillside.volunteers[2] ?? '').split('@')[1] ?? '']
  await addProviderTo(house, {
    slug: 'hillside',
    name: 'picky',
    label: 'Picky',
    issuer: picky.issuer,
    clientId,
    clientSecret,
    domains,
  })
  house.pass(1_500)
})
afterEach(() => chromium.sendHome())
afterAll(async () => {
  await picky.close()
  await chromium.close()
})

/** Where the demo's provider is. */
async function issuerOf(): Promise<string> {
  const answer = await house.browser(house.hillside).post('/sign-in/with/hillside')
  return new URL(/url=(.+)$/.exec(String(answer.headers['refresh']))?.[1] ?? '').origin
}

/** The portal API's answer to this visitor. Node does not know names under localhost, so the browser's own client does not either. */
async function ask(visitor: Visitor, path: string): Promise<Record<string, unknown>> {
  const cookie = `porchlight_session=${await visitor.cookie('porchlight_session')}`
  const { host } = house.hillside
  return (await house.send('GET', `/portal/api${path}`, { host, headers: { cookie } })).json()
}

/** Presses the provider's button and waits for its own page. */
async function goTo(visitor: Visitor, button: string): Promise<void> {
  await visitor.page.getByRole('button', { name: button, exact: true }).click()
  await visitor.page.getByText('Who are you?').waitFor()
}

/** Chooses an account there, and waits for a page of ours. */
async function choose(visitor: Visitor, account: string): Promise<void> {
  await visitor.page.getByRole('button', { name: account, exact: true }).click()
  await visitor.page.waitForURL(`http://${house.hillside.host}/**`)
}

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  const visitor = (mayGoTo = issuer) =>
    chromium.visitor({ javaScriptEnabled, customer: house.hillside, mayGoTo })

  it('a volunteer signs in with their organization’s account, for the first time and again', async () => {
    const ana = await visitor()
    await ana.open('/sign-in?next=/user')
    await goTo(ana, said.button(label))
    await choose(ana, first)
    expect(ana.path()).toBe('/user')
    expect(await ana.cookie('porchlight_session')).toMatch(/^\w{32}$/)
    expect((await ask(ana, '/me'))['email']).toBe(first)

    // The provider still knows them: the button alone signs in again.
    // Signing out here leaves them signed in there.
    await ana.press('Sign out')
    expect(await ana.page.locator('h1').innerText()).toBe(said.signedOut.heading)
    await ana.follow(said.signedOut.stay)
    await ana.page.getByRole('button', { name: said.button(label), exact: true }).click()
    await ana.page.waitForURL('**/organization/**')
    expect((await ask(ana, '/me'))['email']).toBe(first)
    const { sessions } = (await ask(ana, '/me/export')) as { sessions: { signed_in_by: string }[] }
    expect(new Set(sessions.map((session) => session.signed_in_by))).toEqual(new Set(['oidc']))
  })

  it('an account without a record here is told what does not match, and gets in nowhere', async () => {
    const stranger = await visitor()
    await stranger.open('/sign-in')
    await goTo(stranger, said.button(label))
    await choose(stranger, newcomer)
    expect(stranger.status()).toBe(403)
    expect(await stranger.page.locator('h1').innerText()).toBe(said.mismatch.heading)
    const text = await stranger.text()
    expect(text).toContain(said.mismatch.reasons.none('Hillside Shelter'))
    expect(text).toContain('@hillside.example')
    expect(text).not.toContain(newcomer)
    expect(await stranger.cookie('porchlight_session')).toBeUndefined()
    // Another account can be chosen: the provider asks anew.
    await goTo(stranger, said.again(label))
    // Here this provider forgets the former account on a page that needs a script.
    if (!javaScriptEnabled) return
    await choose(stranger, second)
    expect((await ask(stranger, '/me'))['email']).toBe(second)
  })

  it('signing out here goes on to the provider, which leads back', async () => {
    const ana = await visitor()
    await ana.open('/sign-in')
    await goTo(ana, said.button(label))
    await choose(ana, first)
    await ana.press('Sign out')
    await ana.page.getByRole('link', { name: said.signedOut.button(label), exact: true }).click()
    await ana.page.getByRole('button', { name: /yes/i }).click()
    await ana.page.waitForURL('**/sign-in?notice=signed_out')
    // There, too: its button asks who they are.
    await goTo(ana, said.button(label))
  })

  it('signing out at the provider ends the session here', async () => {
    const ana = await visitor()
    await ana.open('/sign-in')
    await goTo(ana, said.button(label))
    await choose(ana, first)
    const session = await ask(ana, '/me')
    expect(session['email']).toBe(first)
    await ana.open(`${issuer}/session/end`)
    await ana.page.getByRole('button', { name: /yes/i }).click()
    await ana.page.getByText('You’re signed out.').waitFor()
    await ana.open('/user')
    expect(ana.path()).toBe('/sign-in')
  })

  it('someone who cancels at the provider comes back to other ways', async () => {
    const ana = await visitor()
    await ana.open('/sign-in')
    await goTo(ana, said.button(label))
    await choose(ana, 'Cancel')
    expect(await ana.page.locator('h1').innerText()).toBe(said.refused.denied.heading)
    await ana.follow(said.otherWays)
    expect(ana.path()).toBe('/sign-in')
  })

  it.each([
    ['unverified', 2],
    ['domain', undefined],
  ] as const)('an address that does not count signs no one in: %s', async (because, place) => {
    const ana = await visitor(picky.issuer)
    await ana.open('/sign-in')
    await ana.page.getByText(said.more).click()
    await goTo(ana, said.button('Picky'))
    await choose(
      ana,
      place === undefined ? 'ana@elsewhere.example' : (house.hillside.volunteers[place] ?? ''),
    )
    expect(await ana.page.locator('h1').innerText()).toBe(said.refused[because].heading)
    expect(await ana.cookie('porchlight_session')).toBeUndefined()
  })
})

it('the API lists the ways that are on as the sign-in page shows them, and those of another customer are theirs', async () => {
  const listed = async (visitor = house.browser(house.hillside)) =>
    (await visitor.get('/portal/api/sign-in/methods')).json()
  const byMail = { kind: 'mail', name: 'mail', label: en.signIn.ask.button }
  const byPasskey = { kind: 'passkey', name: 'passkey', label: en.passkeys.signIn.label }
  expect(await listed()).toEqual({
    methods: [
      { kind: 'provider', name: 'hillside', label: said.button(label) },
      { kind: 'provider', name: 'picky', label: said.button('Picky') },
      byMail,
      byPasskey,
    ],
  })
  expect(await listed(house.browser())).toEqual({ methods: [byMail, byPasskey] })
})

it('its pages have no obstacles, fit a narrow phone, and the sign-in page has one field and three buttons at most', async () => {
  const ana = await chromium.visitor({ customer: house.hillside, mayGoTo: issuer })
  const look = async (name: string) => expect(await obstaclesOn(ana, name)).toEqual([])
  await ana.open('/sign-in')
  await look('sign-in-provider')
  const main = ana.page.locator('main')
  expect(await main.locator('button:visible').count()).toBeLessThanOrEqual(3)
  expect(await main.locator('input:visible').count()).toBe(1)
  await ana.page.getByText(said.more).click()
  await look('sign-in-providers')
  await goTo(ana, said.button(label))
  await choose(ana, newcomer)
  await look('provider-mismatch')
  await ana.open('/sign-in/with/hillside/callback?state=x')
  expect(await ana.page.locator('h1').innerText()).toBe(said.notFinished.heading)
  await look('provider-not-finished')
})

it('staff see who could not get in and why, without the whole address', async () => {
  const staff = await signIn(house, house.hillside.staff[0] ?? '', house.hillside)
  const { text } = await staff.get('/admin')
  expect(text).toContain(en.staff.notByProvider.rules.none)
  expect(text).toContain(en.staff.notByProvider.reasons.unverified)
  expect(text).not.toContain(newcomer)
})

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('where the sign-in page leads straight on, in %s', (_, javaScriptEnabled) => {
  const lead = async (leadsStraight: boolean) => {
    const { store, secrets } = await openHouseStore(house)
    const [customer] = await store.read(
      store.db.selectFrom('customer').select('id').where('slug', '=', 'hillside').compile(),
    )
    const provider = await providerNamed(
      { store, secrets },
      { customerId: customer?.id ?? '', name: 'hillside' },
    )
    if (!provider) throw new Error('no provider')
    const changes = { leadsStraight }
    await store.write(() => changeProvider(store.db, secrets, { provider, changes }, house.nowMs()))
    await store.close()
  }
  beforeAll(() => lead(true))
  afterAll(() => lead(false))

  it('a volunteer comes to the provider and back, and after signing out to the page', async () => {
    const ana = await chromium.visitor({ javaScriptEnabled, customer: house.hillside, mayGoTo: issuer })
    await ana.open('/user')
    await ana.page.getByText('Who are you?').waitFor()
    await choose(ana, first)
    expect(ana.path()).toBe('/user')
    expect((await ask(ana, '/me'))['email']).toBe(first)
    await ana.press('Sign out')
    await ana.follow(said.signedOut.stay)
    expect(ana.path()).toBe('/sign-in')
    await ana.page.getByRole('button', { name: said.button(label), exact: true }).waitFor()
  })

  it('a volunteer without an account there cancels, and finds the other ways', async () => {
    const ana = await chromium.visitor({ javaScriptEnabled, customer: house.hillside, mayGoTo: issuer })
    await ana.open('/sign-in')
    await ana.page.getByText('Who are you?').waitFor()
    await choose(ana, 'Cancel')
    await ana.follow(said.otherWays)
    await ana.page.locator('input[name=email]').waitFor()
    // Nor does one who leaves the provider's page come to it again at once.
    const ben = await chromium.visitor({ javaScriptEnabled, customer: house.hillside, mayGoTo: issuer })
    await ben.open('/sign-in')
    await ben.page.getByText('Who are you?').waitFor()
    await ben.open('/sign-in')
    await ben.page.locator('input[name=email]').waitFor()
  })
})
