import type { CompiledQuery, Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** Builds queries; executes none. `read` runs the compiled query, or a writer yields it. */
export type Queries = Kysely<Schema>

/**
 * A change as a generator: it yields compiled queries and receives their rows, and opens nothing. Writers compose with `yield*`;
 * the flow that needs them in one transaction hands the whole to `store.write`.
 */
export type Write<T> = Generator<Asked, T, readonly unknown[]>

/** `isUnread`: the writer does not look at its rows, so that an engine need not wait for them. */
export type Asked = CompiledQuery & { readonly isUnread?: true }

/** The seam every engine implements; `store.contract.ts` is the test they share. */
export type Store = {
  readonly db: Queries
  /** Rows as of the last commit. */
  read<Row>(query: CompiledQuery<Row>): Promise<Row[]>
  /**
   * Runs a writer in one durable transaction. An error it throws rolls back all its changes, and only its own. Resolves after the
   * commit has reached the disk.
   *
   * @param flow may run again, when the transaction has to; its only effects are its yields
   * @throws {UnknownOutcome}
   * @throws {Refusal} 'service_unavailable', with nothing written, when the database has no room for it or does not answer
   */
  write<T>(flow: () => Write<T>): Promise<T>
  /**
   * Whether the disk accepts writes, judged by the last commit or, if that was a while ago, by a write that changes nothing. So a
   * full or read-only disk shows within seconds, mostly at no cost.
   */
  canWrite(): Promise<boolean>
  /**
   * The cached result of `look` for this key, valid until one of the tables changes. A caller may rely on this:
   *
   * - This process's writes: once `write` has resolved, no result is from before it, not even one whose `look` ran meanwhile.
   * - Other processes' commits: a result is stale for at most `maxRecallLagMs`, and never if `look` reads one of `exactTables`.
   *
   * An engine may always look again, and must where it cannot keep this promise. Nothing that decides (spending, claiming,
   * counting) is recalled: that is a statement inside `write`. See docs/decisions/0022-recall.md.
   *
   * @param key names everything else the result depends on
   * @param tables every table that `look` reads; a change to any other goes unnoticed
   * @param look only reads from this store
   */
  recall<T>(key: string, tables: readonly (keyof Schema)[], look: () => Promise<T>): Promise<T>
  /** Of an engine with a server. */
  readonly server?: {
    /** Of this process: connections at work, and how many reads and writes wait for one. */
    connections(): { inUse: number; waiting: number }
    /** How many connections a process may open, and how many the server takes from all. */
    limits(): Promise<{ ofProcess: number; ofServer: number }>
  }
  close(): Promise<void>
}

export const maxRecallLagMs = 1_000

/** Rows of these tables let people and programs in, can be revoked, and are dead from then on in every process. */
export const exactTables = [
  'session',
  'api_token',
  'application_credential',
  'link',
] as const satisfies (keyof Schema)[]

/** Runs one query inside a writer. */
export function* rows<Row>(query: CompiledQuery<Row>): Generator<CompiledQuery, Row[], readonly unknown[]> {
  // The engine answers a query with the rows of that query; a generator cannot say so in its type.
  return (yield query) as Row[]
}

/** A newer version has changed this database in ways this one does not know. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase'
  readonly unknownMigrations: readonly string[]

  constructor(unknownMigrations: readonly string[]) {
    super(`unknown migrations: ${unknownMigrations.join(', ')}`)
    this.unknownMigrations = unknownMigrations
  }
}

/** The database cannot hold ours. The message says why. */
export class UnsuitableDatabase extends Error {
  override readonly name = 'UnsuitableDatabase'
}

/**
 * The connection to the database was lost during a commit, so the write may have happened, all of it, or not. It is not run again:
 * its caller knows what twice would mean.
 */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome'

  constructor(cause: unknown) {
    super('the connection to the database was lost during a commit, which may have happened', { cause })
  }
}

/** The database holds another program's tables. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase'
}
