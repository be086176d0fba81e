import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'undici'
import { expect } from 'vitest'
import { findOrCreatePerson } from '../src/accounts/people.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { issueMailedLink } from '../src/links/links.ts'
import { openSecrets, type Secrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import type { Queries } from '../src/store/store.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'
import { openRows, type Rows, textOf } from './database.ts'

/** Portals in processes of their own that many write to at once, and what they acknowledged. */

const secret = 'not-the-secret-of-any-real-house-0123456789'
export const secrets = openSecrets([secret])
const host = 'riverbend.test'
export const writersAtOnce = 24
const children = new Set<ChildProcess>()

export function endPortals(): void {
  for (const child of children) child.kill('SIGKILL')
}

export type House = { database: string; customerId: string; links: string[] }
/** `odd`: answers that neither confirm nor are cut off. */
export type Acked = { addresses: string[]; links: string[]; sessions: string[]; odd: string[] }
export type Portal = Awaited<ReturnType<typeof startPortal>>

/** A new database with one customer and links to spend. Its VOMO is unreachable, and nothing here asks for a record. */
export async function openHouse(database: string, linkCount: number): Promise<House> {
  const store = await openStore({ database })
  const links: string[] = []
  const customerId = await store.write(function* () {
    const id = yield* setCustomer(
      store.db,
      {
        slug: 'riverbend',
        by: operator,
        changes: {
          name: 'Riverbend Food Bank',
          url: `https://${host}`,
          'stranger-mails': 'no',
        },
      },
      Date.now(),
    )
    yield* grantVomoAccess(store.db, secrets, {
      customerId: id,
      baseUrl: 'http://127.0.0.1:9/v1',
      token: 'no-token-at-all',
    })
    for (let i = 0; i < linkCount; i += 1)
      links.push((yield* makeLink({ db: store.db, secrets }, id, `volunteer ${i}`, Date.now())).secret)
    return id
  })
  await store.close()
  return { database, customerId, links }
}

/** A mailed link, to a person who is there from now on. */
export function* makeLink(
  { db, secrets: by }: { db: Queries; secrets: Secrets },
  customerId: string,
  name: string,
  nowMs: number,
) {
  const address = `${name.replaceAll(' ', '-')}@example.org`
  const person = yield* findOrCreatePerson(db, { customerId, vomoUserId: name, address }, nowMs)
  const order = { customerId, personId: person.id, address, landing: '/', lifeMs: 900_000 }
  return yield* issueMailedLink(db, by, { ...order, requestId: `req_${name}` }, nowMs)
}

/** @param script as `buildPortalProcess` returns it */
export async function startPortal(script: string, house: House, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, house.database], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  })
  children.add(child)
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      children.delete(child)
      resolve()
    }),
  )
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the portal ended with ${code}`)))
    child.on('message', (said: { port?: number }) => said.port && resolve(said.port))
    child.send(secret)
  })
  const agent = new Agent({ connections: writersAtOnce + 8 })

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    given: { type?: string; body?: string; session?: string },
  ) {
    const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      dispatcher: agent,
      headers: {
        host,
        ...(method === 'POST' && { origin: `https://${host}` }),
        ...(given.type && { 'content-type': given.type }),
        ...(given.session && { cookie: `__Host-porchlight_session=${given.session}` }),
      },
      ...(given.body !== undefined && { body: given.body }),
    })
    const cookie = [headers['set-cookie'] ?? []].flat().join('\n')
    const session = /porchlight_session=(\w+)/.exec(cookie)?.[1]
    return { status: statusCode, text: await body.text(), session }
  }

  return {
    child,
    ended,
    get: (path: string, session?: string) => ask('GET', path, session === undefined ? {} : { session }),
    post: (path: string, body = '') => ask('POST', path, { type: 'application/x-www-form-urlencoded', body }),
    askFor: (email: string) =>
      ask('POST', '/portal/api/sign-in', { type: 'application/json', body: JSON.stringify({ email }) }),
    async stop() {
      child.kill('SIGKILL')
      await ended
      await agent.destroy()
    },
  }
}

