import { readFileSync } from 'node:fs'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { languageWith } from '../src/text/languages.ts'
import { exportAnswer, sessionsAnswer } from '../src/volunteer/account/answers.ts'
import { makeKey } from './authenticator.ts'
import {
  type Chromium,
  comeSignedIn,
  linkIn,
  newestMail,
  openChromium,
  plain,
  signInByLink,
} from './browser.ts'
import { openRows, type Rows, textOf } from './database.ts'
import { heldData } from './held-data.ts'
import { askForMail, type House, openHouse, pathOf, signIn } from './house.ts'
import { startPortalBeside } from './portals.ts'

const minuteMs = 60_000
const said = en.account
const es = languageWith('es').words

let house: House
let chromium: Chromium
let database: Rows
let count = 0
/** The next ordinary volunteer, so that tests do not see each other's changes. */
const nextVolunteer = () => house.riverbend.volunteers[count++] ?? ''

beforeAll(async () => {
  house = await openHouse()
  chromium = await openChromium(house)
  database = await openRows(house.database)
  await database.run('update customer set passwords = 1')
})
afterEach(async () => {
  await chromium.sendHome()
})
afterAll(async () => {
  await database.close()
  await chromium.close()
})

type Row = Record<string, unknown>

async function personAt(
  address: string,
): Promise<{ id: string; customer_id: string; vomo_user_id: string } | undefined> {
  const text = 'select id, customer_id, vomo_user_id from person where address = ?'
  return (await database.all<{ id: string; customer_id: string; vomo_user_id: string }>(text, address))[0]
}

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  it('a person signed in on a phone and a laptop sees both, and ends one from the other', async () => {
    const address = nextVolunteer()
    const laptop = await chromium.visitor({
      javaScriptEnabled,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0',
    })
    await signInByLink(house, laptop, address)
    const phone = await chromium.visitor({ javaScriptEnabled })
    await signInByLink(house, phone, address)
    await phone.follow(en.nav.account)
    expect(phone.path()).toBe('/account')
    expect(await phone.page.locator('h1').innerText()).toBe(said.heading(2))
    const [here, there] = await phone.page.locator('.sessions > li').allInnerTexts()
    expect(here).toContain(said.sessions.here)
    expect(there).toContain(said.sessions.device('Firefox', 'Linux'))
    expect(there).not.toContain(said.sessions.here)

    await phone.andWait(() => phone.page.getByRole('button', { name: said.sessions.end }).click())
    expect(await phone.page.getByRole('status').innerText()).toBe(said.sessions.ended)
    expect(await phone.page.locator('h1').innerText()).toBe(said.heading(1))
    await laptop.open('/profile')
    expect(laptop.path()).toBe('/sign-in')
    await phone.open('/profile')
    expect(phone.path()).toBe('/profile')
  })

  it('everywhere else ends every other browser, and everywhere this one, too', async () => {
    const address = nextVolunteer()
    const others = [await signIn(house, address), await signIn(house, address)]
    const ann = await chromium.visitor({ javaScriptEnabled })
    await comeSignedIn(house, ann, address, { path: '/account' })
    await ann.press(said.sessions.endOthers)
    expect(await ann.page.getByRole('status').innerText()).toBe(said.sessions.othersEnded)
    for (const other of others) expect((await other.get('/portal/api/me')).status).toBe(401)
    const late = await signIn(house, address)
    await ann.press(said.sessions.endAll)
    expect(ann.path()).toBe('/sign-in')
    expect(await ann.cookie('porchlight_session')).toBeUndefined()
    expect((await late.get('/portal/api/me')).status).toBe(401)
  })

  it('a copy of everything, and of the hours, is downloaded by a press', async () => {
    const address = nextVolunteer()
    const ann = await chromium.visitor({ javaScriptEnabled })
    await comeSignedIn(house, ann, address, { path: '/account' })
    const download = async (link: string) => {
      const [file] = await Promise.all([
        ann.page.waitForEvent('download'),
        ann.page.getByRole('link', { name: link }).click(),
      ])
      return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
    }
    const everything = await download(said.copy.everything)
    expect(everything.name).toMatch(/^riverbend-\d{4}-\d\d-\d\d\.json$/)
    expect(exportAnswer.parse(JSON.parse(everything.text)).account.email).toBe(address)
    const hours = await download(said.copy.hours)
    expect(hours.name).toMatch(/\.csv$/)
  })

  it('what the portal keeps is erased after a tick, and signing in again begins anew', async () => {
    const address = nextVolunteer()
    const ann = await chromium.visitor({ javaScriptEnabled })
    await signInByLink(house, ann, address)
    const before = await personAt(address)
    await ann.open('/account')
    await ann.follow(said.erase.title)
    await ann.press(said.erase.button)
    expect(ann.status()).toBe(422)
    expect(await ann.page.title()).toContain('Error')
    expect(await ann.text()).toContain(said.erase.confirmError)
    expect(await personAt(address)).toEqual(before)

    await ann.page.getByLabel(said.erase.confirm).check()
    await ann.press(said.erase.button)
    expect(ann.path()).toBe('/account/erased')
    expect(await ann.page.locator('h1').innerText()).toBe(said.erased.heading)
    const mail = await ann.page.getByRole('link', { name: said.erase.vomo.write }).getAttribute('href')
    expect(decodeURIComponent(mail ?? '')).toContain(said.erase.vomo.text('Riverbend Food Bank'))
    expect(await ann.context.cookies()).toEqual([])
    await ann.page.reload()
    expect(await ann.page.locator('h1').innerText()).toBe(said.erased.heading)
    expect(await personAt(address)).toBeUndefined()

    await signInByLink(house, ann, address)
    expect((await ann.ask('/me')).json['email']).toBe(address)
    expect((await personAt(address))?.id).not.toBe(before?.id)
  })

  it('an hour after signing in, erasing takes a sign-in by mail that leads back', async () => {
    const address = nextVolunteer()
    const ann = await chromium.visitor({ javaScriptEnabled })
    await signInByLink(house, ann, address)
    house.pass(61 * minuteMs)
    await ann.open('/account/erase')
    expect(await ann.page.getByLabel(said.erase.confirm).count()).toBe(0)
    const before = (await house.emailsTo(address)).length
    await ann.press(said.erase.fresh.button)
    expect(ann.path()).toBe('/sign-in/check-email')
    await ann.open(linkIn(await newestMail(house, address, before)))
    await ann.press(en.signIn.link.button('Riverbend Food Bank'))
    expect(ann.path()).toBe('/account/erase')
    await ann.page.getByLabel(said.erase.confirm).check()
    await ann.press(said.erase.button)
    expect(await personAt(address)).toBeUndefined()
  })
})

