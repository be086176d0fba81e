import { AxeBuilder } from '@axe-core/playwright'
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { recordAnswer } from '../src/volunteer/profile/answers.ts'
import { type Chromium, comeSignedIn, openChromium, plain, type Visitor } from './browser.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, signIn, type TestBrowser } from './house.ts'

const minuteMs = 60_000
const said = en.profileForm
const whitelist = ['first_name', 'last_name', 'email', 'birthday', 'gender', 'phone']

let house: House
let chromium: Chromium
let database: Rows
let count = 0
/** The next ordinary volunteer, so that tests do not see each other's changes. */
const nextVolunteer = () => house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse()
  chromium = await openChromium(house)
  database = await openRows(house.database)
})
afterEach(async () => {
  await house.sandboxOptions({ down: false, latency_ms: 0, fail_next: 0, extra_user_fields: 0 })
  // Only tests see this many people in a minute: each test gets a fresh minute's budget and a closed breaker.
  house.pass(2 * minuteMs)
  await chromium.sendHome()
})
afterAll(async () => {
  await database.close()
  await chromium.close()
})

function inVomo(address: string, change: Record<string, unknown>): Promise<void> {
  return house.changePerson(house.userByEmail(address).id, { customer: 'riverbend', ...change })
}

/** Changes of a person's own record in the audit log, the latest last. */
async function audited(): Promise<{ kind: string; detail: Record<string, string> }[]> {
  return (
    await database.all<{ kind: string; detail: string }>(
      `select kind, detail from audit_event where kind like 'record.%' order by at_ms, ${insertionOrder}`,
    )
  ).map(({ kind, detail }) => ({ kind, detail: JSON.parse(detail) as Record<string, string> }))
}

async function writesToVomo() {
  return (await house.callsToVomo()).filter(({ method, path }) => method === 'POST' && path === '/v1/users')
}

