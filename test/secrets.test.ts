import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newCode } from '../src/links/codes.ts'
import { newId, openSecrets, randomToken } from '../src/secrets.ts'
import {
  type Browser,
  faultyLines,
  secret as houseSecret,
  inParallel,
  mailTo,
  openTarget,
  signInAs,
  type Target,
} from './attack.ts'
import { isOnPostgres, openRows, type Rows, textOf } from './database.ts'

const minuteMs = 60_000

let target: Target

beforeAll(async () => {
  target = await openTarget()
})
afterAll(() => target.close())

/** A person with unique text in every field. */
const person = {
  first_name: 'Canaryfirst',
  last_name: 'Canarylast',
  phone: '+1 555 010 9977',
  address: '7 Canary Row, Canaryville',
  birthday: '1931-03-07',
}

describe('after every journey there is, logged at debug level', () => {
  /** All secrets on the way: links, codes, sessions, browsers. */
  const secrets = new Set<string>()
  const addresses = new Set<string>()
  let database: Rows

  beforeAll(async () => {
    const [first = '', second = '', third = ''] = target.volunteers()
    for (const address of [first, second, third]) addresses.add(address)
    const user = target.world.customers[0]?.records.users.find(({ email }) => email === first)
    await target.sandboxControl(`/people/${user?.id}`, 'POST', person)
    await walk(first, second, third)
    await target.portal.idle()
    database = await openRows(target.database)
  })
  afterAll(() => database.close())

  function keep(browser: Browser): void {
    for (const name of ['session', 'asked'] as const) {
      const value = browser.cookie(name)
      if (value) secrets.add(value)
    }
  }

  async function mailed(browser: Browser, address: string) {
    const mail = await mailTo(target, browser, address)
    for (const value of [mail.secret, mail.code, mail.code.replace('-', '')]) secrets.add(value)
    keep(browser)
    return mail
  }

  /** By link, by code, by the API; wrong codes, dead links, an email sent again, "not me", a changed address, VOMO failing. */
  async function walk(first: string, second: string, third: string): Promise<void> {
    const byLink = target.browser()
    const link = await mailed(byLink, first)
    await byLink.get(link.path)
    await byLink.get(`/auth?t=${link.secret}`)
    await byLink.post(link.path)
    keep(byLink)
    await byLink.post(link.path)
    await target.browser().post(link.path)
    for (const path of [
      '/',
      '/organization/riverbend',
      '/user',
      '/user?page=2',
      '/shifts',
      '/profile',
      '/help',
      '/nowhere',
    ])
      await byLink.get(path)
    for (const path of [
      'me',
      'me/hours',
      'me/shifts',
      'me/participations?project=x&page=9',
      'limits',
      'nothing',
    ])
      await byLink.get(`/portal/api/${path}`)

    await byLink.post('/calendar')
    const feed = feedIn((await byLink.get('/calendar')).text)
    secrets.add(feed)
    await target.send('GET', `/calendar/${feed}.ics`)
    await target.send('GET', `/calendar/${feed.slice(1)}.ics`)
    for (const path of ['/account', '/shifts', '/portal/api/me/sessions', '/portal/api/me/export'])
      await byLink.get(path)

    const byCode = target.browser()
    const code = await mailed(byCode, second)
    await byCode.post('/sign-in/code', { code: '2222-2222' })
    await byCode.post('/sign-in/code', { code: code.code })
    keep(byCode)
    await byCode.post('/sign-in/code', { code: code.code })
    await byCode.post('/sign-out')

    const byApi = target.browser()
    const token = await mailed(byApi, second)
    await byApi.postJson('/portal/api/sign-in/complete', { token: token.secret, hint: second })
    await byApi.postJson('/portal/api/sign-in/complete', { token: token.secret })
    keep(byApi)
    await byApi.go('DELETE', '/portal/api/session')

    const stolen = await mailed(target.browser(), third)
    const thief = target.browser()
    await thief.post(stolen.path)
    keep(thief)
    const owner = target.browser()
    await owner.get(`/not-me/${stolen.secret}`)
    await owner.post(`/not-me/${stolen.secret}`)
    await thief.get('/profile')

    const late = target.browser()
    const dead = await mailed(late, third)
    target.pass(16 * minuteMs)
    await late.post(dead.path)
    await late.post(`${dead.path}/again`)
    for (const { links, code: sent } of await target.emails(third)) {
      secrets.add(new URL(links[0] ?? '').pathname.split('/').at(-1) ?? '')
      if (sent) secrets.add(sent).add(sent.replace('-', ''))
    }

    for (const address of ['nobody@nowhere.example', target.traps.twoExact, target.traps.scrubbedEmail]) {
      addresses.add(address)
      await target.browser().post('/sign-in', { email: address })
      await target.browser().postJson('/portal/api/sign-in', { email: address, more: 1 })
      await target
        .browser()
        .get(`/sign-in?email=${encodeURIComponent(address)}&next=/user?who=${encodeURIComponent(address)}`)
    }
    await target.portal.idle()

    await target.sandboxControl('/options', 'PUT', { fail_next: 3, fail_status: 502 })
    await target.browser().post('/sign-in', { email: second })
    await target.portal.idle()
    target.pass(5 * minuteMs)
    await target.sandboxControl('/options', 'PUT', { fail_next: 0, down: true })
    await byLink.get('/profile')
    await target.browser().post('/sign-in', { email: third })
    await target.portal.idle()
    target.pass(25 * 60 * minuteMs)
    await byLink.get('/portal/api/me')
    await target.sandboxControl('/options', 'PUT', { down: false })
    for (let i = 0; (await byLink.get('/portal/api/me')).status !== 200; i += 1) {
      if (i > 30) throw new Error('VOMO is never asked again')
      target.pass(minuteMs)
    }
    target.pass(16 * minuteMs)
    await target.portal.idle()

    const user = target.world.customers[0]?.records.users.find(({ email }) => email === second)
    const stale = await signInAs(target, second)
    keep(stale)
    addresses.add('canary-moved@elsewhere.example')
    await target.sandboxControl(`/people/${user?.id}`, 'POST', { email: 'canary-moved@elsewhere.example' })
    target.pass(2 * minuteMs)
    await stale.get('/profile')
    await stale.get('/portal/api/me')
    const moved = target.browser()
    await mailed(moved, 'canary-moved@elsewhere.example').then(({ path }) => moved.post(path))
    keep(moved)
  }

  it('no line of the log holds a secret, an address or anything of a record', () => {
    const log = target.lines.join('')
    expect(target.lines.length).toBeGreaterThan(5)
    expect(secrets.size).toBeGreaterThan(20)
    const tokens = target.world.customers.map(({ vomoToken }) => vomoToken)
    const forbidden = [...secrets, ...addresses, ...tokens, houseSecret, ...Object.values(person)]
    expect(
      forbidden.filter((value) => log.includes(value) || log.includes(encodeURIComponent(value))),
    ).toEqual([])
    expect(log).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]|\/auth\/\w|[?&]\w+=|canary/i)
    expect(faultyLines(target.lines)).toEqual([])
  })

  it('no secret stands in the database, its journal, or any file beside it but the demo’s mailbox', async () => {
    const tokens = target.world.customers.map(({ vomoToken }) => vomoToken)
    const found: string[] = []
    for (const { where, value } of await database.dump())
      for (const secret of [...secrets, ...tokens, houseSecret])
        if (textOf(value).includes(secret)) found.push(`${where}: ${secret}`)
    const files = readdirSync(target.dataFolder)
    const ofDatabase = isOnPostgres ? [] : ['porchlight.db', 'porchlight.db-wal']
    expect(files).toEqual(expect.arrayContaining(ofDatabase))
    for (const file of files.filter((name) => name !== 'mailbox.jsonl')) {
      const bytes = readFileSync(join(target.dataFolder, file)).toString('latin1')
      for (const value of [...secrets, ...tokens, houseSecret])
        if (bytes.includes(value)) found.push(`${file}: ${value}`)
    }
    expect(found).toEqual([])
    // Proves that the search works: the mailbox does contain them.
    const mailbox = readFileSync(join(target.dataFolder, 'mailbox.jsonl'), 'utf8')
    expect([...secrets].filter((value) => mailbox.includes(value)).length).toBeGreaterThan(5)
  })

  it('advisory 30: not one value of the database opens anything, as link, token, code, session or browser', async () => {
    const victim = target.volunteers()[4] ?? ''
    const asked = target.browser()
    const mail = await mailTo(target, asked, victim)
    await signInAs(target, target.volunteers()[5] ?? '')
    await mailTo(target, target.browser(target.doors.hillside), target.volunteers('hillside')[0] ?? '')
    const values = await allValues()
    expect(values.size).toBeGreaterThan(300)
    const opened: string[] = []
    const isOpen = ({ status, headers }: { status: number; headers: Record<string, unknown> }) =>
      ![400, 401, 404, 410, 413, 422, 431].includes(status) ||
      String(headers['set-cookie']).includes('session')

    await inParallel(values, async (value) => {
      const path = encodeURIComponent(value).slice(0, 8000)
      const browser = target.browser()
      browser.setCookie('asked', asked.cookie('asked') ?? '')
      const intruder = target.browser()
      intruder.setCookie('session', encodeURIComponent(value).slice(0, 8000))
      const stranger = target.browser()
      stranger.setCookie('asked', encodeURIComponent(value).slice(0, 8000))
      const tries = {
        'link looked at': path === '' ? undefined : await browser.get(`/auth/${path}`),
        'link spent': path === '' ? undefined : await browser.post(`/auth/${path}`),
        token: await browser.postJson('/portal/api/sign-in/complete', { token: value.slice(0, 2000) }),
        code: await browser.postJson('/portal/api/sign-in/complete', { code: value.slice(0, 100) }),
        session: await intruder.get('/portal/api/me'),
        calendar: path === '' ? undefined : await target.send('GET', `/calendar/${path}.ics`),
        browser: await stranger.postJson('/portal/api/sign-in/complete', { code: mail.code }),
      }
      for (const [as, answer] of Object.entries(tries)) {
        if (answer && isOpen(answer)) opened.push(`${value.slice(0, 60)} as ${as}: ${answer.status}`)
      }
    })
    expect(opened).toEqual([])
    // None of it harmed the owner: the right code still works.
    expect((await asked.post('/sign-in/code', { code: mail.code })).status).toBe(303)
    expect(await asked.isSignedIn()).toBe(true)
  })

  /** Every value of every column of every row, and every decoding of its bytes. */
  async function allValues(): Promise<Set<string>> {
    const values = new Set<string>()
    for (const { value } of await database.dump()) {
      if (Buffer.isBuffer(value))
        for (const encoding of ['hex', 'base64', 'base64url'] as const) values.add(value.toString(encoding))
      else if (value !== null) values.add(textOf(value))
    }
    return values
  }
})

