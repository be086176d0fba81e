import { makeRandom } from '../../src/sandbox/world/random.ts'
import { directoryProgress } from '../../src/vomo/directory/directory.ts'
import { maxInAMinute } from './calls.ts'
import { openHouse, vomoLimits } from './house.ts'
import { type Put, p99 } from './print.ts'
import type { VirtualTime } from './virtual-time.ts'
import { openVisitor } from './visitor.ts'

const minuteMs = 60_000
const people = 20_000
/** Five people a minute sign in from the first one on, and look at three pages. */
const visitEveryMs = 12_000
const showEveryMs = 10 * minuteMs
const gapMs = 10_000

/** A portal that knows nothing yet, of an organization with 20,000 people, and those who sign in meanwhile. */
export async function firstDay(time: VirtualTime, put: Put, database: string | undefined): Promise<void> {
  const house = await openHouse(time, { database, people })
  const random = makeRandom(1, 'a first day')
  const here = random.shuffle(house.vomo.volunteers)
  const fromMs = time.now()
  const mailMs: number[] = []
  const pageMs: number[] = []
  let failed = 0
  let asked = 0
  let shownAtMs = fromMs
  const visits: Promise<void>[] = []

  const standsAfterMs = await untilItStands()
  await Promise.all(visits)
  const calls = await house.vomo.calls.since(fromMs)
  put('people in VOMO', people, 'people')
  put('the directory stands after', standsAfterMs / minuteMs, 'minutes')
  put('sign-ins meanwhile', mailMs.length, `of ${asked}`, { min: asked })
  put('  the email left after, p99', p99(mailMs) / 1000, 's', { max: 30 })
  put('  pages that waited longest, p99', p99(pageMs) / 1000, 's')
  put('  pages not answered by 200', failed, `of ${pageMs.length}`, { max: 0 })
  put('most calls in a minute', maxInAMinute(calls), 'calls', { max: vomoLimits.budget })
  put('answers of 429', calls.filter(({ status }) => status === 429).length, 'answers', { max: 0 })
  for (const fault of house.faults) process.stdout.write(`FAULT ${fault}\n`)
  await house.close()

  async function untilItStands(): Promise<number> {
    for (let i = 0; ; i += 1) {
      const [progress] = await directoryProgress(house.store())
      if (progress && progress.wholeAtMs !== null) return time.now() - fromMs
      if (time.now() - shownAtMs >= showEveryMs) {
        shownAtMs = time.now()
        const minutes = Math.round((shownAtMs - fromMs) / minuteMs)
        const left = [...(await house.metric('porchlight_vomo_directory_pages_left')).values()]
        put(
          `  shown after ${minutes} minutes: ${progress?.people ?? 0} people read, and left`,
          left[0] ?? 0,
          'pages',
        )
      }
      const volunteer = here[i]
      if (volunteer) visits.push(visit(volunteer))
      await time.sleep(visitEveryMs)
    }
  }

  async function visit(volunteer: (typeof here)[number]): Promise<void> {
    asked += 1
    const visitor = openVisitor(time, house, volunteer)
    const took = await visitor.signIn()
    if (took === undefined) return
    mailMs.push(took)
    for (let i = 0; i < 3; i += 1) {
      const { status, ms } = await visitor.viewNext()
      pageMs.push(ms)
      if (status !== 200) failed += 1
      await time.sleep(gapMs)
    }
  }
}
