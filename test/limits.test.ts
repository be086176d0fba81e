import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../src/limits.ts'
import { type House, openHouse } from './house.ts'

let house: House

beforeAll(async () => {
  house = await openHouse({
    limits: {
      signInRequestsPerNetwork: { count: 40, perMs: 60_000 },
      signInRequestsPerAddress: defaultLimits.signInRequestsPerAddress,
      linkTriesPerNetwork: { count: 30, perMs: 60_000 },
      strangerMailsPerNetwork: { count: 3, perMs: 86_400_000 },
    },
  })
})
afterAll(() => house.close())

describe('limits', () => {
  it('advisory 28: no more mails than five an hour go to one address, however it is spelt and whoever asks', async () => {
    const [address = ''] = house.riverbend.volunteers
    const [local = '', domain = ''] = address.split('@')
    const spellings = [address, address.toUpperCase(), ` ${address} `, `${local}@${domain.toUpperCase()}`]
    for (let i = 0; i < 9; i += 1) {
      const answer = await house.browser().post('/sign-in', { email: spellings[i % spellings.length] ?? '' })
      expect(answer.status).toBe(303)
      await house.portal.idle()
    }
    expect(await house.mailsTo(address)).toHaveLength(5)
  })

  it('strangers on one network set off three mails a day here, and no answer tells which', async () => {
    const answers: number[] = []
    for (let i = 0; i < 6; i += 1) {
      answers.push((await house.browser().post('/sign-in', { email: `stranger${i}@example.org` })).status)
      await house.portal.idle()
    }
    const mails = await Promise.all(answers.map((_, i) => house.mailsTo(`stranger${i}@example.org`)))
    expect(mails.map((each) => each.length)).toEqual([1, 1, 1, 0, 0, 0])
    expect(new Set(answers)).toEqual(new Set([303]))
  })

  it('a network that asks too often is told when to try again, before anything is looked up', async () => {
    let last = await house.browser().post('/sign-in', { email: 'a@b.example' })
    for (let i = 0; i < 45 && last.status === 303; i += 1) {
      last = await house.browser().post('/sign-in', { email: 'a@b.example' })
    }
    expect(last.status).toBe(429)
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0)
    const api = await house.browser().postJson('/portal/api/sign-in', { email: 'a@b.example' })
    expect([api.status, api.json()['code']]).toEqual([429, 'rate_limited'])
  })

  it('tries of links and codes are counted together', async () => {
    let status = 0
    for (let i = 0; i < 40 && status !== 429; i += 1) {
      const browser = house.browser()
      status = (
        i % 2 === 0
          ? await browser.get(`/auth/${'x'.repeat(32)}`)
          : await browser.post('/sign-in/code', { code: '2222-2222' })
      ).status
    }
    expect(status).toBe(429)
  })
})
