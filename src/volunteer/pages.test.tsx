import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { script, stylesheet } from '../page/assets.ts'
import { renderPage } from '../page/layout.tsx'
import type { Frame } from '../page/site.ts'
import { styles } from '../page/styles.fixture.ts'
import { en, type RowState } from '../text/en.ts'
import { english } from '../text/languages.ts'
import { HelpPage } from './help/page.tsx'
import { noFilter } from './hours/history-filter.ts'
import { ResumePage } from './hours/page.tsx'
import { historyHref } from './hours/page-history-filter.tsx'
import type { RowView } from './hours/view.ts'
import { HubPage } from './hub/page.tsx'
import { builtInNames, firstChoice, perField } from './profile/fields.ts'
import { ProfilePage } from './profile/page.tsx'
import { toRecord } from './profile/record.ts'
import { ShiftsPage } from './shifts/page.tsx'
import type { ShiftView } from './shifts/view.ts'
import { opportunity, user } from './volunteer.fixture.ts'

const hostile = `"><script>alert('x')</script>`
const assets = { stylesheet: stylesheet.path, script: script.path, theme: '/t.css', icon: '/i.png' }
const site = {
  name: 'Riverbend',
  slug: 'riverbend',
  contactEmail: 'dana@riverbend.example',
  contactName: 'Dana',
  assets,
}
const frame: Frame = { site, words: en, locale: 'en-US' }
const timeZone = 'America/Chicago'
const nowMs = Date.parse('2026-11-21T16:41:00Z')
const asOf = { ms: nowMs, timeZone, nowMs }
const visitor = { firstName: 'Maria' }

const shift: ShiftView = {
  project: 'Sorting',
  startsAtMs: Date.parse('2026-11-22T15:00:00Z'),
  endsAtMs: Date.parse('2026-11-22T18:00:00Z'),
  timeZone,
  place: '1200 Dock Street',
  mapUrl: null,
  role: null,
  guests: 0,
  url: 'https://vomo.example/project/sorting',
  state: 'confirmed',
  calendarHref: '/shifts/bcdfghjklmnpqrstbcdfghjklmnpqrst.ics',
}

const next = { ...shift, toBring: [], contact: null }

const row: RowView = { ...shift, initiatives: [], hours: 3, verified: true, state: 'counted' }

const verification = { word: 'confirmed', withinDays: null }

const way = { kind: 'hand_off' } as const

const hub = {
  ...frame,
  visitor,
  nextShift: next,
  milestone: null,
  notes: [],
  moreShifts: [],
  moreShiftsCount: 0,
  hoursThisYear: { year: 2026, recorded: 46.5, verified: 46.5, complete: true },
  hoursAllTime: { recorded: 46.5, verified: 46.5 },
  lastServedMs: nowMs,
  opportunities: [],
  asOf,
  loadingCount: 0,
  isAheadLoading: false,
  activity: 'active' as const,
  isInactive: false,
  verification,
  way,
}

const resume = {
  ...frame,
  visitor,
  total: { recorded: 46.5, verified: 40 },
  name: 'Maria Vega',
  byYear: [{ year: 2026, recorded: 46.5, verified: 40 }],
  by: 'year' as const,
  parts: [{ part: { named: '2026' }, recorded: 46.5, verified: 40 }],
  months: [{ month: '2026-11', recorded: 3, verified: 3 }],
  notCounted: [],
  groups: [{ year: 2026, rows: [row] }],
  page: 1,
  pages: 1,
  isWhole: false,
  filter: noFilter,
  choices: { years: [], states: [], initiatives: [], opportunities: [] },
  listed: { rows: 1, hours: 3 },
  activity: 'active' as const,
  asOf,
  complete: true,
  loadingCount: 0,
  verification,
}