const problem = (answer: Answer) => [answer.status, answer.json()['code']]

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  async function comeTo(path: string, address: string): Promise<Visitor> {
    const ann = await chromium.visitor({ javaScriptEnabled, mayGoTo: house.sandbox.url })
    await comeSignedIn(house, ann, address, { path })
    return ann
  }

  const status = (ann: Visitor) => ann.page.getByRole('status').innerText()

  it('a volunteer changes their details, and VOMO and every page have them at once', async () => {
    const address = nextVolunteer()
    const user = house.userByEmail(address)
    const before = { ...user }
    const ann = await comeTo('/profile', address)
    await ann.follow(said.button)
    expect(ann.path()).toBe('/profile/edit')
    expect(await ann.text()).toContain(plain(en.profileFields.email.note))
    expect(await ann.text()).toContain(plain(en.profileFields.address.elsewhere))
    await ann.fill(en.profileFields.first_name.label, 'Marisela')
    await ann.fill(en.profileFields.phone.label, '555 010 0199')
    await ann.fill(en.profileFields.birthday.label, '1990-02-28')
    await ann.page.getByLabel(en.profileFields.gender.options.N).check()
    await ann.press(said.form.save)
    expect([ann.path(), ann.status()]).toEqual(['/profile', 200])
    expect(await status(ann)).toBe(said.saved)
    expect(await ann.text()).toContain('Marisela')
    expect(await ann.text()).toContain('February 28, 1990')
    expect(await ann.text()).toContain(en.profileFields.gender.options.N)
    await ann.open('/organization/riverbend')
    expect(await ann.text()).toContain('Marisela')
    const after = { first_name: 'Marisela', phone: '555 010 0199', birthday: '1990-02-28', gender: 'N' }
    expect(house.userByEmail(address)).toEqual({ ...before, ...after, updated_at_ms: user.updated_at_ms })
    expect((await audited()).at(-1)).toEqual({
      kind: 'record.changed',
      detail: { fields: 'first_name, phone, birthday, gender' },
    })
  })

  it('a volunteer who changes nothing is told so, and VOMO is sent nothing', async () => {
    const ann = await comeTo('/profile/edit', nextVolunteer())
    const before = (await writesToVomo()).length
    await ann.press(said.form.save)
    expect(await status(ann)).toBe(said.unchanged)
    expect(await writesToVomo()).toHaveLength(before)
  })

  it('what VOMO needs and does not hold is asked for, with the reason', async () => {
    const address = nextVolunteer()
    await inVomo(address, { birthday: null, gender: null })
    const ann = await comeTo('/profile/edit', address)
    expect(await ann.text()).toContain(said.form.missing)
    await ann.fill(en.profileFields.phone.label, '555 010 0142')
    await ann.press(said.form.save)
    expect(ann.status()).toBe(422)
    const summary = await ann.page.getByRole('alert').innerText()
    expect(summary).toContain(en.profileFields.birthday.fault)
    expect(summary).toContain(en.profileFields.gender.fault)
    expect(await ann.page.getByLabel(en.profileFields.phone.label).inputValue()).toBe('555 010 0142')
    await ann.fill(en.profileFields.birthday.label, '1971-12-31')
    await ann.page.getByLabel(en.profileFields.gender.options.M, { exact: true }).check()
    await ann.press(said.form.save)
    expect(await status(ann)).toBe(said.saved)
    expect(house.userByEmail(address)).toMatchObject({
      phone: '555 010 0142',
      birthday: '1971-12-31',
      gender: 'M',
    })
  })

  it('what breaks a rule is named by its field, and what was typed is kept', async () => {
    const ann = await comeTo('/profile/edit', nextVolunteer())
    await ann.fill(en.profileFields.first_name.label, ' ')
    await ann.fill(en.profileFields.last_name.label, 'x'.repeat(101))
    await ann.fill(en.profileFields.phone.label, 'call me')
    await ann.press(said.form.save)
    expect(ann.status()).toBe(422)
    for (const name of ['first_name', 'last_name', 'phone'] as const)
      expect(await ann.page.getByRole('alert').innerText()).toContain(en.profileFields[name].fault)
    expect(await ann.page.getByLabel(en.profileFields.phone.label).inputValue()).toBe('call me')
    expect(await ann.page.getByLabel(en.profileFields.last_name.label).inputValue()).toHaveLength(101)
  })

  it.each(['yours', 'now'] as const)(
    'what VOMO changed meanwhile is shown beside what was typed, and the volunteer chooses: %s',
    async (choice) => {
      const address = nextVolunteer()
      await inVomo(address, { last_name: 'Before', phone: '555 010 0001' })
      const ann = await comeTo('/profile/edit', address)
      await inVomo(address, { last_name: 'Theirs', first_name: 'Renamed' })
      const before = (await writesToVomo()).length
      await ann.fill(en.profileFields.last_name.label, 'Mine')
      await ann.fill(en.profileFields.phone.label, '555 010 0002')
      await ann.press(said.form.save)
      expect(ann.status()).toBe(409)
      expect(await writesToVomo()).toHaveLength(before)
      const value = { yours: 'Mine', now: 'Theirs' }[choice]
      const now = ann.page.getByLabel(said.conflict.now('Theirs'))
      expect(await now.isChecked()).toBe(true)
      await ann.page.getByLabel(said.conflict[choice](value)).check()
      await ann.press(said.form.save)
      expect(await status(ann)).toBe(said.saved)
      expect(house.userByEmail(address)).toMatchObject({
        first_name: 'Renamed',
        last_name: value,
        phone: '555 010 0002',
      })
    },
  )

  it('while VOMO is down what was typed is kept, and saving again does it once', async () => {
    const address = nextVolunteer()
    const ann = await comeTo('/profile/edit', address)
    ann.expectsErrors()
    await ann.fill(en.profileFields.last_name.label, 'Kept')
    await house.sandboxOptions({ down: true })
    await ann.press(said.form.save)
    expect(ann.status()).toBe(503)
    expect(await ann.page.getByRole('alert').innerText()).toContain(said.unreachable)
    expect(await ann.page.getByLabel(en.profileFields.last_name.label).inputValue()).toBe('Kept')
    await house.sandboxOptions({ down: false })
    house.pass(minuteMs)
    await ann.press(said.form.save)
    expect(await status(ann)).toBe(said.saved)
    expect(house.userByEmail(address).last_name).toBe('Kept')
  })

  it('a volunteer whose account belongs to another organization is told that VOMO did not accept the change, and where to make it', async () => {
    const address = house.traps.foreignOrg
    const ann = await comeTo('/profile/edit', address)
    await ann.fill(en.profileFields.first_name.label, 'Fenella')
    await ann.press(said.form.save)
    expect(ann.status()).toBe(409)
    expect(await status(ann)).toContain(
      plain(said.notTaken(en.profileFields.first_name.label, 'Rosa Whitfield')).split('.')[0],
    )
    expect(await ann.page.getByRole('button', { name: en.profile.open }).count()).toBe(1)
    expect(house.userByEmail(address).first_name).toBe('Fen')
    expect((await audited()).at(-1)).toEqual({
      kind: 'record.not_changed',
      detail: { fields: 'first_name', reason: 'not_taken' },
    })
  })
})

