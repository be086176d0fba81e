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

async function themePath(): Promise<string> {
  const page = await house.send('GET', '/sign-in')
  return /\/assets\/theme-[0-9a-f]+\.css/.exec(page.text)?.[0] ?? ''
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

it('a home screen gets the name, the color and an icon of the organization', async () => {
  const ann = await chromium.visitor({})
  await ann.page.goto('/sign-in')
  const href = await ann.page.locator('link[rel=manifest]').getAttribute('href')
  const answer = await house.send('GET', href ?? '')
  expect(answer.headers).toMatchObject({ 'content-type': 'application/manifest+json' })
  const manifest: { name: string; icons: { src: string }[] } = JSON.parse(answer.text)
  expect(manifest).toMatchObject({ name: 'Riverbend Food Bank', start_url: '/', display: 'minimal-ui' })
  const touch = await ann.page.locator('link[rel=apple-touch-icon]').getAttribute('href')
  expect(manifest.icons[0]?.src).toBe(touch)
  const ground = await ann.page.evaluate<number[]>(`(async () => {
    const picture = new Image()
    picture.src = '${touch}'
    await picture.decode()
    const canvas = new OffscreenCanvas(512, 512).getContext('2d')
    canvas.drawImage(picture, 0, 0)
    return [picture.naturalWidth, ...canvas.getImageData(2, 2, 1, 1).data]
  })()`)
  const brand =
    /--brand:#(..)(..)(..)/.exec((await house.send('GET', await themePath())).text)?.slice(1) ?? []
  expect(ground).toEqual([512, ...brand.map((channel) => Number.parseInt(channel, 16)), 255])
})

it.each([true, false])(
  'on a phone the header is one row of 64 pixels, the bar of places covers nothing, and the menu opens; with JavaScript: %s',
  async (javaScriptEnabled) => {
    const viewport = { width: 390, height: 844 }
    const ann = await chromium.visitor({ viewport, javaScriptEnabled })
    await comeSignedIn(house, ann, house.riverbend.volunteers[0] ?? '')
    expect((await ann.page.locator('header .top-row').boundingBox())?.height).toBeLessThanOrEqual(60)
    expect((await ann.page.locator('main').boundingBox())?.y).toBeLessThanOrEqual(64)
    const bar = ann.page.getByRole('navigation', { name: 'Your pages' })
    expect(await bar.getByRole('link').allInnerTexts()).toEqual(['Home', 'Hours', 'Shifts', 'Help out'])
    const place = await bar.boundingBox()
    expect((place?.y ?? 0) + (place?.height ?? 0)).toBeCloseTo(viewport.height, 0)

    expect(await ann.page.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(false)
    await ann.page.getByRole('button', { name: 'Menu' }).click()
    expect(await ann.page.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(true)
    await ann.page.keyboard.press('Escape')
    expect(await ann.page.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(false)
  },
)

it.each([
  ['at twice the size of text', 390, 844, '200%'],
  ['at twice the size of text on a small phone', 320, 640, '200%'],
  ['enlarged to 400 %', 320, 256, '100%'],
  ['on its side', 844, 390, '100%'],
])('the last line of a page is above the bar of places %s', async (_, width, height, size) => {
  const ann = await chromium.visitor({ viewport: { width, height } })
  await comeSignedIn(house, ann, house.riverbend.volunteers[0] ?? '')
  const covered = await ann.page.evaluate<string[]>(`(() => {
    document.documentElement.style.fontSize = 'calc(106.25% * ${Number.parseInt(size, 10) / 100})'
    scrollTo(0, document.documentElement.scrollHeight)
    const bar = document.querySelector('.nav.tabs')
    if (getComputedStyle(bar).position !== 'fixed') return []
    const { top } = bar.getBoundingClientRect()
    return [...document.querySelectorAll('.foot p, .foot button')]
      .filter((each) => each.getBoundingClientRect().bottom > top)
      .map((each) => each.textContent)
  })()`)
  expect(covered).toEqual([])
})
