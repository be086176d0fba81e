import { wireTime, wireTimeOrNull } from '../world/timestamps.ts'
import type { Participation } from '../world/world.ts'
import { type Call, wireId } from './call.ts'

/** One shape for both places: a user's own list, and the participants of a project date. */
export function wireParticipation(call: Call, row: Participation) {
  const dateId = row.project_date_id
  return {
    id: wireId(call, row.id),
    user_id: wireId(call, row.user_id),
    signed_up_at: wireTime(row.signed_up_at_ms),
    checked_in_at: wireTimeOrNull(row.checked_in_at_ms),
    checked_out_at: wireTimeOrNull(row.checked_out_at_ms),
    hours: row.hours,
    verified: row.verified,
    role: row.role,
    guests: row.guests,
    project_id: wireId(call, row.project_id),
    ...(dateId === undefined ? {} : { project_date_id: dateId === null ? null : wireId(call, dateId) }),
    ...(row.status === undefined ? {} : { status: row.status }),
    ...(row.need === undefined ? {} : { need: { ...row.need, id: wireId(call, row.need.id) } }),
    ...(row.quantity === undefined ? {} : { quantity: row.quantity }),
  }
}
