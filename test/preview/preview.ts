import { mkdirSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { languageNamed, languageWith } from '../../src/text/languages.ts'
import { launchChromium } from '../chromium.ts'
import { mirrored } from '../mirrored-language.ts'
import { gallery } from './gallery.tsx'
import { serveGallery } from './serve.ts'

/**
 * Checks every page in a browser: pictures on a phone and a desktop, light and dark; axe; nothing wider than the screen; nothing
 * our own Content-Security-Policy refuses. `PREVIEW_ONLY=hub` limits it to names with that prefix; `PREVIEW_LANGUAGE=es` uses
 * another language, `mirrored` a right-to-left one.
 */
const folder = process.env.PREVIEW_FOLDER ?? 'screenshots/preview'
const only = (process.env.PREVIEW_ONLY ?? '').split(',')
const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } }
const language = process.env.PREVIEW_LANGUAGE
const pages = gallery(language === 'mirrored' ? mirrored : languageWith(languageNamed(language) ?? 'en'))
const names = Object.keys(pages).filter(
  (name) => only.some((start) => name.startsWith(start)) && !name.endsWith('.txt'),
)
let browser: Browser
let served: Awaited<ReturnType<typeof serveGallery>>

beforeAll(async () => {
  served = await serveGallery(pages)
  browser = await launchChromium()
  mkdirSync(folder, { recursive: true })
})

afterAll(async () => {
  await browser?.close()
  served?.close()
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
        await page.goto(`${served.origin}/${name}`)
        // As high as the page, so that the bar at a phone's foot is at the foot of the picture.
        const height = await page.evaluate<number>('document.documentElement.scrollHeight')
        await page.setViewportSize({ ...viewport, height })
        await page.screenshot({ path: `${folder}/${name}-${screen}-${colorScheme}.png` })
        await page.setViewportSize(viewport)
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
  'the record prints in black on white, and stands in colors a person forces',
  async ({ expect }) => {
    const page = await browser.newPage({ colorScheme: 'dark', viewport: screens.desktop })
    await page.goto(`${served.origin}/resume`)
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
