import type { Locator, Page } from 'playwright-core'

/**
 * Seconds of a person's hand, eye and head: the keystroke-level model (Card, Moran and Newell), with a finger for the mouse, and
 * reading at 240 words a minute. A screen is scrolled in one stroke and settles.
 */
const seconds = { press: 1.1, decide: 1.35, letter: 0.28, screen: 1, word: 60 / 240 }

/** Lighthouse's slow 4G. */
const network = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 }

export type Effort = { presses: number; letters: number; screens: number; words: number; loadMs: number }

export type Newcomer = ReturnType<typeof newcomer>

/**
 * A person who sees a page for the first time. They read the part of the page that holds what they look for (its navigation, or its
 * content) from the place they have read to, down to what they look for, and scroll there. Each press is decided on.
 */
export function newcomer(page: Page) {
  const effort: Effort = { presses: 0, letters: 0, screens: 0, words: 0, loadMs: 0 }

  async function find(target: Locator): Promise<void> {
    const element = await target.elementHandle()
    const { words, screens } = await page.evaluate(readTo, element)
    effort.words += words
    effort.screens += screens
  }

  /** Presses what leads nowhere else, or only shows what it would open. */
  async function press(target: Locator, act: (target: Locator) => Promise<void> = (it) => it.click()) {
    await find(target)
    effort.presses += 1
    await act(target)
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
    type: (text: string) => {
      effort.letters += text.length
    },
  }
}

export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', network)
}

export function secondsOf({ presses, letters, screens, words, loadMs }: Effort): number {
  const hand = presses * (seconds.press + seconds.decide) + letters * seconds.letter
  return hand + screens * seconds.screen + words * seconds.word + loadMs / 1000
}

/** Runs in the page: counts the visible words up to the end of `target`, and scrolls to it. */
function readTo(target: Element): { words: number; screens: number } {
  const memory = window as unknown as { readTo?: Node }
  const part = target.closest('nav, main') ?? document.body
  const isAfter = (one: Node, other: Node) =>
    (other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
  const from =
    memory.readTo && part.contains(memory.readTo) && isAfter(target, memory.readTo) && memory.readTo
  const isSeen = (element: Element) => {
    const { width, height } = element.getBoundingClientRect()
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true })
  }
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
  let words = 0
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    if (isAfter(text, target) && !target.contains(text)) break
    const isUnread = !from || (isAfter(text, from) && !from.contains(text))
    if (isUnread && text.parentElement && isSeen(text.parentElement))
      words += (text.textContent ?? '').split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
  }
  memory.readTo = target

  const isFixed = getComputedStyle(target.closest('nav') ?? target).position === 'fixed'
  const bar = [...document.querySelectorAll('nav')].find((nav) => getComputedStyle(nav).position === 'fixed')
  const height = innerHeight - (bar?.getBoundingClientRect().height ?? 0)
  const { top, bottom } = target.getBoundingClientRect()
  const away = isFixed ? 0 : Math.max(bottom - height, -top, 0)
  if (away > 0) scrollBy(0, bottom > height ? bottom - height / 2 : top - height / 2)
  return { words, screens: Math.ceil(away / height) }
}
