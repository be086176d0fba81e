import { readUserDetail } from '../vomo/people/read-user.ts'
import type { VomoParticipation, VomoProject, VomoUserDetail } from '../vomo/types.ts'
import type { OpportunityView } from './opportunities/view.ts'
import type { Row } from './rows/rows.ts'

/** Saturday, November 21, 2026, noon UTC. */
export const nowMs = Date.UTC(2026, 10, 21, 12)

export function participation(more: Partial<VomoParticipation> = {}): VomoParticipation {
  return {
    projectId: '7001',
    projectDateId: '8001',
    signedUpAtMs: Date.UTC(2026, 9, 1),
    checkedInAtMs: null,
    checkedOutAtMs: null,
    hours: null,
    isVerified: false,
    role: 'Sorter',
    guests: 0,
    status: null,
    isItem: false,
    ...more,
  }
}

export function project(more: Partial<VomoProject> = {}): VomoProject {
  return {
    id: '7001',
    name: 'Saturday Sort',
    url: 'https://app.example.org/project/saturday-sort',
    timeZone: 'America/Chicago',
    place: 'Hall, 1 Main St',
    town: null,
    description: [],
    contact: null,
    minAge: null,
    allowsGuests: false,
    needsApproval: false,
    isAnytime: false,
    isPublic: true,
    organization: 'Riverbend Food Bank',
    campaigns: [{ id: '31', name: 'Autumn Drive' }],
    dates: [
      {
        id: '8001',
        startsAtMs: Date.UTC(2026, 10, 14, 15),
        endsAtMs: Date.UTC(2026, 10, 14, 18),
        placesLeft: null,
      },
    ],
    ...more,
  }
}

export function opportunity(more: Partial<OpportunityView> = {}): OpportunityView {
  const nextStartsAtMs = more.nextStartsAtMs ?? Date.UTC(2026, 10, 28, 15)
  return {
    href: '/opportunities/bcdfghjklmnpqrstbcdfghjklmnpqrst',
    name: 'Saturday Sort',
    place: 'Hall, 1 Main St, Plano',
    town: 'Plano',
    summary: 'Sort what came in today.',
    timeZone: 'America/Chicago',
    nextStartsAtMs,
    nextEndsAtMs: nextStartsAtMs + 3 * 3_600_000,
    placesLeft: null,
    nextOpenAtMs: null,
    laterAtMs: [],
    campaigns: [],
    url: null,
    ...more,
  }
}

export function user(more: Partial<VomoUserDetail> = {}): VomoUserDetail {
  const data = {
    id: '1000001',
    first_name: 'Mara',
    last_name: 'Quist',
    email: 'mara@example.org',
    membership_role: 'VOLUNTEER',
    membership_status: 'ACCEPTED',
  }
  return { ...readUserDetail({ data }, data.id), ...more }
}

export function row(more: Partial<Row> = {}): Row {
  const startsAtMs = more.startsAtMs ?? Date.UTC(2026, 10, 14, 15)
  return {
    project: 'Saturday Sort',
    campaigns: ['Autumn Drive'],
    organization: 'Riverbend Food Bank',
    startsAtMs,
    endsAtMs: startsAtMs + 3 * 3_600_000,
    timeZone: 'America/Chicago',
    isAnytime: false,
    role: 'Sorter',
    hours: 3,
    verified: true,
    state: 'counted',
    guests: 0,
    place: 'Hall, 1 Main St',
    url: null,
    description: [],
    contact: null,
    countsAtMs: startsAtMs,
    year: new Date(startsAtMs).getUTCFullYear(),
    key: null,
    ...more,
  }
}
