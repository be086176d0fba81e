import { domainOf } from '../../../address.ts'
import { recordAudit } from '../../../audit.ts'
import type { Queries, Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'
import { endFamilies } from '../tokens/tokens.ts'
import { identifiersIn, type ProfileData } from './check-data.ts'
import { type Identifier, methodOf } from './identifiers.ts'
import {
  holdersOf,
  holdProfiles,
  indexedValues,
  mergeData,
  newProfile,
  type Profile,
  profileById,
  saveProfile,
  withData,
} from './profiles.ts'
import { newUserId, readUserId } from './user-ids.ts'

/**
 * How a profile was found: `matched` by identifying data, `named` by an existing id, or `new`, an id reserved for a new user. A
 * link keeps it until it is spent.
 */
export type Basis = 'matched' | 'named' | 'new'

type Resolved = {
  profileId: string
  basis: Basis
  /** The current profile; `undefined` for `new`. */
  profile: Profile | undefined
}

/** What a link promised when it was made, and proves when it is spent. */
export type Spent = {
  /** The result of `resolveIdentity` when the link was made. */
  profileId: string
  /** How that was found. */
  basis: Basis
  /** The result of `checkData` when the link was made; fields removed from the schema since are skipped. */
  data: ProfileData
  verify: Identifier
  /** When the link was made. */
  issuedAtMs: number
}

/**
 * Finds the user a call means (reference §5.3). Reads only; run it in the transaction that relies on the answer.
 *
 * @param who.data the result of `checkData`
 * @param who.userId an id, a directive such as `__uuid__` in any case, or nothing
 * @throws {RowndError} 'E_IDENTITY_CONFLICT', 'E_USER_DISABLED', 'E_VALIDATION' for an id that cannot be one
 */
export function* resolveIdentity(
  db: Queries,
  application: RowndApplication,
  who: { data: ProfileData; userId: string | undefined },
  nowMs: number,
): Write<Resolved> {
  const wanted = readUserId(who.userId, application.userIdFormat)
  const named = wanted.isFixed ? wanted.id : undefined
  const matched = yield* matchProfile(db, application, identifiersIn(application, who.data), named)
  const known = matched ?? named
  if (known === undefined)
    return {
      profileId: newUserId(wanted.isFixed ? application.userIdFormat : wanted.format, nowMs),
      basis: 'new',
      profile: undefined,
    }
  const profile = yield* profileById(db, { applicationId: application.id, profileId: known })
  if (profile?.state === 'disabled') throw new RowndError('E_USER_DISABLED')
  if (!profile) return { profileId: known, basis: 'new', profile }
  return { profileId: known, basis: matched === undefined ? 'named' : 'matched', profile }
}

/**
 * Checks, when a link is made, whether the application accepts new users.
 *
 * @throws {RowndError} 'E_SIGN_UP_DISABLED', 'E_EMAIL_DOMAIN'
 */
export function requireWelcome(
  application: RowndApplication,
  who: { basis: Basis; data: ProfileData },
): void {
  if (who.basis !== 'new') return
  if (!application.takesNewPeople) throw new RowndError('E_SIGN_UP_DISABLED')
  const { email } = who.data
  if (application.emailDomains.length === 0 || typeof email !== 'string') return
  if (!application.emailDomains.includes(domainOf(email))) throw new RowndError('E_EMAIL_DOMAIN')
}

/**
 * Writes what a spent link has proved, in the transaction that spends it: finds the user again, merges the data, marks the
 * identifier verified. All or nothing.
 *
 * @returns the resulting profile
 * @throws {RowndError} 'E_IDENTITY_CONFLICT', 'E_USER_DISABLED', 'E_USER_NOT_FOUND', 'E_USER_UPDATE_FAILED', and those of
 * `requireWelcome`
 */
export function* writeAtSpend(
  db: Queries,
  application: RowndApplication,
  spent: Spent,
  nowMs: number,
): Write<{ profile: Profile; isNew: boolean }> {
  const { verify } = spent
  yield* holdProfiles(db, application)
  const known = yield* whoIsMeantNow(db, application, spent)
  if (!known)
    requireWelcome(application, { basis: 'new', data: { ...spent.data, [verify.field]: verify.value } })
  const before = known ?? newProfile({ applicationId: application.id, profileId: spent.profileId }, nowMs)
  yield* refuseReplacing(db, application, before, spent)

  const data = mergeAtSpend(application, before, spent)
  yield* refuseShared(db, application, before, data)
  const isFirstProof = before.verified[verify.field] !== verify.value
  const changed = withData(application, before, data, nowMs)
  const profile: Profile = {
    ...changed,
    verified: { ...changed.verified, [verify.field]: verify.value },
    firstSignInAtMs: before.firstSignInAtMs ?? nowMs,
    firstSignInMethod: before.firstSignInMethod ?? methodOf(verify.field),
    lastSignInAtMs: nowMs,
    lastSignInMethod: methodOf(verify.field),
    lastActiveAtMs: nowMs,
  }
  yield* saveProfile(db, application, profile)
  if (!known) yield* note('profile.created', {})
  if (isFirstProof) {
    yield* note('profile.identifier_verified', { field: verify.field })
    // An earlier sign-in may have been a stranger's who typed this address.
    if (known)
      yield* endFamilies(db, application, { profileId: profile.id, because: 'first_verified' }, nowMs)
  }
  return { profile, isNew: !known }

  function* note(
    kind: 'profile.created' | 'profile.identifier_verified',
    detail: Record<string, string>,
  ): Write<void> {
    yield* recordAudit(db, {
      customerId: application.customerId,
      atMs: nowMs,
      kind,
      detail: { application: application.id, profile: profile.id, ...detail },
    })
  }
}

/**
 * The one profile that all these identifiers point to. An unproved value may belong to several; then the named id decides, or else
 * the oldest wins.
 *
 * @throws {RowndError} 'E_IDENTITY_CONFLICT' when they point to different ones
 */
function* matchProfile(
  db: Queries,
  application: RowndApplication,
  identifiers: readonly Identifier[],
  named: string | undefined,
): Write<string | undefined> {
  let common: readonly string[] | undefined
  for (const identifier of identifiers) {
    const holders = yield* holdersOf(db, application.id, identifier)
    if (holders.length === 0) continue
    const proved = holders.filter(({ verifiedAtMs }) => verifiedAtMs !== null)
    const meant = (proved.length > 0 ? proved : holders).map(({ profileId }) => profileId)
    common = common ? common.filter((id) => meant.includes(id)) : meant
    if (common.length === 0) throw new RowndError('E_IDENTITY_CONFLICT')
  }
  return named !== undefined && common?.includes(named) ? named : common?.[0]
}

/** A user may have signed up, changed, or been deleted since the link was made. @returns `undefined` for a new one */
function* whoIsMeantNow(
  db: Queries,
  application: RowndApplication,
  spent: Spent,
): Write<Profile | undefined> {
  const { profileId, basis, verify } = spent
  const applicationId = application.id
  const identifiers = identifiersIn(application, { ...spent.data, [verify.field]: verify.value })
  const matched = yield* matchProfile(db, application, identifiers, profileId)
  // This identifier is no longer theirs: an old link in an old mailbox must not open their profile.
  if (matched === undefined && basis === 'matched')
    throw new RowndError('E_IDENTITY_CONFLICT', {
      messages: ['The user no longer has the identifier this link was made for.'],
    })
  const profile = yield* profileById(db, { applicationId, profileId: matched ?? profileId })
  if (!profile && basis !== 'new') throw new RowndError('E_USER_NOT_FOUND')
  if (profile?.state === 'disabled') throw new RowndError('E_USER_DISABLED')
  return profile
}

/**
 * An old link must not undo what was changed, or proved, since it was made. It may replace a proved value only if its maker named
 * the user.
 */
function* refuseReplacing(
  db: Queries,
  application: RowndApplication,
  profile: Profile,
  { basis, profileId, verify, issuedAtMs }: Spent,
): Write<void> {
  const { field } = verify
  if (profile.data[field] === verify.value) return
  const hasChanged = (profile.changedAtMs[field] ?? 0) > issuedAtMs
  const proved = profile.verified[field]
  const isNamed = basis === 'named' && profile.id === profileId
  if (!hasChanged && proved === undefined) return
  if (!hasChanged && proved !== undefined && isNamed) {
    const holders = yield* holdersOf(db, application.id, { field, value: proved })
    const provedAtMs = holders.find((holder) => holder.profileId === profile.id)?.verifiedAtMs ?? 0
    if (provedAtMs <= issuedAtMs) return
  }
  throw new RowndError('E_IDENTITY_CONFLICT', { messages: [`The user has another ${field} now.`] })
}

/** Other identifying fields keep what was proved: this link proves only one. */
function mergeAtSpend(application: RowndApplication, before: Profile, { data, verify }: Spent): ProfileData {
  const changes = Object.entries(data).filter(
    ([field]) =>
      Object.hasOwn(application.schema, field) &&
      (field === verify.field || before.verified[field] === undefined),
  )
  return mergeData(before.data, { ...Object.fromEntries(changes), [verify.field]: verify.value })
}

/**
 * No profile takes a value that another has proved, nor one that the schema says no two may share.
 *
 * @throws {RowndError} 'E_IDENTITY_CONFLICT', 'E_USER_UPDATE_FAILED'
 */
export function* refuseShared(
  db: Queries,
  application: RowndApplication,
  before: Profile,
  data: ProfileData,
): Write<void> {
  for (const { field, value } of indexedValues(application, data)) {
    const had = indexedValues(application, before.data).some(
      (each) => each.field === field && each.value === value,
    )
    if (had) continue
    const others = (yield* holdersOf(db, application.id, { field, value })).filter(
      ({ profileId }) => profileId !== before.id,
    )
    const fieldErrors = { [field]: ['belongs to another user'] }
    if (others.some(({ verifiedAtMs }) => verifiedAtMs !== null))
      throw new RowndError('E_IDENTITY_CONFLICT', { fieldErrors })
    if (others.length > 0 && application.schema[field]?.unique)
      throw new RowndError('E_USER_UPDATE_FAILED', { fieldErrors })
  }
}
