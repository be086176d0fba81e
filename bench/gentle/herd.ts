import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { request } from 'undici'
import { makeRandom } from '../../src/sandbox/world/random.ts'
import { databaseIn, openStore } from '../../src/store/engines.ts'
import { newDatabase, startServer } from '../../src/store/postgres-server.fixture.ts'
import { directoryProgress } from '../../src/vomo/directory/directory.ts'
import { startPortalChild, startSandboxChild } from '../house.ts'
import { askOnce } from '../load.ts'
import { maxInAMinute } from './calls.ts'
import { type EngineName, type Mail, openHouse, type Volunteer, vomoLimits } from './house.ts'
import { type Put, p50, p99 } from './print.ts'
import type { VirtualTime } from './virtual-time.ts'
import { type Clock, type Door, openVisitor, type Visitor } from './visitor.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const comeWithinMs = 5 * minuteMs
/** How much later than they were told people come back, at most. */
const lateMs = 30_000
const giveUpMs = 3 * hourMs
/** To read all lists without a limit. */
const maxReadMs = 3 * minuteMs
const gapMs = 8_000

/** What the people of an announcement met. */
type Met = {
  mailMs: number[]
  pageMs: number[]
  statuses: Map<number, number>
  /** Pages that say how old what they show is. */
  withAge: number
  notSignedIn: number
}

/** Each comes within five minutes, signs in by an email, and looks at the portal. */
async function comeAll(clock: Clock, door: Door, volunteers: readonly Volunteer[]) {
  const random = makeRandom(1, 'an announcement')
  const met: Met = { mailMs: [], pageMs: [], statuses: new Map(), withAge: 0, notSignedIn: 0 }

  async function come(volunteer: Volunteer): Promise<Visitor> {
    await clock.sleep(1 + random.next() * comeWithinMs)
    const visitor = openVisitor(clock, door, volunteer)
    const took = await visitor.signIn((ms) => met.pageMs.push(ms))
    if (took === undefined) met.notSignedIn += 1
    else {
      met.mailMs.push(took)
      for (let i = 0; i < 3; i += 1) {
        const { status, ms, text } = await visitor.viewNext()
        met.pageMs.push(ms)
        met.statuses.set(status, (met.statuses.get(status) ?? 0) + 1)
        if (text.includes('As of ')) met.withAge += 1
        await clock.sleep(gapMs)
      }
    }
    return visitor
  }

  return { met, visitors: await Promise.all(volunteers.map(come)) }
}

/** An announcement is mailed to all while the directory stands and almost no record is held: what VOMO meets, and how long it takes. */
export async function herd(time: VirtualTime, put: Put, database: string | undefined): Promise<void> {
  const house = await openHouse(time, { database })
  await time.sleep(2 * hourMs)
  const fromMs = time.now()
  const { met, visitors } = await comeAll(time, house, house.vomo.volunteers)
  const freshMs: number[] = []
  /** How often each came back. */
  const returns: number[] = []
  /** How much later than each was told first VOMO was asked for their record; less than 0 where it was earlier. */
  const afterToldMs: number[] = []
  const random = makeRandom(1, 'looking again')
  await Promise.all(visitors.map(untilFresh))
  const calls = await house.vomo.calls.since(fromMs)

  put('people who come within five minutes', visitors.length, 'people')
  put('who could not sign in', met.notSignedIn, 'people', { max: 0 })
  put('the email left after, p99', p99(met.mailMs) / 1000, 's', { max: 30 })
  for (const [status, count] of met.statuses) put(`pages answered by ${status}`, count, 'pages')
  put('pages that say the age of what they show', met.withAge, 'pages')
  put('answers of 429', calls.filter(({ status }) => status === 429).length, 'answers', { max: 0 })
  put('most calls in a minute', maxInAMinute(calls), 'calls', { max: vomoLimits.budget })
  put('who see their record at once', returns.filter((times) => times === 0).length, 'people')
  put('who see it when they come back as told', returns.filter((times) => times === 1).length, 'people')
  put('who come back more often', returns.filter((times) => times > 1).length, 'people', { max: 0 })
  put('VOMO is asked after the moment that was told, p50', p50(afterToldMs) / 1000, 's')
  put('VOMO is asked after the moment that was told, p99', p99(afterToldMs) / 1000, 's')
  put('everybody sees a fresh record after', Math.max(...freshMs) / minuteMs, 'minutes')
  for (const fault of house.faults) process.stdout.write(`FAULT ${fault}\n`)
  await house.close()

  /** They come back when they were told, or a little later. */
  async function untilFresh(visitor: Visitor): Promise<void> {
    let toldMs: number | undefined
    await time.sleep(1 + random.next() * lateMs)
    for (let visits = 0; time.now() - fromMs < giveUpMs; visits += 1) {
      const { asOfMs = 0, againInMs = 0 } = await visitor.record()
      if (asOfMs >= fromMs) {
        returns.push(visits)
        if (toldMs !== undefined) afterToldMs.push(asOfMs - toldMs)
        break
      }
      toldMs ??= time.now() + againInMs
      await time.sleep(againInMs + 1 + random.next() * lateMs)
    }
    freshMs.push(time.now() - fromMs)
  }
}

