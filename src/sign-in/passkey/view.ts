import { onlyWaysOf } from '../../customers/providers.ts'
import type { Visited } from '../../customers/visit.ts'
import type { CoreTools } from '../../part.ts'
import type { Instant } from '../../text/dates.ts'
import { isShared } from '../cookies.ts'
import { readDevice } from '../session/device.ts'
import { needsSecondStep } from '../session/second-step.ts'
import { isFresh, type Session } from '../session/sessions.ts'
import type { OwnPasskeysView, PasskeyDone } from './page.tsx'
import { ownPasskeys } from './passkeys.ts'
import { hasPasskeys, relyingPartyOf } from './relying-party.ts'

/**
 * Whether a session may add a passkey, or what comes first. A passkey outlives the session that adds it, so one that was stolen, or
 * that a handed-over link opened, must not.
 */
export function addingIn(c: Visited, session: Session, nowMs: number): OwnPasskeysView['adding'] {
  if (isShared(c)) return 'not_shared'
  if (onlyWaysOf(c.get('customer'), session.person.address).length > 0) return 'by_provider'
  return isFresh(session, nowMs) ? 'may' : 'sign_in_first'
}

/** The part of the account page; `null` where the organization has no passkeys. */
export async function ownPasskeysView(
  tools: CoreTools,
  c: Visited,
  { session, now }: { session: Session; now: Instant },
): Promise<OwnPasskeysView | null> {
  const customer = c.get('customer')
  if (!hasPasskeys(customer)) return null
  const { browser, system } = readDevice(c.req.header('user-agent'))
  return {
    passkeys: await ownPasskeys(tools.store, session.person),
    host: relyingPartyOf(customer).id,
    adding: (await needsSecondStep(tools, session)) ? 'step_first' : addingIn(c, session, now.ms),
    device: c.get('language')().words.account.sessions.device(browser, system),
    now,
  }
}

/** What the submitted form did. */
export function passkeyDone(said: string | undefined): PasskeyDone | null {
  return said === 'added' || said === 'removed' || said === 'failed' ? said : null
}
