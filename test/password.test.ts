import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../src/limits.ts'
import { passwordPath } from '../src/page/header.tsx'
import { en } from '../src/text/en.ts'
import { exportAnswer } from '../src/volunteer/account/answers.ts'
import { crowdOf } from './browser.ts'
import { openRows, type Rows, textOf } from './database.ts'
import { askForMail, type House, loseRecord, openHouse, pathOf, signIn, type TestBrowser } from './house.ts'
import { type PortalProcess, startPortalBeside } from './portals.ts'

const minuteMs = 60_000
const said = en.password
const good = 'purple kettle marches sideways'
const other = 'nineteen quiet lamps upstairs'
const { passwordTries, passwordTriesPerNetwork } = defaultLimits

let house: House
let database: Rows
let volunteers: string[]
let count = 0
/** The next ordinary volunteer, so that tests do not see each other's passwords. */
const nextVolunteer = () => volunteers[count++] ?? ''

beforeAll(async () => {
  house = await openHouse({ limits: { passwordTries } })
  database = await openRows(house.database)
  await allowPasswords('yes')
  volunteers = crowdOf(house).busy
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

async function allowPasswords(allowed: 'yes' | 'no'): Promise<void> {
  await database.run('update customer set passwords = ?', allowed === 'yes' ? 1 : 0)
}

/** Registers, opens the mailed link and chooses a password. @returns the browser, signed in by email */
async function choosePassword(
  address: string,
  password: string,
  customer = house.riverbend,
): Promise<TestBrowser> {
  const browser = house.browser(customer)
  const asked = await browser.post('/sign-in/register', { email: address })
  expect([asked.status, asked.headers['location']]).toEqual([303, '/sign-in/check-email'])
  const [mail] = await house.emailsTo(address)
  const opened = await browser.post(pathOf(mail?.links[0]))
  expect([opened.status, opened.headers['location']]).toEqual([303, passwordPath])
  const saved = await browser.post(passwordPath, { password })
  expect(saved.status).toBe(303)
  return browser
}

const tryPassword = (browser: TestBrowser, email: string, password: string) =>
  browser.post('/sign-in/password', { email, password })

const isSignedIn = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).status === 200

const subjectsTo = async (address: string) => (await house.emailsTo(address)).map(({ subject }) => subject)

/** Without what differs by chance, and the address as typed, which the form gives back. */
function seen({ status, headers, text }: Awaited<ReturnType<typeof tryPassword>>) {
  const { date: _, 'x-request-id': _id, 'content-length': __, 'set-cookie': cookie, ...rest } = headers
  return {
    status,
    rest,
    cookie: String(cookie).replace(/=[A-Za-z0-9]{32};/, '=*;'),
    text: text.replaceAll(/value="[^"@]*@[^"]*"/g, 'value="*"'),
  }
}

describe('a password', () => {
  it('is chosen after a link in an email, and signs in from then on, with the address in any spelling', async () => {
    const address = nextVolunteer()
    const browser = await choosePassword(address, good)
    expect((await browser.get(`${passwordPath}?done=set`)).text).toContain(said.own.done.set)
    const phone = house.browser()
    const entered = await tryPassword(phone, ` ${address.toUpperCase()} `, good)
    expect([entered.status, entered.headers['location']]).toEqual([303, '/organization/riverbend'])
    expect(await isSignedIn(phone)).toBe(true)
    const copy = exportAnswer.parse((await phone.get('/portal/api/me/export')).json())
    expect(copy.sessions[0]?.signed_in_by).toBe('password')
    expect(copy.account.password).toEqual({ for: address, set_at: expect.any(String) })
    expect(copy.events.map(({ kind }) => kind)).toContain('password.set')
  })

  it('leads to the page that was wanted, and nowhere else', async () => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    for (const [next, location] of [
      ['/shifts', '/shifts'],
      ['//evil.example', '/organization/riverbend'],
      ['https://evil.example', '/organization/riverbend'],
    ] as const) {
      const answer = await house.browser().post('/sign-in/password', { email: address, password: good, next })
      expect(answer.headers['location']).toBe(location)
    }
  })

  it('is the same in its composed and its decomposed form, and another with a blank more', async () => {
    const address = nextVolunteer()
    const spanish = 'señor búho toma café aquí'
    await choosePassword(address, spanish.normalize('NFD'))
    for (const [password, status] of [
      [spanish.normalize('NFC'), 303],
      [spanish.normalize('NFD'), 303],
      [`${spanish} `, 422],
      [spanish.toUpperCase(), 422],
    ] as const)
      expect((await tryPassword(house.browser(), address, password)).status, password).toBe(status)
  })

  it('may be 256 emoji', async () => {
    const address = nextVolunteer()
    const emoji = Array.from({ length: 256 }, (_, i) => String.fromCodePoint(0x1f600 + ((i * 7) % 79))).join(
      '',
    )
    await choosePassword(address, emoji)
    expect((await tryPassword(house.browser(), address, emoji)).status).toBe(303)
    expect((await tryPassword(house.browser(), address, emoji.slice(0, -2))).status).toBe(422)
  })

  it('is refused with the reason, and nothing is kept of it', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const user = house.userByEmail(address)
    const refused = {
      '': 'missing',
      'too short': 'too_short',
      [`${good}\0`]: 'unreadable',
      ['x9'.repeat(130)]: 'too_long',
      passwordpassword: 'common',
      RiverbendFoodBank1: 'own_words',
      [`${user.first_name}${user.last_name}${user.first_name}`]: 'own_words',
      [address.padEnd(15, '1')]: 'own_words',
    } as const
    for (const [password, fault] of Object.entries(refused)) {
      const answer = await browser.post(passwordPath, { password })
      expect([password, answer.status]).toEqual([password, 422])
      expect(answer.text, password).toContain(en.password.own.errors[fault].replaceAll('"', '&quot;'))
      expect(answer.text.includes(good)).toBe(false)
    }
    expect(await database.all('select * from password where address = ?', address)).toEqual([])
  })

  it.each([
    ['a huge one', 'x'.repeat(60_000)],
    ['a NUL', 'purple\0kettle'],
    ['half a character', 'purple kettle \ud83d sideways'],
    ['markup', '"><script>alert(1)</script>'],
    ['SQL', `' or 1=1 --`],
  ])('hostile: %s signs no one in, and comes back nowhere', async (_, password) => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    for (const email of [address, 'stranger@example.org']) {
      const answer = await tryPassword(house.browser(), email, password)
      expect(answer.status).toBe(422)
      expect(answer.text).not.toContain(password)
    }
    const bytes = await house.send('POST', '/sign-in/password', {
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: `email=${encodeURIComponent(address)}&password=%ED%A0%80%FF%00%FE`,
    })
    expect(bytes.status).toBe(422)
  })

  it('is nowhere in the log, the audit and the database', async () => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    await tryPassword(house.browser(), address, other)
    await tryPassword(house.browser(), address, good)
    expect(house.logged.filter((line) => line.includes('kettle') || line.includes('lamps'))).toEqual([])
    for (const { where, value } of await database.dump())
      expect(textOf(value), where).not.toMatch(/kettle|lamps|argon2id/)
  })
})

