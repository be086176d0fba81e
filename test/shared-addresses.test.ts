import { request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { familyEmail as address, hillsideFamily } from '../src/sandbox/sample/cast.ts'
import { en } from '../src/text/en.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
import { askForMail, type House, openHouse, pathOf, type TestBrowser } from './house.ts'
import { startPortalBeside } from './portals.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const path = '/sign-in/which-record'
const said = en.signIn.choice
const { elena, tomas, carmen } = hillsideFamily

let house: House
let database: Rows

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
})
beforeEach(() => house.pass(dayMs + minuteMs))
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

type Claim = { last: string; born: string }
const claimOf = (who: { last_name: string; birthday: string | null }): Claim => ({
  last: who.last_name,
  born: who.birthday ?? '1950-01-02',
})
const wrong: Claim = { last: 'Nobody', born: '1990-05-06' }

function formOf({ last, born }: Claim): Record<string, string> {
  const [year = '', month = '', day = ''] = born.split('-')
  return { last_name: last, birthday_day: day, birthday_month: month, birthday_year: year }
}

const prove = (browser: TestBrowser, claim: Claim) => browser.post(path, formOf(claim))

/** A browser that proved the address, and no record yet. */
async function atChoice(browser = house.browser(house.hillside), of = address): Promise<TestBrowser> {
  const mail = await askForMail(house, browser, of)
  const spent = await browser.post(pathOf(mail.links[0]))
  expect([spent.status, spent.headers['location']]).toEqual([303, path])
  return browser
}

async function signedInAs(claim: Claim): Promise<TestBrowser> {
  const browser = await atChoice()
  expect((await prove(browser, claim)).status).toBe(303)
  return browser
}

const statusOf = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).status
const nameOf = async (browser: TestBrowser) => (await browser.get('/portal/api/me')).json()['first_name']

function events(kind: string): Promise<{ person_id: string | null; detail: string }[]> {
  return database.all(
    `select person_id, detail from audit_event where kind = ? order by at_ms, ${insertionOrder}`,
    kind,
  )
}

const userOf = (first: string) => {
  const user = house.hillside.records.users.find(
    (each) => each.first_name === first && each.email === address,
  )
  if (!user) throw new Error('no such person of the family')
  return user
}
const change = (id: number, fields: Record<string, unknown>) =>
  house.changePerson(id, { customer: 'hillside', ...fields })

async function setting(value: 0 | 1): Promise<void> {
  await database.run(`update customer set lets_choose_record = ? where slug = 'hillside'`, value)
}

