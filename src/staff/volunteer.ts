import type { Person } from '../accounts/people.ts'
import { requireRecord } from '../accounts/standing.ts'
import { recordAudit } from '../audit.ts'
import { Refusal } from '../errors.ts'
import type { Tools } from '../part.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { Held, VomoUserDetail } from '../vomo/types.ts'

/** Why a person has no record to show, in the words of docs/words.md; `out_of_reach` means that VOMO is down. */
export type NoRecord = 'no_record' | 'orphaned' | 'stale' | 'disabled' | 'out_of_reach'

const statesOf: Partial<Record<Refusal['code'], NoRecord>> = {
  account_no_record: 'no_record',
  account_orphaned: 'orphaned',
  account_stale: 'stale',
  account_disabled: 'disabled',
  vomo_unavailable: 'out_of_reach',
}

/**
 * A person's record, under the same conditions as for themselves: staff see no record that its owner could not see. It is found
 * only by the VOMO id the person maps to.
 */
export async function recordOf(
  tools: Tools,
  person: Person,
): Promise<Held<VomoUserDetail> | { missing: NoRecord }> {
  try {
    return await requireRecord(tools, person)
  } catch (error) {
    const missing = error instanceof Refusal ? statesOf[error.code] : undefined
    if (missing) return { missing }
    throw error
  }
}

/** When the person last signed in, for as long as ended sessions are kept. */
export async function lastSignInMs(store: Store, personId: string): Promise<number | null> {
  const [last] = await store.read(
    store.db
      .selectFrom('session')
      .select((of) => of.fn.max<number | null>('started_at_ms').as('at_ms'))
      .where('person_id', '=', personId)
      .compile(),
  )
  return last?.at_ms ?? null
}

const hourMs = 3_600_000

/**
 * Staff reload a page often; one event an hour is enough.
 *
 * @param look.personId `null` for what is about many people
 */
export function* noteLook(
  db: Queries,
  look: {
    kind: 'staff.viewed_volunteer' | 'staff.read_audit'
    customerId: string
    personId: string | null
    by: string
  },
  nowMs: number,
): Write<void> {
  const { kind, customerId, personId, by } = look
  const [noted] = yield* rows(
    db
      .selectFrom('audit_event')
      .select('id')
      .where('customer_id', '=', customerId)
      .where('at_ms', '>', nowMs - hourMs)
      .where('kind', '=', kind)
      .where('person_id', personId === null ? 'is' : '=', personId)
      .where('by_person_id', '=', by)
      .limit(1)
      .compile(),
  )
  if (noted) return
  yield* recordAudit(db, { customerId, atMs: nowMs, kind, personId, detail: { by } })
}
