import type { ExpressionBuilder, Selectable } from 'kysely'
import { Refusal } from '../errors.ts'
import { newIdAt, type Secrets } from '../secrets.ts'
import { preparedInsert, preparedQuery } from '../store/prepared-query.ts'
import type { Schema } from '../store/schema.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { IpRule, LinkTable } from '../store/tables/links.ts'
import { codeHash, newCode } from './codes.ts'

/** How many mailed links of one person may be usable at once: emails arrive late and out of order. */
const maxUsableLinks = 3

/** Who had the link made: an application's id goes with `application`, a person's with `staff`. */
export type Issuer = { kind: Selectable<LinkTable>['issuer']; id: string | null }

/** The addresses and CIDR blocks it may be used from, and what happens to visitors from elsewhere. */
export type IpPolicy = { rule: IpRule; addresses: readonly string[] }

export const noIpPolicy: IpPolicy = { rule: 'off', addresses: [] }

export type Link = {
  id: string
  customerId: string
  purpose: 'auth' | 'shorten' | 'invite'
  issuer: Issuer
  /** The person it signs in; `null` for `shorten`, and when that becomes known only on spending. */
  personId: string | null
  /** The address it is for. Spending a mailed link proves that its holder reads mail there. */
  address: string | null
  /** A path of our own. */
  landing: string | null
  /** The sign-in request that its email answers. */
  requestId: string | null
  ip: IpPolicy
  /** Whether the session it opens may be a staff session. */
  opensStaff: boolean
  /** Whether staff hand the link itself over; of the others that they make, a code is read out. */
  isHandedOver: boolean
  /** For a mailed link: whether the browser that asked had signed in as its address before. */
  fromKnownBrowser: boolean
  issuedAtMs: number
  /** When it was made, or the mail server accepted its email. */
  sentAtMs: number
  expiresAtMs: number
  /** How many times it was opened. */
  openCount: number
  state: LinkState
  /** When it was spent, revoked or expired; in the future while it is usable. */
  endsAtMs: number
}

/**
 * `replaced`: the person asked for newer ones. `sibling_spent`: the person used another link or code. `not_me`: its owner turned it
 * off. `withdrawn`: its issuer took it back.
 */
export type LinkState = 'usable' | 'spent' | 'expired' | 'replaced' | 'sibling_spent' | 'not_me' | 'withdrawn'

type Order = {
  customerId: string
  purpose: Link['purpose']
  issuer: Issuer
  personId: string | null
  address: string | null
  landing: string | null
  ip: IpPolicy
  opensStaff: boolean
  isHandedOver?: boolean
  lifeMs: number
}

/** The columns a `Link` is read from. Hashes are left out: each costs a buffer, and most callers do not need them. */
export const linkColumns = [
  'id',
  'customer_id',
  'purpose',
  'issuer',
  'issuer_id',
  'person_id',
  'address',
  'landing',
  'request_id',
  'ip_rule',
  'ip_addresses',
  'opens_staff',
  'is_handed_over',
  'from_known_browser',
  'issued_at_ms',
  'accepted_at_ms',
  'expires_at_ms',
  'spent_at_ms',
  'revoked_at_ms',
  'revoked_because',
  'open_count',
] as const satisfies (keyof LinkTable)[]

type LinkRow = Pick<Selectable<LinkTable>, (typeof linkColumns)[number]>

export type Issued = { id: string; secret: string; expiresAtMs: number }

/**
 * Issues a link that a customer's system, staff or an operator hands over. Its secret is returned once and stored only as a keyed
 * hash.
 *
 * @param order.lifeMs from now until it expires
 */
export function* issueLink(db: Queries, secrets: Secrets, order: Order, nowMs: number): Write<Issued> {
  return yield* insertLink(db, secrets, { ...order, requestId: null, codeHash: null }, nowMs)
}

/** `personId` is `null` where several records share the address: such a link proves the address alone. */
export type MailedTo = { customerId: string; personId: string | null; address: string }

/** Selects the links that were mailed to a person, or to an address that records share. */
export function mailedTo({ customerId, personId, address }: MailedTo) {
  return (of: ExpressionBuilder<Schema, 'link'>) => {
    const isTheirs = of('person_id', '=', personId)
    const isShared = of.and([
      of('person_id', 'is', null),
      of('customer_id', '=', customerId),
      of('address', '=', address),
    ])
    return of.and([of('request_id', 'is not', null), personId === null ? isShared : isTheirs])
  }
}

/**
 * Issues the link of a sign-in email, with its code. The person's last three stay usable, plus the last three that known browsers
 * asked for, so that a stranger's requests cannot end those.
 */
export function* issueMailedLink(
  db: Queries,
  secrets: Secrets,
  order: MailedTo & {
    landing: string
    requestId: string
    fromKnownBrowser?: boolean
    lifeMs: number
  },
  nowMs: number,
): Write<Issued & { code: string }> {
  const code = newCode()
  const issued = yield* insertLink(
    db,
    secrets,
    {
      ...order,
      purpose: 'auth',
      issuer: { kind: 'portal', id: null },
      ip: noIpPolicy,
      opensStaff: true,
      codeHash: codeHash(secrets, order.requestId, code),
    },
    nowMs,
  )
  yield* replaceOlder(db, order, nowMs)
  return { ...issued, code }
}

