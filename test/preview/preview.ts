import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { assets } from '../../src/page/assets.ts'
import { themeCss } from '../../src/page/theme.ts'
import { gallery } from './gallery.tsx'

/**
 * Looks at every page as a browser does: pictures on a phone and a desktop, light and dark; axe; nothing wider than the
 * screen; nothing our own Content-Security-Policy refuses. `PREVIEW_ONLY=hub` narrows it to names that begin so.
 */
const folder = process.env.PREVIEW_FOLDER ?? 'screenshots/preview'
const only = (process.env.PREVIEW_ONLY ?? '').split(',')
const screens = { phone: { width: 360, height: 800 }, desktop: { width: 1280, height: 900 } }
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"

const pages = gallery()
const names = Object.keys(pages).filter(
  (name) => only.some((start) => name.startsWith(start)) && !name.endsWith('.txt'),
)
const themes: Record<string, string> = {
  '/themes/none.css': themeCss(null),
  '/themes/teal.css': themeCss('#8a2be2'),
  '/themes/yellow.css': themeCss('#ffd400'),
}

let server: Server
let browser: Browser
let origin: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://preview')
    const asset = assets.find(({ path }) => path === pathname)
    const theme = themes[pathname]
    const page = pages[pathname.slice(1)]
    const body = asset?.body ?? theme ?? page
    const type = asset?.type ?? (theme === undefined ? 'text/html; charset=utf-8' : 'text/css; charset=utf-8')
    const isMail = pathname.startsWith('/mail-')
    response.writeHead(body === undefined ? 204 : 200, {
      'Content-Type': type,
      ...(isMail ? {} : { 'Content-Security-Policy': policy }),
    })
    response.end(body)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  mkdirSync(folder, { recursive: true })
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

for (const name of names) {
  test.concurrent(`${name} looks right everywhere`, async ({ expect }) => {
    for (const [screen, viewport] of Object.entries(screens)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await browser.newContext({
          viewport,
          colorScheme,
          timezoneId: 'America/Chicago',
          locale: 'en-US',
        })
        const page = await context.newPage()
        const complaints: string[] = []
        page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(error.message))
        await page.goto(`${origin}/${name}`)
        await page.screenshot({ path: `${folder}/${name}-${screen}-${colorScheme}.png`, fullPage: true })
        const axe = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze()
        const violations = axe.violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
        )
        expect.soft(violations, `${name} ${screen} ${colorScheme}`).toEqual([])
        for (const width of [viewport.width, 320]) {
          await page.setViewportSize({ ...viewport, width })
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          expect.soft(overflow, `${name} at ${width} px`).toBeLessThanOrEqual(0)
        }
        expect.soft(complaints, `${name} ${screen}`).toEqual([])
        await context.close()
      }
    }
  })
}

test.runIf(only.includes('') || only.includes('print'))(
  'the record prints in black on white, and stands in colours a person forces',
  async ({ expect }) => {
    const page = await browser.newPage({ colorScheme: 'dark', viewport: screens.desktop })
    await page.goto(`${origin}/resume`)
    await page.pdf({ path: `${folder}/resume.pdf`, format: 'Letter' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)')
    // A sheet of Letter paper between its margins.
    await page.setViewportSize({ width: 695, height: 900 })
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.rows-table tr')).display`)).toBe(
      'table-row',
    )
    await page.screenshot({ path: `${folder}/resume-print.png`, fullPage: true })
    await page.setViewportSize(screens.desktop)
    await page.emulateMedia({ media: 'screen', forcedColors: 'active' })
    await page.screenshot({ path: `${folder}/resume-forced.png`, fullPage: true })
    await page.close()
  },
)
