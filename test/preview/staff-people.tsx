import type { VNode } from 'preact'
import type { PersonState } from '../../src/accounts/state.ts'
import type { Frame } from '../../src/page/site.ts'
import type { Helped } from '../../src/staff/people/helped.ts'
import { CodePage } from '../../src/staff/people/page-code.tsx'
import { FindPage } from '../../src/staff/people/page-find.tsx'
import { PersonPage } from '../../src/staff/people/page-person.tsx'
import type { Try } from '../../src/staff/people/tries.ts'
import { TeamPage } from '../../src/staff/team/page.tsx'
import * as people from './people.ts'

const { nowMs, timeZone } = people
const minuteMs = 60_000

/** Where staff find a person who cannot get in, see why, and help. */
export function staffPeople(frame: Frame): [string, VNode][] {
  const helped: Helped = {
    id: 'per_1',
    name: 'Maria Vega-Santos',
    address: 'maria.vega-santos@lanternmail.example',
    addressInVomo: null,
    state: 'active',
    isToldApart: false,
    role: undefined,
    onlyProvider: undefined,
    lastSignInMs: nowMs - 26 * 60 * minuteMs,
    sessions: 2,
    tries,
    problems: [],
    vomoUrl: 'https://app.vomo.org/admin/volunteers/7',
  }
  const at = { ...frame, timeZone, nowMs, seesAddress: true, mayHelp: true, isSelf: false, done: null }
  const others: PersonState[] = ['sharing', 'in_doubt', 'orphaned', 'stale', 'disabled', 'no_record']
  const find = { ...frame, typed: '', found: null, inVomo: null, isErased: false }
  const found = [...others, 'not_met' as const, 'gone' as const].map((state, index) => ({
    id: state === 'not_met' || state === 'gone' ? null : `per_${index}`,
    name: state === 'no_record' ? null : `Maria Santos-${['Abel', 'Brook', 'Quist', 'Vega'][index % 4]}`,
    address: `maria.santos${index}@lanternmail.example`,
    isMasked: false,
    state,
    opens: state === 'not_met' ? 'maria@lanternmail.example' : null,
  }))
  const none = { isReading: false, total: 0, page: 1, pages: 1, people: [] }
  return [
    ['staff-find', <FindPage role="coordinator" {...find} />],
    [
      'staff-found',
      <FindPage
        role="coordinator"
        {...find}
        typed="santos"
        found={{ ...none, total: 310, page: 20, pages: 20, people: found }}
      />,
    ],
    [
      'staff-found-none',
      <FindPage role="coordinator" {...find} typed="zz" found={{ ...none, isReading: true }} />,
    ],
    [
      'staff-find-in-vomo',
      <FindPage
        role="coordinator"
        {...find}
        typed="ann@example.org"
        found={none}
        inVomo={{ address: 'ann@example.org', found: 'one' }}
      />,
    ],
    [
      'staff-find-several',
      <FindPage
        role="coordinator"
        {...find}
        typed="ann@example.org"
        found={none}
        inVomo={{ address: 'ann@example.org', found: 'several' }}
      />,
    ],
    ['staff-person', <PersonPage role="coordinator" {...at} helped={helped} />],
    ['staff-person-sent', <PersonPage role="coordinator" {...at} helped={helped} done="sent" />],
    [
      'staff-person-viewer',
      <PersonPage
        role="coordinator"
        {...at}
        seesAddress={false}
        mayHelp={false}
        helped={{ ...helped, role: 'owner', tries: [] }}
      />,
    ],
    [
      'staff-person-told-apart',
      <PersonPage role="coordinator" {...at} helped={{ ...helped, state: 'sharing', isToldApart: true }} />,
    ],
    ...others.map((state): [string, VNode] => [
      `staff-person-${state}`,
      <PersonPage
        role="coordinator"
        {...at}
        helped={{
          ...helped,
          state,
          ...(state === 'stale' && { addressInVomo: 'maria@newmail.example' }),
          ...(state === 'active' && { onlyProvider: 'your Riverbend account' }),
        }}
      />,
    ]),
    [
      'staff-team',
      <TeamPage
        {...frame}
        members={[
          { address: 'dana.whitfield@riverbend.example', role: 'owner', isYou: true },
          { address: 'jo@riverbend.example', role: 'viewer', isYou: false },
        ]}
        form={{ email: '', role: null, errors: {} }}
        done="added"
      />,
    ],
    [
      'staff-code',
      <CodePage
        role="coordinator"
        {...frame}
        code="K7PM-4XRT"
        until={{ ms: nowMs + 15 * minuteMs, timeZone }}
        nowMs={nowMs}
        portal="volunteers.riverbend.example"
        back="/admin/people/per_1"
      />,
    ],
  ]
}

const link = { kind: 'link', made: 'email', opens: 0 } as const

const tries: Try[] = [
  { id: '1', atMs: nowMs - minuteMs, kind: 'no_email' },
  {
    ...link,
    id: '2',
    atMs: nowMs - 4 * minuteMs,
    mail: { is: 'waiting', atMs: nowMs - 4 * minuteMs },
    state: 'usable',
    endsAtMs: nowMs + 11 * minuteMs,
  },
  {
    ...link,
    id: '3',
    atMs: nowMs - 50 * minuteMs,
    made: 'staff',
    mail: null,
    state: 'expired',
    endsAtMs: nowMs - 35 * minuteMs,
  },
  {
    ...link,
    id: '4',
    atMs: nowMs - 70 * minuteMs,
    mail: { is: 'bounced', atMs: nowMs - 69 * minuteMs, said: '5.2.2 bounce' },
    state: 'expired',
    endsAtMs: nowMs - 54 * minuteMs,
  },
  {
    id: '5',
    atMs: nowMs - 26 * 60 * minuteMs,
    kind: 'signed_in',
    way: 'mailed_link',
    device: { browser: 'Safari', system: 'iPhone' },
  },
  {
    ...link,
    id: '6',
    atMs: nowMs - 26 * 60 * minuteMs - 90_000,
    mail: { is: 'accepted', atMs: nowMs - 26 * 60 * minuteMs - 80_000 },
    state: 'spent',
    endsAtMs: nowMs - 26 * 60 * minuteMs,
    opens: 3,
  },
  {
    id: '7',
    atMs: nowMs - 30 * 60 * minuteMs,
    kind: 'told',
    which: 'not_on_record',
    mail: { is: 'refused', atMs: nowMs - 30 * 60 * minuteMs, said: '5.1.1 RCPT' },
  },
]
