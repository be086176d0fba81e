import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Chromium, comeSignedIn, openChromium } from './browser.ts'
import { type House, openHouse } from './house.ts'

let house: House
let chromium: Chromium

beforeAll(async () => {
  house = await openHouse()
  chromium = await openChromium(house)
})
afterEach(async () => {
  await chromium.sendHome()
})
afterAll(() => chromium.close())

async function logoPath(): Promise<string> {
  const page = await house.send('GET', '/sign-in')
  return /\/assets\/logo-[0-9a-f]+\.svg/.exec(page.text)?.[0] ?? ''
}

it.each(['light', 'dark'] as const)(
  'the logo stands first on a page, keeps its place before it is there, and is read aloud as the name, by %s',
  async (colorScheme) => {
    const ann = await chromium.visitor({ colorScheme })
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await ann.context.route('**/assets/logo-*', async (route) => {
      await held
      await route.continue()
    })
    await ann.page.goto('/sign-in', { waitUntil: 'domcontentloaded' })
    const picture = ann.page.locator('header img')
    const before = await picture.boundingBox()
    const heading = await ann.page.locator('h1').boundingBox()
    letGo()
    await ann.page.waitForLoadState('load')
    expect(
      await ann.page.evaluate<number>(`document.querySelector('header img').naturalWidth`),
    ).toBeGreaterThan(0)
    expect(await picture.boundingBox()).toEqual(before)
    expect(await ann.page.locator('h1').boundingBox()).toEqual(heading)
    expect(before?.height).toBeGreaterThanOrEqual(24)
    expect(await ann.page.locator('header a').first().getAttribute('class')).toBe('org')
    expect(await ann.page.getByRole('link', { name: 'Riverbend Food Bank', exact: true }).count()).toBe(1)
  },
)

it('the header keeps to a narrow screen, signed in', async () => {
  const ann = await chromium.visitor({ viewport: { width: 320, height: 700 } })
  await comeSignedIn(house, ann, house.riverbend.volunteers[0] ?? '')
  expect(await ann.overflow()).toBeLessThanOrEqual(0)
})

it('may be kept for ever, and opened by itself it can do nothing', async () => {
  const answer = await house.send('GET', await logoPath())
  expect(answer.status).toBe(200)
  expect(answer.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
})

it('is one customer’s own: at another’s door, and by another name, there is none', async () => {
  const path = await logoPath()
  expect((await house.send('GET', path, { host: house.hillside.host })).status).toBe(404)
  expect((await house.send('GET', path.replace(/-[0-9a-f]+/, '-00'))).status).toBe(404)
  const hillside = await house.send('GET', '/sign-in', { host: house.hillside.host })
  expect(hillside.text).not.toContain('<img')
})
