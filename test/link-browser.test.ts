import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { askForMail, type Chromium, linkIn, openChromium, signInByLink, type Visitor } from './browser.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse } from './house.ts'

/** Requirements L3 and L9, as far as only a browser can tell. */

const lookers = 30

let house: House
let chromium: Chromium
let database: Rows
let count = 0
const nextVolunteer = () => house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse()
  chromium = await openChromium(house)
  database = await openRows(house.database)
})
afterEach(() => chromium.sendHome())
afterAll(async () => {
  await database.close()
  await chromium.close()
})

/** A link made by a customer's system for a visitor whose address was unknown, so its page has a button. */
async function madeLink(address: string): Promise<string> {
  const answer = await house.send('POST', '/v1/users/one-time', {
    headers: { authorization: `Bearer ${house.riverbend.api_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email: address, ip_address: '127.0.0.1' }),
  })
  return (answer.json() as { data: { auth_link: string } }).data.auth_link
}

async function rowndLink(address: string): Promise<string> {
  const answer = await house.send('POST', '/hub/auth/magic', {
    headers: {
      'x-rownd-app-key': house.riverbend.app_key,
      'x-rownd-app-secret': house.riverbend.app_secret,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ purpose: 'auth', data: { email: address }, redirect_url: '/shifts' }),
  })
  return (answer.json() as { link: string }).link
}

async function mailedLink(address: string): Promise<string> {
  const visitor = await chromium.visitor()
  const mail = await askForMail(house, visitor, address)
  await visitor.context.close()
  return linkIn(mail)
}

function sessions(): Promise<number> {
  return database.count('session')
}

function spent(): Promise<number> {
  return database.count('link where spent_at_ms is not null')
}

/** Every address this tab remembers, the current one included. */
async function history({ page, context }: Visitor): Promise<string[]> {
  const tab = await context.newCDPSession(page)
  const { entries } = (await tab.send('Page.getNavigationHistory')) as { entries: { url: string }[] }
  return entries.map(({ url }) => url)
}

describe('L3: a browser that loads a link’s page, runs its script and presses nothing', () => {
  it(`leaves ${lookers} links of both kinds as they were, and each still signs in`, {
    timeout: 180_000,
  }, async () => {
    const before = { sessions: await sessions(), spent: await spent() }
    const links = await Promise.all(
      Array.from({ length: lookers }, (_, i) =>
        i % 2 === 0 ? mailedLink(nextVolunteer()) : rowndLink(nextVolunteer()),
      ),
    )
    const scanner = await chromium.visitor()
    for (const link of links) {
      await scanner.page.goto(link, { waitUntil: 'networkidle' })
      expect(await scanner.cookie('porchlight_session')).toBeUndefined()
    }
    expect({ sessions: await sessions(), spent: await spent() }).toEqual(before)
    for (const link of links) {
      const path = new URL(link).pathname
      const browser = house.browser()
      expect((await browser.post(path)).status).toBe(303)
      expect(browser.cookies.has('porchlight_session')).toBe(true)
    }
    expect({ sessions: await sessions(), spent: await spent() }).toEqual({
      sessions: before.sessions + lookers,
      spent: before.spent + lookers,
    })
  })
})

describe('L9: after landing', () => {
  it.each([
    ['a sign-in mail', mailedLink, en.signIn.link.button('Riverbend Food Bank')],
    ['an application', rowndLink, en.signIn.link.button('Riverbend Food Bank')],
  ])('the link of %s stands in no entry of the browser’s history', async (_, make, button) => {
    const link = await make(nextVolunteer())
    const visitor = await chromium.visitor()
    await visitor.open(link)
    expect(await history(visitor)).toContain(link)
    await visitor.press(button)
    expect(visitor.status()).toBe(200)
    expect(await history(visitor)).not.toContain(link)
    expect((await history(visitor)).join(' ')).not.toContain(link.split('/').at(-1))
    await visitor.andWait(() => visitor.page.goBack())
    expect(visitor.path()).toBe('/sign-in')
  })

  it('nor does that of a system whose link needs no button', async () => {
    const link = await madeLink(nextVolunteer())
    const visitor = await chromium.visitor()
    await visitor.open(link)
    expect(visitor.path()).toBe('/organization/riverbend')
    expect((await history(visitor)).join(' ')).not.toContain(link.split('/').at(-1))
  })

  it('without JavaScript the entry stays, and leads to the page the link signed in to', async () => {
    const visitor = await chromium.visitor({ javaScriptEnabled: false })
    const mail = await signInByLink(house, visitor, nextVolunteer())
    expect(await history(visitor)).toContain(linkIn(mail))
    await visitor.open(linkIn(mail))
    expect(visitor.path()).toBe('/organization/riverbend')
  })

  it('no request of any page tells another where it came from by more than an origin', async () => {
    const visitor = await chromium.visitor()
    const told: string[] = []
    visitor.page.on('request', (request) => {
      void request.allHeaders().then((headers) => told.push(headers['referer'] ?? ''))
    })
    const link = await mailedLink(nextVolunteer())
    await visitor.open(link)
    await visitor.press(en.signIn.link.button('Riverbend Food Bank'))
    await visitor.follow(en.nav.hours)
    await visitor.page.waitForLoadState('networkidle')
    expect(told.length).toBeGreaterThan(3)
    const origin = `http://${house.riverbend.host}/`
    expect(told.filter((referer) => referer !== '' && referer !== origin)).toEqual([])
  })
})