test('pages survive any name of a project, a place or a person', () => {
  const bad = {
    ...shift,
    project: hostile,
    place: hostile,
    role: hostile,
    mapUrl: hostile,
    url: hostile,
    guests: 2,
  }
  const bent = opportunity({
    name: hostile,
    place: hostile,
    town: hostile,
    summary: hostile,
    timeZone: hostile,
    href: hostile,
  })
  const person = { firstName: hostile }
  const named = { ...perField(builtInNames, () => hostile), fields: [{ label: hostile, value: hostile }] }
  const pages = [
    <HubPage
      {...hub}
      visitor={person}
      notes={[hostile]}
      nextShift={{ ...bad, toBring: [hostile], contact: { name: hostile, phone: hostile, email: hostile } }}
      moreShifts={[bad]}
      opportunities={[{ ...bent, isKnown: true }]}
    />,
    <ResumePage {...resume} groups={[{ year: null, rows: [{ ...row, project: hostile, role: hostile }] }]} />,
    <ShiftsPage
      {...frame}
      visitor={person}
      shifts={[bad]}
      loadingCount={1}
      feed={null}
      reminders={{ isOn: false, address: 'mara@example.org', turned: null }}
      asOf={asOf}
      way={way}
    />,
    <ProfilePage
      {...frame}
      visitor={person}
      profile={named}
      choice={firstChoice}
      mayEdit
      notice={{ kind: 'notTaken', fields: ['phone'] }}
      asOf={asOf}
      way={{ kind: 'site', url: hostile }}
    />,
    <HelpPage
      {...frame}
      visitor={null}
      limits={[{ what: hostile, why: hostile, where: [{ label: hostile, url: hostile }] }]}
      editsProfile
      way={null}
    />,
  ]
  for (const page of pages) {
    const html = renderPage(page)
    expect(html).not.toContain('<script>')
    expect(html).not.toMatch(/ style=|<style/)
  }
})