it('the form is as accessible when it came back as when it was empty, and so is the choice, on a small screen', async () => {
  const address = nextVolunteer()
  await inVomo(address, { gender: null })
  // Text that is still fading in is pale.
  const ann = await chromium.visitor({ reducedMotion: 'reduce' })
  await comeSignedIn(house, ann, address, { path: '/profile/edit' })
  const check = async () => {
    const { violations } = await new AxeBuilder({ page: ann.page }).analyze()
    expect(violations).toEqual([])
    expect(await ann.overflow()).toBeLessThanOrEqual(0)
  }
  await check()
  await ann.fill(en.profileFields.first_name.label, '')
  await ann.press(said.form.save)
  await check()
  await inVomo(address, { first_name: 'Theirs' })
  await ann.fill(en.profileFields.first_name.label, 'Mine')
  await ann.page.getByLabel(en.profileFields.gender.options.N).check()
  await ann.press(said.form.save)
  expect(ann.status()).toBe(409)
  await check()
})

describe('what may be changed', () => {
  it('is by the API what it is by the form', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const answer = await browser.patchJson('/portal/api/me', { first_name: ' Ida ', phone: '' })
    expect(answer.status).toBe(200)
    expect(recordAnswer.parse(answer.json())).toMatchObject({
      first_name: 'Ida',
      phone: null,
      email: address,
    })
    expect((await browser.get('/portal/api/me')).json()).toEqual(answer.json())
    expect(house.userByEmail(address)).toMatchObject({ first_name: 'Ida', phone: null })
    expect((await browser.patchJson('/portal/api/me', {})).status).toBe(200)
  })

  it.each([
    ['first_name', ''],
    ['first_name', 'a\u0007b'],
    ['first_name', 'a\u202eb'],
    ['last_name', 'x'.repeat(101)],
    ['last_name', null],
    ['last_name', ['a']],
    ['phone', '12'],
    ['phone', '1'.repeat(21)],
    ['birthday', '2001-02-29'],
    ['birthday', '1899-12-31'],
    ['birthday', '2999-01-01'],
    ['birthday', '01/02/1990'],
    ['gender', 'X'],
    ['if_unchanged', { phone: 5 }],
  ])('%s as %j breaks a rule, which is named', async (field, value) => {
    const browser = await signIn(house, house.riverbend.volunteers[0] ?? '')
    const answer = await browser.patchJson('/portal/api/me', { [field]: value })
    expect(problem(answer)).toEqual([422, 'invalid_request'])
    expect(Object.keys(answer.json()['errors'] as object)[0]).toContain(field)
  })

  it('is never the e-mail, on any path', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const before = (await writesToVomo()).length
    for (const body of [
      { email: 'a@example.org' },
      { email: address, first_name: 'Ida' },
      { first_name: 'Ida', role: 'ADMIN', email: null },
    ]) {
      const answer = await browser.patchJson('/portal/api/me', body)
      expect(problem(answer)).toEqual([422, 'email_not_editable'])
      expect(answer.json()['errors']).toHaveProperty('email')
      const form = await browser.post('/profile', { first_name: 'Ida', email: 'a@example.org' })
      expect(form.status).toBe(422)
    }
    expect((await browser.patchJson('/portal/api/me', { address: '1 Main St' })).json()).toMatchObject({
      code: 'field_not_editable',
      errors: { address: expect.any(String) },
    })
    expect(await writesToVomo()).toHaveLength(before)
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(address)
  })

  it('is nothing at a customer that did not switch it on', async () => {
    const [address = ''] = house.hillside.volunteers
    const browser = await signIn(house, address, house.hillside)
    expect((await browser.get('/profile')).text).not.toContain('/profile/edit')
    const edit = await browser.get('/profile/edit')
    expect([edit.status, edit.headers['location']]).toEqual([302, '/profile'])
    const form = await browser.post('/profile', { first_name: 'Ida', was_first_name: 'x' })
    expect(form.status).toBe(422)
    expect(form.text).toContain(plain(said.off))
    const answer = await browser.patchJson('/portal/api/me', { first_name: 'Ida' })
    expect(problem(answer)).toEqual([422, 'field_not_editable'])
    expect(answer.json()['errors']).toHaveProperty('first_name')
    const codes = async (of: TestBrowser) =>
      ((await of.get('/portal/api/limits')).json()['data'] as { code: string }[]).map(({ code }) => code)
    expect(await codes(browser)).toContain('change_profile')
    expect(await codes(browser)).toContain('change_address')
    expect((await browser.get('/help')).text).not.toContain(said.helpHere)
    const there = await signIn(house, nextVolunteer())
    expect(await codes(there)).toContain('change_address')
    expect(await codes(there)).not.toContain('change_profile')
    expect((await there.get('/help')).text).toContain(said.helpHere)
  })

  it.each([
    ['an administrator', { membership_role: 'ADMIN' }],
    ['an organizer', { membership_role: 'ORGANIZER' }],
    ['a person with an unknown role', { membership_role: 'SITE_LEAD' }],
    ['a person who left the organization', { deactivate: true }],
  ])('is nothing for %s, whose rights in VOMO a change could touch', async (_who, change) => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    await inVomo(address, change)
    const before = { ...house.userByEmail(address) }
    const answer = await browser.patchJson('/portal/api/me', { first_name: 'Ida' })
    expect(problem(answer)).toEqual([422, 'field_not_editable'])
    expect(answer.json()['url']).toBe(house.sandbox.url)
    const form = await browser.post('/profile', { first_name: 'Ida' })
    expect(form.status).toBe(422)
    expect(form.text).toContain(plain(said.notHere('Rosa Whitfield')).split(', or ask')[0])
    expect((await browser.get('/profile')).text).not.toContain('/profile/edit')
    expect(house.userByEmail(address)).toEqual(before)
    expect((await audited()).at(-1)).toEqual({
      kind: 'record.not_changed',
      detail: { fields: 'first_name', reason: 'not_here' },
    })
    await inVomo(address, { membership_role: 'VOLUNTEER', reactivate: true })
  })

  it('is nothing while another record has the same address: VOMO might take the other', async () => {
    const [address, other] = [nextVolunteer(), nextVolunteer()]
    const browser = await signIn(house, address)
    await inVomo(other, { email: address.toUpperCase() })
    const answer = await browser.patchJson('/portal/api/me', { first_name: 'Ida' })
    expect(problem(answer)).toEqual([422, 'field_not_editable'])
    expect((await browser.post('/profile', { first_name: 'Ida' })).text).toContain(
      plain(said.shared('x')).split(',')[0],
    )
    expect(house.userByEmail(address).first_name).not.toBe('Ida')
    expect(house.userByEmail(address.toUpperCase()).first_name).not.toBe('Ida')
    await inVomo(address.toUpperCase(), { email: other })
  })

  it('has no effect once VOMO has another address: the session ends, and no user is created', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    await browser.get('/portal/api/me')
    const before = (await writesToVomo()).length
    await inVomo(address, { email: 'moved.away@example.org' })
    const answer = await browser.patchJson('/portal/api/me', { first_name: 'Ida' })
    expect(problem(answer)).toEqual([401, 'account_stale'])
    expect(await writesToVomo()).toHaveLength(before)
    expect(house.userByEmail('moved.away@example.org').first_name).not.toBe('Ida')
    await inVomo('moved.away@example.org', { email: address })
  })
})

