import ICAL from 'ical.js'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailboxRoutes } from '../src/demo/mailbox.tsx'
import type { ReceivedEmail } from '../src/mail/mailbox.ts'
import { parseCsv } from '../src/volunteer/hours/csv.fixture.ts'
import { opportunityKeys } from '../src/volunteer/opportunities/view.ts'
import { inParallel } from './attack.ts'
import { canary, type Tenant } from './canaries.ts'
import { type CanaryHouse, openCanaryHouse, untilWarm } from './canary-house.ts'
import { launchChromium } from './chromium.ts'
import { hostileUrls, oddities, scriptTexts } from './script-texts.ts'
import { openUpstream } from './upstream.ts'

const volunteers = 40
const host = 'riverbend.localhost'
const origin = `http://${host}`

let house: CanaryHouse
let browser: Browser
const spoken = { shown: 0, hidden: 0 }
let urls = 0
/** A VOMO whose projects have invalid page URLs. */
const upstream = openUpstream(({ path, text }) => {
  const hostile = () => `"url":${JSON.stringify(hostileUrls[urls++ % hostileUrls.length])}`
  return /^\/v1\/projects\/\d/.test(path) ? text.replace(/"url":"[^"]*"/, hostile) : text
})

/** Each field of each record has the next text; addresses must be valid, so that people can sign in. */
function say(what: Parameters<typeof canary>[0]): string {
  if (['em', 'oe', 'qe'].includes(what.field)) return canary(what)
  if (!what.isShown) return scriptTexts[spoken.hidden++ % scriptTexts.length] ?? ''
  const place = spoken.shown++
  // Every third is one of the oddities without markup.
  if (place % 3 === 2) return oddities[Math.floor(place / 3) % oddities.length] ?? ''
  return scriptTexts[(place - Math.floor(place / 3)) % scriptTexts.length] ?? ''
}

beforeAll(async () => {
  house = await openCanaryHouse({
    volunteers,
    say,
    names: { a: `Riverbend ${scriptTexts[3]}` },
    contactName: `Rosa ${scriptTexts[31]}`,
    through: upstream.through,
    extraRoutes: [
      ...mailboxRoutes({
        emails: received,
        mail: (id) => received().find((mail) => mail.id === id),
        transport: { send: async () => {} },
      }),
      ['GET', '/planted', (c) => c.html(`<!doctype html><title>x</title><h1>${scriptTexts[3]}</h1>`)],
    ],
  })
  await untilWarm(house)
  browser = await launchChromium([`--host-resolver-rules=MAP ${host}:80 127.0.0.1:${house.portal.port}`])
}, 120_000)
afterAll(async () => {
  await browser.close()
  await house.close()
  upstream.close()
  expect(house.errors).toEqual([])
})

function received(): ReceivedEmail[] {
  return house.emails.map(({ messageId: id, to, subject, text, html }) => {
    return { id, to, subject, text, html, links: [], code: null, sent_at: house.clock() }
  })
}

const pages = [
  '/organization/riverbend',
  '/user',
  '/user?by=month',
  '/user?by=role',
  '/shifts',
  '/profile',
  '/profile/edit',
  '/account',
  '/opportunities',
  '/opportunities/:own',
  '/a-campaign-0',
  '/help',
]

type Sight = {
  complaints: string[]
  shown: number
  context: BrowserContext
  page: Page
  close: () => Promise<void>
}

