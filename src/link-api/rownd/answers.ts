import { z } from 'zod'

const data = z.record(z.string(), z.unknown())
const time = z.iso.datetime()

export const circleAnswer = z.object({
  id: z.string(),
  name: z.string(),
  member_count: z.literal(0).describe('always 0, as in Rownd'),
  app_id: z.string(),
  admission_policy: z.enum(['invite_only', 'open']),
  meta: data.nullable(),
  created_at: time,
  updated_at: time,
  created_by: z.string().nullable(),
  updated_by: z.string().nullable(),
})

export const memberAnswer = z.object({
  id: z.string(),
  user_id: z.string(),
  roles: z.array(z.string()),
  state: z.enum(['active', 'invite_pending', 'invite_rejected']),
  invited_by: z.string().nullable(),
  added_by: z.string().nullable(),
  profile: data,
  group_id: z.string(),
})

/** A profile's group, with its membership. */
export const groupAnswer = z.object({ group: circleAnswer, member: memberAnswer })

export const inviteAnswer = z.object({
  id: z.string(),
  group_id: z.string(),
  roles: z.array(z.string()),
  state: z.enum(['pending', 'accepted', 'rejected']).describe('rejected is never said here'),
  user_lookup_value: z.string().describe('by what the user was named'),
  ensured_user_id: z.string().describe('the user it is for, made where there was none'),
  redirect_url: z.string(),
  app_variant_id: z.string().nullable(),
  accepted_by: z.string().nullable(),
  created_at: time,
  created_by: z.string().nullable().describe('null: the application'),
})

export const newInviteAnswer = z.object({
  link: z.url().describe('to hand over; it is told this once'),
  invitation: inviteAnswer,
})

export const profileAnswer = z.object({
  rownd_user: z
    .string()
    .optional()
    .describe('left out where the call named a user by a directive: then the id is data.user_id'),
  state: z.enum(['enabled', 'disabled']),
  auth_level: z.enum(['instant', 'unverified', 'verified']),
  data,
  verified_data: z.record(z.string(), z.string()),
  redacted: z.array(z.string()).max(0),
  attributes: z.record(z.string(), z.array(z.string())),
  groups: z.array(groupAnswer),
  meta: z.object({
    created: time,
    modified: time,
    first_sign_in: time.optional(),
    first_sign_in_method: z.string().optional(),
    last_sign_in: time.optional(),
    last_sign_in_method: z.string().optional(),
    last_active: time.optional(),
  }),
  connection_map: z.object({}),
})

export const ownProfileAnswer = profileAnswer.extend({ sub: z.string().describe('as in the access token') })

export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
