import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setStaff } from '../src/accounts/staff.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { customerBySlug } from '../src/customers/customers.ts'
import { changeProvider, type ProviderChanges, providerNamed } from '../src/customers/providers.ts'
import { passwordPath } from '../src/page/header.tsx'
import { en } from '../src/text/en.ts'
import { makeKey, type SoftKey } from './authenticator.ts'
import { plain } from './browser.ts'
import { type Answer, askForMail, type House, openHouse, pathOf, signIn, type TestBrowser } from './house.ts'
import { addProviderTo, openHouseStore } from './house-store.ts'
import { type Grant, type LyingProvider, startLyingProvider } from './lying-provider.ts'
import { beginWith, comeBack, givesSession, type Person, signInWith } from './provider-visits.ts'

const domain = 'work.example'
const owner = `owner@${domain}`
const password = 'purple kettle marches sideways'
const said = en.provider
const hourMs = 3_600_000

let house: House
let provider: LyingProvider
let other: LyingProvider
let count = 0

beforeAll(async () => {
  house = await openHouse()
  provider = await startLyingProvider(house)
  other = await startLyingProvider(house)
  const domains = [domain]
  await addProviderTo(house, {
    slug: 'riverbend',
    name: 'work',
    label: 'Work',
    issuer: provider.issuer,
    domains,
  })
  await addProviderTo(house, { slug: 'riverbend', name: 'other', issuer: other.issuer })
  const { store } = await openHouseStore(house)
  const customer = await customerBySlug(store, 'riverbend')
  const changes = { passwords: 'yes' }
  await store.write(function* () {
    yield* setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, house.nowMs())
    const member = { customerId: customer?.id ?? '', address: owner, role: 'owner' } as const
    yield* setStaff(store.db, member, house.nowMs())
  })
  await store.close()
})
afterAll(async () => {
  await provider.close()
  await other.close()
  await house.close()
  expect(house.errors).toEqual([])
})

/** The next ordinary volunteer, with an address of the provider's domain, or another, in VOMO. */
async function nextPerson(at = domain): Promise<string> {
  const before = house.riverbend.volunteers[count++] ?? ''
  const address = `person-${count}@${at}`
  await house.changePerson(house.userByEmail(before).id, { customer: 'riverbend', email: address })
  return address
}

/** As `porchlight provider set riverbend work` does. */
async function set(changes: ProviderChanges): Promise<void> {
  const { store, secrets } = await openHouseStore(house)
  const customer = await customerBySlug(store, 'riverbend')
  const at = { customerId: customer?.id ?? '', name: 'work' }
  const known = await providerNamed({ store, secrets }, at)
  if (!known) throw new Error('no provider')
  await store.write(() => changeProvider(store.db, secrets, { provider: known, changes }, house.nowMs()))
  await store.close()
}

/** Without what differs by chance. */
function seen({ status, headers, text }: Answer) {
  const { date: _, 'x-request-id': _id, 'set-cookie': cookie, ...rest } = headers
  return { status, rest, cookie: String(cookie).replace(/=[A-Za-z0-9]{32};/, '=*;'), text }
}

const isIn = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).status === 200

async function addKey(browser: TestBrowser): Promise<SoftKey> {
  const options = (await browser.post('/account/passkeys/options')).json()
  const { id: userHandle } = options['user'] as { id: string }
  const key = makeKey({ origin: `http://${house.riverbend.host}`, userHandle })
  const credential = key.made(String(options['challenge']))
  await browser.post('/account/passkeys', { credential, name: 'Phone' })
  return key
}

async function tryKey(key: SoftKey): Promise<Answer> {
  const browser = house.browser()
  const { challenge } = (await browser.post('/sign-in/passkey/options')).json()
  return browser.post('/sign-in/passkey', { credential: key.signed(String(challenge)) })
}

const tryPassword = (email: string, typed: string) =>
  house.browser().post('/sign-in/password', { email, password: typed })

