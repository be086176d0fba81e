import { AsyncLocalStorage } from 'node:async_hooks'
import { type OperationNode, TableNode, ValueNode } from 'kysely'
import type { Store } from './store.ts'

/** A store on which what is recalled reads the tables it names and no other, and writes nothing. */
export function checkRecall(store: Store): Store {
  const named = new AsyncLocalStorage<readonly string[]>()

  function refuseOthers(tables: readonly string[]): void {
    const may = named.getStore()
    const others = may && tables.filter((table) => !may.includes(table))
    if (others && others.length > 0) throw new Error(`recalled without being named: ${others.join(', ')}`)
  }

  return {
    ...store,
    read: async (query) => {
      refuseOthers(tablesIn(query.query))
      return store.read(query)
    },
    write: async (flow) => {
      if (named.getStore()) throw new Error('written while it is recalled')
      return store.write(flow)
    },
    recall: async (key, tables, look) => {
      refuseOthers(tables)
      return store.recall(key, tables, () => named.run(tables, look))
    },
  }
}

function tablesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  if (!Array.isArray(node)) {
    if (TableNode.is(node as OperationNode)) return [(node as TableNode).table.identifier.name]
    if (ValueNode.is(node as OperationNode)) return []
  }
  return Object.values(node).flatMap(tablesIn)
}
