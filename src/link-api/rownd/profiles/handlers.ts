import type { z } from 'zod'
import { during } from '../../../audit.ts'
import type { Visited } from '../../../customers/visit.ts'
import type { Tools } from '../../../part.ts'
import { readFlow } from '../../../store/read-flow.ts'
import type { Queries, Write } from '../../../store/store.ts'
import type { groupAnswer } from '../answers.ts'
import type { RowndApplication } from '../application/applications.ts'
import { requireOwnApplication } from '../application/callers.ts'
import { actionsBody, bulkBody, fieldBody, profileBody, readBody, signOutBody, stateBody } from '../bodies.ts'
import { RowndError, toEnvelope } from '../envelope.ts'
import { profilesQuery, readList, readPaging, readQuery } from '../paging.ts'
import { endFamilies } from '../tokens/tokens.ts'
import { checkData, type JsonValue, type ProfileData } from './check-data.ts'
import { resolveIdentity } from './identity.ts'
import { listProfiles } from './list.ts'
import { holdProfiles, type Profile, type ProfileKey, profileById } from './profiles.ts'
import { readUserId } from './user-ids.ts'
import { toProfileView, type Viewer } from './view.ts'
import { changeProfile, deleteProfile, setProfileState } from './writes.ts'

export type ProfileTools = Tools & {
  /** A profile's groups, which its view shows as well. */
  groupsOf: (db: Queries, of: ProfileKey) => Write<z.infer<typeof groupAnswer>[]>
}

const maxProfilesPerPage = 1000

/** `/applications/{app}/users…`: an application's own profiles, by key and secret. Nothing here touches a person. */
export function rowndProfileHandlers(tools: ProfileTools) {
  const { store, clock } = tools

  async function read(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const profile = await requireProfile(tools, application, userIn(c))
    return c.json(await showProfile(tools, application, profile, toApplication(c)))
  }

  /** Creates the profile if there is none. */
  async function put(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { data } = await readBody(c, profileBody)
    const profile = await write(c, application, { userId: userIn(c), data })
    const shown = { ...toApplication(c), calledBy: userIn(c) }
    return c.json(await showProfile(tools, application, profile, shown))
  }

  async function patch(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { data } = await readBody(c, profileBody)
    const profile = await change(c, application, data)
    return c.json(await showProfile(tools, application, profile, toApplication(c)))
  }

  async function remove(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const nowMs = clock()
    const wasThere = await store.write(
      during(c, () => deleteProfile(store.db, application, userIn(c), nowMs)),
    )
    if (!wasThere) throw new RowndError('E_USER_NOT_FOUND')
    return c.body(null, 204)
  }

  async function readField(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const profile = await requireProfile(tools, application, userIn(c))
    return c.json({ value: fieldOf(application, profile, c.req.param('field') ?? '') })
  }

  async function putField(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { value } = await readBody(c, fieldBody)
    const field = c.req.param('field') ?? ''
    const profile = await change(c, application, { [field]: value ?? null })
    return c.json({ value: fieldOf(application, profile, field) })
  }

  async function list(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const query = readQuery(c, profilesQuery)
    const filter = { lookups: readList(query.lookup_filter), ids: readList(query.id_filter) }
    const paging = readPaging(c, maxProfilesPerPage)
    const { total, page } = await readFlow(store, () => listProfiles(store.db, application, filter, paging))
    const results = await Promise.all(
      page.map((profile) => showProfile(tools, application, profile, toApplication(c))),
    )
    return c.json({ total_results: total, results })
  }

  async function putMany(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { users } = await readBody(c, bulkBody)
    return c.json(
      await each(users, async ({ user_id: userId, data }) => {
        const profile = await write(c, application, { userId, data })
        const shown = { viewer: 'application', fields: undefined, calledBy: userId ?? '' } as const
        return showProfile(tools, application, profile, shown)
      }),
    )
  }

  /** The only action: delete the user with this id or these identifiers. */
  async function act(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { actions } = await readBody(c, actionsBody)
    return c.json(
      await each(actions, ({ user }) =>
        store.write(
          during(c, function* () {
            const data = checkData(application, user.data)
            const userId = typeof user.data['user_id'] === 'string' ? user.data['user_id'] : undefined
            const nowMs = clock()
            const { profile } = yield* resolveIdentity(store.db, application, { data, userId }, nowMs)
            if (!profile) throw new RowndError('E_USER_NOT_FOUND')
            yield* deleteProfile(store.db, application, profile.id, nowMs)
            return { user_id: profile.id }
          }),
        ),
      ),
    )
  }

  async function setState(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const { state } = await readBody(c, stateBody)
    const profile = await store.write(
      during(c, () => setProfileState(store.db, application, { profileId: userIn(c), state }, clock())),
    )
    return c.json(
      await showProfile(tools, application, profile, { viewer: 'application', fields: undefined }),
    )
  }

  /** Ends every sign-in of the user, even without `sign_out_all`: the call names no single one. */
  async function signOut(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    await readBody(c, signOutBody)
    const { id: profileId } = await requireProfile(tools, application, userIn(c))
    await store.write(
      during(c, () => endFamilies(store.db, application, { profileId, because: 'signed_out' }, clock())),
    )
    return c.body(null, 204)
  }

  /** An id names its profile; with a directive, or without an id, the data may identify an existing one. */
  function write(
    c: Visited,
    application: RowndApplication,
    { userId, data: given }: { userId: string | undefined; data: Readonly<Record<string, unknown>> },
  ): Promise<Profile> {
    return store.write(
      during(c, function* () {
        const nowMs = clock()
        const data = checkData(application, given, 'E_USER_UPDATE_FAILED')
        const wanted = readUserId(userId, application.userIdFormat)
        yield* holdProfiles(store.db, application)
        const profileId = wanted.isFixed
          ? wanted.id
          : (yield* resolveIdentity(store.db, application, { data, userId }, nowMs)).profileId
        const order = { profileId, data, mayCreate: true, by: 'application' } as const
        return yield* changeProfile(store.db, application, order, nowMs)
      }),
    )
  }

  function change(
    c: Visited,
    application: RowndApplication,
    given: Readonly<Record<string, unknown>>,
  ): Promise<Profile> {
    return store.write(
      during(c, function* () {
        const data = checkData(application, given, 'E_USER_UPDATE_FAILED')
        const order = { profileId: userIn(c), data, mayCreate: false, by: 'application' } as const
        return yield* changeProfile(store.db, application, order, clock())
      }),
    )
  }

  return { read, put, patch, remove, readField, putField, list, putMany, act, setState, signOut }
}

