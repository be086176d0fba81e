import { wireTime } from '../world/timestamps.ts'
import type { Group } from '../world/world.ts'
import { notFound, one } from './answers.ts'
import { type Call, type Endpoint, wireId } from './call.ts'
import { isLike } from './filters.ts'
import { page } from './paging.ts'
import { wireUser } from './users.ts'

/** Without `parent_id` this lists every group, subgroups too. VOMO's answer to an empty one is unknown. */
export const listGroups: Endpoint = (call) => {
  const { name_like: name, parent_id: parent } = call.query
  const groups = call.records.groups.filter(
    (group) =>
      (name === undefined || isLike(group.name, name)) &&
      (parent === undefined || String(group.parent_id) === parent),
  )
  return page(call, groups, (group) => wireGroup(call, group))
}

export const showGroup: Endpoint = (call) => {
  const group = call.records.groupById.get(call.id)
  return group ? one(wireGroup(call, group)) : notFound
}

/** Users as a list shows them. A removed user is in no group. */
export const listMembers: Endpoint = (call) => {
  const group = call.records.groupById.get(call.id)
  if (!group) return notFound
  const members = group.member_ids
    .map((id) => call.records.userById.get(id))
    .filter((user) => user !== undefined && !user.is_removed)
  return page(call, members, (user) => user && wireUser(call, user))
}

/** The only VOMO record without a `type`. */
function wireGroup(call: Call, group: Group) {
  return {
    id: wireId(call, group.id),
    name: group.name,
    description: group.description,
    has_subgroups: call.records.groups.some(({ parent_id }) => parent_id === group.id),
    parent_id: group.parent_id === null ? null : wireId(call, group.parent_id),
    created_at: wireTime(group.created_at_ms),
    updated_at: wireTime(group.updated_at_ms),
  }
}
