import type { Browser, Page } from 'playwright-core'
import type { VNode } from 'preact'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { presets } from '../src/customers/provider-presets.ts'
import { styles } from '../src/page/styles.fixture.ts'
import { askedScopes } from '../src/sign-in/provider/addresses.ts'
import { launchChromium } from './chromium.ts'
import { mirrored } from './mirrored-language.ts'
import { gallery, galleryPages } from './preview/gallery.tsx'
import { serveGallery } from './preview/serve.ts'

/**
 * Every page in a language that reads from right to left and is a third longer than English. It is generated from the words, so
 * Latin letters on a page are data, a name, or a sentence that a translator would never see.
 */
const pages = gallery(mirrored)
const names = Object.keys(pages).filter((name) => !name.endsWith('.txt'))
const widths = [360, 1280]

/** Product names, each language's own name, and what is pasted elsewhere. */
const exceptions = [
  'VOMO',
  'Porchlight',
  'English',
  'Español',
  'CSV',
  'JSON',
  askedScopes,
  ...[presets.entra, presets.okta, presets.google, presets.keycloak].map(({ meaning }) => meaning),
]
/** Read by machines: an address, a code, an example of an address, a command. */
const machineText =
  /\S+@\S+|https?:\S+|webcal:\S+|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b|\b[\w-]+\.(?:example|com|org)\b|\bporchlight(?: [a-z-]+)+/g

let browser: Browser
let page: Page
let served: Awaited<ReturnType<typeof serveGallery>>

beforeAll(async () => {
  served = await serveGallery(pages)
  browser = await launchChromium()
  page = await browser.newPage({ timezoneId: 'America/Chicago' })
})

afterAll(async () => {
  await browser?.close()
  served?.close()
})

describe.each(names)('%s', (name) => {
  test('is whole from right to left', async () => {
    await page.goto(`${served.origin}/${name}`)
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 })
      const seen = await page.evaluate<Seen>(lookAround)
      expect(seen.direction, name).toBe('rtl')
      expect(seen.overflow, `${name} at ${width} px`).toBeLessThanOrEqual(0)
      if (name.startsWith('mail-')) continue
      expect(seen.headingGap, `the heading of ${name} at ${width} px begins at the right`).toBeLessThan(2)
      expect(seen.isOrganizationFirst, `${name} at ${width} px`).toBe(true)
    }
  })

  test('says nothing that is not in the words', async () => {
    await page.goto(`${served.origin}/${name}`)
    const shown = await page.evaluate<string[]>(everythingSaid)
    expect(shown.length).toBeGreaterThan(3)
    const hasWords = (text: string) => /[a-z]{2}/i.test(text)
    // Data may stand in an address, and an address in data.
    const withoutAddress = (text: string) => text.replaceAll(machineText, ' ')
    const others = shown.map((text) => withoutData(text, name)).map(withoutAddress)
    const unknown = shown.filter(
      (text, i) => hasWords(others[i] ?? '') && hasWords(withoutData(withoutAddress(text), name)),
    )
    expect(unknown).toEqual([])
  })
})

test('no style names a side of the screen', () => {
  const side =
    /(?:margin|padding|border)-(?:left|right)|border-(?:top|bottom)-(?:left|right)|(?:^|[\s;{])(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)|(?:margin|padding|inset|border-width)\s*:(?:\s+[^\s;]+){4};/
  for (const [file, style] of Object.entries(styles)) {
    const lines = style.split('\n').filter((line) => side.test(line))
    expect(lines, file).toEqual([])
  }
})

type Seen = {
  direction: string
  overflow: number
  headingGap: number
  isOrganizationFirst: boolean
}

/**
 * How far the first line of the heading ends from the right edge of its container, and whether the organization's name stands to
 * the right of the links to its pages.
 */
const lookAround = `(() => {
  const heading = document.querySelector('h1')
  let headingGap = 0
  if (heading) {
    const range = document.createRange()
    range.selectNodeContents(heading)
    const lines = [...range.getClientRects()].filter(({ width }) => width > 0)
    headingGap = heading.getBoundingClientRect().right - Math.max(...lines.map(({ right }) => right))
  }
  const name = document.querySelector('.org')?.getBoundingClientRect()
  const help = document.querySelector('.nav a[href="/help"]')?.getBoundingClientRect()
  return {
    direction: getComputedStyle(document.body).direction,
    overflow: document.documentElement.scrollWidth - innerWidth,
    headingGap,
    isOrganizationFirst: !(name && help && Math.abs(name.top - help.top) < 30) || name.right > help.right,
  }
})()`

/** The title, every text, and the accessible names and placeholders. */
const everythingSaid = `(() => {
  for (const details of document.querySelectorAll('details')) details.open = true
  const said = ['aria-label', 'alt', 'title', 'placeholder'].flatMap((name) =>
    [...document.querySelectorAll('[' + name + ']')].map((element) => element.getAttribute(name)))
  const sending = [...document.querySelectorAll('[data-sending]')].map(({ dataset }) => dataset.sending)
  return [document.title, ...said, ...sending, ...document.body.innerText.split('\\n')].filter(Boolean)
})()`

const dataOf = new Map(
  galleryPages(mirrored).map(([name, vnode]) => [name, [...new Set(strings(propsOf(vnode)))]]),
)
/** An email contains no more data than a page. */
const everyData = [...new Set([...dataOf.values()].flat())]

function withoutData(text: string, name: string): string {
  let rest = text
  const data = [...exceptions, ...(dataOf.get(name) ?? everyData)].toSorted((a, b) => b.length - a.length)
  for (const each of data) rest = rest.replaceAll(each, ' ')
  return rest
}

function propsOf({ props }: VNode): Record<string, unknown> {
  const { words: _words, locale: _locale, ...data } = props as Record<string, unknown>
  return data
}

function strings(data: unknown): string[] {
  // A page shows the lines and list items of a description one by one.
  if (typeof data === 'string')
    return [data, ...data.split('\n').map((line) => line.replace(/^• /, ''))].filter(
      ({ length }) => length > 1,
    )
  if (typeof data !== 'object' || data === null) return []
  return Object.values(data).flatMap(strings)
}
