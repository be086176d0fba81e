import type { VNode } from 'preact'
import type { Frame } from '../../src/page/site.ts'
import type { CertificatesAnswer } from '../../src/volunteer/hours/answers.ts'
import { ResumePage, type ResumeProps } from '../../src/volunteer/hours/page.tsx'
import { OpportunitiesPage } from '../../src/volunteer/opportunities/page.tsx'
import type { GroupsAnswer } from '../../src/volunteer/profile/answers.ts'
import { CalendarMadePage } from '../../src/volunteer/shifts/page-calendar.tsx'
import * as people from './people.ts'

const { asOf, nowMs, visitor } = people
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
    filter: { text: undefined, campaign: undefined, when: undefined, page: 1 },
    opportunities: people.opportunities.map((opportunity, index) => ({
      ...opportunity,
      nextStartsAtMs: opportunity.nextStartsAtMs ?? nowMs,
      nextEndsAtMs: (opportunity.nextStartsAtMs ?? nowMs) + 3 * hourMs,
      moreDates: index * 4,
      campaigns: index === 0 ? ['Neighbors in Winter'] : [],
    })),
    page: 2,
    pages: 5,
    found: 87,
    total: 87,
    initiatives: [
      { name: 'Neighbors in Winter', slug: 'neighbors-in-winter', href: '/neighbors-in-winter', count: 12 },
      { name: 'Holiday Boxes 2,000', slug: 'holiday-boxes-2000', href: '/holiday-boxes-2000', count: 1 },
    ],
    complete: true,
    asOf,
    way: people.way,
  }
  const filter = { ...list.filter, text: 'driver', when: 'week' } as const
  return [
    ['opportunities', <OpportunitiesPage {...list} />],
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
