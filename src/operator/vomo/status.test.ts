import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { joinProcesses } from '../../processes/processes.ts'
import {
  eventually,
  logTo,
  openTestVomo,
  type Reply,
  secrets,
  startUpstream,
  type Upstream,
  wireUser,
} from '../../vomo/vomo.fixture.ts'
import { addVomoCommands } from './commands.ts'

let reply: Reply
let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>

beforeEach(async () => {
  reply = { body: { data: wireUser(1_000_001) } }
  upstream = await startUpstream(() => reply)
  here = await openTestVomo(upstream.baseUrl)
})
afterEach(async () => {
  await here.close()
  await upstream.close()
})

async function status(...words: string[]): Promise<string> {
  const said: string[] = []
  const program = new Command()
  const { store, clock } = here
  addVomoCommands(program, {
    withStore: (work) => work({ store, secrets, clock, log: logTo([]) }),
    say: (text) => void said.push(text),
  })
  await program.parseAsync(['vomo', 'status', ...words], { from: 'user' })
  return said.join('\n')
}

const read = () => here.vomo.user('riverbend', '1000001', { fresh: true }).catch(() => undefined)

test('the operator reads how many calls go out, and what VOMO said of them', async () => {
  expect(await status('riverbend')).toContain('50 calls a minute; set to 50, may rise to 50, never above 50')
  for (let i = 0; i < 8; i++) await read()
  reply = { status: 429, headers: { 'retry-after': '20', 'x-ratelimit-limit': '30' } }
  await read()
  const told = await status('riverbend')
  for (const words of [
    /budget +5 calls a minute; set to 50, may rise to 7, never above 50/,
    /used +9 in the last minute: 9 for people, 0 to renew copies/,
    /in line +each record is read as its owner comes/,
    /named limit +30/,
    /last 429 +0 s ago, after 8 calls in a minute; VOMO asked us to wait 20 s/,
    /paused +until 2026-11-21T12:00:20/,
    /breaker +closed/,
    /projects +none is held yet/,
    /directory +not begun yet/,
  ])
    expect(told).toMatch(words)
})

test('a script reads the same of every customer', async () => {
  await read()
  const told: unknown = JSON.parse(await status('--json'))
  expect(told).toMatchObject([
    { customer: 'hillside', budget: { per_minute: 50, used: { identity: 0 }, last_429: null } },
    { customer: 'riverbend', budget: { used: { identity: 1 }, paused_until: null }, breakers: [] },
  ])
})

test('it says which processes leave VOMO alone, until VOMO answers them or they end', async () => {
  const { store, clock } = here
  const log = logTo([])
  const joined = [
    await joinProcesses({ store, clock, log, version: '1' }),
    await joinProcesses({ store, clock, log, version: '1' }),
  ]
  const vomos = joined.map(({ id }) => here.openBeside({ id, share: async () => new Set() }))
  reply = { status: 503 }
  for (const vomo of vomos)
    for (let i = 0; i < 5; i++) await vomo.user('riverbend', '1000001', { fresh: true }).catch(() => {})
  const openIn = async () =>
    (JSON.parse(await status('riverbend', '--json')) as [{ breakers: object[] }])[0].breakers.length
  await eventually(async () => (await openIn()) === 2)
  expect(await status('riverbend')).toMatch(/breaker +open in 2 of the processes, first 0 s ago/)
  here.time.nowMs += 63_000
  reply = { body: { data: wireUser(1_000_001) } }
  await vomos[0]?.user('riverbend', '1000001', { fresh: true })
  await eventually(async () => (await openIn()) === 1)
  for (const vomo of vomos) await vomo.close()
  for (const process of joined) await process.leave()
  expect(await openIn()).toBe(0)
})
