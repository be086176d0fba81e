import { type Asked, during, recordAudit } from '../audit.ts'
import { unlessRefused } from '../errors.ts'
import type { Tools } from '../part.ts'
import { lockRow } from '../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { skewMs } from '../time/due.ts'
import { type Person, personById, setStanding } from './people.ts'

/** VOMO's denial counts once it repeats it this long after the first. Longer than a deploy takes. */
export const proofAfterMs = 5 * 60_000
/** A person who reloads counts as one sighting a minute, because each sighting may cost a write and a search at VOMO. */
const sightingEveryMs = 60_000
/** When this many people of a customer are missing at once, VOMO is at fault. */
const manyMissing = 3
const togetherWithinMs = 60 * 60_000

export type RecordTools = Pick<Tools, 'store' | 'clock' | 'vomo'>

/**
 * VOMO just denied this record. That is proof only if it denied it minutes ago as well, its search by address agrees, and hardly
 * any other record of the customer is missing: see docs/decisions/0017-when-a-record-is-gone.md.
 *
 * @returns whether the record is gone, and the person marked `orphaned`
 */
export async function isProvenGone(tools: RecordTools, person: Person, by?: Asked): Promise<boolean> {
  const { store, clock } = tools
  const nowMs = clock()
  const { missingSeenMs } = person
  if (missingSeenMs !== null && Math.abs(nowMs - missingSeenMs) < sightingEveryMs) return false
  const { sinceMs, isOneOfMany } = await store.write(during(by, () => noteMissing(store.db, person, nowMs)))
  if (isOneOfMany || nowMs - sinceMs < proofAfterMs) return false
  const problem = await findOut(tools, person)
  if (problem === undefined) return false
  const gone = { standing: 'orphaned', kind: 'person.orphaned', problem } as const
  return store.write(during(by, () => setStanding(store.db, person, gone, clock())))
}

function* noteMissing(
  db: Queries,
  person: Person,
  nowMs: number,
): Write<{ sinceMs: number; isOneOfMany: boolean }> {
  yield* lockRow(db, 'person', person.id)
  const { missingSinceMs } = yield* personById(db, person.id)
  // A time further in the future than clocks differ comes from one that was set back since.
  const sinceMs = missingSinceMs === null || missingSinceMs > nowMs + skewMs ? nowMs : missingSinceMs
  yield* rows(
    db
      .updateTable('person')
      .set({ missing_since_ms: sinceMs, missing_seen_ms: nowMs })
      .where('id', '=', person.id)
      .compile(),
  )
  const isOneOfMany = (yield* rows(missingNow(db, person.customerId, nowMs))).length >= manyMissing
  if (isOneOfMany) yield* noteMany(db, person.customerId, nowMs)
  return { sinceMs, isOneOfMany }
}

function missingNow(db: Queries, customerId: string, nowMs: number) {
  return db
    .selectFrom('person')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('missing_seen_ms', '>', nowMs - togetherWithinMs)
    .compile()
}

/** One event an hour, because hundreds of people may be missing at once. */
function* noteMany(db: Queries, customerId: string, nowMs: number): Write<void> {
  const kind = 'person.many_missing'
  yield* lockRow(db, 'customer', customerId)
  const [noted] = yield* rows(
    db
      .selectFrom('audit_event')
      .select('id')
      .where('customer_id', '=', customerId)
      .where('at_ms', '>', nowMs - togetherWithinMs)
      .where('kind', '=', kind)
      .limit(1)
      .compile(),
  )
  if (!noted) yield* recordAudit(db, { customerId, atMs: nowMs, kind })
}

/** How many people of a customer VOMO denied within the hour and has not shown since, and whether we blame VOMO. */
export async function missingPeople(
  store: Store,
  at: { customerId: string; nowMs: number },
): Promise<{ people: number; isVomosFault: boolean }> {
  const { length: people } = await store.read(missingNow(store.db, at.customerId, at.nowMs))
  return { people, isVomosFault: people >= manyMissing }
}

/** What became of the record, by VOMO's search: `undefined` where it does not answer, or lists this record under the address. */
async function findOut({ vomo }: RecordTools, person: Person): Promise<'record_gone' | 'merged' | undefined> {
  const searching = vomo.findUsersByAddress(person.customerId, person.address)
  const found = await unlessRefused('vomo_unavailable', searching)
  if (found?.found === 'none') return 'record_gone'
  const users = found?.found === 'one' ? [found.user] : found?.found === 'several' ? found.users : undefined
  return users && !users.some(({ id }) => id === person.vomoUserId) ? 'merged' : undefined
}

/** VOMO shows the record again, which ends the doubt. */
export function* notMissing(db: Queries, personId: string): Write<void> {
  yield* rows(
    db
      .updateTable('person')
      .set({ missing_since_ms: null, missing_seen_ms: null })
      .where('id', '=', personId)
      .compile(),
  )
}
