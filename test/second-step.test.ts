import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { removeStaff, setStaff } from '../src/accounts/staff.ts'
import type { StaffRole } from '../src/customers/roles.ts'
import { hasSecondStep, secondStepLifeMs } from '../src/sign-in/session/second-step.ts'
import { en } from '../src/text/en.ts'
import { exportAnswer } from '../src/volunteer/account/answers.ts'
import { makeKey, type SoftKey } from './authenticator.ts'
import { openRows, type Rows } from './database.ts'
import {
  type Answer,
  askForMail,
  type House,
  openHouse,
  pathOf,
  signIn,
  signInAsStaff,
  type TestBrowser,
  takeSecondStep,
} from './house.ts'
import { addProviderTo, openHouseStore } from './house-store.ts'
import { type Lie, type LyingProvider, startLyingProvider } from './lying-provider.ts'
import { beginWith, comeBack, signInWith } from './provider-visits.ts'
import { addStaff } from './staff-house.ts'

/** Staff prove once more who they are before they see a volunteer. */

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const said = en.secondStep

let house: House
let database: Rows
let provider: LyingProvider
let viewed: string
let turn = 0

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  provider = await startLyingProvider(house)
  provider.state.metadata = { acr_values_supported: ['urn:example:gold', 'urn:example:silver'] }
  await addProviderTo(house, {
    slug: 'riverbend',
    name: 'strong',
    issuer: provider.issuer,
    secondStep: ['mfa', 'urn:example:gold'],
  })
  await addProviderTo(house, { slug: 'riverbend', name: 'plain', issuer: (await plainProvider()).issuer })
  await signIn(house, house.riverbend.volunteers[0] ?? '')
  const { id } = await database.one<{ id: string }>(
    'select id from person where address = ?',
    house.riverbend.volunteers[0],
  )
  viewed = `/admin/volunteers/${id}`
})
beforeEach(() => provider.state.special.clear())
afterAll(async () => {
  await database.close()
  await provider.close()
  await plain?.close()
  await house.close()
  expect(house.errors).toEqual([])
})

let plain: LyingProvider | undefined
async function plainProvider(): Promise<LyingProvider> {
  plain ??= await startLyingProvider(house)
  return plain
}

const eventsOf = async (address: string) =>
  (
    await database.all(
      `select kind, detail from audit_event where kind like 'second_step.%'
     and person_id in (select id from person where address = ?) order by id`,
      address,
    )
  ).map(({ kind, detail }) => [kind, JSON.parse(String(detail))])
const leadsTo = ({ status, headers }: Answer) => [status, headers['location']]
const stepAt = (path: string) => `/admin/second-step?next=${encodeURIComponent(path)}`
const failedStep = (why: string) => `/admin/second-step?failed=${why}&next=${encodeURIComponent(viewed)}`
const secretOf = (browser: TestBrowser) => browser.cookies.get('porchlight_session')

/** A member of staff of their own, with a role and without a record. */
async function newStaff(
  customer = house.riverbend,
  address = `member-${turn++}@example.org`,
): Promise<string> {
  return addStaff(database, { address, role: 'viewer', slug: customer.slug })
}

async function maySee(browser: TestBrowser): Promise<boolean> {
  const answer = await browser.get(viewed)
  const isAsked = answer.status === 303 && answer.headers['location'] === stepAt(viewed)
  if (answer.status !== 200 && !isAsked) throw new Error(`a volunteer’s page answered ${answer.status}`)
  return answer.status === 200
}

async function codeFor(browser: TestBrowser, address: string): Promise<string> {
  await browser.post('/admin/second-step/mail')
  const [mail] = await house.emailsTo(address)
  if (!mail?.code || mail.subject !== said.mail.subject('Riverbend Food Bank'))
    throw new Error('no code came')
  return mail.code
}

async function forgetSteps(): Promise<void> {
  await database.run('update session set second_step = null, second_step_at_ms = null')
}

/** Right in form, and never mailed. */
const wrong = 'AAAA-AAAA'

