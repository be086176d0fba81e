import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import {
  askForMail,
  type Chromium,
  type Crowd,
  comeSignedIn,
  comeThanked,
  crowdOf,
  linkIn,
  notMeLinkIn,
  openChromium,
  remindersOffPathOf,
  signInByLink,
  untilWarm,
  type Visitor,
} from './browser.ts'
import { openRows } from './database.ts'
import { type House, loseRecord, openHouse, signIn } from './house.ts'
import {
  daysAndNights,
  focusedOf,
  inPage,
  isReadAfter,
  type Look,
  lookAt,
  pictures,
  tabTo,
  walk,
} from './looks.ts'
import { pdfPages } from './pdf-text.ts'

const desktop = { width: 1280, height: 1024 }
/** The size of the desktop at 400 %. */
const enlarged = { width: 320, height: 256 }
const smallPhone = { width: 320, height: 640 }
const phone = { width: 360, height: 800 }
const largePhone = { width: 390, height: 844 }
/** Where one column has just become two. */
const tablet = { width: 720, height: 960 }
/** Pixels between the margins of the page. */
const papers = { Letter: 695, A4: 673 } as const
/** Text has soft edges: at the size of a footnote its darkest pixels are a little paler than its color. */
const readable = 4
const skipLink = `a.skip "${en.skip}"`
const someoneElse = 'somebody.new@example.org'

let house: House
let chromium: Chromium
let crowd: Crowd
let count = 0
const nextVolunteer = () => house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  if (pictures) mkdirSync(pictures, { recursive: true })
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  crowd = crowdOf(house)
  await untilWarm(house)
})
afterAll(async () => {
  await chromium.close()
})

type Arrival = (visitor: Visitor) => Promise<unknown>

const signedIn = (path: string, address: () => string = nextVolunteer): Arrival =>
  async function arrive(ann) {
    await comeSignedIn(house, ann, address(), { path })
  }

const pages: Record<string, Arrival> = {
  'sign-in': (ann) => ann.open('/sign-in'),
  'sign-in-wrong': async (ann) => {
    await ann.open('/sign-in?notice=signed_out')
    await ann.press(en.signIn.ask.button)
  },
  'check-mail': (ann) => askForMail(house, ann, nextVolunteer()),
  'check-mail-wrong': async (ann) => {
    await askForMail(house, ann, nextVolunteer())
    await ann.fill(en.signIn.checkMail.label, 'abcd efgh')
    await ann.press(en.signIn.checkMail.button)
  },
  link: async (ann) => {
    const elsewhere = await chromium.visitor()
    await comeSignedIn(house, ann, nextVolunteer())
    await ann.open(linkIn(await askForMail(house, elsewhere, nextVolunteer())))
  },
  'link-used': async (ann) => {
    const elsewhere = await chromium.visitor()
    const mail = await signInByLink(house, elsewhere, nextVolunteer())
    await ann.open(linkIn(mail))
  },
  'link-scanned': async (ann) => {
    const path = linkIn(await askForMail(house, ann, nextVolunteer()))
    await house.send('GET', new URL(path, 'http://any.example').pathname, {
      headers: { 'user-agent': 'Mozilla/5.0 (compatible; SafeLinks)' },
    })
    house.pass(16 * 60_000)
    await ann.open(path)
  },
  'link-unknown': (ann) => ann.open(`/auth/${'x'.repeat(32)}`),
  'not-me': async (ann) => ann.open(notMeLinkIn(await askForMail(house, ann, nextVolunteer()))),
  hub: signedIn('/'),
  'hub-new': signedIn('/', () => crowd.new.pop() ?? ''),
  'hub-many': signedIn('/', () => house.traps.many),
  'hub-thanks': (ann) => comeThanked(house, ann, crowd.busy),
  resume: signedIn('/user'),
  'resume-many': signedIn('/user?page=2', () => house.traps.many),
  'resume-filtered': signedIn('/user?status=no_check_out', () => house.traps.noCheckOut),
  'resume-by-initiative': signedIn('/user?by=initiative&year=2025&rows=all', () => house.traps.noCheckOut),
  'resume-new': signedIn('/user', () => crowd.new.pop() ?? ''),
  shifts: signedIn('/shifts', () => house.traps.many),
  opportunities: signedIn('/opportunities'),
  opportunity: async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/opportunities?day=sat' })
    await ann.page.locator('.of-day h3 a').first().click()
    await ann.page.waitForLoadState()
  },
  profile: signedIn('/profile'),
  campaign: (ann) => comeSignedIn(house, ann, nextVolunteer(), { path: `/${house.riverbend.campaigns[0]}` }),
  account: async (ann) => {
    const address = nextVolunteer()
    await signIn(house, address)
    await comeSignedIn(house, ann, address, { path: '/account' })
  },
  'account-reminders-on': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/account' })
    await ann.press(en.reminders.start)
  },
  erase: signedIn('/account/erase'),
  help: signedIn('/help'),
  'reminders-off': async (ann) => {
    const address = nextVolunteer()
    await signIn(house, address)
    await ann.open(await remindersOffPathOf(house, address))
  },
  'reminders-off-done': async (ann) => {
    const address = nextVolunteer()
    await signIn(house, address)
    await ann.open(await remindersOffPathOf(house, address))
    await ann.press(en.reminders.off)
  },
  'help-signed-out': (ann) => ann.open('/help'),
  admin: async (ann) => {
    await askForMail(house, ann, someoneElse)
    await addDeadEmails()
    await comeSignedIn(house, ann, house.riverbend.staff[0] ?? '', { path: '/admin' })
  },
  'not-found': (ann) => ann.open('/nowhere'),
  'bad-request': signedIn('/sign-out'),
  orphaned: async (ann) => {
    const address = crowd.busy.pop() ?? ''
    await comeSignedIn(house, ann, address)
    await loseRecord(house, address, () => ann.open('/user'))
    await ann.open('/user')
  },
  'vomo-down': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer())
    house.pass(10 * 60_000)
    await house.sandboxOptions({ down: true })
    await ann.open('/')
  },
  'vomo-down-nothing-held': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer())
    await house.sandboxOptions({ down: true })
    house.pass(25 * 60 * 60_000)
    ann.expectsErrors()
    await ann.open('/user')
  },
  'unknown-host': async (ann) => ann.open(`http://elsewhere.localhost:${house.portal.port}/`),
}