describe('a change in VOMO meanwhile', () => {
  it('is not written over: the API shows both values, whether it was told what was seen or not', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const seen = (await browser.get('/portal/api/me')).json()
    await inVomo(address, { last_name: 'Theirs' })
    const conflicts = { last_name: { now: 'Theirs', yours: 'Mine' } }
    const untold = await browser.patchJson('/portal/api/me', { last_name: 'Mine' })
    expect(problem(untold)).toEqual([409, 'profile_changed'])
    expect(untold.json()['conflicts']).toEqual(conflicts)
    const told = await browser.patchJson('/portal/api/me', {
      last_name: 'Mine',
      if_unchanged: { last_name: seen['last_name'] },
    })
    expect(told.json()['conflicts']).toEqual(conflicts)
    expect(house.userByEmail(address).last_name).toBe('Theirs')
    const chosen = await browser.patchJson('/portal/api/me', {
      last_name: 'Mine',
      if_unchanged: { last_name: 'Theirs' },
    })
    expect(chosen.json()['last_name']).toBe('Mine')
  })

  it('to the very value that was wanted is no conflict', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    await inVomo(address, { last_name: 'Agreed' })
    const before = (await writesToVomo()).length
    expect((await browser.patchJson('/portal/api/me', { last_name: 'Agreed' })).status).toBe(200)
    expect(await writesToVomo()).toHaveLength(before)
  })
})

