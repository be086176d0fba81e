import { describe, expect, test } from 'vitest'
import type { ProjectView, VomoParticipation, VomoProject } from '../../vomo/types.ts'
import { nowMs, participation, project } from '../volunteer.fixture.ts'
import { knowsDatesOf, toRows } from './rows.ts'

const hourMs = 3_600_000
const ended = Date.UTC(2026, 10, 14, 18)

function rowOf(more: Partial<VomoParticipation>, view: ProjectView | null = project(), at = nowMs) {
  const projects = new Map(view === null ? [] : [['7001', view] as const])
  const [row] = toRows([participation(more)], { projects, nowMs: at, timeZone: 'America/Denver' })
  if (!row) throw new Error('one row was expected')
  return row
}

const ahead = project({
  dates: [{ id: '8001', startsAtMs: nowMs + hourMs, endsAtMs: nowMs + 4 * hourMs, placesLeft: null }],
})
function withoutEnd(hoursAgo: number): VomoProject {
  const startsAtMs = nowMs - hoursAgo * hourMs
  return project({ dates: [{ id: '8001', startsAtMs, endsAtMs: startsAtMs, placesLeft: null }] })
}
const anytime = project({ isAnytime: true, dates: [] })

describe('the state of a row', () => {
  test.each<[string, string, Partial<VomoParticipation>, ProjectView | null]>([
    ['counted', 'over, with hours', { hours: 3 }, project()],
    ['counted', 'over, and nought confirmed by the organiser', { hours: 0, isVerified: true }, project()],
    ['not_ended', 'a sign-up ahead that already carries hours', { hours: 10 }, ahead],
    ['not_ended', 'a sign-up ahead without hours', {}, ahead],
    ['not_ended', 'a shift under way', { hours: 2, checkedInAtMs: nowMs }, ahead],
    ['not_ended', 'a shift without an end that began an hour ago', {}, withoutEnd(1)],
    ['waiting_hours', 'a shift without an end that began three hours ago', {}, withoutEnd(3)],
    ['waiting_hours', 'over, without hours', {}, project()],
    ['waiting_hours', 'over, with an unconfirmed zero', { hours: 0 }, project()],
    [
      'waiting_hours',
      'checked in and out, without hours',
      { checkedInAtMs: ended - hourMs, checkedOutAtMs: ended },
      project(),
    ],
    ['no_check_out', 'checked in, never out, without hours', { checkedInAtMs: ended - hourMs }, project()],
    [
      'counted',
      'checked in, never out, with hours all the same',
      { checkedInAtMs: ended - hourMs, hours: 3 },
      project(),
    ],
    ['cancelled', 'cancelled', { status: 'CANCELLED', hours: 3 }, project()],
    ['cancelled', 'canceled, the American way', { status: 'CANCELED' }, ahead],
    ['denied', 'denied', { status: 'DENIED', hours: 3 }, project()],
    ['pending', 'waiting for approval', { status: 'PENDING' }, ahead],
    ['pending', 'on a waiting list', { status: 'WAITLISTED' }, ahead],
    ['counted', 'approved', { status: 'APPROVED', hours: 3 }, project()],
    ['counted', 'of an unknown status', { status: 'SHINY', hours: 3 }, project()],
    ['item', 'something brought', { isItem: true, hours: 3 }, project()],
    ['loading', 'of a project that is not loaded', { hours: 3 }, 'loading'],
    ['loading', 'of a project that was not asked for', { hours: 3 }, null],
    ['date_unknown', 'of a project VOMO no longer shows', { hours: 3 }, 'gone'],
    ['date_unknown', 'without a project', { projectId: null, hours: 3 }, null],
    [
      'counted',
      'of a project VOMO no longer shows, but checked in',
      { hours: 3, checkedInAtMs: ended },
      'gone',
    ],
    ['date_unknown', 'of a date VOMO no longer shows', { projectDateId: '8009', hours: 3 }, project()],
    [
      'date_unknown',
      'without a date, of a project that has dates',
      { projectDateId: null, hours: 3 },
      project(),
    ],
    [
      'counted',
      'of a date VOMO no longer shows, but checked in',
      { projectDateId: '8009', hours: 3, checkedInAtMs: ended },
      project(),
    ],
    [
      'no_check_out',
      'of a lost date, checked in only',
      { projectDateId: '8009', checkedInAtMs: ended },
      project(),
    ],
    ['counted', 'of an anytime project, with hours', { projectDateId: null, hours: 2 }, anytime],
    ['waiting_hours', 'of an anytime project, signed up only', { projectDateId: null }, anytime],
    [
      'no_check_out',
      'of an anytime project, checked in only',
      { projectDateId: null, checkedInAtMs: ended },
      anytime,
    ],
    [
      'not_ended',
      'of an anytime project, dated ahead',
      { projectDateId: null, hours: 2, checkedOutAtMs: nowMs + 1 },
      anytime,
    ],
    [
      'date_unknown',
      'of an anytime project, without any time',
      { projectDateId: null, hours: 2, signedUpAtMs: null },
      anytime,
    ],
  ])('is %s: %s', (state, _what, more, view) => {
    expect(rowOf(more, view).state).toBe(state)
  })

  test('turns from "not ended" to "counted" in the millisecond the shift ends', () => {
    expect(rowOf({ hours: 3 }, project(), ended - 1).state).toBe('not_ended')
    expect(rowOf({ hours: 3 }, project(), ended).state).toBe('counted')
  })
})

