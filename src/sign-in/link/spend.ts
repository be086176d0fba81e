import { timingSafeEqual } from 'node:crypto'
import { type Person, personById, toPerson, welcomeBack } from '../../accounts/people.ts'
import { staffRole, staffRoleNow } from '../../accounts/staff.ts'
import { type Asked, during, recordAudit } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import type { StaffRole } from '../../customers/roles.ts'
import { Refusal } from '../../errors.ts'
import { codeHashes, readCode } from '../../links/codes.ts'
import { type Link, linksOfRequests, openLink, spendLink } from '../../links/links.ts'
import type { Tools } from '../../part.ts'
import type { Queries } from '../../store/store.ts'
import { openChoice } from '../choice/choices.ts'
import { type EnteringBrowser, enter } from '../enter.ts'
import { forgiveCodeTry, requestsOfBrowser, takeCodeTry } from '../mail/requests.ts'
import { forgetBrowsersOf, rememberBrowser } from '../session/known-browsers.ts'
import { type Way, ways } from '../session/ways.ts'
import { linkOfSpokenCode } from './spoken-codes.ts'

/** A link that signs a known person in. A mailed one without a person proves an address that several records share. */
export type SignInLink = Link & { address: string; landing: string }

/**
 * `mail`: the link of a sign-in email. `made`: handed over by an application or the operator. `not_me`: where a mailed link,
 * or a code that staff read out, is canceled.
 */
export type Door = 'mail' | 'made' | 'not_me'

/** A code is typed in place of its link; a spoken one was read out by staff. */
export type LinkWay = Extract<Way, 'mailed_link' | 'code' | 'made_link' | 'spoken_code'>

/** The link with this secret at this door, for the page that asks before it spends; at the other doors the secret is unknown. */
export async function lookAtLink(
  tools: Tools,
  at: { customer: Customer; secret: string; door: Door },
): Promise<SignInLink | undefined> {
  const { store, secrets, clock } = tools
  const link = await openLink(store, secrets, { customerId: at.customer.id, secret: at.secret }, clock())
  if (!link || !isForSignIn(link)) return undefined
  return doorsOf(link).includes(at.door) ? link : undefined
}

/** Of a code that staff read out, the link opens nothing: an email holds its secret, which cancels it. */
function doorsOf({ requestId, issuer, isHandedOver }: Link): readonly Door[] {
  if (requestId !== null) return ['mail', 'not_me']
  if (issuer.kind !== 'staff') return ['made']
  return isHandedOver ? ['made', 'not_me'] : ['not_me']
}

function isForSignIn(link: Link): link is SignInLink {
  const isOurs = link.personId !== null || link.requestId !== null
  return link.purpose === 'auth' && isOurs && link.address !== null && link.landing !== null
}

/** Whether this browser asked for the email with the link. */
export async function askedHere(
  tools: Tools,
  at: { customer: Customer; link: Link; browserKey: string | undefined },
): Promise<boolean> {
  const asked = at.browserKey
    ? await requestsOfBrowser(tools, { customerId: at.customer.id, browserKey: at.browserKey })
    : []
  return asked.some((request) => request.id === at.link.requestId)
}

type SignedIn = { sessionSecret: string; knownKey: string | undefined; landing: string }

/**
 * Signs in the person a link is for: spends the link and enters, in one transaction. A mailed link proves its address; any other
 * works only if nothing has changed since it was made.
 *
 * @returns for cookies: the session's secret and, if the link proved the mailbox, the key that marks its browser as known; or the
 * secret of the choice that now begins, where records share the address
 * @throws {Refusal} 'link_not_usable'
 */