describe('VOMO', () => {
  it('that does not answer in time leaves it open, and the same again finds out', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    await house.sandboxOptions({ latency_ms: 4_000 })
    const form = { last_name: 'Patient', was_last_name: house.userByEmail(address).last_name ?? '' }
    const slow = await browser.post('/profile', form)
    expect(slow.status).toBe(503)
    expect(slow.text).toContain('value="Patient"')
    expect(problem(await browser.patchJson('/portal/api/me', { last_name: 'Patient' }))).toEqual([
      503,
      'vomo_unavailable',
    ])
    await house.sandboxOptions({ latency_ms: 0 })
    house.pass(minuteMs)
    expect((await browser.post('/profile', form)).headers['location']).toBe('/profile?done=saved')
    expect((await browser.post('/profile', form)).headers['location']).toBe('/profile?done=unchanged')
  })

  it('is sent nothing more by a finger that will not rest', async () => {
    const strict = await openHouse({ limits: { profileChangesPerPerson: { count: 2, perMs: minuteMs } } })
    const [address = ''] = strict.riverbend.volunteers
    const browser = await signIn(strict, address)
    const answers: number[] = []
    for (const last_name of ['One', 'Two', 'Three', 'Four'])
      answers.push((await browser.patchJson('/portal/api/me', { last_name })).status)
    expect(answers).toEqual([200, 200, 429, 429])
    expect(strict.userByEmail(address).last_name).toBe('Two')
    await strict.close()
    expect(strict.errors).toEqual([])
  })
})