describe('off', () => {
  it('is how it is where no one switched it on: no page, no button, no section, and chosen ones open nothing', async () => {
    const address = nextVolunteer()
    const browser = await choosePassword(address, good)
    await allowPasswords('no')
    for (const path of ['/sign-in/password', '/sign-in/register', '/sign-in/reset', passwordPath])
      expect((await browser.get(path)).status, path).toBe(404)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(404)
    for (const path of ['/sign-in/register', '/sign-in/reset', passwordPath, `${passwordPath}/remove`])
      expect((await browser.post(path, { email: address, password: other })).status, path).toBe(404)
    expect((await house.browser().get('/sign-in')).text).not.toContain(said.toPage)
    expect((await browser.get('/account')).text).not.toContain(said.account.has)
    await allowPasswords('yes')
    expect((await house.browser().get('/sign-in')).text).toContain(said.toPage)
    expect((await browser.get('/account')).text).toContain(said.account.has)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(303)
  })

  it('is the default', async () => {
    const customer = `(id, slug, name, host, public_origin, time_zone, mails_strangers, created_at_ms)`
    await database.run(
      `insert into customer ${customer} values ('cus_new', 'new', 'New', 'new', 'new', 'UTC', 0, 0)`,
    )
    expect(await database.one("select passwords from customer where id = 'cus_new'")).toEqual({
      passwords: 0,
    })
    await database.run("delete from customer where id = 'cus_new'")
  })
})