function* insertLink(
  db: Queries,
  secrets: Secrets,
  order: Order & { requestId: string | null; fromKnownBrowser?: boolean; codeHash: Uint8Array | null },
  nowMs: number,
): Write<Issued> {
  const { secret, hash } = secrets.issue('link', nowMs)
  const issued = { id: newIdAt('lnk', nowMs), secret, expiresAtMs: nowMs + order.lifeMs }
  yield* rows(
    newLink(db, {
      id: issued.id,
      customer_id: order.customerId,
      purpose: order.purpose,
      issuer: order.issuer.kind,
      issuer_id: order.issuer.id,
      person_id: order.personId,
      address: order.address,
      landing: order.landing,
      secret_hash: hash,
      code_hash: order.codeHash,
      request_id: order.requestId,
      ip_rule: order.ip.rule,
      ip_addresses: JSON.stringify(order.ip.addresses),
      opens_staff: order.opensStaff ? 1 : 0,
      is_handed_over: order.isHandedOver ? 1 : 0,
      from_known_browser: order.fromKnownBrowser ? 1 : 0,
      issued_at_ms: nowMs,
      life_ms: order.lifeMs,
      expires_at_ms: issued.expiresAtMs,
      open_count: 0,
    }),
  )
  return issued
}

const newLink = preparedInsert('link')

/**
 * A mail server accepted the email with this link. Its life starts now, because the reader does not get the time in a queue.
 *
 * @returns the request it answers, which lives as long
 */
export function* countFromAcceptance(
  db: Queries,
  linkId: string,
  nowMs: number,
): Write<{ requestId: string | null; expiresAtMs: number } | undefined> {
  const [row] = yield* rows(
    db
      .updateTable('link')
      .set((of) => ({ accepted_at_ms: nowMs, expires_at_ms: of('life_ms', '+', nowMs) }))
      .where('id', '=', linkId)
      .where('accepted_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .returning(['request_id', 'expires_at_ms'])
      .compile(),
  )
  return row && { requestId: row.request_id, expiresAtMs: row.expires_at_ms }
}

/** The link with this secret, dead or alive; `undefined` for a secret we never issued to this customer. Changes nothing. */
export async function openLink(
  store: Store,
  secrets: Secrets,
  at: { customerId: string; secret: string },
  nowMs: number,
): Promise<Link | undefined> {
  for (const hash of secrets.issuedHashes('link', at.secret)) {
    const [row] = await store.read(bySecretHash(store.db, { hash, customerId: at.customerId }))
    if (row) return toLink(row, nowMs)
  }
  return undefined
}

const bySecretHash = preparedQuery((db, { hash, customerId }: { hash: Uint8Array; customerId: string }) =>
  db
    .selectFrom('link')
    .select(linkColumns)
    .where('secret_hash', '=', hash)
    .where('customer_id', '=', customerId)
    .compile(),
)

/**
 * Spends a link, once, by its id; the caller has checked its secret or its code.
 *
 * Of any number of tries on one link exactly one changes the row, and it ends the other links mailed to the person. The others wait
 * for that row's lock, and then find it spent. Links to an address that records share stay: another may be another person's.
 *
 * @throws {Refusal} 'link_not_usable'
 */
export function* spendLink(db: Queries, linkId: string, nowMs: number): Write<void> {
  const [row] = yield* rows(spend(db, { linkId, nowMs }))
  if (!row) throw new Refusal('link_not_usable')
  if (row.request_id !== null && row.person_id !== null)
    yield* rows(endSiblings(db, { personId: row.person_id, nowMs }))
}

const spend = preparedQuery((db, { linkId, nowMs }: { linkId: string; nowMs: number }) =>
  db
    .updateTable('link')
    .set({ spent_at_ms: nowMs })
    .where('id', '=', linkId)
    .where('spent_at_ms', 'is', null)
    .where('revoked_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .returning(['person_id', 'request_id'])
    .compile(),
)

const endSiblings = preparedQuery((db, { personId, nowMs }: { personId: string; nowMs: number }) =>
  db
    .updateTable('link')
    .set({ revoked_at_ms: nowMs, revoked_because: 'sibling_spent' })
    .where('person_id', '=', personId)
    .where('request_id', 'is not', null)
    .where('spent_at_ms', 'is', null)
    .where('revoked_at_ms', 'is', null)
    // An expired link keeps its own reason.
    .where('expires_at_ms', '>', nowMs)
    .compile(),
)

/**
 * Revokes a link. A spent one stays spent; the caller ends the sessions it opened.
 *
 * @param because `not_me`: the owner of the mailbox says so. `withdrawn`: its issuer does
 * @returns whether it was still usable
 */
export function* revokeLink(
  db: Queries,
  linkId: string,
  because: 'not_me' | 'withdrawn',
  nowMs: number,
): Write<boolean> {
  const revoked = yield* rows(
    db
      .updateTable('link')
      .set({ revoked_at_ms: nowMs, revoked_because: because })
      .where('id', '=', linkId)
      .where('spent_at_ms', 'is', null)
      .where('revoked_at_ms', 'is', null)
      .returning('id')
      .compile(),
  )
  return revoked.length > 0
}

export async function linkById(
  store: Store,
  at: { customerId: string; id: string },
  nowMs: number,
): Promise<Link | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('link')
      .select(linkColumns)
      .where('id', '=', at.id)
      .where('customer_id', '=', at.customerId)
      .compile(),
  )
  return row && toLink(row, nowMs)
}

