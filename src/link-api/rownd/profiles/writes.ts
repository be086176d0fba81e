import { recordAudit } from '../../../audit.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'
import { endFamilies } from '../tokens/tokens.ts'
import { type ProfileData, requireFields } from './check-data.ts'
import { refuseShared, requireWelcome, resolveIdentity } from './identity.ts'
import {
  holdProfiles,
  mergeData,
  newProfile,
  type Profile,
  profileById,
  saveProfile,
  withData,
} from './profiles.ts'

/**
 * What an application, or its user, writes into a profile: merged, `null` clears a field (reference §10.2). A proved identifier
 * that changes loses its proof, and becomes free for others.
 *
 * @param change.mayCreate whether to create a missing profile
 * @param change.by who makes the change
 * @throws {RowndError} 'E_USER_NOT_FOUND', 'E_IDENTITY_CONFLICT', 'E_USER_UPDATE_FAILED'
 */
export function* changeProfile(
  db: Queries,
  application: RowndApplication,
  change: { profileId: string; data: ProfileData; mayCreate: boolean; by: 'application' | 'user' },
  nowMs: number,
): Write<Profile> {
  const key = { applicationId: application.id, profileId: change.profileId }
  yield* holdProfiles(db, application)
  const known = yield* profileById(db, key)
  if (!known && !change.mayCreate) throw new RowndError('E_USER_NOT_FOUND')
  const before = known ?? newProfile(key, nowMs)
  const data = mergeData(before.data, change.data)
  requireFields(application.schema, data, 'E_USER_UPDATE_FAILED')
  yield* refuseShared(db, application, before, data)
  const profile = withData(application, before, data, nowMs)
  yield* saveProfile(db, application, profile)

  const detail = { application: application.id, profile: profile.id, by: change.by }
  const at = { customerId: application.customerId, atMs: nowMs }
  if (!known) yield* recordAudit(db, { ...at, kind: 'profile.created', detail })
  else
    yield* recordAudit(db, {
      ...at,
      kind: 'profile.changed',
      detail: { ...detail, fields: Object.keys(change.data).join(' ') },
    })
  for (const field of Object.keys(before.verified)) {
    if (profile.verified[field] === undefined)
      yield* recordAudit(db, { ...at, kind: 'profile.identifier_freed', detail: { ...detail, field } })
  }
  return profile
}

/**
 * The profile an application names, by its id or by an identifying value. A value without a profile creates one; nothing of it is
 * proved, and fields that the schema requires may be missing, as with a link.
 *
 * @throws {RowndError} 'E_USER_NOT_FOUND', 'E_USER_DISABLED', and those of `requireWelcome`
 */
export function* ensureProfile(
  db: Queries,
  application: RowndApplication,
  { field, value }: { field: string; value: string },
  nowMs: number,
): Write<Profile> {
  yield* holdProfiles(db, application)
  const data = field === 'user_id' ? {} : { [field]: value }
  const userId = field === 'user_id' ? value : undefined
  const {
    profile: known,
    profileId,
    basis,
  } = yield* resolveIdentity(db, application, { data, userId }, nowMs)
  if (known) return known
  if (userId !== undefined) throw new RowndError('E_USER_NOT_FOUND')
  requireWelcome(application, { basis, data })
  const made = withData(
    application,
    newProfile({ applicationId: application.id, profileId }, nowMs),
    data,
    nowMs,
  )
  yield* saveProfile(db, application, made)
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'profile.created',
    detail: { application: application.id, profile: profileId, by: 'application' },
  })
  return made
}

/** Deletes a profile with its tokens and memberships. @returns whether there was one */
export function* deleteProfile(
  db: Queries,
  application: RowndApplication,
  profileId: string,
  nowMs: number,
): Write<boolean> {
  const gone = yield* rows(
    db
      .deleteFrom('profile')
      .where('application_id', '=', application.id)
      .where('id', '=', profileId)
      .returning('id')
      .compile(),
  )
  if (gone.length === 0) return false
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'profile.deleted',
    detail: { application: application.id, profile: profileId },
  })
  return true
}

/** Disabling ends every sign-in. @throws {RowndError} 'E_USER_NOT_FOUND' */
export function* setProfileState(
  db: Queries,
  application: RowndApplication,
  change: { profileId: string; state: Profile['state'] },
  nowMs: number,
): Write<Profile> {
  const { profileId, state } = change
  yield* holdProfiles(db, application)
  const known = yield* profileById(db, { applicationId: application.id, profileId })
  if (!known) throw new RowndError('E_USER_NOT_FOUND')
  const profile = { ...known, state, modifiedAtMs: nowMs }
  yield* saveProfile(db, application, profile)
  if (state === 'disabled') yield* endFamilies(db, application, { profileId, because: 'disabled' }, nowMs)
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'profile.state_set',
    detail: { application: application.id, profile: profileId, state },
  })
  return profile
}