describe('a mailed code', () => {
  it('lets a member of staff on to the page they wanted, in the same session under a new secret', async () => {
    const address = await newStaff()
    const browser = await signIn(house, address)
    expect((await browser.get('/admin')).status).toBe(200)
    expect(leadsTo(await browser.get(viewed))).toEqual([303, stepAt(viewed)])
    const page = await browser.get(stepAt(viewed))
    expect(page.text).toContain(said.mailIt.button)
    expect(page.text).not.toContain('name="code"')

    const sent = await browser.post('/admin/second-step/mail', { next: viewed })
    expect(leadsTo(sent)).toEqual([303, stepAt(viewed)])
    expect((await browser.get(stepAt(viewed))).text).toContain('name="code"')
    const [mail] = await house.emailsTo(address)
    expect(mail?.links).toEqual([`http://${house.riverbend.host}/account`])

    const before = secretOf(browser)
    const sessions = () =>
      database.all(
        'select id from session where person_id = (select id from person where address = ?)',
        address,
      )
    const [session] = await sessions()
    const taken = await browser.post('/admin/second-step', { code: mail?.code ?? '', next: viewed })
    expect(leadsTo(taken)).toEqual([303, viewed])
    expect(await maySee(browser)).toBe(true)
    expect(await sessions()).toEqual([session])
    expect(secretOf(browser)).not.toBe(before)
    const copy = house.browser()
    copy.cookies.set('porchlight_session', before ?? '')
    expect(leadsTo(await copy.get('/admin'))).toEqual([303, '/sign-in?next=%2Fadmin'])

    expect(await eventsOf(address)).toEqual([
      ['second_step.mailed', {}],
      ['second_step.done', { by: 'code' }],
    ])
    expect((await browser.get('/account')).text).toContain(en.account.sessions.secondStep.code('').trim())
    const { sessions: exported } = exportAnswer.parse((await browser.get('/account/export')).json())
    expect(exported[0]).toMatchObject({ second_step: 'code' })
    expect(exported[0]?.second_step_at).not.toBeNull()
    // Nothing is asked of those who have one.
    expect(leadsTo(await browser.get(stepAt('/account')))).toEqual([303, '/account'])
  })

  it('advisory 22: is not the one that opened the session, nor is its link, nor a code of another browser', async () => {
    const address = await newStaff()
    const browser = house.browser()
    const mail = await askForMail(house, browser, address)
    await browser.post('/sign-in/code', { code: mail.code ?? '' })
    expect(await maySee(browser)).toBe(false)
    await browser.get(pathOf(mail.links[0]))
    expect((await browser.post('/admin/second-step', { code: mail.code ?? '' })).status).toBe(422)
    await codeFor(browser, address)
    expect((await browser.post('/admin/second-step', { code: mail.code ?? '' })).text).toContain(
      said.errors.wrong,
    )
    expect(await maySee(browser)).toBe(false)

    const other = await signIn(house, address)
    const code = await codeFor(browser, address)
    expect((await other.post('/admin/second-step', { code })).text).toContain(said.errors.expired)
    await codeFor(other, address)
    expect((await other.post('/admin/second-step', { code })).text).toContain(said.errors.wrong)
    expect(await maySee(other)).toBe(false)
    expect((await browser.post('/admin/second-step', { code })).status).toBe(303)
    expect([await maySee(browser), await maySee(other)]).toEqual([true, false])
    // Nor does it sign its reader in.
    const stranger = house.browser()
    await askForMail(house, stranger, address)
    const late = await codeFor(other, address)
    expect((await stranger.post('/sign-in/code', { code: late })).status).toBe(422)
  })

  it('works once, also of two at once, and for fifteen minutes', async () => {
    const address = await newStaff()
    const browser = await signIn(house, address)
    const code = await codeFor(browser, address)
    const cookie = secretOf(browser) ?? ''
    const twin = house.browser()
    twin.cookies.set('porchlight_session', cookie)
    const both = await Promise.all([browser, twin].map((each) => each.post('/admin/second-step', { code })))
    const done = both.filter((answer) => answer.headers['location'] === '/admin')
    expect(done).toHaveLength(1)
    const holder = both[0] === done[0] ? browser : twin
    await forgetSteps()
    expect((await holder.post('/admin/second-step', { code })).text).toContain(said.errors.expired)

    const second = await codeFor(holder, address)
    house.pass(15 * minuteMs + 1000)
    expect((await holder.post('/admin/second-step', { code: second })).text).toContain(said.errors.expired)
    expect(await maySee(holder)).toBe(false)
  })

  it('is replaced by a later one', async () => {
    const address = await newStaff()
    const browser = await signIn(house, address)
    const first = await codeFor(browser, address)
    await codeFor(browser, address)
    expect((await browser.post('/admin/second-step', { code: first })).text).toContain(said.errors.wrong)
  })

  it('has five tries, and an address ten an hour over all its sessions and codes', async () => {
    const address = await newStaff()
    const browser = await signIn(house, address)
    const first = await codeFor(browser, address)
    const lefts: string[] = []
    for (let i = 0; i < 5; i += 1) {
      const { text } = await browser.post('/admin/second-step', { code: wrong })
      lefts.push(/(\d) (?:try|tries) left/.exec(text)?.[1] ?? '0')
    }
    expect(lefts).toEqual(['4', '3', '2', '1', '0'])
    expect((await browser.post('/admin/second-step', { code: first })).text).toContain(said.errors.too_many)

    const other = await signIn(house, address)
    await codeFor(other, address)
    const guesses = await Promise.all(
      Array.from({ length: 20 }, () => other.post('/admin/second-step', { code: wrong })),
    )
    expect(guesses.filter(({ text }) => text.includes(said.errors.wrong))).toHaveLength(4)
    const fresh = await codeFor(other, address)
    expect((await other.post('/admin/second-step', { code: fresh })).text).toContain(said.errors.too_many)
    expect(await maySee(other)).toBe(false)
    house.pass(hourMs)
    const again = await signInAsStaff(house, address)
    expect(await maySee(again)).toBe(true)
    expect((await eventsOf(address)).filter(([kind]) => kind === 'second_step.failed').length).toBe(10)
  })

  it('what is no code at all costs no try', async () => {
    const address = await newStaff()
    const browser = await signIn(house, address)
    const code = await codeFor(browser, address)
    for (const typed of ['', ' ', 'ABC', '0O0O-1I1L', 'x'.repeat(500)]) {
      const { status, text } = await browser.post('/admin/second-step', { code: typed })
      expect([
        status,
        text.includes(typed.trim() === '' ? said.errors.missing : said.errors.unreadable),
      ]).toEqual([422, true])
    }
    expect((await browser.post('/admin/second-step', { code: code.toLowerCase() })).status).toBe(303)
  })
})

