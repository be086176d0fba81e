import { maskAddress } from '../../address.ts'
import type { Customer } from '../../customers/customers.ts'
import type { Link, LinkState } from '../../links/links.ts'
import { recentLinks } from '../../links/list.ts'
import type { OpenClass, OpenReason } from '../../links/open-class.ts'
import { opensOfLinks } from '../../links/opens.ts'
import { hubPath } from '../../page/header.tsx'
import { slugPattern } from '../../slug.ts'
import type { Store } from '../../store/store.ts'

/** As many as the first page of staff shows. */
const maxLatest = 5
/** A scanner may open one link many times; more opens would add no information. */
const shownOpens = 12

/** A link as staff see it, without its secret. */
export type RecentLink = {
  id: string
  /** `null` when any holder may use it. */
  forWhom: string | null
  /** Whether that is shown only in part. */
  isMasked: boolean
  /** The volunteer whose page has more. */
  personId: string | null
  madeBy: { kind: 'portal' | 'staff' | 'operator' } | { kind: 'application'; name: string | null }
  landing: Landing
  sentAtMs: number
  state: LinkState
  endsAtMs: number
  openCount: number
  /** The first ones. */
  opens: readonly { class: OpenClass; reason: OpenReason; afterMs: number }[]
}

/** `path` only when it is a page with its own name: a campaign. */
type Landing =
  | { kind: 'hub' | 'hours' | 'shifts' | 'profile' | 'staff' | 'volunteer' | 'elsewhere' }
  | { kind: 'path'; path: string }

/** A customer's latest links, newest first, in three reads regardless of their number. */
export async function latestLinks(
  store: Store,
  customer: Customer,
  nowMs: number,
): Promise<readonly RecentLink[]> {
  const links = await recentLinks(store, customer.id, maxLatest, nowMs)
  return shownLinks(store, { customer, links, isMasked: true })
}

export async function shownLinks(
  store: Store,
  of: { customer: Customer; links: readonly Link[]; isMasked: boolean },
): Promise<readonly RecentLink[]> {
  const { customer, links, isMasked } = of
  const [opens, names] = await Promise.all([
    opensOfLinks(
      store,
      links.map(({ id }) => id),
    ),
    applicationNames(store, customer.id),
  ])
  return links.map((link) => ({
    id: link.id,
    forWhom: link.address === null || !isMasked ? link.address : maskAddress(link.address),
    isMasked,
    personId: link.personId,
    madeBy: madeBy(link, names),
    landing: landingOf(link.landing, customer),
    sentAtMs: link.sentAtMs,
    state: link.state,
    endsAtMs: link.endsAtMs,
    openCount: link.openCount,
    opens: (opens.get(link.id) ?? []).slice(0, shownOpens).map((open) => ({
      class: open.class,
      reason: open.reason,
      afterMs: open.atMs - link.sentAtMs,
    })),
  }))
}

function madeBy({ issuer }: Link, names: ReadonlyMap<string, string>): RecentLink['madeBy'] {
  if (issuer.kind !== 'application') return { kind: issuer.kind }
  return { kind: 'application', name: names.get(issuer.id ?? '') ?? null }
}

/** By id. */
export async function applicationNames(
  store: Store,
  customerId: string,
): Promise<ReadonlyMap<string, string>> {
  const found = await store.read(
    store.db.selectFrom('application').select(['id', 'name']).where('customer_id', '=', customerId).compile(),
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}

/** Other paths stay hidden: a person may have asked to return to a page with a secret in its address. */
function landingOf(landing: string | null, customer: Customer): Landing {
  const path = landing === null ? '' : new URL(landing, customer.publicOrigin).pathname
  if (path === '/' || path === hubPath(customer.slug)) return { kind: 'hub' }
  if (path === '/user') return { kind: 'hours' }
  if (path === '/shifts') return { kind: 'shifts' }
  if (path === '/profile') return { kind: 'profile' }
  if (path === '/admin') return { kind: 'staff' }
  if (path.startsWith('/admin/volunteers/')) return { kind: 'volunteer' }
  const slug = path.replace(/^\/(campaign\/)?/, '')
  return slugPattern.test(slug) ? { kind: 'path', path } : { kind: 'elsewhere' }
}