describe('people who share an address', () => {
  it('each come to their own record, and stay apart', async () => {
    const [mother, son] = [await signedInAs(claimOf(elena)), await signedInAs(claimOf(tomas))]
    expect([await nameOf(mother), await nameOf(son)]).toEqual(['Elena', 'Tomás'])
    const people = await database.all<{ id: string; vomo_user_id: string; shares_address: number }>(
      'select id, vomo_user_id, shares_address from person where address = ?',
      address,
    )
    expect(people.map((person) => person.vomo_user_id).toSorted()).toEqual(
      [String(userOf('Elena').id), String(userOf('Tomás').id)].toSorted(),
    )
    expect(people.map((person) => person.shares_address)).toEqual([1, 1])
    const sessions = (await mother.get('/portal/api/me/sessions')).json()['data'] as unknown[]
    expect(sessions).toHaveLength(1)
    // A later check asks VOMO for the one record, never whose address it is.
    house.pass(3 * 60 * minuteMs)
    expect([await nameOf(mother), await nameOf(son)]).toEqual(['Elena', 'Tomás'])
  })

  it('lead on to where they were going, by the code too, and in the API', async () => {
    const browser = house.browser(house.hillside)
    const before = (await house.emailsTo(address)).length
    await browser.post('/sign-in', { email: address, next: '/user' })
    const [mail] = await house.emailsTo(address)
    expect((await house.emailsTo(address)).length).toBe(before + 1)
    expect(mail?.text).not.toMatch(/Elena|Tomás|Carmen|Ibarra/)
    const typed = await browser.post('/sign-in/code', { code: mail?.code ?? '' })
    expect(typed.headers['location']).toBe(path)
    expect((await prove(browser, claimOf(elena))).headers['location']).toBe('/user')

    const other = house.browser(house.hillside)
    await other.postJson('/portal/api/sign-in', { email: address })
    const [next] = await house.emailsTo(address)
    const done = await other.postJson('/portal/api/sign-in/complete', { code: next?.code ?? '' })
    expect(done.json()).toEqual({ landing: path })
    expect(await statusOf(other)).toBe(401)
    expect((await prove(other, claimOf(tomas))).status).toBe(303)
  })

  it('may write name and date as people do', async () => {
    for (const claim of [
      { last_name: 'ibarra nunez', birthday_month: 'March', birthday_day: '27', birthday_year: '1984' },
      { last_name: ' IBARRANÚÑEZ ', birthday_month: 'mar', birthday_day: '27', birthday_year: '1984' },
      { last_name: 'Ibarra‐Núñez', birthday_month: '03', birthday_day: ' 27 ', birthday_year: '１９８４' },
    ]) {
      const browser = await atChoice()
      expect((await browser.post(path, claim)).status, claim.last_name).toBe(303)
      expect(await nameOf(browser)).toBe('Elena')
    }
  })

  it('are asked again at a later sign-in, and not while a session lasts', async () => {
    const browser = await signedInAs(claimOf(elena))
    await atChoice(browser)
    const page = await browser.get(path)
    expect(page.text).toContain(en.signIn.ask.already(null))
    expect(page.text).not.toContain('Elena')
    expect(await nameOf(browser)).toBe('Elena')
    expect((await prove(browser, claimOf(tomas))).status).toBe(303)
    expect(await nameOf(browser)).toBe('Tomás')
  })

  it('are told which field breaks which rule, and no try is counted', async () => {
    const browser = await atChoice()
    const tried = (await events('sign_in.record_tried')).length
    const { errors } = said
    for (const [form, message, field] of [
      [{}, errors.lastName, 'last_name'],
      [{ last_name: '-' }, errors.lastName, 'last_name'],
      [{ last_name: 'x'.repeat(201) }, errors.lastNameLong, 'last_name'],
      [formOf({ last: 'A', born: '1984-03-' }), errors.birthday.missing, 'birthday-day'],
      [formOf({ last: 'A', born: '84-03-27' }), errors.birthday.year, 'birthday-year'],
      [formOf({ last: 'A', born: '1984-Ma-27' }), errors.birthday.month, 'birthday-month'],
      [formOf({ last: 'A', born: '1985-02-29' }), errors.birthday.real, 'birthday-month'],
      [formOf({ last: 'A', born: '1899-12-31' }), errors.birthday.past, 'birthday-year'],
      [formOf({ last: 'A', born: '2999-01-01' }), errors.birthday.past, 'birthday-year'],
    ] as const) {
      const answer = await browser.post(path, form)
      expect(answer.status).toBe(422)
      expect(answer.text).toContain(message.replaceAll("'", '&#39;'))
      expect(answer.text).toContain(`href="#${field}"`)
    }
    expect(await events('sign_in.record_tried')).toHaveLength(tried)
  })

  it('are not handed on into VOMO, which goes by the address', async () => {
    const browser = await signedInAs(claimOf(elena))
    const before = (await house.callsToVomo()).length
    const answer = await browser.postJson('/portal/api/open-in-vomo', { landing: 'hub' })
    expect([answer.status, answer.json()['code']]).toEqual([403, 'hand_off_refused'])
    const calls = (await house.callsToVomo()).slice(before).map((call) => call.path)
    expect(calls.filter((each) => each.includes('one-time'))).toEqual([])
  })
})

