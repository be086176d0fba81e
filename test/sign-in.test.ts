import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../src/text/en.ts'
import { askForMail, type House, openHouse, pathOf, signIn } from './house.ts'

const minuteMs = 60_000

let house: House
let turn = 0
/** The next ordinary volunteer, so that tests do not see each other's emails. */
const nextVolunteer = () => house.riverbend.volunteers[turn++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse()
})
afterAll(async () => {
  await house.close()
  expect(house.errors).toEqual([])
})

const isSignedIn = async (browser: ReturnType<House['browser']>) =>
  (await browser.get('/portal/api/me')).status === 200

describe('asking for a sign-in mail', () => {
  it('answers known, unknown, twice-held and odd addresses alike', async () => {
    const { traps } = house
    const addresses = [
      nextVolunteer(),
      'nobody@example.org',
      traps.twoExact,
      traps.scrubbedEmail,
      'a@b',
      "o'x%y@z.example",
    ]
    const answers = await Promise.all(addresses.map((email) => house.browser().post('/sign-in', { email })))
    const seen = answers.map(({ status, headers, text }) => {
      const { date: _, 'x-request-id': _id, 'set-cookie': cookie, ...rest } = headers
      return { status, text, rest, cookie: String(cookie).replace(/=[A-Za-z0-9]{32};/, '=*;') }
    })
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(seen[0]?.status).toBe(303)
    expect(seen[0]?.rest['location']).toBe('/sign-in/check-email')
    expect(seen[0]?.cookie).toBe('porchlight_asked=*; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax')
  })

  it('answers before VOMO is asked', async () => {
    const latencyMs = 1_900
    await house.sandboxOptions({ latency_ms: latencyMs })
    const started = performance.now()
    await house.browser().post('/sign-in', { email: nextVolunteer() })
    expect(performance.now() - started).toBeLessThan(latencyMs)
    await house.portal.idle()
    await house.sandboxOptions({ latency_ms: 0 })
  })

  it('says at once what is wrong with something that cannot be an address', async () => {
    for (const email of ['', 'ann', 'ann@x@y', 'a,b@x.example', `${'a'.repeat(300)}@x.example`]) {
      const answer = await house.browser().post('/sign-in', { email })
      expect(answer.status, email).toBe(422)
      expect(answer.text).toContain('aria-invalid="true"')
    }
    const api = await house.browser().postJson('/portal/api/sign-in', { email: 'ann' })
    expect(api.status).toBe(422)
    expect(api.json()).toMatchObject({ code: 'invalid_request', errors: { email: expect.any(String) } })
  })

  it.each([
    ['\u200b', '\u200b'],
    ['\u202a', '\u202c'],
    ['\u2066', '\u2069'],
    ['\ufeff\u00a0', '\u00ad'],
    ['', '. '],
    ['', '.'],
    ['Rosa Ortega <', '>'],
    ['"Ortega, Rosa" <', '>;'],
    ['mailto:', ''],
    ["'", "'"],
    ['<mailto:', '?subject=Hours>'],
    ['', ';'],
    ['', ', '],
  ])(
    'row 14: an address pasted as %j…%j is read, mailed and shown without what was around it',
    async (before, after) => {
      const address = nextVolunteer()
      const browser = house.browser()
      const pasted = `${before}${address.replace('@', '＠')}${after}`
      for (const email of [`${before}${address}${after}`, pasted]) {
        expect((await browser.post('/sign-in', { email })).headers['location']).toBe('/sign-in/check-email')
        expect((await house.emailsTo(address)).length).toBeGreaterThan(0)
        expect((await browser.get('/sign-in/check-email')).text).not.toMatch(/\p{Cf}|＠|mailto:.*Rosa/u)
      }
    },
  )

  it.each([
    ['a@x.example, b@x.example', /more than one/, 'a@x.example, b@x.example'],
    ['Rosa a@x.example <b@x.example>', /more than one/, 'Rosa a@x.example &lt;b@x.example>'],
    ['ro\u200bsa@x.example', /invisible/, 'rosa@x.example'],
    ['rosa ortega@x.example', /space/, 'rosa ortega@x.example'],
  ])(
    'row 14: %j is refused with the reason, and what can be seen of it is given back',
    async (email, reason, shown) => {
      const answer = await house.browser().post('/sign-in', { email })
      expect(answer.status).toBe(422)
      expect(answer.text).toMatch(reason)
      expect(answer.text).toContain(`value="${shown}"`)
    },
  )

  it('row 15: an address that no mail can be sent to is refused at all four doors, with the rule', async () => {
    const { api_token: token, app_key: key, app_secret: secret } = house.riverbend
    const json = { 'content-type': 'application/json' }
    for (const [email, rule] of [
      ['.a@x.example', /dot/],
      ['a.@x.example', /dot/],
      ['a..b@x.example', /dot/],
      ['a@-x.example', /hyphen/],
      ['a@x-.example', /hyphen/],
      ['a@x.example-', /hyphen/],
    ] as const) {
      const page = await house.browser().post('/sign-in', { email })
      expect([page.status, page.text], email).toEqual([422, expect.stringMatching(rule)])
      const api = await house.browser().postJson('/portal/api/sign-in', { email })
      expect([api.status, api.json()], email).toMatchObject([
        422,
        { errors: { email: expect.stringMatching(rule) } },
      ])
      const vomo = await house.send('POST', '/v1/users/one-time', {
        headers: { ...json, authorization: `Bearer ${token}` },
        body: JSON.stringify({ email, ip_address: '203.0.113.7' }),
      })
      expect([vomo.status, vomo.json()], email).toMatchObject([
        422,
        { errors: { email: ['The email must be a valid email address.'] } },
      ])
      const rownd = await house.send('POST', '/hub/auth/magic', {
        headers: { ...json, 'x-rownd-app-key': key, 'x-rownd-app-secret': secret },
        body: JSON.stringify({ purpose: 'auth', verification_type: 'email', data: { email } }),
      })
      expect([rownd.status, rownd.text], email).toEqual([400, expect.stringMatching(rule)])
      expect(await house.emailsTo(email)).toEqual([])
    }
  })

  it('puts a link and a code in the mail, the organization in its name, and no address in the link', async () => {
    const address = nextVolunteer()
    const mail = await askForMail(house, house.browser(), address)
    expect(mail.subject).toContain('Riverbend Food Bank')
    const [link = ''] = mail.links
    expect(link).toMatch(/^http:\/\/localhost:\d+\/auth\/[A-Za-z0-9]+$/)
    expect(link.length).toBeLessThanOrEqual(76)
    expect(mail.code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
    expect(mail.text).toContain(link)
    expect(mail.text).toContain(mail.code)
    expect(mail.text.split('\n')).toContain(link)
    expect(mail.html).toContain(link)
  })

  it('refuses an unknown field in the API', async () => {
    const answer = await house
      .browser()
      .postJson('/portal/api/sign-in', { email: 'a@b.example', admin: true })
    expect(answer.status).toBe(422)
    expect(answer.json()['errors']).toHaveProperty('admin')
  })
})

describe('a person who is not on record', () => {
  it('is told so by mail once a day, in plain words, and nothing else', async () => {
    const address = 'not-a-volunteer@example.org'
    const mail = await askForMail(house, house.browser(), address)
    expect(mail.code).toBeNull()
    expect(mail.links.some((link) => link.includes('/auth/'))).toBe(false)
    expect(mail.text).toContain('Riverbend Food Bank')
    await house.browser().post('/sign-in', { email: address })
    expect(await house.emailsTo(address)).toHaveLength(1)
    house.pass(25 * 60 * minuteMs)
    await askForMail(house, house.browser(), address)
    expect(await house.emailsTo(address)).toHaveLength(2)
  })

  it('is a person whose address two records share, or who was deleted in VOMO', async () => {
    for (const address of [house.traps.twoExact, house.traps.twoExactByCase[0]]) {
      const mail = await askForMail(house, house.browser(), address)
      expect(mail.code, address).toBeNull()
    }
    await house.browser().post('/sign-in', { email: house.traps.scrubbedEmail })
    const emails = await house.emailsTo(house.traps.scrubbedEmail)
    expect(emails.every((mail) => mail.code === null)).toBe(true)
  })

  it('is not a person whose exact address is on the second page of a search, in capitals, or with + and _', async () => {
    const { exactOnPageTwo, upperCase, plus, underscore, contained } = house.traps
    for (const address of [
      exactOnPageTwo,
      upperCase,
      upperCase.toLowerCase(),
      plus,
      underscore,
      ...contained,
    ]) {
      const mail = await askForMail(house, house.browser(), address)
      expect(mail.code, address).not.toBeNull()
      expect(mail.to.toLowerCase()).toBe(address.toLowerCase())
    }
  })
})

describe('opening a link', () => {
  it('stays unspent and opens no session for every opener, however often', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    const path = pathOf(mail.links[0])
    const scanner = house.browser()
    for (const headers of [
      {},
      { 'sec-purpose': 'prefetch' },
      { purpose: 'preview' },
      { 'user-agent': 'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; SafeLinks)' },
      { 'user-agent': 'WhatsApp/2.0' },
    ]) {
      const opened = await scanner.get(path, headers)
      expect(opened.status).toBe(200)
      expect(opened.headers['set-cookie']).toBeUndefined()
    }
    for (let i = 0; i < 10; i += 1) expect((await scanner.head(path)).status).toBe(200)
    const options = await house.send('OPTIONS', path)
    expect(options.headers['set-cookie']).toBeUndefined()
    expect(await isSignedIn(scanner)).toBe(false)

    const spent = await browser.post(path)
    expect(spent.status).toBe(303)
    expect(spent.headers['location']).toBe('/organization/riverbend')
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('says in the browser that asked that it did, and names only a masked address in another', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    const mail = await askForMail(house, browser, address)
    const path = pathOf(mail.links[0])
    const here = await browser.get(path)
    const elsewhere = await house.browser().get(path)
    expect(here.text).toContain('You asked for this link here')
    expect(elsewhere.text).toContain('another device')
    for (const page of [here.text, elsewhere.text]) expect(page).not.toContain(address)
    expect(elsewhere.headers['referrer-policy']).toBe('strict-origin')
    expect(elsewhere.headers['cache-control']).toBe('no-store')
  })

  it('warns when another person is signed in there, and going on signs that one out', async () => {
    const [first, second] = [nextVolunteer(), nextVolunteer()]
    const browser = await signIn(house, first)
    const formerSession = browser.cookies.get('porchlight_session')
    const mail = await askForMail(house, house.browser(), second)
    const path = pathOf(mail.links[0])
    expect((await browser.get(path)).text).toContain('is signed in here right now')
    expect((await browser.post(path)).status).toBe(303)
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(second)
    const former = house.browser()
    former.cookies.set('porchlight_session', formerSession ?? '')
    expect(await isSignedIn(former)).toBe(false)
  })

  it('works in the older form, and with what mail programs leave at its end', async () => {
    const mail = await askForMail(house, house.browser(), nextVolunteer())
    const secret = pathOf(mail.links[0]).split('/').at(-1)
    for (const path of [
      `/auth?t=${secret}`,
      `/auth/${secret}.`,
      `/auth/${secret}%3D`,
      `/auth/${secret}&amp;`,
      `/auth/${secret}%20`,
    ]) {
      expect((await house.browser().get(path)).status, path).toBe(200)
    }
  })
})

describe('spending a link', () => {
  it('signs in once; the same browser just goes on, any other is told it was used', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    const path = pathOf(mail.links[0])
    const first = await browser.post(path)
    const session = browser.cookies.get('porchlight_session')
    expect(first.status).toBe(303)
    for (const again of [await browser.post(path), await browser.get(path)]) {
      expect(again.status).toBe(303)
      expect(again.headers['location']).toBe('/organization/riverbend')
    }
    expect(browser.cookies.get('porchlight_session')).toBe(session)
    const other = house.browser()
    const replay = await other.post(path)
    expect(replay.status).toBe(410)
    expect(replay.text).toContain('already been used')
    expect(other.cookies.has('porchlight_session')).toBe(false)
  })

  it('ends with the fifteenth minute, says so, and offers a mail to the same address without retyping', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    const mail = await askForMail(house, browser, address)
    const path = pathOf(mail.links[0])
    house.pass(15 * minuteMs - 5000)
    expect((await browser.get(path)).status).toBe(200)
    house.pass(10_000)
    const dead = await browser.post(path)
    expect(dead.status).toBe(410)
    expect(dead.text).toContain('This link has expired')
    const before = (await house.emailsTo(address)).length
    const action = /action="([^"]+\/again)"/.exec(dead.text)?.[1] ?? ''
    const again = await browser.post(action)
    expect(again.headers['location']).toBe('/sign-in/check-email')
    const emails = await house.emailsTo(address)
    expect(emails).toHaveLength(before + 1)
    const asked = await browser.get('/sign-in/check-email')
    expect(asked.text).not.toContain(address)
    // "Send again" from that page goes to the same address, though the page does not know it.
    expect((await browser.post('/sign-in/again')).headers['location']).toBe('/sign-in/check-email?again=1')
    expect(await house.emailsTo(address)).toHaveLength(before + 2)
    expect((await browser.post(pathOf(emails[0]?.links[0]))).status).toBe(303)
  })

  it('leaves the last three usable, and spending one ends the others', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    const paths: string[] = []
    for (let i = 0; i < 4; i += 1) paths.push(pathOf((await askForMail(house, browser, address)).links[0]))
    const [oldest = '', second = '', third = '', newest = ''] = paths
    expect((await browser.get(oldest)).text).toContain('There’s a newer link')
    for (const path of [second, third, newest]) expect((await browser.get(path)).status).toBe(200)
    expect((await browser.post(third)).status).toBe(303)
    for (const path of [second, newest]) expect((await house.browser().post(path)).status).toBe(410)
  })

  it('shows one plain page for an invented secret, and for one of another customer', async () => {
    const mail = await askForMail(house, house.browser(), nextVolunteer())
    const path = pathOf(mail.links[0])
    const unknown = `/auth/${'x'.repeat(32)}`
    const there = house.browser(house.hillside)
    for (const answer of [
      await there.get(path),
      await there.post(path),
      await there.get(unknown),
      await there.post(unknown),
    ]) {
      expect(answer.status).toBe(410)
      expect(answer.text).toContain('We couldn’t find this link')
      expect(answer.text).toContain('Hillside Shelter')
    }
    expect((await house.browser().get(path)).status).toBe(200)
  })

  it('row 9: an email that another one ended says so, in its link, its code and the API, and each other end is told as it was', async () => {
    const browser = house.browser()
    const address = nextVolunteer()
    const older = await askForMail(house, browser, address)
    const newer = await askForMail(house, browser, address)
    expect((await browser.post(pathOf(newer.links[0]))).status).toBe(303)
    const { signIn: said } = en
    const told = async (path: string) => (await house.browser().get(path)).text
    const olderPage = await told(pathOf(older.links[0]))
    expect(olderPage).toContain(said.dead.reasons.superseded.heading)
    expect(olderPage).toContain('You signed in with another email on')
    expect(olderPage).not.toContain('already been used')
    const typed = await browser.post('/sign-in/code', { code: older.code ?? '' })
    expect([typed.status, typed.text.includes(said.checkMail.errors.superseded)]).toEqual([410, true])
    const byApi = async (proof: object) => {
      const answer = await browser.postJson('/portal/api/sign-in/complete', proof)
      return [answer.status, answer.json()['code'], answer.json()['errors']]
    }
    const token = (mail: typeof older) => pathOf(mail.links[0]).split('/').at(-1)
    expect(await byApi({ token: token(older) })).toEqual([410, 'link_not_usable', { token: 'superseded' }])
    expect(await byApi({ code: older.code })).toEqual([410, 'link_not_usable', { code: 'superseded' }])

    // By its code, which also used the link beside it.
    const coded = await askForMail(house, browser, address)
    expect((await browser.post('/sign-in/code', { code: coded.code ?? '' })).status).toBe(303)
    expect(await told(pathOf(coded.links[0]))).toContain('The link or code in this one was used on')

    // Expired before another link was used.
    const expired = await askForMail(house, browser, address)
    house.pass(16 * minuteMs)
    const last = await askForMail(house, browser, address)
    expect((await browser.post(pathOf(last.links[0]))).status).toBe(303)
    expect(await told(pathOf(expired.links[0]))).toContain(said.dead.reasons.expired.heading)

    const denied = await askForMail(house, browser, address)
    await browser.post(pathOf(denied.links[1]))
    expect(await byApi({ token: token(denied) })).toEqual([410, 'link_not_usable', { token: 'revoked' }])
    const off = await browser.post('/sign-in/code', { code: denied.code ?? '' })
    expect(off.text).toContain(said.checkMail.errors.revoked)
  })

  it('dies when its owner says it was not them, and so does the session it made', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    const notMe = pathOf(mail.links[1])
    await browser.post(pathOf(mail.links[0]))
    expect(await isSignedIn(browser)).toBe(true)
    const owner = house.browser()
    expect((await owner.get(notMe)).status).toBe(200)
    expect(await isSignedIn(browser)).toBe(true)
    expect((await owner.post(notMe)).status).toBe(303)
    expect(await isSignedIn(browser)).toBe(false)

    const second = await askForMail(house, browser, nextVolunteer())
    await owner.post(pathOf(second.links[1]))
    const dead = await browser.post(pathOf(second.links[0]))
    expect(dead.status).toBe(410)
    expect((await browser.post('/sign-in/code', { code: second.code ?? '' })).status).toBe(410)
  })

  it('row 28: who says it was not them is led to a page that a reload shows again', async () => {
    const mail = await askForMail(house, house.browser(), nextVolunteer())
    const notMe = pathOf(mail.links[1])
    const owner = house.browser()
    // The page reports nothing as done before it is.
    expect((await owner.get(`${notMe}?done=1`)).text).toContain(`action="${notMe}"`)
    const done = String((await owner.post(notMe)).headers['location'])
    expect(done).toBe(`${notMe}?done=1`)
    const [first, reloaded] = [await owner.get(done), await owner.get(done)]
    expect([first.status, first.text]).toEqual([200, reloaded.text])
    expect(first.text).toContain(en.signIn.notMe.doneHeading)
  })
})