/** The secret of a calendar, from the only page that shows it. */
function feedIn(page: string): string {
  const [, feed] = /\/calendar\/(\w{32})\.ics/.exec(page) ?? []
  if (feed === undefined) throw new Error('no calendar was made')
  return feed
}

describe('what opens one door', () => {
  it('advisories 13, 18, 19 and 20: opens no other, nor the same for another person, and only once', async () => {
    const { hillside } = target.doors
    const [victim = '', other = ''] = target.volunteers().slice(8)
    const owner = target.browser()
    const mail = await mailTo(target, owner, victim)
    const foreign = await mailTo(target, target.browser(hillside), target.volunteers('hillside')[1] ?? '')
    const signedIn = await signInAs(target, other)
    const second = await mailTo(target, target.browser(), other)
    await signedIn.post('/calendar')
    const feed = feedIn((await signedIn.get('/calendar')).text)
    const database = await openRows(target.database)
    const link = await database.one<{
      id: string
      request_id: string
      person_id: string
      secret_hash: Buffer
      code_hash: Buffer
    }>(
      'select id, request_id, person_id, secret_hash, code_hash from link order by issued_at_ms desc limit 1',
    )
    const session = await database.one<{ id: string; secret_hash: Buffer }>(
      'select id, secret_hash from session order by started_at_ms desc limit 1',
    )
    await database.close()

    const keys: Record<string, string> = {
      link: mail.secret,
      code: mail.code,
      session: signedIn.cookie('session') ?? '',
      browser: owner.cookie('asked') ?? '',
      calendar: feed,
      'id of a session': session.id,
      'hash of a session': session.secret_hash.toString('hex'),
      'link of another customer': foreign.secret,
      'code of another customer': foreign.code,
      'code of another person': second.code,
      'id of a link': link.id,
      'id of a request': link.request_id,
      'id of a person': link.person_id,
      'hash of a link': link.secret_hash.toString('hex'),
      'hash of a link in base64': link.secret_hash.toString('base64url'),
      'hash of a code': link.code_hash.toString('hex'),
    }
    const at = (cookies: { session?: string; asked?: string }) => {
      const browser = target.browser()
      if (cookies.session) browser.setCookie('session', cookies.session)
      if (cookies.asked) browser.setCookie('asked', cookies.asked)
      return browser
    }
    const doors: Record<string, (key: string) => Promise<boolean>> = {
      link: async (key) => (await at({}).get(`/auth/${encodeURIComponent(key)}`)).status === 200,
      session: async (key) => at({ session: key }).isSignedIn(),
      calendar: async (key) =>
        (await target.send('GET', `/calendar/${encodeURIComponent(key)}.ics`)).status === 200,
      'the calendar at another customer': async (key) =>
        (await target.send('GET', `/calendar/${encodeURIComponent(key)}.ics`, { door: hillside })).status ===
        200,
      'the API’s code': async (key) => {
        const browser = at({ asked: owner.cookie('asked') ?? '' })
        return (await browser.postJson('/portal/api/sign-in/complete', { code: key })).status === 200
      },
      'the code from another browser': async (key) =>
        (await at({ asked: 'Z'.repeat(32) }).postJson('/portal/api/sign-in/complete', { code: key }))
          .status === 200,
      browser: async (key) => {
        const [stranger, known] = [await at({}).get(mail.path), await at({ asked: key }).get(mail.path)]
        return stranger.text !== known.text
      },
    }
    const passed: string[] = []
    // Wrong codes count, so the right one, which ends the request, comes last.
    const order = Object.entries(keys).toSorted(([a], [b]) => Number(a === 'code') - Number(b === 'code'))
    for (const [name, key] of order) {
      for (const [door, open] of Object.entries(doors)) if (await open(key)) passed.push(`${name} at ${door}`)
    }
    expect(passed.toSorted()).toEqual([
      'browser at browser',
      'calendar at calendar',
      'code at the API’s code',
      'link at link',
      'session at session',
    ])
    // The code has spent the request, so its link no longer works.
    expect((await target.browser().post(mail.path)).status).toBe(410)
  })

  it('advisory 20: who is named in the request does not matter to whom a link signs in', async () => {
    const [owner = '', other = ''] = target.volunteers().slice(10)
    const mail = await mailTo(target, target.browser(), owner)
    const browser = target.browser()
    const answer = await browser.go('POST', `${mail.path}?email=${other}&user=${other}&person_id=1`, {
      body: new URLSearchParams({ email: other, user_id: '1', person: other }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-user': other,
        'x-forwarded-user': other,
      },
    })
    expect(answer.status).toBe(303)
    const me = await browser.get(`/portal/api/me?email=${other}&id=1`)
    expect((JSON.parse(me.text) as { email: string }).email).toBe(owner)
  })

  it('advisory 23: a session that was ended is refused at its next use', async () => {
    const address = target.volunteers()[12] ?? ''
    const browser = await signInAs(target, address)
    const twin = target.browser()
    twin.setCookie('session', browser.cookie('session') ?? '')
    expect(await twin.isSignedIn()).toBe(true)
    await browser.post('/sign-out')
    for (const path of [
      '/portal/api/me',
      '/portal/api/limits',
      '/profile',
      '/user',
      '/organization/riverbend',
    ])
      expect([401, 303]).toContain((await twin.get(path)).status)
  })
})

