import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import type { Log } from '../src/log/log.ts'
import { serve } from '../src/operator/serve.ts'
import { describeSetupLink } from '../src/operator/setup/command.ts'
import { makeSampleWorld, type SampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import { en } from '../src/text/en.ts'
import { launchChromium } from './chromium.ts'
import { openRows, testDatabase, textOf } from './database.ts'
import { type Answer, openBrowser, type TestBrowser } from './house.ts'
import { keyboardOf } from './keyboard.ts'
import { obstaclesOn } from './obstacles.ts'

const said = en.firstRun
const secret = 'not-the-secret-of-any-real-house-0123456789'

let world: SampleWorld
let sandbox: Sandbox
let smtp: SMTPServer
let smtpPort = 0
let received: ParsedMail[] = []
let refusesEmail = false
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  world = makeSampleWorld({ nowMs: Date.now() })
  sandbox = await startSandbox({ world, rateLimits: { portal: 10_000, probe: 1000 } })
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_to, _session, done) =>
      done(refusesEmail ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
    onData: (stream, _session, done) => void take(stream, done),
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const address = smtp.server.address()
  smtpPort = typeof address === 'object' && address ? address.port : 0
})

async function take(stream: Readable, done: (error?: Error | null) => void): Promise<void> {
  received.push(await simpleParser(stream))
  done()
}

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  received = []
  refusesEmail = false
})

afterAll(async () => {
  await sandbox.close()
  await new Promise<void>((resolve) => smtp.close(resolve))
})

type Unserved = Awaited<ReturnType<typeof openUnserved>>

