import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
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
  untilWarm,
  type Visitor,
} from './browser.ts'
import { type House, loseRecord, openHouse, signIn } from './house.ts'
import { obstaclesOn } from './obstacles.ts'
import { allWaysPath, defaultWays, setWays, waysTogether } from './ways.ts'

let house: House
let chromium: Chromium
let crowd: Crowd
let count = 0
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

/** At the page that asks whose record it is. */
async function atChoice(): Promise<Visitor> {
  const ann = await chromium.visitor({ customer: house.hillside })
  await ann.open(linkIn(await askForMail(house, ann, house.traps.family)))
  await ann.press(en.signIn.link.button('Hillside Shelter'))
  return ann
}

type Arrival = (visitor: Visitor) => Promise<unknown>

/** Every page in every state, and how a visitor reaches it. */
const pagesBeforeSignIn: Record<string, Arrival> = {
  'sign-in': (ann) => ann.open('/sign-in'),
  'sign-in-wrong': async (ann) => {
    await ann.open('/sign-in')
    await ann.press(en.signIn.ask.button)
  },
  'sign-in-signed-out': (ann) => ann.open('/sign-in?notice=signed_out'),
  'check-mail': (ann) => askForMail(house, ann, nextVolunteer()),
  'check-mail-nothing-asked': (ann) => ann.open('/sign-in/check-email'),
  'check-mail-wrong': async (ann) => {
    await askForMail(house, ann, nextVolunteer())
    await ann.fill(en.signIn.checkMail.label, 'abcd efgh')
    await ann.press(en.signIn.checkMail.button)
  },
  link: async (ann) => ann.open(linkIn(await askForMail(house, ann, nextVolunteer()))),
  'link-elsewhere': async (ann) => {
    const elsewhere = await chromium.visitor()
    await comeSignedIn(house, ann, nextVolunteer())
    await ann.open(linkIn(await askForMail(house, elsewhere, nextVolunteer())))
  },
  'link-used': async (ann) => {
    const elsewhere = await chromium.visitor()
    const mail = await askForMail(house, ann, nextVolunteer())
    await elsewhere.open(linkIn(mail))
    await elsewhere.press(en.signIn.link.button('Riverbend Food Bank'))
    await ann.open(linkIn(mail))
  },
  'link-expired': async (ann) => {
    const mail = await askForMail(house, ann, nextVolunteer())
    house.pass(16 * 60_000)
    await ann.open(linkIn(mail))
  },
  'link-replaced': async (ann) => {
    const address = nextVolunteer()
    const mail = await askForMail(house, ann, address)
    for (let i = 0; i < 3; i += 1) await askForMail(house, ann, address)
    await ann.open(linkIn(mail))
  },
  'link-switched-off': async (ann) => {
    const mail = await askForMail(house, ann, nextVolunteer())
    await ann.open(notMeLinkIn(mail))
    await ann.press(en.signIn.notMe.button)
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
  'not-me-done': async (ann) => {
    await ann.open(notMeLinkIn(await askForMail(house, ann, nextVolunteer())))
    await ann.press(en.signIn.notMe.button)
  },
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
  'two-records': (ann) => ann.open('/sign-in/two-records'),
  'shared-computer': (ann) => ann.open('/sign-in/shared'),
  'not-found': (ann) => ann.open('/nowhere'),
  'bad-request': (ann) => ann.open('/sign-out'),
  mailbox: async (ann) => {
    const address = nextVolunteer()
    await askForMail(house, ann, address)
    await ann.open(`/dev/mail?to=${encodeURIComponent(address)}`)
  },
}

const signedIn = (path: string, address: () => string = nextVolunteer): Arrival =>
  async function arrive(ann) {
    await comeSignedIn(house, ann, address(), { path })
  }

const pagesOfVolunteers: Record<string, Arrival> = {
  hub: signedIn('/'),
  'hub-new': signedIn('/', () => crowd.new.pop() ?? ''),
  'hub-many': signedIn('/', () => house.traps.many),
  'hub-thanks': (ann) => comeThanked(house, ann, crowd.busy),
  user: signedIn('/user'),
  'user-new': signedIn('/user', () => crowd.new.pop() ?? ''),
  'user-many': signedIn('/user?page=2', () => house.traps.many),
  'user-year': signedIn(`/user?year=${new Date().getUTCFullYear() - 1}`, () => house.traps.many),
  'user-by-month': signedIn('/user?by=month', () => house.traps.many),
  'user-nothing-matches': signedIn('/user?year=1999&status=item'),
  'user-odd-rows': signedIn('/user', () => house.traps.noCheckOut),
  'user-gift': signedIn('/user', () => house.traps.giftInKind),
  'user-date-unknown': signedIn('/user', () => house.traps.missingDate),
  shifts: signedIn('/shifts'),
  'shifts-new': signedIn('/shifts', () => crowd.new.pop() ?? ''),
  'shifts-many': signedIn('/shifts', () => house.traps.many),
  'calendar-link-made': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/shifts' })
    await ann.press(en.calendar.make)
  },
  'calendar-link-on': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/shifts' })
    await ann.press(en.calendar.make)
    await ann.follow(en.calendar.made.back)
  },
  opportunities: signedIn('/opportunities'),
  'opportunities-narrowed': signedIn('/opportunities?q=a&when=month'),
  'opportunities-no-match': signedIn('/opportunities?q=zzzz'),
  'opportunities-saturdays': signedIn('/opportunities?day=sat'),
  opportunity: async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/opportunities' })
    await ann.page.locator('.of-day h3 a').first().click()
    await ann.page.waitForLoadState()
  },
  initiative: async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: `/${house.riverbend.campaigns[3]}` })
  },
  profile: signedIn('/profile'),
  'profile-edit': signedIn('/profile/edit'),
  'profile-bare': signedIn('/profile', () => house.traps.nulls),
  help: signedIn('/help'),
  account: async (ann) => {
    const address = nextVolunteer()
    await signIn(house, address)
    await comeSignedIn(house, ann, address, { path: '/account' })
  },
  'account-reminders-on': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/account' })
    await ann.press(en.reminders.start)
  },
  'account-others-ended': async (ann) => {
    const address = nextVolunteer()
    await signIn(house, address)
    await comeSignedIn(house, ann, address, { path: '/account' })
    await ann.press(en.account.sessions.endOthers)
  },
  erase: signedIn('/account/erase'),
  'erase-not-ticked': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer(), { path: '/account/erase' })
    await ann.press(en.account.erase.button)
  },
  'erase-sign-in': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer())
    house.pass(61 * 60_000)
    await ann.open('/account/erase')
  },
  'erase-last-owner': async (ann) => {
    await comeSignedIn(house, ann, house.riverbend.staff[0] ?? '', { path: '/account/erase' })
    await ann.page.getByLabel(en.account.erase.confirm).check()
    await ann.press(en.account.erase.button)
  },
  erased: (ann) => ann.open('/account/erased'),
}

