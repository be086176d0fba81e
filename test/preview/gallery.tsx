import type { VNode } from 'preact'
import { handedOverMail, listLinkMail, spokenCodeMail } from '../../src/mail/messages/made-by-staff.tsx'
import { addressChangedMail, notOnRecordMail, signInMail } from '../../src/mail/messages/messages.tsx'
import { openProblemsMail } from '../../src/mail/messages/open-problems.tsx'
import { passkeyMail } from '../../src/mail/messages/passkey.tsx'
import { passwordMail } from '../../src/mail/messages/password.tsx'
import { providerMail } from '../../src/mail/messages/provider.tsx'
import { reminderMail } from '../../src/mail/messages/reminder.tsx'
import { secondStepMail } from '../../src/mail/messages/second-step.tsx'
import { staffInviteMail } from '../../src/mail/messages/staff-invite.tsx'
import { script, stylesheet } from '../../src/page/assets.ts'
import { renderPage } from '../../src/page/layout.tsx'
import { type TroubleKind, TroublePage, UnknownHostPage } from '../../src/page/trouble.tsx'
import { ChoicePage, NoTriesPage } from '../../src/sign-in/choice/page-choice.tsx'
import { DeadLinkPage, LinkPage, UnknownLinkPage } from '../../src/sign-in/link/pages-link.tsx'
import { NotMeDonePage, NotMePage } from '../../src/sign-in/link/pages-not-me.tsx'
import { addressFault, mailMethod } from '../../src/sign-in/mail/method.tsx'
import { CheckMailPage } from '../../src/sign-in/mail/pages.tsx'
import { methods } from '../../src/sign-in/methods.ts'
import { SignInPage } from '../../src/sign-in/page.tsx'
import { SharedComputerPage } from '../../src/sign-in/page-shared.tsx'
import { passkeyFault, passkeyMethod } from '../../src/sign-in/passkey/method.tsx'
import { providerMethod } from '../../src/sign-in/provider/method.tsx'
import {
  LeadingOnPage,
  MismatchPage,
  NotFinishedPage,
  OnlyWayPage,
  RefusedPage,
  SignedOutPage,
} from '../../src/sign-in/provider/pages.tsx'
import { SecondStepPage } from '../../src/staff/second-step/page.tsx'
import { english } from '../../src/text/languages.ts'
import { HandOffPage, type HandOffTrouble } from '../../src/volunteer/hand-off/page.tsx'
import { HelpPage } from '../../src/volunteer/help/page.tsx'
import { noFilter } from '../../src/volunteer/hours/history-filter.ts'
import { ResumePage } from '../../src/volunteer/hours/page.tsx'
import { HubPage } from '../../src/volunteer/hub/page.tsx'
import { HubInTurnPage } from '../../src/volunteer/hub/page-in-turn.tsx'
import { firstChoice, profileFields } from '../../src/volunteer/profile/fields.ts'
import { ProfilePage } from '../../src/volunteer/profile/page.tsx'
import { EditProfilePage, ProfileConflictPage } from '../../src/volunteer/profile/page-edit.tsx'
import { toRecord } from '../../src/volunteer/profile/record.ts'
import { ShiftsPage } from '../../src/volunteer/shifts/page.tsx'
import { RemindersOffDonePage, RemindersOffPage } from '../../src/volunteer/shifts/page-reminders.tsx'
import { user } from '../../src/volunteer/volunteer.fixture.ts'
import { account } from './account.tsx'
import { landings } from './landings.tsx'
import { madeLinks } from './made-links.tsx'
import { groups, opportunities } from './opportunities.tsx'
import { passwords } from './passwords.tsx'
import * as people from './people.ts'
import { staffApplications } from './staff-applications.tsx'
import { staffLinks } from './staff-links.tsx'
import { staffPeople } from './staff-people.tsx'
import { staffProblems } from './staff-problems.tsx'
import { staffSettings } from './staff-settings.tsx'
import { staffWaysIn } from './staff-ways-in.tsx'

