import type { Frame, Site } from '../../src/page/site.ts'
import { english, type Language } from '../../src/text/languages.ts'
import type { Choices } from '../../src/volunteer/hours/history-filter.ts'
import type { PartOfHours } from '../../src/volunteer/hours/hours.ts'
import type { RowView } from '../../src/volunteer/hours/view.ts'
import type { NextShiftView } from '../../src/volunteer/hub/view.ts'
import type { OpportunityView } from '../../src/volunteer/opportunities/view.ts'
import type { ShiftView } from '../../src/volunteer/shifts/view.ts'
import { opportunity } from '../../src/volunteer/volunteer.fixture.ts'

/** Invented people and places, as realistic as the demo's. */
export const timeZone = 'America/Chicago'
export const nowMs = Date.parse('2026-11-21T16:41:00Z')
export const asOf = { ms: Date.parse('2026-11-21T16:40:12Z'), timeZone, nowMs }
export const visitor = { firstName: 'Maria' }
export const way = { kind: 'hand_off' } as const

/** The language of the pages. */
export type Spoken = Pick<Language, 'words' | 'locale'>

export function frame(assets: Site['assets'], over: Partial<Site> = {}, spoken: Spoken = english): Frame {
  const site = {
    name: 'Riverbend Food Bank',
    slug: 'riverbend-food-bank',
    contactEmail: 'volunteers@riverbend.example',
    contactName: 'Dana Whitfield',
    assets,
    ...over,
  }
  return { site, words: spoken.words, locale: spoken.locale }
}

const shift = {
  timeZone,
  mapUrl: 'https://www.openstreetmap.org/search?query=Riverbend',
  role: null,
  guests: 0,
  url: 'https://app.vomo.example/project/saturday-sort',
  state: 'confirmed',
  calendarHref: '/shifts/bcdfghjklmnpqrstbcdfghjklmnpqrst.ics',
} as const

const saturday: ShiftView = {
  ...shift,
  project: 'Saturday sorting line',
  startsAtMs: Date.parse('2026-12-05T15:00:00Z'),
  endsAtMs: Date.parse('2026-12-05T18:00:00Z'),
  place: 'Warehouse B, 1200 Dock Street, Moline, IL 61265',
  role: 'line lead',
  guests: 2,
}

export const shifts: ShiftView[] = [
  saturday,
  {
    ...shift,
    project: 'Mobile pantry at Lincoln Elementary',
    startsAtMs: Date.parse('2026-12-09T22:30:00Z'),
    endsAtMs: Date.parse('2026-12-10T01:00:00Z'),
    place: 'Lincoln Elementary School, 812 12th Avenue, Rock Island, IL 61201',
    state: 'pending',
  },
  {
    ...shift,
    project: 'Overnight warming-center meals (partner: Hillside Shelter, Boise)',
    startsAtMs: Date.parse('2026-12-19T05:00:00Z'),
    endsAtMs: Date.parse('2026-12-19T13:00:00Z'),
    timeZone: 'America/Boise',
    place: 'Hillside Shelter, 44 Foothill Road, Boise, ID 83702',
    role: 'cook',
  },
  {
    ...shift,
    project: 'Holiday box packing',
    startsAtMs: Date.parse('2026-12-22T18:00:00Z'),
    endsAtMs: Date.parse('2026-12-22T21:00:00Z'),
    place: 'Warehouse B, 1200 Dock Street, Moline, IL 61265',
    state: 'cancelled',
  },
  {
    ...shift,
    project: 'Inventory day',
    startsAtMs: Date.parse('2027-01-09T15:00:00Z'),
    endsAtMs: Date.parse('2027-01-09T19:30:00Z'),
    place: null,
    mapUrl: null,
    url: null,
  },
  {
    ...shift,
    project: 'Write thank-you cards at home',
    startsAtMs: null,
    endsAtMs: null,
    place: null,
    mapUrl: null,
    state: 'anytime',
    calendarHref: null,
  },
]