describe('typing the code', () => {
  it('signs in the browser that asked, however it is typed', async () => {
    const forms = [
      (code: string) => code,
      (code: string) => code.toLowerCase(),
      (code: string) => ` ${code.replace('-', ' ')} `,
      (code: string) => code.replace('-', '‑'),
    ]
    for (const form of forms) {
      const browser = house.browser()
      const mail = await askForMail(house, browser, nextVolunteer())
      const answer = await browser.post('/sign-in/code', { code: form(mail.code ?? '') })
      expect(answer.status, form('ABCD-EFGH')).toBe(303)
      expect(await isSignedIn(browser)).toBe(true)
    }
  })

  it('does nothing in another browser, and does not spend it', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    const phished = house.browser()
    await phished.post('/sign-in', { email: 'eve@example.org' })
    for (const stranger of [phished, house.browser()]) {
      const answer = await stranger.post('/sign-in/code', { code: mail.code ?? '' })
      expect(answer.status).toBe(422)
      expect(stranger.cookies.has('porchlight_session')).toBe(false)
    }
    expect((await browser.post('/sign-in/code', { code: mail.code ?? '' })).status).toBe(303)
  })

  it('dies with its link', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    const elsewhere = house.browser()
    await elsewhere.post(pathOf(mail.links[0]))
    const answer = await browser.post('/sign-in/code', { code: mail.code ?? '' })
    expect(answer.status).toBe(410)
    expect(browser.cookies.has('porchlight_session')).toBe(false)
  })

  it('has five tries for each request; the link stays usable', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    for (let i = 0; i < 5; i += 1)
      expect((await browser.post('/sign-in/code', { code: '2222-2222' })).status).toBe(422)
    const sixth = await browser.post('/sign-in/code', { code: mail.code ?? '' })
    expect(sixth.status).toBe(422)
    expect(sixth.text).toContain('too many tries')
    expect((await browser.post(pathOf(mail.links[0]))).status).toBe(303)
  })

  it('row 27: a wrong one stays in its field, with the tries that are left, the same for every address', async () => {
    const { checkMail } = en.signIn
    const answers: string[] = []
    for (const address of [nextVolunteer(), 'unknown-typist@example.org']) {
      const browser = house.browser()
      await browser.post('/sign-in', { email: address })
      await house.portal.idle()
      const unreadable = await browser.post('/sign-in/code', { code: 'ABCD-EFG' })
      expect(unreadable.text).toContain(checkMail.errors.unreadable)
      for (const left of [4, 3, 2, 1, 0]) {
        const wrong = await browser.post('/sign-in/code', { code: '6666-6667' })
        expect(wrong.status).toBe(422)
        expect(wrong.text).toMatch(/<input[^>]*value="6666-6667"/)
        expect(wrong.text).toMatch(/aria-describedby="code-hint code-error" aria-invalid="true"/)
        expect(wrong.text).toContain(left > 0 ? checkMail.triesLeft(left) : checkMail.errors.last_try)
        answers.push(wrong.text.replace(/<b>.*?<\/b>/, ''))
      }
      const sixth = await browser.post('/sign-in/code', { code: '6666-6667' })
      expect(sixth.text).toContain(checkMail.errors.too_many_tries)
    }
    expect(answers.slice(5)).toEqual(answers.slice(0, 5))
  })

  it('row 27: the API counts the tries, too, and the link outlives them', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    const answers: unknown[] = []
    for (let i = 0; i < 6; i += 1) {
      const answer = await browser.postJson('/portal/api/sign-in/complete', { code: '7777-7778' })
      const { code, errors, tries_left } = answer.json()
      answers.push([answer.status, code, errors, tries_left])
    }
    const wrong = (left: number) => [422, 'code_not_usable', { code: 'wrong_code' }, left]
    expect(answers).toEqual([
      ...[4, 3, 2, 1, 0].map(wrong),
      [422, 'code_not_usable', { code: 'too_many_tries' }, 0],
    ])
    expect((await browser.post(pathOf(mail.links[0]))).status).toBe(303)
  })

  it('has no more tries when they all come at once', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    const wrong = Array.from({ length: 40 }, () => browser.post('/sign-in/code', { code: '3333-3333' }))
    const said = (await Promise.all(wrong)).map(({ text }) => text.includes('doesn’t match'))
    expect(said.filter(Boolean)).toHaveLength(5)
    expect((await browser.post('/sign-in/code', { code: mail.code ?? '' })).status).toBe(422)
  })

  it('has ten wrong ones an hour for an address over all requests, known or not', async () => {
    for (const address of [nextVolunteer(), 'unknown-guess@example.org']) {
      const outcomes: string[] = []
      for (let request = 0; request < 3; request += 1) {
        const browser = house.browser()
        await browser.post('/sign-in', { email: address })
        await house.portal.idle()
        for (let i = 0; i < 4; i += 1) {
          const { text } = await browser.post('/sign-in/code', { code: '4444-4444' })
          outcomes.push(text.includes('doesn’t match') ? 'compared' : 'refused')
        }
      }
      expect(outcomes.filter((outcome) => outcome === 'compared')).toHaveLength(10)
      expect(outcomes.slice(10)).toEqual(['refused', 'refused'])
      house.pass(61 * minuteMs)
      const later = house.browser()
      await later.post('/sign-in', { email: address })
      expect((await later.post('/sign-in/code', { code: '4444-4444' })).text).toContain('doesn’t match')
    }
  })

  it('right on the fifth try signs in, also with three requests open, and then nothing counts against the address', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    for (let i = 0; i < 2; i += 1) await askForMail(house, browser, address)
    const mail = await askForMail(house, browser, address)
    for (let i = 0; i < 4; i += 1) await browser.post('/sign-in/code', { code: '5555-5555' })
    expect((await browser.post('/sign-in/code', { code: mail.code ?? '' })).status).toBe(303)
  })

  it('says what to do when it has run out', async () => {
    const browser = house.browser()
    const mail = await askForMail(house, browser, nextVolunteer())
    house.pass(16 * minuteMs)
    const answer = await browser.post('/sign-in/code', { code: mail.code ?? '' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('has expired')
  })
})