/** `porchlight serve` on a database without any customer. */
async function openUnserved({ hasTerminal = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-first-run-'))
  const made = await testDatabase(folder)
  closing.push(async () => {
    await made.drop()
    rmSync(folder, { recursive: true, force: true })
  })
  const told: string[] = []
  const logged: string[] = []
  const note = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void logged.push(`${level} ${message} ${JSON.stringify(fields)}`)
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  const env = {
    PORT: '0',
    LISTEN_ON: '127.0.0.1',
    PORCHLIGHT_DATA: folder,
    PORCHLIGHT_SECRET: secret,
    TRUSTED_PROXIES: 'none',
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    MAIL_FROM: 'no-reply@volunteers.example.org',
    ...(made.databaseUrl !== undefined && { DATABASE_URL: made.databaseUrl }),
  }
  const start = () =>
    serve(env, log, {
      allowsNewer: false,
      hasNewSecret: false,
      ...(hasTerminal && { tellTerminal: (text: string) => void told.push(text) }),
    })
  let portal = await start()
  closing.push(() => portal.close())
  const rows = await openRows(made.database)
  closing.push(() => rows.close())
  const store = await openStore({ database: made.database })
  closing.push(() => store.close())
  const tools = { store, secrets: openSecrets([secret]), clock: Date.now }

  async function send(
    method: string,
    path: string,
    given: { headers?: Record<string, string>; body?: string | Buffer; host?: string } = {},
  ): Promise<Answer> {
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${portal.port}${path}`, {
      method: method as 'GET',
      headers: { host: given.host ?? `localhost:${portal.port}`, ...given.headers },
      ...(given.body !== undefined && { body: given.body }),
    })
    const text = await body.text()
    return { status: statusCode, headers, text, json: () => JSON.parse(text) as Record<string, unknown> }
  }

  return {
    told,
    logged,
    rows,
    tools,
    send,
    host: () => `localhost:${portal.port}`,
    browser: () => openBrowser(send, `localhost:${portal.port}`),
    /** The path of the link that was printed last. */
    printed: () => pathIn(told.at(-1)),
    another: async () => pathIn(await describeSetupLink(tools, 'http://localhost')),
    startAgain: async () => {
      await portal.close()
      portal = await start()
    },
  }
}

function pathIn(text: string | undefined): string {
  return /\/setup\/[0-9A-Za-z]{32}/.exec(text ?? '')?.[0] ?? ''
}

const organization = {
  name: 'Riverbend Food Bank',
  'contact-name': 'Rosa Whitfield',
  'contact-email': 'rosa@riverbend.example',
  'time-zone': 'America/Chicago',
}

const volunteer = () => world.customers[0]?.volunteers[0] ?? ''
const token = () => world.customers[0]?.vomoToken ?? ''
const codeIn = (mail: ParsedMail | undefined) => /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(mail?.text ?? '')?.[0] ?? ''

/** A browser that spends a link, and types everything but the code. */
async function untilFinish(
  at: Unserved,
  path: string,
  { name = organization.name, owner = volunteer() } = {},
): Promise<{ browser: TestBrowser; code: string }> {
  const browser = at.browser()
  const begun = await browser.post(path)
  expect([begun.status, begun.headers['location']]).toEqual([303, '/setup'])
  const steps: readonly [string, Record<string, string>, string][] = [
    ['/setup/organization', { ...organization, name, url: `http://${at.host()}` }, '/setup/vomo'],
    ['/setup/vomo', { 'vomo-url': `${sandbox.url}/v1`, 'vomo-token': token() }, '/setup/email'],
    ['/setup/email', { email: owner }, '/setup/finish'],
  ]
  for (const [step, form, next] of steps) {
    const answer = await browser.post(step, form)
    expect([step, answer.status, answer.headers['location']]).toEqual([step, 303, next])
  }
  return { browser, code: codeIn(received.at(-1)) }
}

describe('a start without any customer', () => {
  it('prints a link for a browser to the terminal alone, another at each start, and the one before is over', async () => {
    const at = await openUnserved()
    const first = at.printed()
    expect(at.told.join('')).toContain(`http://localhost:${at.host().split(':')[1]}/setup/`)
    expect((await at.browser().get(first)).text).toContain(said.begin.heading)
    expect(at.logged.join('\n')).toContain('porchlight setup')
    await at.startAgain()
    const second = at.printed()
    expect(second).not.toBe(first)
    expect((await at.browser().get(first)).status).toBe(421)
    expect((await at.browser().get(second)).status).toBe(200)
    expect(at.logged.join('\n')).not.toContain(second.slice('/setup/'.length))
    expect(at.logged.join('\n')).not.toContain(first.slice('/setup/'.length))
  })

  it('makes no link where there is no terminal', async () => {
    const at = await openUnserved({ hasTerminal: false })
    expect(at.told).toEqual([])
    expect(await at.rows.count('setup')).toBe(0)
    expect((await at.browser().get(await at.another())).status).toBe(200)
  })

  it('shows a stranger what every unknown host shows', async () => {
    const at = await openUnserved()
    const unknown = await at.send('GET', '/')
    expect(unknown.status).toBe(421)
    const guess = '/setup/0123456789abcdefghijABCDEFGHIJ01'
    const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
    for (const path of ['/setup', '/setup/', guess, '/setup/organization', '/setup/vomo', '/setup/language'])
      for (const [method, body] of [
        ['GET', undefined],
        ['POST', 'name=x'],
        ['POST', `name=${'x'.repeat(100_000)}`],
      ] as const) {
        const headers = { cookie: `porchlight_setup=${guess.slice(7)}`, ...(body && form) }
        const answer = await at.send(method, path, { headers, ...(body && { body }) })
        expect([path, answer.status, answer.text]).toEqual([path, 421, unknown.text])
      }
  })
})

describe('the first run', () => {
  it('goes from the printed link to the hub of the first owner, a volunteer', async () => {
    const at = await openUnserved()
    const { browser, code } = await untilFinish(at, at.printed())
    const found = (await browser.get('/setup/email')).text
    expect(found).toContain('VOMO answers. This is Riverbend Food Bank, ')
    expect(found).toContain(said.vomo.people(2_000))
    expect(received.at(-1)?.subject).toBe(said.mail.subject('Riverbend Food Bank'))
    expect((await browser.get('/setup/finish')).text).toContain(said.finish.volunteer)
    expect(await at.rows.count('customer')).toBe(0)

    const finished = await browser.post('/setup/finish', { code })
    expect([finished.status, finished.text]).toEqual([303, ''])
    const entered = await browser.get(String(finished.headers['location']))
    expect([entered.status, entered.headers['location']]).toEqual([303, '/organization/riverbend-food-bank'])
    const hub = await browser.get('/organization/riverbend-food-bank')
    expect(hub.status).toBe(200)
    const { first_name: firstName } =
      world.customers[0]?.records.users.find(({ email }) => email === volunteer()) ?? {}
    expect(hub.text).toContain(String(firstName))
    expect(await at.rows.one('select slug, host, time_zone, contact_name from customer')).toEqual({
      slug: 'riverbend-food-bank',
      host: at.host(),
      time_zone: 'America/Chicago',
      contact_name: 'Rosa Whitfield',
    })
    expect(await at.rows.one('select address, role from staff')).toEqual({
      address: volunteer(),
      role: 'owner',
    })
    const kinds = await at.rows.all<{ kind: string; request_id: string | null }>(
      `select kind, request_id from audit_event where kind in ('customer.set', 'customer.vomo_access_set', 'staff.set')`,
    )
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual([
      'customer.set',
      'customer.vomo_access_set',
      'staff.set',
    ])
    expect(new Set(kinds.map(({ request_id }) => request_id)).size).toBe(1)
    expect(kinds[0]?.request_id).toBe(finished.headers['x-request-id'])
  })

  it('leads an owner who is no volunteer to the sign-in page', async () => {
    const at = await openUnserved()
    const { browser, code } = await untilFinish(at, at.printed(), { owner: 'rosa@riverbend.example' })
    expect((await browser.get('/setup/finish')).text).toContain(said.finish.notVolunteer)
    const finished = await browser.post('/setup/finish', { code })
    expect(finished.headers['location']).toBe('/sign-in?next=%2Fadmin')
  })

  it('names each wrong field and its rule, keeps what was typed, and never shows a token', async () => {
    const at = await openUnserved()
    const browser = at.browser()
    await browser.post(at.printed())
    const wrong = await browser.post('/setup/organization', {
      name: 'A\u0001B',
      url: 'http://volunteers.example.org/path',
      'contact-name': 'Rosa',
      'contact-email': 'rosa@',
      'time-zone': 'Mars/Base',
    })
    expect(wrong.status).toBe(422)
    const { errors } = said.organization
    for (const rule of [errors.name, errors.url, en.signIn.ask.errors.impossible, errors['time-zone']])
      expect(wrong.text).toContain(rule.replaceAll("'", '&#39;'))
    expect(wrong.text).toContain('value="http://volunteers.example.org/path"')
    expect(wrong.text).toContain('value="rosa@"')
    expect((await browser.get('/setup/vomo')).headers['location']).toBe('/setup/organization')

    await browser.post('/setup/organization', { ...organization, url: `http://${at.host()}` })
    const bad = 'a-token-that-vomo-refuses-0123456789'
    const tries: readonly [string, string, string][] = [
      [`${sandbox.url}/v1`, bad, said.vomo.problems.token_refused],
      [`${sandbox.url}/elsewhere`, bad, said.vomo.problems.not_there],
      ['http://127.0.0.1:9/v1', bad, said.vomo.problems.unreachable],
      ['http://vomo.example.org/v1', bad, said.vomo.errors.url],
      [`${sandbox.url}/v1`, 'two words', said.vomo.errors.token],
      [`${sandbox.url}/v1`, '', said.vomo.errors.token],
    ]
    for (const [url, typed, rule] of tries) {
      const answer = await browser.post('/setup/vomo', { 'vomo-url': url, 'vomo-token': typed })
      expect([url, answer.status]).toEqual([url, 422])
      expect(answer.text).toContain(rule)
      expect(answer.text).toContain(`value="${url}"`)
      expect(answer.text).not.toContain(typed || bad)
    }
    await browser.post('/setup/vomo', { 'vomo-url': `${sandbox.url}/v1`, 'vomo-token': token() })
    const again = await browser.get('/setup/vomo')
    expect(again.text).toContain(said.vomo.tokenKept)
    expect(again.text).not.toContain(token())

    refusesEmail = true
    const refused = await browser.post('/setup/email', { email: volunteer() })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('The mail server refused it (550')
    expect(refused.text).toContain(`value="${volunteer()}"`)
    const noAddress = await browser.post('/setup/email', { email: 'nobody' })
    expect(noAddress.text).toContain(en.signIn.ask.errors.impossible)
  })

  it('keeps what was typed sealed, and nothing of it after its hour', async () => {
    const at = await openUnserved()
    const { browser } = await untilFinish(at, at.printed())
    const dump = (await at.rows.dump()).map(({ value }) => textOf(value)).join('\n')
    for (const typed of [token(), 'Rosa Whitfield', 'Riverbend', volunteer(), at.printed().slice(7)])
      expect(dump).not.toContain(typed)
    await at.rows.run('update setup set expires_at_ms = ?', Date.now() - 1)
    expect((await browser.get('/setup/finish')).status).toBe(421)
    expect((await browser.post('/setup/finish', { code: 'ABCD-EFGH' })).status).toBe(421)
  })

  it('takes five tries of a code, and a new one from another email', async () => {
    const at = await openUnserved()
    const { browser, code } = await untilFinish(at, at.printed())
    const other = code.startsWith('A') ? 'B234-5678' : 'A234-5678'
    const tried = await Promise.all(
      Array.from({ length: 8 }, () => browser.post('/setup/finish', { code: other })),
    )
    expect(tried.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 422))
    const { wrong_code: wrong, too_many_tries: many } = said.finish.errors
    expect(tried.filter(({ text }) => text.includes(wrong.replaceAll("'", '&#39;')))).toHaveLength(4)
    expect(tried.filter(({ text }) => text.includes(many))).toHaveLength(4)
    expect((await browser.post('/setup/finish', { code })).text).toContain(many)
    expect((await browser.post('/setup/finish', { code: 'huh' })).text).toContain(
      en.signIn.checkMail.errors.unreadable,
    )
    await browser.post('/setup/email', { email: volunteer() })
    const finished = await browser.post('/setup/finish', { code: codeIn(received.at(-1)) })
    expect(finished.status).toBe(303)
  })

  it('takes forms from its own pages alone, and no secret over plain http from elsewhere', async () => {
    const at = await openUnserved()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const host = 'volunteers.example.org'
    const elsewhere: readonly Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      {},
    ]
    for (const from of elsewhere) {
      const answer = await at.send('POST', at.printed(), { host, headers: { ...form, ...from }, body: '' })
      expect([from, answer.status]).toEqual([from, 403])
    }
    const open = await at.send('POST', at.printed(), {
      host,
      headers: { ...form, origin: `http://${host}` },
      body: '',
    })
    expect([open.status, open.headers['set-cookie']]).toEqual([422, undefined])
    expect(open.text).toContain(said.unsafe.heading)
    const safe = await at.send('POST', at.printed(), {
      host,
      headers: { ...form, origin: `https://${host}` },
      body: '',
    })
    expect(safe.status).toBe(303)
    expect(String(safe.headers['set-cookie'])).toMatch(
      /^__Host-porchlight_setup=\w{32}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    const cookie = String(safe.headers['set-cookie']).split(';')[0] ?? ''
    const page = await at.send('GET', '/setup/organization', { host, headers: { cookie } })
    expect(page.text).toContain(`value="https://${host}"`)
    const forged = await at.send('POST', '/setup/organization', {
      host,
      headers: { ...form, cookie, 'sec-fetch-site': 'cross-site' },
      body: 'name=x',
    })
    expect(forged.status).toBe(403)
  })

  it('shows where the portal is when that is another address than the browser’s', async () => {
    const at = await openUnserved()
    const { browser, code } = await untilFinish(at, at.printed())
    await browser.post('/setup/organization', { ...organization, url: 'https://volunteers.example.org' })
    const finished = await browser.post('/setup/finish', { code })
    expect(finished.status).toBe(200)
    expect(finished.text).toContain(said.done.heading('Riverbend Food Bank'))
    expect(finished.text).toMatch(/href="https:\/\/volunteers\.example\.org\/magiclink\/\w{32}"/)
  })
})