describe.each(Object.entries(pages))('the page %s', (name, arrive) => {
  let ann: Visitor
  let look: Look
  beforeAll(async () => {
    const unknownHost = { host: `elsewhere.localhost:${house.portal.port}` }
    ann = await chromium.visitor({
      viewport: desktop,
      reducedMotion: 'reduce',
      ...(name === 'unknown-host' && { customer: unknownHost }),
    })
    await ann.context.addInitScript({ path: inPage })
    await arrive(ann)
    look = lookAt(ann)
  })
  afterAll(async () => {
    await chromium.sendHome()
    await house.sandboxOptions({ down: false })
    house.pass(60_000)
  })

  it('hides nothing where colors are forced, by day or by night', async () => {
    await look.as({ colorScheme: 'light', size: desktop })
    await look.ask('rememberGrounds()')
    for (const colorScheme of daysAndNights) {
      await look.as({ colorScheme, forcedColors: 'active', size: desktop })
      await look.see(`${name}-forced-${colorScheme}`)
      expect(await look.ask(`faintTexts(${readable})`), colorScheme).toEqual([])
      expect(await look.ask('faintControls()'), colorScheme).toEqual([])
      expect(await look.ask('lostGrounds()'), colorScheme).toEqual([])
      expect(await look.ask('currentPlaces()'), colorScheme).toEqual(await here(ann))
    }
  })

  it('is drawn clearly by day and by night, and moves nothing for those who wish no motion', async () => {
    for (const colorScheme of daysAndNights) {
      await look.as({ colorScheme, size: desktop })
      await look.see()
      expect(await look.ask('moving()')).toEqual([])
      expect(await look.ask(`faintTexts(${readable})`), colorScheme).toEqual([])
      expect(await look.ask('faintControls()'), colorScheme).toEqual([])
    }
  })

  it('prints black on white what is to be read, and nothing to be pressed, whole on either paper', async () => {
    for (const [format, width] of Object.entries(papers)) {
      await look.as({ colorScheme: 'dark', media: 'print', size: { width, height: 900 } })
      await look.see(`${name}-print-${format}`)
      expect(await look.ask(`faintTexts(${readable})`), format).toEqual([])
      expect(await look.ask('tooWide()'), format).toEqual([])
      expect(await look.ask('cutOff()'), format).toEqual([])
      expect(await look.ask('overlaps()'), format).toEqual([])
      expect(
        await look.ask(`shown('nav, form, button, input, select, summary, .button, .skip')`),
        format,
      ).toEqual([])
      expect(await look.ask(`shown('h1')`), format).toHaveLength(1)

      const pdf = await ann.page.pdf({
        format,
        ...(pictures && { path: `${pictures}/${name}-${format}.pdf` }),
      })
      // Paper alone prints a link's address behind it.
      const printed = pdfPages(pdf).map((sheet) => letters(sheet.replaceAll(/\(https?:.*?\)/g, '')))
      const lines = await look.lines()
      for (const line of lines) expect(printed.join(''), format).toContain(letters(line))
      expect(printed.length, format).toBeLessThanOrEqual(Math.ceil(lines.length / 40) + 1)
      for (const sheet of printed) expect(sheet.length, `${format}: ${sheet}`).toBeGreaterThan(40)
    }
  })

  it('needs no scrolling sideways at 400 %, nor with wider spacing of text, and loses no word', async () => {
    for (const size of [enlarged, phone, tablet, desktop]) {
      await look.as({ colorScheme: 'light', size })
      if (size === enlarged) await look.see(`${name}-enlarged`)
      for (const spacing of ['unspaceText()', 'spaceText()']) {
        await look.ask(spacing)
        const where = `${size.width} px, ${spacing}`
        expect(await look.ask('tooWide()'), where).toEqual([])
        expect(await look.ask('cutOff()'), where).toEqual([])
        expect(await look.ask('overlaps()'), where).toEqual([])
      }
      await look.ask('unspaceText()')
    }
  })

  it('row 29: at twice the size of text nothing scrolls sideways on a phone, and no word is cut', async () => {
    for (const size of [smallPhone, phone, largePhone]) {
      await look.as({ colorScheme: 'light', size })
      await look.ask('doubleText()')
      if (size === largePhone) await look.see(`${name}-text-200`)
      const where = `${size.width} px`
      expect(await look.ask('tooWide()'), where).toEqual([])
      expect(await look.ask('cutOff()'), where).toEqual([])
      expect(await look.ask('overlaps()'), where).toEqual([])
      await look.ask('undoubleText()')
    }
  })

  it('is walked by keyboard in the order it is read, and where one is, is seen', async () => {
    for (const size of [enlarged, desktop]) {
      await look.as({ colorScheme: 'light', size, keepsHeight: true })
      const stops = await walk(ann, look)
      const rest = stops.filter(({ name: each }) => each !== skipLink)
      expect(stops.length - rest.length).toBe(name === 'unknown-host' ? 0 : 1)
      expect(rest.filter((stop, i) => !isReadAfter(rest[i - 1], stop, size === desktop))).toEqual([])
    }
  })

  it('has nothing to press that is smaller than 24 pixels', async () => {
    for (const size of [enlarged, desktop]) {
      await look.as({ colorScheme: 'light', size })
      expect(await look.ask('tooSmall()'), `${size.width} px`).toEqual([])
    }
  })
})

