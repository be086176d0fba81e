import { isKnown, type Person, personById } from '../../accounts/people.ts'
import { staffRoleNow } from '../../accounts/staff.ts'
import { recordAudit } from '../../audit.ts'
import { mayActAs } from '../../customers/roles.ts'
import { Refusal } from '../../errors.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { isOpenAt, type Session } from './sessions.ts'

export const previewLifeMs = 15 * 60_000

/** Why one ended. */
export type PreviewEnd = 'button' | 'expired' | 'signed_out' | 'session_ended' | 'not_allowed'

/**
 * Begins a look.
 *
 * @returns false where the session has another one, or the person has become staff
 * @throws {Refusal} 'session_required' when the session or the role has ended meanwhile
 */
export function* startPreview(
  db: Queries,
  session: Session,
  of: { person: Person; why: string },
  nowMs: number,
): Write<boolean> {
  const { customerId } = session
  // The row that a change of a role locks, so that no look outlives one.
  yield* lockRow(db, 'customer', customerId)
  const coordinator = yield* personById(db, session.person.id)
  const role = yield* staffRoleNow(db, customerId, coordinator.address)
  if (role === undefined || !mayActAs(role, 'coordinator')) throw new Refusal('session_required')
  if ((yield* staffRoleNow(db, customerId, of.person.address)) !== undefined) return false
  if (!(yield* isKnown(db, of.person.id))) return false
  const [begun] = yield* rows(
    db
      .updateTable('session')
      .set({ preview_person_id: of.person.id, preview_until_ms: nowMs + previewLifeMs })
      .where('id', '=', session.id)
      .where('is_staff', '=', 1)
      .where('preview_until_ms', 'is', null)
      .where(isOpenAt(nowMs))
      .returning('id')
      .compile(),
  )
  if (!begun) return false
  const detail = { why: of.why, by: session.person.id }
  const event = { customerId, atMs: nowMs, kind: 'staff.preview_started', personId: of.person.id } as const
  yield* recordAudit(db, { ...event, detail })
  return true
}

/** Ends the look of a session, if it has one. Of several that end it, one notes it. */
export function* endPreview(
  db: Queries,
  session: { id: string; customerId: string; holderId: string },
  because: PreviewEnd,
  atMs: number,
): Write<void> {
  const [had] = yield* rows(
    db.selectFrom('session').select('preview_person_id').where('id', '=', session.id).compile(),
  )
  const [ended] = yield* rows(
    db
      .updateTable('session')
      .set({ preview_person_id: null, preview_until_ms: null })
      .where('id', '=', session.id)
      .where('preview_until_ms', 'is not', null)
      .returning('id')
      .compile(),
  )
  const personId = had?.preview_person_id ?? null
  if (!ended || personId === null) return
  const { customerId, holderId: by } = session
  const event = { customerId, atMs, kind: 'staff.preview_ended' } as const
  const isThere = yield* isKnown(db, personId)
  yield* recordAudit(db, { ...event, personId: isThere ? personId : null, detail: { because, by } })
}

/** Notes the end of looks that ended by themselves: their time was over, or their session. */
export function* forgetOldPreviews(db: Queries, nowMs: number): Write<void> {
  const over = yield* rows(
    db
      .selectFrom('session')
      .select(['id', 'customer_id', 'person_id', 'preview_until_ms', 'ended_at_ms'])
      .where('preview_until_ms', 'is not', null)
      .where((is) => is.or([is('preview_until_ms', '<=', nowMs), is('ended_at_ms', 'is not', null)]))
      .compile(),
  )
  for (const row of over) {
    const untilMs = row.preview_until_ms ?? nowMs
    const endedMs = row.ended_at_ms ?? untilMs
    const because = endedMs < untilMs ? 'session_ended' : 'expired'
    const session = { id: row.id, customerId: row.customer_id, holderId: row.person_id }
    yield* endPreview(db, session, because, Math.min(endedMs, untilMs))
  }
}

/** When staff last looked at the portal as this person, newest first. */
export async function latestPreviews(store: Store, person: Person, limit: number): Promise<number[]> {
  const found = await store.read(
    store.db
      .selectFrom('audit_event')
      .select('at_ms')
      .where('person_id', '=', person.id)
      .where('kind', '=', 'staff.preview_started')
      .orderBy('at_ms', 'desc')
      .limit(limit)
      .compile(),
  )
  return found.map(({ at_ms: atMs }) => atMs)
}
