import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Visitor } from './browser.ts'

/** What a page looks like, and how it is walked by keyboard. */

/** `SCREENSHOTS=1` leaves pictures of every page here: colors forced, printed, at 400 %. */
export const pictures = process.env['SCREENSHOTS'] ? 'screenshots/looks' : undefined

export const inPage = fileURLToPath(new URL('./looks-in-page.js', import.meta.url))
const questions = readFileSync(inPage, 'utf8')
export const daysAndNights = ['light', 'dark'] as const

type Manner = {
  colorScheme: 'light' | 'dark'
  forcedColors?: 'active'
  media?: 'print'
  size: { width: number; height: number }
  /** Otherwise the screen is as high as the page, so that a picture shows all of it. */
  keepsHeight?: boolean
}
export type Look = ReturnType<typeof lookAt>

export function lookAt({ page }: Pick<Visitor, 'page'>) {
  async function ask<T = string[]>(question: string): Promise<T> {
    // No script is added to a page where scripts are turned off; what is asked from outside of it is answered.
    if (!(await page.evaluate<boolean>('"looks" in globalThis'))) await page.evaluate(questions)
    return page.evaluate<T>(`looks.${question}`)
  }

  return {
    ask,
    async as({ colorScheme, forcedColors, media, size, keepsHeight }: Manner): Promise<void> {
      await page.emulateMedia({
        colorScheme,
        forcedColors: forcedColors ?? 'none',
        media: media ?? 'screen',
      })
      await page.setViewportSize(size)
      if (keepsHeight) return
      await page.setViewportSize({
        width: size.width,
        height: Math.max(size.height, await ask<number>('height()')),
      })
    },
    async see(name?: string): Promise<void> {
      const path = pictures && name && `${pictures}/${name}.png`
      const picture = await page.screenshot(path ? { path } : {})
      await ask(`see('${picture.toString('base64')}')`)
    },
    /** The text of the page's main part, line by line, without spaces. */
    async lines(): Promise<string[]> {
      const text = await page.locator('main').innerText()
      return text
        .split('\n')
        .map((line) => line.replaceAll(/\s/g, ''))
        .filter(Boolean)
    },
  }
}

export type Focused = {
  place: number
  name: string
  label: string
  choices: string[]
  isChosen: boolean
  faults: string[]
  kind: string
  box: { x: number; y: number; width: number; height: number }
  scrolledBy: number
  length: number
}

const kindsSeen = new Set<string>()

/**
 * From the top of the page by Tab, until every control had focus.
 *
 * @param how.comparesPictures whether the first control of each kind is also drawn with and without focus
 */
export async function walk(
  { page }: Pick<Visitor, 'page'>,
  look: Look,
  { comparesPictures = true } = {},
): Promise<Focused[]> {
  const names = await look.ask('names()')
  const stops: Focused[] = []
  await look.ask('leave()')
  for (let i = 0; i < names.length; i += 1) {
    const focused = await nextStop(page, look, stops.at(-1))
    expect(focused.faults, focused.name).toEqual([])
    stops.push(focused)
    if (!comparesPictures || kindsSeen.has(focused.kind)) continue
    kindsSeen.add(focused.kind)
    expect(await faintOutlines(page, look, focused), focused.name).toEqual([])
  }
  expect(new Set(stops.map(({ place }) => place)).size).toBe(names.length)
  return stops
}

/** A date is one stop, though its day, month, year and button each take the focus. */
async function nextStop(page: Visitor['page'], look: Look, last: Focused | undefined): Promise<Focused> {
  await page.keyboard.press('Tab')
  const focused = await look.ask<Focused>('focused()')
  return focused.place === last?.place && focused.name.startsWith('input')
    ? nextStop(page, look, last)
    : focused
}

/** By Tab alone. @throws when it gets no focus in fifty stops */
export async function tabTo(visitor: Visitor, name: string): Promise<void> {
  for (let i = 0; i < 50; i += 1) {
    if ((await focusedOf(visitor)) === name) return
    await visitor.page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not come to ${name}`)
}

export async function focusedOf(visitor: Visitor): Promise<string> {
  return (await lookAt(visitor).ask<Focused>('focused()')).name
}

/** Below, or after it on the same line; in two columns also at the top of the second. */
export function isReadAfter(earlier: Focused | undefined, later: Focused, hasColumns: boolean): boolean {
  if (!earlier) return true
  const onPage = ({ box, scrolledBy }: Focused) => ({ ...box, y: box.y + scrolledBy })
  const [a, b] = [onPage(earlier), onPage(later)]
  const isBelow = b.y >= a.y + a.height - 8
  const isBeside = b.x >= a.x + a.width - 2
  const isOnOneLine = b.y < a.y + a.height && a.y < b.y + b.height
  return isBelow || (isBeside && (isOnOneLine || hasColumns))
}

/** The visible change when it gets focus, in all colors: at least as much as a two-pixel line around it. */
async function faintOutlines(page: Visitor['page'], look: Look, { box, length }: Focused): Promise<string[]> {
  const faint: string[] = []
  const clip = {
    x: Math.max(box.x - 8, 0),
    y: Math.max(box.y - 8, 0),
    width: box.width + 16,
    height: box.height + 16,
  }
  await page.evaluate('globalThis.held = document.activeElement')
  for (const colorScheme of daysAndNights) {
    for (const forcedColors of ['none', 'active'] as const) {
      await page.emulateMedia({ colorScheme, forcedColors })
      await page.evaluate('held.focus({ preventScroll: true })')
      const after = await page.screenshot({ clip })
      await page.evaluate('held.blur()')
      const before = await page.screenshot({ clip })
      const changed = await look.ask<number>(
        `changed('${before.toString('base64')}', '${after.toString('base64')}')`,
      )
      if (changed < length * 2)
        faint.push(`${colorScheme}, forced ${forcedColors}: ${changed} of ${length * 2}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' })
  await page.evaluate('held.focus({ preventScroll: true })')
  return faint
}
