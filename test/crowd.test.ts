import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeRandom } from '../src/sandbox/world/random.ts'
import { inParallel } from './attack.ts'
import { type Asker, type Known, makeJudge } from './authorization.ts'
import { type CanaryHouse, openCanaryHouse, untilWarm } from './canary-house.ts'

const responses = Number(process.env['CROWD_RESPONSES'] ?? 20_000)
/** At once, on the same paths. */
const people = 64
const volunteers = 30
const sharedEmails = 10
const maxWaitMs = 200

let house: CanaryHouse
const known: Known = new Map()
const crowd: (Asker & { cookie: string; feed: string; key: string })[] = []

beforeAll(async () => {
  house = await openCanaryHouse({ volunteers, sharedEmails })
  await untilWarm(house)
  for (let i = 0; i < people; i += 1) {
    // Neighbors in the crowd have one VOMO id at three customers.
    const tenant = (['a', 'b', 'c'] as const)[i % 3] ?? 'a'
    const place = Math.floor(i / 3)
    const { cookie, secret, personId } = await house.signIn(tenant, place)
    const feed = await house.feedOf(tenant, place)
    const { text } = await house.get(tenant, '/shifts', cookie)
    const key = /\/shifts\/(\w+)\.ics/.exec(text)?.[1] ?? ''
    for (const theirs of [secret, personId, feed, key]) known.set(theirs, { tenant, place })
    crowd.push({ name: `${tenant} ${place}`, tenant, place, isStaff: false, cookie, feed, key })
  }
})
afterAll(async () => {
  await house.close()
  expect(house.errors).toEqual([])
})

const paths = [
  '/portal/api/me',
  '/portal/api/me/participations',
  '/portal/api/me/hours',
  '/portal/api/me/shifts',
  '/portal/api/me/certificates',
  '/portal/api/me/groups',
  '/portal/api/me/sessions',
  '/portal/api/me/export',
  '/portal/api/me/export?format=csv',
  '/portal/api/opportunities',
  '/portal/api/limits',
  '/user',
  '/user/hours.csv',
  '/shifts',
  '/shifts/:key.ics',
  '/calendar/:feed.ics',
  '/profile',
  '/profile/edit',
  '/account',
  '/opportunities',
  '/help',
  '/organization/:slug',
]

it(
  `A2 and C4: of ${responses} answers to ${people} people at once, three of them under each VOMO id, none holds a byte of another`,
  async () => {
    const judge = makeJudge(house, { known, sharedEmails })
    const random = makeRandom(5, 'crowd')
    const slugs = { a: 'riverbend', b: 'hillside', c: 'uplands' }
    const findings: string[] = []
    const seen = new Map<string, number>()
    let isOver = false

    const weather = (async () => {
      while (!isOver) {
        // VOMO's speed varies, and copies grow old, so that many requests ask for the same one at once.
        await house.sandboxOptions({ latency_ms: random.int(0, maxWaitMs) })
        house.pass(random.int(0, 40_000))
        await pause(50)
      }
    })()

    // All are on one path at a time, so that a wrongly cached answer would reach the next person.
    await inParallel(
      Array.from({ length: responses }).keys(),
      async (turn) => {
        const asker = crowd[turn % crowd.length]
        const route = paths[Math.floor(turn / crowd.length) % paths.length] ?? ''
        if (!asker) return
        const { tenant, cookie, feed, key } = asker
        const path = route.replace(':key', key).replace(':feed', feed).replace(':slug', slugs[tenant])
        const got = await house.get(tenant, path, route.startsWith('/calendar') ? undefined : cookie)
        for (const found of judge(got, { asker, path, said: (word) => path.includes(word) }))
          findings.push(`${asker.name} at ${path}: ${found}`)
        const isMine = got.text.includes(`qz${tenant}a${String.fromCharCode(97 + (asker.place ?? 0))}`)
        if (got.status === 200 && isMine) seen.set(route, (seen.get(route) ?? 0) + 1)
      },
      people,
    )
    isOver = true
    await weather
    await house.sandboxOptions({ latency_ms: 0 })
    expect(findings).toEqual([])
    // They got answers, and the data was their own.
    const isPublic = /opportunities$|limits$|help$|sessions$|certificates$|account$/
    const theirOwn = paths.filter((route) => !isPublic.test(route))
    expect(theirOwn.filter((route) => !seen.has(route))).toEqual([])
  },
  60_000 + responses * 20,
)

it('a crowd that is served each other’s copies is found out', async () => {
  const judge = makeJudge(house, { known, sharedEmails })
  const [first, second] = crowd
  if (!first || !second) throw new Error('there is no crowd')
  for (const path of ['/portal/api/me', '/user', '/user/hours.csv', `/calendar/${first.feed}.ics`]) {
    const got = await house.get(first.tenant, path, first.cookie)
    const found = judge(got, { asker: second, path: '/', said: () => false })
    expect(found, path).toContainEqual(expect.stringMatching(/^foreign qzaaa/))
  }
})
