import { z } from 'zod'
import type { RowndApplication } from './applications.ts'
import type { ProfileData } from './check-data.ts'
import type { Invite } from './circle-invites.ts'
import type { Member } from './circle-members.ts'
import type { Circle } from './circles.ts'
import { authLevel, type Profile } from './profiles.ts'

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
  groups: z.array(z.object({ group: circleAnswer, member: memberAnswer })),
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

/** Who looks: the application sees every field, its user those that are `user_visible`. */
export type Viewer = 'application' | 'user'

/** A profile as Rownd shows one (reference §10.1). */
export function toProfileView(
  application: RowndApplication,
  profile: Profile,
  look: {
    viewer: Viewer
    /** Nothing else is shown of the data. */
    fields?: readonly string[] | undefined
    /**
     * What the call put where an id stands. Where that was a directive, the answer has no `rownd_user`: Rownd's client for Go
     * looks for the new id in `data.user_id` only then, and keeps the directive for an id otherwise.
     */
    calledBy?: string | undefined
    circles: readonly { circle: Circle; member: Member }[]
  },
): z.infer<typeof profileAnswer> {
  const shown = shownData(application, profile.data, look.viewer)
  const picked = look.fields ? pick(shown, look.fields) : shown
  return {
    ...((look.calledBy ?? profile.id) === profile.id && { rownd_user: profile.id }),
    state: profile.state,
    auth_level: authLevel(profile, application),
    data: { user_id: profile.id, ...picked },
    verified_data: pick(profile.verified, Object.keys(picked)),
    redacted: [],
    attributes: {},
    groups: look.circles.map(({ circle, member }) => ({
      group: toCircleView(circle),
      member: toMemberView(member),
    })),
    meta: {
      created: toTime(profile.createdAtMs),
      modified: toTime(profile.modifiedAtMs),
      ...(profile.firstSignInAtMs !== null && { first_sign_in: toTime(profile.firstSignInAtMs) }),
      ...(profile.firstSignInMethod !== null && { first_sign_in_method: profile.firstSignInMethod }),
      ...(profile.lastSignInAtMs !== null && { last_sign_in: toTime(profile.lastSignInAtMs) }),
      ...(profile.lastSignInMethod !== null && { last_sign_in_method: profile.lastSignInMethod }),
      ...(profile.lastActiveAtMs !== null && { last_active: toTime(profile.lastActiveAtMs) }),
    },
    connection_map: {},
  }
}

/** The data a viewer may see. What has left the schema is nobody's. */
export function shownData(application: RowndApplication, all: ProfileData, viewer: Viewer): ProfileData {
  const isShown = ([field]: [string, unknown]) => {
    const rules = Object.hasOwn(application.schema, field) ? application.schema[field] : undefined
    return rules !== undefined && (viewer === 'application' || rules.user_visible)
  }
  return Object.fromEntries(Object.entries(all).filter(isShown))
}

export function toCircleView(circle: Circle): z.infer<typeof circleAnswer> {
  return {
    id: circle.id,
    name: circle.name,
    member_count: 0,
    app_id: circle.applicationId,
    admission_policy: circle.admissionPolicy,
    meta: circle.meta,
    created_at: toTime(circle.createdAtMs),
    updated_at: toTime(circle.updatedAtMs),
    created_by: circle.createdBy,
    updated_by: circle.updatedBy,
  }
}

/** @param profile what is shown of who they are; nothing within their own profile */
export function toMemberView(member: Member, profile: ProfileData = {}): z.infer<typeof memberAnswer> {
  return {
    id: member.id,
    user_id: member.profileId,
    roles: [...member.roles],
    state: member.state,
    invited_by: member.invitedBy,
    added_by: member.addedBy,
    profile,
    group_id: member.circleId,
  }
}

const inviteStates = {
  active: 'accepted',
  invite_pending: 'pending',
  invite_rejected: 'rejected',
} as const satisfies Record<Member['state'], string>

export function toInviteView(invite: Invite): z.infer<typeof inviteAnswer> {
  const { member } = invite
  return {
    id: invite.id,
    group_id: invite.circleId,
    roles: [...member.roles],
    state: inviteStates[member.state],
    user_lookup_value: invite.lookup.value,
    ensured_user_id: member.profileId,
    redirect_url: invite.redirectUrl,
    app_variant_id: invite.variantId,
    accepted_by: member.state === 'active' ? member.profileId : null,
    created_at: toTime(invite.createdAtMs),
    created_by: null,
  }
}

function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