/** @param bypassCSP without the policy that would stop a script of ours, so that injected scripts run */
async function openSight(cookie: string | undefined, { bypassCSP }: { bypassCSP: boolean }): Promise<Sight> {
  const context = await browser.newContext({ bypassCSP, viewport: { width: 800, height: 900 } })
  const complaints: string[] = []
  const page = await context.newPage()
  const at = () => page.url().replace(origin, '')
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog at ${at()}`)
    void dialog.dismiss()
  })
  context.on(
    'weberror',
    (error) => void complaints.push(`a script failed at ${at()}: ${error.error().message}`),
  )
  context.on('console', (message) => {
    const isStatus = message
      .text()
      .startsWith('Failed to load resource: the server responded with a status of')
    if (message.type() === 'error' && !isStatus)
      complaints.push(`at ${at()}: ${message.text().slice(0, 200)}`)
  })
  context.on('request', (asked) => {
    const { pathname, origin: to } = new URL(asked.url())
    const isFile = /^\/(assets\/|campaign\/[\w-]+\/picture$)/.test(pathname)
    // The script of the sign-in page asks what a passkey is to sign.
    const isAsked = asked.method() === 'POST' && pathname === '/sign-in/passkey/options'
    const isOurs = to === origin && (asked.isNavigationRequest() || isFile || isAsked)
    if (!isOurs) complaints.push(`a request from ${at()} to ${asked.url()}`)
  })
  if (cookie !== undefined) {
    const value = cookie.split('=')[1] ?? ''
    await context.addCookies([{ name: 'porchlight_session', value, url: origin, httpOnly: true }])
  }
  return { complaints, shown: 0, context, page, close: () => context.close() }
}

/** Opens the path and checks that no text of the data ran or loaded. */
async function look(sight: Sight, path: string): Promise<void> {
  await sight.page.goto(origin + path)
  await inspect(sight)
}

async function inspect(sight: Sight): Promise<void> {
  const found = await sight.page.evaluate(faultsInPage)
  sight.complaints.push(...found.faults.map((fault) => `${fault} at ${sight.page.url()}`))
  if (found.isShown) sight.shown += 1
}

/** Runs in the browser. */
function faultsInPage(): { faults: string[]; isShown: boolean } {
  const faults: string[] = []
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName
    if (['iframe', 'object', 'embed', 'base', 'frame', 'applet', 'marquee', 'video', 'audio'].includes(name))
      faults.push(`<${name}>`)
    if (name === 'script' && !element.getAttribute('src')?.startsWith('/assets/')) faults.push('<script>')
    if (name === 'meta' && element.getAttribute('http-equiv') === 'refresh') faults.push('<meta refresh>')
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith('on')) faults.push(`${name} ${attribute}`)
      if (attribute === 'srcdoc') faults.push(`${name} srcdoc`)
      if (!['href', 'src', 'action', 'formaction', 'xlink:href'].includes(attribute)) continue
      const scheme = new URL(value, location.href).protocol
      if (!['http:', 'https:', 'mailto:', 'webcal:', 'tel:'].includes(scheme))
        faults.push(`${name} ${scheme}`)
    }
  }
  if (document.cookie !== '') faults.push('a cookie that scripts can read')
  return { faults, isShown: /alert\(1\)|evil\.example|1\+1/.test(document.body.innerText) }
}

describe('I3: markup in what VOMO sends and what people type', () => {
  it(`${scriptTexts.length} texts that would run, and ${oddities.length} odd ones, in every field run nothing and load nothing, on every page, with our policy and without`, async () => {
    expect(scriptTexts.length).toBeGreaterThan(350)
    expect(spoken.shown).toBeGreaterThan(scriptTexts.length * 3)
    const complaints: string[] = []
    let shown = 0
    const own = opportunityKeys(house.secrets, house.customerIdOf('a'))('7410001')
    await inParallel(
      Array.from({ length: volunteers }).keys(),
      async (place) => {
        const { cookie } = await house.signIn('a', place)
        await house.feedOf('a', place)
        const sight = await openSight(cookie, { bypassCSP: place % 2 === 1 })
        for (const path of pages) await look(sight, path.replace(':own', own))
        complaints.push(...sight.complaints)
        shown += sight.shown
        await sight.close()
      },
      3,
    )
    expect(complaints).toEqual([])
    // The texts were visible.
    expect(shown).toBeGreaterThan(volunteers * 6)
  }, 180_000)

  it('nor before staff, in emails, or in the mailbox', async () => {
    const sight = await openSight((await house.signIn('a', volunteers)).cookie, { bypassCSP: true })
    await look(sight, '/admin')
    for (let place = 0; place < volunteers; place += 1) {
      const { personId } = await house.signIn('a', place)
      await look(sight, `/admin/volunteers/${personId}`)
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
      const body = new URLSearchParams({ email: house.userAt('a', place).email ?? '' }).toString()
      await house.send('a', { method: 'POST', path: '/sign-in', headers: form, body })
    }
    await house.portal.idle()
    expect(house.emails.length).toBe(volunteers)
    await look(sight, '/dev/mail')
    for (const { messageId } of house.emails)
      await look(sight, `/dev/mail/html?id=${encodeURIComponent(messageId)}`)
    expect(sight.complaints).toEqual([])
    expect(sight.shown).toBeGreaterThan(volunteers)
    await sight.close()
  }, 120_000)

  it('nor where a page shows again what was typed, or stood in its address', async () => {
    const sight = await openSight((await house.signIn('a', 0)).cookie, { bypassCSP: true })
    const some = scriptTexts.filter((_, i) => i % 14 === 0)
    for (const text of some) {
      const given = encodeURIComponent(text)
      await look(
        sight,
        `/opportunities?q=${given}&campaign=${given}&when=${given}&day=${given}&time=${given}&town=${given}`,
      )
      await look(
        sight,
        `/user?by=${given}&opportunity=${given}&initiative=${given}&role=${given}&year=${given}`,
      )
      await look(sight, `/${given}?x=${given}#${given}`)
      await sight.page.goto(`${origin}/profile/edit`)
      await submit(sight.page, 'form[action="/profile"]', text)
      await inspect(sight)
    }
    expect(sight.complaints).toEqual([])
    await sight.close()

    const stranger = await openSight(undefined, { bypassCSP: true })
    for (const text of some) {
      await look(stranger, `/sign-in?next=${encodeURIComponent(text)}&email=${encodeURIComponent(text)}`)
      await submit(stranger.page, 'form[action="/sign-in"]', text)
      await inspect(stranger)
      await look(stranger, `/auth/${encodeURIComponent(text)}`)
    }
    expect(stranger.complaints).toEqual([])
    expect(stranger.shown).toBeGreaterThan(0)
    await stranger.close()
  }, 120_000)

  it('a page that takes a text for markup is found out, with our policy and without', async () => {
    const [guarded, bare] = [
      await openSight(undefined, { bypassCSP: false }),
      await openSight(undefined, { bypassCSP: true }),
    ]
    for (const sight of [guarded, bare]) await look(sight, '/planted')
    expect(guarded.complaints).toContainEqual(expect.stringMatching(/^img onerror/))
    expect(guarded.complaints).toContainEqual(expect.stringMatching(/Content Security Policy/))
    await expect.poll(() => bare.complaints).toContain('a dialog at /planted')
    await Promise.all([guarded.close(), bare.close()])
  })
})

