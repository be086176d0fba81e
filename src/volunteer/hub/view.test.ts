import { expect, it } from 'vitest'
import type { Customer } from '../../customers/customers.ts'
import { english } from '../../text/languages.ts'
import type { VomoUserDetail } from '../../vomo/types.ts'
import { nowMs, participation, project, row, user } from '../volunteer.fixture.ts'
import { hubView } from './view.ts'

const dayMs = 24 * 60 * 60_000
const customer = { timeZone: 'America/Chicago', hoursWords: { showsVerified: false } } as Customer

/** The soonest is one they do not know. */
const held = {
  isComplete: true,
  asOfMs: nowMs,
  readAtMs: () => nowMs,
  projects: ['1', '2', '3', '4'].map((id, i) => {
    const startsAtMs = nowMs + (i + 1) * dayMs
    return project({
      id,
      name: `Project ${id}`,
      dates: [{ id: `d${id}`, startsAtMs, endsAtMs: startsAtMs + 1, placesLeft: null }],
    })
  }),
}

function offered(record: VomoUserDetail, servedDaysAgo: number) {
  const startsAtMs = nowMs - servedDaysAgo * dayMs
  const loaded = { rows: [row({ startsAtMs })], asOfMs: nowMs, loadingCount: 0, isAheadLoading: false }
  const { opportunities } = hubView(loaded, held, {
    customer,
    record,
    nowMs,
    language: english,
    keyOf: (id) => id,
  })
  return opportunities.map(({ name, isKnown }) => `${name}${isKnown ? ' known' : ''}`)
}

const served = [
  participation({ projectId: '4', hours: 3 }),
  participation({ projectId: '3', checkedInAtMs: nowMs - 400 * dayMs }),
  participation({ projectId: '2', status: 'DENIED' }),
]

it('offers those who come back what they did before, first', () => {
  const back = ['Project 3 known', 'Project 4 known', 'Project 1']
  expect(offered(user({ participations: served }), 400)).toEqual(back)
  expect(offered(user({ participations: served, membershipStatus: 'INACTIVE' }), 10)).toEqual(back)
})

it('offers everyone else what is soonest', () => {
  expect(offered(user({ participations: served }), 10)).toEqual(['Project 1', 'Project 2', 'Project 3 known'])
})