describe('a second step', () => {
  it('opens for twelve hours, to the second', async () => {
    const atMs = 1_700_000_000_000
    const at = (nowMs: number) => hasSecondStep({ secondStep: { by: 'code', atMs } }, nowMs)
    expect(secondStepLifeMs).toBe(12 * hourMs)
    expect([at(atMs), at(atMs + 12 * hourMs - 1000), at(atMs + 12 * hourMs)]).toEqual([true, true, false])
    expect(hasSecondStep({ secondStep: null }, atMs)).toBe(false)

    const address = await newStaff()
    const browser = await signInAsStaff(house, address)
    await database.run(
      'update session set second_step_at_ms = ? where second_step is not null',
      house.nowMs() - 12 * hourMs + minuteMs,
    )
    expect(await maySee(browser)).toBe(true)
    house.pass(minuteMs)
    expect(await maySee(browser)).toBe(false)
    expect((await browser.get('/admin')).status).toBe(200)
  })

  it('ends with the session, and the next one asks again', async () => {
    const address = await newStaff()
    const browser = await signInAsStaff(house, address)
    const secret = secretOf(browser) ?? ''
    await browser.post('/sign-out')
    browser.cookies.set('porchlight_session', secret)
    expect(leadsTo(await browser.get(viewed))).toEqual([303, `/sign-in?next=${encodeURIComponent(viewed)}`])
    expect(await maySee(await signIn(house, address))).toBe(false)
  })

  it('does not outlive a role that is changed, or lost and given again', async () => {
    const address = await newStaff()
    const browser = await signInAsStaff(house, address)
    const { store } = await openHouseStore(house)
    const { customer_id: customerId } = await database.one<{ customer_id: string }>(
      'select customer_id from person where address = ?',
      address,
    )
    const give = (role: StaffRole) =>
      store.write(() => setStaff(store.db, { customerId, address, role }, house.nowMs()))
    expect(await give('viewer')).toBe('unchanged')
    expect(await maySee(browser)).toBe(true)
    expect(await give('coordinator')).toBe('changed')
    expect(await maySee(browser)).toBe(false)
    await takeSecondStep(house, browser, address)
    await store.write(() => removeStaff(store.db, { customerId, address }, house.nowMs()))
    expect((await browser.get(viewed)).status).toBe(404)
    expect((await browser.post('/admin/second-step/mail')).status).toBe(404)
    await give('owner')
    await store.close()
    expect((await browser.get('/admin')).status).toBe(200)
    expect(await maySee(browser)).toBe(false)
  })

  it('at one customer is none at another, though the address is the same', async () => {
    const address = await newStaff()
    await newStaff(house.hillside, address)
    const here = await signInAsStaff(house, address)
    const there = await signIn(house, address, house.hillside)
    there.cookies.set('porchlight_session', secretOf(here) ?? '')
    expect((await there.get('/admin')).status).toBe(303)
    const code = await codeFor(await signIn(house, address), address)
    const fresh = await signIn(house, address, house.hillside)
    await fresh.post('/admin/second-step/mail')
    expect((await fresh.post('/admin/second-step', { code })).status).toBe(422)
  })

  it('is not there for volunteers and strangers, and forms come from our own pages', async () => {
    const volunteer = await signIn(house, house.riverbend.volunteers[1] ?? '')
    const staff = await signIn(house, await newStaff())
    const forms = ['', '/mail', '/passkey', '/passkey/options'].map((path) => `/admin/second-step${path}`)
    expect((await volunteer.get('/admin/second-step')).status).toBe(404)
    expect(leadsTo(await house.browser().get('/admin/second-step'))).toEqual([
      303,
      '/sign-in?next=%2Fadmin%2Fsecond-step',
    ])
    for (const path of forms) {
      expect((await volunteer.post(path)).status, path).toBe(404)
      expect([303, 401]).toContain((await house.browser().post(path)).status)
      expect((await staff.post(path, {}, { 'sec-fetch-site': 'cross-site' })).status, path).toBe(403)
    }
  })

  it('leads on to our own pages alone', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      const address = await newStaff()
      const browser = await signIn(house, address)
      const code = await codeFor(browser, address)
      expect(leadsTo(await browser.post('/admin/second-step', { code, next }))).toEqual([303, '/admin'])
    }
  })
})

