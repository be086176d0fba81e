import { newDatabase } from '../src/store/postgres-server.fixture.ts'
import { type Child, type Peer, startChild } from './child.ts'
import { cookiesOf, origin, type PortalChild, requestBytes, secret, sessionCookie } from './house.ts'
import { askOnce } from './load.ts'
import type { SandboxReady } from './sandbox-process.ts'

/** What each does: makes a link to a person, signs one in by a link, and answers a visitor who is signed in. */
export const steps = ['create', 'spend', 'check'] as const
export type Step = (typeof steps)[number]

/** The next request of a turn; `undefined` once there are no more. */
export type Next = () => Buffer | undefined

export type Contestant = {
  name: 'porchlight' | Peer
  child: Child
  port: number
  /** Of right answers. */
  status: Record<Step, number>
  /** Prepares the requests of a turn. */
  turn: Record<Step, () => Promise<Next>>
}

const core = 0
const signedIn = 50
const maxTries = 50
const addresses = Array.from({ length: 500 }, (_, i) => `person-${i}@volunteers.example`)

/** @param linksPerTurn how many links there are to spend in a turn */
export async function contestantOf(
  child: PortalChild,
  given: { sandbox: SandboxReady; linksPerTurn: number },
): Promise<Contestant> {
  const app = (await child.ask({ ask: 'application' })) as { key: string; secret: string }
  const people = given.sandbox.volunteers.slice(0, signedIn)
  const sessions = (await child.ask({ ask: 'sessions', addresses: people })) as string[]
  const links = async () => (await child.ask({ ask: 'links', count: given.linksPerTurn })) as string[]
  const checks = sessions.map((value) =>
    requestBytes('GET', '/portal/api/me', { cookies: { [sessionCookie]: value } }),
  )
  // From here on their records are held, and no answer waits for VOMO.
  for (const check of checks) await askUntilWell(child.port, check)
  return {
    name: 'porchlight',
    child,
    port: child.port,
    status: { create: 200, spend: 303, check: 200 },
    turn: {
      // The call that asks VOMO nothing, since peers ask no other system either.
      create: around(
        addresses.map((email) => {
          const json = { purpose: 'auth', redirect_url: '/promo?code=1', data: { email } }
          return requestBytes('POST', '/hub/auth/magic', { app, json })
        }),
      ),
      spend: async () =>
        each((await links()).map((link) => requestBytes('POST', `/auth/${link}`, { form: {} }))),
      check: around(checks),
    },
  }
}

export function startBetterAuth(server: string) {
  return startPeer('better-auth', server, {
    session: { path: '/api/auth/get-session', cookie: '__Secure-better-auth.session_token' },
    status: { create: 200, spend: 302, check: 200 },
    create: async () => (email) => requestBytes('POST', '/api/auth/sign-in/magic-link', { json: { email } }),
  })
}

export function startAuthJs(server: string) {
  return startPeer('auth-js', server, {
    session: { path: '/auth/session', cookie: '__Secure-authjs.session-token' },
    status: { create: 302, spend: 302, check: 200 },
    async create(port) {
      const answer = await askOnce(port, requestBytes('GET', '/auth/csrf'))
      const { csrfToken = '' } = JSON.parse(answer.body.toString()) as { csrfToken?: string }
      const cookies = cookiesOf(answer)
      return (email) => requestBytes('POST', '/auth/signin/email', { cookies, form: { csrfToken, email } })
    },
  })
}

/** @returns its process, and what signs all people in for the first time */
async function startPeer(
  name: Peer,
  server: string,
  how: {
    session: { path: string; cookie: string }
    status: Contestant['status']
    create: (port: number) => Promise<(email: string) => Buffer>
  },
): Promise<{ child: Child; open: () => Promise<Contestant> }> {
  const setup = JSON.stringify({ database: await newDatabase(server), origin, secret })
  const child = await startChild(name, { core, args: [setup], env: { NODE_ENV: 'production' } })
  const port = child.ready as number
  /** Those it has made since the last call. */
  const links = async () =>
    ((await child.ask({ ask: 'links' })) as string[]).map((link) => {
      const { pathname, search } = new URL(link)
      return requestBytes('GET', pathname + search)
    })

  const sessionOf = async (link: Buffer) => cookiesOf(await askOnce(port, link))[how.session.cookie]
  const check = (value: string) =>
    requestBytes('GET', how.session.path, { cookies: { [how.session.cookie]: value } })

  async function open(): Promise<Contestant> {
    const create = await how.create(port)
    for (const address of addresses) await askOnce(port, create(address))
    const made = await links()
    const sessions: string[] = []
    for (const link of made) {
      const session = await sessionOf(link)
      if (!session) throw new Error(`${name} signs none in by a link`)
      sessions.push(session)
    }
    const [link, session] = [made[0], sessions[0]]
    if (link && (await sessionOf(link))) throw new Error(`${name} signs in twice by one link`)
    if (!session || !(await askOnce(port, check(session))).body.includes('@volunteers.example'))
      throw new Error(`${name} does not know a visitor who is signed in`)
    return {
      name,
      child,
      port,
      status: how.status,
      turn: {
        create: around(addresses.map(create)),
        spend: async () => each(await links()),
        check: around(sessions.slice(0, signedIn).map(check)),
      },
    }
  }

  return { child, open }
}

async function askUntilWell(port: number, request: Buffer): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    if ((await askOnce(port, request)).status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the portal does not have the record of a volunteer')
}

/** The same requests, again and again. */
function around(requests: readonly Buffer[]): () => Promise<Next> {
  let sent = 0
  return async () => () => requests[sent++ % requests.length]
}

function each(requests: readonly Buffer[]): Next {
  let sent = 0
  return () => requests[sent++]
}
