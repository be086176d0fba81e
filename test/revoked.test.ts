import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../src/store/store.ts'
import { canariesIn } from './canaries.ts'
import { type CanaryHouse, openCanaryHouse, untilWarm } from './canary-house.ts'

/** The ways a person loses access without doing anything. */
const events = {
  'VOMO has another e-mail': (place: number) =>
    house.changePerson('a', place, { email: `moved-${place}@elsewhere.example` }),
  'VOMO has them no more': (place: number) => house.changePerson('a', place, { removed: true }),
  'they had their account in VOMO deleted': (place: number) =>
    house.changePerson('a', place, { scrub: true }),
  'their account here is disabled': disable,
}

/** Every route that shows part of a record; their other content does not matter here. */
const surfaces = [
  '/organization/riverbend',
  '/user',
  '/user?by=month',
  '/user/hours.csv',
  '/shifts',
  '/shifts/:key.ics',
  '/profile',
  '/profile/edit',
  '/calendar/:feed.ics',
  '/portal/api/me',
  '/portal/api/me/participations',
  '/portal/api/me/hours',
  '/portal/api/me/shifts',
  '/portal/api/me/groups',
  '/portal/api/me/export',
  '/portal/api/me/export?format=csv',
]

const cases = Object.keys(events).flatMap((event) => surfaces.map((surface) => ({ event, surface })))

let house: CanaryHouse

beforeAll(async () => {
  house = await openCanaryHouse({ volunteers: cases.length * 2 })
  await untilWarm(house)
})
afterAll(async () => {
  await house.close()
  expect(house.errors).toEqual([])
})

async function disable(place: number): Promise<void> {
  const { db } = house.store
  await house.store.write(function* () {
    yield* rows(
      db
        .updateTable('person')
        .set({ standing: 'disabled' })
        .where('customer_id', '=', house.customerIdOf('a'))
        .where('vomo_user_id', '=', String(house.userAt('a', place).id))
        .compile(),
    )
  })
}

describe.each([
  ['a minute later', 0, async () => house.pass(60_001)],
  [
    'where no copy is held, at once',
    cases.length,
    async (places: readonly number[]) => {
      for (const place of places)
        house.portal.vomo.forget(house.customerIdOf('a'), String(house.userAt('a', place).id))
    },
  ],
] as const)('A5: %s', (_, firstPlace, thereafter) => {
  it(`nothing of a record is read any more, in ${cases.length} cases`, async () => {
    const people = await Promise.all(
      cases.map(async (one, i) => {
        const place = firstPlace + i
        const { cookie } = await house.signIn('a', place)
        const feed = await house.feedOf('a', place)
        const key = /\/shifts\/(\w+)\.ics/.exec((await house.get('a', '/shifts', cookie)).text)?.[1] ?? ''
        const path = one.surface.replace(':feed', feed).replace(':key', key)
        return { ...one, place, path, cookie: one.surface.startsWith('/calendar') ? undefined : cookie }
      }),
    )
    const read = ({ path, cookie }: (typeof people)[number]) => house.get('a', path, cookie)
    for (const person of people) {
      const { status, text } = await read(person)
      expect([person.surface, status, toldOf(text, person.place)]).toEqual([person.surface, 200, true])
    }
    for (const { event, place } of people) await events[event as keyof typeof events](place)
    await thereafter(people.map(({ place }) => place))

    const readable: string[] = []
    const kinds = new Map<string, number>()
    const isDenied = ({ event }: { event: string }) => event === 'VOMO has them no more'
    const lastOfAll = [...people.filter((one) => !isDenied(one)), ...people.filter(isDenied)]
    for (const [i, person] of lastOfAll.entries()) {
      // One "no such user" is no proof, nor are many at once: the held copy serves until it is too old.
      if (isDenied(person) && !isDenied(lastOfAll[i - 1] ?? person)) house.pass(15 * 60_000)
      const { status, text } = await read(person)
      const what = `${person.event}: ${person.surface} answers ${status}`
      if (toldOf(text, person.place)) readable.push(what)
      // For a person VOMO no longer has, the export still contains our own data.
      const mayBeGiven = person.surface === '/portal/api/me/export'
      const isRefused = [302, 303, 401, 403, 410].includes(status) || (isDenied(person) && status === 503)
      if (!isRefused && !(mayBeGiven && status === 200)) readable.push(what)
      kinds.set(person.event, (kinds.get(person.event) ?? 0) + 1)
    }
    expect(readable).toEqual([])
    expect([...kinds.values()]).toEqual(Object.keys(events).map(() => surfaces.length))
  })
})

/** The portal stores their address, too; anything else would come from the record. */
function toldOf(text: string, place: number): boolean {
  return [...canariesIn(text)].some(({ owner, field }) => owner === place && field !== 'em')
}
