import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { exampleOf } from '../src/staff/ways-in/form.ts'
import { en } from '../src/text/en.ts'
import { type Chromium, openChromium } from './browser.ts'
import { openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, signInAsStaff, type TestBrowser } from './house.ts'
import { addProviderTo } from './house-store.ts'
import { type Lie, type LyingProvider, startLyingProvider } from './lying-provider.ts'
import { obstaclesOn } from './obstacles.ts'
import { beginWith, comeBack, givesSession } from './provider-visits.ts'
import { addStaff, leadsTo, personIdOf, readable } from './staff-house.ts'

/** Owners see how people sign in, set identity systems up, and try them without a session. */

const said = en.staffWaysIn
const list = '/admin/ways-in'
const secret = 'a-secret-that-only-the-two-know'

let house: House
let chromium: Chromium
let database: Rows
let provider: LyingProvider
let owner: TestBrowser
let turn = 0

beforeAll(async () => {
  house = await openHouse({ withProvider: true })
  chromium = await openChromium(house)
  database = await openRows(house.database)
  provider = await startLyingProvider(house)
  owner = await newStaff('owner')
})
afterEach(() => chromium.sendHome())
afterAll(async () => {
  await provider.close()
  await database.close()
  await chromium.close()
})

async function newStaff(role: StaffRole, customer = house.riverbend): Promise<TestBrowser> {
  const { slug } = customer
  const address = await addStaff(database, { address: `ways-${turn++}@example.org`, role, slug })
  return signInAsStaff(house, address, customer)
}

