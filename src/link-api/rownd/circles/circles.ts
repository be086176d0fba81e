import type { Selectable } from 'kysely'
import { recordAudit } from '../../../audit.ts'
import { lockRow } from '../../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { CircleTable } from '../../../store/tables/circles.ts'
import { newRowndId, type RowndApplication } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'

/** What Rownd calls a group. */
export type Circle = {
  id: string
  applicationId: string
  name: string
  admissionPolicy: 'invite_only' | 'open'
  /** The application's own data. */
  meta: Record<string, unknown> | null
  createdBy: string | null
  updatedBy: string | null
  createdAtMs: number
  updatedAtMs: number
}

/** The application that owns the circle. */
export type CircleOwner = Pick<RowndApplication, 'id' | 'customerId'>
/** A profile's id, or `null` for the application itself. */
export type Actor = string | null

/** Checks that a link may join it. @throws {RowndError} 'E_GROUP_NOT_FOUND', 'E_GROUP_NOT_OPEN' */
export function* requireOpenCircle(db: Queries, application: CircleOwner, circleId: string): Write<void> {
  const circle = yield* circleById(db, application, circleId)
  if (!circle) throw new RowndError('E_GROUP_NOT_FOUND')
  if (circle.admissionPolicy !== 'open') throw new RowndError('E_GROUP_NOT_OPEN')
}

export function* createCircle(
  db: Queries,
  application: CircleOwner,
  order: Pick<Circle, 'name' | 'admissionPolicy' | 'meta'> & { createdBy: Actor },
  nowMs: number,
): Write<Circle> {
  const circle: Circle = {
    id: newRowndId('group'),
    applicationId: application.id,
    ...order,
    updatedBy: order.createdBy,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
  yield* rows(
    db
      .insertInto('circle')
      .values({
        id: circle.id,
        application_id: application.id,
        name: circle.name,
        admission_policy: circle.admissionPolicy,
        meta: circle.meta && JSON.stringify(circle.meta),
        created_by: circle.createdBy,
        updated_by: circle.updatedBy,
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
      })
      .compile(),
  )
  yield* noteCircle(db, application, { circleId: circle.id, what: 'created' }, nowMs)
  return circle
}

/** @throws {RowndError} 'E_NOT_FOUND' */
export function* changeCircle(
  db: Queries,
  application: CircleOwner,
  change: { circleId: string; by: Actor } & Partial<Pick<Circle, 'name' | 'admissionPolicy' | 'meta'>>,
  nowMs: number,
): Write<Circle> {
  const circle = yield* holdCircle(db, application, change.circleId)
  const { circleId: _, by, ...given } = change
  const changed: Circle = { ...circle, ...given, updatedBy: by, updatedAtMs: nowMs }
  yield* rows(
    db
      .updateTable('circle')
      .set({
        name: changed.name,
        admission_policy: changed.admissionPolicy,
        meta: changed.meta && JSON.stringify(changed.meta),
        updated_by: by,
        updated_at_ms: nowMs,
      })
      .where('id', '=', circle.id)
      .compile(),
  )
  yield* noteCircle(db, application, { circleId: circle.id, what: 'changed' }, nowMs)
  return changed
}

/** @throws {RowndError} 'E_NOT_FOUND' */
export function* deleteCircle(
  db: Queries,
  application: CircleOwner,
  circleId: string,
  nowMs: number,
): Write<void> {
  yield* requireCircle(db, application, circleId)
  yield* rows(db.deleteFrom('circle').where('id', '=', circleId).compile())
  yield* noteCircle(db, application, { circleId, what: 'deleted' }, nowMs)
}

/** @throws {RowndError} 'E_NOT_FOUND' */
export function* requireCircle(db: Queries, application: CircleOwner, circleId: string): Write<Circle> {
  const circle = yield* circleById(db, application, circleId)
  if (!circle) throw new RowndError('E_NOT_FOUND', { messages: ['The application has no such group.'] })
  return circle
}

/** The same, for a writer: of several that change a circle or its members, each sees what the one before has written. */
export function* holdCircle(db: Queries, application: CircleOwner, circleId: string): Write<Circle> {
  yield* lockRow(db, 'circle', circleId)
  return yield* requireCircle(db, application, circleId)
}

/** One of the application's circles. */
export function* circleById(
  db: Queries,
  application: Pick<CircleOwner, 'id'>,
  circleId: string,
): Write<Circle | undefined> {
  const [row] = yield* rows(
    db
      .selectFrom('circle')
      .selectAll()
      .where('id', '=', circleId)
      .where('application_id', '=', application.id)
      .compile(),
  )
  return row && toCircle(row)
}

export function toCircle(row: Selectable<CircleTable>): Circle {
  return {
    id: row.id,
    applicationId: row.application_id,
    name: row.name,
    admissionPolicy: row.admission_policy,
    meta: row.meta === null ? null : (JSON.parse(row.meta) as Record<string, unknown>),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

function* noteCircle(
  db: Queries,
  application: CircleOwner,
  { circleId, what }: { circleId: string; what: string },
  nowMs: number,
): Write<void> {
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'circle.changed',
    detail: { application: application.id, circle: circleId, what },
  })
}