describe('two at once', () => {
  it('spend one link: one wins, and the other is told', async () => {
    const at = await openUnserved()
    const path = at.printed()
    const answers = await Promise.all(Array.from({ length: 6 }, () => at.browser().post(path)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      303, 410, 410, 410, 410, 410,
    ])
    expect(answers.filter(({ text }) => text.includes(said.used.heading))).toHaveLength(5)
    expect((await at.browser().get(path)).text).toContain(said.used.heading)
  })

  it('finish: one makes the customer, and the other is told', async () => {
    const at = await openUnserved()
    const one = await untilFinish(at, at.printed())
    const other = await untilFinish(at, await at.another(), { name: 'Hillside Shelter' })
    const answers = await Promise.all(
      [one, other].map(({ browser, code }) => browser.post('/setup/finish', { code })),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410])
    expect(answers.map(({ text }) => text).join('')).toContain(said.over.heading)
    expect(await at.rows.count('customer')).toBe(1)
    expect(await at.rows.count('setup where draft_sealed is not null')).toBe(0)
  })

  it('a browser and the command: the browser is told', async () => {
    const at = await openUnserved()
    const { browser, code } = await untilFinish(at, at.printed())
    const { store, clock } = at.tools
    const changes = { name: 'Hillside Shelter', url: 'https://hillside.example.org' }
    await store.write(() => setCustomer(store.db, { slug: 'hillside', by: operator, changes }, clock()))
    const answer = await browser.post('/setup/finish', { code })
    expect([answer.status, answer.text.includes(said.over.heading)]).toEqual([410, true])
    expect(await at.rows.count('customer')).toBe(1)
    expect(await at.rows.count('staff')).toBe(0)
  })
})

