import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { formatMonthOf, formatRecent } from '../src/text/dates.ts'
import { languageWith } from '../src/text/languages.ts'
import {
  type Chromium,
  comeSignedIn,
  crowdOf,
  newestMail,
  openChromium,
  plain,
  untilWarm,
  type Visitor,
} from './browser.ts'
import { openRows } from './database.ts'
import { type House, loseRecord, openHouse } from './house.ts'

/** States of a volunteer that are not errors: each has its page, its next step and its code. */

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const hub = '/organization/riverbend'
const organization = 'Riverbend Food Bank'
const timeZone = 'America/Chicago'
const coordinator = 'volunteers@riverbend.example'

let house: House
let chromium: Chromium
let people: ReturnType<typeof peopleByActivity>

beforeAll(async () => {
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  await untilWarm(house)
  people = peopleByActivity()
})
afterEach(async () => {
  await chromium.sendHome()
})
afterAll(async () => {
  await chromium.close()
})

describe.each([
  ['in English', 'en', true],
  ['in English, without JavaScript', 'en', false],
  ['in Spanish', 'es', true],
  ['in Spanish, without JavaScript', 'es', false],
] as const)('%s, a volunteer', (_, language, javaScriptEnabled) => {
  const { words, locale } = languageWith(language)
  const visitor = () => chromium.visitor({ locale, javaScriptEnabled })
  const activityOf = async (ann: Visitor) => (await ann.ask('/me/hours')).json['activity']

  it('who never signed up is welcomed, and shown where people are needed', async () => {
    const ann = await visitor()
    await comeSignedIn(house, ann, next(people.never))
    expect(await ann.page.locator('html').getAttribute('lang')).toMatch(language)
    const said = await ann.text()
    expect(said).toContain(words.hub.nothingYet)
    expect(said).toContain(words.hub.noHoursYet)
    expect(await opportunitiesOn(ann)).toBe(3)
    expect(await activityOf(ann)).toBe('never')
    await ann.open('/user')
    expect(await ann.text()).toContain(words.resume.empty)
    await ann.follow(words.shiftsPage.seeOpportunities)
    expect(ann.status()).toBe(200)
    await ann.open('/shifts')
    expect(await ann.text()).toContain(words.shiftsPage.empty)
  })

  it('who only signed up sees what lies ahead, and when the hours begin', async () => {
    const ann = await visitor()
    await comeSignedIn(house, ann, next(people.signedUp))
    const said = await ann.text()
    expect(said).toContain(words.hours.none.signedUp)
    expect(said).not.toContain(words.hub.nothingYet)
    expect(await activityOf(ann)).toBe('signed_up')
    await ann.open('/user')
    expect(await ann.text()).toContain(words.hours.none.signedUp)
    expect(await ann.text()).toContain(words.rowStates.not_ended)
  })

  it('who has not served for long reads when it was, how to come back, and three opportunities', async () => {
    const ann = await visitor()
    const address = next(people.lapsed)
    await comeSignedIn(house, ann, address)
    const { json } = await ann.ask('/me/participations?status=counted')
    const [last] = json['data'] as { starts_at: string }[]
    const month = formatMonthOf(locale, { ms: Date.parse(last?.starts_at ?? ''), timeZone })
    const said = await ann.text()
    expect(said).toContain(plain(words.hub.longAgo(month)))
    expect(said).toContain(words.hub.longAgoWhat)
    expect(said).toContain(coordinator)
    expect(await opportunitiesOn(ann)).toBe(3)
    expect(await activityOf(ann)).toBe('lapsed')

    await house.changePerson(house.userByEmail(address).id, { customer: 'riverbend', deactivate: true })
    house.pass(61_000)
    await ann.open(hub)
    const saidThen = await ann.text()
    expect(saidThen).toContain(plain(words.hub.inactive))
    expect(saidThen).toContain(coordinator)
    expect(await opportunitiesOn(ann)).toBe(3)
  })

  it('who looks at what there is nothing of is told so, keeps the totals, and comes back by one link', async () => {
    const ann = await visitor()
    await comeSignedIn(house, ann, house.riverbend.volunteers[0] ?? '', {
      path: '/user?year=1999&initiative=Nobody+knows+it',
    })
    const said = await ann.text()
    expect(said).toContain(words.resume.emptyFilter)
    expect(said).toContain(plain(words.resume.filter.onlyBoth('1999', words.hours.filter.unknownInitiative)))
    expect(said).not.toContain('Nobody knows it')
    const total = await ann.page.locator('.figure').innerText()
    expect((await ann.ask('/me/participations?from=1999-01-01&to=1999-12-31')).json).toMatchObject({
      data: [],
      total: 0,
    })
    await ann.follow(words.resume.filter.showAll)
    expect(await ann.page.locator('.figure').innerText()).toBe(total)
    expect(await ann.page.locator('.rows-table tbody tr').count()).toBeGreaterThan(0)
  })

  it('who chooses one year and status sees those, the same in words, and the sum of what is listed', async () => {
    const ann = await visitor()
    await comeSignedIn(house, ann, house.traps.many, { path: '/user' })
    const year = String(new Date(house.nowMs() - 200 * dayMs).getUTCFullYear())
    await ann.page.getByText(words.hours.filter.open).click()
    await ann.page.getByLabel(words.hours.filter.year, { exact: true }).selectOption(year)
    await ann.page.getByLabel(words.hours.filter.state, { exact: true }).selectOption('counted')
    await ann.press(words.hours.filter.show)
    const { json } = await ann.ask(`/me/participations?from=${year}-01-01&to=${year}-12-31&status=counted`)
    const { json: hours } = await ann.ask('/me/hours')
    const ofYear = (hours['by_year'] as { year: number; recorded: number }[]).find(
      (each) => String(each.year) === year,
    )
    const said = await ann.text()
    expect(said).toContain(plain(words.resume.filter.onlyBoth(year, words.rowStates.counted)))
    expect(said).toContain(plain(words.hours.listed(Number(json['total']), ofYear?.recorded ?? 0)))
  })

  it('without a record reads that, and tries another address', async () => {
    const address = `helper.${language}.${javaScriptEnabled}@staff.example`
    await inDatabase(
      `insert into staff (customer_id, address, role, created_at_ms)
       select id, ?, 'viewer', 0 from customer where slug = 'riverbend'`,
      address,
    )
    const ann = await visitor()
    await comeSignedIn(house, ann, address, { path: '/user' })
    expect(ann.status()).toBe(403)
    const said = await ann.text()
    expect(said).toContain(words.trouble.account_no_record.heading)
    expect(said).toContain(coordinator)
    expect(await codeFor(ann)).toEqual([403, 'account_no_record'])
    await ann.press(words.trouble.account_no_record.next)
    expect(await ann.cookie('porchlight_session')).toBeUndefined()
  })

  it('whose record is gone reads so, and whom to ask', async () => {
    const address = next(people.busy)
    const ann = await visitor()
    await comeSignedIn(house, ann, address)
    await loseRecord(house, address, () => ann.open('/user'))
    await ann.open('/user')
    expect(ann.status()).toBe(403)
    const said = await ann.text()
    expect(said).toContain(words.trouble.account_orphaned.heading)
    expect(said).toContain(coordinator)
    expect(await codeFor(ann)).toEqual([403, 'account_orphaned'])
    await ann.press(words.trouble.account_orphaned.next)
    expect(ann.path()).toBe('/sign-in')
  })

  it('whose address changed in VOMO is signed out, reads why, and signs in with the new one', async () => {
    const address = next(people.busy)
    const { id } = house.userByEmail(address)
    const moved = `moved.${language}.${javaScriptEnabled}@example.org`
    const ann = await visitor()
    await comeSignedIn(house, ann, address)
    await house.changePerson(id, { customer: 'riverbend', email: moved })
    house.pass(2 * minuteMs)
    await ann.open('/user')
    expect(ann.status()).toBe(401)
    expect(await ann.text()).toContain(words.trouble.account_stale.heading)
    expect(await codeFor(ann)).toEqual([401, 'account_stale'])
    await ann.follow(words.trouble.account_stale.next)
    expect(ann.path()).toBe('/sign-in')
    await comeSignedIn(house, ann, moved)
    expect(ann.path()).toBe(hub)
    expect(ann.status()).toBe(200)
  })

  it('whose sign-in is turned off reads so, and whom to ask', async () => {
    const address = next(people.busy)
    const ann = await visitor()
    await comeSignedIn(house, ann, address)
    await inDatabase(`update person set standing = 'disabled' where address = ?`, address)
    house.pass(2 * minuteMs)
    await ann.open('/user')
    expect(ann.status()).toBe(403)
    const said = await ann.text()
    expect(said).toContain(words.trouble.account_disabled.heading)
    expect(said).toContain(coordinator)
    expect(await codeFor(ann)).toEqual([403, 'account_disabled'])
  })

  it('who shares an address with another record is told by mail, in private, what helps', async () => {
    house.pass(2 * dayMs)
    const ann = await visitor()
    const address = house.traps.twoExact
    const before = (await house.emailsTo(address)).length
    await ann.open('/sign-in')
    await ann.fill(words.signIn.ask.label, address)
    await ann.press(words.signIn.ask.button)
    // The page says the same to every visitor: only the owner of the mailbox learns it.
    expect(await ann.text()).toContain(words.signIn.checkMail.onItsWay(address))
    const mail = await newestMail(house, address, before)
    expect(mail.text.replaceAll(/\s+/g, ' ')).toContain(
      words.mail.notOnRecord.reasons.two_records(organization),
    )
    const link = mail.text.match(/http:\S+two-records/)?.[0] ?? ''
    await ann.open(link)
    const said = await ann.text()
    expect(said).toContain(words.trouble.two_records.heading)
    expect(said).toContain(coordinator)
    await ann.follow(words.trouble.two_records.next)
    expect(ann.path()).toBe('/sign-in')
  })

  it('sees what is held, and how old it is, while VOMO is slow to answer', async () => {
    const ann = await visitor()
    await comeSignedIn(house, ann, house.riverbend.volunteers[1] ?? '', { path: '/user' })
    const total = await ann.page.locator('.figure').innerText()
    house.pass(10 * minuteMs)
    await house.sandboxOptions({ down: true })
    try {
      const { status, json } = await ann.ask('/me/hours')
      expect(status).toBe(200)
      const asOfMs = Date.parse(String(json['as_of']))
      expect(house.nowMs() - asOfMs).toBeGreaterThan(9 * minuteMs)
      for (const path of ['/user', hub, '/shifts']) {
        await ann.open(path)
        expect(ann.status()).toBe(200)
        const moment = formatRecent(locale, { ms: asOfMs, timeZone }, house.nowMs())
        expect(await ann.text(), path).toContain(plain(words.fresh.behind(moment)))
      }
      await ann.open('/user')
      expect(await ann.page.locator('.figure').innerText()).toBe(total)
    } finally {
      await house.sandboxOptions({ down: false })
      house.pass(2 * minuteMs)
    }
  })

  it('of whom nothing is held while VOMO is down reads one friendly page, and tries again', async () => {
    const ann = await visitor()
    const address = next(people.busy)
    await comeSignedIn(house, ann, address)
    house.pass(25 * 60 * minuteMs)
    ann.expectsErrors()
    await house.sandboxOptions({ down: true })
    try {
      await ann.open('/user')
      expect(ann.status()).toBe(503)
      expect(await ann.text()).toContain(words.trouble.vomo_unavailable.what(organization))
      expect(await codeFor(ann)).toEqual([503, 'vomo_unavailable'])
    } finally {
      await house.sandboxOptions({ down: false })
      house.pass(2 * minuteMs)
    }
    await ann.follow(words.trouble.vomo_unavailable.next)
    expect(ann.path()).toBe(hub)
  })
})