describe('A3', () => {
  it('twenty fields VOMO adds at random show nowhere, and those that are listed go on showing', async () => {
    const address = nextVolunteer()
    const word = fc.stringMatching(/^[A-Za-z][A-Za-z ]{2,20}$/)
    const canary = 'CANARY-of-a-new-field'
    const value = fc.constantFrom<unknown>(canary, [canary], { deeper: canary }, [{ deeper: canary }])
    const added = fc.sample(fc.record({ name: word, value }), { numRuns: 20, seed: 7 })
    await inVomo(address, {
      profile_field_values: [
        ...added,
        { name: 'Background check', value: canary },
        { name: 'T-shirt size', value: 'XXL' },
      ],
    })
    await house.sandboxOptions({ extra_user_fields: 20 })
    const browser = await signIn(house, address)
    expect((await browser.get('/portal/api/me')).json()['fields']).toEqual([
      { label: 'T-shirt size', value: 'XXL' },
    ])
    const paths = ['', '/hours', '/shifts', '/participations', '/export'].map((end) => `/portal/api/me${end}`)
    for (const path of ['/organization/riverbend', '/user', '/profile', '/profile/edit', ...paths]) {
      const { status, text } = await browser.get(path)
      expect([path, status]).toEqual([path, 200])
      expect(text, path).not.toMatch(/CANARY|unseen-/)
      for (const { name } of added) expect(text.includes(`"${name}"`), path).toBe(false)
    }
    expect((await browser.get('/profile')).text).toContain('XXL')
  })

  it('500 bodies with anything else in them: only listed fields reach VOMO, and no other person’s', async () => {
    const address = nextVolunteer()
    const me = house.userByEmail(address)
    const browser = await signIn(house, address)
    const others = () =>
      JSON.stringify(
        house.riverbend.records.users.filter(({ id }) => id !== me.id).map((user) => ({ ...user })),
      )
    const countUsers = async () => ((await house.vomo('/users'))['meta'] as { total: number }).total
    const [theirs, total] = [others(), await countUsers()]
    const { email, address: home, membership_role, membership_status, user_status, profile_field_values } = me
    const kept = {
      email,
      address: home,
      membership_role,
      membership_status,
      user_status,
      profile_field_values,
    }
    const foreign = fc.constantFrom(
      ...'email Email email[] role membership_role password org invite_code id user_id userId address'.split(
        ' ',
      ),
      ...'full_name profile_field_values __proto__ constructor first_name[] first_name[role] user[role]'.split(
        ' ',
      ),
      ...'data was_email was_role fields'.split(' '),
    )
    const listed = fc.constantFrom('first_name', 'last_name', 'phone', 'birthday', 'gender')
    const text = fc.constantFrom(
      'ADMIN',
      'Eve',
      'eve@example.org',
      '1990-01-01',
      'F',
      '555 010 0123',
      '',
      'x1',
    )
    const pair = (name: fc.Arbitrary<string>) => fc.tuple(name, text)
    const body = fc.record({
      isForm: fc.boolean(),
      good: fc.array(pair(listed), { maxLength: 4 }),
      bad: fc.array(pair(foreign), { maxLength: 3 }),
      nests: fc.boolean(),
    })
    const seen = { refused: 0, taken: 0 }
    for (const [index, { isForm, good, bad, nests }] of fc
      .sample(body, { numRuns: 500, seed: 11 })
      .entries()) {
      if (index % 25 === 24) house.pass(2 * minuteMs)
      const pairs = [...good, ...bad, ...good]
      const json = Object.fromEntries(pairs.map(([name, value]) => [name, nests ? { [name]: value } : value]))
      const answer = isForm
        ? await browser.post('/profile', new URLSearchParams(pairs.map(([name, value]) => [name, value])))
        : await browser.patchJson('/portal/api/me', json)
      const sent = JSON.stringify({ isForm, pairs })
      expect(answer.status, sent).toBeLessThan(500)
      const isTaken = answer.status === 200 || answer.status === 303
      expect(isTaken ? bad : [], sent).toEqual([])
      seen[isTaken ? 'taken' : 'refused'] += 1
    }
    expect(Math.min(seen.refused, seen.taken)).toBeGreaterThan(20)
    for (const { fields } of await writesToVomo()) {
      for (const field of fields ?? []) expect(whitelist).toContain(field)
    }
    expect(me).toMatchObject(kept)
    expect(others()).toBe(theirs)
    expect(await countUsers()).toBe(total)
  })
})