describe('once there is a customer', () => {
  it('no link, no cookie and no command opens the door again', async () => {
    const at = await openUnserved()
    const spent = at.printed()
    const { browser, code } = await untilFinish(at, spent)
    const unspent = await at.another()
    const { browser: late } = await untilFinish(at, unspent)
    const fresh = await at.another()
    expect((await browser.post('/setup/finish', { code })).status).toBe(303)
    expect(await at.rows.count('setup where draft_sealed is not null')).toBe(0)
    const host = 'elsewhere.example.org'
    const unknown = await at.send('GET', '/', { host })
    const paths = [spent, unspent, fresh, '/setup', '/setup/finish']
    for (const path of paths) {
      const there = await at.send('GET', path, { host })
      expect([path, there.status, there.text]).toEqual([path, 421, unknown.text])
      expect((await browser.get(path)).status).toBe(404)
      expect((await browser.post(path, { code })).status).toBe(404)
    }
    // A browser in the middle of it is told, for its hour, and changes nothing.
    for (const path of paths) {
      expect((await late.get(path)).text).toContain(said.over.heading)
      expect((await late.post(path, { code })).text).toContain(said.over.heading)
    }
    expect(await at.rows.count('customer')).toBe(1)
    await at.rows.run('update setup set expires_at_ms = ?', Date.now() - 1)
    expect((await late.get('/setup/finish')).status).toBe(404)
    expect(await describeSetupLink(at.tools, 'http://localhost')).toBeUndefined()
    await at.startAgain()
    expect(at.told).toHaveLength(1)
  })
})

