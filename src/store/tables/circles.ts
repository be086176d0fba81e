import type { Fixed } from './column.ts'

/** What Rownd calls a group. */
export type CircleTable = {
  id: Fixed<string>
  application_id: Fixed<string>
  name: string
  admission_policy: 'invite_only' | 'open'
  /** JSON: the application's own data. */
  meta: string | null
  created_by: Fixed<string | null>
  updated_by: string | null
  created_at_ms: Fixed<number>
  updated_at_ms: number
}

export type CircleMemberTable = {
  id: Fixed<string>
  circle_id: Fixed<string>
  application_id: Fixed<string>
  profile_id: Fixed<string>
  /** JSON: an array of roles. */
  roles: string
  state: 'active' | 'invite_pending' | 'invite_rejected'
  added_by: Fixed<string | null>
  invited_by: Fixed<string | null>
  created_at_ms: Fixed<number>
}

/** An invitation into a circle. Only its members may learn who is invited, with which roles, and whether it was accepted. */
export type CircleInviteTable = {
  id: Fixed<string>
  circle_id: Fixed<string>
  member_id: Fixed<string>
  link_id: Fixed<string>
  /** `user_id`, or the profile's field. */
  lookup_field: Fixed<string>
  lookup_value: Fixed<string>
  redirect_url: string
  variant_id: string | null
  created_at_ms: Fixed<number>
}