test('the next shift is said by day, time with zone, place, one button into VOMO and its own page there', () => {
  const html = renderPage(<HubPage {...hub} />)
  expect(html).toContain('Your next shift is tomorrow')
  expect(html).toMatch(/<time[^>]*>Sunday, November 22<\/time>/)
  expect(html).toContain('9:00\u00a0am – 12:00\u00a0pm Central')
  expect(html.match(/href="https:\/\/vomo\.example/g)).toHaveLength(1)
  expect(html.match(/action="\/open-in-vomo"/g)).toHaveLength(1)
  expect(html).toContain('name="landing" value="resume"')
})

test('the next shift says what to bring, and on the day before whom VOMO names to call', () => {
  const toBring = ['Please bring: closed shoes', 'Parking is free.']
  const rosa = { name: 'Rosa', phone: '(309) 555-0188', email: 'rosa@riverbend.example' }
  const html = renderPage(<HubPage {...hub} nextShift={{ ...next, toBring, contact: rosa }} />)
  expect(html).toContain(en.shift.beforeYouCome)
  for (const note of toBring) expect(html).toContain(`<li>${note}</li>`)
  expect(html).toContain('Questions on the day? Ask Rosa, <a href="tel:3095550188">(309) 555-0188</a>.')
  const without = renderPage(<HubPage {...hub} />)
  expect(without).not.toContain(en.shift.beforeYouCome)
  expect(without).toMatch(/Questions on the day\? Ask Dana at/)
})

test('a shift under way, without an end or an address, and one of all day', () => {
  const odd = { ...next, place: null, mapUrl: null, url: null }
  const now = { ...odd, state: 'under_way' as const, startsAtMs: nowMs - 60_000, endsAtMs: nowMs - 60_000 }
  const html = renderPage(<HubPage {...hub} nextShift={now} />)
  expect(html).toContain(en.shift.now)
  expect(html).not.toContain(en.shiftStates.under_way)
  expect(html).toMatch(/>10:40\u00a0am Central<\/span><\/p>/)
  const startsAtMs = Date.parse('2026-11-22T06:00:00Z')
  const allDay = { ...odd, startsAtMs, endsAtMs: startsAtMs + 24 * 3_600_000 - 60_000 }
  expect(renderPage(<HubPage {...hub} nextShift={allDay} />)).toMatch(/>All day<\/span><\/p>/)
})

test('who may not be carried on into VOMO gets a link to its site, or to the page of the shift, in place of every such button', () => {
  const toSite = { kind: 'site', url: 'https://vomo.example/' } as const
  for (const [page, href] of [
    [<HubPage {...hub} way={toSite} />, shift.url],
    [<HubPage {...hub} way={toSite} nextShift={null} />, toSite.url],
    [
      <ShiftsPage
        {...frame}
        visitor={visitor}
        shifts={[shift]}
        loadingCount={0}
        feed={null}
        reminders={{ isOn: false, address: 'mara@example.org', turned: null }}
        asOf={asOf}
        way={toSite}
      />,
      shift.url,
    ],
    [<HelpPage {...frame} visitor={visitor} limits={[]} editsProfile way={toSite} />, toSite.url],
  ] as const) {
    const html = renderPage(page)
    expect(html).not.toContain('/open-in-vomo')
    expect(html).toContain(`href="${href}" rel="noreferrer"`)
  }
})

test('empty pages speak, each in its own way', () => {
  const none = { recorded: 0, verified: 0 }
  const empty = {
    ...hub,
    nextShift: null,
    hoursThisYear: { year: 2026, ...none, complete: true },
    hoursAllTime: none,
    lastServedMs: null,
  }
  const three = ['a', 'b', 'c'].map((name) => ({ ...opportunity({ name, href: name }), isKnown: false }))
  expect(renderPage(<HubPage {...empty} activity="never" opportunities={three} />)).toContain(
    'Here are three that need people.',
  )
  expect(renderPage(<HubPage {...empty} nextShift={next} />)).toContain(en.hub.noHoursYet)
  const longAgo = (
    <HubPage {...hub} activity="lapsed" nextShift={null} lastServedMs={Date.parse('2024-03-09T15:00:00Z')} />
  )
  expect(renderPage(longAgo)).toContain('You last volunteered in March 2024.')
  expect(renderPage(longAgo)).toContain('Not sure where to start? Ask ')
  expect(renderPage(<HubPage {...hub} nextShift={null} />)).toContain(en.hub.nothingPlanned)
  const loading = renderPage(<HubPage {...empty} activity="never" loadingCount={2} isAheadLoading />)
  expect(loading).toContain(en.hub.stillLoading)
  expect(loading).not.toContain(en.hub.nothingYet)
})

test('those who come back are told whom to ask, and where they have helped before', () => {
  const two = [
    { ...opportunity({ name: 'Pantry', href: 'a' }), isKnown: true },
    { ...opportunity({ name: 'Garden', href: 'b' }), isKnown: false },
  ]
  const inactive = renderPage(<HubPage {...hub} nextShift={null} isInactive opportunities={two} />)
  expect(inactive).toContain(en.hub.inactive)
  expect(inactive).toContain('To volunteer again, ask ')
  expect(inactive.split(en.hub.knownHere)).toHaveLength(2)
  const active = renderPage(<HubPage {...hub} nextShift={null} opportunities={two} />)
  expect(active).not.toContain(en.hub.knownHere)
})

test('the total is a sentence with its figure', () => {
  expect(renderPage(<ResumePage {...resume} />)).toContain(
    'You’ve given <span class="figure">46.5</span> hours',
  )
  expect(renderPage(<ResumePage {...resume} />)).toContain('40 confirmed, 6.5 waiting.')
})

test('hours are confirmed by the organization’s own word, within its own days, or not spoken of at all', () => {
  const own = { word: 'approved by your supervisor', withinDays: 14 }
  const html = renderPage(<ResumePage {...resume} verification={own} />)
  expect(html).toContain('40 approved by your supervisor, 6.5 waiting.')
  expect(html).toContain('We usually confirm hours within 14 days.')
  expect(html).toContain('>Approved by your supervisor</th>')
  expect(html).not.toContain('onfirmed')
  const onHub = renderPage(
    <HubPage {...hub} hoursThisYear={{ ...hub.hoursThisYear, verified: 40 }} verification={own} />,
  )
  expect(onHub).toContain('40 of them are approved by your supervisor.')
  expect(onHub).toContain('We usually confirm hours within 14 days.')

  const none = { word: null, withinDays: null }
  for (const page of [
    <ResumePage {...resume} verification={none} />,
    <HubPage {...hub} verification={none} />,
  ])
    expect(renderPage(page)).not.toMatch(/onfirmed/)
})

test('the bars have a text, stand in attributes alone, and begin where reading does', () => {
  const months = ['2026-10', '2026-11'].map((month, i) => ({ month, recorded: 3 + i, verified: 3 }))
  const html = renderPage(<ResumePage {...resume} months={months} />)
  expect(html).toMatch(/<svg class="bars" role="img" aria-label="[^"]*November 2026, with 4 hours[^"]*"/)
  expect(html).not.toMatch(/ style=/)
  const placesIn = (page: string) =>
    [...page.matchAll(/<text class="month" x="([\d.]+)%"/g)].map(([, x]) => Number(x))
  expect(placesIn(html)).toEqual([25, 75])
  const rtl = { ...en, direction: 'rtl' as const }
  expect(placesIn(renderPage(<ResumePage {...resume} words={rtl} months={months} />))).toEqual([75, 25])
})

test('the choice of what to count by is links, and the one that holds is said', () => {
  const parts = [
    { part: { named: hostile }, recorded: 40, verified: 40 },
    { part: 'several' as const, recorded: 6.5, verified: 0 },
  ]
  const html = renderPage(<ResumePage {...resume} by="initiative" parts={parts} />)
  expect(html).toContain('<a href="/user?by=month#counted">month</a>')
  expect(html).toContain('<a href="/user?by=initiative#counted" aria-current="true">initiative</a>')
  expect(html).toContain(en.hours.by.severalNote)
  expect(html).not.toContain('<script>')
})

test('a row that may be wrong writes its email; staff, and a customer without a contact, see no such link', () => {
  const rows = [{ ...row, project: 'Soup & bread', hours: 3.5 }]
  const html = renderPage(<ResumePage {...resume} groups={[{ year: 2026, rows }]} />)
  const [, mail = ''] = /class="no-print wrong"><a href="mailto:([^"]*)"/.exec(html) ?? []
  const body = new URL(`mailto:${mail.replaceAll('&amp;', '&')}`).searchParams.get('body') ?? ''
  expect(body).toContain('Soup & bread')
  expect(body).toContain('3.5 hours')
  const silent = { ...resume.site, contactEmail: null }
  expect(renderPage(<ResumePage {...resume} site={silent} groups={[{ year: 2026, rows }]} />)).not.toContain(
    en.resume.wrongRow,
  )
})

