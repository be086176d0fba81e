import type { z } from 'zod'
import { type groupAnswer, type profileAnswer, toTime } from '../answers.ts'
import type { RowndApplication } from '../application/applications.ts'
import type { ProfileData } from './check-data.ts'
import { authLevel, type Profile } from './profiles.ts'

/** The application sees every field, its user those that are `user_visible`. */
export type Viewer = 'application' | 'user'

/** A profile as Rownd shows one (reference §10.1). */
export function toProfileView(
  application: RowndApplication,
  profile: Profile,
  look: {
    viewer: Viewer
    /** Limits the data to these fields. */
    fields?: readonly string[] | undefined
    /**
     * The id as the call wrote it. When that was a directive, the answer has no `rownd_user`: only then does Rownd's client for Go
     * read the new id from `data.user_id`; otherwise it keeps the directive as the id.
     */
    calledBy?: string | undefined
    groups: z.infer<typeof groupAnswer>[]
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
    groups: look.groups,
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

/** The data a viewer may see. Fields removed from the schema are hidden. */
export function shownData(application: RowndApplication, all: ProfileData, viewer: Viewer): ProfileData {
  const isShown = ([field]: [string, unknown]) => {
    const rules = Object.hasOwn(application.schema, field) ? application.schema[field] : undefined
    return rules !== undefined && (viewer === 'application' || rules.user_visible)
  }
  return Object.fromEntries(Object.entries(all).filter(isShown))
}

function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}