/** The first of them, as the hub shows it. */
export const nextShift: NextShiftView = {
  ...saturday,
  toBring: [
    'Please bring: closed shoes, a water bottle, a sweater (the cold room is 38 °F)',
    'Parking is free behind the building.',
  ],
  contact: { name: 'Rosa Delgado', phone: '(309) 555-0188', email: 'rosa.delgado@riverbend.example' },
}

const nine = Date.parse('2026-11-28T15:00:00Z')
const weekMs = 7 * 86_400_000

/** In an order of time, three of them on one Saturday. */
export const opportunities: OpportunityView[] = [
  opportunity({
    href: '/opportunities/a',
    name: 'Thanksgiving drive-through helpers',
    place: 'Fairgrounds, 1 Avenue of the Cities, East Moline, IL 61244, USA',
    town: 'East Moline',
    summary: 'Load boxes into cars, and wave a lot. Gloves are here; dress for the wind.',
    nextStartsAtMs: Date.parse('2026-11-25T14:00:00Z'),
    placesLeft: 2,
  }),
  opportunity({
    href: '/opportunities/b',
    name: 'Saturday pantry shift',
    town: 'Moline',
    summary: 'Stock shelves and walk neighbors through the pantry.',
    nextStartsAtMs: nine,
    nextEndsAtMs: nine + 4 * 3_600_000,
    placesLeft: 14,
    laterAtMs: Array.from({ length: 11 }, (_, i) => nine + (i + 1) * weekMs),
    campaigns: ['Neighbors in Winter'],
  }),
  opportunity({
    href: '/opportunities/c',
    name: 'Spanish-speaking greeter at the Family Pantry',
    town: 'Davenport',
    summary: 'Be the first friendly face and help with forms.',
    nextStartsAtMs: nine + 3_600_000,
    placesLeft: 0,
    nextOpenAtMs: nine + 2 * weekMs,
    laterAtMs: [nine + weekMs, nine + 2 * weekMs],
  }),
  opportunity({
    href: '/opportunities/d',
    name: 'Family food fair',
    town: 'Moline',
    summary: 'Tastings, recipes and a lot of children.',
    nextStartsAtMs: nine + 2 * 3_600_000,
    laterAtMs: [nine + weekMs],
  }),
  opportunity({
    href: '/opportunities/e',
    name: 'Driver for the Tuesday route',
    place: 'Starts at Warehouse B',
    town: null,
    summary: null,
    nextStartsAtMs: Date.parse('2026-12-01T13:30:00Z'),
    placesLeft: 1,
  }),
]

export const byYear = [
  { year: 2026, recorded: 46.5, verified: 41 },
  { year: 2025, recorded: 88.25, verified: 88.25 },
  { year: 2024, recorded: 61, verified: 61 },
  { year: 2023, recorded: 16.5, verified: 12 },
]

export const months = [
  ['2025-12', 9],
  ['2026-01', 3],
  ['2026-02', 0],
  ['2026-03', 6.5],
  ['2026-04', 3],
  ['2026-05', 12],
  ['2026-06', 4.25],
  ['2026-07', 0],
  ['2026-08', 2.75],
  ['2026-09', 6],
  ['2026-10', 9],
  ['2026-11', 0],
].map(([month, recorded]) => ({
  month: String(month),
  recorded: Number(recorded),
  verified: Number(recorded),
}))

export const choices = {
  years: ['2026', '2025', '2024', '2023'].map((named) => ({ named })),
  states: ['counted', 'not_ended', 'no_check_out'],
  initiatives: [{ named: 'Hunger Action Month' }, { named: 'Winter Shelter' }, 'none'],
  opportunities: ['Community kitchen', 'Saturday sorting line'].map((named) => ({ named })),
} satisfies Choices

export const byInitiative: PartOfHours[] = [
  { part: { named: 'Hunger Action Month' }, recorded: 120.5, verified: 118 },
  { part: { named: 'Winter Shelter and Warming Center Nights' }, recorded: 40, verified: 40 },
  { part: 'several', recorded: 12.25, verified: 12.25 },
  { part: 'none', recorded: 39.5, verified: 32 },
]

