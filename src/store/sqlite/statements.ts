import type Database from 'better-sqlite3'
import type { CompiledQuery } from 'kysely'

/**
 * Keeps every statement forever: on Node 24, better-sqlite3 12 aborts the process when one is collected
 * (`RemoveEnvironmentCleanupHook` finds no environment in the collector). There are no more of them than query texts.
 */
const statementsForGood: unknown[] = []

export function prepareForGood(database: Database.Database, text: string): Database.Statement {
  const statement = database.prepare(text)
  statementsForGood.push(statement)
  return statement
}

export type Statements = ReturnType<typeof openStatements>

/**
 * Runs queries, each by a statement prepared once. Rows arrive as bare values and get their names here: the driver would look up
 * every name again for every row, which costs more than the row.
 */
export function openStatements(database: Database.Database) {
  type Kept = { statement: Database.Statement; names: string[] }
  const kept = new Map<string, Kept>()
  let changed = 0

  function prepare(text: string): Kept {
    const statement = prepareForGood(database, text)
    return { statement, names: statement.reader ? namesOf(statement.raw(true)) : [] }
  }

  return {
    /** Rows changed so far. */
    changes: () => changed,
    run<Row>(query: CompiledQuery<Row>): Row[] {
      let known = kept.get(query.sql)
      if (!known) {
        known = prepare(query.sql)
        kept.set(query.sql, known)
      }
      const { statement } = known
      if (!statement.reader) {
        changed += statement.run(query.parameters).changes
        return []
      }
      const found = statement.all(query.parameters) as unknown[][]
      if (!statement.readonly) changed += found.length
      // A newer version beside this one may have added a column.
      if (found[0] && found[0].length !== known.names.length) known.names = namesOf(statement)
      const { names } = known
      return found.map((values) => named(names, values) as Row)
    },
  }
}

function namesOf(statement: Database.Statement): string[] {
  return statement.columns().map(({ name }) => name)
}

function named(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i += 1) row[names[i] as string] = values[i]
  return row
}
