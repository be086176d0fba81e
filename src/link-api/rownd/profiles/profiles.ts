import type { Selectable } from 'kysely'
import { lockRow } from '../../../store/lock-row.ts'
import { preparedQuery } from '../../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../../store/store.ts'
import type { ProfileTable } from '../../../store/tables/applications.ts'
import type { RowndApplication } from '../application/applications.ts'
import type { AuthLevel, TokenSubject } from '../tokens/tokens.ts'
import { identifiersIn, type JsonValue, type ProfileData } from './check-data.ts'
import type { Identifier } from './identifiers.ts'

/** An application's data about a user. It is not a person. */
export type Profile = {
  /** Unique within its application only. */
  id: string
  applicationId: string
  data: ProfileData
  /** Field to the value its owner has proved; always the value `data` has, too. */
  verified: Readonly<Record<string, string>>
  /** Identifying field to the time its value last changed: an older link does not change it back. */
  changedAtMs: Readonly<Record<string, number>>
  state: 'enabled' | 'disabled'
  createdAtMs: number
  modifiedAtMs: number
  firstSignInAtMs: number | null
  firstSignInMethod: string | null
  lastSignInAtMs: number | null
  lastSignInMethod: string | null
  lastActiveAtMs: number | null
}

export type ProfileKey = { applicationId: string; profileId: string }

/** A profile with this value; of several, at most one has proved it. */
export function authLevel(
  profile: Pick<Profile, 'data' | 'verified'>,
  application: RowndApplication,
): AuthLevel {
  if (Object.keys(profile.verified).length > 0) return 'verified'
  return identifiersIn(application, profile.data).length > 0 ? 'unverified' : 'instant'
}

export function tokenSubject(profile: Profile, application: RowndApplication): TokenSubject {
  return { profileId: profile.id, level: authLevel(profile, application) }
}

/** @returns `undefined` when there is no such profile */
export async function tokenSubjectOf(
  store: Store,
  application: RowndApplication,
  profileId: string,
): Promise<TokenSubject | undefined> {
  const [row] = await store.read(profileQuery(store.db, { applicationId: application.id, profileId }))
  return row && tokenSubject(toProfile(row), application)
}

export function* profileById(db: Queries, key: ProfileKey): Write<Profile | undefined> {
  const [row] = yield* rows(profileQuery(db, key))
  return row && toProfile(row)
}

function profileQuery(db: Queries, { applicationId, profileId }: ProfileKey) {
  return db
    .selectFrom('profile')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('id', '=', profileId)
    .compile()
}

/** Every profile of the application with this value, the oldest first. */
export function* holdersOf(
  db: Queries,
  applicationId: string,
  { field, value }: Identifier,
): Write<readonly { profileId: string; verifiedAtMs: number | null }[]> {
  const found = yield* rows(holders(db, { applicationId, field, value }))
  return found.map((row) => ({ profileId: row.profile_id, verifiedAtMs: row.verified_at_ms }))
}

const holders = preparedQuery((db, by: Identifier & { applicationId: string }) =>
  db
    .selectFrom('profile_identifier')
    .innerJoin('profile', (join) =>
      join
        .onRef('profile.application_id', '=', 'profile_identifier.application_id')
        .onRef('profile.id', '=', 'profile_identifier.profile_id'),
    )
    .select(['profile_identifier.profile_id', 'profile_identifier.verified_at_ms'])
    .where('profile_identifier.application_id', '=', by.applicationId)
    .where('profile_identifier.field', '=', by.field)
    .where('profile_identifier.value', '=', by.value)
    .orderBy('profile.created_at_ms')
    .orderBy('profile.id')
    .compile(),
)

/**
 * Holds an application's profiles for a writer that reads some and then writes: no two may prove one value, and a change is merged
 * into what is there. Of several writers, each sees what the one before has written.
 */
export function* holdProfiles(db: Queries, { id }: Pick<RowndApplication, 'id'>): Write<void> {
  yield* lockRow(db, 'application', id)
}

