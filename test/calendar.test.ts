import ICAL from 'ical.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { languageWith } from '../src/text/languages.ts'
import { type Chromium, comeSignedIn, openChromium, plain, untilWarm } from './browser.ts'
import { insertionOrder, openRows, type Rows, textOf } from './database.ts'
import { type House, loseRecord, openHouse, signIn, type TestBrowser } from './house.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

let house: House
let chromium: Chromium
let database: Rows
let count = 0
const nextVolunteer = () => house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  database = await openRows(house.database)
  await untilWarm(house)
})
afterEach(async () => {
  await house.sandboxOptions({ down: false })
  house.pass(2 * minuteMs)
  await chromium.sendHome()
})
afterAll(async () => {
  await database.close()
  await chromium.close()
})

/** Presses the button. @returns the path of the link that the answer shows */
async function makeLink(browser: TestBrowser): Promise<string> {
  const pressed = await browser.post('/calendar')
  expect([pressed.status, pressed.headers['location']]).toEqual([303, '/calendar'])
  return shownLink(browser)
}

/** @returns the path of the link that was made a moment ago */
async function shownLink(browser: TestBrowser): Promise<string> {
  const answer = await browser.get('/calendar')
  expect(answer.status).toBe(200)
  const [, path = ''] = /value="http:\/\/[^/"]+(\/calendar\/\w{32}\.ics)"/.exec(answer.text) ?? []
  expect(path).not.toBe('')
  expect(answer.text).toContain(`webcal://${house.riverbend.host}${path}`)
  return path
}

/** As a calendar program fetches: without a cookie, with nothing but the link. */
const fetchFeed = (path: string, host = house.riverbend.host) => house.send('GET', path, { host })

type Entry = { startsAtMs: number; endsAtMs: number; status: string; uid: string }

function entriesIn(ics: string): Entry[] {
  const calendar = new ICAL.Component(ICAL.parse(ics) as string)
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const { startDate, endDate, uid } = new ICAL.Event(component)
    return {
      startsAtMs: startDate.toUnixTime() * 1000,
      endsAtMs: endDate.toUnixTime() * 1000,
      status: String(component.getFirstPropertyValue('status')),
      uid,
    }
  })
}

/** A volunteer's upcoming shifts, and those of the last thirty days, from the sandbox's own records. */
function shiftsOf(address: string): Omit<Entry, 'uid'>[] {
  const { records } = house.riverbend
  const { id } = house.userByEmail(address)
  const dates = new Map(records.dates.map((date) => [date.id, date]))
  const projects = new Set(records.projects.map((project) => project.id))
  return records.participations
    .filter((row) => row.user_id === id && projects.has(row.project_id))
    .flatMap((row) => {
      const date = dates.get(row.project_date_id ?? -1)
      if (!date || date.ends_at_ms <= house.nowMs() - 30 * dayMs) return []
      const isOff = /DENIED|CANCEL/.test(row.status ?? '')
      const status = isOff ? 'CANCELLED' : row.status === 'PENDING' ? 'TENTATIVE' : 'CONFIRMED'
      return [{ startsAtMs: date.starts_at_ms, endsAtMs: date.ends_at_ms, status }]
    })
    .toSorted((a, b) => a.startsAtMs - b.startsAtMs)
}

const withoutUid = (entries: Entry[]) =>
  entries.map(({ startsAtMs, endsAtMs, status }) => ({ startsAtMs, endsAtMs, status }))

