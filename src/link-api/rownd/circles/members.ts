import type { Selectable } from 'kysely'
import { recordAudit } from '../../../audit.ts'
import { lockRow } from '../../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { CircleMemberTable } from '../../../store/tables/circles.ts'
import { newRowndId } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'
import { type ProfileKey, profileById } from '../profiles/profiles.ts'
import { type Actor, type Circle, type CircleOwner, circleById, holdCircle } from './circles.ts'

/** A profile in a circle. */
export type Member = {
  id: string
  circleId: string
  profileId: string
  roles: readonly string[]
  state: Selectable<CircleMemberTable>['state']
  addedBy: string | null
  invitedBy: string | null
}

const owner = 'owner'
/** The roles of users who join by a link, even in an empty circle: otherwise the first to click would own it. */
const rolesByLink = ['member']

/**
 * Joins by a spent link, never as an owner. A pending invitation becomes the membership it promised; an existing member stays
 * unchanged; a circle that is closed or deleted is skipped.
 *
 * @returns whether the user is a member
 */
export function* joinAtSpend(
  db: Queries,
  application: CircleOwner,
  who: { circleId: string; profileId: string },
  nowMs: number,
): Write<boolean> {
  yield* lockRow(db, 'circle', who.circleId)
  const circle = yield* circleById(db, application, who.circleId)
  if (circle?.admissionPolicy !== 'open') {
    yield* recordAudit(db, {
      customerId: application.customerId,
      atMs: nowMs,
      kind: 'circle.join_skipped',
      detail: { application: application.id, circle: who.circleId, profile: who.profileId },
    })
    return false
  }
  const member = (yield* membersOf(db, circle.id)).find(({ profileId }) => profileId === who.profileId)
  if (member?.state === 'active') return true
  if (member) {
    const roles = member.roles.filter((role) => role !== owner)
    yield* writeMember(db, member.id, { roles: roles.length > 0 ? roles : rolesByLink, state: 'active' })
    yield* noteMember(db, application, { ...member, what: 'joined' }, nowMs)
    return true
  }
  const { profileId } = who
  const joined = newMember({ circleId: circle.id, profileId, roles: rolesByLink, addedBy: profileId })
  yield* insertMember(db, application, joined, nowMs)
  return true
}

/**
 * Adds a user, who may have been invited. In a circle without an owner, the new member becomes the owner.
 *
 * @throws {RowndError} 'E_NOT_FOUND' for the circle, 'E_USER_NOT_FOUND', 'E_ALREADY_MEMBER'
 */
export function* addMember(
  db: Queries,
  application: CircleOwner,
  order: { circleId: string; profileId: string; roles: readonly string[]; by: Actor },
  nowMs: number,
): Write<Member> {
  const circle = yield* holdCircle(db, application, order.circleId)
  const members = yield* membersOf(db, circle.id)
  const known = members.find(({ profileId }) => profileId === order.profileId)
  if (known?.state === 'active') throw new RowndError('E_ALREADY_MEMBER')
  if (!(yield* profileById(db, { applicationId: application.id, profileId: order.profileId })))
    throw new RowndError('E_USER_NOT_FOUND')
  const roles = rolesForJoining(members, order.roles)
  if (known) {
    // Invited, and now added without waiting for an answer.
    const added: Member = { ...known, roles, state: 'active' }
    yield* writeMember(db, known.id, added)
    yield* noteMember(db, application, { ...added, what: 'joined' }, nowMs)
    return added
  }
  const member = newMember({ circleId: circle.id, profileId: order.profileId, roles, addedBy: order.by })
  yield* insertMember(db, application, member, nowMs)
  return member
}

/** In a circle without an owner, the new member becomes the owner. */
export function rolesForJoining(members: readonly Member[], roles: readonly string[]): readonly string[] {
  return members.some(isOwner) ? roles : [...new Set([...roles, owner])]
}

/** @throws {RowndError} 'E_NOT_FOUND', 'E_LAST_OWNER' */
export function* changeMember(
  db: Queries,
  application: CircleOwner,
  change: { circleId: string; memberId: string; roles: readonly string[] },
  nowMs: number,
): Write<Member> {
  const { member, isLastOwner } = yield* requireMember(db, application, change)
  if (isLastOwner && !change.roles.includes(owner)) throw new RowndError('E_LAST_OWNER')
  yield* writeMember(db, member.id, { roles: change.roles, state: member.state })
  yield* noteMember(db, application, { ...member, what: 'changed' }, nowMs)
  return { ...member, roles: change.roles }
}

