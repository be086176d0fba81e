import type { Selectable } from 'kysely'
import { recordAudit } from '../../../audit.ts'
import { rowndLetters } from '../../../customers/applications.ts'
import { Refusal } from '../../../errors.ts'
import { revokeLink } from '../../../links/links.ts'
import { randomToken } from '../../../secrets.ts'
import { lockRow } from '../../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { CircleInviteTable, CircleMemberTable, CircleTable } from '../../../store/tables/circles.ts'
import { newRowndId, type RowndApplication } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'
import { profileById } from '../profiles/profiles.ts'
import { type CircleOwner, holdCircle, requireCircle } from './circles.ts'
import { insertMember, type Member, membersOf, rolesForJoining, writeMember } from './members.ts'

/**
 * An invitation of one profile into one circle. Until the user accepts it, the member is in the circle with the state
 * `invite_pending`; the invite shares the member's state, and removing the member removes the invite.
 */
export type Invite = {
  id: string
  applicationId: string
  circleId: string
  circleName: string
  member: Pick<Member, 'id' | 'profileId' | 'roles' | 'state'>
  linkId: string
  /** How the application named the user it invites. */
  lookup: Lookup
  /** Where the user goes after accepting. */
  redirectUrl: string
  variantId: string | null
  createdAtMs: number
}

/** `user_id`, or the identifying field. */
export type Lookup = { field: string; value: string }

/** Rownd's ids of invites have no prefix. */
export function newInviteId(): string {
  return randomToken(24, rowndLetters)
}

/**
 * Invites a profile. Withdraws a pending invite of the same profile: only the latest link works.
 *
 * @throws {RowndError} 'E_NOT_FOUND' for the circle, 'E_ALREADY_MEMBER'
 */
export function* createInvite(
  db: Queries,
  application: CircleOwner,
  order: Pick<Invite, 'id' | 'circleId' | 'linkId' | 'lookup' | 'redirectUrl' | 'variantId'> & {
    profileId: string
    roles: readonly string[]
  },
  nowMs: number,
): Write<Invite> {
  const circle = yield* holdCircle(db, application, order.circleId)
  const before = (yield* membersOf(db, circle.id)).find(({ profileId }) => profileId === order.profileId)
  if (before?.state === 'active') throw new RowndError('E_ALREADY_MEMBER')
  if (before) {
    const [earlier] = yield* rows(inviteRows(db).where('member_id', '=', before.id).compile())
    if (earlier) yield* endInvite(db, toInvite(earlier), nowMs)
  }
  const member: Member = {
    id: newRowndId('member'),
    circleId: circle.id,
    profileId: order.profileId,
    roles: order.roles,
    state: 'invite_pending',
    addedBy: null,
    invitedBy: null,
  }
  yield* insertMember(db, application, member, nowMs)
  const { id, linkId, lookup, redirectUrl, variantId } = order
  yield* rows(
    db
      .insertInto('circle_invite')
      .values({
        id,
        circle_id: circle.id,
        member_id: member.id,
        link_id: linkId,
        lookup_field: lookup.field,
        lookup_value: lookup.value,
        redirect_url: redirectUrl,
        variant_id: variantId,
        created_at_ms: nowMs,
      })
      .compile(),
  )
  const invite: Invite = {
    id,
    applicationId: application.id,
    circleId: circle.id,
    circleName: circle.name,
    member,
    linkId,
    lookup,
    redirectUrl,
    variantId,
    createdAtMs: nowMs,
  }
  yield* noteInvite(db, application, invite, 'made', nowMs)
  return invite
}

/** @throws {RowndError} 'E_NOT_FOUND', 'E_INVITE_ACCEPTED' */
export function* changeInvite(
  db: Queries,
  application: CircleOwner,
  at: { circleId: string; inviteId: string },
  change: { roles?: readonly string[]; redirectUrl?: string; variantId?: string },
  nowMs: number,
): Write<Invite> {
  yield* lockRow(db, 'circle', at.circleId)
  const invite = yield* requireInvite(db, application, at)
  if (invite.member.state !== 'invite_pending') throw new RowndError('E_INVITE_ACCEPTED')
  const member = { ...invite.member, roles: change.roles ?? invite.member.roles }
  const { redirectUrl = invite.redirectUrl, variantId = invite.variantId } = change
  yield* writeMember(db, member.id, member)
  yield* rows(
    db
      .updateTable('circle_invite')
      .set({ redirect_url: redirectUrl, variant_id: variantId })
      .where('id', '=', invite.id)
      .compile(),
  )
  yield* noteInvite(db, application, invite, 'changed', nowMs)
  return { ...invite, member, redirectUrl, variantId }
}

