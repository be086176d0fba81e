import { expect } from 'vitest'
import { mailMethod } from '../src/sign-in/mail/method.tsx'
import { methodContract } from '../src/sign-in/methods.contract.ts'
import { exportAnswer } from '../src/volunteer/account/answers.ts'
import { openHouse, pathOf } from './house.ts'

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
