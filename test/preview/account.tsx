import type { VNode } from 'preact'
import type { Frame } from '../../src/page/site.ts'
import { ErasedPage, ErasePage } from '../../src/volunteer/account/erase-page.tsx'
import { AccountPage } from '../../src/volunteer/account/page.tsx'
import * as people from './people.ts'

const { address, nowMs, timeZone, visitor } = people
const minuteMs = 60_000

/** The account pages: where the person is signed in, and what we store about them. */
export function account(frame: Frame): [string, VNode][] {
  const here = {
    id: 'ses_1',
    device: { browser: 'Firefox', system: 'Android' },
    way: 'mailed_link' as const,
    isStaff: false,
    isShared: false,
    secondStep: null,
    isCurrent: true,
    startedAtMs: nowMs - 3 * 86_400_000,
    lastUsedAtMs: nowMs,
  }
  const others = [
    {
      ...here,
      id: 'ses_2',
      device: { browser: 'Safari', system: 'Mac' },
      way: 'code' as const,
      isStaff: true,
      secondStep: { by: 'passkey' as const, atMs: nowMs - 90 * minuteMs },
      isCurrent: false,
      lastUsedAtMs: nowMs - 95 * minuteMs,
    },
    {
      ...here,
      id: 'ses_3',
      device: { browser: null, system: null },
      way: null,
      isShared: true,
      isCurrent: false,
      lastUsedAtMs: nowMs - 2 * 86_400_000,
    },
  ]
  const passkey = {
    id: 'psk_1',
    name: 'Phone',
    host: 'volunteers.riverbend.example',
    isBackedUp: true,
    addedAtMs: nowMs - 40 * 86_400_000,
    lastUsedAtMs: nowMs - 3 * 86_400_000,
    copiedAtMs: null,
  }
  const otherPasskey = {
    ...passkey,
    id: 'psk_2',
    name: 'Key on my key ring',
    isBackedUp: false,
    lastUsedAtMs: null,
    copiedAtMs: nowMs - 86_400_000,
  }
  const page = {
    ...frame,
    visitor,
    address,
    done: null,
    passkeys: {
      passkeys: [passkey, otherPasskey],
      host: 'volunteers.riverbend.example',
      adding: 'may' as const,
      device: 'Chrome on Android',
      now: { ms: nowMs, timeZone },
    },
    passkeyDone: null,
    previews: [],
    reminders: { isOn: true, turned: null },
    password: 'has' as const,
    hasRecord: true,
    now: { ms: nowMs, timeZone },
  }
  const erase = { ...frame, visitor, address, isOnStaff: false, applications: [] }
  return [
    ['account', <AccountPage {...page} sessions={[here, ...others]} />],
    [
      'account-alone',
      <AccountPage
        {...page}
        sessions={[here]}
        done="others"
        password={undefined}
        hasRecord={false}
        passkeys={null}
      />,
    ],
    [
      'account-passkey-added',
      <AccountPage
        {...page}
        sessions={[here]}
        passkeyDone="added"
        passkeys={{ ...page.passkeys, passkeys: [passkey], adding: 'sign_in_first' }}
      />,
    ],
    ['erase', <ErasePage {...erase} step="confirm" applications={['Website']} isOnStaff />],
    ['erase-not-ticked', <ErasePage {...erase} step="confirm_again" />],
    ['erase-sign-in', <ErasePage {...erase} step="sign_in" />],
    ['erase-by-provider', <ErasePage {...erase} step="sign_in" provider={people.providers[0]} />],
    ['erase-last-owner', <ErasePage {...erase} step="last_owner" isOnStaff />],
    ['erased', <ErasedPage {...frame} visitor={null} />],
  ]
}
