import type { Participation, ProjectDate } from '../world/world.ts'
import { type Call, wireId } from './call.ts'

export function participantsOf(call: Call, date: ProjectDate): Participation[] {
  return (call.records.participationsOfDate.get(date.id) ?? []).filter(
    (row) => call.records.userById.get(row.user_id)?.is_removed === false,
  )
}

/** The roles and items of a date, each with how many it takes and how many are taken. */
export function wireNeeds(call: Call, date: ProjectDate) {
  const taken = new Map<string, number>()
  for (const { role, quantity } of participantsOf(call, date))
    taken.set(role, (taken.get(role) ?? 0) + (quantity ?? 1))
  return date.needs.map((need) => ({
    ...need,
    id: wireId(call, need.id),
    taken: taken.get(need.name) ?? 0,
  }))
}
