import { personById } from '../../accounts/people.ts'
import { staffRole, staffRoleNow } from '../../accounts/staff.ts'
import { recordAudit } from '../../audit.ts'
import { Refusal } from '../../errors.ts'
import type { CoreTools } from '../../part.ts'
import type { Secrets } from '../../secrets.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { isOpenAt, type SecondStep, type Session } from './sessions.ts'

/** For so long what asks staff for a second step asks for no other. */
export const secondStepLifeMs = 12 * 3_600_000

/** Where staff take one, and come back from. */
export const secondStepPath = '/admin/second-step'

export function hasSecondStep({ secondStep }: Pick<Session, 'secondStep'>, nowMs: number): boolean {
  return secondStep !== null && secondStep.atMs + secondStepLifeMs > nowMs
}

/** Whether it is the session of a member of staff who has not confirmed that it is them. */
export async function needsSecondStep(tools: CoreTools, session: Session): Promise<boolean> {
  const { customerId, address } = session.person
  const role = await staffRole(tools.store, customerId, address)
  return role !== undefined && !hasSecondStep(session, tools.clock())
}

/**
 * Notes a second step. Its session goes on with a new secret, so that a copy of the former one gains nothing and ends. The caller
 * checked the proof, and spends it in the same transaction.
 *
 * @param by.secret of the session, as the browser holds it
 * @returns the new secret, for the cookie
 * @throws {Refusal} 'session_required' when the session, the role, or this secret of it has ended meanwhile
 */
export function* raiseSession(
  db: Queries,
  secrets: Secrets,
  by: { session: Session; secret: string; step: SecondStep },
  nowMs: number,
): Write<string> {
  const { session, step } = by
  const { customerId } = session
  // The row that the removal of a role locks, so that no step outlives one.
  yield* lockRow(db, 'customer', customerId)
  const { secret, hash } = secrets.issue('session', nowMs)
  const [row] = yield* rows(
    db
      .updateTable('session')
      .set({ secret_hash: hash, second_step: step.by, second_step_at_ms: step.atMs })
      .where('id', '=', session.id)
      .where('secret_hash', 'in', secrets.issuedHashes('session', by.secret))
      .where('is_staff', '=', 1)
      .where(isOpenAt(nowMs))
      .returning(['person_id', 'started_at_ms'])
      .compile(),
  )
  if (!row) throw new Refusal('session_required')
  const person = yield* personById(db, row.person_id)
  const role = yield* staffRoleNow(db, customerId, person.address)
  const isTheirs = person.standing !== 'disabled' && row.started_at_ms >= person.sessionsValidAfterMs
  if (role === undefined || !isTheirs) throw new Refusal('session_required')
  const event = { customerId, atMs: nowMs, kind: 'second_step.done', personId: person.id } as const
  yield* recordAudit(db, { ...event, detail: { by: step.by } })
  return secret
}