describe('pre-hijack', () => {
  it('no one sets a password for an address before they proved it, and what a stranger sends along is not kept', async () => {
    const victim = nextVolunteer()
    const attacker = house.browser()
    await attacker.post('/sign-in/register', { email: victim, password: other, next: '/shifts' })
    await attacker.post('/sign-in/reset', { email: victim, password: other })
    expect((await attacker.post(passwordPath, { email: victim, password: other })).status).toBe(401)
    expect(await database.all('select * from password where address = ?', victim)).toEqual([])
    // The victim signs in, by the attacker's email or their own, and chooses nothing.
    const [mail] = await house.emailsTo(victim)
    const owner = house.browser()
    await owner.post(pathOf(mail?.links[0]))
    expect(await isSignedIn(owner)).toBe(true)
    expect((await tryPassword(attacker, victim, other)).status).toBe(422)
    // The attacker's browser asked, and is no nearer for it.
    expect(await isSignedIn(attacker)).toBe(false)
    await owner.post(passwordPath, { password: good })
    expect((await tryPassword(attacker, victim, other)).status).toBe(422)
  })

  it('an attacker with a session, but not the mailbox, sets, changes and removes nothing', async () => {
    const victim = nextVolunteer()
    const owner = await choosePassword(victim, good)
    const stolen = house.browser()
    await tryPassword(stolen, victim, good)
    expect(await isSignedIn(stolen)).toBe(true)
    for (const [path, form] of [
      [passwordPath, { password: other }],
      [`${passwordPath}/remove`, {}],
    ] as const) {
      const answer = await stolen.post(path, form)
      expect(answer.status).toBe(403)
      expect(answer.text).toContain(said.own.fresh.heading)
    }
    expect((await tryPassword(house.browser(), victim, good)).status).toBe(303)
    // A link that an application hands over is not enough, and neither is the owner's own after an hour.
    const made = await request(`${house.portalUrl}/v1/users/one-time`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.riverbend.api_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: victim, ip_address: '127.0.0.1' }),
    })
    const { data } = (await made.body.json()) as { data: { auth_link: string } }
    const handed = house.browser()
    await handed.get(pathOf(data.auth_link))
    expect((await handed.post(passwordPath, { password: other })).status).toBe(403)
    house.pass(61 * minuteMs)
    expect((await owner.post(passwordPath, { password: other })).status).toBe(403)
  })

  it('is refused to another site', async () => {
    const browser = await signIn(house, nextVolunteer())
    const crossed = await browser.post(passwordPath, { password: good }, { 'sec-fetch-site': 'cross-site' })
    expect(crossed.status).toBe(403)
  })
})