const path = (name: string) => `${list}/providers/${name}`
const words = ({ text }: Answer) => readable(text).replaceAll('&amp;', '&')
const hidden = ({ text }: Answer, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''

async function details(kind: string): Promise<Record<string, unknown>[]> {
  const found = await database.all('select detail from audit_event where kind = ? order by id', kind)
  return found.map(({ detail }) => JSON.parse(String(detail)) as Record<string, unknown>)
}

async function newProvider(settings: Parameters<typeof addProviderTo>[1] | object = {}): Promise<string> {
  const name = `work-${turn++}`
  await addProviderTo(house, { slug: 'riverbend', name, issuer: provider.issuer, ...settings })
  house.pass(1_500)
  return name
}

/** The form as its reader sees it, with what they change. */
function filled(page: Answer, changes: Record<string, string>): Record<string, string> {
  const names = ['label', 'client-id', 'domain', 'second-step', 'max-age', 'trust-email', 'only', 'straight']
  const seen = Object.fromEntries(names.map((name) => [`seen-${name}`, hidden(page, `seen-${name}`)]))
  const texts = Object.fromEntries(
    names.map((name) => [name, seen[`seen-${name}`] ?? '']).filter(([, text]) => text !== 'no'),
  )
  return { ...seen, ...texts, ...changes }
}

const given = (changes: Record<string, string> = {}) => ({
  preset: 'generic',
  name: `made-${turn++}`,
  issuer: provider.issuer,
  'client-id': 'porchlight',
  'client-secret': secret,
  label: 'your account',
  domain: '',
  ...changes,
})

// Before the clock of the house passes: the real provider has its own.
describe.each([
  ['in a browser', true],
  ['in a browser without JavaScript', false],
] as const)('%s, with a real provider', (_, javaScriptEnabled) => {
  it('an owner tests it and reads what it said, and no page has an obstacle', async () => {
    const staff = await newStaff('owner', house.hillside)
    const at = await staff.get(list)
    expect(at.text).toContain(path('hillside'))
    const [first = ''] = house.hillside.single_sign_on ?? []
    const begun = await house.browser(house.hillside).post('/sign-in/with/hillside')
    const mayGoTo = new URL(/url=(.+)$/.exec(String(begun.headers['refresh']))?.[1] ?? '').origin
    const visitor = await chromium.visitor({ javaScriptEnabled, customer: house.hillside, mayGoTo })
    const value = staff.cookies.get('porchlight_session') ?? ''
    const url = `http://${house.hillside.host}`
    await visitor.context.addCookies([{ name: 'porchlight_session', value, url }])
    const obstacles: string[] = []
    // What looks for them is a script.
    const look = async (name: string) =>
      javaScriptEnabled && obstacles.push(...(await obstaclesOn(visitor, `ways-in-${name}`)))
    for (const [name, page] of [
      ['new', `${list}/new`],
      ['provider', path('hillside')],
    ] as const) {
      await visitor.open(page)
      await look(name)
    }
    await visitor.page.getByRole('button', { name: said.test.button, exact: true }).click()
    await visitor.page.getByText('Who are you?').waitFor()
    await visitor.page.getByRole('button', { name: first, exact: true }).click()
    await visitor.page.waitForURL(`${url}/**`)
    expect(visitor.path()).toBe(`${path('hillside')}/test`)
    const text = await visitor.text()
    expect(text).toContain(said.trial.works)
    expect(text).toContain(first)
    expect(await visitor.cookie('porchlight_session')).toBe(value)
    await look('result')
    expect(obstacles).toEqual([])
  })
})

describe('setting one up', () => {
  it('asks the system what it is, tells what to register, keeps the secret to itself and stays off', async () => {
    const form = given({ domain: 'Example.org' })
    const made = await owner.post(`${list}/new`, form)
    expect(made.status).toBe(200)
    for (const text of [
      said.done.made,
      said.findings.says_who_it_is(provider.issuer),
      said.findings.knows_us(''),
      `/sign-in/with/${form.name}/callback`,
      'example.org',
    ])
      expect(words(made)).toContain(text)
    expect(made.text).not.toContain(secret)
    expect((await house.browser().post(`/sign-in/with/${form.name}`)).status).toBe(404)
    expect((await details('provider.set')).at(-1)).toMatchObject({
      provider: form.name,
      before: '',
      after: expect.stringContaining('domain: example.org') as unknown,
      by: expect.stringMatching(/^per_/) as unknown,
    })
    expect(JSON.stringify(await details('provider.set'))).not.toContain(secret)

    expect(leadsTo(await owner.post(`${path(form.name)}/turn`, { turn: 'on' }))).toEqual([
      303,
      `${path(form.name)}?done=turned_on`,
    ])
    house.pass(1_500)
    expect((await house.browser().get('/sign-in')).text).toContain(`/sign-in/with/${form.name}`)
    expect((await details('provider.set')).at(-1)).toMatchObject({ before: 'off: yes', after: 'off: no' })
    await owner.post(`${path(form.name)}/turn`, { turn: 'off' })
    house.pass(1_500)
    expect((await house.browser().get('/sign-in')).text).not.toContain(`/sign-in/with/${form.name}`)
  })

  it('names each field and its rule, and keeps nothing', async () => {
    const before = (await database.all('select id from provider')).length
    const errors: [Record<string, string>, string][] = [
      [{ preset: 'other' }, said.errors.preset],
      [{ name: 'Not A Name' }, said.errors.name],
      [{ issuer: 'nonsense' }, said.errors.issuer(exampleOf('generic'))],
      [
        { preset: 'entra', issuer: 'https://login.microsoftonline.com/common/v2.0' },
        said.errors.issuer(exampleOf('entra')),
      ],
      [{ issuer: 'https://10.0.0.5' }, said.errors.private],
      [{ issuer: 'https://vault.internal' }, said.errors.private],
      [{ issuer: 'http://127.0.0.1:9' }, said.errors.noAnswer],
      [{ 'client-id': '' }, said.errors['client-id']],
      [{ 'client-secret': '' }, said.errors['client-secret']],
      [{ label: 'x'.repeat(41) }, said.errors.label],
      [{ domain: 'not a domain!' }, said.errors.domain],
    ]
    for (const [wrong, error] of errors) {
      const refused = await owner.post(`${list}/new`, given(wrong))
      expect([wrong, refused.status, words(refused).includes(error)]).toEqual([wrong, 422, true])
      expect(refused.text).not.toContain(secret)
    }
    provider.state.metadata = { issuer: 'https://other.example' }
    const liar = await owner.post(`${list}/new`, given())
    provider.state.metadata = {}
    expect([liar.status, words(liar).includes(said.errors.notProvider('metadata issuer'))]).toEqual([
      422,
      true,
    ])
    expect(await database.all('select id from provider')).toHaveLength(before)
  })

  it('a secret that the system does not know is told, and one name is one system', async () => {
    const form = given({ 'client-secret': 'another' })
    expect(words(await owner.post(`${list}/new`, form))).toContain(
      said.findings.does_not_know_us('invalid_client'),
    )
    const twice = await owner.post(`${list}/new`, form)
    expect([twice.status, words(twice).includes(said.errors.taken)]).toEqual([422, true])
  })
})

describe('its settings', () => {
  it('are changed with what was there before, and the secret is replaced and never told', async () => {
    const name = await newProvider()
    const page = await owner.get(path(name))
    const changes = {
      label: 'Our account',
      domain: 'b.example, A.example',
      'second-step': 'mfa',
      'max-age': '8h',
    }
    const saved = await owner.post(path(name), filled(page, { ...changes, 'client-secret': 'brand-new' }))
    expect([saved.status, words(saved).includes(said.done.saved)]).toEqual([200, true])
    expect(saved.text).not.toContain('brand-new')
    const [event] = (await details('provider.set')).slice(-1)
    expect(event).toMatchObject({
      fields: 'label, domain, second-step, max-age, client-secret',
      before: `label: ${name}, domain: –, second-step: –, max-age: –`,
      after: 'label: Our account, domain: b.example a.example, second-step: mfa, max-age: 480m',
    })
    expect(JSON.stringify(event)).not.toContain('brand-new')
    const again = await owner.post(path(name), filled(saved, {}))
    expect([again.status, words(again).includes(said.done.unchanged)]).toEqual([200, true])
    for (const [field, text, error] of [
      ['label', '', said.errors.label],
      ['client-id', '', said.errors['client-id']],
      ['domain', 'a b!', said.errors.domain],
      ['second-step', 'ä', said.errors['second-step']],
      ['max-age', 'soon', said.errors['max-age']],
      ['client-secret', 'two words', said.errors['client-secret']],
    ] as const) {
      const refused = await owner.post(path(name), filled(saved, { [field]: text }))
      expect([field, refused.status, words(refused).includes(error)]).toEqual([field, 422, true])
    }
  })

  it('of two owners who edit one, the second is told both values, loses nothing, and decides', async () => {
    const name = await newProvider()
    const page = await owner.get(path(name))
    await owner.post(path(name), filled(page, { label: 'Theirs' }))
    const told = await owner.post(path(name), filled(page, { label: 'Mine', 'client-id': 'portal-2' }))
    expect([told.status, told.text.includes('value="Mine"'), hidden(told, 'seen-label')]).toEqual([
      409,
      true,
      'Theirs',
    ])
    expect(words(told)).toContain(en.staffSettings.conflict(said.form.names.label, 'Theirs', 'Mine'))
    const kept = () => database.one('select label, client_id from provider where name = ?', name)
    expect(await kept()).toEqual({ label: 'Theirs', client_id: 'porchlight' })
    await owner.post(path(name), filled(told, { label: 'Mine', 'client-id': 'portal-2' }))
    expect(await kept()).toEqual({ label: 'Mine', client_id: 'portal-2' })
    // What the first did not touch is not undone.
    await owner.post(path(name), filled(page, { straight: 'yes' }))
    expect(await kept()).toEqual({ label: 'Mine', client_id: 'portal-2' })
  })

  it('the only way in, and addresses that no one confirmed, are asked twice, for these values alone', async () => {
    const name = await newProvider()
    const page = await owner.get(path(name))
    const needs = await owner.post(path(name), filled(page, { only: 'yes' }))
    expect([needs.status, words(needs).includes(said.errors.domainNeeded)]).toEqual([422, true])
    const form = filled(page, { only: 'yes', 'trust-email': 'yes', domain: 'example.net' })
    const asked = await owner.post(path(name), form)
    expect(asked.status).toBe(422)
    for (const text of [said.sure.only('example.net'), said.sure.trust('127.0.0.1'), said.sure.untried])
      expect(words(asked)).toContain(text)
    const sure = hidden(asked, 'sure')
    const wider = await owner.post(path(name), { ...form, domain: 'example.net example.org', sure })
    expect(wider.status).toBe(422)
    expect((await owner.post(path(name), { ...form, sure })).status).toBe(200)
    expect((await details('provider.set')).at(-1)).toMatchObject({ only: true, trusts_email: true })
    // Turned off it closes nothing, and turning it on is asked again.
    await owner.post(`${path(name)}/turn`, { turn: 'off' })
    expect((await owner.post(`${path(name)}/turn`, { turn: 'on' })).status).toBe(422)
    expect(words(await owner.get(path(name)))).toContain(said.state.off)
    await owner.post(`${path(name)}/remove`, { remove: 'yes' })
  })

  it('one that is removed takes its sessions along, once that is what its owner wants', async () => {
    const [address = ''] = house.riverbend.volunteers.slice(5)
    const name = await newProvider()
    const browser = house.browser()
    const asked = await beginWith(browser, name)
    const code = await provider.issue(asked, { sub: 'sub-5', email: address })
    const state = asked.searchParams.get('state') ?? ''
    expect(givesSession(await comeBack(browser, name, { code, state, iss: provider.issuer }))).toBe(true)
    const asks = await owner.post(`${path(name)}/remove`)
    expect([asks.status, words(asks).includes(said.errors.remove)]).toEqual([422, true])
    expect(leadsTo(await owner.post(`${path(name)}/remove`, { remove: 'yes' }))).toEqual([
      303,
      `${list}?removed=1`,
    ])
    expect(leadsTo(await browser.get('/user'))).toEqual([303, '/sign-in?next=%2Fuser'])
    expect((await details('session.ended')).at(-1)).toEqual({ because: 'by_staff' })
    expect((await details('provider.removed')).at(-1)?.['by']).toMatch(/^per_/)
    expect((await owner.get(path(name))).status).toBe(404)
  })
})

describe('a test', () => {
  type Person = { sub: string; email: string }

  async function begin(browser: TestBrowser, name: string): Promise<URL> {
    const answer = await browser.post(`${path(name)}/test`)
    return new URL(/^0; url=(.+)$/.exec(String(answer.headers['refresh']))?.[1] ?? '')
  }

  async function bring(name: string, person: Person, lie?: Lie) {
    const asked = await begin(owner, name)
    const code = await provider.issue(asked, person, lie)
    return { code, state: asked.searchParams.get('state') ?? '', iss: provider.issuer }
  }

  async function result(name: string, person: Person, lie?: Lie): Promise<Answer> {
    const back = await comeBack(owner, name, await bring(name, person, lie))
    expect(back.status).toBe(303)
    expect(givesSession(back)).toBe(false)
    return owner.get(String(back.headers['location']))
  }

  const counted = async () =>
    (await database.one(
      `select (select count(*) from session) + (select count(*) from person) + (select count(*) from provider_identity)
         + (select count(*) from provider_proof) as "all"`,
    )) as { all: unknown }

  const volunteer = (index: number) => ({
    sub: `sub-${index}-of-many`,
    email: house.riverbend.volunteers[index] ?? '',
  })

  it('says what was answered and whom it would have signed in, and changes nothing', async () => {
    const name = await newProvider({ isOff: true })
    const person = volunteer(8)
    const session = owner.cookies.get('porchlight_session')
    const before = await counted()
    const shown = await result(name, person, (grant) => {
      Object.assign(grant.claims, { name: 'Ana <b>', amr: ['mfa'] })
    })
    expect(shown.status).toBe(200)
    const { trial } = said
    for (const text of [trial.works, trial.who.volunteer, trial.who.first, person.email, provider.issuer])
      expect(words(shown)).toContain(text)
    expect(shown.text).toContain('Ana &lt;b>')
    expect(words(shown)).toContain('mfa')
    expect(words(shown)).toContain('sub-8-of…')
    expect(shown.text).not.toContain(person.sub)
    expect(shown.text).not.toMatch(/eyJ|access-\d/)
    expect(await counted()).toEqual(before)
    expect(owner.cookies.get('porchlight_session')).toBe(session)
    expect((await owner.get(list)).status).toBe(200)
    expect((await details('provider.tested')).at(-1)).toMatchObject({ provider: name, result: 'signs_in' })
    expect(JSON.stringify(await details('provider.tested'))).not.toContain(person.email)
  })

  it('tells staff, and people who are known, as who they are', async () => {
    const name = await newProvider()
    const address = await addStaff(database, { address: 'wanda@example.org', role: 'coordinator' })
    expect(words(await result(name, { sub: 'wanda', email: address }))).toContain(
      said.trial.who.staff('coordinator'),
    )
    const known = volunteer(5)
    expect((await result(name, known)).text).toContain(
      `/admin/people/${await personIdOf(database, known.email)}`,
    )
  })

  const cases: [string, keyof typeof said.trial.causes, Lie][] = [
    ['an unconfirmed address', 'unverified', ({ claims }) => void (claims['email_verified'] = false)],
    [
      'no address',
      'no_email',
      ({ claims, userInfo }) => {
        claims['email'] = undefined
        userInfo['email'] = undefined
      },
    ],
    ['another domain', 'domain', ({ claims }) => void (claims['email'] = 'ana@elsewhere.example')],
    [
      'a clock that is ahead',
      'clock',
      ({ claims }) => void (claims.iat = Math.floor(house.nowMs() / 1000) + 600),
    ],
    [
      'a token that has expired',
      'clock',
      ({ claims }) => void (claims.exp = Math.floor(house.nowMs() / 1000) - 600),
    ],
    ['a token for another', 'not_valid', ({ claims }) => void (claims.aud = 'another')],
    ['a code that it does not take', 'redirect', (grant) => void (grant.challenge = 'another')],
  ]
  it.each(cases)('names cause and cure: %s', async (_, cause, lie) => {
    const domain = house.riverbend.volunteers[0]?.split('@')[1] ?? ''
    const name = await newProvider({ domains: [domain] })
    const shown = await result(name, volunteer(0), lie)
    expect(words(shown)).toContain(said.trial.fails)
    expect(words(shown)).toContain(said.trial.causes[cause].what)
    expect(words(shown)).toContain(said.trial.causes[cause].cure)
  })

  it('names cause and cure: a wrong secret, a cancellation, an address that VOMO does not have, no answer', async () => {
    const wrong = await newProvider({ clientSecret: 'another' })
    expect(words(await result(wrong, volunteer(0)))).toContain(said.trial.causes.secret.cure)
    const name = await newProvider()
    const asked = await begin(owner, name)
    const state = asked.searchParams.get('state') ?? ''
    const canceled = await comeBack(owner, name, { error: 'access_denied', state, iss: provider.issuer })
    expect(words(await owner.get(String(canceled.headers['location'])))).toContain(
      said.trial.causes.canceled.cure,
    )
    expect(words(await result(name, { sub: 'stranger', email: 'no-one@example.org' }))).toContain(
      said.trial.mismatch.none.cure,
    )
    const dead = await newProvider({ issuer: 'http://127.0.0.1:9' })
    expect(words(await owner.post(`${path(dead)}/test`))).toContain(said.trial.causes.unreachable.cure)
  })

  it('a state works once, for ten minutes, and in the session that began it alone', async () => {
    const name = await newProvider()
    const brought = await bring(name, volunteer(0))
    const calls = () => provider.state.calls.filter((call) => call.includes('/token')).length
    // Another browser, and another owner in the browser that began it.
    expect((await comeBack(house.browser(), name, brought)).status).toBe(410)
    const other = await newStaff('owner')
    other.cookies.set('porchlight_with', owner.cookies.get('porchlight_with') ?? '')
    const before = calls()
    expect(leadsTo(await comeBack(other, name, brought))).toEqual([303, `${path(name)}/test`])
    expect(calls()).toBe(before)
    expect(leadsTo(await comeBack(owner, name, brought))).toEqual([303, '/'])

    const late = await bring(name, volunteer(0))
    house.pass(10 * 60_000)
    expect(leadsTo(await comeBack(owner, name, late))).toEqual([303, `${path(name)}/test`])
    expect(calls()).toBe(before)
    expect(words(await owner.get(`${path(name)}/test`))).toContain(said.trial.notFinished)
  })

  it('signs no attacker in: a visitor without a session gains nothing by its way back', async () => {
    const name = await newProvider()
    const brought = await bring(name, volunteer(0))
    const thief = house.browser()
    thief.cookies.set('porchlight_with', owner.cookies.get('porchlight_with') ?? '')
    const got = await comeBack(thief, name, brought)
    expect([leadsTo(got), givesSession(got)]).toEqual([[303, `${path(name)}/test`], false])
    expect(leadsTo(await thief.get(`${path(name)}/test`))[0]).toBe(303)
    expect((await thief.get('/user')).status).toBe(303)
  })

  it('its result is for this session and for ten minutes', async () => {
    const name = await newProvider()
    const person = volunteer(3)
    const back = await comeBack(owner, name, await bring(name, person))
    const at = String(back.headers['location'])
    expect(at).not.toContain(person.email)
    expect(words(await owner.get(at))).toContain(person.email)
    const other = await newStaff('owner')
    expect(words(await other.get(at))).toContain(said.trial.notFinished)
    expect(words(await other.get(at))).not.toContain(person.email)
    expect(words(await owner.get(at.replace(name, await newProvider())))).toContain(said.trial.notFinished)
    house.pass(10 * 60_000)
    expect(words(await owner.get(at))).not.toContain(person.email)
  })
})

describe('who', () => {
  it('viewers and coordinators read which ways are on, and open and send nothing', async () => {
    const name = await newProvider({ label: 'Seen by all' })
    for (const role of ['viewer', 'coordinator'] as const) {
      const reader = await newStaff(role)
      const page = await reader.get(list)
      expect([page.status, page.text.includes('Seen by all'), page.text.includes(path(name))]).toEqual([
        200,
        true,
        false,
      ])
      for (const place of [path(name), `${list}/new`, `${path(name)}/test`])
        expect((await reader.get(place)).status).toBe(404)
      for (const form of ['', '/turn', '/remove', '/test'])
        expect((await reader.post(`${path(name)}${form}`, { remove: 'yes' })).status).toBe(404)
    }
  })

  it('of this organization alone, and from our own pages alone', async () => {
    const name = await newProvider()
    const theirs = await newStaff('owner', house.hillside)
    expect((await theirs.get(path(name))).status).toBe(404)
    expect((await theirs.post(`${path(name)}/remove`, { remove: 'yes' })).status).toBe(404)
    for (const form of ['', '/turn', '/remove', '/test'])
      expect((await owner.post(`${path(name)}${form}`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(
        403,
      )
  })
})