it('the pages speak Spanish to those who read it', async () => {
  const ana = await chromium.visitor({ locale: 'es-US' })
  await comeSignedIn(house, ana, nextVolunteer(), { path: '/account' })
  expect(await ana.page.locator('h1').innerText()).toBe(es.account.heading(1))
  await ana.follow(es.account.erase.title)
  expect(await ana.page.locator('h1').innerText()).toBe(es.account.erase.heading)
})

describe('GET /portal/api/me/sessions', () => {
  it('lists the own ones, roughly, and ends them one by one', async () => {
    const address = nextVolunteer()
    const [first, second] = [await signIn(house, address), await signIn(house, address)]
    const answer = await second.get('/portal/api/me/sessions')
    const { data } = sessionsAnswer.parse(answer.json())
    expect(data.map(({ current }) => current)).toEqual([true, false])
    const secrets = [first, second].map(({ cookies }) => cookies.get('porchlight_session') ?? '')
    for (const secret of secrets) expect(answer.text).not.toContain(secret)
    for (const { secret_hash } of (await database.all('select secret_hash from session')) as {
      secret_hash: Buffer
    }[])
      expect(answer.text).not.toContain(secret_hash.toString('hex'))

    expect((await second.delete(`/portal/api/me/sessions/${data[1]?.id}`)).status).toBe(204)
    expect((await first.get('/portal/api/me')).status).toBe(401)
    expect((await second.delete(`/portal/api/me/sessions/${data[1]?.id}`)).status).toBe(404)
    expect((await second.delete(`/portal/api/me/sessions/${data[0]?.id}`)).status).toBe(204)
    expect(second.cookies.has('porchlight_session')).toBe(false)
    const told = await database.all(
      `select detail from audit_event where kind = 'session.ended' and person_id = ?`,
      (await personAt(address))?.id,
    )
    expect(told).toHaveLength(2)
  })

  it('answers for another person’s as for one that never existed', async () => {
    const ann = await signIn(house, nextVolunteer())
    const ben = await signIn(house, nextVolunteer())
    const theirs = sessionsAnswer.parse((await ben.get('/portal/api/me/sessions')).json()).data[0]?.id ?? ''
    const real = await ann.delete(`/portal/api/me/sessions/${theirs}`)
    const invented = await ann.delete(`/portal/api/me/sessions/${theirs.slice(0, -4)}aaaa`)
    expect(real.status).toBe(404)
    expect(real.text).toBe(invented.text)
    await ann.post('/account/sessions/end', { session: theirs })
    expect((await ben.get('/portal/api/me')).status).toBe(200)
  })

  it('shows staff theirs, those with the staff pages marked', async () => {
    const [owner = ''] = house.riverbend.staff
    const rosa = await signIn(house, owner)
    const { data } = sessionsAnswer.parse((await rosa.get('/portal/api/me/sessions')).json())
    expect(data).toMatchObject([{ staff: true, current: true }])
    expect((await rosa.get('/account')).text).toContain(said.sessions.forStaff)
  })
})

