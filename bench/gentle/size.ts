import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { request } from 'undici'
import { openSecrets } from '../../src/secrets.ts'
import { databaseIn, openStore } from '../../src/store/engines.ts'
import { newDatabase, startServer } from '../../src/store/postgres-server.fixture.ts'
import { createAccess } from '../../src/vomo/access/access.ts'
import { createDirectory } from '../../src/vomo/directory/directory.ts'
import { createPersonShelf } from '../../src/vomo/people/person-shelf.ts'
import { readUserDetail } from '../../src/vomo/people/read-user.ts'
import type { VomoUserDetail } from '../../src/vomo/types.ts'
import { cpuMicroseconds } from '../child.ts'
import { origin, requestBytes, secret, sessionCookie, startPortalChild, startSandboxChild } from '../house.ts'
import { expectOnly, pressHard } from '../load.ts'
import type { Usage } from '../portal-process.ts'
import type { SandboxReady } from '../sandbox-process.ts'
import { openSessionOf, settleCustomer } from '../settle.ts'
import type { EngineName } from './house.ts'
import type { Put } from './print.ts'

const listed = 50_000
const held = 5_000
/** Of them, to warm the compiler up; their answers are not counted. */
const warmUp = 1_000
/** So many are kept and asked for before the next ones: a copy serves without a call for a minute. */
const batch = 500
/** VOMO's have 15; the time to fill is no matter here. */
const usersPerPage = 300
/** The portal reads its lists of projects first, so that it does nothing else while it is measured. */
const restMs = 15_000
const connections = 8
const perMinute = 10_000
const maxMb = 200
const maxMs = 1

/** A portal with many people in its directory, and records that another process has kept: its memory, and the CPU time of `/me` from a sealed copy. */
export async function size(put: Put, engine: EngineName): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-size-'))
  const server = engine === 'PostgreSQL' ? await startServer() : undefined
  const database = server ? await newDatabase(server.url) : databaseIn(folder)
  const sandbox = await startSandboxChild()
  const store = await openStore({ database })
  const secrets = openSecrets([secret])
  const tools = { store, secrets, clock: Date.now }
  const vomo = { ...sandbox.ready, perMinute }
  const customerId = await settleCustomer(tools, { origin, vomo }, Date.now())
  const access = createAccess(tools)
  const record = await recordOf(sandbox.ready)

  const directory = createDirectory({ ...tools, access, isAway: () => false, everyMs: 900_000 })
  await directory.renew(customerId, async ({ page }) => pageOf(Number(page)))
  const sessions: string[] = []
  for (let i = 0; i < held; i += 1)
    sessions.push(
      await openSessionOf(
        tools,
        { customerId, vomoUserId: String(idOf(i)), address: addressOf(i) },
        Date.now(),
      ),
    )
  const portal = await startPortalChild({ sandbox: sandbox.ready, callsPerMinute: perMinute, database })
  await pause(restMs)
  const usage = async () => (await portal.ask({ ask: 'usage' })) as Usage
  const beforehand = await usage()

  const silent = () => {}
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  const shelf = createPersonShelf({ ...tools, access, log, retentionMs: 86_400_000 })
  const asks = sessions.map((session) =>
    requestBytes('GET', '/portal/api/me', { cookies: { [sessionCookie]: session } }),
  )
  const cpuUs = { sealed: 0, held: 0 }
  let maxAgeMs = 0
  for (let from = 0; from < held; from += batch) {
    const fetchedAtMs = Date.now()
    for (let i = from; i < from + batch; i += 1) {
      const value = { ...record, id: String(idOf(i)), email: addressOf(i) }
      shelf.keep(customerId, value.id, { value, fetchedAtMs }, { isUsed: true })
    }
    await shelf.written()
    const some = asks.slice(from, from + batch)
    const sealedUs = await cpuOf('/me', some)
    const heldUs = await cpuOf('/me again', some)
    maxAgeMs = Math.max(maxAgeMs, Date.now() - fetchedAtMs)
    if (from < warmUp) continue
    cpuUs.sealed += sealedUs
    cpuUs.held += heldUs
  }
  const after = await usage()
  const found = await portal.ask({ ask: 'search', typed: 'sample' })
  const searched = await usage()

  put('people in the directory', listed, 'people')
  put('records held', held, `of ${JSON.stringify(record).length} bytes each`)
  put('resident memory, the lists read and no record held', mb(beforehand.rss), 'MB')
  put('  with all records held', mb(after.rss), 'MB', { max: maxMb })
  put(`  and after a search of the directory that found ${String(found)}`, mb(searched.rss), 'MB', {
    max: maxMb,
  })
  put('/me from a sealed copy', cpuUs.sealed / (held - warmUp) / 1_000, 'ms of CPU', { max: maxMs })
  put('/me from memory', cpuUs.held / (held - warmUp) / 1_000, 'ms of CPU')
  put('  beside JSON.parse and stringify of the same record', yardstickUs(record) / 1_000, 'ms of CPU')
  put('  the oldest copy when it was shown', maxAgeMs / 1_000, 's', { max: 60 })
  for (const fault of portal.faults) process.stdout.write(`FAULT ${fault}\n`)
  await portal.stop()
  await sandbox.stop()
  await store.close()
  await server?.stop()
  rmSync(portal.dataFolder, { recursive: true })
  rmSync(folder, { recursive: true })

  /** @returns microseconds of the portal for all of them */
  async function cpuOf(name: string, requests: readonly Buffer[]): Promise<number> {
    const before = await portal.cpu()
    let sent = 0
    const load = await pressHard({
      port: portal.port,
      connections,
      seconds: 60,
      next: () => requests[sent++],
    })
    expectOnly(name, load, 200)
    return (await portal.cpu()) - before
  }
}

/** An ordinary volunteer's, as VOMO shows it. */
async function recordOf({ url, token, volunteers: [address = ''] }: SandboxReady): Promise<VomoUserDetail> {
  const headers = { authorization: `Bearer ${token}` }
  const list = await request(`${url}/users?email_like=${encodeURIComponent(address)}`, { headers })
  const { data } = (await list.body.json()) as { data: { id: number | string }[] }
  const id = String(data[0]?.id)
  const one = await request(`${url}/users/${id}`, { headers })
  return readUserDetail(await one.body.json(), id)
}

function yardstickUs(record: VomoUserDetail): number {
  const text = JSON.stringify(record)
  const run = (count: number) => {
    const before = cpuMicroseconds()
    for (let i = 0; i < count; i += 1) JSON.stringify(JSON.parse(text))
    return (cpuMicroseconds() - before) / count
  }
  run(warmUp)
  return run(held)
}

function pageOf(at: number) {
  const last = Math.ceil(listed / usersPerPage)
  const from = (at - 1) * usersPerPage
  const count = Math.min(usersPerPage, listed - from)
  const data = Array.from({ length: count }, (_, i) => ({
    type: 'user',
    id: idOf(from + i),
    first_name: `Sample${from + i}`,
    last_name: `Person${(from + i) % 2_000}`,
    email: addressOf(from + i),
    phone: `(555) 010-${String((from + i) % 10_000).padStart(4, '0')}`,
    membership_status: 'ACCEPTED',
    updated_at: '2026-11-04T08:00:00+00:00',
  }))
  return {
    data,
    links: { next: at < last ? `page=${at + 1}` : null },
    meta: { current_page: at, last_page: last },
  }
}

function idOf(i: number): number {
  return 9_000_000 + i
}

function addressOf(i: number): string {
  return `sample.person${i}@volunteers.example`
}

function mb(bytes: number): number {
  return bytes / 1e6
}
