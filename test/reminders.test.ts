import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { languageWith } from '../src/text/languages.ts'
import { reminderMs } from '../src/volunteer/shifts/remind.ts'
import { type Chromium, comeSignedIn, openChromium, untilWarm } from './browser.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, type TestBrowser } from './house.ts'

const said = en.reminders

let house: House
let chromium: Chromium
let database: Rows
let count = 0
const nextVolunteer = () => house.riverbend.volunteers[count++] ?? ''

beforeAll(async () => {
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  database = await openRows(house.database)
  await untilWarm(house)
})
afterAll(async () => {
  await database.close()
  await chromium.close()
})

async function isOn(address: string): Promise<boolean> {
  return (
    (await database.count('reminder join person on person.id = person_id where address = ?', address)) > 0
  )
}

async function switchedOffBy(): Promise<string[]> {
  const text = `select detail from audit_event where kind = 'reminders.switched_off'`
  return (await database.all<{ detail: string }>(text)).map(({ detail }) => detail)
}

/** The link of the newest reminder to an address. */
async function offPathFor(address: string): Promise<string> {
  const mail = (await house.emailsTo(address)).find(({ text }) => text.includes('/reminders/off/'))
  const url = mail?.links.find((link) => link.includes('/reminders/off/'))
  if (url === undefined) throw new Error('no reminder came')
  return new URL(url).pathname
}

/** A volunteer with shifts ahead, and when the first reminder is due: more than an hour from now. */
async function volunteerWithShift(): Promise<{ address: string; dueAtMs: number }> {
  const { records, volunteers } = house.riverbend
  const zones = new Map(records.projects.map(({ id, address }) => [id, address.timezone]))
  const dates = new Map(records.dates.map((date) => [date.id, date]))
  for (const address of volunteers) {
    if (await isOn(address)) continue
    const { id } = house.userByEmail(address)
    const dues = records.participations.flatMap((row) => {
      const date = dates.get(row.project_date_id ?? -1)
      const timeZone = zones.get(row.project_id)
      if (row.user_id !== id || !date || !timeZone || /DENIED|CANCEL/.test(row.status ?? '')) return []
      return date.starts_at_ms > house.nowMs()
        ? [reminderMs({ timeZone, startsAtMs: date.starts_at_ms })]
        : []
    })
    const dueAtMs = Math.min(...dues)
    if (dues.length > 0 && dueAtMs > house.nowMs() + 3_600_000) return { address, dueAtMs }
  }
  throw new Error('no sample volunteer has a shift ahead')
}

async function turnOn(browser: TestBrowser, back = '/shifts'): Promise<void> {
  const pressed = await browser.post('/reminders', { back })
  expect([pressed.status, pressed.headers['location']]).toEqual([303, `${back}?reminders=on`])
}

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  it('a volunteer asks for reminders and ends them, beside the calendar and on the account page', async () => {
    const address = nextVolunteer()
    const ann = await chromium.visitor({ javaScriptEnabled })
    await comeSignedIn(house, ann, address, { path: '/shifts' })
    for (const path of ['/shifts', '/account']) {
      await ann.open(path)
      expect(await ann.text()).toContain(said.what)
      await ann.press(said.start)
      expect(await ann.text()).toContain(said.turnedOn)
      expect(await ann.text()).toContain(said.isOn(address))
      expect([ann.path(), await isOn(address)]).toEqual([path, true])
      await ann.press(said.off)
      expect(await ann.text()).toContain(said.turnedOff)
      expect(await isOn(address)).toBe(false)
    }
  })
})

it('a reminder comes at nine the day before, and its link ends them: by a mail program at once, by a person with a button', async () => {
  const { address, dueAtMs } = await volunteerWithShift()
  await turnOn(await signIn(house, address))
  const before = (await house.emailsTo(address)).length
  house.pass(dueAtMs - house.nowMs() - 60_000)
  expect(await house.emailsTo(address)).toHaveLength(before)
  house.pass(2 * 60_000)
  const path = await offPathFor(address)
  expect(await house.emailsTo(address)).toHaveLength(before + 1)

  const page = await house.send('GET', path)
  expect([page.status, await isOn(address)]).toEqual([200, true])
  expect(page.text).toContain(said.offPage.heading)
  const spanish = await house.send('GET', path, { headers: { 'accept-language': 'es' } })
  expect(spanish.text).toContain(languageWith('es').words.reminders.offPage.heading)
  for (const [bent, host] of [
    [`${path.slice(0, -2)}00`, undefined],
    [path.slice(0, -40), undefined],
    [`/reminders/off/${'f'.repeat(400)}`, undefined],
    [path, house.hillside.host],
  ] as const) {
    for (const method of ['GET', 'POST'] as const)
      expect((await house.send(method, bent, host === undefined ? {} : { host })).status, bent).toBe(404)
  }
  expect(await isOn(address)).toBe(true)

  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = 'List-Unsubscribe=One-Click'
  for (let times = 0; times < 2; times++)
    expect((await house.send('POST', path, { headers, body })).status).toBe(200)
  expect(await isOn(address)).toBe(false)
  expect((await switchedOffBy()).filter((detail) => detail === '{"because":"by_link"}')).toHaveLength(1)

  await turnOn(await signIn(house, address), '/account')
  const ann = await chromium.visitor({ javaScriptEnabled: false })
  await ann.open(path)
  await ann.press(said.off)
  expect(await ann.text()).toContain(said.offPage.doneHeading)
  expect(await isOn(address)).toBe(false)
})

it('no page of another site can ask for reminders or end them, and a visitor who is signed out is asked to sign in', async () => {
  const address = nextVolunteer()
  const browser = await signIn(house, address)
  const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  expect((await browser.post('/reminders', {}, elsewhere)).status).toBe(403)
  expect(await isOn(address)).toBe(false)
  await turnOn(browser)
  expect((await browser.post('/reminders/off', {}, elsewhere)).status).toBe(403)
  expect(await isOn(address)).toBe(true)
  const signedOut = await house.browser().post('/reminders', { back: 'https://evil.example' })
  expect([signedOut.status, signedOut.headers['location']]).toEqual([303, '/sign-in?next=/shifts'])
})
