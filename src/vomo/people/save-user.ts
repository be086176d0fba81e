import { sameAddress } from '../../address.ts'
import type { Calls } from '../flow/calls.ts'
import type { Gender, VomoUserDetail } from '../types.ts'
import { type FailureKind, failureKinds, VomoFailure } from '../wire/failure.ts'
import { readOne } from '../wire/read-page.ts'
import type { createHeldUsers } from './held.ts'
import { readUser } from './read-user.ts'

/** All that is ever sent of a user. VOMO takes a role, a password, an organisation and an invite code, too: never from here. */
export type UserToSave = {
  readonly firstName: string
  readonly lastName: string
  readonly birthday: string
  readonly gender: Gender
  /** `null` where there is none, and none is to be taken away. */
  readonly phone: string | null
}

export type SavedUser =
  /** What VOMO holds now, its own answer laid over the record as it was; it need not be what was sent. */
  | { readonly outcome: 'answered'; readonly user: VomoUserDetail; readonly sinceMs: number }
  /** VOMO wrote somebody else's record, or a new one: the address stood elsewhere by then. */
  | { readonly outcome: 'another_user'; readonly sinceMs: number }
  /** VOMO is well, and did not do it. `fields` are those it named, by its own names. */
  | { readonly outcome: 'refused'; readonly why: FailureKind; readonly fields: readonly string[] }
  | { readonly outcome: 'not_sent'; readonly why: FailureKind; readonly retryAfterMs: number | undefined }
  /** It was sent, and what became of it is not known. */
  | { readonly outcome: 'unknown'; readonly why: FailureKind; readonly sinceMs: number }

const refusing: readonly FailureKind[] = ['declined', 'forbidden', 'invalid', 'refused', 'unauthorised']

/**
 * `POST /users`: VOMO changes the user with this address, or makes one where it has none. There is no partial change and no id in
 * it, so whoever calls has just read the record, and looks at the answer. Asked once: trying again blindly could make a second user.
 *
 * @see https://docs.virtuous.org/volunteer/workflows/create-or-update-a-user
 */
export function createSaveUser(given: {
  calls: Calls
  users: Pick<ReturnType<typeof createHeldUsers>, 'wrote'>
  /** How long VOMO may take. Milliseconds. */
  waitMs: number
}) {
  const { calls, users, waitMs } = given

  async function save(customerId: string, user: VomoUserDetail, wanted: UserToSave): Promise<SavedUser> {
    const body = {
      first_name: wanted.firstName,
      last_name: wanted.lastName,
      email: user.email ?? '',
      birthday: wanted.birthday,
      gender: wanted.gender,
      ...((wanted.phone !== null || user.phone !== null) && { phone: wanted.phone ?? '' }),
    }
    const signal = AbortSignal.timeout(waitMs)
    const answer = await calls.post(customerId, 'identity', { path: '/users', body, signal })
    if (answer === undefined) return { outcome: 'refused', why: 'refused', fields: [] }
    const written = readUser(readOne(answer))
    if (written === undefined) throw new VomoFailure('not_understood')
    if (written.id !== user.id)
      return { outcome: 'another_user', sinceMs: users.wrote(customerId, user.id, undefined) }
    // An answer that leaves out what every user has says nothing of the rest either.
    if (!sameAddress(written.email, user.email ?? '')) throw new VomoFailure('not_understood')
    // The answer's own lists may be empty where the record's are not.
    const saved = { ...user, ...written }
    return { outcome: 'answered', user: saved, sinceMs: users.wrote(customerId, user.id, saved) }
  }

  /**
   * @param user as VOMO has it now
   * @returns what became of it; what VOMO does wrong is an outcome, nothing is thrown
   */
  return async (customerId: string, user: VomoUserDetail, wanted: UserToSave): Promise<SavedUser> => {
    try {
      return await save(customerId, user, wanted)
    } catch (error) {
      if (!(error instanceof VomoFailure)) throw error
      const { kind: why, retryAfterMs, fieldErrors } = error
      if (refusing.includes(why)) return { outcome: 'refused', why, fields: Object.keys(fieldErrors) }
      if (failureKinds[why].from === 'us') return { outcome: 'not_sent', why, retryAfterMs }
      return { outcome: 'unknown', why, sinceMs: users.wrote(customerId, user.id, undefined) }
    }
  }
}
