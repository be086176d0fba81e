import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { maskAddress } from '../src/address.ts'
import { formatDay, formatHours, formatRecent } from '../src/text/dates.ts'
import { en } from '../src/text/en.ts'
import {
  askForMail,
  type Chromium,
  type Crowd,
  comeSignedIn,
  crowdOf,
  linkIn,
  newestMail,
  notMeLinkIn,
  openChromium,
  plain,
  signInByLink,
  untilWarm,
  type Visitor,
} from './browser.ts'
import { type House, loseRecord, openHouse } from './house.ts'

const minuteMs = 60_000
const hub = '/organization/riverbend'
const organization = 'Riverbend Food Bank'
const pressToSignIn = en.signIn.link.button(organization)

let house: House
let chromium: Chromium
let crowd: Crowd
let count = 0
/** The next ordinary volunteer, so that tests do not see each other's emails. */
const nextVolunteer = () => house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  crowd = crowdOf(house)
  await untilWarm(house)
})
afterEach(async () => {
  await chromium.sendHome()
})
afterAll(async () => {
  await chromium.close()
})

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_name, javaScriptEnabled) => {
  const visitor = () => chromium.visitor({ javaScriptEnabled })

  describe('signing in', () => {
    it('a volunteer asks, opens the mailed link, presses once and sees their own next shift and hours', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      await ann.open('/')
      expect(ann.path()).toBe('/sign-in')
      await ann.fill(en.signIn.ask.label, address.toUpperCase())
      await ann.press(en.signIn.ask.button)

      expect(ann.path()).toBe('/sign-in/check-email')
      const checkMail = await ann.text()
      expect(checkMail).toContain(en.signIn.checkMail.onItsWay(address.toUpperCase()))
      const mail = await newestMail(house, address, 0)
      expect(checkMail).toContain(en.signIn.checkMail.nothing.looksLike(organization, mail.subject))

      await ann.open(linkIn(mail))
      expect(await ann.text()).toContain(en.signIn.link.sameBrowser(maskAddress(address)))
      expect(await isSignedIn(ann)).toBe(false)
      expect(await ann.page.locator('main button').count()).toBe(1)
      await ann.press(pressToSignIn)

      expect(ann.path()).toBe(hub)
      await expectOwnHub(ann, address)
    })

    it('one of a family proves which record is theirs, and lands on their own page', async () => {
      const ann = await chromium.visitor({ javaScriptEnabled, customer: house.hillside })
      const said = en.signIn.choice
      await ann.open(linkIn(await askForMail(house, ann, house.traps.family)))
      await ann.press(en.signIn.link.button('Hillside Shelter'))
      expect(ann.path()).toBe('/sign-in/which-record')
      await ann.fill(said.lastName, 'ibarra nunez')
      await ann.fill(said.parts.month, 'March')
      await ann.fill(said.parts.day, '28')
      await ann.fill(said.parts.year, '1984')
      await ann.press(said.button)
      expect(await ann.text()).toContain(plain(said.errors.noMatch))
      expect(await ann.cookie('porchlight_session')).toBeUndefined()
      await ann.fill(said.parts.day, '27')
      await ann.press(said.button)
      expect(ann.path()).toBe('/organization/hillside')
      await ann.open('/profile')
      expect(await ann.text()).toContain('Elena')
    })

    it('in another browser the link names a masked address, and signs in there alone', async () => {
      const address = nextVolunteer()
      const [atHome, onThePhone] = [await visitor(), await visitor()]
      const mail = await askForMail(house, atHome, address)
      await onThePhone.open(linkIn(mail))
      const said = await onThePhone.text()
      expect(said).toContain(en.signIn.link.otherBrowser(maskAddress(address)))
      expect(said).not.toContain(address)
      await onThePhone.press(pressToSignIn)
      await expectOwnHub(onThePhone, address)
      expect(await isSignedIn(atHome)).toBe(false)
    })

    it('where another person is signed in the link warns, and going on signs that one out', async () => {
      const [first, second] = [nextVolunteer(), nextVolunteer()]
      const shared = await visitor()
      await signInByLink(house, shared, first)
      const session = await shared.cookie('porchlight_session')
      const mail = await askForMail(house, await visitor(), second)
      await shared.open(linkIn(mail))
      expect(await shared.text()).toContain(en.signIn.link.otherPerson(maskAddress(first)))
      await shared.press(pressToSignIn)
      await expectOwnHub(shared, second)

      const former = house.browser()
      former.cookies.set('porchlight_session', session ?? '')
      expect((await former.get('/portal/api/me')).status).toBe(401)
    })

    it.each([
      ['with spaces and in lower case', (code: string) => ` ${code.toLowerCase().replace('-', ' ')} `],
      ['as it stands in the mail', (code: string) => code],
    ])('the code, pasted %s, signs in the tab that asked', async (_, form) => {
      const address = nextVolunteer()
      const ann = await visitor()
      const mail = await askForMail(house, ann, address)
      await ann.page.getByLabel(en.signIn.checkMail.label).focus()
      await ann.page.keyboard.insertText(form(mail.code ?? ''))
      await ann.press(en.signIn.checkMail.button)
      expect(ann.path()).toBe(hub)
      await expectOwnHub(ann, address)
    })

    it('a wrong code is said beside its field, and the right one still works', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      const mail = await askForMail(house, ann, address)
      await ann.fill(en.signIn.checkMail.label, '2222-2222')
      await ann.press(en.signIn.checkMail.button)
      const { errors, triesLeft } = en.signIn.checkMail
      await expectFieldError(ann, 'code', `${errors.wrong_code} ${triesLeft(4)}`)
      expect(await ann.page.getByLabel(en.signIn.checkMail.label).inputValue()).toBe('2222-2222')
      expect(await isSignedIn(ann)).toBe(false)
      await ann.fill(en.signIn.checkMail.label, mail.code ?? '')
      await ann.press(en.signIn.checkMail.button)
      expect((await ann.ask('/me')).json['email']).toBe(address)
    })

    it('an address that cannot be one is said at once, and stays in its field', async () => {
      const ann = await visitor()
      await ann.open('/sign-in')
      await ann.fill(en.signIn.ask.label, 'ann at home')
      await ann.press(en.signIn.ask.button)
      await expectFieldError(ann, 'email', en.signIn.ask.errors.spaces)
      expect(await ann.page.getByLabel(en.signIn.ask.label).inputValue()).toBe('ann at home')
    })

    it('an unknown person sees the same page, and is told by email', async () => {
      const [ann, stranger] = [await visitor(), await visitor()]
      const [known, unknown] = [nextVolunteer(), `nobody-${count}@example.org`]
      await askForMail(house, ann, known)
      const mail = await askForMail(house, stranger, unknown)
      // It says to the minute when another email may be asked for.
      const shown = async (who: Visitor, address: string) =>
        (await who.text()).replace(address, '*').replace(/\d+:\d\d/, '*')
      expect(await shown(stranger, unknown)).toBe(await shown(ann, known))
      expect(mail.code).toBeNull()
      expect(mail.text).toContain(en.mail.notOnRecord.reasons.no_record(organization))
      expect(await isSignedIn(stranger)).toBe(false)
    })

    it('a signed-out visitor who wanted a page comes back to it', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      await ann.open('/user?year=2020')
      expect(ann.path()).toBe('/sign-in')
      await ann.fill(en.signIn.ask.label, address)
      await ann.press(en.signIn.ask.button)
      await ann.open(linkIn(await newestMail(house, address, 0)))
      await ann.press(pressToSignIn)
      expect(new URL(ann.page.url()).search).toBe('?year=2020')
      expect(ann.path()).toBe('/user')
    })
  })

  describe('a link', () => {
    it('opened by a scanner that runs scripts and waits stays usable, and gives it no session', async () => {
      const address = nextVolunteer()
      const [ann, scanner] = [await visitor(), await visitor()]
      const mail = await askForMail(house, ann, address)
      for (const link of mail.links) {
        await scanner.open(link)
        await scanner.page.waitForLoadState('networkidle')
        await scanner.page.reload()
      }
      expect(await scanner.context.cookies()).toEqual([])
      expect(await isSignedIn(scanner)).toBe(false)
      await ann.open(linkIn(mail))
      await ann.press(pressToSignIn)
      await expectOwnHub(ann, address)
    })

    it('pressed again elsewhere says that it was used, and one press brings a mail that works', async () => {
      const address = nextVolunteer()
      const [ann, late] = [await visitor(), await visitor()]
      const mail = await askForMail(house, ann, address)
      await late.open(linkIn(mail))
      await ann.open(linkIn(mail))
      await ann.press(pressToSignIn)

      await late.press(pressToSignIn)
      expect(late.status()).toBe(410)
      expect(await late.text()).toContain(en.signIn.dead.reasons.used.heading)
      expect(await late.text()).toContain(en.signIn.dead.goesTo(maskAddress(address)))
      expect(await isSignedIn(late)).toBe(false)
      expect(await isSignedIn(ann)).toBe(true)

      const before = (await house.emailsTo(address)).length
      await late.press(en.signIn.dead.resend)
      expect(late.path()).toBe('/sign-in/check-email')
      expect(await late.text()).toContain(en.signIn.checkMail.onItsWay(maskAddress(address)))
      await late.open(linkIn(await newestMail(house, address, before)))
      await late.press(pressToSignIn)
      await expectOwnHub(late, address)
    })

    it('past its fifteen minutes says so, and one press brings a mail that works', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      const mail = await askForMail(house, ann, address)
      await ann.open(linkIn(mail))
      house.pass(15 * minuteMs + 1000)
      await ann.press(pressToSignIn)
      expect(ann.status()).toBe(410)
      expect(await ann.text()).toContain(en.signIn.dead.reasons.expired.heading)
      expect(await isSignedIn(ann)).toBe(false)
      const before = (await house.emailsTo(address)).length
      await ann.press(en.signIn.dead.resend)
      await ann.open(linkIn(await newestMail(house, address, before)))
      await ann.press(pressToSignIn)
      await expectOwnHub(ann, address)
    })

    it('turned off by its owner, who did not ask for it, opens no session', async () => {
      const address = nextVolunteer()
      const [stranger, owner] = [await visitor(), await visitor()]
      const mail = await askForMail(house, stranger, address)
      await owner.open(linkIn(mail))
      await owner.follow(en.signIn.link.notMe)
      expect(owner.page.url()).toBe(notMeLinkIn(mail))
      await stranger.open(linkIn(mail))
      expect(stranger.status()).toBe(200)
      await owner.press(en.signIn.notMe.button)
      expect(await owner.text()).toContain(en.signIn.notMe.doneHeading)

      await stranger.press(pressToSignIn)
      expect(stranger.status()).toBe(410)
      expect(await stranger.text()).toContain(en.signIn.dead.reasons.revoked.heading)
      expect(await isSignedIn(stranger)).toBe(false)
    })

    it('that was never issued shows one plain page, from which the visitor can ask for a new one', async () => {
      const ann = await visitor()
      await ann.open(`/auth/${'x'.repeat(32)}`)
      expect(ann.status()).toBe(410)
      expect(await ann.text()).toContain(en.signIn.unknown.heading)
      await ann.follow(en.signIn.unknown.button)
      expect(ann.path()).toBe('/sign-in')
    })
  })

  describe('a person in a hurry stays signed in', () => {
    it('after reloading, and after going back and forth', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      await signInByLink(house, ann, address)
      const session = await ann.cookie('porchlight_session')
      await ann.page.reload()
      await expectOwnHub(ann, address)
      await ann.page.goBack()
      expect((await ann.ask('/me')).status).toBe(200)
      await ann.page.goForward()
      await expectOwnHub(ann, address)
      await ann.page.goBack()
      await ann.open('/')
      await expectOwnHub(ann, address)
      expect(await ann.cookie('porchlight_session')).toBe(session)
    })

    it('after opening the mailed link again', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      const mail = await askForMail(house, ann, address)
      await ann.open(linkIn(mail))
      const second = await ann.context.newPage()
      await second.goto(linkIn(mail))
      await ann.press(pressToSignIn)
      await Promise.all([
        second.waitForEvent('load'),
        second.getByRole('button', { name: pressToSignIn }).click(),
      ])
      expect(new URL(second.url()).pathname).toBe(hub)
    })
  })

  describe('the record behind a session', () => {
    it('whose e-mail changed in VOMO signs its owner out and says why; the new address heals it, and the old one is told', async () => {
      const address = nextVolunteer()
      const newAddress = `new-${count}-${address}`
      const user = house.userByEmail(address)
      const ann = await visitor()
      await comeSignedIn(house, ann, address)
      await house.changePerson(user.id, { email: newAddress })
      house.pass(2 * minuteMs)
      try {
        await ann.open('/shifts')
        expect(ann.status()).toBe(401)
        const said = await ann.text()
        expect(said).toContain(en.trouble.account_stale.what(organization))
        expect(said).toContain('volunteers@riverbend.example')
        expect(said).not.toContain(newAddress)
        expect((await ann.ask('/me')).json['code']).toBe('account_stale')

        await ann.follow(en.trouble.account_stale.next)
        const toldBefore = (await house.emailsTo(address)).length
        await signInByLink(house, ann, newAddress)
        expect(ann.path()).toBe(hub)
        expect((await ann.ask('/me')).json['email']).toBe(newAddress)
        const told = await newestMail(house, address, toldBefore)
        expect(told.subject).toBe(en.mail.addressChanged.subject(organization))
        expect(told.text).toContain(maskAddress(newAddress))
        expect(told.text).not.toContain(newAddress)
      } finally {
        await house.changePerson(user.id, { email: address })
      }
    })

    it('that is gone from VOMO says so and whom to ask', async () => {
      const address = another('busy')
      const ann = await visitor()
      await comeSignedIn(house, ann, address)
      await loseRecord(house, address, () => ann.open('/user'))
      await ann.open('/user')
      expect(ann.status()).toBe(403)
      const said = await ann.text()
      expect(said).toContain(en.trouble.account_orphaned.heading)
      expect(said).toContain('volunteers@riverbend.example')
      expect((await ann.ask('/me')).json['code']).toBe('account_orphaned')
      await ann.press(en.trouble.account_orphaned.next)
      expect(await ann.cookie('porchlight_session')).toBeUndefined()
    })

    it('is shown with its age while VOMO does not answer', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      await comeSignedIn(house, ann, address)
      const seenAtMs = house.nowMs()
      house.pass(5 * minuteMs)
      await whileVomoIsDown(async () => {
        await ann.open('/user')
        expect(ann.status()).toBe(200)
        const asOf = (await ann.ask('/me')).json['as_of']
        const asOfMs = Date.parse(String(asOf))
        expect(Math.abs(asOfMs - seenAtMs)).toBeLessThan(minuteMs)
        const moment = formatRecent('en-US', { ms: asOfMs, timeZone: 'America/Chicago' }, house.nowMs())
        expect(await ann.text()).toContain(plain(en.fresh.asOf(moment)))
        await ann.open(hub)
        await expectOwnHub(ann, address)
      })
    })

    it('of which nothing is held leaves one friendly page while VOMO does not answer', async () => {
      const address = another('busy')
      const ann = await visitor()
      const mail = await askForMail(house, ann, address)
      await ann.open(linkIn(mail))
      ann.expectsErrors()
      await whileVomoIsDown(async () => {
        await ann.press(pressToSignIn)
        expect(ann.status()).toBe(503)
        expect(await ann.text()).toContain(en.trouble.vomo_unavailable.what(organization))
        expect((await ann.ask('/me')).json['code']).toBe('vomo_unavailable')
      })
      await ann.follow(en.trouble.vomo_unavailable.next)
      expect(ann.path()).toBe(hub)
      await expectOwnHub(ann, address)
    })
  })

  describe('a volunteer', () => {
    it('who never signed up for anything is welcomed on every page', async () => {
      const address = another('new')
      const ann = await visitor()
      await comeSignedIn(house, ann, address)
      expect(await ann.text()).toContain(en.hub.welcome(house.userByEmail(address).first_name))
      expect(await ann.text()).toContain(en.hub.nothingYet)
      await ann.follow(en.nav.hours)
      expect(await ann.text()).toContain(en.resume.totalNone)
      expect(await ann.text()).toContain(en.resume.empty)
      await ann.follow(en.nav.shifts)
      expect(await ann.text()).toContain(en.shiftsPage.heading(0))
    })

    it('with 400 sign-ups finds each of them, page by page', async () => {
      const ann = await visitor()
      await comeSignedIn(house, ann, house.traps.many)
      await ann.follow(en.nav.hours)
      const recorded = Number((await ann.ask('/me/hours')).json['recorded'])
      expect(await ann.text()).toContain(en.resume.total(recorded, formatHours('en-US', recorded)))
      const rows = ann.page.locator('.rows-table tbody tr')
      let shown = await rows.count()
      for (let page = 1; page < 16; page += 1) {
        expect(await ann.text()).toContain(en.resume.pages.of(page, 16))
        await ann.follow(en.resume.pages.next)
        shown += await rows.count()
      }
      expect(shown).toBe(400)
      expect(await ann.page.getByRole('link', { name: en.resume.pages.next }).count()).toBe(0)

      await ann.follow(en.resume.pages.previous)
      expect(await ann.text()).toContain(en.resume.pages.of(15, 16))
    })

    it('looks at one year, and at what does not count, and comes back to everything', async () => {
      const ann = await visitor()
      await comeSignedIn(house, ann, house.traps.many)
      await ann.open('/user')
      const [latest] = (await ann.ask('/me/hours')).json['by_year'] as { year: number }[]
      const year = String(latest?.year)
      await ann.follow(year)
      expect(await ann.text()).toContain(en.resume.filter.onlyYear(year))
      const headings = await ann.page.locator('.history h3').allInnerTexts()
      expect(headings).toHaveLength(1)
      expect(headings[0]).toContain(year)
      await ann.follow(en.resume.filter.showAll)
      await ann.andWait(() => ann.page.locator('a[href*="status="]').first().click())
      expect(await ann.page.locator('.history .uncounted').count()).toBeGreaterThan(0)
      expect(await ann.page.locator('.history tbody tr:not(.uncounted)').count()).toBe(0)
    })

    it('who signs out is out, in every tab', async () => {
      const ann = await visitor()
      await comeSignedIn(house, ann, nextVolunteer())
      const other = await ann.context.newPage()
      await other.goto('/user')
      await ann.press(en.nav.signOut)
      expect(ann.path()).toBe('/sign-in')
      expect(await ann.text()).toContain(en.signIn.ask.notices.signed_out)
      expect(await ann.cookie('porchlight_session')).toBeUndefined()
      await other.reload()
      expect(new URL(other.url()).pathname).toBe('/sign-in')
      await ann.page.goBack()
      await ann.page.waitForLoadState()
      expect(ann.path()).toBe('/sign-in')
    })

    it('comes to every page with the keyboard alone, and always sees where they are', async () => {
      const address = nextVolunteer()
      const ann = await visitor()
      const { keyboard } = ann.page
      await ann.open('/sign-in')
      await tabTo(ann, en.signIn.ask.label)
      await keyboard.type(address)
      await ann.andWait(() => keyboard.press('Enter'))
      const mail = await newestMail(house, address, 0)
      await ann.open(linkIn(mail))
      await tabTo(ann, pressToSignIn)
      await ann.andWait(() => keyboard.press('Enter'))
      expect(ann.path()).toBe(hub)

      const { menu, hours, shifts, profile, help, home } = en.nav
      const openMenu = async () => {
        await tabTo(ann, menu)
        await keyboard.press('Enter')
      }
      for (const [label, path] of [
        [hours, '/user'],
        [shifts, '/shifts'],
        [profile, '/profile'],
        [help, '/help'],
        [home, hub],
      ] as const) {
        if (label === profile || label === help) await openMenu()
        await tabTo(ann, label)
        await ann.andWait(() => keyboard.press('Enter'))
        expect(ann.path()).toBe(path)
      }
      await openMenu()
      await tabTo(ann, en.nav.signOut)
      await ann.andWait(() => keyboard.press('Enter'))
      expect(ann.path()).toBe('/sign-in')
      expect(await isSignedIn(ann)).toBe(false)
    })

    it('skips the way through the header with one key', async () => {
      const ann = await visitor()
      await ann.open('/help')
      await ann.page.keyboard.press('Tab')
      const skip = ann.page.locator(':focus')
      expect(await skip.innerText()).toBe(en.skip)
      expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0)
      await ann.page.keyboard.press('Enter')
      expect(await ann.page.locator('main:focus').count()).toBe(1)
      await ann.page.keyboard.press('Tab')
      expect(await ann.page.locator('main :focus').count()).toBe(1)
    })
  })
})

