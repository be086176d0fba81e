import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Four, openFour } from './four.ts'

/** What holds over many processes on PostgreSQL, shown with four real ones, of which some are killed and others join. */

/** Three of these without a sign of life, and a process counts as dead. */
const beatMs = 300
const limit = { count: 120, perMs: 60_000 }

let four: Four

beforeAll(async () => {
  four = await openFour('many-processes', {
    beatMs,
    limits: { apiCallsPerToken: limit },
  })
})
afterAll(async () => {
  await four.close()
})

const living = async () =>
  (await four.store.read(four.store.db.selectFrom('process').select('id').compile())).length
/** After this all have read who lives. */
async function knownToAll(count: number): Promise<void> {
  await expect.poll(living, { timeout: 10_000, interval: 50 }).toBe(count)
  await pause(2 * beatMs)
}

/** Calls for as long as it takes, and what a limit of one process would have admitted meanwhile. */
async function callUntilRefused(token: string, ms: number) {
  const startedAtMs = performance.now()
  const given = {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '',
  }
  let admitted = 0
  let refused = 0
  do {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => four.ask('POST', '/v1/users/one-time', given)),
    )
    expect(answers.filter(({ status }) => status !== 422 && status !== 429)).toEqual([])
    const now = answers.filter(({ status }) => status === 422).length
    admitted += now
    refused = answers.length - now
  } while (performance.now() - startedAtMs < ms || refused < 30)
  const tookMs = performance.now() - startedAtMs
  return { admitted, tookMs, allowed: limit.count + (limit.count * tookMs) / limit.perMs }
}

it('four together admit what the limit says, within a tenth, also after one was killed and one has joined', async () => {
  await knownToAll(4)
  const first = await four.newToken('first')
  const together = await callUntilRefused(first, 500)
  expect(together.admitted / together.allowed).toBeGreaterThan(0.9)
  expect(together.admitted / together.allowed).toBeLessThan(1.1)

  // From here on the first has used up all.
  const sinceMs = performance.now()
  await four.kill(3)
  const killed = await callUntilRefused(first, 1_000)
  await knownToAll(3)
  const fresh = await callUntilRefused(await four.newToken('second'), 500)
  expect(fresh.admitted / fresh.allowed).toBeGreaterThan(0.9)
  expect(fresh.admitted / fresh.allowed).toBeLessThan(1.1)
  await four.add()
  const joined = await callUntilRefused(first, 1_000)
  const next = await callUntilRefused(await four.newToken('third'), 500)
  expect(next.admitted / next.allowed).toBeGreaterThan(0.9)
  expect(next.admitted / next.allowed).toBeLessThan(1.1)
  const elapsedMs = performance.now() - sinceMs + together.tookMs
  const inAll = together.admitted + killed.admitted + joined.admitted
  expect(inAll).toBeLessThan(1.1 * (limit.count + (limit.count * elapsedMs) / limit.perMs))
}, 60_000)
