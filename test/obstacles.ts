import { mkdirSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import type { Visitor } from './browser.ts'
import { lookAt } from './looks.ts'

/** `SCREENSHOTS=1` leaves pictures of every page and state here. */
const pictures = process.env['SCREENSHOTS'] ? 'screenshots' : undefined

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const colorRules = ['color-contrast', 'link-in-text-block']
const screens = { phone: { width: 360, height: 800 }, desktop: { width: 1280, height: 900 } }
/** 320 pixels wide, and a small desktop at 400 %. */
const narrow = [
  { width: 320, height: 800 },
  { width: 320, height: 256 },
]

/** On a phone and a desktop, in light and dark mode: axe's findings, controls too small for a finger, content wider than the screen. */
export async function obstaclesOn({ page, overflow }: Visitor, name: string): Promise<string[]> {
  if (pictures) mkdirSync(pictures, { recursive: true })
  const found: string[] = []
  for (const [screen, size] of Object.entries(screens)) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      const where = `${name}-${screen}-${colorScheme}`
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      if (pictures) await page.screenshot({ path: `${pictures}/${where}.png`, fullPage: true })
      const axe = new AxeBuilder({ page }).setLegacyMode()
      // Dark mode changes only colors.
      const asked = colorScheme === 'light' ? axe.withTags(rules) : axe.withRules(colorRules)
      for (const { id, nodes } of (await asked.analyze()).violations)
        found.push(`${where}: ${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
    }
    const small = await page.evaluate<string[]>(smallButtons)
    found.push(...small.map((button) => `${name} on a ${screen}: small: ${button}`))
  }
  for (const size of narrow) {
    await page.setViewportSize(size)
    if ((await overflow()) > 0) found.push(`${name}: wider than a screen of ${size.width} × ${size.height}`)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await page.evaluate(doubleText)
  if ((await overflow()) > 0) {
    const wide = (await lookAt({ page }).ask('tooWide()')).join(' | ')
    found.push(`${name}: wider than a phone at twice the size of text: ${wide}`)
  }
  await page.evaluate(`document.documentElement.style.removeProperty('font-size')`)
  return found
}

/** Like a reader who doubles the browser's text size: everything measured in it grows. */
const doubleText = `document.documentElement.style.fontSize =
  2 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize) + 'px'`

/** Buttons and fields need 44 pixels, a checkbox together with its label; axe measures the 24 of everything else. */
const smallButtons = `[...document.querySelectorAll('button, .button, input:not([type=hidden]), summary, nav a')]
  .map((element) => ({ element, target: element.matches('[type=checkbox], [type=radio]') ? element.closest('label') : element }))
  .map(({ element, target }) => ({ element, box: target.getBoundingClientRect() }))
  .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 24))
  .map(({ element, box }) => element.outerHTML.slice(0, 80) + ' ' + box.width + ' × ' + box.height)`
