import { findOrCreatePerson } from '../src/accounts/people.ts'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { defaultLimits, type LimitSettings } from '../src/limits.ts'
import type { Secrets } from '../src/secrets.ts'
import { openSession } from '../src/sign-in/session/sessions.ts'
import type { Store } from '../src/store/store.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'

const farAway = { count: 1_000_000_000, perMs: 86_400_000 }

/** They count, and never refuse: all visitors of a bench come from one address. */
export const countingLimits: LimitSettings = {
  ...defaultLimits,
  signInRequestsPerNetwork: farAway,
  signInRequestsFromKnownBrowsers: farAway,
  mailsPerPerson: undefined,
  lookUpsPerAddress: undefined,
  missesPerNetwork: farAway,
  passwordTriesPerNetwork: farAway,
  passwordTries: { atOnce: 1_000_000_000, pauseMs: 1, maxPauseMs: 1, inAll: 1_000_000_000 },
  apiCallsPerToken: farAway,
  callsPerApplication: farAway,
  strangerMailsPerNetwork: farAway,
}

/** The organization of the bench, with its access to VOMO. @returns its id */
export function settleCustomer(
  { store, secrets }: { store: Store; secrets: Secrets },
  given: { origin: string; vomo: { url: string; token: string; perMinute: number } },
  nowMs: number,
): Promise<string> {
  const { origin, vomo } = given
  return store.write(function* () {
    const id = yield* setCustomer(
      store.db,
      {
        slug: 'riverbend',
        by: operator,
        changes: {
          name: 'Riverbend Food Bank',
          url: origin,
          'contact-name': 'Rosa Whitfield',
          'contact-email': 'volunteers@riverbend.example',
          color: '#0b5a5f',
          'time-zone': 'America/Chicago',
          passwords: 'yes',
        },
      },
      nowMs,
    )
    yield* grantVomoAccess(store.db, secrets, {
      customerId: id,
      baseUrl: vomo.url,
      token: vomo.token,
      budgetPerMinute: vomo.perMinute,
    })
    return id
  })
}

/** A volunteer of VOMO's who has signed in here. @returns what the cookie of the session holds */
export function openSessionOf(
  { store, secrets }: { store: Store; secrets: Secrets },
  met: { customerId: string; vomoUserId: string; address: string },
  nowMs: number,
): Promise<string> {
  return store.write(function* () {
    const person = yield* findOrCreatePerson(store.db, met, nowMs)
    const { customerId } = met
    const proof = { kind: 'link', id: 'none' } as const
    const opened = { customerId, personId: person.id, proof, way: 'mailed_link', isStaff: false } as const
    return yield* openSession(store.db, secrets, opened, nowMs)
  })
}