describe('the page to choose', () => {
  it('is reached with a proved address alone, in that browser, for a quarter of an hour, once', async () => {
    const stranger = house.browser(house.hillside)
    for (const answer of [await stranger.get(path), await prove(stranger, claimOf(elena))])
      expect([answer.status, answer.headers['location']]).toEqual([303, '/sign-in'])
    const asker = house.browser(house.hillside)
    await askForMail(house, asker, address)
    expect((await asker.get(path)).headers['location']).toBe('/sign-in')
    const forged = house.browser(house.hillside)
    forged.cookies.set('porchlight_choice', 'x'.repeat(32))
    expect((await prove(forged, claimOf(elena))).headers['location']).toBe('/sign-in?notice=too_late')

    const browser = house.browser(house.hillside)
    const link = pathOf((await askForMail(house, browser, address)).links[0])
    expect((await browser.get(link)).text).toContain(en.signIn.link.thenWhich)
    await browser.post(link)
    // The email's link, pressed again, leads back here in this browser alone.
    expect((await browser.get(link)).headers['location']).toBe(path)
    expect((await house.browser(house.hillside).get(link)).status).toBe(410)
    const secret = browser.cookies.get('porchlight_choice') ?? ''
    expect((await browser.get(path)).status).toBe(200)
    const elsewhere = house.browser()
    elsewhere.cookies.set('porchlight_choice', secret)
    expect((await elsewhere.get(path)).status).toBe(303)
    house.pass(16 * minuteMs)
    expect((await prove(browser, claimOf(elena))).headers['location']).toBe('/sign-in?notice=too_late')

    const used = await atChoice()
    const spentSecret = used.cookies.get('porchlight_choice') ?? ''
    expect((await prove(used, claimOf(elena))).headers['location']).not.toContain('sign-in')
    const late = house.browser(house.hillside)
    late.cookies.set('porchlight_choice', spentSecret)
    expect((await prove(late, claimOf(tomas))).headers['location']).toBe('/sign-in?notice=too_late')
    expect(await statusOf(late)).toBe(401)
  })

  it('shows nothing of a record, and no number of them, before or after a wrong try', async () => {
    const browser = await atChoice()
    for (const { text } of [await browser.get(path), await prove(browser, wrong)]) {
      expect(text).not.toMatch(/Elena|Tomás|Carmen|Ibarra|Núñez|1984|2006/)
      expect(text).not.toContain(address)
      expect(text).not.toMatch(/\b(two|three|2|3) records\b/i)
    }
  })

  it('ends when the owner of the mailbox says it was not them, and when the organization turns it off', async () => {
    const browser = house.browser(house.hillside)
    const mail = await askForMail(house, browser, address)
    await browser.post(pathOf(mail.links[0]))
    await house.browser(house.hillside).post(pathOf(mail.links[0]).replace('/auth/', '/not-me/'))
    expect((await prove(browser, claimOf(elena))).headers['location']).toBe('/sign-in?notice=too_late')

    const other = await atChoice()
    await setting(0)
    try {
      expect((await prove(other, claimOf(elena))).status).toBe(303)
      expect(await statusOf(other)).toBe(401)
      const told = await askForMail(house, house.browser(house.hillside), address)
      expect(told.code).toBeNull()
      expect(told.text).toContain('/sign-in/two-records')
    } finally {
      await setting(1)
    }
    const page = await other.get('/sign-in/two-records')
    expect(page.text).toContain(en.trouble.shared_records.heading)
  })
})