export function verification({ words }: Spoken) {
  return { word: words.hours.verified.word, withinDays: 14 }
}

export const notCounted = [
  { state: 'not_ended', count: 4, hours: 3 },
  { state: 'waiting_hours', count: 1, hours: 0 },
  { state: 'no_check_out', count: 2, hours: 0 },
  { state: 'cancelled', count: 1, hours: 0 },
  { state: 'item', count: 1, hours: 0 },
] as const

const row = { timeZone, role: null, initiatives: [], guests: 0, hours: null, verified: false } as const

function past(day: string, project: string, hours: number, over: Partial<RowView> = {}): RowView {
  const startsAtMs = Date.parse(`${day}T15:00:00Z`)
  const endsAtMs = startsAtMs + hours * 3_600_000
  return { ...row, project, startsAtMs, endsAtMs, hours, verified: true, state: 'counted', ...over }
}

export const groups = [
  {
    year: 2026,
    rows: [
      past('2026-12-05', 'Saturday sorting line', 3, {
        state: 'not_ended',
        verified: false,
        role: 'line lead',
        guests: 2,
      }),
      past('2026-11-14', 'Fall harvest pick-up', 4, { state: 'waiting_hours', hours: null, verified: false }),
      past('2026-10-24', 'Mobile pantry at Lincoln Elementary', 2.5, { verified: false, role: 'greeter' }),
      past('2026-10-17', 'Saturday sorting line', 3.5),
      past('2026-10-03', 'Saturday sorting line', 3, { role: 'line lead' }),
      past('2026-09-26', 'Community kitchen', 3, { state: 'no_check_out', hours: null }),
      past('2026-09-12', 'Backpack program', 3),
      past('2026-08-29', 'Bring a dish to the summer picnic', 0, {
        state: 'item',
        hours: 2,
        verified: false,
      }),
      past('2026-08-15', 'Saturday sorting line', 2.75),
      past('2026-05-23', 'Spring gala set-up', 5, { state: 'cancelled', hours: null }),
    ],
  },
  {
    year: 2025,
    rows: [
      past('2025-12-20', 'Holiday box packing', 6),
      past('2025-12-06', 'Saturday sorting line', 3),
      past('2025-11-22', 'Overnight warming-center meals', 8, {
        startsAtMs: Date.parse('2025-11-22T05:00:00Z'),
        endsAtMs: Date.parse('2025-11-22T13:00:00Z'),
        timeZone: 'America/Boise',
      }),
    ],
  },
  {
    year: null,
    rows: [
      { ...row, project: 'Thank-you cards', startsAtMs: null, endsAtMs: null, state: 'date_unknown' },
      { ...row, project: 'Warehouse tour', startsAtMs: null, endsAtMs: null, state: 'loading' },
    ],
  },
] satisfies { year: number | null; rows: RowView[] }[]

export const address = 'maria.vega-santos@mail.example.org'

/** What the email before the first of her shifts says. */
export const reminder = {
  shifts: shifts.slice(0, 1).map((each) => ({ ...each, startsAtMs: each.startsAtMs ?? 0 })),
  shiftsUrl: 'https://riverbend.example/shifts',
  offUrl: `https://riverbend.example/reminders/off/${'7f3a9c'.repeat(20)}`,
  asOfMs: Date.parse('2026-12-04T15:00:20Z'),
  timeZone,
  calendar: { fileName: 'shift.ics', text: '' },
}

/** The identity systems of the organization. */
export const providers = [
  { name: 'riverbend', label: 'your Riverbend account' },
  { name: 'google', label: 'Google' },
]

/** What an organization tells its volunteers, in its own words. */
export const announcement =
  'The warehouse is closed on Thursday and Friday for the holiday.\n\nSaturday’s sort starts an hour later, at 10:00. Use the door on Water Street.'
