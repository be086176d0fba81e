import { expect } from 'vitest'
import { findOrCreatePerson } from '../src/accounts/people.ts'
import { customerBySlug } from '../src/customers/customers.ts'
import { mailMethod } from '../src/sign-in/mail/method.tsx'
import { methodContract } from '../src/sign-in/methods.contract.ts'
import { passkeyMethod } from '../src/sign-in/passkey/method.tsx'
import { addPasskey } from '../src/sign-in/passkey/passkeys.ts'
import { passwordMethod } from '../src/sign-in/password/method.tsx'
import { openStore } from '../src/store/engines.ts'
import { exportAnswer } from '../src/volunteer/account/answers.ts'
import { makeKey, type SoftKey } from './authenticator.ts'
import { openRows } from './database.ts'
import { openHouse, pathOf, signIn, type TestBrowser } from './house.ts'

methodContract(mailMethod, async () => {
  const house = await openHouse()
  const [first = '', second = ''] = house.riverbend.volunteers
  return {
    known: [first, second] as const,
    unknown: 'stranger@example.org',
    attempt: () => {
      const browser = house.browser()
      let address = ''
      return {
        begin: async (email: string) => {
          address = email
          const { status, headers, text } = await browser.post('/sign-in', { email })
          const { date: _, 'x-request-id': _id, 'set-cookie': cookie, ...rest } = headers
          const page = await browser.get('/sign-in/check-email')
          const cookies = String(cookie).replace(/=[A-Za-z0-9]{32};/, '=*;')
          return {
            status,
            rest,
            cookies,
            text,
            page: page.text.replace(/<b>[^@]*@[^<]*<\/b>/, '*').replace(/\d+:\d\d [ap]m/, '*'),
          }
        },
        finish: async () => {
          const [mail] = await house.emailsTo(address)
          return browser.post(pathOf(mail?.links[0]))
        },
        proofs: () => liveProofs(browser),
      }
    },
    close: async () => {
      await house.close()
      expect(house.errors).toEqual([])
    },
  }
})

methodContract(passwordMethod, async () => {
  const house = await openHouse()
  const [first = '', second = ''] = house.riverbend.volunteers
  const password = 'purple kettle marches sideways'
  const database = await openRows(house.database)
  await database.run('update customer set passwords = 1')
  await database.close()
  for (const address of [first, second]) {
    const owner = await signIn(house, address)
    await owner.post('/account/password', { password })
    await owner.post('/account/sessions/end-all')
    await owner.post('/sign-out')
  }
  return {
    known: [first, second] as const,
    unknown: 'stranger@example.org',
    attempt: () => {
      const browser = house.browser()
      let address = ''
      return {
        begin: async (email: string) => {
          address = email
          const page = await browser.get('/sign-in/password')
          const { status, headers, text } = await browser.post('/sign-in/password', {
            email,
            password: 'wrong',
          })
          // The form gives the address back, as long as it is.
          const { date: _, 'x-request-id': _id, 'content-length': __, ...rest } = headers
          return { page: page.text, status, rest, text: text.replaceAll(/value="[^"]*@[^"]*"/g, '*') }
        },
        finish: () => browser.post('/sign-in/password', { email: address, password }),
        proofs: () => liveProofs(browser),
      }
    },
    close: async () => {
      await house.close()
      expect(house.errors).toEqual([])
    },
  }
})

/** Of the sessions that are not over. */
async function liveProofs(browser: TestBrowser): Promise<string[]> {
  const answer = await browser.get('/portal/api/me/export')
  if (answer.status === 401) return []
  const { sessions } = exportAnswer.parse(answer.json())
  return sessions.filter((session) => session.ended_at === null).map((session) => session.signed_in_by)
}

methodContract(passkeyMethod, async () => {
  const house = await openHouse()
  const [first = '', second = ''] = house.riverbend.volunteers
  const store = await openStore({ database: house.database })
  const customer = await customerBySlug(store, house.riverbend.slug)
  if (!customer) throw new Error('no customer')
  const keys = new Map<string, SoftKey>()
  for (const address of [first, second]) {
    const userHandle = Buffer.from(address).toString('base64url')
    const key = makeKey({ origin: customer.publicOrigin, userHandle })
    await store.write(function* () {
      const vomoUserId = String(house.userByEmail(address).id)
      const met = { customerId: customer.id, vomoUserId, address }
      const person = yield* findOrCreatePerson(store.db, met, house.nowMs())
      yield* addPasskey(store.db, person, key.keptAt('localhost'), house.nowMs())
    })
    keys.set(address, key)
  }
  await store.close()
  return {
    known: [first, second] as const,
    unknown: 'stranger@example.org',
    attempt: () => {
      const browser = house.browser()
      let key: SoftKey | undefined
      let challenge = ''
      return {
        // The portal is not told whose passkeys the browser holds until one has signed.
        begin: async (email: string) => {
          key = keys.get(email)
          const { status, headers, json } = await browser.post('/sign-in/passkey/options')
          const { challenge: given, ...options } = json()
          challenge = String(given)
          const { date: _, 'x-request-id': _id, 'set-cookie': cookie, ...rest } = headers
          return { status, rest, options, cookie: String(cookie).replace(/=[0-9a-f]+;/, '=*;') }
        },
        finish: () => browser.post('/sign-in/passkey', { credential: key?.signed(challenge) ?? '' }),
        proofs: async () => {
          const answer = await browser.get('/portal/api/me/export')
          return answer.status === 401
            ? []
            : exportAnswer.parse(answer.json()).sessions.map((session) => session.signed_in_by)
        },
      }
    },
    close: async () => {
      await house.close()
      expect(house.errors).toEqual([])
    },
  }
})