describe('a member of the family, or a stranger in the mailbox, who guesses', () => {
  it('has three tries a day, over all browsers, and then not even the right one', async () => {
    const [first, next] = [await atChoice(), await atChoice()]
    const tried = (await events('sign_in.record_tried')).length
    expect((await prove(first, wrong)).text).toContain(said.triesLeft(2))
    expect((await prove(next, wrong)).text).toContain(said.triesLeft(1))
    expect((await prove(first, wrong)).text).toContain(said.noTries.latest.replaceAll("'", '&#39;'))
    const third = await atChoice()
    for (const browser of [first, next, third]) {
      const answer = await prove(browser, claimOf(elena))
      expect([answer.status, answer.text.includes(said.noTries.heading)]).toEqual([429, true])
      expect(await statusOf(browser)).toBe(401)
    }
    expect((await third.get(path)).text).toContain(said.noTries.heading)
    const detail = (await events('sign_in.record_tried'))
      .slice(tried)
      .map((event) => JSON.parse(event.detail))
    expect(detail.map(({ left }) => left)).toEqual([2, 1, 0])
    house.pass(dayMs - 10 * minuteMs)
    expect((await prove(await atChoice(), claimOf(elena))).status).toBe(429)
    house.pass(11 * minuteMs)
    expect((await prove(await atChoice(), claimOf(elena))).status).toBe(303)
  })

  it('of 20 tries at once, over two processes, has three', async () => {
    const browsers = [await atChoice(), await atChoice(), await atChoice()]
    const second = await startPortalBeside(house)
    const tried = (await events('sign_in.record_tried')).length
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const secret = browsers[i % 3]?.cookies.get('porchlight_choice') ?? ''
        const port = i % 2 === 0 ? house.portal.port : second.port
        const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, {
          method: 'POST',
          headers: {
            host: house.hillside.host,
            cookie: `porchlight_choice=${secret}`,
            origin: `http://${house.hillside.host}`,
            'sec-fetch-site': 'same-origin',
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: new URLSearchParams(formOf(wrong)).toString(),
        })
        await body.dump()
        return statusCode
      }),
    )
    await second.stop()
    expect(answers.filter((status) => status === 422)).toHaveLength(3)
    expect(answers.filter((status) => status === 429)).toHaveLength(17)
    expect(await events('sign_in.record_tried')).toHaveLength(tried + 3)
  })

  it('gets one answer for a wrong name, a wrong birthday, a record without one, and records that are alike', async () => {
    const answers: string[] = []
    const body = (text: string) => text.replaceAll(/ value="[^"]*"/g, '')
    for (const claim of [
      { last: 'Smith', born: elena.birthday },
      { last: elena.last_name, born: '1984-03-28' },
      // Half of one record, and half of another.
      { last: carmen.last_name, born: tomas.birthday },
      { last: carmen.last_name, born: '1900-01-01' },
      { last: 'Smith', born: '1970-01-01' },
    ]) {
      house.pass(dayMs + minuteMs)
      const answer = await prove(await atChoice(), claim)
      expect(answer.status).toBe(422)
      answers.push(body(answer.text))
    }
    // VOMO's own mark for a birthday that is not known proves nothing.
    await change(userOf('Carmen').id, { birthday: '1900-01-01' })
    house.pass(dayMs + minuteMs)
    answers.push(body((await prove(await atChoice(), { last: 'Núñez', born: '1900-01-01' })).text))
    await change(userOf('Carmen').id, { birthday: null })
    // Twins, or one person's two records.
    await change(userOf('Tomás').id, { birthday: elena.birthday })
    house.pass(dayMs + minuteMs)
    answers.push(body((await prove(await atChoice(), claimOf(elena))).text))
    await change(userOf('Tomás').id, { birthday: tomas.birthday })
    expect(new Set(answers).size).toBe(1)
    expect(answers).toHaveLength(7)
  })

  it('spends the tries of each record, which follow it to another address', async () => {
    const browser = await atChoice()
    for (let i = 0; i < 3; i += 1) await prove(browser, wrong)
    const others = [userOf('Elena'), userOf('Carmen')]
    for (const user of others) await change(user.id, { email: 'elsewhere@terrace.example' })
    const answer = await prove(await atChoice(undefined, 'elsewhere@terrace.example'), claimOf(elena))
    expect([answer.status, answer.text.includes(said.errors.noMatch.replaceAll("'", '&#39;'))]).toEqual([
      422,
      true,
    ])
    for (const user of others) await change(user.id, { email: address })
  })

  it('loses no try by a right one, and wins none back', async () => {
    await prove(await atChoice(), wrong)
    await prove(await atChoice(), wrong)
    for (let i = 0; i < 4; i += 1) await signedInAs(claimOf(tomas))
    const browser = await atChoice()
    expect((await prove(browser, wrong)).text).toContain(said.noTries.heading)
  })

  it('wins no tries by erasing what is kept of them, which is theirs alone', async () => {
    const mother = await signedInAs(claimOf(elena))
    const son = await signedInAs(claimOf(tomas))
    for (let i = 0; i < 3; i += 1) await prove(await atChoice(), wrong)
    const erased = await son.post('/account/erase', { confirm: 'yes' })
    expect([erased.status, erased.headers['location']]).toEqual([303, '/account/erased'])
    expect(await statusOf(son)).toBe(401)
    expect(await nameOf(mother)).toBe('Elena')
    expect((await prove(await atChoice(), claimOf(tomas))).status).toBe(429)
  })

  it('erases nothing of another who had the address with them, when only one record has it', async () => {
    const [mother, son] = [await signedInAs(claimOf(elena)), await signedInAs(claimOf(tomas))]
    const others = [userOf('Elena'), userOf('Carmen')]
    const [motherId, sonId] = [userOf('Elena').id, userOf('Tomás').id]
    const keptOf = (id: number) => database.all('select id from person where vomo_user_id = ?', String(id))
    for (const user of others) await change(user.id, { email: 'elsewhere@terrace.example' })
    try {
      const mail = await askForMail(house, son, address)
      expect((await son.post(pathOf(mail.links[0]))).headers['location']).not.toBe(path)
      expect((await son.post('/account/erase', { confirm: 'yes' })).headers['location']).toBe(
        '/account/erased',
      )
      expect(await keptOf(sonId)).toEqual([])
      expect(await keptOf(motherId)).toHaveLength(1)
    } finally {
      for (const user of others) await change(user.id, { email: address })
    }
    expect(await statusOf(mother)).toBe(200)
  })

  it('does not come in by a password, whether VOMO can be asked or not', async () => {
    await database.run(`update customer set passwords = 1 where slug = 'hillside'`)
    const password = 'seven quiet lanterns drift'
    const mother = await signedInAs(claimOf(elena))
    expect((await mother.post('/account/password', { password })).status).toBe(303)
    const statuses: number[] = []
    const tryIt = async () => {
      const browser = house.browser(house.hillside)
      statuses.push((await browser.post('/sign-in/password', { email: address, password })).status)
    }
    await tryIt()
    await house.sandboxOptions({ down: true })
    try {
      house.pass(30 * minuteMs)
      await tryIt()
    } finally {
      await house.sandboxOptions({ down: false })
      house.pass(3 * minuteMs)
      await database.run(`update customer set passwords = 0 where slug = 'hillside'`)
    }
    expect(statuses).toEqual([422, 422])
  })

  it('does not come in by the mailbox alone while VOMO cannot be asked', async () => {
    await signedInAs(claimOf(elena))
    const before = (await house.emailsTo(address)).length
    const browser = await atChoice()
    await house.sandboxOptions({ down: true })
    try {
      const tried = (await events('sign_in.record_try_returned')).length
      expect((await prove(browser, claimOf(elena))).status).toBe(503)
      expect(await events('sign_in.record_try_returned')).toHaveLength(tried + 1)
      await browser.post('/sign-in', { email: address })
      house.pass(2 * minuteMs)
      const emails = await house.emailsTo(address)
      expect(emails).toHaveLength(before + 1)
    } finally {
      await house.sandboxOptions({ down: false })
      house.pass(3 * minuteMs)
    }
    for (let left = 2; left > 0; left -= 1)
      expect((await prove(browser, wrong)).text).toContain(said.triesLeft(left))
  })

  it('leaves a trace of each try, which holds no name and no birthday', async () => {
    await prove(await atChoice(), { last: 'Canaryname', born: '1931-03-07' })
    await signedInAs(claimOf(elena))
    const all = await database.all<{ detail: string }>('select kind, detail from audit_event')
    expect(JSON.stringify(all)).not.toMatch(/Canaryname|1931|1984|Ibarra|terrace/)
    expect((await events('sign_in.record_proved')).at(-1)?.person_id).toMatch(/^per_/)
    expect(house.logged.join('\n')).not.toMatch(/Canaryname|1931-03-07|1984-03-27/)
  })
})