describe('the page of a link just made', () => {
  it('row 28: a reload shows the same link and makes no other', async () => {
    const browser = await signIn(house, nextVolunteer())
    const link = await makeLink(browser)
    expect(await shownLink(browser)).toBe(link)
    expect((await fetchFeed(link)).status).toBe(200)
    const made = () => database.count("audit_event where kind = 'calendar.made'")
    const before = await made()
    await shownLink(browser)
    expect(await made()).toBe(before)
  })

  it('shows the newest link of the session that made it, for ten minutes, and none that is off', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const elsewhere = await signIn(house, address)
    await makeLink(browser)
    const newest = await makeLink(browser)
    expect(await shownLink(browser)).toBe(newest)

    const taken = browser.cookies.get('porchlight_calendar') ?? ''
    expect(Buffer.from(taken, 'hex').toString('latin1')).not.toContain(newest.slice(-36, -4))
    for (const thief of [elsewhere, await signIn(house, nextVolunteer())]) {
      thief.cookies.set('porchlight_calendar', taken)
      expect((await thief.get('/calendar')).headers['location']).toBe('/shifts')
    }
    for (const bent of ['', '00', `${taken.slice(0, -2)}00`, 'f'.repeat(2_000)]) {
      elsewhere.cookies.set('porchlight_calendar', bent)
      expect((await elsewhere.get('/calendar')).headers['location'], bent).toBe('/shifts')
    }
    expect((await house.browser().get('/calendar')).headers['location']).toBe('/sign-in?next=%2Fcalendar')

    await browser.post('/calendar/off')
    expect((await browser.get('/calendar')).headers['location']).toBe('/shifts')
    await makeLink(browser)
    house.pass(10 * minuteMs)
    expect((await browser.get('/calendar')).headers['location']).toBe('/shifts')
  })
})

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  it('a volunteer makes a calendar link, makes another, and switches it off', async () => {
    const said = en.calendar
    const ann = await chromium.visitor({ javaScriptEnabled })
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/shifts' })
    await ann.press(said.make)
    expect(ann.status()).toBe(200)
    expect(await ann.text()).toContain(said.made.slow)
    const shown = async () => new URL(await ann.page.getByLabel(said.made.copy).inputValue()).pathname
    const first = await shown()
    expect(await ann.page.getByRole('link', { name: said.made.subscribe }).getAttribute('href')).toBe(
      `webcal://${house.riverbend.host}${first}`,
    )
    expect((await fetchFeed(first)).status).toBe(200)

    await ann.page.reload()
    expect(await shown()).toBe(first)
    expect((await fetchFeed(first)).status).toBe(200)
    await ann.follow(said.made.back)
    expect(await ann.text()).toMatch(/Your calendar link has been on since .* A calendar last checked it on/)
    expect(await ann.page.content()).not.toContain(first)
    await ann.press(said.again)
    const second = await shown()
    expect(second).not.toBe(first)
    expect([(await fetchFeed(first)).status, (await fetchFeed(second)).status]).toEqual([404, 200])

    await ann.follow(said.made.back)
    await ann.press(said.off)
    expect(ann.path()).toBe('/shifts')
    expect(await ann.text()).toContain(said.what)
    expect((await fetchFeed(second)).status).toBe(404)
  })

  it('one shift alone is a file', async () => {
    const ann = await chromium.visitor({ javaScriptEnabled })
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/shifts' })
    const link = ann.page.getByRole('link', { name: en.calendar.add }).first()
    const [download] = await Promise.all([ann.page.waitForEvent('download'), link.click()])
    expect(download.suggestedFilename()).toBe('shift.ics')
  })
})

