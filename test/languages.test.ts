import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { maskAddress } from '../src/address.ts'
import { Refusal } from '../src/errors.ts'
import { addCustomerCommands } from '../src/operator/customer.ts'
import { addWordsCommand } from '../src/operator/customer-words.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import { formatHours } from '../src/text/dates.ts'
import { en } from '../src/text/en.ts'
import { languageWith } from '../src/text/languages.ts'
import { parseCsv } from '../src/volunteer/hours/csv.fixture.ts'
import { type Chromium, linkIn, openChromium, plain, signInByLink } from './browser.ts'
import { askForMail, type House, openHouse, pathOf, signIn } from './house.ts'

const { words: es } = languageWith('es')
const organization = 'Riverbend Food Bank'
const spanish = { 'accept-language': 'es-MX,es;q=0.9,en;q=0.8' }

let house: House
let chromium: Chromium
/** The commands run beside the portal, on the same database. */
let store: Store
let count = 0

beforeAll(async () => {
  house = await openHouse()
  await house.sandboxOptions({ rate_limit_per_minute: 0 })
  chromium = await openChromium(house)
  store = await openStore({ database: house.database })
})
afterAll(async () => {
  await store.close()
  await chromium.close()
})
beforeEach(() => house.pass(5_000))
afterEach(() => chromium.sendHome())

function nextVolunteer(): string {
  return house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('a volunteer whose browser asks for Spanish, %s', (_, javaScriptEnabled) => {
  it('reads it from the first mail to the dead link, changes to English and keeps that', async () => {
    const address = nextVolunteer()
    const ann = await chromium.visitor({ locale: 'es-MX', javaScriptEnabled })
    const language = () => ann.page.locator('html').getAttribute('lang')

    const mail = await signInByLink(house, ann, address, es)
    expect(mail.subject).toBe(es.mail.signIn.subject(organization))
    expect(mail.text.replaceAll('\n', ' ')).toContain(es.mail.signIn.keep)
    expect(mail.html).toContain('lang="es-US"')

    expect(await language()).toBe('es-US')
    const { first_name } = house.userByEmail(address)
    expect(await ann.text()).toContain(es.hub.greeting(first_name))
    await ann.follow(es.nav.hours)
    const { recorded = 0 } = (await ann.ask('/me/hours')).json as { recorded?: number }
    expect(await ann.text()).toContain(
      recorded === 0 ? es.resume.totalNone : es.resume.total(recorded, formatHours('es-US', recorded)),
    )
    await ann.follow(es.nav.shifts)
    expect(await ann.text()).toMatch(/Tienes [\d,]+ turnos? por venir|No tienes próximos turnos/)
    await ann.follow(es.nav.profile)
    expect(await ann.text()).toContain(plain(es.profileFields.email.note))
    await ann.follow(es.nav.help)
    expect(await ann.text()).toContain(plain(es.help.heading))

    const late = await chromium.visitor({ locale: 'es-US', javaScriptEnabled })
    await late.open(linkIn(mail))
    expect(await late.text()).toContain(es.signIn.dead.reasons.used.heading)
    await late.press('English')
    // The page with the link in its address, in the other language.
    expect(late.page.url()).toBe(linkIn(mail))
    expect(await late.text()).toContain(en.signIn.dead.reasons.used.heading)

    await ann.open('/user?year=2025')
    await ann.press('English')
    expect(new URL(ann.page.url()).search).toBe('?year=2025')
    expect(await language()).toBe('en-US')
    expect(await ann.page.locator('button[lang=es]').innerText()).toBe('Español')
    await ann.press(en.nav.signOut)
    expect(await ann.text()).toContain(en.signIn.ask.notices.signed_out)

    const again = await signInByLink(house, ann, address)
    expect(again.subject).toBe(en.mail.signIn.subject(organization))
  })
})

describe('hours for a spreadsheet', () => {
  it('row 30: in Spanish there is a file that Excel in Spain reads, and confirmed hours have a column of their own', async () => {
    const browser = await signIn(house, house.traps.many)
    const page = (await browser.get('/user?status=counted', spanish)).text.replaceAll('&amp;', '&')
    const [, href = ''] = /href="(\/user\/hours\.csv\?[^"]*for=excel[^"]*)"/.exec(page) ?? []
    expect(href).toContain('status=counted')
    expect((await browser.get('/account', spanish)).text).toContain('/user/hours.csv?for=excel')

    const inCommas = parseCsv((await browser.get('/user/hours.csv?status=counted', spanish)).text)
    const excel = parseCsv((await browser.get(href, spanish)).text, ';')
    expect(excel).toHaveLength(inCommas.length)
    const [heads = []] = excel
    const [hours, confirmed] = [heads.indexOf(es.hours.columns.hours), heads.indexOf('Confirmadas')]
    const tenths = inCommas.filter((line) => line[hours]?.includes('.'))
    expect(tenths.length).toBeGreaterThan(0)
    expect(excel.map((line) => line[hours])).toEqual(inCommas.map((line) => line[hours]?.replace('.', ',')))
    expect(new Set(excel.slice(1).map((line) => line[confirmed]))).toEqual(new Set(['Sí', 'No']))

    const english = await browser.get('/user?status=counted', { 'accept-language': 'en' })
    expect(english.text).toContain('/user/hours.csv')
    expect(english.text).not.toContain('for=excel')
  })
})

describe('a language the visitor chose', () => {
  const choose = (to: string, back = '/help') =>
    house.browser().post('/language', { to, back }, { 'accept-language': 'en' })

  it('is kept for a year, where no script can read it', async () => {
    const answer = await choose('es', '/help?from=foot')
    expect([answer.status, answer.headers['location']]).toEqual([303, '/help?from=foot'])
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(/^porchlight_language=es; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax/)
  })

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '', 'javascript:alert(1)'])(
    'never leads to “%s”',
    async (back) => {
      const answer = await choose('es', back)
      expect([answer.status, answer.headers['location']]).toEqual([303, '/'])
    },
  )

  it('must be a language there is', async () => {
    const answer = await choose('tlh')
    expect(answer.status).toBe(422)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('cannot be changed for another visitor', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const answer = await house.browser().post('/language', { to: 'es', back: '/' }, headers)
    expect(answer.status).toBe(403)
  })

  it('holds after the session has ended, and on pages of trouble', async () => {
    const browser = await signIn(house, nextVolunteer())
    await browser.post('/language', { to: 'es', back: '/' })
    await browser.post('/sign-out')
    expect((await browser.get('/sign-in')).text).toContain(es.signIn.ask.heading)
    expect((await browser.get('/nothing/here')).text).toContain(es.trouble.not_found.heading)
  })
})