it('S4: a session that its owner ended elsewhere is refused from the next request on, at every process', async () => {
  const address = nextVolunteer()
  const second = await startPortalBeside(house)
  const statusThere = async (cookie: string) => {
    const { statusCode, body } = await request(`http://127.0.0.1:${second.port}/portal/api/me/sessions`, {
      headers: { host: house.riverbend.host, cookie: `porchlight_session=${cookie}` },
    })
    await body.dump()
    return statusCode
  }
  try {
    const keeper = await signIn(house, address)
    for (let round = 0; round < 50; round += 1) {
      const other = (await signIn(house, address)).cookies.get('porchlight_session') ?? ''
      expect(await statusThere(other), `round ${round}`).toBe(200)
      expect((await keeper.post('/account/sessions/end-others')).status).toBe(303)
      expect(await statusThere(other), `round ${round}`).toBe(401)
    }
    expect(second.faults).toEqual([])
  } finally {
    await second.stop()
  }
})

/** What a sign-in through an identity system leaves behind. */
async function signInThroughProvider(
  person: Awaited<ReturnType<typeof personAt>>,
  { address, subject }: { address: string; subject: string },
): Promise<void> {
  const [customerId, issuer, nowMs] = [person?.customer_id, 'https://id.example.org', house.nowMs()]
  const insert = (table: string, values: readonly unknown[]) =>
    database.run(
      `insert into ${table} values (${values.map(() => '?').join()}) on conflict do nothing`,
      ...values,
    )
  const [sealed, none] = [Buffer.from('sealed'), null]
  const provider = ['pro_1', customerId, 'work', 'Work', 'generic', issuer, 'us', sealed, '[]', 0, none]
  await insert('provider', [...provider, none, none, nowMs, '[]', 0, 0, 0])
  await insert('provider_identity', [customerId, issuer, subject, person?.id, address, nowMs, nowMs])
  const proof = [`prf_${subject}`, 'pro_1', person?.id, issuer, subject, 's1', sealed, nowMs, 'mfa', '[]']
  await insert('provider_proof', [...proof, nowMs])
}