const pagesInTrouble: Record<string, Arrival> = {
  stale: async (ann) => {
    const address = nextVolunteer()
    await comeSignedIn(house, ann, address)
    await house.changePerson(house.userByEmail(address).id, { email: `moved-${address}` })
    house.pass(2 * 60_000)
    await ann.open('/user')
  },
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
  'vomo-down-long': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer())
    await house.sandboxOptions({ down: true })
    ann.expectsErrors()
    house.pass(20 * 60_000)
    // Opens until the breaker says that VOMO is down; before that, a copy of this age does not identify a person.
    for (let i = 0; i < 5; i += 1) await ann.open('/')
  },
  'vomo-down-nothing-held': async (ann) => {
    await comeSignedIn(house, ann, nextVolunteer())
    await house.sandboxOptions({ down: true })
    house.pass(25 * 60 * 60_000)
    ann.expectsErrors()
    await ann.open('/user')
  },
}

describe.each([
  ['at the door', pagesBeforeSignIn],
  ['of a volunteer', pagesOfVolunteers],
  ['in trouble', pagesInTrouble],
] as const)('a page %s', (_, pages) => {
  it.each(Object.entries(pages))(
    '%s is accessible to every visitor, on every screen',
    async (name, arrive) => {
      try {
        const ann = await chromium.visitor()
        await arrive(ann)
        expect(await obstaclesOn(ann, name)).toEqual([])
      } finally {
        await house.sandboxOptions({ down: false })
        house.pass(60_000)
      }
    },
  )
})