describe('the portal API', () => {
  it('gives reasons and limits in the language asked for, and problems with the same codes in English', async () => {
    const browser = await signIn(house, house.traps.many)
    const said = (await browser.get('/portal/api/me/participations', spanish)).json()
    const reasons = (said['data'] as { reason: string }[]).map(({ reason }) => reason)
    expect(reasons.length).toBeGreaterThan(0)
    const known = Object.values(es.rowStates)
    expect(reasons.filter((reason) => !known.includes(reason))).toEqual([])

    const limits = (await browser.get('/portal/api/limits', spanish)).json()
    expect((limits['data'] as { what: string }[])[0]?.what).toBe(es.limits[0]?.what)

    const problem = (await house.browser().get('/portal/api/me', spanish)).json()
    expect([problem['code'], problem['title']]).toEqual(['session_required', en.problems.session_required])
  })
})

describe('a mail', () => {
  it('speaks the language of the visitor who asked for it, though others asked for the same address', async () => {
    const address = nextVolunteer()
    const subjects = async (headers: Record<string, string>) => {
      const browser = house.browser()
      await browser.post('/sign-in', { email: address }, headers)
      return (await house.emailsTo(address))[0]?.subject
    }
    expect(await subjects(spanish)).toBe(es.mail.signIn.subject(organization))
    expect(await subjects({ 'accept-language': 'en' })).toBe(en.mail.signIn.subject(organization))
  })

  it('to an address that is not on record does so, too', async () => {
    const address = 'nadie@elsewhere.example'
    await house.browser().post('/sign-in', { email: address }, spanish)
    const [mail] = await house.emailsTo(address)
    expect(mail?.subject).toBe(es.mail.notOnRecord.subject(organization))
  })

  it('that is sent again from a dead link speaks the language of the page', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    const mail = await askForMail(house, browser, address)
    house.pass(20 * 60_000)
    await browser.post(`${pathOf(mail.links[0])}/again`, {}, spanish)
    expect((await house.emailsTo(address))[0]?.subject).toBe(es.mail.signIn.subject(organization))
  })

  it('that was not asked for speaks the language its reader was last here with', async () => {
    const address = nextVolunteer()
    const moved = `mudanza-${address}`
    const user = house.userByEmail(address)
    const before = await signIn(house, address)
    await before.post('/language', { to: 'es', back: '/' })
    await house.changePerson(user.id, { email: moved })
    house.pass(2 * 60_000)
    try {
      await signIn(house, moved)
      const [told] = await house.emailsTo(address)
      expect(told?.subject).toBe(es.mail.addressChanged.subject(organization))
      expect(told?.text).toContain(maskAddress(moved))
    } finally {
      await house.changePerson(user.id, { email: address })
    }
  })
})