describe('a calendar', () => {
  it.each(['newYear', 'clockChange', 'many', 'denied', 'futureHours', 'giftInKind'] as const)(
    'of the volunteer of the trap "%s" has what VOMO’s own records have, to the second',
    async (trap) => {
      const address = house.traps[trap]
      const feed = await fetchFeed(await makeLink(await signIn(house, address)))
      expect(feed.status).toBe(200)
      expect(feed.headers['content-type']).toBe('text/calendar; charset=utf-8')
      expect(withoutUid(entriesIn(feed.text))).toEqual(shiftsOf(address))
    },
  )

  it('of ordinary volunteers, too; an entry keeps its name from one day to the next', async () => {
    for (const address of [nextVolunteer(), nextVolunteer(), nextVolunteer()]) {
      const path = await makeLink(await signIn(house, address))
      const before = entriesIn((await fetchFeed(path)).text)
      expect(withoutUid(before)).toEqual(shiftsOf(address))
      expect(before.length).toBeGreaterThan(0)
      house.pass(20 * minuteMs)
      const after = entriesIn((await fetchFeed(path)).text)
      expect(after.map(({ uid }) => uid)).toEqual(before.map(({ uid }) => uid))
    }
  })

  it('belongs to its owner alone, and holds no id of VOMO’s; VOMO is never asked who else comes', async () => {
    const address = nextVolunteer()
    const me = house.userByEmail(address)
    const browser = await signIn(house, address)
    const feed = (await fetchFeed(await makeLink(browser))).text
    const page = (await browser.get('/shifts')).text
    const [file = ''] = /\/shifts\/\w{32}\.ics/.exec(page) ?? []
    const one = (await browser.get(file)).text
    expect(entriesIn(one)).toHaveLength(1)

    const { records } = house.riverbend
    const ids = [...records.users, ...records.projects, ...records.dates].map(({ id }) => String(id))
    const others = records.users
      .filter((user) => user.id !== me.id && user.last_name !== me.last_name)
      .flatMap((user) => [`${user.first_name} ${user.last_name}`, user.email ?? 'nobody@'])
    for (const text of [feed, one, page]) {
      const whole = text.replaceAll('\r\n ', '')
      expect(ids.filter((id) => new RegExp(`(?<!\\d)${id}(?!\\d)`).test(whole))).toEqual([])
      expect(others.filter((name) => whole.includes(name))).toEqual([])
      expect(whole).not.toContain(me.email)
    }
    const calls = await house.callsToVomo()
    expect(calls.filter(({ path }) => path.includes('/projects/date/'))).toEqual([])
  })

  it('speaks the language of its owner', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    await browser.post('/language', { to: 'es', back: '/shifts' })
    const { calendar } = languageWith('es').words
    await browser.post('/calendar')
    const answer = await browser.get('/calendar')
    expect(answer.text).toContain(calendar.made.heading)
    const [, path = ''] = /value="http:\/\/[^/"]+(\/calendar\/[^"]+)"/.exec(answer.text) ?? []
    const feed = (await fetchFeed(path)).text.replaceAll('\r\n ', '')
    expect(feed).toContain(`NAME:${calendar.feed.name('Riverbend Food Bank')}`)
    expect(plain(feed)).toContain('Datos de VOMO:')
  })
})

