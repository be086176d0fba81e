import { setTimeout as pause } from 'node:timers/promises'
import { cpuOfTree } from '../../bench/process-tree.ts'
import { operator, setCustomer } from '../../src/customers/change-settings.ts'
import { customerById } from '../../src/customers/customers.ts'
import { batchCounts, batchOf, batchRows, keepBatch } from '../../src/links/batches.ts'
import { openSecrets } from '../../src/secrets.ts'
import { checkRows } from '../../src/staff/link-lists/check.ts'
import { readCsv } from '../../src/staff/link-lists/read-csv.ts'
import { toLinksCsv } from '../../src/staff/link-lists/result-file.ts'
import { startList } from '../../src/staff/link-lists/work.ts'
import { openStore } from '../../src/store/engines.ts'
import { rows as rowsOf } from '../../src/store/store.ts'
import { english } from '../../src/text/languages.ts'
import { grantVomoAccess } from '../../src/vomo/access/access.ts'
import { accountName, writeEntries } from '../../src/vomo/directory/entries.ts'
import { createVomo } from '../../src/vomo/vomo.ts'
import { type PortalProcess, startPortalProcess } from '../portals.ts'
import type { Figures } from './drills.ts'

const secret = 'the-secret-of-the-link-list-drill-0123456789'
const access = { baseUrl: 'https://vomo.test/v1', token: 'token', budgetPerMinute: 60 }
const silent = () => {}

/**
 * Makes the links of a file in a process that is killed on the way, and then in another.
 *
 * @param given.script as `buildPortalProcess` returns it
 */
export async function linkList(given: {
  script: string
  database: string
  people: number
  kills: number
  beatMs?: number
}): Promise<Figures> {
  const { script, database, people, kills } = given
  const store = await openStore({ database })
  const secrets = openSecrets([secret])
  const { db } = store
  const changes = { name: 'Riverbend', url: 'https://riverbend.test', 'stranger-mails': 'no' }
  const customerId = await store.write(() =>
    setCustomer(db, { slug: 'riverbend', by: operator, changes }, Date.now()),
  )
  await store.write(() => grantVomoAccess(db, secrets, { customerId, ...access }))
  const addresses = Array.from({ length: people }, (_, i) => `person-${i}@example.org`)
  await fillDirectory()
  const customer = await customerById(store, customerId)
  if (!customer) throw new Error('no customer')

  const log = { debug: silent, info: silent, warn: silent, error: silent }
  const vomo = createVomo({ store, secrets, clock: Date.now, log })
  const beganMs = performance.now()
  const cpuBefore = process.cpuUsage()
  const read = await readCsv(Buffer.from(`email\r\n${addresses.join('\r\n')}`))
  if (typeof read === 'string') throw new Error(read)
  // Checking a file reads the store and the directory alone.
  const rows = await checkRows({ store, vomo } as Parameters<typeof checkRows>[0], customer, read)
  const by = 'per_owner'
  const batchId = await store.write(() => keepBatch(db, secrets, { customerId, by, rows }, Date.now()))
  const checkedMs = performance.now()
  const checkedCpu = process.cpuUsage(cpuBefore)
  const batch = await batchOf(store, { customerId, id: batchId })
  if (!batch) throw new Error('no list')
  await store.write(() =>
    startList(db, secrets, { batch, lifeMs: 86_400_000, isEmailed: false, rows: people }, Date.now()),
  )

  const portal = () =>
    startPortalProcess({ script, database, secret, ...(given.beatMs && { beatMs: given.beatMs }) })
  let running = await portal()
  let makingCpuUs = -cpuOf(running)
  let maxAwayMs = 0
  for (let kill = 1; kill <= kills; kill += 1) {
    await madeMoreThan((people * kill) / (kills + 1))
    makingCpuUs += cpuOf(running)
    running.process.kill('SIGKILL')
    await running.ended
    const { made } = await batchCounts(store, batchId)
    const killedMs = performance.now()
    running = await portal()
    makingCpuUs -= cpuOf(running)
    await madeMoreThan(made)
    maxAwayMs = Math.max(maxAwayMs, performance.now() - killedMs)
  }
  while ((await batchOf(store, { customerId, id: batchId }))?.state !== 'ended') await pause(100)
  const endedMs = performance.now()
  makingCpuUs += cpuOf(running)
  await running.stop()

  const counts = await batchCounts(store, batchId)
  const stoppedMs = performance.now()
  const made = await batchRows({ store, secrets }, { batchId, states: ['made'], after: -1 }, people + 1)
  toLinksCsv(made, english, { timeZone: 'UTC', isForExcel: false })
  const fetchedMs = performance.now()
  const links = await store.read(db.selectFrom('link').select(['id', 'address', 'person_id']).compile())
  await vomo.close()
  await store.close()
  const differing = (values: readonly unknown[]) => new Set(values).size
  return {
    people,
    kills,
    'links in the database': links.length,
    'people with a link': differing(links.map(({ address }) => address)),
    'links in the file': differing(made.map(({ link }) => link?.url)),
    'rows without one': people - counts.made,
    'faults logged': running.faults.length,
    'read, checked, kept, ms': Math.round(checkedMs - beganMs),
    '  CPU, ms': Math.round((checkedCpu.user + checkedCpu.system) / 1_000),
    'made, with the kills, ms': Math.round(endedMs - checkedMs),
    '  CPU but for starting, ms': Math.round(makingCpuUs / 1_000),
    'away after a kill, ms': Math.round(maxAwayMs),
    'file, ms': Math.round(fetchedMs - stoppedMs),
  }

  async function madeMoreThan(count: number): Promise<void> {
    for (;;) {
      const counted = await batchCounts(store, batchId)
      if (counted.made > count || counted.ready === 0) return
      // It counts all rows, which more often would be work beside the work.
      await pause(people / 100)
    }
  }

  /** As if VOMO's list had been read just now. */
  async function fillDirectory(): Promise<void> {
    const nowMs = Date.now()
    const entries = addresses.map((address, i) => ({
      vomoUserId: String(i + 1),
      address,
      firstName: null,
      lastName: null,
      phone: null,
      membershipStatus: null,
      updatedAtMs: nowMs,
    }))
    const walked = { pass: 1, next_page: null, last_page: 1, doubted: 0 }
    const times = { began_at_ms: nowMs, whole_at_ms: nowMs, news_at_ms: nowMs }
    const account_hash = secrets.hash('vomo account', accountName(access))
    await store.write(function* () {
      for (let from = 0; from < people; from += 500)
        yield* writeEntries(db, secrets, {
          customerId,
          entries: entries.slice(from, from + 500),
          askedAtMs: nowMs,
          sinceMs: nowMs,
        })
      yield* rowsOf(
        db
          .insertInto('vomo_directory')
          .values({ customer_id: customerId, account_hash, ...walked, ...times })
          .compile(),
      )
    })
  }
}

function cpuOf({ process: { pid } }: PortalProcess): number {
  return pid === undefined ? 0 : cpuOfTree(pid)
}

/** None lost, and none doubled. */
export function allMadeOnce(people: number): Figures {
  return {
    'links in the database': people,
    'people with a link': people,
    'links in the file': people,
    'rows without one': 0,
  }
}
