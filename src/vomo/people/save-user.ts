import { sameAddress } from '../../address.ts'
import type { Calls } from '../flow/calls.ts'
import type { VomoUserDetail } from '../types.ts'
import { savedFieldNames, type UserToSave, userFields } from '../user-fields.ts'
import { type FailureKind, failureKinds, VomoFailure } from '../wire/failure.ts'
import { readOne } from '../wire/read-page.ts'
import type { createHeldUsers } from './held.ts'
import { readUser } from './read-user.ts'

export type SavedUser =
  /** What VOMO holds now: its answer merged over the previous record. It may differ from what we sent. */
  | ({ readonly outcome: 'answered'; readonly user: VomoUserDetail } & WrittenAt)
  /** VOMO wrote another user's record, or a new one, because the address had moved. */
  | ({ readonly outcome: 'another_user' } & WrittenAt)
  /** VOMO is healthy and made no change. `fields` are those it named, by its own names. */
  | { readonly outcome: 'refused'; readonly why: FailureKind; readonly fields: readonly string[] }
  | { readonly outcome: 'not_sent'; readonly why: FailureKind; readonly retryAfterMs: number | undefined }
  /** The request was sent, and its result is unknown. */
  | ({ readonly outcome: 'unknown'; readonly why: FailureKind } & WrittenAt)

/** When VOMO was asked, and since when a read contains the write. */
export type WrittenAt = { readonly askedAtMs: number; readonly sinceMs: number }

const refusing: readonly FailureKind[] = ['declined', 'forbidden', 'invalid', 'refused', 'unauthorized']

/**
 * `POST /users`: VOMO changes the user with this address, or creates one when there is none. It takes no id and no partial change,
 * so the caller must have just read the record and must check the answer. Sent once: a blind retry could create a second user.
 *
 * @see https://docs.virtuous.org/volunteer/workflows/create-or-update-a-user
 */
export function createSaveUser(given: {
  calls: Calls
  users: Pick<ReturnType<typeof createHeldUsers>, 'wrote'>
  clock: () => number
  /** How long VOMO may take. Milliseconds. */
  waitMs: number
}) {
  const { calls, users, clock, waitMs } = given

  async function save(
    customerId: string,
    user: VomoUserDetail,
    wanted: UserToSave,
    askedAtMs: number,
  ): Promise<SavedUser> {
    const fields = savedFieldNames
      .filter((name) => wanted[name] !== null || user[name] !== null)
      .map((name) => [userFields[name].wire, wanted[name] ?? ''])
    const body = { email: user.email ?? '', ...(Object.fromEntries(fields) as Record<string, string>) }
    const signal = AbortSignal.timeout(waitMs)
    const answer = await calls.post(customerId, 'identity', { path: '/users', body, signal })
    if (answer === undefined) return { outcome: 'refused', why: 'refused', fields: [] }
    const written = readUser(readOne(answer))
    if (written === undefined) throw new VomoFailure('not_understood')
    if (written.id !== user.id)
      return { outcome: 'another_user', askedAtMs, sinceMs: users.wrote(customerId, user.id, undefined) }
    // An answer without the fields every user has is no evidence about the rest either.
    if (!sameAddress(written.email, user.email ?? '')) throw new VomoFailure('not_understood')
    // The answer's lists may be empty where the record's are not.
    const saved = { ...user, ...written }
    const sinceMs = users.wrote(customerId, user.id, { value: saved, askedAtMs })
    return { outcome: 'answered', user: saved, askedAtMs, sinceMs }
  }

  /**
   * @param user as VOMO has it now
   * @returns the outcome; VOMO's failures are outcomes, and are not thrown
   */
  return async (customerId: string, user: VomoUserDetail, wanted: UserToSave): Promise<SavedUser> => {
    const askedAtMs = clock()
    try {
      return await save(customerId, user, wanted, askedAtMs)
    } catch (error) {
      if (!(error instanceof VomoFailure)) throw error
      const { kind: why, retryAfterMs, fieldErrors } = error
      if (refusing.includes(why)) return { outcome: 'refused', why, fields: Object.keys(fieldErrors) }
      if (failureKinds[why].from === 'us') return { outcome: 'not_sent', why, retryAfterMs }
      return { outcome: 'unknown', why, askedAtMs, sinceMs: users.wrote(customerId, user.id, undefined) }
    }
  }
}
