import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Locator, Response } from 'playwright-core'
import { vi } from 'vitest'
import type { ReceivedEmail } from '../src/mail/mailbox.ts'
import { openSecrets } from '../src/secrets.ts'
import { en, type Words } from '../src/text/en.ts'
import { remindersOffUrl } from '../src/volunteer/shifts/reminder-links.ts'
import { launchChromium } from './chromium.ts'
import { openRows } from './database.ts'
import { type House, signIn } from './house.ts'

const phone = { width: 360, height: 800 }

type VisitorOptions = BrowserContextOptions & {
  /** The customer whose host is opened; default: the first. */
  customer?: { host: string }
  /** An origin besides the portal's that a page may lead to. */
  mayGoTo?: string
}

export type Visitor = Awaited<ReturnType<Chromium['visitor']>>
export type Chromium = Awaited<ReturnType<typeof openChromium>>

/** One browser for a test file. Each visitor has their own cookies, cache and history. */
export async function openChromium(house: House) {
  const browser = await launchChromium()
  let complaints: string[] = []

  function heard(): string[] {
    const said = complaints
    complaints = []
    return said
  }

  return {
    /** What went wrong in any visitor's browser since it was asked last. */
    heard,
    /** A person with a phone in Chicago, unless the options say otherwise. */
    visitor: (options: VisitorOptions = {}) =>
      openVisitor({ browser, house, options, complain: (complaint) => void complaints.push(complaint) }),
    /** Closes every visitor. @throws if a script failed, a resource was refused or missing, or a request left the test */
    async sendHome(): Promise<void> {
      await Promise.all(browser.contexts().map((context) => context.close()))
      const said = heard()
      if (said.length > 0) throw new Error(`in the browser: ${said.join('\n')}`)
    },
    /** @throws if the portal logged an error in the meantime */
    async close(): Promise<void> {
      await browser.close()
      await house.close()
      if (house.errors.length > 0) throw new Error(`the portal logged ${JSON.stringify(house.errors)}`)
    },
  }
}

async function openVisitor(given: {
  browser: Browser
  house: House
  options: VisitorOptions
  complain: (complaint: string) => void
}) {
  const { browser, house, complain } = given
  const { customer = house.riverbend, mayGoTo, ...options } = given.options
  const origin = `http://${customer.host}`
  const context = await browser.newContext({
    baseURL: origin,
    viewport: phone,
    locale: 'en-US',
    timezoneId: 'America/Chicago',
    ...options,
  })
  const page = await context.newPage()
  let status = 0
  let mayFail = false

  context.on('weberror', (error) => complain(`a script failed: ${error.error().message}`))
  context.on('console', (message) => {
    // A page whose own status is an error is counted when its answer arrives.
    const isStatus = message
      .text()
      .startsWith('Failed to load resource: the server responded with a status of')
    if (message.type() === 'error' && !isStatus) complain(`the console says: ${message.text()}`)
  })
  context.on('request', (request) => {
    if (![origin, mayGoTo].includes(new URL(request.url()).origin))
      complain(`a request leaves the house: ${request.url()}`)
  })
  context.on('response', (response: Response) => {
    const isPage = response.request().isNavigationRequest()
    if (isPage) status = response.status()
    const isBroken = response.status() >= 500 && !mayFail
    if (isBroken || (!isPage && response.status() >= 400))
      complain(`${response.status()} from ${response.url()}`)
  })

  /** On a phone some pages and signing out are in the menu. */
  async function openMenuFor(wanted: Locator): Promise<void> {
    const menu = page.locator('.menu-button')
    if ((await wanted.count()) === 0 && (await menu.isVisible())) await menu.click()
  }

  /** Waits for the next page, redirects included. */
  async function andWait(act: () => Promise<unknown>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), act()])
  }

  return {
    page,
    context,
    /** Of the page shown. */
    status: () => status,
    path: () => new URL(page.url()).pathname,
    /** The text of the page's main part, in one line. */
    text: async () => plain(await page.locator('main').innerText()),
    open: (pathOrUrl: string) => page.goto(pathOrUrl),
    fill: (label: string, value: string) => page.getByLabel(label).fill(value),
    // The header may offer the same (signing out); the page's own button comes after it.
    press: async (button: string) => {
      const all = page.getByRole('button', { name: button, exact: true })
      await openMenuFor(all)
      return andWait(() => all.last().click())
    },
    follow: async (link: string) => {
      const all = page.getByRole('link', { name: link, exact: true })
      await openMenuFor(all)
      return andWait(() => all.first().click())
    },
    andWait,
    /** From here on the portal may answer that it cannot serve. */
    expectsErrors: () => {
      mayFail = true
    },
    cookie: async (name: string) => (await context.cookies()).find((cookie) => cookie.name === name)?.value,
    /** The portal API's answer to this browser. */
    async ask(path: string): Promise<{ status: number; json: Record<string, unknown> }> {
      const answer = await context.request.get(`/portal/api${path}`)
      return { status: answer.status(), json: (await answer.json()) as Record<string, unknown> }
    },
    /** How many pixels the page is wider than the screen. */
    overflow: () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
  }
}

