import { afterAll, beforeAll, expect, it } from 'vitest'
import { en } from '../../src/text/en.ts'
import { askForMail, type Chromium, comeSignedIn, linkIn, openChromium, untilWarm } from '../browser.ts'
import { type House, openHouse } from '../house.ts'
import { type Effort, medianOf, type Newcomer, newcomer, type Result, slowDown, tableOf } from './newcomer.ts'

/**
 * `npm run tasks`: what volunteers come for, done on a phone by a scripted person who sees the pages for the first time; presses are
 * counted, and seconds estimated. Signed in, they begin on their home page.
 */
const phone = { width: 390, height: 844 }
const rounds = 3
const { wrongRow } = en.resume

let house: House
let chromium: Chromium
const results: Result[] = []

beforeAll(async () => {
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  await untilWarm(house)
})
afterAll(async () => {
  await chromium?.close()
  console.log(tableOf(results))
})

const tasks: Record<
  string,
  { do: (ann: Newcomer) => Promise<void>; isSignedOut?: true; maxPresses: number }
> = {
  'find the place of my next shift': {
    maxPresses: 0,
    do: (ann) => ann.find(ann.page.getByRole('link', { name: /^Map of / }).first()),
  },
  'how many hours in March': {
    maxPresses: 1,
    do: async (ann) => {
      await ann.go(place(ann, en.nav.hours))
      await ann.find(ann.page.locator('.bar', { hasText: 'Mar' }))
    },
  },
  'tell them that an hour is wrong': {
    maxPresses: 2,
    do: async (ann) => {
      await ann.go(place(ann, en.nav.hours))
      const row = ann.page.locator('.rows-table tbody tr').nth(2)
      await ann.find(row.locator('.what'))
      await ann.press(row.getByRole('link', { name: wrongRow }), async () => {})
      ann.type('4 hours')
    },
  },
  'find something on a Saturday': {
    maxPresses: 2,
    do: async (ann) => {
      await ann.go(place(ann, en.nav.helpOut))
      await ann.go(ann.page.getByRole('link', { name: en.opportunityList.filter.days.sat }))
      await ann.find(ann.page.locator('.of-day h3').first())
    },
  },
  'get a new sign-in link': {
    isSignedOut: true,
    maxPresses: 1,
    do: async (ann) => {
      await ann.go(ann.page.getByRole('button', { name: en.signIn.dead.resend }))
      await ann.find(ann.page.getByRole('heading', { level: 1 }))
    },
  },
}

it.each(Object.entries(tasks))('%s', async (task, { do: act, isSignedOut = false, maxPresses }) => {
  const [address = ''] = house.riverbend.volunteers
  const efforts: Effort[] = []
  for (let round = 0; round < rounds; round += 1) {
    const visitor = await chromium.visitor({ viewport: phone, hasTouch: true, isMobile: true })
    if (isSignedOut) {
      const mail = await askForMail(house, visitor, address)
      house.pass(16 * 60_000)
      visitor.expectsErrors()
      await visitor.open(linkIn(mail))
    } else await comeSignedIn(house, visitor, address)
    await slowDown(visitor.page)
    const ann = newcomer(visitor.page)
    await act(ann)
    efforts.push(ann.effort)
    await visitor.context.close()
  }
  const median = medianOf(efforts)
  results.push({ task, effort: median })
  expect(median.presses).toBeLessThanOrEqual(maxPresses)
})

function place({ page }: Newcomer, name: string) {
  return page.locator('.nav').getByRole('link', { name, exact: true })
}
