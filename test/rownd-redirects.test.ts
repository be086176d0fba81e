import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { issueMagicLink } from '../src/link-api/rownd/links/magic-links.ts'
import { hostileRedirects } from '../src/link-api/rownd/links/redirects.fixture.ts'
import { en } from '../src/text/en.ts'
import { type Chromium, comeSignedIn, openChromium, type Visitor } from './browser.ts'
import { type House, openHouse } from './house.ts'
import { type Backend, firefox, openRowndHouse, type RowndHouse } from './rownd-house.ts'

const organization = 'Riverbend Food Bank'
/** Without `Headless` in its name, for which the portal would take it for a robot. */
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36'

let house: House
let rownd: RowndHouse
let chromium: Chromium
/** The site of an application, and every other name of this machine. */
let site: Server
let siteHost: string
/** Hosts and paths it was asked for. */
let visits: string[] = []
let shop: Backend
let portal: Backend
let turn = 0
const newAddress = () => `visitor${turn++}@x.example`

beforeAll(async () => {
  site = createServer((request, response) => {
    visits.push(`${request.headers.host ?? ''}${request.url ?? ''}`)
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><link rel="icon" href="data:,"><main>Welcome to the site</main>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as AddressInfo
  siteHost = `app.localhost:${port}`
  house = await openHouse({ limits: { callsPerApplication: undefined } })
  rownd = await openRowndHouse(house)
  shop = await rownd.backend('Shop', { defaultRedirectUrl: `http://${siteHost}/base` })
  portal = await rownd.backend('Portal', { grantsPortalSignIn: true })
  chromium = await openChromium(house)
})
afterEach(async () => {
  visits = []
  // Fails if a browser asked for anything but the portal and the site.
  await chromium.sendHome()
})
afterAll(async () => {
  await rownd.close()
  await chromium.close()
  await new Promise((resolve) => site.close(resolve))
})

const visitor = () => chromium.visitor({ userAgent, mayGoTo: `http://${siteHost}` })
const evilHost = () => siteHost.replace('app.', 'evil.')

describe('hostile redirects, in a browser', () => {
  const corpus = () => hostileRedirects(siteHost, evilHost())

  it('are refused when a link is made, or lead to the site and nowhere else', {
    timeout: 300_000,
  }, async () => {
    const ann = await visitor()
    const texts = corpus()
    expect(texts.length).toBeGreaterThan(200)
    let made = 0
    for (const redirect_url of texts) {
      const answer = await shop.call('POST', '/hub/auth/magic', { purpose: 'shorten', redirect_url })
      expect([200, 400], redirect_url).toContain(answer.status)
      if (answer.status !== 200) continue
      made += 1
      await ann.open(String(answer.json()['link']))
      expect(new URL(ann.page.url()).host, redirect_url).toBe(siteHost)
    }
    // Some become harmless paths once joined to the default.
    expect(made).toBeGreaterThan(0)
    expect(visits.filter((visit) => !visit.startsWith(`${siteHost}/`))).toEqual([])
  })

  it('are not followed, should one be in the database all the same', { timeout: 300_000 }, async () => {
    const ann = await visitor()
    for (const redirectUrl of corpus()) {
      const order = {
        customerId: shop.customerId,
        applicationId: shop.id,
        redirectUrl,
        linkData: {},
        who: null,
      }
      const { secret } = await rownd.store.write(() =>
        issueMagicLink(rownd.store.db, rownd.secrets, { ...order, lifeMs: 60_000 }, house.nowMs()),
      )
      const answer = await house.send('GET', `/l/${secret}`, { headers: firefox })
      const location = String(answer.headers['location'])
      if (location === `http://${siteHost}/base`) continue
      // On the list, though no caller could have made it: where does a browser end up?
      await ann.open(`/l/${secret}`)
      expect(new URL(ann.page.url()).host, redirectUrl).toBe(siteHost)
    }
    expect(visits.filter((visit) => !visit.startsWith(`${siteHost}/`))).toEqual([])
  })

  it('change nothing of where a link leads, added to its address', { timeout: 300_000 }, async () => {
    const ann = await visitor()
    const { id } = await shop.link({ purpose: 'shorten', redirect_url: '/in?next=here' })
    for (const text of corpus()) {
      for (const address of [
        `/l/${id}?next=${text}`,
        `/l/${id}?redirect_url=${text}`,
        `/hub/auth/magic/${id}?${text}`,
      ]) {
        const answer = await house.send('GET', encodeLine(address), { headers: firefox })
        // Some are longer than a request line may be.
        if (answer.status === 400) continue
        const location = new URL(String(answer.headers['location']))
        expect([location.host, location.pathname], address).toEqual([siteHost, '/base/in'])
        expect(location.searchParams.get('next'), address).toBe('here')
      }
    }
    for (const text of [
      '//evil.localhost',
      '\\evil.localhost',
      '@evil.localhost',
      '%2f%2fevil.localhost',
      '.evil.localhost',
    ]) {
      await ann.open(`/l/${id}?${text}`)
      expect(new URL(ann.page.url()).host).toBe(siteHost)
    }
  })
})

/** How a browser encodes a line it cannot send. */
function encodeLine(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, (letter) =>
    encodeURIComponent(/\p{Cs}/u.test(letter) ? '\ufffd' : letter),
  )
}

describe('a link that an application had made', () => {
  const address = () => house.riverbend.volunteers[turn++ % house.riverbend.volunteers.length] ?? ''

  async function open(by: Backend, body: Record<string, unknown>, ann?: Visitor): Promise<Visitor> {
    const guest = ann ?? (await visitor())
    await guest.open((await by.link(body)).url)
    return guest
  }

  it('signs a volunteer in to the portal', async () => {
    const ann = await open(portal, { data: { email: address() }, redirect_url: '/shifts' })
    expect(await ann.text()).toContain(en.signIn.link.heading(organization))
    await ann.press(en.signIn.link.button(organization))
    expect(ann.path()).toBe('/shifts')
    expect((await ann.ask('/me')).status).toBe(200)
  })

  it('tells who is not on record what to do', async () => {
    const ann = await open(portal, { data: { email: newAddress() } })
    await ann.press(en.signIn.link.button(organization))
    expect(ann.status()).toBe(403)
    expect(await ann.text()).toContain(en.rowndLink.noRecord.heading)
    await ann.follow(en.rowndLink.noRecord.button)
    expect(ann.path()).toBe('/sign-in')
  })

  it('leads to a site elsewhere, whose server learns who came', async () => {
    const email = newAddress()
    const ann = await open(shop, { data: { email, first_name: 'Ann' }, redirect_url: '/welcome?a=1' })
    expect(await ann.text()).toContain(en.rowndLink.heading(siteHost))
    await ann.press(en.rowndLink.button(siteHost))
    expect(await ann.text()).toBe('Welcome to the site')
    const { host, pathname, searchParams } = new URL(ann.page.url())
    expect([host, pathname, searchParams.get('a')]).toEqual([siteHost, '/base/welcome', '1'])
    const exchanged = await shop.call('POST', '/hub/auth/handoff', {
      code: searchParams.get('porchlight_code'),
    })
    expect(await shop.user(String(exchanged.json()['app_user_id']))).toMatchObject({
      data: { first_name: 'Ann' },
      verified_data: { email },
    })
    expect(await ann.context.cookies()).toEqual([])
  })

  it('works without JavaScript, too', async () => {
    const ann = await chromium.visitor({ userAgent, mayGoTo: `http://${siteHost}`, javaScriptEnabled: false })
    await open(shop, { data: { email: newAddress() } }, ann)
    await ann.press(en.rowndLink.button(siteHost))
    expect(new URL(ann.page.url()).host).toBe(siteHost)
  })

  it('says who is signed in already, and signs them out only when the button is pressed', async () => {
    const [first, second] = [address(), address()]
    const ann = await visitor()
    await comeSignedIn(house, ann, first)
    await open(portal, { data: { email: second } }, ann)
    expect(await ann.text()).toContain('signed out of this browser')
    expect((await ann.ask('/me')).json).toMatchObject({ email: first })
    await ann.press(en.signIn.link.button(organization))
    expect((await ann.ask('/me')).json).toMatchObject({ email: second })
  })

  it('asks for another press while VOMO does not answer', async () => {
    const ann = await open(portal, { data: { email: address() } })
    await house.sandboxOptions({ latency_ms: 4_000 })
    ann.expectsErrors()
    await ann.press(en.signIn.link.button(organization))
    expect(await ann.text()).toContain(en.rowndLink.tryAgain.heading)
    await house.sandboxOptions({ latency_ms: 0 })
    await ann.press(en.rowndLink.tryAgain.button)
    expect((await ann.ask('/me')).status).toBe(200)
  })

  it('shows pages that are accessible and fit the screen', async () => {
    const used = await shop.link({ data: { email: newAddress() } })
    await shop.redeem(used.id)
    const ann = await visitor()
    const pages: [string, () => Promise<unknown>][] = [
      ['the button', () => open(shop, { data: { email: newAddress() } }, ann)],
      ['used', () => ann.open(used.url)],
      ['unknown', () => ann.open(`/l/${'x'.repeat(32)}`)],
      [
        'not on record',
        async () => {
          await open(
            portal,
            { data: { email: 'a-rather-long-address-of-somebody@department.organization.example' } },
            ann,
          )
          await ann.press(en.signIn.link.button(organization))
        },
      ],
    ]
    for (const [name, come] of pages) {
      await come()
      expect(await ann.overflow(), name).toBeLessThanOrEqual(0)
      const { violations } = await new AxeBuilder({ page: ann.page }).analyze()
      expect(
        violations.map(({ id }) => id),
        name,
      ).toEqual([])
    }
  })
})