describe('a visitor without a mouse', () => {
  it('asks, signs in by the code, reads their hours as a table and signs out', async () => {
    const ann = await chromium.visitor()
    await ann.context.addInitScript({ path: inPage })
    const { keyboard } = ann.page
    const address = nextVolunteer()
    await ann.open('/sign-in')
    await tabTo(ann, `input "email"`)
    await keyboard.type(address)
    await ann.andWait(() => keyboard.press('Enter'))

    const [mail] = await house.emailsTo(address)
    await tabTo(ann, `input.code "code"`)
    await keyboard.type('2222-2222')
    await ann.andWait(() => keyboard.press('Enter'))
    expect(await ann.page.evaluate('document.activeElement.className')).toBe('summary')
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    expect(await focusedOf(ann)).toBe(`input.code "code"`)
    // The visitor's input is still there.
    await keyboard.press('ControlOrMeta+A')
    await keyboard.type(mail?.code ?? '')
    await ann.andWait(() => keyboard.press('Enter'))
    expect(ann.path()).toBe('/organization/riverbend')

    await tabTo(ann, `a "${en.nav.hours}"`)
    await ann.andWait(() => keyboard.press('Enter'))
    await tabTo(ann, `summary "${en.resume.monthsTable}"`)
    await keyboard.press('Space')
    expect(await ann.page.locator('.months table').isVisible()).toBe(true)
    expect(await lookAt(ann).ask('tooWide()')).toEqual([])
    await lookAt(ann).ask('leave()')
    await tabTo(ann, `button.plain.menu-button "${en.nav.menu}"`)
    await keyboard.press('Enter')
    await tabTo(ann, `button.plain "${en.nav.signOut}"`)
    await ann.andWait(() => keyboard.press('Enter'))
    expect(ann.path()).toBe('/sign-in')
    await chromium.sendHome()
  })

  it('skips the head of a page, and goes on from where its content begins', async () => {
    const ann = await chromium.visitor()
    await ann.context.addInitScript({ path: inPage })
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/user' })
    await ann.page.keyboard.press('Tab')
    expect(await focusedOf(ann)).toBe(skipLink)
    await ann.page.keyboard.press('Enter')
    expect(await ann.page.evaluate('document.activeElement.id')).toBe('content')
    await ann.page.keyboard.press('Tab')
    expect(await ann.page.evaluate(`document.activeElement.closest('main') !== null`)).toBe(true)
    await chromium.sendHome()
  })
})