describe('20,000 secrets', () => {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const issuing = openSecrets(['the-secret-of-twenty-thousand-links-0123456789'])
  const kinds = [
    {
      kind: 'links and sessions',
      make: () => issuing.issue('link', Date.now()).secret,
      alphabet: letters,
      length: 32,
      maxRepeats: 0,
    },
    { kind: 'browsers', make: () => randomToken(32), alphabet: letters, length: 32, maxRepeats: 0 },
    // Eight letters of thirty are 39 bits: the chance of one pair among so many is 1 in 3,000.
    { kind: 'codes', make: newCode, alphabet: '23456789ABCDEFGHJKMNPQRSTVWXYZ', length: 8, maxRepeats: 2 },
    { kind: 'ids', make: () => newId('ses').slice(4), alphabet: letters, length: 20, maxRepeats: 0 },
  ]

  it.each(kinds)(
    'of $kind have their length and letters, are all different, and no letter is likelier than another',
    (of) => {
      const { make, alphabet, length, maxRepeats } = of
      const doubtful = Array.from({ length: 3 }, () => {
        const made = Array.from({ length: 20_000 }, make)
        expect(
          made.filter(
            (token) => token.length !== length || [...token].some((letter) => !alphabet.includes(letter)),
          ),
        ).toEqual([])
        expect(made.length - new Set(made).size).toBeLessThanOrEqual(maxRepeats)
        return (
          deviation(made.join(''), alphabet) > 3.09 ||
          deviation(made.map((token) => token.at(-1)).join(''), alphabet) > 3.09
        )
      })
      // One honest sample in a thousand exceeds 3.09; all three would be one in a billion.
      expect(doubtful).toContain(false)
    },
  )

  it('and what a mail and a cookie hold is made of them', async () => {
    const browser = target.browser()
    const mail = await mailTo(target, browser, target.volunteers()[14] ?? '')
    await browser.post(mail.path)
    for (const value of [mail.secret, browser.cookie('session'), browser.cookie('asked')])
      expect(value).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(mail.code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
  })

  /** χ² of how often each letter occurs, as standard deviations of a normal distribution (Wilson and Hilferty). */
  function deviation(text: string, alphabet: string): number {
    const counts = new Map<string, number>([...alphabet].map((letter) => [letter, 0]))
    for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    const expected = text.length / alphabet.length
    const chiSquared = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    )
    const freedom = alphabet.length - 1
    return (Math.cbrt(chiSquared / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom))
  }
})
