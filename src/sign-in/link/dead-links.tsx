import { maskAddress } from '../../address.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import type { LinkState } from '../../links/links.ts'
import { opensOf } from '../../links/opens.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { countMiss } from '../misses.ts'
import { DeadLinkPage, UnknownLinkPage } from './pages-link.tsx'
import type { SignInLink } from './spend.ts'

/** @throws {Refusal} 'rate_limited' */
export async function unknownLink(tools: Tools, c: Visited): Promise<Response> {
  await countMiss(tools, c)
  // Echoes nothing of the secret that was tried.
  return c.html(renderPage(<UnknownLinkPage {...frameOf(c, '/')} />), 410)
}

/** Tells the holder of a real secret why it no longer signs in, and who opened it before. @param resendAction posts for another email */
export async function deadLink(
  { store, clock }: Tools,
  c: Visited,
  link: SignInLink,
  resendAction: string,
): Promise<Response> {
  const opens = await opensOf(store, link.id)
  return c.html(
    renderPage(
      <DeadLinkPage
        {...frameOf(c)}
        reason={deadReasons[link.state]}
        isMailed={link.requestId !== null}
        maskedAddress={maskAddress(link.address)}
        resendAction={resendAction}
        at={{ ms: link.endsAtMs, timeZone: c.get('customer').timeZone, nowMs: clock() }}
        opens={opens.map((open) => ({ class: open.class, afterMs: open.atMs - link.sentAtMs }))}
      />,
    ),
    410,
  )
}

/** Why a link no longer signs in, as its page and the sign-in API say it. */
export const deadReasons = {
  // Usable, but the person's record or role has changed since it was made.
  usable: 'withheld',
  spent: 'used',
  expired: 'expired',
  replaced: 'replaced',
  sibling_spent: 'superseded',
  not_me: 'revoked',
  withdrawn: 'withdrawn',
} as const satisfies Record<LinkState, string>
