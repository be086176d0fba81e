import type { VNode } from 'preact'
import type { Frame } from '../../src/page/site.ts'
import type { RecentLink } from '../../src/staff/links/shown.ts'
import { StaffPage } from '../../src/staff/pages.tsx'
import { NoVolunteerPage, VolunteerPage } from '../../src/staff/pages-volunteer.tsx'
import type { Today } from '../../src/staff/today/today.ts'
import type { ResumeProps } from '../../src/volunteer/hours/page.tsx'
import { CampaignPage } from '../../src/volunteer/opportunities/campaign-page.tsx'
import * as people from './people.ts'

const { asOf, nowMs, timeZone, visitor } = people
const minuteMs = 60_000

/** Landings besides a volunteer's own pages: a campaign, and the staff pages. */
export function landings(frame: Frame, resume: ResumeProps): [string, VNode][] {
  const campaign = {
    ...frame,
    visitor,
    name: 'Neighbors in Winter',
    slug: 'neighbors-in-winter',
    picture: null,
    way: people.way,
    description: [
      'Hot meals and warm rooms for everybody along the river, from the first frost to the last.',
    ],
    opportunities: people.opportunities,
    complete: true,
    path: '/neighbors-in-winter',
    asOf,
  }
  const account = {
    id: 'per_1',
    standing: 'active',
    maskedAddress: 'm…s@m…e.org',
    lastSignInMs: nowMs - 3_000_000,
  } as const
  const at = { ...frame, timeZone, nowMs, path: '/admin/volunteers/per_x', account }
  const overview = {
    signedIn: 41,
    notMailed: [
      { reason: 'none', count: 7 },
      { reason: 'several', count: 2 },
    ],
    notByProvider: [
      { id: 'a', atMs: nowMs - 3_000_000, because: 'mismatch', rule: 'another', said: 'd…a@h…e.example' },
      { id: 'b', atMs: nowMs - 9_000_000, because: 'unverified', rule: 'email_verified', said: null },
    ],
    deadEmails: [{ id: 'x', to: 'j…n@e…e.org', atMs: nowMs - 9_000_000, failure: '5.1.1', isBounced: true }],
    stale: 1,
    orphaned: 0,
    missing: { people: 0, isVomosFault: false },
    copiedPasskeys: 0,
  }
  const staff = {
    ...frame,
    address: 'dana@riverbend.example',
    role: 'coordinator',
    days: 7,
    timeZone,
    nowMs,
    today,
    vomo,
    missing: [],
  } as const
  const quiet: Today = {
    signIns: today.signIns.map(({ day }) => ({ day, counts: {} })),
    failed: { typed: 0, byProvider: 0 },
    emails: today.emails.map(({ day }) => ({ day, counts: { accepted: 0, undelivered: 0 } })),
    problems: new Map(),
  }
  const states = ['no_record', 'orphaned', 'stale', 'disabled', 'out_of_reach'] as const
  return [
    ['campaign', <CampaignPage {...campaign} />],
    [
      'campaign-more',
      <CampaignPage
        {...campaign}
        description={[...campaign.description, 'Everybody is fed.', 'Bring a friend, and gloves.']}
      />,
    ],
    ['campaign-loading', <CampaignPage {...campaign} complete={false} />],
    ['campaign-loading-all', <CampaignPage {...campaign} complete={false} opportunities={[]} />],
    ['campaign-empty', <CampaignPage {...campaign} description={[]} opportunities={[]} />],
    ['staff-today', <StaffPage {...staff} overview={overview} links={links} />],
    [
      'staff-today-quiet',
      <StaffPage
        {...staff}
        today={quiet}
        role="owner"
        missing={['vomo', 'directory', 'contact', 'email', 'owners', 'provider', 'logo', 'webhooks']}
        vomo={{ ...vomo, awaySinceMs: nowMs - 4_000_000, pausedUntilMs: nowMs + 40_000, directory: null }}
        overview={{ ...overview, notMailed: [], notByProvider: [], deadEmails: [] }}
        links={[]}
      />,
    ],
    ['staff-volunteer', <VolunteerPage {...resume} {...at} name="Maria Vega-Santos" />],
    ...states.map((missing): [string, VNode] => [
      `staff-volunteer-${missing}`,
      <NoVolunteerPage
        {...at}
        account={{ ...account, standing: missing === 'out_of_reach' ? 'active' : missing }}
        missing={missing}
      />,
    ]),
  ]
}

const link: RecentLink = {
  id: 'lnk_1',
  forWhom: 'm…s@m…e.org',
  isMasked: true,
  personId: 'per_1',
  madeBy: { kind: 'portal' },
  landing: { kind: 'hub' },
  sentAtMs: nowMs - 4 * minuteMs,
  state: 'usable',
  endsAtMs: nowMs + 11 * minuteMs,
  openCount: 2,
  opens: [
    { class: 'mail_scanner', reason: 'names_itself_scanner', afterMs: 22_000 },
    { class: 'other_device', reason: 'cookie_missing', afterMs: 200_000 },
  ],
}

export const links: RecentLink[] = [
  link,
  {
    ...link,
    id: 'lnk_2',
    forWhom: 'volunteer.with.a.long…e@department.of.a.long.organization.example.org',
    madeBy: { kind: 'application', name: 'Riverbend website' },
    landing: { kind: 'path', path: '/neighbors-in-winter' },
    state: 'spent',
    endsAtMs: nowMs - 3 * minuteMs,
    openCount: 1,
    opens: [{ class: 'person', reason: 'nothing_unusual', afterMs: 2000 }],
  },
  {
    ...link,
    id: 'lnk_3',
    madeBy: { kind: 'operator' },
    landing: { kind: 'volunteer' },
    sentAtMs: nowMs - 3000 * minuteMs,
    state: 'replaced',
    endsAtMs: nowMs - 2990 * minuteMs,
    openCount: 0,
    opens: [],
  },
  ...Array.from({ length: 12 }, (_, i) => ({
    ...link,
    id: `lnk_1${i}`,
    sentAtMs: nowMs - (4000 + i) * minuteMs,
    state: 'expired' as const,
    endsAtMs: nowMs - (3985 + i) * minuteMs,
    opens: [],
    openCount: 0,
  })),
]

const today: Today = {
  signIns: Array.from({ length: 14 }, (_, i) => ({
    day: `2026-11-${String(8 + i).padStart(2, '0')}`,
    counts: i === 4 ? {} : { email: (i * 7) % 12, passkey: i % 3, ...(i % 5 === 0 && { spoken: 1 }) },
  })),
  failed: { typed: 4, byProvider: 2 },
  emails: Array.from({ length: 14 }, (_, i) => ({
    day: `2026-11-${String(8 + i).padStart(2, '0')}`,
    counts: { accepted: (i * 11) % 140, undelivered: i % 4 === 0 ? 1 : 0 },
  })),
  problems: new Map([
    ['address_changed', 7],
    ['mail_undelivered', 3],
    ['provider_differs', 1],
  ]),
}

const vomo = {
  calls: 23,
  perMinute: 60,
  pausedUntilMs: null,
  awaySinceMs: null,
  oldestCopyMs: nowMs - 9 * minuteMs,
  directory: { wholeAtMs: nowMs - 60 * minuteMs, newsAtMs: nowMs - 4 * minuteMs, pagesLeft: 0 },
}