describe('what a customer calls things in VOMO', () => {
  it('is what English pages call them', async () => {
    const warm = await openHouse({ warms: true })
    try {
      await warm.sandboxOptions({ rate_limit_per_minute: 0 })
      const { groups, users } = warm.hillside.records
      const members = new Set(groups.flatMap(({ member_ids }) => member_ids))
      const inGroup = users.filter(({ id }) => members.has(id)).map(({ email }) => email)
      const address = warm.hillside.volunteers.find((each) => inGroup.includes(each)) ?? ''
      const browser = await signIn(warm, address, warm.hillside)
      await vi.waitFor(async () => expect((await browser.get('/profile')).text).toContain('<h2>Teams</h2>'), {
        timeout: 20_000,
        interval: 200,
      })
      expect((await browser.get('/profile', spanish)).text).toContain('<h2>Grupos</h2>')
    } finally {
      await warm.close()
    }
  })
})

describe('porchlight customer words', () => {
  async function porchlight(...typed: string[]): Promise<string> {
    const said: string[] = []
    const quiet = () => {}
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
    const opened = { store, secrets: openSecrets(['0'.repeat(64)]), clock: house.nowMs, log }
    const tools = {
      withStore: (work: (given: typeof opened) => Promise<void>) => work(opened),
      say: (text: string) => void said.push(text),
    }
    const program = new Command('porchlight')
    addWordsCommand(addCustomerCommands(program, tools), tools)
    await program.parseAsync(['customer', 'words', 'riverbend', ...typed], { from: 'user' })
    return said.join('\n')
  }

  async function mistakes(...typed: string[]): Promise<Record<string, string>> {
    try {
      await porchlight(...typed)
    } catch (error) {
      if (error instanceof Refusal) return error.fields
      throw error
    }
    throw new Error('nothing was refused')
  }

  const setDates = ['--set', 'opportunity.one=serving date', '--set', 'opportunity.other=serving dates']

  it('has pages call things as the customer does, until that is taken back', async () => {
    const browser = await signIn(house, nextVolunteer())
    const hub = `/organization/${house.riverbend.slug}`
    const shows = async (text: string) => {
      // A portal caches a customer's settings for a moment.
      house.pass(60_000)
      expect(plain((await browser.get(hub)).text)).toContain(text)
    }
    expect(await porchlight()).toMatch(/en {2}opportunity +opportunity, opportunities/)
    expect(await porchlight(...setDates)).toMatch(/en {2}opportunity +serving date, serving dates +its own/)
    await vi.waitFor(() => shows('Show all serving dates'), { timeout: 10_000, interval: 200 })
    expect((await browser.get(hub, spanish)).text).toContain('Ver toda la lista')
    await porchlight(
      '--language',
      'es',
      '--set',
      'opportunity.one=jornada',
      '--set',
      'opportunity.other=jornadas',
    )
    expect(JSON.parse(await porchlight('--json'))).toEqual({
      en: { opportunity: { one: 'serving date', other: 'serving dates' } },
      es: { opportunity: { one: 'jornada', other: 'jornadas' } },
    })
    await porchlight('--forget', 'opportunity')
    await vi.waitFor(() => shows('Show all opportunities'), { timeout: 10_000, interval: 200 })
  })

  it('refuses what makes no sense, and changes nothing then', async () => {
    const before = await porchlight('--json')
    expect(await mistakes('--language', 'tlh', ...setDates)).toHaveProperty('language')
    expect(await mistakes('--set', 'shift.one=turn')).toHaveProperty('set')
    expect(await mistakes('--set', 'group=team')).toHaveProperty('set')
    expect(await mistakes('--set', 'group.one=team')).toEqual({
      set: 'must give both group.one and group.other',
    })
    expect(await mistakes('--set', 'group.one= ', '--set', 'group.other=teams')).toHaveProperty('set')
    expect(await mistakes('--forget', 'hour')).toHaveProperty('forget')
    expect(await porchlight('--json')).toBe(before)
  })
})
