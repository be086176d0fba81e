import { afterEach, beforeEach, expect, it } from 'vitest'
import { addJob, type Jobs, type JobWorker, startJobs } from '../jobs.ts'
import { noMeter } from '../metrics.ts'
import { openSecrets } from '../secrets.ts'
import { openStore } from '../store/engines.ts'
import { rows, type Store, UnknownOutcome } from '../store/store.ts'
import { openPromise } from '../vomo/flow/sleep.ts'
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
  await addJobs(['it'])
})
afterEach(async () => {
  await jobs.close()
  await store.close()
})

function start(on: Store, work?: JobWorker): void {
  jobs = startJobs({
    store: on,
    secrets,
    clock: () => nowMs,
    log,
    meter: noMeter,
    processId: 'prc_one',
    pollMs: 10,
    workers: {
      work:
        work ??
        (async ({ payload, finish }) => {
          ran.push(payload)
          await store.write(finish)
        }),
    },
  })
}

async function addJobs(payloads: readonly string[]): Promise<void> {
  for (const payload of payloads)
    await store.write(() => addJob(store.db, secrets, { kind: 'work', payload, dueAtMs: nowMs }))
}

const jobsLeft = () => store.read(store.db.selectFrom('job').select('id').compile())

const claimed = () =>
  store.read(store.db.selectFrom('job').select('id').where('claimed_until_ms', '>', nowMs).compile())

const claimFor = (processId: string, atMs = nowMs) =>
  store.write(() =>
    rows(
      store.db
        .updateTable('job')
        .set({ claimed_by: processId, claimed_until_ms: atMs + 60_000 })
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

it('a job is not claimed by a process that read its clock before another one claimed it', async () => {
  await claimFor('prc_two', nowMs + 15)
  start(store)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(ran).toEqual([])
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

it('jobs that could not be put back while the database was away are all done when it is back', async () => {
  await addJobs(Array.from({ length: 47 }, (_, i) => `more ${i}`))
  const away = openPromise()
  let isAway = false
  const leaving: Store = {
    ...store,
    async write(flow) {
      if (isAway) throw new Error('away')
      return store.write(flow)
    },
  }
  start(leaving, async ({ finish }) => {
    if (!isAway) await away.promise
    ran.push('ran')
    await leaving.write(finish)
  })
  await expect.poll(claimed).toHaveLength(48)
  isAway = true
  away.resolve()
  await expect.poll(() => ran).toHaveLength(48)
  isAway = false
  await expect.poll(jobsLeft, { timeout: 10_000 }).toEqual([])
})

it('nor is a job lost that could not be put back while others were looked for', async () => {
  await addJobs(['second'])
  const ends = [openPromise(), openPromise()]
  const looked = openPromise()
  const answered = openPromise()
  let fails = false
  let holds = false
  const slow: Store = {
    ...store,
    async write(flow) {
      if (fails) throw new Error('away')
      const answer = await store.write(flow)
      if (!holds) return answer
      holds = false
      looked.resolve()
      await answered.promise
      return answer
    },
  }
  const failing = [...ends]
  start(slow, async ({ finish }) => {
    const end = failing.shift()
    if (!end) return store.write(finish)
    await end.promise
    throw new Error('it fails')
  })
  await expect.poll(claimed).toHaveLength(2)

  fails = true
  ends[0]?.resolve()
  await new Promise((resolve) => setTimeout(resolve, 50))
  fails = false
  holds = true
  await looked.promise
  fails = true
  ends[1]?.resolve()
  await new Promise((resolve) => setTimeout(resolve, 50))
  fails = false
  answered.resolve()
  await expect.poll(jobsLeft, { timeout: 10_000 }).toEqual([])
})