export function signInByLink(
  tools: Tools,
  by: {
    asked: Asked
    customer: Customer
    link: SignInLink
    browser: EnteringBrowser
    /** As it came in the cookie. */
    formerKey: string | undefined
    way: LinkWay
  },
): Promise<SignedIn | { choiceSecret: string }> {
  const { store, secrets, clock } = tools
  const { customer, link, way, browser, formerKey } = by
  const work = during(by.asked, function* () {
    const { db } = store
    const nowMs = clock()
    yield* spendLink(db, link.id, nowMs)
    if (way === 'code') yield* forgiveCodeTry(db, link)
    if (link.personId === null)
      return { choiceSecret: yield* openChoice(db, secrets, { ...link, linkId: link.id, way }, nowMs) }
    const role = link.opensStaff ? yield* staffRoleNow(db, customer.id, link.address) : undefined
    const { person, formerAddress } = yield* welcome(db, { ...link, personId: link.personId }, role, nowMs)
    const proof = { kind: 'link', id: link.id } as const
    const isStaff = role !== undefined
    const entry = { customer, person, formerAddress, isStaff, proof, way, browser }
    const sessionSecret = yield* enter(tools, entry, nowMs)
    // What was handed over proves no mailbox, a disabled person gets no reserved place, and a shared computer keeps nothing.
    const isRemembered = ways[way].isOwnProof && person.standing === 'active' && !browser.isShared
    if (!isRemembered) return { sessionSecret, knownKey: undefined, landing: link.landing }
    if (formerAddress !== undefined) yield* forgetBrowsersOf(db, person.id)
    const knownKey = yield* rememberBrowser(db, secrets, { person, proof, formerKey }, nowMs)
    return { sessionSecret, knownKey, landing: link.landing }
  })
  return tools.turns(link.id, () => store.write(work))
}

/** @throws {Refusal} 'link_not_usable' */
function* welcome(
  db: Queries,
  link: SignInLink & { personId: string },
  role: StaffRole | undefined,
  nowMs: number,
) {
  if (link.requestId !== null) return yield* welcomeBack(db, link.personId, link.address, nowMs)
  const person = yield* personById(db, link.personId)
  if (!isStillFor(link, person, role)) throw new Refusal('link_not_usable')
  return { person, formerAddress: undefined }
}

/**
 * Whether a made link is still valid for what it was made for. Checked before the page offers it, and again in the transaction that
 * spends it.
 */
export async function stillHolds({ store }: Tools, link: SignInLink): Promise<boolean> {
  const role = link.opensStaff ? await staffRole(store, link.customerId, link.address) : undefined
  const [row] = await store.read(
    store.db.selectFrom('person').selectAll().where('id', '=', link.personId).compile(),
  )
  return row !== undefined && isStillFor(link, toPerson(row), role)
}

function isStillFor(link: SignInLink, person: Person, role: StaffRole | undefined): boolean {
  return (
    person.standing === 'active' &&
    person.address === link.address &&
    (role !== undefined || !link.opensStaff)
  )
}

/**
 * Finds the link a typed code belongs to: among the requests of this browser, or the one that staff read out to the owner of their
 * address. Counts and commits the try first.
 *
 * @throws {Refusal} 'code_not_usable', the same for known and unknown addresses; its field says why, and how many tries are left
 */
export async function linkOfCode(
  tools: Tools,
  typed: { customer: Customer; browserKey: string | undefined; code: string },
): Promise<SignInLink> {
  const { store, secrets, clock } = tools
  const customerId = typed.customer.id
  const code = readCode(typed.code)
  const { browserKey } = typed
  if (code === undefined) throw new Refusal('code_not_usable', { fields: { code: 'unreadable' } })
  if (browserKey === undefined) throw new Refusal('code_not_usable', { fields: { code: 'other_browser' } })

  const nowMs = clock()
  const { requestIds, addresses, triesLeft } = await store.write(() =>
    takeCodeTry(store.db, secrets, { customerId, browserKey }, nowMs),
  )
  if (requestIds.length === 0) {
    const asked = await requestsOfBrowser(tools, { customerId, browserKey })
    const isExpired = asked.every((request) => request.expiresAtMs <= nowMs)
    throw new Refusal(
      'code_not_usable',
      isExpired ? { fields: { code: 'expired' } } : { fields: { code: 'too_many_tries' }, triesLeft },
    )
  }
  const candidates = await linksOfRequests(store, requestIds, nowMs)
  const match = candidates.find(
    ({ link, codeHash }) =>
      codeHash !== null &&
      link.requestId !== null &&
      codeHashes(secrets, link.requestId, code).some((hash) => timingSafeEqual(hash, codeHash)),
  )
  const spoken = await linkOfSpokenCode(tools, { customerId, addresses, code }, nowMs)
  const link = match?.link ?? spoken
  if (!link || !isForSignIn(link) || (link === spoken && !(await stillHolds(tools, link)))) {
    // The same row for known and unknown addresses, so the same time.
    const failed = {
      customerId,
      atMs: nowMs,
      kind: 'sign_in.failed',
      detail: { requests: requestIds.length },
    } as const
    await store.write(() => recordAudit(store.db, failed))
    throw new Refusal('code_not_usable', { fields: { code: 'wrong_code' }, triesLeft })
  }
  return link
}