describe('the script', () => {
  it('sends a form once, however often its button is pressed', async () => {
    const ann = await chromium.visitor()
    await ann.open(linkIn(await askForMail(house, ann, nextVolunteer())))
    const button = await ann.page.getByRole('button', { name: pressToSignIn }).boundingBox()
    let posts = 0
    let letGo = () => {}
    const pressedTwice = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await ann.page.route('**/auth/**', async (route) => {
      if (route.request().method() === 'POST') posts += 1
      await pressedTwice
      await route.continue()
    })
    for (let press = 0; press < 2; press += 1)
      await ann.page.mouse.click((button?.x ?? 0) + 20, (button?.y ?? 0) + 20)
    await ann.andWait(async () => letGo())
    expect(ann.path()).toBe(hub)
    expect(posts).toBe(1)
  })

  it('shows the reader’s own clock beside a shift elsewhere, and nothing where the clocks agree', async () => {
    const address = nextVolunteer()
    const inTokyo = await chromium.visitor({ timezoneId: 'Asia/Tokyo' })
    await comeSignedIn(house, inTokyo, address)
    expect(await inTokyo.page.locator('.your-clock').count()).toBeGreaterThan(0)
    const zone = await inTokyo.page.locator('[data-zone]').first().getAttribute('data-zone')
    const there = await chromium.visitor({ timezoneId: zone ?? '' })
    await comeSignedIn(house, there, address)
    expect(await there.page.locator('[data-zone]').count()).toBeGreaterThan(0)
    expect(await there.page.locator('.your-clock').count()).toBe(0)
  })

  it('writes the code as it stands in the mail while it is typed', async () => {
    const ann = await chromium.visitor()
    const mail = await askForMail(house, ann, nextVolunteer())
    const field = ann.page.getByLabel(en.signIn.checkMail.label)
    await field.pressSequentially((mail.code ?? '').replace('-', '').toLowerCase())
    expect(await field.inputValue()).toBe(mail.code)
  })
})

