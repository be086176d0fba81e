import { sql } from 'kysely'
import type { Log } from '../log/log.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { ForwardingKind } from '../store/tables/operating.ts'
import { type Cidr, isOwnNetwork, isWithin, visitorAddress } from './network.ts'

export type ForwardingSeen = {
  /**
   * `read`: a trusted proxy's `X-Forwarded-For` named the visitor. `unreadable`: a hop in it is not an address. `missing`: a
   * trusted proxy sent none. `untrusted`: a machine of our own network sent one, and no setting names it.
   */
  kind: ForwardingKind
  /** The proxy's address. Never a visitor's: only trusted machines, and those of our own network. */
  proxy: string
  /** For an unreadable hop its form, `aaaaaaa`; else empty. */
  form: string
  /** Since the last full day without one. */
  count: number
  lastAtMs: number
}

const dayMs = 86_400_000
/** The minimum interval between writes, and between log lines. */
const noteEveryMs = 60_000

export type Forwarding = {
  /** The visitor's address, as the trusted proxies report it. */
  visitorOf(peer: string, forwardedFor: string | undefined): string
  /** Settles when everything seen so far is written. */
  flush(): Promise<void>
}

/** Determines the visitor's address, and records for `porchlight doctor` how the proxies in front behave. */
export function openForwarding(given: {
  store: Store
  clock: () => number
  log: Log
  trustedProxies: readonly Cidr[]
}): Forwarding {
  const { store, clock, log, trustedProxies } = given
  let waiting = new Map<ForwardingKind, ForwardingSeen>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  function note(kind: ForwardingKind, proxy: string, form = ''): void {
    const known = waiting.get(kind)
    waiting.set(kind, { kind, proxy, form, count: (known?.count ?? 0) + 1, lastAtMs: clock() })
    if (timer) return
    timer = setTimeout(() => {
      timer = undefined
      void flush()
    }, noteEveryMs).unref()
    void flush()
  }

  function flush(): Promise<void> {
    const batch = [...waiting.values()]
    waiting = new Map()
    if (batch.length > 0) writing = writing.then(() => keep(batch))
    return writing
  }

  async function keep(batch: readonly ForwardingSeen[]): Promise<void> {
    const unreadable = batch.find(({ kind }) => kind === 'unreadable')
    if (unreadable) {
      const { proxy, form, count } = unreadable
      log.warn({ proxy, form, count }, 'X-Forwarded-For has a hop that cannot be read; see porchlight doctor')
    }
    try {
      await store.write(function* () {
        for (const seen of batch) yield* addSeen(store.db, seen)
      })
    } catch (error) {
      log.error({ error }, 'what proxies in front do could not be noted')
    }
  }

  return {
    flush,
    visitorOf(peer, forwardedFor) {
      if (isWithin(peer, trustedProxies)) {
        let unreadable: string | undefined
        const visitor = visitorAddress(peer, forwardedFor, trustedProxies, (hop) => {
          unreadable = hop
        })
        if (unreadable !== undefined) note('unreadable', peer, formOf(unreadable))
        else note(forwardedFor ? 'read' : 'missing', peer)
        return visitor
      }
      if (forwardedFor && isOwnNetwork(peer)) note('untrusted', peer)
      return peer
    },
  }
}

/** What proxies did within the last day. */
export async function forwardingSeen(store: Store, nowMs: number): Promise<ForwardingSeen[]> {
  const found = await store.read(
    store.db
      .selectFrom('forwarding_seen')
      .selectAll()
      .where('last_at_ms', '>', nowMs - dayMs)
      .compile(),
  )
  return found.map(({ kind, proxy, form, count, last_at_ms: lastAtMs }) => ({
    kind,
    proxy,
    form,
    count,
    lastAtMs,
  }))
}

function* addSeen(db: Queries, { kind, proxy, form, count, lastAtMs }: ForwardingSeen): Write<void> {
  const told = { proxy, form, last_at_ms: lastAtMs }
  yield* rows(
    db
      .insertInto('forwarding_seen')
      .values({ kind, count, ...told })
      .onConflict((conflict) =>
        conflict.column('kind').doUpdateSet({
          ...told,
          count: sql<number>`case when forwarding_seen.last_at_ms > ${lastAtMs - dayMs}
            then forwarding_seen.count else 0 end + ${count}`,
        }),
      )
      .compile(),
  )
}

/** Keeps the form and drops the content: `999.999.9.9:99999` may be a person's address. */
function formOf(hop: string): string {
  return hop
    .trim()
    .slice(0, 60)
    .replace(/\p{L}/gu, 'a')
    .replace(/\p{N}/gu, '9')
    .replace(/[^\x20-\x7e]/g, '?')
}