describe('strangers learn nothing', () => {
  it.each(['/sign-in/register', '/sign-in/reset'])('%s answers every address alike', async (path) => {
    const withOne = nextVolunteer()
    await choosePassword(withOne, good)
    const addresses = [withOne, nextVolunteer(), 'stranger@example.org', house.traps.twoExact]
    const answers = await Promise.all(addresses.map((email) => house.browser().post(path, { email })))
    expect(new Set(answers.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1)
    expect(answers[0]?.status).toBe(303)
  })

  it('a wrong password answers every address alike, with a password, without, and unknown', async () => {
    const withOne = nextVolunteer()
    await choosePassword(withOne, good)
    const addresses = [
      withOne,
      nextVolunteer(),
      'stranger@example.org',
      house.traps.twoExact,
      'zz@zz.example',
    ]
    const answers = []
    for (const email of addresses) answers.push(seen(await tryPassword(house.browser(), email, other)))
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(answers[0]?.status).toBe(422)
    expect(answers[0]?.text).toContain(said.signIn.wrong)
  })

  it('who is not on record gets the letter that strangers get, and only where it is sent', async () => {
    const [first, second] = ['nobody-1@example.org', 'nobody-2@example.org']
    await house.browser().post('/sign-in/register', { email: first })
    expect(await subjectsTo(first)).toEqual([en.mail.notOnRecord.subject('Riverbend Food Bank')])
    await database.run('update customer set mails_strangers = 0')
    await house.browser().post('/sign-in/register', { email: second })
    expect(await subjectsTo(second)).toEqual([])
    await database.run('update customer set mails_strangers = 1')
  })

  it('the email and the page after it say what the link is for', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    await browser.post('/sign-in/register', { email: address })
    expect((await browser.get('/sign-in/check-email')).text).toContain(said.afterwards)
    const [mail] = await house.emailsTo(address)
    expect(mail?.text.replaceAll(/\s+/g, ' ')).toContain(en.mail.signIn.forPassword)
    const plain = await askForMail(house, house.browser(), nextVolunteer())
    expect(plain.text).not.toContain(en.mail.signIn.forPassword)
  })
})

it('after the secret of the house was lost a password opens nothing, breaks no page, and is chosen anew', async () => {
  const address = nextVolunteer()
  await choosePassword(address, good)
  await database.run('update password set hash_sealed = ? where address = ?', Buffer.alloc(120), address)
  expect(
    await database.count('password where address = ? and hash_sealed = ?', address, Buffer.alloc(120)),
  ).toBe(1)
  const browser = house.browser(house.riverbend)
  for (const typed of [address, `0${address}`])
    expect((await tryPassword(browser, typed, good)).status).toBe(422)
  await choosePassword(address, good)
  expect((await tryPassword(browser, address, good)).status).toBe(303)
})

describe('changing and removing', () => {
  it('ends the other sessions at once in every process, keeps this one, and writes to the owner', async () => {
    const second = await startPortalBeside(house)
    const address = nextVolunteer()
    const owner = await choosePassword(address, good)
    const phone = house.browser()
    await tryPassword(phone, address, good)
    const atSecond = () => statusAt(second, phone)
    expect(await atSecond()).toBe(200)
    const changed = await owner.post(passwordPath, { password: other })
    expect(changed.headers['location']).toBe(`${passwordPath}?done=changed`)
    expect(await atSecond()).toBe(401)
    expect([await isSignedIn(phone), await isSignedIn(owner)]).toEqual([false, true])
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
    expect((await tryPassword(phone, address, other)).status).toBe(303)

    const removed = await owner.post(`${passwordPath}/remove`)
    expect(removed.headers['location']).toBe(`${passwordPath}?done=removed`)
    expect(await atSecond()).toBe(401)
    expect([await isSignedIn(phone), await isSignedIn(owner)]).toEqual([false, true])
    expect((await tryPassword(house.browser(), address, other)).status).toBe(422)
    const subject = en.mail.passwordChanged.subject('Riverbend Food Bank')
    const letters = (await house.emailsTo(address)).filter((mail) => mail.subject === subject)
    expect(letters).toHaveLength(3)
    expect(letters.every(({ text }) => text.includes('/sign-in/reset'))).toBe(true)
    const ended = await database.all(
      `select id from session where ended_because = 'password_changed'
         and person_id in (select id from person where address = ?)`,
      address,
    )
    expect(ended).toHaveLength(2)
    await owner.post(`${passwordPath}/remove`)
    expect((await house.emailsTo(address)).filter((mail) => mail.subject === subject)).toHaveLength(3)
    await second.stop()
    expect(second.faults).toEqual([])
  })

  it('a reset does the same, without the old one', async () => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    const phone = house.browser()
    await tryPassword(phone, address, good)
    const browser = house.browser()
    await browser.post('/sign-in/reset', { email: address })
    const [mail] = await house.emailsTo(address)
    await browser.post(pathOf(mail?.links[0]))
    expect((await browser.get(passwordPath)).text).toContain(said.own.change)
    await browser.post(passwordPath, { password: other })
    expect(await isSignedIn(phone)).toBe(false)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
    expect((await tryPassword(house.browser(), address, other)).status).toBe(303)
  })

  it('one chosen in a sign-in that its owner denies goes with it, and what it opened ends', async () => {
    const address = nextVolunteer()
    const stranger = await choosePassword(address, good)
    const again = house.browser()
    expect((await tryPassword(again, address, good)).status).toBe(303)
    const denials = (await house.emailsTo(address)).flatMap(({ links }) =>
      links.filter((link) => link.includes('/not-me/')),
    )
    const owner = house.browser()
    expect((await owner.post(pathOf(denials[0]))).status).toBe(303)
    expect(await Promise.all([stranger, again].map(isSignedIn))).toEqual([false, false])
    expect((await tryPassword(again, address, good)).status).toBe(422)
  })

  it('a first password ends no session', async () => {
    const address = nextVolunteer()
    const phone = await signIn(house, address)
    await choosePassword(address, good)
    expect(await isSignedIn(phone)).toBe(true)
  })

  async function statusAt(portal: PortalProcess, browser: TestBrowser): Promise<number> {
    const { statusCode, body } = await request(`http://127.0.0.1:${portal.port}/portal/api/me/sessions`, {
      headers: {
        host: house.riverbend.host,
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    })
    await body.dump()
    return statusCode
  }
})

