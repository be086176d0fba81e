import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { mailMethod } from '../src/sign-in/mail/method.tsx'
import { methodContract } from '../src/sign-in/methods.contract.ts'
import { passwordMethod } from '../src/sign-in/password/method.tsx'
import { exportAnswer } from '../src/volunteer/account/answers.ts'
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
          const { date: _, 'set-cookie': cookie, ...rest } = headers
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
  const database = new Database(join(house.dataFolder, 'porchlight.db'))
  database.prepare('update customer set passwords = 1').run()
  database.close()
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
          const { date: _, 'content-length': __, ...rest } = headers
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