describe('the sign-in API', () => {
  it('mirrors the pages: ask, complete by code or by token, sign out', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    const asked = await browser.postJson('/portal/api/sign-in', { email: address })
    expect([asked.status, asked.json()]).toEqual([202, { sent: true }])
    expect(browser.cookies.has('porchlight_asked')).toBe(true)
    const [mail] = await house.emailsTo(address)
    const done = await browser.postJson('/portal/api/sign-in/complete', { code: mail?.code })
    expect([done.status, done.json()]).toEqual([200, { landing: '/organization/riverbend' }])
    expect(await isSignedIn(browser)).toBe(true)
    expect((await browser.delete('/portal/api/session')).status).toBe(204)
    expect(await isSignedIn(browser)).toBe(false)

    const second = await askForMail(house, house.browser(), address)
    const token = pathOf(second.links[0]).split('/').at(-1)
    const other = house.browser()
    expect((await other.postJson('/portal/api/sign-in/complete', { token })).status).toBe(200)
    expect(await isSignedIn(other)).toBe(true)
    const dead = await house.browser().postJson('/portal/api/sign-in/complete', { token })
    expect([dead.status, dead.json()['code']]).toEqual([410, 'link_not_usable'])
  })
})

describe('where a request comes from', () => {
  it('a form from another site changes nothing, cookie or not', async () => {
    const browser = await signIn(house, nextVolunteer())
    const mail = await askForMail(house, house.browser(), nextVolunteer())
    const session = browser.cookies.get('porchlight_session') ?? ''
    const from: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://${house.hillside.host}` },
      {},
    ]
    for (const headers of from) {
      for (const [path, body] of [
        ['/sign-in', 'email=a%40b.example'],
        [pathOf(mail.links[0]), ''],
        ['/sign-in/code', 'code=22222222'],
        ['/sign-out', ''],
      ] as const) {
        const answer = await house.send('POST', path, {
          body,
          headers: {
            ...headers,
            cookie: `porchlight_session=${session}`,
            'content-type': 'application/x-www-form-urlencoded',
          },
        })
        expect(answer.status, `${path} ${JSON.stringify(headers)}`).toBe(403)
        expect(answer.headers['set-cookie']).toBeUndefined()
      }
    }
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('finds the customer by the Host alone, and an unknown one names no customer', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', 'localhost']) {
      const answer = await house.send('GET', '/sign-in', { host })
      expect(answer.status).toBe(421)
      expect(answer.text).not.toMatch(/Riverbend|Hillside/)
    }
    const forwarded = await house.send('GET', '/sign-in', {
      headers: { 'x-forwarded-host': house.hillside.host },
    })
    expect(forwarded.text).toContain('Riverbend')
    expect((await house.send('GET', '/healthz', { host: 'evil.example' })).status).toBe(200)
    const bare = await house.send('GET', '/sign-in?next=/user', { host: `127.0.0.1:${house.portal.port}` })
    expect(bare.status).toBe(302)
    expect(bare.headers['location']).toBe(`${house.portalUrl}/sign-in?next=/user`)
  })

  it('no header decides where a mailed link leads', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    await browser.post(
      '/sign-in',
      { email: address },
      { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', 'x-forwarded-proto': 'https' },
    )
    const [mail] = await house.emailsTo(address)
    expect(mail?.links.every((link) => link.startsWith(house.portalUrl))).toBe(true)
  })
})