const withPasskeys = [mailMethod, passkeyMethod]

/** Every page and email, in every state, by name. */
export function gallery(spoken: people.Spoken = english): Record<string, string> {
  return Object.fromEntries([
    ...galleryPages(spoken).map(([name, page]) => [name, renderPage(page)]),
    ...emails(spoken),
  ])
}

const themes = { none: '/themes/none.css', teal: '/themes/teal.css', yellow: '/themes/yellow.css' } as const

/** The pages before rendering, because their properties contain all data that does not depend on the language. */
export function galleryPages(spoken: people.Spoken): [string, VNode][] {
  const { words } = spoken
  const assets = { stylesheet: stylesheet.path, script: script.path, theme: themes.none, icon: '/i.png' }
  const frame = people.frame(assets, {}, spoken)
  const { visitor, asOf, timeZone, nowMs } = people
  const work = { name: 'work', label: 'your Riverbend account' }
  const step = {
    ...frame,
    ways: { passkey: false, providers: [], code: true },
    isCodeSent: false,
    address: people.address,
    next: '/admin/volunteers/per_x',
    fault: undefined,
  }
  const hub = {
    ...frame,
    visitor,
    nextShift: people.nextShift,
    milestone: null,
    notes: [],
    moreShifts: people.shifts.slice(1, 3),
    moreShiftsCount: 5,
    hoursThisYear: { year: 2026, recorded: 46.5, verified: 41, complete: true },
    hoursAllTime: { recorded: 212.25, verified: 202.25 },
    lastServedMs: Date.parse('2026-10-24T15:00:00Z'),
    opportunities: people.opportunities.slice(0, 3).map((each, i) => ({ ...each, isKnown: i < 2 })),
    asOf,
    loadingCount: 0,
    isAheadLoading: false,
    activity: 'active' as const,
    isInactive: false,
    verification: people.verification(spoken),
    way: people.way,
  }
  const quiet = { ...hub, nextShift: null, moreShifts: [], moreShiftsCount: 0 }
  const none = { recorded: 0, verified: 0 }
  const resume = {
    ...frame,
    visitor,
    total: { recorded: 212.25, verified: 202.25 },
    name: 'Maria Vega-Santos',
    byYear: people.byYear,
    by: 'year' as const,
    parts: people.byYear.map(({ year, ...hours }) => ({ part: { named: String(year) }, ...hours })),
    months: people.months,
    notCounted: people.notCounted,
    groups: people.groups,
    page: 1,
    pages: 9,
    isWhole: false,
    filter: noFilter,
    choices: people.choices,
    listed: { rows: 430, hours: 212.25 },
    activity: 'active' as const,
    asOf,
    complete: true,
    loadingCount: 0,
    verification: people.verification(spoken),
  }
  const mail = {
    ...frame,
    address: 'maria.vega-santos@mail.example.org',
    sender: { name: 'Riverbend Food Bank', address: 'porchlight@riverbend.example' },
    subject: words.mail.signIn.subject('Riverbend Food Bank'),
    expiresInMinutes: 15,
    nextAt: { ms: Date.parse('2026-11-21T15:19:00Z'), timeZone: 'America/Chicago' },
  }
  const link = {
    ...frame,
    maskedAddress: 'm…s@m…e.org',
    isSameBrowser: true,
    otherVisitorAddress: null,
    action: '/auth/x',
    purpose: 'mail',
    notMeHref: '/not-me/x',
  } as const
  const at = { ms: Date.parse('2026-11-21T15:14:00Z'), timeZone, nowMs }
  const dead = { ...frame, maskedAddress: 'm…s@m…e.org', resendAction: '/auth/x/again', at } as const
  const tomorrow = { ms: nowMs + 22 * 3_600_000, timeZone }
  const limits = words.limits.map(({ what, why, where }) => ({
    what,
    why,
    where: where.map(({ label, place }) => ({
      label,
      url:
        place === 'coordinator'
          ? 'mailto:volunteers@riverbend.example'
          : place === 'vomo'
            ? null
            : 'https://app.vomo.example/',
    })),
  }))
  const atProvider = { provider: people.providers[0] ?? { name: 'work', label: 'Work' } }
  const kinds = Object.keys(words.trouble).filter((key) => key in troubleKinds) as TroubleKind[]
  return [
    ['sign-in', <SignInPage {...frame} methods={[mailMethod]} next="/user" />],
    [
      'sign-in-error',
      <SignInPage
        {...frame}
        methods={[mailMethod]}
        fault={addressFault(frame.words, 'impossible', 'maria.vega')}
      />,
    ],
    ['sign-in-signed-out', <SignInPage {...frame} methods={[mailMethod]} notice="signed_out" />],
    [
      'sign-in-provider',
      <SignInPage {...frame} methods={methods} providers={people.providers.slice(0, 1)} />,
    ],
    ['sign-in-providers', <SignInPage {...frame} methods={methods} providers={people.providers} />],
    [
      'sign-in-provider-mail',
      <SignInPage
        {...frame}
        methods={[providerMethod, mailMethod]}
        providers={people.providers.slice(0, 1)}
      />,
    ],
    [
      'provider-leading-on',
      <LeadingOnPage {...frame} {...atProvider} url="https://id.example.org/authorize" />,
    ],
    ['provider-only-way', <OnlyWayPage {...frame} {...atProvider} next="/user" />],
    ['provider-not-finished', <NotFinishedPage {...frame} {...atProvider} />],
    ['provider-unverified', <RefusedPage {...frame} {...atProvider} because="unverified" />],
    ['provider-unreachable', <RefusedPage {...frame} {...atProvider} because="unreachable" />],
    [
      'provider-mismatch',
      <MismatchPage
        {...frame}
        {...atProvider}
        reason="another"
        saidAddress="m…s@a-rather-long-organization.example.org"
        heldAddress="m…a@example.org"
      />,
    ],
    ['provider-signed-out', <SignedOutPage {...frame} {...atProvider} url="https://id.example.org/logout" />],
    ['sign-in-shared', <SignInPage {...frame} methods={[mailMethod]} isShared />],
    ['sign-in-passkeys', <SignInPage {...frame} methods={withPasskeys} />],
    [
      'sign-in-passkey-refused',
      <SignInPage {...frame} methods={withPasskeys} fault={passkeyFault(frame.words, 'copied')} />,
    ],
    [
      'sign-in-passkey-by-provider',
      <SignInPage
        {...frame}
        methods={methods}
        providers={people.providers.slice(0, 1)}
        fault={passkeyFault(frame.words, 'by_provider')}
      />,
    ],
    ['shared-computer', <SharedComputerPage {...frame} isShared={false} next={undefined} visitor={null} />],
    ['sign-in-already', <SignInPage {...frame} methods={[mailMethod]} visitor={visitor} />],
    ['check-mail', <CheckMailPage {...mail} />],
    [
      'check-mail-wrong',
      <CheckMailPage {...mail} typed={{ error: 'wrong_code', code: 'ABCD-EFGH', triesLeft: 4 }} />,
    ],
    [
      'check-mail-last-try',
      <CheckMailPage {...mail} typed={{ error: 'wrong_code', code: 'ABCD-EFGH', triesLeft: 0 }} />,
    ],
    ['check-mail-resent', <CheckMailPage {...mail} resent address={null} />],
    ['which-record', <ChoicePage {...frame} />],
    ['which-record-signed-in', <ChoicePage {...frame} isSignedIn />],
    [
      'which-record-wrong-form',
      <ChoicePage
        {...frame}
        typed={{ lastName: '', birthday: { day: '27', month: '3', year: '58' } }}
        faults={[
          { field: 'last_name', rule: 'lastName' },
          { field: 'birthday', fault: { rule: 'year', part: 'year' } },
        ]}
      />,
    ],
    [
      'which-record-no-match',
      <ChoicePage
        {...frame}
        typed={{ lastName: 'Vega-Santos', birthday: { day: '27', month: 'March', year: '1958' } }}
        faults={[{ field: 'both', triesLeft: 1 }]}
      />,
    ],
    ['which-record-last-try', <NoTriesPage {...frame} againAt={tomorrow} nowMs={nowMs} isLatest />],
    ['which-record-no-tries', <NoTriesPage {...frame} againAt={tomorrow} nowMs={nowMs} />],
    ['sign-in-too-late', <SignInPage {...frame} methods={[mailMethod]} notice="too_late" />],
    ['link-same', <LinkPage {...link} />],
    ['link-other', <LinkPage {...link} isSameBrowser={false} otherVisitorAddress="j…n@g…l.com" />],
    ['link-shared', <LinkPage {...link} isShared />],
    ['link-made', <LinkPage {...link} purpose="made_for_you" notMeHref={null} />],
    ...(['expired', 'used', 'superseded', 'replaced', 'revoked'] as const).map((reason): [string, VNode] => [
      `dead-${reason}`,
      <DeadLinkPage {...dead} reason={reason} />,
    ]),
    [
      'dead-opened',
      <DeadLinkPage
        {...dead}
        reason="used"
        opens={[
          { class: 'mail_scanner', afterMs: 22_000 },
          { class: 'other_device', afterMs: 200_000 },
        ]}
      />,
    ],
    [
      'dead-unsendable',
      <DeadLinkPage {...frame} reason="expired" maskedAddress={null} resendAction={null} />,
    ],
    ['unknown-link', <UnknownLinkPage {...frame} />],
    ['not-me', <NotMePage {...frame} maskedAddress="m…s@m…e.org" action="/not-me/x" keepHref="/auth/x" />],
    ['not-me-done', <NotMeDonePage {...frame} />],
    ['reminders-off', <RemindersOffPage {...frame} action="/reminders/off/x" />],
    ['reminders-off-done', <RemindersOffDonePage {...frame} />],
    ['hub', <HubPage {...hub} />],
    [
      'hub-tomorrow',
      <HubPage
        {...hub}
        asOf={{ ...asOf, nowMs: Date.parse('2026-12-04T16:41:00Z') }}
        way={{ kind: 'site', url: 'https://app.vomo.example/' }}
      />,
    ],
    [
      'hub-now',
      <HubPage
        {...hub}
        nextShift={{
          ...people.nextShift,
          state: 'under_way',
          project:
            'Overnight warming-center meals and blankets for everyone who comes in (partner: Hillside Shelter, Boise)',
          startsAtMs: nowMs - 3_600_000,
          endsAtMs: nowMs + 2 * 3_600_000,
          place: null,
          mapUrl: null,
          url: null,
          role: null,
          guests: 0,
          toBring: [],
          contact: null,
        }}
        moreShifts={people.shifts.slice(0, 3)}
        moreShiftsCount={11}
        opportunities={hub.opportunities.slice(0, 1)}
      />,
    ],
    [
      'hub-in-turn',
      <HubInTurnPage
        {...frame}
        visitor={hub.visitor}
        notes={[people.announcement]}
        opportunities={hub.opportunities.slice(0, 3)}
        asOf={hub.asOf}
        nowMs={nowMs}
        readyAt={{ ms: nowMs + 12 * 60_000, timeZone: hub.asOf.timeZone }}
        way={{ kind: 'site', url: 'https://app.vomo.example/' }}
      />,
    ],
    ['hub-announced', <HubPage {...hub} notes={[people.announcement]} />],
    ['hub-passkey-offer', <HubPage {...hub} offersPasskeys />],
    ['hub-thanks', <HubPage {...hub} milestone={{ of: 'hours', count: 50 }} />],
    [
      'hub-loading',
      <HubPage {...hub} loadingCount={3} hoursThisYear={{ ...hub.hoursThisYear, complete: false }} />,
    ],
    [
      'hub-new',
      <HubPage
        {...quiet}
        activity="never"
        hoursThisYear={{ year: 2026, ...none, complete: true }}
        hoursAllTime={none}
        lastServedMs={null}
      />,
    ],
    [
      'hub-first-shift',
      <HubPage
        {...hub}
        nextShift={{ ...people.nextShift, toBring: [], contact: null }}
        moreShifts={[]}
        moreShiftsCount={0}
        hoursThisYear={{ year: 2026, ...none, complete: true }}
        hoursAllTime={none}
        lastServedMs={null}
      />,
    ],
    [
      'hub-signed-up',
      <HubPage
        {...hub}
        moreShifts={[]}
        moreShiftsCount={0}
        activity="signed_up"
        hoursThisYear={{ year: 2026, ...none, complete: true }}
        hoursAllTime={none}
        lastServedMs={null}
      />,
    ],
    ['hub-quiet', <HubPage {...quiet} />],
    [
      'hub-long-ago',
      <HubPage
        {...quiet}
        activity="lapsed"
        hoursThisYear={{ year: 2026, ...none, complete: true }}
        lastServedMs={Date.parse('2024-03-09T15:00:00Z')}
      />,
    ],
    ['hub-inactive', <HubPage {...quiet} isInactive way={{ kind: 'site', url: 'https://app.vomo.org' }} />],
    [
      'hub-behind',
      <HubPage {...hub} asOf={{ ms: nowMs - 5 * 3_600_000, timeZone, nowMs }} opportunities={[]} />,
    ],
    ['resume', <ResumePage {...resume} />],
    [
      'resume-filtered',
      <ResumePage
        {...resume}
        filter={{ ...noFilter, year: '2026', state: 'no_check_out' }}
        groups={people.groups.slice(0, 1)}
        page={2}
        pages={3}
      />,
    ],
    ['resume-by-initiative', <ResumePage {...resume} by="initiative" parts={people.byInitiative} />],
    ['resume-loading', <ResumePage {...resume} complete={false} loadingCount={3} />],
    [
      'resume-empty',
      <ResumePage
        {...resume}
        activity="never"
        total={none}
        byYear={[]}
        parts={[]}
        months={[]}
        notCounted={[]}
        groups={[]}
        listed={{ rows: 0, hours: 0 }}
        pages={1}
      />,
    ],
    [
      'shifts',
      <ShiftsPage
        {...frame}
        visitor={visitor}
        shifts={people.shifts}
        loadingCount={2}
        reminders={{ isOn: true, address: people.address, turned: 'on' }}
        feed={{ madeAtMs: nowMs - 40 * 86_400_000, fetchedAtMs: nowMs - 3_600_000 }}
        asOf={asOf}
        way={people.way}
      />,
    ],
    [
      'shifts-none',
      <ShiftsPage
        {...frame}
        visitor={visitor}
        shifts={[]}
        loadingCount={0}
        reminders={{ isOn: false, address: people.address, turned: null }}
        feed={null}
        asOf={asOf}
        way={people.way}
      />,
    ],
    [
      'profile',
      <ProfilePage
        way={people.way}
        {...frame}
        visitor={visitor}
        profile={{
          ...record,
          fields: [
            { label: 'T-shirt size', value: 'Medium' },
            { label: 'Languages', value: 'English, Spanish' },
          ],
        }}
        choice={firstChoice}
        mayEdit
        notice={{ kind: 'saved' }}
        groups={groups}
        asOf={asOf}
      />,
    ],
    [
      'profile-edit',
      <EditProfilePage
        way={people.way}
        {...frame}
        visitor={visitor}
        elsewhere={record}
        fields={fieldViews}
        today="2026-11-21"
      />,
    ],
    [
      'profile-edit-wrong',
      <EditProfilePage
        way={people.way}
        {...frame}
        visitor={visitor}
        elsewhere={bareRecord}
        fields={fieldViews.map((field) => ({
          ...field,
          isWrong: field.name !== 'phone',
          isMissing: field.name === 'gender',
        }))}
        today="2026-11-21"
      />,
    ],
    [
      'profile-edit-unreachable',
      <EditProfilePage
        way={people.way}
        {...frame}
        visitor={visitor}
        elsewhere={null}
        fields={fieldViews}
        isUnreachable
        today="2026-11-21"
      />,
    ],
    [
      'profile-conflict',
      <ProfileConflictPage
        {...frame}
        visitor={visitor}
        conflicts={[
          { name: 'last_name', now: 'Vega', yours: 'Vega-Santos' },
          { name: 'birthday', now: '1988-04-03', yours: '1988-03-04' },
        ]}
        others={[]}
      />,
    ],
    [
      'profile-bare',
      <ProfilePage
        way={people.way}
        {...frame}
        visitor={visitor}
        profile={bareRecord}
        choice={firstChoice}
        mayEdit={false}
        notice={{ kind: 'notTaken', fields: ['first_name', 'last_name'] }}
        asOf={asOf}
      />,
    ],
    ...(Object.keys(words.handOff.trouble) as HandOffTrouble[]).map((trouble): [string, VNode] => [
      `hand-off-${trouble}`,
      <HandOffPage
        {...frame}
        visitor={visitor}
        trouble={trouble}
        siteUrl="https://app.vomo.example"
        address="maria.vega-santos@mail.example.org"
      />,
    ]),
    ...landings(frame, resume),
    ['second-step', <SecondStepPage {...step} />],
    ['second-step-typed', <SecondStepPage {...step} isCodeSent />],
    [
      'second-step-wrong',
      <SecondStepPage
        {...step}
        isCodeSent
        fault={{ of: 'code', typed: 'ABCD-EFGH', error: 'wrong', triesLeft: 4 }}
      />,
    ],
    [
      'second-step-passkey',
      <SecondStepPage
        {...step}
        ways={{ passkey: true, providers: [work], code: false }}
        fault={{ of: 'provider' }}
      />,
    ],
    ...opportunities(frame, resume),
    ...account(frame),
    ...staffApplications(frame),
    ...staffPeople(frame),
    ...staffProblems(frame),
    ...staffLinks(frame),
    ...staffSettings(frame),
    ...staffWaysIn(frame),
    ...passwords(frame),
    ...madeLinks(frame),
    ['help', <HelpPage {...frame} visitor={visitor} limits={limits} editsProfile way={people.way} />],
    ['help-signed-out', <HelpPage {...frame} visitor={null} limits={limits} editsProfile way={null} />],
    ...kinds.map((kind): [string, VNode] => [
      `trouble-${kind}`,
      <TroublePage {...frame} kind={kind} {...(kind === 'rate_limited' ? { retryAt: at } : {})} />,
    ]),
    [
      'trouble-staff',
      <TroublePage {...frame} kind="account_no_record" visitor={{ firstName: 'Dana', isStaff: true }} />,
    ],
    ['unknown-host', <UnknownHostPage {...spoken} stylesheet={stylesheet.path} />],
    ['theme-teal', <HubPage {...hub} site={{ ...frame.site, assets: { ...assets, theme: themes.teal } }} />],
    [
      'theme-yellow',
      <SignInPage
        methods={[mailMethod]}
        {...people.frame(
          { ...assets, theme: themes.yellow },
          { contactEmail: null, contactName: null },
          spoken,
        )}
      />,
    ],
  ]
}

