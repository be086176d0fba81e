import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { languageWith } from '../src/text/languages.ts'
import { type Chromium, crowdOf, linkIn, newestMail, openChromium, type Visitor } from './browser.ts'
import { openRows } from './database.ts'
import { type House, openHouse } from './house.ts'

const said = en.password
const good = 'purple kettle marches sideways'
const other = 'nineteen quiet lamps upstairs'

let house: House
let chromium: Chromium
let volunteers: string[]

beforeAll(async () => {
  house = await openHouse()
  chromium = await openChromium(house)
  volunteers = crowdOf(house).busy
  const database = await openRows(house.database)
  await database.run('update customer set passwords = 1')
  await database.close()
})
afterEach(() => chromium.sendHome())
afterAll(() => chromium.close())

/** Asks on the page shown, and opens the link that arrives. */
async function openMailFor(ann: Visitor, address: string): Promise<void> {
  const before = (await house.emailsTo(address)).length
  await ann.fill(en.signIn.ask.label, address)
  await ann.press(said.button)
  expect(await ann.text()).toContain(said.afterwards)
  await ann.open(linkIn(await newestMail(house, address, before)))
  await ann.press(en.signIn.link.button('Riverbend Food Bank'))
}

/** Nothing for axe to say, and nothing wider than the screen. */
async function expectAccessible(ann: Visitor): Promise<void> {
  const { violations } = await new AxeBuilder({ page: ann.page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  expect(await ann.overflow()).toBe(0)
}

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  it('a volunteer chooses a password, signs in with it, forgets it, and removes it', async () => {
    const address = volunteers.pop() ?? ''
    const ann = await chromium.visitor({ javaScriptEnabled })
    await ann.open('/sign-in?next=%2Fshifts')
    await ann.follow(said.toPage)
    await ann.follow(said.signIn.none)
    expect(ann.path()).toBe('/sign-in/register')
    await openMailFor(ann, address)
    expect(ann.path()).toBe('/account/password')

    await ann.fill(said.own.newLabel, 'passwordpassword')
    await ann.press(said.own.button)
    expect(ann.status()).toBe(422)
    expect(await ann.text()).toContain(said.own.errors.common)
    expect(await ann.page.getByLabel(said.own.newLabel).inputValue()).toBe('')
    await ann.fill(said.own.newLabel, good)
    await ann.press(said.own.button)
    expect(await ann.page.getByRole('status').innerText()).toBe(said.own.done.set)

    await ann.press(en.nav.signOut)
    await ann.open('/sign-in/password?next=%2Fshifts')
    await ann.fill(en.signIn.ask.label, address)
    await ann.fill(said.label, other)
    await ann.press(said.signIn.button)
    expect(ann.status()).toBe(422)
    expect(await ann.text()).toContain(said.signIn.wrong)
    expect(await ann.page.getByLabel(en.signIn.ask.label).inputValue()).toBe(address)
    await ann.fill(said.label, good)
    await ann.press(said.signIn.button)
    expect(ann.path()).toBe('/shifts')

    await ann.press(en.nav.signOut)
    await ann.open('/sign-in/password')
    await ann.follow(said.signIn.forgot)
    await openMailFor(ann, address)
    expect(await ann.page.locator('h1').innerText()).toBe(said.own.change)
    await ann.fill(said.own.newLabel, other)
    await ann.press(said.own.button)
    expect(await ann.page.getByRole('status').innerText()).toBe(said.own.done.changed)
    await ann.press(said.own.remove.button)
    expect(await ann.page.getByRole('status').innerText()).toBe(said.own.done.removed)
    await ann.follow(said.own.back)
    expect(await ann.text()).toContain(said.account.none)
  })

  it('a volunteer who signed in with the password is asked for an email before it changes', async () => {
    const address = volunteers.pop() ?? ''
    const ann = await chromium.visitor({ javaScriptEnabled })
    await ann.open('/sign-in/register')
    await openMailFor(ann, address)
    await ann.fill(said.own.newLabel, good)
    await ann.press(said.own.button)
    await ann.press(en.nav.signOut)
    await ann.open('/sign-in/password')
    await ann.fill(en.signIn.ask.label, address)
    await ann.fill(said.label, good)
    await ann.press(said.signIn.button)
    await ann.open('/account/password')
    expect(await ann.text()).toContain(said.own.fresh.heading)
    expect(await ann.page.locator('input[type=password]').count()).toBe(0)
    const before = (await house.emailsTo(address)).length
    await ann.press(said.own.fresh.button)
    await ann.open(linkIn(await newestMail(house, address, before)))
    await ann.press(en.signIn.link.button('Riverbend Food Bank'))
    expect(ann.path()).toBe('/account/password')
    expect(await ann.page.locator('input[type=password]').count()).toBe(1)
  })
})

