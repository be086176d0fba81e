import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { vi } from 'vitest'
import { startDemo } from '../src/demo/demo.tsx'
import type { LimitSettings } from '../src/limits.ts'
import type { Log } from '../src/log/log.ts'
import type { ReceivedEmail } from '../src/mail/mailbox.ts'
import { databaseIn } from '../src/store/engines.ts'
import { askingFreely } from './asking-freely.ts'
import { testDatabase } from './database.ts'

export type House = Awaited<ReturnType<typeof openHouse>>
export type Answer = {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  json: () => Record<string, unknown>
}

type CallToVomo = {
  at: number
  method: string
  path: string
  customer: string
  token_kind: string
  fields: string[] | null
}

/** Limits high enough that no test meets them by accident. */
const noLimits: Partial<LimitSettings> = {
  ...askingFreely,
  missesPerNetwork: undefined,
  passwordTriesPerNetwork: undefined,
  stepCodesPerPerson: undefined,
  spokenCodesPerPerson: undefined,
  vomoLooksPerStaff: undefined,
  exportsPerCustomer: undefined,
  apiCallsPerToken: undefined,
  forgedDeliveriesPerCustomer: undefined,
  strangerMailsPerNetwork: { count: 1000, perMs: 86_400_000 },
  profileChangesPerPerson: undefined,
}

/** The whole demo on free ports, with a clock that tests can move and a data folder of its own. */
export async function openHouse(
  options: {
    limits?: Partial<LimitSettings>
    dataFolder?: string
    /** The URL of the database that belongs to the folder, on an engine with a server. */
    databaseUrl?: string | undefined
    warms?: boolean
    /** How long the hash of a password shall take; default: the shortest that there is. */
    passwordMs?: number
    /** Calls to VOMO per minute; default: the demo's. */
    vomoBudget?: number
    /** Whether the second customer has its identity provider. */
    withProvider?: boolean
    /** Whether the sandbox tells the portals what changed. */
    withWebhooks?: boolean
  } = {},
) {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'porchlight-house-'))
  const made = options.databaseUrl === undefined ? await testDatabase(dataFolder) : undefined
  const databaseUrl = options.databaseUrl ?? made?.databaseUrl
  let ahead = 0
  const errors: unknown[] = []
  const logged: string[] = []
  const note = (level: string) => (fields: Record<string, unknown>, message: string) => {
    logged.push(`${level} ${message} ${JSON.stringify(fields)}`)
    if (level === 'error') errors.push({ message, ...fields })
  }
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  const demo = await startDemo(
    { port: 0, sandboxPort: 0, dataFolder, ...(databaseUrl !== undefined && { databaseUrl }), metrics: {} },
    {
      clock: () => Date.now() + ahead,
      log,
      limits: { ...noLimits, ...options.limits },
      warms: options.warms ?? false,
      withProvider: options.withProvider ?? false,
      withWebhooks: options.withWebhooks ?? false,
      passwordMs: options.passwordMs ?? 1,
      ...(options.vomoBudget !== undefined && { vomoBudget: options.vomoBudget }),
    },
  )
  const agent = new Agent({ connections: 256 })
  const customers = demo.described.customers.map((described) => {
    const world = demo.world.customers.find((customer) => customer.slug === described.slug)
    if (!world) throw new Error('a customer without a world')
    return { ...described, records: world.records }
  })
  const [riverbend, hillside] = customers
  if (!riverbend || !hillside) throw new Error('the demo has two customers')

  async function emailsTo(address: string): Promise<ReceivedEmail[]> {
    await demo.portal.idle()
    const answer = await send('GET', `/dev/mail.json?to=${encodeURIComponent(address)}`)
    return JSON.parse(answer.text) as ReceivedEmail[]
  }

  async function send(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS',
    path: string,
    given: { headers?: Record<string, string>; body?: string | Buffer; host?: string } = {},
  ): Promise<Answer> {
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${demo.portal.port}${path}`, {
      method,
      dispatcher: agent,
      headers: { host: given.host ?? `localhost:${demo.portal.port}`, ...given.headers },
      ...(given.body !== undefined && { body: given.body }),
    })
    const text = await body.text()
    return { status: statusCode, headers, text, json: () => JSON.parse(text) as Record<string, unknown> }
  }

  return {
    ...demo,
    dataFolder,
    databaseUrl,
    /** For `openStore` and `openRows`. */
    database: databaseUrl ?? databaseIn(dataFolder),
    riverbend,
    hillside,
    traps: demo.world.traps,
    errors,
    logged,
    send,
    emailsTo,
    browser: (customer: { host: string } = riverbend) => openBrowser(send, customer.host),
    pass: (ms: number): void => {
      ahead += ms
    },
    nowMs: () => Date.now() + ahead,
    async sandboxOptions(change: Record<string, unknown>): Promise<void> {
      await request(`${demo.sandbox.url}/__sandbox/options`, { method: 'PUT', body: JSON.stringify(change) })
    },
    async changePerson(vomoUserId: string | number, change: Record<string, unknown>): Promise<void> {
      const { statusCode } = await request(`${demo.sandbox.url}/__sandbox/people/${vomoUserId}`, {
        method: 'POST',
        body: JSON.stringify(change),
      })
      if (statusCode !== 200) throw new Error(`the sandbox refused a change: ${statusCode}`)
    },
    /** VOMO's own answer, asked with the probe token. */
    async vomo(path: string, customer = riverbend): Promise<Record<string, unknown>> {
      const { body } = await request(`${demo.sandbox.url}/v1${path}`, {
        headers: { authorization: `Bearer ${customer.vomo_probe_token}`, accept: 'application/json' },
      })
      return (await body.json()) as Record<string, unknown>
    },
    async callsToVomo(): Promise<CallToVomo[]> {
      const { body } = await request(`${demo.sandbox.url}/__sandbox/calls`)
      return (await body.json()) as CallToVomo[]
    },
    userByEmail(email: string, customer = riverbend) {
      const user = customer.records.users.find((each) => each.email === email)
      if (!user) throw new Error('no such sample user')
      return user
    },
    async close(): Promise<void> {
      await agent.close()
      await demo.close()
      if (options.dataFolder) return
      rmSync(dataFolder, { recursive: true, force: true })
      await made?.drop()
    },
  }
}

type Send = (
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS',
  path: string,
  given?: { headers?: Record<string, string>; body?: string | Buffer; host?: string },
) => Promise<Answer>

export type TestBrowser = ReturnType<typeof openBrowser>

/** A browser: it keeps cookies, and states where its requests come from. */
export function openBrowser(send: Send, host: string) {
  const cookies = new Map<string, string>()

  async function go(
    method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: {
      form?: Record<string, string> | URLSearchParams
      json?: unknown
      text?: string
      file?: Uint8Array
    },
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send(method, path, {
      host,
      headers: {
        ...(cookie && { cookie }),
        ...(method !== 'GET' && { 'sec-fetch-site': 'same-origin', origin: `http://${host}` }),
        ...(body?.form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(body && 'json' in body && { 'content-type': 'application/json' }),
        ...(body?.file && { 'content-type': 'multipart/form-data; boundary=porchlight' }),
        ...headers,
      },
      ...(body?.form && { body: new URLSearchParams(body.form).toString() }),
      ...(body && 'json' in body && { body: JSON.stringify(body.json) }),
      ...(body?.text !== undefined && { body: body.text }),
      ...(body?.file && { body: inParts(body.file) }),
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }

  return {
    cookies,
    get: (path: string, headers?: Record<string, string>) => go('GET', path, undefined, headers),
    head: (path: string) => go('HEAD', path),
    delete: (path: string) => go('DELETE', path),
    postText: (path: string, text: string, headers: Record<string, string>) =>
      go('POST', path, { text }, headers),
    post: (
      path: string,
      form: Record<string, string> | URLSearchParams = {},
      headers?: Record<string, string>,
    ) => go('POST', path, { form }, headers),
    postFile: (path: string, file: Uint8Array) => go('POST', path, { file }),
    postJson: (path: string, json: unknown, headers?: Record<string, string>) =>
      go('POST', path, { json }, headers),
    patchJson: (path: string, json: unknown, headers?: Record<string, string>) =>
      go('PATCH', path, { json }, headers),
  }
}