const record = toRecord(
  user({
    firstName: 'Maria',
    lastName: 'Vega-Santos',
    email: 'maria.vega-santos@mail.example.org',
    phone: '(309) 555-0143',
    address: '2214 17th Street, Apartment 3, Rock Island, IL 61201',
    birthday: '1988-03-04',
    gender: 'F',
  }),
  firstChoice,
  english,
)
const bareRecord = toRecord(
  user({ firstName: 'Maria', lastName: null, email: 'm@x.org' }),
  firstChoice,
  english,
)
const fieldViews = profileFields.map((name) => ({ name, value: record[name], seen: record[name] }))

const troubleKinds = {
  not_found: true,
  server_error: true,
  rate_limited: true,
  vomo_unavailable: true,
  record_in_turn: true,
  service_unavailable: true,
  cross_site: true,
  bad_request: true,
  preview_only: true,
  account_orphaned: true,
  account_stale: true,
  account_no_record: true,
  account_disabled: true,
  two_records: true,
  shared_records: true,
} satisfies Record<TroubleKind, true>

function emails({ words, locale }: people.Spoken): [string, string][] {
  const letter = {
    words,
    locale,
    site: {
      name: 'Riverbend Food Bank',
      publicOrigin: 'https://riverbend.example',
      contactEmail: 'volunteers@riverbend.example',
      color: '#0b5a5f',
    },
    firstName: 'Maria',
  }
  const { nowMs, timeZone } = people
  const passkeyNews = {
    name: 'Chrome on Android',
    atMs: nowMs,
    timeZone,
    accountUrl: 'https://riverbend.example/account',
  }
  const sent = {
    'mail-sign-in': signInMail({
      ...letter,
      url: 'https://riverbend.example/auth/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
      code: 'K7PM-4XRT',
      expiresAtMs: nowMs + 15 * 60_000,
      askedAtMs: nowMs,
      timeZone,
      notMeUrl: 'https://riverbend.example/not-me/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
      isForPassword: false,
    }),
    'mail-password-changed': passwordMail({ ...letter, what: 'changed', changedAtMs: nowMs, timeZone }),
    'mail-not-on-record': notOnRecordMail({ ...letter, firstName: null, reason: 'no_record' }),
    'mail-passkey-added': passkeyMail({ ...letter, ...passkeyNews, change: 'added' }),
    'mail-passkey-refused': passkeyMail({ ...letter, ...passkeyNews, change: 'refused' }),
    'mail-sign-in-by-staff': signInMail({
      ...letter,
      url: 'https://riverbend.example/auth/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
      code: null,
      expiresAtMs: nowMs + 15 * 60_000,
      askedAtMs: nowMs,
      timeZone,
      notMeUrl: 'https://riverbend.example/not-me/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
      isForPassword: false,
    }),
    'mail-staff-invite': staffInviteMail({
      ...letter,
      firstName: null,
      signInUrl: 'https://riverbend.example/sign-in?next=%2Fadmin',
    }),
    'mail-list-link': listLinkMail({
      ...letter,
      url: 'https://riverbend.example/magiclink/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
      expiresAtMs: nowMs + 7 * 86_400_000,
      timeZone,
    }),
    'mail-handed-over': handedOverMail({
      ...letter,
      madeAtMs: nowMs,
      timeZone,
      notMeUrl: 'https://riverbend.example/not-me/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
    }),
    'mail-open-problems': openProblemsMail({
      ...letter,
      firstName: null,
      counts: [
        { kind: 'address_changed', count: 4 },
        { kind: 'mail_undelivered', count: 2 },
        { kind: 'two_records', count: 1 },
      ],
      fresh: 3,
      problemsUrl: 'https://riverbend.example/admin/problems',
    }),
    'mail-spoken-code': spokenCodeMail({
      ...letter,
      madeAtMs: nowMs,
      timeZone,
      notMeUrl: 'https://riverbend.example/not-me/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj',
    }),
    'mail-second-step': secondStepMail({
      ...letter,
      code: 'K7PM-4XRT',
      expiresAtMs: nowMs + 15 * 60_000,
      askedAtMs: nowMs,
      timeZone,
      accountUrl: 'https://riverbend.example/account',
    }),
    'mail-by-provider': providerMail({
      ...letter,
      label: 'your Riverbend account',
      signInUrl: 'https://riverbend.example/sign-in?ways=all',
    }),
    'mail-reminder': reminderMail({ ...letter, ...people.reminder }),
    'mail-address-changed': addressChangedMail({
      ...letter,
      newAddress: 'm…a@n…w.org',
      changedAtMs: nowMs,
      timeZone,
    }),
  }
  return Object.entries(sent).flatMap(([name, { html, text }]) => [
    [name, html],
    [`${name}.txt`, text],
  ])
}
