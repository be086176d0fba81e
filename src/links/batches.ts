import type { Selectable } from 'kysely'
import { newIdAt, type Secrets } from '../secrets.ts'
import { lockRow } from '../store/lock-row.ts'
import { preparedQuery } from '../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { BatchRowState, LinkBatchRowTable, LinkBatchTable } from '../store/tables/links.ts'

const hourMs = 3_600_000

/** A file that was checked and not used is forgotten. */
const checkedForMs = hourMs
/** For fetching the links. */
const endedForMs = 24 * hourMs
/** What VOMO does not answer within it gets no link. */
const workedForMs = 72 * hourMs

export type Batch = Selectable<LinkBatchTable>

/** What a row says, and the path of its link's landing. */
export type RowContents = {
  typed: string
  address: string | null
  /** As the directory said when the file was checked. */
  vomoUserId: string | null
  landing: string
  path: string | null
}

export type NewRow = RowContents & {
  number: number
  state: 'ready' | 'unlisted' | 'fault'
  fault: string | null
}

export type BatchRow = {
  number: number
  state: BatchRowState
  fault: string | null
  contents: RowContents
  /** The link, and until when it works. */
  link: { url: string; expiresAtMs: number } | null
}

/** Rows in one statement: PostgreSQL takes 65,535 values, and SQLite 32,766. */
const rowsAtOnce = 500

const hashedWith = (customerId: string, address: string) => `${customerId} ${address}`

/** Keeps a checked file. @returns its id */
export function* keepBatch(
  db: Queries,
  secrets: Secrets,
  of: { customerId: string; by: string; rows: readonly NewRow[] },
  nowMs: number,
): Write<string> {
  const { customerId, by } = of
  const id = newIdAt('lba', nowMs)
  const batch = { id, customer_id: customerId, made_by: by, made_at_ms: nowMs }
  yield* rows(
    db
      .insertInto('link_batch')
      .values({ ...batch, state: 'checked', expires_at_ms: nowMs + checkedForMs })
      .compile(),
  )
  for (let from = 0; from < of.rows.length; from += rowsAtOnce) {
    const values = of.rows.slice(from, from + rowsAtOnce).map(({ number, state, fault, ...contents }) => ({
      batch_id: id,
      row_number: number,
      row_sealed: secrets.seal('batch row', JSON.stringify(contents)),
      address_hash:
        contents.address === null
          ? null
          : secrets.hash('batch address', hashedWith(customerId, contents.address)),
      state,
      fault,
    }))
    yield* rows(db.insertInto('link_batch_row').values(values).compile())
  }
  return id
}

export async function batchOf(
  store: Store,
  of: { customerId: string; id: string },
): Promise<Batch | undefined> {
  const [batch] = await store.read(
    store.db
      .selectFrom('link_batch')
      .selectAll()
      .where('id', '=', of.id)
      .where('customer_id', '=', of.customerId)
      .compile(),
  )
  return batch
}

/** A customer's batches, newest first. */
export async function batchesOf(store: Store, customerId: string): Promise<Batch[]> {
  return store.read(
    store.db
      .selectFrom('link_batch')
      .selectAll()
      .where('customer_id', '=', customerId)
      .orderBy('made_at_ms', 'desc')
      .compile(),
  )
}

/** How many rows there are of each state. */
export async function batchCounts(store: Store, batchId: string): Promise<Record<BatchRowState, number>> {
  const counted = await store.read(
    store.db
      .selectFrom('link_batch_row')
      .select('state')
      .select((of) => of.fn.countAll<number>().as('rows'))
      .where('batch_id', '=', batchId)
      .groupBy('state')
      .compile(),
  )
  const none = { ready: 0, unlisted: 0, fault: 0, made: 0, refused: 0 }
  return { ...none, ...Object.fromEntries(counted.map(({ state, rows: n }) => [state, n])) }
}

/** The rows of these states behind one, in the order of the file. */
export async function batchRows(
  { store, secrets }: { store: Store; secrets: Secrets },
  of: { batchId: string; states: readonly BatchRowState[]; after: number },
  maxRows: number,
): Promise<BatchRow[]> {
  const found = await store.read(
    store.db
      .selectFrom('link_batch_row')
      .selectAll()
      .where('batch_id', '=', of.batchId)
      .where('state', 'in', [...of.states])
      .where('row_number', '>', of.after)
      .orderBy('row_number')
      .limit(maxRows)
      .compile(),
  )
  return found.map((row) => toRow(secrets, row))
}

function toRow(secrets: Secrets, row: Selectable<LinkBatchRowTable>): BatchRow {
  const { row_number: number, state, fault, link_sealed: link } = row
  return {
    number,
    state,
    fault,
    contents: JSON.parse(secrets.open('batch row', row.row_sealed)) as RowContents,
    link: link === null ? null : (JSON.parse(secrets.open('batch link', link)) as BatchRow['link']),
  }
}