/** As a browser sends the field `file` of a form. */
function inParts(file: Uint8Array): Buffer {
  const head = `--porchlight\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\nContent-Type: text/csv\r\n\r\n`
  return Buffer.concat([Buffer.from(head), file, Buffer.from('\r\n--porchlight--\r\n')])
}

/** The path of a mailed link. */
export function pathOf(url: string | undefined): string {
  if (url === undefined) throw new Error('the mail holds no link')
  return new URL(url).pathname
}

/** Asks for an email and returns the newest one. */
export async function askForMail(
  house: House,
  browser: TestBrowser,
  address: string,
): Promise<ReceivedEmail> {
  const before = (await house.emailsTo(address)).length
  const answer = await browser.post('/sign-in', { email: address })
  if (answer.status !== 303) throw new Error(`asking for a mail answered ${answer.status}`)
  const newestOne = async () => {
    const emails = await house.emailsTo(address)
    const [newest] = emails
    if (!newest || emails.length <= before) throw new Error('no mail came')
    return newest
  }
  // A process beside the house may be the one that sends it.
  return vi.waitFor(newestOne, { timeout: 5_000, interval: 50 })
}

/** A browser signed in as the volunteer with this address. */
export async function signIn(
  house: House,
  address: string,
  customer = house.riverbend,
): Promise<TestBrowser> {
  const browser = house.browser(customer)
  const mail = await askForMail(house, browser, address)
  const answer = await browser.post(pathOf(mail.links[0]))
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`)
  return browser
}

/** A member of staff who is signed in confirms that it is them, with the code that is mailed to them. */
export async function takeSecondStep(house: House, browser: TestBrowser, address: string): Promise<void> {
  await browser.post('/admin/second-step/mail')
  const [mail] = await house.emailsTo(address)
  const answer = await browser.post('/admin/second-step', { code: mail?.code ?? '' })
  if (answer.status !== 303) throw new Error(`a second step answered ${answer.status}`)
}

/** A browser signed in as the member of staff with this address, who may look at volunteers. */
export async function signInAsStaff(
  house: House,
  address: string,
  customer = house.riverbend,
): Promise<TestBrowser> {
  const browser = await signIn(house, address, customer)
  await takeSecondStep(house, browser, address)
  return browser
}

/** VOMO no longer has the person, and has said so once: `look` asks it. The next look, minutes later, is the proof. */
export async function loseRecord(house: House, address: string, look: () => Promise<unknown>): Promise<void> {
  await house.changePerson(house.userByEmail(address).id, { customer: 'riverbend', removed: true })
  house.pass(61_000)
  await look()
  house.pass(6 * 60_000)
}
