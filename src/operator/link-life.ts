import { personOf } from '../accounts/people.ts'
import { staffRole } from '../accounts/staff.ts'
import { maskAddress } from '../address.ts'
import { applicationsOf } from '../customers/applications.ts'
import type { Customer } from '../customers/customers.ts'
import { type Follows, followsOf } from '../link-api/rownd/links/follows.ts'
import type { Link, LinkState } from '../links/links.ts'
import type { OpenClass, OpenReason } from '../links/open-class.ts'
import { type Open, opensOf } from '../links/opens.ts'
import type { Store } from '../store/store.ts'

/** A link and everything that happened to it. We do not know its secret, so it is not in here. */
type Life = {
  customer: Customer
  link: Link
  opens: readonly Open[]
  /** For a plain link: how often it was followed. */
  follows: Follows | undefined
  /** The application that made it. */
  applicationName: string | undefined
  /** Why it would not sign its person in although it is usable. */
  withheld: string | undefined
}

export async function lifeOf(store: Store, of: { customer: Customer; link: Link }): Promise<Life> {
  const { customer, link } = of
  const applications = link.issuer.kind === 'application' ? await applicationsOf(store, customer.id) : []
  return {
    customer,
    link,
    opens: await opensOf(store, link.id),
    follows: link.purpose === 'shorten' ? await followsOf(store, link.id) : undefined,
    applicationName: applications.find(({ id }) => id === link.issuer.id)?.name,
    withheld: await whyWithheld(store, link),
  }
}

/** Why a made link could not be spent; a mailed one proves the address, which removes such reasons. */
async function whyWithheld(store: Store, link: Link): Promise<string | undefined> {
  const { customerId, personId, address } = link
  if (link.state !== 'usable' || link.requestId !== null || personId === null) return undefined
  const person = await personOf(store, { customerId, id: personId })
  if (person && person.standing !== 'active') return `the person’s standing is ${person.standing}`
  if (person?.address !== address) return 'the person has another address now'
  const isStaff = (await staffRole(store, customerId, person.address)) !== undefined
  return link.opensStaff && !isStaff ? 'the person is no longer staff' : undefined
}

export function lifeAsJson({ customer, link, opens, follows, applicationName, withheld }: Life): object {
  return {
    id: link.id,
    customer: customer.slug,
    purpose: link.purpose,
    issuer: { kind: link.issuer.kind, id: link.issuer.id, name: applicationName ?? null },
    person: link.personId,
    email: link.address === null ? null : maskAddress(link.address),
    landing: link.landing,
    opens_staff: link.opensStaff,
    ip_rule: link.ip.rule,
    ip_addresses: link.ip.addresses,
    sent_at: isoTime(link.sentAtMs),
    expires_at: isoTime(link.expiresAtMs),
    state: link.state,
    ended_at: link.state === 'usable' ? null : isoTime(link.endsAtMs),
    withheld: withheld ?? null,
    open_count: link.openCount,
    ...(follows && {
      follows: {
        people: follows.people,
        visitors: follows.visitors,
        robots: follows.robots,
        last_at: follows.lastAtMs === null ? null : isoTime(follows.lastAtMs),
      },
    }),
    opens: opens.map((open) => ({
      at: isoTime(open.atMs),
      class: open.class,
      reason: open.reason,
      method: open.method,
      network: open.network,
      user_agent: open.userAgent,
    })),
  }
}

/** A link's life in words. */
export function describeLife({ customer, link, opens, follows, applicationName, withheld }: Life): string {
  const { ip } = link
  const maker =
    applicationName === undefined ? makers[link.issuer.kind] : `the application ${applicationName}`
  const stays = link.state === 'usable' && withheld !== undefined ? `, but signs no one in: ${withheld}` : ''
  return [
    `${link.id} of ${customer.slug}, from ${maker}, ${isoTime(link.sentAtMs)}`,
    `  for         ${link.address === null ? 'anyone who uses it' : maskAddress(link.address)}${link.personId === null ? '' : ` (${link.personId})`}`,
    `  leads to    ${link.landing ?? 'another site'}${link.opensStaff ? ', as staff where they are staff' : ''}`,
    `  works from  ${ip.rule === 'off' ? 'anywhere' : `${ip.addresses.join(', ')} (${ip.rule})`}`,
    `  state       ${states[link.state]} ${isoTime(link.endsAtMs)}${stays}`,
    `  opened      ${['never', 'once'][link.openCount] ?? `${link.openCount} times`}`,
    ...(follows ? [describeFollows(follows)] : []),
    ...opens.map((open) => describeOpen(open, link)),
  ].join('\n')
}

function describeOpen(open: Open, link: Link): string {
  const afterS = Math.round((open.atMs - link.sentAtMs) / 1000)
  const who = `${classes[open.class]} (${reasons[open.reason]})`
  return `    ${isoTime(open.atMs)}, after ${afterS} s: ${who}; ${open.method} from ${open.network}, ${open.userAgent || 'no user agent'}`
}

function describeFollows({ people, visitors, robots }: Follows): string {
  return `    by people ${people} times, from ${visitors} networks (added up by day); by robots ${robots} times`
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

const makers = {
  portal: 'a sign-in email',
  application: 'an application',
  staff: 'a member of staff',
  operator: 'the operator',
} as const satisfies Record<Link['issuer']['kind'], string>

const states = {
  usable: 'works until',
  spent: 'was used',
  expired: 'expired',
  replaced: 'was replaced by a newer one',
  sibling_spent: 'ended when another of theirs was used',
  not_me: 'was canceled by the owner of the mailbox',
  withdrawn: 'was canceled',
} as const satisfies Record<LinkState, string>

const classes = {
  person: 'a person',
  other_device: 'another device or browser',
  wrong_address: 'someone at another address',
  prefetch: 'a browser loading ahead',
  preview_bot: 'a program that makes previews',
  mail_scanner: 'a mail scanner',
} as const satisfies Record<OpenClass, string>

const reasons = {
  nothing_unusual: 'nothing unusual',
  cookie_missing: 'not the browser that asked for it',
  address_differs: 'not from where it works',
  announced_prefetch: 'it says so',
  names_itself_preview: 'it says so',
  names_itself_scanner: 'it says so',
  no_browser: 'no browser calls itself that',
  asked_for_headers_only: 'it asked for headers only',
  no_navigation: 'no one navigated there',
  within_seconds: 'sooner than anyone reads an email',
} as const satisfies Record<OpenReason, string>