/** A member of staff with a passkey, and no second step in this browser. */
async function withKey(given?: string, confirmed?: TestBrowser) {
  const address = given ?? (await newStaff())
  const browser = confirmed ?? (await signInAsStaff(house, address))
  const options = (await browser.post('/account/passkeys/options')).json()
  const key = makeKey({
    origin: `http://${house.riverbend.host}`,
    userHandle: (options['user'] as { id: string }).id,
  })
  const added = await browser.post('/account/passkeys', {
    credential: key.made(String(options['challenge'])),
    name: 'Key',
  })
  expect(added.headers['location']).toBe('/account?passkey=added')
  await forgetSteps()
  return { address, browser, key }
}

const challengeOf = async (browser: TestBrowser) =>
  String((await browser.post('/admin/second-step/passkey/options')).json()['challenge'])
const stepWith = async (browser: TestBrowser, key: SoftKey, lies: Parameters<SoftKey['signed']>[1] = {}) =>
  browser.post('/admin/second-step/passkey', {
    credential: key.signed(await challengeOf(browser), lies),
    next: viewed,
  })

describe('a passkey', () => {
  it('advisory 22: takes the step, and a code no longer does', async () => {
    const address = await newStaff()
    const early = await signIn(house, address)
    const mailedBefore = await codeFor(early, address)
    const { browser, key } = await withKey(address)
    const page = (await browser.get(stepAt(viewed))).text
    expect(page).toContain('data-passkey="step"')
    expect(page).not.toContain('name="code"')
    const mails = (await house.emailsTo(address)).length
    await browser.post('/admin/second-step/mail')
    expect((await house.emailsTo(address)).length).toBe(mails)
    expect(leadsTo(await early.post('/admin/second-step', { code: mailedBefore }))).toEqual([
      303,
      '/admin/second-step',
    ])
    expect(await maySee(early)).toBe(false)

    const before = secretOf(browser)
    expect(leadsTo(await stepWith(browser, key))).toEqual([303, viewed])
    expect(await maySee(browser)).toBe(true)
    expect(secretOf(browser)).not.toBe(before)
    expect((await eventsOf(address)).at(-1)).toEqual(['second_step.done', { by: 'passkey' }])
  })

  it('that signed in is a step already', async () => {
    const { key } = await withKey()
    const browser = house.browser()
    const challenge = String((await browser.post('/sign-in/passkey/options')).json()['challenge'])
    await browser.post('/sign-in/passkey', { credential: key.signed(challenge) })
    expect(await maySee(browser)).toBe(true)
  })

  it('of another person, unverified, replayed, of another session or for another purpose is none', async () => {
    const { browser, key, address } = await withKey()
    const other = await withKey()
    const foreign = await stepWith(browser, other.key)
    expect([foreign.status, foreign.text.includes(said.errors.passkey)]).toEqual([422, true])
    expect((await stepWith(browser, key, { flags: 0x01 })).status).toBe(422)
    expect((await stepWith(browser, key, { origin: 'https://evil.example' })).status).toBe(422)
    expect((await stepWith(browser, key, { signature: (bytes) => bytes.fill(1) })).status).toBe(422)

    const second = await signIn(house, address)
    const elsewhere = await challengeOf(second)
    const cookie = second.cookies.get('porchlight_passkey') ?? ''
    browser.cookies.set('porchlight_passkey', cookie)
    const borrowed = await browser.post('/admin/second-step/passkey', { credential: key.signed(elsewhere) })
    expect(borrowed.status).toBe(422)

    const toSignIn = String((await browser.post('/sign-in/passkey/options')).json()['challenge'])
    expect(
      (await browser.post('/admin/second-step/passkey', { credential: key.signed(toSignIn) })).status,
    ).toBe(422)
    expect((await browser.post('/admin/second-step/passkey', { credential: '{' })).status).toBe(422)

    const challenge = await challengeOf(browser)
    const sealed = browser.cookies.get('porchlight_passkey') ?? ''
    const credential = key.signed(challenge)
    expect((await browser.post('/admin/second-step/passkey', { credential })).status).toBe(303)
    await forgetSteps()
    browser.cookies.set('porchlight_passkey', sealed)
    expect((await browser.post('/admin/second-step/passkey', { credential })).status).toBe(422)
    expect(await maySee(browser)).toBe(false)
  })

  it('whose count goes back is turned off, and then a code is mailed', async () => {
    const { browser, key, address } = await withKey()
    await stepWith(browser, key)
    const thief = await signIn(house, address)
    await stepWith(thief, key)
    expect(await maySee(thief)).toBe(true)
    const copied = await stepWith(browser, key, { signCount: 1 })
    expect([copied.status, copied.text.includes(said.errors.copied)]).toEqual([422, true])
    expect([await maySee(browser), await maySee(thief)]).toEqual([false, false])
    await takeSecondStep(house, browser, address)
    expect(await maySee(browser)).toBe(true)
  })

  it('is the way of the same person with a record that was made for their address since', async () => {
    const { address, key } = await withKey()
    await house.changePerson(house.userByEmail(house.riverbend.volunteers[2] ?? '').id, { email: address })
    house.pass(10 * minuteMs)
    const browser = await signIn(house, address)
    const mails = (await house.emailsTo(address)).length
    expect(await database.all('select id from person where address = ?', address)).toHaveLength(2)
    expect((await browser.get(stepAt(viewed))).text).not.toContain(said.mailIt.button)
    await browser.post('/admin/second-step/mail')
    expect((await house.emailsTo(address)).length).toBe(mails)
    expect(await maySee(browser)).toBe(false)
    expect(leadsTo(await stepWith(browser, key))).toEqual([303, viewed])
    expect(await maySee(browser)).toBe(true)
  })

  it('that was added after a sign-in which its owner denies, confirms nothing any more', async () => {
    const address = await newStaff()
    const browser = house.browser()
    const mail = await askForMail(house, browser, address)
    await browser.post('/sign-in/code', { code: mail.code ?? '' })
    await takeSecondStep(house, browser, address)
    const { key } = await withKey(address, browser)
    const other = await signIn(house, address)
    await stepWith(other, key)
    expect(await maySee(other)).toBe(true)
    const denied = mail.links.find((link) => link.includes('/not-me/'))
    await house.browser().post(pathOf(denied))
    expect(await maySee(other)).toBe(false)
    expect((await browser.get('/admin')).status).toBe(303)
  })

  it('of staff is neither added nor removed without a step', async () => {
    const none = await signIn(house, await newStaff())
    expect(leadsTo(await none.post('/account/passkeys/options'))).toEqual([
      303,
      '/admin/second-step?failed=form',
    ])
    expect((await none.get('/admin/second-step?failed=form')).text).toContain(said.errors.form)
    const { browser, key, address } = await withKey()
    const { id } = await database.one<{ id: string }>('select id from passkey where address = ?', address)
    expect((await browser.get('/account')).text).toContain(en.passkeys.own.stepFirst)
    expect(leadsTo(await browser.post('/account/passkeys/options'))).toEqual([
      303,
      '/admin/second-step?failed=form',
    ])
    expect(leadsTo(await browser.post('/account/passkeys/remove', { passkey: id }))).toEqual([
      303,
      stepAt('/account'),
    ])
    expect(await database.all('select id from passkey where address = ?', address)).toHaveLength(1)
    const other = await signIn(house, address)
    await stepWith(other, key)
    await stepWith(browser, key)
    await browser.post('/account/passkeys/remove', { passkey: id })
    expect([await maySee(browser), await maySee(other)]).toEqual([true, false])
    expect(await database.all('select id from passkey where address = ?', address)).toHaveLength(0)
  })
})

