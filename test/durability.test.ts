import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOrCreatePerson } from '../src/accounts/people.ts'
import { forgetOldLinks, issueMailedLink } from '../src/links/links.ts'
import { forgetOldMail, queueMail } from '../src/mail/outbox.ts'
import { forgetOldRequests, noteRequest } from '../src/sign-in/mail/requests.ts'
import { forgetOldSessions, openSession } from '../src/sign-in/session/sessions.ts'
import { openStore } from '../src/store/engines.ts'
import { findPrograms } from '../src/store/postgres-server.fixture.ts'
import type { Store } from '../src/store/store.ts'
import {
  type Acked,
  acknowledged,
  endPortals,
  expectAllOf,
  expectCopyHoldsAll,
  keepWriting,
  nothingYet,
  openHouse,
  secrets,
  sleep,
  startPortal,
  writeOne,
} from './busy-portal.ts'
import { isOnPostgres, openRows, type TestDatabase, testDatabase } from './database.ts'
import { buildPortalProcess } from './portals.ts'

/** What was acknowledged survives the end of a process, and an update. What a disk does to a file: disk.sqlite.test.ts. */

const folder = mkdtempSync(join(tmpdir(), 'porchlight-durability-'))
const places: TestDatabase[] = []
let script: string

beforeAll(async () => {
  script = await buildPortalProcess()
})
afterAll(async () => {
  endPortals()
  for (const place of places) await place.drop()
  rmSync(folder, { recursive: true })
})

async function newPlace(options?: { isEmpty: boolean }): Promise<string> {
  const place = await testDatabase(mkdtempSync(join(folder, 'house-')), options)
  places.push(place)
  return place.database
}

it('a portal that is killed fifteen times under load loses nothing it said yes to', async () => {
  const house = await openHouse(await newPlace(), 1000)
  const rows = await openRows(house.database)
  const acked: Acked = nothingYet()
  for (let round = 0; round < 15; round += 1) {
    const portal = await startPortal(script, house)
    const writers = keepWriting(portal, house, acked)
    const enough = acknowledged(acked) + 20 + Math.random() * 30
    while (acknowledged(acked) < enough) await sleep(5)
    portal.child.kill('SIGKILL')
    await portal.ended
    await writers
    expect(await rows.isIntact()).toBe(true)
    await expectAllOf(acked, rows)
  }
  expect(acked.addresses.length).toBeGreaterThan(150)
  expect(acked.links.length).toBeGreaterThan(150)
  // The last portal keeps serving, and a link spent before a kill stays spent after it.
  const portal = await startPortal(script, house)
  for (const link of acked.links.slice(-5)) expect((await portal.post(`/auth/${link}`)).status).toBe(410)
  await portal.stop()
  await rows.close()
}, 180_000)

// SQLite's file is copied in disk.sqlite.test.ts.
it.each(isOnPostgres ? ['pg_dump'] : [])(
  'a copy made by %s under load holds all that was acknowledged before it began',
  async (how) => {
    const house = await openHouse(await newPlace(), 1000)
    await expectCopyHoldsAll(script, house, async () => {
      const copy = await newPlace({ isEmpty: true })
      const file = join(folder, 'copy.dump')
      await postgres(how, ['--format=custom', '--file', file, house.database])
      await postgres('pg_restore', ['--dbname', copy, file])
      return copy
    })
  },
  180_000,
)

async function postgres(program: string, args: string[]): Promise<void> {
  await promisify(execFile)(join(findPrograms(), program), args)
}

describe('versions side by side', () => {
  it('an older process serves on while a newer one adds to the tables', async () => {
    const house = await openHouse(await newPlace(), 20)
    const portal = await startPortal(script, house)
    const acked: Acked = nothingYet()
    for (let i = 0; i < 6; i += 1) await writeOne(portal, house, acked, `older-${i}@example.org`)
    const newer = await openRows(house.database)
    await newer.run('create table of_tomorrow (id text primary key)')
    await newer.run('alter table sign_in_request add column of_tomorrow text')
    await newer.run('alter table session add column of_tomorrow integer')
    await newer.run('create index session_of_tomorrow on session (of_tomorrow)')
    await newer.close()
    for (let i = 0; i < 6; i += 1) await writeOne(portal, house, acked, `newer-${i}@example.org`)
    expect(acknowledged(acked)).toBe(12)
    expect((await portal.get('/portal/api/limits', acked.sessions[0])).status).toBe(200)
    await portal.stop()
  })
})

it('what is over is forgotten, and the database stops growing', async () => {
  const house = await openHouse(await newPlace(), 0)
  const store = await openStore({ database: house.database })
  const rows = await openRows(house.database)
  const day = 86_400_000
  const sizes: number[] = []
  for (let round = 0; round < 6; round += 1) {
    const nowMs = Date.now() + round * 400 * day
    await fillWithAYear(store, house.customerId, nowMs)
    await store.write(function* () {
      yield* forgetOldRequests(store.db, nowMs + 200 * day)
      yield* forgetOldSessions(store.db, nowMs + 200 * day)
      yield* forgetOldLinks(store.db, nowMs + 200 * day)
      // Twice, because a failed email is kept longer for those who ask about it.
      yield* forgetOldMail(store.db, nowMs + 200 * day)
      yield* forgetOldMail(store.db, nowMs + 200 * day)
    })
    for (const table of ['sign_in_request', 'session', 'link', 'outbox'])
      expect(await rows.count(table)).toBe(0)
    await rows.run('delete from audit_event')
    await rows.run('delete from job')
    sizes.push(await rows.size())
  }
  expect(sizes.at(-1)).toBeLessThanOrEqual((sizes[1] ?? 0) * 1.1)
  await rows.close()
  await store.close()
}, 180_000)

async function fillWithAYear(store: Store, customerId: string, nowMs: number): Promise<void> {
  await store.write(function* () {
    const { db } = store
    for (let i = 0; i < 500; i += 1) {
      const address = `year-${nowMs}-${i}@example.org`
      const person = yield* findOrCreatePerson(
        db,
        { customerId, vomoUserId: `volunteer ${i}`, address },
        nowMs,
      )
      const to = { address, shownAddress: address, landing: '/', language: 'en' as const }
      const asked = { customerId, browserKey: 'k'.repeat(32), fromKnownBrowser: false, ...to }
      const { id: requestId } = yield* noteRequest(db, secrets, asked, nowMs)
      const order = { customerId, personId: person.id, address, landing: '/', requestId, lifeMs: 900_000 }
      const link = yield* issueMailedLink(db, secrets, order, nowMs)
      yield* openSession(
        db,
        secrets,
        {
          customerId,
          personId: person.id,
          proof: { kind: 'link', id: link.id },
          way: 'mailed_link',
          isStaff: false,
        },
        nowMs,
      )
      const from = { name: 'Riverbend', address: 'no-reply@example.org' }
      const message = { from, replyTo: null, to: address, subject: 's', text: 't', html: 'h' }
      yield* queueMail(db, secrets, { customerId, kind: 'sign_in', notAfterMs: nowMs, message }, nowMs)
    }
  })
}
