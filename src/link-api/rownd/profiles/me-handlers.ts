import type { z } from 'zod'
import { during } from '../../../audit.ts'
import type { Visited } from '../../../customers/visit.ts'
import type { ownProfileAnswer } from '../answers.ts'
import type { RowndApplication } from '../application/applications.ts'
import { fieldBody, profileBody, readBody, signOutBody } from '../bodies.ts'
import { RowndError } from '../envelope.ts'
import { endFamilies, subjectOf } from '../tokens/tokens.ts'
import { type Bearer, requireBearer } from './bearer.ts'
import { checkData } from './check-data.ts'
import { fieldOf, fieldsIn, type ProfileTools, showProfile } from './handlers.ts'
import { identifierSought } from './identifiers.ts'
import type { Profile } from './profiles.ts'
import { shownData } from './view.ts'
import { changeProfile, deleteProfile } from './writes.ts'

/** `/me…`: a user's own profile, by their access token. */
export function rowndMeHandlers(tools: ProfileTools) {
  const { store, clock } = tools

  async function read(c: Visited): Promise<Response> {
    const { application, profile } = await requireBearer(tools, c)
    return c.json(await show(c, application, profile))
  }

  /** Merged, like an application's own writes. */
  async function write(c: Visited): Promise<Response> {
    const bearer = await requireBearer(tools, c)
    const { data } = await readBody(c, profileBody)
    return c.json(await show(c, bearer.application, await change(c, bearer, data)))
  }

  async function remove(c: Visited): Promise<Response> {
    const { application, profile } = await requireBearer(tools, c)
    await store.write(during(c, () => deleteProfile(store.db, application, profile.id, clock())))
    return c.body(null, 204)
  }

  async function readField(c: Visited): Promise<Response> {
    const { application, profile } = await requireBearer(tools, c)
    const data = shownData(application, profile.data, 'user')
    return c.json({ value: fieldOf(application, { ...profile, data }, c.req.param('field') ?? '') })
  }

  async function putField(c: Visited): Promise<Response> {
    const bearer = await requireBearer(tools, c)
    const { value } = await readBody(c, fieldBody)
    const field = c.req.param('field') ?? ''
    const profile = await change(c, bearer, { [field]: value ?? null })
    return c.json({ value: fieldOf(bearer.application, profile, field) })
  }

  /** Ends this sign-in, or with `sign_out_all` each of theirs. */
  async function signOut(c: Visited): Promise<Response> {
    const { application, profile, familyId } = await requireBearer(tools, c)
    const { sign_out_all: isAll } = await readBody(c, signOutBody)
    const which = { profileId: profile.id, because: 'signed_out', ...(!isAll && { familyId }) } as const
    await store.write(during(c, () => endFamilies(store.db, application, which, clock())))
    return c.body(null, 204)
  }

  /** With the `sub` of their token, by which an OAuth client recognizes the user. */
  async function show(
    c: Visited,
    application: RowndApplication,
    profile: Profile,
  ): Promise<z.infer<typeof ownProfileAnswer>> {
    const shown = await showProfile(tools, application, profile, { viewer: 'user', fields: fieldsIn(c) })
    return { sub: subjectOf(profile.id), ...shown }
  }

  function change(
    c: Visited,
    { application, profile }: Bearer,
    given: Readonly<Record<string, unknown>>,
  ): Promise<Profile> {
    refuseNotTheirs(application, profile, given)
    return store.write(
      during(c, function* () {
        const data = checkData(application, given, 'E_USER_UPDATE_FAILED')
        const order = { profileId: profile.id, data, mayCreate: false, by: 'user' } as const
        return yield* changeProfile(store.db, application, order, clock())
      }),
    )
  }

  return { read, write, remove, readField, putField, signOut }
}

/**
 * The fields users may not change themselves: the application's own, and those that identify them. A user who could type another's
 * address here would own the profile its owner signs in to.
 *
 * @throws {RowndError} 'E_USER_UPDATE_FAILED'
 */
function refuseNotTheirs(
  application: RowndApplication,
  profile: Profile,
  given: Readonly<Record<string, unknown>>,
): void {
  const fieldErrors = Object.create(null) as Record<string, string[]>
  for (const [name, value] of Object.entries(given)) {
    const field = name === 'phone' ? 'phone_number' : name
    if (isAsItWas(application, profile, field, value)) continue
    if (application.verificationFields.includes(field))
      fieldErrors[name] = ['is changed by the application, and proved by a link']
    else if (Object.hasOwn(application.schema, field) && application.schema[field]?.owned_by === 'app')
      fieldErrors[name] = ['belongs to the application']
  }
  if (Object.keys(fieldErrors).length > 0) throw new RowndError('E_USER_UPDATE_FAILED', { fieldErrors })
}

/** Whether a value equals the profile's, perhaps in another spelling. */
function isAsItWas(application: RowndApplication, profile: Profile, field: string, value: unknown): boolean {
  const held = profile.data[field]
  if (held === value) return true
  if (typeof value !== 'string' || !application.verificationFields.includes(field)) return false
  return identifierSought(field, value, application.country) === held
}