/** @returns whether it was checked, and none of the customer's is being worked on */
export function* beginBatch(
  db: Queries,
  batch: Batch,
  { lifeMs, isEmailed }: { lifeMs: number; isEmailed: boolean },
  nowMs: number,
): Write<boolean> {
  yield* lockRow(db, 'customer', batch.customer_id)
  const others = db
    .selectFrom('link_batch')
    .select('id')
    .where('customer_id', '=', batch.customer_id)
    .where('state', '=', 'working')
  const begun = yield* rows(
    db
      .updateTable('link_batch')
      .set({
        state: 'working',
        life_ms: lifeMs,
        is_emailed: isEmailed ? 1 : 0,
        expires_at_ms: nowMs + workedForMs + endedForMs,
      })
      .where('id', '=', batch.id)
      .where('state', '=', 'checked')
      .where((is) => is.not(is.exists(others)))
      .returning('id')
      .compile(),
  )
  return begun.length > 0
}

/** Whether a batch has been worked on for as long as it may. */
export function isOverdue({ expires_at_ms: atMs }: Batch, nowMs: number): boolean {
  return nowMs >= atMs - endedForMs
}

/** @returns whether it was being worked on. The rows that were not reached get no link. */
export function* endBatch(
  db: Queries,
  batchId: string,
  because: 'all_done' | 'stopped',
  nowMs: number,
): Write<boolean> {
  const ended = yield* rows(
    db
      .updateTable('link_batch')
      .set({ state: 'ended', ended_at_ms: nowMs, expires_at_ms: nowMs + endedForMs })
      .where('id', '=', batchId)
      .where('state', '=', 'working')
      .returning('id')
      .compile(),
  )
  if (ended.length === 0) return false
  yield* rows(
    db
      .updateTable('link_batch_row')
      .set({ state: 'refused', fault: because })
      .where('batch_id', '=', batchId)
      .where('state', 'in', ['ready', 'unlisted'])
      .compile(),
  )
  return true
}

/** Deletes a batch with its rows; the links that it made stay. @returns whether it was not being worked on */
export function* dropBatch(db: Queries, batchId: string): Write<boolean> {
  const gone = yield* rows(
    db
      .deleteFrom('link_batch')
      .where('id', '=', batchId)
      .where('state', '<>', 'working')
      .returning('id')
      .compile(),
  )
  return gone.length > 0
}

export type RowOutcome =
  /** `link` is `null` where it was emailed. */
  | { state: 'made'; id: string; link: BatchRow['link'] }
  | { state: 'refused'; fault: string }
  | { state: 'unlisted' }

/**
 * Takes rows for this writer alone, and locks their batch against being stopped meanwhile.
 *
 * @returns the numbers of those for which a link is still to be made
 */
export function* takeRows(db: Queries, batchId: string, numbers: readonly number[]): Write<Set<number>> {
  const found = yield* rows(
    db
      .selectFrom('link_batch_row')
      .innerJoin('link_batch', 'link_batch.id', 'batch_id')
      .select('row_number')
      .where('batch_id', '=', batchId)
      .where('row_number', 'in', [...numbers])
      .where('link_batch.state', '=', 'working')
      .where('link_batch_row.state', 'in', ['ready', 'unlisted'])
      .forUpdate()
      .compile(),
  )
  return new Set(found.map((row) => row.row_number))
}

export function* settleRow(
  db: Queries,
  secrets: Secrets,
  at: { batchId: string; number: number },
  to: RowOutcome,
): Write<void> {
  const made = to.state === 'made' ? to : null
  yield* rows(
    settled(db, {
      ...at,
      state: to.state,
      fault: to.state === 'refused' ? to.fault : null,
      linkId: made?.id ?? null,
      link: made?.link ? secrets.seal('batch link', JSON.stringify(made.link)) : null,
    }),
  )
}

type Settled = {
  batchId: string
  number: number
  state: BatchRowState
  fault: string | null
  linkId: string | null
  link: Uint8Array | null
}

const settled = preparedQuery((db, { batchId, number, state, fault, linkId, link }: Settled) =>
  db
    .updateTable('link_batch_row')
    .set({ state, fault, link_id: linkId, link_sealed: link })
    .where('batch_id', '=', batchId)
    .where('row_number', '=', number)
    .compile(),
)

/** Deletes what files of staff say of a person. A link's row goes with the link. */
export function* forgetBatchRowsAt(
  db: Queries,
  secrets: Secrets,
  { customerId, address }: { customerId: string; address: string },
): Write<void> {
  const hashes = secrets.hashes('batch address', hashedWith(customerId, address))
  yield* rows(db.deleteFrom('link_batch_row').where('address_hash', 'in', hashes).compile())
}

/** Deletes batches whose time is over, with the links' addresses; the links stay. */
export function* forgetOldBatches(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('link_batch').where('expires_at_ms', '<=', nowMs).compile())
}
