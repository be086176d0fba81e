import { newIdAt, type Secrets } from '../../secrets.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'

/**
 * How often a record may be guessed at: within a day, so often for an address and so often for a record, over all browsers. What
 * counts is kept as keyed hashes and stays when a person erases their data, or each erasure would be worth three more guesses.
 */
export const maxTries = 3
const triesCountForMs = 24 * 3_600_000

type At = { customerId: string; address: string }
type Taken = { id: string; triesLeft: number } | { againAtMs: number }

/**
 * Counts a try for an address, before any record is looked at. Of parallel tries each waits for the lock of the customer's row, so
 * no more than `maxTries` are taken.
 */
export function* takeTry(db: Queries, secrets: Secrets, at: At, nowMs: number): Write<Taken> {
  yield* lockRow(db, 'customer', at.customerId)
  const subject = ofAddress(at)
  const counted = yield* rows(counting(db, secrets, subject, nowMs))
  if (counted.length >= maxTries) return { againAtMs: freeAtMs(counted) }
  const id = newIdAt('try', nowMs)
  yield* note(db, secrets, { id, subject }, nowMs)
  return { id, triesLeft: maxTries - counted.length - 1 }
}

/** Counts a taken try for each record it is compared with. @returns the records with tries left, by VOMO's ids */
export function* countForRecords(
  db: Queries,
  secrets: Secrets,
  tried: { id: string; customerId: string; vomoUserIds: readonly string[] },
  nowMs: number,
): Write<ReadonlySet<string>> {
  const { id, customerId, vomoUserIds } = tried
  yield* lockRow(db, 'customer', customerId)
  const open = new Set<string>()
  for (const vomoUserId of vomoUserIds) {
    const subject = `${customerId} record ${vomoUserId}`
    const counted = yield* rows(counting(db, secrets, subject, nowMs))
    if (counted.length >= maxTries) continue
    open.add(vomoUserId)
    yield* note(db, secrets, { id, subject }, nowMs)
  }
  return open
}

/** Takes a try back, for the address and every record: it was right, or VOMO could not be asked. */
export function* giveTryBack(db: Queries, id: string): Write<void> {
  yield* rows(db.deleteFrom('record_try').where('id', '=', id).compile())
}

/** When another try is allowed; `undefined` for now. */
export async function triesAgainAtMs(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  at: At,
): Promise<number | undefined> {
  const { store, secrets, clock } = tools
  const counted = await store.read(counting(store.db, secrets, ofAddress(at), clock()))
  return counted.length >= maxTries ? freeAtMs(counted) : undefined
}

export function* forgetOldRecordTries(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('record_try')
      .where('at_ms', '<=', nowMs - triesCountForMs)
      .compile(),
  )
}

function ofAddress({ customerId, address }: At): string {
  return `${customerId} address ${address}`
}

/** Those of the last day, oldest first. */
function counting(db: Queries, secrets: Secrets, subject: string, nowMs: number) {
  return db
    .selectFrom('record_try')
    .select('at_ms')
    .where('subject_hash', 'in', secrets.hashes('record try', subject))
    .where('at_ms', '>', nowMs - triesCountForMs)
    .orderBy('at_ms')
    .compile()
}

function freeAtMs(counted: readonly { at_ms: number }[]): number {
  return (counted.at(-maxTries)?.at_ms ?? 0) + triesCountForMs
}

function* note(
  db: Queries,
  secrets: Secrets,
  tried: { id: string; subject: string },
  nowMs: number,
): Write<void> {
  const row = { id: tried.id, subject_hash: secrets.hash('record try', tried.subject), at_ms: nowMs }
  yield* rows(db.insertInto('record_try').values(row).compile())
}