/** @throws {RowndError} 'E_NOT_FOUND', 'E_LAST_MEMBER', 'E_LAST_OWNER' */
export function* removeMember(
  db: Queries,
  application: CircleOwner,
  at: { circleId: string; memberId: string },
  nowMs: number,
): Write<void> {
  const { member, isLastOwner, isLast } = yield* requireMember(db, application, at)
  if (isLast) throw new RowndError('E_LAST_MEMBER')
  if (isLastOwner) throw new RowndError('E_LAST_OWNER')
  yield* rows(db.deleteFrom('circle_member').where('id', '=', member.id).compile())
  yield* noteMember(db, application, { ...member, what: 'removed' }, nowMs)
}

export function* membersOf(db: Queries, circleId: string): Write<readonly Member[]> {
  const found = yield* rows(
    db
      .selectFrom('circle_member')
      .selectAll()
      .where('circle_id', '=', circleId)
      .orderBy('created_at_ms')
      .orderBy('id')
      .compile(),
  )
  return found.map(toMember)
}

/** A profile's circles, with its memberships. Leaves out pending invites, which would read as memberships. */
export function* circlesOf(
  db: Queries,
  of: ProfileKey,
): Write<readonly { circle: Circle; member: Member }[]> {
  const found = yield* rows(
    db
      .selectFrom('circle_member')
      .selectAll()
      .where('application_id', '=', of.applicationId)
      .where('profile_id', '=', of.profileId)
      .where('state', '=', 'active')
      .orderBy('created_at_ms')
      .orderBy('id')
      .compile(),
  )
  const pairs: { circle: Circle; member: Member }[] = []
  for (const row of found) {
    const circle = yield* circleById(db, { id: of.applicationId }, row.circle_id)
    if (circle) pairs.push({ circle, member: toMember(row) })
  }
  return pairs
}

function* requireMember(
  db: Queries,
  application: CircleOwner,
  at: { circleId: string; memberId: string },
): Write<{ member: Member; isLastOwner: boolean; isLast: boolean }> {
  const circle = yield* holdCircle(db, application, at.circleId)
  const members = yield* membersOf(db, circle.id)
  const member = members.find(({ id }) => id === at.memberId)
  if (!member) throw new RowndError('E_NOT_FOUND', { messages: ['The group has no such member.'] })
  return {
    member,
    isLastOwner: isOwner(member) && members.filter(isOwner).length === 1,
    isLast: member.state === 'active' && members.filter(({ state }) => state === 'active').length === 1,
  }
}

function newMember(order: Pick<Member, 'circleId' | 'profileId' | 'roles' | 'addedBy'>): Member {
  return { id: newRowndId('member'), ...order, state: 'active', invitedBy: null }
}

export function* insertMember(
  db: Queries,
  application: CircleOwner,
  member: Member,
  nowMs: number,
): Write<void> {
  yield* rows(
    db
      .insertInto('circle_member')
      .values({
        id: member.id,
        circle_id: member.circleId,
        application_id: application.id,
        profile_id: member.profileId,
        roles: JSON.stringify(member.roles),
        state: member.state,
        added_by: member.addedBy,
        invited_by: member.invitedBy,
        created_at_ms: nowMs,
      })
      .compile(),
  )
  if (member.state === 'active') yield* noteMember(db, application, { ...member, what: 'joined' }, nowMs)
}

export function* writeMember(
  db: Queries,
  memberId: string,
  { roles, state }: Pick<Member, 'roles' | 'state'>,
): Write<void> {
  yield* rows(
    db
      .updateTable('circle_member')
      .set({ roles: JSON.stringify(roles), state })
      .where('id', '=', memberId)
      .compile(),
  )
}

function* noteMember(
  db: Queries,
  application: CircleOwner,
  { circleId, profileId, what }: { circleId: string; profileId: string; what: string },
  nowMs: number,
): Write<void> {
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'circle.member_changed',
    detail: { application: application.id, circle: circleId, profile: profileId, what },
  })
}

function isOwner({ roles, state }: Member): boolean {
  return state === 'active' && roles.includes(owner)
}

function toMember(row: Selectable<CircleMemberTable>): Member {
  return {
    id: row.id,
    circleId: row.circle_id,
    profileId: row.profile_id,
    roles: JSON.parse(row.roles) as string[],
    state: row.state,
    addedBy: row.added_by,
    invitedBy: row.invited_by,
  }
}
