import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, it } from 'vitest'
import { type Chromium, comeSignedIn, openChromium } from '../browser.ts'
import { type House, openHouse } from '../house.ts'

/** The pictures of the README, from the running demo: `npm run pictures`. */
const folder = 'docs/pictures'
const phone = { width: 360, height: 740 }
const desk = { width: 1200, height: 800 }

let house: House
let browser: Chromium

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  house = await openHouse({ warms: true })
  browser = await openChromium(house)
})
afterAll(() => browser.close())

it('takes them', async () => {
  const [address = ''] = house.riverbend.volunteers
  for (const { name, path, viewport, colorScheme } of [
    { name: 'home-phone', path: '/', viewport: phone, colorScheme: 'light' },
    { name: 'hours-phone', path: '/user', viewport: phone, colorScheme: 'light' },
    { name: 'home-desk-dark', path: '/', viewport: desk, colorScheme: 'dark' },
  ] as const) {
    const visitor = await browser.visitor({ viewport, colorScheme })
    await comeSignedIn(house, visitor, address, { path })
    await visitor.page.screenshot({ path: `${folder}/${name}.png` })
  }
  const stranger = await browser.visitor({ viewport: phone })
  await stranger.open('/sign-in')
  await stranger.page.screenshot({ path: `${folder}/sign-in-phone.png` })
})