async function codeFor(ann: Visitor): Promise<[number, unknown]> {
  const { status, json } = await ann.ask('/me/hours')
  return [status, json['code']]
}

function opportunitiesOn({ page }: Visitor): Promise<number> {
  return page.locator('.opportunities .rows > li').count()
}

/** Each test uses a different person. */
function next(those: string[]): string {
  const address = those.pop()
  if (address === undefined) throw new Error('the sample has too few such people')
  return address
}

/** From the sandbox's own records, computed independently of the portal. */
function peopleByActivity() {
  const { users, participations, dates } = house.riverbend.records
  const crowd = crowdOf(house)
  const endsAt = new Map(dates.map((date) => [date.id, date.ends_at_ms]))
  const nowMs = house.nowMs()
  const rowsOf = new Map<string, typeof participations>()
  const emails = new Map(users.map(({ id, email }) => [id, email ?? '']))
  for (const row of participations) {
    const email = emails.get(row.user_id) ?? ''
    rowsOf.set(email, [...(rowsOf.get(email) ?? []), row])
  }
  const ends = (address: string) =>
    (rowsOf.get(address) ?? []).map((row) => endsAt.get(row.project_date_id ?? -1) ?? Number.NaN)
  const signedUp = crowd.busy.filter((address) => ends(address).every((ms) => ms > nowMs + 30 * dayMs))
  const lapsed = crowd.busy.filter(
    (address) =>
      ends(address).every((ms) => ms < nowMs - 240 * dayMs) &&
      (rowsOf.get(address) ?? []).some(({ hours, verified }) => Number(hours) > 0 && verified),
  )
  const special = new Set([...signedUp, ...lapsed])
  return { never: crowd.new, signedUp, lapsed, busy: crowd.busy.filter((each) => !special.has(each)) }
}

async function inDatabase(statement: string, ...values: string[]): Promise<void> {
  const database = await openRows(house.database)
  await database.run(statement, ...values)
  await database.close()
}