it('a password is shown while its box is checked, and sent as one; without JavaScript there is no box', async () => {
  const ann = await chromium.visitor()
  await ann.open('/sign-in/password')
  const field = ann.page.locator('#password')
  expect(await field.getAttribute('type')).toBe('password')
  await ann.page.getByLabel(said.show).check()
  expect(await field.getAttribute('type')).toBe('text')
  await ann.page.getByLabel(said.show).uncheck()
  expect(await field.getAttribute('type')).toBe('password')
  const plain = await chromium.visitor({ javaScriptEnabled: false })
  await plain.open('/sign-in/password')
  expect(await plain.page.getByLabel(said.show).isVisible()).toBe(false)
})

it('password managers find the address, the password that is there and the new one; a pasted one is taken whole', async () => {
  const ann = await chromium.visitor()
  const hints = async () => {
    const fields = await ann.page.locator('main input:not([type=checkbox])').all()
    return Promise.all(fields.map((field) => field.getAttribute('autocomplete')))
  }
  await ann.open('/sign-in/password')
  expect(await hints()).toEqual(['username', 'current-password'])
  const long = 'x'.repeat(300)
  await ann.page.locator('#password').fill(long)
  expect(await ann.page.locator('#password').inputValue()).toBe(long)
  await ann.open('/sign-in/register')
  await openMailFor(ann, volunteers.pop() ?? '')
  expect(await hints()).toEqual(['username', 'new-password'])
})

it.each([
  ['English', 'en-US', en],
  ['Spanish', 'es-US', languageWith('es').words],
] as const)(
  'axe finds nothing on the pages of passwords, at 320 pixels and in the dark, in %s',
  async (_, locale, words) => {
    const ann = await chromium.visitor({ locale, viewport: { width: 320, height: 640 }, colorScheme: 'dark' })
    for (const path of ['/sign-in', '/sign-in/password', '/sign-in/register', '/sign-in/reset']) {
      await ann.open(path)
      await expectAccessible(ann)
    }
    const address = volunteers.pop() ?? ''
    await ann.fill(words.signIn.ask.label, 'no address')
    await ann.press(words.password.button)
    expect(ann.status()).toBe(422)
    await expectAccessible(ann)
    await ann.open('/sign-in/password')
    await ann.fill(words.signIn.ask.label, address)
    await ann.fill(words.password.label, other)
    await ann.press(words.password.signIn.button)
    await expectAccessible(ann)
    await ann.open('/sign-in/register')
    const before = (await house.emailsTo(address)).length
    await ann.fill(words.signIn.ask.label, address)
    await ann.press(words.password.button)
    await ann.open(linkIn(await newestMail(house, address, before)))
    await ann.press(words.signIn.link.button('Riverbend Food Bank'))
    await expectAccessible(ann)
    await ann.press(words.password.own.button)
    expect(ann.status()).toBe(422)
    await expectAccessible(ann)
    await ann.fill(words.password.own.newLabel, good)
    await ann.press(words.password.own.button)
    await expectAccessible(ann)
    await ann.open('/account')
    await expectAccessible(ann)
  },
)

it('the sign-in page has one field, three buttons at most, and passwords behind a link', async () => {
  const ann = await chromium.visitor()
  await ann.open('/sign-in')
  expect(await ann.page.locator('main input:not([type=hidden])').count()).toBe(1)
  const buttons = await ann.page.locator('main .button').allInnerTexts()
  expect(buttons.filter((button) => button.includes(said.toPage))).toEqual([])
  expect(buttons.length).toBeLessThanOrEqual(3)
})
