import { findOrCreatePerson, restoreShown } from '../../../accounts/people.ts'
import { findOnRecord } from '../../../accounts/standing.ts'
import { recordAudit } from '../../../audit.ts'
import type { Customer } from '../../../customers/customers.ts'
import { Refusal } from '../../../errors.ts'
import { spendLink } from '../../../links/links.ts'
import type { Tools } from '../../../part.ts'
import { within } from '../../../resilience/within.ts'
import type { Secrets } from '../../../secrets.ts'
import { type EnteringBrowser, enter } from '../../../sign-in/enter.ts'
import type { Queries, Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import { joinAtSpend } from '../circles/members.ts'
import { methodOf } from '../profiles/identifiers.ts'
import { type Spent, writeAtSpend } from '../profiles/identity.ts'
import { type Profile, tokenSubject } from '../profiles/profiles.ts'
import { beginFamily, issueRefreshToken, signTokens } from '../tokens/tokens.ts'
import { describeSignIn, issueHandoffCode, type SignedIn, withCode, withTokens } from './handoff-codes.ts'
import { type AuthLink, forgetSpentData, type LinkSubject } from './magic-links.ts'

type Spending = { customer: Customer; application: RowndApplication; found: AuthLink }

/** How long the look-up before a spend may take. */
const lookUpMs = 2_000

/**
 * Spends a link for a program, which gets the tokens.
 *
 * @throws {Refusal} 'link_not_usable' @throws {RowndError} those of `writeAtSpend`; nothing is spent then
 */
export async function spendForTokens(tools: Tools, by: Spending): Promise<SignedIn> {
  const { store, secrets, clock } = tools
  const { customer, application, found } = by
  const { profile, family } = await store.write(function* () {
    const nowMs = clock()
    const written = yield* spend(store.db, secrets, by, nowMs)
    const familyId = yield* beginFamily(store.db, keyOf(written), nowMs)
    return { profile: written, family: yield* issueRefreshToken(store.db, secrets, familyId, nowMs) }
  })
  const subject = tokenSubject(profile, application)
  const tokens = await signTokens(tools, { customer, application, subject, family })
  return describeSignIn(tokens, profile, {
    method: methodOf(found.who.verify.field),
    redirectUrl: found.redirectUrl,
    linkData: found.linkData,
  })
}

/**
 * Spends a link for a browser that continues to another site. The application's settings decide how the site learns who came: by a
 * code, by tokens in the fragment, or not at all.
 *
 * @param target the link's destination, with the query carried over
 * @returns the address to go to
 * @throws as `spendForTokens`
 */
export async function spendForSite(tools: Tools, by: Spending, target: string): Promise<string> {
  const { store, secrets, clock } = tools
  const { customer, application, found } = by
  const method = methodOf(found.who.verify.field)
  const { redirectUrl, linkData } = found
  const work = function* () {
    const nowMs = clock()
    const profile = yield* spend(store.db, secrets, by, nowMs)
    if (application.sessionHandoff === 'none') return { profile }
    const familyId = yield* beginFamily(store.db, keyOf(profile), nowMs)
    if (application.sessionHandoff === 'rph_init')
      return { profile, family: yield* issueRefreshToken(store.db, secrets, familyId, nowMs) }
    const kept = { profile, familyId, method, redirectUrl, linkData }
    return { profile, code: yield* issueHandoffCode(store.db, secrets, kept, nowMs) }
  }
  const spent = await tools.turns(found.link.id, () => store.write(work))
  const { profile, code, family } = spent
  if (code !== undefined) return withCode(target, code)
  if (family === undefined) return target
  const subject = tokenSubject(profile, application)
  const tokens = await signTokens(tools, { customer, application, subject, family })
  return withTokens(target, tokens, profile)
}

/**
 * Whether spending a link may open a portal session: the operator allows it, the application made the link, and it proves an email
 * address. The spend checks whether that address is on record.
 */
export function mayOpenPortal(application: RowndApplication, { who }: AuthLink): boolean {
  return application.grantsPortalSignIn && who.madeBy === 'application' && who.verify.field === 'email'
}

/** The one VOMO user with the address that a link proves; `undefined` for none or several. @throws {Refusal} 'vomo_unavailable' */
export async function userOnRecord(
  tools: Tools,
  customerId: string,
  { who }: AuthLink,
): Promise<{ id: string } | undefined> {
  const found = await within(lookUpMs, findOnRecord(tools, customerId, who.verify.value))
  if (!found) throw new Refusal('vomo_unavailable')
  return found.found === 'one' ? found.user : undefined
}

/** `withheld`: there is a record, and a person here whose address or standing does not match. */
type PortalSpend = { kind: 'signed_in'; sessionSecret: string } | { kind: 'no_record' | 'withheld' | 'plain' }

/**
 * Spends a link for a browser that continues to the portal, and opens a session there: for the one person on record under the
 * proved address, never as staff.
 *
 * @param by.user the user on record, if there is one
 * @param by.mayOpen whether a session may follow at all
 * @throws as `spendForTokens`
 */
export async function spendForPortal(
  tools: Tools,
  by: Spending & {
    mayOpen: boolean
    user: { id: string } | undefined
    browser: EnteringBrowser
  },
): Promise<PortalSpend> {
  const { store, secrets, clock } = tools
  const work = function* (): Write<PortalSpend> {
    const nowMs = clock()
    yield* spend(store.db, secrets, by, nowMs)
    if (!by.mayOpen) return { kind: 'plain' }
    if (!by.user) return { kind: 'no_record' }
    const { id: linkId, customerId } = by.found.link
    const address = by.found.who.verify.value
    const met = yield* findOrCreatePerson(store.db, { customerId, vomoUserId: by.user.id, address }, nowMs)
    const person = yield* restoreShown(store.db, met, address, nowMs)
    if (person.standing !== 'active' || person.address !== address) return { kind: 'withheld' }
    const { customer, browser } = by
    const proof = { kind: 'link', id: linkId } as const
    const entry = {
      customer,
      person,
      formerAddress: undefined,
      isStaff: false,
      proof,
      way: 'rownd_link',
      browser,
    } as const
    return { kind: 'signed_in', sessionSecret: yield* enter(tools, entry, nowMs) }
  }
  return tools.turns(by.found.link.id, () => store.write(work))
}

/** One statement decides who spends it, and writes the link's order with it. */
function* spend(db: Queries, secrets: Secrets, by: Spending, nowMs: number): Write<Profile> {
  const { application, found } = by
  const { who, link } = found
  yield* spendLink(db, link.id, nowMs)
  const { profile } = yield* proveAndJoin(db, application, { ...who, issuedAtMs: link.sentAtMs }, nowMs)
  yield* forgetSpentData(db, secrets, found)
  yield* recordAudit(db, {
    customerId: link.customerId,
    atMs: nowMs,
    kind: 'link.spent',
    detail: { link: link.id, application: application.id, profile: profile.id },
  })
  return profile
}

/**
 * Writes what a spent link has proved, and joins the circle it names if that is still open.
 *
 * @throws {RowndError} those of `writeAtSpend`
 */
export function* proveAndJoin(
  db: Queries,
  application: RowndApplication,
  spent: Spent & Pick<LinkSubject, 'circleId'>,
  nowMs: number,
): Write<{ profile: Profile; isNew: boolean; hasJoined: boolean }> {
  const { circleId } = spent
  const written = yield* writeAtSpend(db, application, spent, nowMs)
  const joining = circleId !== null && { circleId, profileId: written.profile.id }
  const hasJoined = joining && (yield* joinAtSpend(db, application, joining, nowMs))
  return { ...written, hasJoined }
}

function keyOf(profile: Profile): { applicationId: string; profileId: string } {
  return { applicationId: profile.applicationId, profileId: profile.id }
}
