import { fullName } from '../world/people.ts'
import { wireTime } from '../world/timestamps.ts'
import type { User } from '../world/world.ts'
import { invalid, notFound, one } from './answers.ts'
import { type Call, type Endpoint, wireId } from './call.ts'
import { wireEarned } from './certificates.ts'
import { isLike, isWithin, readFilters } from './filters.ts'
import { page } from './paging.ts'
import { wireParticipation } from './participations.ts'

export const listUsers: Endpoint = (call) => {
  const filters = readFilters(call)
  const name = filters.text('name_like')
  const email = filters.text('email_like')
  const createdAfter = filters.time('created_after')
  const createdBefore = filters.time('created_before')
  const updatedAfter = filters.time('updated_after')
  const updatedBefore = filters.time('updated_before')
  if (filters.hasErrors()) return invalid(filters.errors)

  const users = call.records.users.filter(
    (user) =>
      !call.options.empty_user_lists &&
      !user.is_removed &&
      (name === undefined || isLike(user.first_name, name) || isLike(user.last_name, name)) &&
      (email === undefined || isLike(user.email, email)) &&
      isWithin(user.created_at_ms, createdAfter, createdBefore) &&
      isWithin(user.updated_at_ms, updatedAfter, updatedBefore),
  )
  return page(call, users, (user) => wireUser(call, user))
}

export const showUser: Endpoint = (call) => {
  const user = call.records.userById.get(call.id)
  if (!user || user.is_removed) return notFound
  const participations = call.records.participationsOfUser.get(user.id) ?? []
  return one({
    ...wireUser(call, user),
    participations: participations.map((row) => wireParticipation(call, row)),
    profile_field_values: user.profile_field_values.map((value) => ({
      type: 'profile_field_value',
      id: wireId(call, value.id),
      profile_field_id: wireId(call, value.profile_field_id),
      name: value.name,
      value: value.value,
    })),
    ...wireEarned(call, user),
  })
}

export function wireUser(call: Call, user: User) {
  return {
    type: 'user',
    id: wireId(call, user.id),
    first_name: user.first_name,
    last_name: user.last_name,
    full_name: fullName(user),
    email: user.email,
    address: user.address,
    phone: user.phone,
    birthday: user.birthday,
    gender: user.gender,
    created_at: wireTime(user.created_at_ms),
    updated_at: wireTime(user.updated_at_ms),
    user_status: user.user_status,
    membership_status: user.membership_status,
    membership_role: user.membership_role,
    ...neverSeenFields(call),
  }
}

/** Fields VOMO might add tomorrow. Values begin with `unseen-`, so a test can search pages for them. */
function neverSeenFields(call: Call): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (let index = 0; index < call.options.extra_user_fields; index += 1) {
    const value = `unseen-${word(call)}`
    const shapes = [
      value,
      { [word(call)]: value, [word(call)]: { deeper: [value] } },
      [value, { [word(call)]: value }],
    ]
    fields[`${word(call)}_${index}`] = shapes[index % shapes.length]
  }
  return fields
}

function word(call: Call): string {
  return `x${Math.floor(call.random() * 36 ** 7).toString(36)}`
}
