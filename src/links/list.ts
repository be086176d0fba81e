import { type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { Queries, Store } from '../store/store.ts'
import { quarterMs } from '../time/zones.ts'
import { areOf, type Issuer, type Link, type LinkOwner, linkColumns, toLink } from './links.ts'

/** A customer's latest links, newest first. */
export async function recentLinks(
  store: Store,
  customerId: string,
  maxRows: number,
  nowMs: number,
): Promise<Link[]> {
  const found = await store.read(newestLinks(store.db, customerId, maxRows).compile())
  return found.map((row) => toLink(row, nowMs))
}

/** A person's latest links that sign in, newest first; those of an address alone are among them. */
export async function latestLinksOf(
  store: Store,
  whose: LinkOwner,
  maxRows: number,
  nowMs: number,
): Promise<Link[]> {
  const found = await store.read(
    newestLinks(store.db, whose.customerId, maxRows)
      .where('purpose', '=', 'auth')
      .where(areOf(whose))
      .compile(),
  )
  return found.map((row) => toLink(row, nowMs))
}

/** What a list of links may be narrowed to; several states of a link are one of these. */
export const linkStates = ['open', 'used', 'expired', 'canceled'] as const

export type LinkFilter = {
  state?: (typeof linkStates)[number] | undefined
  /** All of a kind's, or one application's. */
  issuer?: Issuer | undefined
  /** Only links from before this one. */
  before?: { id: string; issuedAtMs: number } | undefined
}

/** A page of a customer's links, newest first. */
export async function linksLike(
  store: Store,
  customerId: string,
  { state, issuer, before }: LinkFilter,
  { maxRows, nowMs }: { maxRows: number; nowMs: number },
): Promise<Link[]> {
  let query = newestLinks(store.db, customerId, maxRows)
  if (before) {
    const { id, issuedAtMs } = before
    // The first condition is what the index is searched by.
    query = query
      .where('issued_at_ms', '<=', issuedAtMs)
      .where((is) => is.or([is('issued_at_ms', '<', issuedAtMs), is('id', '<', id)]))
  }
  if (issuer) {
    query = query.where('issuer', '=', issuer.kind)
    if (issuer.id !== null) query = query.where('issuer_id', '=', issuer.id)
    // As the index says it, which holds only these: most links are those of sign-in emails.
    if (issuer.kind !== 'portal') query = query.where(sql<boolean>`issuer <> 'portal'`)
  }
  if (state) query = withState(query, state, nowMs)
  const found = await store.read(query.compile())
  return found.map((row) => toLink(row, nowMs))
}

function withState<Row>(
  query: SelectQueryBuilder<Schema, 'link', Row>,
  state: (typeof linkStates)[number],
  nowMs: number,
): SelectQueryBuilder<Schema, 'link', Row> {
  if (state === 'used') return query.where('spent_at_ms', 'is not', null)
  const unspent = query.where('spent_at_ms', 'is', null)
  if (state === 'canceled') return unspent.where('revoked_at_ms', 'is not', null)
  return unspent
    .where('revoked_at_ms', 'is', null)
    .where('expires_at_ms', state === 'open' ? '>' : '<=', nowMs)
}

function newestLinks(db: Queries, customerId: string, maxRows: number) {
  return db
    .selectFrom('link')
    .select(linkColumns)
    .where('customer_id', '=', customerId)
    .orderBy('issued_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(maxRows)
}

/**
 * How many of a customer's links were made, and used, in each quarter of an hour since then: every time zone begins its day with one.
 *
 * @param span.maxLifeMs older links that were used since are not looked for
 */
export async function linkCounts(
  store: Store,
  customerId: string,
  { sinceMs, maxLifeMs }: { sinceMs: number; maxLifeMs: number },
): Promise<{ atMs: number; made: number; used: number }[]> {
  const counted = (column: 'issued_at_ms' | 'spent_at_ms') => {
    const quarter = sql<number>`${sql.ref(column)} / ${sql.lit(quarterMs)}`
    return store.read(
      store.db
        .selectFrom('link')
        .select(quarter.as('quarter'))
        .select((of) => of.fn.countAll<number>().as('links'))
        .where('customer_id', '=', customerId)
        .where('issued_at_ms', '>=', column === 'issued_at_ms' ? sinceMs : sinceMs - maxLifeMs)
        .where(column, '>=', sinceMs)
        .groupBy(quarter)
        .compile(),
    )
  }
  const [made, used] = await Promise.all([counted('issued_at_ms'), counted('spent_at_ms')])
  const at = (quarter: number) => quarter * quarterMs
  return [
    ...made.map(({ quarter, links }) => ({ atMs: at(quarter), made: links, used: 0 })),
    ...used.map(({ quarter, links }) => ({ atMs: at(quarter), made: 0, used: links })),
  ]
}
