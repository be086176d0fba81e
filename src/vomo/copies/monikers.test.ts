import { expect, test } from 'vitest'
import { createMonikers, readMonikers } from './monikers.ts'

test('VOMO’s own words are no customer’s choice', () => {
  expect(
    readMonikers({ project_moniker: 'Project', campaign_moniker: 'campaign', groups_moniker: 'Group' }),
  ).toEqual({ project: null, campaign: null, group: null })
})

test('for any answer of VOMO’s, a moniker is a short line or nothing', () => {
  expect(
    readMonikers({
      project_moniker: ' Serving\nDate ',
      campaign_moniker: 7,
      groups_moniker: 'x'.repeat(500),
    }),
  ).toEqual({ project: 'Serving Date', campaign: '7', group: 'x'.repeat(40) })
  expect(readMonikers({ project_moniker: null, campaign_moniker: {}, groups_moniker: '' })).toEqual({
    project: null,
    campaign: null,
    group: null,
  })
})

test('the first organization of a family speaks for it, and is asked once a day', async () => {
  let nowMs = 0
  const monikers = createMonikers({ clock: () => nowMs })
  let asked = 0
  const ask = async () => {
    asked += 1
    return { data: [{ groups_moniker: 'Team' }, { groups_moniker: 'Crew' }] }
  }
  expect(monikers.monikers('hillside').group).toBeNull()
  await monikers.warm('hillside', ask)
  await monikers.warm('hillside', ask)
  expect([monikers.monikers('hillside').group, asked]).toEqual(['Team', 1])
  nowMs += 25 * 60 * 60_000
  await monikers.warm('hillside', ask)
  expect(asked).toBe(2)
})

test('an empty family has no words', async () => {
  const monikers = createMonikers({ clock: () => 0 })
  await monikers.warm('hillside', async () => ({ data: [] }))
  expect(monikers.monikers('hillside')).toEqual({ project: null, campaign: null, group: null })
})
