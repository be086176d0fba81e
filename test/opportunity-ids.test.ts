import { afterAll, beforeAll, expect, it } from 'vitest'
import { opportunityKeys } from '../src/volunteer/opportunities/view.ts'
import { canariesIn } from './canaries.ts'
import { type CanaryHouse, openCanaryHouse, untilWarm } from './canary-house.ts'

const volunteers = 4
let house: CanaryHouse

beforeAll(async () => {
  house = await openCanaryHouse({ volunteers })
  await untilWarm(house)
})
afterAll(async () => {
  await house.close()
  expect(house.errors).toEqual([])
})

function pathsOf(project: { id: number }) {
  const key = opportunityKeys(house.secrets, house.customerIdOf('a'))(String(project.id))
  return [`/opportunities/${key}`, `/portal/api/opportunities/${key}`]
}

it('a project that is not open to every volunteer has no page, even for its own volunteer who knows its address', async () => {
  const { cookie } = await house.signIn('a', 0)
  const { projects } = house.world.customers[0]?.records ?? { projects: [] }
  const [open, hidden] = [true, false].map((isOpen) =>
    projects.filter(({ privacy }) => (privacy === 'PUBLIC') === isOpen),
  )
  expect([open?.length, hidden?.length]).toEqual([2, volunteers + 2])
  for (const path of open?.flatMap(pathsOf) ?? []) {
    const { status, text } = await house.get('a', path, cookie)
    expect(status).toBe(200)
    const found = [...canariesIn(text)]
    expect(new Set(found.map(({ owner }) => owner))).toEqual(new Set(['none']))
    expect(found.filter(({ isShown, tenant }) => !isShown || tenant !== 'a')).toEqual([])
    expect(found.map(({ field }) => field)).toEqual(expect.arrayContaining(['pd', 'qn', 'qp', 'qe']))
    expect((await house.get('b', path, cookie)).status).not.toBe(200)
  }
  for (const path of hidden?.flatMap(pathsOf) ?? [])
    expect((await house.get('a', path, cookie)).status).toBe(404)
})