describe('a password proves an address, and VOMO says whose it is', () => {
  it('opens nothing once VOMO has another address for its person; the old one stays useless when it comes back', async () => {
    const address = nextVolunteer()
    const moved = `moved-${address}`
    await choosePassword(address, good)
    const { id } = house.userByEmail(address)
    await house.changePerson(id, { email: moved })
    house.pass(2 * minuteMs)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
    expect((await tryPassword(house.browser(), moved, good)).status).toBe(422)
    // They prove the new address by email. The password of the old one goes with it.
    const browser = await signIn(house, moved)
    expect((await browser.get(passwordPath)).text).toContain(said.own.choose)
    await house.changePerson(id, { email: address })
    house.pass(2 * minuteMs)
    await signIn(house, address)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
  })

  it('does not sign in the next person to whom VOMO gives the address, nor does the old owner get theirs', async () => {
    const address = nextVolunteer()
    const heir = nextVolunteer()
    await choosePassword(address, good)
    const [old, next] = [house.userByEmail(address).id, house.userByEmail(heir).id]
    await house.changePerson(old, { email: `gone-${address}` })
    await house.changePerson(next, { email: address })
    house.pass(2 * minuteMs)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
    await choosePassword(address, other)
    const browser = house.browser()
    expect((await tryPassword(browser, address, other)).status).toBe(303)
    const { first_name } = (await browser.get('/portal/api/me')).json()
    expect(first_name).toBe(house.riverbend.records.users.find(({ id }) => id === next)?.first_name)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
    expect(await database.all('select person_id from password where address = ?', address)).toHaveLength(1)
  })

  it('opens nothing for a record that is gone, or one of two with the address, or an account that is turned off', async () => {
    const [removed, doubled, disabled, ended] = [
      nextVolunteer(),
      nextVolunteer(),
      nextVolunteer(),
      nextVolunteer(),
    ]
    for (const address of [removed, doubled, disabled, ended]) await choosePassword(address, good)
    await house.changePerson(house.userByEmail(nextVolunteer()).id, { email: doubled })
    await database.run(`update person set standing = 'disabled' where address = ?`, disabled)
    await database.run(
      'update person set sessions_valid_after_ms = ? where address = ?',
      house.nowMs(),
      ended,
    )
    house.pass(2 * minuteMs)
    for (const address of [doubled, disabled, ended])
      expect((await tryPassword(house.browser(), address, good)).status, address).toBe(422)
    // A denial of VOMO counts once it is proven, as it does for a session.
    await loseRecord(house, removed, () => tryPassword(house.browser(), removed, good))
    const browser = house.browser()
    expect((await tryPassword(browser, removed, good)).status).toBe(422)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('signs in the person known here while VOMO does not answer, as a mailed link does', async () => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    await house.sandboxOptions({ fail_rate: 1 })
    expect((await tryPassword(house.browser(), address, good)).status).toBe(303)
    await house.sandboxOptions({ fail_rate: 0 })
    house.pass(minuteMs)
  })

  it('lets staff without a record in, for as long as they are staff', async () => {
    const address = 'desk@riverbend.example'
    const [{ id }] = (await database.all(`select id from customer where slug = 'riverbend'`)) as [
      { id: string },
    ]
    await database.run(
      'insert into staff (customer_id, address, role, created_at_ms) values (?, ?, ?, 0)',
      id,
      address,
      'coordinator',
    )
    await choosePassword(address, good)
    const browser = house.browser()
    const entered = await tryPassword(browser, address, good)
    expect([entered.status, entered.headers['location']]).toEqual([303, '/admin'])
    expect((await browser.get('/admin')).status).toBe(200)
    await database.run('delete from staff where address = ?', address)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
  })

  it('is its customer’s alone: one address has two passwords at two of them', async () => {
    const address = nextVolunteer()
    const twin = house.hillside.volunteers[0] ?? ''
    await house.changePerson(house.userByEmail(twin, house.hillside).id, { email: address })
    house.pass(2 * minuteMs)
    await choosePassword(address, good, house.riverbend)
    await choosePassword(address, other, house.hillside)
    for (const [customer, password, status] of [
      [house.riverbend, good, 303],
      [house.riverbend, other, 422],
      [house.hillside, other, 303],
      [house.hillside, good, 422],
    ] as const)
      expect((await tryPassword(house.browser(customer), address, password)).status).toBe(status)
  })

  it('is erased with its person, and the counted tries of the address', async () => {
    const address = nextVolunteer()
    const browser = await choosePassword(address, good)
    await tryPassword(house.browser(), address, other)
    const before = (await database.all('select * from password_tries')).length
    expect((await browser.post('/account/erase', { confirm: 'yes' })).status).toBe(303)
    expect(await database.all('select * from password where address = ?', address)).toEqual([])
    expect((await database.all('select * from password_tries')).length).toBe(before - 1)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(422)
  })
})

describe('guessing', () => {
  const wrong = async (email: string, browser = house.browser()) =>
    (await tryPassword(browser, email, `${other} ${Math.random()}`)).status

  it('stops at ten tries in five minutes and a hundred in all, for known and unknown addresses', async () => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    for (const email of [address, 'never-heard-of@example.org']) {
      let inFiveMinutes = 0
      for (let second = 0; second < 300; second += 5) {
        if ((await wrong(email)) === 422) inFiveMinutes += 1
        house.pass(5_000)
      }
      expect(inFiveMinutes, email).toBe(8)
      let more = 0
      for (let hour = 0; hour < 150; hour += 1) {
        if ((await wrong(email)) === 422) more += 1
        house.pass(60 * minuteMs + 1)
      }
      expect(inFiveMinutes + more, email).toBe(100)
      const refused = await tryPassword(house.browser(), email, good)
      expect(refused.status, email).toBe(429)
      expect(Number(refused.headers['retry-after'])).toBe(3600)
    }
  })

  it('does not lock the owner out: a mailed link and a known browser always pass', async () => {
    const address = nextVolunteer()
    const known = await choosePassword(address, good)
    for (let i = 0; i < 200; i += 1) {
      await wrong(address)
      house.pass(60 * minuteMs + 1)
    }
    expect((await tryPassword(house.browser(), address, good)).status).toBe(429)
    // The browser that signed in before is not held up, signed out as it is.
    await known.post('/sign-out')
    expect((await tryPassword(known, address, good)).status).toBe(303)
    // A browser that never did signs in by email, and is known from then on.
    const fresh = await signIn(house, address)
    await fresh.post('/sign-out')
    expect((await tryPassword(fresh, address, good)).status).toBe(303)
    // And a new password has not been tried.
    await fresh.post('/sign-out')
    await choosePassword(address, other)
    expect((await tryPassword(house.browser(), address, other)).status).toBe(303)
  })

  it('a known browser has its own count, with the same end', async () => {
    const address = nextVolunteer()
    const known = await choosePassword(address, good)
    let compared = 0
    for (let i = 0; i < 20; i += 1) if ((await wrong(address, known)) === 422) compared += 1
    expect(compared).toBe(5)
    expect((await tryPassword(house.browser(), address, good)).status).toBe(303)
  })

  it('many at once are not more than one after another', async () => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    const answers = await Promise.all(Array.from({ length: 12 }, () => wrong(address)))
    expect(answers.filter((status) => status === 422).length).toBe(5)
  })

  it('a right one forgets the wrong ones before it', async () => {
    const address = nextVolunteer()
    await choosePassword(address, good)
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 4; i += 1) expect(await wrong(address)).toBe(422)
      expect((await tryPassword(house.browser(), address, good)).status).toBe(303)
    }
  })
})

