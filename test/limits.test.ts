import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../src/limits.ts'
import { openStore } from '../src/store/engines.ts'
import { en } from '../src/text/en.ts'
import { askForMail, type House, openHouse, pathOf, signIn } from './house.ts'
import { addProviderTo, openHouseStore } from './house-store.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

let house: House

beforeAll(async () => {
  house = await openHouse({
    limits: {
      signInRequestsPerNetwork: { count: 40, perMs: 60_000 },
      mailsPerPerson: defaultLimits.mailsPerPerson,
      lookUpsPerAddress: defaultLimits.lookUpsPerAddress,
      missesPerNetwork: { count: 30, perMs: 60_000 },
      strangerMailsPerNetwork: { count: 3, perMs: 86_400_000 },
      providerSignInsPerNetwork: { count: 5, perMs: 60_000 },
    },
  })
})
afterAll(async () => {
  await house.close()
  expect(house.errors).toEqual([])
})

/** Asks for an address from one of a thousand networks: all of 127.0.0.0/8 is this machine. */
function askFrom(network: number, email: string): Promise<number> {
  const { host } = house.riverbend
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port: house.portal.port,
        localAddress: `127.1.${network >> 8}.${network & 255 || 1}`,
        agent: false,
        method: 'POST',
        path: '/sign-in',
        headers: {
          host,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    asking.on('error', reject)
    asking.end(new URLSearchParams({ email }).toString())
  })
}

async function flood(email: string, networks: readonly number[]): Promise<void> {
  const answers = await Promise.all(networks.map((network) => askFrom(network, email)))
  expect(new Set(answers)).toEqual(new Set([303]))
  await house.portal.idle()
}

const isSignedIn = async (browser: ReturnType<House['browser']>) =>
  (await browser.get('/portal/api/me')).status === 200