/** Runs until the portal is gone, or is told to stop. Answered requests count; interrupted ones may or may not have happened. */
export async function keepWriting(
  portal: Portal,
  house: House,
  acked: Acked,
  isOver = () => false,
): Promise<void> {
  let isGone = false
  void portal.ended.then(() => (isGone = true))
  const run = `${Date.now()}-${Math.random().toString(36).slice(2)}`
  await Promise.all(
    Array.from({ length: writersAtOnce }, async (_, writer) => {
      for (let i = 0; !isGone && !isOver(); i += 1) {
        try {
          await writeOne(portal, house, acked, `${run}-${writer}-${i}@example.org`)
        } catch {
          // Interrupted: the client got no answer.
          await sleep(5)
        }
      }
    }),
  )
}

/** Alternately asks for an email and spends a link. */
export async function writeOne(portal: Portal, house: House, acked: Acked, address: string): Promise<void> {
  const isAsking = acknowledged(acked) % 2 === 0 || house.links.length === 0
  if (isAsking) {
    const { status } = await portal.askFor(address)
    if (status === 202) acked.addresses.push(address)
    else acked.odd.push(`asking: ${status}`)
    return
  }
  const link = house.links.shift() ?? ''
  const { status, session } = await portal.post(`/auth/${link}`)
  if (status !== 303 || session === undefined) {
    acked.odd.push(`spending: ${status}`)
    return
  }
  acked.links.push(link)
  acked.sessions.push(session)
}

/** @param copy makes one and returns its database */
export async function expectCopyHoldsAll(
  script: string,
  house: House,
  copy: () => Promise<string>,
): Promise<void> {
  const portal = await startPortal(script, house)
  const acked: Acked = nothingYet()
  let isOver = false
  const writers = keepWriting(portal, house, acked, () => isOver)
  do await sleep(400)
  while (acked.sessions.length < 20)
  const before: Acked = {
    addresses: [...acked.addresses],
    links: [...acked.links],
    sessions: [...acked.sessions],
    odd: [],
  }
  const database = await copy()
  isOver = true
  await writers
  await portal.stop()

  const rows = await openRows(database)
  expect(await rows.isIntact()).toBe(true)
  await expectAllOf(before, rows)
  await rows.close()
  const restored = await startPortal(script, { ...house, database })
  for (const link of before.links.slice(-3)) expect((await restored.post(`/auth/${link}`)).status).toBe(410)
  expect((await restored.get('/portal/api/limits', before.sessions[0])).status).toBe(200)
  expect((await restored.askFor('restored@example.org')).status).toBe(202)
  await restored.stop()
}

export function nothingYet(): Acked {
  return { addresses: [], links: [], sessions: [], odd: [] }
}

/** Everything acknowledged is there, and everything else that is there is complete. */
export async function expectAllOf(acked: Acked, rows: Rows): Promise<void> {
  expect(acked.odd).toEqual([])
  const asked = await rows.all<{ address: string }>('select address from sign_in_request')
  const addresses = new Set(asked.map(({ address }) => address))
  expect(acked.addresses.filter((address) => !addresses.has(address))).toEqual([])
  const spent = await hashesIn(rows, 'link where spent_at_ms is not null')
  expect(acked.links.filter((link) => !spent.has(hashOf('link', link)))).toEqual([])
  const open = await hashesIn(rows, 'session where ended_at_ms is null')
  expect(acked.sessions.filter((session) => !open.has(hashOf('session', session)))).toEqual([])
  // A request comes with its job, a spent link with its session.
  expect(await rows.count('job')).toBe(await rows.count('sign_in_request'))
  expect(await rows.count('session')).toBe(await rows.count('link where spent_at_ms is not null'))
}

function hashOf(kind: 'link' | 'session', value: string): string {
  return textOf(secrets.issuedHashes(kind, value)[0])
}

async function hashesIn(rows: Rows, from: string): Promise<Set<string>> {
  const found = await rows.all<{ secret_hash: Uint8Array }>(`select secret_hash from ${from}`)
  return new Set(found.map(({ secret_hash }) => textOf(secret_hash)))
}

export function acknowledged({ addresses, links }: Acked): number {
  return addresses.length + links.length
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