/** @throws {RowndError} 'E_USER_NOT_FOUND' */
async function requireProfile(
  { store }: Pick<Tools, 'store'>,
  application: RowndApplication,
  profileId: string,
): Promise<Profile> {
  const profile = await readFlow(store, () =>
    profileById(store.db, { applicationId: application.id, profileId }),
  )
  if (!profile) throw new RowndError('E_USER_NOT_FOUND')
  return profile
}

export async function showProfile(
  { store, groupsOf }: Pick<ProfileTools, 'store' | 'groupsOf'>,
  application: RowndApplication,
  profile: Profile,
  shown: { viewer: Viewer; fields: readonly string[] | undefined; calledBy?: string },
) {
  const of = { applicationId: application.id, profileId: profile.id }
  const groups = await readFlow(store, () => groupsOf(store.db, of))
  return toProfileView(application, profile, { ...shown, groups })
}

/** `null` for an empty field. @throws {RowndError} 'E_NOT_FOUND' for a field that is not in the schema */
export function fieldOf(
  application: RowndApplication,
  profile: { id: string; data: ProfileData },
  field: string,
): JsonValue {
  if (field === 'user_id') return profile.id
  if (!Object.hasOwn(application.schema, field))
    throw new RowndError('E_NOT_FOUND', { messages: ['The profile schema has no such field.'] })
  return profile.data[field] ?? null
}

function toApplication(c: Visited): { viewer: Viewer; fields: string[] | undefined } {
  return { viewer: 'application', fields: fieldsIn(c) }
}

/** `?fields=a,b`; `undefined` means all. */
export function fieldsIn(c: Visited): string[] | undefined {
  return readList(c.req.query('fields'))
}

/** Each independently: a failure does not affect the others. */
async function each<Order>(orders: readonly Order[], carryOut: (order: Order) => Promise<unknown>) {
  const outcomes = await Promise.allSettled(orders.map(carryOut))
  const results = outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return { result: outcome.value, status: 'success' as const }
    const error: unknown = outcome.reason
    if (!(error instanceof RowndError)) throw error
    return { result: null, status: 'failure' as const, error: toEnvelope(error) }
  })
  return {
    total_results: results.length,
    has_failures: results.some(({ status }) => status === 'failure'),
    results,
  }
}

function userIn(c: Visited): string {
  return c.req.param('user') ?? ''
}
