import type { Selectable } from 'kysely'
import { Refusal } from '../errors.ts'
import { newId, randomToken, type Secrets } from '../secrets.ts'
import type { LinkTable } from '../store/schema.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { codeHash, newCode } from './codes.ts'

/** Letters and digits in a link's secret: 190 bits, and the whole address fits in one line of a mail. */
const secretLength = 32

/** How many mailed links of one person may be usable at once: mails arrive late and out of order. */
const mostUsableLinks = 3

export type Link = {
  id: string
  customerId: string
  personId: string
  /** Where the link was mailed; spending proves that somebody reads mail there. */
  address: string
  landing: string
  requestId: string | null
  expiresAtMs: number
  state: LinkState
  /** When it was spent, revoked, or ran out; in the future while it is usable. */
  endsAtMs: number
}

/** `replaced`: newer ones were asked for. `sibling_spent`: another link, or code, of the same person was used. */
export type LinkState = 'usable' | 'spent' | 'expired' | 'replaced' | 'sibling_spent' | 'not_me'

/**
 * Issues a link with its code. The secret and the code are returned once and stored only as keyed hashes.
 *
 * @param order.lifeMs from now until it expires
 */
export function* issueLink(
  db: Queries,
  secrets: Secrets,
  order: {
    customerId: string
    personId: string
    address: string
    landing: string
    requestId: string
    lifeMs: number
  },
  nowMs: number,
): Write<{ id: string; secret: string; code: string; expiresAtMs: number }> {
  const issued = {
    id: newId('lnk'),
    secret: randomToken(secretLength),
    code: newCode(),
    expiresAtMs: nowMs + order.lifeMs,
  }
  yield* rows(
    db
      .insertInto('link')
      .values({
        id: issued.id,
        customer_id: order.customerId,
        purpose: 'auth',
        issuer: 'portal',
        person_id: order.personId,
        address: order.address,
        landing: order.landing,
        secret_hash: secrets.hash('link', issued.secret),
        code_hash: codeHash(secrets, order.requestId, issued.code),
        request_id: order.requestId,
        issued_at_ms: nowMs,
        expires_at_ms: issued.expiresAtMs,
      })
      .compile(),
  )
  yield* replaceOlder(db, order.personId, nowMs)
  return issued
}

/** What a secret opens, dead or alive; `undefined` for a secret we never issued to this customer. Changes nothing. */
export async function openLink(
  store: Store,
  secrets: Secrets,
  at: { customerId: string; secret: string },
  nowMs: number,
): Promise<Link | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('link')
      .selectAll()
      .where('secret_hash', 'in', secrets.hashes('link', at.secret))
      .where('customer_id', '=', at.customerId)
      .compile(),
  )
  return row && toLink(row, nowMs)
}

/**
 * Spends a link, once, by its id: whoever names it has shown its secret or its code.
 *
 * Of any number of tries on one link exactly one changes the row; the other links mailed to the person end with it.
 *
 * @throws {Refusal} 'link_not_usable'
 */
export function* spendLink(db: Queries, linkId: string, nowMs: number): Write<Link> {
  const [row] = yield* rows(
    db
      .updateTable('link')
      .set({ spent_at_ms: nowMs })
      .where('id', '=', linkId)
      .where('spent_at_ms', 'is', null)
      .where('revoked_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .returningAll()
      .compile(),
  )
  if (!row) throw new Refusal('link_not_usable')
  yield* rows(
    db
      .updateTable('link')
      .set({ revoked_at_ms: nowMs, revoked_because: 'sibling_spent' })
      .where('person_id', '=', row.person_id)
      .where('request_id', 'is not', null)
      .where('spent_at_ms', 'is', null)
      .where('revoked_at_ms', 'is', null)
      .compile(),
  )
  return toLink(row, nowMs)
}

/** The owner of the mailbox says it was not them. A link already spent stays so; its sessions are the caller's to end. */
export function* revokeLink(db: Queries, linkId: string, nowMs: number): Write<void> {
  yield* rows(
    db
      .updateTable('link')
      .set({ revoked_at_ms: nowMs, revoked_because: 'not_me' })
      .where('id', '=', linkId)
      .where('spent_at_ms', 'is', null)
      .compile(),
  )
}

/** The links mailed for these requests, newest first, with what is needed to compare a code. */
export async function linksOfRequests(
  store: Store,
  requestIds: readonly string[],
  nowMs: number,
): Promise<{ link: Link; codeHash: Uint8Array | null }[]> {
  const found = await store.read(
    store.db
      .selectFrom('link')
      .selectAll()
      .where('request_id', 'in', requestIds)
      .orderBy('issued_at_ms', 'desc')
      .compile(),
  )
  return found.map((row) => ({ link: toLink(row, nowMs), codeHash: row.code_hash }))
}

/** Dead links tell their holder why for ninety days; then they are strangers' links. */
export function* forgetOldLinks(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('link')
      .where('expires_at_ms', '<', nowMs - 90 * 86_400_000)
      .compile(),
  )
}

function* replaceOlder(db: Queries, personId: string, nowMs: number): Write<void> {
  const usable = db
    .selectFrom('link')
    .select('id')
    .where('person_id', '=', personId)
    .where('request_id', 'is not', null)
    .where('spent_at_ms', 'is', null)
    .where('revoked_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
  const newest = usable.orderBy('issued_at_ms', 'desc').orderBy('id').limit(mostUsableLinks)
  yield* rows(
    db
      .updateTable('link')
      .set({ revoked_at_ms: nowMs, revoked_because: 'replaced' })
      .where('id', 'in', usable)
      .where('id', 'not in', newest)
      .compile(),
  )
}

function toLink(row: Selectable<LinkTable>, nowMs: number): Link {
  return {
    id: row.id,
    customerId: row.customer_id,
    personId: row.person_id,
    address: row.address,
    landing: row.landing,
    requestId: row.request_id,
    expiresAtMs: row.expires_at_ms,
    state: stateOf(row, nowMs),
    endsAtMs: row.spent_at_ms ?? row.revoked_at_ms ?? row.expires_at_ms,
  }
}

function stateOf(row: Selectable<LinkTable>, nowMs: number): LinkState {
  if (row.spent_at_ms !== null) return 'spent'
  if (row.revoked_because !== null) return row.revoked_because
  return row.expires_at_ms > nowMs ? 'usable' : 'expired'
}
