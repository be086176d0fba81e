import { during } from '../audit.ts'
import type { Customer } from '../customers/customers.ts'
import { type Provider, straightWayOf } from '../customers/providers.ts'
import type { Visited } from '../customers/visit.ts'
import { seeOther } from '../http/redirect.ts'
import type { Part, Tools } from '../part.ts'
import { choiceHandlers } from './choice/choice-handlers.tsx'
import { forgetOldChoices } from './choice/choices.ts'
import { forgetOldRecordTries } from './choice/tries.ts'
import { clearSession, isShared, readCookie } from './cookies.ts'
import { languageHandlers } from './language.ts'
import { linkHandlers } from './link/link-handlers.tsx'
import { isVisit } from './link/link-visits.ts'
import { madeLinkHandlers } from './link/made-link-handlers.tsx'
import { forgetOldSpokenCodes } from './link/spoken-codes.ts'
import { askHandlers } from './mail/ask-handlers.tsx'
import { beginLife, signInMailJob, signInMailWorker } from './mail/by-mail.ts'
import { forgetOldRequests } from './mail/requests.ts'
import { methods } from './methods.ts'
import { pageHandlers } from './page-handlers.tsx'
import { forgetOldChallenges } from './passkey/challenge.ts'
import { passkeyHandlers } from './passkey/handlers.ts'
import { ownPasskeyHandlers } from './passkey/own-handlers.ts'
import { forgetOldPasskeys } from './passkey/passkeys.ts'
import { passwordHandlers } from './password/handlers.tsx'
import { openHasher } from './password/hashing.ts'
import { ownPasswordHandlers } from './password/own-handlers.tsx'
import { forgetOldPasswords } from './password/passwords.ts'
import { forgetOldTries } from './password/tries.ts'
import { forgetOldFlows } from './provider/flows.ts'
import { providerHandlers } from './provider/handlers.tsx'
import { forgetOldLogoutTokens } from './provider/logout.ts'
import { lookAtProvider } from './provider/look.ts'
import { openMetadata } from './provider/metadata.ts'
import { openOutbound } from './provider/outbound.ts'
import { forgetOldProofs } from './provider/proofs.ts'
import { openTrials } from './provider/trials.ts'
import { forgetOldBrowsers } from './session/known-browsers.ts'
import { endSession, forgetOldSessions } from './session/sessions.ts'
import { sessionOf } from './session/visitor.ts'

/**
 * Everything under `/sign-in`, `/auth`, `/not-me`, `/magiclink` and `/sign-out`, and its mirror in the portal API.
 *
 * @param passwordMs how long the hash of a password shall take to compute
 */
export function signInPart(tools: Tools, { passwordMs }: { passwordMs: number }) {
  const { clock, store, secrets } = tools
  const page = pageHandlers(tools, methods)
  const asking = askHandlers(tools, page)
  const outbound = openOutbound(tools)
  const metadata = openMetadata({ ...tools, outbound })
  const providerTools = { ...tools, outbound, metadata }
  const trials = openTrials(providerTools)
  const provider = providerHandlers(providerTools, trials)
  const hasher = openHasher(passwordMs)

  async function signInPage(c: Visited): Promise<Response> {
    const visitor = await page.whoIsHere(c)
    const led = !visitor && mayLeadOn(c) ? await provider.leadStraight(c) : undefined
    return led ?? page.signInPage(c, visitor)
  }

  /**
   * A visitor with a notice to read, who asked for an email, or who chose to see every way, stays. So does one who began a sign-in at a
   * provider a moment ago, even if it ended well: a session that ends at once would lead the browser in a circle. On a shared computer the
   * provider may still know the visitor before. A program that only looks at the page begins no sign-in.
   */
  function mayLeadOn(c: Visited): boolean {
    return (
      straightWayOf(c.get('customer')) !== undefined &&
      c.req.query('notice') === undefined &&
      c.req.query('ways') === undefined &&
      readCookie(c, 'porchlight_asked') === undefined &&
      readCookie(c, 'porchlight_with') === undefined &&
      !isShared(c) &&
      isVisit(c)
    )
  }

  async function signOut(c: Visited): Promise<Response> {
    const session = await sessionOf(tools, c)
    await end(c)
    const further = session?.isLive ? await provider.signedOutPage(c, session) : undefined
    return further ?? seeOther(c, '/sign-in?notice=signed_out')
  }

  async function signOutByApi(c: Visited): Promise<Response> {
    await end(c)
    return c.body(null, 204)
  }

  async function end(c: Visited): Promise<void> {
    const secret = readCookie(c, 'porchlight_session')
    if (secret) {
      const at = { customerId: c.get('customer').id, secret, because: 'signed_out' as const }
      await store.write(during(c, () => endSession(store.db, secrets, at, clock())))
    }
    clearSession(c)
  }

  return {
    handlers: {
      ...page,
      signInPage,
      ...asking,
      ...linkHandlers(tools, asking),
      ...choiceHandlers(tools),
      made: madeLinkHandlers(tools, asking),
      provider,
      password: passwordHandlers(tools, hasher, asking),
      ownPassword: ownPasswordHandlers(tools, hasher),
      passkey: passkeyHandlers(tools, page),
      ownPasskeys: ownPasskeyHandlers(tools),
      signOut,
      signOutByApi,
      ...languageHandlers(tools),
    },
    workers: { [signInMailJob]: signInMailWorker(tools) },
    forget: [
      forgetOldRequests,
      forgetOldBrowsers,
      forgetOldSessions,
      forgetOldFlows,
      forgetOldProofs,
      forgetOldLogoutTokens,
      forgetOldPasswords,
      forgetOldChoices,
      forgetOldTries,
      forgetOldRecordTries,
      forgetOldChallenges,
      forgetOldPasskeys,
      forgetOldSpokenCodes,
    ],
    close: async () => {
      await outbound.close()
      await metadata.close()
    },
    methods,
    /** For staff who set providers up. */
    providers: {
      trials,
      look: (customer: Customer, of: Provider) => lookAtProvider(providerTools, customer, of),
    },
    /** For the outbox. */
    mailAccepted: beginLife,
  } satisfies Part & { methods: unknown; providers: unknown; mailAccepted: unknown }
}