/** What the provider says besides: when and how it asked who its visitor is. */
const says =
  (claims: Record<string, unknown>): Lie =>
  (grant) => {
    grant.claims = { ...grant.claims, ...claims }
  }
const nowSeconds = () => Math.floor(house.nowMs() / 1000)

describe('single sign-on', () => {
  const signInAt = async (name: string, lie: Lie, given?: string) => {
    const address = given ?? (await newStaff())
    const browser = house.browser()
    const person = { sub: address, email: address }
    const at = name === 'plain' ? await plainProvider() : provider
    const answer = await signInWith(browser, name, { provider: at, person, lie })
    expect(answer.status).toBe(303)
    return { browser, address, person }
  }
  /** Presses the button of the page, and comes back. */
  const stepAtProvider = async (
    browser: TestBrowser,
    person: { sub: string; email: string },
    lie: Lie,
  ): Promise<{ asked: URL; answer: Answer }> => {
    const asked = await beginWith(browser, 'strong', { step: 'yes', next: viewed })
    const code = await provider.issue(asked, person, lie)
    const brought = { code, state: asked.searchParams.get('state') ?? '', iss: provider.issuer }
    return { asked, answer: await comeBack(browser, 'strong', brought) }
  }

  it('that says it asked for more just now is a step already, and no other sign-in is', async () => {
    const sees = async (name: string, claims: Record<string, unknown>) =>
      maySee((await signInAt(name, says(claims))).browser)
    expect(await sees('strong', { amr: ['pwd', 'mfa'], auth_time: nowSeconds() })).toBe(true)
    expect(await sees('strong', { acr: 'urn:example:gold', auth_time: nowSeconds() })).toBe(true)
    expect(await sees('strong', { amr: ['pwd'], auth_time: nowSeconds() })).toBe(false)
    expect(await sees('strong', { amr: 'mfa', auth_time: nowSeconds() })).toBe(false)
    expect(await sees('strong', { acr: 'mfa gold', auth_time: nowSeconds() })).toBe(false)
    expect(await sees('strong', { auth_time: nowSeconds() })).toBe(false)
    expect(await sees('strong', { amr: ['mfa'] })).toBe(false)
    expect(await sees('strong', { amr: ['mfa'], auth_time: nowSeconds() - 120 })).toBe(false)
    expect(await sees('plain', { amr: ['mfa'], auth_time: nowSeconds() })).toBe(false)
  })

  it('is asked anew for a step, leads back, and no code is mailed to those who have it', async () => {
    const { browser, address, person } = await signInAt('strong', says({ amr: ['pwd'] }))
    const page = (await browser.get(stepAt(viewed))).text
    expect(page).toContain('action="/sign-in/with/strong"')
    expect(page).not.toContain(said.mailIt.button)
    await browser.post('/admin/second-step/mail')
    expect(await house.emailsTo(address)).toEqual([])
    const before = secretOf(browser)
    const { asked, answer } = await stepAtProvider(
      browser,
      person,
      says({ amr: ['mfa'], auth_time: nowSeconds() }),
    )
    expect(asked.searchParams.get('prompt')).toBe('login')
    expect(asked.searchParams.get('max_age')).toBe('900')
    expect(asked.searchParams.get('acr_values')).toBe('urn:example:gold')
    expect((await beginWith(house.browser(), 'strong')).searchParams.get('acr_values')).toBeNull()
    expect(leadsTo(answer)).toEqual([303, viewed])
    expect(await maySee(browser)).toBe(true)
    expect(secretOf(browser)).not.toBe(before)
    expect((await eventsOf(address)).at(-1)).toEqual(['second_step.done', { by: 'provider' }])
  })

  it('that asks for too little, asked long ago, or is another person’s is none', async () => {
    const { browser, person } = await signInAt('strong', says({ amr: ['pwd'] }))
    const elsewhere = await signInAt('strong', says({}))
    const now = nowSeconds()
    const tries: [{ sub: string; email: string }, Record<string, unknown>][] = [
      [person, { amr: ['pwd'], auth_time: now }],
      [person, { auth_time: now }],
      [person, { amr: ['mfa'] }],
      [person, { amr: ['mfa'], auth_time: now - 120 }],
      [person, { amr: ['mfa'], auth_time: now - 100_000 }],
      [elsewhere.person, { amr: ['mfa'], auth_time: now }],
      [
        { sub: 'nobody yet', email: person.email },
        { amr: ['mfa'], auth_time: now },
      ],
      [
        { sub: person.sub, email: 'other@example.org' },
        { amr: ['mfa'], auth_time: now },
      ],
    ]
    for (const [who, claims] of tries) {
      const { answer } = await stepAtProvider(browser, who, says(claims))
      expect(leadsTo(answer), JSON.stringify(claims)).toEqual([303, failedStep('provider')])
      expect(await maySee(browser)).toBe(false)
    }
    expect((await browser.get(failedStep('provider'))).text).toContain(said.errors.provider)
  })

  it('counts by its token alone, and says so when it does not answer', async () => {
    const { browser, person } = await signInAt('strong', says({ amr: ['pwd'] }))
    const { answer } = await stepAtProvider(browser, person, (grant) => {
      grant.claims = { ...grant.claims, auth_time: nowSeconds() }
      grant.userInfo = { ...grant.userInfo, amr: ['mfa'], acr: 'urn:example:gold' }
      grant.answer = (body) => ({ ...body, amr: ['mfa'], acr: 'urn:example:gold' })
    })
    expect(leadsTo(answer)).toEqual([303, failedStep('provider')])
    provider.state.special.set('/token', (_, response) => void response.writeHead(503).end())
    const { answer: down } = await stepAtProvider(browser, person, says({}))
    expect(leadsTo(down)).toEqual([303, failedStep('unreachable')])
    expect((await browser.get(failedStep('unreachable'))).text).toContain(said.errors.unreachable)
    expect(await maySee(browser)).toBe(false)
  })

  it('is taken back by a sign-out there', async () => {
    for (const named of ['sub', 'sid'] as const) {
      const address = await newStaff()
      const sid = `of-${address}`
      const { person } = await signInAt('strong', says({ amr: ['pwd'] }), address)
      const browser = await signIn(house, address)
      const just = says({ amr: ['mfa'], auth_time: nowSeconds(), sid })
      expect(leadsTo((await stepAtProvider(browser, person, just)).answer)).toEqual([303, viewed])
      const other = await signInAt('strong', just)
      const about = { sub: person.sub, sid }
      const body = new URLSearchParams({
        logout_token: await provider.logoutToken({ [named]: about[named] }),
      })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await house.send('POST', '/sign-in/with/strong/logout', {
        host: house.riverbend.host,
        headers,
        body: body.toString(),
      })
      expect(answer.status).toBe(200)
      expect(await maySee(browser)).toBe(false)
      expect((await browser.get('/admin')).status).toBe(200)
      expect((await other.browser.get('/admin')).status).toBe(named === 'sub' ? 200 : 303)
    }
  })

  it('is a step of the session that began it alone', async () => {
    const { browser, address, person } = await signInAt('strong', says({ amr: ['pwd'] }))
    const asked = await beginWith(browser, 'strong', { step: 'yes', next: viewed })
    const lie = says({ amr: ['mfa'], auth_time: nowSeconds() })
    const code = await provider.issue(asked, person, lie)
    const other = await signIn(house, address)
    browser.cookies.set('porchlight_session', secretOf(other) ?? '')
    const brought = { code, state: asked.searchParams.get('state') ?? '', iss: provider.issuer }
    const answer = await comeBack(browser, 'strong', brought)
    expect(leadsTo(answer)).toEqual([303, failedStep('provider')])
    expect(await maySee(browser)).toBe(false)
    // Signed out meanwhile: the address with the code is not led back to.
    const again = await beginWith(browser, 'strong', { step: 'yes', next: viewed })
    const second = await provider.issue(again, person, lie)
    browser.cookies.delete('porchlight_session')
    const late = { code: second, state: again.searchParams.get('state') ?? '', iss: provider.issuer }
    expect(leadsTo(await comeBack(browser, 'strong', late))).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent(viewed)}`,
    ])
  })

  it('without listed values leaves the mailed code', async () => {
    const { browser, address } = await signInAt('plain', says({ amr: ['mfa'], auth_time: nowSeconds() }))
    expect(await maySee(browser)).toBe(false)
    await takeSecondStep(house, browser, address)
    expect(await maySee(browser)).toBe(true)
  })
})

it('no more than a few codes an hour are mailed to one person', async () => {
  const small = await openHouse({ limits: { stepCodesPerPerson: { count: 2, perMs: hourMs } } })
  try {
    const browser = await signIn(small, small.riverbend.staff[0] ?? '')
    const statuses: number[] = []
    for (let i = 0; i < 3; i += 1) statuses.push((await browser.post('/admin/second-step/mail')).status)
    expect(statuses).toEqual([303, 303, 429])
  } finally {
    await small.close()
  }
})