/** The links mailed for these requests, newest first, with what a code is compared with. */
export async function linksOfRequests(
  store: Store,
  requestIds: readonly string[],
  nowMs: number,
): Promise<{ link: Link; codeHash: Uint8Array | null }[]> {
  const found = await store.read(
    store.db
      .selectFrom('link')
      .select(linkColumns)
      .select('code_hash')
      .where('request_id', 'in', requestIds)
      .orderBy('issued_at_ms', 'desc')
      .compile(),
  )
  return found.map((row) => ({ link: toLink(row, nowMs), codeHash: row.code_hash }))
}

/** A dead link tells its holder why for ninety days; after that it is unknown. */
export function* forgetOldLinks(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('link')
      .where('expires_at_ms', '<', nowMs - 90 * 86_400_000)
      .compile(),
  )
}

/** Selects the links of the person, and those that name only the address: a profile of an application, or several records. */
export type LinkOwner = { customerId: string; personId: string; address: string }

/** Every stored link made for a person, newest first. */
export async function linksOf(store: Store, whose: LinkOwner): Promise<Selectable<LinkTable>[]> {
  return store.read(
    store.db
      .selectFrom('link')
      .selectAll()
      .where('customer_id', '=', whose.customerId)
      .where(areOf(whose))
      .orderBy('issued_at_ms', 'desc')
      .orderBy('id')
      .compile(),
  )
}

export function areOf({ personId, address }: LinkOwner) {
  return (of: ExpressionBuilder<Schema, 'link'>) =>
    of.or([
      of('person_id', '=', personId),
      of.and([of('person_id', 'is', null), of('address', '=', address)]),
    ])
}

/**
 * Deletes every link made for a person, with its opens.
 *
 * @returns what other tables refer to: the links' ids, the requests they answered, and every address they were for
 */
export function* forgetLinksOf(
  db: Queries,
  whose: LinkOwner,
): Write<{ ids: string[]; requestIds: string[]; addresses: string[] }> {
  const gone = yield* rows(
    db
      .deleteFrom('link')
      .where('customer_id', '=', whose.customerId)
      .where(areOf(whose))
      .returning(['id', 'request_id', 'address'])
      .compile(),
  )
  return {
    ids: gone.map(({ id }) => id),
    requestIds: gone.map(({ request_id }) => request_id).filter((id) => id !== null),
    addresses: [...new Set(gone.map(({ address }) => address).filter((address) => address !== null))],
  }
}

function* replaceOlder(
  db: Queries,
  { fromKnownBrowser, ...to }: MailedTo & { fromKnownBrowser?: boolean },
  nowMs: number,
): Write<void> {
  const usable = db
    .selectFrom('link')
    .select('id')
    .where(mailedTo(to))
    .where('from_known_browser', '=', fromKnownBrowser ? 1 : 0)
    .where('spent_at_ms', 'is', null)
    .where('revoked_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
  const newest = usable.orderBy('issued_at_ms', 'desc').orderBy('id').limit(maxUsableLinks)
  yield* rows(
    db
      .updateTable('link')
      .set({ revoked_at_ms: nowMs, revoked_because: 'replaced' })
      .where('id', 'in', usable)
      .where('id', 'not in', newest)
      .compile(),
  )
}

export function toLink(row: LinkRow, nowMs: number): Link {
  return {
    id: row.id,
    customerId: row.customer_id,
    purpose: row.purpose,
    issuer: { kind: row.issuer, id: row.issuer_id },
    personId: row.person_id,
    address: row.address,
    landing: row.landing,
    requestId: row.request_id,
    ip: { rule: row.ip_rule, addresses: JSON.parse(row.ip_addresses) as string[] },
    opensStaff: row.opens_staff === 1,
    isHandedOver: row.is_handed_over === 1,
    fromKnownBrowser: row.from_known_browser === 1,
    issuedAtMs: row.issued_at_ms,
    sentAtMs: row.accepted_at_ms ?? row.issued_at_ms,
    expiresAtMs: row.expires_at_ms,
    openCount: row.open_count,
    state: stateOf(row, nowMs),
    endsAtMs: row.spent_at_ms ?? row.revoked_at_ms ?? row.expires_at_ms,
  }
}

function stateOf(row: LinkRow, nowMs: number): LinkState {
  if (row.spent_at_ms !== null) return 'spent'
  if (row.revoked_because !== null) return row.revoked_because
  return row.expires_at_ms > nowMs ? 'usable' : 'expired'
}