/** An accepted invite is deleted, and its member stays. @throws {RowndError} 'E_NOT_FOUND' */
export function* withdrawInvite(
  db: Queries,
  application: CircleOwner,
  at: { circleId: string; inviteId: string },
  nowMs: number,
): Write<void> {
  yield* lockRow(db, 'circle', at.circleId)
  const invite = yield* requireInvite(db, application, at)
  yield* endInvite(db, invite, nowMs)
  yield* noteInvite(db, application, invite, 'withdrawn', nowMs)
}

/**
 * Makes the invited profile a member, once: one statement decides. Any holder of the link accepts for that profile, so forwarding
 * the link admits no other user. It proves no address and opens no session.
 *
 * @throws {Refusal} 'link_not_usable' @throws {RowndError} 'E_USER_DISABLED'
 */
export function* acceptInvite(
  db: Queries,
  application: RowndApplication,
  invite: Invite,
  nowMs: number,
): Write<void> {
  const { id: memberId, profileId } = invite.member
  const profile = yield* profileById(db, { applicationId: application.id, profileId })
  if (profile?.state === 'disabled') throw new RowndError('E_USER_DISABLED')
  yield* lockRow(db, 'circle', invite.circleId)
  const members = yield* membersOf(db, invite.circleId)
  // The roles may have changed since the page was opened.
  const invited = members.find(({ id }) => id === memberId)
  if (!invited) throw new Refusal('link_not_usable')
  const roles = rolesForJoining(members, invited.roles)
  const accepted = yield* rows(
    db
      .updateTable('circle_member')
      .set({ state: 'active', roles: JSON.stringify(roles) })
      .where('id', '=', memberId)
      .where('state', '=', 'invite_pending')
      .returning('id')
      .compile(),
  )
  if (accepted.length === 0) throw new Refusal('link_not_usable')
  yield* noteInvite(db, application, invite, 'accepted', nowMs)
}

/** @throws {RowndError} 'E_NOT_FOUND' */
export function* requireInvite(
  db: Queries,
  application: CircleOwner,
  at: { circleId: string; inviteId: string },
): Write<Invite> {
  const circle = yield* requireCircle(db, application, at.circleId)
  const [row] = yield* rows(
    inviteRows(db)
      .where('circle_invite.circle_id', '=', circle.id)
      .where('circle_invite.id', '=', at.inviteId)
      .compile(),
  )
  if (!row) throw new RowndError('E_NOT_FOUND', { messages: ['The group has no such invite.'] })
  return toInvite(row)
}

export function* invitesOf(db: Queries, circleId: string): Write<readonly Invite[]> {
  const found = yield* rows(inviteRows(db).where('circle_invite.circle_id', '=', circleId).compile())
  return found.map(toInvite)
}

/** A link's invite; `undefined` when it was withdrawn, or deleted with its circle or profile. */
export function* inviteOfLink(db: Queries, linkId: string): Write<Invite | undefined> {
  const [row] = yield* rows(inviteRows(db).where('circle_invite.link_id', '=', linkId).compile())
  return row && toInvite(row)
}

function inviteRows(db: Queries) {
  return db
    .selectFrom('circle_invite')
    .innerJoin('circle_member', 'circle_member.id', 'circle_invite.member_id')
    .innerJoin('circle', 'circle.id', 'circle_invite.circle_id')
    .selectAll('circle_invite')
    .select(['circle.name', 'circle_member.application_id', 'circle_member.profile_id'])
    .select(['circle_member.roles', 'circle_member.state'])
}

type InviteRow = Selectable<CircleInviteTable> &
  Pick<Selectable<CircleTable>, 'name'> &
  Pick<Selectable<CircleMemberTable>, 'application_id' | 'profile_id' | 'roles' | 'state'>

function toInvite(row: InviteRow): Invite {
  return {
    id: row.id,
    applicationId: row.application_id,
    circleId: row.circle_id,
    circleName: row.name,
    member: {
      id: row.member_id,
      profileId: row.profile_id,
      roles: JSON.parse(row.roles) as string[],
      state: row.state,
    },
    linkId: row.link_id,
    lookup: { field: row.lookup_field, value: row.lookup_value },
    redirectUrl: row.redirect_url,
    variantId: row.variant_id,
    createdAtMs: row.created_at_ms,
  }
}

function* endInvite(db: Queries, invite: Invite, nowMs: number): Write<void> {
  if (invite.member.state === 'active') {
    yield* rows(db.deleteFrom('circle_invite').where('id', '=', invite.id).compile())
    return
  }
  yield* revokeLink(db, invite.linkId, 'withdrawn', nowMs)
  yield* rows(db.deleteFrom('circle_member').where('id', '=', invite.member.id).compile())
}

function* noteInvite(
  db: Queries,
  application: CircleOwner,
  { id, circleId, member }: Invite,
  what: 'made' | 'changed' | 'withdrawn' | 'accepted',
  nowMs: number,
): Write<void> {
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'circle.invite_changed',
    detail: { application: application.id, circle: circleId, profile: member.profileId, invite: id, what },
  })
}
