import { wireTime } from '../world/timestamps.ts'
import { notFound, one } from './answers.ts'
import { type Endpoint, wireId } from './call.ts'
import { wireParticipation } from './participations.ts'

export const showProjectDate: Endpoint = (call) => {
  const date = call.records.dateById.get(call.id)
  const project = date && call.records.projectById.get(date.project_id)
  if (!date || !project) return notFound
  const participants = (call.records.participationsOfDate.get(date.id) ?? []).filter(
    (row) => call.records.userById.get(row.user_id)?.is_removed === false,
  )
  return one({
    type: 'project_date',
    id: wireId(call, date.id),
    project_id: wireId(call, project.id),
    project_name: project.name,
    starts_at: wireTime(date.starts_at_ms),
    ends_at: wireTime(date.ends_at_ms),
    timezone: project.address.timezone,
    needs: date.needs.map((need) => ({
      ...need,
      id: wireId(call, need.id),
      taken: participants.reduce((sum, row) => sum + (row.role === need.name ? (row.quantity ?? 1) : 0), 0),
    })),
    participants: participants.map((row) => wireParticipation(call, row)),
  })
}