describe('the sign-in page', () => {
  afterAll(() => setWays(house, defaultWays))

  it.each(Object.entries(waysTogether))(
    'as %s is accessible, with one field and three buttons at most',
    async (name, ways) => {
      await setWays(house, ways)
      const ann = await chromium.visitor()
      await ann.open(allWaysPath)
      expect(await ann.page.locator('main input:visible').count()).toBe(1)
      const buttons = await ann.page.locator('main .button:visible').count()
      expect(buttons).toBe(1 + Number('passkeys' in ways) + Number('providers' in ways))
      expect(await obstaclesOn(ann, name)).toEqual([])
    },
  )
})

describe('the other customer', () => {
  it('is accessible to every visitor in its own color', async () => {
    const [address = ''] = house.hillside.volunteers
    const ann = await chromium.visitor({ customer: house.hillside })
    await comeSignedIn(house, ann, address, { customer: house.hillside })
    expect(await ann.page.locator('.org').innerText()).toBe('Hillside Shelter')
    expect(await obstaclesOn(ann, 'hillside-hub')).toEqual([])
  })

  it('asks accessibly which of the records that share an address is theirs', async () => {
    const ann = await atChoice()
    expect(await obstaclesOn(ann, 'which-record')).toEqual([])
    await ann.press(en.signIn.choice.button)
    expect(await obstaclesOn(ann, 'which-record-wrong')).toEqual([])
    for (let i = 0; i < 3; i += 1) {
      await ann.fill(en.signIn.choice.lastName, 'Nobody')
      await ann.fill(en.signIn.choice.parts.month, '3')
      await ann.fill(en.signIn.choice.parts.day, '27')
      await ann.fill(en.signIn.choice.parts.year, '1958')
      await ann.press(en.signIn.choice.button)
    }
    expect(await obstaclesOn(ann, 'which-record-no-tries')).toEqual([])
  })

  it('of an unknown host is named nowhere', async () => {
    const ann = await chromium.visitor({ customer: { host: `elsewhere.localhost:${house.portal.port}` } })
    await ann.open('/')
    expect(ann.status()).toBe(421)
    expect(await ann.page.content()).not.toMatch(/Riverbend|Hillside/)
    expect(await obstaclesOn(ann, 'unknown-host')).toEqual([])
  })
})

describe('a first visit', () => {
  it.each([
    ['sign-in page', (ann: Visitor) => ann.open('/sign-in')],
    ['hub', (ann: Visitor) => comeSignedIn(house, ann, nextVolunteer())],
  ])('to the %s is small, and sets no cookie but ours', async (_, arrive) => {
    const ann = await chromium.visitor()
    const sizes: Promise<{ path: string; bytes: number }>[] = []
    ann.page.on('requestfinished', (request) => {
      const measure = async () => {
        const { responseBodySize, responseHeadersSize } = await request.sizes()
        return { path: new URL(request.url()).pathname, bytes: responseBodySize + responseHeadersSize }
      }
      sizes.push(measure())
    })
    await arrive(ann)
    await ann.page.waitForLoadState('networkidle')
    const loaded = await Promise.all(sizes)
    // Two of them for passkeys: a script, and what a key is to sign.
    expect(loaded.length).toBeLessThanOrEqual(7)
    expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(30 * 1024)
    const scripts = loaded.filter(({ path }) => path.endsWith('.js'))
    expect(scripts.length).toBeLessThanOrEqual(2)
    expect(scripts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(10_000)
    expect(loaded.some(({ path, bytes }) => path.endsWith('.css') && bytes > 1000)).toBe(true)
    const cookies = (await ann.context.cookies()).map(({ name }) => name)
    expect(cookies.filter((name) => !/^porchlight_(session|asked|passkey)$/.test(name))).toEqual([])
  })

  it.each(['/organization/riverbend', '/shifts'])(
    'to %s from another zone shifts nothing, however late the script comes',
    async (path) => {
      const ann = await chromium.visitor({ timezoneId: 'Pacific/Honolulu' })
      await ann.context.addInitScript(noteShifts)
      await ann.context.route('**/*.js', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 500))
        await route.continue()
      })
      await comeSignedIn(house, ann, house.traps.many, { path })
      expect(await ann.page.locator('.your-clock').count()).toBeGreaterThan(0)
      expect(await ann.page.evaluate(shiftsNoted)).toBe(0)
    },
  )
})

const noteShifts = `globalThis.shifts = 0
new PerformanceObserver((list) => {
  shifts += list.getEntries().length
}).observe({ type: 'layout-shift', buffered: true })`

/** Once everything is drawn. */
const shiftsNoted = `new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shifts)))))`
