import { expect, test } from 'vitest'
import type { ProjectView } from '../../vomo/types.ts'
import { nowMs, participation, project } from '../volunteer.fixture.ts'
import { joinedRows } from './joined.ts'

const hourMs = 3_600_000
const ahead = { id: '8001', startsAtMs: nowMs + hourMs, endsAtMs: nowMs + 2 * hourMs, placesLeft: null }
const timeZone = 'America/Chicago'

test('a record that is shown again is not joined again, until something of it changes', () => {
  const participations = [participation({ hours: 3 })]
  const shown = project({ dates: [ahead] })
  const rowsAt = (ms: number, view: ProjectView, zone = timeZone) =>
    joinedRows(participations, { projects: new Map([['7001', view]]), nowMs: ms, timeZone: zone })

  const first = rowsAt(nowMs, shown)
  expect(rowsAt(nowMs + hourMs, shown)).toBe(first)
  expect(first[0]?.state).toBe('not_ended')
  expect(rowsAt(ahead.endsAtMs - 1, shown)).toBe(first)
  expect(rowsAt(ahead.endsAtMs, shown)[0]?.state).toBe('counted')
  expect(rowsAt(nowMs, shown)[0]?.state).toBe('not_ended')

  const renamed = project({ dates: [ahead], name: 'Sunday Sort' })
  expect(rowsAt(nowMs, renamed)[0]?.project).toBe('Sunday Sort')
  expect(rowsAt(nowMs, 'loading')[0]?.state).toBe('loading')
  expect(rowsAt(nowMs, 'gone', 'Asia/Tokyo')[0]?.timeZone).toBe('Asia/Tokyo')
  expect(rowsAt(nowMs, 'gone', 'Asia/Kolkata')[0]?.timeZone).toBe('Asia/Kolkata')
})

test('another record has rows of its own', () => {
  const sources = { projects: new Map([['7001', project()]]), nowMs, timeZone }
  const [one, other] = [[participation({ hours: 1 })], [participation({ hours: 2 })]]
  expect(joinedRows(one ?? [], sources)[0]?.hours).toBe(1)
  expect(joinedRows(other ?? [], sources)[0]?.hours).toBe(2)
})