/** Greeted by name, with the next shift and the hours that the API reports to the same browser. */
async function expectOwnHub(visitor: Visitor, address: string): Promise<void> {
  const me = await visitor.ask('/me')
  expect(me.status).toBe(200)
  expect(String(me.json['email']).toLowerCase()).toBe(address.toLowerCase())
  const { first_name: firstName } = house.userByEmail(address)
  const said = await visitor.text()
  expect(said).toContain(en.hub.greeting(firstName))

  const hours = (await visitor.ask('/me/hours')).json as unknown as HoursAnswer
  expect(hours.complete).toBe(true)
  const thisYear = new Date(house.nowMs()).getUTCFullYear()
  const given = hours.by_year.find(({ year }) => year === thisYear)?.recorded ?? 0
  expect(said).toContain(
    given > 0
      ? en.hub.hoursThisYear(given, formatHours('en-US', given))
      : hours.recorded > 0
        ? en.hub.noHoursThisYear(hours.recorded)
        : hours.activity === 'signed_up'
          ? en.hours.none.signedUp
          : en.hub.noHoursYet,
  )
  const shifts = (await visitor.ask('/me/shifts')).json['data'] as ShiftAnswer[]
  const [shift] = shifts
  if (!shift) return
  const shown = plain(await visitor.page.locator('.next-shift').innerText())
  expect(shown).toContain(shift.project)
  const startsAt = { ms: Date.parse(shift.starts_at), timeZone: shift.time_zone }
  expect(shown).toContain(formatDay('en-US', startsAt, house.nowMs()))
}

