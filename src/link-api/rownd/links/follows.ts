import { sql } from 'kysely'
import type { Log } from '../../../log/log.ts'
import type { CoreTools } from '../../../part.ts'
import type { Secrets } from '../../../secrets.ts'
import { preparedQuery } from '../../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../../store/store.ts'

const dayMs = 86_400_000

/** How long a follow waits to be written together with others: a redirect must not wait for a disk. */
const flushAfterMs = 500
/** The maximum of links and days that wait; beyond it they are written at once. */
const maxWaiting = 2_000

type Waiting = {
  linkId: string
  day: number
  people: number
  robots: number
  lastAtMs: number
  networks: Set<string>
}

/** How often visitors followed a plain link. */
export type Follows = {
  people: number
  /** The sum of each day's distinct networks. */
  visitors: number
  robots: number
  /** Milliseconds since the epoch; `null` before the first follow. */
  lastAtMs: number | null
}

/**
 * Counts who follows plain links, people and robots separately, in memory first and on disk within half a second. A crash loses
 * that half second; in return, no visitor waits.
 *
 * Stores no address: a hash of the day, the link and the network shows whether that network came before on that day, and is deleted
 * when the day is over.
 */
export function countFollows(tools: CoreTools & { log: Log }) {
  const { store, secrets, clock, log } = tools
  let waiting = new Map<string, Waiting>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  /** @param network an IPv4 address or an IPv6 /64 */
  function note(linkId: string, who: 'person' | 'robot', network: string): void {
    const lastAtMs = clock()
    const day = Math.floor(lastAtMs / dayMs)
    const key = `${linkId} ${day}`
    let known = waiting.get(key)
    if (!known) {
      known = { linkId, day, people: 0, robots: 0, lastAtMs, networks: new Set() }
      waiting.set(key, known)
    }
    known.lastAtMs = lastAtMs
    if (who === 'robot') known.robots += 1
    else {
      known.people += 1
      known.networks.add(network)
    }
    if (waiting.size >= maxWaiting) void flush()
    else timer ??= setTimeout(() => void flush(), flushAfterMs).unref()
  }

  /** Settles when everything noted so far is on disk. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // In one order in every process, so that two that count the same links do not hold each other up.
    const batch = [...waiting.values()].toSorted((a, b) => (a.linkId < b.linkId ? -1 : 1))
    waiting = new Map()
    if (batch.length > 0) writing = writing.then(() => writeAll(batch))
    return writing
  }

  async function writeAll(batch: readonly Waiting[]): Promise<void> {
    try {
      await store.write(function* () {
        for (const each of batch) yield* addFollows(store.db, secrets, each)
      })
    } catch (error) {
      log.error({ error }, 'follows of links could not be counted')
    }
  }

  return { note, flush }
}

export type FollowCounter = ReturnType<typeof countFollows>

function* addFollows(db: Queries, secrets: Secrets, waiting: Waiting): Write<void> {
  const { linkId, day, people, robots, lastAtMs } = waiting
  const [link] = yield* rows(countOpens(db, { linkId, count: people + robots }))
  // Deleted in the meantime.
  if (!link) return
  let visitors = 0
  for (const network of waiting.networks) {
    const hash = secrets.hash('link visitor', `${day} ${linkId} ${network}`)
    visitors += (yield* rows(meetVisitor(db, { linkId, day, hash }))).length
  }
  yield* rows(addToDay(db, { linkId, day, people, visitors, robots, lastAtMs }))
}

const countOpens = preparedQuery((db, { linkId, count }: { linkId: string; count: number }) =>
  db
    .updateTable('link')
    .set((of) => ({ open_count: of('open_count', '+', count) }))
    .where('id', '=', linkId)
    .returning('id')
    .compile(),
)

const meetVisitor = preparedQuery((db, visit: { linkId: string; day: number; hash: Uint8Array }) =>
  db
    .insertInto('link_visitor')
    .values({ link_id: visit.linkId, day: visit.day, visitor_hash: visit.hash })
    .onConflict((conflict) => conflict.doNothing())
    .returning('day')
    .compile(),
)

type DayOfFollows = {
  linkId: string
  day: number
  people: number
  visitors: number
  robots: number
  lastAtMs: number
}

const addToDay = preparedQuery((db, follows: DayOfFollows) =>
  db
    .insertInto('link_day')
    .values({
      link_id: follows.linkId,
      day: follows.day,
      people: follows.people,
      visitors: follows.visitors,
      robots: follows.robots,
      last_at_ms: follows.lastAtMs,
    })
    .onConflict((conflict) =>
      conflict.columns(['link_id', 'day']).doUpdateSet({
        people: sql`link_day.people + excluded.people`,
        visitors: sql`link_day.visitors + excluded.visitors`,
        robots: sql`link_day.robots + excluded.robots`,
        last_at_ms: sql`excluded.last_at_ms`,
      }),
    )
    .compile(),
)

/** All follows of a link that are on disk. */
export async function followsOf(store: Store, linkId: string): Promise<Follows> {
  const days = await store.read(
    store.db.selectFrom('link_day').selectAll().where('link_id', '=', linkId).orderBy('day').compile(),
  )
  const add = (name: 'people' | 'visitors' | 'robots') => days.reduce((sum, day) => sum + day[name], 0)
  return {
    people: add('people'),
    visitors: add('visitors'),
    robots: add('robots'),
    lastAtMs: days.at(-1)?.last_at_ms ?? null,
  }
}

/** Deletes the visitors of past days: the counts are enough. */
export function* forgetOldVisitors(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('link_visitor')
      .where('day', '<', Math.floor(nowMs / dayMs))
      .compile(),
  )
}
