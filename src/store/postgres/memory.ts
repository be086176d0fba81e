import { type CompiledQuery, type RootOperationNode, TableNode } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Store } from '../store.ts'
import { openListener } from './listener.ts'
import { heardTables } from './triggers.ts'

/** Maximum number of cached answers; beyond it, the cache is cleared. */
const maxRecalled = 10_000

/**
 * Caches answers from `heardTables` until one of those changes, and looks up all others each time. Own commits clear the cache at
 * once, others' by the listener; while it may have missed one, nothing is recalled.
 */
export function openMemory(url: string) {
  let known = new Map<string, unknown>()
  const listener = openListener(url, forget)

  function forget(): void {
    known = new Map()
  }

  return {
    noteCommit(ran: readonly CompiledQuery[]): void {
      if (ran.some(({ query }) => mayChangeHeard(query))) forget()
    },
    recall: (async (key, tables, look) => {
      if (!tables.every((table) => heardTables.has(table))) return look()
      if (listener.isUpToDate() && known.has(key)) return known.get(key) as never
      // An answer read before a change belongs to the cache from before it.
      const then = known
      const found = await look()
      if (then.size >= maxRecalled) then.clear()
      then.set(key, found)
      return found
    }) satisfies Store['recall'],
    close: () => listener.close(),
  }
}

/** Whether a query may change one of the tables that are heard of; one that is not understood may. */
function mayChangeHeard(query: RootOperationNode): boolean {
  if (query.kind === 'SelectQueryNode') return false
  const table =
    query.kind === 'InsertQueryNode'
      ? query.into
      : query.kind === 'UpdateQueryNode'
        ? query.table
        : query.kind === 'DeleteQueryNode'
          ? query.from.froms[0]
          : undefined
  if (!table || !TableNode.is(table)) return true
  return heardTables.has(table.table.identifier.name as keyof Schema)
}