/** A person with rows in every table that can have them. */
async function busyLife(address: string, name: string) {
  await house.changePerson(house.userByEmail(address).id, {
    customer: 'riverbend',
    first_name: name,
    last_name: `${name}son`,
  })
  const browser = house.browser()
  const mail = await askForMail(house, browser, address)
  await browser.post('/sign-in/code', { code: '2222-2222' })
  await browser.get(pathOf(mail.links[0]))
  await browser.post(pathOf(mail.links[0]))
  await (await signIn(house, address)).post('/sign-out')
  await request(`${house.portalUrl}/v1/users/one-time`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.riverbend.api_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email: address, ip_address: '127.0.0.1' }),
  }).then(({ body }) => body.dump())
  await browser.post('/account/password', { password: 'purple kettle marches sideways' })
  await browser.post('/calendar')
  await browser.post('/reminders')
  const { challenge, user } = (await browser.post('/account/passkeys/options')).json()
  const key = makeKey({ origin: `http://${house.riverbend.host}`, userHandle: (user as { id: string }).id })
  await browser.post('/account/passkeys', { credential: key.made(String(challenge)) })
  const person = await personAt(address)
  const reminded = [person?.id, 'bcdfghjk', house.nowMs() + 60 * minuteMs]
  await database.run('insert into reminded values (?, ?, ?, null)', ...reminded)
  const thanked = [person?.id, 'hours 10', house.nowMs()]
  await database.run('insert into milestone_seen values (?, ?, ?) on conflict do nothing', ...thanked)
  await signInThroughProvider(person, { address, subject: name })
  await browser.post('/open-in-vomo', { landing: 'hub' })
  await askForMail(house, house.browser(), address)
  await house.portal.idle()
  return browser
}

/** Every value under a path, through lists. */
function valuesAt(value: unknown, path: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, path))
  const [name, ...rest] = path
  if (name === undefined) return [value]
  return typeof value === 'object' && value !== null ? valuesAt((value as Row)[name], rest) : []
}

describe('GET /portal/api/me/export', () => {
  it('has decided about every column of every table', async () => {
    const tables = (await database.tables()).filter((name) => !name.startsWith('kysely_'))
    expect(Object.keys(heldData).toSorted()).toEqual(tables.toSorted())
    for (const [table, held] of Object.entries(heldData)) {
      if ('nothingBecause' in held) continue
      const columns = await database.columnsOf(table)
      expect(Object.keys(held.columns).toSorted(), table).toEqual(columns.toSorted())
    }
  })

  it('holds every value it says it holds, and no id of VOMO’s, no secret and no hash', async () => {
    const address = nextVolunteer()
    const browser = await busyLife(address, 'Canaryexport')
    const answer = await browser.get('/portal/api/me/export')
    expect(answer.status).toBe(200)
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="riverbend-[\d-]+\.json"$/)
    const whole = exportAnswer.parse(answer.json())
    const person = await personAt(address)
    const at = new Map([
      [':person', person?.id],
      [':customer', person?.customer_id],
      [':address', address],
    ])
    const empty: string[] = []
    for (const [table, held] of Object.entries(heldData)) {
      if ('nothingBecause' in held) continue
      const whose = held.whose.replaceAll(/:\w+/g, '?')
      const values = (held.whose.match(/:\w+/g) ?? []).map((name) => at.get(name))
      const rows = await database.all(`select * from ${table} where ${whose}`, ...values)
      if (rows.length === 0) empty.push(table)
      for (const [column, where] of Object.entries(held.columns)) {
        if (!('at' in where)) continue
        const exported = valuesAt(whole, where.at.split('.'))
        for (const row of rows) {
          const value = row[column]
          const isThere = exported.some((each) => isSame(each, value, column))
          expect(isThere, `${table}.${column} ${String(value)} at ${where.at}`).toBe(true)
        }
      }
    }
    // A volunteer has no staff row; every other table must have rows.
    expect(empty).toEqual(['staff'])
    expect(whole.record?.first_name).toBe('Canaryexport')
    expect(whole.participations.length).toBeGreaterThan(0)
    expect(whole.hours).not.toBeNull()
    expect(whole.events.map(({ what }) => what)).not.toContain(said.events.other)

    expect(answer.text).not.toMatch(new RegExp(`\\b${person?.vomo_user_id}\\b`))
    for (const secret of browser.cookies.values()) expect(answer.text).not.toContain(secret)
    for (const id of await database.all('select id from person union select id from link')) {
      expect(answer.text).not.toContain(String(id['id']))
    }
  })

  it('reports a language the person chose, and none their browser asked for', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const told = async () => {
      const { events } = exportAnswer.parse((await browser.get('/account/export')).json())
      return events.filter(({ what }) => what === said.events['person.language_set']).length
    }
    expect(await told()).toBe(0)
    await browser.post('/language', { to: 'es', back: '/' })
    await browser.post('/language', { to: 'en', back: '/' })
    expect(await told()).toBe(2)
  })

  it('is about no other person', async () => {
    const [first, second] = [nextVolunteer(), nextVolunteer()]
    await busyLife(first, 'Canaryother')
    const other = await (await signIn(house, second)).get(`/portal/api/me/export?email=${first}&userId=1`)
    expect(exportAnswer.parse(other.json()).account.email).toBe(second)
    expect(other.text).not.toContain(first)
    expect(other.text).not.toContain('Canaryother')
  })

  it('serves staff without a record, too, and is not half given while VOMO is down', async () => {
    const address = nextVolunteer()
    const ann = await signIn(house, address)
    house.pass(25 * 60 * minuteMs)
    await house.sandboxOptions({ down: true })
    const answer = await ann.get('/portal/api/me/export')
    const page = await ann.get('/account/export')
    await house.sandboxOptions({ down: false })
    expect([page.status, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
    expect(answer.status).toBe(503)
    expect(answer.json()['code']).toBe('vomo_unavailable')
    house.pass(2 * minuteMs)
    const customerId = (await personAt(address))?.customer_id
    const add = 'insert into staff (customer_id, address, role, created_at_ms) values (?, ?, ?, ?)'
    await database.run(add, customerId, 'no-record@riverbend.example', 'viewer', house.nowMs())
    const whole = await (await signIn(house, 'no-record@riverbend.example')).get('/portal/api/me/export')
    expect(exportAnswer.parse(whole.json())).toMatchObject({
      account: { staff: { role: 'viewer' } },
      record: null,
      hours: null,
      participations: [],
      certificates: [],
      groups: [],
    })
  })

  it('comes as CSV, too', async () => {
    const answer = await (await signIn(house, nextVolunteer())).get('/portal/api/me/export?format=csv')
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.headers['content-disposition']).toContain('attachment')
  })

  function isSame(exported: unknown, held: unknown, column: string): boolean {
    if (typeof held === 'number' && column.endsWith('_ms')) return exported === new Date(held).toISOString()
    if (typeof held === 'number' && typeof exported === 'boolean') return exported === (held === 1)
    if (typeof exported === 'string' && typeof held === 'string' && exported.includes(held)) return true
    // The words say that nothing is known about a device.
    if (held === null && /^(browser|system)$/.test(column)) return true
    return exported === held
  }
})