/** The same announcement in real time, with the portal in a process of its own: how long people wait. */
export async function herdInRealTime(put: Put, engine: EngineName): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-herd-'))
  const server = engine === 'PostgreSQL' ? await startServer() : undefined
  const database = server ? await newDatabase(server.url) : databaseIn(folder)
  const sandbox = await startSandboxChild()
  const store = await openStore({ database })
  const mails = new Map<string, Mail>()
  const note = ({ to, text }: { to: string; text: string }) => mails.set(to, { atMs: Date.now(), text })
  const start = (callsPerMinute: number) =>
    startPortalChild({ sandbox: sandbox.ready, callsPerMinute, database, onMail: note })

  const reader = await start(10_000)
  const readUntilMs = Date.now() + maxReadMs
  for (;;) {
    const [progress] = await directoryProgress(store)
    if (progress && progress.wholeAtMs !== null) break
    if (Date.now() > readUntilMs) throw new Error('the directory could not be read')
    await pause(500)
  }
  await reader.stop()
  const options = { rate_limit_per_minute: vomoLimits.perMinute, latency_ms: vomoLimits.latencyMs }
  await request(`${new URL(sandbox.ready.url).origin}/__sandbox/options`, {
    method: 'PUT',
    body: JSON.stringify(options),
  })
  // The calls of a minute without a limit count against the first one with it.
  await pause(minuteMs + 5_000)
  const portal = await start(vomoLimits.budget)

  const volunteers = sandbox.ready.addresses.map((address, i) => ({ vomoUserId: i, address }))
  const door = { ask: (bytes: Buffer) => askOnce(portal.port, bytes), mails }
  const clock = { now: Date.now, sleep: (ms: number) => pause(ms) }
  const { met } = await comeAll(clock, door, volunteers)

  put('people who come within five minutes, in real time', volunteers.length, 'people')
  put('who could not sign in', met.notSignedIn, 'people', { max: 0 })
  put('a page took, p50', p50(met.pageMs), 'ms')
  put('a page took, p99', p99(met.pageMs), 'ms', { max: 300 })
  put('the email left after, p99, in real time', p99(met.mailMs) / 1000, 's', { max: 30 })
  for (const [status, count] of met.statuses) put(`pages answered by ${status}, in real time`, count, 'pages')
  for (const fault of [...reader.faults, ...portal.faults]) process.stdout.write(`FAULT ${fault}\n`)
  await portal.stop()
  await sandbox.stop()
  await store.close()
  await server?.stop()
  for (const each of [folder, reader.dataFolder, portal.dataFolder]) rmSync(each, { recursive: true })
}
