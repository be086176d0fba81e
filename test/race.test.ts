import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRows } from './database.ts'
import { type House, openHouse, pathOf } from './house.ts'
import { type PortalProcess, startPortalBeside } from './portals.ts'

const rounds = 20
const triesPerRound = 200

/** Limits for values that open nothing by themselves. */
const limits = { missesPerNetwork: { count: 20, perMs: 3_600_000 } }

let house: House
let second: PortalProcess
const agent = new Agent({ connections: 128 })

beforeAll(async () => {
  house = await openHouse({ limits })
  second = await startPortalBeside(house, limits)
})
afterAll(async () => {
  await second.stop()
  await agent.close()
  await house.close()
})

it('row 11: what a network may try is counted over two processes, and over the restart of one', async () => {
  const tried: number[] = []
  const tryUnknown = async (port: number) => {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/auth/${'x'.repeat(32)}`, {
      dispatcher: agent,
      headers: { host: house.riverbend.host },
    })
    await body.dump()
    tried.push(statusCode)
  }
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => tryUnknown(i % 2 === 0 ? house.portal.port : second.port)),
  )
  expect(tried.filter((status) => status === 410)).toHaveLength(20)
  expect(tried.filter((status) => status === 429)).toHaveLength(30)
  await second.stop()
  second = await startPortalBeside(house, limits)
  await tryUnknown(second.port)
  expect(tried.at(-1)).toBe(429)
})

it(`advisories 1 and 2: of ${triesPerRound} tries at once, by link and by code, over two processes, one opens a session: ${rounds} rounds`, async () => {
  const stored = await openRows(house.database)
  const ofNewestLink =
    'session where link_id = (select id from link where spent_at_ms is not null order by spent_at_ms desc limit 1)'
  const winners = { link: 0, code: 0 }

  for (let round = 0; round < rounds; round += 1) {
    const address = house.riverbend.volunteers[round] ?? ''
    const browser = house.browser()
    await browser.post('/sign-in', { email: address })
    const mail = await mailFor(address)
    const link = pathOf(mail.text.match(/https?:\S+\/auth\/\S+/)?.[0])
    const code = /\b[2-9A-Z]{4}-[2-9A-Z]{4}\b/.exec(mail.text)?.[0] ?? ''
    const asked = browser.cookies.get('porchlight_asked') ?? ''
    const before = await stored.count('session')

    const tries = Array.from({ length: triesPerRound }, (_, i) => {
      const port = i % 2 === 0 ? house.portal.port : second.port
      // Codes first in one round, links in the next, so that the order does not matter.
      const isCode = (i + round) % 4 < 2
      return isCode ? post(port, '/sign-in/code', `code=${code}`, asked) : post(port, link, '', '')
    })
    const answers = await Promise.all(tries)
    const won = answers.filter((answer) => answer.session !== undefined)
    expect(won, `round ${round}`).toHaveLength(1)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    expect((await stored.count('session')) - before, `round ${round}`).toBe(1)
    expect(await stored.count(ofNewestLink)).toBe(1)
    winners[won[0]?.path === link ? 'link' : 'code'] += 1
  }
  await stored.close()
  expect(winners.link + winners.code).toBe(rounds)
  expect(second.faults).toEqual([])
  expect(house.errors).toEqual([])
}, 120_000)

it('row 8: of forty refreshes of one token at once, over two processes, every one gets the same next token, twenty times in a row', async () => {
  const credentials = {
    'x-rownd-app-key': house.riverbend.app_key,
    'x-rownd-app-secret': house.riverbend.app_secret,
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ data: { email: 'twice@x.example' } })
  const made = await house.send('POST', '/hub/auth/magic', { headers: credentials, body })
  const opened = await house.send('GET', pathOf(String(made.json()['link'])), {
    headers: { 'user-agent': 'rownd sdk' },
  })
  let token = String(opened.json()['refresh_token'])
  const first = token

  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => refresh(i % 2 === 0 ? house.portal.port : second.port, token)),
    )
    expect(
      answers.map(({ status }) => status),
      `round ${round}`,
    ).toEqual(answers.map(() => 200))
    const next = new Set(answers.map(({ refreshToken }) => refreshToken))
    expect(next.size, `round ${round}`).toBe(1)
    token = [...next][0] ?? ''
  }
  // The first has a used successor, so another client sends it: the family ends at both processes.
  expect((await refresh(second.port, first)).status).toBe(400)
  expect((await refresh(house.portal.port, token)).status).toBe(400)
  expect(second.faults).toEqual([])
  expect(house.errors).toEqual([])
}, 60_000)

async function refresh(port: number, token: string) {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/hub/auth/token`, {
    method: 'POST',
    dispatcher: agent,
    headers: { host: house.riverbend.host, 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: token }),
  })
  const { refresh_token: refreshToken } = (await body.json()) as { refresh_token?: string }
  return { status: statusCode, refreshToken }
}

async function post(port: number, path: string, body: string, asked: string) {
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    dispatcher: agent,
    headers: {
      host: house.riverbend.host,
      origin: house.portalUrl,
      'content-type': 'application/x-www-form-urlencoded',
      ...(asked && { cookie: `porchlight_asked=${asked}` }),
    },
    body,
  })
  await answer.dump()
  const session = [headers['set-cookie'] ?? []].flat().find((line) => line.startsWith('porchlight_session='))
  return { status: statusCode, session, path }
}

/** Either process may have sent it. */
async function mailFor(address: string): Promise<{ text: string }> {
  for (let i = 0; i < 200; i += 1) {
    const [here] = await house.emailsTo(address)
    const found = here ?? second.emails.find((mail) => mail.to === address)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('no mail came')
}
