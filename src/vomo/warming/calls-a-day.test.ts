import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout } from 'node:timers/promises'
import { request } from 'undici'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeSampleWorld } from '../../sandbox/sample/sample-world.ts'
import { type Sandbox, startSandbox } from '../../sandbox/server.ts'
import type { Records } from '../../sandbox/world/world.ts'
import { type CountedKind, countDelivery } from '../../webhooks/counts.ts'
import { enableWebhook } from '../../webhooks/webhooks.ts'
import { grantVomoAccess } from '../access/access.ts'
import type { Sleep } from '../flow/sleep.ts'
import { openTestVomo, secrets, startOfTest } from '../vomo.fixture.ts'

/** What an organization of 2,000 people, 120 projects and 8 groups costs its VOMO in a day, in calls of the background alone, while people are here. */

const minuteMs = 60_000
const everyMs = 15 * minuteMs
const dayMs = 24 * 60 * minuteMs
const customerId = 'riverbend'
/** Eight show a whole walk to its end. */
const days = Number(process.env['STEADY_DAYS'] ?? 1)

let sandbox: Sandbox
let here: Awaited<ReturnType<typeof openTestVomo>>
let records: Records
/** Time passes by the test alone, and never while a call or what follows it is under way. */
let waiting: { atMs: number; wake: () => void }[]
let begun = 0
let open = 0

const baseUrl = () => `${sandbox.url}/v1`
const begin = () => {
  begun += 1
  open += 1
}
const end = () => {
  open -= 1
}
/** @see https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
const noted = {
  'undici:request:create': begin,
  'undici:request:trailers': end,
  'undici:request:error': end,
}

const sleep: Sleep = (ms, signal) =>
  new Promise<void>((resolve) => {
    const wake = () => {
      signal.removeEventListener('abort', wake)
      resolve()
    }
    waiting.push({ atMs: here.time.nowMs + ms, wake })
    signal.addEventListener('abort', wake)
  })

beforeEach(async () => {
  waiting = []
  open = 0
  for (const [channel, note] of Object.entries(noted)) subscribe(channel, note)
  const world = makeSampleWorld({ nowMs: startOfTest })
  const customer = world.customers.find(({ slug }) => slug === customerId)
  if (!customer) throw new Error('no such customer')
  records = customer.records
  const token = customer.vomoToken
  sandbox = await startSandbox({
    world,
    port: 0,
    clock: () => here.time.nowMs,
    rateLimits: { portal: 1_000_000, probe: 1_000_000 },
  })
  here = await openTestVomo(baseUrl(), { budget: 2_000, sleep })
  const access = { customerId, baseUrl: baseUrl(), token, budgetPerMinute: 2_000 }
  await here.store.write(() => grantVomoAccess(here.store.db, secrets, access))
  here.vomo.startWarming([customerId])
  await settle()
}, 120_000)
afterEach(async () => {
  await here.close()
  await sandbox.close()
  for (const [channel, note] of Object.entries(noted)) unsubscribe(channel, note)
}, 120_000)

/** Until all that is under way waits for a moment to come. */
async function settle(): Promise<void> {
  for (let quiet = 0, before = ''; quiet < 5; ) {
    await setTimeout(1)
    const now = `${begun} ${waiting.length}`
    quiet = open === 0 && now === before ? quiet + 1 : 0
    before = now
  }
}

/** @param told what VOMO's webhooks tell in every quarter of an hour @returns the calls, by the path of each */
async function pass(ms: number, told: (quarter: number) => readonly CountedKind[] = () => []) {
  await request(`${sandbox.url}/__sandbox/calls`, { method: 'DELETE' })
  const endMs = here.time.nowMs + ms
  for (let quarter = 0; here.time.nowMs < endMs; ) {
    const next = Math.min(endMs, ...waiting.map(({ atMs }) => atMs))
    for (; here.time.nowMs + everyMs <= next; quarter++) {
      here.time.nowMs += everyMs
      for (const kind of told(quarter))
        await here.store.write(() =>
          countDelivery(here.store.db, { customerId, kind }, here.time.nowMs - everyMs / 2),
        )
    }
    here.time.nowMs = next
    const due = waiting.filter(({ atMs }) => atMs <= next)
    waiting = waiting.filter(({ atMs }) => atMs > next)
    for (const { wake } of due) wake()
    await settle()
  }
  const { body } = await request(`${sandbox.url}/__sandbox/calls`)
  const calls: Record<string, number> = {}
  for (const { path } of (await body.json()) as { path: string }[]) {
    const kind = path.replace(/\?.*/, '').replace('/v1', '').replace(/\d+/, 'N')
    calls[kind] = (calls[kind] ?? 0) + 1
  }
  return { calls, all: Object.values(calls).reduce((sum, count) => sum + count, 0) }
}

it('is at most 400 without webhooks', async () => {
  const { calls, all } = await pass(dayMs)
  expect(all, JSON.stringify(calls)).toBeLessThanOrEqual(400)
}, 120_000)

it('is at most 100 with them, while people sign up and change their records', async () => {
  const secret = 'a secret of the webhook'
  await here.store.write(() =>
    enableWebhook(here.store.db, secrets, { customerId, secret, endsFormer: false }, here.time.nowMs),
  )
  const told = (quarter: number): CountedKind[] =>
    quarter % 8 === 0 ? ['participation.created', 'user.updated'] : ['participation.created']
  for (let day = 1; day <= days; day++) {
    const { calls, all } = await pass(dayMs, told)
    expect(all, JSON.stringify(calls)).toBeLessThanOrEqual(100)
  }
}, 120_000)

it('shows a changed project and a taken place by the next list of those ahead, and says how old that is', async () => {
  const shown = async () => await here.vomo.allProjects(customerId)
  const [renamed, booked] = (await shown()).projects.filter(({ dates }) =>
    dates.some(({ startsAtMs, placesLeft }) => startsAtMs > here.time.nowMs && (placesLeft ?? 0) > 1),
  )
  const date = booked?.dates.find(({ startsAtMs }) => startsAtMs > here.time.nowMs)
  const post = (path: string, change: object) =>
    request(`${sandbox.url}/__sandbox/${path}`, { method: 'POST', body: JSON.stringify(change) })
  await pass(6 * everyMs)
  await post(`projects/${renamed?.id}?customer=${customerId}`, { name: 'Another name' })
  const role = records.dates
    .find(({ id }) => id === Number(date?.id))
    ?.needs.find(({ type }) => type === 'role')
  const signUp = {
    user_id: records.users[0]?.id,
    project_id: Number(booked?.id),
    project_date_id: Number(date?.id),
    role: role?.name,
  }
  expect((await post(`participations?customer=${customerId}`, signUp)).statusCode).toBe(200)
  const changedAtMs = here.time.nowMs
  const { calls } = await pass(5 * everyMs)
  const { projects, asOfMs } = await shown()
  expect(projects.find(({ id }) => id === renamed?.id)?.name).toBe('Another name')
  const now = projects.find(({ id }) => id === booked?.id)?.dates.find(({ id }) => id === date?.id)
  expect(now?.placesLeft).toBe((date?.placesLeft ?? 0) - 1)
  expect(asOfMs).toBeGreaterThan(changedAtMs)
  expect(calls['/projects/N']).toBe(1)
}, 120_000)
