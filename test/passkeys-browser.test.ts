import type { CDPSession } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import {
  type Chromium,
  comeSignedIn,
  newestMail,
  openChromium,
  signInByLink,
  type Visitor,
} from './browser.ts'
import { openRows } from './database.ts'
import { type House, openHouse } from './house.ts'

const said = en.passkeys

let house: House
let chromium: Chromium
let count = 0
const nextVolunteer = () => house.riverbend.volunteers[count++] ?? ''

beforeAll(async () => {
  house = await openHouse()
  chromium = await openChromium(house)
})
afterEach(async () => {
  await chromium.sendHome()
})
afterAll(async () => {
  await chromium.close()
})

type Credential = Awaited<ReturnType<typeof credentialsOf>>[number]

async function credentialsOf(cdp: CDPSession, authenticatorId: string) {
  return (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials
}

/** A device with a fingerprint reader. Its user touches it only where a test says so: `touch` and `leave`. */
async function deviceOf(visitor: Visitor) {
  const cdp: CDPSession = await visitor.context.newCDPSession(visitor.page)
  await cdp.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: false,
    },
  })
  const touching = (enabled: boolean) =>
    cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
  return {
    touch: () => touching(true),
    leave: () => touching(false),
    forgetsWho: () => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    credentials: () => credentialsOf(cdp, authenticatorId),
    async hold(credential: Credential) {
      await cdp.send('WebAuthn.clearCredentials', { authenticatorId })
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
    },
  }
}

/** Signs in by mail and takes up the offer. */
async function withPasskey(address: string) {
  const ann = await chromium.visitor()
  const device = await deviceOf(ann)
  await signInByLink(house, ann, address)
  await ann.follow(said.offer.add)
  await add(ann, device)
  return { ann, device }
}

async function add(ann: Visitor, device: Awaited<ReturnType<typeof deviceOf>>, name?: string) {
  if (name !== undefined) await ann.fill(said.own.name, name)
  await device.touch()
  await ann.press(said.own.add)
  await device.leave()
  expect(await ann.page.getByRole('status').innerText()).toBe(said.own.done.added)
}

/** By the button, in a browser that is signed out and offers no passkeys at fields: a touch would be faster than the press. */
async function signInAtButton(visitor: Visitor, device: Awaited<ReturnType<typeof deviceOf>>) {
  await visitor.page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = undefined')
  await visitor.open('/sign-in')
  await device.touch()
  await visitor.andWait(() => visitor.page.getByRole('button', { name: said.signIn.button }).click())
  await device.leave()
}

it('offered after a sign-in, set up in two presses, and the next sign-in takes one', async () => {
  const address = nextVolunteer()
  const { ann, device } = await withPasskey(address)
  expect(ann.path()).toBe('/account')
  const [credential] = await device.credentials()
  expect(credential).toMatchObject({ isResidentCredential: true, rpId: 'localhost', userName: address })
  const mail = await newestMail(house, address, 1)
  expect(mail.subject).toBe(said.mail.subject.added('Riverbend Food Bank'))

  await ann.press(en.nav.signOut)
  await signInAtButton(ann, device)
  expect(ann.path()).toBe('/organization/riverbend')
  expect((await ann.ask('/me')).json['email']).toBe(address)
  await ann.open('/account')
  expect(await ann.page.locator('.sessions > li').first().innerText()).toContain(
    en.account.sessions.ways.passkey,
  )
  expect(await ann.text()).not.toContain(said.own.neverUsed)
})

it('the browser offers it at the email field, without a press', async () => {
  const address = nextVolunteer()
  const { ann, device } = await withPasskey(address)
  await ann.press(en.nav.signOut)
  await ann.open('/sign-in')
  expect(await ann.page.getByLabel(en.signIn.ask.label).getAttribute('autocomplete')).toBe(
    'username webauthn',
  )
  // Chromium asks the virtual device as soon as the visitor could pick a passkey in its list.
  await device.touch()
  await ann.open('/sign-in?next=%2Fshifts')
  await ann.page.waitForURL('**/shifts')
  expect((await ann.ask('/me')).json['email']).toBe(address)
})

it('two devices, one removed: the other still signs in', async () => {
  const address = nextVolunteer()
  const { ann: laptop, device: ofLaptop } = await withPasskey(address)
  const phone = await chromium.visitor()
  const ofPhone = await deviceOf(phone)
  await signInByLink(house, phone, address)
  await phone.open('/account')
  await add(phone, ofPhone, 'Phone')
  expect(await phone.page.locator('#passkeys li').count()).toBe(2)
  const laptops = phone.page.locator('#passkeys li').filter({ hasNotText: 'Phone' })
  await phone.andWait(() => laptops.getByRole('button').click())
  expect(await phone.page.getByRole('status').innerText()).toBe(said.own.done.removed)
  expect(await phone.page.locator('#passkeys li').count()).toBe(1)

  await laptop.press(en.nav.signOut)
  await signInAtButton(laptop, ofLaptop)
  expect(laptop.status()).toBe(422)
  expect(await laptop.text()).toContain(said.signIn.errors.refused)
  await phone.press(en.nav.signOut)
  await signInAtButton(phone, ofPhone)
  expect((await phone.ask('/me')).json['email']).toBe(address)
})

