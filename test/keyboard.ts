import { expect } from 'vitest'
import type { Visitor } from './browser.ts'
import { type Focused, lookAt } from './looks.ts'

/** No page has as many controls before the one that is wanted. */
const maxStops = 200

export type Keyboard = ReturnType<typeof keyboardOf>

/** A visitor who has no mouse: Tab, Enter, Space, arrows and letters, by the words that they read. */
export function keyboardOf({ page }: Pick<Visitor, 'page'>) {
  const { keyboard } = page
  const look = lookAt({ page })
  const focused = () => look.ask<Focused>('focused()')

  /** By Tab until a control has focus that says this, each on the way in sight. @throws when none does */
  async function comeTo(isIt: (at: Focused) => boolean, says: string): Promise<void> {
    const seen: string[] = []
    for (let i = 0; i < maxStops; i += 1) {
      await keyboard.press('Tab')
      const at = await focused()
      if (at.place >= 0) expect([at.name, at.faults]).toEqual([at.name, []])
      if (isIt(at)) return
      seen.push(at.label)
    }
    throw new Error(`the keyboard does not come to “${says}”, only to ${[...new Set(seen)].join(' | ')}`)
  }

  const to = (label: string) => comeTo((at) => at.place >= 0 && at.label === label, label)

  /** Waits for the next page, redirects included. */
  async function andWait(act: () => Promise<unknown>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), act()])
  }

  return {
    focused,
    to,
    andWait,
    press: (key: string) => keyboard.press(key),
    /** Follows a link, or presses a button. */
    async go(label: string): Promise<void> {
      await to(label)
      await andWait(() => keyboard.press('Enter'))
    },
    /** In place of what a field holds. */
    async type(label: string, text: string): Promise<void> {
      await to(label)
      await keyboard.press('ControlOrMeta+A')
      await keyboard.type(text)
    },
    /** Month, day and year, one after the other. */
    async typeDate(label: string, digits: string): Promise<void> {
      await to(label)
      await keyboard.type(digits)
    },
    /** One of several, by the arrows. */
    async choose(option: string): Promise<void> {
      await comeTo(({ choices }) => choices.includes(option), option)
      for (let i = 0; i < maxStops; i += 1) {
        const at = await focused()
        if (at.label === option) {
          if (!at.isChosen) await keyboard.press('Space')
          return
        }
        await keyboard.press('ArrowDown')
      }
      throw new Error(`the arrows do not come to “${option}”`)
    },
    /** After a form came back: what is wrong is read first, and its link leads to the field. @returns what the field says */
    async toError(): Promise<string> {
      await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('summary')
      await keyboard.press('Tab')
      await keyboard.press('Enter')
      const { label, faults, choices, name } = await focused()
      expect([name, faults]).toEqual([name, []])
      return choices.length > 0 ? choices.join(', ') : label
    },
    /** Past the head of the page. */
    async skip(label: string): Promise<void> {
      await keyboard.press('Tab')
      expect((await focused()).label).toBe(label)
      await keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('content')
    },
  }
}