describe('erasing', () => {
  const confirm = { confirm: 'yes' }

  it('leaves neither address nor name nor VOMO id in any row of the database, and an event that names no person', async () => {
    const address = nextVolunteer()
    const former = `before.${address}`
    const name = 'Canaryerase'
    const { id } = house.userByEmail(address)
    // They come under another address first, so there is an email to the old one.
    await house.changePerson(id, { customer: 'riverbend', email: former })
    await (await signIn(house, former)).post('/sign-out')
    await house.changePerson(id, { customer: 'riverbend', email: address })
    await busyLife(address, name)
    const ann = await signIn(house, address)
    const vomoUserId = (await personAt(address))?.vomo_user_id ?? ''
    const personId = (await personAt(address))?.id ?? ''
    const wanted = [address, former, name, vomoUserId, personId]
    const before = await database.dump()
    for (const value of [address, former, vomoUserId, personId])
      expect(found(before, value), value).not.toEqual([])

    expect((await ann.post('/account/erase', confirm)).status).toBe(303)
    await house.portal.idle()
    const after = await database.dump()
    for (const value of wanted) expect(found(after, value), value).toEqual([])
    const events = await database.all(
      `select person_id, detail from audit_event where kind = 'person.erased'`,
    )
    expect(events.at(-1)).toEqual({ person_id: null, detail: '{}' })
    expect(await mailCount(former)).toBe(0)

    const again = await signIn(house, address)
    expect((await again.get('/portal/api/me')).status).toBe(200)
    expect((await personAt(address))?.id).not.toBe(personId)
  })

  it('needs a tick, and a sign-in by mail: a link that an application handed over is not enough', async () => {
    const address = nextVolunteer()
    const made = await request(`${house.portalUrl}/v1/users/one-time`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.riverbend.api_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: address, ip_address: '127.0.0.1' }),
    })
    const { data } = (await made.body.json()) as { data: { auth_link: string } }
    const ann = house.browser()
    expect((await ann.get(pathOf(data.auth_link))).status).toBe(303)
    const refused = await ann.post('/account/erase', confirm)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain(said.erase.fresh.heading)
    expect(await personAt(address)).toBeDefined()

    const mailed = await signIn(house, address)
    expect((await mailed.post('/account/erase', { confirm: 'no' })).status).toBe(422)
    house.pass(61 * minuteMs)
    expect((await mailed.post('/account/erase', confirm)).status).toBe(403)
    expect(await personAt(address)).toBeDefined()
  })

  it('is refused to another site, and without a session', async () => {
    const address = nextVolunteer()
    const ann = await signIn(house, address)
    const crossed = await ann.post('/account/erase', confirm, { 'sec-fetch-site': 'cross-site' })
    expect(crossed.status).toBe(403)
    expect(await personAt(address)).toBeDefined()
    expect((await house.browser().post('/account/erase', confirm)).status).toBe(401)
  })

  it('is refused to the last owner of the staff pages, who are told why; with another owner it takes the role along', async () => {
    const [owner = ''] = house.riverbend.staff
    const rosa = await signIn(house, owner)
    const refused = await rosa.post('/account/erase', confirm)
    expect(refused.status).toBe(409)
    expect(plain(refused.text)).toContain(said.erase.lastOwner.heading)
    expect((await rosa.get('/admin')).status).toBe(200)

    const customerId = (await personAt(owner))?.customer_id
    const add = 'insert into staff (customer_id, address, role, created_at_ms) values (?, ?, ?, ?)'
    await database.run(add, customerId, 'second-owner@riverbend.example', 'owner', house.nowMs())
    expect((await rosa.post('/account/erase', confirm)).status).toBe(303)
    expect(await database.all('select role from staff where address = ?', owner)).toEqual([])
    expect((await (await signIn(house, owner)).get('/admin')).status).not.toBe(200)
  })

  it('takes along what was kept of a member of staff before there was a record of theirs', async () => {
    const address = nextVolunteer()
    const ann = await signIn(house, address)
    const { customer_id } = (await personAt(address)) ?? {}
    const add = `insert into person (id, customer_id, vomo_user_id, address, standing, sessions_valid_after_ms, created_at_ms)
      values ('per_before', ?, null, ?, 'active', 0, 0)`
    await database.run(add, customer_id, address)
    expect((await ann.post('/account/erase', confirm)).status).toBe(303)
    expect(await personAt(address)).toBeUndefined()
  })

  it('does not undo that staff switched an account off', async () => {
    const address = nextVolunteer()
    const ann = await signIn(house, address)
    await database.run(`update person set standing = 'disabled' where address = ?`, address)
    for (const answer of [await ann.get('/account'), await ann.post('/account/erase', confirm)])
      expect(answer.status).toBe(403)
    expect(await personAt(address)).toBeDefined()
  })

  async function mailCount(address: string): Promise<number> {
    return (await database.all('select id from outbox where recipient = ?', address)).length
  }

  /** Ids match whole: a time in milliseconds may contain the same digits. */
  function found(all: { where: string; value: unknown }[], value: string): string[] {
    const isNumber = /^\d+$/.test(value)
    const whole = new RegExp(`(?<!\\d)${value}(?!\\d)`)
    return all
      .map((held) => ({ ...held, text: textOf(held.value) }))
      .filter(({ text }) => (isNumber ? whole.test(text) : text.toLowerCase().includes(value.toLowerCase())))
      .map(({ where }) => where)
  }
})

it('row 12: a person who proved a new address while the clock was two hours ahead can sign in again once the clock is right', async () => {
  const twoHoursMs = 2 * 3_600_000
  const before = house.riverbend.volunteers.at(-3) ?? ''
  const after = 'new-address-ahead@example.org'
  await signIn(house, before)
  await house.changePerson(house.userByEmail(before).id, { email: after })
  house.pass(twoHoursMs)
  await signIn(house, after)
  house.pass(-twoHoursMs)
  const browser = await signIn(house, after)
  expect((await browser.get('/portal/api/me')).json()).toMatchObject({ email: after })
})
