import { expect, test } from 'vitest'
import type { WantedProjects } from '../../vomo/projects/projects.ts'
import type { ProjectView, VomoProject } from '../../vomo/types.ts'
import { nowMs, participation, project, user } from '../volunteer.fixture.ts'
import { idsInOrder, loadVolunteer } from './load.ts'

test('projects of the next shifts are asked for first, each once', () => {
  const day = (n: number) => Date.UTC(2026, 9, n)
  const ids = idsInOrder([
    participation({ projectId: 'past', checkedInAtMs: day(9) }),
    participation({ projectId: 'older', checkedInAtMs: day(2) }),
    participation({ projectId: 'next', signedUpAtMs: day(5) }),
    participation({ projectId: 'confirmed', isVerified: true, signedUpAtMs: day(1) }),
    participation({ projectId: 'newest', signedUpAtMs: day(7) }),
    participation({ projectId: 'next', checkedInAtMs: day(3) }),
    participation({ projectId: null }),
  ])
  expect(ids).toEqual(['newest', 'next', 'past', 'older', 'confirmed'])
})

test('a volunteer’s rows are joined, with the age of the record and the number still loading', async () => {
  const asked: { customerId: string; ids: readonly string[]; suffices: unknown }[] = []
  const views = new Map<string, ProjectView>([
    ['7001', project()],
    ['7002', 'loading'],
  ])
  const vomo = {
    async projects(customerId: string, ids: readonly string[], { suffices }: WantedProjects = {}) {
      const copy = (value: VomoProject) => suffices?.({ value, fetchedAtMs: nowMs - 3_600_000 })
      asked.push({ customerId, ids, suffices: [copy(project()), copy(project({ dates: [] }))] })
      return views
    },
  }
  const participations = [
    participation({ hours: 3, signedUpAtMs: nowMs - 60_000 }),
    participation({ projectId: '7002', signedUpAtMs: nowMs - 90_000 }),
  ]
  const loaded = await loadVolunteer({
    vomo,
    customerId: 'riverbend',
    record: { value: user({ participations }), fetchedAtMs: nowMs - 30_000 },
    clock: () => nowMs,
    timeZone: 'America/Chicago',
  })
  expect(loaded).toMatchObject({ asOfMs: nowMs - 30_000, loadingCount: 1 })
  expect(loaded.rows.map(({ state }) => state)).toEqual(['counted', 'loading'])
  expect(asked).toEqual([{ customerId: 'riverbend', ids: ['7001', '7002'], suffices: [true, false] }])
})
