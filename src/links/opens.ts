import type { Selectable } from 'kysely'
import { newIdAt } from '../secrets.ts'
import { preparedInsert, preparedQuery } from '../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { LinkOpenTable } from '../store/tables/links.ts'
import type { OpenClass, Opening } from './open-class.ts'

/** One open of a link's page. */
export type Open = Opening & {
  atMs: number
  method: string
  /** An IPv4 address or an IPv6 /64. */
  network: string
  userAgent: string
}

/** Opens kept per link. Later ones are only counted, so that a robot cannot fill the disk. */
const maxKept = 50
const maxUserAgentLength = 200

/** Records that a link was opened, once for each of these. Decides nothing. */
export function* noteOpens(db: Queries, linkId: string, opens: readonly Open[]): Write<void> {
  const [counted] = yield* rows(countOpens(db, { linkId, opens: opens.length }))
  if (!counted) return
  const kept = Math.max(0, maxKept - (counted.open_count - opens.length))
  for (const open of opens.slice(0, kept))
    yield* rows(
      newOpen(db, {
        id: newIdAt('opn', open.atMs),
        link_id: linkId,
        at_ms: open.atMs,
        method: open.method,
        class: open.class,
        reason: open.reason,
        network: open.network,
        user_agent: open.userAgent.replace(/\p{C}/gu, '').slice(0, maxUserAgentLength),
      }),
    )
}

const countOpens = preparedQuery((db, { linkId, opens }: { linkId: string; opens: number }) =>
  db
    .updateTable('link')
    .set((of) => ({ open_count: of('open_count', '+', opens) }))
    .where('id', '=', linkId)
    .returning('open_count')
    .compile(),
)

const newOpen = preparedInsert('link_open')

/** A link's first fifty opens, oldest first. */
export async function opensOf(store: Store, linkId: string): Promise<readonly Open[]> {
  const opens = await opensOfLinks(store, [linkId])
  return opens.get(linkId) ?? []
}

/** The opens of each of these links in one read; links that were never opened are absent. */
export async function opensOfLinks(
  store: Store,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Open[]>> {
  const opens = new Map<string, Open[]>()
  if (linkIds.length === 0) return opens
  const found = await store.read(
    store.db
      .selectFrom('link_open')
      .selectAll()
      .where('link_id', 'in', linkIds)
      .orderBy('at_ms')
      .orderBy('id')
      .compile(),
  )
  for (const row of found) {
    const ofLink = opens.get(row.link_id) ?? []
    opens.set(row.link_id, ofLink)
    ofLink.push(toOpen(row))
  }
  return opens
}

function toOpen(row: Selectable<LinkOpenTable>): Open {
  return {
    atMs: row.at_ms,
    method: row.method,
    class: row.class as OpenClass,
    reason: row.reason as Open['reason'],
    network: row.network,
    userAgent: row.user_agent,
  }
}