describe('a session that a proof opened', () => {
  it('outlives another name or birthday in VOMO, and ends with the address or the record', async () => {
    const browser = await signedInAs(claimOf(elena))
    const { id } = userOf('Elena')
    await change(id, { last_name: 'Ibarra', birthday: '1984-03-28' })
    house.pass(30 * minuteMs)
    expect((await browser.get('/portal/api/me')).json()['last_name']).toBe('Ibarra')
    expect((await prove(await atChoice(), claimOf(elena))).status).toBe(422)
    await change(id, { last_name: elena.last_name, birthday: elena.birthday })

    await change(id, { email: 'elena@terrace.example' })
    house.pass(30 * minuteMs)
    expect(await statusOf(browser)).toBe(401)
    await change(id, { email: address })

    house.pass(dayMs)
    const again = await signedInAs(claimOf(elena))
    await change(id, { removed: true })
    house.pass(20 * minuteMs)
    await again.get('/portal/api/me')
    house.pass(6 * minuteMs)
    const gone = await again.get('/portal/api/me')
    expect([gone.status, gone.json()['code']]).toEqual([403, 'account_orphaned'])
    await change(id, { restored: true })
  })

  it('is not asked of a link that an application makes, and makes none for such an address', async () => {
    const answer = await house.send('POST', '/v1/users/one-time', {
      host: house.hillside.host,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${house.hillside.api_token}` },
      body: JSON.stringify({ email: address, ip_address: '203.0.113.7' }),
    })
    expect(answer.status).toBe(500)
    expect(JSON.parse((await events('link.refused')).at(-1)?.detail ?? '{}')).toMatchObject({
      because: 'two_records',
    })
  })
})