describe('in Chromium', () => {
  it.each([
    ['with JavaScript on a phone', true, { width: 390, height: 844 }],
    ['without JavaScript on a desktop', false, { width: 1280, height: 900 }],
  ])(
    'goes to the hub %s, by keyboard alone and with nothing in the way',
    async (name, javaScriptEnabled, viewport) => {
      const at = await openUnserved()
      const chromium = await launchChromium()
      try {
        const context = await chromium.newContext({
          baseURL: `http://${at.host()}`,
          viewport,
          javaScriptEnabled,
          locale: 'en-US',
        })
        const page = await context.newPage()
        const keys = keyboardOf({ page })
        const findings: string[] = []
        // axe is a script itself.
        const look = async (step: string) => {
          if (!javaScriptEnabled) return
          const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
          findings.push(...(await obstaclesOn({ page, overflow } as Parameters<typeof obstaclesOn>[0], step)))
          await page.setViewportSize(viewport)
        }
        const began = performance.now()
        await page.goto(at.printed())
        await look('first-run-begin')
        await keys.skip(en.skip)
        await keys.go(said.begin.button)
        await keys.go(said.next)
        await look('first-run-organization-wrong')
        expect(await keys.toError()).toBe(said.organization.name)
        await page.keyboard.type('Riverbend Food Bank')
        await keys.to(said.organization.timeZone)
        await page.keyboard.type('Central (Chi')
        await keys.go(said.next)
        await look('first-run-vomo')
        await keys.type(said.vomo.url, `${sandbox.url}/v1`)
        await keys.type(said.vomo.token, token())
        await keys.go(said.vomo.button)
        await look('first-run-email')
        await keys.type(said.email.label, volunteer())
        await keys.go(said.email.button)
        await look('first-run-finish')
        await keys.type(en.signIn.checkMail.label, codeIn(received.at(-1)))
        await keys.go(said.finish.button)
        expect(new URL(page.url()).pathname).toBe('/organization/riverbend-food-bank')
        expect(findings).toEqual([])
        process.stdout.write(`first run ${name}: ${Math.round(performance.now() - began)} ms, 6 taps\n`)
      } finally {
        await chromium.close()
      }
    },
  )
})
