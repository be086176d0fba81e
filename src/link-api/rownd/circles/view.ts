import type { z } from 'zod'
import type { Queries, Write } from '../../../store/store.ts'
import {
  type circleAnswer,
  type groupAnswer,
  type inviteAnswer,
  type memberAnswer,
  toTime,
} from '../answers.ts'
import type { ProfileData } from '../profiles/check-data.ts'
import type { ProfileKey } from '../profiles/profiles.ts'
import type { Circle } from './circles.ts'
import type { Invite } from './invites.ts'
import { circlesOf, type Member } from './members.ts'

/** A profile's circles, as its own view shows them. */
export function* groupsOf(db: Queries, of: ProfileKey): Write<z.infer<typeof groupAnswer>[]> {
  const found = yield* circlesOf(db, of)
  return found.map(({ circle, member }) => ({ group: toCircleView(circle), member: toMemberView(member) }))
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

/** @param profile the user as shown to the viewer; absent within the user's own profile */
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
