import { timingSafeEqual } from 'node:crypto'
import { welcomeBack } from '../accounts/people.ts'
import { staffRole } from '../accounts/staff.ts'
import { maskAddress } from '../address.ts'
import { recordAudit } from '../audit.ts'
import type { Customer } from '../customers/customers.ts'
import { Refusal } from '../errors.ts'
import { codeHashes, readCode } from '../links/codes.ts'
import { type Link, linksOfRequests, openLink, revokeLink, spendLink } from '../links/links.ts'
import { addressChangedMail } from '../mail/messages.tsx'
import { en } from '../text/en.ts'
import { type SignInTools, sendMail, siteOf } from './by-mail.ts'
import { forgiveCodeTry, requestsOfBrowser, takeCodeTry } from './requests.ts'
import { endSession, endSessionsOfLink, openSession } from './sessions.ts'

/** What a secret from a mail opens, for the page that asks before anything is spent. */
export async function lookAtLink(
  tools: SignInTools,
  at: { customer: Customer; secret: string; browserKey: string | undefined },
): Promise<{ link: Link; isSameBrowser: boolean } | undefined> {
  const { store, secrets, clock } = tools
  const link = await openLink(store, secrets, { customerId: at.customer.id, secret: at.secret }, clock())
  if (!link) return undefined
  const asked = at.browserKey
    ? await requestsOfBrowser(tools, { customerId: at.customer.id, browserKey: at.browserKey })
    : []
  return { link, isSameBrowser: asked.some((request) => request.id === link.requestId) }
}

/**
 * Signs in the person a link was mailed to: the link is spent, the address counts as proved, the browser's former session ends
 * and a new one begins, in one transaction.
 *
 * @returns the session's secret, for the cookie
 * @throws {Refusal} 'link_not_usable'
 */
export async function signInByLink(
  tools: SignInTools,
  by: {
    customer: Customer
    linkId: string
    address: string
    formerSession: string | undefined
    isCode?: boolean
  },
): Promise<{ sessionSecret: string; landing: string }> {
  const { store, secrets, clock } = tools
  const { customer, formerSession } = by
  const role = await staffRole(store, customer.id, by.address)
  return store.write(function* () {
    const { db } = store
    const nowMs = clock()
    const link = yield* spendLink(db, by.linkId, nowMs)
    const { formerAddress } = yield* welcomeBack(db, link.personId, link.address, nowMs)
    if (formerSession) {
      yield* endSession(
        db,
        secrets,
        { customerId: customer.id, secret: formerSession, because: 'replaced' },
        nowMs,
      )
    }
    if (by.isCode) yield* forgiveCodeTry(db, customer.id, link.address)
    if (formerAddress) {
      const mail = addressChangedMail({
        words: en,
        locale: 'en-US',
        site: siteOf(customer),
        firstName: null,
        newAddress: maskAddress(link.address),
        changedAtMs: nowMs,
        timeZone: customer.timeZone,
      })
      const notAfterMs = nowMs + 7 * 24 * 3_600_000
      yield* sendMail(
        tools,
        customer,
        { kind: 'address_changed', to: formerAddress, mail, notAfterMs },
        nowMs,
      )
    }
    const sessionSecret = yield* openSession(
      db,
      secrets,
      { customerId: customer.id, personId: link.personId, linkId: link.id, isStaff: role !== undefined },
      nowMs,
    )
    return { sessionSecret, landing: link.landing }
  })
}

/**
 * Finds the link a typed code belongs to among the requests of this browser. The try is counted and committed first.
 *
 * @throws {Refusal} 'code_not_usable', the same for known and unknown addresses; its field says why
 */
export async function linkOfCode(
  tools: SignInTools,
  typed: { customer: Customer; browserKey: string | undefined; code: string },
): Promise<Link> {
  const { store, secrets, clock } = tools
  const customerId = typed.customer.id
  const code = readCode(typed.code)
  const { browserKey } = typed
  if (code === undefined) throw new Refusal('code_not_usable', { fields: { code: 'wrong_code' } })
  if (browserKey === undefined) throw new Refusal('code_not_usable', { fields: { code: 'other_browser' } })

  const nowMs = clock()
  const requestIds = await store.write(() =>
    takeCodeTry(store.db, secrets, { customerId, browserKey }, nowMs),
  )
  if (requestIds.length === 0) {
    const asked = await requestsOfBrowser(tools, { customerId, browserKey })
    const isExpired = asked.every((request) => request.expiresAtMs <= nowMs)
    throw new Refusal('code_not_usable', { fields: { code: isExpired ? 'expired' : 'too_many_tries' } })
  }
  const candidates = await linksOfRequests(store, requestIds, nowMs)
  const match = candidates.find(
    ({ link, codeHash }) =>
      codeHash !== null &&
      link.requestId !== null &&
      codeHashes(secrets, link.requestId, code).some((hash) => timingSafeEqual(hash, codeHash)),
  )
  if (!match) {
    // Known address or not: the same row, so the same time.
    const failed = {
      customerId,
      atMs: nowMs,
      kind: 'sign_in.failed',
      detail: { requests: requestIds.length },
    } as const
    await store.write(() => recordAudit(store.db, failed))
    throw new Refusal('code_not_usable', { fields: { code: 'wrong_code' } })
  }
  return match.link
}

/** "Was not me": the link dies, and so does whatever it opened. */
export async function disownLink(tools: SignInTools, link: Link): Promise<void> {
  const { store, clock } = tools
  await store.write(function* () {
    const nowMs = clock()
    yield* revokeLink(store.db, link.id, nowMs)
    yield* endSessionsOfLink(store.db, link.id, nowMs)
    yield* recordAudit(store.db, {
      customerId: link.customerId,
      atMs: nowMs,
      kind: 'sign_in.denied_by_owner',
      personId: link.personId,
      detail: { link: link.id },
    })
  })
}
