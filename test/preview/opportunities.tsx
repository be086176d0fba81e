import type { VNode } from 'preact'
import type { Frame } from '../../src/page/site.ts'
import type { CertificatesAnswer } from '../../src/volunteer/hours/answers.ts'
import { ResumePage, type ResumeProps } from '../../src/volunteer/hours/page.tsx'
import { noFilter } from '../../src/volunteer/opportunities/filter.ts'
import { OpportunityPage } from '../../src/volunteer/opportunities/opportunity-page.tsx'
import { OpportunitiesPage } from '../../src/volunteer/opportunities/page.tsx'
import type { OpportunityDetail } from '../../src/volunteer/opportunities/view.ts'
import type { GroupsAnswer } from '../../src/volunteer/profile/answers.ts'
import { CalendarMadePage } from '../../src/volunteer/shifts/page-calendar.tsx'
import * as people from './people.ts'

const { asOf, visitor } = people
const hourMs = 3_600_000

const held: CertificatesAnswer = {
  data: [
    { name: 'Food handler', earned_on: '2025-03-01', expires_on: '2027-03-01', state: 'valid' },
    { name: 'Forklift operator', earned_on: '2023-12-01', expires_on: '2026-12-01', state: 'expires_soon' },
    { name: 'Orientation', earned_on: '2021-05-08', expires_on: null, state: 'no_end' },
    { name: 'Safe driving', earned_on: null, expires_on: '2026-08-31', state: 'expired' },
  ],
  told: true,
  defined: [],
  complete: true,
  as_of: '2026-11-21T16:40:12.000Z',
}

const notTold: CertificatesAnswer = {
  ...held,
  data: [],
  told: false,
  defined: [
    { name: 'Food handler', description: 'The county’s own course.', valid_for_days: 730 },
    { name: 'Forklift operator', description: null, valid_for_days: 1_000 },
    { name: 'Orientation', description: 'Once, and good for ever.', valid_for_days: null },
  ],
}

/** The groups of the gallery's volunteer. */
export const groups: GroupsAnswer = {
  data: [
    { name: 'Drivers', part_of: null },
    { name: 'Sandhill crew', part_of: 'Western crews' },
  ],
  complete: true,
  as_of: '2026-11-21T14:05:00.000Z',
}

/** Opportunities, and a volunteer's certificates: pages in every state. */
export function opportunities(frame: Frame, resume: ResumeProps): [string, VNode][] {
  const list = {
    ...frame,
    visitor,
    filter: noFilter,
    opportunities: people.opportunities,
    page: 2,
    pages: 5,
    found: 87,
    total: 87,
    initiatives: [
      { name: 'Neighbors in Winter', slug: 'neighbors-in-winter', href: '/neighbors-in-winter', count: 12 },
      { name: 'Holiday Boxes 2,000', slug: 'holiday-boxes-2000', href: '/holiday-boxes-2000', count: 1 },
    ],
    towns: ['Davenport', 'East Moline', 'Moline'],
    ownTown: 'Moline',
    complete: true,
    asOf,
    way: people.way,
  }
  const filter = { ...noFilter, text: 'driver', when: 'week' } as const
  const saturdays = { ...noFilter, day: 'sat' } as const
  const startsAtMs = Date.parse('2026-11-28T15:00:00Z')
  const one: OpportunityDetail = {
    name: 'Saturday pantry shift',
    timeZone: people.timeZone,
    place: 'Old Mill Hall, 412 Ferry Street, Moline, IL 61265, USA',
    mapUrl: 'https://www.openstreetmap.org/search?query=Old%20Mill%20Hall',
    town: 'Moline',
    description: [
      'Stock shelves and walk neighbors through the pantry.',
      'You’ll work in pairs: one stocks, one walks the aisles with a family.',
      'Please bring:',
      '• closed shoes',
      '• a water bottle',
      'Parking is free behind the building. New here? Come ten minutes early, and we’ll show you around.',
    ],
    contact: { name: 'Rosa Delgado', phone: '(309) 555-0188', email: 'rosa.delgado@riverbend.example' },
    minAge: 16,
    allowsGuests: true,
    needsApproval: true,
    dates: Array.from({ length: 12 }, (_, i) => ({
      startsAtMs: startsAtMs + i * 7 * 86_400_000,
      endsAtMs: startsAtMs + i * 7 * 86_400_000 + 4 * hourMs,
      placesLeft: [14, 0, 3, null][i % 4] ?? null,
    })),
    url: 'https://app.vomo.example/project/pantry',
  }
  const own = {
    ...frame,
    visitor,
    opportunity: one,
    initiatives: [{ name: 'Neighbors in Winter', slug: 'neighbors-in-winter', href: '/neighbors-in-winter' }],
    asOf,
    way: people.way,
  }
  return [
    ['opportunities', <OpportunitiesPage {...list} />],
    [
      'opportunities-saturdays',
      <OpportunitiesPage
        {...list}
        filter={saturdays}
        opportunities={people.opportunities.slice(1, 4)}
        found={3}
        page={1}
        pages={1}
      />,
    ],
    ['opportunity', <OpportunityPage {...own} />],
    [
      'opportunity-bare',
      <OpportunityPage
        {...own}
        initiatives={[]}
        way={{ kind: 'site', url: 'https://app.vomo.example/project/pantry' }}
        opportunity={{
          ...one,
          place: null,
          mapUrl: null,
          description: [],
          contact: null,
          minAge: null,
          allowsGuests: false,
          needsApproval: false,
          dates: one.dates.slice(0, 1),
        }}
      />,
    ],
    ['opportunity-over', <OpportunityPage {...own} opportunity={{ ...one, dates: [] }} />],
    ['opportunities-found', <OpportunitiesPage {...list} filter={filter} found={3} page={1} pages={1} />],
    [
      'opportunities-no-match',
      <OpportunitiesPage {...list} filter={filter} opportunities={[]} found={0} page={1} pages={1} />,
    ],
    [
      'opportunities-loading',
      <OpportunitiesPage {...list} initiatives={[]} complete={false} page={1} pages={1} />,
    ],
    [
      'opportunities-none',
      <OpportunitiesPage
        {...list}
        opportunities={[]}
        initiatives={[]}
        found={0}
        total={0}
        page={1}
        pages={1}
      />,
    ],
    ['certificates', <ResumePage {...resume} certificates={held} />],
    ['certificates-not-told', <ResumePage {...resume} certificates={notTold} />],
    [
      'certificates-loading',
      <ResumePage {...resume} certificates={{ ...notTold, defined: [], complete: false }} />,
    ],
    [
      'calendar-made',
      <CalendarMadePage
        {...frame}
        visitor={visitor}
        url="https://riverbend.example/calendar/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0HjLq.ics"
      />,
    ],
  ]
}