type HoursAnswer = {
  recorded: number
  by_year: { year: number; recorded: number }[]
  complete: boolean
  activity: string
}
type ShiftAnswer = { project: string; starts_at: string; time_zone: string }

async function isSignedIn(visitor: Visitor): Promise<boolean> {
  const [cookie, me] = [await visitor.cookie('porchlight_session'), await visitor.ask('/me')]
  return cookie !== undefined && me.status === 200
}

/** The page says first what is wrong, in its title and at the field, and focuses it. */
async function expectFieldError({ page, status }: Visitor, field: string, message: string): Promise<void> {
  expect(status()).toBe(422)
  expect(await page.title()).toMatch(/^Error: /)
  const input = page.locator(`#${field}`)
  expect(await input.getAttribute('aria-invalid')).toBe('true')
  const describedBy = (await input.getAttribute('aria-describedby')) ?? ''
  expect(describedBy).toContain(`${field}-error`)
  expect(await page.locator(`#${field}-error`).innerText()).toBe(message)
  expect(await page.locator('.summary:focus').count()).toBe(1)
  await page.locator('.summary').getByRole('link', { name: message }).click()
  expect(await page.locator(`#${field}:focus`).count()).toBe(1)
}

/** The next ordinary volunteer who signed up before, or never did. */
function another(kind: 'busy' | 'new'): string {
  const found = crowd[kind].pop()
  if (found === undefined) throw new Error('the sample has no such volunteer')
  return found
}

async function whileVomoIsDown(during: () => Promise<void>): Promise<void> {
  await house.sandboxOptions({ down: true })
  try {
    await during()
  } finally {
    await house.sandboxOptions({ down: false })
    house.pass(minuteMs)
  }
}

/** Presses Tab until the control with this name has focus. Every control on the way must show its focus on the screen. */
async function tabTo({ page }: Visitor, name: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab')
    const seen = await page.evaluate<{ name: string; outline: string; isOnScreen: boolean }>(focusSeen)
    expect(seen, seen.name).toMatchObject({ outline: 'solid 3px', isOnScreen: true })
    if (seen.name === name) return
  }
  throw new Error(`no Tab leads to “${name}”`)
}

const focusSeen = `(() => {
  const element = document.activeElement
  const { top, bottom, left, right } = element.getBoundingClientRect()
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  return {
    name: (element.labels?.[0] ?? element).innerText.trim(),
    outline: outlineStyle + ' ' + outlineWidth,
    isOnScreen: top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth,
  }
})()`