describe('on paper', () => {
  it('hours say whose they are and at whom, as of when, and what is left out', async () => {
    const ann = await chromium.visitor({ viewport: desktop })
    const { first_name, last_name } = house.userByEmail(house.traps.many)
    const year = String(new Date(house.nowMs()).getUTCFullYear())
    await comeSignedIn(house, ann, house.traps.many, { path: `/user?year=${year}&status=counted` })
    const onFirstPage = await ann.page.locator('.rows-table tbody tr').count()
    for (const format of Object.keys(papers)) {
      const sheets = pdfPages(await ann.page.pdf({ format })).map(letters)
      for (const said of [
        'Riverbend Food Bank',
        en.hours.of(`${first_name} ${last_name}`),
        en.resume.filter.onlyBoth(year, en.rowStates.counted),
        en.resume.total(2, ''),
        en.fresh.asOf('').slice(0, 5),
        en.resume.pages.of(1, 2),
      ])
        expect(sheets.join(''), `${format}: ${said}`).toContain(letters(said))
      for (const unsaid of [en.hours.filter.open, en.hours.by.label, en.hours.csv, en.nav.signOut])
        expect(sheets.join(''), `${format}: ${unsaid}`).not.toContain(letters(unsaid))
    }
    await ann.follow(en.hours.onePage)
    expect(await ann.page.locator('.rows-table tbody tr').count()).toBeGreaterThan(onFirstPage)
    await chromium.sendHome()
  })

  it.each([
    ['hours', '/user?page=2'],
    ['shifts', '/shifts'],
  ])('no row of %s is torn, and every sheet of a table says what its columns are', async (_, path) => {
    const ann = await chromium.visitor({ viewport: desktop })
    await ann.context.addInitScript({ path: inPage })
    await comeSignedIn(house, ann, house.traps.many, { path })
    const look = lookAt(ann)
    await look.as({ colorScheme: 'light', media: 'print', size: desktop })
    const rows = await look.ask<{ isWhole: boolean; begins: string; ends: string }[]>('markRows()')
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.filter(({ isWhole }) => !isWhole)).toEqual([])
    for (const format of Object.keys(papers)) {
      const sheets = pdfPages(await ann.page.pdf({ format }))
      expect(sheets.length).toBeGreaterThan(1)
      for (const { begins, ends } of rows) {
        const sheet = sheets.findIndex((each) => each.includes(begins))
        expect(sheet, `${format}, ${begins}`).toBeGreaterThanOrEqual(0)
        expect(sheets[sheet], format).toContain(ends)
      }
      if (!path.startsWith('/user')) continue
      const { date, what, status, hours } = en.resume
      // Every shift names its zone; the rest below the table does not.
      const afterTheFirst = sheets.slice(1).filter((sheet) => sheet.includes('Central'))
      for (const sheet of afterTheFirst)
        expect(letters(sheet), format).toContain(`${date}${what}${status}${hours}`)
    }
    await chromium.sendHome()
  })
})

/** As after a bad week: two refused emails, and one that bounced. */
async function addDeadEmails(): Promise<void> {
  const database = await openRows(house.database)
  const { id } = await database.one<{ id: string }>("select id from customer where slug = 'riverbend'")
  const nowMs = house.nowMs()
  for (const [i, name] of ['a', 'a.volunteer.with.a.rather.long.name', 'b'].entries()) {
    const address = `${name}@a-house-of-many-words-without-a-space.example.org`
    const isBounced = name === 'b'
    await database.run(
      `insert into outbox (id, customer_id, kind, recipient, queued_at_ms, not_after_ms, failed_at_ms, bounced_at_ms, failure)
       values (?, ?, 'sign_in', ?, ?, ?, ?, ?, ?)`,
      `mail_dead${i}`,
      id,
      address,
      nowMs,
      nowMs,
      isBounced ? null : nowMs,
      isBounced ? nowMs : null,
      '5.1.1 RCPT',
    )
  }
  await database.close()
}

/** Special glyphs may draw figures and signs, which a PDF does not name. */
function letters(text: string): string {
  // A font may draw two letters as a ligature, and the PDF then contains the ligature.
  return text.normalize('NFKC').replaceAll(/\P{L}/gu, '')
}

/** The link to the page itself, if the header has one. */
async function here({ page }: Visitor): Promise<string[]> {
  const links = await page.locator('.nav a[aria-current]').allInnerTexts()
  return links.map((link) => `${link},page`)
}
