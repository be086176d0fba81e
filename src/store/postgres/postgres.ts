import type { CompiledQuery } from 'kysely'
import { sql } from 'kysely'
import { rows, type Store, type Write } from '../store.ts'
import { compileOnly } from './compile-only.ts'
import { maxConnections, openConnections } from './connections.ts'
import { openMemory } from './memory.ts'
import { migrate } from './migrate.ts'
import { shareReads } from './shared-reads.ts'
import { transact, untilItPasses } from './transactions.ts'

/** After this long without a commit, the health check makes one. */
const probeAfterMs = 5_000

/**
 * Opens a PostgreSQL database and migrates it. See docs/decisions/0033-postgresql.md.
 *
 * @throws {UnsuitableDatabase}
 * @throws {NewerDatabase}
 * @throws {ForeignDatabase}
 */
export async function openPostgres(
  url: string,
  { allowsNewer = false }: { allowsNewer?: boolean | undefined } = {},
): Promise<Store> {
  await migrate(url, allowsNewer)
  const db = compileOnly()
  const connections = openConnections(url)
  const read = shareReads(connections)
  const memory = openMemory(url)
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false
  let writtenAtMs = performance.now()
  let probing: Promise<boolean> | undefined

  function doing<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) return Promise.reject(new Error('the store is closed'))
    const promise = work().finally(() => underWay.delete(promise))
    underWay.add(promise)
    return promise
  }

  function noteCommit(ran: readonly CompiledQuery[]): void {
    memory.noteCommit(ran)
    if (ran.some(({ query }) => query.kind !== 'SelectQueryNode')) writtenAtMs = performance.now()
  }

  function write<T>(flow: () => Write<T>): Promise<T> {
    return doing(() => transact(connections, flow, noteCommit))
  }

  /** Writes an existing value. */
  function probe(): Promise<boolean> {
    return write(() => rows(sql`update kysely_migration_lock set is_locked = is_locked`.compile(db))).then(
      () => true,
      () => false,
    )
  }

  return {
    db,
    read: (query) => doing(() => untilItPasses(() => read(query))),
    write,
    async canWrite() {
      if (isClosed) return false
      if (performance.now() - writtenAtMs < probeAfterMs) return true
      probing ??= probe().finally(() => {
        probing = undefined
      })
      return probing
    },
    recall: memory.recall,
    server: {
      connections: connections.counts,
      async limits() {
        const asked = sql<{ of_server: number }>`
          select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as of_server`
        const [found] = await connections.use((connection) => connection.run(asked.compile(db)))
        // One more listens.
        return { ofProcess: maxConnections + 1, ofServer: found?.of_server ?? 0 }
      },
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await Promise.allSettled(underWay)
      await memory.close()
      await connections.close()
    },
  }
}
