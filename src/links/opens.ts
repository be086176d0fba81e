import { newId } from '../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { OpenClass, Opening } from './open-class.ts'

/** One look at a link's page. */
export type Open = Opening & {
  atMs: number
  method: string
  /** An IPv4 address or an IPv6 /64. */
  network: string
  userAgent: string
}

/** Opens kept for each link; later ones are only counted, or a robot could fill the disk. */
const mostKept = 50
const longestUserAgent = 200

/** Notes that a link was opened. Decides nothing. */
export function* noteOpen(db: Queries, linkId: string, open: Open): Write<void> {
  const [counted] = yield* rows(
    db
      .updateTable('link')
      .set((of) => ({ open_count: of('open_count', '+', 1) }))
      .where('id', '=', linkId)
      .returning('open_count')
      .compile(),
  )
  if (!counted || counted.open_count > mostKept) return
  yield* rows(
    db
      .insertInto('link_open')
      .values({
        id: newId('opn'),
        link_id: linkId,
        at_ms: open.atMs,
        method: open.method,
        class: open.class,
        reason: open.reason,
        network: open.network,
        user_agent: open.userAgent.replace(/\p{C}/gu, '').slice(0, longestUserAgent),
      })
      .compile(),
  )
}

/** A link's opens, the first first: at most fifty. */
export async function opensOf(store: Store, linkId: string): Promise<Open[]> {
  const found = await store.read(
    store.db
      .selectFrom('link_open')
      .selectAll()
      .where('link_id', '=', linkId)
      .orderBy('at_ms')
      .orderBy('id')
      .compile(),
  )
  return found.map((row) => ({
    atMs: row.at_ms,
    method: row.method,
    class: row.class as OpenClass,
    reason: row.reason as Open['reason'],
    network: row.network,
    userAgent: row.user_agent,
  }))
}
