import { maskAddress } from '../../../address.ts'
import type { Customer } from '../../../customers/customers.ts'
import type { Visited } from '../../../customers/visit.ts'
import { contentPolicy } from '../../../http/content-policy.ts'
import { seeListed } from '../../../http/redirect.ts'
import type { LinkState } from '../../../links/links.ts'
import type { CoreTools } from '../../../part.ts'
import { secretIn } from '../../../sign-in/link/link-visits.ts'
import { readFlow } from '../../../store/read-flow.ts'
import { applicationById, type RowndApplication } from '../application/applications.ts'
import { type Invite, inviteOfLink } from '../circles/invites.ts'
import type { Identifier } from '../profiles/identifiers.ts'
import { type AuthLink, findMagicLink, isAuthLink, type MagicLink } from './magic-links.ts'
import { carriedParameters, carryOver, isListed, listedOrigins, type RedirectRules } from './redirects.ts'

/** An opened link, its application, and its current destination. */
export type Opened<Found extends MagicLink = MagicLink> = {
  secret: string
  /** Its redirect may be followed today. */
  found: Found
  application: RowndApplication
  rules: RedirectRules
  /** The redirect, with the query carried over. */
  target: string
  /** The invite it is for. */
  invite: Invite | undefined
}

/** The link in the address; `undefined` for every secret that is not one of this customer's. */
export function openedAt(tools: CoreTools, c: Visited): Promise<Opened | undefined> {
  return openedBy(tools, {
    customer: c.get('customer'),
    secret: secretIn(c.req.param('id')),
    search: new URL(c.req.url).search,
  })
}

/** @param by.search the query string of the link's address */
export async function openedBy(
  tools: CoreTools,
  by: { customer: Customer; secret: string; search: string },
): Promise<Opened | undefined> {
  const { customer, secret, search } = by
  const { id: customerId } = customer
  const found = await findMagicLink(tools, { customerId, secret })
  const application =
    found && (await applicationById(tools.store, { customerId, applicationId: found.applicationId }))
  if (!found || !application) return undefined
  const invite = isInvite(found)
    ? await readFlow(tools.store, () => inviteOfLink(tools.store.db, found.link.id))
    : undefined
  const rules = rulesOf(customer, application)
  const redirectUrl = stillListed(invite?.redirectUrl ?? found.redirectUrl, rules)
  const target = carryOver(redirectUrl, search)
  const link = { ...found.link, state: stateWith(found, invite) }
  return { secret, found: { ...found, redirectUrl, link }, application, rules, target, invite }
}

export function rulesOf(
  { publicOrigin }: Pick<Customer, 'publicOrigin'>,
  application: RowndApplication,
): RedirectRules {
  return { ...application, ownOrigin: publicOrigin }
}

export function isInvite({ link }: Pick<MagicLink, 'link'>): boolean {
  return link.purpose === 'invite'
}

/** An invite may end before its link is used: it was withdrawn, or its user joined in another way. */
function stateWith(found: MagicLink, invite: Invite | undefined): LinkState {
  const { state } = found.link
  if (state !== 'usable' || !isInvite(found)) return state
  if (!invite) return 'withdrawn'
  return invite.member.state === 'invite_pending' ? 'usable' : 'spent'
}

/** The destination of a link whose origin the operator has removed from the list: the application's default, else the portal. */
function stillListed(url: string, rules: RedirectRules): string {
  const { defaultRedirectUrl: base, ownOrigin } = rules
  if (isListed(url, rules)) return url
  const byDefault = base !== null && URL.canParse(base) ? new URL(base).href : undefined
  return byDefault !== undefined && isListed(byDefault, rules) ? byDefault : `${ownOrigin}/`
}

export function isAuth(opened: Opened): opened is Opened<AuthLink> {
  return isAuthLink(opened.found)
}

/** Whether it leads into the portal. */
export function isOwn(c: Visited, { target }: Opened): boolean {
  return new URL(target).origin === c.get('customer').publicOrigin
}

/** Redirects, after another check of the address. @param url the link's target, perhaps with a code or tokens */
export function leave(c: Visited, { rules }: Opened, url: string): Response {
  return seeListed(c, url, listedOrigins(rules), c.req.method === 'POST' ? 303 : 302)
}

/** What any holder of the link may know. Rownd's documents use two names for the data. */
export function describe(c: Visited, { secret, found }: Opened) {
  return {
    redirect_url: found.redirectUrl,
    link_data: found.linkData,
    link_meta: found.linkData,
    magic_link: `${c.get('customer').publicOrigin}/l/${secret}`,
    app_id: found.applicationId,
  }
}

/** Where its button posts. Never under `/hub`: paths exempt from the cross-site rule must set no cookie. */
export function actionOf(c: Visited, { secret }: Opened): string {
  const carried = carriedParameters(new URL(c.req.url).search).toString()
  return `/l/${secret}${carried && `?${carried}`}`
}

/** `m…a@example.org`, `+1…23` */
export function maskIdentifier({ field, value }: Identifier): string {
  return field === 'email' ? maskAddress(value) : `${value.slice(0, 2)}…${value.slice(-2)}`
}

/** On every answer about a link: its address holds a secret, and search engines must not index it. */
export const quietHeaders = { 'x-robots-tag': 'noindex', 'referrer-policy': 'no-referrer' }

/** Every page has a form, for the language in its footer, and the browser must send a form's origin. */
export const formHeaders = { 'referrer-policy': 'strict-origin' }

/** Also allows the destinations of the form's answer. */
export function leavingFormHeaders({ target }: Opened): Record<string, string> {
  const { origin, protocol } = new URL(target)
  const formsLeadTo = protocol === 'http:' ? ['https:', origin] : ['https:']
  return { ...formHeaders, 'content-security-policy': contentPolicy({ formsLeadTo }) }
}