/** Writes a profile and its index, which contains exactly the values in its data. */
export function* saveProfile(db: Queries, application: RowndApplication, profile: Profile): Write<void> {
  const values = {
    data: JSON.stringify(profile.data),
    verified: JSON.stringify(profile.verified),
    changed_at: JSON.stringify(profile.changedAtMs),
    state: profile.state,
    modified_at_ms: profile.modifiedAtMs,
    first_sign_in_at_ms: profile.firstSignInAtMs,
    first_sign_in_method: profile.firstSignInMethod,
    last_sign_in_at_ms: profile.lastSignInAtMs,
    last_sign_in_method: profile.lastSignInMethod,
    last_active_at_ms: profile.lastActiveAtMs,
  }
  yield* rows(
    db
      .insertInto('profile')
      .values({
        application_id: profile.applicationId,
        id: profile.id,
        created_at_ms: profile.createdAtMs,
        ...values,
      })
      .onConflict((conflict) => conflict.columns(['application_id', 'id']).doUpdateSet(values))
      .compile(),
  )
  yield* saveIdentifiers(db, application, profile)
}

/** A profile without a sign-in. */
export function newProfile(key: ProfileKey, nowMs: number): Profile {
  return {
    id: key.profileId,
    applicationId: key.applicationId,
    data: {},
    verified: {},
    changedAtMs: {},
    state: 'enabled',
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    firstSignInAtMs: null,
    firstSignInMethod: null,
    lastSignInAtMs: null,
    lastSignInMethod: null,
    lastActiveAtMs: null,
  }
}

/** The profile with other data. A proved value stays proved only while it is unchanged. */
export function withData(
  application: RowndApplication,
  profile: Profile,
  data: ProfileData,
  nowMs: number,
): Profile {
  const changed = application.verificationFields.filter((field) => data[field] !== profile.data[field])
  return {
    ...profile,
    data,
    verified: Object.fromEntries(
      Object.entries(profile.verified).filter(([field, value]) => data[field] === value),
    ),
    changedAtMs: { ...profile.changedAtMs, ...Object.fromEntries(changed.map((field) => [field, nowMs])) },
    modifiedAtMs: nowMs,
  }
}

/** The data with changes applied; `null` removes a field. */
export function mergeData(data: ProfileData, changes: ProfileData): ProfileData {
  const merged = { ...data, ...changes }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

/** The indexed values: identifying fields, and those that no two profiles may share. */
export function indexedValues(application: RowndApplication, data: ProfileData): readonly Identifier[] {
  const known = identifiersIn(application, data)
  const unique = Object.entries(data).filter(
    ([field]) => application.schema[field]?.unique && !application.verificationFields.includes(field),
  )
  return [...known, ...unique.map(([field, value]) => ({ field, value: indexText(value) }))]
}

function indexText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function* saveIdentifiers(db: Queries, application: RowndApplication, profile: Profile): Write<void> {
  const wanted = indexedValues(application, profile.data)
  const kept = yield* rows(
    db
      .selectFrom('profile_identifier')
      .select(['field', 'value', 'verified_at_ms'])
      .where('application_id', '=', profile.applicationId)
      .where('profile_id', '=', profile.id)
      .compile(),
  )
  for (const { field, value, verified_at_ms: verifiedAtMs } of kept) {
    const isWanted = wanted.some((each) => each.field === field && each.value === value)
    const isProved = profile.verified[field] === value
    if (isWanted && (verifiedAtMs !== null) === isProved) continue
    yield* rows(
      db
        .deleteFrom('profile_identifier')
        .where('application_id', '=', profile.applicationId)
        .where('profile_id', '=', profile.id)
        .where('field', '=', field)
        .where('value', '=', value)
        .compile(),
    )
  }
  for (const { field, value } of wanted) {
    yield* rows(
      db
        .insertInto('profile_identifier')
        .values({
          application_id: profile.applicationId,
          field,
          value,
          profile_id: profile.id,
          verified_at_ms: profile.verified[field] === value ? profile.modifiedAtMs : null,
        })
        .onConflict((conflict) =>
          conflict.columns(['application_id', 'field', 'value', 'profile_id']).doNothing(),
        )
        .compile(),
    )
  }
}

export function toProfile(row: Selectable<ProfileTable>): Profile {
  return {
    id: row.id,
    applicationId: row.application_id,
    data: JSON.parse(row.data) as ProfileData,
    verified: JSON.parse(row.verified) as Record<string, string>,
    changedAtMs: JSON.parse(row.changed_at) as Record<string, number>,
    state: row.state,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
    firstSignInAtMs: row.first_sign_in_at_ms,
    firstSignInMethod: row.first_sign_in_method,
    lastSignInAtMs: row.last_sign_in_at_ms,
    lastSignInMethod: row.last_sign_in_method,
    lastActiveAtMs: row.last_active_at_ms,
  }
}