/** Types an address on the sign-in page. @returns the email that arrived for it */
export async function askForMail(
  house: House,
  visitor: Visitor,
  address: string,
  words: Words = en,
): Promise<ReceivedEmail> {
  const before = (await house.emailsTo(address)).length
  await visitor.open('/sign-in')
  await visitor.fill(words.signIn.ask.label, address)
  await visitor.press(words.signIn.ask.button)
  return newestMail(house, address, before)
}

/** @throws when there is no email beyond the first `before` */
export async function newestMail(house: House, address: string, before: number): Promise<ReceivedEmail> {
  const emails = await house.emailsTo(address)
  const [newest] = emails
  if (!newest || emails.length <= before) throw new Error(`no mail came for ${address}`)
  return newest
}

/** Asks, opens the mailed link and presses its button: ends on the page the volunteer wanted. */
export async function signInByLink(
  house: House,
  visitor: Visitor,
  address: string,
  words: Words = en,
): Promise<ReceivedEmail> {
  const mail = await askForMail(house, visitor, address, words)
  await visitor.open(linkIn(mail))
  await visitor.press(words.signIn.link.button('Riverbend Food Bank'))
  return mail
}

/** A browser that signed in earlier opens a page; default: the hub. */
export async function comeSignedIn(
  house: House,
  visitor: Visitor,
  address: string,
  { path, customer = house.riverbend }: { path?: string; customer?: House['riverbend'] } = {},
): Promise<void> {
  const earlier = await signIn(house, address, customer)
  const value = earlier.cookies.get('porchlight_session') ?? ''
  const url = `http://${customer.host}`
  await visitor.context.addCookies([
    { name: 'porchlight_session', value, url, httpOnly: true, sameSite: 'Lax' },
  ])
  await visitor.open(path ?? `/organization/${customer.slug}`)
}

/** Turns every kind of space into one space. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

export function linkIn(mail: ReceivedEmail): string {
  const [link] = mail.links
  if (link === undefined) throw new Error('the mail holds no link')
  return link
}

export function notMeLinkIn(mail: ReceivedEmail): string {
  const link = mail.links.find((each) => each.includes('/not-me/'))
  if (link === undefined) throw new Error('the mail holds no link to switch it off')
  return link
}

/** Waits until the projects of all volunteers are held, so that no page says that it is still loading. */
export async function untilWarm(house: House): Promise<void> {
  const browser = await signIn(house, house.traps.many)
  await vi.waitFor(
    async () => {
      const hours = (await browser.get('/portal/api/me/hours')).json()
      if (hours['complete'] !== true) throw new Error('projects are still being loaded')
    },
    { timeout: 30_000, interval: 100 },
  )
}

const trapDomains = ['harbor.example', 'willow.example', 'meadow.example', 'faraway.example']

export type Crowd = ReturnType<typeof crowdOf>

/** Volunteers in good standing besides the listed ones, by whether they ever signed up. */
export function crowdOf(house: House): { busy: string[]; new: string[] } {
  const { users, participations } = house.riverbend.records
  const signedUp = new Set(participations.map((participation) => participation.user_id))
  const listed = new Set([
    ...house.riverbend.volunteers,
    ...house.riverbend.staff,
    ...house.traps.sharedEmails,
  ])
  const ordinary = users.filter(
    ({ email, ...user }) =>
      email !== null &&
      !listed.has(email) &&
      !trapDomains.includes(email.split('@')[1] ?? '') &&
      !user.is_removed &&
      user.membership_status === 'ACCEPTED' &&
      user.user_status === 'VERIFIED',
  )
  const addresses = (those: typeof users) => those.map(({ email }) => email ?? '')
  return {
    busy: addresses(ordinary.filter(({ id }) => signedUp.has(id))),
    new: addresses(ordinary.filter(({ id }) => !signedUp.has(id))),
  }
}

/** The page that ends a volunteer's reminders, as the link in one of them has it. */
export async function remindersOffPathOf(house: House, address: string): Promise<string> {
  const database = await openRows(house.database)
  const { id: personId } = await database.one<{ id: string }>(
    'select id from person where address = ?',
    address,
  )
  await database.close()
  const secrets = openSecrets([readFileSync(join(house.dataFolder, 'secret'), 'utf8')])
  return remindersOffUrl(secrets, { publicOrigin: '', personId })
}

/** Opens the hub as one volunteer after another, until one is thanked for what they have just passed. */
export async function comeThanked(house: House, ann: Visitor, addresses: string[]): Promise<void> {
  for (let address = addresses.pop(); address !== undefined; address = addresses.pop()) {
    await comeSignedIn(house, ann, address)
    if ((await ann.page.locator('.thanks').count()) > 0) return
    await ann.context.clearCookies()
  }
  throw new Error('no sample volunteer has just passed a milestone')
}
