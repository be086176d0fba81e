import { expect, it } from 'vitest'
import { findOrCreatePerson } from '../../accounts/people.ts'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import { openStore } from '../../store/engines.ts'
import { row } from '../volunteer.fixture.ts'
import { milestonesPassed, milestoneToShow } from './milestones.ts'

const dayMs = 24 * 60 * 60_000
const nowMs = Date.UTC(2026, 10, 21, 12)

/** Shifts this many days ago, of so many hours each. */
const shifts = (...given: [daysAgo: number, hours: number][]) =>
  given.map(([daysAgo, hours]) => row({ startsAtMs: nowMs - daysAgo * dayMs, hours }))

const said = (...given: Parameters<typeof shifts>) =>
  milestonesPassed(shifts(...given), nowMs).map(({ of, count }) => `${of} ${count}`)

it('thanks for what was just passed: the first shift, round hours, a year', () => {
  expect(said()).toEqual([])
  expect(said([3, 4])).toEqual(['first_shift 1'])
  expect(said([3, 12])).toEqual(['hours 10', 'first_shift 1'])
  expect(said([90, 9.99], [3, 0.01])).toEqual(['hours 10'])
  expect(said([90, 9.98], [3, 0.01])).toEqual([])
  expect(said([200, 24], [20, 30])).toEqual(['hours 50', 'hours 25'])
  expect(said([370, 3], [40, 3])).toEqual(['years 1'])
  expect(said([800, 3], [100, 3])).toEqual([])
})

it('says nothing of what is long ago, of a year without a shift, and while rows are loading', () => {
  expect(said([100, 60])).toEqual([])
  expect(said([366, 3])).toEqual([])
  expect(milestonesPassed([...shifts([3, 12]), row({ state: 'loading', hours: null })], nowMs)).toEqual([])
  expect(milestonesPassed([row({ state: 'waiting_hours', hours: null })], nowMs)).toEqual([])
})

it('is shown once, the greatest alone', async () => {
  const store = await openStore({ database: ':memory:' })
  const changes = { name: 'R', url: 'https://riverbend.example', 'time-zone': 'America/Chicago' }
  const person = await store.write(function* () {
    const customerId = yield* setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, nowMs)
    return yield* findOrCreatePerson(
      store.db,
      { customerId, vomoUserId: '1', address: 'a@example.org' },
      nowMs,
    )
  })
  const passed = milestonesPassed(shifts([200, 24], [20, 30]), nowMs)
  const shown = await Promise.all([1, 2, 3].map(() => milestoneToShow(store, person, passed, nowMs)))
  expect(shown.filter((each) => each !== null)).toMatchObject([{ of: 'hours', count: 50 }])
  expect(await milestoneToShow(store, person, passed, nowMs)).toBeNull()
  const later = milestonesPassed(shifts([200, 24], [20, 30], [1, 50]), nowMs)
  expect(await milestoneToShow(store, person, later, nowMs)).toMatchObject({ of: 'hours', count: 100 })
  await store.close()
})
