import { wireTime } from '../world/timestamps.ts'
import { notFound, one } from './answers.ts'
import { type Endpoint, wireId } from './call.ts'
import { participantsOf, wireNeeds } from './needs.ts'
import { wireParticipation } from './participations.ts'

export const showProjectDate: Endpoint = (call) => {
  const date = call.records.dateById.get(call.id)
  const project = date && call.records.projectById.get(date.project_id)
  if (!date || !project) return notFound
  const participants = participantsOf(call, date)
  return one({
    type: 'project_date',
    id: wireId(call, date.id),
    project_id: wireId(call, project.id),
    project_name: project.name,
    starts_at: wireTime(date.starts_at_ms),
    ends_at: wireTime(date.ends_at_ms),
    timezone: project.address.timezone,
    needs: wireNeeds(call, date),
    participants: participants.map((row) => wireParticipation(call, row)),
  })
}