describe('a network', () => {
  it('has a number of tries, over all addresses and two processes, that browsers known for an address do not need', async () => {
    const limits = { passwordTriesPerNetwork, passwordTries: undefined }
    const strict = await openHouse({ limits })
    const rows = await openRows(strict.database)
    await rows.run('update customer set passwords = 1')
    const [address = ''] = strict.riverbend.volunteers
    const known = await signIn(strict, address)
    await known.post(passwordPath, { password: good })
    // Started once the email has left: it would send it to a mailbox of its own.
    const second = await startPortalBeside(strict, limits)
    const statuses: number[] = []
    for (let i = 0; i < 64; i += 1) {
      const body = new URLSearchParams({ email: `a${i}@example.org`, password: other }).toString()
      const port = i % 2 === 0 ? strict.portal.port : second.port
      const { statusCode, body: answer } = await request(`http://127.0.0.1:${port}/sign-in/password`, {
        method: 'POST',
        headers: {
          host: strict.riverbend.host,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
      })
      await answer.dump()
      statuses.push(statusCode)
    }
    expect(statuses.filter((status) => status === 422).length).toBeGreaterThanOrEqual(60)
    expect(statuses.at(-1)).toBe(429)
    expect((await tryPassword(strict.browser(), address, good)).status).toBe(429)
    expect((await tryPassword(known, address, good)).status).toBe(303)
    await rows.close()
    await second.stop()
    await strict.close()
  })
})

it('keeps its cost beside it, and is hashed anew at the next sign-in where the cost changed', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'porchlight-passwords-'))
  const before = await openHouse({ dataFolder })
  const after = { passwordMs: 150, dataFolder, databaseUrl: before.databaseUrl }
  const [address = ''] = before.riverbend.volunteers
  const rows = await openRows(before.database)
  const sealed = async () => {
    const [row] = await rows.all<{ hash_sealed: Buffer }>('select hash_sealed from password')
    return row?.hash_sealed.toString('hex')
  }
  await rows.run('update customer set passwords = 1')
  const owner = await signIn(before, address)
  await owner.post(passwordPath, { password: good })
  const first = await sealed()
  expect((await tryPassword(before.browser(), address, good)).status).toBe(303)
  expect(await sealed()).toBe(first)
  await before.close()

  const slower = await openHouse(after)
  expect((await tryPassword(slower.browser(), address, other)).status).toBe(422)
  expect(await sealed()).toBe(first)
  expect((await tryPassword(slower.browser(), address, good)).status).toBe(303)
  const renewed = await sealed()
  expect(renewed).not.toBe(first)
  expect((await tryPassword(slower.browser(), address, good)).status).toBe(303)
  expect(await sealed()).toBe(renewed)
  await rows.close()
  await slower.close()
  rmSync(dataFolder, { recursive: true })
})
