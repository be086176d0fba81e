import type { AuditKind } from '../../audit.ts'
import { timeOfId } from '../../secrets.ts'
import type { Queries, Store } from '../../store/store.ts'

/** Which events; what is left out matches all. */
export type LogFilter = {
  customerId: string
  kinds?: readonly AuditKind[] | undefined
  /** Whom they are about: all ids of a person. */
  personIds?: readonly string[] | undefined
  /** Who did them to others. */
  byPersonIds?: readonly string[] | undefined
  fromMs?: number | undefined
  /** The first moment that is not in it. */
  endMs?: number | undefined
}

export type LoggedEvent = {
  id: string
  atMs: number
  kind: string
  person: { id: string; address: string | null } | null
  by: { id: string; address: string | null } | null
  detail: Record<string, unknown>
  requestId: string | null
}

/**
 * The newest such events.
 *
 * @param at.before the id of an event: only those before it. Ids begin with their time, so they are in the order of times.
 */
export async function latestEvents(
  store: Store,
  filter: LogFilter,
  at: { before?: string | undefined; limit: number },
): Promise<LoggedEvent[]> {
  const { kinds, personIds, byPersonIds, ...rest } = filter
  // A person has few events. Among all of a customer, each kind is looked up by itself, so that rare ones are found at once.
  const isNarrow = personIds !== undefined || byPersonIds !== undefined
  const parts = isNarrow || kinds === undefined ? [filter] : kinds.map((kind) => ({ ...rest, kinds: [kind] }))
  const [first, ...others] = parts.map((part) => newest(store.db, part, at))
  if (!first) return []
  const latest = others.reduce((all, part) => all.unionAll(part), first)
  const found = await store.read(
    store.db
      .selectFrom(latest.as('latest'))
      .innerJoin('audit_event', 'audit_event.id', 'latest.id')
      .leftJoin('person as about', 'about.id', 'audit_event.person_id')
      .leftJoin('person as actor', 'actor.id', 'audit_event.by_person_id')
      .selectAll('audit_event')
      .select(['about.address as about_address', 'actor.address as actor_address'])
      .orderBy('audit_event.at_ms', 'desc')
      .orderBy('audit_event.id', 'desc')
      .limit(at.limit)
      .compile(),
  )
  return found.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    kind: row.kind,
    person: row.person_id === null ? null : { id: row.person_id, address: row.about_address },
    by: row.by_person_id === null ? null : { id: row.by_person_id, address: row.actor_address },
    detail: JSON.parse(row.detail) as Record<string, unknown>,
    requestId: row.request_id,
  }))
}

function newest(
  db: Queries,
  filter: LogFilter,
  { before, limit }: { before?: string | undefined; limit: number },
) {
  const { customerId, kinds, personIds, byPersonIds, fromMs, endMs } = filter
  let query = db.selectFrom('audit_event').select('id').where('customer_id', '=', customerId)
  if (kinds) query = query.where('kind', 'in', kinds)
  if (personIds) query = query.where('person_id', 'in', personIds)
  if (byPersonIds) query = query.where('by_person_id', 'in', byPersonIds)
  if (fromMs !== undefined) query = query.where('at_ms', '>=', fromMs)
  if (endMs !== undefined) query = query.where('at_ms', '<', endMs)
  if (before !== undefined) query = query.where('at_ms', '<=', timeOfId(before)).where('id', '<', before)
  return db
    .selectFrom(query.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(limit).as('part'))
    .select('part.id')
}

/** The staff of a customer who have signed in: only they did anything. One row for each address, with all its ids. */
export async function staffWhoActed(
  store: Store,
  customerId: string,
): Promise<{ address: string; ids: string[] }[]> {
  const found = await store.read(
    store.db
      .selectFrom('staff')
      .innerJoin('person', (on) =>
        on
          .onRef('person.customer_id', '=', 'staff.customer_id')
          .onRef('person.address', '=', 'staff.address'),
      )
      .select(['person.id', 'person.address'])
      .where('staff.customer_id', '=', customerId)
      .orderBy('person.address')
      .orderBy('person.id')
      .compile(),
  )
  const idsOf = new Map<string, string[]>()
  for (const { id, address } of found) idsOf.set(address, [...(idsOf.get(address) ?? []), id])
  return [...idsOf].map(([address, ids]) => ({ address, ids }))
}