test('every row that does not count says why and adds no figure', () => {
  for (const state of Object.keys(en.rowStates) as RowState[]) {
    if (state === 'counted') continue
    const html = renderPage(<ResumePage {...resume} groups={[{ year: 2026, rows: [{ ...row, state }] }]} />)
    expect(html).toContain(en.rowStates[state])
    expect(html).toContain(en.resume.notCountedYet)
  }
})

test('a filter is said in words, with the way back to everything', () => {
  const html = renderPage(
    <ResumePage
      {...resume}
      filter={{ ...noFilter, year: '2026', state: 'no_check_out' }}
      groups={[]}
      page={1}
      pages={3}
    />,
  )
  expect(html).toContain('Showing only 2026, and only: No check-out recorded.')
  expect(html).toContain('<a href="/user#history">Show all</a>')
  expect(html).toContain('href="/user?year=2026&amp;status=no_check_out&amp;page=2#history"')
  expect(historyHref('/user', {}, 1)).toBe('/user#history')
})

test('shifts that are off are not counted as ahead', () => {
  const shifts = [shift, { ...shift, state: 'cancelled' as const }]
  const html = renderPage(
    <ShiftsPage
      {...frame}
      visitor={visitor}
      shifts={shifts}
      loadingCount={0}
      feed={null}
      reminders={{ isOn: false, address: 'mara@example.org', turned: null }}
      asOf={asOf}
      way={way}
    />,
  )
  expect(html).toContain('You have 1 upcoming shift')
  expect(html).toContain('This shift was canceled')
})

test('the profile says how the address one signs in with is changed', () => {
  const record = user({
    firstName: 'Maria',
    lastName: null,
    email: 'm@x.org',
    birthday: '1988-03-04',
    gender: 'N',
  })
  const html = renderPage(
    <ProfilePage
      {...frame}
      visitor={visitor}
      profile={toRecord(record, firstChoice, english)}
      choice={firstChoice}
      asOf={asOf}
      way={way}
      mayEdit={false}
    />,
  )
  expect(html).toContain(en.profileFields.email.note)
  expect(html).toContain('March 4, 1988')
  expect(html).toContain(en.profileFields.gender.options.N)
  expect(html).toContain(en.profile.empty)
})

test('the heaviest first view is under 30 KiB', () => {
  const rows = Array.from({ length: 50 }, (_, index) => ({ ...row, project: `Project ${index * 7919}` }))
  const html = renderPage(<ResumePage {...resume} groups={[{ year: 2026, rows }]} />)
  const bytes = [html, Object.values(styles).join(''), script.body].reduce(
    (sum, body) => sum + gzipSync(body).length,
    0,
  )
  expect(bytes).toBeLessThan(30 * 1024)
})
