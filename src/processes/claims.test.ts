import { afterEach, beforeEach, expect, it } from 'vitest'
import { addJob, type Jobs, startJobs } from '../jobs.ts'
import { noMeter } from '../metrics.ts'
import { openSecrets } from '../secrets.ts'
import { openStore } from '../store/engines.ts'
import { rows, type Store, UnknownOutcome } from '../store/store.ts'
import { joinProcesses } from './processes.ts'

const secrets = openSecrets(['s'.repeat(32)])
const log = { debug() {}, info() {}, warn() {}, error() {} }
const nowMs = 1_800_000_000_000

let store: Store
let jobs: Jobs
let ran: string[]

beforeEach(async () => {
  store = await openStore({ database: ':memory:' })
  ran = []
  for (const id of ['prc_one', 'prc_two'])
    await store.write(() =>
      rows(
        store.db
          .insertInto('process')
          .values({ id, version: '1.0.0', started_at_ms: nowMs, beat_at_ms: nowMs })
          .compile(),
      ),
    )
  await store.write(() => addJob(store.db, secrets, { kind: 'work', payload: 'it', dueAtMs: nowMs }))
})
afterEach(async () => {
  await jobs.close()
  await store.close()
})

function start(on: Store): void {
  jobs = startJobs({
    store: on,
    secrets,
    clock: () => nowMs,
    log,
    meter: noMeter,
    processId: 'prc_one',
    pollMs: 10,
    workers: {
      async work({ payload, finish }) {
        ran.push(payload)
        await store.write(finish)
      },
    },
  })
}

const claimFor = (processId: string) =>
  store.write(() =>
    rows(
      store.db
        .updateTable('job')
        .set({ claimed_by: processId, claimed_until_ms: nowMs + 60_000 })
        .compile(),
    ),
  )

it('a job of a process that lives is left alone, and that of a dead one is done at once', async () => {
  await claimFor('prc_two')
  start(store)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(ran).toEqual([])
  // One that joins finds it dead with its second beat.
  const finder = await joinProcesses({
    store,
    clock: () => nowMs + 60_000,
    log,
    version: '1.0.0',
    beatMs: 20,
  })
  await expect.poll(() => ran).toEqual(['it'])
  await finder.leave()
})

it('a job that was claimed by a commit whose answer was lost is done all the same', async () => {
  let isLost = false
  const losing: Store = {
    ...store,
    async write(flow) {
      const answer = await store.write(flow)
      if (isLost) return answer
      isLost = true
      throw new UnknownOutcome(new Error('cut'))
    },
  }
  start(losing)
  await expect.poll(() => ran).toEqual(['it'])
})