/** Puts one text in every field of a form and submits it, past the browser's own checks. */
async function submit(page: Page, form: string, text: string): Promise<void> {
  await Promise.all([
    page.waitForEvent('load'),
    page.evaluate(
      ([selector = '', typed = '']) => {
        const found = document.querySelector<HTMLFormElement>(selector)
        if (!found) throw new Error('the page has no such form')
        for (const field of found.querySelectorAll<HTMLInputElement>('input:not([type=hidden])')) {
          if (field.type === 'radio' || field.type === 'checkbox') continue
          field.type = 'text'
          field.value = typed
        }
        found.submit()
      },
      [form, text],
    ),
  ])
}

describe('I3: the same texts in files', () => {
  it('no cell of a volunteer’s hours is a formula, and none has become two', async () => {
    let cells = 0
    await eachVolunteer(async (tenant, _place, cookie) => {
      const { status, text } = await house.get(tenant, '/user/hours.csv', cookie)
      expect(status).toBe(200)
      const [head = [], ...lines] = parseCsv(text)
      expect(lines).toHaveLength(5)
      for (const line of lines) {
        expect(line).toHaveLength(head.length)
        for (const cell of line.filter((each) => !/^\d+(\.\d+)?$/.test(each))) {
          expect(cell).not.toMatch(/^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u)
          cells += 1
        }
      }
    })
    expect(cells).toBeGreaterThan(volunteers * 20)
  })

  it('no calendar has a line, a property or an entry that is not ours', async () => {
    const ours = new Set(
      `BEGIN END VERSION PRODID NAME X-WR-CALNAME REFRESH-INTERVAL X-PUBLISHED-TTL UID DTSTAMP DTSTART DTEND SUMMARY
      DESCRIPTION LOCATION URL STATUS TZID RRULE TZOFFSETFROM TZOFFSETTO`.split(/\s+/),
    )
    let entries = 0
    await eachVolunteer(async (tenant, place) => {
      const feed = await house.feedOf(tenant, place)
      const { status, text } = await house.get(tenant, `/calendar/${feed}.ics`)
      expect(status).toBe(200)
      const lines = text.split('\r\n')
      for (const line of lines) {
        expect(line).not.toMatch(/[^\P{Cc}\t]|\u2028|\u2029/u)
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      }
      const whole = text.replaceAll('\r\n ', '').split('\r\n')
      const names = whole.filter((line) => line !== '').map((line) => line.split(/[:;]/)[0] ?? '')
      expect(names.filter((name) => !ours.has(name))).toEqual([])
      for (const line of whole.filter((each) => each.startsWith('URL')))
        expect(line).toMatch(/^URL:https?:\/\/\S+$/)

      const calendar = new ICAL.Component(ICAL.parse(text) as string)
      const parts = calendar.getAllSubcomponents()
      const events = calendar.getAllSubcomponents('vevent')
      expect(parts.filter(({ name }) => !['vtimezone', 'vevent'].includes(name))).toEqual([])
      expect(events.flatMap((event) => event.getAllSubcomponents())).toEqual([])
      // Two of theirs lie ahead, and two may be recent.
      expect([2, 3, 4, 5]).toContain(events.length)
      entries += events.length
    })
    expect(entries).toBeGreaterThan(volunteers * 3)
  })

  async function eachVolunteer(
    act: (tenant: Tenant, place: number, cookie: string) => Promise<void>,
  ): Promise<void> {
    for (const tenant of ['a', 'b', 'c'] as const) {
      for (let place = 0; place < volunteers; place += 1)
        await act(tenant, place, (await house.signIn(tenant, place)).cookie)
    }
  }
})