it('a copy whose count is behind is refused and turned off, on both devices', async () => {
  const address = nextVolunteer()
  const { ann, device } = await withPasskey(address)
  const [early] = await device.credentials()
  if (!early) throw new Error('there is a passkey')
  await ann.press(en.nav.signOut)
  await signInAtButton(ann, device)
  await ann.press(en.nav.signOut)
  await signInAtButton(ann, device)
  await ann.press(en.nav.signOut)

  const thief = await chromium.visitor()
  const copy = await deviceOf(thief)
  await copy.hold(early)
  await signInAtButton(thief, copy)
  expect(thief.status()).toBe(422)
  expect(await thief.text()).toContain(said.signIn.errors.copied)
  await signInAtButton(ann, device)
  expect(await ann.text()).toContain(said.signIn.errors.refused)
  expect((await newestMail(house, address, 2)).subject).toBe(said.mail.subject.refused('Riverbend Food Bank'))
})

it('at the host of another organization the device has none', async () => {
  const { device } = await withPasskey(nextVolunteer())
  const [credential] = await device.credentials()
  if (!credential) throw new Error('there is a passkey')
  const ann = await chromium.visitor({ customer: house.hillside })
  const there = await deviceOf(ann)
  await there.hold(credential)
  await there.touch()
  await ann.open('/sign-in')
  await ann.page.getByRole('button', { name: said.signIn.button }).click()
  await ann.page.getByRole('alert').waitFor()
  expect(await ann.page.getByRole('alert').innerText()).toBe(said.signIn.cancelled)
  expect(ann.path()).toBe('/sign-in')
  // The form is whole again, and the address can be typed.
  expect(await ann.page.getByRole('button', { name: said.signIn.button }).isEnabled()).toBe(true)
})

it('a device that does not verify its user neither adds one nor signs in', async () => {
  const address = nextVolunteer()
  const { ann, device } = await withPasskey(address)
  await device.forgetsWho()
  await device.touch()
  await ann.press(en.nav.signOut)
  await ann.page.getByRole('button', { name: said.signIn.button }).click()
  await ann.page.getByRole('alert').waitFor()
  expect(ann.path()).toBe('/sign-in')
})

it('without JavaScript there is no button that does nothing, and those there are can be removed', async () => {
  const address = nextVolunteer()
  await withPasskey(address)
  const ann = await chromium.visitor({ javaScriptEnabled: false })
  await ann.open('/sign-in')
  expect(await ann.page.getByRole('button', { name: said.signIn.button }).count()).toBe(0)
  await comeSignedIn(house, ann, address)
  expect(await ann.page.getByText(said.offer.heading).isVisible()).toBe(false)
  await ann.open('/account')
  expect(await ann.page.getByRole('button', { name: said.own.add }).count()).toBe(0)
  expect(await ann.text()).toContain(said.own.notHere)
  await ann.andWait(() => ann.page.locator('#passkeys li').getByRole('button').click())
  expect(await ann.page.getByRole('status').innerText()).toBe(said.own.done.removed)
  expect(await ann.page.locator('#passkeys li').count()).toBe(0)
})

it('the offer is declined with a press, and does not come back', async () => {
  const ann = await chromium.visitor()
  await signInByLink(house, ann, nextVolunteer())
  expect(await ann.page.getByText(said.offer.heading).isVisible()).toBe(true)
  await ann.press(said.offer.notNow)
  expect(ann.path()).toBe('/organization/riverbend')
  expect(await ann.page.getByText(said.offer.heading).count()).toBe(0)
})

it('staff confirm with it before they see a volunteer, and go on to where they wanted', async () => {
  const staff = house.riverbend.staff[0] ?? ''
  const ann = await chromium.visitor()
  const device = await deviceOf(ann)
  await comeSignedIn(house, ann, staff, { path: '/account' })
  await ann.follow(said.own.step)
  await ann.press(en.secondStep.mailIt.button)
  const { code } = await newestMail(house, staff, 1)
  await ann.fill(en.secondStep.code.label, code ?? '')
  await ann.press(en.secondStep.code.button)
  expect(ann.path()).toBe('/account')
  await add(ann, device)
  const database = await openRows(house.database)
  const { id } = await database.one<{ id: string }>('select id from person where address = ?', staff)
  await database.close()

  await comeSignedIn(house, ann, staff, { path: `/admin/volunteers/${id}` })
  expect(ann.path()).toBe('/admin/second-step')
  expect(await ann.text()).not.toContain(en.secondStep.passkey.without)
  await device.touch()
  await ann.andWait(() => ann.page.getByRole('button', { name: en.secondStep.passkey.button }).click())
  await device.leave()
  expect(ann.path()).toBe(`/admin/volunteers/${id}`)
})