describe('with --only', () => {
  it('every other way is closed', async () => {
    await set({ isOnlyWay: false })
    const address = await nextPerson()
    const before = await signIn(house, address)
    expect((await before.post(passwordPath, { password })).status).toBe(303)
    const key = await addKey(before)
    expect(givesSession(await tryKey(key))).toBe(true)
    expect(givesSession(await tryPassword(address, password))).toBe(true)
    const asking = house.browser()
    const mail = await askForMail(house, asking, address)
    const path = pathOf(mail.links[0])
    await set({ isOnlyWay: true })

    for (const opened of [await asking.get(path), await asking.post(path)]) {
      expect([opened.status, givesSession(opened)]).toEqual([410, false])
      expect(opened.text).toContain(said.onlyWay.heading)
      expect(opened.text).toContain('action="/sign-in/with/work"')
    }
    const typed = await asking.post('/sign-in/code', { code: mail.code ?? '' })
    expect([typed.status, givesSession(typed)]).toEqual([410, false])
    expect(typed.text).toContain(said.onlyWay.heading)
    for (const proof of [{ code: mail.code }, { token: path.replace('/auth/', '') }]) {
      const byApi = await asking.postJson('/portal/api/sign-in/complete', proof)
      expect([byApi.status, givesSession(byApi)]).toEqual([410, false])
      expect(byApi.text).toContain('withheld')
    }
    const [right, wrong] = [await tryPassword(address, password), await tryPassword(address, `${password}!`)]
    expect(seen(right)).toEqual(seen(wrong))
    expect([right.status, givesSession(right)]).toEqual([422, false])
    const byKey = await tryKey(key)
    expect([byKey.status, givesSession(byKey)]).toEqual([422, false])
    expect(byKey.text).toContain(en.passkeys.signIn.errors.by_provider)

    // Nothing was spent: the way back works at once.
    await set({ isOnlyWay: false })
    expect(givesSession(await tryKey(key))).toBe(true)
    expect(givesSession(await tryPassword(address, password))).toBe(true)
    expect(givesSession(await asking.post(path))).toBe(true)
    await set({ isOnlyWay: true })
  })

  it('the form answers as ever, page and API alike, and the email names the button', async () => {
    const outside = house.riverbend.volunteers.at(-1) ?? ''
    const [address, byApi] = [await nextPerson(), await nextPerson()]
    const strangers = [`stranger@${domain}`, 'stranger@example.org']
    const asked = (email: string) => house.browser().post('/sign-in', { email })
    const known = seen(await asked(address))
    for (const each of [outside, ...strangers]) expect(seen(await asked(each))).toEqual(known)
    const asProgram = (email: string) => house.browser().postJson('/portal/api/sign-in', { email })
    const knownByApi = seen(await asProgram(byApi))
    for (const each of [outside, ...strangers]) expect(seen(await asProgram(each))).toEqual(knownByApi)

    for (const each of [address, byApi]) {
      const [mail] = await house.emailsTo(each)
      expect(mail?.subject).toBe(en.mail.byProvider.subject('Riverbend Food Bank'))
      expect(plain(mail?.text ?? '')).toContain(said.button('Work'))
      expect(mail?.code).toBeNull()
      expect(mail?.html).not.toMatch(/\/auth\/|\/not-me\//)
      expect(mail?.links.map((link) => new URL(link).pathname)).toEqual(['/sign-in'])
    }
    expect((await house.emailsTo(outside))[0]?.code).toMatch(/^.{4}-.{4}$/)
    // Not on record, of this domain or another: the letter that strangers get.
    for (const each of strangers)
      expect(plain((await house.emailsTo(each))[0]?.text ?? '')).toContain(en.mail.notOnRecord.other)

    await asked(address)
    expect(await house.emailsTo(address)).toHaveLength(1)
    house.pass(hourMs)
    await asked(address)
    expect(await house.emailsTo(address)).toHaveLength(2)
  })

  it.each(['register', 'reset'])(
    'an email to choose a password holds no link either: %s',
    async (purpose) => {
      const address = await nextPerson()
      await house.browser().post(`/sign-in/${purpose}`, { email: address })
      expect(plain((await house.emailsTo(address))[0]?.text ?? '')).toContain(said.button('Work'))
    },
  )

  it('holds for staff and owners', async () => {
    await house.browser().post('/sign-in', { email: owner })
    expect((await house.emailsTo(owner)).map(({ code }) => code)).toEqual([null])
    const browser = house.browser()
    const person = { sub: 'owner', email: owner }
    expect(givesSession(await signInWith(browser, 'work', { provider, person }))).toBe(true)
    expect((await browser.get('/admin')).status).toBe(200)
  })

  it('the provider signs in, and no other provider does', async () => {
    const email = await nextPerson()
    const person = { sub: 'both', email }
    const refused = await signInWith(house.browser(), 'other', { provider: other, person })
    expect([refused.status, givesSession(refused)]).toEqual([403, false])
    expect(refused.text).toContain(said.refused.domain.heading)
    const browser = house.browser()
    expect(givesSession(await signInWith(browser, 'work', { provider, person }))).toBe(true)
    expect(await isIn(browser)).toBe(true)
    const outside = { sub: 'outside', email: house.riverbend.volunteers.at(-1) ?? '' }
    expect(
      givesSession(await signInWith(house.browser(), 'other', { provider: other, person: outside })),
    ).toBe(true)
  })

  it('a link that the organization’s own system makes still signs in', async () => {
    const email = await nextPerson()
    const made = await house.send('POST', '/v1/users/one-time', {
      host: house.riverbend.host,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${house.riverbend.api_token}`,
      },
      body: JSON.stringify({ email, ip_address: '127.0.0.1' }),
    })
    const { auth_link } = made.json()['data'] as { auth_link: string }
    const browser = house.browser()
    await browser.get(pathOf(auth_link))
    if (!(await isIn(browser))) await browser.post(pathOf(auth_link))
    expect(await isIn(browser)).toBe(true)
  })
})

describe('what cannot be undone, with --only', () => {
  const authTime = (secondsAgo: number | undefined) => (grant: Grant) => {
    grant.claims['auth_time'] =
      secondsAgo === undefined ? undefined : Math.floor(house.nowMs() / 1000) - secondsAgo
  }

  /** Signs in once more, as the erase page asks. */
  async function anew(browser: TestBrowser, person: Person, secondsAgo: number | undefined, by = 'work') {
    const asked = await beginWith(browser, by, { fresh: 'yes', next: '/account/erase' })
    const vouching = by === 'work' ? provider : other
    const code = await vouching.issue(asked, person, authTime(secondsAgo))
    const state = asked.searchParams.get('state') ?? ''
    return { asked, got: await comeBack(browser, by, { code, state, iss: vouching.issuer }) }
  }

  it('takes a sign-in at the provider of this very moment', async () => {
    const person = { sub: 'erases', email: await nextPerson() }
    const browser = house.browser()
    await signInWith(browser, 'work', { provider, person })
    const first = await browser.post('/account/erase', { confirm: 'yes' })
    expect([first.status, first.text.includes('name="fresh" value="yes"')]).toEqual([403, true])
    expect(first.text).toContain(en.account.erase.fresh.byProvider('Work'))
    expect(first.text).not.toContain(en.account.erase.fresh.button)

    const { asked, got } = await anew(browser, person, 5)
    expect(asked.searchParams.get('max_age')).toBe('0')
    expect(asked.searchParams.get('prompt')).toBe('login')
    expect([got.status, got.headers['location']]).toEqual([303, '/account/erase'])
    expect((await browser.get('/account')).text).toContain(en.account.sessions.ways.provider_anew)
    // It opens nothing that would outlive --only.
    expect((await browser.post(passwordPath, { password })).status).toBe(403)
    expect((await browser.post('/account/passkeys/options')).status).toBe(401)
    const erased = await browser.post('/account/erase', { confirm: 'yes' })
    expect(erased.headers['location']).toBe('/account/erased')
  })

  it.each([
    ['too old', 600],
    ['unknown', undefined],
  ] as const)('takes none whose moment is %s', async (name, secondsAgo) => {
    const person = { sub: `erases ${name}`, email: await nextPerson() }
    const browser = house.browser()
    await signInWith(browser, 'work', { provider, person })
    const { got } = await anew(browser, person, secondsAgo)
    expect([got.status, givesSession(got)]).toEqual([403, false])
    expect((await browser.post('/account/erase', { confirm: 'yes' })).status).toBe(403)
  })

  it('takes none from people who have their mailbox to show', async () => {
    const person = { sub: 'outside', email: house.riverbend.volunteers.at(-1) ?? '' }
    const browser = house.browser()
    const { got } = await anew(browser, person, 5, 'other')
    expect(givesSession(got)).toBe(true)
    const answer = await browser.post('/account/erase', { confirm: 'yes' })
    expect([answer.status, answer.text.includes(en.account.erase.fresh.what)]).toEqual([403, true])
  })
})

describe('with --straight', () => {
  beforeAll(() => set({ leadsStraight: true }))
  beforeEach(() => {
    provider.state.special.clear()
    house.pass(31_000)
  })

  const leadsTo = ({ headers }: Answer) => /^0; url=(.+)$/.exec(String(headers['refresh']))?.[1]
  const isPage = (answer: Answer) =>
    answer.status === 200 && leadsTo(answer) === undefined && answer.text.includes('name="email"')

  it('the sign-in page leads on, the sign-in ends where it was going, and the page knows the other ways', async () => {
    const person = { sub: 'straight', email: await nextPerson() }
    const browser = house.browser()
    const answer = await browser.get('/sign-in?next=/user')
    expect([answer.status, leadsTo(answer)?.startsWith(provider.issuer)]).toEqual([200, true])
    expect(answer.text).toContain('href="/sign-in?ways=all&amp;next=%2Fuser"')
    const asked = new URL(leadsTo(answer) ?? '')
    const code = await provider.issue(asked, person)
    const state = asked.searchParams.get('state') ?? ''
    const got = await comeBack(browser, 'work', { code, state, iss: provider.issuer })
    expect([got.status, got.headers['location']]).toEqual([303, '/user'])
    expect(await isIn(browser)).toBe(true)
    // Signed in: the page, as ever.
    expect(isPage(await browser.get('/sign-in'))).toBe(true)
  })

  it('leads in no circle: not after signing out, with a notice, to every way, or to a browser that just left', async () => {
    for (const path of ['/sign-in?notice=signed_out', '/sign-in?notice=too_late', '/sign-in?ways=all'])
      expect(isPage(await house.browser().get(path)), path).toBe(true)
    const browser = house.browser()
    expect(leadsTo(await browser.get('/sign-in'))).toBeDefined()
    expect(isPage(await browser.get('/sign-in'))).toBe(true)
    // As the browser does after a quarter of an hour.
    browser.cookies.delete('porchlight_with')
    expect(leadsTo(await browser.get('/sign-in'))).toBeDefined()
    const asking = house.browser()
    await asking.post('/sign-in', { email: house.riverbend.volunteers.at(-1) ?? '' })
    expect(isPage(await asking.get('/sign-in'))).toBe(true)
    const wrong = await house.browser().post('/sign-in', { email: 'nonsense' })
    expect([wrong.status, leadsTo(wrong)]).toEqual([422, undefined])
  })

  it('leads in no circle where each session ends at once, where cookies are off, or on a shared computer', async () => {
    const person = { sub: 'ends at once', email: await nextPerson() }
    const browser = house.browser()
    expect(givesSession(await signInWith(browser, 'work', { provider, person }))).toBe(true)
    browser.cookies.delete('porchlight_session')
    expect((await browser.get('/account')).headers['location']).toBe('/sign-in?next=%2Faccount')
    expect(isPage(await browser.get('/sign-in?next=%2Faccount'))).toBe(true)

    const without = house.browser()
    const asked = new URL(leadsTo(await without.get('/sign-in')) ?? '')
    const [code, state] = [await provider.issue(asked, person), asked.searchParams.get('state') ?? '']
    without.cookies.clear()
    const got = await comeBack(without, 'work', { code, state, iss: provider.issuer })
    expect([got.status, leadsTo(got), givesSession(got)]).toEqual([410, undefined, false])
    expect(got.text).toContain('href="/sign-in?ways=all"')

    const shared = house.browser()
    await shared.post('/sign-in/shared', { shared: 'yes' })
    expect(isPage(await shared.get('/sign-in'))).toBe(true)
  })

  it.each([
    ['the provider', '/sign-out'],
    ['an emailed link', '/sign-out'],
    ['the provider', '/account/sessions/end-all'],
  ])('a visitor who signs out stays out: after %s, by %s', async (by, path) => {
    const email = await nextPerson(by === 'the provider' ? domain : 'example.org')
    const browser = by === 'the provider' ? house.browser() : await signIn(house, email)
    if (by === 'the provider')
      await signInWith(browser, 'work', { provider, person: { sub: `leaves by ${path}`, email } })
    browser.cookies.delete('porchlight_with')
    browser.cookies.delete('porchlight_asked')
    expect(await isIn(browser)).toBe(true)
    await browser.post(path)
    expect(await isIn(browser)).toBe(false)
    expect((await browser.get('/')).headers['location']).toBe('/sign-in')
    expect(isPage(await browser.get('/sign-in'))).toBe(true)
  })

  it('leads no program on, and a failure to the other ways', async () => {
    for (const headers of [{ 'sec-purpose': 'prefetch' }, { 'sec-fetch-dest': 'image' }])
      expect(isPage(await house.browser().get('/sign-in', headers))).toBe(true)
    const browser = house.browser()
    const asked = new URL(leadsTo(await browser.get('/sign-in')) ?? '')
    const state = asked.searchParams.get('state') ?? ''
    const denied = { error: 'access_denied', state, iss: provider.issuer }
    const refused = await comeBack(browser, 'work', denied)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('href="/sign-in?ways=all"')
    const unfinished = await comeBack(browser, 'work', denied)
    expect([unfinished.status, unfinished.text.includes('href="/sign-in?ways=all"')]).toEqual([410, true])
  })

  it('shows the page while the provider is down, and leads on when it is back', async () => {
    const person = { sub: 'breaks', email: await nextPerson() }
    provider.state.special.set('/token', (_, response) => void response.writeHead(502).end())
    for (let i = 0; i < 5; i += 1) await signInWith(house.browser(), 'work', { provider, person })
    expect(isPage(await house.browser().get('/sign-in'))).toBe(true)
    provider.state.special.clear()
    house.pass(31_000)
    expect(givesSession(await signInWith(house.browser(), 'work', { provider, person }))).toBe(true)
    expect(leadsTo(await house.browser().get('/sign-in'))).toBeDefined()
  })
})
