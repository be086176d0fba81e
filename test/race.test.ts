import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { Agent, request } from 'undici'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Message } from '../src/mail/outbox.ts'
import { type House, openHouse, pathOf } from './house.ts'

const rounds = 20
const triesPerRound = 200

let house: House
let second: { process: ChildProcess; port: number; faults: string[]; mails: Message[] }
const agent = new Agent({ connections: 128 })

beforeAll(async () => {
  house = await openHouse()
  second = await startSecondProcess()
})
afterAll(async () => {
  second.process.disconnect()
  await agent.close()
  await house.close()
})

it(`of ${triesPerRound} tries at once, by link and by code, over two processes, one opens a session: ${rounds} rounds`, async () => {
  const database = new Database(join(house.dataFolder, 'porchlight.db'), { readonly: true })
  const sessionsOf = database.prepare(
    'select count(*) as n from session where link_id = (select id from link where spent_at_ms is not null order by spent_at_ms desc limit 1)',
  )
  const allSessions = database.prepare('select count(*) as n from session')
  const winners = { link: 0, code: 0 }

  for (let round = 0; round < rounds; round += 1) {
    const address = house.riverbend.volunteers[round] ?? ''
    const browser = house.browser()
    await browser.post('/sign-in', { email: address })
    const mail = await mailFor(address)
    const link = pathOf(mail.text.match(/https?:\S+\/auth\/\S+/)?.[0])
    const code = /\b[2-9A-Z]{4}-[2-9A-Z]{4}\b/.exec(mail.text)?.[0] ?? ''
    const asked = browser.cookies.get('porchlight_asked') ?? ''
    const before = count(allSessions)

    const tries = Array.from({ length: triesPerRound }, (_, i) => {
      const port = i % 2 === 0 ? house.portal.port : second.port
      // Codes first in one round, links in the next: who comes first must not matter.
      const isCode = (i + round) % 4 < 2
      return isCode ? post(port, '/sign-in/code', `code=${code}`, asked) : post(port, link, '', '')
    })
    const answers = await Promise.all(tries)
    const won = answers.filter((answer) => answer.session !== undefined)
    expect(won, `round ${round}`).toHaveLength(1)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    expect(count(allSessions) - before, `round ${round}`).toBe(1)
    expect(count(sessionsOf)).toBe(1)
    winners[won[0]?.path === link ? 'link' : 'code'] += 1
  }
  database.close()
  expect(winners.link + winners.code).toBe(rounds)
  expect(second.faults).toEqual([])
  expect(house.errors).toEqual([])
}, 120_000)

function count(statement: Database.Statement): number {
  return (statement.get() as { n: number }).n
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
    const [here] = await house.mailsTo(address)
    const found = here ?? second.mails.find((mail) => mail.to === address)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('no mail came')
}

async function startSecondProcess() {
  const outDir = fileURLToPath(new URL('../node_modules/.cache/second-process', import.meta.url))
  const entry = fileURLToPath(new URL('./portal-process.ts', import.meta.url))
  await build({ logLevel: 'error', build: { ssr: entry, outDir, emptyOutDir: true } })
  const child = fork(join(outDir, 'portal-process.js'), [join(house.dataFolder, 'porchlight.db')])
  const started = { process: child, port: 0, faults: [] as string[], mails: [] as Message[] }
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the second process ended with ${code}`)))
    child.on('message', (said: { port?: number; fault?: string; message?: Message }) => {
      if (said.fault) started.faults.push(said.fault)
      if (said.message) started.mails.push(said.message)
      if (said.port) {
        started.port = said.port
        resolve()
      }
    })
    child.send(readFileSync(join(house.dataFolder, 'secret'), 'utf8'))
  })
  return started
}
