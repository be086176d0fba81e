import { type Call, maxInAMinute } from './calls.ts'
import { type Pace, paces, planDay, type Visit } from './day-plan.ts'
import { type House, openHouse, startVomo, vomoLimits } from './house.ts'
import { followRecipe } from './naive.ts'
import type { Put } from './print.ts'
import type { VirtualTime } from './virtual-time.ts'
import { openVisitor } from './visitor.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Time to read all lists for the first time. */
const beforehandMs = 2 * hourMs
const load = { visits: 400, views: 5_000 } as const
/** What happens in VOMO meanwhile: 30,000 participations in two years are 41 a day. */
const changes = { participations: 41, people: 12, projects: 3 } as const

/** A steady day without webhooks. */
export function day(time: VirtualTime, put: Put, database: string | undefined): Promise<void> {
  return dayOf(time, put, { database, withWebhooks: false })
}

/** The same day with webhooks. */
export function dayWithWebhooks(time: VirtualTime, put: Put, database: string | undefined): Promise<void> {
  return dayOf(time, put, { database, withWebhooks: true })
}

/** The same day of VOMO's recipe for a portal, which has no engine. */
export async function recipe(time: VirtualTime, put: Put): Promise<void> {
  const { volunteers, close } = await startVomo(time)
  await close()
  const visits = planDay(volunteers, { fromMs: time.now() + beforehandMs, ...load })
  const keepings = { 'as written': false, 'with its minute of copies': true }
  const runs = Object.entries(keepings).map(async ([name, keeps]) => {
    printRecipe(put, name, await followRecipe(time, visits, { keeps }))
  })
  await Promise.all(runs)
}

async function dayOf(
  time: VirtualTime,
  put: Put,
  given: { database: string | undefined; withWebhooks: boolean },
): Promise<void> {
  const { database, withWebhooks } = given
  const house = await openHouse(time, { database, withWebhooks })
  await time.sleep(beforehandMs)
  const fromMs = time.now()
  const visits = planDay(house.vomo.volunteers, { fromMs, ...load })
  const before = await house.metric('porchlight_vomo_calls_total')
  const [seen] = await Promise.all([
    visitAll(time, house, visits),
    changeVomo(time, house, fromMs),
    time.sleepUntil(fromMs + dayMs),
  ])
  const after = await house.metric('porchlight_vomo_calls_total')
  const made = (kind: string) =>
    [...after]
      .filter(([labels]) => labels.includes(`call="${kind}"`) && /"(answered|absent|limited)"/.test(labels))
      .reduce((sum, [labels, count]) => sum + count - (before.get(labels) ?? 0), 0)
  const calls = await house.vomo.calls.since(fromMs)
  print(put, { withWebhooks, visits, seen, calls, made })
  for (const fault of house.faults) process.stdout.write(`FAULT ${fault}\n`)
  await house.close()
}

type Views = Record<Pace, number>

/** @returns the pages answered, by pace, the others, and how long the emails took */
async function visitAll(time: VirtualTime, house: House, visits: readonly Visit[]) {
  const views: Views = { quick: 0, ordinary: 0, slow: 0 }
  const others = new Map<number, number>()
  const mailMs: number[] = []
  let notSignedIn = 0

  async function visit({ atMs, volunteer, pace, gapsMs }: Visit): Promise<void> {
    await time.sleepUntil(atMs)
    const visitor = openVisitor(time, house, volunteer)
    const took = await visitor.signIn()
    if (took === undefined) notSignedIn += 1
    else mailMs.push(took)
    for (const gapMs of gapsMs) {
      const { status } = await visitor.viewNext()
      views[pace] += 1
      if (status !== 200) others.set(status, (others.get(status) ?? 0) + 1)
      await time.sleep(gapMs)
    }
  }

  await Promise.all(visits.map(visit))
  return { views, others, mailMs, notSignedIn }
}

/** People sign up, change their records, and staff change projects, all day. */
async function changeVomo(time: VirtualTime, house: House, fromMs: number): Promise<void> {
  const { records, volunteers, control } = house.vomo
  const ahead = records.dates.filter(({ starts_at_ms: startsAtMs }) => startsAtMs > fromMs + dayMs)
  const at = <T>(list: readonly T[], i: number): T => {
    const one = list[(i * 37) % list.length]
    if (one === undefined) throw new Error('the sample world is empty')
    return one
  }
  const works: Promise<void>[] = []
  for (const [what, count] of Object.entries(changes)) {
    for (let i = 0; i < count; i += 1) works.push(change(what, i, fromMs + ((i + 0.5) * dayMs) / count))
  }
  await Promise.all(works)

  async function change(what: string, i: number, atMs: number): Promise<void> {
    await time.sleepUntil(atMs)
    const { vomoUserId } = at(volunteers, i)
    if (what === 'people') await control('POST', `people/${vomoUserId}`, { phone: `(555) 010-${1000 + i}` })
    else if (what === 'projects')
      await control('POST', `projects/${at(records.projects, i).id}`, { name: `Renamed ${i}` })
    else {
      const { id, project_id } = at(ahead, i)
      const signUp = { user_id: vomoUserId, project_id, project_date_id: id }
      await control('POST', 'participations', signUp)
    }
  }
}

function print(
  put: Put,
  of: {
    withWebhooks: boolean
    visits: readonly Visit[]
    seen: Awaited<ReturnType<typeof visitAll>>
    calls: readonly Call[]
    made: (kind: string) => number
  },
): void {
  const { withWebhooks, visits, seen, calls, made } = of
  const views = Object.values(seen.views).reduce((sum, count) => sum + count, 0)
  put('page views', views, 'views')
  put(
    'pages not answered by 200',
    [...seen.others.values()].reduce((sum, count) => sum + count, 0),
    'pages',
    { max: 0 },
  )
  put('sign-ins', seen.mailMs.length, 'sign-ins', { min: visits.length })
  put('the slowest email left after', Math.max(...seen.mailMs) / 1000, 's')
  const people = calls.filter(isAboutAPerson)
  put('calls for people', people.length / views, 'for each view', { max: 0.2 })
  for (const pace of Object.keys(paces) as Pace[]) {
    const ids = new Set(
      visits.filter((visit) => visit.pace === pace).map(({ volunteer }) => volunteer.vomoUserId),
    )
    const own = people.filter(({ path }) => ids.has(Number(/\/users\/(\d+)/.exec(path)?.[1])))
    put(`  a view every ${paces[pace] / 1000} s`, own.length / seen.views[pace], 'for each view')
  }
  put('calls of the background', made('warming'), 'calls', { max: withWebhooks ? 100 : 400 })
  put('calls for opportunities that a visitor waits for', made('project'), 'calls')
  put('calls in all, counted by VOMO', calls.length, 'calls')
  put('most calls in a minute', maxInAMinute(calls), 'calls', { max: vomoLimits.budget })
  put('answers of 429', calls.filter(({ status }) => status === 429).length, 'answers', { max: 0 })
}

/** Their record, or a search for an address; not the list of those who changed. */
function isAboutAPerson({ path }: Call): boolean {
  return /^\/v1\/users\/\d|email_like=/.test(path)
}

function printRecipe(
  put: Put,
  name: string,
  { calls, refused, pages, failedPages }: Awaited<ReturnType<typeof followRecipe>>,
): void {
  put(`${name}: calls`, calls, 'calls')
  put(`${name}: calls a view`, calls / pages, 'calls')
  put(`${name}: answers of 429`, refused, 'answers')
  put(`${name}: pages that failed`, failedPages, `of ${pages} pages`)
}
