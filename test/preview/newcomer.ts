import type { Locator, Page } from 'playwright-core'

/**
 * Seconds of a person's hand, eye and head: the keystroke-level model (Card, Moran and Newell), with a finger for the mouse, and
 * reading at 240 words a minute. A screen is scrolled in one stroke and settles.
 */
const seconds = { press: 1.1, decide: 1.35, letter: 0.28, screen: 1, word: 60 / 240 }

/** Lighthouse's slow 4G. */
const network = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 }

export type Effort = {
  presses: number
  letters: number
  screens: number
  words: number
  /** Of what was looked for: those who know the page read nothing else. */
  ownWords: number
  loadMs: number
}

export type Newcomer = ReturnType<typeof newcomer>

/**
 * A person who sees a page for the first time. They read the part of the page that holds what they look for (its navigation, or its
 * content) from the place they have read to, down to what they look for, and scroll there. Each press is decided on. Where a link leads to
 * a place in a page, they read from there; a field that holds the cursor when the page opens needs no press.
 */
export function newcomer(page: Page) {
  const effort: Effort = { presses: 0, letters: 0, screens: 0, words: 0, ownWords: 0, loadMs: 0 }

  async function find(target: Locator): Promise<void> {
    const element = await target.elementHandle()
    const { words, ownWords, screens } = await page.evaluate(readTo, element)
    effort.words += words
    effort.ownWords += ownWords
    effort.screens += screens
  }

  /** Presses what leads nowhere else, or only shows what it would open. */
  async function press(target: Locator, act: (target: Locator) => Promise<void> = (it) => it.click()) {
    await find(target)
    effort.presses += 1
    await act(target)
  }

  function type(text: string): void {
    effort.letters += text.length
  }

  return {
    page,
    effort,
    find,
    press,
    /** Presses what leads to another page, and waits for it. */
    go: (target: Locator) =>
      press(target, async () => {
        const startedMs = performance.now()
        await Promise.all([page.waitForEvent('load'), target.click()])
        effort.loadMs += performance.now() - startedMs
      }),
    type,
    async write(field: Locator, text: string) {
      const isHeld = await field.evaluate((element) => element === document.activeElement)
      await (isHeld ? find(field) : press(field))
      await field.fill(text)
      type(text)
    },
    /** Chooses a file, in the window of the browser's own. */
    async giveFile(field: Locator, file: { name: string; mimeType: string; buffer: Buffer }) {
      await press(field, async () => {})
      await press(field, (it) => it.setInputFiles(file))
    },
    /** What the browser itself does, like printing: one press. */
    browserDoes: () => {
      effort.presses += 1
    },
  }
}

export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', network)
}

export function secondsOf(effort: Effort, words = effort.words): number {
  const { presses, letters, screens, loadMs } = effort
  const hand = presses * (seconds.press + seconds.decide) + letters * seconds.letter
  return hand + screens * seconds.screen + words * seconds.word + loadMs / 1000
}

/** The round whose pages took neither the longest nor the shortest to load. */
export function medianOf(efforts: readonly Effort[]): Effort {
  const sorted = efforts.toSorted((one, other) => one.loadMs - other.loadMs)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) throw new Error('no round was done')
  return median
}

export type Result = { task: string; isByPhone?: boolean; effort: Effort }

/** What each task took, as Markdown. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ task, isByPhone, effort }) => {
    const { presses, letters, screens, words, ownWords, loadMs } = effort
    const estimates = [secondsOf(effort, words), secondsOf(effort, ownWords)].map((each) => each.toFixed(0))
    const cells = [presses, letters, screens, words, (loadMs / 1000).toFixed(1), ...estimates]
    return `| ${[task, ...(isByPhone === undefined ? [] : [isByPhone ? 'yes' : '']), ...cells].join(' | ')} |`
  })
  const called = results.some(({ isByPhone }) => isByPhone !== undefined)
  const counted = ['presses', 'letters', 'screens scrolled', 'words read', 'loading, s']
  const heads = [
    'task',
    ...(called ? ['by phone'] : []),
    ...counted,
    'seconds, the first time',
    'for those who know the page',
  ]
  return [`| ${heads.join(' | ')} |`, `| ${heads.map(() => '---').join(' | ')} |`, ...rows].join('\n')
}

/** Runs in the page: counts the visible words up to the end of `target`, and scrolls to it. */
function readTo(target: Element): { words: number; ownWords: number; screens: number } {
  const memory = window as unknown as { readTo?: Node }
  const part = target.closest('nav, main') ?? document.body
  const isAfter = (one: Node, other: Node) =>
    (other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
  const landed = document.getElementById(location.hash.slice(1))
  const start = memory.readTo ?? landed
  const from = start && part.contains(start) && isAfter(target, start) && start
  const isSeen = (element: Element) => {
    const { width, height } = element.getBoundingClientRect()
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true })
  }
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
  let words = 0
  let ownWords = 0
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    if (isAfter(text, target) && !target.contains(text)) break
    const isRead = from && from !== landed && from.contains(text)
    const isUnread = !from || (isAfter(text, from) && !isRead)
    if (!text.parentElement || !isSeen(text.parentElement)) continue
    const count = (text.textContent ?? '').split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
    if (isUnread) words += count
    if (target.contains(text)) ownWords += count
  }
  memory.readTo = target

  const isFixed = getComputedStyle(target.closest('nav') ?? target).position === 'fixed'
  const bar = [...document.querySelectorAll('nav')].find((nav) => getComputedStyle(nav).position === 'fixed')
  const height = innerHeight - (bar?.getBoundingClientRect().height ?? 0)
  const { top, bottom } = target.getBoundingClientRect()
  const away = isFixed ? 0 : Math.max(bottom - height, -top, 0)
  if (away > 0) scrollBy(0, bottom > height ? bottom - height / 2 : top - height / 2)
  return { words, ownWords, screens: Math.ceil(away / height) }
}