describe('after signing in', () => {
  it('lands on the page that was wanted, and only on one of ours', async () => {
    const wanted = await house.browser().get('/shifts?page=1')
    expect(wanted.status).toBe(303)
    expect(wanted.headers['location']).toBe('/sign-in?next=%2Fshifts%3Fpage%3D1')
    for (const [next, landing] of [
      ['/shifts', '/shifts'],
      ['//evil.example', '/organization/riverbend'],
      ['https://evil.example', '/organization/riverbend'],
      ['/\\evil.example', '/organization/riverbend'],
    ] as const) {
      const address = nextVolunteer()
      const browser = house.browser()
      await browser.post('/sign-in', { email: address, next })
      const [mail] = await house.emailsTo(address)
      expect((await browser.post(pathOf(mail?.links[0]))).headers['location']).toBe(landing)
    }
  })

  it('a session ends after two weeks unused, and after thirty days in any case', async () => {
    const dayMs = 24 * 60 * minuteMs
    const idle = await signIn(house, nextVolunteer())
    house.pass(14 * dayMs + minuteMs)
    expect((await idle.get('/portal/api/me')).status).toBe(401)
    const busy = await signIn(house, nextVolunteer())
    for (let day = 0; day < 29; day += 5) {
      expect(await isSignedIn(busy), `day ${day}`).toBe(true)
      house.pass(5 * dayMs)
    }
    house.pass(minuteMs)
    expect((await busy.get('/portal/api/me')).status).toBe(401)
  })

  it('a session cookie of one customer is nothing at another', async () => {
    const browser = await signIn(house, nextVolunteer())
    const there = house.browser(house.hillside)
    there.cookies.set('porchlight_session', browser.cookies.get('porchlight_session') ?? '')
    expect((await there.get('/portal/api/me')).status).toBe(401)
  })
})
