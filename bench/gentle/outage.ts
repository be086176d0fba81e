import { makeRandom } from '../../src/sandbox/world/random.ts'
import { maxInAMinute } from './calls.ts'
import { openHouse, vomoLimits } from './house.ts'
import { type Put, p99 } from './print.ts'
import type { VirtualTime } from './virtual-time.ts'
import { openVisitor, type Visitor } from './visitor.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const signedIn = 300
/** So old are the copies of those who are signed in when it begins, at most. */
const visitsBeforeMs = 4 * hourMs
const outageMs = 2 * hourMs
const restartAfterMs = hourMs
const viewEveryMs = 10 * minuteMs
/**
 * Once VOMO is back, all open a page within two minutes. Who sees an older copy looks again at moments of their own, every ten minutes on
 * average, until it is fresh; who sees none comes when they were told, or up to half a minute later.
 */
const returnsWithinMs = 2 * minuteMs
const reloadEveryMs = 10 * minuteMs
const lateMs = 30_000
const giveUpMs = 3 * hourMs

/**
 * VOMO drops every connection for two hours, and the portal is restarted in their middle. Those who are signed in look at a page every ten
 * minutes; from the restart on all others sign in, too, who have no copy of their record. Then VOMO is back, and all want to see theirs.
 */
export async function outage(time: VirtualTime, put: Put, database: string | undefined): Promise<void> {
  const random = makeRandom(1, 'an outage')
  const house = await openHouse(time, { database })
  const { volunteers, control, calls } = house.vomo
  const within = (ms: number) => time.sleep(1 + random.next() * ms)

  await time.sleep(2 * hourMs)
  const early: Visitor[] = []
  for (const volunteer of volunteers.slice(0, signedIn))
    early.push(openVisitor(time, house, volunteer, await house.openSession(volunteer)))
  await Promise.all(
    early.map(async (visitor) => {
      await within(visitsBeforeMs)
      await visitor.record()
    }),
  )

  const downAtMs = time.now()
  const upAtMs = downAtMs + outageMs
  await control('PUT', 'options', { down: true })
  const kept = { shown: 0, lost: 0, oldestMs: 0 }
  const late = { asked: 0, in: 0, mailMs: [] as number[], without: 0 }
  const others = volunteers.slice(signedIn).map((volunteer) => openVisitor(time, house, volunteer))
  await Promise.all([
    ...early.map(keepLooking),
    ...others.map(signInLate),
    time.sleepUntil(downAtMs + restartAfterMs).then(house.restart),
    time.sleepUntil(upAtMs),
  ])

  put('pages of those signed in, shown in the outage', kept.shown, 'pages')
  put('  not shown', kept.lost, 'pages', { max: 0 })
  put('  the oldest copy shown', kept.oldestMs / hourMs, 'hours')
  put('sign-ins in the outage, after the restart', late.in, `of ${late.asked}`, { min: late.asked })
  put('  the email left after, p99', p99(late.mailMs) / 1000, 's')
  put('  then without a copy of their record', late.without, 'people')

  await control('PUT', 'options', { down: false })
  const [earlyMs, othersMs] = await Promise.all([allFresh(early), allFresh(others)])
  const since = await calls.since(upAtMs)
  put('most calls in a minute, once VOMO is back', maxInAMinute(since), 'calls', { max: vomoLimits.budget })
  put('answers of 429', since.filter(({ status }) => status === 429).length, 'answers', { max: 0 })
  put('the last without a copy sees their record after', Math.max(...othersMs) / minuteMs, 'minutes')
  put('  of these, who does not within three hours', others.length - othersMs.length, 'people', { max: 0 })
  put('the last with a copy sees a fresh one after', Math.max(...earlyMs) / minuteMs, 'minutes')
  put('  who does not within three hours', early.length - earlyMs.length, 'people', { max: 0 })
  for (const fault of house.faults) process.stdout.write(`FAULT ${fault}\n`)
  await house.close()

  async function keepLooking(visitor: Visitor): Promise<void> {
    await within(viewEveryMs)
    while (time.now() < upAtMs) {
      const { asOfMs } = await visitor.record()
      if (asOfMs === undefined) kept.lost += 1
      else {
        kept.shown += 1
        kept.oldestMs = Math.max(kept.oldestMs, time.now() - asOfMs)
      }
      await time.sleep(viewEveryMs)
    }
  }

  async function signInLate(visitor: Visitor): Promise<void> {
    await time.sleepUntil(downAtMs + restartAfterMs + minuteMs)
    await within(outageMs - restartAfterMs - 5 * minuteMs)
    late.asked += 1
    const took = await visitor.signIn()
    if (took === undefined) return
    late.in += 1
    late.mailMs.push(took)
    if ((await visitor.record()).asOfMs === undefined) late.without += 1
  }

  /** @returns how long after VOMO was back each saw a fresh record; those who did not are left out */
  async function allFresh(visitors: readonly Visitor[]): Promise<number[]> {
    const found = await Promise.all(visitors.map(untilFresh))
    return found.filter((ms) => ms !== undefined)
  }

  async function untilFresh(visitor: Visitor): Promise<number | undefined> {
    await within(returnsWithinMs)
    while (time.now() - upAtMs < giveUpMs) {
      const { asOfMs = 0, againInMs } = await visitor.record()
      if (asOfMs >= upAtMs) return time.now() - upAtMs
      if (againInMs === undefined) await within(2 * reloadEveryMs)
      else {
        await time.sleep(againInMs)
        await within(lateMs)
      }
    }
    return undefined
  }
}