describe('the year of a row', () => {
  const dated = (startsAt: string, endsAt: string, timeZone: string): VomoProject =>
    project({
      timeZone,
      dates: [
        { id: '8001', startsAtMs: Date.parse(startsAt), endsAtMs: Date.parse(endsAt), placesLeft: null },
      ],
    })

  test('is that of the start, in the project’s zone, in any server’s zone', () => {
    const newYear = dated('2025-12-31T23:30:00-08:00', '2026-01-01T01:30:00-08:00', 'America/Los_Angeles')
    expect(rowOf({ hours: 2 }, newYear)).toMatchObject({ state: 'counted', year: 2025 })
    const justAfter = dated('2026-01-01T00:00:00-08:00', '2026-01-01T01:30:00-08:00', 'America/Los_Angeles')
    expect(rowOf({ hours: 2 }, justAfter).year).toBe(2026)
    const stillLastYearInUtc = dated(
      '2026-01-01T00:30:00+13:00',
      '2026-01-01T02:30:00+13:00',
      'Pacific/Auckland',
    )
    expect(rowOf({ hours: 2 }, stillLastYearInUtc).year).toBe(2026)
  })

  test('is not that of the sign-up', () => {
    const january = dated('2026-01-10T09:00:00-06:00', '2026-01-10T12:00:00-06:00', 'America/Chicago')
    expect(rowOf({ hours: 3, signedUpAtMs: Date.UTC(2025, 11, 20) }, january).year).toBe(2026)
  })

  test('of an anytime row is that of leaving, else coming, else signing up', () => {
    const times = {
      signedUpAtMs: Date.UTC(2023, 5, 1),
      checkedInAtMs: Date.UTC(2024, 5, 1),
      checkedOutAtMs: Date.UTC(2025, 5, 1),
    }
    const of = (more: Partial<VomoParticipation>) =>
      rowOf({ projectDateId: null, hours: 1, ...times, ...more }, anytime)
    expect(of({}).year).toBe(2025)
    expect(of({ checkedOutAtMs: null }).year).toBe(2024)
    expect(of({ checkedOutAtMs: null, checkedInAtMs: null }).year).toBe(2023)
    expect(of({})).toMatchObject({ isAnytime: true, startsAtMs: null, endsAtMs: null })
  })

  test('of a row whose project is gone is that of the check-in, in the customer’s zone', () => {
    const checkedInAtMs = Date.parse('2025-12-31T23:00:00-07:00')
    expect(rowOf({ hours: 3, checkedInAtMs }, 'gone')).toMatchObject({
      year: 2025,
      timeZone: 'America/Denver',
    })
  })
})

test('rows come the latest first, those without a moment last, and hold no id of VOMO’s', () => {
  const dates = [1, 2, 3].map((n) => ({
    id: `800${n}`,
    startsAtMs: Date.UTC(2026, n, 14, 15),
    endsAtMs: Date.UTC(2026, n, 14, 18),
    placesLeft: null,
  }))
  const rows = toRows(
    ['8001', '8003', '8099', '8002'].map((projectDateId) => participation({ projectDateId })),
    { projects: new Map([['7001', project({ dates })]]), nowMs, timeZone: 'UTC' },
  )
  expect(rows.map(({ startsAtMs }) => startsAtMs && new Date(startsAtMs).getUTCMonth())).toEqual([
    3,
    2,
    1,
    null,
  ])
  expect(JSON.stringify(rows)).not.toMatch(/"(7001|80\d\d|31)"/)
})

describe('a held copy of a project', () => {
  const held = { value: project(), fetchedAtMs: nowMs - hourMs }
  test.each([
    [true, 'the date is in it', participation()],
    [true, 'the date was gone already when it was fetched', participation({ projectDateId: '8009' })],
    [
      false,
      'a volunteer signed up for a new date since',
      participation({ projectDateId: '8009', signedUpAtMs: nowMs - 60_000 }),
    ],
    [
      true,
      'the sign-up is of another project',
      participation({ projectId: '7002', projectDateId: '8009', signedUpAtMs: nowMs }),
    ],
    [
      true,
      'the sign-up claims to be from the future',
      participation({ projectDateId: '8009', signedUpAtMs: nowMs + hourMs }),
    ],
  ])('suffices: %s, when %s', (suffices, _why, one) => {
    expect(knowsDatesOf([one], held, nowMs)).toBe(suffices)
  })
})