describe('limits', () => {
  it('sign-ins that begin through a provider count, also while it is down: each is an event', async () => {
    await addProviderTo(house, { slug: 'riverbend', name: 'down', issuer: 'http://127.0.0.1:9' })
    const answers: number[] = []
    for (let i = 0; i < 8; i += 1) answers.push((await house.browser().post('/sign-in/with/down')).status)
    expect(answers).toEqual([503, 503, 503, 503, 503, 429, 429, 429])
    const { store } = await openHouseStore(house)
    const refused = store.db
      .selectFrom('audit_event')
      .select('id')
      .where('kind', '=', 'sign_in.provider_refused')
    expect(await store.read(refused.compile())).toHaveLength(5)
    await store.close()
  })

  it('advisory 28: fewer than ten emails an hour go to one address, however it is spelled and from any network', async () => {
    const [address = ''] = house.riverbend.volunteers
    const [local = '', domain = ''] = address.split('@')
    const spellings = [address, address.toUpperCase(), ` ${address} `, `${local}@${domain.toUpperCase()}`]
    for (let i = 0; i < 62; i += 1) {
      const answer = await house.browser().post('/sign-in', { email: spellings[i % spellings.length] ?? '' })
      expect(answer.status).toBe(303)
      await house.portal.idle()
      house.pass(minuteMs)
    }
    const emails = await house.emailsTo(address)
    expect(emails.length).toBeGreaterThan(5)
    expect(emails.length).toBeLessThan(10)
  })

  it('row 2: while a thousand networks ask for an address every 20 seconds, its owner gets in from a known browser at once and from a new one within five minutes', async () => {
    const address = house.riverbend.volunteers[1] ?? ''
    const known = await signIn(house, address)
    await known.post('/sign-out')
    house.pass(2 * hourMs)
    const startedAtMs = house.nowMs()

    let next = 0
    const nextNetworks = (count: number) => Array.from({ length: count }, () => next++ % 1000)
    // All thousand at first, then some of them every 20 seconds: a refused request changes nothing for the next.
    await flood(address, nextNetworks(1000))
    const floodFor = async (steps: number) => {
      for (let step = 0; step < steps; step += 1) {
        await flood(address, nextNetworks(3))
        house.pass(20_000)
      }
    }
    await floodFor(60)

    // Immediate with an email of the owner's own and its code, which ends every other email.
    const before = (await house.emailsTo(address)).length
    const mail = await askForMail(house, known, address)
    expect(await house.emailsTo(address)).toHaveLength(before + 1)
    expect((await known.post('/sign-in/code', { code: mail.code ?? '' })).status).toBe(303)
    expect(await isSignedIn(known)).toBe(true)

    const fresh = house.browser()
    let waitedMs = 0
    for (; waitedMs <= 10 * minuteMs; waitedMs += 20_000) {
      await fresh.post('/sign-in', { email: address })
      const [newest] = await house.emailsTo(address)
      if ((await fresh.post(pathOf(newest?.links[0]))).status === 303) break
      await floodFor(1)
    }
    expect(await isSignedIn(fresh)).toBe(true)
    expect(waitedMs).toBeLessThanOrEqual(5 * minuteMs)
    await floodFor(60)
    const inAnHour = (await house.emailsTo(address)).filter(({ sent_at: atMs }) => atMs >= startedAtMs)
    expect(inAnHour.length).toBeLessThan(10)
  }, 60_000)

  it('row 2: all through a flood a mail in the mailbox still signs in, and VOMO is hardly asked', async () => {
    const address = house.riverbend.volunteers[2] ?? ''
    const calls = (await house.callsToVomo()).length
    for (let minute = 0; minute < 45; minute += 1) {
      await flood(address, [minute])
      house.pass(minuteMs)
      const [newest] = await house.emailsTo(address)
      const opened = await house.browser().get(pathOf(newest?.links[0]))
      expect([minute, opened.status]).toEqual([minute, 200])
    }
    expect((await house.callsToVomo()).length - calls).toBeLessThan(40)
  }, 60_000)

  it('row 2: strangers who ask push no mail out that a known browser asked for, nor do their wrong codes close its code', async () => {
    const open = await openHouse()
    try {
      const address = open.riverbend.volunteers[3] ?? ''
      const known = await signIn(open, address)
      await known.post('/sign-out')
      const own = await askForMail(open, known, address)
      const stranger = open.browser()
      for (let i = 0; i < 5; i += 1) {
        await stranger.post('/sign-in', { email: address })
        await open.portal.idle()
        for (let k = 0; k < 5; k += 1) await stranger.post('/sign-in/code', { code: '2222-2222' })
      }
      const closed = await stranger.post('/sign-in/code', { code: '2222-2222' })
      expect(closed.text).toContain(en.signIn.checkMail.errors.too_many_tries)
      expect((await known.get(pathOf(own.links[0]))).status).toBe(200)
      expect((await known.post('/sign-in/code', { code: own.code ?? '' })).status).toBe(303)

      // Known until its owner ends, on any device, the session it signed in with.
      const store = await openStore({ database: open.database })
      const browsers = () => store.read(store.db.selectFrom('known_browser').select('address').compile())
      expect(await browsers()).toEqual([{ address }])
      const exported = (await known.get('/portal/api/me/export')).json()
      expect(exported['known_browsers']).toEqual([
        { address, signed_in_at: expect.any(String), expires_at: expect.any(String) },
      ])
      const elsewhere = await signIn(open, address)
      expect(await browsers()).toHaveLength(2)
      await elsewhere.post('/account/sessions/end-others')
      expect(await browsers()).toHaveLength(1)
      await elsewhere.post('/account/sessions/end-all')
      expect(await browsers()).toHaveLength(0)
      await store.close()
    } finally {
      await open.close()
    }
  })

  it('row 2: the page says that earlier emails count and when to ask again, alike for every address', async () => {
    const pages: string[] = []
    for (const email of [house.riverbend.volunteers[4] ?? '', 'no-such-volunteer@example.org']) {
      const browser = house.browser()
      for (let i = 0; i < 4; i += 1) await browser.post('/sign-in', { email })
      const { text } = await browser.get('/sign-in/check-email')
      expect(text).toContain(en.signIn.checkMail.nothing.earlier)
      expect(text).toMatch(/You can ask for another one at \d+:\d\d\s[ap]m/)
      pages.push(text.replace(/<b>.*?<\/b>/, '').replace(/\d+:\d\d\s[ap]m/, 'then'))
      house.pass(6 * minuteMs)
      expect((await browser.get('/sign-in/check-email')).text).not.toContain('You can ask for another one at')
    }
    expect(pages[0]).toBe(pages[1])
  })

  it('strangers on one network set off three emails a day here, and no answer tells which', async () => {
    house.pass(hourMs)
    const answers: number[] = []
    for (let i = 0; i < 6; i += 1) {
      answers.push((await house.browser().post('/sign-in', { email: `stranger${i}@example.org` })).status)
      await house.portal.idle()
    }
    const emails = await Promise.all(answers.map((_, i) => house.emailsTo(`stranger${i}@example.org`)))
    expect(emails.flat().length).toBeLessThanOrEqual(3)
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

  it('row 2: in a hall where one visitor uses up the network’s requests and tries, known browsers still ask, and real links and codes sign in', async () => {
    house.pass(hourMs)
    const [ann = '', ben = ''] = house.riverbend.volunteers.slice(5)
    const known = await signIn(house, ann)
    await known.post('/sign-out')
    const new1 = house.browser()
    const mail = await askForMail(house, new1, ben)
    const until429 = async (ask: () => Promise<{ status: number }>) => {
      for (let status = 0; status !== 429; ) status = (await ask()).status
    }
    await until429(() => house.browser().post('/sign-in', { email: 'a@b.example' }))
    expect((await known.post('/sign-in', { email: ann })).status).toBe(303)
    // Known for her address alone: for another, she counts like any visitor.
    await until429(() => known.post('/sign-in', { email: ben }))
    expect((await known.post('/sign-in', { email: ann })).status).toBe(303)
    await until429(() => house.browser().get(`/auth/${'x'.repeat(32)}`))
    expect((await new1.get(pathOf(mail.links[0]))).status).toBe(200)
    expect((await new1.post('/sign-in/code', { code: mail.code ?? '' })).status).toBe(303)
  })

  it('tries of links and codes are counted together', async () => {
    house.pass(hourMs)
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