describe('a calendar link', () => {
  it('needs no session, gives none, and no cache on the way keeps it', async () => {
    const path = await makeLink(await signIn(house, nextVolunteer()))
    const feed = await fetchFeed(path)
    expect(feed.headers['set-cookie']).toBeUndefined()
    expect(feed.headers['cache-control']).toBe('private, no-store')
    const head = await house.send('HEAD', path)
    expect([head.status, head.text]).toEqual([200, ''])
  })

  it('that does not exist is not found, in any form, at any customer’s host', async () => {
    const path = await makeLink(await signIn(house, nextVolunteer()))
    const answers = await Promise.all([
      fetchFeed(`/calendar/${'x'.repeat(32)}.ics`),
      fetchFeed('/calendar/x.ics'),
      fetchFeed(`/calendar/${'é'.repeat(10)}.ics`),
      fetchFeed(path.replace('.ics', '')),
      fetchFeed(path.toLowerCase()),
    ])
    const anonymous = answers.map(({ status, text }) => [status, text.replaceAll(/\/calendar\/[^"]*/g, '')])
    expect(anonymous[0]?.[0]).toBe(404)
    for (const answer of anonymous) expect(answer).toEqual(anonymous[0])
    expect((await fetchFeed(path, house.hillside.host)).status).toBe(404)
  })

  it('stands in the one answer that made it: in no log, no event and no column', async () => {
    const from = house.logged.length
    const browser = await signIn(house, nextVolunteer())
    const path = await makeLink(browser)
    const secret = path.slice('/calendar/'.length, -'.ics'.length)
    await fetchFeed(path)
    const kept = [
      ...house.logged.slice(from),
      ...(await database.dump()).map(({ value }) => textOf(value)),
      (await browser.get('/shifts')).text,
      (await browser.get('/portal/api/me/export')).text,
    ].join('\n')
    expect(kept).not.toContain(secret)
  })

  it('is noted where it is made, made anew and turned off, by whom and no more', async () => {
    const browser = await signIn(house, nextVolunteer())
    const events = () =>
      database.all<{ kind: string; person_id: string; detail: string }>(
        `select kind, person_id, detail from audit_event where kind like 'calendar.%' order by at_ms, ${insertionOrder}`,
      )
    const before = (await events()).length
    await makeLink(browser)
    await makeLink(browser)
    for (const _time of [1, 2]) expect((await browser.post('/calendar/off')).status).toBe(303)
    const noted = (await events()).slice(before)
    expect(noted.map(({ kind }) => kind)).toEqual(['calendar.made', 'calendar.made', 'calendar.switched_off'])
    expect(noted.every(({ person_id, detail }) => person_id.startsWith('per_') && detail === '{}')).toBe(true)
  })

  it('is made and turned off by its owner’s own press alone', async () => {
    const browser = await signIn(house, nextVolunteer())
    for (const path of ['/calendar', '/calendar/off']) {
      expect((await browser.post(path, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
      const answer = await house.browser().post(path)
      expect([answer.status, answer.headers['location']]).toEqual([303, '/sign-in?next=/shifts'])
    }
    // Opening the page makes no link.
    expect((await browser.get('/calendar')).headers['location']).toBe('/shifts')
  })

  it.each([
    ['another address', { email: 'moved-on@new.example' }],
    ['an erased account', { scrubbed: true }],
  ])('of a person who has %s in VOMO is over', async (_, change) => {
    const address = nextVolunteer()
    const path = await makeLink(await signIn(house, address))
    expect((await fetchFeed(path)).status).toBe(200)
    await house.changePerson(house.userByEmail(address).id, { customer: 'riverbend', ...change })
    house.pass(2 * minuteMs)
    for (const _time of [1, 2]) {
      const answer = await fetchFeed(path)
      expect([answer.status, answer.text]).toEqual([410, `${en.calendar.over}\n`])
    }
  })

  it('of a person whose VOMO record is gone ends once that is proven, and serves the held copy until then', async () => {
    const address = nextVolunteer()
    const path = await makeLink(await signIn(house, address))
    await fetchFeed(path)
    await loseRecord(house, address, async () => expect((await fetchFeed(path)).status).toBe(200))
    for (const _time of [1, 2]) {
      const answer = await fetchFeed(path)
      expect([answer.status, answer.text]).toEqual([410, `${en.calendar.over}\n`])
    }
  })

  it('of a person readmitted under a new address stays off, until they make another', async () => {
    const address = nextVolunteer()
    const { id } = house.userByEmail(address)
    const path = await makeLink(await signIn(house, address))
    const moved = `moved-${address}`
    await house.changePerson(id, { customer: 'riverbend', email: moved })
    house.pass(2 * minuteMs)
    expect((await fetchFeed(path)).status).toBe(410)
    const browser = await signIn(house, moved)
    expect((await fetchFeed(path)).status).toBe(410)
    expect((await browser.get('/shifts')).text).toContain(en.calendar.make)
    expect((await fetchFeed(await makeLink(browser))).status).toBe(200)
  })

  it('of a disabled account is over', async () => {
    const address = nextVolunteer()
    const path = await makeLink(await signIn(house, address))
    await database.run("update person set standing = 'disabled' where address = ?", address)
    expect((await fetchFeed(path)).status).toBe(410)
  })

  it('serves what is held while VOMO is down, and says to come back where that is too old', async () => {
    const path = await makeLink(await signIn(house, nextVolunteer()))
    const before = entriesIn((await fetchFeed(path)).text)
    await house.sandboxOptions({ down: true })
    house.pass(10 * minuteMs)
    expect(entriesIn((await fetchFeed(path)).text)).toEqual(before)
    house.pass(25 * 60 * minuteMs)
    const late = await fetchFeed(path)
    expect(late.status).toBe(503)
    expect(late.text).not.toContain('VCALENDAR')
  })

  it('has a fetch limit that all its holders share', async () => {
    const strict = await openHouse({
      limits: {
        calendarFetchesPerFeed: { count: 2, perMs: 10 * minuteMs },
        missesPerNetwork: { count: 2, perMs: 10 * minuteMs },
      },
    })
    try {
      const [address = ''] = strict.riverbend.volunteers
      const browser = await signIn(strict, address)
      await browser.post('/calendar')
      const answer = await browser.get('/calendar')
      const [, path = ''] = /value="http:\/\/[^/"]+(\/calendar\/[^"]+)"/.exec(answer.text) ?? []
      const statuses: number[] = []
      for (let i = 0; i < 3; i += 1) statuses.push((await strict.send('GET', path)).status)
      expect(statuses.at(-1)).toBe(429)
      const unknown = `/calendar/${'x'.repeat(32)}.ics`
      expect((await strict.send('GET', unknown)).status).toBe(404)
      expect((await strict.send('GET', unknown)).status).toBe(404)
      const late = await strict.send('GET', unknown)
      expect(late.status).toBe(429)
      expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
    } finally {
      await strict.close()
    }
  })
})

describe('the file of one shift', () => {
  it('is its owner’s alone', async () => {
    const [ann, ben] = [await signIn(house, nextVolunteer()), await signIn(house, nextVolunteer())]
    const [file = ''] = /\/shifts\/\w{32}\.ics/.exec((await ann.get('/shifts')).text) ?? []
    const own = await ann.get(file)
    expect(own.status).toBe(200)
    expect(own.headers['content-disposition']).toBe('attachment; filename="shift.ics"')
    expect((await ben.get(file)).status).toBe(404)
    const stranger = await house.send('GET', file)
    expect([stranger.status, stranger.headers['location']]).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent(file)}`,
    ])
    for (const other of ['/shifts/x.ics', '/shifts/41207118.ics', `${file}.ics`, file.replace('.ics', '')])
      expect((await ann.get(other)).status, other).toBe(404)
  })

  it('has the entry that the calendar has', async () => {
    const browser = await signIn(house, nextVolunteer())
    const files = (await browser.get('/shifts')).text.match(/\/shifts\/\w{32}\.ics/g) ?? []
    expect(files.length).toBeGreaterThan(0)
    const feed = entriesIn((await fetchFeed(await makeLink(browser))).text)
    for (const file of files) {
      const [entry] = entriesIn((await browser.get(file)).text)
      expect(feed).toContainEqual(entry)
    }
  })
})

it('the hub offers the file of the next shift, which is the first one of the page of shifts', async () => {
  const address = nextVolunteer()
  const browser = await signIn(house, address)
  const hub = await browser.get('/organization/riverbend')
  expect(hub.text).toContain('href="/shifts/next.ics"')
  const next = await browser.get('/shifts/next.ics')
  expect(next.status).toBe(200)
  const page = await browser.get('/shifts')
  const [, first = ''] = /href="(\/shifts\/\w{32}\.ics)"/.exec(page.text) ?? []
  expect(entriesIn(next.text)).toEqual(entriesIn((await browser.get(first)).text))
  expect(entriesIn(next.text)).toHaveLength(1)
})
